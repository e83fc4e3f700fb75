"""Periods as statements name them: "the past year", "between April and December 2017", "since 2013", "2016/17".

:data:`RULES` is the grammar, for the words that a claim gives for its months and for the sentences that a draft is read
from. A rule says what its words mean by themselves; what they lean on is found by :mod:`analysis.claims.drafts.times`.
Words that no rule knows are left unread.
"""

from __future__ import annotations

import calendar
import functools
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from analysis.claims.amounts import BOUNDS, Amount
from analysis.terms.language import MONTH, MONTH_NUMBERS, MONTHS, NUMBER, folded, number
from analysis.terms.periods import Month, Period, financial_year_of


@dataclass(frozen=True)
class Span:
    """What words say of a period by themselves.

    Attributes
    ----------
    periods
        The months that they name outright, the likeliest first.
    months, bound
        How many months it has, 0 where they do not say; and a bound such as ``more than``.
    begins
        The months in which it begins: "since 2013" in any of that year.
    starts, ends
        The month of the year in which it begins and ends; 0 for any.
    relation
        What its months hang on where the words alone do not give them; empty where they do.
    moved
        By how many months it lies after what it hangs on.
    sides
        The two periods that a change lies between.
    is_rough
        Whether the words name days inside a month, so that no whole months are just what they say.
    """

    periods: tuple[Period, ...] = ()
    months: int = 0
    bound: str = ""
    begins: Period | None = None
    starts: int = 0
    ends: int = 0
    relation: str = ""
    moved: int = 0
    sides: tuple[Span, ...] = ()
    is_rough: bool = False

    def fits(self, period: Period) -> bool:
        """Say whether a period is what the words name."""
        if self.begins is not None or not self.periods:
            begins, length = self.begins, Amount(Fraction(self.months), BOUNDS.get(self.bound, ""), Fraction(0), "")
            return (
                (begins is None or begins.first <= period.first <= begins.last)
                and (not self.months or length.holds(Fraction(period.months)))
                and self.starts in {0, period.first.month}
                and self.ends in {0, period.last.month}
            )
        return period in self.periods

    @property
    def words(self) -> str:
        """The span in words of our own: ``12 months``."""
        if self.begins is not None:
            return f"since {self.begins.first.words if self.begins.months == 1 else self.begins.first.year}"
        if self.periods:
            return self.periods[0].words
        length = f"{self.bound} {self.months} month{'s' if self.months != 1 else ''}".strip()
        start = f" from {MONTHS[self.starts - 1]}" if self.starts else ""
        return length + start + (f" to {MONTHS[self.ends - 1]}" if self.ends else "")


def misnamed(described_as: str, period: Period) -> Span | None:
    """Return the span that words name for a period where it is another one; None where it fits or is not read.

    Words that hedge ("almost a year", "so far this year") or that point to another period ("the same months a year
    before") name no span of their own.

    Examples
    --------
    >>> nine_months = Period.parse("2017-04..2017-12")
    >>> misnamed("the past year", nine_months).words, misnamed("eight months", nine_months).words
    ('12 months', '8 months')
    >>> misnamed("nine months", nine_months), misnamed("almost a year", nine_months)
    (None, None)
    """
    return next((span for span in spans(described_as) if not span.fits(period)), None)


def spans(described_as: str) -> list[Span]:
    """Return the spans of time that words name, those of dates first.

    Examples
    --------
    >>> [span.words for span in spans("in the first year, 2017/18")]
    ['April 2017 to March 2018', '12 months']
    """
    text = folded(described_as)
    if _HEDGES.search(text):
        return []
    found: list[Span] = []
    for rule in (*RULES, *_OF_A_PERIOD):
        found += [rule.read(match) for match in rule.pattern.finditer(text)]
        text = rule.pattern.sub(" | ", text)  # what one rule has read, the next does not read again
    said = [span for span in found if not span.is_rough and span.relation != "a year before"]
    said = [span for span in said if span.months or span.begins or span.periods]
    return sorted(said, key=lambda span: not span.periods)


_HEDGES = re.compile(
    r"\b(?:almost|nearly|about|around|roughly|approximately|approx|circa|close to|some|or so|so far|to date"
    r"|part of|most of|just (?:over|under)|same|corresponding|equivalent)\b"
)
_UNITS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}
_PLACES = {"first": 0, "opening": 0, "one": 0, "1": 0, "second": 1, "two": 1, "2": 1, "third": 2, "three": 2, "3": 2, "fourth": 3, "four": 3, "4": 3}  # fmt: skip
_STARTS = {"financial": 4, "tax": 4, "calendar": 1}

# --- readers: what a rule's words mean, from the groups of its pattern -------------------------------------------------


def years(year: str, end: str | None) -> tuple[Period, ...]:
    """Return "2017/18", or for "2017" the calendar and the financial year; nothing for "2017/19"."""
    start = int(year) if len(year) == 4 else 2000 + int(year)
    financial = financial_year_of(Month(start, 4))
    if not end:
        return Period(Month(start, 1), Month(start, 12)), financial
    return (financial,) if (start + 1) % 100 == int(end) % 100 else ()


def _nothing(_: re.Match[str]) -> Span:
    return Span()


def _year(match: re.Match[str]) -> Span:
    """Read "in 2016/17"; "in 2016", which is the calendar year and may have been meant as the financial one."""
    said = match.groupdict()
    found = years(said["year"], said.get("end"))
    return Span(found[:1], relation="" if said.get("end") or said.get("kind") else "calendar year")


def _years_between(match: re.Match[str]) -> Span:
    """Read "between 2013/14 and 2016/17": the whole of it, and its two sides."""
    firsts, lasts = years(match["year"], match["end"]), years(match["last_year"], match["last_end"])
    whole = [Period(a.first, b.last) for a, b in zip(firsts, lasts, strict=False) if a.first <= b.last]
    return Span(tuple(whole), sides=(Span(firsts), Span(lasts)))


def _between_months(match: re.Match[str]) -> Span:
    """Read "between April 1 and December 31 last year", "April 2017 to March 2018", "Apr-Jun 2020"."""
    said = match.groupdict()
    day, last_day = said["day"] or said["day_after"], said["last_day"] or said["last_day_after"]
    first, last = MONTH_NUMBERS[said["month"].casefold()], MONTH_NUMBERS[said["last_month"].casefold()]
    if not said["last_year"]:
        length = (last - first) % 12 + 1
        return Span(
            months=length, starts=first, ends=last, relation="months", moved=-12 * (said["when"] == "last year")
        )
    end = Month(int(said["last_year"]), last)
    start = Month(int(said["year"] or end.year - (first > last)), first)
    if end < start:
        return Span()
    whole = Period(start, end)
    if start < end and (last_day == "1" or (start.month == end.month and not last_day)):
        return Span((Period(start, end.shift(-1)), whole))  # "April 2018 to April 2019" is mostly a year
    is_whole = day in {None, "1"} and last_day in {None, str(calendar.monthrange(*end)[1])}
    return Span((whole,), is_rough=not is_whole)


def _months_listed(match: re.Match[str]) -> Span:
    """Read "April, May and June 2017"."""
    names, year = re.findall(rf"\b(?:{MONTH})\b", match[0].casefold()), match[0][-4:]
    months = [Month(int(year), MONTH_NUMBERS[name]) for name in names]
    follow = all(later == earlier.shift(1) for earlier, later in itertools.pairwise(months))
    return Span((Period(months[0], months[-1]),) if follow else ())


def _to_month(match: re.Match[str]) -> Span:
    """Read "the year to June 2017", "the 18 months ending in September"."""
    said, months = match.groupdict(), _length(match)
    end = MONTH_NUMBERS[said["last_month"].casefold()]
    if not months or not said["last_year"]:
        return Span(months=months, ends=end, relation="ending")
    last = Month(int(said["last_year"]), end)
    period = Period(last.shift(1 - months), last)
    day = said["last_day"] or said["last_day_after"]
    if period.last.month % 3 and not day:
        return Span((period.shift(-(period.last.month % 3)), period))  # "to April 2019" is mostly to its first day
    return Span((period,), is_rough=day not in {None, str(calendar.monthrange(*period.last)[1])})


def _from_month(match: re.Match[str]) -> Span:
    """Read "the year from 3 April 2017"."""
    first = _month(match["month"], match["year"])
    return Span((Period(first, first.shift(_length(match) - 1)),), is_rough=match["day"] not in {None, "1"})


def _part_of_year(match: re.Match[str]) -> Span:
    """Read "the first three months of 2021", "quarter one of 2023/24", "the second half of 2019"."""
    said = match.groupdict()
    length = _length(match) if said["unit"] else 3
    place = said["place"].casefold()
    skipped = _PLACES[place] * length if place in _PLACES else 12 - length
    found = years(said["year"], said["end"]) if 0 <= skipped <= 12 - length else ()
    if said["count"]:  # "the first three months of 2021" are January to March
        found = found[:1]
    return Span(tuple(Period(year.first.shift(skipped), year.first.shift(skipped + length - 1)) for year in found))


def _later_part(match: re.Match[str]) -> Span:
    """Read "in the second", after "the first quarter of 2017/18": a later part of the same year, and as long."""
    length = _UNITS[match["unit"].casefold()] if match["unit"] else 0
    return Span(months=length, relation="later part", moved=_PLACES[match["place"].casefold()])


def _month_alone(match: re.Match[str]) -> Span:
    month = _month(match["month"], match["year"])
    return Span((Period(month, month),))


def _since(match: re.Match[str]) -> Span:
    """Read "since April 2013", "since 2017/18", "since 2013"."""
    said = match.groupdict()
    year, name, end = int(said["year"]), said["month"], said.get("end")
    first = Month(year, MONTH_NUMBERS[name.casefold()] if name else 4 if end else 1)
    begins = Period(first, first if name or end else Month(year, 12))
    return Span(years(said["year"], end) if end else (), begins=begins, relation="since")


def _of(relation: str, *, months: int = 0, starts: int = 0) -> Callable[[re.Match[str]], Span]:
    """Return a reader for words that hang on something else, with the length that the words give, or one of their own."""

    def read(match: re.Match[str]) -> Span:
        said = match.groupdict()
        bound = (said.get("bound") or "").casefold()
        begins = starts or _STARTS.get((said.get("kind") or "").casefold().strip(), 0)
        return Span(months=months or _length(match), bound=bound, starts=begins, relation=relation)

    return read


def _years_before(match: re.Match[str]) -> Span:
    """Read "five years earlier", "a year later", "the same months of 2016"."""
    said = match.groupdict()
    if said.get("year"):
        return Span(relation="same months of", moved=int(said["year"]))
    count = number(said["count"]) if said.get("count") else 1
    return Span(relation="moved", moved=-12 * (count or 1))


def _before(match: re.Match[str]) -> Span:
    """Read "the previous year", "the 12 months before"; "a year before" says how far off, and not how long."""
    found = _of("before")(match)
    is_long = re.search(r"\bthe\b|\bpr", match[0], re.IGNORECASE)
    return found if is_long else replace(found, relation="a year before")


def _length(match: re.Match[str]) -> int:
    """Return the months that a count and a unit come to: "two and a half years", "18 months"; 0 where they do not."""
    said = match.groupdict()
    count = next((said[name] for name in ("count", "count_after", "count_before") if said.get(name)), None)
    unit = (said.get("unit") or said.get("unit_after") or ("month" if said.get("count_before") else "year")).casefold()
    has_half, more = said.get("half") or said.get("half_after"), said.get("more")
    if (has_half and unit == "month") or (not count and f"{unit}s" in match[0].casefold()):
        return 0  # "the past years" names no number
    whole = number(count) or 0 if count and count.casefold() not in {"a", "single"} else 1
    return whole * _UNITS[unit] + (_UNITS[unit] // 2 if has_half else 0) + (number(more) or 0 if more else 0)


def _month(name: str, year: str) -> Month:
    return Month(int(year), MONTH_NUMBERS[name.casefold()])


# --- the grammar -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """Words that a table of rules knows, in any case.

    Attributes
    ----------
    name
        What they are.
    words
        The words, as a regular expression.
    example, gives
        A phrase to try it on, and what it gives.
    read
        Gives what they mean.
    role
        Of words for a period, what they can be in a sentence: ``P`` a period of its own, ``B`` one before another, ``E`` two
        that a change lies between, ``S`` a beginning, ``L`` a length, ``X`` a day, and ``Z`` when a law or records began.
    """

    name: str
    words: str
    example: str = ""
    gives: Any = None
    read: Callable[[re.Match[str]], Any] = lambda _: None
    role: str = ""

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """The words to look for."""
        return re.compile(self.words, re.IGNORECASE)


_N = NUMBER
_M = rf"(?:{MONTH})\b\.?"
_MONTH, _LAST_MONTH = rf"(?P<month>{MONTH})\b\.?", rf"(?P<last_month>{MONTH})\b\.?"
_Y, _LAST_Y = r"(?P<year>(?:19|20)\d\d)", r"(?P<last_year>(?:19|20)\d\d)"
_END, _LAST_END = (rf"[/-](?P<{name}>\d\d\d\d|\d\d)(?![\d-])" for name in ("end", "last_end"))
_NO_END = r"(?![/-]\d|\d)"
_DAY = r"(?:(?:the )?(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?|start|beginning)(?: of)? )?"
_LAST_DAY = r"(?:(?:the )?(?:(?P<last_day>\d{1,2})(?:st|nd|rd|th)?|end)(?: of)? )?"
_DAY_AFTER, _LAST_DAY_AFTER = (
    rf"(?: (?P<{name}>\d{{1,2}})(?:st|nd|rd|th)?\b)?" for name in ("day_after", "last_day_after")
)
_IN = (
    r"(?:\b(?:in|over|during|within|for|from|across|throughout) )?(?:\b(?:just|only|the|a|its|whole of|all of) ){0,4}\b"
)
_TO = r",? ?(?:to|and|until|till|through|up to|-|up until) ?"
_FY = r"(?:the )?(?:(?:financial|tax|reporting|fiscal) year )?(?:of )?"
_KIND = r"(?:(?P<kind>financial|calendar|tax|full) )?"
_COUNT = rf"(?:(?P<count>{_N})[- ])?"
_BOUND = r"(?:(?P<bound>more than|at least|less than|fewer than|under|up to|at most) )?"
_NEW_LAW = (
    r"(?:the|this|a|an|that)? ?(?:new |anti-grooming |grooming |specific )*(?:offence|law|legislation|crime|act|rules)"
)
_BEGAN = (
    r"(?:(?:first )?(?:came|come|coming|went) into (?:force|effect|law|being)|(?:first )?became (?:law|an offence|a crime|illegal)"
    r"|took effect|taking effect|(?:was|were|being) (?:first )?(?:introduced|brought in|created|changed|established|tightened|toughened|strengthened|extended|passed|updated)"
    r"|began|started|changed|came in)"
)

# In order: what one rule has read, the next does not read again. Beside each phrase stand the months that a draft reads it
# as when published in April 2018 beside April to December 2017. To add one: words, a phrase, a reader.
RULES: tuple[Rule, ...] = (
    Rule("when records began", rf"\bsince (?:\w+ )?records began(?: in (?:{_MONTH} )?{_Y})?\b|\bon record\b", "its highest since records began in 2017", "no period", _nothing, "Z"),
    Rule("first year of the law, as a beginning", rf"\bsince (?:the|its) first (?:full )?year(?: (?:of|under) {_NEW_LAW})?", "since the first year of the legislation", "2017-04..2017-12 or 2017-04..2018-03", _of("since the first year"), "S"),
    Rule("first months of the law", rf"{_IN}first (?:full )?{_COUNT}(?P<unit>month|year)s? (?:of|since|after|under|that|in which|when) (?:{_NEW_LAW}|it became law)(?:(?: \w+){{0,3}} (?:in force|in effect|{_BEGAN}|was in force))?\b|{_IN}(?:law|offence|legislation)(?:'s) first (?:full )?(?:(?P<count_after>{_N}) )?(?P<unit_after>month|year)s?\b", "in the first nine months of the new offence", "2017-04..2017-12", _of("the law"), "P"),
    Rule("months after the law", rf"{_IN}(?<!half )(?<!every )(?<!each ){_COUNT}(?P<unit>month|year)s? (?:after|since|following|from) (?:the )?(?:(?:{_NEW_LAW}|it|this) {_BEGAN}|introduction of {_NEW_LAW})", "in the six months after the law changed", "2017-04..2017-09", _of("the law"), "P"),
    Rule("first months of lockdown", rf"{_IN}first {_COUNT}(?P<unit>month)s? of (?:the )?(?:first )?(?:national |coronavirus |Covid )?lockdown\b", "in the first three months of lockdown", "2020-04..2020-06", _of("lockdown"), "P"),
    Rule("since a dated law", rf"\bsince [^.,;<]{{0,60}}?{_BEGAN} (?:in|on) (?:\d+ )?(?:{_MONTH} )?{_Y}\b", "since the new law came into force in April 2017", "2017-04..2017-12 or 2017-04..2018-03", _since, "S"),
    Rule("since the law", rf"\bsince (?:{_NEW_LAW} [^.,;<]{{0,70}}?{_BEGAN}|the (?:introduction|creation) of {_NEW_LAW}|(?:it|this) {_BEGAN}|(?:a|the) change in the law)\b", "since the new offence came into force", "2017-04..2017-12 or 2017-04..2018-03", _of("since the law"), "S"),
    Rule("same months before", rf"{_IN}(?:same|equivalent|corresponding) (?:period|months|time|quarter|three-month period|(?:{_N}|\w+) months?)(?: period)?,?(?: (?:in|of|a|the|during|for))*(?: (?:previous|prior|preceding) year| year (?:before|earlier|previously|ago|prior)| last year| before| 12 months (?:before|earlier)| {_Y}{_NO_END})", "in the same months a year earlier", "2016-04..2016-12", _years_before, "B"),
    Rule("listed months", rf"\b(?:in |during |over )?{_M}, (?:{_M}, )*{_M},? and {_M} (?:19|20)\d\d\b", "in April, May and June 2017", "2017-04..2017-06", _months_listed, "P"),
    Rule("from month to month", rf"(?:\b(?:between|from) (?:{_NEW_LAW} (?:{_BEGAN}|coming into (?:force|effect)) (?:on |in )?)?|\bin )?{_DAY}\b{_MONTH}{_DAY_AFTER}(?:,? {_Y})?{_TO}{_LAST_DAY}{_LAST_MONTH}{_LAST_DAY_AFTER},?(?: {_LAST_Y}\b)(?P<when>)", "between April and December 2017", "2017-04..2017-12", _between_months, "P"),
    Rule("from month to month of last year", rf"\b(?:between|from) {_DAY}{_MONTH}{_DAY_AFTER}(?: {_Y})?{_TO}{_LAST_DAY}{_LAST_MONTH}{_LAST_DAY_AFTER}(?P<last_year>)(?: of)?(?: (?P<when>last year|this year))?\b(?! \d)", "between April 1 and December 31 last year", "2017-04..2017-12", _between_months, "P"),
    Rule("when a law began", rf"(?:\b(?:when|after|before) {_NEW_LAW} )?\b(?:{_BEGAN}|introduced|in force|brought in|enacted|launched|published|passed|founded|opened)(?: on| in| from| since)? (?:\d+ )?(?:{_MONTH}{_DAY_AFTER},? )?{_Y}\b(?![/-]\d)|\bwhen {_NEW_LAW} {_BEGAN}\b|\ba crime (?:since|in) {_M} (?:19|20)\d\d", "which came into force on 3 April 2017", "no period", _nothing, "Z"),
    Rule("months to a month", rf"{_IN}(?:full |financial |latest )*{_COUNT}(?P<unit>month|year|quarter)s?(?: period)? (?:to|ending|ended|up to|until|that ended|which ended|ending in)(?: and including)?(?: in| on| the end of| end of| at the end of)* {_LAST_DAY}{_LAST_MONTH}{_LAST_DAY_AFTER}(?:,? {_LAST_Y}\b| this year| last year)?", "in the year to June 2017", "2016-07..2017-06", _to_month, "P"),
    Rule("months from a month", rf"{_IN}{_COUNT}(?<!\ba )(?<!each )(?<!every )(?P<unit>month|year)(?(count)s?) (?:from|beginning|starting)(?: on| in)? {_DAY}{_MONTH}{_DAY_AFTER},? {_Y}\b", "in the year from 3 April 2017", "2017-04..2018-03", _from_month, "P"),
    Rule("part of a year", rf"{_IN}(?P<place>first|opening|second|third|fourth|last|final|closing) (?:(?P<count>{_N}) )?(?P<unit>month|quarter|half)s? of {_FY}{_Y}(?:{_END})?\b", "in the first three months of 2017", "2017-01..2017-03", _part_of_year, "P"),
    Rule("later part of the year", r"\b(?:in|during) the (?P<place>second|third|fourth)(?: (?P<unit>quarter|half)\b(?! of)|(?=[,.;]| and\b|$))", "in the second quarter, after 33 in the first", "2017-07..2017-09", _later_part, "P"),
    Rule("first months", rf"{_IN}first (?:full )?{_COUNT}(?P<unit>month|year)s?\b(?! of)", "in the first 12 months", "2017-04..2018-03", _of("the law"), "P"),
    Rule("numbered quarter", rf"{_IN}(?:quarter |Q)(?P<place>one|two|three|four|[1-4])(?: of|,| in)? {_FY}{_Y}(?:{_END})?\b(?P<count>)(?P<unit>)", "in quarter one of 2017/18", "2017-04..2017-06", _part_of_year, "P"),
    Rule("between financial years", rf"\b(?:(?:between|from) )?{_FY}{_Y}{_END}{_TO}{_FY}{_LAST_Y}{_LAST_END}", "between 2013/14 and 2016/17", "2013-04..2017-03", _years_between, "E"),
    Rule("between years", rf"\b(?:between|from) {_Y}(?P<end>){_TO}{_LAST_Y}(?P<last_end>)\b{_NO_END}", "between 2013 and 2016", "2013-01..2016-12 or 2013-04..2017-03", _years_between, "E"),
    Rule("since a date", rf"\bsince (?:the start of |the end of |early |the beginning of |{_FY})?(?:\d{{1,2}} )?(?:{_MONTH} )?{_Y}\b(?:{_END}\b)?", "since April 2013", "2013-04..2017-12 or 2013-04..2018-03", _since, "S"),
    Rule("calendar year", rf"{_IN}(?P<kind>calendar) year (?:of )?{_Y}\b", "in the calendar year 2016", "2016-01..2016-12", _year, "P"),
    Rule("calendar year after its number", rf"{_IN}{_Y} (?P<kind>calendar) year\b", "in the 2016 calendar year", "2016-01..2016-12", _year, "P"),
    Rule("financial year", rf"{_IN}(?:{_FY})(?:year )?(?:of |FY ?)?{_Y}{_END}(?:'s)?(?: (?:financial|tax) year)?", "in 2016/17", "2016-04..2017-03", _year, "P"),
    Rule("financial year, short", rf"{_IN}(?<![\d/£.])(?P<year>[12]\d)/(?P<end>[12]\d)(?![\d/])", "in 16/17", "2016-04..2017-03", _year, "P"),
    Rule("day", rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_M}(?:,? (?:19|20)\d\d)?\b|\b(?:{MONTH}) \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? (?:19|20)\d\d)?", "on 19 July 2018", "no period", _nothing, "X"),
    Rule("by a month", rf"\b(?:by|before|until|after|(?<=[a-z] )(?<!up )(?<!down )from) (?:the end of )?{_MONTH} {_Y}\b", "by June 2017", "no period", _nothing, "Z"),
    Rule("single month", rf"(?:\b(?:in|during|for) )?\b{_MONTH} {_Y}\b(?: alone)?", "in March 2018", "2018-03..2018-03", _month_alone, "P"),
    Rule("years before", rf"\b(?:just |only )?(?P<count>{_N}) years (?:before|earlier|ago|previously|prior)\b(?!hand)", "five years ago", "2012-04..2012-12", _years_before, "B"),
    Rule("year before", rf"{_IN}(?:previous|preceding|prior) {_KIND}{_COUNT}(?P<unit>month|year|quarter)s?(?: period)?\b|{_IN}(?:(?P<count_before>{_N}) months|year|one year) (?:before(?! last)(?: that)?|earlier|previously|ago|prior)\b(?!hand)|\byear[- ]on[- ]year\b|\bannually\b|\bannual (?=rise|increase|fall|drop|growth)", "the previous year", "2016-04..2017-03 or 2016-04..2016-12", _before, "B"),
    Rule("months after", rf"{_IN}(?:following|next) (?:financial )?{_COUNT}(?P<unit>month|year)s?\b", "the following 12 months", "2018-01..2018-12", _of("after"), "P"),
    Rule("that year", r"(?<!later )(?<!earlier )\b(?:in )?(?:that|the same) year\b", "that year", "2017-04..2017-12", lambda _: Span(relation="moved"), "P"),
    Rule("year later", r"\b(?:a|one) year later\b", "a year later", "2018-04..2018-12", lambda _: Span(relation="moved", moved=12), "P"),
    Rule("last financial year", rf"{_IN}(?:last|past|latest) financial year\b", "in the last financial year", "2017-04..2018-03", _of("last financial year", months=12, starts=4), "P"),
    Rule("past year", rf"{_IN}(?:past|last|latest|most recent) {_COUNT}{_KIND}(?P<unit>year|month|decade)s?\b(?:'s)?(?: alone)?", "in the past year", "2017-04..2017-12 or 2017-01..2017-12 or 2017-04..2018-03", _of("past"), "P"),
    Rule("this year", r"\b(?:so far )?(?:in )?this (?:financial )?year\b(?: so far| alone)?|\bthe current (?:financial )?year\b", "so far this year", "2017-04..2018-03 or 2018-01..2018-03", lambda _: Span(relation="this year"), "P"),
    Rule("length", rf"\b(?:in|over|during|within|inside|for) (?:just |only |the space of |a period of |the |those |a single ){{0,4}}{_BOUND}(?P<count>{_N}|a|one|single)[- ](?:\w+ )?(?P<unit>year|month|decade)s?\b(?! (?:old|before|earlier|ago|previously|later))", "in just eight months", "2017-04..2017-12 or 2017-05..2017-12 or 2017-08..2018-03", _of("past"), "L"),
    Rule("year", rf"{_IN}(?<![\d/£.,-]){_Y}\b{_NO_END}(?! [\w-]* ?(?:offences|crimes|cases))(?:'s)?(?: alone| as a whole)?", "during 2016", "2016-01..2016-12 or 2016-04..2017-03", _year, "P"),
)  # fmt: skip
# Read where the words are known to be of a period, as a claim's `described_as` is: in a sentence they may be anything.
_OF_A_PERIOD = (
    Rule("no length", r"\b(?:per|each|every) (?:month|quarter|year)\b|\bof (?:(?:a|the|this|that|last|each|every|any) )?(?:\w+ )?(?:month|quarter|year)\b", "", "", _nothing, "Z"),
    Rule("half a year", r"\bhalf (?:a )?year\b", "", "", _of("", months=6), "P"),
    Rule("bare length", rf"\b{_BOUND}(?:(?:an?|the) )?(?:full )?(?:(?P<count>{_N}) )?(?P<half>and a half )?(?:full )?{_KIND}(?P<unit>month|quarter|year|decade)s?(?P<half_after> and a half)?(?: and (?P<more>{_N}) months?)?\b", "", "", _of(""), "P"),
)  # fmt: skip
