"""Statistics of recorded counts: how far chance goes, how far groups differ, and when a series has changed.

Pure functions over numbers and NumPy arrays. Every formula names its source, and every function says what it
gives at zero, for a negative total and for a missing value:

- NaN in gives NaN out; NaN also stands for what is undefined, and infinity for an end that has no bound;
- a negative total (a net correction) has no interval;
- an exposure (months, residents, an expected count) of zero or less is a mistake and raises ValueError;
- a number in gives a float, an array, list or Series in gives an array.
"""

from __future__ import annotations

from analysis.statistics.arrays import Estimate, FloatArray, Interval
from analysis.statistics.coverage import Coverage, coverage_table
from analysis.statistics.dispersion import (
    FUNNEL_CONFIDENCES,
    Dispersion,
    Overdispersion,
    dispersion,
    funnel_limits,
    overdispersed_limits,
    overdispersion,
    quasi_poisson_ratio,
    rank_interval,
)
from analysis.statistics.intervals import byar_interval, poisson_interval, rate
from analysis.statistics.process import (
    FalseSignals,
    ProcessLimits,
    Signals,
    chartable,
    expected_false_signals,
    signals,
    u_chart_limits,
    xmr_limits,
)
from analysis.statistics.ratios import RateRatio, benjamini_hochberg, e_test, rate_ratio
from analysis.statistics.trends import Season, Trend, poisson_trend, quarter_season, seasonally_adjusted

__all__ = [
    "FUNNEL_CONFIDENCES",
    "Coverage",
    "Dispersion",
    "Estimate",
    "FalseSignals",
    "FloatArray",
    "Interval",
    "Overdispersion",
    "ProcessLimits",
    "RateRatio",
    "Season",
    "Signals",
    "Trend",
    "benjamini_hochberg",
    "byar_interval",
    "chartable",
    "coverage_table",
    "dispersion",
    "e_test",
    "expected_false_signals",
    "funnel_limits",
    "overdispersed_limits",
    "overdispersion",
    "poisson_interval",
    "poisson_trend",
    "quarter_season",
    "quasi_poisson_ratio",
    "rank_interval",
    "rate",
    "rate_ratio",
    "seasonally_adjusted",
    "signals",
    "u_chart_limits",
    "xmr_limits",
]
