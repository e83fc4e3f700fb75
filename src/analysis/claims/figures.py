"""The figures that a claim states, each beside what every release and other publication holds of it, and how it stands to them."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

from analysis.claims.models import MOST_OFFENCES, Amount, Claim, Earlier, Place, Stated
from analysis.comparison.counts import part, total
from analysis.figures import vintages
from analysis.figures.register import Register, Release
from analysis.figures.vintages import YearRelease
from analysis.statistics.revision import Reach, log_distance
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.numbers import number
from analysis.terms.offences import Offence
from analysis.terms.periods import Month, Period

Role = Literal["current", "baseline", "part", "whole"]
FloatArray = npt.NDArray[np.float64]

NATIONAL = areas.ENGLAND_AND_WALES
WITHOUT_RAILWAYS = areas.find_area(f"{NATIONAL.name} without British Transport Police")

# How a stated figure or change stands to the tables, the gravest first.
GRAVITY = ("wrong-direction", "far-off", "found-elsewhere", "differs", "agrees-within-revision", "agrees")
CONFIRMED = GRAVITY[-2:]
_MANY = 20  # forces from which revisions of an area even out as the nation's do
_NEAR = timedelta(days=30.5 * 6)  # between a claim and a publication that is known to be nearly of its time
_OLD_MONTHS, _SETTLED = 11, 2023  # after which a figure has been revised most, in claims from that year on

# --- what the tables hold -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
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

    def value(self, area: Area, period: Period) -> int | None:
        """Return the offences of an area in a period, or None where the release does not hold each of its figures."""
        return total(self.code, self.release, area, period) if self._holds(area, period) else None

    def by_force(self, period: Period) -> FloatArray:
        """Return the offences of each force in canonical order, NaN where it did not supply every quarter; all so of what is counted by year."""
        if isinstance(self.release, YearRelease) or not self._holds(NATIONAL, period):
            return np.full(len(areas.NAMES), np.nan)
        each: FloatArray = part(self.code, self.release, NATIONAL, period).sum(axis=0)
        return each

    def spans(self, months: int) -> list[Period]:
        """Return every year of so many months that a publication gave, or span of a release that begins with a quarter, oldest first."""
        if isinstance(self.release, YearRelease):
            return [year for year in self.release.years if year.months == months]
        covers = self.release.covers
        starts = (covers.first.shift(3 * place) for place in range((covers.months - months) // 3 + 1))
        return [Period(first, first.shift(months - 1)) for first in starts]

    def _holds(self, area: Area, period: Period) -> bool:
        if isinstance(self.release, YearRelease):
            return period in self.release.years and area.by_years is (self.release.source == vintages.PARTNERSHIPS)
        return not period.cuts_quarter and self.counted.covers(period)


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
        What it is in the claim.
    place
        Whom it is of.
    period
        Its months.
    amount
        The count as stated, with its bound, or None.
    releases
        Every release that has the offence, oldest first, with its figure; None where it does not hold every
        force-quarter of the period.
    published
        The year's figure as each other publication gave it, oldest first.
    reach
        How far revision reaches.
    earlier
        Figures of parts of the months that were published earlier.
    rest
        What the newest release gives for the other months, where there are earlier figures.
    table
        The newest table that decides and covers the period, or None.
    """

    role: Role
    place: Place
    period: Period
    amount: Amount | None
    releases: tuple[tuple[Release, int | None], ...]
    published: tuple[tuple[Release, int], ...]
    reach: Reach
    earlier: tuple[Earlier, ...] = ()
    rest: int | None = None
    table: Table | None = None

    @property
    def area(self) -> Area | None:
        """Whom it is of, as forces; None where the tables do not hold the area."""
        return self.place.area

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
    def covering(self) -> tuple[tuple[Release, int], ...]:
        """The releases that decide and cover the period, oldest first, with their figures."""
        return tuple((r, value) for r, value in self.releases if value is not None and r.kind != "context")

    @property
    def is_testable(self) -> bool:
        """Whether there is a stated count and a figure to hold it against."""
        return self.amount is not None and bool(self.covering)

    @property
    def newest(self) -> tuple[Release, int]:
        """The newest release that covers the period, with its figure."""
        return self.covering[-1]

    @property
    def count(self) -> int | None:
        """The figure of that release, or None."""
        return self.newest[1] if self.covering else None

    @property
    def given(self) -> tuple[tuple[Release, int], ...]:
        """Every figure that decides: of other publications first, and of the newest release last."""
        return self.published + self.covering

    @property
    def told(self) -> list[tuple[str, str, int | None]]:
        """The id and the kind of each release, and of each other publication, with its figure."""
        releases = [(release.id, release.kind, value) for release, value in self.releases]
        return [*releases, *((release.id, "publication", value) for release, value in self.published)]

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
        return self.is_testable and self.amount is not None and self.amount.agrees(self.newest[1])

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
            "releases": {release: value for release, kind, value in self.told if kind in {"full", "partial"}},
            "vintages": {release: value for release, kind, value in self.told if kind == "publication"},
            "context": {release: value for release, kind, value in self.told if kind == "context"},
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


def _stated(claim: Claim, place: Place) -> Iterator[tuple[Role, Place, Stated]]:
    if claim.current:
        yield "current", place, claim.current
    if claim.baseline:
        yield "baseline", place, claim.baseline
    if claim.current:
        period, whole = claim.current.period, claim.share.whole if claim.share else None
        yield from (("part", part.area, Stated(value=part.value, period=period)) for part in claim.parts)
        if whole is not None and (claim.value is None or whole != claim.value.number):
            yield "whole", place, Stated(value=Amount.parse(whole, largest=MOST_OFFENCES), period=period)


def _figure(claim: Claim, register: Register, role: Role, place: Place, stated: Stated) -> Figure:
    """Return a figure with what each release and publication gives for it."""
    area, period, offence = place.area, stated.period, claim.counted_as
    held = tables(area, offence, register.releases)
    values = tuple((table.release, table.value(area, period) if area else None) for table in held)
    covering = [t for t, (r, n) in zip(held, values, strict=True) if n is not None and r.kind != "context"]
    rest, table = None, covering[-1] if covering else None
    if stated.earlier and area and table:
        whole, *parts = (table.value(area, months) for months in (period, *(e.period for e in stated.earlier)))
        rest = None if None in (whole, *parts) else (whole or 0) - sum(filter(None, parts))
    by_year = vintages.publications("vintages") if area and vintages.table_of(area, offence) is None else ()
    given = ((each, Table(each, offence.code, each.covers).value(area, period)) for each in by_year if area)
    published = tuple((release, value) for release, value in given if value is not None)
    known = [each.released for each, _ in published] + [each.released for each, _ in values if each.kind == "full"]
    reach = _reach(claim, area, period, filter(None, known))
    return Figure(role, place, period, stated.value, values, published, reach, stated.earlier, rest, table)


def _reach(claim: Claim, area: Area | None, period: Period, known: Iterable[date]) -> Reach:
    """Return how far revision reaches from a figure: half as far where one nearly of the claim's time is known, or it was old."""
    on = claim.published.earliest
    is_near = len(claim.published.parts) > 1 and any(abs(day - on) <= _NEAR for day in known)
    is_old = on.year >= _SETTLED and Month(on.year, on.month).ordinal - period.last.ordinal >= _OLD_MONTHS
    is_national = area is not None and len(area.forces) >= _MANY
    return Reach(offences.revision_tier(claim.counted_as), is_national, is_near or is_old)
