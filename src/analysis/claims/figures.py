"""What each release held says about each figure that a claim states."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from analysis import comparison
from analysis.claims.models import Claim, Place, joined
from analysis.figures import releases
from analysis.figures.register import Register, Release
from analysis.terms import forces
from analysis.terms.forces import Area
from analysis.terms.periods import MONTHS, Period

Role = Literal["current", "baseline", "part"]

NATIONAL = forces.ENGLAND_AND_WALES
WITHOUT_RAILWAYS = Area(
    f"{NATIONAL.name} without British Transport Police", tuple(force for force in NATIONAL.forces if force.code)
)

# Grave to light: how a stated figure stands to the releases.
STANDINGS = ("not-reproduced", "revised", "reproduced")


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
    stated
        The count as stated, or None.
    given
        Every release that has the offence, oldest first, with its figure; None where it does not hold every
        force-quarter of the period.
    """

    role: Role
    place: str
    area: Area | None
    period: Period
    stated: int | None
    given: tuple[tuple[Release, int | None], ...]

    @property
    def covering(self) -> tuple[tuple[Release, int], ...]:
        """The releases that decide and cover the period, oldest first, with their figures."""
        return tuple((r, value) for r, value in self.given if value is not None and r.kind != "context")

    @property
    def is_testable(self) -> bool:
        """Whether there is a stated count and a release to hold it against."""
        return self.stated is not None and bool(self.covering)

    @property
    def newest(self) -> tuple[Release, int]:
        """The newest release that covers the period, with its figure."""
        return self.covering[-1]

    @property
    def standing(self) -> str:
        """How the stated count stands to the releases: reproduced, revised or not-reproduced."""
        if self.newest[1] == self.stated:
            return "reproduced"
        return "revised" if any(value == self.stated for _, value in self.covering) else "not-reproduced"

    @property
    def exceeds_all(self) -> bool:
        """Whether more is stated than any release that covers the period gives."""
        return self.stated is not None and self.is_testable and all(value < self.stated for _, value in self.covering)

    def to_dict(self) -> dict[str, object]:
        """Return the figure as the JSON of the command gives it.

        ``figure`` is its part in the claim, ``stated`` the count or null, ``releases`` each deciding release's figure by
        its id, and ``context`` those of tables that never decide; null where a table does not cover the months.
        """
        by_kind = {
            name: {release.id: value for release, value in self.given if (release.kind == "context") is is_context}
            for name, is_context in (("releases", False), ("context", True))
        }
        return {
            "figure": self.role,
            "area": self.place,
            "period": str(self.period),
            "stated": self.stated,
            **by_kind,
        }


def readings(claim: Claim, register: Register) -> tuple[tuple[Figure, ...], ...]:
    """Return what a claim states, with what each release gives: once for each way in which its area may be meant.

    Figures of England and Wales may be meant with or without British Transport Police; any other area has one reading.

    Returns
    -------
    tuple of tuple of Figure
        The current figure first, then the baseline, then the parts.
    """
    areas = [claim.area]
    if claim.area.area == NATIONAL:
        areas.append(Place((WITHOUT_RAILWAYS.name,), WITHOUT_RAILWAYS))
    return tuple(tuple(_figures(claim, area, register)) for area in areas)


def value(area: Area, offence: str, release: Release, period: Period) -> int | None:
    """Return what a release gives, or None if it does not hold every force-quarter of the period."""
    if period.cuts_quarter or not release.holds(offence) or not release.span(offence).covers(period):
        return None
    return comparison.total(releases.matrix(offence, release.id), area, period)


def name_of(release: Release) -> str:
    """Return how a heading names a release.

    Examples
    --------
    >>> from analysis.figures.register import load_register
    >>> [name_of(load_register().release(name)) for name in ("before-2019-08", "2023-10-19")]
    ['copy made before August 2019', 'release of 19 October 2023']
    """
    if release.released is not None:
        return f"release of {release.words}"
    if copied := _copied_before(release):
        return f"copy made before {MONTHS[copied.month - 1]} {copied.year}"
    return f"table {release.id}"


def with_article(release: Release) -> str:
    """Return how a sentence names a release: a copy, of which there may be others, or the one release."""
    return f"{'a' if _copied_before(release) else 'the'} {name_of(release)}"


def was_out(release: Release, by: date) -> bool:
    """Say whether a release is known to have been out by a date."""
    known_by = release.released or _copied_before(release)
    return known_by is not None and known_by <= by


def grouped(given: Iterable[tuple[Release, int]]) -> list[tuple[int, str]]:
    """Return figures in the order in which they came up, each with the releases that give it, in words."""
    groups: dict[int, list[Release]] = {}
    for release, figure in given:
        groups.setdefault(figure, []).append(release)
    return [(figure, joined(with_article(release) for release in group)) for figure, group in groups.items()]


def figure_of(claim: Claim, role: Role, place: Place, period: Period, stated: int | None, register: Register) -> Figure:
    """Return a figure with what each release gives for it."""
    code = claim.counted_as.code
    held = [release for release in register.releases if release.holds(code)]
    given = tuple((r, value(place.area, code, r, period) if place.area else None) for r in held)
    return Figure(role, place.name, place.area, period, stated, given)


def _figures(claim: Claim, place: Place, register: Register) -> Iterable[Figure]:
    if claim.current is not None:
        yield figure_of(claim, "current", place, claim.current.period, claim.current.value, register)
    if claim.baseline is not None:
        yield figure_of(claim, "baseline", place, claim.baseline.period, claim.baseline.value, register)
    if claim.current is not None:
        for part in claim.parts:
            yield figure_of(claim, "part", part.area, claim.current.period, part.value, register)


def _copied_before(release: Release) -> date | None:
    match = re.fullmatch(r"before-(\d{4})-(\d{2})", release.id)
    return date(int(match[1]), int(match[2]), 1) if match and release.released is None else None
