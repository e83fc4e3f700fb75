"""Pages as readers meet them: by eye, by ear, by keyboard, on a phone, on paper, without a network or a script."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from matplotlib import pyplot as plt
from playwright.sync_api import expect

from analysis import publish
from analysis.publish import rendering

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of the links of a map one is a stop: arrow keys lead to the others.
FOCUSABLE = "a[href]:not([tabindex='-1']), button, input, summary, [tabindex='0']"
STOPS = 25  # that are pressed through at a page's beginning and at its end
OPEN_ALL = "document.querySelectorAll('details').forEach(part => { part.open = true; })"
# The printed area of A4 within the margins of the style sheet, in the browser's pixels.
PRINTED = {"width": 673, "height": 979}
# Every page narrow and wide, in both colours, and pages of one kind by turns: the style sheets tell neither 320 from 390
# nor 1280 from 1920.
SCREENS = (((320, "light"), (1280, "dark")), ((390, "dark"), (1920, "light")))
# What other colours may change. To read them takes most of axe's time, and thousands of cells of a table are alike.
COLOURS = ["color-contrast", "link-in-text-block"]
# axe reads no colour before a gradient: the shadows of what scrolls, which lie at its edges, made most of a table unread.
NO_SHADOWS = "document.querySelectorAll('.table, .contents').forEach(part => { part.style.backgroundImage = 'none'; })"
# Marks what looks like something before it: the same elements with the same classes and computed colours in the same places.
MARK_ALIKE = """() => {
    const kinds = new Map(), shapes = new Map(), seen = new Set();
    const kind = part => {
        const style = getComputedStyle(part);
        const looks = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight", "display", "visibility", "position", "textDecorationLine"];
        const says = [...part.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
        return [part.tagName, part.getAttribute("class"), says, ...looks.map(name => style[name])].join();
    };
    const once = (made, make) => part => {
        if (!made.has(part)) made.set(part, make(part));
        return made.get(part);
    };
    const kindOf = once(kinds, kind);
    const shapeOf = once(shapes, part => `${kindOf(part)}(${[...part.children].map(child => shapeOf(child)).join(";")})`);
    const mark = (part, above) => [...part.children].forEach(child => {
        const shape = above + shapeOf(child);
        if (seen.has(shape)) child.dataset.alike = `${child.dataset.alike || ""}x`;
        else mark(child, above + kindOf(child));
        seen.add(shape);
    });
    mark(document.body, "");
}"""
# Takes out what is in parts that are alike on both screens: to leave thousands unread takes axe longer than to read the rest.
EMPTY_ALIKE = "document.querySelectorAll('[data-alike=xx]').forEach(part => part.replaceChildren())"
PHONES = (320, 390)


def test_axe_finds_nothing_on_any_screen_in_any_colours(visit, name, turn):
    seen = visit(name)
    page = seen.page
    page.evaluate(OPEN_ALL)
    page.evaluate(NO_SHADOWS)
    every = {"type": "tag", "values": TAGS}, {rule: {"enabled": False} for rule in COLOURS}
    sizes, colours = (({"type": "rule", "values": rules}, {}) for rules in (["target-size"], COLOURS))
    first, last = SCREENS[turn % 2]
    each_way = (
        (first, MARK_ALIKE, every),
        (last, MARK_ALIKE, sizes),
        (last, EMPTY_ALIKE, colours),
        (first, EMPTY_ALIKE, colours),
    )
    for (width, scheme), prepare, (only, rules) in each_way:
        page.emulate_media(color_scheme=scheme)
        seen.settle(width)
        page.evaluate(prepare)
        options = {"runOnly": only, "rules": rules, "resultTypes": ["violations"]}
        found = Axe().run(page, options=options).response["violations"]
        told = [(each["id"], each["impact"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]
        assert told == [], (width, scheme)


def test_a_page_asks_for_nothing_and_complains_of_nothing(visit, name):
    seen = visit(name)
    seen.page.evaluate(OPEN_ALL)
    seen.page.evaluate("document.querySelectorAll('button').forEach(button => button.click())")
    assert seen.asked == []
    assert seen.messages == []


def test_the_policy_of_a_page_stops_what_slips_in(visit):
    page = visit("index").page
    stopped = page.evaluate(
        """() => new Promise(done => {
            const stopped = [];
            setTimeout(() => done(stopped), 60_000);
            document.addEventListener("securitypolicyviolation", event => {
                stopped.push(event.effectiveDirective);
                if (stopped.length === 3) done(stopped);
            });
            document.body.insertAdjacentHTML("beforeend", '<img src="https://example.invalid/x"><p style="color:red">x</p>');
            document.body.append(Object.assign(document.createElement("script"), { textContent: "window.ran = 1" }));
        })"""
    )
    assert sorted(stopped) == ["img-src", "script-src-elem", "style-src-attr"]
    assert page.evaluate("window.ran") is None


def test_nothing_runs_off_the_side_and_one_drawing_of_two_is_shown(visit, name):
    seen = visit(name)
    page = seen.page
    for width, shown in ((1280, "broad"), (390, "narrow"), (320, "narrow")):
        seen.settle(width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        boxes = page.evaluate(
            """() => ({
                silent: [...document.querySelectorAll(".table, .drawing, pre, .panel, .cards")]
                    .filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
                    .filter(box => !box.matches(".table.scrolls") || !getComputedStyle(box.querySelector("caption"), "::after").content.includes("sideways"))
                    .map(box => box.outerHTML.slice(0, 80)),
                drawings: [...document.querySelectorAll(".drawing")].map(box => box.scrollWidth <= box.clientWidth),
                shown: [...document.querySelectorAll(".drawing svg")].filter(svg => svg.checkVisibility())
                    .map(svg => [svg.getAttribute("class"), svg.getBoundingClientRect().width]),
            })"""
        )
        assert width not in PHONES or boxes["silent"] == [], width
        assert all(boxes["drawings"])
        assert [kind for kind, _ in boxes["shown"]] == [shown] * len(boxes["drawings"])
        assert all(wide <= width for _, wide in boxes["shown"])
    page.evaluate(OPEN_ALL)  # at 320 pixels, which are four hundred per cent of a common screen
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    cut = page.evaluate(
        """() => [...document.querySelectorAll("h1, h2, h3, p, li, dt, dd, summary, figcaption, caption, button, label")]
            .filter(part => part.getClientRects().length && getComputedStyle(part).position !== "absolute")
            .filter(part => part.getBoundingClientRect().right > 321 && !part.closest(".table, .drawing"))
            .map(part => part.textContent.slice(0, 60))"""
    )
    assert cut == []


def test_the_keyboard_reaches_everything_in_order_and_where_it_is_can_be_seen(visit, name):
    seen = visit(name)
    seen.settle()
    page = seen.page
    ordered, count = page.evaluate(
        f"""() => {{
            const all = [...document.querySelectorAll("{FOCUSABLE}")].filter(part => part.checkVisibility());
            all.forEach((part, place) => {{ part.dataset.place = place; }});
            window.reached = [];
            document.addEventListener("focusin", event => window.reached.push(event.target.dataset.place));
            return [all.every(part => part.tabIndex === 0), all.length];
        }}"""
    )
    assert ordered  # so that what lies between is reached in the order of the document too
    page.keyboard.press("Tab")
    first = page.locator(":focus")
    assert first.bounding_box()["x"] >= 0
    assert first.evaluate("part => [part.innerText, getComputedStyle(part).outlineStyle]") == [
        "Skip to the content",
        "solid",
    ]
    begun = min(STOPS, count)
    for _ in range(begun - 1):
        page.keyboard.press("Tab")
    ended = max(count - STOPS, begun)
    if ended < count:
        page.locator(f"[data-place='{ended}']").focus()
        for _ in range(count - ended - 1):
            page.keyboard.press("Tab")
    assert page.evaluate("window.reached") == [str(place) for place in (*range(begun), *range(ended, count))]
    page.locator("[data-place='0']").press("Enter")
    page.wait_for_url("**#content")


def test_the_figures_behind_a_chart_open_by_keyboard(visit):
    page = visit("forces/northamptonshire/88a").page
    page.locator("figure summary").first.focus()
    page.keyboard.press("Enter")
    table = page.locator("figure table").first
    assert table.is_visible()
    assert table.locator("tbody tr").count() == 55
    page.keyboard.press("Space")
    assert not table.is_visible()


def test_what_need_not_be_scrolled_takes_no_focus(visit):
    seen = visit("forces/northamptonshire/88a")
    seen.page.evaluate(OPEN_ALL)
    for width, count in ((320, 1), (1280, 0)):
        seen.settle(width)
        expect(seen.page.locator("#figure-quarters .table[tabindex='0']")).to_have_count(count, timeout=300_000)


def test_no_table_can_be_put_in_the_order_of_its_sizes(visit):
    page = visit("index").page
    assert page.locator("thead button").count() == 0
    assert page.locator("[aria-sort]").count() == 0


def test_sentences_citation_and_command_can_be_copied(visit):
    seen = visit("forces/northamptonshire/88a")
    for button in seen.page.locator(".copy").all():
        button.focus()
        seen.page.keyboard.press("Enter")
        source = button.evaluate("button => button.previousElementSibling.textContent.trim()")
        said = button.locator("xpath=following-sibling::*[1]")
        said.filter(has_text=re.compile("Copied|Selected")).wait_for()
        if "Selected" in said.inner_text():
            assert seen.page.evaluate("getSelection().toString().trim()") == source
    assert seen.page.locator(".copy").all_inner_texts() == [
        "Copy the sentences",
        "Copy the citation",
        "Copy the command",
    ]


def test_without_a_script_every_table_is_whole_and_nothing_is_offered_that_does_not_work(visit, name):
    page = visit(name, script=False).page
    assert page.locator("button:not([popovertarget]), input").count() == 0  # the browser itself explains a word
    assert page.locator("h1").count() == 1
    details = page.locator("main details:has(table) > summary:visible")  # some fold on a small screen alone
    if details.count():
        details.first.click()
        assert page.locator("main details[open] table").first.is_visible()


@pytest.mark.parametrize("name", ["offences/88a"])
def test_a_rate_and_its_range_stand_in_one_line_where_the_table_has_room(visit, name):
    page = visit(name, width=1280).page
    rates = page.locator("#table-forces-table td:nth-of-type(5):not(:text-is('[x]'))")
    lines = rates.evaluate_all(
        "cells => cells.map(cell => { const all = document.createRange(); all.selectNodeContents(cell);"
        " return new Set([...all.getClientRects()].map(box => Math.round(box.top))).size })"
    )
    assert set(lines) == {1}
    fits = "table => table.parentElement.scrollWidth <= table.parentElement.clientWidth"
    assert page.locator("table.pairs").first.evaluate(fits)


@pytest.mark.parametrize("name", ["offences/46", "forces/northamptonshire/88a"])
def test_charts_follow_the_readers_colours(visit, name):
    page = visit(name).page
    light = page.locator(".drawing").first.screenshot()
    page.emulate_media(color_scheme="dark")
    assert page.locator(".drawing").first.screenshot() != light


def test_charts_are_printed_whole(visit, name):
    page = visit(name, width=PRINTED["width"]).page
    page.emulate_media(media="print")
    for box in page.locator("figure").evaluate_all("parts => parts.map(part => part.getBoundingClientRect().toJSON())"):
        assert box["height"] <= PRINTED["height"]
    for box in page.locator("figure svg:visible").evaluate_all(
        "all => all.map(part => part.getBoundingClientRect().toJSON())"
    ):
        assert box["right"] <= PRINTED["width"] + 1


def test_a_page_prints_on_a_sane_number_of_sheets_with_its_name_on_each(visit, tmp_path):
    page = visit("forces/northamptonshire/88a").page
    path = tmp_path / "printed.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))
    assert 5 <= sheets <= 12
    if reader := shutil.which("pdftotext"):
        text = subprocess.run([reader, str(path), "-"], capture_output=True, text=True, check=True).stdout
        assert text.count(page.title()) == sheets
        first = next(sheet for sheet in text.split("\f") if "Way of looking" in sheet)
        assert "As compared on this page" in first  # the head of a table does not stand alone
        assert f"1 of {sheets}" in text
        assert f"{sheets} of {sheets}" in text


def test_links_to_every_partnership_are_not_printed(visit):
    page = visit("index").page
    page.emulate_media(media="print")
    assert page.locator("[data-kind=offences]").is_visible()
    assert not page.locator("[data-kind=places]").is_visible()


@pytest.mark.skipif(not shutil.which("chromium"), reason="printed by Chromium")
def test_a_briefing_is_two_sheets_whether_much_or_little_is_known_of_a_force(tmp_path: Path) -> None:
    wanted = publish.request(force_names=["Greater Manchester", "Cumbria"], release="2026-04-23")
    wanted = wanted.on_paper(rendering.chromium()[1])
    outcome = publish.build(replace(wanted, table=tuple(page for page in wanted.table if page.has_briefing)), tmp_path)
    assert outcome.is_whole
    for name in ("greater-manchester", "cumbria"):
        printed = (tmp_path / "forces" / f"{name}-briefing.pdf").read_bytes()
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2, name
        assert b"file:" not in printed
        report = (tmp_path / "forces" / f"{name}.html").read_text(encoding="utf-8")
        assert f'href="../forces/{name}-briefing.pdf">a briefing of two sheets' in report


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm, of poppler-utils, draws the sheets")
@pytest.mark.parametrize("name", ["forces/northamptonshire", "forces/northamptonshire/88a", "claims"])
def test_no_sheet_but_the_last_is_printed_half_empty(visit, name, tmp_path):
    visit(name).page.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
    subprocess.run(["pdftoppm", "-r", "20", "-gray", tmp_path / "printed.pdf", tmp_path / "sheet"], check=True)
    for sheet in sorted(tmp_path.glob("sheet-*.pgm"))[:-1]:
        pixels = plt.imread(sheet)
        inked = np.flatnonzero((pixels[: int(len(pixels) * 0.94)] < 200).any(axis=1))  # without what stands at the foot
        assert inked[-1] > len(pixels) / 2, sheet.name


def test_every_link_leads_somewhere(everything: Path) -> None:
    lost = []
    for path in sorted(everything.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for link in set(re.findall(r'(?:href|src)="([^"]*)"', text)):
            address, _, part = link.partition("#")
            if not re.match(r"[a-z]+:", address):
                there = (path.parent / address).resolve() if address else path
                if not there.is_file() or (part and f'id="{part}"' not in there.read_text(encoding="utf-8")):
                    lost.append((path.relative_to(everything).as_posix(), link))
    assert lost == []


def test_a_lost_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<a href="#here">a</a><p id="here">b</p><a href="gone.html">c</a>')
    with pytest.raises(AssertionError, match=re.escape("assert [('index.html', 'gone.html')] == []")):
        test_every_link_leads_somewhere(tmp_path)


def test_a_page_weighs_at_most_300_kb_and_the_report_of_a_force_200(everything: Path):
    weights = {path.relative_to(everything).as_posix(): path.stat().st_size for path in everything.rglob("*.html")}
    most = {name: 200_000 if name.count("/") == 1 and name.startswith("forces/") else 300_000 for name in weights}
    assert {name: size for name, size in weights.items() if size > most[name]} == {}
