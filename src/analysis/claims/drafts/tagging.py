"""A sentence with what is known in it replaced by tags, so that rules can read its shape.

``Kent Police recorded 33 offences in 2016/17, up from five`` becomes ``<A0> recorded <N0> offences <P0>, up from <N1>``.
Tags: ``A`` area, ``N`` count, ``P`` period, ``B`` period before another, ``E`` two periods, ``S`` beginning, ``L``
length, ``C`` change, ``R`` rate, ``K`` answers of forces, ``H`` share, ``Z`` when a law or records began, ``X`` a
number that counts no offences.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from analysis.claims import spans
from analysis.claims.drafts import areas, changes, numbers
from analysis.claims.drafts.fields import Field, Rule
from analysis.claims.drafts.times import Time
from analysis.errors import RequestError
from analysis.terms.language import NUMBER

_KINDS = {"change": "C", "rate": "R", "coverage": "K", "share": "H"}


@dataclass(frozen=True)
class Tag:
    """One tag in a tagged sentence, and where it stands."""

    letter: str
    index: int
    start: int
    end: int


@dataclass
class Tagged:
    """A sentence in tags, with what the tags stand for.

    Attributes
    ----------
    text
        The tagged sentence.
    areas, times, numbers, fields
        By the number in their tag; ``numbers`` are counts; ``fields`` belong to ``C``, ``R``, ``K``, ``H``.
    """

    text: str
    areas: list[Field] = field(default_factory=list)
    times: list[Time] = field(default_factory=list)
    numbers: list[Field] = field(default_factory=list)
    fields: list[dict[str, Field]] = field(default_factory=list)

    def tags(self, letters: str, start: int = 0, end: int | None = None) -> list[Tag]:
        """Return the tags of some kinds that stand between two places, in their order.

        Examples
        --------
        >>> [one.index for one in tag("There were 33 offences in Kent and 17 in Essex.").tags("A")]
        [0, 1]
        """
        found = re.compile(rf"<([{letters}])(\d+)>").finditer(self.text, start, len(self.text) if end is None else end)
        return [Tag(match[1], int(match[2]), match.start(), match.end()) for match in found]

    def stated(self, letter: str) -> list[dict[str, Field]]:
        """Return the fields of every tag of a kind: changes, rates, answers or shares."""
        return [self.fields[tag.index] for tag in self.tags(letter)]


def tag(sentence: str) -> Tagged:
    """Replace what is known in a sentence by tags.

    Examples
    --------
    >>> tag("Kent Police recorded 33 offences in 2016/17, up from five.").text
    '<A0> recorded <N0> offences <P0>, up from <N1>.'
    """
    tagged = Tagged(numbers.exact(sentence))
    _replace(tagged, numbers.TRAPS[0].pattern, lambda _: "<X>")
    for rule in changes.RULES:
        _replace(tagged, rule.pattern, lambda match, rule=rule: _stated(tagged, rule, match))  # type: ignore[misc]
    for words in spans.RULES:
        _replace(tagged, words.pattern, lambda match, rule=words: _time(tagged, rule, match))  # type: ignore[misc]
    _replace(tagged, areas.pattern(), lambda match: _area(tagged, areas.read(match)))
    _join_areas(tagged)
    for trap in numbers.TRAPS:
        _replace(tagged, trap.pattern, lambda _: "<X>")
    for _ in range(2):
        tagged.text = numbers.tagged(tagged.text, tagged.numbers)
    return tagged


def _replace(tagged: Tagged, pattern: re.Pattern[str], put: Callable[[re.Match[str]], str]) -> None:
    """Replace what a pattern finds, but never inside or across a tag."""
    pieces = re.split(r"(<[A-Z]\d*>)", tagged.text)
    tagged.text = "".join(
        piece if i % 2 else pattern.sub(lambda match: _spaced(match, put(match)), piece)
        for i, piece in enumerate(pieces)
    )


def _spaced(match: re.Match[str], tag: str) -> str:
    return f"{' ' if match[0][:1] == ' ' else ''}{tag}{' ' if match[0][-1:] == ' ' else ''}"


def _stated(tagged: Tagged, rule: Rule, match: re.Match[str]) -> str:
    try:
        found = rule.read(match)
    except RequestError:  # no amount, such as "twenty seventeen times"
        found = {}
    if not found:
        return "<X>"
    tagged.fields.append({name: Field(value, match[0].strip()) for name, value in found.items()})
    return f"<{_KINDS[rule.name]}{len(tagged.fields) - 1}>"


def _time(tagged: Tagged, rule: spans.Rule, match: re.Match[str]) -> str:
    if rule.role in "XZ":
        return f"<{rule.role}>"
    tagged.times.append(Time(rule, rule.read(match), match[0]))
    return f"<{rule.role}{len(tagged.times) - 1}>"


def _area(tagged: Tagged, area: Field) -> str:
    tagged.areas.append(area)
    return f"<A{len(tagged.areas) - 1}>"


def _join_areas(tagged: Tagged) -> None:
    """Make one area of several that are listed without counts of their own: ``Sussex and Surrey``."""
    if "respectively" in tagged.text:
        return

    def put(match: re.Match[str]) -> str:
        counted = re.search(rf"{NUMBER} (?:in|by|for) $", match.string[: match.start()][-30:])
        if counted and re.match(r" (?:saw|recorded|had|logged|with|registered)\b", match.string[match.end() :]):
            return match[0]
        return _area(tagged, areas.together([tagged.areas[int(i)] for i in re.findall(r"<A(\d+)>", match[0])]))

    more = r"(?:, (?:the )?<A\d+>)"
    tagged.text = re.sub(
        rf"<A\d+>(?:{more}*(?:,? and (?:the )?|,? & )<A\d+>|{more}{{2,}})(?!(?:'s)?,? ?(?:[:(-] ?)?{NUMBER})",
        put,
        tagged.text,
    )
