"""Figures made for a test in place of the published ones."""

from __future__ import annotations

from pathlib import Path

import official
import pandas as pd
import pytest

from analysis.comparison import across_time, between_forces, between_periods, robustness
from analysis.figures import releases


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


def stand_in(monkeypatch: pytest.MonkeyPatch, table: pd.DataFrame) -> None:
    """Let every release give this table, and nothing be kept of it for other tests."""
    monkeypatch.setattr(releases, "matrix", lambda *_: table.copy())
    keep_nothing(monkeypatch)


def keep_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be kept of what is worked out, for whoever changes what it is worked out from."""
    monkeypatch.setattr(across_time, "_process", across_time._process.__wrapped__)
    monkeypatch.setattr(between_forces, "_funnel", between_forces._funnel.__wrapped__)
    monkeypatch.setattr(between_periods, "_spread", between_periods._spread.__wrapped__)
    monkeypatch.setattr(robustness, "_views", robustness._views.__wrapped__)
