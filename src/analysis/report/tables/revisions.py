"""What releases say differently of the same quarters."""

from __future__ import annotations

import pandas as pd

from analysis.comparison import Comparison
from analysis.figures import revisions
from analysis.report import markup
from analysis.report.markup import Cell, Fragment
from analysis.report.tables.quarters import QUARTER_COLUMNS
from analysis.terms import numbers
from analysis.terms.periods import financial_year, quarter_label


def revised_quarters(comparison: Comparison) -> Fragment:
    """Return what each release said of the quarters of which they give different figures."""
    told = revisions.of(comparison.area.names, comparison.offence.code)
    told = told[told["difference"] != 0]
    if told.empty:
        line = "No release held gives another figure for any quarter that two of them speak of."
        return markup.prose(line, kind="empty")
    header = ["Quarter", *(f"Release {name}" for name in told.columns[:-1]), "Difference"]
    by_quarter = list(zip(pd.PeriodIndex(told.index), told.itertuples(index=False), strict=True))
    rows = [[Cell(quarter_label(quarter)), *map(markup.figure, values)] for quarter, values in by_quarter]
    data = [(comparison.area.name, financial_year(quarter), quarter.quarter, *values) for quarter, values in by_quarter]
    caption = f"{comparison.area.name}: quarters of which releases give different figures"
    columns = (*QUARTER_COLUMNS[:3], *(str(name) for name in told.columns))
    return Fragment(
        markup.table_html(caption, header, rows, kind="figures"),
        markup.table_text(header, rows),
        name="revisions",
        csv=markup.csv_text(columns, data),
    )


def revisions_by_age(offence: str = "88A") -> Fragment:
    """Return how often and by how much figures changed later, by how old they were when they were released.

    Parameters
    ----------
    offence
        A code, or ``sexual-offences``.
    """
    told = revisions.by_age(offence).head(12)
    header = [
        "Quarters old at release",
        "Force-quarters",
        "Changed later",
        "Share",
        "Median change",
        "Largest change",
        "Net change",
    ]
    rows = [
        [
            Cell(numbers.number(int(str(age)))),
            *(Cell(numbers.number(row[name]), number=True) for name in ("cells", "changed")),
            Cell(f"{numbers.number(row['share'] * 100)}%", number=True),
            *(Cell(numbers.number(row[name]), number=True) for name in ("median", "largest", "net")),
        ]
        for age, row in told.iterrows()
    ]
    caption = f"How figures of code {offence} changed after their release, by their age (0 is the newest quarter)"
    return Fragment(markup.table_html(caption, header, rows), markup.table_text(header, rows))
