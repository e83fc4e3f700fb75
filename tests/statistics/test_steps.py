"""Steps: the one that is there is found where it is, and stable, sloping and swinging series show few."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from analysis import statistics
from analysis.statistics import FloatArray

# Code 88A, Devon and Cornwall, 2018/19 Q1 to 2025/26 Q3, release of 23 April 2026. Contains public sector information
# licensed under the Open Government Licence v3.0.
DEVON_AND_CORNWALL = [
    18, 31, 37, 54, 26, 28, 18, 22, 39, 40, 26, 21, 31, 38, 27, 41, 33, 56, 31, 41, 23,
    52, 67, 67, 55, 65, 52, 52, 78, 81, 62,
]  # fmt: skip
STEP = 21  # 2023/24 Q2

# As measured for 88A, wide as for burglary, and nearly all of it a share of the count.
NOISES = [{"c": 2.1, "tau": 0.1}, {"c": 4.4, "tau": 0.06}, {"c": 1.1, "tau": 0.17}]
LEVELS, LENGTHS = (5, 20, 60, 300), (8, 12, 20, 31)


def drawn(random: np.random.Generator, means: FloatArray, *, c: float, tau: float) -> FloatArray:
    """Draw counts with heavier tails than chance alone gives: gamma-Poisson, of the variance c·μ + τ²·μ²."""
    scale = c - 1 + tau**2 * means
    return random.poisson(random.gamma(means / scale, scale)).astype(np.float64)


def share_with_steps(yearly: float, each: int) -> float:
    """Return the share of series that show a step although they only grow or fall so much a year, or are stable."""
    random = np.random.default_rng(88)
    found = []
    for noise, level, length in itertools.product(NOISES, LEVELS, LENGTHS):
        means = level * yearly ** (np.arange(length) / 4 - length / 8)
        found += [bool(statistics.steps(drawn(random, means, **noise), **noise)) for _ in range(each)]
    return float(np.mean(found))


@pytest.mark.slow
def test_stable_series_show_a_step_in_at_most_one_of_twenty() -> None:
    assert share_with_steps(1, 20) < 0.03  # measured: 1.1% of 4,800; 3.4% with PELT


@pytest.mark.slow
@pytest.mark.parametrize("yearly", [1.08, 1 / 1.08])
def test_a_steady_slope_is_rarely_told_as_a_step(yearly: float) -> None:
    assert share_with_steps(yearly, 10) < 0.06  # measured: 4.4% and 3.8% of 4,800; 31% with PELT


def test_a_long_swing_of_a_large_force_is_not_told_as_a_staircase() -> None:
    random, swing = np.random.default_rng(88), 2000 * np.exp(0.25 * np.sin(np.arange(55) / 4))
    each = [len(statistics.steps(drawn(random, swing, **NOISES[1]), **NOISES[1])) for _ in range(50)]
    assert np.mean(each) < 1  # levels taken for constant need some six


@pytest.mark.parametrize("noise", [NOISES[0], NOISES[2], {}])
def test_the_step_in_devon_and_cornwall_is_found_to_the_quarter(noise: dict[str, float]) -> None:
    [step] = statistics.steps(DEVON_AND_CORNWALL, **noise)
    assert step.place == STEP
    assert (step.before, step.after, step.drifts) == (pytest.approx(681 / 21), pytest.approx(631 / 10), False)
    # Time may run either way.
    [mirrored] = statistics.steps(DEVON_AND_CORNWALL[::-1], **noise)
    assert (mirrored.place, mirrored.before, mirrored.after) == (10, step.after, step.before)


def test_most_doublings_are_found_within_a_quarter() -> None:
    random, means = np.random.default_rng(88), np.repeat([60.0, 120.0], [16, 15])
    found = [statistics.steps(drawn(random, means, **NOISES[0]), **NOISES[0]) for _ in range(100)]
    assert sum(any(abs(step.place - 16) <= 1 for step in steps) for steps in found) >= 90


def test_several_steps_are_told_in_order_each_with_its_levels() -> None:
    values = np.repeat([100.0, 220.0, 90.0], [10, 12, 9])
    found = statistics.steps(values + np.tile([4, -5, 1], 11)[:31], **NOISES[0])
    assert [step.place for step in found] == [10, 22]
    assert [(round(step.before, -1), round(step.after, -1)) for step in found] == [(100, 220), (220, 90)]


def test_beside_a_slope_the_levels_are_those_of_the_years_around_a_step() -> None:
    values = np.concatenate([np.linspace(400, 700, 16), np.linspace(1100, 1400, 15)])
    [step] = statistics.steps(values)
    assert (step.place, step.drifts) == (16, True)
    assert (step.before, step.after) == (pytest.approx(values[12:16].mean()), pytest.approx(values[16:20].mean()))


def test_a_peak_at_the_end_of_a_slope_is_no_step_down_to_a_higher_level() -> None:
    # As in the West Midlands: quarters rise from 20 to 60, one reaches 110, and later ones lie above the first by half.
    rise = [20, 21, 28, 28, 32, 46, 48, 47, 48, 50, 48, 49, 67, 54, 50, 45, 63, 48, 70, 64, 59, 111]
    assert statistics.steps([*rise, 63, 45, 51, 53, 61, 50, 85, 71, 89], **NOISES[0]) == ()


def test_a_bend_between_two_years_that_hardly_differ_is_no_step() -> None:
    # Stalking in Devon and Cornwall, 2020/21 Q1 to 2025/26 Q3: 398 a quarter, then 407, between two rises.
    values = [
        214, 282, 268, 305, 351, 415, 409, 388, 374, 421, 346, 394, 443, 445, 511, 564, 669, 757, 763, 978, 1017, 1426,
        1573,
    ]  # fmt: skip
    assert statistics.steps(values, c=1.8, tau=0.134) == ()


def test_two_steps_lie_at_least_a_year_apart() -> None:
    # A level of two quarters does not hold; what lies between two levels is joined to one of them.
    first, second = statistics.steps([50] * 12 + [100, 104] + [200] * 12)
    assert second.place == 14
    assert first.place <= 10


def test_a_level_must_hold_for_a_year_and_a_far_quarter_is_no_step() -> None:
    short = [50, 52, 47, 51, 49, 50, 53, 48, 90, 95, 92]
    assert statistics.steps(short, **NOISES[0]) == ()
    assert [step.place for step in statistics.steps([*short, 94], **NOISES[0])] == [8]
    assert [step.place for step in statistics.steps([*short[4:], 94], **NOISES[0])] == [4]
    assert statistics.steps([50, 52, 47, 51, 49, 150, 53, 48, 50, 55, 52, 49], **NOISES[0]) == ()


def test_a_series_that_scatters_more_than_the_noise_is_judged_by_its_own() -> None:
    uneven = [100, 200, 90, 180, 70, 220, 150, 260, 120, 300, 140, 230]
    assert statistics.steps(uneven) == ()


def test_a_missing_quarter_moves_no_step() -> None:
    values = np.repeat([60.0, 120.0], [12, 12]) + np.tile([6, -4, -2], 8)
    values[[3, 11, 17]] = np.nan
    assert [step.place for step in statistics.steps(values, **NOISES[0])] == [12]
    assert statistics.steps([50.0] * 4 + [np.nan] * 9 + [90.0] * 3, **NOISES[0]) == ()


@pytest.mark.parametrize("values", [[np.nan] * 12, [0] * 12, [10] * 31, [10] * 7])
def test_nothing_is_found_where_nothing_moves(values: list[float]) -> None:
    assert statistics.steps(values, **NOISES[0]) == ()


@pytest.mark.parametrize(
    ("values", "named"),
    [([5, -1, 5], "values: found -1"), ([5, np.inf], "infinite")],
)
def test_says_what_is_wrong(values: list[float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        statistics.steps(values, **NOISES[0])


def test_agrees_with_the_likelihood_of_every_drift_and_place_worked_out_one_by_one() -> None:
    # A recomputation that shares no code: generalised least squares and the multivariate normal's own density.
    c, tau = 2.1, 0.1015
    level = 2 / tau * np.arcsinh(tau * np.sqrt(np.array(DEVON_AND_CORNWALL) / c))  # of unit variance, in closed form
    quarter = np.arange(31.0)
    toll, toll_of_step = stats.chi2.isf(0.05, 1), stats.chi2.isf(0.05 / 24, 1)
    costs: dict[tuple[float, int, int], float] = {}
    for walk, degree, place in itertools.product((0, 0.01, 0.03, 0.1, 0.3, 1, 3), (0, 1, 2), (0, *range(4, 28))):
        covariance = np.eye(31) + walk * np.minimum(quarter[:, None], quarter)
        columns = [*(quarter**power for power in range(degree + 1)), *([quarter >= place] if place else [])]
        design, inverse = np.column_stack(columns).astype(float), np.linalg.inv(covariance)
        fitted = design @ np.linalg.solve(design.T @ inverse @ design, design.T @ inverse @ level)
        cost = -2 * stats.multivariate_normal(fitted, covariance).logpdf(level)
        costs[walk, degree, place] = cost + toll * (degree + (walk > 0)) + toll_of_step * (place > 0)
    assert min(costs, key=costs.__getitem__) == (0, 0, STEP)
    found = statistics.steps(DEVON_AND_CORNWALL, c=c, tau=tau)
    assert [step.place for step in found] == [STEP]
