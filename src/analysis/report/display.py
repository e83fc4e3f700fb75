"""Tables of figures as an analyst looks at them in a notebook, with quarters as official tables print them."""

from __future__ import annotations

import pandas as pd

from analysis.report.view import Column, View, table
from analysis.terms.numbers import number
from analysis.terms.periods import quarter_label


def show(frame: pd.DataFrame, *, rows: int = 8) -> View:
    """Show the first rows of a table: quarters as ``2017/18 Q1``, commas in thousands, ``[x]`` where there is no figure.

    Parameters
    ----------
    frame
        Any table that the library returns. It is not changed.
    rows
        How many rows to show.

    Returns
    -------
    View
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
    shown = pd.DataFrame({str(name): _as_printed(part[name]) for name in part.columns})
    columns = [Column(name, name, _decimals(shown[name])) for name in shown.columns]
    size = f"{number(len(part))} of {number(len(frame))} rows"
    made = table(shown, columns, caption=size, row_header=False)
    return View(made.html, f"{made.text}\n{size}", frame=frame)


def _as_printed(column: pd.Series) -> pd.Series:
    if isinstance(column.dtype, pd.PeriodDtype):
        return column.map(quarter_label, na_action="ignore").astype(object)
    return column


def _decimals(column: pd.Series) -> int | None:
    """Return how many decimals all numbers of a column are printed with."""
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return None
    return 0 if (column.dropna() % 1 == 0).all() else 2
