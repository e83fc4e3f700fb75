"""What each number of a text may be: how near its words are, what the tables hold of it in any release, and both joined, best first."""

from __future__ import annotations

import bisect
import functools
import itertools
import math
import textwrap
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, cast

import numpy as np
import numpy.typing as npt
import yaml
from pydantic import Field, PlainSerializer, computed_field

from analysis.claims.check.context import Area, Context, Counted, Mention, Time, behind, usual
from analysis.claims.check.numbers import FIGURES, PLAIN, Number, pattern
from analysis.claims.figures import given
from analysis.claims.forms import spells
from analysis.claims.models import Claim
from analysis.claims.verdicts import Judgement, judge
from analysis.figures import population, vintages
from analysis.figures.register import Release, load_register
from analysis.statistics import revision
from analysis.terms import areas, offences
from analysis.terms.numbers import joined, number
from analysis.terms.periods import Period

T = TypeVar("T", bound=Hashable)
Array = npt.NDArray[np.float64]
Source = Literal["words", "tables", "both"]
Months = tuple[Period | None, Period | None]
_AS_MONTHS = PlainSerializer(lambda period: str(period) if period else None, return_type=str | None)
MOST = 5  # readings of one number
NATIONAL = areas.ENGLAND_AND_WALES.name
CHANGES = {"percent", "multiple", "difference"}
_WIDE = (12, 10, 40)  # areas, offences and periods of a text that are looked up
_NEAR = 20  # mentions of one kind on either side of a number that are looked at
_NOWHERE = 2.6  # how far the words are from what they name nowhere near


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
    off_percent
        By how much the number differs from what is held, in per cent of that, or in points where it is a percentage; None where nothing is held.
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
    off_percent: float | None = None
    claim: dict[str, Any] | None = None

    @functools.cached_property
    def judgement(self) -> Judgement | None:
        """The verdict on the claim; None where nothing can be judged."""
        return judge(Claim.of(self.claim)) if self.claim else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def verdict(self) -> str | None:
        """The code of that verdict."""
        return self.judgement.verdict if self.judgement else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def answers(self) -> dict[str, str]:
        """The same on its axes; empty where nothing can be judged."""
        return self.judgement.answers if self.judgement else {}

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
        return "" if self.held is None else number(self.held, 0 if self.held.is_integer() else 1)


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
        clauses = [match.start() for match in pattern("clause").finditer(self._plain)]
        self._stops = sorted([*clauses, *clauses, *(one.start for one in numbers if one.kind in FIGURES)])
        self._places = list(dict.fromkeys([*_commonest(context.areas, _WIDE[0]), NATIONAL]))
        self._codes = tuple(_commonest(context.offences, _WIDE[1]))
        outside = {each.name for each in areas.OUTSIDE}
        self._areas = tuple(None if each in outside else areas.find_area(each) for each in self._places)
        # How far revision reaches from a force's count, as the log of a ratio.
        tiers = [offences.revision_tier(offences.find(each)) if isinstance(each, str) else "" for each in self._codes]
        self._reach = np.array([revision.TIERS[tier].force if tier else 0.0 for tier in tiers])[:, None]

    def of(self, number: Number) -> list[Reading]:
        """Return at most :data:`MOST` readings of a number, best first; none of what is no figure, or where no offence is named.

        First come those that words and tables both give, then by turns those of the words and those of the tables alone.
        """
        if number.kind not in FIGURES or not self._codes or number.value is None:
            return []
        context = self._context
        places = _nearest((far, one.value, one.words) for one, far in self._far(number, context.areas, "an area"))
        codes = _nearest((far, one.value, one.words) for one, far in self._far(number, context.offences, "an offence"))
        where = [places.get(each, (1.9 if each == NATIONAL else _NOWHERE, "")) for each in self._places]
        which = [codes.get(each, (_NOWHERE, "")) for each in self._codes]
        months, when = zip(*itertools.islice(self._months(number).items(), _WIDE[2]), strict=True)
        held = self._held(number, months)
        worth = self._worth(number, held)
        now = functools.reduce(lambda newer, older: np.where(np.isnan(newer), older, newer), held)
        far = np.ix_(*([cost for cost, _ in each] for each in (where, which, when)))
        costs: Array = functools.reduce(np.add, far)
        sources = np.where(worth == 0, "words", np.where(costs - costs.min() <= worth, "both", "tables")).ravel()
        ranked = np.argsort(costs - worth, axis=None, kind="stable")
        found = []
        both, words, tables = (ranked[sources[ranked] == each][:MOST].tolist() for each in ("both", "words", "tables"))
        by_turns = (at for turn in itertools.zip_longest(words, tables) for at in turn if at is not None)
        for flat in [*both[:3], *by_turns][:MOST]:
            i, j, k = at = np.unravel_index(flat, costs.shape)
            code, (period, baseline) = self._codes[j], months[k]
            value = None if np.isnan(now[at]) else round(float(now[at]), 4)
            said = tuple(filter(None, (where[i][1], when[k][1], which[j][1])))
            known, outside = (code, "") if isinstance(code, str) else (None, code.words)
            off, source = _off(number, value), cast(Source, str(sources[flat]))
            found.append(Reading(self._places[i], known, period, baseline, value, source, said, outside, off))
        return found

    # --- what the tables give: releases, and after them publications of years, by areas by offences by months --------------

    def _held(self, number: Number, months: Sequence[Months]) -> Array:
        """Return what each release gives in a number's own unit: of a count the count, of a percentage the change."""
        given = [[_counted(self._areas, self._codes, each) for each in side] for side in zip(*months, strict=True)]
        counts, base = np.stack(given[0], axis=-1), np.stack(given[1], axis=-1)
        periods, unit = [period for period, _ in months], number.unit
        with np.errstate(divide="ignore", invalid="ignore"):
            if number.kind in CHANGES:
                changed = {"percent": 100 * (counts / base - 1), "multiple": counts / base, "difference": counts - base}
                return changed[number.kind]
            if number.kind == "share":
                return 100 * counts / counts[:, [self._places.index(NATIONAL)]]
            if number.kind == "rate" and unit.isdigit():
                people: Array = np.array([[_residents(area, period) for period in periods] for area in self._areas])
                return float(unit) * counts / people[:, None, :]
            if number.kind in {"rate", "every"}:
                spell = np.array([float(spells(period, unit)) if period else math.nan for period in periods])
                return counts / spell if number.kind == "rate" else spell / counts
        return counts if number.kind == "count" else np.full_like(counts, math.nan)

    def _worth(self, number: Number, held: Array) -> Array:
        """Return what the fit of a number with the tables outweighs: of a long number at its rounding most; nothing without a fit."""
        stated, half = abs(float(number.value or 0)), float(number.half_unit)
        given = held * {"up": 1, "down": -1}.get(number.direction, np.sign(held))
        gap = np.abs(given - stated)
        is_count, whole = number.kind == "count", 100 if number.kind == "percent" else 0
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = np.sqrt(self._reach**2 + 1 / np.maximum(given, 1)) if is_count else self._reach
            ratio = np.log((whole + given) / (whole + stated))
        near = (np.abs(ratio) <= reach) | (gap <= (max(2.0, half) if is_count else half + whole / 100))
        digits = next(worth for least, worth in ((1000, 2.0), (100, 0.8), (20, 0.4), (0, 0.2)) if stated >= least)
        fit = np.where((gap <= half + 1e-9).any(axis=0), 1.0, 0.3 * near.any(axis=0))
        return fit * (digits if number.kind in {"count", "difference"} else 0.8)

    # --- how far the words are from saying that a number is of an area, an offence or some months: 0 where they do ---------

    def _far(self, number: Number, mentions: Sequence[Mention[T]], what: str) -> Iterator[tuple[Mention[T], float]]:
        """Yield the mentions near a number with how far each is: 0 beside it, under 1 in its sentence, more before that, most after it."""
        after = bisect.bisect_left(mentions, number.start, key=lambda one: one.start)
        near = mentions[max(0, after - _NEAR) : after + _NEAR]
        wanted, unwanted = pattern(f"of {what}"), pattern(f"not of {what}")
        here = self._context.sentence(number.start)
        for one in near:
            away = here - self._context.sentence(one.start)
            low, high = min(one.end, number.end), max(one.start, number.start)
            between = self._plain[low:high]
            is_of = low == number.end and number.kind != "place"  # which is among the areas behind it
            if not away and is_of and wanted.fullmatch(between) and not unwanted.search(between):
                yield one, float(one.is_part)
                continue
            if away:
                first, step, other, steps = 0.9 if away > 0 else 1.7, 0.12, 0.2, abs(away) - 1
            else:
                first, step, other = (0.45, 0.3, 0.5) if low == number.end else (0.15, 0.06, 0.5)
                steps = bisect.bisect_left(self._stops, high) - bisect.bisect_left(self._stops, low)
            passed = sum(low <= each.start < high and each.value != one.value for each in near)
            yield one, first + step * steps + other * passed + one.is_part

    def _months(self, number: Number) -> dict[Months, tuple[float, str]]:
        """Return the months that it may be of, and for a change those it may be set against, with how far they are, the nearest first."""
        near = list(self._far(number, self._context.times, "a time"))
        own = self._singles(number, near)
        if number.kind not in CHANGES:
            return _nearest((far, (period, None), words) for far, period, words in own) or {(None, None): (0.0, "")}
        starts: list[tuple[float, Period | int, str]] = [(0.35, 12, "")]  # a period, or so many months before
        starts += [(0.3 * (far + i), each, one.words) for one, far in near for i, each in enumerate(one.value.starts)]
        named = {period for one, _ in near for period in one.value.months}
        found = list[tuple[float, Months, str]]()
        for (far, period, words), (farther, start, said) in itertools.product(own, starts):
            base = period.shift(-start) if isinstance(start, int) else start
            if start == 12 or base.last < period.first:
                both = 0.8 if base in named and isinstance(start, int) and start != 12 else 0.0
                found.append((far + farther - both, (period, base), f"{words} … {said}".strip(" …")))
        return _nearest(found) or {(None, None): (0.0, "")}

    def _singles(self, number: Number, near: Sequence[tuple[Mention[Time], float]]) -> list[tuple[float, Period, str]]:
        """Return the months that a number of one period may be of; what another is set against is of an earlier one."""
        before = self._plain[max(0, number.start - 40) : number.start].rstrip(" (")
        is_change = number.kind in CHANGES
        is_base = number.kind in {"count", "rate"} and bool(pattern("set against").search(before))
        found: list[tuple[float, Period, str]] = []
        for one, far in near:
            role = one.value.role
            # "In two years" says how long a change took, "since 2018" when it began, and not what a later sentence counts.
            if (is_change and role in "LS") or (role == "S" and one.value.starts and far >= 0.9):
                continue
            # "More than in 2019/20", "down by a third on 2019/20".
            is_set_against = behind("since", self._plain, one, 25)
            if role == "P" and is_set_against:
                role = "B"
            fits = role == "B" if is_base and far else role in "PE"
            more = 0.0 if fits else 0.5 if far else 0.15
            if is_change and is_set_against and one.start >= number.end:
                more += 1.2
            found += [(far + more + 0.35 * i, period, one.words) for i, period in enumerate(one.value.months)]
        found += [(2.4 + 0.25 * i, period, "") for i, period in enumerate(usual(self._context.month))]
        earlier = 0.4 if is_base else 1.2
        return found + [(far + earlier, period.year_before, words) for far, period, words in found]


def _nearest(found: Iterable[tuple[float, T, str]]) -> dict[T, tuple[float, str]]:
    """Return how far each thing is at its nearest, with the words for it, the nearest first."""
    nearest = dict[T, tuple[float, str]]()
    for far, value, words in sorted(found, key=lambda each: each[0]):
        nearest.setdefault(value, (far, words))
    return nearest


def _off(number: Number, held: float | None) -> float | None:
    if held is None:
        return None
    stated = float(number.value or 0) * (-1 if number.direction == "down" else 1)
    if number.kind in {"percent", "share"}:
        return round(stated - held, 2)
    return round(100 * (stated / held - 1), 2) if held else None


def _commonest(mentions: Sequence[Mention[T]], most: int) -> list[T]:
    return [value for value, _ in Counter(one.value for one in mentions).most_common(most)]


def _given(
    area: areas.Area | None, code: Counted, period: Period | None, releases: tuple[Release, ...]
) -> list[int | None]:
    """Return what each release gives, the newest first, then each publication of years; None where one does not hold it."""
    if area is None or period is None or not isinstance(code, str):
        return []
    held = reversed(list(given(area, offences.find(code), period, releases)))
    return [value for _, value in sorted(held, key=lambda each: each[0].kind == "publication")]


@functools.lru_cache(maxsize=256)
def _counted(places: tuple[areas.Area | None, ...], codes: tuple[Counted, ...], period: Period | None) -> Array:
    """Return what each release and each publication of years gives, the newest first, by areas by offences."""
    releases = load_register().releases
    found = np.full((len(releases) + len(vintages.publications("vintages")), len(places), len(codes)), math.nan)
    for (i, area), (j, code) in itertools.product(enumerate(places), enumerate(codes)):
        given = _given(area, code, period, releases)
        found[: len(given), i, j] = given
    return found


@functools.lru_cache(maxsize=4096)
def _residents(area: areas.Area | None, period: Period | None) -> float:
    found = population.residents_for(area, period, band="all") if area and period else None
    return found.people * period.months / 12 if found and period else math.nan
