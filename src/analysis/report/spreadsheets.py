"""Figures as an Excel workbook: a sheet of one table with numbers as numbers, and a sheet of notes on where they come from."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import files
from analysis._version import __version__
from analysis.comparison import Comparison, Release, load_register
from analysis.errors import RequestError, shown, text_of
from analysis.report.view import View, say, words

if TYPE_CHECKING:
    import pandas as pd

ENDING = ".xlsx"
MOST_ROWS = 1_000_000  # what a sheet holds, but for its head
_WIDEST = 60  # characters of a column of notes


def to_excel(
    figures: pd.DataFrame | View | Comparison, path: str | Path, *, release: str | None = None, replace: bool = False
) -> Path:
    """Write figures as an Excel workbook, in the manner of the Government Analysis Function's guidance on spreadsheets.

    Parameters
    ----------
    figures
        A table, as :func:`analysis.series` and the other loaders return it; what ``analysis.tables`` and ``analysis.charts`` return; or a
        comparison, of which the quarters are written.
    path
        A file ending in ``.xlsx``.
    release
        The release that the figures are of, for the notes; by default that which they name, or the newest.
    replace
        Whether the file may take the place of another one.

    Returns
    -------
    pathlib.Path
        The file: a sheet ``figures`` and a sheet ``notes``. The same figures give the same bytes.

    Raises
    ------
    RequestError
        If there are no figures, the path does not end so or is taken, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from analysis import series
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     to_excel(series("Kent", "burglary", by="year"), Path(folder, "kent.xlsx")).name
    'kent.xlsx'
    """
    frame, held = _figures(figures, release)
    target = Path(path if isinstance(path, Path) else text_of(path, "path", "give a file that ends in .xlsx"))
    if target.suffix.casefold() != ENDING:
        raise RequestError(f"{target}: does not end in {ENDING}; name it so")
    if target.exists() and not replace:
        raise RequestError(f"{target}: is there already; name another file, or let it be replaced")
    files.write_whole(target, _workbook(frame, held), option="path")
    return target


def _figures(figures: Any, release: str | None) -> tuple[pd.DataFrame, Release]:
    """Return figures as a table, and the release that they are of."""
    import pandas as pd

    named: Any = release
    if isinstance(figures, Comparison):
        quarters = figures.quarters
        named = release or figures.release.id
        whose = {"area": figures.area.name, "offence": figures.offence.code}
        figures = quarters.assign(**whose, quarter=quarters["quarter"].astype(str))[[*whose, *quarters.columns]]
    elif isinstance(figures, View):
        figures = figures.frame
    if not isinstance(figures, pd.DataFrame):
        raise RequestError(
            f"figures: found {shown(figures)}; give a table, what analysis.tables returns, or a comparison"
        )
    if len(figures) > MOST_ROWS:
        raise RequestError(
            f"figures: {len(figures):,} rows; a sheet holds {MOST_ROWS:,}, ask for fewer areas or offences"
        )
    if named is None:
        named = figures.attrs.get("release") or next(iter(figures.get("release", ())), "latest")
    return figures, load_register().release(named)


def _workbook(frame: pd.DataFrame, release: Release) -> bytes:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # only who writes one waits for it

    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = (
            datetime.combine(release.released, time(tzinfo=UTC))
            if release.released
            else datetime(2000, 1, 1, tzinfo=UTC)
        )
        book.set_properties({"title": release.title, "author": release.producer, "created": day.replace(tzinfo=None)})
        bold, date = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in (("figures", _rows(frame)), ("notes", _notes(frame, release))):
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, release.title if name == "figures" else "Notes", bold)
            sheet.write_string(1, 0, say(f"spreadsheets.{name}"))
            for i, row in enumerate(rows, 3):
                for j, value in enumerate(row):
                    _write(sheet, i, j, value, date)
            last, head = max(2 + len(rows), 4), [{"header": str(cell)} for cell in rows[0]]
            sheet.add_table(3, 0, last, len(head) - 1, {"columns": head, "name": name, "style": "Table Style Light 1"})
            for j, column in enumerate(zip(*rows[:1000], strict=True)):
                sheet.set_column(j, j, min(2 + max(len(str(value)) for value in column), _WIDEST))
    return content.getvalue()


def _write(sheet: Any, i: int, j: int, value: Any, date: Any) -> None:
    """Write a cell: a number as a number, a day as a day, yes or no in words, and nothing for what is not known."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(i, j, "yes" if value else "no")
    elif isinstance(value, int | float):
        sheet.write_number(i, j, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(i, j, value, date)
    else:
        sheet.write_string(i, j, str(value))


def _rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Return the head and the rows of a table as plain values, None for what is not known."""
    import pandas as pd

    def plain(value: Any) -> Any:
        return None if pd.isna(value) else value.to_pydatetime() if isinstance(value, pd.Timestamp) else value

    columns = [[plain(value) for value in frame[name].astype(object)] for name in frame]
    return [[str(name) for name in frame], *map(list, zip(*columns, strict=True))]


def _notes(frame: pd.DataFrame, release: Release) -> list[list[Any]]:
    """Return the notes: what the figures are, where they come from, and what each column holds."""
    told = {name: getattr(release, name) for name in ("producer", "title", "page", "limits")}
    told |= {"released": release.words, "attribution": load_register().attribution, "version": __version__}
    about = [[name, text.format(**told)] for name, text in words("spreadsheets.about").items()]
    meaning = words("spreadsheets.columns")
    return [
        ["Subject", "Note"],
        *about,
        *([f"Column {name}", meaning[name]] for name in map(str, frame) if name in meaning),
    ]
