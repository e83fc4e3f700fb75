"""The process chart and its reading: steps drawn, named and told, and marked quarters set against marked quarters."""

from __future__ import annotations

import csv
import io
import re

import pytest

from analysis.comparison import Comparison, compare
from analysis.errors import RequestError
from analysis.report import charts, sentences, tables

NEWEST = "2026-04-23"


@pytest.fixture(scope="module")
def stepped() -> Comparison:
    return compare("Devon and Cornwall", release=NEWEST)


def rows(comparison: Comparison) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(charts.process(comparison).csv or "")))


def test_the_chart_names_the_step_and_draws_a_band_for_each_level(stepped: Comparison) -> None:
    chart = charts.process(stepped)
    assert "steps at 2023/24 Q2" in chart.text
    assert "step 2023/24 Q2" in chart.svg
    levels = {(row["level"], row["mean"], row["low"], row["high"]) for row in rows(stepped)}
    assert len(levels) == 2
    assert [row["level"] for row in rows(stepped)] == ["1"] * 21 + ["2"] * 10


def test_a_chart_without_a_step_names_none() -> None:
    kent = compare("Kent", release=NEWEST)
    assert "step 20" not in charts.process(kent).svg
    assert {row["level"] for row in rows(kent)} == {"1"}
    assert "level steps" not in sentences.across_time(kent).text  # that none was found proves none


def test_what_is_counted_by_year_has_no_course_of_quarters() -> None:
    with pytest.raises(RequestError, match="has figures by year and none by quarter of 46"):
        charts.process(compare("Brighton", offence="shoplifting"))


def test_the_reading_says_from_when_from_what_to_what_and_that_no_cause_is_named(stepped: Comparison) -> None:
    said = sentences.across_time(stepped).text
    assert "At 2023/24 Q2 the level steps from about 33 to about 64 recorded offences a quarter." in said
    assert "The register of breaks has 1 July 2023 in that quarter." in said
    assert "they name no cause" in said
    assert "A step is no steady trend, so none is given." in said
    assert "a year (95% interval" not in said


def test_a_step_near_an_entry_is_named_by_it_and_each_entry_is_told_once() -> None:
    said = sentences.across_time(compare("Lancashire", offence="46", release=NEWEST)).text
    assert said.count("The register of breaks has 1 April 2020 in that quarter") == 1
    assert "cannot be told from these figures" in said


def test_levels_beside_a_drift_are_told_as_those_of_the_years_around_the_step() -> None:
    said = sentences.across_time(compare("England and Wales", offence="46", release=NEWEST)).text
    assert "in the years right before and after, for the level drifts as well" in said
    assert "Greater Manchester" not in said  # one force is no reason of a step of all


@pytest.mark.parametrize(
    ("force", "marked"), [("Kent", "2 quarters are marked."), ("Northamptonshire", "One quarter is marked.")]
)
def test_marked_quarters_stand_beside_how_many_chance_alone_would_mark(force: str, marked: str) -> None:
    lines = sentences.across_time(compare(force, release=NEWEST)).text.splitlines()
    place = next(place for place, line in enumerate(lines) if line.startswith(marked))
    assert re.match(r"By chance alone about 1\.\d would be marked in a series of this length", lines[place + 1])


def test_the_reader_of_forces_changes_hears_of_regression_to_the_mean() -> None:
    nation = compare("England and Wales", release=NEWEST)
    assert "will most likely show a smaller one next year" in tables.all_forces(nation).text
