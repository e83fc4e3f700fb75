"""Every quarter of a release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.comparison import Comparison
from analysis.figures import register, releases
from analysis.report import markup
from analysis.report.markup import Cell, Fragment
from analysis.terms import numbers
from analysis.terms.periods import financial_year

QUARTER_COLUMNS = ("force", "financial_year", "financial_quarter", "offences")


def figures(comparison: Comparison) -> Fragment:
    """Return every quarter of the release by financial year, with the rows behind it as CSV.

    Returns
    -------
    Fragment
        On the page one row a financial year; as CSV one row a force and quarter.
    """
    wide = releases.matrix(comparison.offence.code, comparison.release.id)
    series = releases.by_quarter(wide, comparison.area.names)
    newest = register.provisional_from(comparison.release).quarters
    header = [
        "Financial year",
        "Q1 April to June",
        "Q2 July to September",
        "Q3 October to December",
        "Q4 January to March",
        "Year",
    ]
    rows = []
    for year, values in series.groupby([financial_year(quarter) for quarter in series.index], sort=False):
        cells = {quarter.quarter: (value, quarter in newest) for quarter, value in _by_quarter(values)}
        quarters = [
            Cell(_count_words(*cells[number]) if number in cells else "[x]", number=True) for number in range(1, 5)
        ]
        whole = len(values) == 4 and not values.isna().any()
        provisional = any(quarter in newest for quarter in values.index)
        rows.append(
            [
                Cell(str(year)),
                *quarters,
                Cell(_count_words(values.sum() if whole else None, provisional), number=True),
            ]
        )
    caption = (
        f"{comparison.area.name}: recorded {comparison.offence.noun} by quarter, release of {comparison.release.words}"
    )
    return Fragment(
        markup.table_html(caption, header, rows, kind="figures"),
        markup.table_text(header, rows),
        name="",
        csv=_quarters_csv(wide[comparison.area.names]),
    )


def _by_quarter(values: pd.Series) -> Iterator[tuple[pd.Period, Any]]:
    return zip(pd.PeriodIndex(values.index), values, strict=True)


def _quarters_csv(wide: pd.DataFrame) -> str:
    rows = [
        (force, financial_year(quarter), quarter.quarter, value)
        for force in wide.columns
        for quarter, value in _by_quarter(wide[force])
    ]
    return markup.csv_text(QUARTER_COLUMNS, rows)


def _count_words(value: Any, provisional: bool) -> str:
    return "[x]" if pd.isna(value) else numbers.number(int(value)) + (" [p]" if provisional else "")
