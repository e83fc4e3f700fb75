"""What the command answers on real figures: each of these was a false or misleading sentence in version 0.1."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from analysis.cli import main
from analysis.comparison import compare
from analysis.report import charts, sentences

NEWEST = "2026-04-23"
ARROWS = re.compile(r"%|↑|↓|→|\b(?:ratio|rise|fall|more|fewer|larger|smaller|higher|lower)\b", re.IGNORECASE)


def said(capsys: pytest.CaptureFixture[str], area: str, *, json_: bool = False, **options: str | None) -> str:
    words = [word for name, value in options.items() if value for word in (f"--{name}", value)]
    assert main(["compare", area, "--release", NEWEST, *words, *(["--json"] if json_ else [])]) == 0
    return capsys.readouterr().out


def answer(capsys: pytest.CaptureFixture[str], area: str, **options: str | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(capsys, area, json_=True, **options))
    return found


def grave(found: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(caveat["code"] for caveat in found["caveats"] if caveat["weight"] != "note"))


# The four answers in the JSON


@pytest.mark.parametrize(
    ("area", "period", "baseline", "offence", "answer_", "like_for_like", "codes", "instead"),
    [
        ("Kent", "2021/22", "2022/23", "88A", "with-care", True, ["event"], None),
        ("Kent", "2024/25", None, "88A", "yes", True, [], None),
        ("Kent", "2017/18", "2018/19", "88A", "with-care", True, ["first-year", "recording-change"], None),
        ("England and Wales", "2024/25", "2017/18", "88A", "with-care", True, ["first-year", "recording-change"], "2018-04..2019-03"),
        ("Greater Manchester", "2019/20", None, "88A", "with-care", True, ["recording-change", "late-supply"], None),
        ("Devon and Cornwall", "2022-10..2022-12", None, "88A", "with-care", True, ["late-supply"], None),
        ("England and Wales", "2024/25", "2023/24", "sexual-offences", "no", False, ["mixed-quarter", "first-year"], None),
        ("England and Wales", "2017/18", "2016/17", "sexual-offences", "no", False,
         ["definition-change", "first-year", "recording-change"], None),
        ("England and Wales", "2024/25", "2023/24", "23", "not-known", None, ["definition-not-reviewed", "late-supply"], None),
        ("Kent", "2023-04..2025-03", None, "88A", None, False, [], None),
    ],
)  # fmt: skip
def test_each_of_the_four_answers_and_none_in_the_json(
    area: str,
    period: str,
    baseline: str | None,
    offence: str,
    answer_: str | None,
    like_for_like: bool | None,
    codes: list[str],
    instead: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = answer(capsys, area, period=period, baseline=baseline, offence=offence)
    assert (found["answer"], found["like_for_like"], grave(found)) == (answer_, like_for_like, codes)
    if found["answer"] in {"yes", "with-care", None}:
        assert (found["instead"] and found["instead"]["baseline"]) == instead
    small = any(found[side] and (found[side]["offences"] or 0) < 50 for side in ("current", "baseline"))
    assert (found["reading"] is None) == (answer_ not in {"yes", "with-care"} or small)
    assert (found["ratio"]["value"] is None) == (answer_ is None)  # a number for the analyst, whatever the answer


@pytest.mark.parametrize(
    ("offence", "period", "baseline", "code"),
    [
        ("8R", "2024/25", "2022/23", "definition-change"),  # two changes of rules: −64%
        ("28E", "2023/24", "2022/23", "not-counted-then"),  # the code was replaced: −99%
        ("8Q", "2020/21", "2019/20", "definition-change"),  # the rule of April 2020: +197%
        ("88C", "2024/25", "2023/24", "mixed-quarter"),  # new offences within it: +633%
        ("4.8", "2024/25", "2021/22", "definition-change"),  # another new offence: +595%
        ("sexual-offences", "2024/25", "2023/24", "mixed-quarter"),  # 88C and 88E are in it: +11%
        ("sexual-offences", "2017/18", "2016/17", "definition-change"),  # 88A is in it
    ],
)
def test_what_was_a_false_yes_is_a_no_that_says_why(
    offence: str, period: str, baseline: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"offence": offence, "period": period, "baseline": baseline}
    found = answer(capsys, "England and Wales", **options)
    assert (found["answer"], found["like_for_like"], found["reading"]) == ("no", False, None)
    assert code in grave(found)
    text = said(capsys, "England and Wales", **options)
    assert "No: " in text
    assert "Yes: " not in text
    own_words = "".join(
        line for line in text.partition("\n- ")[0].splitlines() if "may be compared instead" not in line
    )
    assert "%" not in own_words


# Each difference beside its two figures


def test_a_difference_stands_after_the_two_figures_that_it_is_of(capsys: pytest.CaptureFixture[str]) -> None:
    # It stood after the year before, across the break: "167 … 34 … 3% fewer", and after 7,240: "54% more".
    kent = said(capsys, "Kent", period="2017/18", baseline="2018/19")
    assert (
        "recorded 167 child grooming offences in April 2017 to March 2018 and 173 in April 2018 to March 2019, which is later,"
        in kent
    )
    assert (
        "only with care: one of the periods touches the first year of a definition and recording changed in these years."
        in kent
    )
    assert (
        "In the same months a year before, April 2016 to March 2017, it recorded 34. The two may not be compared: "
        in kent
    )
    national = said(capsys, "England and Wales", period="2024/25", baseline="2017/18")
    assert "and 4,624 in April 2017 to March 2018, as released" in national
    assert "they recorded 7,240. The two may be compared." in national


def test_with_care_names_the_comparison_that_may_be_made_instead(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "England and Wales", period="2024/25", baseline="2017/18")
    assert "Only with care: April 2024 to March 2025 and April 2017 to March 2018 may be compared if" in text
    assert "April 2018 to March 2019 may be compared instead, with care: 7,140 against 5,879." in text
    assert "Yes" not in text  # a yes and a caveat of the first year contradicted each other
    late = said(capsys, "England and Wales", period="2022/23", baseline="2017/18")
    assert "April 2018 to March 2019 may be compared instead, with care: 6,673 against 5,879." in late


# Periods that have nothing beside them


@pytest.mark.parametrize(("area", "period"), [("Kent", "2023-04..2025-03"), ("City of London", "2017-04..2025-03")])
def test_a_long_period_is_set_beside_no_months_of_its_own(
    area: str, period: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, area, period=period)
    assert (found["baseline"], found["same_quarters_year_before"], found["answer"]) == (None, None, None)
    text = said(capsys, area, period=period)
    assert "a year before" not in text
    assert "No comparison: a period of over twelve months has no baseline unless one is asked for." in text


def test_the_first_year_of_the_release_has_none_before_it(capsys: pytest.CaptureFixture[str]) -> None:
    said_of = {"2012/13": ("88A", "April 2011 to March 2012"), "2023/24": ("28I", "April 2022 to March 2023")}
    for period, (offence, before) in said_of.items():
        why = f"No comparison: {before} is not held; the figures begin with April {period[:4]}."
        assert why in said(capsys, "Kent", period=period, offence=offence)


# Not known


@pytest.mark.parametrize(("area", "offence"), [("England and Wales", "23"), ("Kent", "95"), ("West Midlands", "70")])
def test_of_what_nobody_has_reviewed_the_counts_stand_and_nothing_compares_them(
    area: str, offence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"offence": offence, "period": "2022/23", "baseline": "2021/22"}
    found = answer(capsys, area, **options)
    assert (found["answer"], found["like_for_like"], found["reading"]) == ("not-known", None, None)
    assert "definition-not-reviewed" in grave(found)
    text = said(capsys, area, **options)
    for count in (found["current"]["offences"], found["baseline"]["offences"]):
        assert f"{count:,}" in text
    assert "Not known: whether" in text
    own_words, _, _ = text.partition("\n- ")
    own_words = "\n".join(line for line in own_words.splitlines() if "may be compared instead" not in line)
    assert not ARROWS.search(own_words)
    result = compare(area, release=NEWEST, **options)
    assert result.change is not None
    assert result.change.percent is None
    assert not any(view.direction for view in result.views)
    assert (result.process.reviewed, result.process.limits, result.process.trend) == (False, None, None)
    assert "nobody has reviewed" in charts.process(result).text


# Small and equal counts


def test_a_small_count_has_neither_percentage_nor_ratio_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    # "Counts are given, not percentages", and then "ratio 0.70".
    text = said(capsys, "Bedfordshire")
    assert "recorded 49 child grooming offences" in text
    assert "and 70 in January to December 2024, as released on 23 April 2026.\nThe two may be compared.\n" in text
    assert "\n21 fewer were recorded. With a count under 50, no percentage is given.\n" in text
    assert "%" not in text
    assert "ratio" not in text.casefold()


def test_two_counts_that_are_the_same_are_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    # Northumbria, 193 against 193, was "less than 1% apart".
    text = said(capsys, "Northumbria")
    assert (
        "recorded 193 child grooming offences in January to December 2025 and 193 in January to December 2024, as"
        in text
    )
    assert "the same" in text
    assert "apart" not in text
    assert "is not known: neither period has a recorded offence.\n" in said(capsys, "BTP")
    small = said(capsys, "Humberside", period="2022/23 Q2")
    assert "and 20 in July to September 2021, as" in small
    assert "\nAs many were recorded. With a count under 50" in small


# Under one earlier definition


def test_two_years_under_one_earlier_definition_carry_no_mark_of_a_break_anywhere() -> None:
    # Kent 2015/16: the chart marked both periods with [b], the table and the caveats neither.
    result = compare("Kent", period="2015/16", release=NEWEST)
    view = sentences.comparability(result)
    assert "[b]" not in f"{view.html}{view.text}"
