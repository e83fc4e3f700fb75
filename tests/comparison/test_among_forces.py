"""Force among forces: the funnel, places and pooled rates."""

from __future__ import annotations

import dataclasses

import made
import pandas as pd
import pytest

from analysis.comparison import Comparison, Funnel, compare
from analysis.figures import population
from analysis.report import sentences
from analysis.terms import areas
from analysis.terms.periods import Period

NEWEST = "2026-04-23"
LEFT_OUT = {"British Transport Police", "City of London"}
READABLE = [force.name for force in areas.FORCES if not force.no_rate]


def national(period: str = "2025-01..2025-12", baseline: str | None = None) -> Comparison:
    return compare("England and Wales", period=period, baseline=baseline, release=NEWEST)


def funnel_of(comparison: Comparison) -> Funnel:
    result = comparison.funnel
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


def test_railways_and_the_city_are_left_out_of_the_funnel() -> None:
    assert list(funnel_of(national()).forces.index) == READABLE
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
