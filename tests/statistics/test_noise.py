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
NOISE = Noise(c=2, tau=0.1, residuals=1000)
MEANS = np.array([20, 60, 150])


def drawn(random: np.random.Generator, mean: FloatArray, c: float, tau: float) -> FloatArray:
    """Draw counts of variance c·μ + τ²·μ²."""
    variance = np.maximum(c * mean + (tau * mean) ** 2, 1.0001 * mean)
    counts: FloatArray = random.negative_binomial(mean**2 / (variance - mean), mean / variance).astype(float)
    return counts


def simulated(
    seed: int, c: float, tau: float, *, trend: float = 0.0, common: float = 0.0, quarters: int = 32
) -> FloatArray:
    """Return quarters by 42 groups of 10 to 150 a quarter, with a season, trends of their own and a movement that all share."""
    random = np.random.default_rng(seed)
    own = np.exp(random.uniform(-trend, trend, 42) * np.arange(quarters)[:, None] / 4)
    shared = np.exp(np.repeat(random.normal(0, common, quarters // 4), 4))
    season = np.resize([0.85, 0.95, 1.05, 1.15], quarters)
    return drawn(random, np.geomspace(10, 150, 42) * own * (shared * season)[:, None], c, tau)


def fitted(counts: FloatArray, *, quarters: int = 1, regimes: list[int] | None = None) -> Noise:
    found = statistics.fit_noise(counts, quarters=quarters, regimes=regimes)
    assert found is not None
    return found


def agrees(found: Noise, counts: float | FloatArray, true: float | FloatArray) -> None:
    """Assert that the fitted variance is the true one to about a quarter, which is how sure so many residuals make it."""
    assert found.variance(counts) == pytest.approx(true, rel=0.25)


class TestFit:
    @pytest.mark.parametrize(("c", "tau"), [(1, 0.2), (2, 0.1), (3, 0.05), (5, 0)])
    @pytest.mark.parametrize("seed", [1, 2])
    def test_finds_the_noise_that_was_put_in_under_season_movement_and_trends(
        self, seed: int, c: float, tau: float
    ) -> None:
        found = fitted(simulated(seed, c, tau, trend=0.1, common=0.15))
        assert found.c == pytest.approx(c, abs=0.3 + 0.1 * c)
        assert found.tau == pytest.approx(tau, abs=0.06)
        agrees(found, MEANS, c * MEANS + (tau * MEANS) ** 2)
        assert found.residuals == 4 * 4 * 5 * 42  # four quarters, four windows of five years, 42 groups

    def test_of_a_year_has_the_same_c_and_half_the_share(self) -> None:
        found = fitted(simulated(1, 2, 0.2), quarters=4)
        years = 4 * MEANS
        agrees(found, years, 2 * years + (0.1 * years) ** 2)

    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_of_chance_alone_is_next_to_chance(self, seed: int) -> None:
        found = fitted(simulated(seed, 1, 0, trend=0.1, common=0.15))
        assert 1 <= found.c < 1.15
        assert found.tau < 0.06
        agrees(found, MEANS, MEANS)

    def test_is_not_what_all_share_nor_what_lasts_for_years(self) -> None:
        still, moving = (fitted(simulated(3, 2, 0.1, trend=each, common=2 * each)) for each in (0.0, 0.15))
        agrees(moving, MEANS, still.variance(MEANS))

    def test_is_never_under_chance(self) -> None:
        found = fitted(np.tile(np.geomspace(10, 150, 42), (32, 1)))
        assert (found.c, found.tau) == pytest.approx((1, 0))

    def test_is_hardly_moved_by_a_few_gross_outliers(self) -> None:
        counts = simulated(1, 2, 0.1)
        clean = fitted(counts)
        for quarter, group in ((5, 3), (20, 20), (9, 17), (28, 25)):
            counts[quarter, group] *= 5
        agrees(fitted(counts), MEANS, clean.variance(MEANS))

    def test_holds_95_in_100_of_what_scatters(self) -> None:
        counts = simulated(4, 2, 0.1)
        found = fitted(counts)
        level = np.geomspace(10, 150, 42) * np.resize([0.85, 0.95, 1.05, 1.15], 32)[:, None]
        within = np.abs(counts - level) <= statistics.NORMAL * np.sqrt(found.variance(level))
        assert within.mean() == pytest.approx(0.95, abs=0.015)

    def test_a_group_without_figures_bears_on_nothing(self) -> None:
        counts = simulated(1, 2, 0.1)
        blank = np.insert(counts, 7, NAN, axis=1)
        found, alone = fitted(blank), fitted(counts)
        assert (found.c, found.tau, found.residuals) == pytest.approx((alone.c, alone.tau, alone.residuals))

    def test_a_missing_figure_costs_the_windows_that_hold_it(self) -> None:
        counts = simulated(1, 2, 0.1)
        counts[0, 7] = NAN
        assert fitted(counts).residuals == 3360 - 5

    def test_quarters_of_a_negative_regime_are_left_out(self) -> None:
        counts = simulated(1, 2, 0.1)
        found, alone = fitted(counts, regimes=[-1] * 8 + [0] * 24), fitted(counts[8:])
        assert (found.c, found.tau, found.residuals) == pytest.approx((alone.c, alone.tau, alone.residuals))
        assert statistics.fit_noise(counts, regimes=[-1] * 32) is None

    def test_no_line_is_laid_across_a_change_of_regime(self) -> None:
        counts = simulated(1, 2, 0.1)
        counts[16:, ::2] *= 3
        told = fitted(counts, regimes=[0] * 16 + [1] * 16)
        assert told.residuals == 4 * 2 * 4 * 42  # two windows of four years, since neither side holds five
        assert told.variance(50) < 1.6 * NOISE.variance(50)  # a part of it lies three times as high
        assert fitted(counts).variance(50) > 1.5 * told.variance(50)

    def test_a_count_of_several_quarters_lies_within_one_regime(self) -> None:
        counts = simulated(1, 2, 0.1, quarters=40)
        shifted = counts.copy()
        shifted[18:] *= 7
        sides = [0] * 18 + [1] * 22
        told, alone = fitted(shifted, quarters=4, regimes=sides), fitted(counts, quarters=4, regimes=sides)
        assert told.residuals == alone.residuals

    @pytest.mark.parametrize(
        "counts",
        [
            np.ones((32, 42)),  # under two events a block
            simulated(1, 2, 0.1)[:20, :2],  # two groups
            simulated(1, 2, 0.1)[:8],  # two years
            np.full((32, 42), NAN),
            np.zeros((32, 42)),
            np.empty((0, 42)),
        ],
    )
    def test_too_little_gives_none(self, counts: FloatArray) -> None:
        assert statistics.fit_noise(counts, quarters=1) is None

    def test_fewer_years_do_where_five_are_not_held(self) -> None:
        counts = simulated(1, 2, 0.1)
        assert [fitted(counts[:size]).residuals for size in (20, 16, 12)] == [4 * years * 42 for years in (5, 4, 3)]

    @pytest.mark.parametrize("measure", [statistics.fit_noise, statistics.movement])
    def test_misuse_is_refused(self, measure: Callable[..., object]) -> None:
        with pytest.raises(ValueError, match=r"counts: found shapes \(3,\) and \(3,\); give quarters by groups"):
            measure([1.0, 2.0, 3.0])
        with pytest.raises(ValueError, match="one regime a quarter"):
            measure(np.ones((8, 3)), regimes=[0] * 7)


class TestError:
    def test_is_about_how_far_estimates_scatter(self) -> None:
        seeds = range(24)
        found = np.array([(each.c, each.tau) for each in (fitted(simulated(seed, 3, 0.15)) for seed in seeds)])
        errors = [statistics.fit_noise_error(simulated(seed, 3, 0.15), quarters=1) for seed in seeds[:8]]
        told = np.mean([(each.c, each.tau) for each in errors if each], axis=0)
        ratio = told / found.std(axis=0, ddof=1)
        assert ((ratio > 0.6) & (ratio < 1.6)).all()

    def test_is_not_known_where_a_part_leaves_too_little(self) -> None:
        counts = simulated(1, 2, 0.1)[:20, :5]
        assert fitted(counts).residuals == 100
        assert statistics.fit_noise_error(counts[:12], quarters=1) is None


class TestRatio:
    @pytest.mark.parametrize(("now", "then"), [([78.0], [63.0]), ([40.0, 38.0, 0.0], [30.0, 20.0, 13.0])])
    def test_is_the_formula(self, now: list[float], then: list[float]) -> None:
        a, b = sum(now), sum(then)
        variance = sum(
            (2 * total + 0.01 * sum(each**2 for each in side)) / total**2 for side, total in ((now, a), (then, b))
        )
        centre, reach = np.log((a / 9) / (b / 12)), stats.norm.ppf(0.975) * np.sqrt(variance)
        found = statistics.noisy_ratio(now, 9, then, 12, NOISE)
        assert found == pytest.approx(np.exp([centre, centre - reach, centre + reach]))

    def test_is_the_exact_interval_where_that_is_wider(self) -> None:
        for a, b in ((3, 2), (78, 63), (1, 400)):
            exact = statistics.rate_ratio(a, 9, b, 12)
            found = statistics.noisy_ratio([a], 9, [b], 12, Noise(1, 0, 1000))
            assert found.low <= exact.low
            assert found.high >= exact.high
        assert statistics.noisy_ratio([3], 9, [2], 12, Noise(1, 0, 1000))[1:] == statistics.rate_ratio(3, 9, 2, 12)[1:3]

    def test_several_cases_are_each_taken_alone(self) -> None:
        now, then = np.array([[78.0, 5.0], [10.0, 30.0]]), np.array([[63.0, 6.0], [20.0, 10.0]])
        found = np.array(statistics.noisy_ratio(now, 12, then, 12, NOISE)).T
        alone = [statistics.noisy_ratio(now[:, case], 12, then[:, case], 12, NOISE) for case in (0, 1)]
        assert found == pytest.approx(np.array(alone))

    @pytest.mark.parametrize(("now", "then"), [([5.0], [0.0]), ([0.0], [5.0]), ([0.0], [0.0]), ([NAN], [5.0])])
    def test_has_no_ends_where_there_is_no_logarithm(self, now: list[float], then: list[float]) -> None:
        assert statistics.noisy_ratio(now, 12, then, 12, NOISE)[1:] == pytest.approx((NAN, NAN), nan_ok=True)

    def test_a_large_force_of_many_makes_the_whole_no_surer_than_it_is(self) -> None:
        shared, alone = (NOISE.relative(np.array(each)) for each in ([50.0] * 20, [1000.0]))
        assert shared == pytest.approx(2 / 1000 + 0.01 / 20)
        assert alone == pytest.approx(2 / 1000 + 0.01)


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


class TestExpectedRange:
    @pytest.mark.parametrize("mean", [30, 100, 1000])
    def test_holds_95_in_100_of_counts_a_year_later(self, mean: float) -> None:
        random = np.random.default_rng(5)
        shared = np.exp(random.normal(0, 0.07, 20_000))
        before, after = drawn(random, np.full(20_000, mean), 2, 0.1), drawn(random, mean * shared, 2, 0.1)
        low, high = statistics.expected_range(before[None], NOISE, 0.07**2)
        assert ((low <= after) & (after <= high)).mean() == pytest.approx(0.95, abs=0.015)

    def test_of_a_whole_is_narrower_than_of_one_force_and_none_of_nothing(self) -> None:
        whole, alone = (statistics.expected_range(each, NOISE, 0.0) for each in ([50.0] * 20, [1000.0]))
        assert alone.low < whole.low < 1000 < whole.high < alone.high
        assert statistics.expected_range([0.0], NOISE, 0.01) == pytest.approx((NAN, NAN), nan_ok=True)


class TestPooled:
    def test_by_hand(self) -> None:
        # Q = 5 on one degree of freedom over 10, so B = 0.4, and each counts for 0.4 / 0.5 of itself
        found = statistics.pooled([0, 1], [0.1, 0.1])
        assert (found.centre, found.between) == pytest.approx((0.5, 0.4))
        assert found.values == pytest.approx([0.1, 0.9])
        assert found.variances == pytest.approx([0.8 * 0.1 + 0.2**2 / 4] * 2)

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

    def test_misuse_is_refused(self) -> None:
        for values, variances in (([1.0], [1.0]), ([1.0, 2.0], [1.0]), ([[1.0, 2.0]], [[1.0, 2.0]])):
            with pytest.raises(ValueError, match="two lists of one length, at least 2"):
                statistics.pooled(values, variances)
        with pytest.raises(ValueError, match="variances: found 0"):
            statistics.pooled([1.0, 2.0], [1.0, 0.0])


class TestPlaces:
    def test_as_by_simulation(self) -> None:
        random = np.random.default_rng(1)
        values, variances = random.normal(0, 0.4, 42), np.geomspace(0.003, 0.2, 42)
        places = (-random.normal(values, np.sqrt(variances), (40_000, 42))).argsort(axis=1).argsort(axis=1) + 1
        low, high = np.quantile(places, [0.025, 0.975], axis=0)
        found = statistics.rank_interval(values, variances)
        assert np.abs(found.low - low).max() <= 1
        assert np.abs(found.high - high).max() <= 1

    def test_less_confidence_leaves_fewer_places_open(self) -> None:
        values, variances = np.linspace(0, 1, 20), np.full(20, 0.05)
        wide, narrow = (statistics.rank_interval(values, variances, confidence=each) for each in (0.95, 0.5))
        assert (wide.low <= narrow.low).all()
        assert (narrow.high <= wide.high).all()
        assert (narrow.high - narrow.low).sum() < (wide.high - wide.low).sum()

    def test_equal_groups_may_hold_any_place(self) -> None:
        found = statistics.rank_interval([1.0] * 5, [0.1] * 5)
        assert (set(found.low), set(found.high)) == ({1}, {5})

    def test_groups_far_apart_hold_one_place_each_and_the_highest_is_the_first(self) -> None:
        found = statistics.rank_interval([0.0, -9.0, 9.0], [0.1] * 3)
        assert found.low.tolist() == found.high.tolist() == [2, 3, 1]

    def test_a_group_of_which_little_is_known_may_stand_anywhere(self) -> None:
        found = statistics.rank_interval([0.0, 1.0, 2.0], [400.0, 0.001, 0.001])
        assert (found.low[0], found.high[0]) == (1, 3)

    def test_misuse_is_refused(self) -> None:
        with pytest.raises(ValueError, match="variances: found 0"):
            statistics.rank_interval([5.0], [0.0])
        with pytest.raises(ValueError, match="two lists of one length"):
            statistics.rank_interval([5.0, 6.0], [1.0])
