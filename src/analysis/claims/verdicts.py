"""From a claim to its verdict: how its figures and its change stand to the tables, and whether its comparison is fair."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from analysis.claims import documents, rules
from analysis.claims.figures import CONFIRMED, GRAVITY, NATIONAL, Elsewhere, Figure, Table, readings, search, tables
from analysis.claims.forms import ChangeFound, Form, change, forms
from analysis.claims.models import Claim
from analysis.claims.wording import answer, fairly_put, not_judged
from analysis.comparison import Count, Pair, count, judgement
from analysis.comparison import judge as compared
from analysis.figures.register import Register, Release, load_register
from analysis.terms import areas
from analysis.terms.areas import Area
from analysis.terms.findings import Caveat, verdicts
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

# Areas beyond the tables that hold England and Wales, so that what changes there changes their figures.
_HOLDING = {"the UK", "Great Britain"}
_COMPARISONS = {"yes": "fair", "with-care": "with-care", "no": "unfair", "not-known": "not-known"}
_FIGURE_ANSWERS = (*GRAVITY[1:], "other-collection", "outside", "not-judged", "none")
_ANSWERS = tuple(dict.fromkeys((*_FIGURE_ANSWERS, *GRAVITY, *_COMPARISONS.values())))


@dataclass(frozen=True)
class Answered:
    """A claim's answers, as ``analysis claims --json`` prints them; ``docs/json.md`` says what each field holds."""

    id: str
    verdict: str
    before: str | None
    draft: bool
    answers: dict[Literal["figure", "change", "comparison"], Literal[_ANSWERS]]  # type: ignore[valid-type]
    said: str
    fairly_put: str
    not_judged: list[str]
    findings: list[dict[str, str]]
    figures: list[dict[str, object]]
    forms: list[dict[str, object]]
    tables_change: float | None
    found_elsewhere: dict[str, object] | None
    repeats: str | None


@dataclass(frozen=True, repr=False)
class Judgement:
    """What was found of a claim: of its figures, never of anybody's motives. Each part of it is found when it is asked for.

    Attributes
    ----------
    claim
        What was stated.
    register
        The releases consulted.
    """

    claim: Claim
    register: Register

    @cached_property
    def readings(self) -> tuple[tuple[Figure, ...], ...]:
        """The stated figures with those of the tables, once for each way in which the area may be meant."""
        return readings(self.claim, self.register)

    @cached_property
    def meant(self) -> tuple[Figure, ...]:
        """The stated figures in the reading that stands best to the tables; the first where two stand alike."""
        return max(self.readings, key=_worth) if self.claim.can_be_matched else self.readings[0]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Each stated figure with what each release gives; with and without British Transport Police where the two differ."""
        own, *others = self.readings
        ways = zip(own, *others, strict=True)
        return tuple(each for first, *rest in ways for each in (first, *(o for o in rest if o.held != first.held)))

    @property
    def stated(self) -> list[Figure | Form]:
        """The stated counts, and what is stated besides."""
        return [*(figure for figure in self.meant if figure.amount), *self.forms]

    @property
    def testable(self) -> tuple[Figure, ...]:
        """The stated counts that a release covers."""
        return tuple(figure for figure in self.meant if figure.is_testable)

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """What is stated besides counts and a change, beside what the tables give."""
        return tuple(forms(self.claim, self.meant))

    @cached_property
    def change(self) -> ChangeFound:
        """How the stated change stands to the one that the tables give."""
        return change(self.claim, self.meant, self.forms)

    @cached_property
    def elsewhere(self) -> Elsewhere | None:
        """What the first stated number that the tables do not give is the figure of, if that is found."""
        wanting = [f for f in self.testable if f.answer in {"far-off", "differs"} and f.role != "whole"]
        found = (search(self.claim, figure) for figure in wanting)
        return next(filter(None, found), None) if self.claim.can_be_matched else None

    @cached_property
    def answers(self) -> dict[str, str]:
        """Whether the figures are right, whether the change is, and whether the comparison is fair."""
        return {"figure": self.figure_answer, "change": self.change.answer, "comparison": self.comparison_answer}

    @cached_property
    def figure_answer(self) -> str:
        """How the stated figures stand to the tables, the gravest of them."""
        claim, found = self.claim, {form.answer for form in self.forms}
        if claim.kind == "forecast":
            return "outside"
        if not self.stated:
            return "none"
        if claim.is_foi and claim.area.area is not None:
            return "other-collection"
        if claim.kind == "denied" and self.testable:
            return "not-judged"
        counts = [figure for figure in self.meant if figure.amount]
        if claim.can_be_matched:
            other = self.elsewhere and self.elsewhere.figure
            found |= {"found-elsewhere" if figure is other else figure.answer for figure in counts}
        else:  # the tables count a whole of which this is a part: more than the whole is in none
            found = {figure.answer for figure in counts if self.exceeds(figure)} - {*CONFIRMED}
            found = found or {"not-judged" if claim.area.area else "outside"}
        return next((answer for answer in _FIGURE_ANSWERS if answer in found), "none")

    @cached_property
    def comparison_answer(self) -> str:
        """Whether the stated comparison is fair: ``fair``, ``with-care``, ``unfair``, ``not-known``, ``none``."""
        if not self.claim.is_comparison:
            return "none"
        found = _COMPARISONS.get(self.pair.answer or "", "not-known") if self.pair else "not-known"
        return found if self.claim.area.area is not None or found == "unfair" else "not-known"

    def exceeds(self, figure: Figure) -> bool:
        """Say whether more is stated than the tables ever gave: of a part at all, of what they count themselves by more than revision."""
        if not figure.is_testable or max(figure.candidates) >= (figure.stated or 0):
            return False
        return self.claim.offence.part_of is not None or figure.answer in {"differs", "far-off"}

    @property
    def is_exceeding(self) -> bool:
        """Whether any count that is stated is more than the tables ever gave."""
        return any(map(self.exceeds, self.testable))

    @cached_property
    def pair(self) -> Pair | None:
        """The stated periods, judged by the release that can say most of them; None where no release can."""
        claim = self.claim
        area = claim.area.area or (NATIONAL if claim.area.name in _HOLDING else None)
        if area is None or not self._deciding or not claim.periods:
            return None
        full = [table for table in self._deciding if table.release.kind == "full" or table.release.by_years]
        release = _newest(full or self._deciding, area, claim.periods).release
        return _pair(area, claim.counted_as, release, claim.periods, judgement.RULES)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all caveats on the stated periods."""
        return self.pair.codes if self.pair else frozenset()

    @property
    def tables_change(self) -> float | None:
        """The change in per cent that the tables give for the same area and periods, where it may be given."""
        change = self.pair.change if self.pair and self.claim.area.area else None
        return change.percent if change else None

    @cached_property
    def reach(self) -> Period | None:
        """The months that deciding tables count the offence in, from the first to the last; None where none counts it."""
        spans = [table.counted for table in self._deciding]
        return Period(min(span.first for span in spans), max(span.last for span in spans)) if spans else None

    @cached_property
    def _deciding(self) -> list[Table]:
        held = tables(self.claim.area.area, self.claim.counted_as, self.register.releases)
        return [table for table in held if table.decides]

    @cached_property
    def restated(self) -> Pair | None:
        """The counts that a fair sentence gives, judged; None where the tables do not hold what the claim speaks of.

        The current count, in the reading that stands best to the tables, with a baseline of the same months of another year
        where a change was claimed.
        """
        claim, current = self.claim, next((figure for figure in self.meant if figure.role == "current"), None)
        if current is None or current.place.area is None or not current.covering:
            return None
        months, base = current.period, claim.baseline.period if claim.baseline else None
        if base is None or (base.months, base.quarters_of_year) != (months.months, months.quarters_of_year):
            base = months.year_before if months.months <= 12 else None  # otherwise the two would overlap
        periods = (months, base) if base and claim.is_comparison else (months,)
        newest = _newest([table for table, _ in current.covering], current.place.area, periods)  # two are never mixed
        periods = periods if newest.value(current.place.area, periods[-1]) is not None else periods[:1]
        return _pair(current.place.area, claim.counted_as, newest.release, periods, judgement.RULES)

    @cached_property
    def findings(self) -> tuple[rules.Found, ...]:
        """Everything found, the gravest first."""
        return tuple(rules.findings(self))

    @property
    def cautions(self) -> list[Caveat]:
        """What asks for care in the stated comparison, besides the first year of a definition, which is a finding."""
        caveats = self.pair.caveats if self.pair and self.comparison_answer == "with-care" else ()
        return [caveat for caveat in caveats if caveat.weight == "care" and caveat.code != "first-year"]

    @property
    def verdict(self) -> str:
        """The code of the gravest finding that may be a verdict."""
        codes = [finding.code for finding in self.findings if finding.decides]
        return "fair" if codes[-1] == "fair" else codes[0]

    @property
    def name(self) -> str:
        """The verdict in a few words, with the caution that applies where nothing else was found."""
        verdict, cautions = verdicts()[self.verdict], list[str]()
        if verdict.panel == "fair":
            cautions += ["compare with care"] * (self.comparison_answer == "with-care")
            cautions += ["some words are not judged"] * bool(not_judged(self.claim))
        return ("Unconfirmed draft: " if self.claim.draft else "") + "; ".join([verdict.name, *cautions])

    @property
    def panel(self) -> str:
        """How a page colours it: as its verdict, but ``unknown`` where some words of the statement are not judged."""
        panel = verdicts()[self.verdict].panel
        return "unknown" if panel == "fair" and not_judged(self.claim) else panel

    @property
    def newest(self) -> Release:
        """The newest release consulted, a full one if there is any, by which the verdict is dated."""
        return max(self.register.releases, key=lambda release: (release.kind == "full", release.order))

    @property
    def repeats(self) -> str | None:
        """The id of a shipped claim that states the same figure, or None."""
        stated, others = self.claim.figure, (each for each in documents.shipped() if each.id != self.claim.id)
        return next((each.id for each in others if stated and each.figure == stated), None)

    def to_dict(self, *, before: Judgement | None = None) -> dict[str, object]:
        """Return the judgement as ``analysis claims --json`` prints it, with the verdict of one as of an earlier release."""
        told: tuple[rules.Found | Caveat, ...] = (*self.findings, *self.cautions)
        found = Answered(
            id=self.claim.id,
            verdict=self.verdict,
            before=before.verdict if before else None,
            draft=self.claim.draft,
            answers=self.answers,  # type: ignore[arg-type]
            said=answer(self),
            fairly_put=fairly_put(self),
            not_judged=list(not_judged(self.claim)),
            findings=[{"code": each.code, "text": each.text} for each in told],
            figures=[figure.to_dict() for figure in self.figures],
            forms=[{"form": f.kind, "stated": f.words, "held": f.value, "answer": f.answer} for f in self.forms],
            tables_change=self.tables_change,
            found_elsewhere=self.elsewhere.to_dict() if self.elsewhere else None,
            repeats=self.repeats,
        )
        return vars(found)

    def __repr__(self) -> str:
        found = ", ".join(finding.code for finding in self.findings)
        return f"Judgement({self.claim.id}: {self.name}; found {found}; as of release {self.newest.id})"


def _newest(held: Sequence[Table], area: Area, periods: tuple[Period, ...]) -> Table:
    """Return the newest table that holds all of some periods, and where none does the newest."""
    whole = (table for table in reversed(held) if all(table.value(area, period) is not None for period in periods))
    return next(whole, held[-1])


@functools.lru_cache(maxsize=1024)  # several claims are often of the same two years
def _pair(area: Area, offence: Offence, release: Release, periods: tuple[Period, ...], _: object) -> Pair:
    """Return one or two periods of an area as the comparison judges them, by the rules that there are."""
    return compared(*(_count(area, offence, release, period) for period in periods))


def _count(area: Area, offence: Offence, release: Release, period: Period) -> Count:
    """Return a count, or one without a number where the release does not reach: its months can be judged all the same."""
    if release.gives(period):
        return count(area, offence, release, period)
    return Count(area, offence, release, period, None, no_rate="the tables do not reach these months")


def _worth(reading: tuple[Figure, ...]) -> tuple[int, int, int]:
    """Return how well a reading stands: in how many figures the tables can tell, then by the worst of them, then by all."""
    standings = [GRAVITY.index(figure.answer) for figure in reading if figure.is_testable]
    return len(standings), min(standings, default=0), sum(standings)


def judge(claim: Claim, register: Register | None = None) -> Judgement:
    """Judge a claim by the figures of every release held.

    Parameters
    ----------
    claim
        What was stated, in fields. The fields are judged, not the statement.
    register
        The releases to consult: a selection of those held, by default all.

    Returns
    -------
    Judgement

    Notes
    -----
    The verdict is the first finding, in order of gravity, that may be a verdict. A change of definition is one only
    where periods are compared; another collection of figures only where a part or total exceeds every release that
    covers it. ``fair`` is the verdict where nothing was found but ``reproduced``.

    Examples
    --------
    >>> claim = next(claim for claim in documents.shipped() if claim.id == "northamptonshire-2018-04")
    >>> judgement = judge(claim)
    >>> judgement.verdict, judgement.answers
    ('definition-change', {'figure': 'agrees', 'change': 'agrees', 'comparison': 'unfair'})
    >>> judgement.restated.answer, [count.offences for count in judgement.restated.counts]
    ('no', [32, 4])
    """
    return Judgement(claim, register or load_register())


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of what ``analysis claims --json`` prints.

    Examples
    --------
    >>> json_schema()["type"], "fairly_put" in json_schema()["$defs"]["Answered"]["properties"]
    ('array', True)
    """
    from pydantic import TypeAdapter

    return TypeAdapter(list[Answered]).json_schema()


def judge_all(claims: Iterable[Claim] | None = None, *, release: str = "latest") -> tuple[Judgement, ...]:
    """Judge claims by what was known when a release came out.

    Parameters
    ----------
    claims
        By default those that the project ships.
    release
        The newest release to consult, by its id, or ``latest``.

    Returns
    -------
    tuple of Judgement
        In the order of the claims.

    Raises
    ------
    RequestError
        If no such release is held.
    """
    known = load_register()
    newest = known.release(release)
    until = replace(known, releases=tuple(r for r in known.releases if r.order <= newest.order))
    return tuple(Judgement(claim, until) for claim in (documents.shipped() if claims is None else claims))


def changed(claims: Iterable[Claim], *, since: str) -> tuple[tuple[Judgement, Judgement], ...]:
    """Return the claims whose verdict the releases after one have changed, each as judged by then and as judged now.

    Parameters
    ----------
    claims
        What was stated.
    since
        The last release of then, by its id.

    Raises
    ------
    RequestError
        If no such release is held.

    Examples
    --------
    >>> ((then, now),) = changed(documents.shipped()[3:5], since="before-2019-08")
    >>> then.claim.id, then.verdict, now.verdict
    ('hampshire-2018-04', 'fair', 'revised')
    """
    stated = tuple(claims)
    pairs = zip(judge_all(stated, release=since), judge_all(stated), strict=True)
    return tuple((then, now) for then, now in pairs if then.verdict != now.verdict)


def about(area: str | Area, *, release: str = "latest") -> tuple[Judgement, ...]:
    """Return the judgements on the shipped claims that name one force, alone or among others, or one area.

    Parameters
    ----------
    area
        A force, or an area such as ``England and Wales``.
    release
        The newest release to consult.

    Examples
    --------
    >>> "south-east-2024" in [judgement.claim.id for judgement in about("Kent", release="2026-04-23")]
    True
    """
    name = areas.find_area(area).name
    return judge_all([claim for claim in documents.shipped() if name in claim.area.names], release=release)
