"""What a workbook's rows say, once every cell is what its column may hold: one table of codes, forces and quarters."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import RequestError
from analysis.figures import workbook
from analysis.figures.tables import Cells, Figures
from analysis.figures.workbook import HEADERS
from analysis.terms import areas
from analysis.terms.numbers import some
from analysis.terms.periods import Period, quarter_label

MOST_OFFENCES = 10_000_000  # one force, one quarter, one code; the largest ever published is a fortieth of it

_MOST_CODES = 2000  # ten times what a release has; the register names each
_MOST_TEXT = 300
_YEARS = range(1990, 2100)
_TEXTS = ("financial_year", "force", "description", "group", "subgroup", "offence")


@dataclass(frozen=True)
class _Workbook:
    """A file's name, for errors, and its cells: each column as a category, besides the sheet and the number of each row."""

    name: str
    cells: pd.DataFrame

    def place(self, i: int, column: str) -> str:
        """Name a cell for errors: its file, sheet, row and column."""
        sheet = ": sheet ".join(filter(None, (self.name, self.cells["sheet"][i])))
        return f"{sheet}, row {self.cells['row'][i]}, column {HEADERS[column]!r}"


def clean(packed: bytes, name: str) -> Figures:
    """Return what a workbook says, as :func:`analysis.figures.workbook.packed` has read it, after checking every cell of it.

    Rows of one code, force and quarter are added up, as homicide stands in several rows under one code.

    Raises
    ------
    RequestError
        If a cell is not what its column must hold, a row stands twice, a code has two descriptions in one force
        and quarter, or a quarter between the first and the last is absent: the first that is found, with file, sheet, row and column.
    """
    cells = pd.read_csv(io.BytesIO(packed), dtype=str, keep_default_na=False).astype("category")
    book = _Workbook(name, cells)
    rows = _rows(book)
    of_forces = rows[rows["force"].isin(areas.NAMES)]
    if of_forces.empty:
        raise RequestError(f"{book.name}: no row belongs to a police force; `analysis areas` lists the names")
    covers = _covers(book, of_forces["quarter"])
    codes = of_forces["offence"].cat.remove_unused_categories().cat
    forces = of_forces["force"].cat.set_categories(areas.NAMES).cat.codes
    shape = len(codes.categories), len(areas.NAMES), covers.months // 3
    key = np.ravel_multi_index((codes.codes, forces, of_forces["quarter"] - of_forces["quarter"].min()), shape)
    times = np.bincount(key, minlength=np.prod(shape))
    _require_once(book, of_forces.assign(key=key)[times[key] > 1])
    # A part that is not known leaves the sum unknown.
    values = np.where(times == 0, np.nan, np.bincount(key, of_forces["offences"], minlength=times.size)).reshape(shape)
    has_figures = np.flatnonzero(~np.isnan(values).all(axis=(1, 2)))
    if not has_figures.size:
        raise RequestError(f"{book.name}: no cell has a figure; fetch the file again")
    found = Cells(tuple(codes.categories[has_figures]), covers, values[has_figures])
    told = times.reshape(shape)[has_figures] > 0
    return Figures(found, _names(of_forces), told)


def _wrong(book: _Workbook, rows: Any, column: str, right: object) -> str:
    """Say what the first of some rows has in a column, how many more have it, and what would be right."""
    cell = book.cells[column][rows[0]]
    found = "nothing" if workbook.is_blank(cell) else f"{cell!r:.80}"
    more = f" (and {len(rows) - 1} more rows)" if len(rows) > 1 else ""
    return f"{book.place(rows[0], column)}: found {found}{more}; {right}"


def _rows(book: _Workbook) -> pd.DataFrame:
    """Return one row for each of the workbook's, texts as categories, numbers as they are."""
    rows = pd.DataFrame({key: _column(book, key) for key in HEADERS})
    if (found := len(rows["offence"].cat.categories)) > _MOST_CODES:
        raise RequestError(f"{book.name}: {found:,} offence codes; a release has at most {_MOST_CODES:,}")
    _require_its_year(book, rows)
    years = rows["financial_year"].map(lambda year: int(year[:4])).astype(int)
    return rows.assign(quarter=4 * (years - 1969) + rows["financial_quarter"] - 1)  # as pandas counts them


def _column(book: _Workbook, key: str) -> Any:
    """Read a column by its distinct cells, which are few, however many rows it has."""
    column, values = book.cells[key].cat, list[Any]()
    for i, cell in enumerate(column.categories):
        try:
            values.append(READERS[key](cell))
        except RequestError as error:
            raise RequestError(_wrong(book, np.flatnonzero(column.codes == i), key, error)) from error
    return (pd.Categorical(values) if key in _TEXTS else np.array(values))[column.codes.to_numpy()]


def _require_its_year(book: _Workbook, rows: pd.DataFrame) -> None:
    """Refuse rows of a sheet named after a year that are of another."""
    pairs: Any = rows.groupby([book.cells["sheet"], "financial_year"], observed=True).groups
    for (sheet, year), held in pairs.items():
        named = workbook.year_of_sheet(sheet)
        if named and year != named:
            right = f"must be {named}, as the sheet is named, or the sheet be named after its year"
            raise RequestError(_wrong(book, held.to_numpy(), "financial_year", right))


def _covers(book: _Workbook, quarters: pd.Series[int]) -> Period:
    """Return the months from the first quarter to the last, if every quarter between them is there."""
    held = pd.PeriodIndex([pd.Period(ordinal=number, freq="Q-MAR") for number in np.unique(quarters)])
    covers = Period.of_quarters(held[0], held[-1])
    if len(absent := covers.quarters.difference(held)):
        named = some(list(map(quarter_label, absent)), 4, what="quarters")
        lacks = f"no rows for {named}, though it covers {covers.words}"
        raise RequestError(f"{book.name}: {lacks}; every quarter from the first to the last must be there")
    return covers


def _require_once(book: _Workbook, rows: pd.DataFrame) -> None:
    """Refuse rows of one code, force and quarter that do not belong together, or of which one is a copy."""
    for column in ("description", "group"):
        of = rows[column].cat.codes
        if len(other := rows.index[of != of.groupby(rows["key"]).transform("first")]):
            raise RequestError(_wrong(book, other, column, "rows of one force, quarter and code must have the same"))
    # A code that joins several (1/4.1/4.10/4.2) may have as many rows alike; those of any other are alike only if one was copied.
    before = rows.groupby(["key", "subgroup", "offences"], observed=True, dropna=False).cumcount()
    if len(copies := rows.index[before > rows["offence"].str.count("/")]):
        raise RequestError(_wrong(book, copies, "offence", "the same row stands above it; each must stand once"))


def _names(rows: pd.DataFrame) -> dict[str, str]:
    """Call each code what most rows of its newest year call it: descriptions are renamed, and single cells go astray."""
    by = ["offence", "financial_year", "description"]
    told = rows.groupby(by, observed=True).size().reset_index(name="rows").sort_values([*by[:2], "rows"], kind="stable")
    newest = told.drop_duplicates("offence", keep="last")
    return dict(zip(newest["offence"].astype(str), newest["description"].astype(str), strict=True))


def _year(cell: str) -> str:
    match = re.fullmatch(r"([0-9]{4})[-/_](?:[0-9]{2})?([0-9]{2})", cell.strip())
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]) or int(match[1]) not in _YEARS:
        raise RequestError("must be a financial year such as 2017/18")
    return f"{match[1]}/{match[2]}"


def _quarter(cell: str) -> int:
    if (match := re.fullmatch(r"Q?([1-4])(?:\.0)?", cell.strip())) is None:
        raise RequestError("must be 1, 2, 3 or 4")
    return int(match[1])


def _force(cell: str) -> str:
    name = _words(cell)
    if areas.is_fraud_body(name):
        return name
    try:
        return areas.find(name).name
    except RequestError as error:
        raise RequestError(f"must be a police force; {str(error).rpartition('; ')[2]}") from error


def _code(cell: str) -> str:
    # Spreadsheets keep codes such as 80 as numbers. 4.10 kept as a number would come back as 4.1: then 4.1 would
    # have two descriptions, which is refused later.
    text = re.sub(r"^([0-9]+)\.0$", r"\1", cell.strip())
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z/. ]{0,39}", text):
        raise RequestError("must be an offence code such as 88A, 4.10 or 80")
    return text


def _words(cell: str) -> str:
    text = " ".join(cell.split())
    if not text:
        raise RequestError("must be text")
    if len(text) > _MOST_TEXT or not text.isprintable():
        raise RequestError(f"must be printable text of at most {_MOST_TEXT} characters")
    return text


def _count(cell: str) -> float:
    text = cell.strip()
    if text.casefold() in {"n/a", "[x]"}:
        return np.nan
    if not re.fullmatch(r"-?([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.0)?", text):
        raise RequestError("must be a whole number of offences, or N/a where there is no figure")
    number = int(text.removesuffix(".0").replace(",", ""))
    if abs(number) > MOST_OFFENCES:
        raise RequestError(f"must be a count of offences, at most {MOST_OFFENCES:,}")
    return number


READERS: dict[str, Callable[[str], Any]] = {
    "financial_year": _year,
    "financial_quarter": _quarter,
    "force": _force,
    "description": _words,
    "group": _words,
    "subgroup": _words,
    "offence": _code,
    "offences": _count,
}
