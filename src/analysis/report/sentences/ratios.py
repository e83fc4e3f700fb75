"""The change between two periods, in words that do not say more than the figures do."""

from __future__ import annotations

from analysis.comparison import SMALL, Comparison, Count
from analysis.report import markup
from analysis.report.markup import Fragment
from analysis.terms import numbers


def reading(comparison: Comparison) -> Fragment:
    """Return the plain reading of the ratio, or why none is given."""
    return markup.prose(ratio_sentence(comparison), kind="reading")


def ratio_sentence(comparison: Comparison) -> str:
    """Return one sentence on the change: within or beyond what chance and the spread among forces would give.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(ratio_sentence(compare("BTP", period="2022/23", release="2026-04-23")))
    Neither period has a recorded offence, so there is no ratio.
    """
    ratio, baseline = comparison.ratio, comparison.baseline
    if baseline is None:
        return "There is no earlier period to compare with, so no ratio is given."
    if comparison.crosses_break:
        change = comparison.offence.breaks_within(comparison.current.period, baseline.period)[0]
        return f"The definition changed on {change.words}: the counts stand side by side, and no ratio or percentage is given."
    if comparison.current.offences is None or baseline.offences is None:
        return "A figure was not supplied, so no ratio is given."
    if min(comparison.current.offences, baseline.offences) < 0:
        return "A count is negative (net of cancellations), so no ratio is given."
    if comparison.current.offences == baseline.offences == 0:
        return "Neither period has a recorded offence, so there is no ratio."
    if not comparison.like_for_like:
        return "The two periods are not like for like, so no ratio is given."
    if baseline.offences == 0:
        return "The baseline has no recorded offence, so there is no ratio."
    if ratio.value is None or ratio.low_wide is None or ratio.high_wide is None:
        return f"The counts are {numbers.number(comparison.current.offences)} and {numbers.number(baseline.offences)}; they are too small for a reading."
    return _ratio_reading(comparison, baseline, ratio.value, (ratio.low_wide, ratio.high_wide))


def percent_words(value: float) -> str:
    """Return a ratio as a change in per cent.

    Parameters
    ----------
    value
        The ratio, current over baseline.

    Examples
    --------
    >>> percent_words(1.124), percent_words(0.5), percent_words(1.001)
    ('12% more', '50% fewer', 'less than 1% apart')
    """
    change = round((value - 1) * 100)
    if change == 0:
        return "less than 1% apart"
    return f"{abs(change)}% {'more' if change > 0 else 'fewer'}"


def _ratio_reading(comparison: Comparison, baseline: Count, value: float, wide: tuple[float, float]) -> str:
    small = min(comparison.current.offences or 0, baseline.offences or 0) < SMALL
    change = "" if small else f"{percent_words(value)}; "
    said = (
        f"{change}ratio {numbers.number(value, 2)}, 95% interval {numbers.interval(*wide, 2)} with the spread "
        f"among forces, {numbers.interval(comparison.ratio.low, comparison.ratio.high, 2)} by chance alone"
    )
    if wide[0] <= 1 <= wide[1]:
        return f"The difference is within what chance and the usual spread among forces would give ({said})."
    return f"The difference is larger than chance and the usual spread among forces would usually give ({said})."
