"""Where a stated number that is not the figure of its area and months is found in the tables, within a budget of chance.

A number that is wrong by a slip of the pen may lie near one of many figures by chance. Every figure looked at that lies near the
number adds to that chance, as wrong numbers spread: λ = 2 × tolerance × figures within ±32% / (0.6 × number). The search ends
where λ reaches 0.05, and says how far it came.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from analysis.claims.figures import NATIONAL, WITHOUT_RAILWAYS, Figure, Table, tables
from analysis.claims.models import Claim
from analysis.figures.register import Register
from analysis.terms import areas, offences
from analysis.terms.areas import Area
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

    def to_dict(self) -> dict[str, object]:
        """Return the finding as the JSON of the command gives it."""
        return vars(self) | {"area": self.area.name, "offence": self.offence.code, "period": str(self.period)}


_Candidate = tuple[Area, Offence, Period, int | None]


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
    area, stated, chance = figure.area, figure.stated, 0.0
    if figure.amount is None or figure.amount.bound or not stated or area is None or not figure.covering:
        return None
    held = tables(area, claim.counted_as, register.releases)
    table = next(each for each in held if each.release == figure.newest[0])

    near: dict[str, list[tuple[Area, Offence, Period, int]]] = {}
    for tolerance in (0.5, max(0.5, CLOSE * stated)):
        for kind, candidates in _KINDS.items():
            if kind not in near:
                found = candidates(claim, figure, area, table)
                most = NEAR * stated
                near[kind] = [(a, o, p, n) for a, o, p, n in found if n is not None and abs(n - stated) <= most]
            chance += 2 * tolerance * len(near[kind]) / (SPREAD * stated)
            if chance > BUDGET:
                break
            nearest = min(near[kind], key=lambda each: abs(each[3] - stated), default=None)
            if nearest and abs(nearest[3] - stated) <= tolerance:
                return Elsewhere(stated, kind, *nearest, round(chance, 4))
    return None


def _increase(claim: Claim, figure: Figure, area: Area, table: Table) -> Iterator[_Candidate]:
    """Give the difference between the two periods, which a headline may take for the total."""
    base = claim.baseline.period if claim.baseline else figure.period.year_before
    now, then = table.value(area, figure.period), table.value(area, base)
    is_apart = claim.baseline is not None or figure.period.months <= 12
    if figure.role == "current" and is_apart and now is not None and then is not None:
        yield area, claim.counted_as, figure.period, abs(now - then)


def _part(claim: Claim, figure: Figure, area: Area, table: Table) -> Iterator[_Candidate]:
    """Give parts of the months that begin or end with them, and the years that end with them or hold them."""
    first, last, months = figure.period.first, figure.period.last, figure.period.months
    lengths = range(3, months, 3) if months <= 24 else range(12, months, 12)
    spans = [each for n in lengths for each in (Period(first, first.shift(n - 1)), Period(last.shift(1 - n), last))]
    if months < 12:
        starts = (last.shift(-11), Month(first.year - (first.month < 4), 4), Month(first.year, 1))
        spans += [Period(start, start.shift(11)) for start in starts]
    yield from _each(claim, [area], table, (span for span in dict.fromkeys(spans) if span != figure.period))


def _area(claim: Claim, figure: Figure, area: Area, table: Table) -> Iterator[_Candidate]:
    """Give the nation, country and region that hold the area, and of a few forces together each alone and all but each."""
    regions = [each for each in areas.AREAS.values() if each.kind == "region"]
    larger = [NATIONAL, WITHOUT_RAILWAYS, areas.ENGLAND, areas.WALES, *regions]
    around = [each for each in larger if set(area.forces) < set(each.forces)]
    if area.by_years:
        around = [_partnership(each.name) for each in areas.partnerships() if each.force in area.forces]
    elif len(area.forces) > 1:
        is_few, coverage = len(area.forces) <= _FEW, claim.coverage
        if is_few:
            around += map(Area.of, area.forces)
        if is_few or (coverage is not None and coverage.of - coverage.responded == 1):
            around += (areas.less(area, Area.of(force)) for force in area.forces)
    yield from _each(claim, around, table, [figure.period])


def _offence(claim: Claim, figure: Figure, area: Area, table: Table) -> Iterator[_Candidate]:
    """Give the offences that the statement names, and those that are set beside the claim's own."""
    for offence in (*named_in(claim.statement), *(offences.find(code) for code in claim.counted_as.context)):
        for other in tables(area, offence, (table.release,))[:1]:
            if offence.code != claim.counted_as.code:
                yield area, offence, figure.period, other.value(area, figure.period)


def _as_long(claim: Claim, figure: Figure, area: Area, table: Table, *, same_months: bool) -> Iterator[_Candidate]:
    """Give the same months of other years, or every other span of the same length."""
    spans = (span for span in table.spans(figure.period.months) if span != figure.period)
    alike = (span for span in spans if (span.first.month == figure.period.first.month) is same_months)
    yield from _each(claim, [area], table, alike)


def _force(claim: Claim, figure: Figure, area: Area, table: Table) -> Iterator[_Candidate]:
    """Give every other force in the same months."""
    for name, value in table.by_force(figure.period).items():
        if [name] != area.names:
            yield areas.find_area(name), claim.counted_as, figure.period, value


# In the order in which they are looked at.
_KINDS: dict[str, Callable[[Claim, Figure, Area, Table], Iterator[_Candidate]]] = {
    "increase": _increase, "part": _part, "area": _area, "offence": _offence,
    "year": functools.partial(_as_long, same_months=True), "window": functools.partial(_as_long, same_months=False), "force": _force,
}  # fmt: skip


def _each(claim: Claim, among: Iterable[Area], table: Table, spans: Iterable[Period]) -> Iterator[_Candidate]:
    yield from ((area, claim.counted_as, span, table.value(area, span)) for area in among for span in spans)


@functools.cache
def _partnership(name: str) -> Area:
    return areas.find_area(f"{name} partnership")


@functools.lru_cache(maxsize=4096)
def named_in(statement: str) -> tuple[Offence, ...]:
    """Return the offences that a statement names in words, in the order in which they stand.

    Examples
    --------
    >>> [offence.code for offence in named_in("Robbery and shoplifting rose by 37 per cent")]
    ['robbery', '46']
    """
    names, pattern = _names()
    return tuple(dict.fromkeys(names[match[0]] for match in pattern.finditer(folded(statement))))


@functools.cache
def _names() -> tuple[dict[str, Offence], re.Pattern[str]]:
    told = sorted(offences.by_name().items(), key=lambda each: -len(each[0]))
    named = {folded(name): found for name, found in told if len(name) > 4 and not name[0].isdigit()}
    return named, re.compile(rf"\b(?:{'|'.join(map(re.escape, named))})\b")
