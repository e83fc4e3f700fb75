"""From a claim to its verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pydantic import TypeAdapter

from analysis.claims import documents
from analysis.claims.cases import CHANGE_ANSWERS, COMPARISON_ANSWERS, FIGURE_ANSWERS, Case, judged
from analysis.claims.figures import Figure
from analysis.claims.held import shelf
from analysis.claims.models import Claim
from analysis.claims.rules import Found, findings
from analysis.claims.wording import answer, fairly_put, not_judged, said
from analysis.comparison import Pair
from analysis.figures.register import Register, Release, load_register
from analysis.terms import areas
from analysis.terms.findings import verdicts
from analysis.terms.periods import Period

_ANSWERS = tuple(dict.fromkeys((*FIGURE_ANSWERS, *CHANGE_ANSWERS, *COMPARISON_ANSWERS)))


@dataclass(frozen=True)
class Answered:
    """A claim's answers, as ``analysis claims --json`` prints them; ``docs/json.md`` says what each field holds."""

    id: str
    verdict: str
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


@dataclass(frozen=True)
class Judgement(Case):
    """What was found of a claim: of its figures, never of anybody's motives.

    A case, which has the ``claim``, its ``meant`` figures, the ``pair`` of stated periods and the ``answers``, with what the
    rules find in it.

    Attributes
    ----------
    findings
        Everything found, the gravest first.
    repeats
        The id of a shipped claim that states the same figure, or None.
    """

    findings: tuple[Found, ...]
    repeats: str | None

    @property
    def verdict(self) -> str:
        """The code of the gravest finding that may be a verdict."""
        if self.findings[-1].code == "fair":
            return "fair"
        return next(finding.code for finding in self.findings if finding.decides)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Each stated figure with what each release gives; with and without British Transport Police where the two differ."""
        return tuple(
            figure
            for own, *others in zip(*self.readings, strict=True)
            for figure in (own, *(other for other in others if other.given != own.given))
        )

    @property
    def name(self) -> str:
        """The verdict in a few words, with the caution that applies where nothing else was found."""
        name = verdicts()[self.verdict].name
        if verdicts()[self.verdict].panel == "fair":
            cautions = ["compare with care"] * (self.answers["comparison"] == "with-care")
            cautions += ["some words are not judged"] * bool(not_judged(self.claim))
            name = "; ".join([name, *cautions])
        return f"{'Unconfirmed draft: ' if self.claim.draft else ''}{name}"

    @property
    def panel(self) -> str:
        """How a page colours it: as its verdict, but ``unknown`` where some words of the statement are not judged."""
        panel = verdicts()[self.verdict].panel
        return "unknown" if panel == "fair" and not_judged(self.claim) else panel

    @property
    def releases(self) -> tuple[Release, ...]:
        """The releases consulted, oldest first."""
        return self.register.releases

    @property
    def newest(self) -> Release:
        """The newest release consulted, a full one if there is any, by which the verdict is dated."""
        return max(self.releases, key=lambda release: (release.kind == "full", release.order))

    @cached_property
    def restated(self) -> Pair | None:
        """The counts that a fair sentence gives, judged; None where the tables do not hold what the claim speaks of.

        The current count, in the reading that stands best to the tables, with a baseline of the same months of another year
        where a change was claimed.
        """
        current = next((figure for figure in self.meant if figure.role == "current"), None)
        if current is None or current.area is None or not current.covering:
            return None
        base = self._baseline(current)
        held = {sums.release.id: sums for sums in shelf(current.area, self.claim.counted_as, self.releases)}
        both = [r for r, _ in current.covering if base and held[r.id].value(current.area, base) is not None]
        release = both[-1] if both else current.newest[0]  # two releases are never mixed
        periods = (current.period, base) if base and both else (current.period,)
        if (
            self.pair
            and periods == self.claim.periods
            and (release, current.area) == (self.pair.current.release, self.claim.area.area)
        ):
            return self.pair
        return judged(current.area, self.claim.counted_as, release, periods)

    def _baseline(self, current: Figure) -> Period | None:
        """Return the baseline if it has the same months of other years, and otherwise the same months a year before."""
        if not self.claim.is_comparison:
            return None
        months, stated = current.period, self.claim.baseline.period if self.claim.baseline else None
        if stated is not None and stated.months == months.months and stated.quarters_of_year == months.quarters_of_year:
            return stated
        return months.year_before if months.months <= 12 else None  # otherwise the two would overlap

    def to_dict(self) -> dict[str, object]:
        """Return the judgement as ``analysis claims --json`` prints it."""
        found = self.elsewhere
        elsewhere = found and {
            "stated": found.stated,
            "kind": found.kind,
            "area": found.area.name,
            "offence": found.offence.code,
            "period": str(found.period),
            "value": found.value,
            "chance": found.chance,
        }
        forms: list[dict[str, object]] = [
            {"form": f.kind, "stated": f.stated, "held": f.value, "answer": f.answer} for f in self.forms
        ]
        return vars(
            Answered(
                id=self.claim.id,
                verdict=self.verdict,
                draft=self.claim.draft,
                answers=self.answers,  # type: ignore[arg-type]
                said=answer(self),
                fairly_put=fairly_put(self),
                not_judged=list(not_judged(self.claim)),
                findings=[finding.to_dict() for finding in self.findings],
                figures=[figure.to_dict() for figure in self.figures],
                forms=forms,
                tables_change=self.tables_change,
                found_elsewhere=elsewhere or None,
                repeats=self.repeats,
            )
        )

    def __repr__(self) -> str:
        found = ", ".join(finding.code for finding in self.findings)
        return f"Judgement({self.claim.id}: {self.name}; found {found}; as of release {self.newest.id})"


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
    return _judge(claim, register or load_register())


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of what ``analysis claims --json`` prints.

    Examples
    --------
    >>> json_schema()["type"], "fairly_put" in json_schema()["$defs"]["Answered"]["properties"]
    ('array', True)
    """
    return TypeAdapter(list[Answered]).json_schema()


def quick(claim: Claim, register: Register | None = None) -> dict[str, str]:
    """Return the answers on a claim's figures and change alone, which cost a small part of a judgement.

    Parameters
    ----------
    claim
        What was stated, in fields.
    register
        The releases to consult, by default all.

    Examples
    --------
    >>> quick(documents.shipped()[0])
    {'figure': 'agrees', 'change': 'agrees'}
    """
    case = Case.of(claim, register or load_register())
    return {"figure": case.figure_answer, "change": case.change.answer}


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
    until = known.model_copy(update={"releases": tuple(r for r in known.releases if r.order <= newest.order)})
    return tuple(_judge(claim, until) for claim in (documents.shipped() if claims is None else claims))


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


def about(area: str | areas.Area, *, release: str = "latest") -> tuple[Judgement, ...]:
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
    name = (areas.find_area(area) if isinstance(area, str) else area).name
    return judge_all([claim for claim in documents.shipped() if name in claim.area.names], release=release)


def _judge(claim: Claim, register: Register) -> Judgement:
    case = Case.of(claim, register)
    found = findings(case)
    if {finding.code for finding in found} <= {"reproduced"}:
        told = said("fair-with-care" if case.answers["comparison"] == "with-care" else "fair")
        found.append(Found("fair", told, (told,)))
    repeated = next((name for name in documents.stating(claim) if name != claim.id), None)
    judgement = Judgement(claim, register, case.readings, tuple(found), repeated)
    judgement.__dict__.update({name: value for name, value in case.__dict__.items() if name not in judgement.__dict__})
    return judgement
