"""How often the ranges held in years kept out: the table of the page of methods, and what it is worked out from."""

from __future__ import annotations

import io
import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from analysis.comparison import coverage, load_register, poor_years
from analysis.comparison.change import Foreseen
from analysis.terms import offences

TOP = Path(__file__).parents[2]
RELEASE = load_register().release("2026-04-23")


@pytest.fixture(scope="module")
def script() -> Any:
    return SimpleNamespace(**runpy.run_path(str(TOP / "data" / "coverage.py")))


def test_the_table_is_what_the_script_makes_of_the_release(script: Any) -> None:
    codes = ["88A", "46"]
    made = pd.read_csv(io.StringIO(script.table([offences.find(code) for code in codes], RELEASE)))
    held = pd.read_csv(TOP / "data" / "raw" / "coverage.csv")
    keys = ["what", "offence"]
    made, held = (
        each[each["offence"].isin(codes) | (each["what"] == "taken_back")].sort_values(keys).reset_index(drop=True)
        for each in (made, held)
    )
    pd.testing.assert_frame_equal(made, held, rtol=1e-3, atol=0.01)
    assert 0 < held.set_index("what").loc["taken_back", "pooled"] < 40


@pytest.mark.parametrize(
    ("offence", "ranges", "worst"), [("88A", 252, 88), ("burglary", 504, 88), ("8Q", 168, 85), ("46", 504, 70)]
)
def test_ranges_of_changes_held_as_often_as_they_say(offence: str, ranges: int, worst: float) -> None:
    row = coverage("change").set_index("offence").loc[offence]
    assert row["ranges"] == ranges
    assert 92 <= row["pooled"] <= 97.5
    assert row["worst"] >= worst


def test_every_reviewed_offence_was_tried_the_worst_first_and_all_together_last() -> None:
    shown = coverage("change")
    assert len(shown) > 100
    assert shown["worst"].tolist()[:-1] == sorted(shown["worst"].tolist()[:-1])
    together = shown.iloc[-1]
    assert together["offence"] == "all"
    assert together[["pooled", "quartile_1", "quartile_2", "quartile_3", "quartile_4"]].between(93, 97).all()
    assert (shown["pooled"].iloc[:-1] >= 90).all()


def test_as_many_changes_were_kept_as_was_said() -> None:
    together = coverage("kept").iloc[-1]
    assert together["pooled"] == pytest.approx(together["said"], abs=1)
    assert together[["year_2022", "year_2023", "year_2024"]].sub(together["said"]).abs().max() < 3


def test_what_a_first_count_may_become_held_as_often_as_it_says() -> None:
    together = coverage("settling").iloc[-1]
    assert together["ranges"] > 10_000
    assert (
        together[["pooled", "quartile_2", "quartile_3", "quartile_4", "year_2023", "year_2024"]].between(93, 99).all()
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "named"),
    [
        ("change", {"39", "34A", "105A", "92A"}),
        ("next_year", {"burglary", "46", "vehicle-theft"}),
        ("place", {"105A", "58C", "92A"}),
        ("settling", {"106", "unlawful-driving-deaths"}),
    ],
)
def test_a_year_in_which_fewer_than_85_in_100_held_is_named(what: Foreseen, named: set[str]) -> None:
    shown = coverage(what).set_index("offence")
    years = [name for name in shown if name.startswith("year_")]
    found = {code: poor_years(offences.find(code), what) for code in offences.known()}
    assert named <= {code for code in found if found[code]}
    assert poor_years(offences.find("88A"), what) == {}
    for code, poor in found.items():
        own = shown.loc[code, years] if code in shown.index else pd.Series(dtype=float)
        assert poor == {int(name[-4:]): held for name, held in own.items() if held < 85}


def test_too_few_years_under_one_definition_hold_nothing_out(script: Any) -> None:
    assert script.backtest(offences.find("88A"), load_register().release("2019-outcomes")).empty
