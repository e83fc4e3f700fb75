"""Everything that a force recorded, and the register of breaks, as pages show them."""

from __future__ import annotations

import itertools
import re

import pandas as pd
import pytest
import shipped

from analysis.comparison import compare
from analysis.report import registers, sentences, tables
from analysis.terms import breaks
from analysis.terms import offences as terms

RELEASE = "2026-04-23"


@pytest.fixture(scope="module")
def surrey():
    return compare("Surrey", period="2024/25", release=RELEASE)


def test_lists_what_the_register_lists_in_its_order_and_not_by_size(surrey):
    frame = tables.offences(surrey).frame
    listed = [offence.code for offence in terms.with_pages()]
    assert list(frame["code"]) == sorted(listed, key=lambda code: code == "total")
    assert list(frame["offences"]) != sorted(frame["offences"], reverse=True)


def test_each_count_is_the_sum_of_the_published_figures_of_its_codes(surrey):
    frame = pd.concat([tables.offences(surrey).frame, tables.others(surrey).frame])
    assert {offence.code for offence in terms.listed()} == set(frame["code"])
    (_, _, *quarters), *lines = shipped.table(RELEASE)
    year = [quarter.startswith("2024/25") for quarter in quarters]
    own = {code: itertools.compress(cells, year) for code, body, *cells in lines if body == "Surrey"}
    sums = {code: sum(int(cell or 0) for cell in cells) for code, cells in own.items()}
    for code, count in zip(frame["code"], frame["offences"], strict=True):
        assert count == sum(sums.get(each, 0) for each in terms.find(code).codes), code


def test_nothing_is_said_of_a_difference_that_may_not_be_judged(surrey):
    shown = tables.offences(surrey)
    lines = {line.split("  ")[0]: line for line in shown.text.splitlines()}
    for pair in surrey.listed:
        if pair.current.offence.reviewed and pair.answer not in {"yes", "with-care"}:
            line = lines[pair.current.offence.name]
            assert "not known" in line or "not comparable" in line
            assert not re.search(r"%|more|fewer|ratio", line)
    assert {pair.answer for pair in surrey.listed} >= {"yes", "no"}


def test_a_line_of_years_is_cut_at_a_break_and_drawn_only_of_what_was_reviewed(surrey):
    shown = tables.offences(surrey)
    frame = shown.frame.set_index("code")
    cells = dict(zip(shown.frame["code"], shown.html.split('<tr id="')[1:], strict=True))
    assert all('<svg class="trend"' in cell for cell in cells.values())
    (line,) = re.findall(r'<path d="(M[^"H]*)"', cells["88A"].partition('class="trend"')[2])
    assert line.count("M") == 2  # the definition changed in April 2017
    counts = [int(frame.loc["88A", f"year_to_{year}-03"]) for year in range(2013, 2026)]
    ends = [counts[year - 2013] for year in (2013, 2017, 2018, 2025)]
    assert "{:,} (2013) to {:,} (2017); {:,} (2018) to {:,} (2025)".format(*ends) in cells["88A"]
    heights = [float(height) for height in re.findall(r" ([\d.]+)", line)]
    assert heights == pytest.approx([24 - 20 * count / max(counts) for count in counts], abs=0.06)  # nought at the base
    assert frame.loc["robbery", "year_to_2025-03"] == frame.loc["robbery", "offences"]


def test_the_timeline_holds_every_entry_with_its_sources():
    shown = str(registers.timeline().html)
    for change in breaks.register().entries:
        sources = [breaks.register().sources[name] for name in change.sources]
        assert f'id="break-{change.id}"' in shown
        assert all(source.address.replace("&", "&amp;") in shown for source in sources)
    years = [int(year) for year in re.findall(r'<h3 id="(\d{4})">', shown)]
    assert years == sorted(set(years))


def test_an_offence_shows_what_changed_in_it_and_when_it_was_reviewed():
    stalking = compare("England and Wales", offence="8Q", release=RELEASE)
    assert "former partner" in registers.timeline(stalking).text
    assert "was reviewed for April 2014 to December 2025" in registers.timeline(stalking).text
    code = next(
        o.code for o in terms.known().values() if o.kind == "code" and not (o.reviewed or o.part_of or o.outcomes_only)
    )
    unreviewed = compare("England and Wales", offence=code, release=RELEASE)
    assert unreviewed.answer == "not-known"
    assert "Nobody has reviewed" in registers.timeline(unreviewed).text


def test_the_unexplained_steps_and_the_reviewed_offences_are_tables():
    assert len(registers.unexplained().frame) == len(breaks.register().unexplained)
    assert set(registers.reviewed().frame["code"]) == {o.code for o in terms.known().values() if o.reviewed}


def test_lists_no_offence_that_cannot_be_asked_for():
    lines = {line.split("  ")[0]: line for line in registers.listed_offences().splitlines()[1:-1]}
    listed = list(lines)
    assert (lines["88A"].endswith("reviewed"), lines["23"].endswith("reviewed")) == (True, False)
    assert {"88A", "burglary", "sexual-offences", "10D"} <= set(listed)
    assert not [code for code in listed if terms.find(code).outcomes_only or terms.find(code).part_of]


# Ten codes of every kind, and every family: what is said of one offence stands on no other's page.
KINDS = ["8Q", "88C", "28E", "105A", "53H", "4.2", "19J", "71", "8U", "90", "1", "802"]
UNIONS = [
    offence.code
    for offence in terms.known().values()
    if offence.kind != "code" and not offence.last and not offence.table
]


@pytest.mark.parametrize("code", [*KINDS, *UNIONS])
def test_words_of_one_offence_stand_on_no_other_page(code):
    if terms.find(code).national or code == "fraud":
        pytest.skip("counted by no force")
    comparison = compare("England and Wales", offence=code, release=RELEASE)
    said = [
        *(make(comparison).text for make in (sentences.masthead, sentences.summary, sentences.comparability)),
        *(make(comparison).text for make in (sentences.limits, sentences.quotable)),
        *(make(comparison).text for make in (sentences.across_time, sentences.among_forces)),
        tables.robustness(comparison).text,
    ]
    text = "\n".join(said)
    if "88A" not in comparison.offence.codes:
        assert "groom" not in text.replace("Sexual grooming (code 88A)", "")
    if comparison.offence.reviewed is None:
        assert comparison.answer in {"not-known", "no", None}
        assert not re.search(r"\d%|anything from", sentences.summary(comparison).text)
    assert comparison.offence.one in comparison.offence.count(1)
