"""The change between two counts in words: a sentence, a few words for a table, a range."""

from __future__ import annotations

import math

from analysis.comparison import SMALL, Change, Pair
from analysis.terms.numbers import number

SMALL_CHANGE = 10  # per cent: where all that fits is smaller, a reader is told how small


def change_sentence(pair: Pair) -> str:
    """Return what the change between two counts that may be compared says, to stand right after the two; else nothing.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> print(change_sentence(compare("Kent", release="2026-04-23")))
    These figures cannot tell a rise from a fall: anything from 9% fewer to 88% more fits them.
    >>> print(change_sentence(compare("England and Wales", period="2024/25", baseline="2018/19", release="2026-04-23")))
    That is 21% more; anything from 13% to 31% more fits these figures.
    """
    change, baseline = pair.change, pair.baseline
    if not pair.like_for_like or change is None or baseline is None:
        return ""
    if pair.current.offences is None or baseline.offences is None:
        return ""
    if min(pair.current.offences, baseline.offences) < 0:
        return "A count is negative (net of cancellations), so no change is given."
    if baseline.offences == 0:
        if pair.current.offences == 0:
            return "Neither has a recorded offence."
        return "The baseline is 0, and nothing is a percentage of 0."
    same = "The two figures are the same" if pair.current.offences == baseline.offences else ""
    if change.percent is None:
        if same or pair.current.is_small or baseline.is_small:
            return f"{same}." if same else _small_change(change)
        more = "more" if change.difference > 0 else "fewer"
        return f"That is {number(abs(change.difference))} {more}; how much such figures usually vary has not been measured."
    if same:
        return f"{same}; anything from {change_range(change)} fits them."
    if change.reading == "within-usual":
        if largest := _at_most(change):
            return f"These figures show no change larger than {largest}% either way."
        return f"These figures cannot tell a rise from a fall: anything from {change_range(change)} fits them."
    return f"That is {percent_words(change.percent)}; anything from {change_range(change)} fits these figures."


def percent_words(percent: float) -> str:
    """Return a change in per cent as a reader says it.

    Parameters
    ----------
    percent
        The change; negative for fewer.

    Examples
    --------
    >>> percent_words(12.4), percent_words(-50), percent_words(0.1), percent_words(0)
    ('12% more', '50% fewer', 'less than 1% more', 'the same')
    """
    if percent == 0:
        return "the same"
    return f"{abs(round(percent)) or 'less than 1'}% {'more' if percent > 0 else 'fewer'}"


def change_words(pair: Pair) -> str:
    """Return the change in a few words, for a table: with its reading, or why there is none.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> change_words(compare("Kent", release="2026-04-23")), change_words(compare("Kent", period="2017/18"))
    ('cannot tell: 9% fewer to 88% more', 'not comparable')
    """
    change = pair.change
    if pair.baseline is None:
        return "no baseline"
    if change is None or not pair.like_for_like:
        return "not known" if pair.answer == "not-known" else "not comparable"
    if change.percent is None:
        return f"counts only (under {SMALL})" if pair.current.is_small or pair.baseline.is_small else "counts only"
    if change.reading == "within-usual":
        largest = _at_most(change)
        return f"no larger than {largest}% either way" if largest else f"cannot tell: {change_range(change)}"
    care = ", with care" if pair.answer == "with-care" else ""
    return f"{change.reading}: {change_range(change).removesuffix(f' {change.reading}')}{care}"


def ratio_words(low: float, high: float) -> str:
    """Return a range of a ratio as a change, such as ``4% fewer to 12% more``; ``[x]`` where there is none.

    Parameters
    ----------
    low, high
        The ends of the range of the ratio.
    """
    if math.isnan(low):
        return "[x]"
    low, high = 100 * (low - 1), 100 * (high - 1)
    return change_range(Change(0, low=low, high=high, reading="fewer" if high < 0 else None))


def change_range(change: Change) -> str:
    """Return the range of a change, the smaller change first where both ends go the same way."""
    ends = (change.high, change.low) if change.reading == "fewer" else (change.low, change.high)
    first, last = (percent_words(end or 0.0) for end in ends)
    shared = next((word for word in (" more", " fewer") if first.endswith(word) and last.endswith(word)), "")
    return f"{first.removesuffix(shared)} to {last}"


def _small_change(change: Change) -> str:
    few = f"a count is under {SMALL}, so no percentage is given"
    if change.reading is None:
        return f"{few.capitalize()}."
    if change.reading == "within-usual":
        return f"These figures cannot tell a rise from a fall; {few}."
    return f"That is {change.reading}, beyond how much such figures usually vary; {few}."


def _at_most(change: Change) -> int | None:
    """Return a change that is larger than any that fits, in whole per cent, where that is small either way."""
    largest = math.ceil(max(abs(change.low or 0), abs(change.high or 0)))
    return largest if largest <= SMALL_CHANGE else None
