"""From a claim to its verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.claims import collection, figures, restatements
from analysis.claims.figures import Figure
from analysis.claims.models import Claim
from analysis.claims.rules import RULES, Case, Ruling
from analysis.figures.register import Register, Release, load_register
from analysis.terms import forces
from analysis.terms.findings import CODES, Finding


@dataclass(frozen=True)
class Judgement:
    """What was found of a claim: of its figures, never of anybody's motives.

    Attributes
    ----------
    claim
        What was stated.
    verdict
        The code of the gravest finding that may be a verdict.
    findings
        Everything found, the gravest first.
    figures
        Each stated figure with what each release gives; those of England and Wales with and without British Transport
        Police.
    restatement
        What may fairly be said instead, or None where the tables cannot say it.
    releases
        The releases consulted, oldest first.
    """

    claim: Claim
    verdict: str
    findings: tuple[Finding, ...]
    figures: tuple[Figure, ...]
    restatement: str | None
    releases: tuple[Release, ...]

    @property
    def name(self) -> str:
        """The verdict in a few words."""
        return CODES[self.verdict].name

    @property
    def newest(self) -> Release:
        """The newest full release consulted, by which the verdict is dated."""
        return max((r for r in self.releases if r.kind == "full"), key=lambda r: r.order)

    def to_dict(self) -> dict[str, object]:
        """Return the judgement as ``analysis claims --json`` prints it: ``id``, ``verdict``, ``findings``, ``figures``."""
        return {
            "id": self.claim.id,
            "verdict": self.verdict,
            "findings": [finding.to_dict() for finding in self.findings],
            "figures": [figure.to_dict() for figure in self.figures],
        }

    def __repr__(self) -> str:
        found = ", ".join(finding.code for finding in self.findings)
        return f"Judgement({self.claim.id}: {self.name}; found {found}; as of release {self.newest.id})"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the claim as its page has it."""
        from analysis.report.published.pages import article  # pages are made from judgements

        return str(article(self).html)


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
    >>> claim = next(claim for claim in collection.shipped() if claim.id == "northamptonshire-2018-04")
    >>> judgement = judge(claim)
    >>> judgement.verdict, [finding.code for finding in judgement.findings]
    ('definition-change', ['definition-change', 'unequal-periods', 'mislabelled-period', 'revised'])
    >>> print(judgement.restatement)
    Northamptonshire Police recorded 32 offences in April to December 2017 (33 in a copy made before August 2019) and 4 in the same months of 2016; the offences counted changed in April 2017, so the two are not comparable.
    """
    held = register or load_register()
    case = Case(claim, figures.readings(claim, held))
    rulings = [ruling for rule in RULES if (ruling := rule(case))]
    verdict = _verdict(rulings)
    findings = [ruling.finding for ruling in rulings]
    if verdict == "fair":
        findings.append(Finding("fair", "Nothing was found to object to."))
    return Judgement(
        claim=claim,
        verdict=verdict,
        findings=tuple(findings),
        figures=tuple(dict.fromkeys(figure for each in zip(*case.readings, strict=True) for figure in each)),
        restatement=restatements.restate(claim, case.figures, held),
        releases=held.releases,
    )


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
    held = load_register()
    newest = held.release(release)
    known = held.model_copy(update={"releases": tuple(r for r in held.releases if r.order <= newest.order)})
    return tuple(judge(claim, known) for claim in (collection.shipped() if claims is None else claims))


def about(area: str | forces.Area, *, release: str = "latest") -> tuple[Judgement, ...]:
    """Return the judgements on the shipped claims that name one force, alone or among others, or one area.

    Parameters
    ----------
    area
        A force, or an area such as ``England and Wales``.
    release
        The newest release to consult.

    Examples
    --------
    >>> [judgement.claim.id for judgement in about("Kent", release="2026-04-23")]
    ['south-east-2024']
    """
    name = (forces.find_area(area) if isinstance(area, str) else area).name
    return judge_all([claim for claim in collection.shipped() if name in claim.area.names], release=release)


def _verdict(rulings: list[Ruling]) -> str:
    codes = [ruling.finding.code for ruling in rulings if ruling.decides]
    if {ruling.finding.code for ruling in rulings} <= {"reproduced"}:
        return "fair"
    return codes[0]
