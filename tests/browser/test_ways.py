"""The ways from page to page: search, contents, neighbours, deep links, words at a tap, all from disk and by keyboard; and phones."""

from __future__ import annotations

import pytest

PHONES = (320, 390)
KINDS = ("index", "forces/northamptonshire", "england-and-wales", "offences/burglary", "claims", "methods", "breaks")


def found(page):
    return page.locator(".find li a").all_inner_texts()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Leeds", "West Yorkshire (Leeds)"),
        ("kent", "Kent"),
        ("the met", "Metropolitan Police (The Met)"),
        ("GMP", "Greater Manchester (GMP)"),
        ("northants", "Northamptonshire (Northants)"),
        ("king s lynn", "Norfolk (King's Lynn)"),
        ("knife", "Possession of an article with a blade or point, England and Wales (knife)"),
        ("BURGLARY", "Burglary, England and Wales"),
        ("grooming", "Sexual grooming, England and Wales"),
        ("rape", "Rape, England and Wales"),
    ],
)
def test_a_town_a_force_a_spelling_and_an_offence_find_their_page(visit, typed, first):
    page = visit("index").page
    page.get_by_label("Find a page by force, town, region or offence").fill(typed)
    assert first in found(page)[:2]


def test_london_finds_both_its_forces_and_a_region_all_of_its(visit):
    page = visit("index").page
    box = page.get_by_label("Find a page by force, town, region or offence")
    box.fill("London")
    assert {"Metropolitan Police (London)", "City of London"} <= set(found(page))
    box.fill("south east")
    assert [name.partition(" (")[0] for name in found(page)] == [
        "Hampshire",
        "Kent",
        "Surrey",
        "Sussex",
        "Thames Valley",
    ]
    assert page.locator(".find [role=status]").inner_text().startswith("5 pages found")
    box.fill("Atlantis")
    assert (found(page), page.locator(".find [role=status]").inner_text()) == ([], "No page found.")


def test_the_search_is_driven_by_keyboard_alone_and_needs_no_server(visit):
    seen = visit("index")
    page = seen.page
    page.locator("#find").focus()
    page.keyboard.type("bradford")
    page.keyboard.press("ArrowDown")
    assert page.locator(":focus").inner_text() == "West Yorkshire (Bradford)"
    page.keyboard.press("Escape")
    assert (page.locator(":focus").get_attribute("id"), found(page)) == ("find", [])
    page.keyboard.type("leeds")
    page.keyboard.press("Enter")
    page.wait_for_url("**/forces/west-yorkshire.html")
    assert page.url.startswith("file:")
    assert page.locator("h1").inner_text() == "West Yorkshire Police"
    assert seen.messages == []


def test_without_a_script_every_page_is_in_a_list(visit, everything):
    page = visit("index", script=False).page
    page.locator(".finder summary").click()
    links = page.locator(".finder li a:visible").all()
    pages = {path.relative_to(everything).as_posix() for path in everything.rglob("*.html")}
    assert {link.get_attribute("href") for link in links} == pages - {"index.html"}


@pytest.mark.parametrize("name", KINDS)
def test_every_heading_has_an_address_that_leads_to_it(visit, name):
    page = visit(name).page
    ids = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(heading => heading.id)")
    assert all(ids)
    assert len(set(ids)) == len(ids)
    last = page.locator("main h2").nth(-2)
    page.goto(f"{page.url}#{last.get_attribute('id')}")
    assert last.evaluate("part => Math.abs(part.getBoundingClientRect().top) < innerHeight")


@pytest.mark.parametrize("name", KINDS)
def test_the_contents_stand_beside_the_text_where_there_is_room_and_folded_above_it_where_not(visit, name):
    seen = visit(name)
    page = seen.page
    links = page.locator("nav[aria-label='On this page'] a")
    assert links.count() == page.locator("main h2").count()
    beside, text = page.locator(".contents").bounding_box(), page.locator("main").bounding_box()
    assert beside["x"] + beside["width"] <= text["x"]
    assert links.first.is_visible()
    seen.settle(390)
    assert not links.first.is_visible()
    page.locator(".contents > summary").click()
    links.nth(1).click()
    assert page.url.partition("#")[2] == page.locator("main h2").nth(1).get_attribute("id")


def test_neighbours_the_national_page_and_other_offences_are_one_step_away(visit):
    page = visit("forces/northamptonshire").page
    page.get_by_role("navigation", name="Neighbouring forces").get_by_text("Leicestershire").click()
    page.wait_for_url("**/forces/leicestershire.html")
    page.get_by_role("navigation", name="This offence").get_by_role("link").click()
    page.wait_for_url("**/england-and-wales.html")
    page.get_by_role("navigation", name="Other offences").get_by_text("Burglary", exact=True).click()
    page.wait_for_url("**/offences/burglary.html")
    for name in ("Claims", "Methods", "Breaks", "All forces"):
        page.get_by_role("navigation", name="Pages", exact=True).get_by_text(name, exact=True).click()
    page.wait_for_url("**/index.html")


@pytest.mark.parametrize("script", [True, False])
def test_a_word_is_explained_at_a_tap_with_or_without_a_script(visit, script):
    page = visit("forces/northamptonshire", script=script).page
    meaning = page.locator("#word-provisional")
    assert not meaning.is_visible()
    page.locator("button[popovertarget='word-provisional']").first.click()
    assert meaning.is_visible()
    assert meaning.inner_text().startswith("Provisional. Among the newest quarters of a release")
    page.keyboard.press("Escape")
    assert not meaning.is_visible()


def test_a_section_explains_a_word_once(visit):
    page = visit("forces/northamptonshire").page
    told = page.evaluate(
        """() => { let part = ""; return [...document.querySelectorAll("main h2, main .term")].flatMap(each => {
            if (each.tagName === "H2") { part = each.id; return []; }
            return [part + " " + each.getAttribute("popovertarget")];
        }); }"""
    )
    assert told
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("name", KINDS)
def test_on_a_phone_nothing_scrolls_sideways_but_a_wide_table_which_says_so(visit, name):
    seen = visit(name)
    for width in PHONES:
        seen.settle(width)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        silent = seen.page.locator(".table, .drawing, pre, .panel, .cards").evaluate_all(
            """all => all.filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
                .filter(box => !box.matches(".table.scrolls") || !getComputedStyle(box.querySelector("caption"), "::after").content.includes("sideways"))
                .map(box => box.outerHTML.slice(0, 80))"""
        )
        assert silent == [], width


@pytest.mark.parametrize("width", PHONES)
def test_on_a_phone_counts_rates_and_changes_of_all_forces_are_in_sight(visit, width):
    page = visit("index", width=width).page
    row = page.locator("table.forces tbody tr").first
    ends = row.locator("th:visible, td:visible").evaluate_all(
        "all => all.map(cell => cell.getBoundingClientRect().right)"
    )
    assert len(ends) == 5  # force, two counts, rate, change
    assert ends[-1 if width >= 390 else -2] <= width


def test_the_newest_figures_stand_first(visit):
    page = visit("forces/northamptonshire").page
    years = page.locator("#the-figures ~ .table table.figures tbody th").all_inner_texts()
    assert years == sorted(years, reverse=True)
    assert years[0] == "2025/26"
