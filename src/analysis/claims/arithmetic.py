"""Whether what a claim states follows from the figures that it states: change, sum, rate and share.

Every figure is taken as rounded: a change holds if its base and some percentage that rounds to the stated one give a count
that rounds to the stated one. A sentence says what would follow, and so needs no ratio.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis.claims.amounts import Amount
from analysis.claims.forms import days, spells
from analysis.claims.models import Claim
from analysis.comparison import is_small
from analysis.terms.numbers import number


@dataclass(frozen=True)
class Mistake:
    """A sentence on what does not follow; a remark where it is only cut off instead of rounded."""

    text: str
    is_remark: bool = False


def mistakes(claim: Claim, *, percentages: bool = True) -> list[Mistake]:
    """Return each stated change, sum, rate or share that does not follow from the stated figures.

    Parameters
    ----------
    claim
        What was stated.
    percentages
        Whether a percentage between the two periods may be given.
    """
    return [*_change(claim, percentages=percentages), *_sum(claim), *_rate(claim), *_share(claim)]


def _change(claim: Claim, *, percentages: bool) -> Iterator[Mistake]:
    change, current, base = claim.change, claim.value, claim.base_value
    if change is None or current is None or base is None:
        return
    if base.number == 0 and (change.percent or change.times):
        yield Mistake(f"The baseline is 0, and nothing is a {'percentage' if change.percent else 'multiple'} of 0.")
        return
    if change.percent is not None:
        stated, sign = change.percent, -1 if change.direction == "down" else 1
        low, high = sorted(sign * 100 * (end - 1) for end in _ratio(current, base, rounded=not stated.bound))
        actual = sign * 100 * (current.number / base.number - 1)
        if not _within(stated, low, high):
            would_be = stated.bounding(base.number * (1 + sign * stated.number / 100), falling=sign < 0)
            exact = f" ({number(float(sign * actual), 2)}%)" if percentages and not is_small(int(base.number)) else ""
            yield Mistake(
                f"From {base.stated}, a {'fall' if sign < 0 else 'change'} of {stated.words('%')} would give {would_be}; "
                f"{current.stated} was stated{exact}.",
                is_remark=not stated.bound and 0 <= actual - stated.number < 2 * stated.half_unit,
            )
    if change.times is not None and not _within(change.times, *_ratio(current, base, rounded=not change.times.bound)):
        would_be = change.times.bounding(base.number * change.times.number)
        times = change.times.words(" times as many")
        yield Mistake(f"From {base.stated}, {times} would give {would_be}; {current.stated} was stated.")
    if change.direction is not None:
        low, high = _ratio(current, base)
        more = change.direction == "up"
        if high <= 1 if more else low >= 1:
            yield Mistake(
                f"{current.stated} is not {'more' if more else 'fewer'} than {base.stated}, though a {'rise' if more else 'fall'} was stated."
            )


def _sum(claim: Claim) -> Iterator[Mistake]:
    if not claim.parts or claim.value is None:
        return
    low, high = (sum((ends[i] for part in claim.parts if (ends := _range(part.value))), Fraction(0)) for i in (0, 1))
    if not _within(claim.value, low, high):
        total = number(int(sum(part.value.number for part in claim.parts)))
        yield Mistake(f"The parts add up to {total}; {claim.value.stated} was stated.")


def _rate(claim: Claim) -> Iterator[Mistake]:
    if claim.rate is None or claim.current is None or claim.value is None:
        return
    period, per = claim.current.period, claim.rate.per
    units = spells(period)[per]
    low, high = _range(claim.value)
    if not _within(claim.rate.value, low / units, high / units):
        spell = f"{period.months} months" if per == "month" else f"{days(period)} days"
        actual = number(float(claim.value.number / units), 2)
        yield Mistake(f"{claim.value.stated} in {spell} is {actual} a {per}; {claim.rate.value.words('')} was stated.")


def _share(claim: Claim) -> Iterator[Mistake]:
    share = claim.share
    if share is None or share.base is None:
        return
    if share.whole is not None and share.whole < share.base:
        yield Mistake(f"{number(share.base)} cannot be some of {number(share.whole)}.")
    elif share.count is not None and share.base == 0:
        yield Mistake("The share is of 0, and nothing is a share of 0.")
    elif share.count is not None:
        half = Fraction(0) if share.percent.bound else Fraction(1, 2)
        low, high = (100 * (share.count + sign * half) / share.base for sign in (-1, 1))
        if not _within(share.percent, low, high):
            exact = "" if is_small(share.base) else f" ({number(100 * share.count / share.base, 2)}%)"
            would_be = share.percent.bounding(share.base * share.percent.number / 100)
            yield Mistake(
                f"Of {number(share.base)}, {share.percent.words('%')} would be {would_be}; {number(share.count)} was stated{exact}."
            )


def _range(count: Amount, *, rounded: bool = False) -> tuple[Fraction, Fraction]:
    """Return the ends of what a count may have been: exact, unless it is taken as rounded."""
    return (count if rounded else replace(count, half_unit=Fraction(0))).ends(least=0)


def _ratio(current: Amount, base: Amount, *, rounded: bool = False) -> tuple[Fraction, Fraction]:
    (low, high), (least, most) = _range(current, rounded=rounded), _range(base)
    return low / most if most else Fraction(10**9), high / least if least else Fraction(10**9)


def _within(stated: Amount, low: Fraction, high: Fraction) -> bool:
    """Say whether some amount between two is what was stated."""
    return stated.holds(low) or stated.holds(high) or low <= stated.number <= high
