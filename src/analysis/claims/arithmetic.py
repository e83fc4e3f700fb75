"""Whether what a claim states follows from the figures that it states: change, sum, rate and share.

Each check is one function and gives one sentence or none. A sentence says what would follow, and so needs no ratio.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from analysis.claims.models import Claim
from analysis.comparison import SMALL
from analysis.terms.numbers import number
from analysis.terms.periods import Period


def mistakes(claim: Claim) -> list[str]:
    """Return a sentence for each stated change, sum, rate or share that does not follow from the stated figures."""
    return [sentence for check in CHECKS if (sentence := check(claim))]


def days(period: Period) -> int:
    """Return the number of days in a period.

    Examples
    --------
    >>> days(Period.parse("2020-04..2020-06")), days(Period.parse("2019/20"))
    (91, 366)
    """
    first, after = period.first, period.last.shift(1)
    return (date(*after, 1) - date(*first, 1)).days


def _percentage(claim: Claim) -> str | None:
    counts = _counts(claim)
    if counts is None or claim.change is None or claim.change.percent is None:
        return None
    current, base = counts
    if base == 0:
        return "The baseline is 0, and nothing is a percentage of 0."
    stated, falls = claim.change.percent, claim.change.direction == "down"
    actual = Fraction(current - base) * 100 / base
    if stated.holds(-actual if falls else actual):
        return None
    would_be = stated.bounding(base * (1 + (-stated.number if falls else stated.number) / 100), falling=falls)
    recomputed = "" if base < SMALL or _crosses_break(claim) else f" ({number(float(actual), 2)}%)"
    return (
        f"From {number(base)}, a {'fall' if falls else 'change'} of {stated.words('%')} would give {would_be}; "
        f"{number(current)} was stated{recomputed}."
    )


def _multiple(claim: Claim) -> str | None:
    counts = _counts(claim)
    if counts is None or claim.change is None or claim.change.times is None:
        return None
    current, base = counts
    if base == 0:
        return "The baseline is 0, and nothing is a multiple of 0."
    stated = claim.change.times
    if stated.holds(Fraction(current, base)):
        return None
    return (
        f"From {number(base)}, {stated.words(' times as many')} would give {stated.bounding(base * stated.number)}; "
        f"{number(current)} was stated."
    )


def _direction(claim: Claim) -> str | None:
    counts = _counts(claim)
    if counts is None or claim.change is None or claim.change.direction is None:
        return None
    current, base = counts
    more = claim.change.direction == "up"
    if (current > base) if more else (current < base):
        return None
    return f"{number(current)} is not {'more' if more else 'fewer'} than {number(base)}, though a {'rise' if more else 'fall'} was stated."


def _sum(claim: Claim) -> str | None:
    if not claim.parts or claim.current is None or claim.current.value is None:
        return None
    total = sum(part.value for part in claim.parts)
    if total == claim.current.value:
        return None
    return f"The parts add up to {number(total)}; {number(claim.current.value)} was stated."


def _rate(claim: Claim) -> str | None:
    if claim.rate is None or claim.current is None or claim.current.value is None:
        return None
    period, per = claim.current.period, claim.rate.per
    units = {"day": Fraction(days(period)), "week": Fraction(days(period), 7), "month": Fraction(period.months)}[per]
    actual = claim.current.value / units
    if claim.rate.value.holds(actual):
        return None
    spell = f"{period.months} months" if per == "month" else f"{days(period)} days"
    return (
        f"{number(claim.current.value)} in {spell} is {number(float(actual), 2)} a {per}; "
        f"{claim.rate.value.words('')} was stated."
    )


def _share(claim: Claim) -> str | None:
    share = claim.share
    if share is None or share.base is None:
        return None
    if share.whole is not None and share.whole < share.base:
        return f"{number(share.base)} cannot be some of {number(share.whole)}."
    if share.count is None:
        return None
    if share.base == 0:
        return "The share is of 0, and nothing is a share of 0."
    actual = Fraction(share.count) * 100 / share.base
    if share.percent.holds(actual):
        return None
    recomputed = "" if share.base < SMALL else f" ({number(float(actual), 2)}%)"
    would_be = share.percent.bounding(share.base * share.percent.number / 100)
    return f"Of {number(share.base)}, {share.percent.words('%')} would be {would_be}; {number(share.count)} was stated{recomputed}."


CHECKS = (_percentage, _multiple, _direction, _sum, _rate, _share)


def _counts(claim: Claim) -> tuple[int, int] | None:
    """Return the current and the baseline count, if both are stated."""
    if claim.current is None or claim.baseline is None:
        return None
    if claim.current.value is None or claim.baseline.value is None:
        return None
    return claim.current.value, claim.baseline.value


def _crosses_break(claim: Claim) -> bool:
    return bool(claim.periods and claim.counted_as.breaks_within(*claim.periods))
