"""How often the ranges held in years kept out: the table of the page of methods, and what it is worked out from."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.comparison import backtest, load_register
from analysis.terms import offences

RELEASE = "2026-04-23"


@pytest.fixture(scope="module", params=["88A", "burglary", "8Q"])
def tried(request: pytest.FixtureRequest) -> tuple[str, pd.DataFrame]:
    return request.param, backtest(offences.find(request.param), load_register().release(RELEASE))


def test_ranges_held_as_often_as_the_table_says(tried: tuple[str, pd.DataFrame]) -> None:
    offence, found = tried
    overall, by_size = found["change"].mean(), found.groupby("quartile")["change"].mean()
    assert 0.94 <= overall <= 0.975
    assert by_size.between(0.90, 0.99).all()
    assert found["place"].mean() >= 0.90
    assert found.groupby("quartile")["place"].mean().min() >= 0.90
    # Burglaries fell in all forces at once when the country stood still, which no range from other years holds.
    assert found["next_year"].mean() >= 0.90
    assert by_size.index.tolist() == [1, 2, 3, 4]
    assert (found["year"].nunique(), len(found)) == {"88A": (6, 252), "burglary": (12, 504), "8Q": (4, 168)}[offence]


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
    assert list(found) == ["force", "year", "quartile", "change", "next_year", "place"]
