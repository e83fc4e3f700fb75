"""Statistics against worked examples, each with its source, and at the edges."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis import statistics

NAN = float("nan")
INF = float("inf")

# Code 88A, England and Wales, release of 23 April 2026, each quarter from April to June 2018 to October to December 2025. Contains public sector
# information licensed under the Open Government Licence v3.0.
NATIONAL = [1438, 1329, 1407, 1705, 1631, 1377, 1528, 1793, 1448, 1634, 1594, 1718, 1894, 1557, 1553, 1899]
NATIONAL += [1616, 1579, 1569, 1909, 1774, 1776, 1784, 1906, 1823, 1726, 1765, 1826, 1919, 1900, 1915]
QUARTERS = [1 + place % 4 for place in range(len(NATIONAL))]
FINANCIAL_YEARS = [2018 + place // 4 for place in range(len(NATIONAL))]


class TestIntervals:
    @pytest.mark.parametrize(
        ("found", "expected"),
        [
            (statistics.poisson_interval([0, -1, -0.5, NAN]), ([0, NAN, NAN, NAN], [3.688879454, NAN, NAN, NAN])),
            (statistics.rate(-2, 4), (-0.5, NAN, NAN)),  # a negative total keeps its rate, without an interval
            (statistics.rate(5, NAN), (NAN, NAN, NAN)),
        ],
    )
    def test_edges_of_counts(self, found: NamedTuple, expected: tuple[object, ...]) -> None:
        assert np.array(found) == pytest.approx(np.array(expected), nan_ok=True)

    @pytest.mark.parametrize("exposure", [0, -1, [9, 0], INF])
    def test_an_exposure_must_be_above_zero(self, exposure: float) -> None:
        with pytest.raises(ValueError, match="exposure: found"):
            statistics.rate(5, exposure)

    def test_numbers_give_floats_and_arrays_and_series_arrays(self) -> None:
        assert isinstance(statistics.poisson_interval(np.int64(5)).low, float)
        assert isinstance(statistics.rate(5, 2).value, float)
        assert isinstance(statistics.poisson_interval([5]).low, np.ndarray)
        assert isinstance(statistics.rate(pd.Series([5, 6]), 2).high, np.ndarray)


class TestRatios:
    @pytest.mark.parametrize(
        ("counts", "expected"),
        [
            ((33, 9, 0, 12), (NAN, 11.2735, INF)),
            ((0, 9, 5, 12), (0, 0, 1.45506)),
            ((-1, 9, 5, 9), (-0.2, NAN, NAN)),  # a negative count has a value and no interval
            ((0, 9, 0, 12), (NAN, NAN, NAN)),
            ((NAN, 9, 5, 12), (NAN, NAN, NAN)),
            ((5, 9, NAN, 12), (NAN, NAN, NAN)),
            ((5, NAN, 5, 12), (NAN, NAN, NAN)),
            ((5, 9, -1, 12), (NAN, NAN, NAN)),
        ],
    )
    def test_edges_of_counts(self, counts: tuple[float, ...], expected: tuple[float, ...]) -> None:
        assert statistics.rate_ratio(*counts) == pytest.approx(expected, rel=1e-4, nan_ok=True)

    def test_fractions_are_refused(self) -> None:
        with pytest.raises(ValueError, match=r"baseline_count: found 2.5"):
            statistics.rate_ratio(5, 9, 2.5, 12)

    @pytest.mark.parametrize("exposures", [(0, 12), (9, 0)])
    def test_an_exposure_must_be_above_zero(self, exposures: tuple[float, float]) -> None:
        with pytest.raises(ValueError, match="exposure: found 0"):
            statistics.rate_ratio(5, exposures[0], 5, exposures[1])

    def test_a_billion_events(self) -> None:
        found = statistics.rate_ratio(10**9, 1, 10**9 + 10**5, 1)
        assert (found.low, found.high) == pytest.approx((0.99981237, 0.99998766), abs=1e-8)


class TestOverdispersion:
    def test_as_expected_there_is_no_overdispersion(self) -> None:
        assert statistics.overdispersion([100, 50, 20], [100, 50, 20]) == 0

    @pytest.mark.parametrize("count", [-1, NAN])
    def test_a_negative_or_missing_count_leaves_it_untold(self, count: float) -> None:
        assert np.isnan(statistics.overdispersion([5, count], [5, 5]))


class TestProcessLimits:
    def test_rebasing_gives_each_side_its_own_limits(self) -> None:
        before, after = [5, 7, 6, 8], [50, 70, 60]
        rebased = statistics.xmr_limits(before + after, rebase=[4])
        parts = statistics.xmr_limits(before), statistics.xmr_limits(after)
        for name in ("centre", "low", "high"):
            assert getattr(rebased, name) == pytest.approx([end for part in parts for end in getattr(part, name)])
        assert rebased.segment.tolist() == [0, 0, 0, 0, 1, 1, 1]

    def test_a_missing_point_enters_neither_mean_nor_ranges(self) -> None:
        limits = statistics.xmr_limits([5, 7, NAN, 100, 102])
        assert limits.centre == pytest.approx([53.5] * 5)
        assert limits.high - limits.centre == pytest.approx([2.66 * 2] * 5)

    def test_one_point_has_a_mean_and_no_limits(self) -> None:
        limits = statistics.xmr_limits([5])
        assert (limits.centre[0], limits.low[0], limits.high[0]) == pytest.approx((5, NAN, NAN), nan_ok=True)

    def test_nothing_held_gives_nothing(self) -> None:
        limits = statistics.xmr_limits([NAN, NAN])
        assert np.isnan(limits.centre).all()
        assert not np.any([*statistics.signals([NAN, NAN], limits).values()])

    def test_an_even_series_has_limits_on_its_mean_and_no_signal(self) -> None:
        series = [0.1] * 12
        limits = statistics.xmr_limits(series)
        assert limits.low == pytest.approx([0.1] * 12)
        assert not np.any([*statistics.signals(series, limits).values()])


class TestSignals:
    """The four rules of NHS Making Data Count, on limits of 0 ± 3."""

    @staticmethod
    def marked(rule: str, values: list[float], *, rebase: int | None = None) -> list[int]:
        points = len(values)
        segment = np.array([int(rebase is not None and place >= rebase) for place in range(points)])
        ends = np.zeros(points), np.full(points, -3.0), np.full(points, 3.0)
        limits = statistics.ProcessLimits(*ends, segment)
        return np.flatnonzero(statistics.signals(values, limits)[rule]).tolist()

    @pytest.mark.parametrize("side", [1, -1])
    @pytest.mark.parametrize(
        ("rule", "values", "places"),
        [
            ("outside", [3, 3.1, 0, NAN], [1]),
            ("shift", [-1, 1, 2, 1, 2, 1, 2, 1, -1], range(1, 8)),
            ("shift", [2, 1, 2, 1, 2, 1], []),
            ("shift", [1] * 9, range(9)),
            ("shift", [1, 1, 1, 1, 0, 1, 1, 1], []),  # a point on the mean or missing ends a run
            ("shift", [1, 1, 1, 1, NAN, 1, 1, 1], []),
            ("trend", [-1.5, -1, -0.5, 0, 0.5, 1, 1.5], range(7)),
            ("trend", [-1.5, -1, -0.5, 0, 0.5, 1], []),
            ("trend", [-1.5, -1, -0.5, -0.5, 0, 0.5, 1, 1.5], []),
            ("two_of_three", [2.5, 1, 2.5], [0, 2]),
            ("two_of_three", [2.5, 2.5, -1], []),
            ("two_of_three", [2.5, -2.5, 2.5], []),
            ("two_of_three", [2.5, 1, 1, 2.5], []),
            ("two_of_three", [2.5, 0, 2.5], []),
            ("two_of_three", [2.5, 3.5, 1], []),  # which is outside the limits
        ],
    )
    def test_each_rule_on_either_side(self, rule: str, values: list[float], places: Sequence[int], side: int) -> None:
        assert self.marked(rule, [side * value for value in values]) == list(places)

    @pytest.mark.parametrize(
        ("rule", "values", "rebase"),
        [("shift", [1] * 12, 6), ("trend", [place / 5 for place in range(12)], 6), ("two_of_three", [2.5, 1, 2.5], 1)],
    )
    def test_no_pattern_runs_across_a_rebasing(self, rule: str, values: list[float], rebase: int) -> None:
        assert self.marked(rule, values)
        assert self.marked(rule, values, rebase=rebase) == []


class TestFalseSignals:
    def test_are_the_same_each_time(self) -> None:
        once, again = (statistics.expected_false_signals(20, mean=30, simulations=500) for _ in range(2))
        assert once == again

    def test_grow_with_the_series(self) -> None:
        short, long = (statistics.expected_false_signals(points, mean=30, simulations=2000) for points in (12, 40))
        assert short.share < long.share
        assert short.points < long.points
        # A series with a mark has at least one marked point, even where it is its first.
        assert short.share < short.points

    def test_are_of_marked_points_some_four_times_as_many_as_of_stretches(self) -> None:
        # 31 quarters of some 40: 0.3 stretches were once set against marked quarters.
        assert statistics.expected_false_signals(31, mean=40).points == pytest.approx(1.3, abs=0.1)

    def test_are_fewer_where_limits_begin_anew_than_where_a_step_stands_within_them(self) -> None:
        means = [32] * 21 + [63] * 10
        anew, within = (
            statistics.expected_false_signals(31, mean=means, rebase=rebase, simulations=2000) for rebase in ((21,), ())
        )
        assert anew.points < 1.2
        assert within.points > 10

    def test_are_somewhat_more_where_small_counts_vary_more_than_by_chance(self) -> None:
        chance, wide = (statistics.expected_false_signals(31, mean=6, c=c, tau=c / 20 - 0.05) for c in (1.0, 2.0))
        assert chance.points < wide.points < 2 * chance.points


class TestSeason:
    def test_january_to_march_carries_more_than_a_quarter(self) -> None:
        found = statistics.quarter_season(NATIONAL, FINANCIAL_YEARS, QUARTERS)
        assert found.factors[3] / 4 == pytest.approx(0.274, abs=0.0005)
        assert found.p < 0.001

    def test_factors_of_whole_years_are_shares_of_the_total(self) -> None:
        whole = np.array(NATIONAL[:28])
        found = statistics.quarter_season(whole, FINANCIAL_YEARS[:28], QUARTERS[:28])
        assert found.factors == pytest.approx(whole.reshape(7, 4).sum(axis=0) / whole.sum() * 4)

    def test_test_of_whole_years_is_that_of_their_table(self) -> None:
        whole = np.array(NATIONAL[:28], dtype=float).reshape(7, 4)
        table = stats.chi2_contingency(whole)
        by_quarter = whole.sum(axis=0)
        deviance = 2 * (by_quarter * np.log(by_quarter / by_quarter.mean())).sum()
        found = statistics.quarter_season(whole.ravel(), FINANCIAL_YEARS[:28], QUARTERS[:28])
        assert found.p == pytest.approx(stats.f.sf(deviance / 3 / (table.statistic / table.dof), 3, table.dof))

    def test_growth_from_year_to_year_is_no_season(self) -> None:
        counts = np.repeat([100, 200, 400], 4)
        found = statistics.quarter_season(counts, np.repeat([1, 2, 3], 4), [1, 2, 3, 4] * 3)
        assert found.factors == pytest.approx([1] * 4)
        assert found.p == pytest.approx(1)

    def test_a_part_year_does_not_tilt_the_factors(self) -> None:
        season = np.array([0.8, 0.9, 1.0, 1.3])
        counts = np.concatenate([100 * season, 200 * season, 300 * season[:2]])
        found = statistics.quarter_season(counts, np.repeat(["a", "b", "c"], [4, 4, 2]), [1, 2, 3, 4, 1, 2, 3, 4, 1, 2])
        assert found.factors == pytest.approx(season)

    def test_a_year_without_events_and_a_missing_quarter_bear_on_nothing(self) -> None:
        counts = [9, 12, 10, 14, 11, 12, 9, 17]
        years, quarters = np.repeat([1, 2], 4), [1, 2, 3, 4] * 2
        found = statistics.quarter_season(counts, years, quarters)
        more = statistics.quarter_season(
            [*counts, 0, 0, 0, 0, NAN], [*years, 3, 3, 3, 3, 4], [*quarters, 1, 2, 3, 4, 1]
        )
        assert more.p == pytest.approx(found.p)
        assert more.factors == pytest.approx(found.factors)

    def test_a_quarter_that_is_always_zero_has_factor_zero(self) -> None:
        found = statistics.quarter_season([0, 9, 9, 9] * 2, [1] * 4 + [2] * 4, [1, 2, 3, 4] * 2)
        assert found.factors == pytest.approx([0, 4 / 3, 4 / 3, 4 / 3])
        assert found.p < 0.05

    def test_counts_of_one_have_their_part_in_how_probable_it_is(self) -> None:
        counts = np.array([[1.0, 3, 2, 6], [2, 1, 3, 8]])
        fitted = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
        alone = counts.mean(axis=1, keepdims=True)
        deviance, chi_square = (counts * np.log(fitted / alone)).sum() * 2, ((counts - fitted) ** 2 / fitted).sum()
        p = stats.f.sf(deviance / 3 / max(1, chi_square / 3), 3, 3)
        found = statistics.quarter_season(counts.ravel(), np.repeat([1, 2], 4), [1, 2, 3, 4] * 2)
        assert found.p == pytest.approx(p)

    def test_one_degree_of_freedom_is_enough_for_a_test(self) -> None:
        found = statistics.quarter_season([90, 100, 100, 110, 95, 105], [1, 1, 1, 1, 2, 2], [1, 2, 3, 4, 1, 2])
        assert 0 < found.p < 1

    def test_one_year_has_factors_and_no_test(self) -> None:
        found = statistics.quarter_season([8, 9, 10, 13], [1] * 4, [1, 2, 3, 4])
        assert found.factors == pytest.approx([0.8, 0.9, 1.0, 1.3])
        assert np.isnan(found.p)

    @pytest.mark.parametrize("counts", [[5, -1, 5, 5], [0, 0, 0, 0], [5, 5, 5, NAN]])
    def test_cannot_always_be_told(self, counts: list[float]) -> None:
        assert np.isnan(statistics.quarter_season(counts, [1] * 4, [1, 2, 3, 4]).factors).all()

    def test_a_quarter_held_only_in_years_without_events_has_no_factor(self) -> None:
        counts = [0, 9, 0, NAN, 0, 0, 0, 0]
        assert np.isnan(statistics.quarter_season(counts, [1] * 4 + [2] * 4, [1, 2, 3, 4] * 2).factors).all()


class TestTrend:
    # Venables and Ripley; Wood, "Generalized Additive Models": new AIDS cases in Belgium, 1981 to 1993
    BELGIUM = (12, 14, 33, 50, 67, 74, 123, 141, 165, 204, 253, 246, 240)

    def test_as_by_r_glm(self) -> None:
        found = statistics.poisson_trend(self.BELGIUM, range(1, 14))
        assert np.log(found.ratio.value) == pytest.approx(0.202121, abs=5e-7)
        # Residual deviance 80.686 on 11 degrees of freedom
        seen = np.array(self.BELGIUM)
        deviance = 2 * (seen * np.log(seen / found.fitted) - (seen - found.fitted)).sum()
        assert deviance == pytest.approx(80.686, abs=5e-4)
        phi = ((seen - found.fitted) ** 2 / found.fitted).sum() / 11
        reach = np.log(found.ratio.high / found.ratio.low) / 2
        assert reach / stats.t.ppf(0.975, 11) / np.sqrt(phi) == pytest.approx(0.007771, abs=5e-7)

    def test_factors_of_the_season_may_stand_as_exposure(self) -> None:
        factors = np.array([0.8, 0.9, 1.0, 1.3] * 2)
        found = statistics.poisson_trend(50 * 1.1 ** np.arange(8) * factors, range(8), exposure=factors)
        assert found.ratio.value == pytest.approx(1.1)

    def test_a_missing_count_is_left_out_and_still_fitted(self) -> None:
        found = statistics.poisson_trend([10, 20, NAN, 80], range(4))
        assert found.ratio.value == pytest.approx(2)
        assert found.fitted == pytest.approx([10, 20, 40, 80])

    def test_two_points_have_no_interval(self) -> None:
        found = statistics.poisson_trend([10, 20], [0, 1])
        assert found.ratio == pytest.approx((2, NAN, NAN), nan_ok=True)

    @pytest.mark.parametrize("counts", [[0, 0, 0], [0, 0, 5], [5, 0, 0], [5, -1, 5], [NAN, NAN, 5], [NAN] * 3])
    def test_cannot_always_be_told(self, counts: list[float]) -> None:
        assert statistics.poisson_trend(counts, range(3)).ratio == pytest.approx([NAN] * 3, nan_ok=True)

    def test_counts_far_from_any_trend_leave_it_unbounded(self) -> None:
        found = statistics.poisson_trend([568, 1, 1, 1, 1, 1, 1, 1, 1, 1], range(10))
        assert found.fitted.sum() == pytest.approx(577)
        assert found.ratio.high == INF

    def test_is_fitted_where_steps_from_the_logs_go_astray(self) -> None:
        counts = [0] * 10 + [651_214_788, 56_565]
        found = statistics.poisson_trend(counts, range(12))
        assert (found.fitted * range(12)).sum() == pytest.approx(np.dot(counts, range(12)), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("mean", lambda wrong: statistics.expected_false_signals(5, mean=wrong)),
        ("baseline_count", lambda wrong: statistics.rate_ratio(1, 1, wrong, 1)),
        ("baseline_exposure", lambda wrong: statistics.rate_ratio(1, 1, 1, wrong)),
        ("counts", lambda wrong: statistics.poisson_trend([wrong], [1])),
        ("times", lambda wrong: statistics.poisson_trend([1], [wrong])),
        ("observed", lambda wrong: statistics.overdispersion([wrong], [1])),
        ("expected", lambda wrong: statistics.overdispersion([1], [wrong])),
        ("values", lambda wrong: statistics.rank_interval([wrong], [1])),
        ("variances", lambda wrong: statistics.rank_interval([1], [wrong])),
        ("values", lambda wrong: statistics.pooled([1, wrong], [1, 1])),
        ("variances", lambda wrong: statistics.pooled([1, 1], [1, wrong])),
        ("counts", lambda wrong: statistics.quarter_season([wrong], [1], [1])),
        ("count", statistics.poisson_interval),
    ],
)
def test_an_infinite_value_is_refused_by_the_name_of_its_argument(name: str, call: Callable[[float], object]) -> None:
    with pytest.raises(ValueError, match=f"^{name}: found an infinite value; give finite numbers$"):
        call(INF)


def test_import_stays_light() -> None:
    program = "import sys, analysis.statistics; print('scipy.stats' in sys.modules, 'pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
