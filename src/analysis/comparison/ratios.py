"""The ratio of two counts, with how sure one can be of it: a number for an analyst, whatever may be said."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from analysis import statistics
from analysis.comparison.counts import Count
from analysis.comparison.totals import part
from analysis.comparison.usual import noise_of


@dataclass(frozen=True)
class Ratio:
    """The ratio of two rates a month, current over baseline; None where undefined or unbounded.

    Attributes
    ----------
    value
        The ratio.
    low, high
        Exact 95% interval: chance alone.
    low_wide, high_wide
        95% interval that usual variation leaves open.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> ratio = compare("Kent", period="2024/25", release="2026-04-23").ratio
    >>> [round(each, 2) for each in (ratio.value, ratio.low, ratio.high, ratio.low_wide, ratio.high_wide)]
    [1.18, 0.99, 1.4, 0.81, 1.72]
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    low_wide: float | None = None
    high_wide: float | None = None

    def to_dict(self) -> dict[str, float | None]:
        """Return the ratio as the JSON of the command gives it."""
        return {name: getattr(self, name) for name in ("value", "low", "high", "low_wide", "high_wide")}


def ratio_of(current: Count, baseline: Count) -> Ratio:
    """Return the ratio of two counts; without a number where one is missing or negative.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> ratio = compare("Kent", period="2024/25", baseline="2018/19", release="2026-04-23").ratio
    >>> [round(each, 2) for each in (ratio.value, ratio.low, ratio.high, ratio.low_wide, ratio.high_wide)]
    [1.67, 1.38, 2.03, 1.13, 2.48]
    """
    a, b = current.offences, baseline.offences
    if a is None or b is None or min(a, b) < 0:
        return Ratio()
    exact = statistics.rate_ratio(a, current.period.months, b, baseline.period.months)
    ratio = Ratio(*map(_finite, (exact.value, exact.low, exact.high)))
    shorter = min(current.period.months, baseline.period.months)
    noise = noise_of(current.offence, current.release, shorter // 3)
    if noise is None:
        return ratio
    now, then = (
        part(each.offence.code, each.release, each.area, each.period).sum(axis=0) for each in (current, baseline)
    )
    usual = statistics.noisy_ratio(now, current.period.months, then, baseline.period.months, noise)
    return replace(ratio, low_wide=_finite(float(usual.low)), high_wide=_finite(float(usual.high)))


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
