"""What holds of the readers whatever they are given: what was written comes back, or is refused by name."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made
import numpy as np
import official
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from official import Rows, row

from analysis import claims, files, reader
from analysis.errors import RequestError
from analysis.figures.tables import Figures
from analysis.figures.workbook import HEADERS
from analysis.terms import areas
from analysis.terms.areas import FORCES

readers = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=20)


def said(error: RequestError) -> list[str]:
    """Return the lines of an error, after seeing that each is one that a person can read."""
    lines = str(error).splitlines()
    assert 1 <= len(lines) <= 20
    assert all(0 < len(line) <= 2000 for line in lines)
    return lines


# --- workbooks ------------------------------------------------------------------------------------------------------------

# What both XML and CSV can hold in a cell, without the spaces that a spreadsheet does not tell apart.
letters = st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S"], exclude_characters="\ufffe\uffff")
texts = st.text(letters, min_size=1, max_size=8)
numbers = st.one_of(
    st.integers(-(10**9), 10**9),
    st.floats(-(10**9), 10**9, allow_subnormal=False).map(lambda number: number + 0),  # a nought has no sign in ODS
)
written = st.lists(st.lists(st.one_of(texts, numbers), min_size=8, max_size=8), min_size=1, max_size=8)


def read(cell: object, *, is_csv: bool) -> str:
    """Return a cell as it is read: a CSV file knows text only, a workbook floats."""
    return str(float(cell)) if isinstance(cell, int | float) and not is_csv else str(cell)


@pytest.mark.parametrize(
    ("write", "suffix"), [(official.as_csv, "csv"), (official.ods, "ods"), (official.xlsx, "xlsx")]
)
@readers
@given(rows=written)
def test_every_cell_that_was_written_comes_back(
    write: Callable[..., Path], suffix: str, rows: list[list[object]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sheet = made.book(write(Path(folder, f"a.{suffix}"), {"2012-13": rows}))
    columns = [made.column(sheet, key) for key in HEADERS]
    back = [list(cells) for cells in zip(*columns, strict=True)]
    assert back == [[read(cell, is_csv=suffix == "csv") for cell in cells] for cells in rows]


odd = st.one_of(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6), numbers, st.booleans())
counts = st.one_of(st.integers(-20, 10**6), st.sampled_from(["N/a", " 1,234 ", "-2"]))


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    """Return rows of one quarter, most of them as published, some with an odd cell."""
    keys = st.tuples(st.sampled_from(areas.NAMES), st.sampled_from(["88A", "71", "30C"]))
    rows = [
        row("2012/13", 1, force, code, draw(counts))
        for force, code in draw(st.lists(keys, min_size=1, max_size=8, unique=True))
    ]
    for _ in range(draw(st.integers(0, 1))):
        rows[draw(st.integers(0, len(rows) - 1))][draw(st.integers(0, 7))] = draw(odd)
    return rows


def taken(path: Path) -> Figures | RequestError:
    """Return the figures of a workbook, or why it is refused."""
    try:
        return made.cleaned(path)
    except RequestError as error:
        return error


@readers
@given(tables())
def test_what_is_taken_adds_up_to_what_was_written_and_the_rest_is_refused_by_its_place(rows: Rows) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = official.as_csv(Path(folder, "a.csv"), {"": rows})
        found = taken(path)
    if isinstance(found, RequestError):
        assert all(line.startswith("a.csv") for line in said(found))
        return
    whole = [int(str(cells[-1]).replace(",", "")) for cells in rows if str(cells[-1]).casefold() not in {"n/a", "[x]"}]
    assert int(np.nansum(found.cells.values)) == sum(whole)


def test_some_tables_are_taken_and_some_are_not() -> None:
    """The test above would hold of a reader that refuses everything."""
    outcomes: Counter[bool] = Counter()

    @settings(max_examples=20, database=None)
    @given(tables())
    def count(rows: Rows) -> None:
        with tempfile.TemporaryDirectory() as folder:
            found = taken(official.as_csv(Path(folder, "a.csv"), {"": rows}))
        outcomes[isinstance(found, Figures)] += 1

    count()
    assert min(outcomes[True], outcomes[False]) >= 3


# --- forces ---------------------------------------------------------------------------------------------------------------

beyond_ascii = st.characters(categories=["L", "M", "N"]).filter(lambda letter: not letter.casefold().isascii())


@given(st.sampled_from(FORCES), beyond_ascii, st.integers(0, 40), st.booleans())
def test_no_letter_or_mark_of_another_script_is_passed_over(
    force: areas.Force, letter: str, at: int, stands_apart: bool
) -> None:
    place = at % (len(force.name) + 1)
    letter = f" {letter} " if stands_apart else letter
    with pytest.raises(RequestError, match="is not known"):
        areas.find(f"{force.name[:place]}{letter}{force.name[place:]}")


@given(st.text(max_size=30))
def test_any_text_is_a_force_by_all_of_its_letters_or_is_refused(text: str) -> None:
    try:
        found = areas.find(text)
    except RequestError as error:
        (line,) = said(error)
        assert re.search(r"is not known; (the nearest names are \w|`analysis areas` lists)", line)
        return
    told = {letter for letter in text.casefold() if letter.isalnum()}
    known = {letter for name in (found.name, found.code or "", *found.spellings) for letter in name.casefold()}
    assert told <= known | set("and police constabulary service")


# --- claims ---------------------------------------------------------------------------------------------------------------


names = st.sampled_from(
    [*claims.Claim.__dataclass_fields__, "value", "period", "percent", "direction", "claims", "<<", ""]
)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),  # longer than twenty characters it stays text
    st.floats(allow_nan=False),
    st.dates(),
    st.text(max_size=8),
    st.sampled_from(["Kent", "88A"]),
)
structures = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=5)),
    max_leaves=12,
)


@readers
@given(st.one_of(structures, st.lists(structures, min_size=1, max_size=3).map(lambda found: {"claims": found})))
def test_any_structure_is_read_or_refused_by_name(structure: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "claims.yaml")
        path.write_text(yaml.safe_dump(structure, allow_unicode=True), encoding="utf-8")
        try:
            found = claims.load(path)
        except RequestError as error:
            lines = said(error)
            assert all(line.startswith(f"{path}: ") for line in lines)
            return
    assert found.claims or found.errors
    assert all(line.startswith(f"{path}: ") and line == str(RequestError(line)) for line in found.errors)
    claims.judge_all(found.claims)


@given(structures)
def test_plain_yaml_comes_back_as_it_was_written(structure: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.yaml")
        path.write_text(yaml.safe_dump(structure), encoding="utf-8")
        node = reader.composed(files.text(path, most=10**6, right="give b.yaml"), path, remedy="give b.yaml")
    assert reader.made(Any, node, "b.yaml") == structure
