"""Published claims: reading them, the rule behind each code, restating them, and showing them."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import KENT, TOTAL

from analysis import claims, cli, files
from analysis.claims import amounts, arithmetic, documents, fields, figures, spans
from analysis.claims.amounts import MULTIPLES, PERCENTAGES, Amount
from analysis.errors import ManyErrors, RequestError
from analysis.figures import register
from analysis.report import answers, published
from analysis.report.sentences import change_sentence
from analysis.terms.findings import verdicts
from analysis.terms.periods import Period

RELEASE = "2026-04-23"


def judged(**fields: Any) -> claims.Judgement:
    claim = claims.Claim.model_validate({key: value for key, value in (KENT | fields).items() if value is not None})
    return claims.judge_all([claim], release=RELEASE)[0]


def found(judgement: claims.Judgement) -> list[str]:
    return [finding.code for finding in judgement.findings]


def text(judgement: claims.Judgement, code: str) -> str:
    return next(finding.text for finding in judgement.findings if finding.code == code)


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
    assert amounts.number(words) == amounts.number(str(value)) == value


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
        "almost a year", "nearly five years", "about a year", "so far this year", "the year to date", "just under a year",
        "the same months a year before", "the same period of the previous year", "a year earlier", "year on year",
        "recent years", "several months", "two and a half months", "lockdown", "from 3 April to 30 December 2017", "per year", "2016/18",
    ],
)  # fmt: skip
def test_words_that_hedge_or_are_not_understood_name_no_span(words: str) -> None:
    assert spans.spans(words) == []


@given(st.text(max_size=80))
def test_any_words_can_be_read_for_spans(words: str) -> None:
    for span in spans.spans(words):
        assert span.fits(Period.parse("2017-04..2017-12")) in {True, False}


# --- reading a file ---------------------------------------------------------------------------------------------------


def written(tmp_path: Path, content: str | bytes) -> claims.Loaded:
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
    bad = GOOD.replace("id: good", "id: bad").replace("area: Kent", "area: Kemt").replace("228,", '"228",')
    loaded = written(tmp_path, f"claims:\n{bad}{GOOD}")
    assert [claim.id for claim in loaded.claims] == ["good"]
    assert [error.partition("claims.yaml: ")[2] for error in loaded.errors] == [
        "line 6: claim bad: area: 'Kemt' is not known; the nearest names are Kent",
        "line 9: claim bad: current.value: found '228'; write a whole number of 0 or more, in figures without commas",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: good", "id: Good One", "line 2: claim Good One: id: found 'Good One'; write lower-case"),
        ("id: good", "name: good", "line 2: claim 1: name: is not a field; fields here are id, statement"),
        ("  - id: good\n    statement", "  - statement", "line 2: claim 1: id: is missing"),
        ("228 offences.", "228 offences.\n    statement: again", "line 4: claim good: 'statement' stands twice"),
        ("2024-01-31", "2024-02-30", "line 4: claim good: published: found '2024-02-30'; write a date"),
        ("2024-01-31", "last week", "published: found 'last week'; write a date"),
        ("2024-01-31", "2024-01-31 10:00:00", "published: found '2024-01-31 10:00:00'"),
        ("area: Kent", "area: []", "area: found a list; write a force"),
        ("area: Kent", "area: {name: Kent}", "area: found a mapping; write a force"),
        ("area: Kent", "area: [Kent, 3]", "area: found 3 among the forces"),
        ("area: Kent", "area: Wales without Kent", "area: Kent is no part of Wales that leaves another; name forces of it"),
        ("area: Kent", "area: Kent without Kent", "area: Kent is no part of Kent that leaves another; name forces of it"),
        ("area: Kent", "area: Wales without Kemt", "area: 'Kemt' is not known; the nearest names are Kent"),
        ("area: Kent", "area: [Kent, Wales]", "area: 'Wales' is not known"),
        ("area: Kent", "area: [Kent, Kent Police]", "area: found Kent and Kent; name each force once"),
        ("statement: Kent Police recorded 228 offences.", "statement: ' '", "statement: found ' '; write words"),
        ("statement: Kent Police recorded 228 offences.", "statement: 228", "statement: found 228; write words"),
        ("home-office", "press", "line 7: claim good: basis: found 'press'; write 'home-office' or 'foi'"),
        ("88A", "99Z", "offence: '99Z' is not known; the nearest are 99"),
        ("88A", "88", "offence: found 88; write a code in quotation marks"),
        ("228, period", "-1, period", "current.value: found -1; write a whole number"),
        ("228, period", "2.0, period", "current.value: found 2.0; write a whole number"),
        ("228, period", "true, period", "current.value: found True; write a whole number"),
        ("228, period", "10000000000, period", "current.value: found 10000000000; write a whole number"),
        ("2019-04..2020-03", "2019-13..2020-03", "current.period: 2019-13 has no month 13"),
        ("2019-04..2020-03", "2020-04..2019-03", "current.period: 2020-04..2019-03 ends before it begins"),
        ("2019-04..2020-03", "1066-04..1067-03", "current.period: '1066-04..1067-03' leaves the years 1900 to 2099"),
        ("2019-04..2020-03", "the year", "current.period: 'the year' is not a period"),
        ("2019-04..2020-03", "12", "current.period: found 12; write months such as"),
        (", period: 2019-04..2020-03", "", "current.period: is missing"),
        ("2020-03}", "2020-03, note: x}", "current.note: is not a field; fields here are value, period, described_as"),
        ("{value: 228, period: 2019-04..2020-03}", "228", "current: found 228; write its fields: value, period"),
        ("2020-03}", "2020-03}\n    baseline: {value: 1, period: 2020-01..2020-03}", "line 10: claim good: baseline: 2020-01..2020-03 overlaps the current"),
        ("228, period", "more than many, period", "current.value: found 'more than many'; write a whole number"),
        ("228, period", "more than 2.5, period", "current.value: found 'more than 2.5'; write a whole number"),
        ("2020-03}", "2020-03, earlier: [{value: 1, period: 2021-04..2022-03, source: x}]}", "current.earlier: 2021-04..2022-03 does not lie within"),
        ("2020-03}", "2020-03}\n    discloses: [sideways]", "discloses.1: found 'sideways'; write 'arithmetic',"),
        ("2020-03}", "2020-03}\n    draft: perhaps", "draft: found 'perhaps'"),
        ("2020-03}", "2020-03}\n    parts: 3", "line 10: claim good: parts: found 3; input should be a valid"),
        ("2020-03}", "2020-03}\n    change: {}", "change: is empty; write percent, times, points or direction"),
        ("2020-03}", "2020-03}\n    change: {direction: sideways}", "change.direction: found 'sideways'; write 'up' or 'down'"),
        ("2020-03}", "2020-03}\n    change: {percent: lots}", "change.percent: 'lots' is not one"),
        ("2020-03}", "2020-03}\n    change: {percent: [1]}", "change.percent: found a list; write a number"),
        ("2020-03}", "2020-03}\n    change: {percent: .inf}", "change.percent: '.inf' is not one"),
        ("2020-03}", "2020-03}\n    coverage: {responded: 45, of: 44}", "coverage.responded: found 45 of 44"),
        ("2020-03}", "2020-03}\n    rate: {value: 1, per: year}", "rate.per: found 'year'; write 'day', 'week' or 'month'"),
        ("2020-03}", "2020-03}\n    parts:\n      - {area: Kent, value: 1}\n      - {area: Essex}", "line 12: claim good: parts.2.value: is missing"),
        ("2020-03}", "2020-03}\n    parts: [{area: Kent, value: 1}, {area: Kent, value: 2}]", "parts: an area stands twice"),
        ("current: {value: 228, period: 2019-04..2020-03}", "rate: {value: 1, per: day}", "rate: has no current value"),
        ("88A\n", "88A\n    change: !!python/object:os.system {}\n", "could not determine a constructor for the tag"),
        ("88A\n", "88A\n    ? [1]\n    : 2\n", "found unhashable key"),
        ("88A\n", f"88A\n    share: {{percent: {'9' * 5000}}}\n", "99999' is not one; write a number, or words such as"),
        ("88A\n", "88A\n    share: {percent: !!bool maybe}\n", "holds a value that cannot be read ('maybe')"),
    ],
)  # fmt: skip
def test_each_mistake_is_one_line_that_says_what_would_be_right(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in GOOD
    loaded = written(tmp_path, f"claims:\n{GOOD.replace(old, new, 1)}")
    assert loaded.claims == ()
    assert len([error for error in loaded.errors if expected in error]) == 1, loaded.errors
    assert all("\n" not in error and len(error) < 500 for error in loaded.errors)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "is empty"),
        ("claims:\n  - id: [", "line 2: not YAML"),
        ("a: b\n", "line 1: holds no claims"),
        ("- id: x\n", "line 1: holds no claims"),
        ("claims: []\n", "line 1: claims: write a list of at least one claim"),
        ("claims: none\n", "line 1: claims: write a list of at least one claim"),
        (f"claims:\n{GOOD}others: 1\n", "line 10: 'others' beside 'claims'"),
        (b"claims: \xff\n", "not text in UTF-8"),
        ("claims: a\x00b\n", "not YAML"),
        ("claims: 1\n---\nclaims: 2\n", "not YAML"),
        ("claims: " + "[" * 100_000, "nested too deeply"),
        ("claims: " + "a" * 1_000_001, "larger than 1,000,000 bytes"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_one_line(tmp_path: Path, content: str | bytes, expected: str) -> None:
    loaded = written(tmp_path, content)
    assert loaded.claims == ()
    assert len(loaded.errors) == 1
    assert expected in loaded.errors[0]
    assert "\n" not in loaded.errors[0]


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    assert claims.load(tmp_path / "none.yaml").errors == (
        f"{tmp_path / 'none.yaml'}: cannot be read (No such file or directory); write it as data/raw/claims.yaml is written",
    )


def test_aliases_that_multiply_are_refused_at_once(tmp_path: Path) -> None:
    levels = "\n".join(f"      - &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12))
    bomb = f"  - id: bomb\n    area:\n      - &a0 [x]\n{levels}\n"
    loaded = written(tmp_path, f"claims:\n{bomb}{GOOD}")
    assert loaded.claims == ()
    assert [error.partition("claims.yaml: ")[2] for error in loaded.errors] == [
        "stands for over 500,000 values; write several files, and no aliases"
    ]


def test_an_alias_stands_for_what_it_names(tmp_path: Path) -> None:
    loaded = written(
        tmp_path,
        f"claims:\n{GOOD.replace('area: Kent', 'area: &where Kent')}    parts: [{{area: *where, value: 228}}]\n",
    )
    assert [part.area.name for part in loaded.claims[0].parts] == ["Kent"]


def test_a_list_inside_itself_is_refused(tmp_path: Path) -> None:
    assert "stands for over" in written(tmp_path, "claims: &all [*all]\n").errors[0]


@pytest.mark.parametrize("name", ["id: [good]", "# no id"])
def test_a_claim_without_a_readable_id_is_named_by_its_place(tmp_path: Path, name: str) -> None:
    loaded = written(tmp_path, f"claims:\n{GOOD}{GOOD.replace('id: good', name)}")
    assert [claim.id for claim in loaded.claims] == ["good"]
    assert all(": claim 2: id: " in error for error in loaded.errors)


def test_a_file_holds_no_more_claims_than_can_be_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_MOST_CLAIMS", 2)
    assert len(written(tmp_path, f"claims:\n{GOOD}{GOOD.replace('good', 'other')}").claims) == 2
    (error,) = written(tmp_path, f"claims:\n{GOOD}{GOOD}{GOOD}").errors
    assert error.endswith("claims.yaml: 3 claims; write several files of at most 2")


def test_the_second_claim_of_an_id_is_refused(tmp_path: Path) -> None:
    loaded = written(tmp_path, f"claims:\n{GOOD}{GOOD}")
    assert len(loaded.claims) == 1
    assert loaded.errors[0].endswith("line 10: claim good: id: stands twice; give each claim its own")


@given(st.binary(max_size=300))
def test_no_content_of_a_file_raises(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    loaded = written(tmp_path_factory.mktemp("claims"), content)
    assert loaded.errors or loaded.claims


def test_dates_and_fractions_keep_what_was_written(tmp_path: Path) -> None:
    loaded = written(tmp_path, f"claims:\n{GOOD.replace('2024-01-31', '2024')}    change: {{percent: 99.50}}\n")
    claim = loaded.claims[0]
    assert claim.published == fields.PublicationDate(2024)
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


def test_fair_when_the_newest_release_gives_both_counts_and_nothing_else_is_found() -> None:
    judgement = judged()
    assert judgement.verdict == "fair"
    assert found(judgement) == ["reproduced", "fair"]
    assert text(judgement, "reproduced") == (
        "The release of 23 April 2026, the newest that covers the months, gives 228 in April 2019 to March 2020 and 173 in "
        "April 2018 to March 2019."
    )


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


def test_a_fall_may_be_stated_by_its_sign_or_its_direction() -> None:
    fell = {
        "current": {"value": 173, "period": "2019-04..2020-03"},
        "baseline": {"value": 228, "period": "2018-04..2019-03"},
    }
    assert "arithmetic" not in found(judged(**fell, change={"percent": -24}))
    assert "arithmetic" not in found(judged(**fell, change={"percent": 24, "direction": "down"}))
    assert "arithmetic" not in found(judged(**fell, change={"percent": "more than 20", "direction": "down"}))
    wrong = judged(**fell, change={"percent": "more than 30", "direction": "down"})
    assert text(wrong, "arithmetic").startswith(
        "From 228, a fall of more than 30% would give less than 160; 173 was stated"
    )


@pytest.mark.parametrize(
    ("base", "current", "percent"),
    [(12, 22, 80), (173, 228, 31.8), (173, 228, 32), (250, 251, 0.4), (7, 30, 332)],
)
def test_a_percentage_adds_up_where_some_number_that_rounds_to_it_gives_the_count(
    base: int, current: int, percent: float
) -> None:
    judgement = judged(
        current={"value": current, "period": "2019-04..2020-03"},
        baseline={"value": base, "period": "2018-04..2019-03"},
        change={"percent": percent},
    )
    assert "arithmetic" not in found(judgement)


def test_a_percentage_that_was_cut_off_instead_of_rounded_is_a_remark_and_no_verdict() -> None:
    judgement = judged(
        current={"value": 4240, "period": "2019-04..2020-03"},
        baseline={"value": 2310, "period": "2018-04..2019-03"},
        change={"percent": 83},
    )
    assert text(judgement, "arithmetic") == "From 2,310, a change of 83% would give 4,227; 4,240 was stated (83.55%)."
    assert judgement.verdict != "arithmetic"
    assert judged(change={"percent": 30}).verdict == "arithmetic"


@pytest.mark.parametrize(
    ("current", "change", "adds_up"),
    [
        ("more than 200", {"percent": 32}, True),
        ("more than 250", {"percent": 32}, False),
        ("almost 230", {"percent": 32}, True),
        ("up to 170", {"direction": "up"}, False),
        ("more than 170", {"direction": "up"}, True),
        ("more than 300", {"times": "more than 2"}, True),
        ("less than 300", {"times": "more than 2"}, False),
    ],
)
def test_a_bounded_count_adds_up_where_some_count_within_its_bound_does(
    current: str, change: dict[str, Any], adds_up: bool
) -> None:
    stated = judged(current={"value": current, "period": "2019-04..2020-03"}, change=change)
    assert ("arithmetic" not in found(stated)) is adds_up


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
    assert arithmetic.days(Period.parse(period)) == days


def test_definition_change_is_a_verdict_on_a_comparison_across_it() -> None:
    judgement = judged(
        current={"value": 167, "period": "2017-04..2018-03"}, baseline={"value": 16, "period": "2016-04..2017-03"}
    )
    assert judgement.verdict == "definition-change"
    assert text(judgement, "definition-change").startswith(
        "On 1 April 2017 the definition of code 88A changed. Before, it held"
    )


def test_definition_change_is_only_a_finding_of_a_total_that_spans_it() -> None:
    judgement = judged(area="Dorset", current={"value": 136, "period": "2013-04..2018-03"}, **TOTAL)
    assert found(judgement) == ["definition-change", "reproduced"]
    assert judgement.verdict == "reproduced"
    assert text(judgement, "definition-change").endswith("The total adds up two definitions.")


@pytest.mark.parametrize(
    ("current", "baseline"), [("2018-04..2019-03", "2017-04..2018-03"), ("2016-04..2017-03", "2015-04..2016-03")]
)  # fmt: skip
def test_definition_change_is_silent_on_one_side_of_it(current: str, baseline: str) -> None:
    judgement = judged(current={"value": 1, "period": current}, baseline={"value": 1, "period": baseline})
    assert "definition-change" not in found(judgement)


def test_definition_change_holds_for_the_part_of_the_code_too() -> None:
    judgement = judged(
        basis="foi",
        offence="71/17",
        current={"value": 9, "period": "2017-04..2018-03"},
        baseline={"value": 1, "period": "2016-04..2017-03"},
    )
    assert judgement.verdict == "definition-change"


def test_unequal_periods_alone() -> None:
    judgement = judged(current={"value": 174, "period": "2019-04..2019-12"})
    assert judgement.verdict == "unequal-periods"
    assert found(judgement) == ["unequal-periods", "reproduced"]
    assert text(judgement, "unequal-periods").startswith(
        "April to December 2019 has 9 months and April 2018 to March 2019 has 12"
    )


def test_unequal_periods_are_different_quarters_of_the_year_too() -> None:
    judgement = judged(
        current={"value": 52, "period": "2019-04..2019-06"}, baseline={"value": 39, "period": "2018-07..2018-09"}
    )
    assert judgement.verdict == "unequal-periods"
    assert "hold different quarters of the year" in text(judgement, "unequal-periods")
    assert judgement.answers == {"figure": "found", "comparison": "unfair"}


def test_a_quarter_that_a_break_cuts_counts_as_a_change_of_definition() -> None:
    judgement = judged(
        area="England and Wales",
        offence="sexual-offences",
        current={"value": 2, "period": "2024-01..2024-03"},
        baseline={"value": 1, "period": "2023-01..2023-03"},
    )
    assert judgement.verdict == "definition-change"
    assert "31 January 2024" in text(judgement, "definition-change")


@pytest.mark.parametrize(
    ("stated", "code", "sentence"),
    [
        ({"change": {"percent": 60}}, "change-differs", "gives +32% for the same area and months: 228 offences after 173. What was stated comes to +60%."),
        ({"change": {"times": 2}}, "change-differs", "What was stated comes to +100%."),
        ({"change": {"percent": 20, "direction": "down"}}, "change-differs", "What was stated comes to −20%."),
        ({"baseline": {"value": 100, "period": "2018-04..2019-03"}}, "change-differs", "What was stated comes to +128%."),
        ({"change": {"percent": 50}}, None, ""),
        ({"change": {"percent": "more than 30"}}, None, ""),
    ],
)  # fmt: skip
def test_change_differs_by_25_points_or_in_direction(stated: dict[str, Any], code: str | None, sentence: str) -> None:
    judgement = judged(**stated)
    assert judgement.tables_change == pytest.approx(31.79, abs=0.01)
    assert ("change-differs" in found(judgement)) is (code is not None)
    if code:
        assert sentence in text(judgement, code)


@pytest.mark.parametrize(
    ("area", "current", "baseline", "stated", "tables"),
    [
        ("Leicestershire", "2018-04..2019-03", "2017-04..2018-03", 51, "+2% for the same area and months: 120 offences of the wider code 88A after 118."),
        ("Devon and Cornwall", "2022-04..2023-03", "2021-04..2022-03", -27, "+18% for the same area and months: 161 offences of the wider code 88A after 137."),
        ("Dyfed-Powys", "2024-04..2025-03", "2017-04..2018-03", 332, "+75% for the same area and months: 89 offences of the wider code 88A after 51."),
    ],
)  # fmt: skip
def test_a_journalist_is_told_what_change_the_tables_give_of_what_forces_answered(
    area: str, current: str, baseline: str, stated: int, tables: str
) -> None:
    fields = {"current": {"period": current}, "baseline": {"period": baseline}, "change": {"percent": stated}}
    judgement = judged(area=area, basis="foi", offence="71/17", **fields)
    assert judgement.verdict == "change-differs"
    assert tables in text(judgement, "change-differs")


def test_a_round_number_with_a_bound_is_right_where_the_tables_lie_within_it() -> None:
    current = {"value": "more than 6000", "period": "2013-04..2017-12"}
    judgement = judged(area="England and Wales", current=current, **TOTAL)
    assert (judgement.verdict, judgement.answers["figure"]) == ("reproduced", "found")
    assert "which agrees with more than 6,000 in April 2013 to December 2017." in text(judgement, "reproduced")


@pytest.mark.parametrize(("percent", "differs"), [(-4, False), (-6, True), (30, False), (33, True)])
def test_change_differs_in_direction_only_where_both_exceed_5_points(percent: int, differs: bool) -> None:
    fields = {"current": {"period": "2019-04..2020-03"}, "baseline": {"period": "2018-04..2019-03"}}
    judgement = judged(area="England and Wales", **fields, change={"percent": percent})
    assert judgement.tables_change == pytest.approx(7.65, abs=0.01)
    assert ("change-differs" in found(judgement)) is differs


def test_change_differs_says_of_another_collection_that_it_counts_otherwise() -> None:
    judgement = judged(
        basis="foi",
        offence="71/17",
        current={"value": 95, "period": "2019-04..2020-03"},
        baseline={"value": 50, "period": "2018-04..2019-03"},
        change={"percent": 90},
    )
    assert text(judgement, "change-differs").endswith(
        "228 offences of the wider code 88A after 173. What was stated comes to +90%. The two collections differ, which does not show "
        "who is wrong."
    )
    assert judgement.verdict == "change-differs"


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


def test_no_change_of_the_tables_is_given_on_small_counts() -> None:
    judgement = judged(
        area="Wiltshire",
        current={"value": 39, "period": "2019-04..2020-03"},
        baseline={"value": 46, "period": "2018-04..2019-03"},
        change={"percent": 90},
    )
    assert judgement.tables_change is None
    assert "change-differs" not in found(judgement)


def test_launch_year_when_a_change_is_measured_from_the_first_year_of_a_definition() -> None:
    judgement = judged(baseline={"value": 167, "period": "2017-04..2018-03"})
    assert found(judgement) == ["launch-year", "reproduced"]
    assert judgement.verdict == "launch-year"
    assert "April 2017 to March 2018 falls in the launch" in text(judgement, "launch-year")
    assert judgement.answers == {"figure": "found", "comparison": "with-care"}
    total = judged(current={"value": 167, "period": "2017-04..2018-03"}, **TOTAL)
    assert "launch-year" not in found(total)


def test_launch_year_of_the_uk_which_holds_england_and_wales_but_not_of_northern_ireland() -> None:
    since = {
        "current": {"value": 3, "period": "2019-04..2020-03"},
        "baseline": {"value": 2, "period": "2017-04..2018-03"},
    }
    assert "launch-year" in found(judged(area="UK", **since))
    assert "launch-year" not in found(judged(area="Northern Ireland", **since))


def test_definition_not_reviewed_when_nobody_knows_whether_the_offence_stayed_the_same() -> None:
    judgement = judged(
        offence="104",
        current={"value": 2, "period": "2019-04..2020-03"},
        baseline={"value": 1, "period": "2018-04..2019-03"},
    )
    assert "definition-not-reviewed" in found(judgement)
    assert judgement.answers["comparison"] == "not-known"
    assert judgement.tables_change is None
    assert "not compared" in (answers.fairly_put(judgement) or "")
    alone = judged(offence="104", current={"value": 1, "period": "2019-04..2020-03"}, **TOTAL)
    assert "definition-not-reviewed" not in found(alone)


FOI = {"basis": "foi", "offence": "71/17", **TOTAL}


def test_source_mismatch_is_a_verdict_where_more_is_stated_than_any_release_gives() -> None:
    judgement = judged(**FOI, current={"value": 229, "period": "2019-04..2020-03"})
    assert judgement.verdict == "source-mismatch"
    assert found(judgement) == ["source-mismatch"]
    assert "they are 1.00 in April 2019 to March 2020 (229 against 228)" in text(judgement, "source-mismatch")
    assert text(judgement, "source-mismatch").endswith(
        "The 229 stated for April 2019 to March 2020 is more than any release held gives there for the whole of code 88A (228 at "
        "most): the extracts differ, which does not show who is wrong."
    )


def test_source_mismatch_is_only_a_finding_where_the_part_fits_into_the_whole() -> None:
    judgement = judged(**FOI, current={"value": 228, "period": "2019-04..2020-03"})
    assert judgement.verdict == "not-checkable"
    assert found(judgement) == ["source-mismatch", "not-checkable"]


def test_source_mismatch_says_if_only_a_part_of_the_code_is_counted() -> None:
    current = {"value": 228, "period": "2019-04..2020-03"}
    part, whole = (judged(**FOI | {"offence": code}, current=current) for code in ("71/17", "88A"))
    assert "They count offences of sexual communication with a child alone, a part of code 88A." in text(
        part, "source-mismatch"
    )
    assert "on the day that they did. As a ratio" in text(whole, "source-mismatch")


def test_source_mismatch_needs_more_than_every_release_that_covers_the_months() -> None:
    # Kent 2017/18 is 45 in the old copy and 167 in the full releases.
    within = judged(**FOI, current={"value": 100, "period": "2017-04..2018-03"})
    beyond = judged(**FOI, current={"value": 168, "period": "2017-04..2018-03"})
    assert (within.verdict, beyond.verdict) == ("not-checkable", "source-mismatch")


def test_source_mismatch_sees_a_part_larger_than_its_whole() -> None:
    parts = [{"area": "Cleveland", "value": 62}, {"area": "Durham", "value": 92}, {"area": "Northumbria", "value": 19}]
    judgement = judged(
        **FOI,
        area=["Cleveland", "Durham", "Northumbria"],
        current={"value": 173, "period": "2017-04..2017-12"},
        parts=parts,
    )
    assert judgement.verdict == "source-mismatch"
    assert "The 92 stated for Durham is more than any release held gives there" in text(judgement, "source-mismatch")
    assert "1.12 in Durham (92 against 82) and 0.14 in Northumbria (19 against 136)" in text(
        judgement, "source-mismatch"
    )


def test_source_mismatch_is_silent_of_the_recorded_crime_tables() -> None:
    assert "source-mismatch" not in found(judged())


def test_a_ratio_to_one_recorded_offence_is_given() -> None:
    judgement = judged(**FOI, area="Cumbria", current={"value": 1, "period": "2015-04..2015-06"})
    assert "they are 1.00 in April to June 2015 (1 against 1)" in text(judgement, "source-mismatch")


def test_a_ratio_to_nothing_recorded_is_not_given() -> None:
    judgement = judged(**FOI, area="BTP", current={"value": 0, "period": "2022-04..2023-03"})
    assert "As a ratio" not in text(judgement, "source-mismatch")


@pytest.mark.parametrize("field", ["current", "baseline"])
def test_mislabelled_period_alone(field: str) -> None:
    stated = KENT[field] | {"described_as": "eight months"}
    judgement = judged(**{field: stated})
    assert judgement.verdict == "mislabelled-period"
    assert found(judgement) == ["mislabelled-period", "reproduced"]
    assert "has 12 months; “eight months” names 8 months." in text(judgement, "mislabelled-period")


def test_a_single_month_is_said_as_one() -> None:
    judgement = judged(current={"value": 1, "period": "2018-03", "described_as": "the past year"}, **TOTAL)
    assert text(judgement, "mislabelled-period") == "March 2018 has 1 month; “the past year” names 12 months."


@pytest.mark.parametrize("words", ["the past year", "2019/20", "almost two years", "the pandemic"])
def test_mislabelled_period_is_silent_where_the_words_fit_hedge_or_are_not_read(words: str) -> None:
    assert judged(current=KENT["current"] | {"described_as": words}).verdict == "fair"


def test_not_reproduced_says_what_each_release_gives_and_by_how_much_it_differs() -> None:
    judgement = judged(current={"value": 50, "period": "2017-04..2018-03"}, **TOTAL, published="2018-06")
    assert judgement.verdict == "not-reproduced"
    assert found(judgement) == ["not-reproduced"]
    assert text(judgement, "not-reproduced") == (
        "For 50 in April 2017 to March 2018 a copy made before August 2019 gives 45 (5 fewer) and "
        "the release of 19 October 2023 and the release of 23 April 2026 give 167 (117 more). No release held that covers "
        "the months is known to be older than the claim, so a revision since then could explain it."
    )


@pytest.mark.parametrize(
    ("published", "is_explained"),
    [("2019-07", True), ("2019-08-01", False), ("2019", True), ("2023-10-19", False), ("2024", False)],
)
def test_revision_could_explain_it_only_where_no_release_is_known_to_be_older(
    published: str, is_explained: bool
) -> None:
    judgement = judged(current={"value": 50, "period": "2017-04..2018-03"}, **TOTAL, published=published)
    assert ("could explain it" in text(judgement, "not-reproduced")) is is_explained


def test_no_revision_explains_a_figure_that_is_a_fraction_of_what_every_release_gives() -> None:
    near, far = (
        judged(current={"value": value, "period": "2019-04..2020-03"}, **TOTAL, published="2019") for value in (77, 75)
    )
    assert "could explain it" in text(near, "not-reproduced")
    assert "could explain it" not in text(far, "not-reproduced")


def test_the_worse_of_current_and_baseline_counts() -> None:
    judgement = judged(baseline={"value": 172, "period": "2018-04..2019-03"})
    assert judgement.verdict == "not-reproduced"
    assert "the newest that covers the months, gives 228 in April 2019 to March 2020." in text(
        judgement, "not-reproduced"
    )


def test_the_outcomes_table_never_decides() -> None:
    judgement = judged(current={"value": 123, "period": "2018-04..2019-03"}, **TOTAL)  # as only that table has it
    assert judgement.verdict == "not-reproduced"
    assert judgement.to_dict()["figures"][0]["context"] == {"2019-outcomes": 123}  # type: ignore[index]


def test_a_part_of_the_code_is_not_matched_but_cannot_exceed_it() -> None:
    part = {"offence": "71/17", **TOTAL}
    assert judged(**part, current={"value": 228, "period": "2019-04..2020-03"}).verdict == "not-checkable"
    assert judged(**part, current={"value": 229, "period": "2019-04..2020-03"}).verdict == "not-reproduced"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"change": {"percent": 32}, "baseline": None}, "A change is stated without the baseline count."),
        ({"change": {"direction": "up"}, "baseline": {"period": "2018-04..2019-03"}}, "without the baseline count"),
        ({"change": {"times": 1.3}, "current": {"period": "2019-04..2020-03"}}, "without the current count"),
        (
            {"change": {"times": 2}, "current": None, "baseline": None},
            "without the current count and the baseline count",
        ),
        ({"share": {"percent": 52}}, "52% is stated without the number of which it is a share."),
        ({"share": {"percent": 52, "count": 40}}, "52% is stated without the number of which it is a share."),
    ],
)
def test_undisclosed_base_alone(fields: dict[str, Any], sentence: str) -> None:
    judgement = judged(**fields)
    assert judgement.verdict == "undisclosed-base"
    assert sentence in text(judgement, "undisclosed-base")


def test_undisclosed_base_is_silent_where_the_base_is_given() -> None:
    assert judged(change={"percent": 32}).verdict == "fair"
    assert judged(share={"percent": 52, "of": 100, "whole": 228}).verdict == "fair"


def test_partial_coverage_alone() -> None:
    judgement = judged(coverage={"responded": 41, "of": 44})
    assert found(judgement) == ["partial-coverage", "reproduced"]
    assert judgement.verdict == "partial-coverage"
    assert text(judgement, "partial-coverage").startswith("41 of 44 forces answered")


@pytest.mark.parametrize(("responded", "others"), [(43, "the other recorded"), (42, "the others recorded")])
def test_partial_coverage_says_what_is_not_in_the_figure(responded: int, others: str) -> None:
    assert others in text(judged(coverage={"responded": responded, "of": 44}), "partial-coverage")


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


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"area": "UK", **TOTAL}, "The tables hold the 44 forces of England and Wales, not the UK."),
        ({"current": {"value": 5, "period": "2019-05..2020-04"}, **TOTAL}, "May 2019 to April 2020 cuts a quarter"),
        (
            {"current": {"value": 5, "period": "2011-04..2012-03"}, **TOTAL},
            "No release held has every figure of Kent for April 2011 to March 2012; figures reach from April 2012 to December 2025.",
        ),
        ({"current": {"value": 5, "period": "2026-01..2026-03"}, **TOTAL}, "No release held has every figure of Kent"),
    ],
)
def test_outside_data_alone(fields: dict[str, Any], sentence: str) -> None:
    judgement = judged(**fields)
    assert judgement.verdict == "outside-data"
    assert found(judgement) == ["outside-data"]
    assert sentence in text(judgement, "outside-data")
    assert judgement.restatement is None


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


def test_small_base_alone() -> None:
    judgement = judged(
        area="Wiltshire",
        current={"value": 39, "period": "2019-04..2020-03"},
        baseline={"value": 46, "period": "2018-04..2019-03"},
        change={"percent": -15},
    )
    assert found(judgement) == ["small-base", "reproduced"]
    assert judgement.verdict == "small-base"


def test_small_base_is_silent_of_counts_alone() -> None:
    judgement = judged(
        area="Wiltshire",
        current={"value": 39, "period": "2019-04..2020-03"},
        baseline={"value": 46, "period": "2018-04..2019-03"},
        change={"direction": "down"},
    )
    assert judgement.verdict == "fair"


def test_not_checkable_alone_where_no_count_is_stated() -> None:
    judgement = judged(current={"period": "2019-04..2020-03"}, **TOTAL)
    assert judgement.verdict == "not-checkable"
    assert found(judgement) == ["not-checkable"]
    assert (
        answers.fairly_put(judgement) == "Kent Police recorded 228 child grooming offences in April 2019 to March 2020."
    )
    assert judged(current=None, **TOTAL).verdict == "not-checkable"


def test_revised_alone_where_only_an_older_release_gives_the_count() -> None:
    judgement = judged(current={"value": 45, "period": "2017-04..2018-03"}, **TOTAL)
    assert judgement.verdict == "revised"
    assert found(judgement) == ["revised"]
    assert "A copy made before August 2019 gives 45 in April 2017 to March 2018" in text(judgement, "revised")
    assert "gives 167" in text(judgement, "revised")


@pytest.mark.parametrize(
    ("value", "verdict", "sentence"),
    [
        ("more than 200", "reproduced", "gives 228, which agrees with more than 200 in April 2019 to March 2020."),
        ("almost 230", "reproduced", "agrees with almost 230 in April 2019 to March 2020."),
        ("at least 228", "reproduced", "agrees with at least 228"),
        ("under 228", "not-reproduced", "For under 228 in April 2019 to March 2020 the release of"),
        ("more than 228", "not-reproduced", "For more than 228 in April 2019 to March 2020 the release of 19 October 2023 and the release of 23 April 2026 give 228."),
    ],
)  # fmt: skip
def test_a_bounded_count_is_found_where_a_release_lies_within_it(value: str, verdict: str, sentence: str) -> None:
    judgement = judged(current={"value": value, "period": "2019-04..2020-03"}, **TOTAL)
    assert judgement.verdict in {verdict, "fair"}
    assert sentence in " ".join(finding.text for finding in judgement.findings)
    assert judgement.to_dict()["figures"][0]["bound"] in {"more than", "almost", "at least", "less than"}  # type: ignore[index]


def test_figures_published_earlier_explain_a_total() -> None:
    # 8 and 9 in 2013/14 and 2014/15 and 5 in 2016/17 by the newest release; 22 and 33 as they were published then.
    total = {
        "area": "Northamptonshire",
        "current": {
            "value": 77,
            "period": "2013-04..2017-12",
            "earlier": [
                {"period": "2015-04..2016-03", "value": 22, "source": "a paper of 2017"},
                {"period": "2017-04..2017-12", "value": 33, "source": "a paper of 2018"},
            ],
        },
    }
    judgement = judged(**total, **TOTAL)
    assert (judgement.verdict, judgement.answers["figure"]) == ("revised", "earlier-figure")
    assert text(judgement, "revised").startswith(
        "Figures published earlier explain 77 in April 2013 to December 2017: 22 in April 2015 to March 2016 (a paper of 2017) "
        "and 33 in April to December 2017 (a paper of 2018), with 22 in the other months; the release of 23 April 2026 gives 63."
    )
    total["current"]["earlier"][0]["source"] = "a paper {of} 2017"  # type: ignore[index]
    assert "22 in April 2015 to March 2016 (a paper {of} 2017)" in text(judged(**total, **TOTAL), "revised")
    total["current"] |= {"value": 78}  # type: ignore[operator]
    assert judged(**total, **TOTAL).verdict == "not-reproduced"


def test_what_a_source_discloses_is_credited_and_changes_no_verdict() -> None:
    fields: dict[str, Any] = {"baseline": {"value": 167, "period": "2017-04..2018-03"}}
    plain, disclosed = judged(**fields), judged(**fields, discloses=["launch-year"])
    assert disclosed.verdict == plain.verdict == "launch-year"
    assert text(disclosed, "launch-year") == f"{text(plain, 'launch-year')} The source says so itself."


def test_a_claim_that_states_a_figure_judged_already_names_it() -> None:
    total = {"basis": "foi", "offence": "71/17", "area": "England and Wales", **TOTAL}
    again = judged(**total, current={"value": 4373, "period": "2018-04..2019-03"})
    assert again.repeats == "england-and-wales-2019"
    assert judged(**total, current={"value": 4372, "period": "2018-04..2019-03"}).repeats is None
    assert all(judgement.repeats is None for judgement in claims.judge_all(release=RELEASE))


@pytest.mark.parametrize(
    ("fields", "answers"),
    [
        ({}, {"figure": "found", "comparison": "fair"}),
        (TOTAL, {"figure": "found", "comparison": "none"}),
        (TOTAL | {"current": {"period": "2019-04..2020-03"}}, {"figure": "none", "comparison": "none"}),
        ({"baseline": {"value": 172, "period": "2018-04..2019-03"}}, {"figure": "not-found", "comparison": "fair"}),
        ({"basis": "foi"}, {"figure": "other-collection", "comparison": "fair"}),
        ({"area": "Scotland"}, {"figure": "outside", "comparison": "not-known"}),
        (TOTAL | {"current": {"value": 45, "period": "2017-04..2018-03"}}, {"figure": "revised", "comparison": "none"}),
    ],
)
def test_two_questions_are_answered(fields: dict[str, Any], answers: dict[str, str]) -> None:
    assert judged(**fields).answers == answers


@pytest.mark.parametrize(
    ("current", "baseline", "verdict", "sentence"),
    [
        (6329, 5879, "fair", "The release of 23 April 2026, the newest that covers the months, gives 6,329 in April 2019 to March 2020 and 5,879 in April 2018 to March 2019, counted with British Transport Police."),
        (6326, 5872, "fair", "counted without British Transport Police"),
        (6322, 5893, "revised", "gives 6,329, counted with British Transport Police"),
        (6319, 5872, "revised", "gives 6,326, counted without British Transport Police"),
        (6329, 5872, "not-reproduced", "For 5,872 in April 2018 to March 2019 the release of"),
        (6000, 5879, "not-reproduced", "gives 6,322 (322 more) and the release of 23 April 2026 gives 6,329 (329 more) counted with British Transport Police; "),
    ],
)  # fmt: skip
def test_england_and_wales_may_be_meant_with_or_without_the_railways_but_not_both(
    current: int, baseline: int, verdict: str, sentence: str
) -> None:
    judgement = judged(
        area="England and Wales",
        current={"value": current, "period": "2019-04..2020-03"},
        baseline={"value": baseline, "period": "2018-04..2019-03"},
    )
    assert judgement.verdict == verdict
    assert sentence in " ".join(finding.text for finding in judgement.findings)


def test_two_ways_of_counting_that_give_the_same_are_told_once() -> None:
    judgement = judged(area="England and Wales", current={"value": 1, "period": "2021-04..2022-03"}, **TOTAL)
    assert text(judgement, "not-reproduced").count("6,903") == 1
    assert "counted with or without British Transport Police" in text(judgement, "not-reproduced")


def test_another_nation_s_offences_are_no_part_of_a_code_of_england_and_wales() -> None:
    judgement = judged(basis="foi", offence="71/17", area="Northern Ireland", **TOTAL)
    assert "a part of code 88A" not in text(judgement, "source-mismatch")


def test_england_and_wales_says_if_either_way_of_counting_gives_the_figure() -> None:
    judgement = judged(area="England and Wales", current={"value": 6903, "period": "2021-04..2022-03"}, **TOTAL)
    assert "counted with or without British Transport Police" in text(judgement, "reproduced")
    assert [figure.place for figure in judgement.figures] == ["England and Wales"]  # alike, and so not said twice
    differing = judged(area="England and Wales", current={"value": 6322, "period": "2019-04..2020-03"}, **TOTAL)
    assert [figure.place for figure in differing.figures] == [
        "England and Wales",
        "England and Wales without British Transport Police",
    ]


def test_an_area_may_be_stated_without_a_force_of_it() -> None:
    current = {"value": 654, "period": "2019-01..2019-12"}
    judgement = judged(
        area="England and Wales without Greater Manchester", offence="homicide", current=current, **TOTAL
    )
    assert judgement.verdict == "fair"
    assert (answers.fairly_put(judgement) or "").startswith(
        "Police in England and Wales without Greater Manchester recorded 654 homicides in January to December 2019"
    )


@pytest.mark.parametrize(("stated", "verdict"), [(6326, "fair"), (6000, "not-reproduced")])
def test_england_and_wales_is_read_without_the_railways_where_they_were_not_supplied(
    monkeypatch: pytest.MonkeyPatch, stated: int, verdict: str
) -> None:
    supplied = figures.value
    monkeypatch.setattr(
        figures, "value", lambda area, *rest: None if area == figures.NATIONAL else supplied(area, *rest)
    )
    judgement = judged(area="England and Wales", current={"value": stated, "period": "2019-04..2020-03"}, **TOTAL)
    assert judgement.verdict == verdict
    assert "counted without British Transport Police" in " ".join(finding.text for finding in judgement.findings)


def test_lists_of_forces_are_summed() -> None:
    welsh = ["Dyfed-Powys", "Gwent", "North Wales", "South Wales"]
    fields = {
        "current": {"value": 357, "period": "2019-04..2020-03"},
        "baseline": {"value": 352, "period": "2018-04..2019-03"},
    }
    assert judged(area=welsh, **fields).verdict == judged(area="Wales", **fields).verdict == "fair"


def test_codes_stand_in_order_of_gravity() -> None:
    order = list(verdicts())
    for judgement in claims.judge_all(release=RELEASE):
        assert [order.index(code) for code in found(judgement)] == sorted(
            order.index(code) for code in found(judgement)
        )
        assert judgement.verdict in found(judgement)


# --- releases consulted -------------------------------------------------------------------------------------------------


def test_only_what_was_known_at_a_release_is_consulted() -> None:
    claim = claims.Claim.model_validate(
        KENT | {"area": "England and Wales", "current": {"value": 6322, "period": "2019-04..2020-03"}}
        | {"baseline": {"value": 5893, "period": "2018-04..2019-03"}}
    )  # fmt: skip
    then, now = (claims.judge_all([claim], release=name)[0] for name in ("2023-10-19", RELEASE))
    assert (then.verdict, now.verdict) == ("fair", "revised")
    assert [release.id for release in then.releases] == ["before-2019-08", "2019-outcomes", "2023-10-19"]
    assert (then.newest.id, now.newest.id) == ("2023-10-19", RELEASE)


def test_every_release_held_is_consulted_by_default() -> None:
    claim = claims.Claim.model_validate(KENT)
    assert claims.judge(claim).releases == register.load_register().releases
    assert claims.judge(claim) == claims.judge(claim, register.load_register())


def test_another_list_of_forces_that_gives_a_regional_figure_is_named() -> None:
    # The figure of four of the five forces, and of all with the railways.
    months = "2018-04..2019-03"
    region = {"area": "South West", "published": "2026-05-01", **TOTAL}
    whole = judged(**region, current={"value": 1, "period": months}).figures[0].newest[1]
    dorset = judged(area="Dorset", current={"value": 1, "period": months}, **TOTAL).figures[0].newest[1]
    without = text(judged(**region, current={"value": whole - dorset, "period": months}), "not-reproduced")
    assert (
        f" {whole - dorset} is what the release of 23 April 2026 gives without Dorset, which may be chance."
        in without.replace(
            "the release of 19 October 2023 and the release of 23 April 2026 give", "the release of 23 April 2026 gives"
        )
    )
    railways = (
        judged(area="British Transport Police", current={"value": 1, "period": months}, **TOTAL).figures[0].newest[1]
    )
    assert railways > 0
    with_them = judged(**region, current={"value": whole + railways, "period": months})
    assert "with British Transport Police, which may be chance." in text(with_them, "not-reproduced")
    assert "which may be chance" not in text(judged(**region, current={"value": 1, "period": months}), "not-reproduced")


def test_of_the_whole_country_a_list_without_one_force_is_named_only_where_one_did_not_answer() -> None:
    fields = {"area": "England and Wales", **TOTAL}
    whole = judged(**fields, current={"value": 1, "period": "2019-04..2020-03"}).figures[0].newest[1]
    current = {"value": whole - 228, "period": "2019-04..2020-03"}  # without Kent
    assert "without Kent" in text(
        judged(**fields, current=current, coverage={"responded": 43, "of": 44}), "not-reproduced"
    )
    assert "without Kent" not in text(judged(**fields, current=current), "not-reproduced")


# --- restatements -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Kent Police recorded 228 child grooming offences in April 2019 to March 2020 and 173 in April 2018 to March 2019. {change}"),
        (
            {"current": {"value": 174, "period": "2019-04..2019-12"}},
            "Kent Police recorded 174 child grooming offences in April to December 2019 and 115 in the same months of 2018. {change}",
        ),
        (
            {"current": {"value": 1, "period": "2022-04..2023-03"}, **TOTAL},
            "Kent Police recorded 229 child grooming offences in April 2022 to March 2023 (242 in the release of 19 October 2023).",
        ),
        (
            {"current": {"value": 1, "period": "2025-01..2025-03"}, **TOTAL},
            "Kent Police recorded 84 child grooming offences in January to March 2025 (provisional).",
        ),
        (
            {"current": {"value": 1, "period": "2018-04..2019-03"}, "baseline": {"value": 1, "period": "2017-04..2018-03"}},
            "Kent Police recorded 173 child grooming offences in April 2018 to March 2019 and 167 in April 2017 to March 2018 (45 in a copy made before "
            "August 2019). {change} The earlier months belong to the first year of the present definition, when its recording was new, so a change "
            "from them is not like one between later years.",
        ),
        (
            {"baseline": {"value": 1, "period": "2016-04..2017-03"}},
            "Kent Police recorded 228 child grooming offences in April 2019 to March 2020 and 34 in April 2016 to March 2017. The offences counted changed "
            "in April 2017, so the two are not comparable.",
        ),
        (
            {"current": {"value": 1, "period": "2013-04..2018-03"}, **TOTAL, "area": "Dorset"},
            "Dorset Police recorded 136 child grooming offences in April 2013 to March 2018. The offences counted changed in April 2017, so the total adds "
            "up two definitions.",
        ),
        (
            {"current": {"value": 1, "period": "2018-04..2020-03"}, "baseline": {"value": 1, "period": "2017-04..2018-03"}},
            "Kent Police recorded 401 child grooming offences in April 2018 to March 2020.",
        ),
        (
            {"baseline": {"value": 1, "period": "2018-01..2018-03"}},
            "Kent Police recorded 228 child grooming offences in April 2019 to March 2020 and 173 in April 2018 to March 2019. {change}",
        ),
        (
            {"current": {"value": 1, "period": "2019-04..2019-06"}, "baseline": {"value": 1, "period": "2018-07..2018-09"}},
            "Kent Police recorded 52 child grooming offences in April to June 2019 and 39 in the same months of 2018. {change}",
        ),
        (
            {"area": "Cumbria", "current": {"value": 1, "period": "2015-04..2015-06"}, **TOTAL},
            "Cumbria Police recorded 1 child grooming offence in April to June 2015.",
        ),
        (
            {"current": {"value": 1, "period": "2012-04..2012-06"}, "baseline": None, "area": "City of London"},
            "City of London Police recorded 0 child grooming offences in April to June 2012.",
        ),
        (
            FOI | {"area": "Wales"},
            "Police in Wales recorded 357 child grooming offences in April 2019 to March 2020. These are all offences of code 88A; the tables do not "
            "show offences of sexual communication with a child apart.",
        ),
        (
            {"area": "England and Wales", "current": {"value": 6319, "period": "2019-04..2020-03"}, **TOTAL},
            "Police in England and Wales without British Transport Police recorded 6,326 child grooming offences in April 2019 to March 2020 "
            "(6,319 in the release of 19 October 2023).",
        ),
    ],
)  # fmt: skip
def test_a_restatement_gives_the_newest_figures_like_for_like_with_what_may_not_be_concluded(
    fields: dict[str, Any], sentence: str
) -> None:
    judgement = judged(**fields)
    assert judgement.restatement is not None
    assert answers.fairly_put(judgement) == sentence.format(change=change_sentence(judgement.restatement.pair))


# --- JSON and text --------------------------------------------------------------------------------------------------------


def test_json_holds_what_the_contract_names() -> None:
    judgement = judged(current={"value": 45, "period": "2017-04..2018-03"}, **TOTAL)
    assert text(judgement, "revised").endswith(". To be revised is no fault of a statement.")
    assert json.loads(json.dumps(judgement.to_dict())) == {
        "id": "kent",
        "verdict": "revised",
        "draft": False,
        "answers": {"figure": "revised", "comparison": "none"},
        "findings": [{"code": "revised", "text": text(judgement, "revised")}],
        "figures": [
            {
                "figure": "current",
                "area": "Kent",
                "period": "2017-04..2018-03",
                "stated": 45,
                "bound": None,
                "releases": {"before-2019-08": 45, "2023-10-19": 167, "2026-04-23": 167},
                "context": {"2019-outcomes": None},
            }
        ],
        "tables_change": None,
        "repeats": None,
    }


def test_each_figure_says_its_part_in_the_claim() -> None:
    shown = judged(parts=[{"area": "Kent", "value": 228}]).to_dict()["figures"]
    assert isinstance(shown, list)
    assert [figure["figure"] for figure in shown] == ["current", "baseline", "part"]


def test_text_is_a_table_and_then_what_was_found() -> None:
    lines = published.report_text([judged()]).splitlines()
    assert lines == [
        "Verdicts as of the release of 23 April 2026. Consulted: a copy made before August 2019, the table 2019-outcomes (context only), "
        "the release of 19 October 2023 and the release of 23 April 2026.",
        "",
        "Claim  Area  Stated  Newest release  Verdict",
        "kent   Kent  228     228             No objection found",
        "",
        "kent: No objection found",
        "Kent Police recorded 228 offences, up from 173.",
        "The figures are right, and the comparison is fair; the tables’ figures cannot tell a rise from a fall.",
        "- Found in the newest release: The release of 23 April 2026, the newest that covers the months, gives 228 in April 2019 to "
        "March 2020 and 173 in April 2018 to March 2019.",
        "- No objection found: Nothing here speaks against it.",
        "  Kent, April 2019 to March 2020: 228 stated; release of 19 October 2023 228, release of 23 April 2026 228",
        "  Kent, April 2018 to March 2019: 173 stated; table 2019-outcomes 123, release of 19 October 2023 173, release of 23 April 2026 173",
        f"Fairly put: {answers.fairly_put(judged())}",
    ]
    assert published.report_text([]) == "No claim was judged."


def test_what_releases_changed_of_the_verdicts_is_told_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(files.shipped("data", "raw", "claims.yaml"))
    assert cli.main(["claims", path, "--since", "2023-10-19"]) == 0
    first, *told = capsys.readouterr().out.split("\n\n")
    assert first == "Verdicts that differ from those as of release 2023-10-19 (4):"
    assert len(told) == 4
    assert "shoplifting-2024-01: Not found in any release held; before, Outside what the tables cover\n" in told[1]
    assert cli.main(["claims", path, "--since", RELEASE]) == 0
    assert capsys.readouterr().out == f"No verdict differs from that as of release {RELEASE}.\n"
    assert cli.main(["claims", path, "--since", "2000-01-01"]) == 2


# --- pages ----------------------------------------------------------------------------------------------------------------


def test_everything_from_a_claim_is_escaped() -> None:
    evil = judged(
        statement="<script>alert(1)</script>",
        source='https://example.org/"><script>alert(2)</script>',
        current=KENT["current"] | {"described_as": "<img src=x onerror=alert(3)> eight months"},
    )
    shown = (
        str(published.article(evil).html) + str(published.summary([evil]).html) + str(published.articles([evil]).html)
    )
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;alert(1)" in shown


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


def test_an_article_holds_statement_verdict_figures_restatement_and_source() -> None:
    judgement = judged(current={"value": 45, "period": "2017-04..2018-03"}, baseline=None, change={"percent": 5})
    shown = str(published.article(judgement).html)
    assert '<article class="claim" id="claim-kent">' in shown
    assert "<h3>Sexual grooming: Kent, April 2017 to March 2018</h3>" in shown
    assert "<b>Stated:</b> Kent Police recorded 228 offences, up from 173." in shown
    assert "<p>Verdict: the figures behind it are not given.</p>" in shown
    assert '<th scope="col" class="number">Copy made before August 2019</th>' in shown
    assert "2019-outcomes" not in shown  # it does not cover these months
    assert "Also stated: a change of 5%." in shown
    assert "<b>Fairly put:</b> Kent Police recorded 167 child grooming offences" in shown
    assert 'Published 31 January 2024: <a href="https://example.org/kent">' in shown


def test_an_article_without_counts_or_restatement_says_so() -> None:
    shown = str(published.article(judged(area="UK", current=None, **TOTAL, share={"percent": 52})).html)
    assert "<h3>Sexual grooming: the UK, a share of 52%</h3>" in shown
    assert "No count was stated." in shown
    assert "The tables held cannot say it in another way." in shown


@pytest.mark.parametrize(
    ("fields", "phrases"),
    [
        ({}, ["a rise"]),
        ({"change": {"direction": "down", "times": 0.5}}, ["0.5 times as many", "a fall"]),
        ({"change": {"direction": "down", "percent": 5}}, ["a fall of 5%"]),
        (
            {"baseline": KENT["baseline"] | {"described_as": "the year before"}, "rate": {"value": 9, "per": "day"}},
            ["April 2018 to March 2019 described as “the year before”", "a rise", "9 a day"],
        ),
        ({"change": None, "share": {"percent": 52, "of": 228}}, ["a share of 52% of 228"]),
        ({"change": None, "coverage": {"responded": 41, "of": 44}}, ["41 of 44 forces answered"]),
    ],
)
def test_what_is_stated_beside_the_counts_is_said_in_a_phrase_each(fields: dict[str, Any], phrases: list[str]) -> None:
    assert published.stated_words(judged(**fields).claim) == phrases


def test_what_a_share_covers_shows() -> None:
    shown = published.article(judged(share={"percent": 50, "count": 20, "of": 40, "whole": 228})).html
    assert "a share of 50%, 20 of 40; the share is of 40 out of 228" in shown


def test_the_page_of_shipped_claims_names_each_once_and_gives_every_figure_as_csv() -> None:
    judgements = claims.judge_all(release=RELEASE)
    shown = str(published.articles(judgements).html)
    labels = [piece.partition('"')[0] for piece in shown.split('aria-label="')[1:]]
    assert len(labels) == len(set(labels))
    summary = published.summary(judgements)
    assert str(summary.html).count('<a href="#claim-') == len(judgements) == 52
    assert summary.csv is not None
    assert summary.csv.splitlines()[1].startswith(
        "northamptonshire-2018-04,Northamptonshire,33,32,The definition changed,"
    )
    by_release = published.articles(judgements).csv
    assert by_release is not None
    assert "northamptonshire-2018-04,current,Northamptonshire,2017-04..2017-12,33,2026-04-23,full,32" in by_release


def test_head_introduction_meanings_and_releases_of_the_page() -> None:
    judgements = claims.judge_all(release=RELEASE)
    assert published.masthead(judgements).title == "Published claims, set beside the figures"
    assert "verdicts as of the release of 23 April 2026" in published.masthead(judgements).html
    assert "never anybody’s motives" in published.introduction(judgements).text
    assert all(verdict.when in str(published.meanings().text) for verdict in verdicts().values())
    assert "Open Government Licence v3.0" in published.consulted(judgements).text


def test_a_force_page_lists_the_claims_that_name_it() -> None:
    section = published.force_section("Durham", release=RELEASE, page="../claims.html")
    assert '<a href="../claims.html#claim-north-east-2018-04">' in section.html
    assert "<b>Another collection of figures.</b>" in section.html
    assert "<a" not in published.force_section("Durham", release=RELEASE).html
    assert [judgement.claim.id for judgement in claims.about("Surrey")] == ["south-east-2024"]
    assert all(j.claim.area.name == "England and Wales" for j in claims.about("England and Wales"))


def test_a_force_that_no_claim_names_has_a_written_empty_state() -> None:
    said = "No published claim about these offences that names {} has been checked here."
    assert published.force_section("Gwent").text == said.format("Gwent")
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
    assert [each.claim for each in log.corrections] == [
        "uk-2022", "england-and-wales-2018-04-total", "homicide-2017-07", "homicide-2020-04",
        "northamptonshire-2018-04", "northamptonshire-2018-04-total", "hampshire-2018-04-total", "england-and-wales-2018-04",
        "england-and-wales-2019", "south-east-2024", "uk-2025",
    ]  # fmt: skip
    known = {claim.id for claim in claims.shipped()}
    assert all(each.claim in known and "read" in each.reason for each in log.corrections)


def test_a_correction_stands_with_its_day_reason_and_reply(log: Callable[[str], None]) -> None:
    log(
        "replies: Write.\ncorrections:\n"
        "  - {date: 2026-05-01, claim: kent, said: <b>fair</b>, says: revised, reason: A newer copy., reply: Thank you.}\n"
    )
    shown = published.corrections_log().html
    assert "1 May 2026, kent: this page said “&lt;b&gt;fair&lt;/b&gt;”; it now says “revised”. A newer copy." in shown
    assert "Reply: “Thank you.”" in shown


def test_a_bad_log_is_one_line_a_mistake(log: Callable[[str], None]) -> None:
    log("replies: Write.\ncorrections:\n  - {date: 2026-05, claim: kent, said: a, says: b}\n")
    with pytest.raises(ManyErrors) as error:
        documents.load_corrections()
    assert [line.partition("corrections.yaml: ")[2] for line in str(error.value).splitlines()] == [
        "line 3: corrections.1.date: found May 2026; write the day too, such as 2026-05-01",
        "line 3: corrections.1.reason: is missing",
    ]


def test_shipped_claims_with_a_mistake_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "claims.yaml").write_text(f"claims:\n{GOOD.replace('Kent', 'Kemt', 2)}", encoding="utf-8")
    monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path / parts[-1])
    with pytest.raises(ManyErrors, match="claim good: area"):
        claims.shipped()


def test_a_town_is_outside_and_never_its_force(tmp_path: Path) -> None:
    (claim,) = written(tmp_path, f"claims:\n{GOOD.replace('area: Kent', 'area: Leeds')}").claims
    assert (claim.area.area, claim.area.name, claim.area.within) == (None, "Leeds", "West Yorkshire")


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
    assert claim.share_of.of.offence is not None
    assert (claim.share_of.of.offence.code, claim.share_of.of.place.name) == ("46", "England and Wales")  # type: ignore[union-attr]
    assert str(claim.record.since) == "2002-04"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("per: 1000", "per: 0", "rate_per.per: found 0; write a whole number above 0"),
        ("base: 570000", "base: 0", "rate_per.base: found 0; write a whole number above 0"),
        ("place: 1", "place: 44", "rank.place: found 44; write a place from 1 to 43"),
        ("46 in England", "46 in Engand", "share_of.of: 'Engand and Wales' is not known"),
        ("unit: minutes", "unit: fortnights", "interval.unit: found 'fortnights'; write 'seconds', 'minutes', 'hours' or 'days'"),
        ("since: 2002-04", "since: records began", "record.since: found 'records began'; write a date"),
    ],
)  # fmt: skip
def test_what_a_new_form_cannot_hold_is_refused(old: str, new: str, expected: str, tmp_path: Path) -> None:
    assert old in NEW_FORMS
    (error,) = written(tmp_path, f"claims:\n{NEW_FORMS.replace(old, new, 1)}").errors
    assert expected in error
