"""The months that words may name: what the rules for periods call once they have found their words.

Each takes the match of a rule and what the words lean on. A reading of several periods, or one that is not sure, is for
a person to confirm; words that do not tell give no period, and why.
"""

from __future__ import annotations

import calendar
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

from analysis.claims.drafts.fields import Reading
from analysis.claims.drafts.numerals import value
from analysis.terms.offences import OFFENCES
from analysis.terms.periods import MONTHS, Month, Period, financial_year_of

NO_DATE = "needs the publication date; give it with --published"
LAW = OFFENCES["88A"].breaks[0].month
LOCKDOWN = Month(2020, 4)
MONTH_NAMES = {n: i for i, month in enumerate(MONTHS, 1) for n in (month.casefold(), month[:3].casefold())} | {
    "sept": 9
}
_STALE = 18  # months after which a period that a text names is not "the past year"
_LENGTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}
_ORDINALS = {"first": 0, "opening": 0, "one": 0, "1": 0, "second": 1, "two": 1, "2": 1, "third": 2, "three": 2, "3": 2, "fourth": 3, "four": 3, "4": 3}  # fmt: skip


@dataclass(frozen=True)
class Context:
    """What words may lean on.

    Attributes
    ----------
    published
        The month of publication, if known.
    known
        Periods that the text names outright, in their order.
    anchor
        For a baseline: the current period, as far as it is read.
    anchor_is_sure
        Whether that is beyond doubt.
    """

    published: Month | None = None
    known: tuple[Period, ...] = ()
    anchor: Period | None = None
    anchor_is_sure: bool = True


Reader = Callable[[re.Match[str], Context], Reading]


def month_range(match: re.Match[str], context: Context) -> Reading:
    """Read "between April 1 and December 31 last year", "April 2017 to March 2018", "Apr-Jun 2020"."""
    said = match.groupdict()
    year, last_year = said["year"], said["last_year"]
    is_certain = bool(last_year)
    if not last_year:
        if context.published is None:
            return Reading(note=NO_DATE)
        guess = context.published.year - ((said["when"] or "").casefold() == "last year")
        late = not said["when"] and _month(said["last_month"], guess) >= context.published
        last_year = guess - late
    last = _month(said["last_month"], last_year)
    first = _month(said["month"], year or last_year)
    if not year and first > last:
        first = first.shift(-12)
    if last < first:
        return Reading(note="ends before it begins in the text")
    whole = Period(first, last)
    day, last_day = said["day"] or said["day_after"], said["last_day"] or said["last_day_after"]
    if first.month == last.month and first != last and last_day is None:
        return Reading((Period(first, last.shift(-1)), whole))  # "April 2018 to April 2019" is mostly a year
    if last_day == "1" and first < last:
        return Reading((Period(first, last.shift(-1)), whole))
    full = day in {None, "1"} and last_day in {None, str(calendar.monthrange(*last)[1])}
    return Reading((whole,), is_sure=full and is_certain)


def months_listed(match: re.Match[str], _: Context) -> Reading:
    """Read "April, May and June 2017"."""
    *names, year = re.findall(r"[A-Za-z]{3,}|\d{4}", re.sub(r"\b(?:and|in|during|over)\b", "", match[0]))
    months = [_month(name, year) for name in names]
    if any(later != earlier.shift(1) for earlier, later in itertools.pairwise(months)):
        return Reading(note="the months do not follow on each other")
    return Reading((Period(months[0], months[-1]),), is_sure=True)


def months_to(match: re.Match[str], context: Context) -> Reading:
    """Read "the year to June 2017", "the 18 months ending in September"."""
    said = match.groupdict()
    months = (value(said["count"]) or 0 if said["count"] else 1) * _LENGTHS[said["unit"].casefold()]
    if not months:
        return Reading(note="the length is not read")
    if said["last_year"]:
        last = _month(said["last_month"], said["last_year"])
    elif context.published:
        last = _month(said["last_month"], context.published.year)
        last = last if last < context.published else last.shift(-12)
    else:
        return Reading(note=NO_DATE)
    period = Period(last.shift(1 - months), last)
    if last.month % 3:
        return Reading((period.shift(-(last.month % 3)), period))  # "to April 2019" is mostly to its first day
    return Reading((period,), is_sure=bool(said["last_year"]))


def months_from(match: re.Match[str], _: Context) -> Reading:
    """Read "the year from 3 April 2017"."""
    first = _month(match["month"], match["year"])
    return Reading((Period(first, first.shift(_length(match["count"], match["unit"]) - 1)),))


def part_of_year(match: re.Match[str], _: Context) -> Reading:
    """Read "the first three months of 2021", "quarter one of 2023/24", "the second half of 2019"."""
    said = match.groupdict()
    year = year_named(said["year"], said["end"])
    if not year.periods:
        return year
    unit = (said["unit"] or "quarter").casefold()
    count = value(said["count"]) if said["count"] else 1
    length = (count or 1) * _LENGTHS[unit]
    place = said["place"].casefold()
    from_end = place in {"last", "final", "closing"}
    skipped = 12 - length if from_end else _ORDINALS[place] * length
    if not 0 <= skipped <= 12 - length:
        return Reading(note="the part of the year is not read")
    of_months = not said["end"] and bool(said["count"])
    periods = [Period(y.first.shift(skipped), y.first.shift(skipped + length - 1)) for y in year.periods]
    if of_months:  # "the first three months of 2021" are January to March
        periods = periods[-1:]
    return Reading(tuple(reversed(periods)), is_sure=len(periods) == 1)


def later_part(match: re.Match[str], context: Context) -> Reading:
    """Read "in the second", after "the first quarter of 2017/18": a later part of the same year, and as long."""
    if context.anchor is None:
        return Reading(note="a part of a year that is not known")
    length = _LENGTHS[match["unit"].casefold()] if match["unit"] else context.anchor.months
    skipped = _ORDINALS[match["place"].casefold()] * length
    if skipped > 12 - length:
        return Reading(note="the part of the year is not read")
    years = (financial_year_of(context.anchor.first).first, Month(context.anchor.first.year, 1))
    parts = (Period(first.shift(skipped), first.shift(skipped + length - 1)) for first in years)
    later = tuple(dict.fromkeys(part for part in parts if part.first > context.anchor.first))
    return Reading(later, note="" if later else "the part of the year is not read")


def year_named(year: str, end: str | None) -> Reading:
    """Read "2017/18" and, without its end, "2017": a financial year or a calendar year."""
    start = int(year) if len(year) == 4 else 2000 + int(year)
    if not end:
        return Reading((financial_year_of(Month(start, 4)), Period(Month(start, 1), Month(start, 12))))
    if (start + 1) % 100 != int(end) % 100:
        return Reading(note=f"{year}/{end} is no financial year")
    return Reading((financial_year_of(Month(start, 4)),), is_sure=True)


def financial_year(match: re.Match[str], _: Context) -> Reading:
    """Read "in 2016/17"."""
    return year_named(match["year"], match["end"])


def bare_year(match: re.Match[str], _: Context) -> Reading:
    """Read "in 2016": likelier the calendar year."""
    return Reading(tuple(reversed(year_named(match["year"], None).periods)))


def calendar_year(match: re.Match[str], _: Context) -> Reading:
    """Read "the calendar year 2016"."""
    year = int(match["year"] or match["year_before"])
    return Reading((Period(Month(year, 1), Month(year, 12)),), is_sure=True)


def years_range(match: re.Match[str], _: Context) -> Reading:
    """Read "between 2013/14 and 2016/17" as the whole of it; see :meth:`analysis.claims.drafts.times.Time.ends`."""
    first, last = (
        year_named(match["year"], match["end"]),
        year_named(match["last_year"], match["last_end"]),
    )
    if not (first.periods and last.periods) or last.periods[-1].last < first.periods[-1].first:
        return Reading(note="the years are not read")
    spans = tuple(Period(a.first, b.last) for a, b in zip(first.periods, last.periods, strict=False))
    return Reading(spans, is_sure=first.is_sure and last.is_sure)


def single_month(match: re.Match[str], _: Context) -> Reading:
    """Read "in March 2018"."""
    month = _month(match["month"], match["year"])
    return Reading((Period(month, month),), is_sure=True)


def since_date(match: re.Match[str], context: Context) -> Reading:
    """Read "since April 2013": to the end of a period that the text names, or to the month before publication."""
    year = int(match["year"])
    return _from(_month(match["month"], year) if match["month"] else Month(year, 4 if match["end"] else 1), context)


def since_law(match: re.Match[str], context: Context) -> Reading:
    """Read "since the new offence came into force (in April 2017)"."""
    said = match.groupdict()
    return _from(_month(said["month"], said["year"]) if said.get("month") else LAW, context)


def first_of(start: Month) -> Reader:
    """Return a reader for the first months of a law or of the lockdown."""

    def read(match: re.Match[str], _: Context) -> Reading:
        said = match.groupdict()
        count, unit = said["count"] or said.get("count_after"), said["unit"] or said.get("unit_after") or "year"
        return Reading((Period(start, start.shift(_length(count, unit) - 1)),))

    return read


def past(match: re.Match[str], context: Context) -> Reading:
    """Read "in the past year", "over five years": every period of that length that may be meant."""
    months = _length(match["count"], match["unit"])
    known = [
        p for p in context.known if context.published is None or context.published.ordinal - p.last.ordinal <= _STALE
    ]
    close = [p for p in known if abs(p.months - months) < 12 and (months > 12 or p.months <= 12)]
    periods = list(reversed(close))
    if known:
        periods.append(_ending(known[-1].last, months))
    if context.published:
        periods.append(_ending(context.published.shift(-1), months))
        periods.append(_ending(context.published.shift(-1 - (context.published.month - 1) % 3), months))
        if months % 12 == 0:
            periods.append(_ending(Month(context.published.year - 1, 12), months))
            periods.append(_ending(financial_year_of(context.published.shift(-12)).last, months))
    return Reading(tuple(dict.fromkeys(periods)), note="" if periods else NO_DATE)


def last_financial_year(_: re.Match[str], context: Context) -> Reading:
    """Read "in the last financial year": the last that had ended before the month of publication."""
    if context.published is None:
        return Reading(note=NO_DATE)
    return Reading((financial_year_of(context.published.shift(-12)),))


def this_year(_: re.Match[str], context: Context) -> Reading:
    """Read "so far this year"."""
    if context.published is None:
        return Reading(note=NO_DATE)
    last = context.published.shift(-1)
    starts = {financial_year_of(last).first, Month(last.year, 1)}
    return Reading(tuple(Period(first, last) for first in sorted(starts) if first <= last))


def same_months(match: re.Match[str], context: Context) -> Reading:
    """Read "the same months a year earlier", "the same period of 2016"."""
    if context.anchor is None:
        return Reading(note="the same months of an earlier year; the text does not say which")
    back = 1 if not match["year"] else context.anchor.last.year - int(match["year"])
    return Reading((context.anchor.shift(-12 * max(back, 1)),), is_sure=context.anchor_is_sure)


def before(match: re.Match[str], context: Context) -> Reading:
    """Read "the previous year", "the 12 months before"."""
    if context.anchor is None:
        return Reading(note="before the current period, which is not known")
    said = match.groupdict()
    of_months = said.get("count_before")
    months = _length(of_months, "month") if of_months else _length(said.get("count"), said.get("unit") or "year")
    if context.anchor.months == months:
        return Reading((context.anchor.shift(-months),), is_sure=context.anchor_is_sure)
    earlier = _ending(context.anchor.first.shift(-1), months)
    return Reading(tuple(dict.fromkeys((earlier, context.anchor.year_before))))


def years_before(match: re.Match[str], context: Context) -> Reading:
    """Read "five years earlier"."""
    if context.anchor is None:
        return Reading(note="before the current period, which is not known")
    return Reading((context.anchor.shift(-12 * (value(match["count"]) or 1)),))


def after(match: re.Match[str], context: Context) -> Reading:
    """Read "the following year", "the next six months"."""
    if context.anchor is None:
        return Reading(note="after a period that is not known")
    first = context.anchor.last.shift(1)
    return Reading((Period(first, first.shift(_length(match["count"], match["unit"]) - 1)),))


def that_year(_: re.Match[str], context: Context) -> Reading:
    """Read "that year"."""
    if context.anchor is None or context.anchor.months > 12:
        return Reading(note="a year that is not known")
    return Reading((context.anchor,))


def year_later(_: re.Match[str], context: Context) -> Reading:
    """Read "a year later"."""
    if context.anchor is None:
        return Reading(note="after a period that is not known")
    return Reading((context.anchor.shift(12),))


def nothing(_: re.Match[str], __: Context) -> Reading:
    """Read what is no period of counting."""
    return Reading(note="no period")


def _month(name: str, year: str | int) -> Month:
    return Month(int(year), MONTH_NAMES[name.casefold()])


def _from(first: Month, context: Context) -> Reading:
    ends = [period.last for period in reversed(context.known) if period.last > first]
    if context.published:
        ends.append(context.published.shift(-1))
    periods = tuple(dict.fromkeys(Period(first, last) for last in ends[:1] + ends[-1:] if first <= last))
    return Reading(periods, note="" if periods else f"begins in {first.words}; the text does not say when it ends")


def _ending(last: Month, months: int) -> Period:
    return Period(last.shift(1 - months), last)


def _length(count: str | None, unit: str) -> int:
    return (value(count) or 1 if count else 1) * _LENGTHS[unit.casefold()]
