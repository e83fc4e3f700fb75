"""What holds of the statistics whatever the counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import stats

from analysis import statistics
from analysis.statistics import FloatArray

COUNTS = st.integers(0, 10**9)
SMALL = st.integers(0, 200)
EXPOSURES = st.floats(1e-3, 1e6)
SIDES = st.lists(st.integers(1, 10**6), min_size=3, max_size=3)
NOISES = st.builds(statistics.Noise, c=st.floats(1, 20), passing=st.floats(0, 0.1), lasting=st.floats(0, 0.1))
SERIES = arrays(np.float64, st.integers(1, 30), elements=st.integers(0, 60))


def groups(least: int = 0, most: int = 300, size: int = 12) -> st.SearchStrategy[list[tuple[int, int, int]]]:
    """Groups with two counts, `least` or more, and an order to shuffle them into."""
    group = st.tuples(st.integers(least, most), st.integers(least, most), st.integers(0, 10**6))
    return st.lists(group, min_size=3, max_size=size, unique_by=lambda one: one[2])


def columns(table: list[tuple[int, int, int]]) -> tuple[FloatArray, FloatArray, list[int]]:
    first, second, keys = (list(column) for column in zip(*table, strict=True))
    return np.array(first, dtype=float), np.array(second, dtype=float), list(np.argsort(keys))


def scaled(table: list[tuple[int, int, int]]) -> tuple[FloatArray, FloatArray, list[int]]:
    """Values on the scale of logarithms, the variances of each, and an order to shuffle them into."""
    first, second, order = columns(table)
    return np.log(first), 1 / second, order


class TestCoverage:
    """By exact enumeration of every count that has a probability worth adding."""

    @given(mean=st.floats(0.01, 150))
    def test_exact_interval_never_covers_less_than_it_promises(self, mean: float) -> None:
        counts = np.arange(600)
        low, high = statistics.poisson_interval(counts)
        covered = stats.poisson.pmf(counts, mean)[(low <= mean) & (mean <= high)].sum()
        assert covered >= 0.95 - 1e-9

    @settings(max_examples=30, deadline=None)
    @given(mean=st.floats(0.1, 25), baseline=st.floats(0.1, 25))
    def test_exact_ratio_never_covers_less_than_it_promises(self, mean: float, baseline: float) -> None:
        counts = np.arange(75)
        found = statistics.rate_ratio(counts[:, None], 1, counts, 1)
        missed = (found.low > mean / baseline) | (found.high < mean / baseline)
        probabilities = np.outer(stats.poisson.pmf(counts, mean), stats.poisson.pmf(counts, baseline))
        assert probabilities[missed].sum() <= 0.05 + 1e-9


class TestIntervals:
    @given(count=COUNTS)
    @example(count=0)
    @example(count=1)
    @example(count=10**9)
    def test_ends_leave_the_tails_they_should(self, count: int) -> None:
        low, high = statistics.poisson_interval(count)
        tail = 0.025
        assert low <= count < high
        assert stats.poisson.cdf(count, high) == pytest.approx(tail, rel=1e-5)
        if count:
            assert stats.poisson.sf(count - 1, low) == pytest.approx(tail, rel=1e-5)

    @given(rate=st.floats(0.1, 100), exposures=st.lists(st.integers(1, 10**6), min_size=2, unique=True))
    def test_limits_of_one_rate_draw_in_as_exposure_grows(self, rate: float, exposures: list[int]) -> None:
        sizes = np.sort(np.array(exposures, dtype=float))
        found = statistics.rate(rate * sizes, sizes)
        assert (np.diff(found.low) > 0).all()
        assert (np.diff(found.high) < 0).all()

    @given(counts=st.lists(st.one_of(COUNTS, st.integers(-5, -1), st.just(float("nan"))), min_size=1))
    def test_arrays_are_their_numbers_one_by_one(self, counts: list[float]) -> None:
        alone = [statistics.poisson_interval(count) for count in counts]
        found = statistics.poisson_interval(counts)
        assert found.low == pytest.approx([one.low for one in alone], nan_ok=True)
        assert found.high == pytest.approx([one.high for one in alone], nan_ok=True)


class TestRatios:
    @given(count=COUNTS, exposure=EXPOSURES, baseline=COUNTS, baseline_exposure=EXPOSURES)
    @example(count=10**9, exposure=1, baseline=0, baseline_exposure=1)
    @example(count=1, exposure=1, baseline=1, baseline_exposure=1)
    def test_exchange_turns_the_ratio_over(
        self, count: int, exposure: float, baseline: int, baseline_exposure: float
    ) -> None:
        assume(count + baseline > 0)
        found = statistics.rate_ratio(count, exposure, baseline, baseline_exposure)
        turned = statistics.rate_ratio(baseline, baseline_exposure, count, exposure)
        with np.errstate(divide="ignore"):
            assert np.array([turned.low, turned.high]) == pytest.approx(1 / np.array([found.high, found.low]))
        if count and baseline:
            assert turned.value == pytest.approx(1 / found.value)

    @given(count=st.integers(1, 10**9), exposure=EXPOSURES, baseline=st.integers(1, 10**9), other=EXPOSURES)
    def test_interval_holds_the_ratio(self, count: int, exposure: float, baseline: int, other: float) -> None:
        found = statistics.rate_ratio(count, exposure, baseline, other)
        assert found.low < found.value < found.high

    @given(count=st.integers(1, 10**8), baseline=st.integers(0, 10**8))
    @example(count=52_046_778, baseline=999)
    def test_low_end_leaves_the_tail_it_should(self, count: int, baseline: int) -> None:
        odds = statistics.rate_ratio(count, 1, baseline, 1).low
        # By the rarer of the two outcomes, since a share close to 1 holds too few digits
        if odds < 1:
            tail = stats.binom.sf(count - 1, count + baseline, odds / (1 + odds))
        else:
            tail = stats.binom.cdf(baseline, count + baseline, 1 / (1 + odds))
        assert tail == pytest.approx(0.025, rel=1e-2)

    @given(count=SMALL, baseline=SMALL, factor=st.floats(1e-3, 1e3))
    def test_only_the_ratio_of_exposures_matters(self, count: int, baseline: int, factor: float) -> None:
        found = statistics.rate_ratio(count, 9, baseline, 12)
        scaled = statistics.rate_ratio(count, 9 * factor, baseline, 12 * factor)
        assert scaled == pytest.approx(found, nan_ok=True)


class TestGroups:
    @settings(deadline=None)
    @given(table=groups(least=1))
    def test_nothing_depends_on_the_order(self, table: list[tuple[int, int, int]]) -> None:
        observed, expected, order = columns(table)
        shuffled = statistics.overdispersion(observed[order], expected[order])
        assert shuffled == pytest.approx(statistics.overdispersion(observed, expected))
        values, variances, order = scaled(table)
        low, high = statistics.rank_interval(values, variances)
        assert statistics.rank_interval(values[order], variances[order]).low.tolist() == low[order].tolist()
        assert statistics.rank_interval(values[order], variances[order]).high.tolist() == high[order].tolist()
        found, turned = statistics.pooled(values, variances), statistics.pooled(values[order], variances[order])
        assert (turned.centre, turned.between) == pytest.approx((found.centre, found.between), abs=1e-9)
        assert turned.values == pytest.approx(found.values[order], abs=1e-9)
        assert turned.variances == pytest.approx(found.variances[order])

    @settings(deadline=None)
    @given(table=groups(least=1))
    def test_places_lie_among_the_groups_and_agree_with_their_values(self, table: list[tuple[int, int, int]]) -> None:
        values, variances, _ = scaled(table)
        low, high = statistics.rank_interval(values, variances)
        assert ((low >= 1) & (low <= high) & (high <= values.size)).all()
        surely_above = high[:, None] < low
        assert (values[:, None] > values)[surely_above].all()

    @given(table=groups(least=1))
    def test_a_pooled_value_lies_between_its_own_and_the_whole(self, table: list[tuple[int, int, int]]) -> None:
        values, variances, _ = scaled(table)
        found = statistics.pooled(values, variances)
        ends = np.sort(np.array([values, np.full(values.size, found.centre)]), axis=0)
        assert ((ends[0] - 1e-9 <= found.values) & (found.values <= ends[1] + 1e-9)).all()
        assert values.min() - 1e-9 <= found.centre <= values.max() + 1e-9
        assert found.between >= 0
        assert (found.variances > 0).all()


class TestNoise:
    @given(now=SIDES, then=SIDES, noise=NOISES)
    def test_a_sum_is_surer_of_many_groups_than_of_one_as_large(
        self, now: list[int], then: list[int], noise: statistics.Noise
    ) -> None:
        assert noise.change(now, then) == pytest.approx(noise.change(then, now))
        assert noise.change(now, then) <= noise.change([sum(now)], [sum(then)]) * (1 + 1e-9)

    @given(count=st.floats(1, 1e6), variance=st.floats(0, 5), low=st.floats(0, 1), high=st.floats(1, 5))
    def test_an_interval_is_never_narrower_than_by_chance(
        self, count: float, variance: float, low: float, high: float
    ) -> None:
        found = statistics.widened(count, variance, low * count, high * count)
        assert found.low <= low * count <= count <= high * count <= found.high

    @settings(max_examples=20, deadline=None)
    @given(seed=st.integers(0, 2**32 - 1))
    def test_does_not_depend_on_the_order_of_the_groups(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        counts = random.poisson(random.gamma(25, np.geomspace(10, 400, 20) / 25, (24, 20)))
        found = statistics.fit_noise(counts, quarters=1)
        shuffled = statistics.fit_noise(counts[:, random.permutation(20)], quarters=1)
        assert found is not None
        assert shuffled is not None
        assert (shuffled.c, shuffled.passing, shuffled.lasting) == pytest.approx(
            (found.c, found.passing, found.lasting), abs=1e-4
        )


def marked(series: FloatArray, rebase: tuple[int, ...] = ()) -> NDArray[np.bool_]:
    """Return the points that any rule marks."""
    return np.asarray([*statistics.signals(series, statistics.xmr_limits(series, rebase=rebase)).values()]).any(axis=0)


class TestProcess:
    @given(series=SERIES, shift=st.integers(0, 1000))
    def test_adding_a_constant_moves_the_limits_and_no_signal(self, series: FloatArray, shift: int) -> None:
        limits, moved = statistics.xmr_limits(series), statistics.xmr_limits(series + shift)
        assert moved.low == pytest.approx(limits.low + shift, nan_ok=True)
        special, still = statistics.signals(series, limits), statistics.signals(series + shift, moved)
        assert still["trend"].tolist() == special["trend"].tolist()
        assert still["shift"].tolist() == special["shift"].tolist()

    @given(series=SERIES)
    def test_a_series_turned_round_gives_the_same_signals(self, series: FloatArray) -> None:
        assert marked(series[::-1])[::-1].tolist() == marked(series).tolist()

    @given(series=SERIES, gap=st.integers(0, 29))
    def test_a_missing_point_is_never_a_signal(self, series: FloatArray, gap: int) -> None:
        assume(gap < series.size)
        series[gap] = np.nan
        assert not marked(series)[gap]

    @given(before=SERIES, after=SERIES)
    def test_the_sides_of_a_rebasing_know_nothing_of_each_other(self, before: FloatArray, after: FloatArray) -> None:
        whole = np.concatenate([before, after])
        apart = np.concatenate([marked(before), marked(after)])
        assert marked(whole, (before.size,)).tolist() == apart.tolist()

    @given(table=arrays(np.float64, (3, 20), elements=st.integers(0, 60)))
    def test_several_series_are_each_taken_alone(self, table: FloatArray) -> None:
        assert marked(table).tolist() == [marked(one).tolist() for one in table]


class TestModels:
    @given(counts=arrays(np.float64, st.integers(3, 30), elements=st.integers(0, 10**9)))
    def test_a_trend_has_the_total_and_the_mean_time_of_its_counts(self, counts: FloatArray) -> None:
        # The likelihood equations of a log-linear Poisson model
        times = np.arange(counts.size)
        found = statistics.poisson_trend(counts, times)
        assume(np.isfinite(found.ratio.value))
        assert found.fitted.sum() == pytest.approx(counts.sum())
        assert (times * found.fitted).sum() == pytest.approx((times * counts).sum())
        assert found.ratio.low <= found.ratio.value <= found.ratio.high

    @given(counts=arrays(np.float64, (5, 4), elements=st.integers(1, 10**6)), factor=st.integers(2, 9))
    def test_the_level_of_a_year_does_not_touch_the_season_in_it(self, counts: FloatArray, factor: int) -> None:
        years, quarters = np.repeat(np.arange(5), 4), np.tile([1, 2, 3, 4], 5)
        found = statistics.quarter_season(counts.ravel(), years, quarters)
        assert found.factors.mean() == pytest.approx(1)
        assert 0 <= found.p <= 1
        scaled = statistics.quarter_season(factor * counts.ravel(), years, quarters)
        assert scaled.factors == pytest.approx(found.factors)
