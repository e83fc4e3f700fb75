"""The figures that a claim states, each beside what the tables hold of it, and how it stands to them."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from analysis.claims.amounts import MOST_OFFENCES, Amount
from analysis.claims.held import shelf
from analysis.claims.models import Claim, Earlier, Place, PublicationDate, Stated
from analysis.figures import vintages
from analysis.figures.register import Register, Release
from analysis.figures.vintages import Vintage
from analysis.statistics import revision
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.numbers import number
from analysis.terms.periods import Month, Period

Role = Literal["current", "baseline", "part", "whole"]

NATIONAL = areas.ENGLAND_AND_WALES
WITHOUT_RAILWAYS = areas.find_area(f"{NATIONAL.name} without British Transport Police")

# How a stated figure or change stands to the tables, the gravest first.
GRAVITY = ("wrong-direction", "far-off", "found-elsewhere", "differs", "agrees-within-revision", "agrees")
_MANY = 20  # forces from which revisions of an area even out as the nation's do
_NEAR_MONTHS = 6  # between a claim and a publication that is known to be nearly of its time
_OLD_MONTHS, _SETTLED = 11, 2023  # after which a figure has been revised most, in claims from that year on


@dataclass(frozen=True)
class Reach:
    """How far revision reaches from a figure of a claim.

    Attributes
    ----------
    tier
        One of :data:`analysis.statistics.revision.TIERS`.
    national
        Whether the figure is of the country, or of most of it.
    halved
        Whether a publication of nearly the claim's time is held, or the figure was old when it was stated.
    """

    tier: str
    national: bool = False
    halved: bool = False

    def of(self, count: float) -> float:
        """Return the reach from a count, as a log distance."""
        return revision.reach(count, self.tier, national=self.national, halved=self.halved)

    @property
    def counts(self) -> int:
        """A difference of so many offences is revision whatever the count."""
        return revision.TIERS[self.tier].counts

    def standing(self, stated: Amount, held: float, *, counted: float | None = None) -> str:
        """Say how a stated amount stands to a held one: ``agrees``, or as :func:`analysis.statistics.revision.standing` has it.

        Parameters
        ----------
        stated
            As stated, with its bound.
        held
            What the tables give.
        counted
            The count that a rate or share rests on, whose revision it moves with; by default what is held is a count itself.
        """
        if stated.agrees(Fraction(held)):
            return "agrees"
        if counted is None:
            found = revision.standing(float(stated.number), held, self.of(held), counts=self.counts)
        else:
            rounding = revision.log_distance(float(stated.number + stated.half_unit), float(stated.number))
            found = revision.standing(float(stated.number), held, self.of(counted) + rounding, counts=0, far_counts=0)
        return "agrees-within-revision" if found == "within-revision" else found


@dataclass(frozen=True)
class Figure:
    """A stated figure, and what each release gives for it.

    Attributes
    ----------
    role
        What it is in the claim.
    place, area
        Whom it is of, by name, and as forces; no area where the tables do not hold it.
    period
        Its months.
    amount
        The count as stated, with its bound, or None.
    given
        Every release that has the offence, oldest first, with its figure; None where it does not hold every
        force-quarter of the period.
    vintages
        The year's figure as other publications gave it, oldest first.
    reach
        How far revision reaches.
    earlier
        Figures of parts of the months that were published earlier.
    rest
        What the newest release gives for the other months, where there are earlier figures.
    """

    role: Role
    place: str
    area: Area | None
    period: Period
    amount: Amount | None
    given: tuple[tuple[Release, int | None], ...]
    vintages: tuple[Vintage, ...]
    reach: Reach
    earlier: tuple[Earlier, ...] = ()
    rest: int | None = None

    @property
    def stated(self) -> int | None:
        """The count as stated, without its bound."""
        return None if self.amount is None else int(self.amount.number)

    @property
    def words(self) -> str:
        """The count as stated, with its bound."""
        return self.amount.stated if self.amount else number(None)

    @functools.cached_property
    def covering(self) -> tuple[tuple[Release, int], ...]:
        """The releases that decide and cover the period, oldest first, with their figures."""
        return tuple((r, value) for r, value in self.given if value is not None and r.kind != "context")

    @property
    def is_testable(self) -> bool:
        """Whether there is a stated count and a figure to hold it against."""
        return self.amount is not None and bool(self.covering)

    @property
    def newest(self) -> tuple[Release, int]:
        """The newest release that covers the period, with its figure."""
        return self.covering[-1]

    @property
    def as_published(self) -> int | None:
        """What the figures that were published earlier come to, with those of the newest release for the other months."""
        return None if self.rest is None else self.rest + sum(each.value for each in self.earlier)

    @functools.cached_property
    def held(self) -> tuple[int, ...]:
        """Every figure that the tables give or gave, the newest release's first."""
        given = [value for _, value in reversed(self.covering)] + [each.offences for each in reversed(self.vintages)]
        return tuple(dict.fromkeys([*given, *([] if self.as_published is None else [self.as_published])]))

    @functools.cached_property
    def nearest(self) -> tuple[str, int]:
        """How the stated count stands to the held figure that it is nearest to, and that figure; the newest where two are alike."""
        stands = [(self.reach.standing(self.amount, value), value) for value in self.held] if self.amount else []
        return min(stands, key=lambda each: (-GRAVITY.index(each[0]), revision.log_distance(self.stated or 0, each[1])))

    @property
    def answer(self) -> str:
        """How the stated count stands to the tables: one of :data:`GRAVITY`, ``outside``, or ``none`` without a count."""
        if self.amount is None:
            return "none"
        return self.nearest[0] if self.covering else "outside"

    @property
    def is_of_newest(self) -> bool:
        """Whether the newest release gives just what was stated."""
        return self.is_testable and self.amount is not None and self.amount.agrees(Fraction(self.newest[1]))

    @property
    def exceeds_all(self) -> bool:
        """Whether more is stated than the tables give or gave."""
        return self.stated is not None and self.is_testable and max(self.held) < self.stated

    def to_dict(self) -> dict[str, object]:
        """Return the figure as the JSON of the command gives it.

        ``figure`` is its part in the claim, ``stated`` the count or null, ``bound`` how exact it is where it is not, ``answer``
        how it stands to the tables, ``releases`` each deciding release's figure by its id, ``vintages`` the figures of other
        publications by their day, and ``context`` those of tables that never decide; null where a table does not cover the months.
        """
        held = {kind: {r.id: n for r, n in self.given if (r.kind == "context") is kind} for kind in (False, True)}
        return {
            "figure": self.role,
            "area": self.place,
            "period": str(self.period),
            "stated": self.stated,
            "bound": (self.amount.bound if self.amount else "") or None,
            "answer": self.answer,
            "releases": held[False],
            "vintages": {each.published.isoformat(): each.offences for each in self.vintages},
            "context": held[True],
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
    return tuple(tuple(_figures(claim, area, register)) for area in ways)


def figure_of(claim: Claim, role: Role, place: Place, stated: Stated, register: Register) -> Figure:
    """Return a figure with what each release and vintage gives for it."""
    area, period, held = place.area, stated.period, shelf(place.area, claim.counted_as, register.releases)
    given = tuple((sums.release, sums.value(area, period) if area else None) for sums in held)
    newest = [sums for sums, (r, figure) in zip(held, given, strict=True) if figure is not None and r.kind != "context"]
    rest = None
    if stated.earlier and area and newest:
        parts = [newest[-1].value(area, part) for part in _without(period, stated.earlier)]
        rest = None if None in parts else sum(filter(None, parts))
    published = _published(area, claim.counted_as.code, period) if area and not area.by_years else ()
    reach = reach_of(claim, area, period, (each.published for each in published), (r for r, _ in given))
    return Figure(role, place.name, area, period, stated.value, given, published, reach, stated.earlier, rest)


def reach_of(
    claim: Claim, area: Area | None, period: Period, days: Iterable[date], releases: Iterable[Release]
) -> Reach:
    """Return how far revision reaches from a figure of a claim: half as far where one nearly of its time is held."""
    known = [*days, *(release.released for release in releases if release.released and release.kind == "full")]
    on: PublicationDate = claim.published
    near = on.month is not None and any(abs(day - on.earliest) <= timedelta(days=30.5 * _NEAR_MONTHS) for day in known)
    age = Month(on.year, on.month or 1).ordinal - period.last.ordinal
    national = area is not None and len(area.forces) >= _MANY
    is_old = on.year >= _SETTLED and age >= _OLD_MONTHS
    return Reach(offences.revision_tier(claim.counted_as), national, near or is_old)


@functools.lru_cache(maxsize=4096)
def _published(area: Area, code: str, period: Period) -> tuple[Vintage, ...]:
    return vintages.of(area, code, period) if period.months == 12 and code in vintages.held() else ()


def _figures(claim: Claim, place: Place, register: Register) -> Iterable[Figure]:
    roles: tuple[tuple[Role, Stated | None], ...] = (("current", claim.current), ("baseline", claim.baseline))
    yield from (figure_of(claim, role, place, stated, register) for role, stated in roles if stated)
    if claim.current:
        for part in claim.parts:
            yield figure_of(claim, "part", part.area, Stated(value=part.value, period=claim.current.period), register)
        if (
            claim.share
            and claim.share.whole is not None
            and (claim.value is None or claim.share.whole != claim.value.number)
        ):
            whole = Stated(value=Amount.parse(claim.share.whole, largest=MOST_OFFENCES), period=claim.current.period)
            yield figure_of(claim, "whole", place, whole, register)


def _without(period: Period, earlier: tuple[Earlier, ...]) -> list[Period]:
    """Return what is left of a period without some of its parts."""
    left, first = [], period.first
    for part in sorted(each.period for each in earlier):
        if first < part.first:
            left.append(Period(first, part.first.shift(-1)))
        first = part.last.shift(1)
    return [*left, Period(first, period.last)] if first <= period.last else left
