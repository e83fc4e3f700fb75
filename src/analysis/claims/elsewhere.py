"""Where a stated number that is not the figure of its area and months is found in the tables, within a budget of chance.

A number that is wrong by a slip of the pen may lie near one of many figures by chance. Every figure looked at that lies near the
number adds to that chance, as wrong numbers spread: λ = 2 × tolerance × figures within ±32% / (0.6 × number). The search ends
where λ reaches 0.05, and says how far it came.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.claims.figures import NATIONAL, WITHOUT_RAILWAYS, Figure, Table, tables
from analysis.claims.models import Claim
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


def search(claim: Claim, figure: Figure) -> Elsewhere | None:
    """Look a stated number up where it may have come from: all figures that are just it first, then those within 0.5%.

    Parameters
    ----------
    claim
        What was stated.
    figure
        The figure of it that the tables do not give. It is looked for in the newest table that covers its months.

    Returns
    -------
    Elsewhere or None
        None where nothing is found within the budget of chance, or the number has a bound.
    """
    area, stated, table, chance = figure.area, figure.stated, figure.table, 0.0
    if figure.amount is None or figure.amount.bound or not stated or area is None or table is None:
        return None
    kinds: Iterable[tuple[str, Iterable[_Candidate]]] = _looked_at(claim, figure, area, table)
    for tolerance in (0.5, max(0.5, CLOSE * stated)):
        again = []
        for kind, candidates in kinds:
            near = [each for each in candidates if abs(each[3] - stated) <= NEAR * stated]
            again.append((kind, near))
            chance += 2 * tolerance * len(near) / (SPREAD * stated)
            if chance > BUDGET:
                return None
            nearest = min(near, key=lambda each: abs(each[3] - stated), default=None)
            if nearest and abs(nearest[3] - stated) <= tolerance:
                return Elsewhere(stated, kind, *nearest, round(chance, 4))
        kinds = again
    return None


_Candidate = tuple[Area, Offence, Period, int]


def _looked_at(claim: Claim, figure: Figure, area: Area, table: Table) -> Iterator[tuple[str, Iterable[_Candidate]]]:
    """Give each kind of figure that is looked at, in this order, with its figures."""
    own, period = claim.counted_as, figure.period

    def held(among: Iterable[Area], *spans: Period) -> Iterator[_Candidate]:
        for each, span in itertools.product(among, spans):
            if (value := table.value(each, span)) is not None:
                yield each, own, span, value

    # The difference between the two periods, which a headline may take for the total.
    base = claim.baseline.period if claim.baseline else period.year_before
    now, then = figure.newest[1], table.value(area, base)
    is_apart = figure.role == "current" and (claim.baseline is not None or period.months <= 12)
    yield "increase", [(area, own, period, abs(now - then))] if is_apart and then is not None else []
    yield "part", held([area], *_parts(period))
    yield "area", held(_around(claim, area), period)
    named = (*named_in(claim.statement), *map(offences.find, own.context))
    others = ((each, tables(area, each, (table.release,))[-1:]) for each in named if each.code != own.code)
    given = ((each, other.value(area, period)) for each, several in others for other in several)
    yield "offence", ((area, each, period, value) for each, value in given if value is not None)
    spans = [span for span in table.spans(period.months) if span != period]
    yield "year", held([area], *(span for span in spans if span.first.month == period.first.month))
    yield "window", held([area], *(span for span in spans if span.first.month != period.first.month))
    yield "force", held((Area.of(force) for force in areas.FORCES if [force.name] != area.names), period)


def _parts(period: Period) -> Iterable[Period]:
    """Return parts of the months that begin or end with them, and the years that end with them or hold them."""
    first, last, months = period.first, period.last, period.months
    lengths = range(3, months, 3) if months <= 24 else range(12, months, 12)
    spans = [each for n in lengths for each in (Period(first, first.shift(n - 1)), Period(last.shift(1 - n), last))]
    if months < 12:
        starts = (last.shift(-11), Month(first.year - (first.month < 4), 4), Month(first.year, 1))
        spans += [Period(start, start.shift(11)) for start in starts]
    return dict.fromkeys(span for span in spans if span != period)


def _around(claim: Claim, area: Area) -> list[Area]:
    """Return the nation, country and region that hold the area, and of a few forces together each alone and all but each."""
    if area.by_years:
        near = (each.name for each in areas.partnerships() if each.force in area.forces)
        return [areas.find_area(f"{name} partnership") for name in near]
    regions = (each for each in areas.AREAS.values() if each.kind == "region")
    larger = (NATIONAL, WITHOUT_RAILWAYS, areas.ENGLAND, areas.WALES, *regions)
    around = [each for each in larger if set(area.forces) < set(each.forces)]
    if len(area.forces) > 1:
        is_few, coverage = len(area.forces) <= _FEW, claim.coverage
        around += map(Area.of, area.forces if is_few else ())
        if is_few or (coverage is not None and coverage.of - coverage.responded == 1):
            around += (areas.less(area, Area.of(force)) for force in area.forces)
    return around


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
