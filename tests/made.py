"""Figures made for a test in place of the published ones, and a claim to change."""

from __future__ import annotations

import csv
import dataclasses
import functools
import io
import re
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import official
import pandas as pd
import pytest
import shipped
import yaml

from analysis import reader
from analysis.figures import cleaning, tables, workbook
from analysis.figures.register import Release, load_register
from analysis.figures.tables import Cells, Figures
from analysis.terms import areas, breaks, offences
from analysis.terms.breaks import Break
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

Form = TypeVar("Form")


def published(release: str = "2026-04-23") -> pd.DataFrame:
    """Return a release's table of quarters by forces, for a test to write its own figures into."""
    return tables.matrix("88A", release)


def as_workbook(path: Path, *, change: int = 0, leave_out: str = "") -> Path:
    """Write what the newest release says of code 88A, with Kent's count changed and one force left out of a quarter."""
    quarter = ["2017/18", 1]
    kept = [row for row in rows("88A") if row[:3] != [*quarter, leave_out]]
    return official.as_csv(
        path, {"": [[*row[:-1], row[-1] + change * (row[:3] == [*quarter, "Kent"])] for row in kept]}
    )


def rows(
    *codes: str, release: str = "2026-04-23", forces: Collection[str] = areas.NAMES, **words: object
) -> list[list[Any]]:
    """Return what a release says of codes, row by row, as the official workbook has it."""
    return [
        official.row(row["financial_year"], int(row["financial_quarter"]), row["force"], code, int(row["offences"]), **words)
        for code in codes
        for row in shipped.rows(code, release)
        if row["force"] in forces
    ]  # fmt: skip


def newer(codes: int) -> official.Rows:
    """Return the rows of the newest release for a few codes, with a quarter more that repeats the one of a year before."""
    held = rows(*list(official.OFFENCES)[:codes])
    return held + [["2025/26", *row[1:]] for row in held if row[:2] == ["2024/25", 4]]


def book(path: Path) -> bytes:
    """Read a workbook at a path, as a process of its own does."""
    return workbook.packed(workbook.content_of(path), path.name)


def cleaned(path: Path) -> Figures:
    """Return what a workbook at a path says."""
    return cleaning.clean(book(path), path.name)


def column(packed: bytes, key: str) -> list[str]:
    """Return the cells of a column of such a workbook, row by row."""
    return [row[key] for row in csv.DictReader(io.StringIO(packed.decode(), newline=""))]


def held(text: str) -> Release:
    """Return the release that was added, by what is said of it."""
    return load_register().release(re.search(r"\d{4}-\d\d-\d\d", text)[0])


def stand_in(
    monkeypatch: pytest.MonkeyPatch, table: pd.DataFrame, others: Mapping[str, pd.DataFrame] | None = None
) -> None:
    """Let every release give its quarters of this table, or of another one for some offences, and nothing be kept of it for other tests."""

    def matrix(offence: str, release: Release) -> pd.DataFrame:
        whole = (others or {}).get(offence, table)
        return whole[whole.index.isin(list(release.covers.quarters))].copy()

    give(monkeypatch, matrix)
    keep_nothing(monkeypatch)


def give(monkeypatch: pytest.MonkeyPatch, matrix: Callable[[str, Release], pd.DataFrame]) -> None:
    """Let what is made up take the place of every release's figures, as a table and as numbers."""

    def cells(release: Release, offence: str) -> Cells:
        wide = matrix(offence, release)
        covers = Period.of_quarters(wide.index[0], wide.index[-1])
        return Cells((offence,), covers, wide.T.to_numpy(float, na_value=np.nan)[None])

    monkeypatch.setattr(tables, "matrix", matrix)
    monkeypatch.setattr(Release, "_cells", functools.cache(cells))


def entry(day: str, *breaking: str, **fields: object) -> Break:
    """Return an entry of the register of breaks: what it breaks, and any other of its fields."""
    usual = {
        "id": f"made-{day}",
        "day": day,
        "breaks": breaking,
        "kind": "law",
        "what": "It changed.",
        "verified": "data",
    }
    return strict(Break, **usual | fields)


def strict(form: type[Form], /, **fields: object) -> Form:
    """Return an entry of a register with these fields, read as its file would be."""
    return reader.made(form, yaml.compose(yaml.safe_dump(fields)), "made")


def know(monkeypatch: pytest.MonkeyPatch, *entries: Break) -> None:
    """Let these entries be all that is known of what breaks figures."""
    ordered = tuple(sorted(entries, key=lambda change: (change.day, change.id)))
    register = breaks.Register(sources=breaks.register().sources, entries=ordered)
    monkeypatch.setattr(breaks, "register", lambda: register)
    know_no_recording(monkeypatch)
    monkeypatch.setattr(breaks, "effects", functools.cache(breaks.effects.__wrapped__))
    keep_nothing(monkeypatch)


def know_no_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be known of how fully forces record, nor of steps."""
    register = dataclasses.replace(breaks.register(), unexplained=())
    monkeypatch.setattr(breaks, "register", lambda: register)
    monkeypatch.setattr(breaks, "inspections", lambda _: ())
    monkeypatch.setattr(breaks, "departures", dict)


def describe(monkeypatch: pytest.MonkeyPatch, code: str, **fields: object) -> Offence:
    """Let an offence be described otherwise in some fields, and return it."""
    changed = dataclasses.replace(offences.find(code), **fields)
    everything = {**offences.known(), code: changed}
    monkeypatch.setattr(offences, "known", lambda: everything)
    monkeypatch.setattr(offences, "by_name", functools.cache(offences.by_name.__wrapped__))
    monkeypatch.setattr(breaks, "effects", functools.cache(breaks.effects.__wrapped__))
    keep_nothing(monkeypatch)
    return changed


def keep_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing of before be kept of what is worked out, for whoever changes what it is worked out from."""
    for name, module in list(sys.modules.items()):
        if name.startswith("analysis.comparison"):
            for key, value in list(vars(module).items()):
                if hasattr(value, "cache_clear"):
                    monkeypatch.setattr(module, key, functools.cache(value.__wrapped__))
    monkeypatch.setattr(Release, "_cells", functools.cache(Release._cells.__wrapped__))
