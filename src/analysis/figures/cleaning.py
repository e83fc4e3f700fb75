"""What a workbook's rows say, once every cell is what its column may hold: one table of codes, forces and quarters."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import ManyErrors, RequestError
from analysis.figures import workbook
from analysis.figures.tables import Cells
from analysis.figures.workbook import Workbook
from analysis.terms import forces
from analysis.terms.periods import Month, Period

MOST_OFFENCES = 10_000_000  # one force, one quarter, one code; the largest ever published is a fortieth of it

_MOST_CODES = 2000  # ten times what a release has; the register names each
_MOST_TEXT = 300
_YEARS = range(1990, 2100)
_KEY = ["offence", "force", "quarter"]


@dataclass(frozen=True)
class Figures:
    """What a workbook says.

    Attributes
    ----------
    cells
        Its figures by code, force and quarter: from its first quarter to its last, codes in the order of their letters.
    names
        For each code what the workbook calls it, by its newest year.
    rows
        How many figures of forces it has; a code's rows of one force and quarter are one.
    left_out
        How many rows belong to bodies that record fraud and are no forces.
    """

    cells: Cells
    names: dict[str, str]
    rows: int
    left_out: int

    @property
    def covers(self) -> Period:
        """From the first quarter to the last."""
        return Period(self.cells.quarters[0].first, self.cells.quarters[-1].last)


def clean(book: Workbook) -> Figures:
    """Return what a workbook says, after checking every cell of it.

    Rows of one code, force and quarter are added up, as homicide stands in several rows under one code.

    Raises
    ------
    RequestError
        If a cell is not what its column must hold, a row stands twice, a code has two descriptions in one force
        and quarter, or a quarter between the first and the last is absent. Up to twenty errors are reported
        together, each with file, sheet, row and column.
    """
    problems = _Problems(book)
    rows = _rows(book, problems)
    problems.report()
    of_forces = rows[rows["force"].isin(forces.NAMES)]
    if of_forces.empty:
        raise RequestError(f"{book.name}: no row belongs to a police force; `analysis forces` lists the names")
    quarters = _quarters(book, of_forces)
    codes = of_forces["offence"].cat.remove_unused_categories().cat
    shape = len(codes.categories), len(forces.NAMES), len(quarters)
    names = of_forces["force"].cat.set_categories(forces.NAMES).cat.codes
    key = np.ravel_multi_index((codes.codes, names, of_forces["quarter"] - of_forces["quarter"].min()), shape)
    size = int(np.prod(shape))
    times = np.bincount(key, minlength=size)
    _check_repeated(of_forces.assign(times=times[key])[times[key] > 1], problems)
    problems.report()
    # A part that is not known leaves the sum unknown.
    values = np.where(times == 0, np.nan, np.bincount(key, of_forces["offences"], minlength=size)).reshape(shape)
    cells = Cells(tuple(codes.categories), quarters, values)
    return Figures(cells, _names(of_forces), int(np.count_nonzero(times)), len(rows) - len(of_forces))


@dataclass
class _Problems:
    """Errors on their way to the person who can mend them all at once."""

    book: Workbook
    lines: list[str] = field(default_factory=list)

    def add(self, i: int, column: str, text: str) -> None:
        place = self.book.place(self.book.sheet[i])
        self.lines.append(f"{place}, row {self.book.row[i]}, column {workbook.HEADERS[column]!r}: {text}")

    @property
    def enough(self) -> bool:
        """Whether there are as many as are told, so that no more need be looked for."""
        return len(self.lines) >= workbook.MOST_ERRORS

    def report(self) -> None:
        if self.lines:
            raise ManyErrors(self.lines[: workbook.MOST_ERRORS])


def _rows(book: Workbook, problems: _Problems) -> pd.DataFrame:
    """Return one row for each of the workbook's, texts as categories, numbers as they are."""
    columns: dict[str, Any] = {}
    for key, read in READERS.items():
        column = book.columns[key]
        values = [_value(book, key, i, read, problems) for i in range(len(column.values))]
        told = pd.Categorical(values) if key in _TEXTS else np.array(values)
        columns[key] = told[column.positions]
    if (found := len(columns["offence"].categories)) > _MOST_CODES:
        raise RequestError(
            f"{book.name}: {found:,} offence codes; a release has some two hundred, at most {_MOST_CODES:,}"
        )
    _check_years(book, columns["financial_year"], problems)
    quarter = columns["financial_year"] * 4 + columns.pop("financial_quarter") - 1
    return pd.DataFrame(columns).assign(quarter=quarter)


def _value(book: Workbook, key: str, i: int, read: Callable[[Any], Any], problems: _Problems) -> Any:
    """Read one of the distinct cells of a column; a column has few, however many rows."""
    column, nothing = book.columns[key], "" if key in _TEXTS else 0
    if problems.enough:  # naming the nearest force to each of a million wrong ones takes minutes
        return nothing
    try:
        return read(column.values[i])
    except CellError as error:
        held = np.flatnonzero(column.positions == i)
        if len(held):
            more = f" (and {len(held) - 1} more rows)" if len(held) > 1 else ""
            cell = column.values[i]
            found = "nothing" if workbook.is_blank(cell) else f"{cell!r:.80}"
            problems.add(held[0], key, f"found {found}{more}; {error}")
        return nothing


def _check_years(book: Workbook, years: Any, problems: _Problems) -> None:
    """Require the year of its sheet's name in every row of a sheet that is named after one."""
    named = [workbook.year_of_sheet(sheet) or "" for sheet in book.sheets]
    of_sheet = np.array(named)[book.sheet]
    written = np.array([_written(year) for year in range(_YEARS.stop)])[years]
    wrong = np.flatnonzero((of_sheet != "") & (written != of_sheet) & (years != 0))
    for _, same in pd.Series(wrong).groupby([book.sheet[wrong], years[wrong]]):
        i, more = same.iloc[0], f" (and {len(same) - 1} more rows)" if len(same) > 1 else ""
        column = book.columns["financial_year"]
        name = named[book.sheet[i]]
        says = f"must be {name}, as the sheet is named, or the sheet be named after its year"
        problems.add(i, "financial_year", f"found {column.values[column.positions[i]]!r:.80}{more}; {says}")


def _written(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


def _quarters(book: Workbook, rows: pd.DataFrame) -> tuple[Period, ...]:
    held = set(rows["quarter"].unique().tolist())
    numbers = range(min(held), max(held) + 1)
    starts = [Month(number // 4, 4).shift(number % 4 * 3) for number in numbers]
    quarters = tuple(Period(start, start.shift(2)) for start in starts)
    if absent := [f"{_written(q // 4)} Q{q % 4 + 1}" for q in numbers if q not in held]:
        more = f" and {len(absent) - 4} more quarters" if len(absent) > 4 else ""
        raise RequestError(
            f"{book.name}: no rows for {', '.join(absent[:4])}{more}, "
            f"though it covers {Period(quarters[0].first, quarters[-1].last).words}; "
            "every quarter from the first to the last must be there"
        )
    return quarters


def _check_repeated(rows: pd.DataFrame, problems: _Problems) -> None:
    """Refuse rows of one code, force and quarter that do not belong together, or of which one is a copy."""
    book, last = problems.book, None
    ordered = rows.fillna({"offences": -np.inf}).sort_values([*_KEY, "offences"], kind="stable")
    row: Any
    for row in ordered.itertuples():
        if last is not None and all(getattr(row, key) == getattr(last, key) for key in _KEY):
            i, j = row.Index, last.Index
            at = f"row {book.row[j]}"
            for column in ("description", "group"):
                found, has = getattr(row, column), getattr(last, column)
                if found != has:
                    says = (
                        f"found {found!r} where {at} of the same force, quarter and code has {has!r}; they must be one"
                    )
                    problems.add(i, column, says)
            # A code that joins several (1/4.1/4.10/4.2) may have as many rows, alike or not; the rows of any other are
            # alike only if one was copied.
            if row.times > row.offence.count("/") + 1 and all(
                getattr(row, key) == getattr(last, key) for key in _ALIKE
            ):
                sheet = f"sheet {book.sheets[book.sheet[j]]}, " if book.sheet[i] != book.sheet[j] else ""
                problems.add(i, "offence", f"found the same row as {sheet}{at}; each must stand once")
        if problems.enough:
            return
        last = row


def _names(rows: pd.DataFrame) -> dict[str, str]:
    """Call each code what most rows of its newest year call it: descriptions are renamed, and single cells go astray."""
    by = ["offence", "financial_year", "description"]
    told = (
        rows.groupby(by, observed=True)
        .size()
        .rename("rows")
        .reset_index()
        .sort_values([*by[:2], "rows"], kind="stable")
    )
    newest = told.drop_duplicates("offence", keep="last")
    return dict(zip(newest["offence"].astype(str), newest["description"].astype(str), strict=True))


_TEXTS = ("force", "description", "group", "subgroup", "offence")
_ALIKE = ["description", "group", "subgroup", "offences"]


class CellError(Exception):
    """A cell is not what its column must hold; the message says what would be right."""


def _year(cell: Any) -> int:
    match = re.fullmatch(r"([0-9]{4})[-/_](?:[0-9]{2})?([0-9]{2})", _stripped(cell))
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]) or int(match[1]) not in _YEARS:
        raise CellError("must be a financial year such as 2017/18")
    return int(match[1])


def _quarter(cell: Any) -> int:
    match = re.fullmatch(r"Q?([1-4])(?:\.0)?", _stripped(cell))
    if match is None:
        raise CellError("must be 1, 2, 3 or 4")
    return int(match[1])


def _force(cell: Any) -> str:
    name = _words(cell)
    if forces.is_fraud_body(name):
        return name
    try:
        return forces.find(name).name
    except RequestError as error:
        raise CellError(f"must be a police force; {str(error).rpartition('; ')[2]}") from error


def _code(cell: Any) -> str:
    # Spreadsheets keep codes such as 80 as numbers. 4.10 kept as a number would come back as 4.1: then 4.1 would
    # have two descriptions, which is refused later.
    text = re.sub(r"^([0-9]+)\.0$", r"\1", _stripped(cell))
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z/. ]{0,39}", text):
        raise CellError("must be an offence code such as 88A, 4.10 or 80")
    return text


def _words(cell: Any) -> str:
    text = " ".join(cell.split()) if isinstance(cell, str) else ""
    if not text:
        raise CellError("must be text")
    if len(text) > _MOST_TEXT or not text.isprintable():
        raise CellError(f"must be printable text of at most {_MOST_TEXT} characters")
    return text


def _count(cell: Any) -> float:
    text = _stripped(cell)
    if text.casefold() in {"n/a", "[x]"}:
        return np.nan
    if not re.fullmatch(r"-?([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})(\.0)?", text):
        raise CellError("must be a whole number of offences, or N/a where there is no figure")
    number = int(text.removesuffix(".0").replace(",", ""))
    if abs(number) > MOST_OFFENCES:
        raise CellError(f"must be a count of offences, at most {MOST_OFFENCES:,}")
    return number


def _stripped(cell: Any) -> str:
    return str(cell).strip() if isinstance(cell, str | int | float) else ""


READERS: dict[str, Callable[[Any], Any]] = {
    "financial_year": _year,
    "financial_quarter": _quarter,
    "force": _force,
    "description": _words,
    "group": _words,
    "subgroup": _words,
    "offence": _code,
    "offences": _count,
}
