"""Figures as an Excel workbook: a sheet of one table with numbers as numbers, and a sheet of notes on where they come from."""

from __future__ import annotations

import contextlib
import functools
import io
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import files, reader
from analysis._version import __version__
from analysis.errors import RequestError, shown
from analysis.figures.register import Release, load_register
from analysis.terms.periods import quarter_label

if TYPE_CHECKING:
    import pandas as pd

ENDING = ".xlsx"
MOST_ROWS = 1_000_000  # what a sheet holds, but for its head
_NAMING = {
    "months",
    "quarter",
    "financial_quarter",
    "residents_year",
    "definition",
}  # numbers that name and count nothing
_WIDEST = 60  # characters of a column of notes


@functools.cache
def _words() -> Any:
    return reader.read(Path(__file__).with_suffix(".yaml"), dict[str, str | dict[str, str]])


def write(frame: pd.DataFrame, path: str | Path, *, title: str = "", replace: bool = True) -> Path:
    """Write figures as an Excel workbook, in the manner of the Government Analysis Function's guidance on spreadsheets.

    Parameters
    ----------
    frame
        A table. Its ``attrs``, its column ``release`` or its title say of which release it is.
    path
        A file ending in ``.xlsx``.
    title
        What stands above the table; by default the title of the release.
    replace
        Whether the file may take the place of another one.

    Returns
    -------
    pathlib.Path
        The file: a sheet ``figures`` and a sheet ``notes``. The same figures give the same bytes.

    Raises
    ------
    RequestError
        If the path does not end so or is taken, there are too many rows, or the file cannot be written.
    """
    if not isinstance(path, str | Path) or Path(path).suffix.casefold() != ENDING:
        raise RequestError(f"path: found {shown(path)}; give a file that ends in {ENDING}")
    target = Path(path)
    if target.exists() and not replace:
        raise RequestError(f"{target}: is there already; name another file, or let it be replaced")
    if len(frame) > MOST_ROWS:
        raise RequestError(
            f"figures: {len(frame):,} rows; a sheet holds {MOST_ROWS:,}, ask for fewer areas or offences"
        )
    files.write_whole(target, _workbook(frame, title, _release(frame, title)), option="path")
    return target


def notes(frame: pd.DataFrame, title: str = "") -> dict[str, str]:
    """Return what the figures are, where they come from, and what each column holds, by subject."""
    release = _release(frame, title)
    told = {"attribution": load_register().attribution, "version": __version__}
    if release:
        told |= {name: getattr(release, name) for name in ("producer", "title", "page", "limits")}
        told["released"] = release.words
    about = {}
    for name, text in _words()["about"].items():
        with contextlib.suppress(KeyError):  # a table that is of no release says nothing of one
            about[name] = text.format(**told)
    meaning = _words()["columns"]
    return about | {f"Column {name}": meaning[name] for name in map(str, frame) if name in meaning}


def _release(frame: pd.DataFrame, title: str) -> Release | None:
    """Return the release that a table is of, or None where it names none."""
    named = {frame.attrs["release"]} if "release" in frame.attrs else {*frame.get("release", ())}
    held = load_register().releases
    found = [each for each in held if each.id in named or (not named and each.words in title)]
    return found[0] if len(found) == 1 else None


def _workbook(frame: pd.DataFrame, title: str, release: Release | None) -> bytes:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # only who writes one waits for it

    content = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    with Workbook(content, {"in_memory": True, **plain}) as book:
        day = release.released if release and release.released else datetime(2000, 1, 1)  # noqa: DTZ001
        about = {"title": release.title, "author": release.producer} if release else {}
        book.set_properties({**about, "created": datetime.combine(day, time())})
        bold = book.add_format({"bold": True})
        sheets: dict[str, tuple[str, list[Any], list[dict[str, Any]]]] = {
            "figures": (
                title or (release.title if release else "Figures"),
                _rows(frame),
                [_format(frame[name]) for name in frame],
            ),
            "notes": ("Notes", [["Subject", "Note"], *notes(frame, title).items()], [{}, {"text_wrap": True}]),
        }
        for name, (said, rows, formats) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, said, bold)
            sheet.write(1, 0, _words()[name])
            for i, row in enumerate(rows, 3):
                sheet.write_row(i, 0, row)
            last, head = max(2 + len(rows), 4), [{"header": str(cell)} for cell in rows[0]]
            sheet.add_table(3, 0, last, len(head) - 1, {"columns": head, "name": name, "style": "Table Style Light 1"})
            for j, (column, looks) in enumerate(zip(zip(*rows[:1000], strict=True), formats, strict=True)):
                width = min(2 + max(len(str(value)) for value in column), _WIDEST)
                sheet.set_column(j, j, width, book.add_format(looks))
    return content.getvalue()


def _format(column: pd.Series) -> dict[str, str]:
    """Return how a column's numbers are shown: counts with commas, rates and percentages to one decimal."""
    if column.dtype.kind in "iu" and column.name not in _NAMING:
        return {"num_format": "#,##0"}
    return {"num_format": "#,##0.0"} if column.dtype.kind == "f" else {}


def _rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Return the head and the rows of a table: numbers and days as they are, yes or no in words, None for what is not known."""
    import pandas as pd

    def plain(value: Any) -> Any:
        if isinstance(value, pd.Period):
            return quarter_label(value)
        return None if pd.isna(value) else {True: "yes", False: "no"}[value] if isinstance(value, bool) else value

    columns = [[plain(value) for value in frame[name].astype(object)] for name in frame]
    return [[str(name) for name in frame], *map(list, zip(*columns, strict=True))]
