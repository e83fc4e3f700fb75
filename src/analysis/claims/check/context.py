"""What a text names as a whole: areas, offences and periods with their places, its sentences, its own day and address, who counted."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Generic, Literal, TypeVar

from analysis import files, reader
from analysis.claims import spans
from analysis.claims.check.numbers import PLAIN
from analysis.claims.models import OUTSIDE
from analysis.claims.spans import Span
from analysis.terms import areas, offences
from analysis.terms.numbers import MONTH, MONTH_NUMBERS
from analysis.terms.periods import Month

T = TypeVar("T")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|&")
_END = re.compile(
    r"(?<=[.!?])[\"')]{0,3}\s{1,9}(?=[\"'(]{0,3}[A-Z0-9£])|\n[ \t]*\n|\n(?=[ \t]*(?:[-*•·‣▪]|\d{1,2}[.)] ))|(?<=[|])[^|\n]*\n|\n(?=[^\n]{0,400}\|)"
)
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Rev|Prof|Insp|Det|Supt|Sgt|Cllr|No|vs|approx|e\.g|i\.e|c|s|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z])\.$")  # fmt: skip
_ANY_CRIME = re.compile(r"(?:recorded )?crime", re.IGNORECASE)
_COMPASS = ("north east", "north west", "south east", "south west", "east midlands")
_CHAIN = 12  # areas that are named together
_HEADLINE, _LINE = 70, 400  # letters of a line that may be a headline, and of one that may give the day
_DAY = rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<name>{MONTH})\b\.?,?|(?P<name_first>{MONTH})\b\.? (?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?,?) (?P<year>20\d\d)|(?P<iso>20\d\d-\d\d-\d\d)|(?P<digits>\d{{1,2}}/\d{{1,2}}/(?:20)?\d\d)"
_OWN_DAY = (
    re.compile(rf"\b(?:published|posted|date|released?|embargo(?:ed)?(?: until)?)\b(?:(?!updat)[^.\d\n]){{0,40}}?(?:{_DAY})", re.I),
    re.compile(rf"^(?!.*\bupdated\b)\W{{0,5}}(?:by [\w .'-]{{2,40}}?[,|]? |[a-z ,.']{{0,40}}[|·-] ?)?(?:[a-z]{{3,9}}day,? )?(?:{_DAY})[^a-z]{{0,20}}(?:[ap]m|gmt|bst)?\W{{0,5}}$", re.I),
)  # fmt: skip
_ADDRESS = re.compile(r"^[ \t]*(?:(?:source|url|link|from)\b:? ?)?(https?://\S+)[ \t]*$", re.I | re.M)


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


@dataclass(frozen=True)
class Time:
    """Words for a period: what they say by themselves, and the role that their rule gives them."""

    span: Span
    role: str


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


@dataclass(frozen=True)
class _Names:
    areas: dict[str, tuple[str, ...]]
    foi: str
    unused: tuple[str, ...]
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()


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
    source = _ADDRESS.search(plain)
    return Context(
        text=text,
        starts=tuple(_starts(plain)),
        areas=tuple(_areas(plain)),
        offences=tuple(_offences(plain)),
        times=tuple(_times(plain)),
        published=published or own_day(plain),
        source=source[1] if source else "not known",
        basis="foi" if re.search(_names().foi, plain) else "home-office",
    )


def own_day(plain: str) -> date | None:
    """Return the day that a text gives as its own: beside "published" or the like, or alone on a line.

    Examples
    --------
    >>> own_day("Thursday, 26th April 2018, 10:02"), own_day("The law began on 3 April 2017.")
    (datetime.date(2018, 4, 26), None)
    """
    lines = [line.strip() for line in plain.splitlines() if len(line) <= _LINE]
    for pattern in _OWN_DAY:
        for match in filter(None, map(pattern.search, lines)):
            with suppress(ValueError):
                if match["iso"]:
                    return date.fromisoformat(match["iso"])
                if match["digits"]:
                    day, month, year = map(int, match["digits"].split("/"))
                    return date(year + 2000 if year < 100 else year, month, day)
                name = (match["name"] or match["name_first"]).casefold()
                return date(int(match["year"]), MONTH_NUMBERS[name], int(match["day"] or match["day_after"]))
    return None


def _starts(plain: str) -> Iterator[int]:
    yield 0
    ends = [
        match.end()
        for match in _END.finditer(plain)
        if not _ABBREVIATION.search(plain[max(0, match.start() - 12) : match.start()])
    ]
    short = (
        m.end()
        for m in re.finditer(rf"^[^\n]{{1,{_HEADLINE}}}\n(?=[ \t\n]{{0,9}}[A-Z0-9\"'(])", plain, re.M)
        if not m[0].rstrip().endswith(",")
    )
    yield from sorted({end for end in (*ends, *short) if 0 < end < len(plain)})


# --- names: the longest known from a word on --------------------------------------------------------------------------


@functools.cache
def _names() -> _Names:
    return reader.read(files.PACKAGE / "claims" / "check" / "names.yaml", _Names)


@functools.cache
def _known_areas() -> Mapping[tuple[str, ...], tuple[tuple[Area, bool], ...]]:
    """Return every name of an area, word by word, with what it means, and whether it is only a part of that.

    A town means its partnership, and is a part of its force.
    """
    found: dict[str, tuple[tuple[Area, bool], ...]] = {}
    for name, area in areas.by_name().items():
        whole = tuple((force, True) for force in area.names) if area.by_years and len(area.names) == 1 else ()
        found[name] = ((area.name, bool(area.place)), *whole)
    found |= {name: ((said, False),) for name, said in OUTSIDE.items()}
    for known, spellings in _names().areas.items():
        found |= dict.fromkeys(spellings, ((known, False),))
    for name in _names().unused:
        found.pop(name, None)
    return {tuple(word.casefold() for word in _WORD.findall(name)): said for name, said in found.items()}


@functools.cache
def _known_offences() -> Mapping[tuple[str, ...], Counted]:
    """Return every name of an offence, word by word and by stems, with its code, or what is known of it where no table holds it."""
    order = {"family": 0, "group": 1, "code": 2}
    every = sorted(offences.known().values(), key=lambda one: (order[one.kind], one.last is not None))
    found: dict[tuple[str, ...], Counted] = {
        _stems(name): each for each in offences.all_not_held() for name in each.names
    }
    for name, one in (*offences.by_name().items(), *((noun, each) for each in every for noun in (each.noun, each.one))):
        words = re.sub(r"^offences? (?:under the code )?of | \(.*\)$| offences?$", "", name)
        if not one.outcomes_only and "“" not in words and words[:1].isalpha() and len(words) > 2:
            for said in dict.fromkeys((name, words)):
                found.setdefault(_stems(said), one.code)
    return {key: code for key, code in found.items() if key and key not in {("offenc",), ("crim",)}}


def _stems(words: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in _WORD.findall(words) if word.casefold() not in _EMPTY)


_EMPTY = {"a", "an", "the", "their", "his", "her"}


@functools.lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    """Return what is left of a word without its endings: "burglaries", "burglars" and "burglary" are one."""
    plain = word.casefold().removesuffix("'s")
    if len(plain) < 4:
        return plain
    plain = re.sub(r"(?<![su])s$|ies$", "", plain)
    return re.sub(r"(?<=...)(?:ing|ed|ery?|y|e)$", "", plain) if len(plain) > 3 else plain


def _longest(
    plain: str, known: Mapping[tuple[str, ...], T], stem: Callable[[str], str], skip: Iterable[str] = ()
) -> Iterator[tuple[int, int, T]]:
    """Yield where the longest known names stand and what they name; words in ``skip`` do not count, but to begin one."""
    words, without = list(_WORD.finditer(plain)), frozenset(skip)
    longest = max(map(len, known), default=0)
    firsts = {key[0] for key in known}
    stems = [stem(match[0]) for match in words]
    i = 0
    while i < len(words):
        best: tuple[int, T] | None = None
        if stems[i] in firsts:
            key: tuple[str, ...] = ()
            for j in range(i, min(len(words), i + 2 * longest)):
                if j > i and re.search(
                    r"[.;:!?()|\n\"]", plain[words[j - 1].end() : words[j].start()].replace("\n", " ", 1)
                ):
                    break
                if j > i and words[j][0].casefold() in without:
                    continue
                key = (*key, stems[j])
                if key in known:
                    best = (j, known[key])
                if len(key) >= longest:
                    break
        if best:
            yield words[i].start(), words[best[0]].end(), best[1]
            i = best[0]
        i += 1


def _areas(plain: str) -> Iterator[Mention[Area]]:
    chain: list[Mention[Area]] = []
    for one in _single_areas(plain):
        between = plain[chain[-1].end : one.start] if chain else "."
        listed = re.fullmatch(r"(?: police)?(?P<comma>, )?(?P<last>,? and |,? & )?(?:in )?(?:the )?", between, re.I)
        is_more = listed and (listed["comma"] or listed["last"])
        chain = [*chain[-_CHAIN:], one] if is_more else [one]
        if listed and listed["last"]:
            yield from _together(plain, chain)
        yield one


def _single_areas(plain: str) -> Iterator[Mention[Area]]:
    things, titles = (re.compile(words) for words in (rf"(?:'s)? (?:{'|'.join(_names().not_before)})\b", rf"(?:{'|'.join(_names().not_after)}) $"))  # fmt: skip
    for start, end, meant in _longest(plain, _known_areas(), lambda word: word.casefold().removesuffix("'s")):
        words = plain[start:end].removesuffix("'s")
        if words.islower() and words.casefold() not in _lower():
            continue
        # "Kent County Council" says where a text is set, and is not whom a number is of.
        is_aside = bool(things.match(plain, end) or titles.search(plain[max(0, start - 20) : start]))
        for named, is_part in meant[::-1]:
            yield Mention(start, end, plain[start:end], named, is_part or is_aside)


@functools.cache
def _lower() -> frozenset[str]:
    """Return the names that a text writes in small letters too."""
    names = {name for several in _names().areas.values() for name in several if name[0].islower()}
    return frozenset(names | {f"the {compass}" for compass in _COMPASS} | set(_COMPASS))


def _together(plain: str, chain: list[Mention[Area]]) -> Iterator[Mention[Area]]:
    """Yield areas that are named together as one: Sussex and Surrey."""
    names = [name for each in chain for name in (each.value if isinstance(each.value, tuple) else (each.value,))]
    if (
        all(name in areas.NAMES for name in names)
        and len(set(names)) == len(names)
        and not any(each.is_part for each in chain)
    ):
        ordered = tuple(name for name in areas.NAMES if name in names)
        yield Mention(chain[0].start, chain[-1].end, plain[chain[0].start : chain[-1].end], ordered)


def _offences(plain: str) -> Iterator[Mention[Counted]]:
    for start, end, code in _longest(plain, _known_offences(), _stem, _EMPTY):
        if not re.match(
            r" (?:act|bill|crisis|reduction|prevention|commission|survey|trust)\b", plain[end : end + 15], re.I
        ):
            # "Recorded crime" is said of any figures, "total crime" of all crime.
            yield Mention(start, end, plain[start:end], code, code == "total" and bool(_ANY_CRIME.match(plain, start)))
    for match in re.finditer(r"\bcode (\d{1,3}[A-Z]?(?:/\d\d)?)\b|\b(88A|71/17)\b", plain):
        if (code := match[1] or match[2]) in offences.known():
            yield Mention(match.start(), match.end(), match[0], code)


def _times(plain: str) -> Iterator[Mention[Time]]:
    """Yield the words for periods; what one rule has read, the next does not read again."""
    left = plain.replace("\n", " ")
    found: list[Mention[Time]] = []
    for rule in spans.RULES:
        found += [
            Mention(match.start(), match.end(), match[0].strip(), Time(spans.read(rule, match), rule.role))
            for match in rule.pattern.finditer(left)
        ]
        left = rule.pattern.sub(lambda match: "\0" * len(match[0]), left)
    yield from sorted((one for one in found if one.value.role not in "ZX"), key=lambda one: one.start)
