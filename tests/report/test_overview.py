"""The report of an area: its groups of offences over the years, its recording, what was first published, forces like it, its partnerships."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from analysis.comparison import compare
from analysis.report import charts, front, overview, tables
from analysis.terms import offences

RELEASE = "2026-04-23"


@pytest.fixture(scope="module")
def kent():
    return compare("Kent", release=RELEASE)


def test_courses_are_per_cent_of_the_newest_year_on_one_scale(kent):
    made = charts.courses(kent)
    frame = made.frame.set_index(["offence", "year_ending"])
    robbery = frame.loc["Robbery"]
    newest = robbery.index.max()
    assert robbery.loc[newest, "percent_of_newest"] == 100
    assert robbery["percent_of_newest"].tolist() == [
        round(100 * n / robbery.loc[newest, "offences"]) for n in robbery["offences"]
    ]
    assert set(frame.index.get_level_values(0)) == {offences.find(code).name for code in offences.find("total").of}
    assert f"2019 {robbery.loc[2019, 'offences']:,} ({robbery.loc[2019, 'percent_of_newest']}%)" in made.alternative
    assert "<title>" not in made.svg


def test_first_published_stands_beside_now(kent):
    frame = tables.first_published(kent).frame
    assert (frame["difference"] == frame["now"] - frame["first"]).all()
    assert frame["offence"].is_unique
    assert len(frame) > 15


def test_inspections_stand_with_their_interval_and_the_nations(kent):
    shown = overview.inspections(kent)
    assert re.search(
        r"Kent +November 2016 +inspection +83\.6% \(81\.8 to 85\.5\)|Kent.*83\.6% \(81\.[78] to 85\.[45]\)", shown.text
    )
    nation = shown.frame[shown.frame["area"] == "England and Wales"]
    assert nation["recorded_percent"].tolist() == [80.5, 94.8]
    assert set(overview.inspections(compare("Surrey", release=RELEASE)).frame["area"]) >= {"England and Wales"}


def test_forces_alike_are_the_nearest_in_residents(kent):
    shown = overview.alike(kent)
    assert shown.html.count('data-page="forces/') == overview.ALIKE
    assert "Hampshire" in shown.text
    for other in ("BTP", "Wales"):
        assert overview.alike(compare(other, release=RELEASE)).html == ""


def test_a_partnerships_rate_is_given_where_it_is_known_how_far_such_figures_vary():
    frame = tables.partnership_rates(compare("West Yorkshire", release=RELEASE)).frame
    assert {"burglary", "robbery"} <= set(frame["code"])
    assert "total" not in set(frame["code"])
    leeds = frame[(frame["partnership"] == "Leeds") & (frame["code"] == "burglary")].iloc[0]
    assert leeds["low"] < leeds["rate_per_10000"] < leeds["high"]
    assert leeds["rate_per_10000"] == pytest.approx(10_000 * leeds["offences"] / leeds["residents"], abs=0.001)
    assert tables.partnership_rates(compare("Wales", release=RELEASE)).html == ""
    assert isinstance(frame, pd.DataFrame)


def test_a_partnerships_change_stands_below_its_count_with_what_it_shows_or_that_it_may_not_be_compared():
    shown = tables.partnerships(compare("West Yorkshire", release=RELEASE))
    leeds = next(line for line in shown.text.splitlines() if line.startswith("Leeds"))
    for cell in (
        "6,536 +149 (2%); within the usual  ",
        "7,548 −1,243 (13%); fewer than usual, with care",
        "3,714 +273; not comparable  ",
    ):
        assert cell in leeds
    assert tables.partnerships(compare("Wales", release=RELEASE)).html == ""


def test_a_year_in_which_too_few_ranges_held_is_said_beside_the_ranges_of_its_offence(kent):
    shown = tables.offences(kent)
    lines = {line.split("  ")[0]: line for line in shown.text.splitlines()}
    assert "such ranges held 71 in 100 in 2023 and 83 in 100 in 2024" in lines["Shoplifting"]
    assert "such ranges held" not in lines["Burglary"]
    assert (
        "held fewer forces than the 95 in 100"
        in tables.all_forces(compare("Wales", offence="46", release=RELEASE)).text
    )
    assert "such ranges held" not in tables.all_forces(compare("Wales", offence="46", release=RELEASE)).text


def test_the_report_says_first_what_changed_and_then_what_may_be_compared(kent):
    first, second, *_ = overview.findings(kent).text.splitlines()
    assert first.startswith("5 of 31 offences that Kent Police recorded changed")
    assert second == "Of 40 reviewed offences 35 may be compared with January to December 2024, 13 of them with care."
    assert "Not comparable: Stalking and harassment, Modern slavery," in overview.findings(kent).text


def test_what_is_not_held_stands_with_where_it_is_counted():
    shown = front.elsewhere()
    for each in offences.all_not_held():
        assert each.where in shown.html.unescape()
    assert 'id="elsewhere-hate-crime" data-words="hate crime;' in shown.html


def test_an_entry_of_several_forces_names_them():
    told = overview.recording(compare("Cambridgeshire", release=RELEASE)).text
    assert "- Cambridgeshire and Bedfordshire, April 2018 to September 2019. Both forces brought in new" in told
    assert "- April to June 2018. " not in told
    assert (
        "- 1 April 2016. Northumbria and Surrey revised" in overview.recording(compare("Surrey", release=RELEASE)).text
    )


def test_only_the_groups_that_the_total_is_the_sum_of_stand_out_by_their_letters(kent):
    bold = re.findall(r"<strong><a data-page=[^>]*>(.*?)</a></strong>", tables.offences(kent).html)
    total = offences.find("total")
    assert bold == [each.name for each in offences.known().values() if each.code in total.of] + [total.name]
