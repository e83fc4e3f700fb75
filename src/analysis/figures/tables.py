"""Tables of recorded offences: wide ones in CSV as releases keep them, quarters by forces, and one tidy CSV for whoever counts elsewhere."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from analysis import files
from analysis.errors import RequestError
from analysis.figures.register import Release, load_register
from analysis.terms import areas
from analysis.terms.areas import ENGLAND_AND_WALES, Area
from analysis.terms.findings import Caveat
from analysis.terms.periods import Period, financial_year, quarter_label

if TYPE_CHECKING:
    import pandas as pd


LITTLE = 0.01  # of a union, all forces and quarters together: a code that is less of it may be blank


@dataclass(frozen=True)
class Cells:
    """Figures of some codes by force and quarter.

    Attributes
    ----------
    codes
        The codes, in the order asked for.
    covers
        From the first quarter to the last.
    values
        Codes by the 44 forces in canonical order by quarters; NaN where the table is blank.
    """

    codes: tuple[str, ...]
    covers: Period
    values: npt.NDArray[np.float64]

    def of(self, codes: Sequence[str]) -> Cells:
        """Return the figures of some codes, blank where the table has none."""
        blank = np.full((1, *self.values.shape[1:]), np.nan)  # stands last
        places = [self.codes.index(code) if code in self.codes else -1 for code in codes]
        return Cells(tuple(codes), self.covers, np.concatenate([self.values, blank])[places])

    def over(self, months: Period) -> Cells:
        """Return the figures of other months, blank where these do not reach."""
        at = np.arange(months.months // 3) + (months.first.ordinal - self.covers.first.ordinal) // 3
        inside = (at >= 0) & (at < self.values.shape[2])
        values = np.full((*self.values.shape[:2], len(at)), np.nan)
        values[:, :, inside] = self.values[:, :, at[inside]]
        return Cells(self.codes, months, values)

    def within(self, names: Sequence[str], months: Period) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Return :attr:`total` and :attr:`lacking` of some forces in months that are covered, quarters by forces."""
        first, last = ((month.ordinal - self.covers.first.ordinal) // 3 for month in (months.first, months.last))
        places = [areas.PLACES[name] for name in names]
        return self.total.T[first : last + 1][:, places], self.lacking.T[first : last + 1][:, places]

    @property
    def series(self) -> pd.Series:
        """Every figure by code, force and quarter, ``<NA>`` where the table is blank."""
        import pandas as pd

        names = ["offence", "force", "quarter"]
        index = pd.MultiIndex.from_product([self.codes, areas.NAMES, self.covers.quarters], names=names)
        return pd.Series(self.values.ravel(), index).astype("Int64")

    @property
    def rows(self) -> pd.DataFrame:
        """The same in a column ``offences``, of each code from the first quarter in which it is counted to the last."""
        inside = np.broadcast_to(self.throughout[:, None, :], self.values.shape).ravel()
        return self.series[inside].to_frame("offences")

    @property
    def counted(self) -> npt.NDArray[np.bool_]:
        """Whether each code is counted in each quarter: codes by quarters.

        A quarter in which no force has a figure is one in which the code is not counted. A nought that stands alone
        among blanks does not make it counted either.
        """
        present = ~np.isnan(self.values)
        most = present.any(axis=2).sum(axis=1)[:, None]
        some = np.nan_to_num(self.values).any(axis=1)
        counted: npt.NDArray[np.bool_] = some | (present.any(axis=1) & (2 * present.sum(axis=1) >= most))
        return counted

    @property
    def throughout(self) -> npt.NDArray[np.bool_]:
        """Whether each quarter lies between the first and the last in which a code is counted: codes by quarters."""
        counted = self.counted
        return np.logical_or.accumulate(counted, axis=1) & np.logical_or.accumulate(counted[:, ::-1], axis=1)[:, ::-1]

    @property
    def span(self) -> Period | None:
        """From the first quarter in which any of the codes is counted to the last."""
        held = np.flatnonzero(self.counted.any(axis=0)).tolist()
        first = self.covers.first
        return Period(first.shift(3 * held[0]), first.shift(3 * held[-1] + 2)) if held else None

    @functools.cached_property
    def total(self) -> npt.NDArray[np.float64]:
        """The codes added up: forces by quarters, NaN where one that is counted then, and no small part, has no figure."""
        present = ~np.isnan(self.values)
        blank = self._blank[~self._small].any(axis=0) | ~present.any(axis=0)
        return np.where(blank, np.nan, np.nansum(self.values, axis=0))

    @functools.cached_property
    def lacking(self) -> npt.NDArray[np.bool_]:
        """Whether a code that is counted then, but is a small part, has no figure: forces by quarters."""
        return np.asarray(self._blank[self._small].any(axis=0))

    @property
    def _blank(self) -> npt.NDArray[np.bool_]:
        return self.counted[:, None, :] & np.isnan(self.values)

    @property
    def _small(self) -> npt.NDArray[np.bool_]:
        """Whether each code makes up so little of all, in all quarters together, that a blank of it says nothing."""
        sums = np.nansum(self.values, axis=(1, 2))
        return np.asarray(sums < LITTLE * sums.sum())


@dataclass(frozen=True)
class Figures:
    """What a workbook says.

    Attributes
    ----------
    cells
        Its figures by code, force and quarter: from its first quarter to its last, codes in the order of their letters;
        a code without any figure is none of them.
    names
        For each code what the workbook calls it, by its newest year.
    told
        Codes by forces by quarters: whether there is a row, though it may hold no figure.
    """

    cells: Cells
    names: dict[str, str]
    told: npt.NDArray[np.bool_]


class Csv:
    """A table in CSV, of which the cells of a code are read when asked for; rows of bodies that are no forces are left out."""

    def __init__(self, content: bytes) -> None:
        header, *lines = content.decode().splitlines()
        self._quarters = header.split(",")[2:]
        self._rows: dict[str, list[tuple[int, str]]] = {}
        for line in lines:
            code, body, cells = line.split(",", 2)
            if body in areas.PLACES:
                self._rows.setdefault(code, []).append((areas.PLACES[body], cells))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that forces record, in the table's order."""
        return tuple(self._rows)

    def of(self, codes: Sequence[str]) -> Cells:
        """Return the figures of some codes, blank where the table has none."""
        values = np.full((len(codes), len(areas.NAMES), len(self._quarters)), np.nan)
        for i, code in enumerate(codes):
            for place, cells in self._rows.get(code, ()):
                values[i, place] = [float(cell or "nan") for cell in cells.split(",")]
        return Cells(tuple(codes), Period.parse(f"{self._quarters[0]}..{self._quarters[-1]}"), values)


def to_csv(cells: Cells) -> bytes:
    """Return figures as the bytes of such a table."""
    import pandas as pd

    index = pd.MultiIndex.from_product([cells.codes, areas.NAMES], names=["code", "force"])
    quarters = list(map(quarter_label, cells.covers.quarters))
    table = pd.DataFrame(cells.values.reshape(len(index), len(quarters)), index, quarters)
    return table.to_csv(float_format="%.0f", lineterminator="\n").encode()


def matrix(offence: str = "88A", release: str | Release = "latest") -> pd.DataFrame:
    """Return recorded offences as a table of quarters by forces, as one release has them: what :func:`analysis.load_offences` marks.

    Parameters
    ----------
    offence
        A Home Office code, or a family or group of codes, whose figures are added up.
    release
        A release, its id, or ``latest`` for the newest full one.

    Returns
    -------
    pandas.DataFrame
        Index ``Period[Q-MAR]``, one column a force in canonical order, ``Int64``; ``<NA>`` where a force did not supply a figure, or
        nothing was counted under the code then.

    Raises
    ------
    RequestError
        If the release or the offence is not held, or a file is not the one that was registered.

    Examples
    --------
    >>> matrix(release="2026-04-23").loc["2018Q1", "Northamptonshire"]
    np.int64(14)
    """
    held = release if isinstance(release, Release) else load_register().release(release)
    return _matrix(held, held.offence(offence).codes).copy()


@functools.lru_cache(maxsize=256)  # of all that a page lists, in several releases
def _matrix(release: Release, codes: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    cells = release.cells(codes)
    quarters, names = cells.covers.quarters.rename("quarter"), pd.Index(areas.NAMES, name="force")
    return pd.DataFrame(cells.total.T, index=quarters, columns=names).astype("Int64")


def export(path: Path, *, replace: bool = False, area: Area = ENGLAND_AND_WALES, **of: Any) -> str:
    """Write the figures of a release as one tidy CSV, whole or not at all.

    Parameters
    ----------
    path
        The file to write.
    replace
        Whether the file may take the place of another one.
    area
        Whose forces.
    **of
        What else is written, as :func:`tidy` takes it.

    Returns
    -------
    str
        What is said of it.

    Raises
    ------
    RequestError
        If something stands at the path, it cannot be written, or the release or the offence is not held.
    """
    if path.suffix.casefold() in {".xlsx", ".xls", ".ods", ".parquet", ".json"}:
        raise RequestError(f"{path}: what is written is CSV; give a name that ends in .csv")
    frame = tidy(area=area, **of)
    files.write_whole(path, frame.to_csv(index=False, lineterminator="\n").encode(), option="FILE", replace=replace)
    told = f" {Caveat('counted-as', {'area': area}, 'force').text}" if area.place else ""
    return f"{path}: {len(frame):,} figures of {area.called}, release {frame['release'].iloc[0]}.{told}"


def tidy(release: str = "latest", *, offence: str | None = None, area: Area = ENGLAND_AND_WALES) -> pd.DataFrame:
    """Return the figures of a release in rows.

    Parameters
    ----------
    release
        A release's id, or ``latest`` for the newest full one.
    offence
        A code, family or group, of which each code is given; by default every code.
    area
        Whose forces.

    Returns
    -------
    pandas.DataFrame
        Columns ``force``, ``financial_year``, ``financial_quarter``, ``offences`` (``Int64``; ``<NA>`` where a force
        did not supply a figure), ``code`` and ``release``: a row for each code, force and quarter in which the code was
        counted.

    Examples
    --------
    >>> from analysis.terms.areas import find_area
    >>> tidy("2026-04-23", offence="88A", area=find_area("Kent")).head(1).values.tolist()
    [['Kent', '2012/13', 1, 1, '88A', '2026-04-23']]
    """
    held = load_register().release(release)
    rows = held.cells(held.codes if offence is None else held.offence(offence).codes).rows.reset_index()
    rows = rows[rows["force"].isin(area.names)].reset_index(drop=True).rename(columns={"offence": "code"})
    years = rows["quarter"].map({quarter: financial_year(quarter) for quarter in rows["quarter"].unique()})
    rows = rows.assign(financial_year=years, financial_quarter=rows["quarter"].dt.quarter, release=held.id)
    return rows[["force", "financial_year", "financial_quarter", "offences", "code", "release"]]
