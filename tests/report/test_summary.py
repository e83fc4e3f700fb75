"""The top of a page: three short sentences in plain words, each difference right after its two figures."""

from __future__ import annotations

import re

import pytest
import textstat  # type: ignore[import-untyped]

from analysis import compare
from analysis.comparison import Comparison
from analysis.report import sentences

NEWEST = "2026-04-23"
ASKED: tuple[tuple[str, dict[str, str]], ...] = (
    ("Kent", {}),
    ("Northamptonshire", {"period": "2017-04..2017-12", "baseline": "2016-04..2017-03"}),
    ("England and Wales", {"period": "2024/25", "baseline": "2017/18"}),
    ("England and Wales", {"offence": "burglary"}),
    ("England and Wales", {"offence": "sexual-offences"}),
    ("Greater Manchester", {"period": "2020/21"}),
    ("Kent", {"offence": "39"}),
    ("Kent", {"period": "2015-04..2018-03"}),
)


@pytest.fixture(params=ASKED, ids=str)
def comparison(request: pytest.FixtureRequest) -> Comparison:
    area, asked = request.param
    return compare(area, release=NEWEST, **asked)


def test_the_top_is_read_by_somebody_under_fourteen(comparison: Comparison) -> None:
    text = " ".join(sentences.summary_sentences(comparison))
    # The grade of Flesch and Kincaid counts years of school, which begins at five.
    assert textstat.flesch_kincaid_grade(text) + 5 < 14


def test_the_top_is_three_sentences_of_which_a_difference_follows_its_two_figures(comparison: Comparison) -> None:
    recorded, answer, *reading = sentences.summary_sentences(comparison)
    assert len(reading) == (comparison.baseline is not None)
    for count in filter(None, (comparison.current, comparison.baseline)):
        assert f"{count.offences:,}" in recorded
        assert count.period.words in recorded
    assert "as released on 23 April 2026" in recorded
    assert not re.search(r"\d%|more|fewer", recorded + answer)
    assert answer.startswith(
        {"yes": "The two may be compared.", "with-care": "The two may be compared only with care: ",
         "no": "The two may not be compared: ", "not-known": "Whether the two may be compared is not known",
         None: "No comparison: "}[comparison.answer]
    )  # fmt: skip


def test_the_rest_stands_behind_a_fold() -> None:
    shown = sentences.summary(compare("Kent", period="2017/18", baseline="2018/19", release=NEWEST))
    top, _, behind = shown.html.partition("<details")
    assert "it recorded 34" in behind
    assert "not children and not offenders" in behind
    assert "it recorded" not in top


def test_the_terminal_says_once_that_there_is_nothing_to_compare_with() -> None:
    told = sentences.report(compare("Leeds", offence="burglary"))
    assert told.count("No comparison: July 2023 to June 2024 is not held of Leeds") == 1
    assert "may be compared instead: 6,664 against 6,515" in told
