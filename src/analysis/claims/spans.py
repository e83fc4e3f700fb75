"""Spans of time as statements name them: "the past year", "eight months", "since 2013", "2016/17".

The table of readers below is the grammar. What it does not know is left unread: a word that is not understood never
makes a finding.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.claims.amounts import BOUNDS, NUMBER, folded, number
from analysis.terms.periods import MONTHS, Month, Period, financial_year_of


@dataclass(frozen=True)
class Span:
    """A span of time that words name.

    Attributes
    ----------
    words
        The span in words of our own: ``12 months``.
    fits
        Whether a period is what the words name.
    """

    words: str
    fits: Callable[[Period], bool]


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
    """Return the spans of time that words name, in the order of the table of readers.

    Examples
    --------
    >>> [span.words for span in spans("in the first year, 2017/18")]
    ['April 2017 to March 2018', '12 months']
    """
    text = folded(described_as)
    if _HEDGES.search(text):
        return []
    found: list[Span] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            found.extend(read(match))
        text = pattern.sub(" | ", text)  # what one reader has read, the next does not read again
    return found


_HEDGES = re.compile(
    r"\b(?:almost|nearly|about|around|roughly|approximately|approx|circa|close to|some|or so|so far|to date"
    r"|part of|most of|just (?:over|under)|same|corresponding|equivalent)\b"
)
_NAMES = {name: i for i, month in enumerate(MONTHS, 1) for name in (month.casefold(), month[:3].casefold())} | {
    "sept": 9
}
_MONTH = rf"(?:{'|'.join(sorted(_NAMES, key=len, reverse=True))})"
_DAY = r"(?:(\d{1,2})(?:st|nd|rd|th)? )?"
_YEARS = r"(\d{4})[/-](\d{2}|\d{4})"
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
_LENGTHS: dict[str, Callable[[int, int], bool]] = {
    "more than": lambda months, named: months > named,
    "at least": lambda months, named: months >= named,
    "less than": lambda months, named: months < named,
    "at most": lambda months, named: months <= named,
    "": lambda months, named: months == named,
}
_LENGTH_BOUND = "more than|at least|less than|fewer than|under|up to|at most"  # "over" may mean "during"


def _exactly(period: Period) -> Span:
    return Span(period.words, lambda other: other == period)


def _month_range(match: re.Match[str]) -> Iterator[Span]:
    """Read ``April to December 2017``, ``1 April 2013 to 31 December 2017``."""
    day, name, year, last_day, last_name, last_year = match.groups()
    last = Month(int(last_year), _NAMES[last_name])
    number_of_first = _NAMES[name]
    first = Month(int(year) if year else last.year - (number_of_first > last.month), number_of_first)
    if last < first or day not in {None, "1"} or last_day not in {None, str(calendar.monthrange(*last)[1])}:
        return  # not whole months, which the period is made of
    yield _exactly(Period(first, last))


def _months_to(match: re.Match[str]) -> Iterator[Span]:
    """Read ``year to June 2017``, ``nine months to December``."""
    count, unit, last_day, name, year = match.groups()
    months = (number(count) or 0) * _MONTHS_IN[unit] if count else _MONTHS_IN[unit]
    if not months:
        return
    if year is None:
        month = _NAMES[name]
        yield Span(
            f"{months} months to {MONTHS[month - 1]}",
            lambda other: other.months == months and other.last.month == month,
        )
        return
    last = Month(int(year), _NAMES[name])
    if last_day in {None, str(calendar.monthrange(*last)[1])}:
        yield _exactly(Period(last.shift(1 - months), last))


def _since(match: re.Match[str]) -> Iterator[Span]:
    """Read ``since 2013``, ``since April 2013``, ``since 2017/18``."""
    name, year, year_end = match.groups()
    start = int(year)
    if year_end is not None:
        yield Span(f"since April {start}", lambda other: other.first == Month(start, 4))
    elif name is not None:
        first = Month(start, _NAMES[name])
        yield Span(f"since {first.words}", lambda other: other.first == first)
    else:
        yield Span(f"since {start}", lambda other: other.first.year == start)


def _financial_years(match: re.Match[str]) -> Iterator[Span]:
    """Read ``2016/17``, ``2013/14 to 2017/18``."""
    year, end, last_year, last_end = match.groups()
    for start, stop in ((year, end), (last_year, last_end)):
        if start and (int(start) + 1) % 100 != int(stop) % 100:
            return
    first, last = Month(int(year), 4), Month(int(last_year or year) + 1, 3)
    if first < last:
        yield _exactly(Period(first, last))


def _single_month(match: re.Match[str]) -> Iterator[Span]:
    """Read ``in March 2018``."""
    month = Month(int(match[2]), _NAMES[match[1]])
    yield _exactly(Period(month, month))


def _length(match: re.Match[str]) -> Iterator[Span]:
    """Read ``the past year``, ``eight months``, ``two and a half years``, ``more than five years``."""
    bound, count, half, kind, unit, plural = match.groups()
    if plural and not count:
        return  # "the past years" names no number
    months = (number(count) or 0 if count else 1) * _MONTHS_IN[unit] + (_MONTHS_IN[unit] // 2 if half else 0)
    if not months or (half and unit == "month"):
        return
    compare = _LENGTHS[BOUNDS.get(bound or "", "")]
    starts = {"financial": 4, "calendar": 1}.get(kind or "")
    words = f"{months} month{'s' if months != 1 else ''}"
    yield Span(
        " ".join(filter(None, [bound, words, f"from {MONTHS[starts - 1]}" if starts else ""])),
        lambda other: compare(other.months, months) and starts in {None, other.first.month},
    )


def _half_year(match: re.Match[str]) -> Iterator[Span]:
    """Read ``half a year``, ``a year and a half``."""
    months = 18 if match[1] else 6
    yield Span(f"{months} months", lambda other: other.months == months)


def _years_and_months(match: re.Match[str]) -> Iterator[Span]:
    """Read ``two years and three months``."""
    months = 12 * (number(match[1]) or 0) + (number(match[2]) or 0)
    yield Span(f"{months} months", lambda other: other.months == months)


def _bare_year(match: re.Match[str]) -> Iterator[Span]:
    """Read ``2016`` alone, which may be the calendar or the financial year."""
    year = int(match[1])
    either = (Period(Month(year, 1), Month(year, 12)), financial_year_of(Month(year, 4)))
    yield Span(str(year), lambda other: other in either)


def _unread(_: re.Match[str]) -> Iterator[Span]:
    """Words that hold a unit of time and name no span: ``a year before``, ``of the year``, ``per month``."""
    yield from ()


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[Span]]], ...] = (
    (
        re.compile(
            rf"{_DAY}\b({_MONTH})(?: (\d{{4}}))? ?(?:to|and|until|till|through|-) ?{_DAY}({_MONTH}) (\d{{4}})\b"
        ),
        _month_range,
    ),
    (
        re.compile(
            rf"\b(?:({NUMBER}) )?(month|quarter|year)s? (?:to|ending|ended|until)(?: in)? {_DAY}({_MONTH})\b(?: (\d{{4}}))?"
        ),
        _months_to,
    ),
    (re.compile(rf"\bsince (?:({_MONTH}) )?(\d{{4}})(?:[/-](\d{{2}}|\d{{4}}))?\b"), _since),
    (re.compile(rf"\b(?<!of ){_YEARS}(?: ?(?:to|-) ?{_YEARS})?\b"), _financial_years),
    (re.compile(rf"\b(?<!of )({_MONTH}) (\d{{4}})\b"), _single_month),
    (
        re.compile(
            r"\ba year (?:earlier|before|previously|ago)\b|\byear on year\b|\b(?:per|each|every) (?:month|quarter|year)\b"
            r"|\bof (?:(?:a|the|this|that|last|each|every|any) )?(?:\w+ )?(?:month|quarter|year)\b"
        ),
        _unread,
    ),
    (re.compile(rf"\b({NUMBER}) years? and ({NUMBER}) months?\b"), _years_and_months),
    (re.compile(r"\bhalf (?:a )?year\b|\b(year and a half)\b"), _half_year),
    (
        re.compile(
            rf"\b(?:({_LENGTH_BOUND}) (?:an? |the )?)?(?:({NUMBER})( and a half)? )?(?:full )?(?:(financial|calendar) )?"
            r"(month|quarter|year|decade)(s?)\b"
        ),
        _length,
    ),
    (re.compile(r"^(?:in |during |the year |calendar year )*(\d{4})$"), _bare_year),
)
