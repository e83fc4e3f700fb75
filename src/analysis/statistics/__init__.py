"""Statistics of recorded counts: how far chance goes, how far groups differ, and when a series has changed.

Pure functions over numbers and NumPy arrays. Every formula names its source, and every function says what it
gives at zero, for a negative total and for a missing value:

- NaN in gives NaN out; NaN also stands for what is undefined, and infinity for an end that has no bound;
- a negative total (a net correction) has no interval;
- an exposure (months, residents, an expected count) of zero or less is a mistake and raises ValueError;
- a number in gives a float, an array, list or Series in gives an array.
"""

from __future__ import annotations

from analysis import door
from analysis.statistics.arrays import Estimate, FloatArray, Interval
from analysis.statistics.dispersion import (
    FUNNEL_CONFIDENCES,
    Overdispersion,
    funnel_limits,
    overdispersed_limits,
    overdispersion,
)
from analysis.statistics.intervals import poisson_interval, rate, rate_ratio
from analysis.statistics.noise import (
    FARTHEST,
    NORMAL,
    Noise,
    expected_range,
    fit_noise,
    movement,
    noisy_ratio,
    past_changes,
    widened,
)
from analysis.statistics.pooling import Pooled, pooled, rank_interval
from analysis.statistics.process import (
    FalseSignals,
    ProcessLimits,
    Signals,
    chartable,
    expected_false_signals,
    signals,
    xmr_limits,
)
from analysis.statistics.steps import Step, steps
from analysis.statistics.trends import Season, Trend, poisson_trend, quarter_season, seasonally_adjusted

__all__ = [
    "FARTHEST",
    "FUNNEL_CONFIDENCES",
    "NORMAL",
    "Estimate",
    "FalseSignals",
    "FloatArray",
    "Interval",
    "Noise",
    "Overdispersion",
    "Pooled",
    "ProcessLimits",
    "Season",
    "Signals",
    "Step",
    "Trend",
    "chartable",
    "expected_false_signals",
    "expected_range",
    "fit_noise",
    "funnel_limits",
    "movement",
    "noisy_ratio",
    "overdispersed_limits",
    "overdispersion",
    "past_changes",
    "poisson_interval",
    "poisson_trend",
    "pooled",
    "quarter_season",
    "rank_interval",
    "rate",
    "rate_ratio",
    "seasonally_adjusted",
    "signals",
    "steps",
    "widened",
    "xmr_limits",
]

__dir__ = door.public(globals(), __all__)
