"""What a draft is made of, fields with the words that they were read from, and how it is written as a claims file."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from analysis.claims.amounts import MOST_OFFENCES, Amount
from analysis.claims.drafts.words import TEXTS
from analysis.terms.areas import slug

_PLAIN = re.compile(r"[A-Za-z][\w .&'%-]*|\d{4}-\d{2}(?:-\d{2}|\.\.\d{4}-\d{2})?|\d+[A-Z]|\d+/\d+")
_AMBIGUOUS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


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
        return None if self.value is None else Amount.parse(str(self.value), largest=MOST_OFFENCES).number


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
    """Draft claims in the order of the text, with its day of publication, its address, what belongs to no claim, and who read it."""

    candidates: tuple[Candidate, ...]
    published: Field
    source: Field
    notes: tuple[str, ...] = ()
    by: str = "rules"


def render(draft: Draft) -> str:
    """Return a draft as YAML in the form of a claims file.

    Parameters
    ----------
    draft
        What :func:`analysis.claims.drafts.draft` gave.

    Returns
    -------
    str
        A claims file in which every claim is marked as a draft; a field without a value is one that the text does not give.
        Without candidates, comments alone.

    Examples
    --------
    >>> print(render(Draft((), Field(), Field()))[:16])
    # No claim found
    """
    if not draft.candidates:
        return "".join(f"{line}\n" for said in (TEXTS["nothing"], *draft.notes) for line in _commented(said))
    notes = (line for note in draft.notes for line in _commented(note))
    lines = [*_commented(TEXTS["head"].format(by=draft.by)), *notes, "claims:"]
    for identifier, candidate in zip(_identifiers(draft), draft.candidates, strict=True):
        lines += [f"  {line}" for line in _claim(identifier, candidate, draft)]
    return "\n".join(lines) + "\n"


def _claim(identifier: str, candidate: Candidate, draft: Draft) -> Iterator[str]:
    yield f"- id: {identifier}"
    yield "  draft: true"
    yield f"  statement: {json.dumps(' '.join(candidate.quote), ensure_ascii=False)}"
    named = {"published": draft.published, "source": draft.source}
    named |= {name: getattr(candidate, name) for name in ("area", "basis", "offence")}
    yield from (f"  {_line(name, field)}" for name, field in named.items())
    groups = {name: _counted(getattr(candidate, name)) for name in ("current", "baseline")}
    groups |= {name: getattr(candidate, name) for name in ("change", "rate", "coverage", "share")}
    for group, fields in groups.items():
        yield from [f"  {group}:", *(f"    {_line(name, field)}" for name, field in fields.items())] if fields else []
    parts = [f"    - {{area: {_scalar(area)}, value: {value}}}" for area, value in candidate.parts]
    yield from ["  parts:", *parts] if parts else []


def _counted(count: Count | None) -> dict[str, Field]:
    if count is None:
        return {}
    fields = {"value": count.value, "period": count.period, "described_as": Field(count.described_as)}
    return {name: field for name, field in fields.items() if field.value is not None or name == "period"}


def _line(name: str, field: Field) -> str:
    value = "" if field.value is None else f" {_scalar(field.value)}"
    quoted = f"“{field.quote}”" if field.quote else ""
    others = f"or {' or '.join(map(_scalar, field.others))}" if field.others else ""
    evidence = "; ".join(filter(None, [quoted, others, field.note]))
    return f"{name}:{value}" + (f"  # {_printable(evidence)}" if evidence else "")


def _scalar(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_scalar, value))}]"
    text = str(value)
    if isinstance(value, str) and (not _PLAIN.fullmatch(text) or text.casefold() in _AMBIGUOUS):
        return json.dumps(text, ensure_ascii=False)
    return text


def _identifiers(draft: Draft) -> Iterator[str]:
    """Return an identifier for each claim: its area and the month of publication, with a number where one would stand twice."""
    seen: dict[str, int] = {}
    month = f"-{str(draft.published.value)[:7]}" if draft.published.value else ""
    for candidate in draft.candidates:
        area = candidate.area.value
        name = slug("-".join(area) if isinstance(area, tuple) else str(area or "claim"))[:80] + month
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"


def _commented(text: str) -> list[str]:
    return textwrap.wrap(_printable(text), 100, initial_indent="# ", subsequent_indent="# ")


def _printable(text: str) -> str:
    """Return text on one line, in which nothing can end a comment or steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
