"""Periods as statements name them: "the past year", "between April and December 2017", "since 2013", "2016/17".

:data:`RULES` is the grammar, which ``spans.yaml`` holds, for the words that a claim gives for its months and for the sentences
that a draft is read from. A rule says what its words mean by themselves; what they lean on is found by
:mod:`analysis.claims.check.context`. Words that no rule knows are left unread.
"""

from __future__ import annotations

import calendar
import functools
import itertools
import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from analysis import files, reader
from analysis.claims.models import BOUNDS, Amount
from analysis.terms.numbers import MONTH, MONTH_NUMBERS, MONTHS, NUMBER, NUMBER_WORDS, folded, parsed
from analysis.terms.periods import Month, Period, financial_year_of


@dataclass(frozen=True)
class Rule:
    """Words for a period, in any case: the head of ``spans.yaml`` explains each field."""

    name: str
    words: str
    example: str = ""
    gives: Any = None
    role: str = ""
    read: str = ""
    relation: str = ""
    months: int | None = None
    starts: int = 0
    moved: int = 0

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """The words to look for."""
        return re.compile(self.words, re.IGNORECASE)


@dataclass(frozen=True)
class Grammar:
    """Rules with the pieces that their words are put together from, expressions besides, and what words come to."""

    pieces: dict[str, str]
    patterns: dict[str, str]
    tables: dict[str, tuple[Rule, ...]]
    words: dict[str, dict[str, str]] = field(default_factory=dict)


def grammar(path: Path) -> Grammar:
    """Return the rules with every piece written out, each piece a second time for the end of a span, its groups named so too."""
    found, pieces = reader.read(path, Grammar), {"ANY_MONTH": MONTH, "N": NUMBER, "W": NUMBER_WORDS}

    def written_out(words: str) -> str:
        return re.sub(r"\{([A-Z_]+)\}", lambda name: pieces[name[1]], words)

    for name, words in found.pieces.items():
        pieces[name] = written_out(words)
        pieces.setdefault(f"LAST_{name}", pieces[name].replace("(?P<", "(?P<last_"))
    tables = {
        name: tuple(replace(rule, words=written_out(rule.words)) for rule in rules)
        for name, rules in found.tables.items()
    }
    return replace(found, tables=tables, patterns={k: written_out(v) for k, v in found.patterns.items()})


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
    if re.search(_GRAMMAR.patterns["hedges"], text):
        return []
    found: list[Span] = []
    for rule in (*RULES, *_GRAMMAR.tables["of a period"]):
        found += [read(rule, match) for match in rule.pattern.finditer(text)]
        text = rule.pattern.sub(" | ", text)  # what one rule has read, the next does not read again
    said = [span for span in found if not span.is_rough and span.relation != "a year before"]
    said = [span for span in said if span.months or span.begins or span.periods]
    return sorted(said, key=lambda span: not span.periods)


def read(rule: Rule, match: re.Match[str]) -> Span:
    """Return what the words of a rule mean: as its reader has it, or hanging on something else, with the length that they give."""
    if rule.read:
        return _READERS[rule.read](match)
    said = match.groupdict()
    bound = (said.get("bound") or "").casefold()
    starts = rule.starts or _STARTS.get((said.get("kind") or "").casefold().strip(), 0)
    months = _length(match) if rule.months is None else rule.months
    return Span(months=months, bound=bound, starts=starts, relation=rule.relation, moved=rule.moved)


_GRAMMAR = grammar(files.PACKAGE / "claims" / "spans.yaml")
RULES = _GRAMMAR.tables["in a sentence"]
_UNITS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}
_PLACES = {"first": 0, "opening": 0, "one": 0, "1": 0, "second": 1, "two": 1, "2": 1, "third": 2, "three": 2, "3": 2, "fourth": 3, "four": 3, "4": 3}  # fmt: skip
_STARTS = {"financial": 4, "tax": 4, "calendar": 1}

# --- readers: what a rule's words mean, from the groups of its pattern -------------------------------------------------


def _named(match: re.Match[str], which: str = "") -> tuple[Period, ...]:
    """Return what one end of a span names: a month, "2017/18", of "2017" the calendar and the financial year; nothing for "2017/19"."""
    said = match.groupdict()
    year, month, end = said[f"{which}year"], said.get(f"{which}month"), said.get(f"{which}end")
    start = int(year) if len(year) == 4 else 2000 + int(year)
    if month:
        only = Month(start, MONTH_NUMBERS[month.casefold()])
        return (Period(only, only),)
    financial = financial_year_of(Month(start, 4))
    if not end:
        return Period(Month(start, 1), Month(start, 12)), financial
    return (financial,) if (start + 1) % 100 == int(end) % 100 else ()


def _year(match: re.Match[str]) -> Span:
    """Read "in 2016/17", "in March 2018"; "in 2016", which is the calendar year and may have been meant as the financial one."""
    said = match.groupdict()
    is_plain = said.get("end") or said.get("kind") or said.get("month")
    return Span(_named(match)[:1], relation="" if is_plain else "calendar year")


def _years_between(match: re.Match[str]) -> Span:
    """Read "between 2013/14 and 2016/17": the whole of it, and its two sides."""
    firsts, lasts = _named(match), _named(match, "last_")
    whole = [Period(a.first, b.last) for a, b in zip(firsts, lasts, strict=False) if a.first <= b.last]
    return Span(tuple(whole), sides=(Span(firsts), Span(lasts)))


def _between_months(match: re.Match[str]) -> Span:
    """Read "between April 1 and December 31 last year", "April 2017 to March 2018", "Apr-Jun 2020"."""
    said = match.groupdict()
    day, last_day = said["day"] or said["day_after"], said["last_day"] or said["last_day_after"]
    first, last = MONTH_NUMBERS[said["month"].casefold()], MONTH_NUMBERS[said["last_month"].casefold()]
    if not said["last_year"]:
        length, moved = (last - first) % 12 + 1, -12 if said["when"] == "last year" else 0
        return Span(months=length, starts=first, ends=last, relation="months", moved=moved)
    end = Month(int(said["last_year"]), last)
    start = Month(int(said["year"] or end.year - (first > last)), first)
    if end < start:
        return Span()
    whole = Period(start, end)
    if start < end and last_day == "1":
        return Span((Period(start, end.shift(-1)), whole))
    if (
        start < end and start.month == end.month and not last_day
    ):  # "April 2018 to April 2019" is mostly a year of quarters
        year = (Period(start, end.shift(-1)), Period(start.shift(1), end))
        return Span((*sorted(year, key=lambda each: each.cuts_quarter), whole))
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
    (month,) = _named(match)
    return Span((Period(month.first, month.first.shift(_length(match) - 1)),), is_rough=match["day"] not in {None, "1"})


def _part_of_year(match: re.Match[str]) -> Span:
    """Read "the first three months of 2021", "quarter one of 2023/24", "the second half of 2019"."""
    said = match.groupdict()
    length = _length(match) if said["unit"] else 3
    place = said["place"].casefold()
    skipped = _PLACES[place] * length if place in _PLACES else 12 - length
    found = _named(match) if 0 <= skipped <= 12 - length else ()
    if said["count"]:  # "the first three months of 2021" are January to March
        found = found[:1]
    return Span(tuple(Period(year.first.shift(skipped), year.first.shift(skipped + length - 1)) for year in found))


def _later_part(match: re.Match[str]) -> Span:
    """Read "in the second", after "the first quarter of 2017/18": a later part of the same year, and as long."""
    length = _UNITS[match["unit"].casefold()] if match["unit"] else 0
    return Span(months=length, relation="later part", moved=_PLACES[match["place"].casefold()])


def _since(match: re.Match[str]) -> Span:
    """Read "since April 2013", "since 2017/18", "since 2013"."""
    said = match.groupdict()
    name, end = said["month"], said.get("end")
    first = Month(int(said["year"]), MONTH_NUMBERS[name.casefold()] if name else 4 if end else 1)
    begins = Period(first, first if name or end else first.shift(11))
    return Span(_named(match) if end else (), begins=begins, relation="since")


def _years_before(match: re.Match[str]) -> Span:
    """Read "five years earlier", "a year later", "the same months of 2016"."""
    said = match.groupdict()
    if said.get("year"):
        return Span(relation="same months of", moved=int(said["year"]))
    count = parsed(said["count"]) if said.get("count") else 1
    return Span(relation="moved", moved=-12 * (count or 1))


def _before(match: re.Match[str]) -> Span:
    """Read "the previous year", "the 12 months before"; "a year before" says how far off, and not how long."""
    is_long = re.search(r"\bthe\b|\bpr", match[0], re.IGNORECASE)
    starts = _STARTS.get((match["kind"] or "").casefold(), 0)
    return Span(months=_length(match), starts=starts, relation="before" if is_long else "a year before")


def _length(match: re.Match[str]) -> int:
    """Return the months that a count and a unit come to: "two and a half years", "18 months"; 0 where they do not."""
    said = match.groupdict()
    count = next((said[name] for name in ("count", "count_after", "count_before") if said.get(name)), None)
    unit = (said.get("unit") or said.get("unit_after") or ("month" if said.get("count_before") else "year")).casefold()
    has_half, more = said.get("half") or said.get("half_after"), said.get("more")
    if (has_half and unit == "month") or (not count and f"{unit}s" in match[0].casefold()):
        return 0  # "the past years" names no number
    whole = parsed(count) or 0 if count and count.casefold() not in {"a", "single"} else 1
    return whole * _UNITS[unit] + (_UNITS[unit] // 2 if has_half else 0) + (parsed(more) or 0 if more else 0)


_READERS = {
    read.__name__.strip("_").replace("_", " "): read
    for read in (_year, _years_between, _between_months, _months_listed, _to_month, _from_month, _part_of_year, _later_part, _since, _years_before, _before)
}  # fmt: skip
