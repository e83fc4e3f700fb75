from __future__ import annotations

import pytest

from analysis.errors import RequestError
from analysis.terms.offences import OFFENCES, describe
from analysis.terms.periods import Month, Period

GROOMING = OFFENCES["88A"]


def breaks(*periods: str) -> int:
    return len(GROOMING.breaks_within(*map(Period.parse, periods)))


def test_the_definition_of_88a_changed_once_on_1_april_2017() -> None:
    (change,) = GROOMING.breaks
    assert change.month == Month(2017, 4)
    assert change.words == "1 April 2017"
    assert str(change.launch) == "2017-04..2018-03"
    assert "section 15 " in change.before
    assert "section 15A" in change.after
    assert change.reason
    assert "not comparable" in change.source


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        (("2016/17", "2017/18"), 1),  # between
        (("2017/18", "2016/17"), 1),  # whichever comes first
        (("2012/13", "2024/25"), 1),  # with years in between
        (("2013-04..2017-12",), 1),  # inside one
        (("2017-01..2017-06", "2018-01..2018-06"), 1),  # inside the baseline only
        (("2017-01..2017-04",), 1),  # with a month on the other side
        (("2016/17", "2015/16"), 0),  # both before
        (("2018/19", "2017/18"), 0),  # both after: the first month of the new definition begins the baseline
        (("2017/18",), 0),
        (("2016/17",), 0),
    ],
)
def test_a_break_lies_between_or_inside_periods(periods: tuple[str, ...], expected: int) -> None:
    assert breaks(*periods) == expected


def test_every_page_about_88a_says_what_it_does_not_measure() -> None:
    text = " ".join(GROOMING.limits)
    for line in (
        "counts offences, not children and not offenders",
        "does not measure group-based exploitation and says nothing of ethnicity or nationality",
        "zero recorded is not zero abuse",
    ):
        assert line in text


@pytest.mark.parametrize("offence", OFFENCES.values(), ids=OFFENCES)
def test_every_known_offence_says_what_it_does_not_measure(offence: object) -> None:
    assert offence.limits  # type: ignore[attr-defined]
    assert offence.noun.startswith(("offences", "child grooming offences", "sexual offences"))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 child grooming offences"),
        (1, "1 child grooming offence"),
        (2, "2 child grooming offences"),
        (6442, "6,442 child grooming offences"),
        (-1, "−1 child grooming offence"),
        (-2, "−2 child grooming offences"),
        (None, "an unknown number of child grooming offences"),
    ],
)
def test_counts_offences_in_words(number: int | None, text: str) -> None:
    assert GROOMING.count(number) == text


def test_one_offence_of_a_workbooks_own_name_is_singular_too() -> None:
    assert describe("30C", "Burglary offences").count(1) == "1 offence of “Burglary offences” (code 30C)"


@pytest.mark.parametrize("code", ["88A", "88a", " 88A "])
def test_a_code_is_known_in_any_case(code: str) -> None:
    assert describe(code) is GROOMING


def test_a_code_without_an_entry_takes_the_workbooks_name_and_no_caveat_of_88a() -> None:
    other = describe("71", "Abuse of children through sexual exploitation")
    assert (other.code, other.name, other.breaks) == ("71", "Abuse of children through sexual exploitation", ())
    assert "ethnicity" not in " ".join(other.limits)


def test_a_code_with_neither_entry_nor_name_is_refused_with_those_that_have_figures() -> None:
    with pytest.raises(
        RequestError, match=r"offence: '4\.10' is not known; codes with figures are 88A, sexual-offences$"
    ):
        describe("4.10")
