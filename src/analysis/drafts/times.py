"""Periods as the press names them, and which months each may mean.

The table of rules is the grammar. A rule that gives several periods, or one that is not certain, is for a person to
confirm; words that no rule knows give no period.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass

from analysis.drafts.fields import Reading
from analysis.drafts.numerals import NUMBER, value
from analysis.offences import OFFENCES
from analysis.periods import MONTHS, Month, Period, financial_year_of

NO_DATE = "needs the publication date; give it with --published"


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


@dataclass(frozen=True)
class Rule:
    """Words for a period.

    Attributes
    ----------
    name
        What the words are.
    role
        ``current`` for a period of its own; ``baseline`` for one before another; ``ends`` for two that a change lies
        between; ``since`` for a beginning; ``span`` for a length; ``none`` for what is no period of counting.
    pattern
        The words.
    read
        Gives the months from the words and what they lean on.
    example, gives
        A phrase, and what it is read as when published in April 2018 beside April to December 2017.
    """

    name: str
    role: str
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Context], Reading]
    example: str
    gives: str


@dataclass(frozen=True)
class Time:
    """Words for a period, as found in a sentence."""

    rule: Rule
    match: re.Match[str]

    @property
    def words(self) -> str:
        """The words without the preposition before them."""
        return re.sub(r"^(?:in|over|during|within|for|from|between) ", "", self.match[0].strip(" ,"), flags=re.I)

    @property
    def role(self) -> str:
        """What the words can be: see :class:`Rule`."""
        return self.rule.role

    def read(self, context: Context) -> Reading:
        """Return the months that the words may name."""
        return self.rule.read(self.match, context)

    def ends(self) -> tuple[Reading, Reading]:
        """Return the two periods that a change lies between."""
        first, last = self.match.groups()[:2], self.match.groups()[2:4]
        return _year_named(first[0], first[1] or None), _year_named(last[0], last[1] or None)

    def start(self) -> Reading:
        """Return the financial year that "since 2017/18" begins with."""
        return _year_named(self.match[2], self.match[3])


_NAMES = {name: i for i, month in enumerate(MONTHS, 1) for name in (month.casefold(), month[:3].casefold())} | {
    "sept": 9
}
_M = rf"({'|'.join(sorted(_NAMES, key=len, reverse=True))})\.?"
_Y = r"((?:19|20)\d\d)"
_D = r"(?:(?:the )?(?:(\d{1,2})(?:st|nd|rd|th)?|end|start|beginning)(?: of)? )?"
_FY = r"((?:19|20)\d\d)[/-](\d\d\d\d|\d\d)(?![\d-])"
_IN = r"(?:\b(?:in|over|during|within|for|from) )?(?:just |only |the |a |whole of the )*"
_LAW = OFFENCES["88A"].breaks[0].month
_LOCKDOWN = Month(2020, 4)
_NEW_LAW = r"(?:the |this |a )?(?:new |law's |offence's )*(?:offence|law|legislation|crime|act|rules)"


def _month(name: str, year: str) -> Month:
    return Month(int(year), _NAMES[name.casefold()])


def _range(match: re.Match[str], _: Context) -> Reading:
    day, name, year, last_day, last_name, last_year = match.groups()
    last = _month(last_name, last_year)
    first = _month(name, year or last_year)
    if year is None and first > last:
        first = first.shift(-12)
    if last < first:
        return Reading(note="ends before it begins in the text")
    whole = Period(first, last)
    if first.month == last.month and first != last and last_day is None:
        return Reading((Period(first, last.shift(-1)), whole))
    if day in {None, "1"} and last_day in {None, str(calendar.monthrange(*last)[1])}:
        return Reading((whole,), is_sure=True)
    if last_day == "1" and first < last:
        return Reading((Period(first, last.shift(-1)), whole))
    return Reading((whole,))


def _listed(match: re.Match[str]) -> Reading:
    first, last, year = match[1], match[4], match[5]
    months = (
        Period(_month(first, year), _month(last, year)) if _NAMES[first.casefold()] < _NAMES[last.casefold()] else None
    )
    named = len(re.findall(_M, match[0], re.IGNORECASE))
    if months is None or months.months != named:
        return Reading(note="the months do not follow on each other")
    return Reading((months,), is_sure=True)


def _range_last_year(match: re.Match[str], context: Context) -> Reading:
    name, last_name, when = match.groups()
    if context.published is None:
        return Reading(note=NO_DATE)
    year = context.published.year - (when is not None and when.casefold() == "last year")
    last = _month(last_name, str(year))
    if last >= context.published:
        last = last.shift(-12)
    first = _month(name, str(last.year))
    return Reading((Period(first if first <= last else first.shift(-12), last),))


def _months_to(match: re.Match[str], context: Context) -> Reading:
    count, unit, _, name, year = match.groups()
    months = (value(count) or 0 if count else 1) * {"month": 1, "year": 12, "quarter": 3}[unit.casefold()]
    if not months:
        return Reading(note="the length is not read")
    if year:
        last = _month(name, year)
    elif context.published:
        last = _month(name, str(context.published.year))
        last = last if last < context.published else last.shift(-12)
    else:
        return Reading(note=NO_DATE)
    period = Period(last.shift(1 - months), last)
    if last.month % 3:
        return Reading((period.shift(-(last.month % 3)), period))  # "to April 2019" is mostly to its first day
    return Reading((period,), is_sure=bool(year))


def _year_named(year: str, end: str | None) -> Reading:
    start = int(year)
    if end is None:
        calendar_year = Period(Month(start, 1), Month(start, 12))
        return Reading((financial_year_of(Month(start, 4)), calendar_year))
    if (start + 1) % 100 != int(end) % 100:
        return Reading(note=f"{year}/{end} is no financial year")
    return Reading((financial_year_of(Month(start, 4)),), is_sure=True)


def _years_range(match: re.Match[str], _: Context) -> Reading:
    first, last = _year_named(match[1], match[2]), _year_named(match[3], match[4])
    if not (first.periods and last.periods) or last.periods[-1].last < first.periods[-1].first:
        return Reading(note="the years are not read")
    spans = tuple(Period(a.first, b.last) for a, b in zip(first.periods, last.periods, strict=False))
    return Reading(spans, is_sure=first.is_sure and last.is_sure)


def _since(match: re.Match[str], context: Context) -> Reading:
    name, year, end = match.groups()
    first = _month(name, year) if name else Month(int(year), 4 if end else 1)
    return _from(first, context)


def _since_law(match: re.Match[str], context: Context) -> Reading:
    name, year = match.groups()
    return _from(_month(name, year) if name else _LAW, context)


def _from(first: Month, context: Context) -> Reading:
    ends = [period.last for period in reversed(context.known) if period.last > first]
    if context.published:
        ends.append(context.published.shift(-1))
    periods = tuple(dict.fromkeys(Period(first, last) for last in ends[:1] + ends[-1:] if first <= last))
    return Reading(periods, note="" if periods else f"begins in {first.words}; the text does not say when it ends")


def _first_of_law(match: re.Match[str], _: Context) -> Reading:
    months = _length(match[1], match[2])
    return Reading((Period(_LAW, _LAW.shift(months - 1)),))


def _first_of_lockdown(match: re.Match[str], _: Context) -> Reading:
    months = _length(match[1], match[2])
    return Reading((Period(_LOCKDOWN, _LOCKDOWN.shift(months - 1)),))


def _length(count: str | None, unit: str) -> int:
    return (value(count) or 1 if count else 1) * {"month": 1, "year": 12, "decade": 120, "quarter": 3}[unit.casefold()]


def _same_months(match: re.Match[str], context: Context) -> Reading:
    if context.anchor is None:
        return Reading(note="the same months of an earlier year; the text does not say which")
    back = 1 if match[1] is None else context.anchor.last.year - int(match[1])
    return Reading((context.anchor.shift(-12 * max(back, 1)),), is_sure=context.anchor_is_sure)


def _year_before(match: re.Match[str], context: Context) -> Reading:
    anchor = context.anchor
    if anchor is None:
        return Reading(note="before the current period, which is not known")
    if anchor.months == _length(match[1], match[2] or "year"):
        return Reading((anchor.shift(-anchor.months),), is_sure=context.anchor_is_sure)
    months = _length(match[1], match[2] or "year")
    before = Period(anchor.first.shift(-months), anchor.first.shift(-1))
    return Reading(tuple(dict.fromkeys((before, anchor.year_before))))


def _years_before(match: re.Match[str], context: Context) -> Reading:
    if context.anchor is None:
        return Reading(note="before the current period, which is not known")
    return Reading((context.anchor.shift(-12 * (value(match[1]) or 1)),))


def _past(match: re.Match[str], context: Context) -> Reading:
    months = _length(match[1], match[2])
    close = [p for p in context.known if abs(p.months - months) < 12 and (months > 12 or p.months <= 12)]
    periods = list(reversed(close))
    if context.known:
        last = context.known[-1].last
        periods.append(Period(last.shift(1 - months), last))
    if context.published:
        periods.append(_ending(context.published.shift(-1), months))
        quarter = context.published.shift(-1 - (context.published.month - 1) % 3)
        periods.append(_ending(quarter, months))
        if months % 12 == 0:
            periods.append(_ending(Month(context.published.year - 1, 12), months))
            periods.append(_ending(financial_year_of(context.published.shift(-12)).last, months))
    return Reading(tuple(dict.fromkeys(periods)), note="" if periods else NO_DATE)


def _ending(last: Month, months: int) -> Period:
    return Period(last.shift(1 - months), last)


def _this_year(_: re.Match[str], context: Context) -> Reading:
    if context.published is None:
        return Reading(note=NO_DATE)
    last = context.published.shift(-1)
    starts = {financial_year_of(last).first, Month(last.year, 1)}
    return Reading(tuple(Period(first, last) for first in sorted(starts) if first <= last))


def _bare_year(match: re.Match[str], _: Context) -> Reading:
    financial, calendar_year = _year_named(match[1], None).periods
    return Reading((calendar_year, financial))


def _calendar_year(match: re.Match[str], _: Context) -> Reading:
    year = int(match[1])
    return Reading((Period(Month(year, 1), Month(year, 12)),), is_sure=True)


def _financial(match: re.Match[str], _: Context) -> Reading:
    return _year_named(match[1], match[2])


def _single(match: re.Match[str], _: Context) -> Reading:
    month = _month(match[1], match[2])
    return Reading((Period(month, month),), is_sure=True)


def _nothing(_: re.Match[str], __: Context) -> Reading:
    return Reading(note="no period")


def _rule(
    name: str,
    role: str,
    pattern: str,
    read: Callable[[re.Match[str], Context], Reading],
    *,
    example: str,
    gives: str,
) -> Rule:
    return Rule(name, role, re.compile(pattern, re.IGNORECASE), read, example, gives)


_N = rf"({NUMBER})"
_TO = r",? ?(?:to|and|until|till|through|up to|-|up until) ?"
_BEGAN = r"(?:came into (?:force|effect)|became (?:law|an offence|a crime)|took effect|was (?:introduced|brought in|created)|were introduced|began|started)"
# In order: what one rule has read, the next does not read again. To add one: a pattern, a reader, a phrase to try it on.
RULES: tuple[Rule, ...] = (
    _rule("first months of the law", "current", rf"{_IN}first (?:{_N} )?(month|year)s? (?:of|since|after|under|that|in which) (?:{_NEW_LAW}|it became law)(?:(?: \w+){{0,2}} (?:in force|in effect|came into force|was in force))?\b|{_IN}(?:law|offence|legislation)(?:'s) first (?:{_N} )?(month|year)s?\b", lambda match, context: _first_of_law(_both(match), context), example="in the first nine months of the new offence", gives="2017-04..2017-12?"),
    _rule("since a dated law", "since", rf"\bsince [^.,;<]{{0,60}}?{_BEGAN} (?:in|on) (?:\d+ )?{_M} {_Y}\b", _since_law, example="since the new law came into force in April 2017", gives="2017-04..2017-12 or 2017-04..2018-03?"),
    _rule("since the law", "since", rf"\bsince (?:{_NEW_LAW} [^.,;<]{{0,70}}?{_BEGAN}|the introduction of {_NEW_LAW})\b()()", lambda _, context: _from(_LAW, context), example="since the new offence came into force", gives="2017-04..2017-12 or 2017-04..2018-03?"),
    _rule("when records began", "none", rf"\bsince (?:\w+ )?records began(?: in {_Y})?\b", _nothing, example="its highest since records began in 2017", gives="no period?"),
    _rule("when a law began", "none", rf"\b(?:came into (?:force|effect)|became (?:law|an offence|a crime)|took effect|introduced|in force|brought in|enacted|launched|published|met|created)(?: on| in| from| since)? (?:\d+ )?(?:{_M} )?{_Y}\b(?![/-]\d)", _nothing, example="which came into force on 3 April 2017", gives="no period?"),
    _rule("first months of lockdown", "current", rf"{_IN}first (?:{_N} )?(month)s? of (?:the )?(?:first )?(?:national |coronavirus |Covid )?lockdown\b", _first_of_lockdown, example="in the first three months of lockdown", gives="2020-04..2020-06?"),
    _rule("same months before", "baseline", rf"{_IN}(?:same|equivalent|corresponding) (?:period|months|time|quarter|{NUMBER} months|\w+ months?)(?: period)?,?(?: (?:in|of|a|the|during))*(?: (?:previous year|prior year|preceding year|year before|year earlier|year previously|year ago|last year|before|{_Y}))", _same_months, example="in the same months a year earlier", gives="2016-04..2016-12"),
    _rule("listed months", "current", rf"\b(?:in |during |over )?{_M}, (?:{_M}, )*{_M},? and {_M} {_Y}\b", lambda match, _: _listed(match), example="in April, May and June 2017", gives="2017-04..2017-06"),
    _rule("from month to month", "current", rf"(?:\b(?:between|from|in) )?{_D}\b{_M}(?: {_Y})?{_TO}{_D}{_M},? {_Y}\b", _range, example="between April and December 2017", gives="2017-04..2017-12"),
    _rule("from month to month of last year", "current", rf"\b(?:between|from) {_M}{_TO}{_M}(?: of)?(?: (last year|this year))?\b(?! \d)", _range_last_year, example="between April and December last year", gives="2017-04..2017-12?"),
    _rule("year to a month", "current", rf"{_IN}(?:full |financial |{_N}[- ])*(month|year|quarter)s? (?:to|ending|ended|up to|until|that ended|ending in)(?: in| the end of)? {_D}{_M}\b(?! \d{{1,2}}\b)(?:,? {_Y}\b)?", _months_to, example="in the year to June 2017", gives="2016-07..2017-06"),
    _rule("between financial years", "ends", rf"\b(?:between|from) (?:the financial year )?{_FY}{_TO}(?:the financial year )?{_FY}", _years_range, example="between 2013/14 and 2016/17", gives="2013-04..2017-03"),
    _rule("between years", "ends", rf"\b(?:between|from) {_Y}(){_TO}{_Y}()\b(?![/-]\d)", lambda match, _: _plain_years(match), example="between 2013 and 2016", gives="2013-04..2017-03 or 2013-01..2016-12?"),
    _rule("since a date", "since", rf"\bsince (?:the start of |the end of |early |the beginning of )?(?:\d{{1,2}} )?(?:{_M} )?{_Y}\b(?:[/-](\d\d\d\d|\d\d)\b)?", _since, example="since April 2013", gives="2013-04..2017-12 or 2013-04..2018-03?"),
    _rule("financial year", "current", rf"{_IN}(?:financial |tax |reporting )?(?:year )?(?:of )?{_FY}(?: financial year)?", _financial, example="in 2016/17", gives="2016-04..2017-03"),
    _rule("single month", "current", rf"\b(?:in|during|for) {_M} {_Y}\b", _single, example="in March 2018", gives="2018-03..2018-03"),
    _rule("calendar year", "current", rf"{_IN}calendar year (?:of )?{_Y}\b", _calendar_year, example="in the calendar year 2016", gives="2016-01..2016-12"),
    _rule("year", "current", rf"\b(?:in|during|throughout|over|for) (?:the whole of |all of |just )?{_Y}\b(?![/-]\d)", _bare_year, example="during 2016", gives="2016-01..2016-12 or 2016-04..2017-03?"),
    _rule("years before", "baseline", rf"\b(?:just )?{_N} years (?:before|earlier|ago|previously|prior)\b(?!hand)", _years_before, example="five years ago", gives="2012-04..2012-12?"),
    _rule("year before", "baseline", rf"{_IN}(?:previous|preceding|prior) (?:financial |calendar )?(?:{_N}[- ])?(month|year)s?\b|{_IN}(?:(?:12|twelve) months|year|one year) (?:before|earlier|previously|ago|prior)\b(?!hand)", _year_before, example="the previous year", gives="2016-04..2017-03 or 2016-04..2016-12?"),
    _rule("past year", "current", rf"{_IN}(?:past|last|latest|most recent) (?:{_N}[- ])?(?:financial |full |calendar )?(year|month|decade)s?\b", _past, example="in the past year", gives="2017-04..2017-12 or 2017-01..2017-12 or 2017-04..2018-03?"),
    _rule("this year", "current", r"\b(?:so far )?this year\b(?: so far| alone)?", _this_year, example="so far this year", gives="2017-04..2018-03 or 2018-01..2018-03?"),
    _rule("length", "span", rf"\b(?:in|over|during|within) (?:just |only |under |less than |more than |the space of |a period of )*({NUMBER}|a)[- ](?:\w+ )?(year|month|decade)s?\b(?! (?:old|before|earlier|ago|previously))", _past, example="in just eight months", gives="2017-04..2017-12 or 2017-05..2017-12 or 2017-08..2018-03?"),
)  # fmt: skip


def _both(match: re.Match[str]) -> re.Match[str]:
    """Return the match with the groups of whichever of two forms was found in front."""
    if match[2]:
        return match
    words = f"{match[3] or 'one'} {match[4]}"
    found = re.match(r"(\S+(?:-\S+)?) (\S+)", words)
    assert found is not None  # noqa: S101  # the words were just put together
    return found


def _plain_years(match: re.Match[str]) -> Reading:
    first, _, last, _ = match.groups()
    if last <= first:
        return Reading(note="the years are not read")
    start, stop = int(first), int(last)
    financial = Period(Month(start, 4), Month(stop + 1, 3))
    return Reading((financial, Period(Month(start, 1), Month(stop, 12))))
