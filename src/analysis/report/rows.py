"""The rows behind tables and charts: a period, a quarter or a rate has the same columns wherever it stands."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.comparison import Comparison, Count, Rate
from analysis.terms.numbers import interval, number
from analysis.terms.periods import financial_year


def named_counts(comparison: Comparison) -> list[tuple[str, Count]]:
    """Return the period, its baseline and the same quarters a year before, each once and named."""
    current, baseline, before = comparison.current, comparison.baseline, comparison.same_quarters_year_before
    if baseline is not None and before is not None and baseline.period == before.period:
        return [("This period", current), ("Baseline: same quarters a year before", baseline)]
    named = [("This period", current), ("Baseline", baseline), ("Same quarters a year before", before)]
    return [(label, count) for label, count in named if count is not None]


def by_quarter(area: str, quarters: pd.PeriodIndex, columns: dict[str, Any]) -> pd.DataFrame:
    """Return columns of one value a quarter behind those that say whose they are, and of which quarter."""
    years = [financial_year(quarter) for quarter in quarters]
    return pd.DataFrame({"force": area, "financial_year": years, "financial_quarter": quarters.quarter, **columns})


def rate_cells(rate: Rate | None) -> dict[str, Any]:
    """Return a rate by column, with what it is of; no cell where there is none."""
    if rate is None:
        return {}
    of = rate.residents
    cells = {"offences": rate.offences, "residents": of.people, "age_band": of.band, "residents_year": of.year}
    return cells | {"rate_per_10000": round(rate.value, 3), "low": round(rate.low, 3), "high": round(rate.high, 3)}


def rate_words(value: Any, low: Any, high: Any) -> str:
    """Return a rate with its interval."""
    return "[x]" if pd.isna(value) else f"{number(value, 1)} ({interval(low, high)})"
