"""The page around the pieces: what is escaped, what its policy allows, what stands on every page."""

from __future__ import annotations

import base64
import hashlib
import re
import xml.etree.ElementTree as ET  # what is read is what the test itself made
from dataclasses import replace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from seen import Seen

from analysis import compare
from analysis.comparison import Comparison
from analysis.errors import RequestError
from analysis.publish.pages import Page
from analysis.publish.rendering import to_html
from analysis.report import charts, sentences, tables
from analysis.report.view import View, words
from analysis.report.view import html as view_html
from analysis.terms.areas import Area

HOSTILE = "</style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}{% raw %}\\"
IDENTITY = {
    "digest": "0123456789abcdef" * 4,
    "figures": {"offences_2026-04-23.csv": "f" * 64},
    "versions": {"python": "3.11"},
}
PIECES = (
    sentences.masthead, sentences.area_masthead, sentences.summary, sentences.comparability, sentences.limits,
    sentences.sources, sentences.among_forces, sentences.across_time, sentences.quotable, tables.figures, tables.offences,
    tables.all_forces,
)  # fmt: skip
CHARTS = (charts.quarters, charts.process, charts.among_forces)


@pytest.fixture(scope="module")
def hostile() -> Comparison:
    """A comparison in which every text that comes from outside carries markup."""
    good = compare("Kent", period="2018/19", baseline="2016/17", release="2026-04-23")
    words = {"before": HOSTILE, "after": HOSTILE, "short_before": HOSTILE, "short_after": HOSTILE, "what": HOSTILE}
    told = dict.fromkeys(("title", "producer", "licence", "page", "obtained", "checked", "limits"), HOSTILE)
    outside = {
        "area": Area(HOSTILE, good.area.forces),
        "offence": replace(good.offence, name=HOSTILE, noun=HOSTILE, one=HOSTILE, limits=(HOSTILE,)),
        "release": replace(good.release, **told),
    }
    assert good.baseline
    return replace(
        good,
        current=replace(good.current, **outside),
        baseline=replace(good.baseline, **outside),
        breaks=tuple(replace(change, **words) for change in good.breaks),
    )


def page_of(*outputs: nbformat.NotebookNode, name: str = "forces/kent", force: str = "Kent") -> str:
    cells = new_markdown_cell("## What was recorded"), new_code_cell("x", outputs=list(outputs))
    return page_with(*cells, name=name, force=force)


def page_with(*cells: nbformat.NotebookNode, name: str = "forces/kent", force: str = "Kent") -> str:
    asked = {"force": force, "period": "2025-01..2025-12", "baseline": None, "offence": "88A", "release": "2026-04-23"}
    near = {
        "": {other: said for other, said in words("site.pages").items() if other != name},
        force: {"near": force},
    }
    page = Page(name, "force_report", asked, near, tuple(near[""]))
    return to_html(page, new_notebook(cells=list(cells)), IDENTITY).decode()


def shown(piece: object) -> nbformat.NotebookNode:
    data, metadata = piece._repr_mimebundle_()  # type: ignore[attr-defined]
    return new_output("execute_result", data, execution_count=1, metadata=metadata)


def is_harmless(seen: Seen) -> bool:
    handlers = [name for _, attributes in seen.tags for name in attributes if name.startswith("on")]
    return not handlers and not seen.named("img")


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.__name__)
def test_markup_in_a_name_an_offence_or_a_source_is_shown_as_text(hostile, piece):
    seen = Seen(str(piece(hostile).html))
    assert is_harmless(seen)
    assert not {"script", "style"} & {tag for tag, _ in seen.tags}


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
def test_markup_in_a_chart_is_shown_as_text(hostile, chart):
    made = chart(hostile)
    seen = Seen(str(made.html))
    assert is_harmless(seen)
    assert not {"script", "style"} & {tag for tag, _ in seen.tags}
    tags = {element.tag.partition("}")[2] for element in ET.fromstring(made.svg).iter()}  # noqa: S314 -- our own
    assert tags <= {"svg", "title", "g", "path", "circle", "text", "pattern"}


def test_markup_in_a_page_is_shown_as_text(hostile, monkeypatch):
    monkeypatch.setattr(View, "gives_file", True)
    seen = Seen(page_of(shown(sentences.masthead(hostile)), shown(tables.figures(hostile)), force=HOSTILE))
    assert is_harmless(seen)
    assert [len(seen.named(tag)) for tag in ("script", "style", "h1", "title")] == [
        1,
        2,
        1,
        1,
    ]  # no chart, and nothing for one
    assert HOSTILE in seen.said("title")
    assert HOSTILE in seen.said("h1")
    assert f'--force "{HOSTILE}"' in seen.said()


def test_the_policy_allows_the_pages_own_style_and_script_and_nothing_else():
    html = page_of(shown(sentences.masthead(compare("Kent", release="2026-04-23"))))
    seen = Seen(html)
    policy = next(meta["content"] for meta in seen.named("meta") if meta.get("http-equiv"))
    blocks = re.findall(r"<(style|script)>(.*?)</\1>", html, re.S)
    hashes = [
        (f"{kind}-src", f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'")
        for kind, text in blocks
    ]
    allowed = {name: sources for name, *sources in map(str.split, str(policy).split(";"))}
    assert sorted(hashes) == sorted((name, each) for name in ("style-src", "script-src") for each in allowed[name])
    assert allowed["default-src"] == ["'none'"]
    assert allowed["img-src"] == ["data:"]
    assert not re.search(r"\sstyle=|\son\w+=|unsafe", html)


def test_every_sheet_of_paper_names_the_page_and_the_build():
    html = page_of(shown(sentences.masthead(compare("Kent", release="2026-04-23"))))
    title = re.search(r"<title>(.*?)</title>", html)
    running = re.findall(r"<style>(@page.*?)</style>", html)
    assert title
    assert len(running) == 1
    texts = [
        re.sub(r"\\([0-9a-f]+) ", lambda match: chr(int(match[1], 16)), text)
        for text in re.findall(r'content:"([^"]*)"', running[0])
    ]
    assert texts == [title[1], "build 0123456789ab"]


def test_a_title_cannot_break_out_of_the_style_sheet(hostile):
    (running,) = re.findall(r"<style>(@page.*?)</style>", page_of(shown(sentences.masthead(hostile))))
    outside = re.sub(r'"[^"]*"', "", running)
    assert outside == "@page{@top-left{content:}@bottom-left{content:}}"


def test_on_every_page_stands_how_to_check_it_and_where_there_is_help():
    html = page_of()
    text = " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())
    command = "".join(re.findall(r'<code data-copy="the command">(.*?)</code>', html, re.S))
    assert re.sub("<[^>]+>", "", command).replace("&#34;", '"') == (
        'analysis build --force "Kent" --period 2025-01..2025-12 --release 2026-04-23 --offence 88A'
    )
    assert IDENTITY["digest"] in text
    assert "offences_2026-04-23.csv " + "f" * 64 in text
    for number in ("NSPCC helpline", "0808 800 5000", "0800 1111", "Police 101", "999 in an emergency"):
        assert number in text


def test_links_of_the_index_lead_down_and_those_of_a_page_below_lead_up():
    below, top = page_of(), page_of(name="index")
    assert 'href="../manifest.json"' in below
    assert 'href="../index.html"' in below
    assert 'href="manifest.json"' in top
    assert 'href="index.html"' not in top


def result(html: str) -> nbformat.NotebookNode:
    return new_output("execute_result", {"text/html": html, "text/plain": html}, execution_count=1)


def test_a_heading_with_nothing_under_it_on_this_page_is_left_out():
    html = page_with(
        new_code_cell("parameters"),
        new_markdown_cell("## Kept"),
        new_code_cell("x", outputs=[result("")]),
        new_code_cell("y", outputs=[result("<p>something</p>")]),
        new_markdown_cell("## Every force"),
        new_code_cell("x", outputs=[result("")]),
        new_markdown_cell("## Above another"),
        new_markdown_cell("### Empty"),
        new_code_cell("x", outputs=[result("")]),
        new_markdown_cell("### Filled"),
        new_code_cell("x", outputs=[result("<p>more</p>")]),
        new_markdown_cell("### Empty again"),
        new_markdown_cell("## Words"),
        new_markdown_cell("A sentence."),
        new_markdown_cell("## The end"),
    )
    content = html.partition('<p class="support">')[2].partition("</p>")[2].partition('<section class="check"')[0]
    found = [each for each in re.sub(r"\s*<[^>]+>\s*", "|", content).split("|") if each not in {"", "#"}]
    assert found == ["Kept", "something", "Above another", "Filled", "more", "Words", "A sentence."]


def test_what_a_page_leaves_out_leaves_no_trace_in_its_bytes():
    heading, shown = new_markdown_cell("## Recorded"), new_code_cell("x", outputs=[result("<p>something</p>")])
    empty = (new_code_cell("y", outputs=[result("")]), new_markdown_cell("## Empty"), new_code_cell("z"))
    assert page_with(heading, shown, *empty) == page_with(heading, shown)


def test_an_output_that_no_page_can_show_is_refused():
    with pytest.raises(RequestError, match="an output that is not HTML: a warning"):
        page_of(new_output("stream", name="stderr", text="a warning"))
    for output, said in (
        (new_output("display_data", data={"text/plain": "Kent", "image/png": "-"}), "text/plain, image/png"),
        (new_output("error", ename="KeyError", evalue="Avon", traceback=[]), "error"),
    ):
        with pytest.raises(RequestError, match=f"an output that is not HTML: {said}; a cell must show"):
            page_of(output)


def test_a_description_is_the_first_two_lines_as_far_as_a_card_has_room_for_them():
    said = new_output(
        "display_data", data={"text/html": "<p>33</p>", "text/plain": "33 rapes.\nTwo. " + 250 * "x " + "\nNo."}
    )
    told = re.search(r'name="description" content="([^"]*)"', page_of(said))
    assert told
    assert told[1].startswith("33 rapes. Two. x")
    assert told[1].endswith("x …")
    assert len(told[1]) <= 500
    listed = new_output(
        "display_data", data={"text/html": "<p>33</p>", "text/plain": "33 rapes.\n- Kent: 3\n- Essex: 4"}
    )
    assert 'name="description" content="33 rapes."' in page_of(listed)


def test_a_page_without_a_title_of_its_own_has_that_of_its_first_heading_and_says_it():
    code, page = (
        new_code_cell("# Not this"),
        page_with(new_code_cell("# Not this"), new_markdown_cell("# What was recorded")),
    )
    assert "<title>What was recorded</title>" in page
    assert 'name="description" content="What was recorded"' in page
    assert "<title>Recorded offences</title>" in page_with(code)


@pytest.mark.parametrize("site", ["", "https://example.org/"])
def test_on_paper_links_lead_to_the_site_or_nowhere(site):
    page = Page("forces/kent", "force_report", {"release": "2026-04-23", "force": "Kent"}, site=site)
    cells = [new_code_cell("x", outputs=[result("<p>something</p>")])]
    printed, briefing, seen = (
        to_html(page, new_notebook(cells=cells), IDENTITY, paper=paper).decode() for paper in ("page", "briefing", "")
    )
    led = ['href="https://example.org/manifest.json"'] if site else []
    assert re.findall('href="[^"]*manifest.json"', printed) == led
    assert 'href="https://example.org/manifest.json"' not in seen
    assert 'href="../manifest.json"' in seen
    assert "from force_report.ipynb." in seen
    assert '<section class="check"' not in briefing
    assert "#check" not in briefing
    assert printed.count('href="#check"') == seen.count('href="#check"') == 3
    assert briefing.count("<style>") == printed.count("<style>") + 1 == seen.count("<style>") + 1


def test_every_heading_of_a_page_has_an_address_and_the_contents_lead_to_those_of_its_parts():
    html = page_with(
        new_markdown_cell("## Quarter by quarter"),
        new_code_cell("x", outputs=[result(str(view_html("heading", 3, "2025")))]),
        new_markdown_cell("## Among the forces"),
        new_code_cell("x", outputs=[result("<p>a</p>")]),
    )
    seen = Seen(html)
    found = [attributes.get("id") for tag, attributes in seen.tags if re.fullmatch("h[1-6]", tag)]
    assert found == ["quarter-by-quarter", "2025", "among-the-forces", "check", "support"]
    contents = html.partition('<nav aria-label="On this page">')[2].partition("</nav>")[0]
    assert re.findall('href="#([^"]*)"', contents) == ["quarter-by-quarter", "among-the-forces", "check"]
    assert {"#quarter-by-quarter", "#2025"} <= {attributes["href"] for attributes in seen.named("a")}


def test_the_head_names_the_site_and_leads_to_the_pages_beside_it():
    seen = Seen(page_of())
    hrefs = [attributes["href"] for attributes in seen.named("a")]
    for name in ("index", "england-and-wales", "claims", "methods", "breaks"):
        assert f"../{name}.html" in hrefs
    assert "../data/all.csv" in hrefs
    assert "Like for like" in seen.said("b")


def test_the_first_line_says_whose_figures_and_when_released_and_the_build_stands_at_the_foot():
    text = re.sub(r"<[^>]+>", "", page_of().partition('<main id="content" vocab="https://schema.org/">')[2])
    assert text.strip().startswith("Home Office figures, released on 23 April 2026, set beside each other by")
    assert "Build 0123456789ab" in text.partition("Support")[2]


def test_a_shared_link_says_what_the_page_does():
    comparison = compare("Kent", release="2026-04-23")
    seen = Seen(page_of(shown(sentences.masthead(comparison)), shown(sentences.summary(comparison))))
    about = {meta.get("name") or meta.get("property"): meta.get("content") for meta in seen.named("meta")}
    assert about["description"] == about["og:description"] == " ".join(sentences.summary_sentences(comparison))
    assert about["og:title"] == seen.said("title").strip()
