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
from collections import defaultdict
from collections.abc import Mapping
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
    patterns = {name: written_out(words) for name, words in found.patterns.items()}
    tables = {k: tuple(replace(rule, words=written_out(rule.words)) for rule in v) for k, v in found.tables.items()}
    return replace(found, tables=tables, patterns=patterns)


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
        if self.begins is None and self.periods:
            return period in self.periods
        length = Amount(Fraction(self.months), BOUNDS.get(self.bound, ""), Fraction(0), "")
        return (
            (self.begins is None or self.begins.first <= period.first <= self.begins.last)
            and (not self.months or length.holds(Fraction(period.months)))
            and self.starts in {0, period.first.month}
            and self.ends in {0, period.last.month}
        )

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
    text, found = folded(described_as), list[Span]()
    if re.search(_GRAMMAR.patterns["hedges"], text):
        return []
    for rule in (*RULES, *_GRAMMAR.tables["of a period"]):
        found += [read(rule, match) for match in rule.pattern.finditer(text)]
        text = rule.pattern.sub(" | ", text)  # what one rule has read, the next does not read again
    plain = (span for span in found if not span.is_rough and span.relation != "a year before")
    named = (span for span in plain if span.months or span.begins or span.periods)
    return sorted(named, key=lambda span: not span.periods)


def read(rule: Rule, match: re.Match[str]) -> Span:
    """Return what the words of a rule mean: as its reader has it, or hanging on something else, with the length that they give."""
    groups = {name: text.casefold().strip() for name, text in match.groupdict("").items()}
    said = defaultdict(str, groups, all=match[0].casefold())  # a group that a rule does not have is blank
    if rule.read:
        return _READERS[rule.read](said)
    months, starts = _length(said) if rule.months is None else rule.months, rule.starts or _STARTS.get(said["kind"], 0)
    return Span(months=months, bound=said["bound"], starts=starts, relation=rule.relation, moved=rule.moved)


_GRAMMAR = grammar(files.PACKAGE / "claims" / "spans.yaml")
RULES = _GRAMMAR.tables["in a sentence"]
_UNITS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}
_PLACES = {word: place for place, words in enumerate(("first opening one 1", "second two 2", "third three 3", "fourth four 4")) for word in words.split()}  # fmt: skip
_STARTS = {"financial": 4, "tax": 4, "calendar": 1}

# --- readers: what a rule's words mean, from the groups of its pattern, in lower case -----------------------------------

_Said = Mapping[str, str]


def _named(said: _Said, end: str = "") -> tuple[Period, ...]:
    """Return what one end of a span names: a month, "2017/18", of "2017" the calendar and the financial year; nothing for "2017/19"."""
    year, month, until = (said[f"{end}{group}"] for group in ("year", "month", "end"))
    start = int(year) if len(year) == 4 else 2000 + int(year)
    if month:
        return (Period(Month(start, MONTH_NUMBERS[month]), Month(start, MONTH_NUMBERS[month])),)
    financial = financial_year_of(Month(start, 4))
    if until:
        return (financial,) if (start + 1) % 100 == int(until) % 100 else ()
    return Period(Month(start, 1), Month(start, 12)), financial


def _year(said: _Said) -> Span:
    """Read "in 2016/17", "in March 2018"; "in 2016", which is the calendar year."""
    return Span(_named(said)[:1])


def _years_between(said: _Said) -> Span:
    """Read "between 2013/14 and 2016/17": the whole of it, and its two sides."""
    firsts, lasts = _named(said), _named(said, "last_")
    whole = tuple(Period(a.first, b.last) for a, b in zip(firsts, lasts, strict=False) if a.first <= b.last)
    return Span(whole, sides=(Span(firsts), Span(lasts)))


def _between_months(said: _Said) -> Span:
    """Read "between April 1 and December 31 last year", "April 2017 to March 2018", "Apr-Jun 2020"."""
    day, last_day = said["day"] or said["day_after"], said["last_day"] or said["last_day_after"]
    first, last = MONTH_NUMBERS[said["month"]], MONTH_NUMBERS[said["last_month"]]
    if not said["last_year"]:
        length, moved = (last - first) % 12 + 1, -12 if said["when"] == "last year" else 0
        return Span(months=length, starts=first, ends=last, relation="months", moved=moved)
    end = Month(int(said["last_year"]), last)
    start = Month(int(said["year"] or end.year - (first >= last)), first)
    if end < start:
        return Span()
    whole = Period(start, end)
    if start < end and last_day == "1":
        return Span((Period(start, end.shift(-1)), whole))
    if start < end and first == last and not last_day:  # "April 2018 to April 2019" is mostly a year of quarters
        year = (Period(start, end.shift(-1)), Period(start.shift(1), end))
        return Span((*sorted(year, key=lambda each: each.cuts_quarter), whole))
    is_whole = day in {"", "1"} and last_day in {"", str(calendar.monthrange(*end)[1])}
    return Span((whole,), is_rough=not is_whole)


def _months_listed(said: _Said) -> Span:
    """Read "April, May and June 2017"."""
    names, year = re.findall(rf"\b(?:{MONTH})\b", said["all"]), int(said["all"][-4:])
    months = [Month(year, MONTH_NUMBERS[name]) for name in names]
    follow = all(later == earlier.shift(1) for earlier, later in itertools.pairwise(months))
    return Span((Period(months[0], months[-1]),) if follow else ())


def _to_month(said: _Said) -> Span:
    """Read "the year to June 2017", "the 18 months ending in September"."""
    months, end = _length(said), MONTH_NUMBERS[said["last_month"]]
    if not months or not said["last_year"]:
        return Span(months=months, ends=end, relation="ending")
    last, day = Month(int(said["last_year"]), end), said["last_day"] or said["last_day_after"]
    period = Period(last.shift(1 - months), last)
    if end % 3 and not day:
        return Span((period.shift(-(end % 3)), period))  # "to April 2019" is mostly to its first day
    return Span((period,), is_rough=day not in {"", str(calendar.monthrange(*last)[1])})


def _from_month(said: _Said) -> Span:
    """Read "the year from 3 April 2017"."""
    first = _named(said)[0].first
    return Span((Period(first, first.shift(_length(said) - 1)),), is_rough=said["day"] not in {"", "1"})


def _part_of_year(said: _Said) -> Span:
    """Read "the first three months of 2021", "quarter one of 2023/24", "the second half of 2019"."""
    length = _length(said) if said["unit"] else 3
    skipped = _PLACES[said["place"]] * length if said["place"] in _PLACES else 12 - length
    found = _named(said)[: 1 if said["count"] else None]  # "the first three months of 2021" are January to March
    starts = (year.first.shift(skipped) for year in found if length and 0 <= skipped <= 12 - length)
    return Span(tuple(Period(first, first.shift(length - 1)) for first in starts))


def _later_part(said: _Said) -> Span:
    """Read "in the second", after "the first quarter of 2017/18": a later part of the same year, and as long."""
    return Span(months=_UNITS.get(said["unit"], 0), relation="later part", moved=_PLACES[said["place"]])


def _since(said: _Said) -> Span:
    """Read "since April 2013", "since 2017/18", "since 2013"."""
    month, end = said["month"], said["end"]
    first = Month(int(said["year"]), MONTH_NUMBERS[month] if month else 4 if end else 1)
    begins = Period(first, first if month or end else first.shift(11))
    return Span(_named(said) if end else (), begins=begins, relation="since")


def _years_before(said: _Said) -> Span:
    """Read "five years earlier", "a year later", "the same months of 2016"."""
    if said["year"]:
        return Span(relation="same months of", moved=int(said["year"]))
    return Span(relation="moved", moved=-12 * (parsed(said["count"]) or 1))


def _before(said: _Said) -> Span:
    """Read "the previous year", "the 12 months before"; "a year before" says how far off, and not how long."""
    relation = "before" if re.search(r"\bthe\b|\bpr", said["all"]) else "a year before"
    return Span(months=_length(said), starts=_STARTS.get(said["kind"], 0), relation=relation)


def _length(said: _Said) -> int:
    """Return the months that a count and a unit come to: "two and a half years", "18 months"; 0 where they do not."""
    count = said["count"] or said["count_after"] or said["count_before"]
    unit = said["unit"] or said["unit_after"] or ("month" if said["count_before"] else "year")
    has_half = said["half"] or said["half_after"]
    if (has_half and unit == "month") or (not count and f"{unit}s" in said["all"]):
        return 0  # "the past years" names no number
    whole = 1 if count in {"", "a", "single"} else parsed(count) or 0
    return whole * _UNITS[unit] + (_UNITS[unit] // 2 if has_half else 0) + (parsed(said["more"]) or 0)


_READERS = {
    read.__name__.strip("_").replace("_", " "): read
    for read in (_year, _years_between, _between_months, _months_listed, _to_month, _from_month, _part_of_year, _later_part, _since, _years_before, _before)
}  # fmt: skip
