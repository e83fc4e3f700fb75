"""The page of methods: its worked examples agree with their sources, and would be noticed if they did not."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from pathlib import Path

import pytest

from analysis import compare, statistics
from analysis.comparison import Comparison, coverage, noise_of
from analysis.figures.register import load_register
from analysis.report import methods
from analysis.report.methods import METHODS
from analysis.report.view import View, words
from analysis.terms import offences
from analysis.terms.findings import caveats, verdicts

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NEWEST = "2026-04-23"


@pytest.fixture(scope="module")
def national() -> Comparison:
    return compare("England and Wales", release=NEWEST)


def rows(shown: View) -> list[dict[str, str]]:
    assert shown.csv is not None
    return list(csv.DictReader(io.StringIO(shown.csv)))


def test_the_groups_are_those_of_the_field_in_order() -> None:
    assert list(dict.fromkeys(method["group"] for method in METHODS)) == [
        "Intervals",
        "Ratios and usual variation",
        "Rates of forces",
        "Process charts",
        "Seasonality",
        "Trend",
        "Places",
        "Revisions",
    ]


def test_the_page_shows_every_method_with_its_formula_and_source() -> None:
    shown = methods.catalogue()
    for method in METHODS:
        for said in (method[name] for name in ("name", "answers", "formula", "source")):
            assert said in shown.text
    assert f"{len(METHODS)} methods" in methods.introduction().text


def test_usual_variation_stands_on_the_page(national: Comparison) -> None:
    shown = methods.usual(national)
    found = {row["offence"]: row for row in rows(shown)}
    assert list(found) == [
        each.name for each in offences.listed() if each.reviewed and national.release.holds(each.code)
    ]
    noise, row = noise_of(national.offence, national.release), found["Sexual grooming"]
    assert noise is not None
    parts = [100 * noise.passing**0.5, 100 * noise.lasting**0.5]
    assert [float(row[name]) for name in ("passing_percent", "lasting_percent")] == pytest.approx(parts, abs=1e-3)
    # From 100 a year to so many more: the end of the interval of a ratio of 1, where chance alone is not wider.
    reach = statistics.NORMAL * math.sqrt(noise.c * 2 / 100 + noise.passing + noise.lasting)
    assert float(row["reach_100"]) == pytest.approx(100 * math.expm1(reach), abs=1e-3)
    assert float(row["together"]) == round(noise_of(national.offence, national.release, of=["Kent"]).together, 3) > 1
    assert "passing + lasting × years" in shown.text


def test_how_often_ranges_held_stands_on_the_page_by_year_and_size_the_worst_first(national: Comparison) -> None:
    shown, found = methods.backtests(national), coverage("change")
    assert shown.text.index("Theft from the person") < shown.text.index("Robbery of business property")
    for year in range(2021, 2026):
        assert f"year_{year}" in found
        assert f">{year}</th>" in shown.html
    assert "All of these" in shown.text
    *_, kept = re.findall(r"<caption>.*?</thead>", shown.html, re.DOTALL)
    assert "Still there a year later: how many in a hundred changes were, release of " in kept
    assert ">2024</th>" in kept
    assert ">2025</th>" not in kept  # of which no later year is known yet


def test_a_release_of_one_year_has_no_usual_variation() -> None:
    one_year = compare("England and Wales", release="before-2019-08")
    assert rows(methods.usual(one_year)) == []


def test_the_funnel_of_the_latest_year_names_no_force(national: Comparison) -> None:
    said = methods.funnel_spread(national).text
    assert "among 42 forces have a variance 13.6 times that of chance (φ, winsorised" in said
    assert "no force is named as unlike the others" in said


def test_every_caveat_is_explained_with_its_mark() -> None:
    shown = methods.rules()
    for caveat in caveats().values():
        assert f"{caveat.name} <code>{caveat.code}</code>" in shown.html
        assert caveat.when.format(provisional=5, small=50) in shown.text
    for answer in ("no", "not known", "only with care", "as it is"):
        assert f"<td>{answer}</td>" in shown.html
    assert "newest 5 quarters" in shown.text
    assert {each.mark for each in (*caveats().values(), *verdicts().values())} - {""} == set(
        words("tables.mark-meanings")
    )
    assert "under 50" in shown.text
    assert "{" not in shown.text


def test_which_residents_a_rate_is_of(national: Comparison) -> None:
    shown = methods.bases(national).text
    assert "They are children aged 0 to 17 from mid-2021; before," in shown
    assert "up to 18 months away" in shown
    everybody = methods.bases(compare("England and Wales", offence="sexual-offences", release=NEWEST)).text
    assert "They are residents of all ages. The newest estimate" in everybody


def test_what_is_known_of_the_figures(national: Comparison) -> None:
    said = methods.known(national).text
    assert "2,420 figures, one for each of 44 forces in each of 55 quarters; none is missing" in said
    assert "The newest 5 quarters of a release are provisional" in said
    assert "Recording has improved since" in said  # a sentence that cites 2014 alone would mislead


def test_figures_that_a_release_lacks_are_counted() -> None:
    said = methods.known(compare("England and Wales", release="2019-outcomes")).text
    assert "4 were not supplied and are never taken for zero" in said


def test_how_each_table_was_obtained_checked_and_limited() -> None:
    shown = methods.provenance()
    for source in (*load_register().releases, *load_register().residents):
        for said in (source.title, source.covers.words, source.obtained, source.checked, source.limits):
            assert said in shown.text
    assert "There was nothing to check the columns of children against" in shown.text


def test_the_notebook_ends_with_limits_and_sources_and_calls_what_there_is() -> None:
    cells = json.loads((NOTEBOOKS / "methods.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code[-2:] == ["sentences.limits(comparison)", "sentences.sources(comparison)"]
    called = {line.removeprefix("methods.").split("(")[0] for cell in code for line in cell.splitlines()[-1:]}
    own = vars(methods).items()
    pieces = {name for name, thing in own if getattr(thing, "__module__", "") == methods.__name__ and name.islower()}
    assert {name for name in pieces if not name.startswith("_")} <= called
