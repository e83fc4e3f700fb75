"""Every chart, table and sentence over figures of every shape: none fails, and none prints what is no word or number."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable

import made
import numpy as np
import pandas as pd
import pytest

from analysis import compare
from analysis.comparison import Comparison
from analysis.figures import population
from analysis.report import charts, front, methods, overview, sentences, tables
from analysis.report.view import View

RELEASE = "2026-04-23"


def revised(comparison: Comparison) -> View:
    return methods.revised("age", comparison.offence)


# What every page shows, and what only pages of all forces do.
OWN: tuple[Callable[[Comparison], View], ...] = (
    *(charts.quarters, charts.process, charts.among_forces),
    *(tables.figures, tables.robustness, tables.revisions, tables.offences, tables.others),
    *(overview.findings, overview.recording, overview.figures, sentences.area_masthead),
    *(sentences.masthead, sentences.summary, sentences.comparability, sentences.across_time),
    *(sentences.among_forces, sentences.quotable, sentences.limits, sentences.sources),
)
NATIONAL: tuple[Callable[[Comparison], View], ...] = (
    *(tables.all_forces, tables.contributions, revised, front.masthead, front.newest),
    *(methods.funnel_spread, methods.bases, methods.known),
)
# What is no word and no number: a value that nobody turned into words.
RAW = re.compile(r"\b(nan|None|NaT|inf|True|False)\b|<NA>|Period\(|Timestamp\(")
ASKED: dict[str, dict[str, str]] = {
    "as by default": {},
    "over twelve months": {"period": "2013-04..2017-12"},
    "over twelve months, a baseline": {"period": "2021-04..2023-03", "baseline": "2019-04..2021-03"},
    "the oldest quarter": {"period": "2012-04..2012-06"},
    "across a break": {"period": "2017-04..2017-12", "baseline": "2016-04..2017-03"},
    "reversed": {"period": "2017/18", "baseline": "2018/19"},
    "a partial release": {"period": "2017/18", "release": "before-2019-08"},
    "a release of another table": {"period": "2018/19", "release": "2019-outcomes"},
    "an offence that nobody reviewed": {"offence": "30C"},
    "a union that breaks": {"offence": "sexual-offences"},
    "an offence that began later": {"offence": "88E"},
}
AREAS = ("Kent", "England and Wales")
ODD = ("British Transport Police", "City of London", "Wales")  # no residents, few, and several forces


def seen(comparison: Comparison, pieces: Iterable[Callable[[Comparison], View]] = ()) -> list[str]:
    """Return what is wrong with the pieces of a page about a comparison."""
    found = []
    for piece in pieces or (OWN if len(comparison.area.forces) < 44 else (*OWN, *NATIONAL)):
        view = piece(comparison)
        found += [f"{piece.__name__}: {match[0]} in {view.text[:200]}" for match in RAW.finditer(view.text)]
        if view.csv is not None:
            header, *rows = csv.reader(io.StringIO(view.csv, newline=""))
            found += [f"{piece.__name__}: {row} under {header}" for row in rows if len(row) != len(header)]
            found += [f"{piece.__name__}: {cell}" for row in rows for cell in row if RAW.search(cell)]
    return found


def test_the_check_sees_a_value_that_nobody_turned_into_words() -> None:
    comparison = compare("Kent", release=RELEASE)
    assert seen(comparison, [lambda _: View(sentences.limits(comparison).html, f"{float('nan')} offences")])
    assert seen(comparison, [lambda _: View(sentences.limits(comparison).html, "", frame=pd.DataFrame({"a": [True]}))])


def seen_by_turns(turn: int, **asked: str) -> list[str]:
    """Return what is wrong with what every page shows, of one area or the other, and with what only pages of all forces do."""
    return seen(compare(AREAS[turn % 2], **asked), OWN) + seen(compare("England and Wales", **asked), NATIONAL)


@pytest.mark.parametrize(("turn", "asked"), [*enumerate(ASKED.values())], ids=ASKED)
def test_no_piece_fails_whatever_is_asked_for(turn: int, asked: dict[str, str]) -> None:
    assert seen_by_turns(turn, **({"release": RELEASE} | asked)) == []


@pytest.mark.parametrize("area", ODD)
def test_no_piece_fails_for_an_area_unlike_the_others(area: str) -> None:
    assert seen(compare(area, release=RELEASE)) == []


def blank_quarters(table: pd.DataFrame) -> pd.DataFrame:
    table.iloc[[0, 20, -1]] = pd.NA
    table.loc["2025Q2", "Kent"] = pd.NA
    return table


# By turns of Kent and of all forces.
SHAPES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "negative in Kent": lambda table: table.assign(Kent=-1),
    "zeros": lambda table: table * 0,
    "blank in Kent": lambda table: table.assign(Kent=pd.array([pd.NA] * len(table), dtype="Int64")),
    "negative": lambda table: table * 0 - 2,
    "blank but Kent": lambda table: table.mask(np.tile(table.columns != "Kent", (len(table), 1))),
    "huge": lambda table: table * 100_000,
    "blank quarters": blank_quarters,
}


@pytest.mark.parametrize(("turn", "shape"), [*enumerate(SHAPES.values())], ids=SHAPES)
def test_no_piece_fails_whatever_the_figures_are(
    turn: int, shape: Callable[[pd.DataFrame], pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    made.stand_in(monkeypatch, shape(made.published()))
    assert seen_by_turns(turn, release=RELEASE) == []


@pytest.mark.parametrize("area", [*AREAS, "Wales"])
def test_no_piece_fails_where_no_estimate_of_residents_stands_near(area: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made.keep_nothing(monkeypatch)
    monkeypatch.setattr(population, "residents_for", lambda *_, **__: None)
    comparison = compare(area, release=RELEASE)
    assert comparison.rates == {}
    assert comparison.funnel is None
    assert seen(comparison) == []
    assert charts.among_forces(comparison).svg == ""
    assert 'class="empty"' in charts.among_forces(comparison).html


@pytest.mark.parametrize(
    ("area", "level", "blank", "below"), [("Kent", 0.2, 0.02, 0.05), ("England and Wales", 60, 0.6, 0.05)]
)
def test_no_piece_fails_over_figures_drawn_at_random(
    area: str, level: float, blank: float, below: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    random, table = np.random.default_rng(8), made.published()
    counts = random.poisson(level, table.shape) * np.where(random.random(table.shape) < below, -1, 1)
    drawn = pd.DataFrame(counts, table.index, table.columns).astype("Int64").mask(random.random(table.shape) < blank)
    made.stand_in(monkeypatch, drawn)
    assert seen(compare(area, release=RELEASE, **ASKED["reversed"])) == []
