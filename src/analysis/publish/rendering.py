"""What is made of a page: its notebook run by papermill as HTML, PDF, CSV, card and notebook; answers, and a site's lists."""

from __future__ import annotations

import csv
import functools
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import files
from analysis.errors import RequestError
from analysis.figures.register import load_register
from analysis.publish import pages
from analysis.publish.pages import Page
from analysis.report import addresses
from analysis.report.view import View, glossary, hashed, head, html, prose, say, template
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.offences import Offence

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from analysis.claims import Judgement

STYLES, SCRIPTS = ("style.css", "chart.css"), ("script.js", "chart.js")
_TEMPLATES = files.PACKAGE / "report" / "templates"
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MOST_ON_A_CARD = 500  # characters
_DOTS = 100  # for each inch of a card, which is 1200 by 630
_INK, _GREY, _BLUE = "#1d1d1f", "#58585c", "#12436d"
_MARK = b'<meta name="generator" content="analysis claims">'  # by which a page of somebody's own claims is known as one of ours
_FAR_IN = 4000  # bytes within which it stands


def render(page: Page, identity: Mapping[str, Any]) -> dict[str, bytes]:
    """Return a page's files: its HTML, a card that stands for it where a link is shared, its figures as CSV, and the notebook as it ran.

    Parameters
    ----------
    page
        What to make.
    identity
        What the template prints of how the page was made.

    Returns
    -------
    dict
        Relative path to bytes. The same inputs give the same bytes.

    Raises
    ------
    Exception
        Whatever the notebook's run raised; nothing is written.
    """
    if page.notebook == "answers":
        return answers(page.parameters)
    if page.name == pages.NOT_FOUND:
        search = html("page", addresses.INDEX, say("site.not-found-search"))
        views = head(say("site.not-found")), prose(search)
        return {f"{page.name}.html": to_html(page, shown(*views))} | lists(page)
    executed = _run(page.notebook, page)
    content = {f"{page.name}.html": to_html(page, executed, identity)}
    if page.pdf:
        content[f"{page.name}.pdf"] = _on_paper(page, executed, identity)
    if page.has_briefing:
        content[f"{page.name}-briefing.pdf"] = _on_paper(page, _run("briefing", page), identity, "briefing")
    figures: dict[str, str] = {}
    for output in _outputs(executed):  # what stands in a file of its own now is a table in the notebook
        if text := output.get("data", {}).pop("text/csv", None):
            figures[output.metadata["analysis"].get("name", "")] = text
    if page.site:  # most of those that show a card read no SVG
        content[f"cards/{page.slug}.png"] = card(*_headline(executed), figures)
    else:
        content[f"cards/{page.slug}.svg"] = str(html("card", *_headline(executed))).encode()
    content |= {f"data/{page.slug}{f'-{name}' if name else ''}.csv": text.encode() for name, text in figures.items()}
    saved = json.dumps(executed, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    return content | {f"notebooks/{page.slug}.ipynb": saved.encode()}


def _run(name: str, page: Page) -> NotebookNode:
    from nbformat import from_dict

    from analysis.publish import engine

    return engine.run(from_dict(_notebook(f"{name}.ipynb")), page.parameters)  # type: ignore[no-untyped-call]


@functools.cache
def _notebook(name: str) -> dict[str, Any]:
    return pages.read_notebook(name, files.shipped("notebooks", name).read_bytes())


def _outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    for cell in notebook.cells:
        yield from cell.get("outputs", ())


def _with_content(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return the cells that have something to show for this page, without headings above nothing else."""
    kept = []
    below = 0  # how far below a heading lies what is kept: a part of some level, or content, which is below any
    for cell in reversed(cells):
        heading = re.fullmatch(r"(#+) [^\n]+", cell.source) if cell.cell_type == "markdown" else None
        level = len(heading[1]) if heading else 7
        is_empty = all(output.get("data", {}).get("text/html") == "" for output in cell.get("outputs", ()))
        if below > level if heading else cell.cell_type == "markdown" or not is_empty:
            kept.append(cell)
            below = level
    return kept[::-1]


def _headline(notebook: NotebookNode) -> tuple[str, str]:
    """Return a page's title, and what a search engine or a shared link says of it.

    That is its first two lines above any list, so that no two counts go without the answer, as far as a card has room for them.
    """
    titles = (output.get("metadata", {}).get("analysis", {}).get("title") for output in _outputs(notebook))
    headings = (re.match("# (.+)", cell.source) for cell in notebook.cells if cell.cell_type == "markdown")
    own = next((heading[1] for heading in headings if heading), "Recorded offences")
    title = next(filter(None, titles), own)
    shown = (output.get("data", {}) for output in _outputs(notebook))
    said = (data["text/plain"] for data in shown if str(data.get("text/html", "")).startswith("<p"))
    first_lines = " ".join(str(next(said, title)).partition("\n- ")[0].split("\n")[:2])
    return title, textwrap.shorten(first_lines, _MOST_ON_A_CARD, placeholder=" …")


def chromium() -> tuple[str, str]:
    """Return where the system's Chromium is, and its version.

    Raises
    ------
    RequestError
        If there is none.
    """
    for found in filter(None, map(shutil.which, _CHROMIUM)):
        told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
        if said := told.stdout.strip():
            return found, said
    names = ", ".join(_CHROMIUM)
    raise RequestError(f"--pdf: no Chromium is here ({names}); install one, or print a page from any browser")


def _on_paper(page: Page, notebook: NotebookNode, identity: Mapping[str, Any], kind: str = "page") -> bytes:
    """Return a page as PDF, whose links lead to the site where that has an address, and otherwise nowhere."""
    program, version = chromium()
    if version != page.pdf:
        raise RequestError(f"--pdf: {version} is here, and {page.pdf} where the build is; install the same")
    alone = page if page.site else replace(page, links={}, present=())
    with tempfile.TemporaryDirectory() as name:
        source, made = Path(name, "page.html"), Path(name, "page.pdf")
        source.write_bytes(to_html(alone, notebook, identity, paper=kind))
        words = [program, "--headless", "--disable-gpu", "--no-pdf-header-footer", source.as_uri()]
        words += [f"--user-data-dir={name}", f"--print-to-pdf={made}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            words.append("--no-sandbox")  # which it wants of the superuser; the page is ours
        # Its socket has room for a short path only.
        short = {name: value for name, value in os.environ.items() if name != "TMPDIR"}
        done = subprocess.run(words, env=short, capture_output=True, text=True, check=False)  # noqa: S603
        if not made.is_file():
            raise RequestError(f"--pdf: {version} printed nothing ({done.stderr.strip()[-200:]})")
        # The same page gives the same bytes, whenever it is printed; on a busy machine Chromium counts its nodes from another number.
        printed = re.sub(rb"\(D:\d{14}", b"(D:20000101000000", made.read_bytes())
        names = sorted(set(re.findall(rb"node\d{8}", printed)))
        nodes = {name: b"node%08d" % number for number, name in enumerate(names)}
        return re.sub(rb"node\d{8}", lambda found: nodes[found[0]], printed)


def to_html(
    page: Page, notebook: NotebookNode, identity: Mapping[str, Any] | None = None, *, paper: str = "", concerned: Iterable[Offence] = ()
) -> bytes:  # fmt: skip
    """Return the page that an executed notebook makes, of a build unless there is no `identity`.

    On paper, a ``page`` or a ``briefing``, links lead to the site's address, or nowhere. A reader is told who helps with the
    offences `concerned`, by default those of the page.
    """
    title, description = _headline(notebook)
    is_drawn = any('<figure class="chart' in each.get("data", {}).get("text/html", "") for each in _outputs(notebook))
    styles, scripts = (names if is_drawn else names[:1] for names in (STYLES, SCRIPTS))
    styles = (*styles, "briefing.css") if paper == "briefing" else styles
    identity = identity or {"digest": ""}
    source, held = f"{page.notebook.removeprefix(pages.OWN)}.ipynb", load_register()
    about = {
        "page": page,
        "top": page.site if paper else page.top,
        "paper": paper,
        "is_bare": paper and not page.site,
        "title": title,
        "identity": identity,
        "styles": [hashed(text) for text in (*map(_template_file, styles), _running_lines(title, identity["digest"]))],
        "scripts": [hashed(_template_file(name)) for name in scripts],
        "unknown": _refuse_output,
        "source": source,
        "held": held,
        "release": held.release(page.parameters["release"]),
        "helplines": list(dict.fromkeys(chain(*map(offences.helplines, concerned or page.concerned)))),
        "description": description,
        "html": html,
        "linked": addresses.linked,
        "glossary": list(dict.fromkeys(glossary().values())),
        "accredited": say("site.accredited"),
        "own": say("site.own", notebook=source) if page.is_own else "",
    }
    cells = {"cells": _with_content(notebook.cells)}
    return str(_template().render(nb=cells, resources={"report": about})).encode()


@functools.cache
def _template() -> Any:
    """Return nbconvert's template of a page; its exporters would copy each notebook, and read and mend the finished page."""
    from nbconvert import HTMLExporter

    where = {"template_name": "report", "extra_template_basedirs": [str(_TEMPLATES)]}
    return HTMLExporter(exclude_anchor_links=True, filters={"slug": areas.slug}, **where).template  # type: ignore[no-untyped-call]


def shown(*parts: str | View) -> NotebookNode:
    """Return a notebook that shows views, with Markdown between them."""
    from nbformat import from_dict

    def cell(part: str | View) -> dict[str, Any]:
        if isinstance(part, str):
            return {"cell_type": "markdown", "source": part}
        data, about = part._repr_mimebundle_()
        return {"cell_type": "code", "outputs": [{"output_type": "display_data", "data": data, "metadata": about}]}

    return from_dict({"cells": list(map(cell, parts))})  # type: ignore[no-untyped-call,no-any-return]


def write(path: Path, content: bytes) -> None:
    """Write a page of claims, or of an article, whole or not at all; it may take the place of such a page, and of nothing else.

    Raises
    ------
    RequestError
        If a folder, a link or a file of somebody else's stands there, or the file cannot be written.
    """
    is_ours = False
    with suppress(OSError):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                is_ours = _MARK in file.read(_FAR_IN)
    if os.path.lexists(path) and not is_ours:
        raise RequestError(f"--html: {path} is there, and is no page that this command made; give another name")
    files.write_whole(path, content, option="--html")


def of_claims(judgements: Sequence[Judgement]) -> bytes:
    """Return the page of some judgements, as one HTML file."""
    from analysis.report import published

    parts: tuple[str | View, ...] = (
        published.masthead(judgements), published.introduction(judgements),
        "## Verdicts", published.summary(judgements),
        "## What several claims share", published.notes(judgements),
        "## Claim by claim", published.articles(judgements),
        "## What the verdicts mean", published.meanings(),
        "## What these figures do not say", published.limits(judgements),
        "## Where this comes from", published.consulted(judgements),
    )  # fmt: skip
    page = Page("index", "claims_report", {"release": judgements[0].newest.id})
    return to_html(page, shown(*parts), concerned=[each.claim.counted_as for each in judgements])


def _refuse_output(output: NotebookNode) -> str:
    """Refuse what a page cannot show, a printed warning among it, rather than leave it out."""
    said = output.get("text") or ", ".join(output.get("data", {})) or output.output_type
    raise RequestError(f"an output that is not HTML: {said}; a cell must show what a library function returns")


@functools.cache
def _template_file(name: str) -> str:
    text = (_TEMPLATES / "report" / name).read_text(encoding="utf-8")
    # Without what only who writes it needs.
    return re.sub(r"^\s*(?:(?://.*|/\*[^*]*\*/)\n\s*)*", "", text, flags=re.MULTILINE).strip()


def _running_lines(title: str, digest: str) -> str:
    """Return the style sheet that prints a page's title and build on every sheet of paper."""
    # The space that ends an escape is part of it.
    head, foot = (
        re.sub(r"[^A-Za-z0-9 ,.-]", lambda found: f"\\{ord(found[0]):x} ", text)
        for text in (title, f"build {digest[:12]}" if digest else "")
    )
    return f'@page{{@top-left{{content:"{head}"}}@bottom-left{{content:"{foot}"}}}}'


def answers(asked: Mapping[str, Any]) -> dict[str, bytes]:
    """Return what ``compare --json`` says of an area, a file an offence; or the index and the schemas, where no area is asked for."""
    from analysis.comparison import compare

    if not asked["force"]:
        return _index(asked)
    area = areas.find_area(asked["force"])
    # Of a partnership, the newest years of its own tables.
    figures = {} if area.by_years else {name: asked[name] for name in ("period", "baseline", "release")}
    listed = pages.answered_offences(asked["release"], area)
    return {_path(area, each): _json(compare(area, offence=each.code, **figures).to_dict()) for each in listed}


def _index(asked: Mapping[str, Any]) -> dict[str, bytes]:
    from analysis.claims import check, verdicts
    from analysis.comparison.compare import SCHEMA, json_schema

    release = asked["release"]
    listed = [
        {"name": area.name, "kind": area.kind, "answers": {each.code: _path(area, each) for each in pages.answered_offences(release, area)}}
        for area in pages.answered_areas(partnerships=asked["partnerships"])
    ]  # fmt: skip
    named = [{"code": each.code, "name": each.name} for each in pages.answered_offences(release)]
    periods = {name: asked[name] for name in ("release", "period", "baseline")}
    index = {"schema": SCHEMA, **periods, "offences": named, "areas": listed}
    schemas = {"compare": json_schema(), "claims": verdicts.json_schema(), "check": check.json_schema()}
    made = {f"schema/{name}.json": _json(each) for name, each in schemas.items()}
    return {f"{pages.ANSWERS_INDEX}.json": _json(index)} | made


def _path(area: Area, offence: Offence) -> str:
    return f"{pages.ANSWERS}/{area.slug}/{offence.slug}.json"


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def card(title: str, said: str, figures: Mapping[str, str]) -> bytes:
    """Return what stands for a page where a link to it is shared, as PNG: what its first lines say, and its quarters.

    Parameters
    ----------
    title, said
        Its title and its first lines.
    figures
        Its figures as CSV, by name.

    Returns
    -------
    bytes
        1200 by 630 pixels; the same for the same words, figures and version of Matplotlib.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(mpl.rcParamsDefault | {"font.family": "DejaVu Sans", "text.parse_math": False}):
        figure = Figure(figsize=(1200 / _DOTS, 630 / _DOTS), dpi=_DOTS, facecolor="white")
        figure.add_artist(mpl.patches.Rectangle((0, 1 - 12 / 630), 1, 12 / 630, color=_BLUE))
        heads, lines = textwrap.wrap(title, 54), textwrap.wrap(said, 78)
        top = 146 + 42 * len(heads)
        below = top + 33 * len(lines)
        texts = [(80, say("site.name"), 26, _GREY, "normal"), (600, load_register().attribution, 18, _GREY, "normal")]
        texts += [(140 + 42 * number, line, 32, _INK, "bold") for number, line in enumerate(heads)]
        texts += [(top + 33 * number, line, 24, _INK, "normal") for number, line in enumerate(lines)]
        for y, text, size, colour, weight in texts:
            figure.text(0.05, 1 - y / 630, text, fontsize=size * 72 / _DOTS, color=colour, weight=weight)
        # Of the one offence that a page draws by quarter, oldest first; none where it draws another thing.
        rows = csv.DictReader(io.StringIO(figures.get("quarters", "")))
        counts = [float(row["offences"]) for row in rows if row.get("offences") and "offence" not in row]
        if len(counts) > 1 and below < 480:
            axes = figure.add_axes((0.05, 45 / 630, 0.9, (550 - below) / 630))
            axes.bar(range(len(counts)), counts, color=_BLUE, width=0.7)
            axes.set_xlim(-0.5, len(counts) - 0.5)
            axes.set_axis_off()
        made = io.BytesIO()
        FigureCanvasAgg(figure).print_png(made, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return made.getvalue()


def lists(page: Page) -> dict[str, bytes]:
    """Return the files of a site that are no pages: the list of those that are present, and the feed."""
    newest_first = sorted(_entries(page), key=lambda entry: (entry[1], entry[0]), reverse=True)
    told = {
        "site": page.site,
        "name": say("site.name"),
        "pages": [pages.address_on(page.site, name) for name in page.present],
        "released": load_register().release(page.parameters["release"]).released,
        "entries": newest_first,
    }
    return {name: (template(f"{name}.j2").render(told) + "\n").encode() for name in ("sitemap.xml", "feed.xml")}


def _entries(page: Page) -> Iterator[tuple[str, date, str, str, str]]:
    """Give what is new: each entry's name, day, title, words, and where it leads."""
    from analysis import claims
    from analysis.claims.documents import load_corrections
    from analysis.claims.wording import answer

    def link(to: str, part: str = "") -> str:
        return pages.address_on(page.site, to) + part if to in page.present else page.site

    held = load_register()
    newest = held.release(page.parameters["release"])
    until = newest.released or date.min
    days = [(each, each.released) for each in held.releases if each.kind == "full" and each.released]
    days = [(each, day) for each, day in days if day <= until]
    for each, day in days:
        to = addresses.CHANGES if each == newest else addresses.DATA
        yield f"release-{each.id}", day, say("site.feed-release", release=each.words), each.title, link(to)
    if len(days) > 1 and newest == held.release("latest"):
        for then, now in claims.changed(claims.shipped(), since=days[-2][0].id):
            name = now.claim.id
            title = say("site.feed-verdict", claim=name, now=now.name, then=then.name)
            yield f"verdict-{newest.id}-{name}", until, title, answer(now), link(addresses.CLAIMS, f"#claim-{name}")
    for one in load_corrections().corrections:
        for name in one.claims:
            title, said = say("site.feed-correction", claim=name), f"{one.says}. {one.reason}"
            yield f"correction-{one.date}-{name}", one.date, title, said, link(addresses.CLAIMS, f"#claim-{name}")
