"""The months that words of a text may name, once it is known what they lean on: the day of publication, other periods, a law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.claims.spans import Span
from analysis.terms.periods import Month, Period, financial_year_of

LOCKDOWN = Month(2020, 4)
_STALE = 18  # months after which a period that a text names is not "the past year"


@dataclass(frozen=True)
class Leaning:
    """What words for a period may lean on.

    Attributes
    ----------
    published
        The month of publication, if known.
    known
        Periods that the text names outright, by their end.
    anchor
        For words such as "the year before": the period that they are said of.
    law
        When what is counted became an offence, if that is known.
    """

    published: Month | None = None
    known: tuple[Period, ...] = ()
    anchor: Period | None = None
    law: Month | None = None


def months(span: Span, on: Leaning) -> tuple[Period, ...]:
    """Return the periods that the words may name, the likeliest first; none where the text does not tell.

    Examples
    --------
    >>> from analysis.claims.spans import RULES, read
    >>> rule = next(rule for rule in RULES if rule.name == "past year")
    >>> match = rule.pattern.search("in the last year")
    >>> [str(period) for period in months(read(rule, match), Leaning(Month(2023, 8)))]
    ['2022-04..2023-03', '2022-07..2023-06', '2022-01..2022-12']
    """
    return tuple(dict.fromkeys(_READERS[span.relation](span, on)))


def usual(published: Month | None) -> tuple[Period, ...]:
    """Return the years that a text may mean that names none: the last financial and calendar year, the last four quarters."""
    if published is None:
        return ()
    last = published.shift(-3 - (published.month - 1) % 3 + 2)
    years = (
        financial_year_of(published.shift(-12)),
        *_to(last, 12),
        Period(Month(published.year - 1, 1), Month(published.year - 1, 12)),
    )
    return tuple(dict.fromkeys(years))


_Read = Callable[[Span, Leaning], list[Period]]


def _beside(read: Callable[[Span, Period], list[Period]]) -> _Read:
    """Return a reader of words that lean on another period."""
    return lambda span, on: read(span, on.anchor) if on.anchor else []


def _before_publication(read: Callable[[Span, Month], list[Period]]) -> _Read:
    """Return a reader of words that lean on the month of publication."""
    return lambda span, on: read(span, on.published) if on.published else []


def _from(first: Month, length: int) -> list[Period]:
    return [Period(first, first.shift(length - 1))] if length else []


def _to(last: Month, length: int) -> list[Period]:
    return [Period(last.shift(1 - length), last)] if length else []


def _since(span: Span, on: Leaning) -> list[Period]:
    """Read "since April 2013": to the end of a period that the text names, or to the last month before publication."""
    first = span.begins.first if span.begins else on.law
    if first is None:
        return []
    ends = [period.last for period in reversed(on.known) if period.last > first][:1]
    ends += [on.published.shift(-1)] if on.published else []
    return [Period(first, last) for last in ends if first <= last]


def _past(span: Span, on: Leaning) -> list[Period]:
    """Read "in the past year": a period of that length that the text names, or the last complete financial year."""
    now, length = on.published, span.months
    known = [period for period in on.known if now is None or now.ordinal - period.last.ordinal <= _STALE]
    close = [p for p in known if abs(p.months - length) < 12 and (length > 12 or p.months <= 12)]
    ends = [known[-1].last] if known else []
    if now:
        year = [financial_year_of(now.shift(-12)).last, Month(now.year - 1, 12)] if length % 12 == 0 else []
        ends += [*year[:1], now.shift(-1 - (now.month - 1) % 3), *year[1:]]
    return [*reversed(close), *(period for last in ends for period in _to(last, length))]


def _this_year(_: Span, now: Month) -> list[Period]:
    last = now.shift(-1)
    return [Period(first, last) for first in sorted({financial_year_of(last).first, Month(last.year, 1)})]


def _last(span: Span, now: Month) -> list[Period]:
    """Read "the year to June", "between April and December last year": the last such months before publication."""
    last = Month(now.year, span.ends).shift(span.moved)
    found = _to(last if last < now else last.shift(-12), span.months)
    # "To April" is mostly to its first day.
    return [period.shift(-(span.ends % 3)) for period in found if span.relation == "ending"] + found


def _before(span: Span, anchor: Period) -> list[Period]:
    """Read "the previous year": as long, it ends where the other begins; else that, or the same months a year before."""
    return _to(anchor.first.shift(-1), span.months) + ([anchor.year_before] if anchor.months != span.months else [])


def _later_part(span: Span, anchor: Period) -> list[Period]:
    """Read "in the second" after "the first quarter of 2017/18"."""
    length = span.months or anchor.months
    starts = (financial_year_of(anchor.first).first, Month(anchor.first.year, 1))
    parts = [part for start in starts for part in _from(start.shift(span.moved * length), length)]
    return [part for part in parts if part.first > anchor.first and (span.moved + 1) * length <= 12]


_READERS: dict[str, _Read] = {
    "": lambda span, _: list(span.periods),
    "calendar year": lambda span, _: [*span.periods, *(financial_year_of(p.first.shift(3)) for p in span.periods)],
    "the law": lambda span, on: _from(on.law, span.months) if on.law else [],
    "lockdown": lambda span, _: _from(LOCKDOWN, span.months),
    **dict.fromkeys(("since", "since the law", "since the first year"), _since),
    "past": _past,
    "moved": _beside(lambda span, anchor: [anchor.shift(span.moved)] if span.moved or anchor.months <= 12 else []),
    "same months of": _beside(lambda span, anchor: [anchor.shift(-12 * max(anchor.last.year - span.moved, 1))]),
    **dict.fromkeys(("before", "a year before"), _beside(_before)),
    "after": _beside(lambda span, anchor: _from(anchor.last.shift(1), span.months)),
    "later part": _beside(_later_part),
    "last financial year": _before_publication(lambda _, now: [financial_year_of(now.shift(-12))]),
    "this year": _before_publication(_this_year),
    **dict.fromkeys(("ending", "months"), _before_publication(_last)),
}
