"""How often the ranges held in years kept out: the table of the page of methods, and what it is worked out from."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.comparison import coverage, load_register, poor_years
from analysis.comparison.backtests import backtest
from analysis.terms import offences

RELEASE = "2026-04-23"


@pytest.fixture(scope="module", params=["88A", "burglary", "8Q"])
def tried(request: pytest.FixtureRequest) -> tuple[str, pd.DataFrame]:
    return request.param, backtest(offences.find(request.param), load_register().release(RELEASE))


def test_ranges_held_as_often_as_the_table_says(tried: tuple[str, pd.DataFrame]) -> None:
    offence, found = tried
    change, next_year, place = (found[found["what"] == what] for what in ("change", "next_year", "place"))
    assert 0.92 <= change["held"].mean() <= 0.975
    assert change.groupby("quartile")["held"].mean().between(0.87, 0.99).all()
    assert place["held"].mean() >= 0.93
    # Burglaries fell in all forces at once when the country stood still, which no range from other years holds.
    assert next_year["held"].mean() >= 0.88
    assert (change["year"].nunique(), len(change)) == {"88A": (6, 252), "burglary": (12, 504), "8Q": (4, 168)}[offence]


def test_a_range_pays_for_its_width_and_forty_times_for_a_miss(tried: tuple[str, pd.DataFrame]) -> None:
    held = tried[1][tried[1]["held"] == True]  # noqa: E712  # an element each
    assert held["score"].tolist() == pytest.approx((2 * held["width"]).tolist())
    missed = tried[1][tried[1]["held"] == False]  # noqa: E712
    assert (missed["score"] > 2 * missed["width"]).all()


def test_the_worst_offence_stands_first_and_a_year_that_did_not_hold_is_named() -> None:
    release = load_register().release(RELEASE)
    shown = coverage("change", release)
    worst = shown["worst"].tolist()
    assert worst[:-1] == sorted(worst[:-1])
    assert shown["offence"].iloc[-1] == "All of these"
    assert 93 <= shown["pooled"].iloc[-1] <= 97
    assert all(92.5 <= shown[f"quartile_{each}"].iloc[-1] <= 97 for each in range(1, 5))
    poor = poor_years(offences.find("46"), release)
    assert poor["change"][2023] < 0.85
    assert poor_years(offences.find("88A"), release) == {}


def test_quarters_of_forces_are_by_size_and_a_force_is_in_one(tried: tuple[str, pd.DataFrame]) -> None:
    offence, found = tried
    each = found.groupby("force")["quartile"].agg(["min", "max"])
    assert (each["min"] == each["max"]).all()
    assert each["min"].value_counts().sort_index().tolist() == [10, 11, 10, 11]
    assert each.loc["Metropolitan Police", "min"] == 4
    assert offence != "88A" or each.loc["Warwickshire", "min"] == 1


@pytest.mark.parametrize(("offence", "release"), [("88A", "before-2019-08"), ("88A", "2019-outcomes")])
def test_too_few_years_under_one_definition_hold_nothing_out(offence: str, release: str) -> None:
    found = backtest(offences.find(offence), load_register().release(release))
    assert found.empty
    assert list(found) == ["what", "force", "year", "quartile", "held", "width", "score"]
