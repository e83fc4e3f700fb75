"""Charts as readers meet them: on a phone, in other letters, by pointing, tapping and arrow keys, and as files."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

FORCE = "forces/northamptonshire/88a"
SVG = "{http://www.w3.org/2000/svg}"
SHOWN = ".drawing svg:visible"
# Which words of the drawings that are shown meet, are cut off, or are smaller than 11 dots.
FAULTS = """() => [...document.querySelectorAll(".drawing svg")].filter(svg => svg.getClientRects().length).flatMap(svg => {
    const frame = svg.getBoundingClientRect();
    const words = [...svg.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect(), text]);
    // A box is as high as the font may reach; letters as they are take less.
    const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.4 * Math.min(a.height, b.height);
    return words.flatMap(([text, box, element], n) => [
        ...words.slice(n + 1).filter(([, other]) => meet(box, other)).map(([other]) => `${text} meets ${other}`),
        ...(box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 || box.bottom > frame.bottom + 3
            ? [`${text} is cut off`] : []),
        ...(parseFloat(getComputedStyle(element).fontSize) * frame.width / svg.viewBox.baseVal.width < 10.9
            ? [`${text} is too small`] : []),
    ]);
})"""


@pytest.mark.parametrize("name", ["index", FORCE, "england-and-wales", "offences/burglary"])
def test_words_are_clear_of_each_other_whole_and_large_enough_in_other_letters(visit, name):
    seen = visit(name)
    for width, font in itertools.product((320, 390, 700, 1280), ("DejaVu Sans", "Liberation Sans")):
        seen.page.evaluate(
            "font => document.querySelectorAll('.drawing svg').forEach(svg => svg.setAttribute('font-family', font))",
            font,
        )
        seen.settle(width)
        assert seen.page.evaluate(FAULTS) == [], (width, font)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_value_is_told_to_who_points_at_it_near_it_or_taps_it(visit, width):
    page = visit(FORCE, width=width).page
    figure = page.locator("#figure-quarters")
    tip = figure.locator(".tip")
    assert tip.inner_text() == "Point or tap to read a value."
    bar = figure.locator("svg:visible .mark").last
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    if width == 1280:
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 40)  # above the bar
    else:
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 5)
    assert tip.inner_text() == (
        "October to December 2025: 23 recorded offences, provisional. Northamptonshire, release of 23 April 2026."
    )
    ring = figure.locator(".ring").bounding_box()
    assert abs(ring["x"] + ring["width"] / 2 - box["x"] - box["width"] / 2) < 1


def test_arrow_keys_go_from_value_to_value_and_one_tab_leaves_the_chart(visit):
    page = visit(FORCE).page
    for figure in page.locator("figure").all():
        figure.locator(".drawing").focus()
        values = figure.locator(".broad title").all_text_contents()
        said = []
        for key in ("Home", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowUp", "End", "ArrowRight"):
            page.keyboard.press(key)
            said.append(figure.locator(".tip").inner_text())
        last = len(values) - 1
        expected = [0, min(1, last), min(2, last), min(2, last) - 1, max(min(2, last) - 2, 0), 0, last, last]
        assert [words.startswith(values[place]) for words, place in zip(said, expected, strict=True)] == [True] * 8
        assert all("release of 23 April 2026." in words for words in said)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_every_mark_of_every_chart_gives_the_value_that_its_table_has(visit):
    page = visit(FORCE).page
    for name, column in (("quarters", 3), ("forces", 1)):
        figure = page.locator(f"#figure-{name}")
        told = figure.locator(".broad title").all_text_contents()
        cells = figure.locator(f"tbody tr > :nth-child({column + 1})").evaluate_all(
            "all => all.map(cell => cell.textContent)"
        )
        assert len(told) == len(cells)
        counts = sorted(cells)
        assert sorted(words.split(" recorded offence")[0].split(" ")[-1] for words in told) == counts


@pytest.mark.parametrize("ending", ["SVG", "PNG"])
def test_a_chart_is_saved_with_its_title_and_without_a_request(visit, ending, tmp_path):
    seen = visit(FORCE, scheme="dark")
    figure = seen.page.locator("#figure-quarters")
    figure.locator("summary").click()
    with seen.page.expect_download() as download:
        figure.get_by_role("button", name=ending).click()
    assert download.value.suggested_filename == f"88a-quarters.{ending.lower()}"
    path = Path(tmp_path, "saved")
    download.value.save_as(path)
    if ending == "PNG":
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.stat().st_size > 10_000
    else:
        saved = ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 -- our own
        words = " ".join(text.text or "" for text in saved.iter(f"{SVG}text"))
        assert figure.locator("figcaption").inner_text().removesuffix("#").strip() in words
        assert seen.page.title() in words
        assert not [part for part in saved.iter() if part.get("class") == "ring"]
    assert seen.messages == []


def test_charts_are_printed_wide_and_light_whatever_the_screen(visit):
    page = visit(FORCE, width=390, scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    assert set(page.locator(SHOWN).evaluate_all("all => all.map(svg => svg.getAttribute('class'))")) == {"broad"}
    ground = page.locator(f"{SHOWN} > path").first
    assert ground.evaluate("path => getComputedStyle(path).fill") == "rgb(255, 255, 255)"
    assert page.locator(".tip:visible, .save:visible").count() == 0
