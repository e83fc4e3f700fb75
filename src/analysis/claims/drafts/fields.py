"""What a draft is made of: fields with their marks, and candidate claims."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.terms.periods import Period


@dataclass(frozen=True)
class Field:
    """A value read from a text, and what a person has to confirm about it.

    Attributes
    ----------
    value
        As the claims file writes it, or None where the text does not say.
    confirm
        Why it is not sure, or what else it may be; empty for a sure value.
    """

    value: object = None
    confirm: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether nobody has to confirm it."""
        return not self.confirm


@dataclass(frozen=True)
class Reading:
    """The periods that words may name, the likeliest first.

    Attributes
    ----------
    periods
        Empty where the words alone do not tell.
    is_sure
        Whether the first is what the words say, and no other.
    note
        What is missing, where there is no period.
    """

    periods: tuple[Period, ...] = ()
    is_sure: bool = False
    note: str = ""

    def __str__(self) -> str:
        words = " or ".join(str(period) for period in self.periods) or self.note
        return words if self.is_sure else f"{words}?"

    def as_field(self, words: str) -> Field:
        """Return the period as a field, with the other readings offered."""
        if not self.periods:
            return Field(None, self.note)
        first, *others = map(str, self.periods)
        if self.is_sure:
            return Field(first)
        return Field(first, "; ".join(filter(None, [f"or {' or '.join(others)}" if others else "", f"“{words}”"])))


@dataclass(frozen=True)
class Count:
    """A count with its months, as :class:`analysis.claims.models.Stated` will hold them."""

    value: Field
    period: Field
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
    change
        ``percent``, ``times`` or ``direction``, each a field.
    parts
        Pairs of an area and its count, said to make up the current one.
    rate, coverage, share
        As in a claims file, each a field.
    """

    quote: tuple[str, ...]
    area: Field
    basis: Field
    offence: Field
    current: Count | None = None
    baseline: Count | None = None
    change: dict[str, Field] = field(default_factory=dict)
    parts: Field | None = None
    rate: dict[str, Field] = field(default_factory=dict)
    coverage: dict[str, Field] = field(default_factory=dict)
    share: dict[str, Field] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """Draft claims, and what else a reader of the text should know.

    Attributes
    ----------
    candidates
        In the order of the text.
    published
        The publication date, or None where it is not known.
    source
        The address that the text gives, or None.
    notes
        What was read and belongs to no claim.
    """

    candidates: tuple[Candidate, ...]
    published: Field
    source: Field
    notes: tuple[str, ...] = ()
