"""The figures that a claim states, beside what every release and publication holds of them, how they stand to it, and where else they are found."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import numpy as np

from analysis.claims.models import MOST_OFFENCES, Amount, Claim, Earlier, Place, Stated
from analysis.comparison.counts import part, total
from analysis.figures import vintages
from analysis.figures.register import Register, Release
from analysis.figures.vintages import YearRelease
from analysis.statistics.revision import Reach, log_distance
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.numbers import folded, number
from analysis.terms.offences import Offence
from analysis.terms.periods import Month, Period

NATIONAL = areas.ENGLAND_AND_WALES
WITHOUT_RAILWAYS = areas.find_area(f"{NATIONAL.name} without British Transport Police")

# How a stated figure or change stands to the tables, the gravest first.
GRAVITY = ("wrong-direction", "far-off", "found-elsewhere", "differs", "agrees-within-revision", "agrees")
CONFIRMED = GRAVITY[-2:]
BUDGET = 0.05  # of chance, as λ
NEAR = 0.32  # of the number, within which a figure adds to the chance
SPREAD = 0.6  # of the number, over which wrong numbers spread
CLOSE = 0.005  # of the number, within which a figure is taken for it once no figure is just the number
_MANY = 20  # forces from which revisions of an area even out as the nation's do
_SOON = timedelta(days=30.5 * 6)  # between a claim and a publication that is known to be nearly of its time
_OLD_MONTHS, _SETTLED = 11, 2023  # after which a figure has been revised most, in claims from that year on

# --- what the tables hold -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """What one release, or one publication of years, holds of an offence.

    Attributes
    ----------
    release
        Whose figures they are.
    code
        The offence.
    counted
        The months in which it counts the offence.
    """

    release: Release
    code: str
    counted: Period

    @property
    def kind(self) -> str:
        """That of the release, or ``publication`` of one that gave figures of years beside the releases of quarters."""
        is_beside = isinstance(self.release, YearRelease) and self.release.source == "vintages"
        return "publication" if is_beside else self.release.kind

    @property
    def decides(self) -> bool:
        """Whether a claim is judged by it: it is no other table, which gives only context, and no publication beside the releases."""
        return self.kind in {"full", "partial"}

    def value(self, area: Area | None, period: Period) -> int | None:
        """Return the offences of an area in a period, or None where the release does not hold each of its figures."""
        return total(self.code, self.release, area, period) if area and self._holds(area, period) else None

    def of(self, offence: Offence, area: Area | None, period: Period) -> int | None:
        """Return the same of another offence."""
        return next((each.value(area, period) for each in tables(area, offence, (self.release,))[::-1]), None)

    def by_force(self, period: Period) -> np.ndarray:
        """Return the offences of each force in canonical order, NaN where it did not supply every quarter; all so of what is counted by year."""
        if self.release.by_years or not self._holds(NATIONAL, period):
            return np.full(len(areas.NAMES), np.nan)
        return np.asarray(part(self.code, self.release, NATIONAL, period).sum(axis=0))

    def spans(self, months: int) -> list[Period]:
        """Return every year of so many months that a publication gave, or span of a release that begins with a quarter, oldest first."""
        if isinstance(self.release, YearRelease):
            return [year for year in self.release.years if year.months == months]
        covers = self.release.covers
        starts = (covers.first.shift(3 * place) for place in range((covers.months - months) // 3 + 1))
        return [Period(first, first.shift(months - 1)) for first in starts]

    def _holds(self, area: Area, period: Period) -> bool:
        is_its = area.by_years is self.release.everywhere.by_years
        return is_its and self.release.gives(period) and self.counted.covers(period)


@functools.lru_cache(maxsize=2048)
def tables(area: Area | None, offence: Offence, releases: tuple[Release, ...]) -> tuple[Table, ...]:
    """Return what each of some releases that counts an offence holds of it, oldest first.

    Of what is counted by year those of its publications that are no newer than the releases take their place.
    """
    source = vintages.table_of(area, offence) if area else offence.table
    if source is not None:
        newest = max((release.released for release in releases if release.released), default=date.max)
        releases = tuple(r for r in vintages.publications(source) if r.released and r.released <= newest)
    held = ((release, release.counted(offence.code)) for release in releases)
    return tuple(Table(release, offence.code, counted) for release, counted in held if counted)


def given(
    area: Area | None, offence: Offence, period: Period, releases: tuple[Release, ...]
) -> Iterator[tuple[Table, int | None]]:
    """Give what each of some releases holds for a period, oldest first; then each other publication that gave the year's figure."""
    yield from ((table, table.value(area, period)) for table in tables(area, offence, releases))
    if area and vintages.table_of(area, offence) is None:
        years = (Table(each, offence.code, each.covers) for each in vintages.publications("vintages"))
        yield from ((table, value) for table in years if (value := table.value(area, period)) is not None)


# --- what a claim states ------------------------------------------------------------------------------------------------


def stands(reach: Reach, stated: Amount, held: float, *, counted: float | None = None) -> str:
    """Say how a stated amount stands to a held one: ``agrees``, or as :meth:`analysis.statistics.revision.Reach.standing` has it.

    Parameters
    ----------
    reach
        How far revision reaches.
    stated
        As stated, with its bound.
    held
        What the tables give.
    counted
        The count that a rate or share rests on, whose revision it moves with; None of counts.
    """
    if stated.agrees(Fraction(held)):
        return "agrees"
    number = float(stated.number)
    room = 0.0 if counted is None else log_distance(number + float(stated.half_unit), number)
    return reach.standing(number, held, counted=counted, room=room)


@dataclass(frozen=True)
class Figure:
    """A stated count, or the months that one is of, and what each release gives for it.

    Attributes
    ----------
    role
        What it is in the claim: ``current``, ``baseline``, ``part`` or ``whole``.
    place
        Whom it is of.
    period
        Its months.
    amount
        The count as stated, with its bound, or None.
    held
        Every table that has the offence, as :func:`given` gives them, with its figure; None where a release does not hold every
        force-quarter of the period.
    reach
        How far revision reaches.
    earlier
        Figures of parts of the months that were published earlier.
    """

    role: str
    place: Place
    period: Period
    amount: Amount | None
    held: tuple[tuple[Table, int | None], ...]
    reach: Reach
    earlier: tuple[Earlier, ...] = ()

    @property
    def stated(self) -> int | None:
        """The count as stated, without its bound."""
        return None if self.amount is None else int(self.amount.number)

    @property
    def words(self) -> str:
        """The count as stated, with its bound."""
        return self.amount.stated if self.amount else number(None)

    @property
    def tables(self) -> str:
        """The newest release's figure; empty where none covers the period."""
        return number(self.count) if self.covering else ""

    @functools.cached_property
    def covering(self) -> tuple[tuple[Table, int], ...]:
        """The tables that decide and cover the period, oldest first, with their figures."""
        return tuple((table, value) for table, value in self.held if table.decides and value is not None)

    @property
    def table(self) -> Table | None:
        """The newest of them, or None."""
        return self.covering[-1][0] if self.covering else None

    @property
    def rest(self) -> int | None:
        """What it gives for the other months, where there are earlier figures."""
        if not self.earlier or self.table is None or self.count is None:
            return None
        parts = [self.table.value(self.place.area, each.period) for each in self.earlier]
        return None if None in parts else self.count - sum(filter(None, parts))

    @property
    def is_testable(self) -> bool:
        """Whether there is a stated count and a figure to hold it against."""
        return self.amount is not None and bool(self.covering)

    @property
    def count(self) -> int | None:
        """The newest release's figure, or None where none covers the period."""
        return self.covering[-1][1] if self.covering else None

    @property
    def given(self) -> tuple[tuple[Release, int], ...]:
        """Every figure that decides: of other publications first, and of the newest release last."""
        published = ((table, n) for table, n in self.held if table.kind == "publication" and n is not None)
        return tuple((table.release, value) for table, value in (*published, *self.covering))

    @functools.cached_property
    def candidates(self) -> tuple[int, ...]:
        """Every figure that the tables give or gave, the newest release's first, and what earlier figures come to."""
        explained = [] if self.rest is None else [self.rest + sum(each.value for each in self.earlier)]
        return tuple(dict.fromkeys([*(value for _, value in reversed(self.given)), *explained]))

    @functools.cached_property
    def answer(self) -> str:
        """How the stated count stands to the tables: one of :data:`GRAVITY`, ``outside``, or ``none`` without a count."""
        if self.amount is None:
            return "none"
        found = (stands(self.reach, self.amount, value) for value in self.candidates)
        return max(found, key=GRAVITY.index) if self.covering else "outside"

    @property
    def is_of_newest(self) -> bool:
        """Whether the newest release gives just what was stated."""
        return self.amount is not None and self.count is not None and self.amount.agrees(self.count)

    @property
    def standing(self) -> str:
        """The same as the answer, but ``revised`` where an older publication alone gives just what was stated."""
        return "revised" if self.answer == "agrees" and not self.is_of_newest else self.answer

    def to_dict(self) -> dict[str, object]:
        """Return the figure as the JSON of the command gives it.

        ``figure`` is its part in the claim, ``stated`` the count or null, ``bound`` how exact it is where it is not, ``answer``
        how it stands to the tables, ``releases`` each deciding release's figure by its id, ``vintages`` the figures of other
        publications by their day, and ``context`` those of tables that never decide; null where a table does not cover the months.
        """
        return {
            "figure": self.role,
            "area": self.place.name,
            "period": str(self.period),
            "stated": self.stated,
            "bound": (self.amount.bound if self.amount else "") or None,
            "answer": self.answer,
            "releases": {table.release.id: value for table, value in self.held if table.decides},
            "vintages": {table.release.id: value for table, value in self.held if table.kind == "publication"},
            "context": {table.release.id: value for table, value in self.held if table.kind == "context"},
        }


def readings(claim: Claim, register: Register) -> tuple[tuple[Figure, ...], ...]:
    """Return what a claim states, with what the tables give: once for each way in which its area may be meant.

    Figures of England and Wales may be meant with or without British Transport Police; any other area has one reading.

    Returns
    -------
    tuple of tuple of Figure
        The current figure first, then the baseline, the parts, and the whole of a share.
    """
    ways = [claim.area]
    if claim.area.area == NATIONAL:
        ways.append(Place((WITHOUT_RAILWAYS.name,), WITHOUT_RAILWAYS))
    return tuple(tuple(_figure(claim, register, *each) for each in _stated(claim, way)) for way in ways)


def _stated(claim: Claim, place: Place) -> Iterator[tuple[str, Place, Stated]]:
    if claim.current:
        yield "current", place, claim.current
    if claim.baseline:
        yield "baseline", place, claim.baseline
    if claim.current:
        period, whole = claim.current.period, claim.share.whole if claim.share else None
        yield from (("part", part.area, Stated(value=part.value, period=period)) for part in claim.parts)
        if whole is not None and (claim.value is None or whole != claim.value.number):
            yield "whole", place, Stated(value=Amount.parse(whole, largest=MOST_OFFENCES), period=period)


def _figure(claim: Claim, register: Register, role: str, place: Place, stated: Stated) -> Figure:
    """Return a figure with what each release and publication gives for it."""
    area, period, offence = place.area, stated.period, claim.counted_as
    held = tuple(given(area, offence, period, register.releases))
    # Revision reaches half as far from a figure of which one nearly of the claim's time is known, or that was old.
    on = claim.published.earliest
    known = (table.release.released for table, _ in held if table.kind in {"full", "publication"})
    is_near = len(claim.published.parts) > 1 and any(day and abs(day - on) <= _SOON for day in known)
    is_old = on.year >= _SETTLED and Month(on.year, on.month).ordinal - period.last.ordinal >= _OLD_MONTHS
    is_national = area is not None and len(area.forces) >= _MANY
    reach = Reach(offences.revision_tier(offence), is_national, is_near or is_old)
    return Figure(role, place, period, stated.value, held, reach, stated.earlier)


# --- where a number that is not the figure of its area and months is found ----------------------------------------------
#
# One that is wrong by a slip of the pen may lie near one of many figures by chance. Every figure looked at that lies near the
# number adds to that chance, as wrong numbers spread: λ = 2 × tolerance × figures within ±32% / (0.6 × number). The search ends
# where λ reaches 0.05, and says how far it came.


@dataclass(frozen=True)
class Elsewhere:
    """What a stated number is in the tables.

    Attributes
    ----------
    figure
        The stated figure.
    kind
        ``increase``, ``part``, ``area``, ``offence``, ``year``, ``window`` or ``force``.
    area, offence, period
        Whose figure it is, of what and when.
    value
        The tables' figure.
    chance
        λ: how many figures as near would have been found by chance on the way to this one.
    """

    figure: Figure
    kind: str
    area: Area
    offence: Offence
    period: Period
    value: int
    chance: float

    def to_dict(self) -> dict[str, object]:
        """Return the finding as the JSON of the command gives it."""
        found = {"stated": self.figure.stated, "kind": self.kind, "area": self.area.name, "offence": self.offence.code}
        return found | {"period": str(self.period), "value": self.value, "chance": self.chance}


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
    area, stated, table, chance = figure.place.area, figure.stated, figure.table, 0.0
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
                return Elsewhere(figure, kind, *nearest, round(chance, 4))
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
    now, then = figure.given[-1][1], table.value(area, base)
    is_apart = figure.role == "current" and (claim.baseline is not None or period.months <= 12)
    yield "increase", [(area, own, period, abs(now - then))] if is_apart and then is not None else []
    yield "part", held([area], *_parts(period))
    yield "area", held(_around(area), period)
    named = (*named_in(claim.statement), *map(offences.find, own.context))
    others = ((each, table.of(each, area, period)) for each in named if each.code != own.code)
    yield "offence", ((area, each, period, value) for each, value in others if value is not None)
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


def _around(area: Area) -> list[Area]:
    """Return the larger areas that hold the area, or the other partnerships of its force."""
    if area.by_years:
        near = (each.name for each in areas.partnerships() if each.force in area.forces)
        return [areas.find_area(f"{name} partnership") for name in near]
    return [each for each in (*areas.AREAS.values(), WITHOUT_RAILWAYS) if set(area.forces) < set(each.forces)]


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
