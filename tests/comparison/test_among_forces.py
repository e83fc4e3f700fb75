"""Force among forces: the funnel, places, changes looked at together, and who drives a change."""

from __future__ import annotations

import dataclasses
import itertools

import made
import pandas as pd
import pytest

from analysis.comparison import CHANCE, Changes, Comparison, Funnel, compare, noise_of
from analysis.figures import population
from analysis.report import sentences
from analysis.terms import areas
from analysis.terms.periods import Period

NEWEST = "2026-04-23"
LEFT_OUT = {"British Transport Police", "City of London"}
READABLE = [force.name for force in areas.FORCES if force.has_readable_rate]


def national(period: str = "2025-01..2025-12", baseline: str | None = None) -> Comparison:
    return compare("England and Wales", period=period, baseline=baseline, release=NEWEST)


def funnel_of(comparison: Comparison) -> Funnel:
    result = comparison.funnel
    assert result is not None
    return result


def changes_of(period: str, baseline: str) -> Changes:
    result = national(period, baseline).changes
    assert result is not None
    return result


def as_residents(table: pd.DataFrame) -> pd.DataFrame:
    """Let every force record one offence a quarter for 1,000 children of mid-2024."""
    for name in READABLE:
        residents = population.residents_for(areas.find_area(name), Period.parse("2024/25"))
        assert residents is not None
        table[name] = round(residents.people / 1000)
    return table


# The funnel


def test_the_latest_year_as_the_project_s_reference_has_it() -> None:
    result = funnel_of(national())
    assert (round(result.phi, 1), len(result.forces)) == (13.6, 42)
    assert result.residents == "children aged 0 to 17, mid-2024"


def test_railways_and_the_city_are_left_out_of_funnel_and_changes() -> None:
    assert list(funnel_of(national()).forces.index) == READABLE
    assert list(changes_of("2024/25", "2023/24").forces.index) == READABLE
    assert LEFT_OUT.isdisjoint(READABLE)
    assert len(READABLE) == 42


def test_the_funnel_of_a_period_is_the_same_on_every_page() -> None:
    kent = funnel_of(compare("Kent", period="2025-01..2025-12", release=NEWEST))
    pd.testing.assert_frame_equal(kent.forces, funnel_of(national()).forces)
    other = funnel_of(compare("Kent", period="2024/25", release=NEWEST))
    assert not other.forces["offences"].equals(kent.forces["offences"])


def test_before_mid_2021_rates_are_of_all_ages() -> None:
    assert funnel_of(national("2019/20")).residents == "residents of all ages, mid-2019"


@pytest.mark.parametrize(("phi", "named"), [(1.0, True), (10.0, True), (10.01, False)])
def test_outliers_are_named_up_to_a_dispersion_of_ten_only(phi: float, *, named: bool) -> None:
    assert dataclasses.replace(funnel_of(national()), phi=phi).names_outliers is named


def test_the_reading_of_all_forces_names_no_force_but_its_own() -> None:
    said = sentences.among_forces(compare("Kent", period="2025-01..2025-12", release=NEWEST)).text
    assert "the chart cannot say why rates differ" in said
    assert {name for name in areas.NAMES if name in said} == {"Kent", *LEFT_OUT}


def test_a_force_of_few_offences_is_not_named_where_its_own_page_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    table = made.published()
    table["Cumbria"] = 2
    table.loc[pd.Period("2024Q2", "Q-MAR") :, "Cumbria"] = 12
    made.stand_in(monkeypatch, table)
    result = changes_of("2024/25", "2018/19")
    assert result.forces.loc["Cumbria", "low"] > 1
    assert result.forces.loc["Cumbria", "named"] == ""


def test_forces_alike_differ_less_than_by_chance_and_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    made.stand_in(monkeypatch, as_residents(made.published()))
    result = funnel_of(national())
    assert result.phi < 0.1
    assert result.names_outliers


def test_one_force_of_twice_the_rate_holds_the_first_place(monkeypatch: pytest.MonkeyPatch) -> None:
    table = as_residents(made.published())
    table["Cumbria"] *= 2
    made.stand_in(monkeypatch, table)
    result = funnel_of(national())
    assert result.names_outliers
    assert result.forces.loc["Cumbria", ["rank_low", "rank_high"]].tolist() == [1, 1]


@pytest.mark.parametrize("count", [None, -300])
def test_a_force_with_a_missing_or_negative_figure_has_no_part(
    count: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = made.published()
    table.loc[pd.Period("2026Q1", "Q-MAR"), "Kent"] = pd.NA if count is None else count
    made.stand_in(monkeypatch, table)
    result = funnel_of(national())
    assert list(result.forces.index) == [name for name in READABLE if name != "Kent"]
    assert result.forces["rank_high"].max() == 41


@pytest.mark.parametrize(
    ("held", "count", "kent", "drawn"), [(42, 0, 0, False), (42, 5, 0, True), (3, 5, 5, True), (2, 5, 5, False)]
)
def test_there_is_no_funnel_of_two_forces_nor_of_nothing(
    held: int, count: int, kent: int, *, drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = made.published()
    table.loc[:, :] = count
    table.loc[:, "Kent"] = kent
    table.loc[:, READABLE[held:]] = pd.NA
    made.stand_in(monkeypatch, table)
    assert (national().funnel is not None) is drawn


# Places


def test_places_are_ranges_that_hold_the_bare_rank() -> None:
    table = funnel_of(national()).forces
    rank = (table["offences"] / table["residents"]).rank(ascending=False)
    assert ((table["rank_low"] <= rank) & (rank <= table["rank_high"])).all()
    assert (table["rank_low"].min(), table["rank_high"].max()) == (1, 42)
    assert (table["rank_high"] > table["rank_low"]).sum() >= 40


def test_more_events_at_the_same_rates_leave_fewer_places_open() -> None:
    quarter, year = (funnel_of(national(period)).forces for period in ("2025-10..2025-12", "2025-01..2025-12"))
    assert (quarter["rank_high"] - quarter["rank_low"]).mean() > (year["rank_high"] - year["rank_low"]).mean()


# Changes


@pytest.mark.parametrize("offence", ["88A", "burglary"])
def test_the_page_of_all_forces_never_contradicts_the_page_of_one(offence: str) -> None:
    asked = {"period": "2024/25", "baseline": "2018/19", "offence": offence, "release": NEWEST}
    together = compare("England and Wales", **asked).changes
    assert together is not None
    for name in together.forces.index:
        alone = compare(name, **asked)
        said = together.forces.loc[name, "named"] or "within-usual"
        assert alone.change is not None
        assert alone.baseline is not None
        if alone.current.is_small or alone.baseline.is_small:  # no page reads a direction from so few
            assert (name, said, alone.change.reading) == (name, "within-usual", None)
        else:
            assert (name, alone.change.reading) == (name, said)
        row = together.forces.loc[name, ["ratio", "low", "high"]]
        assert row.tolist() == pytest.approx([alone.ratio.value, alone.ratio.low_wide, alone.ratio.high_wide])
    assert len(together.forces) == 42
    assert {"88A": "more", "burglary": "fewer"}[offence] in set(together.forces["named"])


def test_of_forces_that_do_not_change_one_in_twenty_stands_out_by_usual_variation() -> None:
    years = ["2018/19", "2019/20", "2020/21", "2021/22", "2022/23", "2023/24", "2024/25"]
    told = [changes_of(now, then) for then, now in itertools.pairwise(years)]
    assert sum((each.forces["named"] != "").sum() for each in told) <= 1.5 * CHANCE * sum(
        len(each.forces) for each in told
    )


def drawn_to_one_place(raw: pd.Series, pooled: pd.Series) -> bool:
    """Whether there is a centre that every pooled value lies between and its raw one."""
    up, down = pooled > raw, pooled < raw
    return bool(up.any() and down.any() and pooled[up].max() <= pooled[down].min() and raw[up].max() <= raw[down].min())


def test_pooled_rates_lie_between_their_own_and_that_of_all() -> None:
    funnel = funnel_of(national()).forces
    rates = (funnel["offences"] + 0.5) / funnel["residents"] * 10_000
    assert drawn_to_one_place(rates, funnel["pooled"])
    assert ((funnel["pooled_low"] < funnel["pooled"]) & (funnel["pooled"] < funnel["pooled_high"])).all()
    # Of the one that counts most and the one that counts least, the pooled rate is sure of the first.
    width = funnel["pooled_high"] / funnel["pooled_low"]
    assert width[funnel["offences"].idxmax()] < width[funnel["offences"].idxmin()]


def test_forces_that_all_change_alike_are_drawn_to_one_change(monkeypatch: pytest.MonkeyPatch) -> None:
    table = made.published()
    table.loc[:, :] = 100
    table.loc[pd.PeriodIndex(["2024Q1", "2024Q2", "2024Q3", "2024Q4"], freq="Q-MAR"), :] = 130
    made.stand_in(monkeypatch, table)
    result = changes_of("2023/24", "2022/23")
    assert result.differ == 0


def test_one_change_far_from_the_others_stands_out_even_so(monkeypatch: pytest.MonkeyPatch) -> None:
    table = made.published()
    table.loc[:, :] = 100
    table.loc[pd.PeriodIndex(["2025Q1", "2025Q2", "2025Q3", "2025Q4"], freq="Q-MAR"), "Kent"] = 200
    made.stand_in(monkeypatch, table)
    result = changes_of("2024/25", "2023/24")
    assert result.forces["named"][lambda named: named != ""].to_dict() == {"Kent": "more"}


@pytest.mark.parametrize("count", [1, 0, -1, None])
def test_a_force_without_both_counts_has_no_change(count: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    table = made.published()
    table.loc[:, :] = 100
    table.loc[pd.Period("2014Q2", "Q-MAR"), "Kent"] = pd.NA if count is None else count
    made.stand_in(monkeypatch, table)
    result = national("2014/15 Q2", "2013/14 Q2").changes
    if count is None:  # the country's figure is missing too
        assert result is None
    else:
        assert result is not None
        assert list(result.forces.index) == [name for name in READABLE if name != "Kent" or count > 0]


def test_changes_and_parts_are_of_the_comparison_s_own_release() -> None:
    # West Midlands in April to June 2021: 26 as first published, 67 since
    older = compare("England and Wales", period="2021/22 Q1", baseline="2020/21 Q1", release="2023-10-19")
    for table in (older.changes and older.changes.forces, older.contributions):
        assert table is not None
        assert table["current"]["West Midlands"] == 26


@pytest.mark.parametrize(("essex", "forces_left"), [(50, 2), (0, None)])
def test_changes_are_of_two_forces_at_the_least(
    essex: int, forces_left: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = made.published()
    table.loc[:, :] = 0
    table["Kent"] = 100
    table["Essex"] = 60
    monkeypatch.setattr("analysis.statistics.noise.ENOUGH", 10)  # of two forces there are not many changes
    table.loc[pd.Period("2014Q2", "Q-MAR"), "Essex"] = essex
    made.stand_in(monkeypatch, table)
    result = national("2014/15 Q2", "2013/14 Q2").changes
    assert (result and len(result.forces)) == forces_left


UNLIKE = [
    ("2017/18", "2016/17"),  # across the break
    ("2024/25 Q1..Q3", "2023/24"),  # unequal
    ("2024/25 Q2", "2023/24 Q1"),  # other quarters
    ("2023-04..2025-03", None),  # nothing to compare with
]


@pytest.mark.parametrize(("period", "baseline"), UNLIKE)
def test_what_is_not_like_for_like_has_neither_changes_nor_parts(period: str, baseline: str | None) -> None:
    assert national(period, baseline).changes is None
    assert national(period, baseline).contributions is None


# Contributions


@pytest.mark.parametrize("area", ["England and Wales", "Wales", "Kent"])
@pytest.mark.parametrize(
    ("period", "baseline"),
    [
        ("2025-01..2025-12", "2024-01..2024-12"),
        ("2024/25", "2023/24"),
        ("2018/19", "2017/18"),
        ("2024/25 Q4", "2021/22 Q4"),
        ("2013/14", "2012/13"),  # with negative counts
        ("2022-04..2025-03", "2018-04..2021-03"),
    ],
)
def test_the_forces_parts_add_up_to_the_change(area: str, period: str, baseline: str) -> None:
    comparison = compare(area, period=period, baseline=baseline, release=NEWEST)
    table = comparison.contributions
    assert table is not None
    assert comparison.baseline is not None
    assert list(table.index) == comparison.area.names
    assert [dtype.kind for dtype in table.dtypes] == ["i", "i", "i", "f"]
    assert table["current"].sum() == comparison.current.offences
    assert table["baseline"].sum() == comparison.baseline.offences
    assert (table["current"] - table["baseline"]).tolist() == table["difference"].tolist()
    assert table["difference"].sum() == comparison.current.offences - comparison.baseline.offences


def test_railways_and_the_city_have_their_part_in_the_country_s_change() -> None:
    table = national("2018/19", "2017/18").contributions
    assert table is not None
    assert set(table.index) >= LEFT_OUT
    assert len(table) == 44


def test_by_how_much_a_part_usually_varies() -> None:
    result = national("2024/25", "2018/19")
    table, noise = result.contributions, noise_of(result.offence, result.release)
    assert table is not None
    assert noise is not None
    for row in table.loc[["Kent", "British Transport Police", "Metropolitan Police"]].itertuples():
        own = noise.of([areas.NAMES.index(str(row.Index))])
        [variance] = own.each([row.current], [row.baseline], 6)
        assert row.deviation == pytest.approx((row.current + row.baseline) / 2 * variance**0.5)


# What moved the whole


@pytest.mark.parametrize("area", ["England and Wales", "Wales", "Kent+Essex"])
@pytest.mark.parametrize(
    ("period", "baseline"), [("2024/25", "2018/19"), ("2023/24", "2022/23"), ("2020/21", "2019/20")]
)
def test_the_forces_named_make_up_half_of_the_net_change_and_no_fewer_do(area: str, period: str, baseline: str) -> None:
    result = compare(area, period=period, baseline=baseline, release=NEWEST)
    found, parts = result.moved, result.contributions
    assert found is not None
    assert parts is not None
    difference = parts["difference"]
    assert found.net == difference.sum() == found.rises[1] + found.falls[1]
    assert found.rises == ((difference > 0).sum(), difference.clip(lower=0).sum())
    assert found.falls == ((difference < 0).sum(), difference.clip(upper=0).sum())
    named = difference[list(found.most)] * (1 if found.net > 0 else -1)
    assert found.most_sum == difference[list(found.most)].sum()
    assert named.sum() >= abs(found.net) / 2 > named.sum() - named.min()
    assert (named > 0).all()
    assert [name for name in result.area.names if name in found.most] == list(found.most)
    before, ratio = parts["baseline"].sum(), result.ratio
    assert ratio.low_wide is not None
    assert ratio.high_wide is not None
    assert (found.low, found.high) == pytest.approx((before * (ratio.low_wide - 1), before * (ratio.high_wide - 1)))


def test_nothing_moved_a_single_force_nor_what_may_not_be_compared() -> None:
    assert compare("Kent", period="2024/25", baseline="2018/19", release=NEWEST).moved is None
    assert national("2017/18", "2016/17").moved is None


@pytest.mark.parametrize(
    ("kent", "essex", "expected"),
    [
        (90, 110, (0, (1, 10), (1, -10), (), 0)),
        (100, 101, (1, (1, 1), (0, 0), ("Essex",), 1)),
        (110, 110, (20, (2, 20), (0, 0), ("Essex",), 10)),  # one is half of it
    ],
)
def test_no_more_forces_are_named_than_make_up_half_and_none_where_nothing_changed_on_the_whole(
    kent: int, essex: int, expected: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = made.published()
    table.loc[:, :] = 100
    table.loc[pd.Period("2025Q1", "Q-MAR"), ["Kent", "Essex"]] = [kent, essex]
    made.stand_in(monkeypatch, table)
    found = national("2024/25", "2023/24").moved
    assert found is not None
    assert (found.net, found.rises, found.falls, found.most, found.most_sum) == expected
