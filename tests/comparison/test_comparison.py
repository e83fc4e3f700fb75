from __future__ import annotations

import json
import math
from collections.abc import Callable

import made
import pandas as pd
import pytest

from analysis.comparison import compare, funnel
from analysis.errors import RequestError
from analysis.figures import releases
from analysis.figures.releases import matrix
from analysis.report import charts, citation, sentences, tables
from analysis.terms.findings import CAVEATS
from analysis.terms.forces import NAMES
from analysis.terms.periods import Period

NEWEST, OLDER = "2026-04-23", "2023-10-19"
EXAMPLE = {"period": "2017-04..2017-12", "baseline": "2016-04..2017-03", "release": NEWEST}
Change = Callable[[pd.DataFrame], None]


@pytest.fixture
def even(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let every force record 100 offences a quarter in every release, and change that where a test says so."""
    tables = {(offence, id_): matrix(offence, id_) for offence in ("88A", "sexual-offences") for id_ in (OLDER, NEWEST)}
    for table in tables.values():
        table.loc[:, :] = 100
    monkeypatch.setattr(releases, "matrix", lambda offence, release: tables[offence, release].copy())
    made.keep_nothing(monkeypatch)

    def change(quarter: str, force: str, count: int | None, release: str = NEWEST) -> None:
        tables["88A", release].loc[pd.Period(quarter, "Q-MAR"), force] = pd.NA if count is None else count

    return change


def codes(force: str = "Kent", **options: str) -> list[str]:
    return [caveat.code for caveat in compare(force, release=NEWEST, **options).caveats]


# The examples


def test_northamptonshire_nine_months_against_twelve() -> None:
    result = compare("Northamptonshire", **EXAMPLE)
    assert (result.current.offences, result.current.period.months) == (32, 9)
    assert result.baseline is not None
    assert (result.baseline.offences, result.baseline.period.months) == (5, 12)
    assert result.same_quarters_year_before is not None
    assert result.same_quarters_year_before.offences == 4
    assert str(result.same_quarters_year_before.period) == "2016-04..2016-12"
    assert not result.like_for_like
    assert result.crosses_break
    assert [caveat.code for caveat in result.caveats] == ["unequal-periods", "definition-change", "small-numbers"]


def test_northamptonshire_ratio_is_of_rates_a_month_with_exact_ends() -> None:
    result = compare("Northamptonshire", **EXAMPLE)
    assert result.current.per_month == pytest.approx(32 / 9)
    assert result.ratio.value == pytest.approx((32 / 9) / (5 / 12))
    # By halving the binomial form in exact fractions.
    assert (result.ratio.low, result.ratio.high) == pytest.approx((3.300354, 28.053371), abs=1e-6)


def test_northamptonshire_in_the_copy_made_before_august_2019() -> None:
    result = compare("Northamptonshire", period="2017-04..2017-12", release="before-2019-08")
    assert result.current.offences == 33
    assert (result.baseline, result.same_quarters_year_before) == (None, None)


def test_england_and_wales_across_the_break_with_british_transport_police() -> None:
    result = compare("England and Wales", period="2013-04..2017-12", release=NEWEST)
    assert result.current.offences == 6442
    assert result.current.period.months == 57
    assert result.baseline is None
    assert "definition-change" in result.codes
    without = compare("England", period="2013-04..2017-12", release=NEWEST).current.offences
    wales = compare("Wales", period="2013-04..2017-12", release=NEWEST).current.offences
    transport = compare("BTP", period="2013-04..2017-12", release=NEWEST).current.offences
    assert without is not None
    assert wales is not None
    assert transport is not None
    assert without + wales + transport == 6442
    assert transport > 0


# Default periods


def test_the_default_is_the_newest_year_against_the_year_before() -> None:
    result = compare("Kent")
    assert (result.release.id, str(result.current.period)) == (NEWEST, "2025-01..2025-12")
    assert result.baseline is not None
    assert str(result.baseline.period) == "2024-01..2024-12"
    assert result.same_quarters_year_before == result.baseline
    assert result.like_for_like


def test_the_default_of_an_older_release_is_its_own_newest_year() -> None:
    result = compare("Kent", release=OLDER)
    assert result.baseline is not None
    assert (str(result.current.period), str(result.baseline.period)) == ("2022-07..2023-06", "2021-07..2022-06")


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


def test_a_long_period_still_says_what_its_quarters_held_a_year_before() -> None:
    result = compare("Kent", period="2023-04..2025-03", release=NEWEST)
    assert result.same_quarters_year_before is not None
    assert str(result.same_quarters_year_before.period) == "2022-04..2024-03"
    assert result.ratio.value is None
    assert not result.like_for_like


# Caveats, one by one


@pytest.mark.usefixtures("even")
def test_two_like_years_carry_no_caveat() -> None:
    assert codes(period="2022/23", baseline="2021/22") == []
    assert compare("Kent", period="2022/23", baseline="2021/22", release=NEWEST).like_for_like


@pytest.mark.parametrize(
    ("code", "periods", "unlike"),
    [
        ("unequal-periods", ("2022/23", "2021/22 Q1..Q3"), True),
        ("unequal-periods", ("2022/23 Q1", "2021/22"), True),
        ("different-quarters", ("2022/23 Q1", "2021/22 Q2"), True),
        ("different-quarters", ("2022-07..2023-06", "2021-07..2022-03"), None),  # unequal, which says it all
        ("definition-change", ("2017/18", "2016/17"), True),
        ("definition-change", ("2016/17", "2018/19"), True),  # with later as baseline too
        ("first-year", ("2018/19", "2017/18"), False),
        ("first-year", ("2018/19 Q4", "2017/18 Q4"), False),
        ("first-year", ("2019-01..2019-12", "2018-01..2018-12"), False),  # touched by one quarter
        ("provisional", ("2024/25", "2023/24"), False),
        ("provisional", ("2024/25 Q3", "2023/24 Q3"), False),
        ("population-step", ("2021/22", "2020/21"), False),
    ],
)
@pytest.mark.usefixtures("even")
def test_a_caveat_stands_alone_where_only_its_own_cause_is_there(
    code: str, periods: tuple[str, str], unlike: bool | None
) -> None:
    result = compare("Kent", period=periods[0], baseline=periods[1], release=NEWEST)
    found = [caveat.code for caveat in result.caveats]
    if unlike is None:
        assert code not in found
    else:
        assert found == [code]
        assert result.like_for_like is not unlike


@pytest.mark.parametrize(
    ("code", "periods"),
    [
        ("unequal-periods", ("2022/23 Q1..Q3", "2021/22 Q1..Q3")),
        ("different-quarters", ("2022-07..2023-06", "2021-07..2022-06")),
        ("different-quarters", ("2022-07..2023-06", "2020/21")),  # each holds all four
        ("definition-change", ("2018/19", "2017/18")),
        ("definition-change", ("2016/17", "2015/16")),
        ("first-year", ("2019/20", "2018/19")),
        ("first-year", ("2017/18", "2018/19")),  # the period may lie in it, the baseline not
        ("first-year", ("2017/18", "2016/17")),
        ("provisional", ("2024/25 Q2", "2023/24 Q2")),  # the quarter before the newest five
        ("population-step", ("2020/21", "2019/20")),
        ("population-step", ("2022/23", "2021/22")),
    ],
)
@pytest.mark.usefixtures("even")
def test_a_caveat_is_silent_on_the_other_side_of_its_line(code: str, periods: tuple[str, str]) -> None:
    assert code not in codes(period=periods[0], baseline=periods[1])


@pytest.mark.usefixtures("even")
def test_a_break_inside_a_single_period_is_one_too() -> None:
    assert "definition-change" in codes(period="2016-04..2018-03")
    assert "definition-change" not in codes(period="2017-04..2019-03")
    assert "definition-change" not in codes(period="2015-04..2017-03")


@pytest.mark.usefixtures("even")
def test_another_offence_has_no_break() -> None:
    assert codes(offence="sexual-offences", period="2017/18", baseline="2016/17") == []


def test_a_missing_quarter_of_the_baseline_is_not_supplied_and_there_is_no_count(even: Callable[..., None]) -> None:
    even("2022Q3", "Kent", None)
    result = compare("Kent", period="2022/23", baseline="2021/22", release=NEWEST)
    assert [caveat.code for caveat in result.caveats] == ["not-supplied", "no-residents"]
    assert "Kent, 2021/22 Q3: not supplied, which is not zero" in result.caveats[0].text
    assert result.baseline is not None
    assert (result.baseline.offences, result.baseline.per_month) == (None, None)
    assert result.ratio.to_dict() == dict.fromkeys(["value", "low", "high", "low_wide", "high_wide"])
    assert not result.like_for_like


def test_a_missing_quarter_of_the_period_leaves_no_rate_either(even: Callable[..., None]) -> None:
    even("2023Q1", "Kent", None)
    assert codes(period="2022/23", baseline="2021/22") == ["not-supplied", "no-residents"]


def test_a_missing_quarter_of_one_force_is_missing_from_the_whole_and_from_no_other(even: Callable[..., None]) -> None:
    even("2023Q1", "Kent", None)
    assert "not-supplied" in codes("England and Wales", period="2022/23", baseline="2021/22")
    assert codes("Essex", period="2022/23", baseline="2021/22") == []
    assert codes("Kent", period="2022/23 Q2", baseline="2021/22 Q2") == []


def test_of_many_missing_quarters_three_are_named(even: Callable[..., None]) -> None:
    for name in NAMES[:5]:
        even("2023Q1", name, None)
    (text,) = [
        c.text
        for c in compare("England and Wales", period="2022/23", release=NEWEST).caveats
        if c.code == "not-supplied"
    ]
    assert (
        "Avon and Somerset, 2022/23 Q1; Bedfordshire, 2022/23 Q1; British Transport Police, 2022/23 Q1 and 2 more"
        in text
    )


def test_a_release_that_lacks_a_real_quarter_says_so() -> None:
    result = compare("North Yorkshire", period="2018/19", release="2019-outcomes")
    assert result.current.offences is None
    assert "not-supplied" in result.codes
    assert compare("North Yorkshire", period="2018/19 Q2", release="2019-outcomes").codes.isdisjoint({"not-supplied"})


@pytest.mark.parametrize("period", ["2022/23 Q1", "2021/22 Q1"])
def test_a_figure_that_another_full_release_gives_otherwise_is_revised(period: str, even: Callable[..., None]) -> None:
    even({"2022/23 Q1": "2023Q1", "2021/22 Q1": "2022Q1"}[period], "Kent", 99, OLDER)
    result = compare("Kent", period="2022/23", baseline="2021/22", release=NEWEST)
    assert [caveat.code for caveat in result.caveats] == ["revised"]
    assert "the release of 19 October 2023 gives 399, this one 400" in result.caveats[0].text
    assert result.like_for_like


def test_revisions_that_cancel_out_over_a_period_leave_its_figure_as_it_was(even: Callable[..., None]) -> None:
    even("2023Q1", "Kent", 99, OLDER)
    even("2023Q2", "Kent", 101, OLDER)
    assert codes(period="2022/23", baseline="2021/22") == []


def test_a_quarter_that_another_release_lacks_is_no_revision(even: Callable[..., None]) -> None:
    even("2023Q1", "Kent", None, OLDER)
    assert codes(period="2022/23", baseline="2021/22") == []
    assert codes(period="2023/24", baseline="2022/23") == []  # nor one that it does not reach


def test_neither_a_partial_release_nor_another_table_makes_a_figure_revised() -> None:
    # before-2019-08 gives Northamptonshire 15, 9, 9, 9 in 2017/18, the full releases 14, 10, 8, 10.
    assert "revised" not in codes("Northamptonshire", period="2017/18")
    assert "revised" in codes("Northamptonshire", period="2021/22 Q4")


@pytest.mark.parametrize(("count", "small"), [(49, True), (50, False)])
@pytest.mark.parametrize("quarter", ["2023Q1", "2022Q1"])
def test_a_count_under_fifty_is_small_in_either_period(
    quarter: str, count: int, small: bool, even: Callable[..., None]
) -> None:
    even(quarter, "Kent", count, NEWEST)
    even(quarter, "Kent", count, OLDER)
    expected = ["small-numbers"] if small else []
    assert codes(period="2022/23 Q1", baseline="2021/22 Q1") == expected


@pytest.mark.parametrize("force", ["British Transport Police", "City of London"])
@pytest.mark.usefixtures("even")
def test_railways_and_the_city_have_no_rate(force: str) -> None:
    result = compare(force, period="2022/23", baseline="2021/22", release=NEWEST)
    assert [caveat.code for caveat in result.caveats] == ["no-residents"]
    assert (result.rate, result.baseline_rate) == (None, None)
    assert result.like_for_like


def test_nothing_recorded_is_a_rate_of_zero(even: Callable[..., None]) -> None:
    for quarter in range(1, 5):
        even(f"2023Q{quarter}", "Kent", 0)
    rate = compare("Kent", period="2022/23", baseline="2021/22", release=NEWEST).rate
    assert rate is not None
    assert (rate.value, rate.low) == (0, 0)
    assert rate.high > 0


def test_rates_are_of_the_age_band_asked_for() -> None:
    result = compare("Kent", period="2024/25", baseline="2023/24", release=NEWEST, band="10-15")
    assert result.rate is not None
    assert result.baseline_rate is not None
    assert result.rate.residents.words == "children aged 10 to 15, mid-2024"
    assert result.baseline_rate.residents.words == "children aged 10 to 15, mid-2023"


@pytest.mark.usefixtures("even")
def test_national_rates_are_of_43_forces_and_counts_of_44() -> None:
    result = compare("England and Wales", period="2022/23", baseline="2021/22", release=NEWEST)
    assert result.current.offences == 44 * 400
    assert result.rate is not None
    assert result.rate.offences == 43 * 400
    assert result.rate.value == pytest.approx(43 * 400 / 12_506_535 * 10_000)


@pytest.mark.usefixtures("even")
def test_a_rate_is_a_year_for_ten_thousand_whatever_the_period() -> None:
    year = compare("Kent", period="2022/23", release=NEWEST).rate
    quarter = compare("Kent", period="2022/23 Q2", release=NEWEST).rate
    assert year is not None
    assert quarter is not None
    assert (year.offences, quarter.offences) == (400, 100)
    assert quarter.value == pytest.approx(year.value)
    assert quarter.high - quarter.low > year.high - year.low


def test_caveats_come_in_the_order_of_the_contract(even: Callable[..., None]) -> None:
    even("2017Q1", "Kent", None)
    even("2018Q2", "Kent", 7, OLDER)
    found = codes(period="2024/25", baseline="2016-04..2018-06")
    assert found == [
        "unequal-periods",
        "definition-change",
        "first-year",
        "not-supplied",
        "provisional",
        "no-residents",
    ]
    assert found == sorted(found, key=[code.code for code in CAVEATS].index)


# Edges of counts


@pytest.mark.parametrize(
    ("now", "then", "value", "low", "high"),
    [
        (3, 0, None, 0.413231, None),  # over nothing: unbounded, with a lower end
        (0, 3, 0.0, 0.0, 2.419952),
        (0, 0, None, None, None),
    ],
)
def test_zeros_give_what_can_be_said_and_null_for_the_rest(
    now: int, then: int, value: float | None, low: float | None, high: float | None, even: Callable[..., None]
) -> None:
    even("2023Q1", "Kent", now)
    even("2022Q1", "Kent", then)
    ratio = compare("Kent", period="2022/23 Q1", baseline="2021/22 Q1", release=NEWEST).ratio
    # The binomial form: with p = 0.025^(1/3), the bound is p / (1 - p) or its inverse.
    for found, expected in ((ratio.value, value), (ratio.low, low), (ratio.high, high)):
        assert found == (None if expected is None else pytest.approx(expected, abs=1e-6))
    assert (ratio.low_wide, ratio.high_wide) == (None, None)


@pytest.mark.parametrize("quarter", ["2015Q1", "2014Q1"])
def test_a_negative_count_is_kept_and_gives_no_ratio(quarter: str, even: Callable[..., None]) -> None:
    even(quarter, "Kent", -1)
    result = compare("Kent", period="2014/15 Q1", baseline="2013/14 Q1", release=NEWEST)
    assert -1 in {result.current.offences, result.baseline and result.baseline.offences}
    assert set(result.ratio.to_dict().values()) == {None}
    assert "small-numbers" in result.codes
    assert (result.rate if quarter == "2015Q1" else result.baseline_rate) is None
    assert "no-residents" in result.codes


def test_a_negative_quarter_lowers_its_year(even: Callable[..., None]) -> None:
    even("2015Q1", "Kent", -2)
    result = compare("Kent", period="2014/15", baseline="2013/14", release=NEWEST)
    assert result.current.offences == 298
    assert result.ratio.value == pytest.approx(298 / 400)


def test_the_spread_among_forces_leaves_out_those_without_both_counts(even: Callable[..., None]) -> None:
    for name, count in (
        ("British Transport Police", 10_000),
        ("City of London", 10_000),
        ("Kent", None),
        ("Essex", -1),
    ):
        even("2015Q1", name, count)
    ratio = compare("Surrey", period="2014/15 Q1", baseline="2013/14 Q1", release=NEWEST).ratio
    assert ratio.spread == 1
    assert ratio.value == 1


def test_the_wide_interval_holds_the_exact_one_where_forces_differ() -> None:
    ratio = compare("Kent", period="2024/25", baseline="2023/24", release=NEWEST).ratio
    assert ratio.spread is not None
    assert ratio.spread > 2
    assert ratio.low_wide < ratio.low < ratio.value < ratio.high < ratio.high_wide  # type: ignore[operator]


# Whom rates are of


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "children aged 0 to 17"),
        ({"offence": "sexual-offences"}, "residents of all ages"),
        ({"offence": "sexual-offences", "band": "10-15"}, "children aged 10 to 15"),
    ],
)
def test_every_rate_of_a_page_is_of_those_whom_the_offence_is_committed_against(
    options: dict[str, str], words: str
) -> None:
    result = compare("Kent", release=NEWEST, **options)
    assert result.rate is not None
    assert result.baseline_rate is not None
    assert {result.rate.residents.words, result.baseline_rate.residents.words} == {f"{words}, mid-2024"}
    among = funnel(result)
    assert among is not None
    assert among.residents == f"{words}, mid-2024"
    for chart in (charts.among_forces(result), charts.tiles(result)):
        bands = {row[chart.header.index("age_band")] for row in chart.rows}
        assert bands - {None} == {result.band}


@pytest.mark.parametrize(("offence", "people"), [("88A", "children"), ("sexual-offences", "victims")])
def test_no_page_lets_offences_be_taken_for_people(offence: str, people: str) -> None:
    result = compare("Kent", release=NEWEST, offence=offence)
    said = f"These are offences as the police recorded them, not {people} and not offenders."
    assert sentences.summary_sentences(result)[-1] == said
    assert citation.sentences(result)[-1] == said


def test_nothing_is_set_beside_all_sexual_offences_together() -> None:
    whole, part = (compare("Kent", release=NEWEST, offence=code) for code in ("sexual-offences", "88A"))
    assert "nothing is set beside them" in sentences.context_reading(whole).text
    assert tables.context(whole).html == ""
    assert tables.context(whole).csv is None
    assert "Neither can be told" in sentences.context_reading(part).text
    assert "All sexual offences" in tables.context(part).text


def test_a_citation_names_the_offence_as_the_tables_do() -> None:
    whole, part = (citation.reference(compare("Kent", offence=code)) for code in ("sexual-offences", "88A"))
    assert ", all sexual offences, Kent, " in whole
    assert ", code 88A, Kent, " in part


# What is refused


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"period": "2017-05..2017-12"}, r"2017-05\.\.2017-12 cuts a quarter"),
        ({"period": "2024/25", "baseline": "2023-05..2024-03"}, r"2023-05\.\.2024-03 cuts a quarter"),
        ({"period": "2024/25", "baseline": "2024/25"}, r"2024-04\.\.2025-03 overlaps the period 2024-04\.\.2025-03"),
        ({"period": "2024/25", "baseline": "2024-01..2024-06"}, "shares no month"),
        ({"baseline": "2025/26 Q1"}, r"overlaps the period 2025-01\.\.2025-12"),
        ({"period": "2012-01..2012-12"}, r"covers 2012-04\.\.2025-12 and does not hold 2012-01\.\.2012-12 whole"),
        ({"period": "2025/26"}, "does not hold 2025-04..2026-03 whole; no release held does"),
        ({"period": "2024/25", "baseline": "2010/11"}, r"does not hold 2010-04\.\.2011-03 whole"),
        ({"period": "2024/25", "release": OLDER}, "releases that do: 2026-04-23"),
        ({"period": "2018/19", "release": "before-2019-08"}, "releases that do: 2023-10-19, 2026-04-23"),
        ({"release": "2020-01-01"}, "release: '2020-01-01' is not held"),
        ({"offence": "71"}, "holds no code '71'"),
        ({"offence": "71/17"}, "holds no code '71/17', which counts it within 88A; it holds 88A, sexual-offences"),
        ({"band": "0-18"}, "age band: '0-18' is not held"),
        ({"period": "2017Q2"}, "may mean a calendar or a financial quarter"),
    ],
)
def test_a_request_that_cannot_be_met_is_one_line_that_says_why(options: dict[str, str], says: str) -> None:
    with pytest.raises(RequestError, match=says) as caught:
        compare("Kent", **options)
    assert len(str(caught.value).splitlines()) == 1


def test_a_baseline_may_lie_after_the_period() -> None:
    result = compare("Kent", period="2018/19", baseline="2022/23", release=NEWEST)
    assert result.baseline is not None
    assert result.ratio.value is not None
    assert result.ratio.value == pytest.approx(result.current.offences / result.baseline.offences)  # type: ignore[operator]


# The JSON


def test_json_has_the_keys_of_the_contract_in_plain_values() -> None:
    content = json.loads(json.dumps(compare("Northamptonshire", **EXAMPLE).to_dict(), allow_nan=False))
    assert list(content) == [
        "force",
        "offence",
        "release",
        "current",
        "baseline",
        "same_quarters_year_before",
        "ratio",
        "like_for_like",
        "caveats",
    ]
    assert (content["force"], content["offence"], content["release"]) == ("Northamptonshire", "88A", NEWEST)
    assert content["current"] == {"period": "2017-04..2017-12", "months": 9, "offences": 32, "per_month": 32 / 9}
    assert content["baseline"] == {"period": "2016-04..2017-03", "months": 12, "offences": 5, "per_month": 5 / 12}
    assert content["same_quarters_year_before"]["offences"] == 4
    assert list(content["ratio"]) == ["value", "low", "high", "low_wide", "high_wide"]
    assert all(isinstance(value, float) and math.isfinite(value) for value in content["ratio"].values())
    assert content["like_for_like"] is False
    assert [list(caveat) for caveat in content["caveats"]] == [["code", "text"]] * 3
    assert all(caveat["text"].endswith(".") for caveat in content["caveats"])


def test_json_of_a_single_period_has_null_where_there_is_nothing() -> None:
    content = json.loads(json.dumps(compare("Kent", period="2012/13", release=NEWEST).to_dict(), allow_nan=False))
    assert content["baseline"] is None
    assert content["same_quarters_year_before"] is None
    assert set(content["ratio"].values()) == {None}
    assert content["like_for_like"] is False


def test_a_force_is_named_one_way_however_it_was_asked_for() -> None:
    asked = ["Avon & Somerset", "E23000036", "avon-and-somerset", "AVON AND SOMERSET POLICE"]
    answers = [compare(name, period="2024/25", release=NEWEST).to_dict() for name in asked]
    assert [answer["force"] for answer in answers] == ["Avon and Somerset"] * 4
    assert all(answer == answers[0] for answer in answers)


def test_a_period_may_be_given_as_such() -> None:
    period = Period.parse("2024/25")
    assert compare("Kent", period=period, release=NEWEST) == compare("Kent", period="2024/25", release=NEWEST)


@pytest.mark.parametrize(
    ("force", "period", "baseline", "code", "text"),
    [
        (
            "Kent", "2024/25", "2023/24", "provisional",
            "Figures from October 2024 on are provisional: they lie in the newest 5 quarters of the release, and at least half of such "
            "figures were changed by a later release.",
        ),
        (
            "Kent", "2021/22", "2020/21", "population-step",
            "The rate for April 2021 to March 2022 is of children aged 0 to 17, mid-2021, the one for April 2020 to March 2021 of residents "
            "of all ages, mid-2020; rates on different bases are not compared.",
        ),
        (
            "Kent", "2021/22", "2020/21", "revised",
            "Releases differ: for April 2021 to March 2022 the release of 19 October 2023 gives 279, this one 275; for April 2020 to March "
            "2021 the release of 19 October 2023 gives 239, this one 235.",
        ),
        ("BTP", "2022/23", "2021/22", "no-residents", "British Transport Police has no residents, so no rate is given."),
        (
            "City of London", "2022/23", "2021/22", "no-residents",
            "The City of London has few residents and a large daytime population, so no rate is given.",
        ),
    ],
)  # fmt: skip
def test_a_caveat_word_by_word(force: str, period: str, baseline: str, code: str, text: str) -> None:
    result = compare(force, period=period, baseline=baseline, release=NEWEST)
    assert {caveat.code: caveat.text for caveat in result.caveats}[code] == text


def test_a_missing_figure_is_named_as_why_there_is_no_rate(even: Callable[..., None]) -> None:
    even("2022Q3", "Kent", None)
    result = compare("Kent", period="2022/23", baseline="2021/22", release=NEWEST)
    assert result.caveats[-1].text == (
        "No estimate of residents stands near April 2021 to March 2022, or a figure is missing or negative, so no rate is given."
    )


# What a notebook shows

SHOWN = """\
<div class="table" role="group" aria-label="Northamptonshire: recorded child grooming offences (code 88A), release of 23 April 2026" \
tabindex="0"><table>
<caption>Northamptonshire: recorded child grooming offences (code 88A), release of 23 April 2026</caption>
<thead><tr><th scope="col">Which</th><th scope="col" class="number">Months</th><th scope="col" class="number">Recorded offences</th>\
<th scope="col" class="number">A month</th><th scope="col">Rate a year for 10,000 (95% interval)</th></tr></thead>
<tbody>
<tr><th scope="row">Period: April to December 2017</th><td class="number">9</td><td class="number">32</td>\
<td class="number">3.6</td><td>0.6 (0.4 to 0.8), residents of all ages, mid-2017</td></tr>
<tr><th scope="row">Baseline: April 2016 to March 2017</th><td class="number">12</td><td class="number">5</td>\
<td class="number">0.4</td><td>0.1 (0.0 to 0.2), residents of all ages, mid-2016</td></tr>
<tr><th scope="row">Same quarters a year before: April to December 2016</th><td class="number">9</td><td class="number">4</td>\
<td class="number">0.4</td><td>not worked out</td></tr>
</tbody></table></div>
<p>Not like for like.</p>
<ul>
"""


def test_a_comparison_shows_its_counts_and_rates_word_by_word() -> None:
    result = compare("Northamptonshire", **EXAMPLE)
    listed = "\n".join(f"<li>{caveat.name}: {caveat.text}</li>" for caveat in result.caveats)
    assert result._repr_html_() == f"{SHOWN}{listed}\n</ul>"


def test_a_comparison_of_like_quarters_shows_them_once_and_no_rate_where_there_is_none() -> None:
    shown = compare("BTP", period="2024/25", baseline="2023/24", release=NEWEST)._repr_html_()
    assert shown.count('<th scope="row">') == 2
    assert shown.count("<td>[x]</td></tr>") == 2
