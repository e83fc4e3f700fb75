"""Judgements on published claims, and checked articles, as a page and a terminal show them; all that comes from them is escaped."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from analysis import files
from analysis.claims.documents import load_corrections
from analysis.claims.figures import WITHOUT_RAILWAYS, Figure
from analysis.claims.models import Claim, Quoted
from analysis.claims.rules import CREDIT
from analysis.claims.verdicts import Judgement, about
from analysis.claims.wording import (
    MOST_GIVEN,
    answer,
    fair_sentence,
    fairly_put,
    form_words,
    name_of,
    standing_so,
    with_article,
)
from analysis.comparison import load_register
from analysis.report import view
from analysis.report.view import View, aligned, fold, head, html, items, prose, rows_of, say, stack, table, words
from analysis.terms import findings
from analysis.terms.areas import Area, find_area
from analysis.terms.numbers import joined, number

if TYPE_CHECKING:
    from analysis.claims.check import Checked

TITLE = "Published claims, set beside the figures"
SUMMARY_HEADER = ("Claim", "Area", "Stated", "Tables", "Figure", "Change", "Comparison", "Verdict")

_GIVEN_IN_THE_FIRST_LINE = {"agrees-within-revision", "differs", "far-off"}  # with the tables' figure
_LONG = 60  # letters from which a sentence that is said of several claims stands once, as a note
MOST_LISTED = 5  # claims of an area that stand in the open
FEW = 2  # claims, of which a small screen shows all
HEIGHT = 640  # of the frame of a checked article in a notebook, in pixels


def masthead(judgements: Sequence[Judgement]) -> View:
    """Return the head of the page of claims: what it is, and by which release the verdicts are dated."""
    return head(TITLE, say("claims.masthead", count=len(judgements), release=name_of(judgements[0].newest)))


def introduction(judgements: Sequence[Judgement]) -> View:
    """Return how the verdicts come about, and what they are not."""
    return prose(say("claims.claims"), say("claims.claims-verdicts"), dated(judgements))


def summary(judgements: Sequence[Judgement]) -> View:
    """Return the answers as a table with a row a claim and a column an axis."""
    names = [*(header.lower() for header in SUMMARY_HEADER[:-1]), "verdict_in_words", "verdict", "findings"]
    rows = [(*summary_row(each), each.verdict, " ".join(f.code for f in each.findings)) for each in judgements]
    cells = {"claim": [html("link", f"#claim-{each.claim.id}", _heading(each.claim)) for each in judgements]}
    release = name_of(judgements[0].newest)
    return table(rows_of(names, rows), "claims.summary", cells=cells, name="verdicts", kind="verdicts", release=release)


def notes(judgements: Sequence[Judgement]) -> View:
    """Return what is found alike of several claims, numbered: each of them names the note, and it is said once."""
    shared = _shared(judgements)
    text = "\n".join(f"Note {place}: {said}" for said, place in shared.items())
    return View(html("notes", list(shared)), text) if shared else stack()


def articles(judgements: Sequence[Judgement]) -> View:
    """Return every claim with its figures in each release, what was found, and what may fairly be said."""
    rows = [
        (each.claim.id, one.role, one.place.name, str(one.period), one.stated, table.release.id, table.kind, value)
        for each in judgements
        for one in each.figures
        for table, value in one.held
    ]
    frame = rows_of(("claim", "figure", "area", "period", "stated", "release", "kind", "offences"), rows)
    shared, here = _shared(judgements), {each.claim.id for each in judgements}
    shown = [article(judgement, shared, here) for judgement in judgements]
    return View(stack(*shown).html, "\n\n".join(one.text for one in shown), name="figures", frame=frame)


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
    claim, same = judgement.claim, judgement.repeats
    quotes = "; ".join(f"“{quote}”" for quote in dict.fromkeys(_quotes(claim)))
    more = {"quoted": quotes, "same": html("link", f"#claim-{same}", same) if same in here else same}
    behind = [(say(f"claims.{name}"), text) for name, text in more.items() if text]
    name, found = f"{judgement.name[:1].lower()}{judgement.name[1:]}", list(_told(judgement, shared or {}))
    told = (answer(judgement), name, found, _lines(judgement, whole=False), behind, fair_sentence(judgement))
    shown = html("claim", judgement, _heading(claim), *told, source_link(claim.source))
    return View(shown, claim_text(judgement, shared))


def meanings() -> View:
    """Return what each verdict means, the gravest first."""
    frame = rows_of(("verdict", "when"), [(each.name, each.when) for each in findings.verdicts().values()])
    return table(frame, caption=say("claims.gravity"))


def corrections_log() -> View:
    """Return the log of corrections, and how to reply."""
    log = load_corrections()
    lines = [
        say("claims.correction", **vars(each)) + say("claims.reply", reply=each.reply) * bool(each.reply)
        for each in log.corrections
    ]
    return stack(items(*lines) if lines else prose(say("claims.no-correction")), prose(log.replies))


def limits(judgements: Sequence[Judgement]) -> View:
    """Return what the figures do not measure, of every offence that the claims are about: what several share stands once."""
    names, lines = defaultdict[str, list[str]](list), defaultdict[tuple[str, ...], list[str]](list)
    for kind in dict.fromkeys(each.claim.counted_as for each in judgements):
        for line in kind.limits:
            names[line].append(kind.name)
    for line, several in names.items():
        lines[tuple(several)].append(re.sub("^It ", "Each ", line) if several[1:] else line)
    told = (html("named", joined(several), " ".join(said)) for several, said in lines.items())
    return items(*told, say("site.accredited"), kind="limits")


def consulted(judgements: Sequence[Judgement]) -> View:
    """Return the releases that the verdicts rest on, with their limits and licence."""
    lines = [html("release", each) for each in judgements[0].register.releases]
    return stack(items(*lines), prose(load_register().attribution, kind="attribution"))


def force_section(area: str | Area, *, offence: str | None = None, release: str = "latest") -> View:
    """Return a page's short section on the shipped claims that name its force or area.

    Parameters
    ----------
    area
        Whose page it is.
    offence
        What the page counts: claims about it or a part of it are shown; None for all.
    release
        The newest release to consult.
    """
    found = [each for each in about(area, release=release) if offence in {None, each.claim.counted_as.code}]
    if not found:
        return prose(say("claims.no-claim", area=find_area(area).called))
    lead = prose(say("claims.of-force", release=name_of(found[0].newest)))
    listed = items(*(html("claim_line", each, answer(each), fair_sentence(each)) for each in found))
    if len(found) > FEW:
        listed = fold("claims.all-of-force", listed, "fold" if len(found) > MOST_LISTED else "broad", count=len(found))
    return stack(lead, listed)


def report_text(judgements: Sequence[Judgement]) -> str:
    """Return judgements as ``analysis claims`` prints them: a table, then what was found of each claim.

    Examples
    --------
    >>> from analysis.claims import judge, shipped
    >>> judgement = judge(shipped()[5])
    >>> print(report_text([judgement]).splitlines()[3])
    hampshire-2018-04-total  Hampshire  291     264     agrees  none stated  none stated  Agrees with what was published then
    """
    rows = aligned([SUMMARY_HEADER, *map(summary_row, judgements)])
    shared = _shared(judgements)
    told = (claim_text(judgement, shared) for judgement in judgements)
    return "\n\n".join(filter(None, [dated(judgements), rows, notes(judgements).text, *told]))


def changes_text(changed: Sequence[tuple[Judgement, Judgement]], since: str) -> str:
    """Return the verdicts that differ from those as of an earlier release, as ``analysis claims --since`` prints them."""
    if not changed:
        return say("claims.none-changed", since=since)
    lines = (f"{now.claim.id}: {now.name}; before, {then.name}\n{answer(now)}" for then, now in changed)
    return "\n\n".join([say("claims.changed", since=since, count=len(changed)), *lines])


def summary_row(judgement: Judgement) -> tuple[str, ...]:
    """Return a claim's cells under :data:`SUMMARY_HEADER`."""
    current = next((figure for figure in judgement.meant if figure.role == "current"), None)
    stated, held = (current.words, current.tables) if current else ("", "")
    answers = [words("claims.answers")[answer] for answer in judgement.answers.values()]
    numbers = (each or number(None) for each in (stated, held))
    return judgement.claim.id, judgement.claim.area.name, *numbers, *answers, judgement.name


def claim_text(judgement: Judgement, shared: Mapping[str, int] | None = None) -> str:
    """Return everything found of one claim; long sentences that several share by the number of their note."""
    lines = [f"{judgement.claim.id}: {judgement.name}", judgement.claim.statement, answer(judgement)]
    for name, said, places in _told(judgement, shared or {}):
        lines.append(f"- {name}: {' '.join([*said, *(f'Note {place}.' for place in places)])}")
    lines += [f"  {line}" for line in _lines(judgement)]
    lines.append(f"{say('claims.fairly')} {fairly_put(judgement)}")
    return "\n".join(lines + ([f"{say('claims.same')} {judgement.repeats}."] if judgement.repeats else []))


def dated(judgements: Sequence[Judgement]) -> str:
    """Return what the verdicts rest on: the newest release, and every release consulted."""
    context = say("claims.context-only")
    names = (with_article(each) + context * (each.kind == "context") for each in judgements[0].register.releases)
    return say("claims.dated", release=name_of(judgements[0].newest), consulted=joined(names))


def checked_page(checked: Checked) -> str:
    """Return the page of a checked text: one HTML file that needs no other, and no server.

    Parameters
    ----------
    checked
        What :func:`analysis.check` gave.

    Examples
    --------
    >>> from analysis.claims.check import check
    >>> html = checked_page(check("Kent Police recorded 33 rapes & more in 2016/17.", published="2018-04-26"))
    >>> "rapes &amp; more" in html, html.count('class="panel"')
    (True, 1)
    """
    from analysis.claims.check.numbers import FIGURES  # here, since no page of figures reads an article

    parts = (files.PACKAGE / "report" / "templates" / "check" / name for name in ("style.css", "script.js"))
    style, script = (view.hashed(part.read_text(encoding="utf-8")) for part in parts)
    readings = {f"{i}-{k}": one for i, each in enumerate(checked.numbers) for k, one in enumerate(each.readings)}
    entries = {key: one.entry(is_picked=True) for key, one in readings.items() if one.claim}
    known = {"figures": FIGURES, "verdicts": findings.verdicts(), "register": load_register(), "words": words}
    how = {"answer": answer, "fairly_put": fairly_put, "style": style, "script": script, "entries": entries}
    return str(view.template("check/page.html.j2").render(checked=checked, **known, **how))


def checked_frame(checked: Checked) -> str:
    """Return the page within a frame of its own, as Jupyter shows it: its scripts and downloads are let in, and nothing else."""
    return str(html("frame", checked_page(checked), say("checked.title"), HEIGHT))


def source_link(source: str) -> Markup:
    """Return where a statement was made: a link where it is an address on the web, and otherwise text.

    Examples
    --------
    >>> print(source_link("javascript:alert(1)"))
    javascript:alert(1)
    """
    address = re.match(r"https?://([\w.-]+)(?=[:/?#]|$)", source, re.IGNORECASE)
    return html("link", source, address[1].lower()) if address else escape(source)


def _heading(claim: Claim) -> str:
    what = claim.current.period.words if claim.current else f"published {claim.published.words}"
    return f"{claim.offence.name}: {claim.area.name}, {what}"


def _lines(judgement: Judgement, *, whole: bool = True) -> list[str]:
    """Return what was stated beside what each release and publication gives for it, a line a figure.

    Without the `whole` of it only what the first line does not give: all of it stands in the file of the figures.
    """
    claim, share = judgement.claim, judgement.claim.share
    told, first = judgement.figures, standing_so(judgement)
    if not whole:
        given = first if len(first) <= MOST_GIVEN and judgement.figure_answer in _GIVEN_IN_THE_FIRST_LINE else []
        unlike = (each for each in judgement.meant if not each.covering or (each.amount and not each.is_of_newest))
        told = tuple(each for each in unlike if each not in given)
    lines = [_line(each, is_other=each.place.area == WITHOUT_RAILWAYS != claim.area.area) for each in told]
    if share and share.of is not None and share.whole is not None and share.of < share.whole:
        lines.append(say("claims.share-covers", of=number(share.of), whole=number(share.whole)))
    return lines


def _line(figure: Figure, *, is_other: bool) -> str:
    given = defaultdict[str, list[str]](list)
    for held, value in figure.held:
        if value is not None:
            given[f"{number(value)} {'on' if held.kind == 'publication' else 'in'}"].append(held.release.id)
    told = ", ".join(f"{value} {joined(where)}" for value, where in given.items()) or say("claims.uncovered")
    path = f"claims.figure-{'without' if is_other else 'text'}"
    return say(path, place=figure.place.name, period=figure.period.words, stated=figure.words, given=told)


def _said(judgement: Judgement) -> dict[str, list[str]]:
    """Return the sentences of each finding by its name, and of what asks for care and is no finding of its own."""
    told = defaultdict[str, list[str]](list)
    # Of a record and a place it says neither how far back the tables reach, nor which places are left open.
    own = {form_words(form) for form in judgement.forms if form.kind in {"record", "rank"}}
    is_more = judgement.claim.is_foi or any(figure.earlier for figure in judgement.meant)  # than the first line says
    for finding in judgement.findings:
        verdict = findings.verdicts()[finding.code]
        # By the first line of a claim, and its figures.
        is_said = verdict.figure or verdict.change or finding.code == "fair"
        if not is_said or (is_more and finding.code not in {"reproduced", "fair"}):
            told[verdict.name] += finding.sentences
        elif kept := own.intersection(finding.sentences):
            told[verdict.name] += sorted(kept)
    for each in judgement.cautions:
        told[each.rule.name].append(each.text)
    return told


def _shared(judgements: Sequence[Judgement]) -> dict[str, int]:
    """Return the long sentences that are said of more than one claim, each with its number, in the order of the page."""
    by_claim = [[said for sentences in _said(judgement).values() for said in sentences] for judgement in judgements]
    times = Counter(said for several in by_claim for said in set(several) if len(said) >= _LONG)
    ordered = dict.fromkeys(said for several in by_claim for said in several if times[said] > 1)
    return {said: place for place, said in enumerate(ordered, 1)}


def _told(judgement: Judgement, shared: Mapping[str, int]) -> Iterator[tuple[str, list[str], list[int]]]:
    """Give each finding's name, what it says of this claim alone, and the numbers of the notes that say the rest."""
    for name, sentences in _said(judgement).items():
        own = sorted((said for said in sentences if said not in shared), key=lambda said: said != CREDIT)
        yield name, own, [shared[said] for said in sentences if said in shared]


def _quotes(part: Quoted) -> Iterator[str]:
    """Give the source's own words for a claim and for each of its parts."""
    for value in vars(part).values():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Quoted):
                yield from _quotes(each)
    if part.quote:
        yield part.quote
