"""Noise against simulations in which it is known, ratios and ranges against their formulas, pooling and places by hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from analysis import statistics
from analysis.statistics import FloatArray, Noise

NAN = float("nan")
NOISE = Noise(c=2, passing=0.01, lasting=0.005)


def simulated(seed: int, c: float, passing: float, lasting: float, *, quarters: int = 40) -> FloatArray:
    """Return quarters by 42 groups whose levels wander, about which counts scatter, with a season and a movement that all share."""
    random = np.random.default_rng(seed)
    years = quarters // 4
    wander = np.cumsum(random.normal(0, np.sqrt(lasting), (years, 42)), axis=0)
    level = np.geomspace(20, 400, 42) * np.exp(np.repeat(wander, 4, axis=0))
    shared = np.exp(np.repeat(random.normal(0, 0.1, years), 4)) * np.resize([0.85, 0.95, 1.05, 1.15], quarters)
    level = level * shared[:, None]
    spread = (c - 1) * level + passing / 2 * level**2  # beyond chance
    mean = random.gamma(level**2 / spread, spread / level) if spread.all() else level
    counts: FloatArray = random.poisson(mean).astype(float)
    return counts


def fitted(counts: FloatArray, *, quarters: int = 1, **options: object) -> Noise:
    found = statistics.fit_noise(counts, quarters=quarters, **options)  # type: ignore[arg-type]
    assert found is not None
    return found


class TestFit:
    @pytest.mark.parametrize(("c", "passing", "lasting"), [(1, 0.04, 0.0), (2, 0.02, 0.01), (3, 0.0, 0.02)])
    @pytest.mark.parametrize("seed", [1, 2])
    def test_tells_what_passes_from_what_lasts(self, seed: int, c: float, passing: float, lasting: float) -> None:
        found = fitted(simulated(seed, c, passing, lasting))
        assert found.c == pytest.approx(c, abs=0.4 + 0.15 * c)
        assert found.passing == pytest.approx(passing, abs=0.012)
        assert found.lasting == pytest.approx(lasting, abs=0.006)
        for years in (1, 4):
            sizes = np.array([[30.0], [300.0]])
            true = c * 2 / sizes + passing + lasting * years
            assert found.of([0]).each(sizes[:1], sizes[:1], years)[0] / found.groups[0] == pytest.approx(
                true[0], rel=0.35
            )

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_of_chance_alone_is_next_to_chance(self, seed: int) -> None:
        found = fitted(simulated(seed, 1, 0, 0))
        assert 1 <= found.c < 1.2
        assert found.passing + found.lasting < 0.004

    def test_is_never_under_chance_and_of_what_never_changes_it_is_chance(self) -> None:
        found = fitted(np.tile(np.geomspace(10, 150, 42), (32, 1)))
        assert (found.c, found.passing, found.lasting, found.groups, found.together) == (1, 0, 0, (), 1)

    def test_holds_95_in_100_of_changes(self) -> None:
        counts = simulated(4, 2, 0.02, 0.01)
        found = fitted(counts, quarters=4)
        now, then, _ = statistics.past_changes(counts, quarters=4)
        others = np.log((now.sum(axis=1, keepdims=True) - now) / (then.sum(axis=1, keepdims=True) - then))
        z = (np.log(now / then) - others) / np.sqrt(found.each(now.T, then.T)).T
        assert (np.abs(z) <= statistics.NORMAL).mean() == pytest.approx(0.95, abs=0.015)

    def test_a_group_that_scatters_more_has_a_factor_of_its_own_drawn_towards_that_of_all(self) -> None:
        counts = simulated(1, 1, 0.005, 0.005)
        random = np.random.default_rng(9)
        counts[:, 30] = np.maximum(5, np.round(counts[:, 30] * np.exp(random.normal(0, 0.3, len(counts)))))
        groups = fitted(counts).groups
        assert groups[30] == max(groups)
        assert 1.5 < groups[30] < 4
        assert np.median(groups) == pytest.approx(1, abs=0.15)

    def test_is_hardly_moved_by_a_few_gross_outliers(self) -> None:
        counts = simulated(1, 2, 0.02, 0.01)
        clean = fitted(counts)
        for quarter, group in ((5, 3), (20, 20), (9, 17), (28, 25)):
            counts[quarter, group] *= 5
        assert fitted(counts).change([200.0], [200.0]) < 1.35 * clean.change([200.0], [200.0])

    def test_a_group_apart_has_a_scatter_of_its_own_and_no_part_in_that_of_all(self) -> None:
        counts = simulated(1, 2, 0.02, 0.01)
        wild = np.column_stack([counts, np.resize([50.0, 500.0, 60.0], len(counts))])
        found, alone = fitted(wild, apart=[42]), fitted(counts)
        assert (found.c, found.passing, found.lasting) == pytest.approx((alone.c, alone.passing, alone.lasting))
        assert found.groups[:42] == pytest.approx(alone.groups)
        assert found.groups[42] > 1.5

    def test_neighbours_that_move_alike_widen_their_sum(self) -> None:
        random = np.random.default_rng(3)
        counts = simulated(1, 1, 0.0, 0.002)
        unions = [range(start, start + 6) for start in range(0, 42, 6)]
        alike = np.repeat(np.exp(np.cumsum(random.normal(0, 0.06, (10, 7)), axis=0)), 6, axis=1)
        moved = np.round(counts * np.repeat(alike, 4, axis=0))
        assert fitted(counts, quarters=4, unions=unions).together < 1.6
        assert fitted(moved, quarters=4, unions=unions).together > 1.7

    def test_a_group_without_figures_bears_on_nothing(self) -> None:
        counts = simulated(1, 2, 0.02, 0.01)
        found, alone = fitted(np.insert(counts, 7, NAN, axis=1)), fitted(counts)
        assert (found.c, found.passing, found.lasting) == pytest.approx((alone.c, alone.passing, alone.lasting))
        assert found.changes == alone.changes

    def test_quarters_of_a_negative_regime_are_left_out(self) -> None:
        counts = simulated(1, 2, 0.02, 0.01)
        found, alone = fitted(counts, regimes=[-1] * 8 + [0] * 32), fitted(counts[8:])
        assert (found.c, found.passing, found.lasting) == pytest.approx((alone.c, alone.passing, alone.lasting))
        assert statistics.fit_noise(counts, regimes=[-1] * 40) is None

    def test_nothing_is_set_against_what_was_counted_otherwise(self) -> None:
        counts = simulated(1, 2, 0.02, 0.01)
        counts[20:, ::2] *= 3
        told, mixed = fitted(counts, regimes=[0] * 20 + [1] * 20), fitted(counts)
        assert told.change([200.0], [200.0]) < mixed.change([200.0], [200.0])

    @pytest.mark.parametrize(
        "counts",
        [
            np.ones((32, 42)),  # under two events a block
            simulated(1, 2, 0.02, 0.01)[:20, :2],  # two groups
            simulated(1, 2, 0.02, 0.01)[:5],  # a year and a quarter
            np.full((32, 42), NAN),
            np.zeros((32, 42)),
            np.empty((0, 42)),
        ],
    )
    def test_too_little_gives_none(self, counts: FloatArray) -> None:
        assert statistics.fit_noise(counts, quarters=1) is None


class TestPastChanges:
    def test_a_year_later_is_not_told_across_a_break_nor_beyond_the_end(self) -> None:
        counts = np.repeat([100.0, 200.0, 300.0, 400.0], 4)[:, None]
        now, then, later = statistics.past_changes(counts, regimes=[0] * 8 + [1] * 8)
        assert (then[0, 0], now[0, 0], np.isnan(later).all()) == (400, 800, True)
        now, then, later = statistics.past_changes(counts)
        assert [then[0, 0], now[0, 0], later[0, 0]] == [400, 800, 1200]
        assert np.isnan(later[-1, 0])


class TestChange:
    @pytest.mark.parametrize(("now", "then"), [([78.0], [63.0]), ([40.0, 38.0], [30.0, 33.0])])
    def test_is_the_formula(self, now: list[float], then: list[float]) -> None:
        a, b = sum(now), sum(then)
        parts = zip(now, then, strict=True)
        variance = sum(2 * x / a**2 + 2 * y / b**2 + ((x / a + y / b) / 2) ** 2 * (0.01 + 3 * 0.005) for x, y in parts)
        assert NOISE.change(now, then, 3) == pytest.approx(variance)

    def test_several_cases_are_each_taken_alone(self) -> None:
        now, then = np.array([[78.0, 5.0], [10.0, 30.0]]), np.array([[63.0, 6.0], [20.0, 10.0]])
        alone = [float(NOISE.change(now[:, case], then[:, case])) for case in (0, 1)]
        assert NOISE.change(now, then) == pytest.approx(alone)

    def test_a_large_force_of_many_makes_the_whole_no_surer_than_it_is(self) -> None:
        shared, alone = (NOISE.change(each, each) for each in ([50.0] * 20, [1000.0]))
        assert shared == pytest.approx(4 / 1000 + 0.015 / 20)
        assert alone == pytest.approx(4 / 1000 + 0.015)

    def test_two_counts_a_year_apart_have_twice_the_variance_of_one(self) -> None:
        assert NOISE.level([100.0]) == pytest.approx(NOISE.change([100.0], [100.0]) / 2)


class TestWidened:
    def test_is_the_wider_of_the_two_at_either_end(self) -> None:
        assert statistics.widened(100.0, 0.0, 81.4, 121.6) == (81.4, 121.6)
        factor = np.exp(stats.norm.ppf(0.975) * 0.2)
        assert statistics.widened(100.0, 0.04, 81.4, 121.6) == pytest.approx((100 / factor, 100 * factor))
        assert statistics.widened(100.0, 0.01, 90.0, 200.0) == pytest.approx((100 / np.exp(0.1959964), 200))

    def test_what_has_no_variance_has_no_interval(self) -> None:
        assert statistics.widened(0.0, NAN, 0.0, 3.7) == pytest.approx((NAN, NAN), nan_ok=True)


class TestMovement:
    def test_is_the_mean_square_of_what_all_together_do(self) -> None:
        counts = np.column_stack([np.repeat([60.0, 80.0, 30.0], 4), np.repeat([40.0, 30.0, 80.0], 4)])
        # a year from its first quarter, then a quarter, two and three later
        sums = [[100.0, 110.0, 110.0], [102.5, 110.0], [105.0, 110.0], [107.5, 110.0]]
        moves = [np.log(now / then) ** 2 for years in sums for then, now in itertools.pairwise(years)]
        assert statistics.movement(counts) == pytest.approx(np.mean(moves))

    def test_groups_that_make_up_for_each_other_are_no_movement(self) -> None:
        counts = np.column_stack([np.repeat([60.0, 80.0], 4), np.repeat([80.0, 60.0], 4)])
        assert statistics.movement(counts) == 0

    def test_is_not_of_what_changed_in_definition_nor_of_years_apart(self) -> None:
        counts = np.repeat([100.0, 100.0, 300.0, 300.0, 900.0], 4)[:, None]
        assert statistics.movement(counts, regimes=[0] * 8 + [1] * 8 + [-1] * 4) == 0
        assert statistics.movement(counts, regimes=[0] * 4 + [1] * 4 + [0] * 4 + [-1] * 8) is None

    def test_a_group_missing_in_either_year_has_no_part(self) -> None:
        counts = np.column_stack([np.repeat([100.0, 110.0], 4), [NAN, *[50.0] * 3, *[500.0] * 4]])
        assert statistics.movement(counts) == pytest.approx(np.log(1.1) ** 2)

    @pytest.mark.parametrize("counts", [np.zeros((8, 2)), np.ones((7, 2)), np.full((8, 2), NAN)])
    def test_cannot_always_be_told(self, counts: FloatArray) -> None:
        assert statistics.movement(counts) is None


class TestRangeOfNextYear:
    @pytest.mark.parametrize("mean", [30, 100, 1000])
    def test_holds_95_in_100_of_counts_a_year_later(self, mean: float) -> None:
        random = np.random.default_rng(5)
        shared = np.exp(random.normal(0, 0.07, 20_000))
        before = random.poisson(np.full(20_000, mean)).astype(float)
        after = random.poisson(mean * shared * np.exp(random.normal(0, np.sqrt(0.02), 20_000)))
        kept = np.maximum(before, 1)[None]
        low, high = statistics.widened(kept[0], Noise(1, 0, 0.02).change(kept, kept) + 0.07**2)
        assert ((low <= after) & (after <= high)).mean() == pytest.approx(0.95, abs=0.02)


class TestPooled:
    def test_without_differences_beyond_noise_all_are_the_whole(self) -> None:
        found = statistics.pooled([0.0, 0.1, 0.2], [0.5, 0.5, 1.0])
        assert found.between == 0
        assert found.values == pytest.approx([0.08] * 3)
        assert found.variances == pytest.approx([1 / 5] * 3)

    def test_the_less_sure_are_drawn_further(self) -> None:
        found = statistics.pooled([-1.0, 0.0, 1.0, 1.0], [0.1, 0.1, 0.1, 2.0])
        assert found.centre < found.values[3] < found.values[2] < 1
        assert found.variances[3] > found.variances[2]

    def test_holds_the_truth_95_times_in_100_and_errs_less_than_the_raw_values(self) -> None:
        random, variances = np.random.default_rng(6), np.geomspace(0.005, 0.3, 42)
        held, raw, error = [], [], []
        for _ in range(200):
            truth = random.normal(1, 0.3, 42)
            seen = random.normal(truth, np.sqrt(variances))
            found = statistics.pooled(seen, variances)
            held.append(np.abs(found.values - truth) <= statistics.NORMAL * np.sqrt(found.variances))
            raw.append((seen - truth) ** 2)
            error.append((found.values - truth) ** 2)
        assert np.mean(held) == pytest.approx(0.95, abs=0.015)
        assert np.mean(error) < 0.6 * np.mean(raw)


class TestPlaces:
    def test_as_by_simulation(self) -> None:
        random = np.random.default_rng(1)
        values, variances = random.normal(0, 0.4, 42), np.geomspace(0.003, 0.2, 42)
        places = (-random.normal(values, np.sqrt(variances), (40_000, 42))).argsort(axis=1).argsort(axis=1) + 1
        low, high = np.quantile(places, [0.025, 0.975], axis=0)
        found = statistics.rank_interval(values, variances)
        assert np.abs(found.low - low).max() <= 1
        assert np.abs(found.high - high).max() <= 1

    def test_equal_groups_may_hold_any_place(self) -> None:
        found = statistics.rank_interval([1.0] * 5, [0.1] * 5)
        assert (set(found.low), set(found.high)) == ({1}, {5})

    def test_groups_far_apart_hold_one_place_each_and_the_highest_is_the_first(self) -> None:
        found = statistics.rank_interval([0.0, -9.0, 9.0], [0.1] * 3)
        assert found.low.tolist() == found.high.tolist() == [2, 3, 1]

    def test_a_group_of_which_little_is_known_may_stand_anywhere(self) -> None:
        found = statistics.rank_interval([0.0, 1.0, 2.0], [400.0, 0.001, 0.001])
        assert (found.low[0], found.high[0]) == (1, 3)


@pytest.mark.parametrize("method", [statistics.pooled, statistics.rank_interval])
def test_misuse_of_values_and_variances_is_refused(method: Callable[[list[float], list[float]], object]) -> None:
    with pytest.raises(ValueError, match="shape mismatch"):
        method([1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="variances: found 0"):
        method([1.0, 2.0], [1.0, 0.0])
