"""What a workbook's rows say, once every cell is what its column may hold: one table of codes, forces and quarters."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.errors import ManyErrors, RequestError
from analysis.figures import workbook
from analysis.figures.tables import Cells
from analysis.terms import forces
from analysis.terms.periods import Month, Period

if TYPE_CHECKING:
    import numpy.typing as npt

MOST_OFFENCES = 10_000_000  # one force, one quarter, one code; the largest ever published is a fortieth of it
NOT_SUPPLIED = -(2**63)  # no count, yet it fits into an array of whole numbers

_TEXTS = ("force", "description", "group", "subgroup", "offence")
_NUMBERS = ("financial_year", "financial_quarter", "offences")
_MOST_CODES = 2000  # ten times what a release has; the register names each
_MOST_TEXT = 300
_YEARS = range(1990, 2100)


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


def clean(workbook: workbook.Workbook) -> Figures:
    """Return what a workbook says, after checking every cell of it.

    Rows of one code, force and quarter are added up, as homicide stands in several rows under one code.

    Raises
    ------
    RequestError
        If a cell is not what its column must hold, a row stands twice, a code has two descriptions in one force
        and quarter, or a quarter between the first and the last is absent. Up to twenty errors are reported
        together, each with file, sheet, row and column.
    """
    problems = _Problems(workbook.name)
    rows = _rows(workbook, problems)
    problems.report()
    if (found := len(rows.vocabularies["offence"])) > _MOST_CODES:
        raise RequestError(
            f"{workbook.name}: {found:,} offence codes; a release has some two hundred, at most {_MOST_CODES:,}"
        )
    of_forces = rows.select(np.isin(rows.texts["force"], rows.places("force", forces.NAMES)))
    if not len(of_forces):
        raise RequestError(f"{workbook.name}: no row belongs to a police force; `analysis forces` lists the names")
    quarters = _quarters(workbook, of_forces)
    names = _names(of_forces)
    codes = sorted(names)
    key = _keys(of_forces, codes, len(quarters))
    _check_repeated(of_forces, key, problems)
    problems.report()
    values, held = _added_up(of_forces.offences, key, (len(codes), len(forces.NAMES), len(quarters)))
    return Figures(Cells(tuple(codes), quarters, values), names, held, len(rows) - len(of_forces))


@dataclass
class _Problems:
    """Errors on their way to the person who can mend them all at once."""

    file: str
    lines: list[str] = field(default_factory=list)

    def add(self, sheet: str, row: int, column: str, text: str) -> None:
        place = f"{self.file}: sheet {sheet}" if sheet else self.file
        self.lines.append(f"{place}, row {row}, column {workbook.HEADERS[column]!r}: {text}")

    @property
    def enough(self) -> bool:
        """Whether there are as many as are told, so that no more need be looked for."""
        return len(self.lines) >= workbook.MOST_ERRORS

    def report(self) -> None:
        if self.lines:
            raise ManyErrors(self.lines[: workbook.MOST_ERRORS])


@dataclass(frozen=True)
class _Rows:
    """All rows of a workbook by column: texts as places in a vocabulary, numbers as they are."""

    sheets: tuple[str, ...]
    vocabularies: dict[str, list[str]]
    sheet: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    texts: dict[str, npt.NDArray[np.int64]]
    quarter: npt.NDArray[np.int64]  # financial year's start times four, plus 0 to 3
    offences: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.row)

    def select(self, which: npt.NDArray[Any]) -> _Rows:
        texts = {key: places[which] for key, places in self.texts.items()}
        return _Rows(
            self.sheets, self.vocabularies, self.sheet[which], self.row[which], texts, self.quarter[which], self.offences[which]
        )  # fmt: skip

    def places(self, key: str, words: Sequence[str]) -> list[int]:
        wanted = set(words)
        return [place for place, word in enumerate(self.vocabularies[key]) if word in wanted]


def _rows(workbook: workbook.Workbook, problems: _Problems) -> _Rows:
    vocabularies: dict[str, dict[str, int]] = {key: {} for key in _TEXTS}
    columns: dict[str, list[npt.NDArray[np.int64]]] = {key: [] for key in (*_TEXTS, *_NUMBERS)}
    for sheet in workbook.sheets:
        readers = READERS
        if sheet.financial_year:
            readers = readers | {"financial_year": functools.partial(year_of_sheet, sheet.financial_year)}
        for key, read in readers.items():
            values = _values(sheet, key, read, problems)
            if key in _TEXTS:
                words = vocabularies[key]
                values = [words.setdefault(value, len(words)) for value in values]
            columns[key].append(np.array(values, dtype=np.int64)[sheet.columns[key].positions])
    whole = {key: np.concatenate(parts) for key, parts in columns.items()}
    return _Rows(
        sheets=tuple(sheet.name for sheet in workbook.sheets),
        vocabularies={key: list(words) for key, words in vocabularies.items()},
        sheet=np.repeat(np.arange(len(workbook.sheets)), [len(sheet.rows) for sheet in workbook.sheets]),
        row=np.concatenate([sheet.rows for sheet in workbook.sheets]),
        texts={key: whole[key] for key in _TEXTS},
        quarter=whole["financial_year"] * 4 + whole["financial_quarter"] - 1,
        offences=whole["offences"],
    )


def _values(sheet: workbook.Sheet, key: str, read: Callable[[Any], Any], problems: _Problems) -> list[Any]:
    """Read the distinct cells of a column; a column has few, however many rows."""
    column, values = sheet.columns[key], []
    for place, cell in enumerate(column.values):
        nothing = "" if key in _TEXTS else 0
        if problems.enough:  # naming the nearest force to each of a million wrong ones takes minutes
            values.append(nothing)
            continue
        try:
            values.append(read(cell))
        except CellError as error:
            values.append(nothing)
            held = np.flatnonzero(column.positions == place)
            if len(held):
                more = f" (and {len(held) - 1} more rows)" if len(held) > 1 else ""
                found = "nothing" if workbook.is_blank(cell) else f"{cell!r:.80}"
                problems.add(sheet.name, int(sheet.rows[held[0]]), key, f"found {found}{more}; {error}")
    return values


def _quarters(workbook: workbook.Workbook, rows: _Rows) -> tuple[Period, ...]:
    held = set(rows.quarter.tolist())
    numbers = range(min(held), max(held) + 1)
    starts = [Month(number // 4, 4).shift(number % 4 * 3) for number in numbers]
    quarters = tuple(Period(start, start.shift(2)) for start in starts)
    if absent := [f"{q // 4}/{(q // 4 + 1) % 100:02d} Q{q % 4 + 1}" for q in numbers if q not in held]:
        more = f" and {len(absent) - 4} more quarters" if len(absent) > 4 else ""
        raise RequestError(
            f"{workbook.name}: no rows for {', '.join(absent[:4])}{more}, "
            f"though it covers {Period(quarters[0].first, quarters[-1].last).words}; "
            "every quarter from the first to the last must be there"
        )
    return quarters


def _keys(rows: _Rows, codes: Sequence[str], quarters: int) -> npt.NDArray[np.int64]:
    """Give rows of the same code, force and quarter the same number."""
    places = _ranks(rows, "offence", codes) * len(forces.NAMES) + _ranks(rows, "force", forces.NAMES)
    key: npt.NDArray[np.int64] = places * quarters + rows.quarter - rows.quarter.min()
    return key


def _ranks(rows: _Rows, key: str, order: Sequence[str]) -> npt.NDArray[np.int64]:
    rank = {word: place for place, word in enumerate(order)}
    return np.array([rank.get(word, -1) for word in rows.vocabularies[key]], dtype=np.int64)[rows.texts[key]]


def _added_up(
    offences: npt.NDArray[np.int64], key: npt.NDArray[np.int64], shape: tuple[int, ...]
) -> tuple[npt.NDArray[np.float64], int]:
    """Add up the rows of one code, force and quarter, and count how many there are; a part not known leaves the sum so."""
    unknown = offences == NOT_SUPPLIED
    size = int(np.prod(shape))
    rows, unknowns = np.bincount(key, minlength=size), np.bincount(key, unknown, minlength=size)
    total = np.bincount(key, np.where(unknown, 0, offences), minlength=size)
    return np.where((rows == 0) | (unknowns > 0), np.nan, total).reshape(shape), int(np.count_nonzero(rows))


def _check_repeated(rows: _Rows, key: npt.NDArray[np.int64], problems: _Problems) -> None:
    order = np.lexsort((rows.offences, key))
    key, rows = key[order], rows.select(order)
    again = np.flatnonzero(key[1:] == key[:-1]) + 1
    for column in ("description", "group"):
        places = rows.texts[column]
        for i in again[places[again] != places[again - 1]][: workbook.MOST_ERRORS]:
            words = rows.vocabularies[column]
            _add_at(rows, i, column, f"found {words[places[i]]!r} where row {rows.row[i - 1]} of the same force, quarter and code "
                    f"has {words[places[i - 1]]!r}; they must be one", problems)  # fmt: skip
    # A code that joins several (1/4.1/4.10/4.2) may have as many rows, alike or not; the rows of any other are alike
    # only if one was copied.
    parts = np.array([code.count("/") + 1 for code in rows.vocabularies["offence"]])[rows.texts["offence"]]
    length = np.bincount(key)[key]
    same = rows.offences[again] == rows.offences[again - 1]
    for column in ("description", "group", "subgroup"):
        same &= rows.texts[column][again] == rows.texts[column][again - 1]
    for i in again[same & (length > parts)[again]][: workbook.MOST_ERRORS]:
        other = f"sheet {rows.sheets[rows.sheet[i - 1]]}, row" if rows.sheet[i] != rows.sheet[i - 1] else "row"
        _add_at(rows, i, "offence", f"found the same row as {other} {rows.row[i - 1]}; each must stand once", problems)


def _add_at(rows: _Rows, i: int, column: str, text: str, problems: _Problems) -> None:
    problems.add(rows.sheets[rows.sheet[i]], int(rows.row[i]), column, text)


def _names(rows: _Rows) -> dict[str, str]:
    """Call each code what most rows of its newest year call it: descriptions are renamed, and single cells go astray."""
    codes, descriptions = rows.vocabularies["offence"], rows.vocabularies["description"]
    told = Counter(
        zip(
            *(each.tolist() for each in (rows.texts["offence"], rows.quarter // 4, rows.texts["description"])),
            strict=True,
        )
    )
    # The last of a code's entries stays in the dictionary: the newest year's, and the commonest of that.
    counted = sorted((code, year, count, description) for (code, year, description), count in told.items())
    return {codes[code]: descriptions[description] for code, _, _, description in counted}


class CellError(Exception):
    """A cell is not what its column must hold; the message says what would be right."""


def _year(cell: Any) -> int:
    match = re.fullmatch(r"([0-9]{4})[-/_](?:[0-9]{2})?([0-9]{2})", _stripped(cell))
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]) or int(match[1]) not in _YEARS:
        raise CellError("must be a financial year such as 2017/18")
    return int(match[1])


def year_of_sheet(name: str, cell: Any) -> int:
    """Read a financial year where the sheet's name says which it must be."""
    year = _year(cell)
    if name != f"{year}/{(year + 1) % 100:02d}":
        raise CellError(f"must be {name}, as the sheet is named, or the sheet be named after its year")
    return year


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


def _count(cell: Any) -> int:
    text = _stripped(cell)
    if text.casefold() in {"n/a", "[x]"}:
        return NOT_SUPPLIED
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
