"""What a text names as a whole: areas, offences and months with their places, its sentences, its own day and address, who counted."""

from __future__ import annotations

import bisect
import functools
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Generic, Literal, TypeVar

from analysis.claims import spans
from analysis.claims.check.numbers import PLAIN, WORDS, pattern
from analysis.claims.models import BOUNDS
from analysis.claims.spans import Span
from analysis.terms import areas, offences
from analysis.terms.periods import Month, Period, financial_year_of

T = TypeVar("T")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|&")
_EMPTY = {"a", "an", "the", "their", "his", "her"}
_LINE = 400  # letters of a line that may give the day
_CHAIN = 12  # areas that are named together
_DAY_FORMS = ("%d %b %Y", "%b %d %Y", "%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y")
TABLES_BEGIN = Month(2012, 4)
LOCKDOWN = Month(2020, 4)
_STALE = 18  # months after which a period that a text names is not "the past year"


@dataclass(frozen=True)
class Mention(Generic[T]):
    """Words of a text that name something.

    Attributes
    ----------
    start, end
        The characters between which they stand.
    words
        As they stand there.
    value
        What they name.
    is_part
        Whether they name a part of it, as a town does of a force's area.
    """

    start: int
    end: int
    words: str
    value: T
    is_part: bool = False


Area = str | tuple[str, ...]
Counted = str | offences.NotHeld
Said = tuple[tuple[Area, bool], ...]  # what a name of an area means, and whether it is only a part of that


@dataclass(frozen=True)
class Time:
    """Words for a period: the role that their rule gives them, the months that they may name, likeliest first, and what they say by themselves."""

    role: str
    months: tuple[Period, ...]
    span: Span = field(compare=False)

    @property
    def starts(self) -> tuple[Period | int, ...]:
        """The months that a change may begin with, those of "since 2018" or what lies before another; or how many before it: "in two years", "in under two"."""
        begins, months = self.span.begins, self.span.months
        if self.role == "S" and begins and begins.months == 12:
            year = financial_year_of(begins.last)
            return year, begins, year.year_before
        if self.role == "L":
            return tuple(range(months - 3, 0, -3)) if BOUNDS.get(self.span.bound) == "less than" else (months,)
        first = self.span.sides[0] if self.span.sides else self.span  # "between 2013 and 2016" begins with 2013
        return first.periods if self.role in "SE" else self.months if self.role in "BP" else ()


@dataclass(frozen=True)
class Context:
    """What a text says as a whole; see :func:`read`.

    Attributes
    ----------
    text
        The text.
    starts
        Where its sentences begin, rows of tables and headlines among them.
    areas, offences, times
        What it names, in its order: areas as a claim writes them, offences by code or, where no table holds them, with where they are counted.
    published
        The day that it gives as its own, or that was given; None where there is neither.
    source
        The address that it gives as its own, or ``not known``.
    basis
        Whose figures they are.
    """

    text: str
    starts: tuple[int, ...]
    areas: tuple[Mention[Area], ...]
    offences: tuple[Mention[Counted], ...]
    times: tuple[Mention[Time], ...]
    published: date | None
    source: str
    basis: Literal["home-office", "foi"]

    @property
    def month(self) -> Month | None:
        """The month of publication."""
        return Month(self.published.year, self.published.month) if self.published else None

    def sentence(self, place: int) -> int:
        """Return which sentence a character stands in, counted from 0."""
        return bisect.bisect_right(self.starts, place) - 1

    def words(self, sentence: int) -> str:
        """Return a sentence as it stands."""
        ends = (*self.starts[1:], len(self.text))
        return " ".join(self.text[self.starts[sentence] : ends[sentence]].split()).lstrip("-*•·‣▪ ")


def read(text: str, published: date | None = None) -> Context:
    r"""Return what a text names, and what it says of itself.

    Parameters
    ----------
    text
        As it stands.
    published
        When it was published; by default the day that it gives as its own.

    Examples
    --------
    >>> found = read("Published: 3 May 2019\n\nKent Police recorded 33 rapes and 12 thefts from cars in the year to March 2019.")
    >>> str(found.published), [one.value for one in found.areas], [one.value for one in found.offences], found.times[-1].words
    ('2019-05-03', ['Kent'], ['rape', '45'], 'in the year to March 2019')
    """
    plain = text.translate(PLAIN)
    source, day = pattern("own address").search(plain), published or own_day(plain)
    named = tuple(sorted(_offences(plain), key=lambda one: one.start))
    return Context(
        text=text,
        starts=tuple(_starts(plain)),
        areas=tuple(sorted(_areas(plain), key=lambda one: one.start)),
        offences=named,
        times=tuple(_times(plain, day, {one.value for one in named})),
        published=day,
        source=source[1] if source else "not known",
        basis="foi" if pattern("foi").search(plain) else "home-office",
    )


def own_day(plain: str) -> date | None:
    """Return the day that a text gives as its own: beside "published" or the like, or alone on a line.

    Examples
    --------
    >>> own_day("Thursday, 26th April 2018, 10:02"), own_day("The law began on 3 April 2017.")
    (datetime.date(2018, 4, 26), None)
    """
    lines = [line.strip() for line in plain.splitlines() if len(line) <= _LINE]
    places = ("own day", "own day alone on a line")
    for match in filter(None, (pattern(own).search(line) for own in places for line in lines)):
        words = re.sub(r"(?<=\d)(?:st|nd|rd|th)|\bof\b|[.,]|(?<=[a-z]{3})[a-z]+", " ", match["day"].casefold())
        for form in _DAY_FORMS:
            with suppress(ValueError):
                return date(*time.strptime(" ".join(words.split()), form)[:3])
    return None


def _starts(plain: str) -> list[int]:
    end, abbreviation = pattern("sentence end"), pattern("abbreviation")
    ends = (m.end() for m in end.finditer(plain) if not abbreviation.search(plain[max(0, m.start() - 12) : m.start()]))
    return sorted({0, *(end for end in ends if end < len(plain))})


# --- names: the longest known from a word on --------------------------------------------------------------------------


@functools.cache
def _known_areas() -> Mapping[tuple[str, ...], Said]:
    """Return every name of an area, word by word, with what it means, and whether it is only a part of that.

    A town means its partnership, and is a part of its force.
    """
    found: dict[str, Said] = {}
    for name, area in areas.by_name().items():
        whole = [(force, True) for force in area.names] if area.by_years and len(area.names) == 1 else []
        found[name] = (*whole, (area.name, bool(area.place)))
    outside = {name: each.name for each in areas.OUTSIDE for name in each.names}
    found |= {name: ((said, False),) for name, said in (outside | WORDS["areas"]).items()}
    used = {name: said for name, said in found.items() if not pattern("unused").fullmatch(name)}
    return {tuple(map(_plain, _WORD.findall(name))): said for name, said in used.items()}


@functools.cache
def _known_offences() -> Mapping[tuple[str, ...], Counted]:
    """Return every name of an offence, word by word and by stems, with its code, or what is known of it where no table holds it."""
    found: dict[tuple[str, ...], Counted] = {_stems(name): one for one in offences.all_not_held() for name in one.names}
    for name, one in offences.by_name().items():
        words = re.sub(r"^offences? (?:under the code )?of | \(.*\)$| offences?$", "", name)
        if not one.outcomes_only and "“" not in words and words[:1].isalpha() and len(words) > 2:
            for said in (name, words):
                found.setdefault(_stems(said), one.code)
    return {key: code for key, code in found.items() if key and key not in {("offenc",), ("crim",)}}


def _stems(words: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in _WORD.findall(words) if word.casefold() not in _EMPTY)


@functools.lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    """Return what is left of a word without its endings: "burglaries", "burglars" and "burglary" are one."""
    plain = _plain(word)
    if len(plain) < 4:
        return plain
    return re.sub(r"(?<=...)(?:ing|ed|ery?|y|e)$", "", re.sub(r"(?<![su])s$|ies$", "", plain))


def _plain(word: str) -> str:
    return word.casefold().removesuffix("'s")


def _named(
    plain: str, known: Mapping[tuple[str, ...], T], stem: Callable[[str], str], skip: Collection[str] = ()
) -> Iterator[Mention[T]]:
    """Yield the longest known names; what belongs to another thing, as "Kent County Council" does, is but a part."""
    words = [match for match in _WORD.finditer(plain) if match[0].casefold() not in skip]
    stems = [stem(match[0]) for match in words]
    longest, firsts, after = max(map(len, known)), {key[0] for key in known}, 0
    for i, word in enumerate(words):
        if i < after or stems[i] not in firsts:
            continue
        for j in range(min(i + longest, len(words)), i, -1):
            start, end = word.start(), words[j - 1].end()
            value = known.get(tuple(stems[i:j]))
            if value is not None and not pattern("broken").search(plain, start, end):
                yield Mention(start, end, plain[start:end], value, bool(pattern("another's").match(plain, end)))
                after = j
                break


def _areas(plain: str) -> Iterator[Mention[Area]]:
    run: list[Mention[Area]] = []  # areas that are listed, which together may be one: Sussex and Surrey
    last = dict[str, Said]()  # what "the town", "the force" and the like mean from here on
    again = (Mention[Said](*match.span(), match[0], ()) for match in pattern("again").finditer(plain))
    for one in sorted([*_named(plain, _known_areas(), _plain), *again], key=lambda one: one.start):
        said = one.value
        if not said:
            said = last.get(WORDS["again"][one.words.split()[-1].casefold()], ())
        elif one.words.islower() and one.words not in WORDS["areas"]:
            continue
        elif not behind("since", plain, one, 25):  # or it is but set against the others
            last |= _meant(said)
        is_left_out = behind("left out", plain, one, 60)
        for value, is_part in said:
            mention = Mention(one.start, one.end, one.words, value, is_part or one.is_part or is_left_out)
            listed = pattern("listed").fullmatch(plain[run[-1].end : one.start]) if run else None
            run = [*run[-_CHAIN:], mention] if listed else [mention]
            if listed and listed["last"] and all(each.value in areas.NAMES and not each.is_part for each in run):
                together = {each.value for each in run}
                names = tuple(name for name in areas.NAMES if name in together)
                yield Mention(run[0].start, one.end, plain[run[0].start : one.end], names)
            yield mention


def behind(name: str, plain: str, one: Mention[Any], letters: int) -> bool:
    """Say whether a mention stands within so many letters behind the words of a pattern."""
    return bool(pattern(name).search(plain, one.start - letters, one.start))


def _meant(said: Said) -> dict[str, Said]:
    """Return what "the town" and the like mean behind the name of an area."""
    value, is_part = said[0]
    if value not in areas.NAMES:
        area = areas.AREAS.get(str(value))
        return {"region": said} if area and area.kind == "region" else {}
    whole = ((value, False),)
    return {"town": said, "force": whole} if is_part else {"force": whole, "county": whole}


def _offences(plain: str) -> Iterator[Mention[Counted]]:
    before: dict[str, Counted] = {}  # the last offence by each word of its name, for "such thefts"
    for one in _named(plain, _known_offences(), _stem, _EMPTY):
        stems = _stems(one.words)
        value = before.get(stems[-1], one.value) if behind("such", plain, one, 10) else one.value
        before |= dict.fromkeys(stems, value)
        yield replace(one, value=value, is_part=one.is_part or bool(pattern("vague").fullmatch(one.words)))
        ended = offences.known()[value] if isinstance(value, str) else None
        if ended and ended.last:  # may mean what took its place, which stands first beside it
            yield from (replace(one, value=each, is_part=True) for each in ended.context[:1])
    for match in re.finditer(r"\bcode (\d{1,3}[A-Z]?(?:/\d\d)?)\b|\b(88A|71/17)\b", plain):
        if (code := match[1] or match[2]) in offences.known():
            yield Mention(match.start(), match.end(), match[0], code)


# --- months: what words for a period mean, by the day of publication, other periods, a law ------------------------------


def _times(plain: str, day: date | None, named: Collection[Counted]) -> list[Mention[Time]]:
    """Return the words for periods; what one rule has read, the next does not read again."""
    left, read = plain.replace("\n", " "), list[tuple[re.Match[str], str, Span]]()
    for rule in spans.RULES:
        for match in rule.pattern.finditer(left) if rule.role not in "ZX" else ():
            read.append((match, rule.role, spans.read(rule, match)))
        left = rule.pattern.sub(lambda match: "\0" * len(match[0]), left)
    read.sort(key=lambda each: each[0].start())
    outright = {span.periods[0] for _, role, span in read if span.periods and role == "P"}
    firsts = (one.first.first for code, one in offences.known().items() if one.first and {code, one.part_of} & {*named})
    law = max((month for month in firsts if month > TABLES_BEGIN), default=None)
    known = sorted(outright, key=lambda each: (each.last, each.months))
    now = Month(day.year, day.month) if day else None
    found: list[Mention[Time]] = []
    anchor = next(iter(usual(now)), None)
    for match, role, span in read:
        sides = [period for side in span.sides[::-1] for period in side.periods]
        begun = span.periods if role == "S" else ()
        several = tuple(dict.fromkeys([*sides, *begun, *months(span, now, known, anchor, law)]))
        anchor = several[0] if several and role == "P" else anchor
        found.append(Mention(*match.span(), match[0].strip(), Time(role, several, span)))
    return found


def months(
    span: Span, now: Month | None, known: Sequence[Period], anchor: Period | None, law: Month | None
) -> tuple[Period, ...]:
    """Return the periods that words may name, the likeliest first; none where the text does not tell.

    Parameters
    ----------
    span
        What they say by themselves.
    now, known, anchor, law
        What they may lean on: the month of publication, periods named outright, the one before, when a law began.

    Examples
    --------
    >>> rule = next(rule for rule in spans.RULES if rule.name == "past year")
    >>> span = spans.read(rule, rule.pattern.search("in the last year"))
    >>> [str(period) for period in months(span, Month(2023, 8), (), None, None)]
    ['2022-04..2023-03', '2022-07..2023-06', '2022-01..2022-12']
    """
    length, moved, begins = span.months, span.moved, span.begins.first if span.begins else law
    found: Sequence[Period] = ()
    match span.relation:
        case "":
            found = span.periods
        case "the law" | "lockdown":
            found = _from(law if span.relation == "the law" else LOCKDOWN, length)
        case "since" | "since the law" | "since the first year" if begins:
            ends = [each.last for each in reversed(known) if each.last > begins][:1]
            ends += [now.shift(-1)] if now else []
            found = [Period(begins, last) for last in ends if begins <= last]
        case "past":
            found = _past(length, now, known)
        case "moved" if anchor and (moved or anchor.months <= 12):
            found = [anchor.shift(moved)]
        case "same months of" if anchor:
            found = [anchor.shift(-12 * max(anchor.last.year - moved, 1))]
        case "before" | "a year before" if anchor:  # as long, and it ends where the other begins; else the same months
            found = [*_to(anchor.first.shift(-1), length), *([anchor.year_before] if anchor.months != length else [])]
        case "after" if anchor:
            found = _from(anchor.last.shift(1), length)
        case "later part" if anchor and (moved + 1) * (length or anchor.months) <= 12:
            length = length or anchor.months
            starts = (financial_year_of(anchor.first).first, Month(anchor.first.year, 1))
            parts = [part for start in starts for part in _from(start.shift(moved * length), length)]
            found = [part for part in parts if part.first > anchor.first]
        case "last financial year" if now:
            found = [financial_year_of(now.shift(-12))]
        case "this year" if now:
            last = now.shift(-1)
            found = [Period(first, last) for first in sorted({financial_year_of(last).first, Month(last.year, 1)})]
        case "ending" | "months" if now:  # the last before publication; "to April" is mostly to its first day
            last = Month(now.year, span.ends).shift(moved)
            plain = _to(last if last < now else last.shift(-12), length)
            found = [each.shift(-(span.ends % 3)) for each in plain if span.relation == "ending"] + plain
    return tuple(dict.fromkeys(found))


def usual(now: Month | None) -> list[Period]:
    """Return the years that a text may mean that names none: the last financial year, four quarters, and calendar year."""
    if now is None:
        return []
    ends = (financial_year_of(now.shift(-12)).last, now.shift(-1 - (now.month - 1) % 3), Month(now.year - 1, 12))
    return [year for end in ends for year in _to(end, 12)]


def _from(first: Month | None, length: int) -> list[Period]:
    return [Period(first, first.shift(length - 1))] if first and length else []


def _to(last: Month, length: int) -> list[Period]:
    return [Period(last.shift(1 - length), last)] if length else []


def _past(length: int, now: Month | None, known: Sequence[Period]) -> list[Period]:
    """Read "in the past year": a period of that length that the text names, or the last complete one."""
    fresh = [each for each in known if now is None or now.ordinal - each.last.ordinal <= _STALE]
    close = [each for each in fresh if abs(each.months - length) < 12 and (length > 12 or each.months <= 12)]
    years = usual(now) if length % 12 == 0 else usual(now)[1:2]
    ends = [*(each.last for each in fresh[-1:]), *(each.last for each in years)]
    return [*reversed(close), *(each for last in ends for each in _to(last, length))]
