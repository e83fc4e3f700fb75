"""Findings: what a caveat of a comparison and a verdict on a claim are called and mean, each read from one register."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from analysis import files, reader

Weight = Literal["forbids", "unknown", "care", "note"]
Comparable = Literal["yes", "with-care", "not-known", "no"]

# What a caveat does to a comparison, the gravest first, and the answer that follows from it.
WEIGHTS: dict[Weight, Comparable] = {"forbids": "no", "unknown": "not-known", "care": "with-care", "note": "yes"}


@dataclass(frozen=True, kw_only=True)
class _Finding:
    """What a caveat and a verdict have in common.

    Attributes
    ----------
    code, name
        The stable name that programs read, and a short one for readers.
    mark
        The letter that stands in square brackets beside a figure, as words of tables explain it, or an empty string.
    when
        What it means, in a sentence.
    """

    code: str
    name: str
    mark: Literal["", "b", "p", "r", "u", "x"] = ""
    when: str


@dataclass(frozen=True, kw_only=True)
class Verdict(_Finding):
    """What a claim can be found to be, as ``data/raw/verdicts.yaml`` has it.

    Attributes
    ----------
    panel
        How a page colours it.
    caveats
        The caveats of a comparison by which it is found.
    figure, change
        The answer on a stated figure, and on a stated change, by which it is found; empty where by none.
    """

    panel: Literal["fair", "unknown", "unlike"] = "unlike"
    caveats: tuple[str, ...] = ()
    figure: str = ""
    change: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule(_Finding):
    """What is known of a caveat apart from the two counts, as ``data/raw/caveats.yaml`` has it.

    Attributes
    ----------
    weight
        What it does to a comparison; one of :data:`WEIGHTS`.
    short
        In which case it applies, in a few words, as a reason.
    sentence
        What is said of two counts, with values in braces; by form where there are several ways to say it.
    weights
        Of forms of the sentence that weigh otherwise.
    quoted
        Whether a sentence that quotes the counts must say it too.
    """

    weight: Weight
    short: str
    sentence: str | dict[str, str]
    weights: dict[str, Weight] = field(default_factory=dict)
    quoted: bool = True


@dataclass(frozen=True)
class Caveat:
    """What a reader must know before comparing two counts.

    Attributes
    ----------
    code
        One of those of ``data/raw/caveats.yaml``, which has everything that is said of it.
    values
        What its sentence says of these counts, by the names in its braces.
    form
        Which of its sentences is meant, where it has several.

    Examples
    --------
    >>> caveat = Caveat("small-numbers", {"small": 50, "counts": "7 in 2024/25"})
    >>> caveat.rule.name, caveat.weight, caveat.rule.mark
    ('Small numbers', 'note', 'u')
    >>> print(caveat.text)
    A count under 50 can move much by chance (7 in 2024/25); counts are given, not percentages.
    """

    code: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)
    form: str = ""

    @property
    def rule(self) -> Rule:
        """What the register says of it."""
        return caveats()[self.code]

    @property
    def text(self) -> str:
        """What is said of these counts, in plain sentences."""
        sentence = self.rule.sentence
        return (sentence if isinstance(sentence, str) else sentence[self.form]).format_map(self.values)

    @property
    def short(self) -> str:
        """The same in a few words, as a reason in the middle of a sentence."""
        return self.rule.short.format_map(self.values)

    @property
    def weight(self) -> Weight:
        """Whether it ``forbids`` the comparison, leaves it ``unknown``, asks for ``care``, or is a ``note``."""
        return self.rule.weights.get(self.form, self.rule.weight)

    @property
    def gravity(self) -> tuple[int, int]:
        """What it is sorted by, the gravest first: its weight, then its place in the register."""
        return list(WEIGHTS).index(self.weight), list(caveats()).index(self.code)

    def to_dict(self) -> dict[str, str]:
        """Return the caveat as the JSON of the command gives it."""
        return {"code": self.code, "weight": self.weight, "text": self.text}


@functools.cache
def caveats() -> Mapping[str, Rule]:
    """Return every caveat of a comparison by its code, the gravest first.

    Examples
    --------
    >>> next(iter(caveats()))
    'unequal-periods'
    """
    return {each.code: each for each in reader.read(files.shipped("data", "raw", "caveats.yaml"), tuple[Rule, ...])}


@functools.cache
def verdicts() -> Mapping[str, Verdict]:
    """Return every verdict on a claim by its code, the gravest first.

    Examples
    --------
    >>> next(iter(verdicts()))
    'arithmetic'
    """
    return {each.code: each for each in reader.read(files.shipped("data", "raw", "verdicts.yaml"), tuple[Verdict, ...])}
