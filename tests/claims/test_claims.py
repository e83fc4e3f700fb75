"""Published claims: reading them, the rule behind each code, restating them, and showing them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stated import KENT, RELEASE, TOTAL, found, judged, text

from analysis import claims, files
from analysis.claims import documents, spans
from analysis.claims.models import MULTIPLES, PERCENTAGES, Amount, PublicationDate
from analysis.errors import ManyErrors, RequestError
from analysis.figures import register
from analysis.report import published
from analysis.terms.numbers import parsed
from analysis.terms.periods import Month, Period

# --- amounts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "fits", "does_not"),
    [
        (68, ["67.5", "68.5"], ["67.49", "68.51"]),
        ("68", ["67.5"], ["67.49"]),
        (1.5, ["1.45", "1.55"], ["1.44", "1.56"]),
        ("99.50", ["99.495", "99.505"], ["99.494", "99.51"]),
        ("more than 5", ["5.01"], ["5"]),
        ("over 80 per cent", ["80.1"], ["80"]),
        ("at least 5", ["5"], ["4.99"]),
        ("less than 5", ["4.99"], ["5"]),
        ("up to 5", ["5"], ["5.01"]),
        ("almost 2", ["1.8", "2"], ["1.79"]),
        ("nearly 2", ["1.8"], ["1.79"]),
        ("about 50%", ["45", "55"], ["44.9", "55.1"]),
        ("nine", ["9.4"], ["9.6"]),
        ("twenty-four", ["24"], ["20"]),
        ("1,000", ["1000"], ["1"]),
        (-30, ["-30.4"], ["30"]),
        ("−30", ["-30"], ["30"]),
        ("1e3", ["1000", "1000.4"], ["1001", "999"]),
    ],
)  # fmt: skip
def test_an_amount_holds_within_its_last_digit_or_its_bound(
    stated: float | str, fits: list[str], does_not: list[str]
) -> None:
    amount = Amount.parse(stated)
    assert all(amount.holds(Fraction(actual)) for actual in fits)
    assert not any(amount.holds(Fraction(actual)) for actual in does_not)


@pytest.mark.parametrize(
    ("stated", "named", "fits", "does_not"),
    [
        ("a third", PERCENTAGES, "36", "37"),
        ("two-thirds", PERCENTAGES, "68", "75"),
        ("more than half", PERCENTAGES, "50.1", "50"),
        ("doubled", MULTIPLES, "2.1", "2.3"),
        ("almost doubled", MULTIPLES, "1.9482", "1.7"),
        ("more than doubled", MULTIPLES, "2.01", "2"),
        ("halved", MULTIPLES, "0.5", "0.6"),
        ("more than five times", MULTIPLES, "5.1", "5"),
    ],
)
def test_words_for_amounts_allow_a_tenth_unless_they_carry_a_bound(
    stated: str, named: dict[str, Fraction], fits: str, does_not: str
) -> None:
    amount = Amount.parse(stated, named=named)
    assert amount.holds(Fraction(fits))
    assert not amount.holds(Fraction(does_not))


def test_words_stand_for_these_amounts() -> None:
    percentages = {
        "half": 50,
        "one third": Fraction(100, 3),
        "two thirds": Fraction(200, 3),
        "a quarter": 25,
        "three quarters": 75,
    }
    multiples = {"halved": Fraction(1, 2), "twice": 2, "trebled": 3, "tripled": 3, "quadrupled": 4}
    for named, expected in ((PERCENTAGES, percentages), (MULTIPLES, multiples)):
        assert {words: Amount.parse(words, named=named).number for words in expected} == expected
    assert (
        Amount.parse("a fifth", named=PERCENTAGES).number == 2 * Amount.parse("a tenth", named=PERCENTAGES).number == 20
    )


@pytest.mark.parametrize(
    ("stated", "is_one"),
    [
        ("1000000", True),
        ("1000001", False),
        ("-1000000", True),
        ("0.000001", True),
        ("0.0000001", False),
        ("1e9999999", False),
    ],
)
def test_an_amount_has_a_size_and_six_decimals_at_most(stated: str, is_one: bool) -> None:
    with contextlib.nullcontext() if is_one else pytest.raises(RequestError):
        Amount.parse(stated)


@pytest.mark.parametrize(
    ("fields", "is_one"),
    [
        ({"current": {"value": 0, "period": "2019-04..2020-03"}}, True),
        ({"current": {"value": 10**9, "period": "2019-04..2020-03"}}, True),
        ({"current": {"value": 10**9 + 1, "period": "2019-04..2020-03"}}, False),
        ({"current": {"value": "at least 0", "period": "2019-04..2020-03"}}, True),
        ({"current": {"value": "at least -1", "period": "2019-04..2020-03"}}, False),
        *(({"rate_per": {"value": 1, "per": per, "of": "residents"}}, is_one) for per, is_one in ((0, False), (1, True), (10**9, True), (10**9 + 1, False))),
        ({"id": "a" * 100}, True),
        ({"id": "a" * 101}, False),
        ({"rank": {"place": 1}}, True),
        ({"rank": {"place": 0}}, False),
        *(({"current": None, "baseline": None, "change": None} | {name: form}, False) for name, form in {
            "rate": {"value": 1, "per": "day"}, "rate_per": {"value": 1, "per": 1000, "of": "residents"},
            "baseline_rate_per": {"value": 1, "per": 1000, "of": "residents"},
            "compared_rate_per": {"value": 1, "per": 1000, "of": "residents"},
            "interval": {"every": 1, "unit": "days"}, "share_of": {"percent": 1, "of": "all"},
            "record": {"extreme": "highest", "since": "2012"}, "rank": {"place": 1}, "forces_rising": {"count": 1, "of": 43},
        }.items()),
        ({"current": None, "baseline": None, "change": None}, True),
    ],
    ids=str,
)  # fmt: skip
def test_what_a_claim_may_state_has_limits(fields: dict[str, Any], is_one: bool) -> None:
    with contextlib.nullcontext() if is_one else pytest.raises(RequestError):
        claims.Claim.of({name: value for name, value in (KENT | fields).items() if value is not None})


@pytest.mark.parametrize("stated", ["", "lots", "nan", "inf", "-inf", "1e999999", "1e-9", "2000000", "a third", "5 6"])
def test_what_is_not_an_amount_is_refused(stated: str) -> None:
    with pytest.raises(RequestError, match=r"amount: .* write a number"):
        Amount.parse(stated)


def test_an_amount_is_said_again_as_it_was_stated() -> None:
    assert Amount.parse("More than 80").words("%") == "more than 80%"
    assert Amount.parse("about a third", named=PERCENTAGES).words("%") == "about a third"
    assert Amount.parse("more than 5").bounding(Fraction(5780)) == "more than 5,780"
    assert Amount.parse("more than 30").bounding(Fraction(70), falling=True) == "less than 70"
    assert Amount.parse("more than 30").bounding(Fraction(130)) == "more than 130"


@given(st.integers(0, 99))
def test_numbers_in_words_and_figures_are_the_same(value: int) -> None:
    names = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    tens, ones = divmod(value, 10)
    small = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    words = small.split()[value] if value < 20 else f"{names[tens]} {small.split()[ones] if ones else ''}"
    assert parsed(words) == parsed(str(value)) == value


# --- spans of time ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("the past year", "2017-04..2018-03"),
        ("in the first year", "2017-04..2018-03"),
        ("the year before", "2016-04..2017-03"),
        ("the previous 12 months", "2016-04..2017-03"),
        ("eight months", "2017-04..2017-11"),
        ("the first nine months of the year", "2017-04..2017-12"),
        ("the past five years", "2013-04..2018-03"),
        ("over the past five years", "2013-04..2018-03"),
        ("a five-year period", "2013-04..2018-03"),
        ("more than five years", "2013-04..2018-06"),
        ("less than a year", "2017-04..2017-12"),
        ("up to five years", "2013-04..2018-03"),
        ("at least five years", "2013-04..2018-03"),
        ("Sept to Dec 2017", "2017-09..2017-12"),
        ("a year and a half", "2017-04..2018-09"),
        ("two and a half years", "2015-04..2017-09"),
        ("half a year", "2017-04..2017-09"),
        ("two years and three months", "2015-04..2017-06"),
        ("a decade", "2013-04..2023-03"),
        ("the first quarter of 2017", "2017-04..2017-06"),
        ("the last financial year", "2017-04..2018-03"),
        ("calendar year", "2017-01..2017-12"),
        ("2016/17", "2016-04..2017-03"),
        ("2016-17", "2016-04..2017-03"),
        ("2013/14 to 2017/18", "2013-04..2018-03"),
        ("2016", "2016-01..2016-12"),
        ("since 2013", "2013-04..2017-12"),
        ("since April 2013", "2013-04..2017-12"),
        ("since 2013/14", "2013-04..2017-12"),
        ("year to June 2017", "2016-07..2017-06"),
        ("the year to June", "2016-07..2017-06"),
        ("nine months to 31 December 2017", "2017-04..2017-12"),
        ("between April and December 2017", "2017-04..2017-12"),
        ("November 2016 to March 2017", "2016-11..2017-03"),
        ("from 1 April 2013 to 31 December 2017", "2013-04..2017-12"),
        ("December to March 2017", "2016-12..2017-03"),
        ("between April 2018 and April 2019", "2018-04..2019-03"),
        ("between September 2015 and September 2016", "2015-10..2016-09"),
        ("in March 2018", "2018-03..2018-03"),
    ],
)  # fmt: skip
def test_words_for_a_period_fit_their_months(words: str, period: str) -> None:
    assert spans.spans(words), "the words must be read, or the test says nothing"
    assert spans.misnamed(words, Period.parse(period)) is None


@pytest.mark.parametrize(
    ("words", "period", "named"),
    [
        ("the past year", "2017-04..2017-12", "12 months"),
        ("eight months", "2017-04..2017-12", "8 months"),
        ("the past five years", "2013-04..2017-12", "60 months"),
        ("the last five years", "2017-04..2023-03", "60 months"),
        ("more than five years", "2013-04..2018-03", "more than 60 months"),
        ("less than a year", "2017-04..2018-03", "less than 12 months"),
        ("at least five years", "2013-04..2017-12", "at least 60 months"),
        ("up to five years", "2013-04..2018-06", "up to 60 months"),
        ("since 2013", "2014-04..2017-12", "since 2013"),
        ("since April 2013", "2013-07..2017-12", "since April 2013"),
        ("since 2013/14", "2013-07..2017-12", "since April 2013"),
        ("2016/17", "2017-04..2018-03", "April 2016 to March 2017"),
        ("2013/14 to 2017/18", "2013-04..2017-03", "April 2013 to March 2018"),
        ("2016", "2015-04..2016-03", "January to December 2016"),
        ("2016", "2016-04..2017-03", "January to December 2016"),  # a bare year is a calendar year
        ("the last financial year", "2017-01..2017-12", "12 months from April"),
        ("calendar year", "2017-04..2018-03", "12 months from January"),
        ("the year to June 2017", "2016-04..2017-03", "July 2016 to June 2017"),
        ("the year to June", "2016-04..2017-03", "12 months to June"),
        ("April to December 2017", "2017-04..2018-03", "April to December 2017"),
        ("two years and three months", "2015-04..2017-03", "27 months"),
        ("half a year", "2017-04..2017-12", "6 months"),
        ("a month", "2017-04..2017-06", "1 month"),
        ("in March 2018", "2018-01..2018-03", "March 2018"),
        ("from 1 April 2018 to 30 April 2019", "2018-04..2019-03", "April 2018 to April 2019"),
        ("the year to 30 April 2019", "2018-04..2019-03", "May 2018 to April 2019"),
        ("the first year, 2017/18", "2017-04..2017-12", "April 2017 to March 2018"),
    ],
)
def test_words_for_another_period_are_misnamed(words: str, period: str, named: str) -> None:
    span = spans.misnamed(words, Period.parse(period))
    assert span is not None
    assert span.words == named


@pytest.mark.parametrize(
    "words",
    [
        "from 3 April to 31 December 2017", "from 1 April to 30 December 2017", "from April 3 to December 31, 2017", "from April 1 to December 30, 2017",
        "from 1 March 2017 to 1 March 2017", "the year to 15 June 2017", "the year to June 15 2017", "the first eighteen months of 2017", "almost a year", "nearly five years", "about a year", "so far this year", "the year to date", "just under a year",
        "the same months a year before", "the same period of the previous year", "a year earlier", "year on year",
        "up to March 2023", "up to and including March 2023", "till the end of March 2023",  # an end without a beginning
        "recent years", "several months", "two and a half months", "lockdown", "from 3 April to 30 December 2017", "per year", "2016/18", "the final months of 2017",
    ],
)  # fmt: skip
def test_words_that_hedge_or_are_not_understood_name_no_span(words: str) -> None:
    assert spans.spans(words) == []


@pytest.mark.parametrize(
    ("words", "first"),
    [
        *(
            (f"{place} of 2017", 1)
            for place in ("the first quarter", "the opening quarter", "quarter one", "quarter 1")
        ),
        *((f"{place} of 2017", 4) for place in ("the second quarter", "quarter two", "quarter 2")),
        *((f"{place} of 2017", 7) for place in ("the third quarter", "quarter three", "quarter 3", "the second half")),
        *(
            (f"{place} of 2017", 10)
            for place in ("the fourth quarter", "quarter four", "quarter 4", "the last quarter")
        ),
    ],
)
def test_a_part_of_a_year_is_of_the_calendar_or_of_the_financial_year(words: str, first: int) -> None:
    (span,) = spans.spans(words)
    start = Month(2017, first)
    assert [each.first for each in span.periods] == [start, start.shift(3)]


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("November to January 2017", "2016-11..2017-01"),
        ("April to April 2017", "2016-04..2017-03"),
        ("the year to April 2017", "2016-04..2017-03"),
        ("the year to 30 June 2017", "2016-07..2017-06"),
        ("the year to June 30 2017", "2016-07..2017-06"),
        ("March 2017 to March 2017", "2017-03..2017-03"),
        ("between 2016/17 and 2016/17", "2016-04..2017-03"),
        ("April, May and June 2017", "2017-04..2017-06"),
        ("April, June and July 2017", None),
    ],
)
def test_months_and_years_between_are_those_that_follow_each_other(words: str, period: str | None) -> None:
    assert [str(span.periods[0]) for span in spans.spans(words)] == ([period] if period else [])


@pytest.mark.parametrize(("words", "starts"), [("the financial year", 4), ("the tax year", 4), ("calendar year", 1)])
def test_a_kind_of_year_says_in_which_month_it_starts(words: str, starts: int) -> None:
    (span,) = spans.spans(words)
    assert (span.months, span.starts) == (12, starts)


@given(st.text(max_size=80))
def test_any_words_can_be_read_for_spans(words: str) -> None:
    for span in spans.spans(words):
        assert span.fits(Period.parse("2017-04..2017-12")) in {True, False}


# --- reading a file ---------------------------------------------------------------------------------------------------


def written(tmp_path: Path, content: str | bytes) -> documents.Loaded:
    path = tmp_path / "claims.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return claims.load(path)


GOOD = """\
  - id: good
    statement: Kent Police recorded 228 offences.
    published: 2024-01-31
    source: https://example.org/kent
    area: Kent
    basis: home-office
    offence: 88A
    current: {value: 228, period: 2019-04..2020-03}
"""


def test_a_bad_claim_hides_no_other_and_its_line_names_claim_field_and_line(tmp_path: Path) -> None:
    bad = GOOD.replace("id: good", "id: bad").replace("area: Kent", "area: Kemt")
    loaded = written(tmp_path, f"claims:\n{bad}{GOOD}")
    assert [claim.id for claim in loaded.claims] == ["good"]
    told = "line 6: claims.1 (bad).area: 'Kemt' is not known; the nearest names are Kent"
    assert [error.partition("claims.yaml: ")[2] for error in loaded.errors] == [told]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: good", "id: Good One", "line 2: claims.1 (Good One).id: found 'Good One'; write lower-case"),
        ("id: good", "name: good", "line 2: claims.1 (good): 'name' is not a field; fields are quote, id, statement"),
        ("  - id: good\n    statement", "  - statement", "line 2: claims.1.id: is missing"),
        ("228 offences.", "228 offences.\n    statement: again", "line 4: claims.1: 'statement' stands twice"),
        ("2024-01-31", "2024-02-30", "line 4: claims.1 (good).published: found '2024-02-30'; write a date"),
        ("2024-01-31", "last week", "published: found 'last week'; write a date"),
        ("2024-01-31", "2024-01-31 10:00:00", "published: found '2024-01-31 10:00:00'"),
        ("area: Kent", "area: []", "area: found nothing; give at least one name"),
        ("area: Kent", "area: {name: Kent}", "area: found names with values; write a force"),
        ("area: Kent", "area:", "line 6: claims.1 (good).area: '' is not known"),
        ("area: Kent", "area: [Kent, 3]", "area: '3' is not known"),
        ("area: Kent", "area: Wales without Kent", "area: Kent is no part of Wales that leaves another; name forces of it"),
        ("area: Kent", "area: Kent without Kent", "area: Kent is no part of Kent that leaves another; name forces of it"),
        ("area: Kent", "area: Wales without Kemt", "area: 'Kemt' is not known; the nearest names are Kent"),
        ("area: Kent", "area: [Kent, Wales]", "area: 'Wales' is not known"),
        ("statement: Kent Police recorded 228 offences.", "statement: ' '", "statement: found ' '; write words"),
        ("home-office", "press", "line 7: claims.1 (good).basis: found 'press'; write home-office or foi"),
        ("88A", "99Z", "offence: '99Z' is not known; the nearest are 99"),
        ("88A", "88", "offence: '88' is not known; the nearest are 88"),
        ("228, period", "-1, period", "current.value: found '-1'; write a whole number"),
        ("228, period", "2.0, period", "current.value: found '2.0'; write a whole number"),
        ("228, period", "true, period", "current.value: found 'true'; write a whole number"),
        ("228, period", "10000000000, period", "current.value: found '10000000000'; write a whole number"),
        ("2019-04..2020-03", "2019-13..2020-03", "current.period: 2019-13 has no month 13"),
        ("2019-04..2020-03", "2020-04..2019-03", "current.period: 2020-04..2019-03 ends before it begins"),
        ("2019-04..2020-03", "1066-04..1067-03", "current.period: '1066-04..1067-03' leaves the years 1900 to 2099"),
        ("2019-04..2020-03", "the year", "current.period: 'the year' is not a period"),
        ("2019-04..2020-03", "12", "current.period: '12' is not a period"),
        (", period: 2019-04..2020-03", "", "current.period: is missing"),
        ("2020-03}", "2020-03, note: x}", "current: 'note' is not a field; fields are quote, value, period, described_as"),
        ("{value: 228, period: 2019-04..2020-03}", "228", "current: found '228'; write names with values"),
        ("2020-03}", "2020-03}\n    baseline: {value: 1, period: 2020-01..2020-03}", "line 10: claims.1 (good).baseline: 2020-01..2020-03 overlaps the current"),
        ("228, period", "more than many, period", "current.value: found 'more than many'; write a whole number"),
        ("228, period", "more than 2.5, period", "current.value: found 'more than 2.5'; write a whole number"),
        ("2020-03}", "2020-03}\n    discloses: [sideways]", "discloses.1: found 'sideways'; write "),
        ("2020-03}", "2020-03}\n    draft: perhaps", "draft: found 'perhaps'"),
        ("2020-03}", "2020-03}\n    parts: 3", "line 10: claims.1 (good).parts: found '3'; write a list"),
        ("2020-03}", "2020-03}\n    change: {}", "change: is empty; write percent, times, points or direction"),
        ("2020-03}", "2020-03}\n    change: {direction: sideways}", "change.direction: found 'sideways'; write up or down"),
        ("2020-03}", "2020-03}\n    change: {percent: lots}", "change.percent: 'lots' is not one"),
        ("2020-03}", "2020-03}\n    change: {percent: [1]}", "is not one; write a number"),
        *(("2020-03}", f"2020-03}}\n    change: {{{kind}: {words}}}", f"change.{kind}: '{words}' is not one; write a number") for kind, words in (("times", "two in five"), ("percent", "lots in ten"), ("percent", "four in lots"), ("percent", "four in zero"))),
        ("2020-03}", "2020-03}\n    change: {percent: .inf}", "change.percent: '.inf' is not one"),
        ("2020-03}", "2020-03}\n    rate: {value: 1, per: year}", "rate.per: found 'year'; write day or week or month"),
        ("2020-03}", "2020-03}\n    parts:\n      - {area: Kent, value: 1}\n      - {area: Essex}", "line 12: claims.1 (good).parts.2.value: is missing"),
        ("current: {value: 228, period: 2019-04..2020-03}", "rate: {value: 1, per: day}", "rate: has no current value"),
        ("88A\n", "88A\n    change: !!python/object:os.system {}\n", "change: is empty; write percent"),
        ("88A\n", "88A\n    ? [1]\n    : 2\n", "found a list; write a name"),
        ("88A\n", f"88A\n    share: {{percent: {'9' * 5000}}}\n", "99999' is not one; write a number, or words such as"),
        ("88A\n", "88A\n    share: {percent: !!bool maybe}\n", "share.percent: 'maybe' is not one"),
    ],
)  # fmt: skip
def test_each_mistake_is_one_line_that_says_what_would_be_right(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in GOOD
    loaded = written(tmp_path, f"claims:\n{GOOD.replace(old, new, 1)}")
    assert loaded.claims == ()
    assert len([error for error in loaded.errors if expected in error]) == 1, loaded.errors
    assert all("\n" not in error and len(error.removeprefix(str(tmp_path))) < 435 for error in loaded.errors)


@pytest.mark.parametrize(
    ("content", "line"),
    [("a: 1\n", "line 1: the whole: 'a' is not a field; fields are claims"),
     (f"claims:\n{GOOD.replace('recorded', 'said:')}", "line 3: not YAML"),
     ("claims: []\n", "line 1: claims: found none")],
)  # fmt: skip
def test_a_file_that_is_no_list_of_claims_is_refused_by_its_line(tmp_path: Path, content: str, line: str) -> None:
    with pytest.raises(RequestError, match=re.escape(f"claims.yaml: {line}")):
        written(tmp_path, content)


@pytest.mark.parametrize("name", ["id: [good]", "# no id"])
def test_a_claim_without_a_readable_id_is_named_by_its_place(tmp_path: Path, name: str) -> None:
    loaded = written(tmp_path, f"claims:\n{GOOD}{GOOD.replace('id: good', name)}")
    assert [claim.id for claim in loaded.claims] == ["good"]
    assert all(": claims.2" in error for error in loaded.errors)


def test_the_second_claim_of_an_id_is_refused(tmp_path: Path) -> None:
    loaded = written(tmp_path, f"claims:\n{GOOD}{GOOD}")
    assert len(loaded.claims) == 1
    assert loaded.errors[0].endswith("line 10: claims.2 (good): the id stands twice; give each claim its own")


def test_dates_and_fractions_keep_what_was_written(tmp_path: Path) -> None:
    loaded = written(tmp_path, f"claims:\n{GOOD.replace('2024-01-31', '2024')}    change: {{percent: 99.50}}\n")
    claim = loaded.claims[0]
    assert claim.published == PublicationDate((2024,))
    assert claim.published.words == "2024"
    assert claim.change is not None
    assert claim.change.percent is not None
    assert claim.change.percent.half_unit == Fraction(1, 200)


def test_areas_are_known_by_any_spelling_and_lists_stand_in_one_order() -> None:
    claim = judged(area=["Northumbria", "County Durham"], **TOTAL).claim
    assert claim.area.names == ("Durham", "Northumbria")
    assert claim.area.name == "Durham and Northumbria"
    assert judged(area="Great Britain").claim.area.area is None


def test_an_offence_is_known_if_a_release_holds_it() -> None:
    assert judged(offence="sexual-offences", **TOTAL).claim.offence.name == "All sexual offences"
    assert judged(offence="88a", **TOTAL).claim.offence.code == "88A"


# --- the rule behind each code: alone, and silent -----------------------------------------------------------------------


ARITHMETIC: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"change": {"percent": 33}}, {"change": {"percent": 32}}, "From 173, a change of 33% would give 230; 228 was stated (31.79%)."),
    ({"change": {"percent": 30}}, {"change": {"percent": 31.8}}, "would give 225; 228 was stated (31.79%)."),
    ({"change": {"percent": "more than 32"}}, {"change": {"percent": "more than 31"}}, "a change of more than 32% would give more than 228;"),
    ({"change": {"percent": "half"}}, {"change": {"percent": "a third"}}, "a change of half would give about 260;"),
    ({"change": {"times": 2}}, {"change": {"times": 1}}, "From 173, 2 times as many would give 346; 228 was stated."),
    ({"change": {"times": "doubled"}}, {"change": {"times": 1.3}}, "From 173, doubled would give about 346; 228 was stated."),
    ({"change": {"direction": "down"}}, {"change": {"direction": "up"}}, "228 is not fewer than 173, though a fall was stated."),
    (
        {"parts": [{"area": "Kent", "value": 227}]},
        {"parts": [{"area": "Kent", "value": 228}]},
        "The parts add up to 227; 228 was stated.",
    ),
    ({"rate": {"value": 0.5, "per": "day"}}, {"rate": {"value": 0.6, "per": "day"}}, "228 in 366 days is 0.62 a day; 0.5 was stated."),
    ({"rate": {"value": 5, "per": "week"}}, {"rate": {"value": 4, "per": "week"}}, "228 in 366 days is 4.36 a week; 5 was stated."),
    ({"rate": {"value": 18, "per": "month"}}, {"rate": {"value": 19, "per": "month"}}, "228 in 12 months is 19.00 a month; 18 was stated."),
    (
        {"share": {"percent": 52, "count": 40, "of": 80, "whole": 228}},
        {"share": {"percent": 50, "count": 40, "of": 80, "whole": 228}},
        "Of 80, 52% would be 42; 40 was stated (50.00%).",
    ),
    ({"share": {"percent": 52, "count": 114, "whole": 228}}, {"share": {"percent": 50, "count": 114, "whole": 228}}, "Of 228, 52% would be 119;"),
    ({"share": {"percent": 52, "of": 229, "whole": 228}}, {"share": {"percent": 52, "of": 228, "whole": 228}}, "229 cannot be some of 228."),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "right", "sentence"), ARITHMETIC)
def test_arithmetic_when_a_change_sum_rate_or_share_does_not_follow(
    wrong: dict[str, Any], right: dict[str, Any], sentence: str
) -> None:
    judgement = judged(**wrong)
    assert judgement.verdict == "arithmetic"
    assert sentence in text(judgement, "arithmetic")
    assert "arithmetic" not in found(judged(**right))


def months(current: Any, baseline: Any = None, change: Any = None) -> dict[str, Any]:
    """Return the fields of a count of 2019/20, and one of the year before."""
    now, then = (
        {"value": value, "period": period}
        for value, period in ((current, "2019-04..2020-03"), (baseline, "2018-04..2019-03"))
    )
    return {"current": now, "baseline": then if baseline is not None else None, "change": change}


@pytest.mark.parametrize(
    ("fields", "adds_up"),
    [
        # A fall may be stated by its sign or its direction.
        (months(173, 228, {"percent": -24}), True),
        (months(173, 228, {"percent": 24, "direction": "down"}), True),
        (months(173, 228, {"percent": "more than 20", "direction": "down"}), True),
        (months(173, 228, {"percent": "more than 30", "direction": "down"}), False),
        # Some number that rounds to the percentage gives the count.
        *((months(now, then, {"percent": percent}), True) for then, now, percent in ((12, 22, 80), (173, 228, 31.8), (173, 228, 32), (250, 251, 0.4), (7, 30, 332))),
        # A bounded count adds up where some count within its bound does.
        (months("more than 200", 173, {"percent": 32}), True),
        (months("more than 250", 173, {"percent": 32}), False),
        (months("almost 230", 173, {"percent": 32}), True),
        (months("up to 170", 173, {"direction": "up"}), False),
        (months("more than 170", 173, {"direction": "up"}), True),
        (months("more than 300", 173, {"times": "more than 2"}), True),
        (months("less than 300", 173, {"times": "more than 2"}), False),
        # 207 to 230 in 366 days: 0.566 to 0.628 a day.
        *((months("almost 230") | {"rate": {"value": rate, "per": "day"}}, adds_up) for rate, adds_up in ((0.56, False), (0.57, True), (0.60, True), (0.63, True), (0.64, False))),
    ],
)  # fmt: skip
def test_what_is_stated_adds_up_if_some_figures_that_round_to_it_do(fields: dict[str, Any], adds_up: bool) -> None:
    assert ("arithmetic" not in found(judged(**fields))) is adds_up


def test_a_percentage_that_was_cut_off_instead_of_rounded_is_a_remark_and_no_verdict() -> None:
    judgement = judged(**months(4240, 2310, {"percent": 83}))
    assert text(judgement, "arithmetic") == "From 2,310, a change of 83% would give 4,227; 4,240 was stated (83.55%)."
    assert judgement.verdict != "arithmetic"
    fall = judged(**months(173, 228, {"percent": "more than 30", "direction": "down"}))
    assert text(fall, "arithmetic").startswith(
        "From 228, a fall of more than 30% would give less than 160; 173 was stated"
    )


NOTHING, SAME = ({"baseline": {"value": value, "period": "2018-04..2019-03"}} for value in (0, 228))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (NOTHING | {"change": {"percent": 10}}, "The baseline is 0, and nothing is a percentage of 0."),
        (NOTHING | {"change": {"times": 2}}, "The baseline is 0, and nothing is a multiple of 0."),
        ({"share": {"percent": 52, "count": 0, "of": 0}}, "The share is of 0, and nothing is a share of 0."),
        (SAME | {"change": {"direction": "up"}}, "228 is not more than 228, though a rise was stated."),
        (SAME | {"change": {"direction": "down"}}, "228 is not fewer than 228, though a fall was stated."),
    ],
)
def test_arithmetic_when_the_base_is_zero_or_nothing_changed(fields: dict[str, Any], sentence: str) -> None:
    judgement = judged(**fields)
    assert judgement.verdict == "arithmetic"
    assert text(judgement, "arithmetic") == sentence


def test_no_percentage_is_printed_across_the_change_of_definition_or_on_a_small_base() -> None:
    across = judged(
        current={"value": 300, "period": "2017-04..2018-03"},
        baseline={"value": 100, "period": "2016-04..2017-03"},
        change={"percent": 50},
    )
    assert text(across, "arithmetic") == "From 100, a change of 50% would give 150; 300 was stated."
    small = judged(baseline={"value": 49, "period": "2018-04..2019-03"}, change={"percent": 50})
    assert text(small, "arithmetic") == "From 49, a change of 50% would give 74; 228 was stated."
    share = judged(share={"percent": 52, "count": 9, "of": 49})
    assert text(share, "arithmetic") == "Of 49, 52% would be 25; 9 was stated."


def test_a_percentage_is_printed_on_a_base_of_fifty() -> None:
    change = judged(baseline={"value": 50, "period": "2018-04..2019-03"}, change={"percent": 50})
    assert text(change, "arithmetic").endswith("228 was stated (356.00%).")
    assert text(judged(share={"percent": 52, "count": 9, "of": 50}), "arithmetic").endswith("9 was stated (18.00%).")


@pytest.mark.parametrize(
    ("period", "days"), [("2017-04..2018-03", 365), ("2019-04..2020-03", 366), ("2020-04..2020-06", 91), ("2018-02..2018-02", 28)]
)  # fmt: skip
def test_days_of_a_period_are_those_of_the_calendar(period: str, days: int) -> None:
    assert Period.parse(period).days == days


FOI = {"basis": "foi", "offence": "71/17"}
WILTSHIRE = {"area": "Wiltshire"} | months(39, 46)


def two(current: str, baseline: str, now: int = 1, then: int = 1) -> dict[str, Any]:
    return {"current": {"value": now, "period": current}, "baseline": {"value": then, "period": baseline}}


@pytest.mark.parametrize(
    ("fields", "codes", "verdict", "sentence"),
    [
        (two("2017-04..2018-03", "2016-04..2017-03", 167, 16), None, "definition-change", "On 1 April 2017 the definition of code 88A changed. Before, it held"),
        ({"area": "Dorset", "current": {"value": 136, "period": "2013-04..2018-03"}} | TOTAL, ["definition-change", "reproduced"], "reproduced", ""),
        (FOI | two("2017-04..2018-03", "2016-04..2017-03", 9), None, "definition-change", "On 1 April 2017"),
        ({"area": "England and Wales", "offence": "sexual-offences"} | two("2024-01..2024-03", "2023-01..2023-03", 2), None, "definition-change", "31 January 2024"),
        ({"current": {"value": 174, "period": "2019-04..2019-12"}}, ["unequal-periods", "reproduced"], "unequal-periods", "April to December 2019 has 9 months and April 2018 to March 2019 has 12"),
        (FOI | months(228), ["source-mismatch", "not-checkable"], "not-checkable", ""),
        # More than every release that covers the months: Kent 2017/18 is 45 in the old copy and 167 in the full releases.
        (FOI | TOTAL | {"current": {"value": 100, "period": "2017-04..2018-03"}}, None, "not-checkable", ""),
        (FOI | TOTAL | {"current": {"value": 168, "period": "2017-04..2018-03"}}, None, "source-mismatch", "168, stated for April 2017 to March 2018, is more than the tables ever gave"),
        *(({field: KENT[field] | {"described_as": "eight months"}}, ["mislabelled-period", "reproduced"], "mislabelled-period", "has 12 months; “eight months” names 8 months.") for field in ("current", "baseline")),
        ({"current": {"value": 1, "period": "2018-03", "described_as": "the past year"}} | TOTAL, None, "mislabelled-period", "March 2018 has 1 month; “the past year” names 12 months."),
        ({"coverage": {"responded": 41, "of": 44}}, ["partial-coverage", "reproduced"], "partial-coverage", "41 of 44 forces answered"),
        (WILTSHIRE | {"change": {"percent": -15}}, ["small-base", "reproduced"], "small-base", "under 50"),
        # Nothing can be objected.
        *(({"current": KENT["current"] | {"described_as": words}}, ["reproduced", "fair"], "fair", "") for words in ("the past year", "2019/20", "almost two years", "the pandemic")),
        ({"change": {"percent": 32}}, ["reproduced", "fair"], "fair", ""),
        ({"share": {"percent": 52, "of": 100, "whole": 228}}, None, "fair", ""),
        (WILTSHIRE | {"change": {"direction": "down"}}, ["reproduced", "fair"], "fair", ""),
    ],
)  # fmt: skip
def test_each_rule_finds_what_it_is_named_for_and_nothing_besides(
    fields: dict[str, Any], codes: list[str] | None, verdict: str, sentence: str
) -> None:
    judgement = judged(**fields)
    assert judgement.verdict == verdict
    assert codes is None or found(judgement) == codes
    assert sentence in text(judgement, verdict)


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("definition-change", two("2018-04..2019-03", "2017-04..2018-03")),
        ("definition-change", two("2016-04..2017-03", "2015-04..2016-03")),
        ("source-mismatch", {}),
        ("change-differs", WILTSHIRE | {"change": {"percent": 90}}),
    ],
)
def test_a_rule_is_silent_elsewhere(code: str, fields: dict[str, Any]) -> None:
    assert code not in found(judged(**fields))


def test_a_total_that_spans_a_change_of_definition_adds_up_two() -> None:
    judgement = judged(area="Dorset", current={"value": 136, "period": "2013-04..2018-03"}, **TOTAL)
    assert text(judgement, "definition-change").endswith("The total adds up two definitions.")


@pytest.mark.parametrize(
    ("current", "baseline"),
    [
        ("2017-04..2018-03", "2016-04..2017-03"),  # across the break: that is graver
        ("2019-04..2020-03", "2018-04..2018-12"),  # unequal
    ],
)
def test_no_change_of_the_tables_is_given_where_none_may_be(current: str, baseline: str) -> None:
    judgement = judged(current={"value": 1, "period": current}, baseline={"value": 100, "period": baseline})
    assert judgement.tables_change is None
    assert "change-differs" not in found(judgement)
    assert judgement.answers["comparison"] == "unfair"


def test_launch_year_of_the_uk_which_holds_england_and_wales_but_not_of_northern_ireland() -> None:
    since = {
        "current": {"value": 3, "period": "2019-04..2020-03"},
        "baseline": {"value": 2, "period": "2017-04..2018-03"},
    }
    assert "launch-year" in found(judged(area="UK", **since))
    assert "launch-year" not in found(judged(area="Northern Ireland", **since))


@pytest.mark.parametrize(
    ("area", "coverage", "is_partial"),
    [
        ("England and Wales", {"responded": 44, "of": 44}, False),
        ("England and Wales", {"responded": 43, "of": 43}, False),  # British Transport Police was not asked
        ("England and Wales", {"responded": 42, "of": 42}, True),
        ("Wales", {"responded": 4, "of": 4}, False),
        ("UK", {"responded": 45, "of": 45}, False),
        ("UK", {"responded": 44, "of": 45}, True),
    ],
)
def test_partial_coverage_counts_the_forces_that_exist(area: str, coverage: dict[str, int], is_partial: bool) -> None:
    assert ("partial-coverage" in found(judged(area=area, coverage=coverage))) is is_partial


def test_outside_data_leaves_the_other_tests_running() -> None:
    judgement = judged(area="Northern Ireland", change={"direction": "down"}, coverage={"responded": 1, "of": 2})
    assert found(judgement) == ["arithmetic", "partial-coverage", "outside-data"]
    early = judged(
        current={"value": 228, "period": "2019-04..2020-03"}, baseline={"value": 1, "period": "2011-04..2012-03"}
    )
    assert found(early) == ["definition-change", "outside-data", "reproduced"]


def test_an_area_and_a_period_outside_are_both_named_once() -> None:
    judgement = judged(area="UK", current={"value": 5, "period": "2011-04..2012-03"}, **TOTAL)
    assert "not the UK. No release held has every figure of the UK" in text(judgement, "outside-data")
    assert "No release" not in text(judged(area="UK"), "outside-data")


@pytest.mark.parametrize(("change", "base"), [({"percent": 366}, 49), ({"times": 5}, 49)])
def test_small_base_when_a_percentage_or_multiple_rests_on_fewer_than_fifty(change: dict[str, int], base: int) -> None:
    fields = {"current": {"period": "2019-04..2020-03", "value": 228}, "change": change}
    small = judged(**fields, baseline={"value": base, "period": "2018-04..2019-03"})
    assert "small-base" in found(small)
    assert "a baseline of 49, which is under 50" in text(small, "small-base")
    assert "small-base" not in found(judged(**fields, baseline={"value": 50, "period": "2018-04..2019-03"}))


def test_what_a_source_discloses_is_credited_and_changes_no_verdict() -> None:
    fields: dict[str, Any] = {"baseline": {"value": 167, "period": "2017-04..2018-03"}}
    plain, disclosed = judged(**fields), judged(**fields, discloses=["launch-year"])
    assert disclosed.verdict == plain.verdict == "launch-year"
    assert text(disclosed, "launch-year") == f"{text(plain, 'launch-year')} The source says so itself."


def test_a_claim_that_states_a_figure_judged_already_names_it() -> None:
    total = {"basis": "foi", "offence": "71/17", "area": "England and Wales", **TOTAL}
    again = judged(**total, current={"value": 4373, "period": "2018-04..2019-03"})
    assert again.repeats == "england-and-wales-2019"
    assert judged(**total, current={"period": "2018-04..2019-03"}).repeats is None
    assert all(each.repeats != each.claim.id for each in claims.judge_all())
    assert judged(**total, current={"value": 4372, "period": "2018-04..2019-03"}).repeats is None


def test_lists_of_forces_are_summed() -> None:
    welsh = ["Dyfed-Powys", "Gwent", "North Wales", "South Wales"]
    fields = {
        "current": {"value": 357, "period": "2019-04..2020-03"},
        "baseline": {"value": 352, "period": "2018-04..2019-03"},
    }
    assert judged(area=welsh, **fields).verdict == judged(area="Wales", **fields).verdict == "fair"


# --- releases consulted -------------------------------------------------------------------------------------------------


def test_only_what_was_known_at_a_release_is_consulted() -> None:
    claim = claims.Claim.of(
        KENT | {"area": "England and Wales", "current": {"value": 6322, "period": "2019-04..2020-03"}}
        | {"baseline": {"value": 5893, "period": "2018-04..2019-03"}}
    )  # fmt: skip
    then, now = (claims.judge_all([claim], release=name)[0] for name in ("2023-10-19", RELEASE))
    assert (then.verdict, now.verdict) == ("fair", "revised")
    assert [release.id for release in then.register.releases] == ["before-2019-08", "2019-outcomes", "2023-10-19"]
    assert (then.newest.id, now.newest.id) == ("2023-10-19", RELEASE)


def test_every_release_held_is_consulted_by_default() -> None:
    claim = claims.Claim.of(KENT)
    assert claims.judge(claim).register.releases == register.load_register().releases
    assert claims.judge(claim) == claims.judge(claim, register.load_register())


# --- JSON and text --------------------------------------------------------------------------------------------------------


def test_each_figure_says_its_part_in_the_claim() -> None:
    shown = judged(parts=[{"area": "Kent", "value": 228}]).to_dict()["figures"]
    assert isinstance(shown, list)
    assert [figure["figure"] for figure in shown] == ["current", "baseline", "part"]


# --- pages ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "is_link"),
    [
        ("https://example.org/a?b=1&c=2", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https:", False),
        ("https://[", False),
        ("//example.org", False),
        ("The Bugle, page 3", False),
    ],
)
def test_only_addresses_on_the_web_become_links(source: str, is_link: bool) -> None:
    shown = published.source_link(source)
    assert shown.startswith("<a href=") is is_link
    assert source.replace("&", "&amp;") in shown


def test_what_a_share_covers_shows() -> None:
    shown = published.article(judged(share={"percent": 50, "count": 20, "of": 40, "whole": 228})).html
    assert "The share is of 40 out of 228" in shown


def test_a_force_that_no_claim_names_has_a_written_empty_state() -> None:
    said = "No published claim about these offences that names {} has been checked here."
    assert published.force_section("Dorset").text == said.format("Dorset")
    assert published.force_section("Durham", offence="sexual-offences").text == said.format("Durham")


# --- corrections ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def write(content: str) -> None:
        (tmp_path / "corrections.yaml").write_text(content, encoding="utf-8")
        monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path / parts[-1])

    return write


def test_the_empty_log_says_so_and_how_to_reply(log: Callable[[str], None]) -> None:
    log("replies: Write, and you may reply.\ncorrections: []\n")
    shown = published.corrections_log()
    assert shown.html.startswith("<p>No verdict has been corrected so far.</p>\n<p>")
    assert shown.text.startswith("No verdict has been corrected so far.\n")
    assert "may reply" in shown.html


def test_the_verdicts_that_a_careful_read_found_wrong_are_listed_with_what_was_read() -> None:
    log = documents.load_corrections()
    assert [claim for each in log.corrections if each.date.month == 11 for claim in each.claims] == [
        "uk-2022", "england-and-wales-2018-04-total", "homicide-2017-07", "homicide-2020-04",
        "northamptonshire-2018-04", "northamptonshire-2018-04-total", "hampshire-2018-04-total", "england-and-wales-2018-04",
        "england-and-wales-2019", "south-east-2024", "uk-2025",
    ]  # fmt: skip
    known = {claim.id for claim in claims.shipped()}
    assert all({*each.claims} <= known and "read" in each.reason for each in log.corrections)


def test_a_correction_stands_with_its_day_reason_and_reply(log: Callable[[str], None]) -> None:
    log(
        "replies: Write.\ncorrections:\n"
        "  - {date: 2026-05-01, claims: [kent], said: <b>fair</b>, says: revised, reason: A newer copy., reply: Thank you.}\n"
    )
    shown = published.corrections_log().html
    assert "1 May 2026, kent: this page said “&lt;b&gt;fair&lt;/b&gt;”; it now says “revised”. A newer copy." in shown
    assert "Reply: “Thank you.”" in shown


def test_a_bad_log_is_one_line(log: Callable[[str], None]) -> None:
    log("replies: Write.\ncorrections:\n  - {date: 2026-05, claims: [kent], said: a, says: b, reason: c}\n")
    with pytest.raises(RequestError, match=r"line 3: corrections\.1\.date: found .2026-05.; "):
        documents.load_corrections()


def test_shipped_claims_with_a_mistake_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "claims.yaml").write_text(f"claims:\n{GOOD.replace('Kent', 'Kemt', 2)}", encoding="utf-8")
    monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path / parts[-1])
    with pytest.raises(ManyErrors, match=r"\(good\)\.area"):
        claims.shipped()


def test_a_town_is_outside_and_never_its_force(tmp_path: Path) -> None:
    (claim,) = written(tmp_path, f"claims:\n{GOOD.replace('area: Kent', 'area: Wimbledon')}").claims
    assert (claim.area.area, claim.area.name, claim.area.within) == (None, "Wimbledon", "the Metropolitan Police")
    (claim,) = written(tmp_path, f"claims:\n{GOOD.replace('area: Kent', 'area: Leeds')}").claims
    assert claim.area.area is not None
    assert (claim.area.area.kind, claim.area.within) == ("partnership", "")


NEW_FORMS = (
    GOOD
    + """\
    change: {points: 3}
    difference: {value: 2600, direction: up}
    rate_per: {value: about 8, per: 1000, of: households, base: 570000}
    interval: {every: about 5, unit: minutes}
    share_of: {percent: four in ten, of: 46 in England and Wales}
    record: {extreme: highest, since: 2002-04}
    rank: {place: 1, of: 43, order: lowest}
    forces_rising: {count: 32, of: 43}
"""
)


def test_the_new_forms_are_read(tmp_path: Path) -> None:
    loaded = written(tmp_path, f"claims:\n{NEW_FORMS}")
    assert loaded.errors == ()
    (claim,) = loaded.claims
    assert claim.share_of is not None
    assert claim.share_of.percent.number == 40
    assert (claim.share_of.of.offence.code, claim.share_of.of.place.name) == ("46", "England and Wales")  # type: ignore[union-attr]
    assert str(claim.record.since) == "2002-04"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("per: 1000", "per: 0", "rate_per.per: found '0'; write a whole number of 1 or more"),
        ("base: 570000", "base: 0", "rate_per.base: found '0'; write a whole number of 1 or more"),
        ("place: 1", "place: 0", "rank.place: found '0'; write a whole number of 1 or more"),
        ("46 in England", "46 in Engand", "share_of.of: 'Engand' is not known"),
        ("unit: minutes", "unit: fortnights", "interval.unit: found 'fortnights'; write seconds or minutes or hours or days"),
        ("since: 2002-04", "since: records began", "record.since: found 'records began'; write a date"),
    ],
)  # fmt: skip
def test_what_a_new_form_cannot_hold_is_refused(old: str, new: str, expected: str, tmp_path: Path) -> None:
    assert old in NEW_FORMS
    (error,) = written(tmp_path, f"claims:\n{NEW_FORMS.replace(old, new, 1)}").errors
    assert expected in error
