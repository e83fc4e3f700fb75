"""A sentence with what is known in it replaced by tags, so that rules can read its shape.

``Kent Police recorded 33 offences in 2016/17, up from five`` becomes ``<A1> recorded <N2> offences <P0>, up from <N3>``.
Tags: ``A`` area, ``N`` count, ``P`` period, ``B`` period before another, ``E`` two periods, ``S`` beginning, ``L``
length, ``C`` change, ``R`` rate, ``K`` answers of forces, ``H`` share, ``Z`` when a law or records began, ``X`` a
number that counts no offences.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from analysis.claims import spans
from analysis.claims.drafts import areas, changes, offences
from analysis.claims.drafts.fields import Field
from analysis.claims.drafts.times import Time
from analysis.claims.drafts.words import PATTERNS, TABLES
from analysis.claims.grammar import Rule
from analysis.errors import RequestError
from analysis.terms.numbers import parsed

# A number is a count of offences where a rule says so and nothing beside it says that it is of some of them only.
_MOST_NUMBERS = 40  # of a sentence; what has more is none
_BEHIND, _AHEAD = 160, 90  # letters around a number in which a rule may look
_KINDS = {"change": "C", "rate": "R", "coverage": "K", "share": "H"}


@dataclass(frozen=True)
class Tag:
    """One tag in a tagged sentence, what it stands for, and where it stands."""

    letter: str
    value: Any
    start: int
    end: int


@dataclass
class Tagged:
    """A sentence in tags, with what the tags stand for.

    Attributes
    ----------
    text
        The tagged sentence.
    values
        By the number in their tag: fields of areas and counts, times, and the fields of changes, rates, answers and shares.
    """

    text: str
    values: list[Any] = field(default_factory=list)

    def tags(self, letters: str, start: int = 0, end: int | None = None) -> list[Tag]:
        """Return the tags of some kinds that stand between two places, in their order.

        Examples
        --------
        >>> [one.value.value for one in tag("There were 33 offences in Kent and 17 in Essex.").tags("A")]
        ['Kent', 'Essex']
        """
        found = re.compile(rf"<([{letters}])(\d+)>").finditer(self.text, start, len(self.text) if end is None else end)
        return [Tag(match[1], self.values[int(match[2])], match.start(), match.end()) for match in found]

    @functools.cached_property
    def named(self) -> offences.Named:
        """The offences that it names."""
        return offences.named(self.text)

    def put(self, letter: str, value: Any) -> str:
        """Return a new tag for a value."""
        self.values.append(value)
        return f"<{letter}{len(self.values) - 1}>"


def tag(sentence: str) -> Tagged:
    """Replace what is known in a sentence by tags.

    Examples
    --------
    >>> tag("Kent Police recorded 33 offences in 2016/17, up from five.").text
    '<A1> recorded <N2> offences <P0>, up from <N3>.'
    >>> tag("Almost 4,000 (3,936) offences were recorded.").tags("N")[0].value.value
    3936
    """
    plain = sentence.replace("<", "(")  # a text may hold what looks like a tag
    tagged = Tagged(PATTERNS["rough then exact"].sub(r"\1", plain))
    _replace(tagged, TABLES["not counts"][0].pattern, lambda _: "<X>")
    for rule in TABLES["amounts"]:
        _replace(tagged, rule.pattern, partial(_stated, tagged, rule))
    for rule in spans.RULES:
        _replace(tagged, rule.pattern, partial(_time, tagged, rule))
    _replace(tagged, areas.pattern(), lambda match: tagged.put("A", areas.read(match)))
    _join_areas(tagged)
    for rule in TABLES["not counts"]:
        _replace(tagged, rule.pattern, lambda _: "<X>")
    for _ in range(2):
        tagged.text = _counted(tagged.text, tagged.put)
    return tagged


def _replace(tagged: Tagged, pattern: re.Pattern[str], put: Callable[[re.Match[str]], str]) -> None:
    """Replace what a pattern finds, but never inside or across a tag; meanwhile the text is what stands before."""

    def spaced(match: re.Match[str]) -> str:
        return f"{' ' if match[0][:1] == ' ' else ''}{put(match)}{' ' if match[0][-1:] == ' ' else ''}"

    pieces, tagged.text = re.split(r"(<[A-Z]\d*>)", tagged.text), ""
    for i, piece in enumerate(pieces):
        tagged.text += piece if i % 2 else pattern.sub(spaced, piece)


def _stated(tagged: Tagged, rule: Rule, match: re.Match[str]) -> str:
    try:
        last = re.search(r"<C(\d+)>$", tagged.text)
        told = next(iter(tagged.values[int(last[1])].values())).quote if last else ""
        found = changes.read(rule, match, told)
    except RequestError:  # no amount, such as "twenty seventeen times"
        found = {}
    fields = {name: Field(value, match[0].strip()) for name, value in found.items()}
    return tagged.put(_KINDS[rule.name], fields) if fields else "<X>"


def _time(tagged: Tagged, rule: Rule, match: re.Match[str]) -> str:
    return (
        f"<{rule.role}>"
        if rule.role in "XZ"
        else tagged.put(rule.role, Time(rule.role, spans.read(rule, match), match[0]))
    )


def _join_areas(tagged: Tagged) -> None:
    """Make one area of several that are listed without counts of their own: ``Sussex and Surrey``."""
    if "respectively" in tagged.text:
        return

    def put(match: re.Match[str]) -> str:
        before, after = match.string[: match.start()][-30:], match.string[match.end() :]
        if PATTERNS["count of an area"].search(before) and PATTERNS["area with a count"].match(after):
            return match[0]
        return tagged.put("A", areas.together([tagged.values[int(i)] for i in re.findall(r"<A(\d+)>", match[0])]))

    tagged.text = PATTERNS["areas together"].sub(put, tagged.text)


def _counted(text: str, put: Callable[[str, Field], str]) -> str:
    """Return a tagged sentence with its counts tagged too.

    Each number is judged by the letters near it, so that the work grows with the length of the sentence and no faster.
    One shown to be a count can show the next: to see them all, ask twice.

    Examples
    --------
    >>> _counted("<A0> recorded 33 offences <P0>, up from nearly five.", lambda letter, field: f"[{field.value}]")
    '<A0> recorded [33] offences <P0>, up from nearly [nearly 5].'
    """
    done, end = "", 0
    found = list(PATTERNS["number"].finditer(text))
    for match in found if len(found) <= _MOST_NUMBERS else ():
        before, end = done + text[end : match.start()], match.end()
        read = parsed(match[1]) if _is_count(before[-_BEHIND:], text[end : end + _AHEAD]) else None
        hedge = PATTERNS["hedged"].search(before[-_BEHIND:])
        rough = f"{hedge[1].casefold()} {read}" if hedge else read
        quote = f"{hedge[1]} {match[1]}" if hedge else match[1]
        done = before + (match[0] if read is None else put("N", Field(rough, quote)))
    return done + text[end:]


def _is_count(before: str, after: str) -> bool:
    near = f"{before}#{after}"
    is_of_some = any(PATTERNS["where known"].search(side) for side in (before, after))
    if is_of_some or PATTERNS["some other thing"].match(after):
        return False
    return any(rule.pattern.search(near) for rule in TABLES["counts"])
