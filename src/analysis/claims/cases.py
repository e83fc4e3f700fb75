"""A claim with all that it is judged by: what the releases give for its figures, and what may be said of its periods."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from analysis.claims import figures
from analysis.claims.figures import NATIONAL, STANDINGS, Figure
from analysis.claims.models import Claim
from analysis.comparison import Count, Pair, count, judge
from analysis.figures.register import Register, Release
from analysis.terms.forces import Area
from analysis.terms.periods import Period

# Areas beyond the tables that hold England and Wales, so that what changes there changes their figures.
_HOLDING = {"the UK", "Great Britain"}
BROKEN = frozenset({"definition-change", "mixed-quarter", "not-counted-then"})
_FIGURES = {"reproduced": "found", "revised": "revised", "earlier": "earlier-figure", "not-reproduced": "not-found"}
_GRAVEST_FIRST = ("not-found", "outside", "other-collection", "earlier-figure", "revised", "found")
_COMPARISONS = {"yes": "fair", "with-care": "with-care", "no": "unfair", "not-known": "not-known"}


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
        return Case(claim, figures.readings(claim, register), _judged(claim, register))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in the reading that stands best to the releases; the first where two stand alike."""
        return max(self.readings, key=self._worst) if self.claim.can_be_matched else self.readings[0]

    @property
    def testable(self) -> tuple[Figure, ...]:
        """The stated counts that a release covers."""
        return tuple(figure for figure in self.figures if figure.is_testable)

    @property
    def standing(self) -> str | None:
        """How the stated counts stand to the releases, the worst of them; None where there is nothing to match."""
        if not self.claim.can_be_matched:
            # The tables count a whole of which this is a part: more than the whole is in no release.
            exceeds = self.claim.basis == "home-office" and any(figure.exceeds_all for figure in self.testable)
            return "not-reproduced" if exceeds else None
        return STANDINGS[self._worst(self.figures)] if self.testable else None

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
        return {"figure": self._figure_answer(), "comparison": self._comparison_answer()}

    def _figure_answer(self) -> str:
        found = {self._answer_of(figure) for figure in self.figures if figure.amount is not None}
        return next((answer for answer in _GRAVEST_FIRST if answer in found), "none")

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


def _judged(claim: Claim, register: Register) -> Pair | None:
    area = claim.area.area or (NATIONAL if claim.area.name in _HOLDING else None)
    code = claim.counted_as.code
    counting = [r for r in register.releases if r.kind != "context" and r.counted(code)]
    if area is None or not counting or not claim.periods:
        return None
    full = [r for r in counting if r.kind == "full"]
    covering = [r for r in full if all(figures.value(area, code, r, p) is not None for p in claim.periods)]
    release = (covering or full or counting)[-1]
    return judge(*(_count(claim, area, release, period) for period in claim.periods))


def _count(claim: Claim, area: Area, release: Release, period: Period) -> Count:
    """Return a count, or one without a number where the release does not reach: its months can be judged all the same."""
    if release.covers.covers(period) and not period.cuts_quarter:
        return count(area, claim.counted_as, release, period)
    return Count(area, claim.counted_as, release, period, None, no_rate="the tables do not reach these months")
