"""How far the words of a text are from saying that a number is of an area, an offence or some months: 0 where they stand beside it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from analysis.claims.check import times
from analysis.claims.check.context import Area, Context, Counted, Mention, Time
from analysis.claims.check.lookup import Slot
from analysis.claims.check.numbers import FIGURES, PLAIN, Number, pattern
from analysis.terms import offences
from analysis.terms.periods import Month, Period, financial_year_of

T = TypeVar("T")
Costs = dict[T, tuple[float, str]]
"""For what may be meant, how far the words are from it, and which they are."""

TABLES_BEGIN = Month(2012, 4)
CHANGES = {"percent", "multiple", "difference"}
_NEAR = 40  # mentions of one kind about a number that are looked at
_BESIDE = 0.05
_PLACED = re.compile(r"\b(?:in|by|for|at|across|within|to|from|of|among|throughout)(?: the| all| neighbouring| nearby)?\s*$", re.I)  # fmt: skip
_ELSEWHERE = re.compile(r"\d|;|\b(?:ahead|outside|than|behind|compared|followed|out) [a-z]+", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:on|since|than|from|against|compared (?:with|to))(?: (?:in|the|that of))?\s*$|^\s*$", re.I)
_JOINED = re.compile(r"[\w' \"-]{0,60}")
_VERB = re.compile(r"\b(?:and|while|but|in|by|from|to|was|were|is|are|had|has|stood|rose|fell|after|with|against|than)\b", re.I)  # fmt: skip
_TURNS = re.compile(
    r"[;.:]|\b(?:up|down|compared|against|from|than|rise|fall|while|but|and)\b|,(?! in\b)", re.IGNORECASE
)
_ROW = re.compile(r" ?[:|(-]? ?\(?")


class Nearness:
    """How near the areas, offences and periods that a text names are to each of its numbers.

    Parameters
    ----------
    context
        What the text names.
    numbers
        Its numbers.
    """

    def __init__(self, context: Context, numbers: Sequence[Number]) -> None:
        self.context = context
        self.plain = context.text.translate(PLAIN)
        self._starts = [one.start for one in numbers if one.kind in FIGURES]
        self._months = dict(zip((one.start for one in context.times), _resolved(context), strict=True))

    def areas(self, number: Number) -> Costs[Area]:
        """Return the areas that a number may be of."""
        return self._costs(number, self.context.areas, self._area)

    def offences(self, number: Number) -> Costs[Counted]:
        """Return the offences that it may count, what no table holds among them."""
        return self._costs(number, self.context.offences, self._offence)

    def slots(self, number: Number) -> list[Slot]:
        """Return the months that it may be of, and for a change those it may be set against, the nearest first."""
        near = self._near(number, self.context.times)
        own = list(self._singles(number, near))
        if number.kind in CHANGES:
            pairs = self._pairs(number, own, near)
            own = [pair for pair in pairs if pair.baseline and not pair.baseline.overlaps(pair.period)]
        cheapest: dict[tuple[Period, Period | None], Slot] = {}
        for slot in sorted(own, key=lambda slot: slot.cost):
            cheapest.setdefault((slot.period, slot.baseline), replace(slot, cost=max(slot.cost, 0.0)))
        return list(cheapest.values())

    def _costs(self, number: Number, mentions: Sequence[Mention[T]], cost: Callable[..., float]) -> Costs[T]:
        near, found = self._near(number, mentions), dict[T, tuple[float, str]]()
        for one in near:
            far = max(0.0, cost(number, one, near) + one.is_part)
            if far < found.get(one.value, (99.0, ""))[0]:
                found[one.value] = (far, one.words)
        return found

    def _near(self, number: Number, mentions: Sequence[Mention[T]]) -> list[Mention[T]]:
        after = bisect.bisect_left(mentions, number.start, key=lambda one: one.start)
        first = max(0, after - _NEAR // 2)
        return [*mentions[: min(3, first)], *mentions[first : after + _NEAR // 2]]

    def _position(self, number: Number, one: Mention[Any], near: Sequence[Mention[Any]]) -> float:
        """Return how far a mention is from a number: under 1 in its sentence, more before that, most after it."""
        context, low, high = self.context, min(one.start, number.start), max(one.start, number.start)
        away = context.sentence(number.start) - context.sentence(one.start)
        passed: int = sum(
            low < other.start < high and other.value != one.value and not one.start <= other.start < one.end
            for other in near
        )
        if away > 0:
            return min(0.9 + 0.12 * (away - 1) + 0.15 * min(passed, 6), 3.0 if context.sentence(one.start) else 1.5)
        if away < 0:
            return min(1.7 + 0.12 * (-away - 1) + 0.2 * min(passed, 6), 3.5)
        if one.start > number.start:
            return 0.45 + 0.5 * passed + 0.3 * self._crossed(number.end, one.start)
        between, line = self.plain[one.end : number.start], context.starts[context.sentence(one.start)]
        if _ROW.fullmatch(between) and not self.plain[line : one.start].strip(" -*•·|"):
            return 0.0  # as the name of a row stands before its number
        return 0.15 + 0.5 * passed + 0.06 * self._crossed(one.end, number.start)

    def _crossed(self, start: int, end: int) -> int:
        return bisect.bisect_left(self._starts, end) - bisect.bisect_left(self._starts, start)

    def _between(self, number: Number, one: Mention[Any]) -> str | None:
        """Return what stands between a number and what follows it in its sentence; None where it does not follow."""
        is_same = self.context.sentence(number.start) == self.context.sentence(one.start)
        return self.plain[number.end : one.start] if is_same and one.start >= number.end else None

    def _area(self, number: Number, one: Mention[Area], near: Sequence[Mention[Any]]) -> float:
        between = self._between(number, one)
        if between is not None and _PLACED.search(between) and not _ELSEWHERE.search(between):
            return 0.0 if len(between) < 30 else 0.2
        return self._position(number, one, near)

    def _offence(self, number: Number, one: Mention[Any], near: Sequence[Mention[Any]]) -> float:
        between = self._between(number, one)
        is_noun = between is not None and _JOINED.fullmatch(between) and not _VERB.search(between)
        return 0.0 if is_noun else self._position(number, one, near)

    def _time(self, number: Number, one: Mention[Time], near: Sequence[Mention[Time]]) -> float:
        between = self._between(number, one)
        is_beside = between is not None and len(between) < 45 and not self._crossed(number.end, one.start)
        return 0.0 if is_beside and not _TURNS.search(between or "") else self._position(number, one, near)

    def _singles(self, number: Number, near: Sequence[Mention[Time]]) -> Iterator[Slot]:
        """Yield the months that a number of one period may be of; what another is set against is of an earlier one."""
        before = self.plain[max(0, number.start - 40) : number.start].rstrip(" (")
        is_base = number.kind in {"count", "rate"} and bool(pattern("set against").search(before))
        is_base &= not any(self._area(number, one, ()) == 0 for one in self._near(number, self.context.areas) if one.start >= number.end)  # fmt: skip
        found: list[Slot] = []
        for one in near:
            found += self._of(number, one, near, is_base=is_base)
        named = min((slot.cost for slot in found), default=9.0)
        usual = 1.2 if named > 2 else 2.4
        found += [Slot(period, None, usual + 0.25 * i) for i, period in enumerate(times.usual(self.context.month))]
        yield from found
        earlier = {month for one in near if one.value.role == "B" for month in self._months[one.start]}
        # What another number is set against is of the year before, unless the text says there of when.
        step = 1.2 if not is_base or named <= _BESIDE else -0.4
        for slot in found:
            if slot.cost < 2.5 and slot.period.months <= 12 and not (is_base and slot.period in earlier):
                yield Slot(slot.period.year_before, None, slot.cost + step, slot.words)
            if slot.cost < 2.5 and slot.period.months == 12:
                yield Slot(_other_year(slot.period), None, slot.cost + 1.6, slot.words)

    def _of(self, number: Number, one: Mention[Time], near: Sequence[Mention[Time]], *, is_base: bool) -> Iterator[Slot]:  # fmt: skip
        """Yield the months that one mention may say of a number."""
        role, far, span = one.value.role, self._time(number, one, near), one.value.span
        is_beside = one.start >= number.end and far < 2 * _BESIDE
        if number.kind in CHANGES and _SINCE.search((self._between(number, one) or "no")[-25:]):
            far += 1.2  # "down by a third on 2019/20" names the months that it is set against
        own = 0.15 if is_beside else {"B": 0.9, "S": 0.5, "L": 0.9, "E": 0.6}.get(role, 0.9)
        if role == "P":
            own = 0.5 if is_base and not is_beside else 0.0
        elif role == "B" and is_base:
            own = 0.0
        yield from (Slot(period, None, far + own + 0.35 * i, one.words) for i, period in enumerate(self._months[one.start][:4]))  # fmt: skip
        if role == "S":
            yield from (Slot(period, None, far + 0.4, one.words) for period in span.periods[:1])
        sides = span.sides[::-1]
        yield from (Slot(p, None, far + 0.3 * i, one.words) for i, side in enumerate(sides) for p in side.periods)

    def _pairs(self, number: Number, own: Sequence[Slot], near: Sequence[Mention[Time]]) -> Iterator[Slot]:
        """Yield the two periods that a change may lie between."""
        starts = list(self._beginnings(number, near))
        for slot in own:
            yield Slot(slot.period, slot.period.year_before, slot.cost + 0.35, slot.words)
            for base in starts:
                if base.period.last < slot.period.first and base.words != slot.words:
                    yield Slot(
                        slot.period, base.period, slot.cost + base.cost, f"{slot.words} … {base.words}".strip(" …")
                    )

    def _beginnings(self, number: Number, near: Sequence[Mention[Time]]) -> Iterator[Slot]:
        """Yield the months that a change may be reckoned from."""
        for one in near:
            role, span, far = one.value.role, one.value.span, 0.3 * self._position(number, one, near)
            if far > 0.75:
                continue
            if role == "S":
                yield from (Slot(period, None, far, one.words) for period in span.periods)
            elif role in {"B", "P"}:
                is_start = role == "B" or _SINCE.search((self._between(number, one) or "no")[-25:])
                far += 0.0 if is_start else 0.25
                yield from (Slot(period, None, far + 0.3 * i, one.words) for i, period in enumerate(self._months[one.start][:3]))  # fmt: skip


def _resolved(context: Context) -> list[tuple[Period, ...]]:
    """Return the months that each mention of a time may name, those that lean on others by the last before."""
    mentions = context.times
    outright = {one.value.span.periods[0] for one in mentions if one.value.span.periods and one.value.role == "P"}
    known = tuple(sorted(outright, key=lambda period: (period.last, period.months)))
    named = {one.value for one in context.offences}
    begun = (one.first.first for code, one in offences.known().items() if one.first and {code, one.part_of} & named)
    law = max((month for month in begun if month > TABLES_BEGIN), default=None)
    found: list[tuple[Period, ...]] = [()] * len(mentions)
    is_plain = [one.value.role == "P" for one in mentions]
    for leans in (False, True):
        for i, one in enumerate(mentions):
            if (one.value.role == "B") is not leans:
                continue
            anchor = found[i - 1][0] if i and found[i - 1] else None
            if leans:
                plain = [found[k][0] for k in range(i) if found[k] and is_plain[k]]
                anchor = next(iter([*plain[::-1], *times.usual(context.month)]), None)
            found[i] = times.months(one.value.span, times.Leaning(context.month, known, anchor, law))
    return found


def _other_year(period: Period) -> Period:
    """Return the financial year of a calendar one, and the calendar year of another."""
    if period.first.month == 1:
        return financial_year_of(period.first.shift(3))
    return Period(period.first.shift(1 - period.first.month), period.first.shift(12 - period.first.month))


def few(named: Mapping[T, tuple[float, str]]) -> list[tuple[T, float, str]]:
    """Return the three likeliest of what may be meant."""
    return [(value, far, said) for value, (far, said) in sorted(named.items(), key=lambda each: each[1][0])[:3]]
