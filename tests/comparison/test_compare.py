"""Period against period: what is asked for and by default, what is refused, and what the JSON says."""

from __future__ import annotations

import json

import jsonschema
import pytest

from analysis.comparison import compare
from analysis.comparison.compare import json_schema
from analysis.errors import RequestError
from analysis.terms import areas, offences
from analysis.terms.periods import Period

NEWEST, OLDER = "2026-04-23", "2023-10-19"
EXAMPLE = {"period": "2017-04..2017-12", "baseline": "2016-04..2017-03", "release": NEWEST}


# The first issue's examples


def test_northamptonshire_ratio_is_of_rates_a_month_with_exact_ends() -> None:
    result = compare("Northamptonshire", **EXAMPLE)
    assert result.current.per_month == pytest.approx(32 / 9)
    assert result.ratio.value == pytest.approx((32 / 9) / (5 / 12))
    # By halving the binomial form in exact fractions.
    assert (result.ratio.low, result.ratio.high) == pytest.approx((3.300354, 28.053371), abs=1e-6)


def test_northamptonshire_in_the_copy_made_before_august_2019() -> None:
    result = compare("Northamptonshire", period="2017-04..2017-12", release="before-2019-08")
    assert result.current.offences == 33
    assert (result.baseline, result.year_before, result.answer) == (None, None, None)


# Default periods


def test_the_default_is_the_newest_year_against_the_year_before() -> None:
    result = compare("Kent")
    assert (result.release.id, str(result.current.period)) == (NEWEST, "2025-01..2025-12")
    assert result.baseline is not None
    assert str(result.baseline.period) == "2024-01..2024-12"
    assert result.year_before is not None
    assert result.year_before.baseline == result.baseline
    assert result.answer == "yes"


@pytest.mark.parametrize(
    ("offence", "release", "period", "baseline"),
    [
        ("88A", OLDER, "2022-07..2023-06", "2021-07..2022-06"),  # the newest year of an older release
        ("28E", NEWEST, "2022-04..2023-03", "2021-04..2022-03"),  # the newest in which the offence was counted
        ("28I", NEWEST, "2025-01..2025-12", "2024-01..2024-12"),
        ("fraud-offences", NEWEST, "2012-04..2013-03", None),
    ],
)
def test_the_default_is_of_the_months_in_which_the_release_counts_the_offence(
    offence: str, release: str, period: str, baseline: str | None
) -> None:
    result = compare("Kent", offence=offence, release=release)
    assert str(result.current.period) == period
    assert (result.baseline and str(result.baseline.period)) == baseline


@pytest.mark.parametrize(
    ("period", "baseline"),
    [
        ("2024/25", "2023-04..2024-03"),
        ("2024/25 Q2", "2023-07..2023-09"),
        ("2023-04..2025-03", None),  # over twelve months there is none
        ("2012/13", None),  # the release does not reach so far back
        ("2013/14 Q1", "2012-04..2012-06"),
    ],
)
def test_the_default_baseline_is_the_same_quarters_a_year_before(period: str, baseline: str | None) -> None:
    result = compare("Kent", period=period, release=NEWEST)
    assert (result.baseline and str(result.baseline.period)) == baseline
    # Of a period over twelve months the year before would count months twice: "534 and 474" shared 2023/24.
    assert (result.year_before is None) == (baseline is None)


def test_a_period_over_twelve_months_may_be_asked_a_baseline_for() -> None:
    result = compare("Kent", period="2023-04..2025-03", baseline="2021-04..2023-03", release=NEWEST)
    assert (result.answer, result.year_before) == ("with-care", None)


def test_a_baseline_may_lie_after_the_period() -> None:
    result = compare("Kent", period="2018/19", baseline="2022/23", release=NEWEST)
    back = compare("Kent", period="2022/23", baseline="2018/19", release=NEWEST)
    assert result.answer == back.answer == "with-care"
    assert result.ratio.value is not None
    assert back.ratio.value is not None
    assert result.ratio.value == pytest.approx(1 / back.ratio.value)


# What may be said instead


@pytest.mark.parametrize(
    ("area", "now", "then", "instead", "answer"),
    [
        ("England and Wales", "2024/25", "2017/18", "2018-04..2019-03", "with-care"),  # the launch year's neighbour
        ("England and Wales", "2024/25 Q1..Q3", "2017/18 Q2..Q4", "2023-04..2023-12", "yes"),
        ("England and Wales", "2022/23", "2017/18", "2018-04..2019-03", "with-care"),  # Devon was supplied late
        ("Kent", "2024/25", "2016/17", "2023-04..2024-03", "yes"),
        ("Kent", "2018/19", "2017/18", None, None),  # nothing lies between them
        ("Kent", "2017/18", "2018/19", None, None),  # the period itself is the launch year
        ("Kent", "2016/17", "2024/25", "2015-04..2016-03", "with-care"),  # recording changed in both
        ("Kent", "2024/25", "2018/19", "2023-04..2024-03", "yes"),  # recording improved between
        ("Kent", "2023-04..2025-03", None, None, None),
        ("Surrey", "2020/21", "2018/19", None, None),  # the event weighs on both
    ],
)
def test_instead_is_a_comparison_with_fewer_of_the_reasons_against_this_one(
    area: str, now: str, then: str | None, instead: str | None, answer: str | None
) -> None:
    result = compare(area, period=now, baseline=then, release=NEWEST)
    found = result.instead
    assert (found and found.baseline and str(found.baseline.period)) == instead
    assert (found and found.answer) == answer
    if found is not None:
        assert found.current == result.current
        assert found.reasons < result.reasons or "first-year" in result.reasons - found.reasons


@pytest.mark.parametrize(
    ("area", "offence", "now", "then", "instead"),
    [
        # The law of 31 January 2024 lies inside a quarter: the rest of the year may be compared.
        ("England and Wales", "sexual-offences", "2025-01..2025-12", None, "2025-04..2025-12 2024-04..2024-12"),
        # All of the year lies on the other side: the nearest later months may be compared.
        ("Kent", "88A", "2017/18", None, "2018-04..2019-03 2017-04..2018-03"),
        # Fifteen months against twelve: the twelve that both have.
        ("Kent", "88A", "2023-10..2024-12", "2022-07..2023-06", "2023-10..2024-06 2022-10..2023-06"),
        # Other quarters of the year: those that both have.
        ("Kent", "88A", "2024/25 Q1..Q3", "2023/24 Q2..Q4", "2024-04..2024-12 2023-04..2023-12"),
    ],
)
def test_instead_of_two_that_may_not_be_compared_the_longest_that_may_is_offered(
    area: str, offence: str, now: str, then: str | None, instead: str
) -> None:
    result = compare(area, offence=offence, period=now, baseline=then, release=NEWEST)
    assert result.answer == "no"
    assert result.instead is not None
    assert " ".join(str(each.period) for each in result.instead.counts) == instead
    lengths = [each.current.period.months for each in result.alternatives]
    assert lengths == sorted(lengths, reverse=True)
    assert all(each.like_for_like for each in result.alternatives)


def test_where_only_a_small_part_of_a_union_is_lacking_no_area_without_it_is_offered() -> None:
    early = compare("Avon and Somerset", offence="total", period="2012/13", baseline="2017/18", release="2026-04-23")
    assert early.current.lacking == ("Avon and Somerset, 2012/13 Q1",)
    assert early.answer == "no"
    assert {other.area.name for other in early.alternatives} == {"Avon and Somerset"}


def test_nothing_is_offered_in_place_of_what_may_be_compared_nor_one_thing_twice() -> None:
    likes = compare("Kent", offence="burglary", period="2024/25", baseline="2022/23", release=NEWEST)
    nothing = compare("BTP", release=NEWEST)
    assert (likes.answer, nothing.answer) == ("yes", "not-known")
    assert likes.alternatives == nothing.alternatives == ()
    launch = compare("England and Wales", period="2019/20", baseline="2017/18", release=NEWEST).alternatives
    assert [str(pair.baseline.period) for pair in launch] == [
        "2018-04..2019-03"
    ]  # out of the launch, and the year before


def test_the_answer_as_printed_is_of_its_schema() -> None:
    schema = json_schema()
    for area, options in (("Kent", {}), ("Northamptonshire", EXAMPLE), ("Kent", {"period": "2012/13"})):
        found = content(area, **options)
        jsonschema.validate(found, schema)
        assert list(found) == list(schema["properties"]) == schema["required"]
        for part, name in (("current", "Count"), ("change", "Change")):
            assert list(found[part] or ()) in ([], list(schema["$defs"][name]["properties"]))


# What a page asks of it


def test_the_same_comparison_of_each_force_is_what_it_would_be_alone() -> None:
    national = compare("England and Wales", period="2024/25", baseline="2023/24", release=NEWEST)
    assert [each.area.name for each in national.forces] == list(areas.NAMES)
    kent = next(each for each in national.forces if each.area.name == "Kent")
    assert kent == compare("Kent", period="2024/25", baseline="2023/24", release=NEWEST)
    assert sum(each.current.offences or 0 for each in national.forces) == national.current.offences


def test_everything_that_a_force_recorded_is_judged_in_its_own_right() -> None:
    result = compare("Kent", period="2024/25", baseline="2023/24", release=NEWEST)
    answers = {pair.current.offence.code: pair.answer for pair in result.listed}
    assert len(answers) > 30
    assert (answers["39"], answers["sexual-offences"], answers["rape"]) == ("yes", "no", "yes")
    assert "not-known" not in answers.values()  # all that a page lists has been reviewed


def test_a_break_stands_in_the_series_and_a_gap_that_was_mended_does_not() -> None:
    manchester = compare("Greater Manchester", period="2024/25", release=NEWEST)
    assert [change.id for change in manchester.all_breaks] == ["grooming-2017"]


def test_sources_are_the_release_and_the_residents_of_a_rate() -> None:
    assert [source.id for source in compare("BTP", release=NEWEST).sources] == [NEWEST]
    assert len(compare("Kent", release=NEWEST).sources) == 3


# What is refused


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"period": "2024/25", "baseline": "2023-05..2024-03"}, r"2023-05\.\.2024-03 cuts a quarter"),
        ({"period": "2024/25", "baseline": "2024/25"}, r"2024-04\.\.2025-03 overlaps the period 2024-04\.\.2025-03"),
        ({"baseline": "2025/26 Q1"}, r"overlaps the period 2025-01\.\.2025-12"),
        ({"period": "2012-01..2012-12"}, r"covers 2012-04\.\.2025-12 and does not hold 2012-01\.\.2012-12 whole"),
        ({"period": "2025/26"}, "does not hold 2025-04..2026-03 whole; no release held does"),
        ({"period": "2024/25", "baseline": "2010/11"}, r"does not hold 2010-04\.\.2011-03 whole"),
        ({"period": "2024/25", "release": OLDER}, "releases that do: 2026-04-23"),
        ({"period": "2018/19", "release": "before-2019-08"}, "releases that do: 2023-10-19, 2026-04-23"),
    ],
)
def test_a_request_that_cannot_be_met_is_one_line_that_says_why(options: dict[str, str], says: str) -> None:
    with pytest.raises(RequestError, match=says) as caught:
        compare("Kent", **options)
    assert len(str(caught.value).splitlines()) == 1


# The JSON


def content(area: str, **options: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(json.dumps(compare(area, **options).to_dict(), allow_nan=False))
    return found


def test_json_of_a_single_period_has_null_where_there_is_nothing() -> None:
    found = content("Kent", period="2012/13", release=NEWEST)
    nothing = ("baseline", "same_quarters_year_before", "answer", "instead", "reading")
    assert {found[key] for key in nothing} == {None}
    assert isinstance(found["ratio"], dict)
    assert set(found["ratio"].values()) == {None}
    assert found["like_for_like"] is False


def test_a_force_is_named_one_way_however_it_was_asked_for() -> None:
    asked = ["Avon & Somerset", "E23000036", "avon-and-somerset", "AVON AND SOMERSET POLICE"]
    answers = [compare(name, period="2024/25", release=NEWEST).to_dict() for name in asked]
    assert [answer["force"] for answer in answers] == ["Avon and Somerset"] * 4
    assert [answer["area"].pop("asked") for answer in answers] == asked
    assert all(answer == answers[0] for answer in answers)
    kent = compare(areas.Area.of(areas.find("Kent")), release=NEWEST).to_dict()
    assert kent["area"]["asked"] == "Kent"


def test_area_offence_and_period_may_be_given_as_such() -> None:
    kent, grooming, year = areas.find_area("Kent"), offences.find("88A"), Period.parse("2024/25")
    assert compare(kent, offence=grooming, period=year, release=NEWEST) == compare(
        "Kent", offence="grooming", period="2024/25", release=NEWEST
    )


def test_a_comparison_says_in_one_line_what_it_is() -> None:
    assert repr(compare("Kent", period="2024/25", release=NEWEST)) == (
        "Comparison(Kent, code 88A, release 2026-04-23: 289 in 2024-04..2025-03 against 245 in 2023-04..2024-03; yes)"
    )
    assert repr(compare("Kent", period="2012/13", release=NEWEST)).endswith(
        "9 in 2012-04..2013-03; nothing to compare with)"
    )


def test_a_reading_comes_from_the_wide_interval_which_holds_the_exact_one() -> None:
    result = compare("Kent", period="2019/20", baseline="2018/19", release=NEWEST)  # 228 against 173
    ratio = result.ratio
    assert ratio.low_wide < 1 < ratio.low < ratio.value < ratio.high < ratio.high_wide  # type: ignore[operator]
    assert result.change is not None
    assert result.change.reading == "within-usual"


@pytest.mark.parametrize(
    ("area", "percent", "reading"),
    [("Kent", 67, "within-usual"), ("Essex", 86, "more"), ("England and Wales", 21, "more")],
)
def test_over_years_a_change_is_set_against_what_forces_wander_in_as_many(
    area: str, percent: int, reading: str
) -> None:
    # Ranges of a year's noise held 78 of 100 changes over four years, and 95 were said.
    change = compare(area, period="2024/25", baseline="2018/19", release=NEWEST).change
    assert change is not None
    assert change.percent is not None
    assert (change.reading, round(change.percent)) == (reading, percent)
