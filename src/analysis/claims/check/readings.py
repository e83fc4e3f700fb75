"""What each number of a text may be: how near its words are, what the tables hold of it in any release, and both joined, best first."""

from __future__ import annotations

import bisect
import functools
import itertools
import math
import textwrap
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any, Literal, TypeVar, cast

import numpy as np
import numpy.typing as npt
import yaml
from pydantic import Field, PlainSerializer

from analysis.claims.check.context import Area, Context, Counted, Mention, Time, usual
from analysis.claims.check.numbers import FIGURES, PLAIN, Number, pattern
from analysis.claims.figures import tables
from analysis.claims.forms import days
from analysis.claims.models import BOUNDS, OUTSIDE, Claim
from analysis.claims.verdicts import Judgement, judge
from analysis.figures import population, vintages
from analysis.figures.register import load_register
from analysis.statistics import revision
from analysis.terms import areas, offences
from analysis.terms.numbers import joined, number
from analysis.terms.periods import Period

T = TypeVar("T", bound=Hashable)
Array = npt.NDArray[np.float64]
Source = Literal["words", "tables", "both"]
_AS_MONTHS = PlainSerializer(lambda period: str(period) if period else None, return_type=str | None)
MOST = 5  # readings of one number
NATIONAL = areas.ENGLAND_AND_WALES.name
CHANGES = {"percent", "multiple", "difference"}
_WIDE = (12, 10, 40)  # areas, offences and periods of a text that are looked up
_NEAR = 20  # mentions of one kind on either side of a number that are looked at
_NOWHERE = (2.6, "")  # how far the words are from what they name nowhere near
_TAKEN = 24  # readings that are weighed, half by words and half by the tables
# A bound leaves a number open; what is said to be more is not said to be far more.
_ENDS = {"more than": (1.0, 1.1), "at least": (1.0, 1.1), "less than": (0.9, 1.0), "at most": (0.9, 1.0), "about": (0.9, 1.1), "almost": (0.9, 1.1)}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """What a number may be, ready to judge; its fields are those of ``--json``, where ``source`` is called ``from``.

    Attributes
    ----------
    area, offence
        As a claim writes them; no offence where no table holds what is named.
    period, baseline
        The months; no period where the text names none.
    held
        What the newest release gives, in the number's own unit; None where it gives nothing.
    source
        Whether the words give it, the tables, or both.
    words
        The words that it rests on.
    outside
        Where what no table holds is counted, and what is held that comes closest; empty where that is not known.
    is_later
        Whether no release up to the day of the text gives it.
    off_percent
        By how much the number differs from what is held, in per cent of that, or in points where it is a percentage; None where nothing is held.
    verdict, answers
        As its claim is judged, once :meth:`told` has it.
    claim
        Its fields as a file of claims writes them; None where nothing can be judged.
    """

    area: Area
    offence: str | None
    period: Annotated[Period | None, _AS_MONTHS]
    baseline: Annotated[Period | None, _AS_MONTHS]
    held: float | None
    source: Annotated[Source, Field(alias="from")]
    words: tuple[str, ...]
    outside: str = ""
    is_later: bool = False
    off_percent: float | None = None
    verdict: str | None = None
    answers: dict[str, str] = field(default_factory=dict)
    claim: dict[str, Any] | None = None

    @functools.cached_property
    def judgement(self) -> Judgement | None:
        """The verdict on the claim; None where nothing can be judged."""
        return judge(Claim.of(self.claim)) if self.claim else None

    def told(self, *, is_first: bool) -> Reading:
        """Return the reading with what the JSON says of its claim: the verdict of the first of a number alone."""
        judged = self.judgement
        if judged is None:
            return self
        if is_first:
            return replace(self, verdict=judged.verdict, answers=judged.answers)
        # Whether a comparison is fair costs much more than the rest.
        return replace(self, answers={"figure": judged.figure_answer, "change": judged.change.answer})

    def entry(self, *, is_picked: bool = False) -> str:
        """Return the claim as an entry of a file of claims, no draft once a person has picked it; empty where there is none."""
        fields = {name: value for name, value in (self.claim or {}).items() if name != "draft" or not is_picked}
        made = yaml.safe_dump([fields], sort_keys=False, allow_unicode=True, width=110)
        return textwrap.indent(made, "  ") if self.claim else ""

    @property
    def title(self) -> str:
        """Area, offence and months, as a line says them."""
        months = " against ".join(period.words for period in (self.period, self.baseline) if period)
        noun = offences.find(self.offence).name if self.offence else f"“{self.words[-1]}”"
        return ", ".join(filter(None, (self.area if isinstance(self.area, str) else joined(self.area), noun, months)))

    @property
    def held_words(self) -> str:
        """What the tables hold, as a line says it; empty where they hold nothing."""
        if self.held is None:
            return ""
        later = ", in a later release" if self.is_later else ""
        return number(self.held, 0 if self.held.is_integer() else 1) + later


@dataclass(frozen=True)
class _Slot:
    """Months that a number may be of, with those it may be set against, and how far its words are from naming them."""

    period: Period
    baseline: Period | None
    cost: float
    words: str = ""


_NO_MONTHS = _Slot(cast(Period, None), None, 0.0)  # of a text that names none


class Readings:
    """The readings of the numbers of a text.

    Parameters
    ----------
    context
        What the text names.
    numbers
        Its numbers.
    """

    def __init__(self, context: Context, numbers: Sequence[Number]) -> None:
        self._context, self._plain = context, context.text.translate(PLAIN)
        self._figures = [one.start for one in numbers if one.kind in FIGURES]
        self._clauses = [match.start() for match in pattern("clause").finditer(self._plain)]
        self._places = list(dict.fromkeys([*_commonest(context.areas, _WIDE[0]), NATIONAL]))
        self._codes = tuple(_commonest(context.offences, _WIDE[1]))
        self._areas = tuple(None if each in OUTSIDE.values() else areas.find_area(each) for each in self._places)
        # How far revision reaches from a force's count, as the log of a ratio.
        tiers = [offences.revision_tier(offences.find(each)) if isinstance(each, str) else "" for each in self._codes]
        self._reach = np.array([revision.TIERS[tier].force if tier else 0.0 for tier in tiers])[:, None]

    def of(self, number: Number) -> list[Reading]:
        """Return at most :data:`MOST` readings of a number, best first; none of what is no figure, or where no offence is named."""
        if number.kind not in FIGURES or not self._codes or number.value is None:
            return []
        places = self._costs(number, self._context.areas, "an area")
        codes = self._costs(number, self._context.offences, "an offence")
        places.setdefault(NATIONAL, (1.6 if places else 0.6, ""))
        where = [places.get(each, _NOWHERE) for each in self._places]
        which = [codes.get(each, _NOWHERE) for each in self._codes]
        slots = self._slots(number)[: _WIDE[2]] or [_NO_MONTHS]
        held = self._held(number, slots)
        now, worth = _newest(held), self._worth(number, held)
        far = [[cost for cost, _ in each] for each in (where, which)]
        costs: Array = np.add.outer(np.add.outer(*far), [slot.cost for slot in slots])
        nearest = np.argsort(costs, axis=None, kind="stable")[: _TAKEN // 2]
        likeliest = np.argsort(costs - worth + 99 * (worth == 0), axis=None, kind="stable")[: _TAKEN // 2]
        weighed: list[tuple[float, Reading]] = []
        for flat in dict.fromkeys([*nearest.tolist(), *likeliest.tolist()]):
            i, j, k = at = np.unravel_index(flat, costs.shape)
            code, slot, paid = self._codes[j], slots[k], worth[at]
            source: Source = "words" if not paid else "both" if costs[at] - costs.min() <= paid else "tables"
            known, outside = (code, "") if isinstance(code, str) else (None, code.words)
            said = tuple(filter(None, (where[i][1], which[j][1], slot.words)))
            value = None if np.isnan(now[at]) else round(float(now[at]), 4)
            published = [day for day, value in _given(self._areas[i], code, slot.period) if value is not None]
            is_later = bool(published and self._context.published and min(published) > self._context.published)
            one = Reading(self._places[i], known, slot.period, slot.baseline, value, source, said, outside, is_later)
            weighed.append((float(costs[at] - paid), replace(one, off_percent=_off(number, value))))
        return _by_turns(weighed)

    # --- what the tables give: releases, and after them publications of years, by areas by offences by months --------------

    def _held(self, number: Number, slots: Sequence[_Slot]) -> Array:
        """Return what each release gives in a number's own unit: of a count the count, of a percentage the change."""
        periods, unit = [slot.period for slot in slots], number.unit
        counts = self._counts(periods)
        lengths = np.array([days(period) if period else math.nan for period in periods])
        with np.errstate(divide="ignore", invalid="ignore"):
            if number.kind in CHANGES:
                base = self._counts([slot.baseline for slot in slots])
                changed = {"percent": 100 * (counts / base - 1), "multiple": counts / base}
                counts = changed.get(number.kind, counts - base)
            elif number.kind == "rate" and unit.isdigit():
                people = np.array([[_residents(area, period) for period in periods] for area in self._areas])
                counts = float(unit) * counts / people[:, None, :]
            elif number.kind == "rate":
                months = np.array([period.months if period else math.nan for period in periods])
                counts /= {"day": lengths, "week": lengths / 7}.get(unit, months)
            elif number.kind == "every":
                counts = {"seconds": 86400, "minutes": 1440, "hours": 24}.get(unit, 1) * lengths / counts
            elif number.kind == "share":
                counts = 100 * counts / counts[:, [self._places.index(NATIONAL)]]
        return np.full_like(counts, math.nan) if number.kind == "place" else counts

    def _counts(self, periods: Sequence[Period | None]) -> Array:
        return np.stack([_counted(self._areas, self._codes, period) for period in periods], axis=-1)

    def _worth(self, number: Number, held: Array) -> Array:
        """Return what the fit of a number with the tables outweighs: of a long number at its rounding most; nothing without a fit."""
        stated, half = abs(float(number.value or 0)), float(number.half_unit)
        is_signed = number.kind in {"percent", "difference"}
        given = held * {"up": 1, "down": -1}.get(number.direction, np.sign(held)) if is_signed else held
        gap, reach = np.abs(given - stated), self._reach
        with np.errstate(divide="ignore", invalid="ignore"):
            if number.kind == "percent":
                near = gap <= half + np.maximum(1, reach * (100 + np.abs(given)))
            elif number.kind == "difference":
                near = gap <= max(2, 0.02 * stated)
            else:
                least = max(2.0, float(number.rounding)) if number.kind == "count" else half
                reach = np.sqrt(reach**2 + 1 / np.maximum(given, 1)) if number.kind == "count" else reach
                near = (np.abs(np.log(given / stated)) <= reach) | (gap <= least)
        low, high = _ENDS.get(BOUNDS.get(number.bound, number.bound), (1.0, 1.0))
        near |= (given >= low * stated) & (given <= high * stated)
        if number.kind in {"count", "difference"}:
            most = 2.0 if stated >= 1000 else 0.8 if stated >= 100 else 0.4 if stated >= 20 else 0.2
        else:
            most = 1.0 if half < 0.5 else 0.7
        fit = np.where((gap <= half + 1e-9).any(axis=0), 1.0, 0.3 * near.any(axis=0))
        return most * fit

    # --- how far the words are from saying that a number is of an area, an offence or some months: 0 where they do ---------

    def _costs(self, number: Number, mentions: Sequence[Mention[T]], what: str) -> dict[T, tuple[float, str]]:
        """Return for what is named how far it is, and the words."""
        found = dict[T, tuple[float, str]]()
        for one, far in self._far(number, mentions, what):
            found[one.value] = min(
                found.get(one.value, (99.0, "")), (far + one.is_part, one.words), key=lambda each: each[0]
            )
        return found

    def _is_beside(self, number: Number, one: Mention[Any]) -> bool:
        return self._context.sentence(number.start) == self._context.sentence(one.start)

    def _far(self, number: Number, mentions: Sequence[Mention[T]], what: str) -> Iterator[tuple[Mention[T], float]]:
        """Yield the mentions near a number with how far each is: 0 beside it, under 1 in its sentence, more before that, most after it."""
        after = bisect.bisect_left(mentions, number.start, key=lambda one: one.start)
        near = mentions[max(0, after - _NEAR) : after + _NEAR]
        wanted, unwanted = pattern(f"of {what}"), pattern(f"not of {what}")
        here = self._context.sentence(number.start)
        for one in near:
            away = here - self._context.sentence(one.start)
            between = self._plain[number.end : one.start] if not away and one.start >= number.end else None
            if between is not None and wanted.fullmatch(between) and not unwanted.search(between):
                yield one, 0.0
                continue
            low, high = min(one.start, number.start), max(one.start, number.start)
            passed: int = sum(low < each.start < high and each.value != one.value and not one.start <= each.start < one.end for each in near)  # fmt: skip
            if away:
                first, step, other = (0.9, 0.12, 0.15) if away > 0 else (1.7, 0.12, 0.2)
                steps = abs(away) - 1
            elif one.start > number.start:
                first, step, other = 0.45, 0.3, 0.5
                steps = _passed(self._figures, number.end, one.start)
                passed += bool(_passed(self._clauses, number.end, one.start))
            else:
                first, step, other = 0.15, 0.06, 0.5
                steps = _passed(self._figures, one.end, number.start)
            yield one, first + step * steps + other * passed

    def _slots(self, number: Number) -> list[_Slot]:
        """Return the months that it may be of, and for a change those it may be set against, the nearest first."""
        near = list(self._far(number, self._context.times, "a time"))
        own = self._singles(number, near)
        if number.kind in CHANGES:
            own = list(self._pairs(number, own, near))
        cheapest: dict[tuple[Period | None, Period | None], _Slot] = {}
        for slot in sorted(own, key=lambda slot: slot.cost):
            cheapest.setdefault((slot.period, slot.baseline), slot)
        return list(cheapest.values())

    def _singles(self, number: Number, near: Sequence[tuple[Mention[Time], float]]) -> list[_Slot]:
        """Return the months that a number of one period may be of; what another is set against is of an earlier one."""
        before = self._plain[max(0, number.start - 40) : number.start].rstrip(" (")
        is_base = number.kind in {"count", "rate"} and bool(pattern("set against").search(before))
        found: list[_Slot] = []
        for one, away in near:
            is_here, role, far = self._is_beside(number, one), one.value.role, away
            if number.kind in CHANGES and is_here and one.value.is_length:
                continue
            between = self._plain[number.end : one.start] if is_here and one.start >= number.end else "no"
            is_beside = one.start >= number.end and away == 0
            if number.kind in CHANGES and pattern("since").search(between[-25:]):
                far += 1.2  # "down by a third on 2019/20" names the months that it is set against
            if role in "PE":
                far += 0.5 if is_base and not is_beside else 0.0
            elif role != "B" or not is_base:
                far += 0.15 if is_beside else 0.5
            found += [_Slot(period, None, far + 0.35 * i, one.words) for i, period in enumerate(one.value.months)]
        unnamed = 2.4 if any(slot.cost <= 2 for slot in found) else 1.2  # a text that names months means these
        found += [_Slot(period, None, unnamed + 0.25 * i) for i, period in enumerate(usual(self._context.month))]
        earlier = {month for one, _ in near if one.value.role == "B" for month in one.value.months if is_base}
        close = [slot for slot in found if slot.cost < 2.5 and slot.period.months <= 12 and slot.period not in earlier]  # fmt: skip
        return found + [_Slot(slot.period.year_before, None, slot.cost + 1.2, slot.words) for slot in close]

    def _pairs(
        self, number: Number, own: Sequence[_Slot], near: Sequence[tuple[Mention[Time], float]]
    ) -> Iterator[_Slot]:
        """Yield the two periods that a change may lie between: the year before, or what the text names as its beginning."""
        named = {period for one, _ in near for period in one.value.months}
        starts: list[tuple[Period | int, float, str]] = [(12, 0.35, "")]  # a period, or so many months before
        for one, far in near:
            starts += [(period, 0.3 * (far + i), one.words) for i, period in enumerate(one.value.starts)]
            if one.value.is_length and self._is_beside(number, one):  # "in two years"
                starts.append((one.value.span.months, 0.3 * far, one.words))
        for slot, (start, far, said) in itertools.product(own, starts):
            base = start if isinstance(start, Period) else slot.period.shift(-start)
            is_start = isinstance(start, int) and slot.period.shift(start) in named
            if start == 12 or (base.last < slot.period.first and said != slot.words and not is_start):
                both = 0.8 if isinstance(start, int) and base in named and start != 12 else 0.0
                yield _Slot(slot.period, base, slot.cost + far - both, f"{slot.words} … {said}".strip(" …"))


def _off(found: Number, held: float | None) -> float | None:
    if held is None:
        return None
    stated = float(found.value or 0) * (
        -1 if found.kind in {"percent", "difference"} and found.direction == "down" else 1
    )
    if found.kind in {"percent", "share"}:
        return round(stated - held, 2)
    return round(100 * (stated / held - 1), 2) if held else None


def _by_turns(weighed: Sequence[tuple[float, Reading]]) -> list[Reading]:
    """Return readings that words and tables both give, then by turns those of the words and those of the tables alone."""
    found: dict[Source, list[Reading]] = {"both": [], "words": [], "tables": []}
    for _, one in sorted(weighed, key=lambda pair: pair[0]):
        found[one.source].append(one)
    by_turns = itertools.chain(*itertools.zip_longest(found["words"], found["tables"]))
    return [one for one in (*found["both"][:3], *by_turns) if one][:MOST]


def _passed(places: Sequence[int], start: int, end: int) -> int:
    """Return how many of some places in a text, which stand in their order, lie between two others."""
    return bisect.bisect_left(places, end) - bisect.bisect_left(places, start)


def _commonest(mentions: Sequence[Mention[T]], most: int) -> list[T]:
    return [value for value, _ in Counter(one.value for one in mentions).most_common(most)]


def _newest(held: Array) -> Array:
    """Return what the newest release that holds it gives, for each place in an array whose first axis are releases."""
    return functools.reduce(lambda newer, older: np.where(np.isnan(newer), older, newer), held)


def _given(area: areas.Area | None, code: Counted, period: Period | None) -> list[tuple[date, int | None]]:
    """Return what each release gives with its day, the newest first, then each publication of years; None where one does not hold it."""
    if area is None or period is None or not isinstance(code, str):
        return []
    is_published = period.months == 12 and code in vintages.held() and not area.by_years
    years = vintages.of(area, code, period) if is_published else ()
    held = tables(area, offences.find(code), load_register().releases)[::-1]
    given = [(each.release.released or date.min, each.value(area, period)) for each in held]
    return [*given, *((each.published, each.offences) for each in years[::-1])]


@functools.lru_cache(maxsize=256)
def _counted(places: tuple[areas.Area | None, ...], codes: tuple[Counted, ...], period: Period | None) -> Array:
    """Return what each release and each publication of years gives, the newest first, by areas by offences."""
    found = np.full(
        (len(load_register().releases) + len(vintages.publications("vintages")), len(places), len(codes)), math.nan
    )
    for (i, area), (j, code) in itertools.product(enumerate(places), enumerate(codes)):
        given = [value for _, value in _given(area, code, period)]
        found[: len(given), i, j] = given
    return found


@functools.lru_cache(maxsize=4096)
def _residents(area: areas.Area | None, period: Period | None) -> float:
    found = population.residents_for(area, period, band="all") if area and period else None
    return found.people * period.months / 12 if found and period else math.nan
