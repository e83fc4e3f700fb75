"""Figures made for a test in place of the published ones."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis import releases
from analysis.comparison import across_time, between_forces


def published(release: str = "2026-04-23") -> pd.DataFrame:
    """Return a release's table of quarters by forces, for a test to write its own figures into."""
    return releases.matrix("88A", release)


def stand_in(monkeypatch: pytest.MonkeyPatch, table: pd.DataFrame) -> None:
    """Let every release give this table, and nothing be kept of it for other tests."""
    monkeypatch.setattr(releases, "matrix", lambda *_: table.copy())
    monkeypatch.setattr(across_time, "_process", across_time._process.__wrapped__)
    monkeypatch.setattr(between_forces, "_funnel", between_forces._funnel.__wrapped__)
