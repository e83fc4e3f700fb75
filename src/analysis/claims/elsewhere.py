"""Where a stated number that is not the figure of its area and months is found in the tables, within a budget of chance.

A number that is wrong by a slip of the pen may lie near one of many figures by chance. Every figure looked at that lies near the
number adds to that chance, as wrong numbers spread: λ = 2 × tolerance × figures within ±32% / (0.6 × number). The search ends
where λ reaches 0.05, and says how far it came.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.claims.figures import NATIONAL, WITHOUT_RAILWAYS, Figure
from analysis.claims.held import Sums, Years, shelf
from analysis.claims.models import Claim
from analysis.figures.register import Register
from analysis.terms import areas, offences
from analysis.terms.areas import Area, Force
from analysis.terms.numbers import folded
from analysis.terms.offences import Offence
from analysis.terms.periods import Month, Period

BUDGET = 0.05  # of chance, as λ
NEAR = 0.32  # of the number, within which a figure adds to the chance
SPREAD = 0.6  # of the number, over which wrong numbers spread
CLOSE = 0.005  # of the number, within which a figure is taken for it once no figure is just the number
_FEW = 12  # forces of an area up to which each is looked at by itself


@dataclass(frozen=True)
class Elsewhere:
    """What a stated number is in the tables.

    Attributes
    ----------
    stated
        The number.
    kind
        ``increase``, ``part``, ``area``, ``offence``, ``year``, ``window`` or ``force``.
    area, offence, period
        Whose figure it is, of what and when.
    value
        The tables' figure.
    chance
        λ: how many figures as near would have been found by chance on the way to this one.
    """

    stated: int
    kind: str
    area: Area
    offence: Offence
    period: Period
    value: int
    chance: float


_Candidate = tuple[Area, Offence, Period, int]


def search(claim: Claim, figure: Figure, register: Register) -> Elsewhere | None:
    """Look a stated number up where it may have come from: all figures that are just it first, then those within 0.5%.

    Parameters
    ----------
    claim
        What was stated.
    figure
        The figure of it that the tables do not give.
    register
        The releases to look in: the newest that covers the months.

    Returns
    -------
    Elsewhere or None
        None where nothing is found within the budget of chance, or the number has a bound.
    """
    if figure.amount is None or figure.amount.bound or not figure.stated or figure.area is None or not figure.covering:
        return None
    release = figure.newest[0]
    sums = next(each for each in shelf(figure.area, claim.counted_as, register.releases) if each.release == release)
    groups = {
        kind: functools.cache(lambda find=find: tuple(find(claim, figure, sums))) for kind, find in _GROUPS.items()
    }
    stated, chance = figure.stated, 0.0
    for tolerance in (0.5, max(0.5, CLOSE * stated)):
        for kind, group in groups.items():
            near = [each for each in group() if abs(each[3] - stated) <= NEAR * stated]
            chance += 2 * tolerance * len(near) / (SPREAD * stated)
            if chance > BUDGET:
                break
            found = min(near, key=lambda each: abs(each[3] - stated), default=None)
            if found and abs(found[3] - stated) <= tolerance:
                area, offence, period, value = found
                return Elsewhere(stated, kind, area, offence, period, value, round(chance, 4))
    return None


def _increase(claim: Claim, figure: Figure, sums: Sums | Years) -> Iterator[_Candidate]:
    """Give the difference between the two periods, which a headline may take for the total."""
    area, current = figure.area, figure.period
    base = claim.baseline.period if claim.baseline else current.year_before if current.months <= 12 else None
    if figure.role == "current" and area and base:
        now, then = sums.value(area, current), sums.value(area, base)
        if now is not None and then is not None:
            yield area, claim.counted_as, current, abs(now - then)


def _part(claim: Claim, figure: Figure, sums: Sums | Years) -> Iterator[_Candidate]:
    """Give parts of the months that begin or end with them, and the years that end with them or hold them."""
    first, last = figure.period.first, figure.period.last
    lengths = range(3, figure.period.months, 3) if figure.period.months <= 24 else range(12, figure.period.months, 12)
    spans = [
        span
        for length in lengths
        for span in (Period(first, first.shift(length - 1)), Period(last.shift(1 - length), last))
    ]
    if figure.period.months < 12:
        financial = Month(first.year - (first.month < 4), 4)
        spans += [
            Period(last.shift(-11), last),
            Period(financial, financial.shift(11)),
            Period(Month(first.year, 1), Month(first.year, 12)),
        ]
    yield from _each(claim, figure.area, sums, dict.fromkeys(span for span in spans if span != figure.period))


def _area(claim: Claim, figure: Figure, sums: Sums | Years) -> Iterator[_Candidate]:
    """Give the nation, country and region that hold the area, and of a few forces together each alone and all but each."""
    own = figure.area
    assert own is not None  # noqa: S101  # the caller has looked
    larger = [NATIONAL, WITHOUT_RAILWAYS, areas.ENGLAND, areas.WALES, *_regions(own.forces[0].region)]
    around = [area for area in larger if set(own.forces) < set(area.forces)]
    coverage = claim.coverage
    if own.by_years:
        around = [_partnership(each.name) for each in areas.partnerships() if each.force in own.forces]
    is_few = 1 < len(own.forces) <= _FEW and not own.by_years
    within = [Area.of(force) for force in own.forces] if is_few else []
    lacks_one = is_few or (coverage is not None and coverage.of - coverage.responded == 1 and len(own.forces) > 1)
    short = [_all_but(own, force) for force in own.forces] if lacks_one else []
    for area in (*around, *within, *short):
        yield from _each(claim, area, sums, [figure.period])


def _offence(claim: Claim, figure: Figure, sums: Sums | Years) -> Iterator[_Candidate]:
    """Give the offences that the statement names, and those that are set beside the claim's own."""
    for offence in (*named_in(claim.statement), *(offences.find(code) for code in claim.counted_as.context)):
        if offence.code != claim.counted_as.code and figure.area:
            (other, *_) = shelf(figure.area, offence, (sums.release,)) or (None,)
            value = other.value(figure.area, figure.period) if other else None
            if value is not None:
                yield figure.area, offence, figure.period, value


def _year(claim: Claim, figure: Figure, sums: Sums | Years) -> Iterator[_Candidate]:
    """Give the same months of other years, the nearest first."""
    years = [figure.period.shift(12 * sign * n) for n in range(1, 15) for sign in (-1, 1)]
    yield from _each(claim, figure.area, sums, years)


def _window(claim: Claim, figure: Figure, sums: Sums | Years) -> Iterator[_Candidate]:
    """Give every other span of the same length."""
    if figure.area and figure.period.months <= sums.counted.months and not figure.period.cuts_quarter:
        for span, value in sums.windows(figure.area, figure.period.months):
            if (span.first.ordinal - figure.period.first.ordinal) % 12:
                yield figure.area, claim.counted_as, span, value


def _force(claim: Claim, figure: Figure, sums: Sums | Years) -> Iterator[_Candidate]:
    """Give every other force in the same months."""
    own = figure.area.names if figure.area else []
    for name, value in sums.by_force(figure.period).items():
        if [name] != own:
            yield areas.find_area(name), claim.counted_as, figure.period, value


_GROUPS: dict[str, Callable[[Claim, Figure, Sums | Years], Iterator[_Candidate]]] = {
    "increase": _increase, "part": _part, "area": _area, "offence": _offence, "year": _year, "window": _window, "force": _force,
}  # fmt: skip


def _each(claim: Claim, area: Area | None, sums: Sums | Years, spans: object) -> Iterator[_Candidate]:
    for span in spans if area else ():  # type: ignore[attr-defined]
        value = sums.value(area, span) if area else None
        if value is not None and area:
            yield area, claim.counted_as, span, value


@functools.cache
def _partnership(name: str) -> Area:
    return areas.find_area(f"{name} partnership")


def _all_but(area: Area, missing: Force) -> Area:
    left = tuple(force for force in area.forces if force != missing)
    return Area(f"{area.name} without {missing.name}", left, area.article, "difference")


def _regions(name: str) -> list[Area]:
    forces = tuple(force for force in areas.FORCES if force.region == name)
    return [Area(name, forces, "the ")] if forces and name not in {"Wales", "Railways"} else []


@functools.lru_cache(maxsize=4096)
def named_in(statement: str) -> tuple[Offence, ...]:
    """Return the offences that a statement names in words, in the order in which they stand.

    Examples
    --------
    >>> [offence.code for offence in named_in("Robbery and shoplifting rose by 37 per cent")]
    ['robbery', '46']
    """
    return tuple(dict.fromkeys(_names()[match[0]] for match in _pattern().finditer(folded(statement))))


@functools.cache
def _names() -> dict[str, Offence]:
    return {
        folded(name): offence for name, offence in offences.by_name().items() if len(name) > 4 and not name[0].isdigit()
    }


@functools.cache
def _pattern() -> re.Pattern[str]:
    longest = sorted(_names(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b")
