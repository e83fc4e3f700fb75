"""Rows as published become one validated, tidy frame of recorded offences."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import ManyErrors, RequestError
from analysis.figures import cells, workbook
from analysis.terms import forces
from analysis.terms.periods import Period

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandera.pandas as pa

FORCE_TYPE = pd.CategoricalDtype(list(forces.NAMES), ordered=True)
COLUMNS = ("release", "offence", "force", "quarter", "offences")

_TEXTS = ("force", "description", "group", "subgroup", "offence")
_NUMBERS = ("financial_year", "financial_quarter", "offences")
_MOST_CODES = 2000  # ten times what a release has; the register names each


@dataclass(frozen=True)
class Figures:
    """What a workbook says.

    Attributes
    ----------
    frame
        One row a code, force and quarter that the workbook has: ``offence`` and ``group`` (category), ``force``
        (category in canonical order), ``quarter`` (``Period[Q-MAR]``) and ``offences`` (``Int64``; ``<NA>`` where the
        workbook says that there is no figure), sorted by the first, third and fourth.
    names
        For each code what the workbook calls it, by its newest year.
    covers
        From the first quarter to the last.
    left_out
        How many rows belong to bodies that record fraud and are no forces.
    """

    frame: pd.DataFrame
    names: dict[str, str]
    covers: Period
    left_out: int


def tidy(rows: pd.DataFrame, *, offence: str, release: str, covers: Period, source: str) -> pd.DataFrame:
    """Return one row a force and quarter, with what was not supplied as missing.

    Parameters
    ----------
    rows
        As published: columns ``financial_year`` (``2017/18``), ``financial_quarter`` (1 to 4), ``force`` (any
        known spelling) and ``offences`` (whole numbers, or missing).
    offence, release
        The code and the release that the rows belong to.
    covers
        The months that the release speaks of; a force without a row for one of their quarters did not supply it.
    source
        What to call the rows in an error, for example the file's name.

    Returns
    -------
    pandas.DataFrame
        Columns ``release``, ``offence`` (text), ``force`` (category in canonical order), ``quarter``
        (``Period[Q-MAR]``) and ``offences`` (``Int64``, ``<NA>`` where not supplied), sorted by force and quarter,
        44 rows a quarter.

    Raises
    ------
    RequestError
        If a force is unknown, a key is repeated or a quarter lies outside what the release covers.

    Examples
    --------
    >>> rows = pd.DataFrame({"financial_year": ["2017/18"], "financial_quarter": [1],
    ...                      "force": ["London, City of"], "offences": [3]})
    >>> frame = tidy(rows, offence="88A", release="example", covers=Period.parse("2017/18 Q1"), source="example")
    >>> len(frame), frame.dropna().iloc[0]["force"], int(frame["offences"].isna().sum())
    (44, 'City of London', 43)
    """
    names = {name: forces.find(name).name for name in rows["force"].unique()}
    start = rows["financial_year"].str[:4].astype(int)
    # Q-MAR counts a financial year by the calendar year in which it ends.
    quarter = pd.PeriodIndex.from_fields(year=start + 1, quarter=rows["financial_quarter"], freq="Q-MAR")  # type: ignore[attr-defined]
    keys = pd.MultiIndex.from_arrays([rows["force"].map(names), quarter])
    counts = pd.Series(rows["offences"].array, index=keys, dtype="Int64")
    if counts.index.has_duplicates:
        force, repeated = counts.index[counts.index.duplicated()][0]
        raise RequestError(f"{source}: {force}, {repeated}: two rows for one force and quarter; there must be one")
    grid = pd.MultiIndex.from_product([forces.NAMES, covers.quarters], names=["force", "quarter"])
    if len(outside := counts.index.difference(grid)):
        raise RequestError(f"{source}: {outside[0][0]}, {outside[0][1]}: outside what the release covers, {covers}")
    frame = counts.reindex(grid).rename("offences").reset_index()
    frame["force"] = frame["force"].astype(FORCE_TYPE)
    return frame.assign(release=release, offence=offence)[list(COLUMNS)]


def clean(workbook: workbook.Workbook) -> Figures:
    """Return what a workbook says, after checking every cell of it.

    Rows of one code, force and quarter are added up, as homicide stands in several rows under one code.

    Parameters
    ----------
    workbook
        As :func:`analysis.figures.workbook.read` gives it.

    Returns
    -------
    Figures

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
    if (codes := len(rows.vocabularies["offence"])) > _MOST_CODES:
        raise RequestError(
            f"{workbook.name}: {codes:,} offence codes; a release has some two hundred, at most {_MOST_CODES:,}"
        )
    of_forces = rows.select(np.isin(rows.texts["force"], rows.places("force", forces.NAMES)))
    if not len(of_forces):
        raise RequestError(f"{workbook.name}: no row belongs to a police force; `analysis forces` lists the names")
    covers = _covers(workbook, of_forces)
    frame, names = _added_up(of_forces, problems)
    problems.report()
    schema().validate(frame)
    return Figures(frame, names, covers, len(rows) - len(of_forces))


@functools.cache
def schema() -> pa.DataFrameSchema:
    """Return the one schema of recorded offences, for a release's tidy frame and for a whole workbook's.

    pandera takes seconds to import, so it is imported here and not with the module.
    """
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {
            "offence": pa.Column(nullable=False),
            "group": pa.Column(nullable=False, required=False),
            "force": pa.Column(FORCE_TYPE, nullable=False),
            "quarter": pa.Column(pd.PeriodDtype("Q-MAR"), nullable=False),
            "offences": pa.Column("Int64", pa.Check.in_range(-cells.MOST_OFFENCES, cells.MOST_OFFENCES), nullable=True),
        },
        unique=["offence", "force", "quarter"],
    )


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
        readers = cells.READERS
        if sheet.financial_year:
            readers = readers | {"financial_year": functools.partial(cells.year_of_sheet, sheet.financial_year)}
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
        except cells.CellError as error:
            values.append(nothing)
            held = np.flatnonzero(column.positions == place)
            if len(held):
                more = f" (and {len(held) - 1} more rows)" if len(held) > 1 else ""
                found = "nothing" if workbook.is_blank(cell) else f"{cell!r:.80}"
                problems.add(sheet.name, int(sheet.rows[held[0]]), key, f"found {found}{more}; {error}")
    return values


def _covers(workbook: workbook.Workbook, rows: _Rows) -> Period:
    held = np.unique(rows.quarter)
    first, last = (pd.Period(year=int(q) // 4 + 1, quarter=int(q) % 4 + 1, freq="Q-MAR") for q in (held[0], held[-1]))
    covers = Period.of_quarters(first, last)
    absent = [
        f"{q // 4}/{(q // 4 + 1) % 100:02d} Q{q % 4 + 1}"
        for q in range(held[0], held[-1])
        if q not in set(held.tolist())
    ]
    if absent:
        more = f" and {len(absent) - 4} more quarters" if len(absent) > 4 else ""
        raise RequestError(
            f"{workbook.name}: no rows for {', '.join(absent[:4])}{more}, though it covers {covers.words}; "
            "every quarter from the first to the last must be there"
        )
    return covers


def _added_up(rows: _Rows, problems: _Problems) -> tuple[pd.DataFrame, dict[str, str]]:
    """Add up the rows of one code, force and quarter, after checking that they belong together."""
    codes = sorted(rows.vocabularies["offence"])
    offence = _ranks(rows, "offence", codes)
    force = _ranks(rows, "force", forces.NAMES)
    quarter = rows.quarter - rows.quarter.min()
    key = (offence * len(forces.NAMES) + force) * (quarter.max() + 1) + quarter
    order = np.lexsort((rows.offences, key))
    key, rows, offence, force = key[order], rows.select(order), offence[order], force[order]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    if len(first) < len(key):
        _check_repeated(rows, key, first, problems)

    total = np.add.reduceat(np.where(rows.offences == cells.NOT_SUPPLIED, 0, rows.offences), first)
    unknown = np.logical_or.reduceat(rows.offences == cells.NOT_SUPPLIED, first)
    frame = pd.DataFrame(
        {
            "offence": pd.Categorical.from_codes(offence[first], categories=pd.Index(codes)),
            "group": pd.Categorical.from_codes(rows.texts["group"][first], pd.Index(rows.vocabularies["group"])),
            "force": pd.Categorical.from_codes(force[first], dtype=FORCE_TYPE),
            "quarter": pd.PeriodIndex.from_ordinals(rows.quarter[first] - 4 * 1969, freq="Q-MAR"),  # type: ignore[attr-defined]
            "offences": pd.arrays.IntegerArray(total, unknown),
        }
    )
    frame["offence"] = frame["offence"].cat.remove_unused_categories()
    return frame, _names(rows)


def _ranks(rows: _Rows, key: str, order: Sequence[str]) -> npt.NDArray[np.int64]:
    rank = {word: place for place, word in enumerate(order)}
    return np.array([rank.get(word, -1) for word in rows.vocabularies[key]], dtype=np.int64)[rows.texts[key]]


def _check_repeated(rows: _Rows, key: npt.NDArray[np.int64], first: npt.NDArray[np.int64], problems: _Problems) -> None:
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
    length = np.repeat(np.diff(np.r_[first, len(key)]), np.diff(np.r_[first, len(key)]))
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
    told = pd.DataFrame(
        {"code": rows.texts["offence"], "year": rows.quarter // 4, "description": rows.texts["description"]}
    )
    counted = told.value_counts(sort=False).rename("rows").reset_index().sort_values(["code", "year", "rows"])
    # The last of a code's entries stays in the dictionary: the newest year's, and the commonest of that.
    pairs = zip(counted["code"], counted["description"], strict=True)
    return {codes[code]: descriptions[description] for code, description in pairs}
