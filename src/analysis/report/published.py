"""Judgements on published claims, as a page and a terminal show them; everything that comes from a claim is escaped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from analysis.claims.documents import load_corrections
from analysis.claims.figures import Figure, name_of, with_article
from analysis.claims.models import Change, Claim, Quoted, Share
from analysis.claims.rules import CREDIT
from analysis.claims.verdicts import Judgement, about
from analysis.comparison import load_register
from analysis.report.answers import answer, fairly_put
from analysis.report.view import (
    NOTHING,
    Column,
    View,
    aligned,
    head,
    html,
    items,
    prose,
    rows_of,
    say,
    stack,
    table,
)
from analysis.terms import findings
from analysis.terms.areas import Area, find_area
from analysis.terms.numbers import joined, number

TITLE = "Published claims, set beside the figures"
SUMMARY_HEADER = ("Claim", "Area", "Stated", "Newest release", "Verdict")
NO_RESTATEMENT = "The tables held cannot say it in another way."

_LONG = 80  # letters from which a sentence that is said of several claims stands once, as a note


def masthead(judgements: Sequence[Judgement]) -> View:
    """Return the head of the page of claims: what it is, and by which release the verdicts are dated."""
    return head(TITLE, "", f"{len(judgements)} statements · verdicts as of the {name_of(judgements[0].newest)}")


def introduction(judgements: Sequence[Judgement]) -> View:
    """Return how the verdicts come about, and what they are not."""
    return prose(say("claims.claims"), say("claims.claims-verdicts"), dated(judgements))


def summary(judgements: Sequence[Judgement]) -> View:
    """Return the verdicts: a sentence that counts them, and a table with a row a claim."""
    verdicts = [judgement.verdict for judgement in judgements]
    found = [each for each in findings.verdicts().values() if each.code in verdicts]
    counts = ", ".join(f"{_lower_first(code.name)} ({verdicts.count(code.code)})" for code in found)
    frame = rows_of(
        ("claim", "area", "stated", "newest_release", "verdict_in_words", "verdict", "findings"),
        [(*summary_row(each), each.verdict, " ".join(f.code for f in each.findings)) for each in judgements],
    )
    claims = {judgement.claim.id: judgement.claim for judgement in judgements}
    columns = [
        Column("Claim", lambda row: html("link", f"#claim-{row.claim}", _heading(claims[row.claim]))),
        Column("Verdict", "verdict_in_words"),
        Column("Stated", "stated", number=True),
        Column("Newest release", "newest_release", number=True),
        Column("Published", lambda row: claims[row.claim].published.words),
    ]
    caption = f"Verdicts as of the {name_of(judgements[0].newest)}"
    lead = prose(f"Verdicts on {len(judgements)} statements: {counts}.")
    return stack(lead, table(frame, columns, caption=caption, name="verdicts", kind="verdicts"))


def notes(judgements: Sequence[Judgement]) -> View:
    """Return what is found alike of several claims, numbered: each of them names the note, and it is said once."""
    shared = _shared(judgements)
    if not shared:
        return NOTHING
    return View(html("notes", list(shared)), "\n".join(f"Note {place}: {said}" for said, place in shared.items()))


def articles(judgements: Sequence[Judgement]) -> View:
    """Return every claim with its figures in each release, what was found, and what may fairly be said."""
    frame = rows_of(
        ("claim", "figure", "area", "period", "stated", "release", "kind", "offences"),
        [
            (each.claim.id, figure.role, figure.place, str(figure.period), figure.stated, release.id, release.kind, value)
            for each in judgements
            for figure in each.figures
            for release, value in figure.given
        ],
    )  # fmt: skip
    shared, here = _shared(judgements), {each.claim.id for each in judgements}
    shown = [article(judgement, shared, here) for judgement in judgements]
    text = "\n\n".join(one.text for one in shown)
    return View(stack(*shown).html, text, name="figures", frame=frame)


def article(judgement: Judgement, shared: Mapping[str, int] | None = None, here: Collection[str] = ()) -> View:
    """Return one claim: the statement, the answer, the verdict, how to put it fairly, and behind a fold what they rest on.

    Parameters
    ----------
    judgement
        What was found.
    shared
        Sentences that stand as notes of the page, with their numbers.
    here
        The ids of the claims on the page.
    """
    claim, repeated = judgement.claim, judgement.repeats
    found = items(*(html("found", *told) for told in _told(judgement, shared or {})), kind="caveats")
    more = {
        "Also stated": "; ".join(stated_words(claim)),
        "In the source’s words": "; ".join(f"“{quote}”" for quote in dict.fromkeys(_quotes(claim))),
        "The same figure is judged as": html("link", f"#claim-{repeated}", repeated) if repeated in here else repeated,
    }
    behind = html("behind", found.html, _figures(judgement).html, [pair for pair in more.items() if pair[1]])
    panel = html(
        "judged",
        findings.verdicts()[judgement.verdict].panel,
        answer(judgement),
        f"Verdict: {_lower_first(judgement.name)}.",
        behind,
    )
    restated, source = fairly_put(judgement) or NO_RESTATEMENT, source_link(claim.source)
    return View(html("claim", claim, _heading(claim), panel, restated, source), claim_text(judgement, shared))


def meanings() -> View:
    """Return what each verdict means, the gravest first."""
    frame = rows_of(("verdict", "when"), [(each.name, each.when) for each in findings.verdicts().values()])
    return table(frame, caption="Verdicts in order of gravity: a claim’s verdict is the first that applies")


def corrections_log() -> View:
    """Return the log of corrections, and how to reply."""
    log = load_corrections()
    lines = [
        f"{each.date.words}, {each.claim}: this page said “{each.said}”; it now says “{each.says}”. {each.reason}"
        + (f" Reply: “{each.reply}”" if each.reply else "")
        for each in log.corrections
    ]
    return stack(items(*lines) if lines else prose("No verdict has been corrected so far."), prose(log.replies))


def limits(judgements: Sequence[Judgement]) -> View:
    """Return what the figures do not measure, of every offence that the claims are about: what several share stands once."""
    kinds = list({each.claim.counted_as.code: each.claim.counted_as for each in judgements}.values())
    names_of = {
        line: tuple(kind.name for kind in kinds if line in kind.limits) for each in kinds for line in each.limits
    }
    lines_of = {names: [line for line in names_of if names_of[line] == names] for names in names_of.values()}
    told = (
        html("named", joined(names), " ".join(re.sub("^It ", "Each ", line) if names[1:] else line for line in lines))
        for names, lines in lines_of.items()
    )
    return items(*told, say("site.accredited"), kind="limits")


def consulted(judgements: Sequence[Judgement]) -> View:
    """Return the releases that the verdicts rest on, with their limits and licence."""
    lines = [html("release", each) for each in judgements[0].releases]
    return stack(items(*lines), prose(load_register().attribution, kind="attribution"))


def force_section(area: str | Area, *, offence: str = "88A", release: str = "latest", page: str | None = None) -> View:
    """Return a page's short section on the shipped claims that name its force or area.

    Parameters
    ----------
    area
        Whose page it is.
    offence
        What the page counts: claims about it or a part of it are shown.
    release
        The newest release to consult.
    page
        Address of the page of claims from there, or None to link nothing.
    """
    who = find_area(area) if isinstance(area, str) else area
    judgements = [each for each in about(who, release=release) if each.claim.counted_as.code == offence]
    if not judgements:
        return prose(f"No published claim about these offences that names {who.name} has been checked here.")
    lead = f"Verdicts as of the {name_of(judgements[0].newest)}; they describe figures, not motives."
    lines = [html("claim_line", each, fairly_put(each), page) for each in judgements]
    text = "\n".join([lead, *(f"- {each.name}: {each.claim.statement}" for each in judgements)])
    return View(stack(prose(lead), items(*lines)).html, text)


def report_text(judgements: Sequence[Judgement]) -> str:
    """Return judgements as ``analysis claims`` prints them: a table, then what was found of each claim.

    Examples
    --------
    >>> from analysis.claims import judge, shipped
    >>> judgement = judge(shipped()[5])
    >>> print(report_text([judgement]).splitlines()[3])
    hampshire-2018-04-total  Hampshire  291     264             Revised
    """
    if not judgements:
        return "No claim was judged."
    rows = aligned([SUMMARY_HEADER, *map(summary_row, judgements)])
    shared = _shared(judgements)
    told = (claim_text(judgement, shared) for judgement in judgements)
    return "\n\n".join(filter(None, [dated(judgements), rows, notes(judgements).text, *told]))


def changes_text(changed: Sequence[tuple[Judgement, Judgement]], since: str) -> str:
    """Return the verdicts that differ from those as of an earlier release, as ``analysis claims --since`` prints them."""
    if not changed:
        return f"No verdict differs from that as of release {since}."
    lines = (f"{now.claim.id}: {now.name}; before, {then.name}\n{answer(now)}" for then, now in changed)
    return "\n\n".join([f"Verdicts that differ from those as of release {since} ({len(changed)}):", *lines])


def summary_row(judgement: Judgement) -> tuple[str, ...]:
    """Return a claim's cells under :data:`SUMMARY_HEADER`."""
    current = next((figure for figure in judgement.figures if figure.role == "current"), None)
    stated = current.words if current else number(None)
    newest = number(current.newest[1] if current and current.covering else None)
    return judgement.claim.id, judgement.claim.area.name, stated, newest, judgement.name


def claim_text(judgement: Judgement, shared: Mapping[str, int] | None = None) -> str:
    """Return everything found of one claim; long sentences that several share by the number of their note."""
    found = [
        f"- {name}: {' '.join([*said, *(f'Note {place}.' for place in places)])}"
        for name, said, places in _told(judgement, shared or {})
    ]
    lines = [
        f"{judgement.claim.id}: {judgement.name}",
        judgement.claim.statement,
        answer(judgement),
        *found,
        *(f"  {_figure_text(figure)}" for figure in judgement.figures),
        f"Fairly put: {fairly_put(judgement) or NO_RESTATEMENT}",
        *([f"The same figure is judged as {judgement.repeats}."] if judgement.repeats else []),
    ]
    return "\n".join(lines)


def dated(judgements: Sequence[Judgement]) -> str:
    """Return what the verdicts rest on: the newest release, and every release consulted."""
    newest, consulted = judgements[0].newest, judgements[0].releases
    names = joined(with_article(r) + (" (context only)" if r.kind == "context" else "") for r in consulted)
    return f"Verdicts as of the {name_of(newest)}. Consulted: {names}."


def stated_words(claim: Claim) -> list[str]:
    """Return what a claim states beside its counts, a phrase each.

    Examples
    --------
    >>> from analysis.claims import shipped
    >>> stated_words(next(claim for claim in shipped() if claim.id == "england-and-wales-2018-06"))
    ['9 a day', '41 of 44 forces answered']
    """
    described = [each for each in (claim.current, claim.baseline) if each and each.described_as]
    return [
        *(f"{each.period.words} described as “{each.described_as}”" for each in described),
        *_changes(claim.change),
        *([f"{claim.rate.value.words('')} a {claim.rate.per}"] if claim.rate else []),
        *_shares(claim.share),
        *([f"{claim.coverage.responded} of {claim.coverage.of} forces answered"] if claim.coverage else []),
    ]


def source_link(source: str) -> Markup:
    """Return where a statement was made: a link where it is an address on the web, and otherwise text.

    Examples
    --------
    >>> print(source_link("javascript:alert(1)"))
    javascript:alert(1)
    """
    try:
        parts = urlsplit(source)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_address = False
    return html("link", source, source) if is_address else escape(source)


def _figures(judgement: Judgement) -> View:
    """Return what was stated beside what each release gives for it."""
    if not judgement.figures:
        return prose("No count was stated.")
    rows = [
        {"figure": _figure_words(figure), "stated": figure.words} | {r.id: value for r, value in figure.given}
        for figure in judgement.figures
    ]
    releases = [each for each in judgement.releases if any(row.get(each.id) is not None for row in rows)]
    columns = [Column("Figure", "figure"), Column("Stated", "stated", number=True)]
    for release in releases:
        name = name_of(release) + " (context)" * (release.kind == "context")
        columns.append(Column(f"{name[:1].upper()}{name[1:]}", release.id))
    whole = judgement.claim.offence.part_of
    caption = f"{_heading(judgement.claim)}: as stated, and in each release{f', all of code {whole}' if whole else ''}"
    return table(rows_of([str(column.of) for column in columns], rows), columns, caption=caption)


def _heading(claim: Claim) -> str:
    what = claim.current.period.words if claim.current else next(iter(stated_words(claim)), claim.id)
    return f"{claim.offence.name}: {claim.area.name}, {what}"


def _lower_first(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"


def _figure_text(figure: Figure) -> str:
    given = ", ".join(f"{name_of(release)} {number(value)}" for release, value in figure.given if value is not None)
    return f"{_figure_words(figure)}: {figure.words} stated; {given or 'no release covers it'}"


def _figure_words(figure: Figure) -> str:
    return f"{figure.place}, {figure.period.words}"


def _changes(change: Change | None) -> Iterable[str]:
    if change is None:
        return
    falls = change.direction == "down"
    if change.percent is not None:
        yield f"a {'fall' if falls else 'change'} of {change.percent.words('%')}"
    if change.times is not None:
        yield change.times.words(" times as many")
    if change.direction is not None and change.percent is None:
        yield "a fall" if falls else "a rise"


def _shares(share: Share | None) -> Iterable[str]:
    if share is None:
        return
    count = f", {number(share.count)}" if share.count is not None else ""
    of = f" of {number(share.base)}" if share.base is not None else ""
    yield f"a share of {share.percent.words('%')}{count}{of}"
    if share.of is not None and share.whole is not None and share.of < share.whole:
        yield f"the share is of {number(share.of)} out of {number(share.whole)}"


def _said(judgement: Judgement) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give the name and the sentences of each finding, and of what asks for care and is no finding of its own."""
    for finding in judgement.findings:
        yield finding.name, finding.sentences
    if judgement.answers["comparison"] == "with-care" and judgement.pair:
        care = (each for each in judgement.pair.caveats if each.weight == "care" and each.code != "first-year")
        yield from ((each.name, (each.text,)) for each in care)


def _shared(judgements: Iterable[Judgement]) -> dict[str, int]:
    """Return the long sentences that are said of more than one claim, each with its number, in the order of the page."""
    by_claim = [[said for _, sentences in _said(judgement) for said in sentences] for judgement in judgements]
    times = Counter(said for several in by_claim for said in set(several) if len(said) >= _LONG)
    ordered = dict.fromkeys(said for several in by_claim for said in several if times[said] > 1)
    return {said: place for place, said in enumerate(ordered, 1)}


def _told(judgement: Judgement, shared: Mapping[str, int]) -> Iterator[tuple[str, list[str], list[int]]]:
    """Give each finding's name, what it says of this claim alone, and the numbers of the notes that say the rest."""
    for name, sentences in _said(judgement):
        own = sorted((said for said in sentences if said not in shared), key=lambda said: said != CREDIT)
        yield name, own, [shared[said] for said in sentences if said in shared]


def _quotes(part: Quoted) -> Iterator[str]:
    """Give the source's own words for a claim and for each of its parts."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Quoted):
                yield from _quotes(each)
    if part.quote:
        yield part.quote
