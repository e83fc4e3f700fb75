"""The rows behind tables and charts: a period, a quarter or a rate has the same columns wherever it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis.comparison import Comparison, Rate
from analysis.report.view import rows_of
from analysis.terms.areas import Force
from analysis.terms.periods import financial_year

RATE_COLUMNS = ("force", "offences", "residents", "age_band", "residents_year", "rate_per_10000", "low", "high")


def by_quarter(area: str | pd.Series, quarters: pd.PeriodIndex, columns: dict[str, Any]) -> pd.DataFrame:
    """Return columns of one value a quarter behind those that say whose they are, and of which quarter."""
    years = [financial_year(quarter) for quarter in quarters]
    return pd.DataFrame({"force": area, "financial_year": years, "financial_quarter": quarters.quarter, **columns})


def quarters_frame(comparison: Comparison, **before: Any) -> pd.DataFrame:
    """Return an area's quarters with their figures behind other columns, and whether they are provisional."""
    table = comparison.quarters
    provisional = table["provisional"].map({True: "yes", False: "no"})
    columns = before | {"offences": table["offences"], "provisional": provisional}
    return by_quarter(comparison.area.name, pd.PeriodIndex(table["quarter"]), columns)


def rate_cells(rate: Rate | None) -> dict[str, Any]:
    """Return a rate by column, with what it is of; no cell where there is none."""
    if rate is None:
        return {}
    of = rate.residents
    cells = {"offences": rate.offences, "residents": of.people, "age_band": of.band, "residents_year": of.year}
    return cells | {"rate_per_10000": round(rate.value, 3), "low": round(rate.low, 3), "high": round(rate.high, 3)}


def rate_frame(of: Iterable[Force], rates: dict[str, Rate]) -> pd.DataFrame:
    """Return forces with their rates as a table, blank where there is none."""
    return rows_of(RATE_COLUMNS, [{"force": force.name, **rate_cells(rates.get(force.name))} for force in of])
