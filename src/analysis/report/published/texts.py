"""Judgements in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.claims.figures import Figure, name_of, with_article
from analysis.claims.models import Claim, Share, Stated, joined
from analysis.claims.verdicts import Judgement
from analysis.report import markup
from analysis.report.markup import Cell
from analysis.terms.numbers import number

SUMMARY_HEADER = ("Claim", "Area", "Stated", "Newest release", "Verdict")
NO_RESTATEMENT = "The tables held cannot say it in another way."


def report_text(judgements: Sequence[Judgement]) -> str:
    """Return judgements as ``analysis claims`` prints them: a table, then what was found of each claim.

    Examples
    --------
    >>> from analysis.claims import judge, shipped
    >>> judgement = judge(shipped()[5])
    >>> print(report_text([judgement]).splitlines()[3])
    hampshire-2018-04-total  Hampshire  291     264             Not found in any release held
    """
    if not judgements:
        return "No claim was judged."
    rows = [[Cell(text) for text in summary_row(judgement)] for judgement in judgements]
    table = markup.table_text(SUMMARY_HEADER, rows)
    return "\n\n".join([dated(judgements), table, *(claim_text(judgement) for judgement in judgements)])


def summary_row(judgement: Judgement) -> tuple[str, ...]:
    """Return a claim's cells under :data:`SUMMARY_HEADER`."""
    current = next((figure for figure in judgement.figures if figure.role == "current"), None)
    return (
        judgement.claim.id,
        judgement.claim.area.name,
        number(current.stated if current else None),
        number(current.newest[1] if current and current.covering else None),
        judgement.name,
    )


def claim_text(judgement: Judgement) -> str:
    """Return everything found of one claim."""
    return "\n".join(
        [
            f"{judgement.claim.id}: {judgement.name}",
            judgement.claim.statement,
            *(f"- {finding.name}: {finding.text}" for finding in judgement.findings),
            *(f"  {figure_text(figure)}" for figure in judgement.figures),
            f"Fairly put: {judgement.restatement or NO_RESTATEMENT}",
        ]
    )


def dated(judgements: Sequence[Judgement]) -> str:
    """Return what the verdicts rest on: the newest release, and every release consulted."""
    newest, consulted = judgements[0].newest, judgements[0].releases
    names = joined(with_article(r) + (" (context only)" if r.kind == "context" else "") for r in consulted)
    return f"Verdicts as of the {name_of(newest)}. Consulted: {names}."


def figure_text(figure: Figure) -> str:
    """Return a stated figure with what each release gives for it."""
    given = ", ".join(f"{name_of(release)} {number(value)}" for release, value in figure.given if value is not None)
    return f"{figure_words(figure)}: {number(figure.stated)} stated; {given or 'no release covers it'}"


def figure_words(figure: Figure) -> str:
    """Return what a figure is of."""
    return f"{figure.place}, {figure.period.words}"


def stated_words(claim: Claim) -> list[str]:
    """Return what a claim states beside its counts, a phrase each.

    Examples
    --------
    >>> from analysis.claims import shipped
    >>> stated_words(next(claim for claim in shipped() if claim.id == "england-and-wales-2018-06"))
    ['9 a day', '41 of 44 forces answered']
    """
    return [
        *_described(claim.current),
        *_described(claim.baseline),
        *_changes(claim),
        *([f"{claim.rate.value.words('')} a {claim.rate.per}"] if claim.rate else []),
        *(_share(claim.share) if claim.share else []),
        *([f"{claim.coverage.responded} of {claim.coverage.of} forces answered"] if claim.coverage else []),
    ]


def _described(stated: Stated | None) -> Iterable[str]:
    if stated is not None and stated.described_as is not None:
        yield f"{stated.period.words} described as “{stated.described_as}”"


def _changes(claim: Claim) -> Iterable[str]:
    change = claim.change
    if change is None:
        return
    falls = change.direction == "down"
    if change.percent is not None:
        yield f"a {'fall' if falls else 'change'} of {change.percent.words('%')}"
    if change.times is not None:
        yield change.times.words(" times as many")
    if change.direction is not None and change.percent is None:
        yield "a fall" if falls else "a rise"


def _share(share: Share) -> Iterable[str]:
    count = f", {number(share.count)}" if share.count is not None else ""
    of = f" of {number(share.base)}" if share.base is not None else ""
    yield f"a share of {share.percent.words('%')}{count}{of}"
    if share.of is not None and share.whole is not None and share.of < share.whole:
        yield f"the share is of {number(share.of)} out of {number(share.whole)}"
