"""Tables of figures as an analyst looks at them in a notebook, with quarters as official tables print them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.report import markup
from analysis.report.markup import Cell, Fragment
from analysis.terms import numbers
from analysis.terms.periods import quarter_label


def show(frame: pd.DataFrame, *, rows: int = 8) -> Fragment:
    """Show the first rows of a table: quarters as ``2017/18 Q1``, commas in thousands, ``[x]`` where there is no figure.

    Parameters
    ----------
    frame
        Any table that the library returns. It is not changed.
    rows
        How many rows to show.

    Returns
    -------
    Fragment
        To look at; calculate with the table itself.

    Notes
    -----
    pandas writes a financial quarter by the year in which the financial year ends: its ``2013Q1`` is April to June 2012.

    Examples
    --------
    >>> from analysis.figures.releases import load_offences
    >>> show(load_offences("88A", "2026-04-23"), rows=2)
    release     offence  force              quarter     offences
    2026-04-23  88A      Avon and Somerset  2012/13 Q1  2
    2026-04-23  88A      Avon and Somerset  2012/13 Q2  4
    2 of 2,420 rows
    """
    part = frame.head(rows)
    if part.index.name is not None or not pd.api.types.is_integer_dtype(part.index.dtype):
        part = part.reset_index()
    header = [str(name) for name in part.columns]
    columns = [_cells(part[name]) for name in part.columns]
    body = [list(row) for row in zip(*columns, strict=True)]
    size = f"{numbers.number(len(part))} of {numbers.number(len(frame))} rows"
    html = markup.table_html(size, header, body, row_header=False)
    return Fragment(html, f"{markup.table_text(header, body)}\n{size}")


def _cells(column: pd.Series) -> list[Cell]:
    """Return a column's cells, all numbers in it with the same decimals."""
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return [Cell(_words(value)) for value in column]
    if column.name == "year":
        return [Cell(str(value), number=True) for value in column]
    decimals = 0 if (column.dropna() % 1 == 0).all() else 2
    return [markup.figure(value, decimals) for value in column]


def _words(value: Any) -> str:
    if isinstance(value, pd.Period):
        return quarter_label(value)
    return "[x]" if pd.isna(value) else str(value)
