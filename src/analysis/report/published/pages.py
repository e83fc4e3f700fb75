"""Pieces of pages about claims; everything that comes from a claim is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from analysis.claims.corrections import load_corrections
from analysis.claims.figures import name_of
from analysis.claims.models import Claim
from analysis.claims.verdicts import Judgement, about
from analysis.figures.register import Release, load_register
from analysis.report import markup
from analysis.report.markup import Cell, Fragment
from analysis.report.published import texts
from analysis.terms.findings import CLAIM_CODES, CODES
from analysis.terms.forces import Area, find_area
from analysis.terms.numbers import number

TITLE = "Published claims, set beside the figures"

MEANINGS = {
    "arithmetic": "A stated change, sum, rate or share does not follow from the stated figures, allowing for rounding.",
    "definition-change": "What the code counts changed between the two periods, or inside one of them.",
    "unequal-periods": "The two periods do not have the same number of months.",
    "source-mismatch": "The figures are answers to freedom-of-information requests, another collection than the tables; "
    "a verdict only where a part or a total is more than the tables give for the whole.",
    "mislabelled-period": "The words used for a period name another span than its months.",
    "not-reproduced": "No release held that covers the months gives the figure.",
    "undisclosed-base": "A change or a share is stated without the figures that it rests on.",
    "partial-coverage": "Fewer forces answered than there are.",
    "outside-data": "The tables do not cover the area or the months.",
    "small-base": "A percentage or a multiple is stated on a baseline under 50.",
    "not-checkable": "Nothing in the tables can confirm or refute it.",
    "revised": "An older release gives the figure, the newest another. Figures change as forces correct their records; that is no fault.",
    "reproduced": "The newest release that covers the months gives the figure, and what else was found does not decide.",
    "fair": "The figures are in the newest release, and nothing was found to object to.",
}


def masthead(judgements: Sequence[Judgement]) -> Fragment:
    """Return the head of the page of claims: what it is, and by which release the verdicts are dated."""
    when = f"{len(judgements)} statements · verdicts as of the {name_of(judgements[0].newest)}"
    html = Markup('<header class="masthead">\n<h1>{}</h1>\n<p class="when">{}</p>\n</header>').format(TITLE, when)
    return Fragment(html, f"{TITLE}\n{when}", title=TITLE)


def introduction(judgements: Sequence[Judgement]) -> Fragment:
    """Return how the verdicts come about, and what they are not."""
    lines = [
        "Each of these statements was published. Its figures, area and months were put into fields, and the fields are checked against "
        "every release of the figures that is held. The statements are paraphrased; figures, months and areas are as published.",
        "A verdict is the gravest thing found. It describes figures and how they are compared, never anybody’s motives; and to be revised is no fault.",
        texts.dated(judgements),
    ]
    return markup.prose(*lines)


def summary(judgements: Sequence[Judgement]) -> Fragment:
    """Return the verdicts: a sentence that counts them, and a table with a row a claim."""
    counts = ", ".join(f"{_lower_first(CODES[code].name)} ({count})" for code, count in _verdict_counts(judgements))
    lead = f"Verdicts on {len(judgements)} statements: {counts}."
    header = ("Claim", "Published", *texts.SUMMARY_HEADER[2:])
    rows = [
        [
            Cell(Markup('<a href="#{}">{}</a>').format(_anchor(judgement.claim), _heading(judgement.claim))),
            Cell(judgement.claim.published.words),
            *(Cell(text, number=True) for text in texts.summary_row(judgement)[2:4]),
            Cell(judgement.name),
        ]
        for judgement in judgements
    ]
    data = [(*texts.summary_row(each), each.verdict, " ".join(f.code for f in each.findings)) for each in judgements]
    columns = ("claim", "area", "stated", "newest_release", "verdict_in_words", "verdict", "findings")
    caption = f"Verdicts as of the {name_of(judgements[0].newest)}"
    return Fragment(
        markup.paragraphs([lead]) + Markup("\n") + markup.table_html(caption, header, rows, kind="verdicts"),
        f"{lead}\n{markup.table_text(header, rows)}",
        name="verdicts",
        csv=markup.csv_text(columns, data),
    )


def articles(judgements: Sequence[Judgement]) -> Fragment:
    """Return every claim with its figures in each release, what was found, and what may fairly be said."""
    rows = [
        (each.claim.id, figure.role, figure.place, str(figure.period), figure.stated, release.id, release.kind, value)
        for each in judgements
        for figure in each.figures
        for release, value in figure.given
    ]
    columns = ("claim", "figure", "area", "period", "stated", "release", "kind", "offences")
    return Fragment(
        Markup("\n").join(article(judgement).html for judgement in judgements),
        "\n\n".join(texts.claim_text(judgement) for judgement in judgements),
        name="figures",
        csv=markup.csv_text(columns, rows),
    )


def article(judgement: Judgement) -> Fragment:
    """Return one claim: statement, verdict, findings, figures by release, a fair restatement, and the source."""
    claim = judgement.claim
    stated = texts.stated_words(claim)
    pieces = [
        Markup("<h3>{}</h3>").format(_heading(claim)),
        Markup('<p class="statement"><b>Stated:</b> {}</p>').format(claim.statement),
        Markup('<div class="panel {}">\n<p class="verdict">Verdict: {}</p>\n{}\n</div>').format(
            "fair" if judgement.verdict in {"fair", "reproduced", "revised"} else "unlike",
            _lower_first(judgement.name),
            markup.items((_finding(f.name, f.text) for f in judgement.findings), kind="caveats"),
        ),
        _figures_table(judgement),
        *([markup.paragraphs([f"Also stated: {'; '.join(stated)}."])] if stated else []),
        Markup('<p class="restatement"><b>Fairly put:</b> {}</p>').format(
            judgement.restatement or texts.NO_RESTATEMENT
        ),
        Markup('<p class="published">Published {}: {}. Named here <code>{}</code>.</p>').format(
            claim.published.words, source_link(claim.source), claim.id
        ),
    ]
    html = Markup('<article class="claim" id="{}">\n{}\n</article>').format(_anchor(claim), Markup("\n").join(pieces))
    return Fragment(html, texts.claim_text(judgement))


def meanings() -> Fragment:
    """Return what each verdict means, the gravest first."""
    header = ("Verdict", "When")
    rows = [[Cell(code.name), Cell(MEANINGS[code.code])] for code in CLAIM_CODES]
    return Fragment(
        markup.table_html("Verdicts in order of gravity: a claim’s verdict is the first that applies", header, rows),
        markup.table_text(header, rows),
    )


def corrections_log() -> Fragment:
    """Return the log of corrections, and how to reply."""
    log = load_corrections()
    lines = [
        f"{each.date.words}, {each.claim}: this page said “{each.said}”; it now says “{each.says}”. {each.reason}"
        + (f" Reply: “{each.reply}”" if each.reply else "")
        for each in log.corrections
    ]
    listed = markup.items(lines) if lines else markup.paragraphs(["No verdict has been corrected so far."])
    html = listed + Markup("\n") + markup.paragraphs([log.replies])
    return Fragment(html, "\n".join([*(lines or ["No verdict has been corrected so far."]), log.replies]))


def consulted(judgements: Sequence[Judgement]) -> Fragment:
    """Return the releases that the verdicts rest on, with their limits and licence."""
    lines = [_release_line(release) for release in judgements[0].releases]
    attribution = load_register().attribution
    html = markup.items(lines) + Markup("\n") + markup.paragraphs([attribution], kind="attribution")
    return Fragment(html, "\n".join([*(line.striptags() for line in lines), attribution]))


def force_section(
    area: str | Area, *, offence: str = "88A", release: str = "latest", page: str | None = None
) -> Fragment:
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
        line = f"No published claim about these offences that names {who.name} has been checked here."
        return markup.prose(line)
    lead = f"Verdicts as of the {name_of(judgements[0].newest)}; they describe figures, not motives."
    html = markup.paragraphs([lead]) + Markup("\n") + markup.items(_force_line(each, page) for each in judgements)
    return Fragment(html, "\n".join([lead, *(f"- {each.name}: {each.claim.statement}" for each in judgements)]))


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
    return Markup('<a href="{0}">{0}</a>').format(source) if is_address else escape(source)


def _verdict_counts(judgements: Sequence[Judgement]) -> list[tuple[str, int]]:
    verdicts = [judgement.verdict for judgement in judgements]
    return [(code.code, verdicts.count(code.code)) for code in CLAIM_CODES if code.code in verdicts]


def _anchor(claim: Claim) -> str:
    return f"claim-{claim.id}"


def _heading(claim: Claim) -> str:
    what = claim.current.period.words if claim.current else next(iter(texts.stated_words(claim)), claim.id)
    return _upper_first(f"{claim.area.name}, {what}")


def _lower_first(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"


def _upper_first(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"


def _finding(name: str, text: str) -> Markup:
    return Markup("<b>{}.</b> {}").format(name, text)


def _figures_table(judgement: Judgement) -> Markup:
    if not judgement.figures:
        return markup.paragraphs(["No count was stated."])
    releases = [
        release
        for release in judgement.releases
        if any(given.id == release.id and value is not None for f in judgement.figures for given, value in f.given)
    ]
    header = ("Figure", "Stated", *(_column(release) for release in releases))
    rows = []
    for figure in judgement.figures:
        by_release = {release.id: value for release, value in figure.given}
        counts = (figure.stated, *(by_release.get(release.id) for release in releases))
        rows.append([Cell(texts.figure_words(figure)), *(Cell(number(count), number=True) for count in counts)])
    whole = judgement.claim.offence.part_of
    caption = f"{_heading(judgement.claim)}: what was stated, what was known then, and what is known now" + (
        f"; the releases count all of code {whole}" if whole else ""
    )
    return markup.table_html(caption, header, rows)


def _column(release: Release) -> str:
    name = name_of(release)
    return _upper_first(name) + (" (context)" if release.kind == "context" else "")


def _release_line(release: Release) -> Markup:
    return Markup('{}: <cite>{}</cite>. {}. <a href="{}">{}</a>. {}').format(
        release.producer, release.title, release.licence, release.page, release.page, release.limits
    )


def _force_line(judgement: Judgement, page: str | None) -> Markup:
    claim = judgement.claim
    statement = (
        escape(claim.statement)
        if page is None
        else Markup('<a href="{}#{}">{}</a>').format(page, _anchor(claim), claim.statement)
    )
    fairly = f" Fairly put: {judgement.restatement}" if judgement.restatement else ""
    return Markup("<b>{}.</b> {} (published {}){}").format(judgement.name, statement, claim.published.words, fairly)
