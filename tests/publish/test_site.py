"""A site with an address: whole addresses, cards as PNG, what lists its pages and what is new, and what stands where no page is."""

from __future__ import annotations

import io
import re
import struct
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from analysis import publish
from analysis.errors import RequestError
from analysis.publish import rendering
from analysis.publish.building import Inputs
from analysis.publish.pages import address_on
from analysis.publish.rendering import render, shown, to_html
from analysis.report.view import head

ADDRESS = "https://example.org/crime/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(scope="module")
def wanted() -> publish.Request:
    return publish.request(release="2026-04-23").at(ADDRESS.rstrip("/"))


@pytest.fixture(scope="module")
def pages(wanted: publish.Request) -> dict[str, publish.pages.Page]:
    return {page.name: page for page in wanted.beside_each_other(wanted.names)}


@pytest.mark.parametrize(
    "text",
    ["", "example.org", "ftp://example.org/", "https://", "https://a b/", "https://a.org/?q=1", "https://u:p@a.org/", "https://a.org:x/"],
)  # fmt: skip
def test_what_is_no_address_of_a_site_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match=r"--site: found .* give the address of the site, such as https://"):
        publish.request(force_names=["Kent"], release="2026-04-23").at(text)


def test_pages_of_another_address_are_other_pages(wanted: publish.Request) -> None:
    inputs = Inputs.read()
    assert inputs.about(wanted)["parameters"]["site"] == ADDRESS
    page = wanted.table[0]
    assert inputs.digest(page) != inputs.digest(replace(page, site="https://example.org/"))


def test_a_page_names_its_one_address_and_its_card(pages: dict[str, publish.pages.Page]) -> None:
    page = pages["forces/kent/88a"]
    about = {"digest": "0" * 64, "figures": {}, "versions": {}}
    text = to_html(page, shown(head("Kent")), about).decode()
    assert f'<link rel="canonical" href="{ADDRESS}forces/kent/88a.html">' in text
    assert f'<meta property="og:image" content="{ADDRESS}cards/kent_88a.png">' in text
    assert 'href="../../feed.xml"' in text
    assert f'rel="canonical" href="{ADDRESS}">' in to_html(pages["index"], shown(head("Kent")), about).decode()
    without = to_html(replace(page, site=""), shown(head("Kent")), about).decode()
    assert ADDRESS not in without
    assert 'content="../../cards/kent_88a.svg"' in without


def test_a_card_is_a_png_of_the_size_that_is_shown_and_the_same_each_time() -> None:
    quarters = "force,financial_year,financial_quarter,offences,provisional\nKent,2024/25,1,3,no\nKent,2024/25,2,9,no\n"
    made = [rendering.card("Kent: $x$ & <b>", "Said. " * 40, {"quarters": quarters}) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0][:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", made[0][16:24]) == (1200, 630)
    assert made[0] != rendering.card("Kent: $x$ & <b>", "Said. " * 40, {})


def test_a_card_has_a_band_at_its_top_words_within_its_margins_and_a_bar_for_each_quarter_where_there_is_room() -> None:
    heads = "force,financial_year,financial_quarter,offences"
    pair = f"{heads}\nKent,2024/25,1,4\nKent,2024/25,2,8\nKent,2024/25,3,\n"

    def drawn(title: str, said: str, quarters: str) -> Any:
        made = rendering.card(title, said, {"quarters": quarters, "other": pair})
        return np.asarray(Image.open(io.BytesIO(made)).convert("RGB"))

    plain, barred = drawn("Kent", "Said.", heads), drawn("Kent", "Said.", pair)
    blue, white = np.array([0x12, 0x43, 0x6D]), np.array([255, 255, 255])
    assert (plain[1:11, 1:-1] == blue).all()
    assert (plain[15:30] == white).all()
    rows, columns = np.nonzero((plain[15:] != white).any(axis=2))
    assert (columns.min(), rows.min() + 15, rows.max() + 15) == tuple(pytest.approx(at, abs=4) for at in (61, 60, 603))
    bars = (barred[15:] == blue).all(axis=2)
    low, high = (bars[:, at].sum() for at in (330, 870))  # the middle of each of two bars
    room = 550 - (146 + 42 + 33)  # below a title and a line
    assert (low, high) == (pytest.approx(high / 2, abs=2), pytest.approx(room / 1.05, abs=2))
    rows, columns = np.nonzero(bars)
    assert (columns.min(), columns.max(), rows.max() + 15) == tuple(pytest.approx(at, abs=3) for at in (141, 1058, 584))
    assert not bars[:, 600].any()
    others = heads, heads + "\nKent,2024/25,1,4\n", pair.replace("force,", "offence,")
    assert all((drawn("Kent", "Said.", each) == plain).all() for each in others)
    assert (drawn("Kent", "Said. " * 120, pair) == drawn("Kent", "Said. " * 120, heads)).all()


def test_the_list_of_pages_has_each_at_its_address(pages: dict[str, publish.pages.Page]) -> None:
    root = ElementTree.fromstring(rendering.lists(pages["404"])["sitemap.xml"])  # noqa: S314  # of our own making
    listed = [each.text for each in root.findall("{*}url/{*}loc")]
    kept = [name for name in pages if name != "404" and not name.startswith("answers/")]
    assert sorted(filter(None, listed)) == sorted(address_on(ADDRESS, name) for name in kept)
    assert {each.text for each in root.findall("{*}url/{*}lastmod")} == {"2026-04-23"}


def test_the_feed_tells_releases_verdicts_that_changed_and_corrections_by_their_own_days(
    pages: dict[str, publish.pages.Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = pages["404"]
    made = rendering.lists(page)["feed.xml"]
    monkeypatch.setenv("ANALYSIS_TODAY", "2040-01-01")
    assert rendering.lists(page)["feed.xml"] == made
    entries = ElementTree.fromstring(made).findall("a:entry", ATOM)  # noqa: S314  # of our own making
    told = {str(each.findtext("a:id", "", ATOM)): each for each in entries}
    assert len(told) == len(entries)
    release = told[f"{ADDRESS}feed.xml#release-2026-04-23"]
    assert release.findtext("a:updated", "", ATOM) == "2026-04-23T00:00:00Z"
    assert {name.partition("#")[2].partition("-")[0] for name in told} == {"release", "verdict", "correction"}
    links = {each.find("a:link", ATOM).attrib["href"] for each in entries}  # type: ignore[union-attr]
    assert all(re.match(rf"{ADDRESS}(changes|data|claims)\.html", link) for link in links)
    alone = rendering.lists(replace(page, present=("forces/kent",)))["feed.xml"].decode()
    assert ".html" not in alone
    days = [each.findtext("a:updated", "", ATOM) for each in entries]
    assert days == sorted(days, reverse=True)
    ends = {name.partition("#")[2]: each.find("a:link", ATOM).attrib["href"] for name, each in told.items()}  # type: ignore[union-attr]
    assert ends["release-2026-04-23"] == f"{ADDRESS}changes.html"
    assert ends["release-2023-10-19"] == f"{ADDRESS}data.html"
    assert [name for name in ends if name.startswith("release")] == ["release-2026-04-23", "release-2023-10-19"]
    older = rendering.lists(replace(page, parameters={"release": "2023-10-19"}))["feed.xml"].decode()
    assert re.findall(r"#(release-[^<]+|verdict)", older) == ["release-2023-10-19"]
    undated = rendering.lists(replace(page, parameters={"release": "before-2019-08"}))["feed.xml"].decode()
    assert not re.findall(r"#(release|verdict)-", undated)


def test_what_stands_where_no_page_is_leads_back_by_whole_addresses(
    pages: dict[str, publish.pages.Page],
) -> None:
    made = render(pages["404"], Inputs.read().identity(pages["404"]))
    assert made.keys() == {"404.html", "sitemap.xml", "feed.xml"}
    text = made["404.html"].decode()
    assert f'<a href="{ADDRESS}index.html">Search for an area or an offence</a>' in text
    assert 'name="generator"' not in text
    links = re.findall(r'<a [^>]*href="([^"]+)"', text)
    assert not [link for link in links if not link.startswith(("#", "tel:", "https://"))]
