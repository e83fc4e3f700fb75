"""Which offence words stand for: every code, family and group by its names, and what the tables do not count."""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.claims.drafts.fields import Field
from analysis.claims.drafts.words import NAMES, PATTERNS, PIECES, key
from analysis.terms import offences
from analysis.terms.periods import Month

TABLES_BEGIN = Month(2012, 4)


@dataclass(frozen=True)
class Mention:
    """Words that name an offence, what they stand for, and where they stand."""

    field: Field
    start: int
    end: int


@dataclass(frozen=True)
class Named:
    """The offences that a text names, and whether it counts one of them among others: "rape and burglary", "including rape"."""

    mentions: tuple[Mention, ...] = ()
    is_among_others: bool = False

    def most(self) -> Field:
        """Return the offence that is named most often, and of several the first; an empty field where none is."""
        fields = [one.field for one in self.mentions]
        counted = Counter(field.value or field.others for field in fields)
        return max(fields, key=lambda field: counted[field.value or field.others], default=Field())

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the offences that are named between two places."""
        return [one for one in self.mentions if start <= one.start and one.end <= end]

    def near(self, place: int, start: int, end: int) -> Field | None:
        """Return the offence that stands nearest to a place in a clause: the next one, and failing that the last before."""
        after = self.within(max(place, start), end)
        before = [one for one in self.mentions if one.end <= place]
        found = after[:1] or [one for one in before if one.start >= start][-1:] or before[-1:] or self.mentions[:1]
        return found[0].field if found else None


def named(text: str) -> Named:
    """Return the offences that a text names, the longest name first.

    Examples
    --------
    >>> [one.field.value for one in named("Residential burglary fell, and 33 rapes and 12 thefts from cars were recorded").mentions]
    ['residential-burglary', 'rape', '45']
    >>> named("1,204 crimes, including rape"), named("Knife crime rose").mentions[0].field.others
    (Named(mentions=(), is_among_others=True), ('10D',))
    """
    found = [Mention(_read(m, text[m.start() : m.end()]), m.start(), m.end()) for m in _matches(text)]
    joined: set[int] = set()
    for i, (one, other) in enumerate(itertools.pairwise(found)):
        if PATTERNS["listed"].fullmatch(text, one.end, other.start) and not related(one.field, other.field):
            joined |= {i, i + 1}
    among = {i for i, m in enumerate(found) if PATTERNS["among others"].search(text, max(0, m.start - 90), m.start)}
    apart = (one for i, one in enumerate(found) if i not in joined | among)
    return Named(tuple(one for one in apart if one.field.value or one.field.others), bool(joined | among))


def is_other(sentence: str, names: Named) -> bool:
    """Say whether a sentence speaks of offences that no claim can be about: not in the tables, or several at once."""
    if names.mentions:
        return False
    is_unknown = any(match["name"] for match in _matches(sentence))
    return names.is_among_others or is_unknown or bool(PATTERNS["all crime"].search(sentence))


def related(one: Field, other: Field) -> bool:
    """Say whether two fields may be of one offence: the same, or a code and its part."""
    return not {one.value, *one.others}.isdisjoint({other.value, *other.others}) or None in {one.value, other.value}


def of_basis(found: Field, basis: Field, whole: Named) -> Field:
    """Return an offence and its part or whole, the likelier first: forces are asked for a part that the tables do not count apart.

    Parameters
    ----------
    found
        What was named.
    basis
        Who counted.
    whole
        What the article names.
    """
    if found.value is None:
        return found
    known = offences.known()
    over = known[str(found.value)].part_of
    parts = [code for code, one in known.items() if one.part_of == found.value]
    if not over and not parts:
        return found
    part, all_of_it = (found.value, over) if over else (parts[0], found.value)
    is_part_meant = basis.value == "foi" or (over and not any(one.field.value == over for one in whole.mentions))
    first, other = (part, all_of_it) if is_part_meant else (all_of_it, part)
    return Field(first, found.quote, (other,), found.note)


def is_part(field: Field) -> bool:
    """Say whether an offence is a part of a code, which the tables do not count apart."""
    return bool(field.value and offences.known()[str(field.value)].part_of)


def first_month(field: Field) -> Month | None:
    """Return when an offence, or the part of it that may be meant, began to be counted; None where the tables begin with it."""
    begun = [offences.known()[str(code)].first for code in (field.value, *field.others) if code]
    firsts = [months.first for months in begun if months]
    return max(firsts) if firsts and max(firsts) > TABLES_BEGIN else None


@functools.cache
def _names() -> dict[str, str]:
    """Return what each name stands for: as the command reads it, and the nouns of families before those of codes."""
    order = {"family": 0, "group": 1, "code": 2}
    every = sorted(offences.known().values(), key=lambda one: (order[one.kind], one.last is not None))
    found: dict[str, str] = {}
    nouns_of_all = ((noun, each) for each in every for noun in (each.noun, each.one))
    for name, one in (*offences.by_name().items(), *nouns_of_all):
        words = re.sub(r"^offences? (?:under the code )?of | \(.*\)$", "", name)
        if not one.outcomes_only and "“" not in words and words[:1].isalpha() and len(words) > 2:
            found.setdefault(key(words), one.code)
    return found


@functools.cache
def _pattern() -> re.Pattern[str]:
    keys = sorted({*_names(), *map(key, (*NAMES["not in tables"], *NAMES["wider"]))}, key=len, reverse=True)
    names = "|".join(r"(?:[ -]|, )(?:(?:an?|the|their) )?".join(map(_inflected, each.split())) for each in keys)
    code = r"(?:\bcode )?\b(?P<codes>\d{1,3}(?:[a-z]|/\d{1,2}))\b(?![/\d])|\bcode (?P<number>\d{1,3}(?:\.\d{1,2})?)\b"
    return re.compile(
        rf"{code}|\b(?P<name>{names})\b(?: (?:offen[cs]es?|crimes?|cases?)\b)?{PIECES['NO_OFFENCE_AFTER']}"
    )


def _inflected(word: str) -> str:
    if len(word) < 3:
        return re.escape(word)
    return re.sub("(?<=...)ing$", "(?:ing|ed|er)", re.sub("y$", "(?:y|ie)", re.escape(word))) + "s?"


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Search in small letters, which is many times faster than in any case; where these are more letters, as they are."""
    return _pattern().finditer(text.lower() if len(text.lower()) == len(text) else text)


def _read(match: re.Match[str], quote: str) -> Field:
    if PATTERNS["of a kind"].match(match.string, match.end()) and re.search(rf"\b(?:{PIECES['NOUNS']})$", quote, re.I):
        return Field()
    if match["name"] is None:
        code = (match["codes"] or match["number"]).upper()
        return Field(code, quote) if code in offences.known() else Field()
    name = key(match["name"])
    for spelt in (name, re.sub("e[dr]$", "ing", name)):  # "stalkers"
        if spelt in _names():
            return Field(_names()[spelt], quote)
    if name not in map(key, NAMES["wider"]):
        return Field()
    note = f"“{quote}” is a collection of its own, which the tables do not hold"
    return Field(None, quote, (_names()[name.split()[0]],), note)
