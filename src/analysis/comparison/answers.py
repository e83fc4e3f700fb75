"""What ``analysis compare --json`` prints: one frozen shape with a schema, made from a comparison."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis.comparison.change import Change, Detectable, Ratio, Reading
from analysis.comparison.counts import Count
from analysis.comparison.pair import Pair
from analysis.comparison.usual import Common
from analysis.terms.findings import Caveat, Comparable, Weight

SCHEMA: Literal[3] = 3  # of all that the command prints as JSON; docs/json.md says what each has changed


@dataclass(frozen=True)
class AreaAnswer:
    """Whose figures these are: the ``name`` of the area, its ``kind``, and what was ``asked`` for."""

    name: str
    kind: str
    asked: str


@dataclass(frozen=True)
class CountAnswer:
    """Recorded ``offences`` in a ``period`` of so many ``months``; None where there is no figure."""

    period: str
    months: int
    offences: int | None
    per_month: float | None


@dataclass(frozen=True)
class CaveatAnswer:
    """What a reader must know: the ``code`` of a caveat, what it does (``weight``) and what it says (``text``)."""

    code: str
    weight: Weight
    text: str


@dataclass(frozen=True)
class ChangeAnswer:
    """A :class:`~analysis.comparison.change.Change`, with what is worked out of it."""

    difference: int
    percent: float | None
    low: float | None
    high: float | None
    reading: Reading | None
    detectable: Detectable | None
    common: Common | None


@dataclass(frozen=True)
class YearBeforeAnswer(CountAnswer):
    """The same months a year before, with an ``answer`` and ``caveats`` of their own."""

    answer: Comparable | None
    caveats: tuple[CaveatAnswer, ...]


@dataclass(frozen=True)
class InsteadAnswer:
    """A comparison that may be made instead."""

    area: str
    offence: str
    period: str
    baseline: str
    answer: Comparable


@dataclass(frozen=True)
class Answer:
    """All that the command says of a comparison, field by field as docs/json.md explains it."""

    schema: Literal[3]
    force: str
    area: AreaAnswer
    offence: str
    release: str
    current: CountAnswer
    baseline: CountAnswer | None
    same_quarters_year_before: YearBeforeAnswer | None
    answer: Comparable | None
    instead: InsteadAnswer | None
    instead_also: tuple[InsteadAnswer, ...]
    change: ChangeAnswer | None
    reading: Literal["more", "fewer", "within-usual"] | None
    like_for_like: bool | None
    ratio: Ratio
    caveats: tuple[CaveatAnswer, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain values, in the order of its fields."""
        return dataclasses.asdict(self)


def answer_of(pair: Pair, *, asked: str, year_before: Pair | None, instead: Sequence[Pair]) -> Answer:
    """Return what is said of a comparison.

    Parameters
    ----------
    pair
        The two counts as judged.
    asked
        What the area was asked for by.
    year_before
        The current count against the same months a year before.
    instead
        What may be compared instead, the best first.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> found = compare("Kent Police", release="2026-04-23").answers
    >>> found.area, found.change.difference, found.reading
    (AreaAnswer(name='Kent', kind='force', asked='Kent Police'), 87, 'within-usual')
    """
    area, change = pair.current.area, pair.change
    others = [_instead(other) for other in instead]
    return Answer(
        schema=SCHEMA,
        force=area.name,
        area=AreaAnswer(area.name, area.kind, asked),
        offence=pair.current.offence.code,
        release=pair.current.release.id,
        current=_count(pair.current),
        baseline=_count(pair.baseline) if pair.baseline else None,
        same_quarters_year_before=_year_before(year_before),
        answer=pair.answer,
        instead=others[0] if others else None,
        instead_also=tuple(others[1:]),
        change=_change(change) if change else None,
        reading=change.reading if change else None,
        like_for_like=pair.like_for_like,
        ratio=pair.ratio,
        caveats=_caveats(pair.caveats),
    )


@functools.cache
def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of what ``analysis compare --json`` prints.

    Examples
    --------
    >>> json_schema()["properties"]["schema"]
    {'const': 3, 'title': 'Schema', 'type': 'integer'}
    """
    from pydantic import TypeAdapter

    return TypeAdapter(Answer).json_schema()


def _count(count: Count) -> CountAnswer:
    return CountAnswer(str(count.period), count.period.months, count.offences, count.per_month)


def _change(change: Change) -> ChangeAnswer:
    return ChangeAnswer(**{each.name: getattr(change, each.name) for each in dataclasses.fields(ChangeAnswer)})


def _year_before(pair: Pair | None) -> YearBeforeAnswer | None:
    if pair is None or pair.baseline is None:
        return None
    before = dataclasses.asdict(_count(pair.baseline))
    return YearBeforeAnswer(**before, answer=pair.answer, caveats=_caveats(pair.caveats))


def _caveats(caveats: Sequence[Caveat]) -> tuple[CaveatAnswer, ...]:
    return tuple(CaveatAnswer(each.code, each.weight, each.text) for each in caveats)


def _instead(pair: Pair) -> InsteadAnswer:
    own, baseline, answer = pair.current, pair.baseline, pair.answer
    assert baseline is not None and answer is not None, "alternatives are pairs"  # noqa: S101, PT018
    return InsteadAnswer(own.area.name, own.offence.code, str(own.period), str(baseline.period), answer)
