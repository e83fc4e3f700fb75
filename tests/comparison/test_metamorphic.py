"""What must not change an answer: how a force is spelt, the order of rows, a count in two rows, and what is published later."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import made
import official
import pandas as pd
import pytest

from analysis import claims, comparison
from analysis.figures import added, tables
from analysis.figures.register import load_register
from analysis.terms import areas

Rows = official.Rows
QUARTER, FORCE, COUNT = map(official.HEADER.index, ("Financial Quarter", "Force Name", "Number of Offences"))

SHIPPED = "2026-04-23"
ADDED = date(2026, 4, 30)  # after the shipped release and before the next could be
AREAS = ["Avon and Somerset", "British Transport Police", "City of London", "Kent", "England and Wales"]
PAIRS = [
    ("2025-01..2025-12", "2024-01..2024-12"),
    ("2017-04..2017-12", "2016-04..2017-03"),
    ("2021/22", "2020/21"),
]


def published() -> Rows:
    """Return what the newest release says of code 88A, row by row, and not as part of the group of sexual offences."""
    return made.rows("88A", group="Other offences")


def add(folder: Path, rows: Rows, released: date = ADDED) -> str:
    """Add rows as a release of their own, and return its id."""
    return made.held(added.add(official.as_csv(folder / "table.csv", {"": rows}), released=released, as_it_is=True)).id


def answers(release: str) -> dict[str, str]:
    """Return, as text, what the library says by a release of several areas and periods, but for the release's name."""
    said: dict[str, object] = {}
    for period, baseline in PAIRS:
        for area in AREAS:
            found = comparison.compare(area, period=period, baseline=baseline, release=release)
            said[f"{area}, {period}"] = found.to_dict() | {"release": None}
            said[f"{area}, {period}: views"] = [
                repr(view) for view in found.views if not view.name.startswith("As the release of")
            ]
            process = found.process
            limits = process.limits
            said[f"{area}: process"] = (
                process.adjusted.tolist(),
                process.steps,
                limits and (limits.centre.tolist(), limits.low.tolist(), limits.high.tolist()),
                process.marked,
                process.trend and process.trend.ratio,
            )
        funnel = found.funnel
        said[f"{period}: funnel"] = funnel and (funnel.forces.to_dict(), funnel.phi)
    return {question: repr(answer) for question, answer in said.items()}


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """Return what the shipped release answers before anything is added."""
    return answers(SHIPPED)


def caveats(area: str) -> list[str]:
    """Return the codes of what the shipped release's newest comparison must be read with."""
    (period, baseline), *_ = PAIRS
    found = comparison.compare(area, period=period, baseline=baseline, release=SHIPPED)
    return [caveat.code for caveat in found.caveats]


def verdicts() -> dict[str, tuple[str, list[str]]]:
    """Return the shipped claims' verdicts and findings by their codes."""
    return {j.claim.id: (j.verdict, [finding.code for finding in j.findings]) for j in claims.judge_all()}


def spelt_otherwise(rows: Rows) -> Rows:
    spelling = {force.name: force.spellings[-1] for force in areas.FORCES if force.spellings}
    return [_with(row, FORCE, spelling.get(str(row[FORCE]), f" {str(row[FORCE]).upper()} ")) for row in rows]


def in_another_order(rows: Rows) -> Rows:
    return random.Random(8).sample(rows, len(rows))  # noqa: S311 - no secret, an order


def in_two_rows(rows: Rows) -> Rows:
    """Split each count above zero into two that differ, since a row that stands twice is an error."""
    split = [(row, int(str(row[COUNT]))) for row in rows]
    return [
        _with(row, COUNT, part)
        for row, count in split
        for part in ((count - count // 3, count // 3) if count > 0 else (count,))
    ]


def _with(row: list[object], place: int, cell: object) -> list[object]:
    return [*row[:place], cell, *row[place + 1 :]]


def test_the_same_figures_written_otherwise_give_the_same_answers(said: dict[str, str], tmp_path: Path) -> None:
    rows = in_another_order(in_two_rows(spelt_otherwise(published())))
    assert rows != published()
    release = add(tmp_path, rows)
    assert load_register().release("latest").id == release
    pd.testing.assert_frame_equal(tables.matrix("88A", release), tables.matrix("88A", SHIPPED))
    assert answers(release) == said


def test_a_later_release_of_the_same_figures_changes_no_answer_and_no_verdict(
    said: dict[str, str], tmp_path: Path
) -> None:
    judged = verdicts()
    newest = [row for row in published() if row[:2] == ["2025/26", 3]]
    later = add(tmp_path, [*published(), *(_with(row, QUARTER, 4) for row in newest)], released=date(2026, 7, 23))
    assert str(comparison.compare("Kent").current.period) == "2025-04..2026-03"  # it is what is asked by default
    assert later == load_register().release("latest").id
    assert answers(SHIPPED) == said
    assert verdicts() == judged


def test_a_later_figure_adds_one_caveat_where_it_differs_and_changes_nothing_else(
    said: dict[str, str], tmp_path: Path
) -> None:
    held = {area: caveats(area) for area in AREAS}
    quarter = ["2025/26", 3, "Kent"]
    add(tmp_path, [_with(row, COUNT, int(str(row[COUNT])) + 1) if row[:3] == quarter else row for row in published()])
    now = answers(SHIPPED)
    assert {question for question in said if now[question] != said[question]} == {
        "Kent, 2025-01..2025-12",
        "England and Wales, 2025-01..2025-12",
    }
    added = {area: set(caveats(area)) - set(held[area]) for area in AREAS}
    assert added == {area: {"revised"} if area in {"Kent", "England and Wales"} else set() for area in AREAS}
