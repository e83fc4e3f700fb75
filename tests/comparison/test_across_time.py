"""A force across time: where the process chart begins, what it leaves out, and what it says is unusual."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from itertools import combinations, pairwise

import made
import numpy as np
import pandas as pd
import pytest

from analysis import statistics
from analysis.comparison import Pair, Process, across_time, compare, counts
from analysis.comparison.judgement import judge
from analysis.figures.register import load_register
from analysis.terms import areas, breaks, offences
from analysis.terms.periods import Period

NEWEST, OLDER = "2026-04-23", "2023-10-19"


def of(force: str, release: str = NEWEST, offence: str = "88A") -> Process:
    return compare(force, release=release, offence=offence).process


def even(count: int = 100) -> pd.DataFrame:
    table = made.published()
    table.loc[:, :] = count
    return table


# Where it begins


@pytest.mark.parametrize(
    ("release", "offence", "first", "last"),
    [
        (NEWEST, "88A", "2019Q1", "2026Q3"),
        (OLDER, "88A", "2019Q1", "2024Q1"),
        (NEWEST, "34B", "2013Q1", "2026Q3"),  # whose definition did not change
        (OLDER, "sexual-offences", "2019Q1", "2024Q1"),  # 88A is in them
        (NEWEST, "sexual-offences", "2026Q1", "2026Q3"),  # and what became law on 31 January 2024, with its launch
        (NEWEST, "rape", "2013Q1", "2026Q3"),  # whole although its codes were split
    ],
)
def test_begins_after_the_first_year_of_the_definition(release: str, offence: str, first: str, last: str) -> None:
    quarters = of("Kent", release, offence).quarters
    assert (str(quarters[0]), str(quarters[-1])) == (first, last)


def test_a_release_that_ends_within_the_launch_has_nothing_to_chart() -> None:
    result = of("Kent", "before-2019-08")
    assert result.quarters.empty
    assert (result.limits, result.marked, result.false_signals, result.trend) == (None,) * 4


@pytest.mark.parametrize(
    ("last", "quarters"),
    # Before the break, in its launch, after it, and with a quarter too few and just enough to be charted
    [("2017-03", 20), ("2017-06", 0), ("2018-03", 0), ("2018-06", 1), ("2019-12", 7), ("2020-03", 8)],
)
def test_a_release_is_charted_from_its_newest_definition_on(
    last: str, quarters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    covers = Period.parse(f"2012-04..{last}")
    release = dataclasses.replace(load_register().release(NEWEST), covers=covers)
    made.stand_in(monkeypatch, made.published().loc[covers.quarters])
    span = Period.parse("2012/13")
    result = across_time.process(Pair(counts.count(areas.find_area("Kent"), offences.find("88A"), release, span)))
    assert len(result.quarters) == quarters
    assert (result.limits is not None) is (quarters >= across_time.LEAST)


def test_what_nobody_has_reviewed_is_not_charted() -> None:
    unknown, known = of("Kent", offence="23"), of("Kent", offence="46")
    assert (unknown.reviewed, unknown.limits, unknown.trend, unknown.marked) == (False, None, None, None)
    assert len(unknown.quarters) == 55
    assert known.reviewed
    assert known.limits is not None


@pytest.mark.parametrize(("through", "reviewed"), [("2024/25 Q3", True), ("2024/25 Q2", False)])
def test_up_to_four_quarters_after_the_review_are_charted(
    through: str, reviewed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    span = {"on": "2025-01-01", "start": "2012/13 Q1", "through": through}
    made.describe(monkeypatch, "88A", reviewed=made.strict(offences.Reviewed, **span))
    assert of("Kent").reviewed is reviewed


def test_the_launch_year_moves_neither_limits_nor_trend(monkeypatch: pytest.MonkeyPatch) -> None:
    table = made.published()
    made.stand_in(monkeypatch, table)
    before = of("Kent")
    table.loc[:"2018Q4", "Kent"] = 10_000  # type: ignore[misc]
    after = of("Kent")
    assert before.limits is not None
    assert after.limits is not None
    assert after.limits.high.tolist() == before.limits.high.tolist()
    assert after.trend is not None
    assert before.trend is not None
    assert after.trend.ratio == before.trend.ratio


# What is missing, small or negative


def test_a_quarter_not_supplied_is_a_gap_and_no_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    table = even()
    table.loc[pd.Period("2020Q2", "Q-MAR"), "Kent"] = pd.NA
    made.stand_in(monkeypatch, table)
    for area in ("Kent", "England and Wales"):
        result = of(area)
        gaps = np.flatnonzero(np.isnan(result.offences))
        assert [str(result.quarters[place]) for place in gaps] == ["2020Q2"]
        assert np.isnan(result.adjusted[gaps]).all()
        assert result.limits is not None
        assert not result.marked
    assert not np.isnan(of("Essex").offences).any()


def test_gaps_of_a_release_stand_as_gaps() -> None:
    result = of("North Yorkshire", "2019-outcomes")
    assert np.isnan(result.offences).tolist() == [True, False, True, False]


@pytest.mark.parametrize(("count", "drawn"), [(4, False), (5, True)])
def test_no_limits_where_the_median_quarter_is_under_five(
    count: int, *, drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = even()
    table["Kent"] = count
    table.loc[pd.Period("2020Q2", "Q-MAR"), "Kent"] = 500  # the median, not the mean
    made.stand_in(monkeypatch, table)
    result = of("Kent")
    assert (result.limits is not None) is drawn
    assert (result.trend is not None) is drawn
    assert len(result.offences) == len(result.quarters) == 31


@pytest.mark.parametrize(("day", "quarters"), [("2024-01-01", 8), ("2024-04-01", 7)])
def test_no_limits_of_fewer_than_eight_quarters(day: str, quarters: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made.know(monkeypatch, made.entry(day, "88A"))
    result = of("Kent")
    assert (len(result.quarters), result.limits is not None) == (quarters, quarters == 8)


@pytest.mark.parametrize("force", ["City of London", "British Transport Police"])
def test_the_city_and_the_railways_have_no_limits(force: str) -> None:
    assert of(force).limits is None


def test_no_limits_with_a_negative_count(monkeypatch: pytest.MonkeyPatch) -> None:
    table = even()
    table.loc[pd.Period("2020Q2", "Q-MAR"), "Kent"] = -1
    made.stand_in(monkeypatch, table)
    assert of("Kent").limits is None
    assert of("Essex").limits is not None


# The season


def test_the_season_is_that_of_all_forces_together() -> None:
    kent, essex = of("Kent"), of("Essex")
    assert kent.season_removed
    assert kent.factors.tolist() == essex.factors.tolist()
    assert kent.factors.mean() == pytest.approx(1)
    assert kent.factors.round(2).tolist() == [0.99, 0.95, 0.96, 1.10]
    of_year = [quarter.quarter - 1 for quarter in kent.quarters]
    assert kent.adjusted * kent.factors[of_year] == pytest.approx(kent.offences)


def test_a_season_that_chance_would_show_in_over_a_twentieth_of_cases_is_not_taken_out() -> None:
    assert not of("Kent", offence="34B").season_removed  # 5.4%


def test_the_season_put_in_is_the_season_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    table = even()
    for place, count in enumerate((80, 100, 100, 120), 1):
        table.loc[pd.PeriodIndex(table.index).quarter == place] = count
    made.stand_in(monkeypatch, table)
    result = of("Kent")
    assert result.factors == pytest.approx([0.8, 1.0, 1.0, 1.2])
    assert result.adjusted == pytest.approx(np.full(31, 100))


def test_without_a_season_nothing_is_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    made.stand_in(monkeypatch, even())
    result = of("Kent")
    assert not result.season_removed
    assert result.adjusted.tolist() == result.offences.tolist() == [100] * 31


# Limits, trend and what is marked


def test_limits_are_of_the_series_without_its_season() -> None:
    result = of("Kent")
    assert result.limits is not None
    assert result.trend is not None
    course = result.trend.fitted / np.resize(result.factors, 31)
    about = statistics.xmr_limits(result.adjusted, course=course)
    assert result.limits.high.tolist() == about.high.tolist()
    assert result.limits.centre[-1] > 1.5 * result.limits.centre[0]  # Kent's rose by 8% a year
    assert np.nanmean(result.adjusted - result.limits.centre) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("force", "offence", "marked"),
    [("Cheshire", "88A", 7), ("Kent", "violence-without-injury", None)],  # of 31 quarters, and 7 of 27
)
def test_nothing_is_marked_where_the_rules_would_mark_more_than_a_quarter(
    force: str, offence: str, marked: int | None
) -> None:
    result = of(force, offence=offence)
    assert (result.marked and len(result.marked)) == marked


def test_how_many_marked_quarters_to_expect_by_chance_is_said() -> None:
    result = of("Kent")
    assert result.false_signals is not None
    assert 0.2 < result.false_signals.share < 0.4
    assert 1 < result.false_signals.points < 2


# Steps


def test_the_step_in_devon_and_cornwall_is_named_and_its_quarters_are_not_marked() -> None:
    # It was once told as 23 unusual quarters of 31.
    result = of("Devon and Cornwall")
    [step] = result.steps
    assert (step.quarter, round(step.before), round(step.after), step.days) == (
        "2023/24 Q2",
        33,
        64,
        (date(2023, 7, 1),),
    )
    assert result.limits is not None
    assert result.limits.parts == [slice(0, 21), slice(21, 31)]
    assert (result.marked, result.trend) == ((), None)
    assert result.false_signals is not None
    assert result.false_signals.points < 1.2


def steps_of_each_force(offence: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[across_time.Step, ...]]:
    """Return every force's steps, without what takes longest of a chart."""
    monkeypatch.setattr(statistics, "expected_false_signals", lambda *_, **__: None)
    return {name: of(name, offence=offence).steps for name in areas.NAMES}


def test_few_forces_show_a_step_in_the_default_offence_and_a_steady_rise_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = {name: len(steps) for name, steps in steps_of_each_force("88A", monkeypatch).items()}
    assert 2 <= sum(bool(steps) for steps in found.values()) <= 8
    assert max(found.values()) <= 2
    assert of("England and Wales").steps == ()


# Series in which the slowness of a drift, the curve, or the toll of a step decides: by any other they would step elsewhere.
DECIDED = [
    ("39", "City of London", [(32, True), (37, True)]),  # a random walk of 0.03
    ("burglary", "Dyfed-Powys", []),  # of 0.1
    ("violence-with-injury", "Surrey", []),  # of 0.3
    ("violence-with-injury", "North Wales", [(18, True), (32, True), (37, True)]),  # of 0.3 and no quicker; two and a half per cent
    ("34B", "British Transport Police", []),  # of 1 and no quicker
    ("8Q", "Greater Manchester", []),  # of 3
    ("total", "Durham", [(6, True)]),  # a curve, and a year on either side
    ("total", "Wiltshire", [(6, False)]),  # and no curve of a higher power
    ("8U", "North Yorkshire", []),  # the toll of a step
]  # fmt: skip


def test_each_drift_and_the_toll_of_a_step_decide_where_they_should() -> None:
    for offence, force, steps in DECIDED:
        assert [(step.place, step.drifts) for step in of(force, offence=offence).steps] == steps, (offence, force)


def test_where_nearly_all_forces_step_the_lockdowns_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = steps_of_each_force("46", monkeypatch).values()
    steps = [step for each in found for step in each if step.quarter == "2020/21 Q1"]
    assert len(steps) > 25
    assert all(step.after < step.before and date(2020, 4, 1) in step.days for step in steps)


@pytest.mark.parametrize(
    ("day", "fields", "named"),
    [
        ("2023-07-01", {}, True),
        ("2023-09-30", {}, True),
        ("2023-06-30", {}, False),  # in the quarter before, which a third of all quarters would be
        ("2023-10-01", {}, False),
        ("2022-01-01", {"until": "2023-06-30", "kind": "supply"}, True),  # which ends the day before the quarter
        ("2022-01-01", {"until": "2024-06-30", "kind": "event"}, False),  # whose ends are both far
        ("2023-07-01", {"forces": ["Devon and Cornwall", "Kent"]}, True),
        ("2023-07-01", {"forces": ["Kent"]}, False),
        ("2023-07-01", {"cautions": ["46"]}, False),
    ],
)
def test_a_step_is_named_by_the_day_that_the_register_has_in_its_quarter(
    day: str, fields: dict[str, object], *, named: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched = next(change for change in breaks.register().entries if change.id == "grooming-2017")
    entry = made.entry(day, **({"cautions": ["88A"]} | fields))
    made.know(monkeypatch, launched, entry)
    [step] = of("Devon and Cornwall").steps
    assert step.quarter == "2023/24 Q2"
    ended = entry.until + timedelta(days=1) if entry.until else entry.day
    assert step.days == ((ended,) if named else ())


@pytest.mark.parametrize(
    ("offence", "fields", "named"),
    [
        ("88A", {"cautions": ["88A"]}, True),
        ("88A", {"cautions": ["88A"], "forces": ["Kent"]}, False),
        ("sexual-offences", {"cautions": ["sexual-offences"]}, True),
        ("sexual-offences", {"cautions": ["88A"]}, False),
    ],
)
def test_what_is_of_one_force_or_code_names_no_step_of_all(
    offence: str, fields: dict[str, object], *, named: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = even()
    table.loc["2024Q2":] = 200  # type: ignore[misc]
    made.stand_in(monkeypatch, table)
    made.know(monkeypatch, made.entry("2023-07-01", **fields))
    [step] = of("England and Wales", offence=offence).steps
    assert (step.quarter, bool(step.days)) == ("2023/24 Q2", named)


def test_a_series_that_falls_to_nothing_is_drawn_on_both_sides_of_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    table = even()
    table.loc["2025Q1":, "Kent"] = 0  # type: ignore[misc]
    made.stand_in(monkeypatch, table)
    result = of("Kent")
    assert [(step.quarter, step.before, step.after) for step in result.steps] == [("2024/25 Q1", 100, 0)]
    assert not result.marked


def test_the_trend_is_of_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    table = even()
    years = [(quarter.qyear - 2019) + (quarter.quarter - 1) / 4 for quarter in pd.PeriodIndex(table.index)]
    table["Kent"] = [round(200 * 1.1**year) for year in years]
    made.stand_in(monkeypatch, table)
    result = of("Kent")
    assert result.trend is not None
    assert result.trend.ratio.value == pytest.approx(1.1, abs=0.002)


def test_a_far_quarter_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    table = even()
    table["Kent"] = [90 + 20 * (place % 2) for place in range(len(table))]
    table.loc[pd.Period("2022Q3", "Q-MAR"), "Kent"] = 300
    made.stand_in(monkeypatch, table)
    kent = of("Kent")
    assert [str(kent.quarters[place]) for place in kent.marked or ()] == ["2022Q3"]


# Every quarter


def test_every_quarter_says_its_definition_and_whether_it_is_provisional_and_settled() -> None:
    table = compare("Kent", offence="sexual-offences", release=NEWEST).quarters.set_index("quarter")
    assert table.loc[["2017Q4", "2018Q1", "2024Q4", "2025Q1"], "definition"].tolist() == [
        "earlier", "earlier", "two", "present",
    ]  # fmt: skip
    assert [str(quarter) for quarter in table.index[table["settled"]]] == ["2026Q1", "2026Q2", "2026Q3"]
    assert [str(quarter) for quarter in table.index[table["provisional"]]] == [str(q) for q in table.index[-5:]]


def test_a_quarter_in_which_the_code_was_not_counted_has_no_figure_whatever_stands_in_the_table() -> None:
    table = compare("England and Wales", offence="28E", release=NEWEST).quarters.set_index("quarter")["offences"]
    assert (str(table.first_valid_index()), str(table.last_valid_index())) == ("2018Q1", "2023Q4")
    assert len(table) == 55
    assert table.dtype == "Int64"  # blanks do not make fractions of counts


# The years of a small line


def years_of(force: str, offence: str, period: str = "2025-01..2025-12", release: str = NEWEST) -> list[list[str]]:
    result = compare(force, period=period, offence=offence, release=release)
    return [[str(year) for year in stretch] for stretch in result.years(result.offence)]


@pytest.mark.parametrize("offence", ["88A", "8Q", "sexual-offences", "violence-with-injury", "burglary"])
def test_any_two_years_of_a_stretch_may_be_compared_and_a_cut_parts_two_that_may_not(offence: str) -> None:
    result = compare("Kent", period="2025-01..2025-12", offence=offence, release=NEWEST)
    stretches = result.years(result.offence)
    own = {year: counts.count(result.area, result.offence, result.release, year) for held in stretches for year in held}
    assert {year: each.offences for year, each in own.items()} == {y: n for held in stretches for y, n in held.items()}
    for held in stretches:
        for then, now in combinations(held, 2):
            assert judge(own[now], own[then]).like_for_like, (then, now)
    for before, after in pairwise(stretches):
        assert "no" in {judge(own[now], own[then]).answer for then in before for now in after}


def test_a_break_between_two_years_cuts_and_one_inside_a_year_leaves_it_out() -> None:
    before, after = years_of("Kent", "88A", "2024/25")
    assert (before[-1], after[0]) == ("2016-04..2017-03", "2017-04..2018-03")
    before, after = years_of("Kent", "88A", "2025-01..2025-12")
    assert (before[-1], after[0]) == ("2016-01..2016-12", "2018-01..2018-12")


def test_a_year_without_a_figure_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    table = even()
    table.loc[pd.Period("2021Q2", "Q-MAR"), "Kent"] = pd.NA
    made.stand_in(monkeypatch, table)
    _, before, after = years_of("Kent", "88A", "2024/25")
    assert (before[-1], after[0]) == ("2019-04..2020-03", "2021-04..2022-03")
    assert len(years_of("Essex", "88A", "2024/25")) == 2


def test_years_stand_only_where_somebody_reviewed_what_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert years_of("Kent", "23") == []
    span = {"on": "2025-01-01", "start": "2018/19 Q1", "through": "2022/23 Q4"}
    made.describe(monkeypatch, "88A", reviewed=made.strict(offences.Reviewed, **span))
    ((first, *_, last),) = years_of("Kent", "88A", "2024/25")
    assert (first, last) == ("2018-04..2019-03", "2023-04..2024-03")


def test_all_years_of_the_release_stand_whichever_of_them_is_compared() -> None:
    assert years_of("Kent", "burglary", "2016/17") == years_of("Kent", "burglary", "2024/25")
    assert len(years_of("Kent", "burglary", "2016/17")[0]) == 13
