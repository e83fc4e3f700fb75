"""From a claim to its verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.claims import documents
from analysis.claims.fields import Place
from analysis.claims.figures import Case, Figure, figure_of
from analysis.claims.models import Claim, Stated
from analysis.claims.rules import Found, findings
from analysis.comparison import Pair, count
from analysis.comparison import judge as judge_pair
from analysis.figures.register import Register, Release, load_register
from analysis.terms import areas
from analysis.terms.findings import verdicts

FAIR = "Nothing here speaks against it."
WITH_CARE = "Nothing here speaks against it; what asks for care is no fault of the statement."


@dataclass(frozen=True)
class Restatement:
    """The counts that a fair sentence gives, judged, and for each what every release gives.

    Attributes
    ----------
    pair
        The current count, with a baseline of the same months of another year where a change was claimed.
    figures
        For each count of the pair, what every release gives.
    """

    pair: Pair
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Judgement(Case):
    """What was found of a claim: of its figures, never of anybody's motives.

    A case, which has the ``claim`` and its ``meant`` figures, the ``pair`` of stated periods, the ``answers`` and the
    ``tables_change``, with what the rules find in it.

    Attributes
    ----------
    findings
        Everything found, the gravest first.
    restatement
        What may fairly be said instead, or None where the tables cannot say it.
    releases
        The releases consulted, oldest first.
    repeats
        The id of a shipped claim that states the same figure, or None.
    """

    findings: tuple[Found, ...]
    restatement: Restatement | None
    releases: tuple[Release, ...]
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
        """The verdict in a few words."""
        return f"{'Unconfirmed draft: ' if self.claim.draft else ''}{verdicts()[self.verdict].name}"

    @property
    def newest(self) -> Release:
        """The newest release consulted, a full one if there is any, by which the verdict is dated."""
        return max(self.releases, key=lambda release: (release.kind == "full", release.order))

    def to_dict(self) -> dict[str, object]:
        """Return the judgement as ``analysis claims --json`` prints it."""
        return {
            "id": self.claim.id,
            "verdict": self.verdict,
            "draft": self.claim.draft,
            "answers": self.answers,
            "findings": [finding.to_dict() for finding in self.findings],
            "figures": [figure.to_dict() for figure in self.figures],
            "tables_change": self.tables_change,
            "repeats": self.repeats,
        }

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
    >>> judgement.verdict, [finding.code for finding in judgement.findings]
    ('definition-change', ['definition-change', 'unequal-periods', 'mislabelled-period', 'revised'])
    >>> judgement.restatement.pair.answer, [count.offences for count in judgement.restatement.pair.counts]
    ('no', [32, 4])
    """
    return _judge(claim, register or load_register(), documents.shipped())


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
    shipped = documents.shipped()
    return tuple(_judge(claim, until, shipped) for claim in (shipped if claims is None else claims))


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
    >>> [judgement.claim.id for judgement in about("Kent", release="2026-04-23")]
    ['south-east-2024']
    """
    name = (areas.find_area(area) if isinstance(area, str) else area).name
    return judge_all([claim for claim in documents.shipped() if name in claim.area.names], release=release)


def _judge(claim: Claim, register: Register, shipped: Iterable[Claim]) -> Judgement:
    case = Case.of(claim, register)
    found = findings(case)
    if {finding.code for finding in found} <= {"reproduced"}:
        said = WITH_CARE if case.answers["comparison"] == "with-care" else FAIR
        found.append(Found("fair", said, (said,)))
    restated, repeated = _restate(claim, case.meant, register), _repeated(claim, shipped)
    return Judgement(claim, case.readings, case.pair, tuple(found), restated, register.releases, repeated)


def _restate(claim: Claim, figures: tuple[Figure, ...], register: Register) -> Restatement | None:
    """Return what may fairly be said of what a claim speaks of, or None where the tables do not hold it.

    The figures are those of the claim in the reading that stands best to the releases.
    """
    current = next((figure for figure in figures if figure.role == "current"), None)
    if current is None or current.area is None or not current.covering:
        return None
    base = _baseline(claim, current, register)
    in_base = {release.id for release, _ in base.covering} if base else set()
    shared = [release for release, _ in current.covering if release.id in in_base]  # two releases are never mixed
    shown = (current, base) if base and shared else (current,)
    release = shared[-1] if shared else current.newest[0]
    pair = judge_pair(*(count(current.area, claim.counted_as, release, figure.period) for figure in shown))
    return Restatement(pair, shown)


def _baseline(claim: Claim, current: Figure, register: Register) -> Figure | None:
    """Return the baseline if it has the same months of other years, and otherwise the same months a year before."""
    if not claim.is_comparison or current.area is None:
        return None
    months, stated = current.period, claim.baseline.period if claim.baseline else None
    if stated is not None and stated.months == months.months and stated.first.month == months.first.month:
        period = stated
    elif months.months <= 12:
        period = months.year_before
    else:
        return None  # the same months a year before would overlap
    return figure_of(claim, "baseline", Place((current.place,), current.area), Stated(period=period), register)


def _repeated(claim: Claim, shipped: Iterable[Claim]) -> str | None:
    """Return the shipped claim that states the same count of the same area, offence and months, if another does."""
    stated = _figure(claim)
    return next((other.id for other in shipped if stated and _figure(other) == stated and other.id != claim.id), None)


def _figure(claim: Claim) -> tuple[object, ...] | None:
    if claim.current is None or claim.value is None:
        return None
    return claim.area.names, claim.counted_as.code, claim.current.period, claim.value.number
