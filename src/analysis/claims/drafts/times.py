"""The months that words of a text may name, once it is known what they lean on: the day of publication, other periods."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from analysis.claims.spans import Rule, Span
from analysis.terms.periods import Month, Period, financial_year_of

LAW = Month(2017, 4)  # sexual communication with a child became an offence
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
    """

    published: Month | None = None
    known: tuple[Period, ...] = ()
    anchor: Period | None = None


@dataclass(frozen=True)
class Time:
    """Words for a period, as found in a sentence."""

    rule: Rule
    span: Span
    text: str

    @property
    def role(self) -> str:
        """What the words can be: see :class:`analysis.claims.spans.Rule`."""
        return self.rule.role

    @property
    def words(self) -> str:
        """The words without the preposition before them."""
        return re.sub(r"^(?:in|over|during|within|for|from|between) ", "", self.text.strip(" ,"), flags=re.I)

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
        return self.role in "LS" or (
            self.span.relation == "past" and self.span.months > 12 and self.span.months % 12 == 0
        )

    @property
    def start(self) -> tuple[Period, ...]:
        """The year with which "since 2017/18" begins, as a baseline; "since April 2013" names none."""
        return (financial_year_of(LAW),) if self.span.relation == "since the first year" else self.span.periods

    @property
    def can_be_baseline(self) -> bool:
        """Whether it can be the earlier of two periods: of words for a beginning, "since 2017/18" can."""
        return self.role in "PB" or (self.role == "S" and bool(self.start))

    def months(self, context: Context) -> tuple[Period, ...]:
        """Return the periods that the words may name, the likeliest first; none where the text does not tell.

        Examples
        --------
        >>> from analysis.claims.spans import RULES
        >>> rule = next(rule for rule in RULES if rule.name == "past year")
        >>> match = rule.pattern.search("in the last year")
        >>> [str(period) for period in Time(rule, rule.read(match), match[0]).months(Context(Month(2023, 8)))]
        ['2022-04..2023-03', '2022-07..2023-06', '2022-01..2022-12']
        """
        return tuple(dict.fromkeys(_MONTHS[self.span.relation](self.span, context)))


def _outright(span: Span, _: Context) -> list[Period]:
    return list(span.periods)


def _calendar_year(span: Span, _: Context) -> list[Period]:
    return [*span.periods, *(financial_year_of(year.first.shift(3)) for year in span.periods)]


def _from(start: Month) -> Callable[[Span, Context], list[Period]]:
    return lambda span, _: [Period(start, start.shift(span.months - 1))] if span.months else []


def _since(span: Span, context: Context) -> list[Period]:
    """Read "since April 2013": to the end of a period that the text names, or to the last month before publication."""
    first = span.begins.first if span.begins else LAW
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
    return [*reversed(close), *(Period(last.shift(1 - months), last) for last in ends if months)]


def _last_financial_year(_: Span, context: Context) -> list[Period]:
    return [financial_year_of(context.published.shift(-12))] if context.published else []


def _this_year(_: Span, context: Context) -> list[Period]:
    if context.published is None:
        return []
    last = context.published.shift(-1)
    return [Period(first, last) for first in sorted({financial_year_of(last).first, Month(last.year, 1)})]


def _ending(span: Span, context: Context) -> list[Period]:
    """Read "the year to June": the last June before publication."""
    if context.published is None or not span.months:
        return []
    last = Month(context.published.year, span.ends)
    last = last if last < context.published else last.shift(-12)
    period = Period(last.shift(1 - span.months), last)
    return [period.shift(-(last.month % 3)), period]  # "to April" is mostly to its first day


def _months(span: Span, context: Context) -> list[Period]:
    """Read "between April and December last year"."""
    if context.published is None:
        return []
    last = Month(context.published.year, span.ends).shift(span.moved)
    last = last if last < context.published else last.shift(-12)
    return [Period(last.shift(1 - span.months), last)]


def _moved(span: Span, context: Context) -> list[Period]:
    is_year = context.anchor is not None and (span.moved or context.anchor.months <= 12)
    return [context.anchor.shift(span.moved)] if context.anchor and is_year else []


def _same_months_of(span: Span, context: Context) -> list[Period]:
    if context.anchor is None:
        return []
    return [context.anchor.shift(-12 * max(context.anchor.last.year - span.moved, 1))]


def _before(span: Span, context: Context) -> list[Period]:
    """Read "the previous year": as long, it ends where the other begins; else that, or the same months a year before."""
    if context.anchor is None or not span.months:
        return []
    last = context.anchor.first.shift(-1)
    adjoining = Period(last.shift(1 - span.months), last)
    return [adjoining] if context.anchor.months == span.months else [adjoining, context.anchor.year_before]


def _after(span: Span, context: Context) -> list[Period]:
    if context.anchor is None or not span.months:
        return []
    first = context.anchor.last.shift(1)
    return [Period(first, first.shift(span.months - 1))]


def _later_part(span: Span, context: Context) -> list[Period]:
    """Read "in the second" after "the first quarter of 2017/18"."""
    if context.anchor is None:
        return []
    months = span.months or context.anchor.months
    starts = (financial_year_of(context.anchor.first).first, Month(context.anchor.first.year, 1))
    parts = [Period(s.shift(span.moved * months), s.shift((span.moved + 1) * months - 1)) for s in starts]
    return [part for part in parts if part.first > context.anchor.first and (span.moved + 1) * months <= 12]


_MONTHS: dict[str, Callable[[Span, Context], list[Period]]] = {
    "": _outright,
    "calendar year": _calendar_year,
    "the law": _from(LAW),
    "lockdown": _from(LOCKDOWN),
    "since": _since,
    "since the law": _since,
    "since the first year": _since,
    "past": _past,
    "last financial year": _last_financial_year,
    "this year": _this_year,
    "ending": _ending,
    "months": _months,
    "moved": _moved,
    "same months of": _same_months_of,
    "before": _before,
    "a year before": _before,
    "after": _after,
    "later part": _later_part,
}
