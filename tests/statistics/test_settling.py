"""How figures settle: what a simulation put in must come out, and the ranges must hold what they promise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.statistics.settling import fit_settling, moves_between, settled_factor, settled_range

KINDS, FIGURES = 80, 44
CHANCE, FLOOR, BETWEEN, COMMON = 0.5, 0.03, 0.02, -0.01
SCALES = np.repeat([0.5, 1.5], KINDS // 2)


def simulated(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Make movements of a known spread: their sizes, kinds and centres too."""
    random = np.random.default_rng(seed)
    kinds = np.repeat(np.arange(KINDS), FIGURES)
    sizes = np.exp(random.uniform(np.log(5), np.log(5000), kinds.size))
    centres = random.normal(COMMON, BETWEEN, KINDS)
    deviations = np.sqrt(SCALES[kinds] * (CHANCE / sizes + FLOOR**2))
    return centres[kinds] + deviations * random.normal(size=kinds.size), sizes, kinds, centres


@pytest.mark.parametrize("seed", range(3))
def test_what_was_put_in_comes_out(seed: int) -> None:
    moves, sizes, kinds, centres = simulated(seed)
    found = fit_settling(moves, sizes, kinds)
    assert found.chance == pytest.approx(CHANCE, rel=0.25)
    assert found.floor == pytest.approx(FLOOR, rel=0.25)
    assert found.between == pytest.approx(BETWEEN, rel=0.3)
    assert found.common == pytest.approx(COMMON, abs=0.01)
    assert np.abs(found.centres - centres).mean() < np.abs(COMMON - centres).mean() / 2
    small, large = found.scales[: KINDS // 2], found.scales[KINDS // 2 :]
    assert (small < 1).mean() > 0.9 < (large > 1).mean()
    assert 1.7 < large.mean() / small.mean() < 3  # drawn to 1, as each kind is known from 44 figures


def test_a_range_holds_figures_that_were_not_seen() -> None:
    found = fit_settling(*simulated(1)[:3])
    moves, sizes, kinds, centres = simulated(4)
    later = sizes * np.exp(moves - centres[kinds] + found.centres[kinds])  # the same kinds, other figures
    inside = []
    for size, after, kind in zip(sizes, later, kinds, strict=True):
        _, low, high = settled_range([size - 0.5], **found.of(int(kind)))
        inside.append(low <= after - 0.5 <= high)
    assert 0.95 <= np.mean(inside) <= 0.995


def test_a_few_gross_errors_change_little() -> None:
    moves, sizes, kinds, _ = simulated(2)
    plain, wrong = fit_settling(moves, sizes, kinds), moves.copy()
    wrong[::400] -= 3
    found = fit_settling(wrong, sizes, kinds)
    assert found.chance == pytest.approx(plain.chance, rel=0.2)
    assert found.between == pytest.approx(plain.between, rel=0.2)
    assert np.abs(found.centres - plain.centres).max() < 0.03


def test_kinds_of_few_figures_stay_near_all_and_those_of_none_are_all() -> None:
    moves, sizes, kinds, _ = simulated(3)
    shifted = np.where(kinds == 0, moves + 0.2, moves)
    few = (kinds != 0) | (np.arange(kinds.size) < 6)
    found, of_few = fit_settling(shifted, sizes, kinds), fit_settling(shifted[few], sizes[few], kinds[few])
    assert found.common < of_few.centres[0] < found.centres[0] < 0.25
    without = fit_settling(moves[kinds != 0], sizes[kinds != 0], kinds[kinds != 0])
    assert (without.centres[0], without.scales[0]) == (without.common, 1)


def test_one_figure_by_hand() -> None:
    variance = 0.27 / 270.5 + 0.014**2 + 0.01**2
    ends = [270.5 * math.exp(-0.02 + side * 2.2414027 * math.sqrt(variance)) - 0.5 for side in (0, -1, 1)]
    assert settled_range([270], centre=-0.02, chance=0.27, floor=0.014, between=0.01) == pytest.approx(ends, rel=1e-7)


def test_figures_of_several_forces_move_apart_around_what_moves_them_all() -> None:
    one, many = (settled_factor([100.0] * forces, chance=1.0, floor=0.05) for forces in (1, 25))
    assert math.log(one.high) / math.log(many.high) == pytest.approx(5)
    whole = settled_factor([1e9] * 10**4, chance=1.0, floor=0.05, between=0.02)
    assert whole.high == pytest.approx(math.exp(2.2414 * 0.02), abs=1e-3)


def test_nought_may_become_some_and_no_range_goes_below_it() -> None:
    found = settled_range([0], chance=0.5)
    assert found.low == 0 < found.high
    assert settled_range([1000], chance=0.0).high == pytest.approx(1000)


def test_a_movement_needs_two_figures_that_are_not_negative() -> None:
    moves, sizes = moves_between([10, -1, 5, np.nan, 0], [20, 3, -2, 4, 0])
    assert moves[[0, 4]].tolist() == [math.log(20.5 / 10.5), 0]
    assert np.isnan(moves[1:4]).all()
    assert sizes[[0, 4]].tolist() == [10.5, 0.5]


def test_too_few_figures_say_nothing() -> None:
    with pytest.raises(ValueError, match="found 79 figures of 5 or more; give at least 80"):
        fit_settling(np.zeros(100), [10.0] * 79 + [1.0] * 21, np.zeros(100, dtype=int))


def test_figures_that_never_move_have_hardly_a_range() -> None:
    found = fit_settling(np.zeros(200), np.geomspace(5, 5000, 200), np.zeros(200, dtype=int))
    assert settled_range([1000], **found.of(0)) == pytest.approx((1000, 1000, 1000), abs=1)


def test_what_is_missing_is_left_out() -> None:
    moves, sizes, kinds, _ = simulated(5)
    gaps = np.where(np.arange(moves.size) % 10 == 0, np.nan, moves)
    some = np.isfinite(gaps)
    found, plain = fit_settling(gaps, sizes, kinds), fit_settling(moves[some], sizes[some], kinds[some])
    assert (found.chance, found.floor, found.between) == (plain.chance, plain.floor, plain.between)
