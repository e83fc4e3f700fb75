"""Every number of a text, with what it seems to be: a count, a percentage, a date, an age, something else; nothing is left out."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal, cast, get_args

from pydantic import Field, PlainSerializer

from analysis import files
from analysis.claims.models import BOUNDS
from analysis.claims.spans import grammar
from analysis.terms.numbers import parsed

Kind = Literal[
    "count", "percent", "multiple", "rate", "share", "every", "difference", "place", "date", "age", "money", "other"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
FIGURES = frozenset(KINDS[:8])
"""The kinds that can be said of recorded offences."""

PLAIN = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "‑": "-", "\N{NO-BREAK SPACE}": " ", "“": '"', "”": '"', "\t": "|"} | dict.fromkeys("½#¤§†¶×‡∆◊", " "))  # fmt: skip  # all but the first stand for numbers in the rules
_LETTERS = {"date": "‡", "fixed": "◊", "odds": "∆", "part": "†", "multiple": "×", "ordinal": "¶"}
_GRAMMAR = grammar(files.PACKAGE / "claims" / "check" / "numbers.yaml")
WORDS = _GRAMMAR.words
RULES = _GRAMMAR.tables["kinds"]
_OURS = Field(exclude=True)  # not told in JSON
_BOUND = re.compile(rf"(?<!\w)({'|'.join(sorted(BOUNDS, key=len, reverse=True))}) $", re.IGNORECASE)


@dataclass(frozen=True)
class Number:
    """A number as it stands in a text.

    Attributes
    ----------
    text, start, end
        Its words, and the characters between which they stand.
    kind
        What it seems to be, one of :data:`KINDS`.
    value
        As read: a quarter 25, doubled 2, 1.2m 1,200,000; None for what is no one number.
    bound
        ``more than``, ``about`` and the like, as stated; empty where it is plain.
    half_unit
        Half a unit of its last digit, by which the number meant may differ.
    direction
        ``up`` or ``down`` of a change, as the words beside it have it; empty where they do not.
    unit
        What a rate is per (``day``, ``1000``), an interval is told in (``minutes``), a percentage is (``percent``, ``points``), or a place
        is counted from (``highest``, ``lowest``); empty where there is none.
    """

    text: str
    start: int
    end: int
    kind: Kind
    value: Annotated[
        Fraction | None,
        PlainSerializer(lambda value: None if value is None else float(value), return_type=float | None),
    ]
    bound: Annotated[str, _OURS] = ""
    half_unit: Annotated[Fraction, _OURS] = Fraction(0)
    direction: Annotated[Literal["", "up", "down"], _OURS] = ""
    unit: Annotated[str, _OURS] = ""

    @property
    def stated(self) -> int | float | str:
        """The number as a file of claims writes it."""
        value = self.value or Fraction(0)
        plain: int | float = int(value) if value.denominator == 1 else round(float(value), 3)
        return f"{self.bound} {plain}" if self.bound else plain


@functools.cache
def pattern(name: str) -> re.Pattern[str]:
    """Return one of the expressions of ``numbers.yaml``."""
    return re.compile(_GRAMMAR.patterns[name], re.IGNORECASE)


def listed(text: str) -> list[Number]:
    """Return every number of a text, in its order.

    Parameters
    ----------
    text
        As it stands; positions are those of its characters.

    Examples
    --------
    >>> [(n.text, n.kind, float(n.value or 0)) for n in listed("Ann Hale, 43, said: 33 rapes in 2017, a quarter fewer, and £1.2m lost.")]
    [('43', 'age', 43.0), ('33', 'count', 33.0), ('2017', 'date', 2017.0), ('a quarter', 'percent', 25.0), ('1.2m', 'money', 1200000.0)]
    """
    plain = text.translate(PLAIN)
    shadow = pattern("token").sub(_letter, plain).replace("\n", " ")
    kinds: dict[int, Kind] = {}  # by the place of each letter
    for rule in RULES:
        for found in rule.pattern.finditer(shadow):
            for place in range(*found.span("it" if "it" in rule.pattern.groupindex else 0)):
                kinds.setdefault(place, cast(Kind, rule.name))
    letters = re.finditer("[#¤§†¶×‡∆◊]", shadow)
    tokens = pattern("token").finditer(plain)
    return [_number(text, plain, match, kinds[at.start()]) for at, match in zip(letters, tokens, strict=True)]


def _letter(match: re.Match[str]) -> str:
    if re.fullmatch(r"(?:19|20)\d\d", match[0]):
        return "§"
    is_decimal = not match["scale"] and "." in (match["digits"] or "")
    return "¤" if is_decimal else _LETTERS.get(match.lastgroup or "", "#")


def _number(text: str, plain: str, match: re.Match[str], kind: Kind) -> Number:
    start, end = match.span()
    value = _value(match)
    scale = _scale(match)
    half_unit = Fraction(scale, 2 * 10 ** len((match["digits"] or "").partition(".")[2]))
    said = _BOUND.search(plain[max(0, start - 40) : start])
    is_word = kind in {"multiple", "share", "percent"} and not (match["digits"] or match["words"])
    bound = said[1].casefold() if said else "about" if is_word else ""  # "a third" and "doubled" leave a tenth open
    direction = _direction(plain, match) if kind in {"percent", "difference"} else ""
    return Number(text[start:end], start, end, kind, value, bound, half_unit, direction, _unit(plain, start, end, kind))


def _value(match: re.Match[str]) -> Fraction | None:
    """Return what a number comes to."""
    words, digits = match[0].casefold(), (match["digits"] or "").replace(",", "")
    if match["odds"]:
        some, whole = (parsed(match[name]) or 0 for name in ("some", "whole"))
        return Fraction(100 * some, whole) if whole else None
    if match["part"]:
        return Fraction(
            100 * (parsed(match["parts"] or "") or 1),
            next(int(n) for name, n in WORDS["fractions"].items() if name in words),
        )
    if match["multiple"]:
        stem = re.sub(r"[- ]?(?:fold|times)$", "", words)
        named = next((many for name, many in WORDS["multiples"].items() if words.startswith(name)), parsed(stem))
        return Fraction(stem if named is None else named)
    if match["ordinal"]:
        return Fraction(WORDS["ordinals"].get(words) or re.sub(r"\D", "", words))
    plain: Fraction | int | None = Fraction(digits) if digits else parsed(match["words"] or "")
    return None if plain is None else Fraction(plain * _scale(match))


def _scale(match: re.Match[str]) -> Fraction:
    return Fraction(WORDS["scales"].get((match["scale"] or "").casefold(), 1))


def _unit(plain: str, start: int, end: int, kind: Kind) -> str:
    after = plain[end : end + 90]
    if kind == "every":
        found = pattern("interval").search(after)
        return f"{found[1].lower()}s" if found else ""
    if kind == "rate":
        near = pattern("per").search(after) or pattern("per").search(plain, max(0, start - 300), end + 300)
        said = next(filter(None, near.groups()), "").lower() if near else "1000"
        return WORDS["per"].get(said, said.replace(",", ""))
    if kind == "place":
        nearest = _beside("highest or lowest", plain[max(0, start - 60) : start], plain[end : end + 60])
        return "lowest" if nearest and nearest["lowest"] else "highest"
    return "points" if pattern("points").match(after) else "percent" if kind == "percent" else ""


def _direction(plain: str, match: re.Match[str]) -> Literal["", "up", "down"]:
    """Return which way a change goes by the nearest word that says so, in its own clause: before it, or just after."""
    before = re.split(r"[.;\n(|]", plain[max(0, match.start() - 70) : match.start()])[-1]
    after = re.split(r"[.;\n)|]", plain[match.end() : match.end() + 25])[0]
    nearest = _beside("rise or fall", before, after)
    return "" if nearest is None else "up" if nearest["rise"] else "down"


def _beside(name: str, before: str, after: str) -> re.Match[str] | None:
    """Return the nearest words of a pattern, before or behind a number."""
    words = pattern(name)
    far = [(len(before) - m.end(), m) for m in words.finditer(before)] + [(m.start(), m) for m in words.finditer(after)]
    return min(far, key=lambda found: found[0], default=(0, None))[1]
