"""The ways from page to page: search, contents, neighbours, deep links, words at a tap, all from disk and by keyboard; and phones."""

from __future__ import annotations

import pytest

PHONES = (320, 390)
KINDS = (
    *("index", "changes", "forces/northamptonshire", "forces/northamptonshire/88a", "england-and-wales"),
    *("offences/burglary", "claims", "methods", "breaks", "data"),
)


def found(page):
    return page.locator(".find li a").all_inner_texts()


FINDS = {
    "Leeds": "Leeds (partnership, West Yorkshire)",
    "kent": "Kent",
    "the met": "Metropolitan Police",
    "GMP": "Greater Manchester",
    "northants": "Northamptonshire",
    "king s lynn": "Norfolk",
    "knife crime": "Possession of an article with a blade or point",
    "BURGLARY": "Burglary",
    "grooming": "Sexual grooming",
    "rape": "Rape",
    "kent robbery": "Robbery, Kent",
    "download": "Data",
}
LEADS = {
    "hate crime": "#elsewhere-hate-crime",
    "forces like Northamptonshire": "forces/northamptonshire.html#forces-like-it",
    "is Northamptonshire to be trusted?": "forces/northamptonshire.html#how-far-its-figures-can-be-trusted",
    "Northamptonshire April to June 2023 then and now": "forces/northamptonshire.html#table-first-published",
    "northamptonshire first published": "forces/northamptonshire.html#table-first-published",
    "northamptonshire revised": "forces/northamptonshire.html#table-first-published",
    "northamptonshire grooming then and now": "forces/northamptonshire/88a.html#revisions",
    "northamptonshire burglary revised": "forces/northamptonshire.html#table-first-published",
    "then and now": "methods.html#what-is-known-of-the-figures",
    "northamptonshire what was it then": "forces/northamptonshire.html#table-first-published",
    "newspaper northamptonshire": "forces/northamptonshire.html#published-claims",
    "provisional": "methods.html#what-is-known-of-the-figures",
}


def test_a_town_a_force_an_offence_and_both_in_any_order_find_their_page(visit):
    page = visit("index").page
    for typed, first in FINDS.items():
        page.locator("#find").fill(typed)
        assert first in found(page)[:4], typed


def test_a_town_and_an_offence_find_the_partnership_first_and_then_its_force(visit):
    page = visit("index").page
    for typed in ("burglary leeds", "is burglary up in Leeds?"):
        page.locator("#find").fill(typed)
        assert found(page)[:2] == ["Burglary, Leeds (partnership, West Yorkshire)", "Burglary, West Yorkshire"]


def test_a_region_finds_all_of_its_forces_and_nonsense_nothing(visit):
    page = visit("index").page
    box = page.locator("#find")
    box.fill("south east")
    assert {"Hampshire", "Kent", "Surrey", "Sussex", "Thames Valley"} <= set(found(page))
    assert "found; Enter opens the first" in page.locator(".find [role=status]").inner_text()
    box.fill("Atlantis")
    assert found(page) == []
    assert page.locator(".find [role=status]").inner_text().startswith("Nothing found.")


def test_an_area_and_an_offence_lead_to_the_page_in_depth_or_to_the_row_of_the_report(visit):
    page = visit("index").page
    page.locator("#find").fill("kent grooming")
    addresses = page.locator(".find li a").evaluate_all("all => all.map(link => link.getAttribute('href'))")
    assert addresses[0] == "forces/kent/88a.html"
    page.locator("#find").fill("kent burglary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/forces/kent.html#offences-burglary")
    assert page.locator(":target").inner_text().startswith("Burglary")


def test_the_search_leads_to_what_answers_and_says_what_is_counted_elsewhere(visit):
    page = visit("index").page
    for typed, led in LEADS.items():
        page.locator("#find").fill(typed)
        assert page.locator(".find li a").first.get_attribute("href") == led, typed


def test_the_search_is_driven_by_keyboard_alone_and_needs_no_server(visit):
    seen = visit("index")
    page = seen.page
    page.locator("#find").focus()
    page.keyboard.type("thames valley")
    page.keyboard.press("ArrowDown")
    assert page.locator(":focus").inner_text() == "Thames Valley"
    page.keyboard.press("Escape")
    assert (page.locator(":focus").get_attribute("id"), found(page)) == ("find", [])
    page.keyboard.type("thames valley")
    page.keyboard.press("Enter")
    page.wait_for_url("**/forces/thames-valley.html")
    assert page.url.startswith("file:")
    assert page.locator("h1").inner_text() == "Thames Valley Police: recorded offences"
    assert seen.messages == []


def test_without_a_script_every_report_and_offence_is_in_a_list(visit, everything):
    page = visit("index", script=False).page
    links = {link.get_attribute("href") for link in page.locator(".columns a[href]:visible").all()}
    pages = {path.relative_to(everything).as_posix() for path in everything.rglob("*.html")}
    assert pages - links == {"index.html"} | {name for name in pages if name.count("/") == 2}


def test_what_has_an_address_gives_it_at_a_tap(visit):
    page = visit("forces/northamptonshire").page
    for link in page.locator("h2 .here, tr[id] .here").all():
        assert page.locator(f"[id='{link.get_attribute('href')[1:]}']").count() == 1
    link = page.locator("tr[id] .here").first
    row = page.locator("tr[id]").first.get_attribute("id")
    link.focus()
    assert link.evaluate("part => getComputedStyle(part).opacity") == "1"
    page.keyboard.press("Enter")
    assert page.url.endswith(f".html#{row}")


@pytest.mark.parametrize("name", KINDS)
def test_every_heading_has_an_address_and_the_contents_lead_there_from_beside_the_text_or_folded_above_it(visit, name):
    seen = visit(name)
    page = seen.page
    # The title has none, since its address is that of the page; a claim's is that of its article.
    ids = page.locator("h2, h3, h4").evaluate_all(
        "all => all.map(heading => heading.id || heading.closest('article')?.id)"
    )
    assert all(ids)
    assert len(set(ids)) == len(ids)
    links, headings = page.locator("nav[aria-label='On this page'] a"), page.locator("main h2")
    assert links.count() == headings.count()
    beside, text = page.locator(".contents").bounding_box(), page.locator("main").bounding_box()
    assert beside["x"] + beside["width"] <= text["x"]
    assert links.first.is_visible()
    last = headings.nth(-2)
    page.goto(f"{page.url}#{last.get_attribute('id')}")
    assert last.evaluate("part => Math.abs(part.getBoundingClientRect().top) < innerHeight")
    seen.settle(390)
    assert not links.first.is_visible()
    page.locator(".contents > summary").click()
    links.nth(1).click()
    assert page.url.partition("#")[2] == headings.nth(1).get_attribute("id")


def test_neighbours_the_national_page_and_other_offences_are_one_step_away(visit):
    page = visit("forces/northamptonshire/88a").page
    page.get_by_role("navigation", name="Neighbouring forces").get_by_text("Leicestershire").click()
    page.wait_for_url("**/forces/leicestershire/88a.html")
    page.get_by_role("navigation", name="This offence").get_by_role("link").click()
    page.wait_for_url("**/offences/88a.html")
    page.get_by_role("navigation", name="Other offences").get_by_text("Burglary", exact=True).click()
    page.wait_for_url("**/offences/burglary.html")
    for name in ("Claims", "Methods", "Breaks", "Data", "What changed", "England and Wales", "Search"):
        page.get_by_role("navigation", name="Pages", exact=True).get_by_text(name, exact=True).click()
    page.wait_for_url("**/index.html")


@pytest.mark.parametrize("script", [True, False])
def test_a_word_is_explained_at_a_tap_with_or_without_a_script(visit, script):
    page = visit("forces/northamptonshire/88a", script=script).page
    meaning = page.locator("#word-release")
    assert not meaning.is_visible()
    word = page.locator("button[popovertarget='word-release']").first
    word.click()
    assert meaning.is_visible()
    assert meaning.inner_text().startswith("Release. One publication of the tables.")
    one, other = meaning.bounding_box(), word.bounding_box()
    assert abs(one["y"] - other["y"]) < other["height"] + one["height"] + 40  # beside the word
    assert one["width"] <= 30 * 17 + 40
    page.keyboard.press("Escape")
    assert not meaning.is_visible()


@pytest.mark.parametrize("width", PHONES)
def test_on_a_phone_a_row_is_a_card_with_every_figure_in_sight(visit, width):
    page = visit("forces/northamptonshire", width=width).page
    cells = page.locator("#offences-burglary > *:visible")
    assert cells.count() >= 5  # offence, two counts, change, reading, years
    for cell in cells.all():
        box = cell.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert page.locator("#offences-burglary").bounding_box()["height"] < 130
    baseline = page.locator("#offences-burglary > td").nth(1)
    assert baseline.evaluate("cell => getComputedStyle(cell, '::before').content") == '"against "'


@pytest.mark.parametrize("name", ["forces/northamptonshire", "forces/british-transport-police"])
def test_on_a_phone_a_force_takes_under_12_000_pixels_and_begins_with_what_changed_and_what_may_be_compared(
    visit, name
):
    page = visit(name, width=390).page
    assert page.evaluate("document.documentElement.scrollHeight") < 12_000
    for part in (".lead", ".lead + p"):
        box = page.locator(part).bounding_box()
        assert box["y"] + box["height"] < 844  # of a common phone
    assert "may be compared with January to December 2024" in page.locator(".lead + p").inner_text()


def test_what_a_phone_folds_stands_open_on_a_larger_screen_and_on_paper(visit):
    seen = visit("forces/northamptonshire")
    table = seen.page.locator("#partnerships-northampton")
    assert table.is_visible()
    seen.settle(390)
    assert not table.is_visible()
    seen.page.emulate_media(media="print")
    assert table.is_visible()
    assert seen.page.locator("#partnership-rates-northampton").is_visible()


def test_the_newest_figures_stand_first(visit):
    page = visit("forces/northamptonshire/88a").page
    years = page.locator("#the-figures ~ .table table.figures tbody th").all_inner_texts()
    assert years == sorted(years, reverse=True)
    assert years[0] == "2025/26"
