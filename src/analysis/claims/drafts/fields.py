"""What a draft is made of: fields with the words that they were read from, and candidate claims."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from analysis.claims.amounts import Amount


@dataclass(frozen=True)
class Field:
    """A value read from a text, and its evidence.

    Attributes
    ----------
    value
        As a claims file writes it, or None where the text does not say.
    quote
        The words that it was read from.
    others
        What else they may mean, the likeliest first.
    note
        What else a person should know.
    """

    value: object = None
    quote: str = ""
    others: tuple[object, ...] = ()
    note: str = ""


def size(field: Field) -> Fraction | None:
    """Return the number of a count, however it is bounded.

    Examples
    --------
    >>> size(Field("nearly 200")) == size(Field(200)), size(Field())
    (True, None)
    """
    return None if field.value is None else Amount.parse(str(field.value), largest=10**9).number


@dataclass(frozen=True)
class Count:
    """A count with its months, as :class:`analysis.claims.models.Stated` will hold them."""

    value: Field = Field()
    period: Field = Field()
    described_as: str | None = None


@dataclass(frozen=True)
class Candidate:
    """A claim as a text seems to make it.

    Attributes
    ----------
    quote
        The sentences that it was read from.
    area, basis, offence
        Fields that every claim has.
    current, baseline
        Counts, where stated.
    change, rate, coverage, share
        As in a claims file, each a field.
    parts
        Pairs of an area and its count, said to make up the current one.
    """

    quote: tuple[str, ...]
    area: Field
    basis: Field = Field()
    offence: Field = Field()
    current: Count | None = None
    baseline: Count | None = None
    change: dict[str, Field] = field(default_factory=dict)
    parts: tuple[tuple[str, int], ...] = ()
    rate: dict[str, Field] = field(default_factory=dict)
    coverage: dict[str, Field] = field(default_factory=dict)
    share: dict[str, Field] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """Draft claims in the order of the text, with its day of publication, its address, and what belongs to no claim."""

    candidates: tuple[Candidate, ...]
    published: Field
    source: Field
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """Words that a table of rules knows.

    Attributes
    ----------
    name
        What they are.
    pattern
        The words.
    example, gives
        A phrase to try it on, and what it gives.
    read
        Gives the fields of a claim that they state.
    """

    name: str
    pattern: re.Pattern[str]
    example: str
    gives: object = None
    read: Callable[[re.Match[str]], dict[str, object]] = lambda _: {}


def rule(
    name: str,
    pattern: str,
    example: str,
    gives: object = None,
    read: Callable[[re.Match[str]], dict[str, object]] = lambda _: {},
) -> Rule:
    """Return a rule; its pattern is of any case."""
    return Rule(name, re.compile(pattern, re.IGNORECASE), example, gives, read)
