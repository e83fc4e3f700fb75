"""What the releases held say about a claim: its figures, one by one, and what may be said of its periods together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from analysis.claims.amounts import Amount
from analysis.claims.fields import Place
from analysis.claims.models import Claim, Earlier, Stated
from analysis.comparison import Count, Pair, count, judge
from analysis.comparison.totals import total
from analysis.figures.register import Register, Release
from analysis.terms import areas
from analysis.terms.areas import Area
from analysis.terms.numbers import joined, number
from analysis.terms.periods import Month, Period

Role = Literal["current", "baseline", "part"]

NATIONAL = areas.ENGLAND_AND_WALES
WITHOUT_RAILWAYS = areas.find_area(f"{NATIONAL.name} without British Transport Police")

# Grave to light: how a stated figure stands to the releases.
STANDINGS = ("not-reproduced", "earlier", "revised", "reproduced")

# Areas beyond the tables that hold England and Wales, so that what changes there changes their figures.
_HOLDING = {"the UK", "Great Britain"}
BROKEN = frozenset({"definition-change", "mixed-quarter", "not-counted-then"})
_FIGURES = {"reproduced": "found", "revised": "revised", "earlier": "earlier-figure", "not-reproduced": "not-found"}
_GRAVEST_FIRST = ("not-found", "outside", "other-collection", "earlier-figure", "revised", "found")
_COMPARISONS = {"yes": "fair", "with-care": "with-care", "no": "unfair", "not-known": "not-known"}


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
    earlier: tuple[Earlier, ...] = ()
    rest: int | None = None

    @property
    def stated(self) -> int | None:
        """The count as stated, without its bound."""
        return None if self.amount is None else int(self.amount.number)

    @property
    def bound(self) -> str:
        """How exact the count is as stated, empty where it is a plain number."""
        return self.amount.bound if self.amount else ""

    @property
    def words(self) -> str:
        """The count as stated, with its bound."""
        return self.amount.stated if self.amount else number(None)

    @property
    def covering(self) -> tuple[tuple[Release, int], ...]:
        """The releases that decide and cover the period, oldest first, with their figures."""
        return tuple((r, value) for r, value in self.given if value is not None and r.kind != "context")

    @property
    def is_testable(self) -> bool:
        """Whether there is a stated count and a release to hold it against."""
        return self.amount is not None and bool(self.covering)

    @property
    def newest(self) -> tuple[Release, int]:
        """The newest release that covers the period, with its figure."""
        return self.covering[-1]

    @cached_property
    def matching(self) -> tuple[Release, ...]:
        """The releases whose figure is what was stated, or within its bound."""
        return tuple(r for r, value in self.covering if self.amount is not None and self.amount.holds(Fraction(value)))

    @property
    def standing(self) -> str:
        """How the stated count stands to the releases: one of :data:`STANDINGS`."""
        if self.newest[0] in self.matching:
            return "reproduced"
        if self.matching:
            return "revised"
        is_explained = self.amount and self.as_published is not None and self.amount.holds(Fraction(self.as_published))
        return "earlier" if is_explained else "not-reproduced"

    @property
    def as_published(self) -> int | None:
        """What the figures that were published earlier come to, with those of the newest release for the other months."""
        return None if self.rest is None else self.rest + sum(each.value for each in self.earlier)

    @property
    def exceeds_all(self) -> bool:
        """Whether more is stated than any release that covers the period gives."""
        return self.stated is not None and self.is_testable and all(value < self.stated for _, value in self.covering)

    def to_dict(self) -> dict[str, object]:
        """Return the figure as the JSON of the command gives it.

        ``figure`` is its part in the claim, ``stated`` the count or null, ``bound`` how exact it is where it is not,
        ``releases`` each deciding release's figure by its id, and ``context`` those of tables that never decide; null where
        a table does not cover the months.
        """
        held = {kind: {r.id: n for r, n in self.given if (r.kind == "context") is kind} for kind in (False, True)}
        return {
            "figure": self.role,
            "area": self.place,
            "period": str(self.period),
            "stated": self.stated,
            "bound": self.bound or None,
            "releases": held[False],
            "context": held[True],
        }


@dataclass(frozen=True)
class Case:
    """A claim with what the releases give.

    Attributes
    ----------
    claim
        What was stated.
    readings
        The stated figures with those of the releases, once for each way in which the area may be meant.
    pair
        The stated periods, judged by the release that can say most of them; None where no release can.
    """

    claim: Claim
    readings: tuple[tuple[Figure, ...], ...]
    pair: Pair | None

    @staticmethod
    def of(claim: Claim, register: Register) -> Case:
        """Return the case of a claim by the releases of a register."""
        return Case(claim, readings(claim, register), _judged(claim, register))

    @cached_property
    def meant(self) -> tuple[Figure, ...]:
        """The stated figures in the reading that stands best to the releases; the first where two stand alike."""
        return max(self.readings, key=self._worst) if self.claim.can_be_matched else self.readings[0]

    @property
    def testable(self) -> tuple[Figure, ...]:
        """The stated counts that a release covers."""
        return tuple(figure for figure in self.meant if figure.is_testable)

    @property
    def standing(self) -> str | None:
        """How the stated counts stand to the releases, the worst of them; None where there is nothing to match."""
        if not self.claim.can_be_matched:
            # The tables count a whole of which this is a part: more than the whole is in no release.
            exceeds = self.claim.basis == "home-office" and any(figure.exceeds_all for figure in self.testable)
            return "not-reproduced" if exceeds else None
        return STANDINGS[self._worst(self.meant)] if self.testable else None

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all caveats on the stated periods."""
        return self.pair.codes if self.pair else frozenset()

    @property
    def tables_change(self) -> float | None:
        """The change in per cent that the tables give for the same area and periods, where it may be given."""
        change = self.pair.change if self.pair and self.claim.area.area else None
        return change.percent if change else None

    @property
    def stated_change(self) -> Fraction | None:
        """The stated change in per cent: as stated, or what the stated counts come to."""
        change, current, base = self.claim.change, self.claim.value, self.claim.base_value
        if change is not None and change.percent is not None:
            return change.percent.number * (-1 if change.direction == "down" else 1)
        if change is not None and change.times is not None:
            return (change.times.number - 1) * 100
        if current is None or base is None or base.number == 0:
            return None
        return (current.number / base.number - 1) * 100

    @property
    def answers(self) -> dict[str, str]:
        """Whether the stated figures are right, the gravest of them, and whether the stated comparison is fair."""
        found = {self._answer_of(figure) for figure in self.meant if figure.amount is not None}
        gravest = next((answer for answer in _GRAVEST_FIRST if answer in found), "none")
        return {"figure": gravest, "comparison": self._comparison_answer()}

    def _answer_of(self, figure: Figure) -> str:
        if self.claim.basis == "foi" and figure.area is not None:
            return "other-collection"
        return _FIGURES[figure.standing] if figure.is_testable and self.claim.can_be_matched else "outside"

    def _comparison_answer(self) -> str:
        if not self.claim.is_comparison:
            return "none"
        answer = _COMPARISONS.get(self.pair.answer or "", "not-known") if self.pair else "not-known"
        return answer if self.claim.area.area is not None or answer == "unfair" else "not-known"

    def _worst(self, reading: tuple[Figure, ...]) -> int:
        return min((STANDINGS.index(figure.standing) for figure in reading if figure.is_testable), default=-1)


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
    span = release.counted(offence)
    if period.cuts_quarter or span is None or not span.covers(period):
        return None
    return total(offence, release, area, period)


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
    if release.known_by is not None:
        return f"copy made before {Month(release.known_by.year, release.known_by.month).words}"
    return f"table {release.id}"


def with_article(release: Release) -> str:
    """Return how a sentence names a release: a copy, of which there may be others, or the one release."""
    return f"{'a' if release.released is None and release.known_by else 'the'} {name_of(release)}"


def grouped(given: Iterable[tuple[Release, int]]) -> list[tuple[int, list[Release]]]:
    """Return figures in the order in which they came up, each with the releases that give it."""
    groups: dict[int, list[Release]] = {}
    for release, figure in given:
        groups.setdefault(figure, []).append(release)
    return list(groups.items())


def named(several: Iterable[Release]) -> str:
    """Return releases as a sentence lists them."""
    return joined(with_article(release) for release in several)


def figure_of(claim: Claim, role: Role, place: Place, stated: Stated, register: Register) -> Figure:
    """Return a figure with what each release gives for it."""
    code, area, period = claim.counted_as.code, place.area, stated.period
    counting = [release for release in register.releases if release.counted(code)]
    given = tuple((r, value(area, code, r, period) if area else None) for r in counting)
    rest = None
    newest = [r for r, figure in given if figure is not None and r.kind != "context"][-1:]
    if stated.earlier and area and newest:
        parts = [value(area, code, newest[0], part) for part in _without(period, stated.earlier)]
        rest = None if None in parts else sum(filter(None, parts))
    return Figure(role, place.name, area, period, stated.value, given, stated.earlier, rest)


def _figures(claim: Claim, place: Place, register: Register) -> Iterable[Figure]:
    roles: tuple[tuple[Role, Stated | None], ...] = (("current", claim.current), ("baseline", claim.baseline))
    yield from (figure_of(claim, role, place, stated, register) for role, stated in roles if stated)
    if claim.current:
        for part in claim.parts:
            stated = Stated(value=part.value, period=claim.current.period)
            yield figure_of(claim, "part", part.area, stated, register)


def _without(period: Period, earlier: tuple[Earlier, ...]) -> list[Period]:
    """Return what is left of a period without some of its parts."""
    left, first = [], period.first
    for part in sorted(each.period for each in earlier):
        if first < part.first:
            left.append(Period(first, part.first.shift(-1)))
        first = part.last.shift(1)
    return [*left, Period(first, period.last)] if first <= period.last else left


def _judged(claim: Claim, register: Register) -> Pair | None:
    area = claim.area.area or (NATIONAL if claim.area.name in _HOLDING else None)
    code = claim.counted_as.code
    counting = [r for r in register.releases if r.kind != "context" and r.counted(code)]
    if area is None or not counting or not claim.periods:
        return None
    full = [r for r in counting if r.kind == "full"]
    covering = [r for r in full if all(value(area, code, r, p) is not None for p in claim.periods)]
    release = (covering or full or counting)[-1]
    return judge(*(_count(claim, area, release, period) for period in claim.periods))


def _count(claim: Claim, area: Area, release: Release, period: Period) -> Count:
    """Return a count, or one without a number where the release does not reach: its months can be judged all the same."""
    if release.covers.covers(period) and not period.cuts_quarter:
        return count(area, claim.counted_as, release, period)
    return Count(area, claim.counted_as, release, period, None, no_rate="the tables do not reach these months")
