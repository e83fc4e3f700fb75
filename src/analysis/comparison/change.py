"""The change between two counts: their difference, their ratio with how sure one can be of it, and what would have stood out."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from analysis import statistics
from analysis.comparison.counts import Count
from analysis.comparison.totals import part
from analysis.comparison.usual import Common, common, noise_of
from analysis.statistics import revision
from analysis.terms import offences

Reading = Literal["more", "fewer", "within-usual"]


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
    [1.18, 0.99, 1.4, 0.85, 1.64]
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    low_wide: float | None = None
    high_wide: float | None = None


def ratio_of(current: Count, baseline: Count) -> Ratio:
    """Return the ratio of two counts; without a number where one is missing or negative.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> ratio = compare("Kent", period="2024/25", baseline="2018/19", release="2026-04-23").ratio
    >>> [round(each, 2) for each in (ratio.value, ratio.low, ratio.high, ratio.low_wide, ratio.high_wide)]
    [1.67, 1.38, 2.03, 0.91, 3.08]
    """
    a, b = current.offences, baseline.offences
    if a is None or b is None or min(a, b) < 0:
        return Ratio()
    exact = statistics.rate_ratio(a, current.period.months, b, baseline.period.months)
    ratio = Ratio(*map(_finite, (exact.value, exact.low, exact.high)))
    shorter = min(current.period.months, baseline.period.months)
    noise = noise_of(current.offence, current.release, shorter // 3, current.area.names)
    if noise is None:
        return ratio
    now, then = _parts(current), _parts(baseline)
    usual = statistics.noisy_ratio(
        now, current.period.months, then, baseline.period.months, noise, current.period.years_from(baseline.period)
    )
    return replace(ratio, low_wide=_finite(float(usual.low)), high_wide=_finite(float(usual.high)))


def _parts(count: Count) -> np.ndarray:
    """Return what each force of an area recorded, drawn in where the count leaves some offences out."""
    each = part(count.offence.code, count.release, count.area, count.period).sum(axis=0)
    left = (count.offences or 0) / each.sum() if each.sum() > 0 else 1
    return np.asarray(each if left == 1 else np.round(each * left))


@dataclass(frozen=True)
class Detectable:
    """The smallest change from a baseline that would have been read as one, in whole offences.

    Attributes
    ----------
    more, fewer
        How many more, and how many fewer; ``fewer`` is None where not even a single offence left would have stood out.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> compare("Kent", release="2026-04-23").change.detectable  # of 284: 37% more or 29% fewer
    Detectable(more=104, fewer=82)
    """

    more: int
    fewer: int | None


@dataclass(frozen=True)
class Change:
    """The change between two counts, as far as it may be given.

    Attributes
    ----------
    difference
        Current less baseline, in recorded offences: wherever there are two numbers.
    percent, low, high
        The change and the ends of its interval, with usual variation, in per cent; None where the two may not be compared, a count is
        small, or they are undefined.
    reading
        ``more`` or ``fewer`` where the interval excludes no change, ``within-usual`` where it does not, None without one.
    counts
        The two, current and baseline, where there is a range: what is worked out of them when asked for.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> change = compare("Kent", period="2024/25", release="2026-04-23").change
    >>> change.difference, round(change.percent), round(change.low), round(change.high), change.reading
    (44, 18, -15, 64, 'within-usual')
    """

    difference: int
    percent: float | None = None
    low: float | None = None
    high: float | None = None
    reading: Reading | None = None
    counts: tuple[Count, Count] | None = field(default=None, repr=False, compare=False)

    @functools.cached_property
    def detectable(self) -> Detectable | None:
        """The smallest rise and fall from this baseline that would have been read so; None without a range."""
        return _detectable(*self.counts) if self.counts else None

    @functools.cached_property
    def common(self) -> Common | None:
        """How common such a change is, and what became of such; None where that was not seen often enough."""
        if self.counts is None:
            return None
        now, then = self.counts
        return common(now.area, now.offence, now.release, now.period, then.period)


def change_of(current: Count, baseline: Count, ratio: Ratio, *, comparable: bool) -> Change | None:
    """Return the change between two counts; no more than their difference where they may not be compared, nothing without two numbers.

    Parameters
    ----------
    current, baseline
        Counts of one area and offence, in one release.
    ratio
        Of the two.
    comparable
        Whether they may be compared, with care or without.
    """
    if current.offences is None or baseline.offences is None:
        return None
    change = Change(current.offences - baseline.offences)
    value, low, high = ratio.value, ratio.low_wide, ratio.high_wide
    if not comparable or value is None or low is None or high is None:
        return change
    if current.is_small or baseline.is_small:
        return change
    reading: Reading = "within-usual" if low <= 1 <= high else "more" if value > 1 else "fewer"
    percent, least, most = (100 * (each - 1) for each in (value, low, high))
    return Change(change.difference, percent, least, most, reading, (current, baseline))


def may_become(count: Count) -> statistics.Interval | None:
    """Return the range in which later releases are likely to put a provisional count; None for any other.

    Parameters
    ----------
    count
        Of the newest full release.

    Returns
    -------
    Interval or None
        In whole offences. It lies about the published figure and is centred nowhere else, since later releases raised such figures once
        and lowered them once.

    Notes
    -----
    The reach of revision by kind of offence and size (:func:`analysis.statistics.revision.reach`), measured on ten publications of a year's
    figures and tested on others; 88A's own rests on its four vintages.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> may_become(compare("Kent", release="2026-04-23").current)
    Interval(low=325, high=423)
    """
    width = _width(count)
    if width is None or count.offences is None:
        return None
    number = count.offences
    low, high = number * math.exp(-width), number * math.exp(width)
    least = revision.TIERS[_tier(count)].counts
    return statistics.Interval(min(math.floor(low), number - least), max(math.ceil(high), number + least))


def change_may_become(change: Change | None, current: Count, baseline: Count) -> statistics.Interval | None:
    """Return the range in per cent that later releases leave open to a change; None where no percentage is given or both counts are firm.

    Two years of one publication move apart by as much as one figure moves, so the reach is that of the smaller count.

    Parameters
    ----------
    change
        What the change is as published.
    current, baseline
        The two counts that it is of.
    """
    widths = [width for width in (_width(current), _width(baseline)) if width is not None]
    if change is None or change.percent is None or not widths:
        return None
    return statistics.Interval(*(100 * ((1 + change.percent / 100) * math.exp(s * max(widths)) - 1) for s in (-1, 1)))


def _tier(count: Count) -> str:
    return count.offence.code if count.offence.code in revision.TIERS else offences.revision_tier(count.offence)


def _width(count: Count) -> float | None:
    """Return how far, on the scale of logarithms, later releases may move a provisional count; None where they hardly will."""
    if not count.is_provisional or count.release.by_years or count.offences is None or count.offences <= 0:
        return None
    return revision.reach(count.offences, _tier(count), national=count.area.kind in {"nation", "country"})


def _detectable(current: Count, baseline: Count) -> Detectable | None:
    """Find by bisection the smallest rise and fall from a baseline that would be read so, every force changing alike."""
    noise = noise_of(baseline.offence, baseline.release, baseline.period.months // 3, baseline.area.names)
    if noise is None or baseline.offences is None:
        return None
    then, total = _parts(baseline), baseline.offences
    years = current.period.years_from(baseline.period)

    def stands_out(number: int) -> bool:
        change = np.log(number / total)
        usual = statistics.NORMAL * np.sqrt(noise.change(then * number / total, then, years))
        exact = statistics.rate_ratio(number, current.period.months, total, baseline.period.months)
        return bool(abs(change) > usual) and not exact.low <= 1 <= exact.high

    most = total
    while not stands_out(2 * most):
        most *= 2
    more = _first(lambda difference: stands_out(total + difference), most)
    fewer = _first(lambda difference: stands_out(total - difference), total - 1)
    return None if more is None else Detectable(more, fewer)


def _first(holds: Callable[[int], bool], most: int) -> int | None:
    """Return the smallest number from 1 that a condition holds for, which then holds for all that are larger."""
    if not holds(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
