"""The months that words of a text may name, once it is known what they lean on: the day of publication, other periods."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from analysis.claims.spans import Span
from analysis.terms.periods import Month, Period, financial_year_of

LOCKDOWN = Month(2020, 4)
_STALE = 18  # months after which a period that a text names is not "the past year"


@dataclass(frozen=True)
class Context:
    """What words may lean on.

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


@dataclass(frozen=True)
class Time:
    """Words for a period, as found in a sentence."""

    role: str  # as a rule of :mod:`analysis.claims.spans` has it
    span: Span
    text: str

    @property
    def words(self) -> str:
        """The words without the preposition before them."""
        return re.sub(r"^(?:in|of|over|during|within|for|from|between) ", "", self.text.strip(" ,"), flags=re.I)

    @property
    def is_dated(self) -> bool:
        """Whether the words name months or years outright."""
        return self.role == "P" and self.span.relation in {"", "calendar year", "months", "ending", "lockdown"}

    @property
    def described_as(self) -> str | None:
        """The words, where they say something of the months that these may not bear out."""
        return None if self.is_dated or self.role in "ES" else self.words

    @property
    def is_distance(self) -> bool:
        """Whether they can be the time between two counts, not the months of either: "up 80% in the past six years"."""
        is_of_years = self.span.months > 12 and self.span.months % 12 == 0
        return self.role in "LS" or (self.span.relation == "past" and is_of_years)

    def start(self, context: Context) -> tuple[Period, ...]:
        """Return the year with which "since 2017/18" begins, as a baseline; "since April 2013" names none."""
        if self.span.relation == "since the first year":
            return (financial_year_of(context.law),) if context.law else ()
        return self.span.periods

    @property
    def can_be_baseline(self) -> bool:
        """Whether it can be the earlier of two periods: of words for a beginning, "since 2017/18" can."""
        begins_with_year = bool(self.span.periods) or self.span.relation == "since the first year"
        return self.role in "PB" or (self.role == "S" and begins_with_year)

    def months(self, context: Context) -> tuple[Period, ...]:
        """Return the periods that the words may name, the likeliest first; none where the text does not tell.

        Examples
        --------
        >>> from analysis.claims.spans import RULES, read
        >>> rule = next(rule for rule in RULES if rule.name == "past year")
        >>> match = rule.pattern.search("in the last year")
        >>> [str(period) for period in Time(rule.role, read(rule, match), match[0]).months(Context(Month(2023, 8)))]
        ['2022-04..2023-03', '2022-07..2023-06', '2022-01..2022-12']
        """
        return tuple(dict.fromkeys(_READERS[self.span.relation](self.span, context)))


_Read = Callable[[Span, Context], list[Period]]


def _beside(read: Callable[[Span, Period], list[Period]]) -> _Read:
    """Return a reader of words that lean on another period."""
    return lambda span, context: read(span, context.anchor) if context.anchor else []


def _before_publication(read: Callable[[Span, Month], list[Period]]) -> _Read:
    """Return a reader of words that lean on the month of publication."""
    return lambda span, context: read(span, context.published) if context.published else []


def _from(first: Month, months: int) -> list[Period]:
    return [Period(first, first.shift(months - 1))] if months else []


def _to(last: Month, months: int) -> list[Period]:
    return [Period(last.shift(1 - months), last)] if months else []


def _since(span: Span, context: Context) -> list[Period]:
    """Read "since April 2013": to the end of a period that the text names, or to the last month before publication."""
    first = span.begins.first if span.begins else context.law
    if first is None:
        return []
    ends = [period.last for period in reversed(context.known) if period.last > first][:1]
    ends += [context.published.shift(-1)] if context.published else []
    return [Period(first, last) for last in ends if first <= last]


def _past(span: Span, context: Context) -> list[Period]:
    """Read "in the past year": a period of that length that the text names, or the last complete financial year."""
    now, months = context.published, span.months
    known = [period for period in context.known if now is None or now.ordinal - period.last.ordinal <= _STALE]
    close = [p for p in known if abs(p.months - months) < 12 and (months > 12 or p.months <= 12)]
    ends = [known[-1].last] if known else []
    if now:
        year = [financial_year_of(now.shift(-12)).last, Month(now.year - 1, 12)] if months % 12 == 0 else []
        ends += [*year[:1], now.shift(-1 - (now.month - 1) % 3), *year[1:]]
    return [*reversed(close), *(period for last in ends for period in _to(last, months))]


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
    months = span.months or anchor.months
    starts = (financial_year_of(anchor.first).first, Month(anchor.first.year, 1))
    parts = [part for start in starts for part in _from(start.shift(span.moved * months), months)]
    return [part for part in parts if part.first > anchor.first and (span.moved + 1) * months <= 12]


_READERS: dict[str, _Read] = {
    "": lambda span, _: list(span.periods),
    "calendar year": lambda span, _: [*span.periods, *(financial_year_of(p.first.shift(3)) for p in span.periods)],
    "the law": lambda span, context: _from(context.law, span.months) if context.law else [],
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
