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

from analysis.claims.drafts import areas, changes, counts, numerals, times
from analysis.claims.drafts.areas import Name
from analysis.claims.drafts.fields import Field
from analysis.claims.drafts.times import Time

_ROLES = {"current": "P", "baseline": "B", "ends": "E", "since": "S", "span": "L", "day": "X", "none": "Z"}
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
        By the number in their tag; ``numbers`` are counts, sure or not; ``fields`` belong to ``C``, ``R``, ``K``, ``H``.
    """

    text: str
    areas: list[Name] = field(default_factory=list)
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


def tag(sentence: str) -> Tagged:
    """Replace what is known in a sentence by tags.

    Examples
    --------
    >>> tag("Kent Police recorded 33 offences in 2016/17, up from five.").text
    '<A0> recorded <N0> offences <P0>, up from <N1>.'
    """
    tagged = Tagged(counts.exact(sentence))
    _replace(tagged, numerals.TRAPS[0].pattern, lambda _: "<X>")
    for rule in changes.RULES:
        _replace(tagged, rule.pattern, lambda match, rule=rule: _fields(tagged, _KINDS[rule.kind], rule.read(match)))  # type: ignore[misc]
    for time_rule in times.RULES:
        _replace(tagged, time_rule.pattern, lambda match, rule=time_rule: _time(tagged, Time(rule, match)))  # type: ignore[misc]
    _replace(tagged, areas.pattern(), lambda match: _area(tagged, match))
    _join_areas(tagged)
    for trap in numerals.TRAPS:
        _replace(tagged, trap.pattern, lambda _: "<X>")
    for _ in range(2):
        tagged.text = counts.tagged(tagged.text, tagged.numbers)
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


def _fields(tagged: Tagged, letter: str, found: dict[str, Field]) -> str:
    if not found:
        return "<X>"
    tagged.fields.append(found)
    return f"<{letter}{len(tagged.fields) - 1}>"


def _time(tagged: Tagged, time: Time) -> str:
    if time.role in {"day", "none"}:
        return f"<{_ROLES[time.role]}>"
    tagged.times.append(time)
    return f"<{_ROLES[time.role]}{len(tagged.times) - 1}>"


def _area(tagged: Tagged, match: re.Match[str]) -> str:
    tagged.areas.append(areas.read(match))
    return f"<A{len(tagged.areas) - 1}>"


def _join_areas(tagged: Tagged) -> None:
    """Make one area of several that are listed without counts of their own: ``Sussex and Surrey``."""
    if "respectively" in tagged.text:
        return

    def put(match: re.Match[str]) -> str:
        counted = re.search(rf"{numerals.NUMBER} (?:in|by|for) $", match.string[: match.start()][-30:])
        if counted and re.match(r" (?:saw|recorded|had|logged|with|registered)\b", match.string[match.end() :]):
            return match[0]
        tagged.areas.append(areas.together([tagged.areas[int(i)] for i in re.findall(r"<A(\d+)>", match[0])]))
        return f"<A{len(tagged.areas) - 1}>"

    more = r"(?:, (?:the )?<A\d+>)"
    tagged.text = re.sub(
        rf"<A\d+>(?:{more}*(?:,? and (?:the )?|,? & )<A\d+>|{more}{{2,}})(?!(?:'s)?,? ?(?:[:(-] ?)?{numerals.NUMBER})",
        put,
        tagged.text,
    )
