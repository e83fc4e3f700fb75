"""How tables print a value: a count's marks, a rate with its interval, a change in a few words."""

from __future__ import annotations

from analysis import comparison as comparisons
from analysis.comparison import SMALL, Comparison, Count
from analysis.figures import register
from analysis.report import sentences
from analysis.terms import numbers


def count_marks(comparison: Comparison, count: Count) -> str:
    """Return the marks that stand beside a count, such as ``" [b] [p]"``."""
    letters = []
    changes = comparison.offence.breaks
    if any(count.period.first < change.month for change in changes) and any(
        comparison.current.period.last >= change.month for change in changes
    ):
        letters.append("b")
    if count.period.overlaps(register.provisional_from(comparison.release)):
        letters.append("p")
    if count.offences is not None and comparisons.other_figures(
        comparison.area, comparison.offence.code, comparison.release, count
    ):
        letters.append("r")
    if count.offences is not None and count.offences < SMALL:
        letters.append("u")
    return "".join(f" [{letter}]" for letter in letters)


def rate_words(rate: comparisons.Rate | None) -> str:
    """Return a rate with its interval, or the mark of what is not available."""
    return "[x]" if rate is None else f"{numbers.number(rate.value, 1)} ({numbers.interval(rate.low, rate.high)})"


def change_words(own: Comparison) -> str:
    """Return the change in a few words: a percentage where it may be given, and otherwise why not."""
    if own.baseline is None:
        return "no baseline"
    if not own.like_for_like:
        return "not comparable"
    counts = [count.offences or 0 for count in (own.current, own.baseline)]
    if min(counts) < SMALL or own.ratio.value is None:
        return f"counts only (under {SMALL})"
    return sentences.percent_words(own.ratio.value)
