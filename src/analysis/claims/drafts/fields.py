"""What a draft is made of: fields with the words that they were read from, and candidate claims."""

from __future__ import annotations

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

    @property
    def number(self) -> Fraction | None:
        """The number of a count, however it is bounded.

        Examples
        --------
        >>> Field("nearly 200").number == Field(200).number, Field().number
        (True, None)
        """
        return None if self.value is None else Amount.parse(str(self.value), largest=10**9).number


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

    @property
    def number(self) -> Fraction | None:
        """The current count."""
        return self.current.value.number if self.current else None

    @property
    def base(self) -> Fraction | None:
        """The baseline count."""
        return self.baseline.value.number if self.baseline else None


@dataclass(frozen=True)
class Draft:
    """Draft claims in the order of the text, with its day of publication, its address, and what belongs to no claim."""

    candidates: tuple[Candidate, ...]
    published: Field
    source: Field
    notes: tuple[str, ...] = ()
