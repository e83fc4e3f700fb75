"""A claim with all that the tables say of it: how its figures and its change stand, and whether its comparison is fair."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from analysis.claims import changes, elsewhere
from analysis.claims.changes import Held
from analysis.claims.elsewhere import Elsewhere
from analysis.claims.figures import GRAVITY, NATIONAL, Figure, readings
from analysis.claims.forms import Form, forms, rates
from analysis.claims.held import Sums, Years, shelf
from analysis.claims.models import Claim
from analysis.comparison import Count, Pair, count, judge, judgement
from analysis.figures.register import Register, Release
from analysis.figures.vintages import YearRelease
from analysis.terms.areas import Area
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

# Areas beyond the tables that hold England and Wales, so that what changes there changes their figures.
_HOLDING = {"the UK", "Great Britain"}
_COMPARISONS = {"yes": "fair", "with-care": "with-care", "no": "unfair", "not-known": "not-known"}
_OTHERS = ("other-collection", "outside", "not-judged")
FIGURE_ANSWERS = (*GRAVITY[1:], *_OTHERS, "none")
CHANGE_ANSWERS = (*(answer for answer in GRAVITY if answer != "found-elsewhere"), "not-known", "none")
COMPARISON_ANSWERS = (*_COMPARISONS.values(), "none")


@dataclass(frozen=True)
class Case:
    """A claim with what the releases give.

    Attributes
    ----------
    claim
        What was stated.
    register
        The releases consulted.
    readings
        The stated figures with those of the tables, once for each way in which the area may be meant.
    """

    claim: Claim
    register: Register
    readings: tuple[tuple[Figure, ...], ...]

    @staticmethod
    def of(claim: Claim, register: Register) -> Case:
        """Return the case of a claim by the releases of a register."""
        return Case(claim, register, readings(claim, register))

    @functools.cached_property
    def meant(self) -> tuple[Figure, ...]:
        """The stated figures in the reading that stands best to the tables; the first where two stand alike."""
        if len(self.readings) == 1 or not self.claim.can_be_matched:
            return self.readings[0]
        return max(self.readings, key=_worth)

    @property
    def testable(self) -> tuple[Figure, ...]:
        """The stated counts that a release covers."""
        return tuple(figure for figure in self.meant if figure.is_testable)

    @functools.cached_property
    def forms(self) -> tuple[Form, ...]:
        """What is stated besides counts and a change, beside what the tables give."""
        return forms(self.claim, self.meant, self.register)

    @functools.cached_property
    def change(self) -> Held:
        """How the stated change stands to the one that the tables give."""
        if self.claim.kind == "forecast":
            return Held("not-known")
        found = changes.held_to(self.claim, self.meant, rates(self.forms))
        return _denied(found) if self.claim.kind == "denied" else found

    @functools.cached_property
    def elsewhere(self) -> Elsewhere | None:
        """What the first stated number that the tables do not give is the figure of, if that is found."""
        wanting = [f for f in self.testable if f.answer in {"far-off", "differs"}] if self.claim.can_be_matched else []
        found = (elsewhere.search(self.claim, figure, self.register) for figure in wanting if figure.role != "whole")
        return next(filter(None, found), None)

    @functools.cached_property
    def answers(self) -> dict[str, str]:
        """Whether the figures are right, whether the change is, and whether the comparison is fair."""
        return {"figure": self.figure_answer, "change": self.change.answer, "comparison": self.answers_comparison}

    @functools.cached_property
    def figure_answer(self) -> str:
        """How the stated figures stand to the tables, the gravest of them."""
        claim = self.claim
        if claim.kind == "forecast":
            return "outside"
        stated = [figure for figure in self.meant if figure.amount is not None]
        if not stated and not self.forms:
            return "none"
        if claim.basis == "foi" and claim.area.area is not None:
            return "other-collection"
        if claim.kind == "denied" and any(figure.is_testable for figure in stated):
            return "not-judged"
        if not claim.can_be_matched:  # the tables count a whole of which this is a part: more than the whole is in none
            found = {figure.answer for figure in stated if self.exceeds(figure)} - {"agrees", "agrees-within-revision"}
            return _gravest(found or {"not-judged" if claim.area.area else "outside"})
        elsewhere = self.elsewhere and self.elsewhere.stated
        found = {"found-elsewhere" if f.is_testable and f.stated == elsewhere else f.answer for f in stated}
        return _gravest(found | {form.answer for form in self.forms})

    def exceeds(self, figure: Figure) -> bool:
        """Say whether more is stated than the tables ever gave: of a part at all, of what they count themselves by more than revision."""
        is_beyond = self.claim.offence.part_of is not None or figure.answer in {"differs", "far-off"}
        return figure.exceeds_all and is_beyond

    @functools.cached_property
    def pair(self) -> Pair | None:
        """The stated periods, judged by the release that can say most of them; None where no release can."""
        area = self.claim.area.area or (NATIONAL if self.claim.area.name in _HOLDING else None)
        deciding = [sums for sums in self._shelf if sums.release.kind != "context"]
        if area is None or not deciding or not self.claim.periods:
            return None
        full = [sums for sums in deciding if sums.release.kind == "full" or isinstance(sums, Years)]
        covering = [sums for sums in full if all(sums.value(area, period) is not None for period in self.claim.periods)]
        release = (covering or full or deciding)[-1].release
        return judged(area, self.claim.counted_as, release, self.claim.periods)

    @functools.cached_property
    def reach(self) -> Period | None:
        """The months that deciding tables count the offence in, from the first to the last; None where none counts it."""
        spans = [sums.counted for sums in self._shelf if sums.release.kind != "context"]
        return Period(min(span.first for span in spans), max(span.last for span in spans)) if spans else None

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
    def _shelf(self) -> tuple[Sums | Years, ...]:
        return shelf(self.claim.area.area, self.claim.counted_as, self.register.releases)

    @functools.cached_property
    def answers_comparison(self) -> str:
        """Whether the stated comparison is fair: ``fair``, ``with-care``, ``unfair``, ``not-known``, ``none``."""
        if not self.claim.is_comparison:
            return "none"
        answer = _COMPARISONS.get(self.pair.answer or "", "not-known") if self.pair else "not-known"
        return answer if self.claim.area.area is not None or answer == "unfair" else "not-known"


def judged(area: Area, offence: Offence, release: Release, periods: tuple[Period, ...]) -> Pair:
    """Return one or two periods of an area as the comparison judges them."""
    return _judged(area, offence, release, periods, judgement.RULES)


@functools.lru_cache(maxsize=1024)  # several claims are often of the same two years
def _judged(area: Area, offence: Offence, release: Release, periods: tuple[Period, ...], _: object) -> Pair:
    return judge(*(_count(area, offence, release, period) for period in periods))


def _count(area: Area, offence: Offence, release: Release, period: Period) -> Count:
    """Return a count, or one without a number where the release does not reach: its months can be judged all the same."""
    if isinstance(release, YearRelease):
        is_held = period in release.years
    else:
        is_held = release.covers.covers(period) and not period.cuts_quarter
    if is_held:
        return count(area, offence, release, period)
    return Count(area, offence, release, period, None, no_rate="the tables do not reach these months")


def _worth(reading: tuple[Figure, ...]) -> tuple[int, int, int]:
    """Return how well a reading stands: in how many figures the tables can tell, then by the worst of them, then by all."""
    standings = [GRAVITY.index(figure.answer) for figure in reading if figure.is_testable]
    return len(standings), min(standings, default=0), sum(standings)


def _gravest(found: set[str]) -> str:
    return next((answer for answer in FIGURE_ANSWERS if answer in found), "none")


def _denied(held: Held) -> Held:
    """Return how the denial of a change stands: against it where the tables show the change, for it where they show the other way."""
    turned = {"agrees": "wrong-direction", "agrees-within-revision": "not-known", "wrong-direction": "agrees"}
    return Held(
        turned.get(held.answer, "agrees" if held.answer == "far-off" else "not-known"), held.current, held.baseline
    )
