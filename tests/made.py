"""Figures made for a test in place of the published ones."""

from __future__ import annotations

import sys
from pathlib import Path

import official
import pandas as pd
import pytest

from analysis.figures import releases, workbook


def published(release: str = "2026-04-23") -> pd.DataFrame:
    """Return a release's table of quarters by forces, for a test to write its own figures into."""
    return releases.matrix("88A", release)


def as_workbook(path: Path, *, change: int = 0, leave_out: str = "") -> Path:
    """Write what the newest release says of code 88A, with Kent's count changed and one force left out of a quarter."""
    wide = published()
    wide.loc["2018Q1", "Kent"] += change
    rows = [
        official.row(f"{q.qyear - 1}/{q.qyear % 100:02d}", q.quarter, force, "88A", int(count))
        for q, counts in wide.iterrows()
        for force, count in counts.items()
        if (str(q), force) != ("2018Q1", leave_out)
    ]
    return official.as_csv(path, {"": rows})


def book(path: Path) -> workbook.Workbook:
    """Read a workbook at a path."""
    return workbook.read(workbook.content_of(path), path.name)


def stand_in(monkeypatch: pytest.MonkeyPatch, table: pd.DataFrame) -> None:
    """Let every release give this table, and nothing be kept of it for other tests."""
    monkeypatch.setattr(releases, "matrix", lambda *_: table.copy())
    keep_nothing(monkeypatch)


def keep_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be kept of what is worked out, for whoever changes what it is worked out from."""
    for name, module in list(sys.modules.items()):
        if name.startswith("analysis.comparison"):
            for key, value in list(vars(module).items()):
                if hasattr(value, "cache_clear"):
                    monkeypatch.setattr(module, key, value.__wrapped__)
