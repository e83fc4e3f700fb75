"""Reads any release of the official workbook (ODS, XLSX or CSV), by header and by column.

Nothing is judged here: a cell keeps its value as the file has it, and its place. :mod:`analysis.figures.cleaning` says
what may stand in it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from analysis import files
from analysis.errors import RequestError
from analysis.terms.numbers import some

Rows = Sequence[Sequence[Any]]

# What the library calls a column, and what the official workbook does.
HEADERS = {
    "financial_year": "Financial Year",
    "financial_quarter": "Financial Quarter",
    "force": "Force Name",
    "description": "Offence Description",
    "group": "Offence Group",
    "subgroup": "Offence Subgroup",
    "offence": "Offence Code",
    "offences": "Number of Offences",
}
SUFFIXES = (".ods", ".xlsx", ".csv")
MOST_BYTES = 200 * 2**20

_HEADER_WITHIN = 10  # rows from the top
_HEADER_NAMES = 4  # as many known names make a row the header, so that the missing ones can be named


def content_of(path: Path) -> bytes:
    """Return the bytes of a file that may be a workbook.

    Raises
    ------
    RequestError
        If the path leads to nothing that can be read, to a folder, a pipe or a device, or to a file that is larger than
        any release.
    """
    return files.read(
        path, most=MOST_BYTES, right="give an ODS, XLSX or CSV file; `analysis data update` fetches the newest"
    )


def packed(content: bytes, name: str) -> bytes:
    """Read a workbook's sheets of figures into nothing but CSV, for :func:`analysis.figures.cleaning.clean`, in another process.

    Parameters
    ----------
    content
        The bytes of an ODS, XLSX or CSV file: eight columns in any order under a header, one sheet a financial year or
        one sheet for all.
    name
        The file's name, which says by its ending what it should be, for errors.

    Returns
    -------
    bytes
        A table in CSV with the cells of :data:`HEADERS` as the file has them, blank rows left out; ``sheet`` and ``row`` say in which
        sheet each row stands (one without a name in a CSV file), and its number there, counted from 1.

    Raises
    ------
    RequestError
        If the file cannot be read, is encrypted or is larger than any release, if it has no sheet of figures,
        or if a sheet lacks a column or has no rows.
    """
    seen: list[str] = []
    rows: list[tuple[Any, ...]] = []
    for title, first_row, sheet in _sheets(content, name):
        seen.append(title)
        rows += _table(f"{name}: sheet {title}" if title else name, title, first_row, sheet)
    if not rows:
        among = f"; its sheets are {some(list(map(repr, seen)), 20)}" if any(seen) else ""
        if any(re.match(r"(?:table )?[CP]\d", title, re.IGNORECASE) for title in seen):
            among += "; tables of the Office for National Statistics are taken in by data/ons.py of the project"
        raise RequestError(f"{name}: no sheet has the headers {', '.join(HEADERS.values())}{among}")
    table = io.StringIO(newline="")
    csv.writer(table).writerows([("sheet", "row", *HEADERS), *rows])
    return table.getvalue().encode()


def year_of_sheet(name: str) -> str | None:
    """Return the financial year that a sheet is named after, or None for a front sheet.

    Examples
    --------
    >>> year_of_sheet("2012-13"), year_of_sheet("2012_13 "), year_of_sheet("Notes")
    ('2012/13', '2012/13', None)
    """
    match = re.fullmatch(r"\s*(\d{4})\s?[-_/ \N{EN DASH}]\s?(?:\d\d)?(\d\d)\s*", name)
    return f"{match[1]}/{match[2]}" if match else None


def is_blank(cell: Any) -> bool:
    """Say whether a cell holds nothing, or nothing but spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _sheets(content: bytes, name: str) -> Iterator[tuple[str, int, Rows]]:
    """Give each sheet's name, the number of its first row and its rows; a CSV file is one sheet without a name."""
    try:
        if name.casefold().endswith(".csv") and not content.startswith(b"PK"):
            yield "", 1, list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
            return
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for about in book.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(about.name)
                # Rows above the first that holds anything are left out, and have their numbers all the same.
                yield about.name, sheet.start[0] + 1 if sheet.start else 1, sheet.to_python()
    except (CalamineError, OSError) as error:
        right = "fetch it again, or save it without a password as ODS, XLSX or CSV"
        raise RequestError(f"{name}: not a workbook that can be read ({error}); {right}") from error
    except UnicodeDecodeError as error:
        raise RequestError(f"{name}: byte {error.start + 1} is not UTF-8; save it as CSV in UTF-8") from error
    except csv.Error as error:
        raise RequestError(f"{name}: not CSV ({error}); save it as CSV with commas") from error


def _table(place: str, title: str, first_row: int, rows: Rows) -> list[tuple[Any, ...]]:
    """Return a sheet's rows of figures, each with the sheet's name, its number, and its cells in the order of :data:`HEADERS`.

    A sheet without a header that is not named after a year is no table and has none.
    """
    top = rows[:_HEADER_WITHIN]
    header = next((i for i, row in enumerate(top) if len({*_known(row)} - {None}) >= _HEADER_NAMES), None)
    if header is None:
        if year_of_sheet(title) is None:
            return []
        found = "the sheet is empty" if not rows else "no row has the headers"
        raise RequestError(f"{place}: {found}; its first row must be {', '.join(HEADERS.values())}")
    known, number, width = _known(rows[header]), first_row + header, len(rows[header])
    if missing := [title for key, title in HEADERS.items() if key not in known]:
        found = some(list(map(repr, rows[header])), 20)
        raise RequestError(f"{place}, row {number}: no column {', '.join(map(repr, missing))}; found {found}")
    columns = list(zip_longest(*rows[header:], fillvalue=""))  # a CSV file may have short rows
    for i, column in enumerate(columns):
        if i < width and (not (key := known[i]) or known.index(key) == i):
            continue
        if below := next((below for below, cell in enumerate(column) if below and not is_blank(cell)), None):
            found = f"{i + 1} cells under {width} headers; put a number that has a comma in quotation marks"
            if i < width:
                found = f"found a value under a second {HEADERS[str(key)]!r}; that header must stand once"
            raise RequestError(f"{place}, row {number + below}, column {i + 1}: {found}")
    cells = zip(*(columns[known.index(key)][1:] for key in HEADERS), strict=True)
    table = [(title, i, *row) for i, row in enumerate(cells, number + 1) if not all(map(is_blank, row))]
    if not table:
        raise RequestError(f"{place}: no rows below the header; a year without figures must not have a sheet")
    return table


def _known(row: Sequence[Any]) -> list[str | None]:
    """Say what the library calls each column of a header, if it knows it; in a header letters count alone."""
    keys = {_letters(title): key for key, title in HEADERS.items()}
    return [keys.get(_letters(str(cell))) for cell in row]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
