"""Sentences that can be copied as they stand: figure, period, release and caveats, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis import compare
from analysis.report import sentences
from analysis.terms import findings, offences

RELEASE = "2026-04-23"


@pytest.mark.parametrize(
    ("name", "asked", "counts", "caveats"),
    [
        (
            "Kent",
            {"period": "2022/23"},
            "Kent Police recorded 229 child grooming offences in April 2022 to March 2023 and 275 in April 2021 to March 2022",
            ["event"],
        ),
        (
            "Kent",
            {"period": "2018/19"},
            "Kent Police recorded 173 child grooming offences in April 2018 to March 2019 and 167 in April 2017 to March 2018",
            ["first-year", "recording-change"],
        ),
        (
            "England and Wales",
            {"period": "2013-04..2017-12"},
            "Police in England and Wales recorded 6,442 child grooming offences in April 2013 to December 2017",
            ["what is counted changed on 1 April 2017, within the period"],
        ),
        (
            "England and Wales",
            {"period": "2022/23"},
            "Police in England and Wales recorded 6,673 child grooming offences in April 2022 to March 2023 and 6,903 in "
            "April 2021 to March 2022",
            [
                "event"
            ],  # that single forces supplied late or changed their recording is a note, and not said of the nation
        ),
        (
            "City of London",
            {},
            "City of London Police recorded 2 child grooming offences in January to December 2025 and 0 in January to "
            "December 2024",
            ["provisional", "small-numbers"],
        ),
    ],
)
def test_the_sentence_names_figures_periods_release_and_caveats(name, asked, counts, caveats):
    rules = findings.caveats()
    said = "; ".join(rules[each].short if each in rules else each for each in caveats)
    assert sentences.quotation(compare(name, release=RELEASE, **asked)) == (
        f"{counts}, as released on 23 April 2026 ({said}).",
        offences.find("88A").not_people,
    )


def test_like_for_like_stands_beside_the_figure_even_where_another_baseline_was_asked_for():
    comparison = compare("Kent", period="2019-04..2019-12", baseline="2021/22", release=RELEASE)
    assert "in April to December 2019 and 115 in April to December 2018" in sentences.quotation(comparison)[0]


def test_a_release_without_a_date_is_named():
    said, _ = sentences.quotation(compare("Kent", period="2017/18", release="before-2019-08"))
    assert "according to before-2019-08" in said


def test_a_figure_that_was_not_supplied_is_not_quoted():
    good = compare("Kent", period="2022/23", release=RELEASE)
    comparison = replace(good, current=replace(good.current, offences=None))
    assert sentences.quotation(comparison)[0] == (
        "Kent Police did not supply every figure in April 2022 to March 2023, as released on 23 April 2026."
    )


def test_the_citation_names_producer_release_code_area_period_and_licence():
    assert sentences.reference(compare("Kent", period="2022/23", release=RELEASE)) == (
        "Home Office, “Police recorded crime open data: police force area tables, year ending March 2013 onwards, release of "
        "23 April 2026”, code 88A, Kent, April 2022 to March 2023; set beside earlier figures by Like for like. "
        "Open Government Licence v3.0."
    )


def test_a_citation_names_a_family_as_the_tables_do():
    assert ", all sexual offences, Kent, " in sentences.reference(compare("Kent", offence="sexual-offences"))


def test_both_can_be_copied():
    html = str(sentences.quotable(compare("Kent", release=RELEASE)).html)
    assert html.count("data-copy=") == 2
