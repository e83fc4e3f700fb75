"""Wide tables of recorded offences: a row for each code and body, a column for each quarter.

A code's rows stand together, so that one code is read without parsing the others.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.terms import forces
from analysis.terms.periods import Period

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd


@dataclass(frozen=True)
class Cells:
    """Figures of some codes by force and quarter.

    Attributes
    ----------
    codes
        The codes, in the order asked for.
    quarters
        The quarters, oldest first, each as a period.
    values
        Codes by the 44 forces in canonical order by quarters; NaN where the table is blank.
    """

    codes: tuple[str, ...]
    quarters: tuple[Period, ...]
    values: npt.NDArray[np.float64]

    def of(self, codes: Sequence[str]) -> Cells:
        """Return the figures of some codes, blank where the table has none."""
        values = np.full((len(codes), *self.values.shape[1:]), np.nan)
        for i, code in enumerate(codes):
            if code in self.codes:
                values[i] = self.values[self.codes.index(code)]
        return Cells(tuple(codes), self.quarters, values)

    @property
    def series(self) -> pd.Series:
        """Every figure by code, force and quarter, ``<NA>`` where the table is blank."""
        import pandas as pd

        quarters = Period(self.quarters[0].first, self.quarters[-1].last).quarters
        names = ["offence", "force", "quarter"]
        index = pd.MultiIndex.from_product([self.codes, forces.NAMES, quarters], names=names)
        return pd.Series(self.values.ravel(), index).astype("Int64")

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
        held = np.flatnonzero(self.counted.any(axis=0))
        return Period(self.quarters[held[0]].first, self.quarters[held[-1]].last) if len(held) else None

    @property
    def total(self) -> npt.NDArray[np.float64]:
        """The codes added up: forces by quarters, NaN where one that is counted then has no figure."""
        present = ~np.isnan(self.values)
        blank = (self.counted[:, None, :] & ~present).any(axis=0) | ~present.any(axis=0)
        return np.where(blank, np.nan, np.nansum(self.values, axis=0))

    def as_one(self, name: str) -> Cells:
        """Return the codes added up, under a name of their own."""
        return Cells((name,), self.quarters, self.total[None])


class Csv:
    """A table in CSV, of which codes are read one by one; rows of bodies that are no forces are left out."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    @functools.cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes that forces record, in the table's order."""
        bodies = dict(line.split(",", 2)[:2] for line in self._content.decode().splitlines()[1:])
        return tuple(code for code, body in bodies.items() if body in forces.NAMES)

    def of(self, codes: Sequence[str]) -> Cells:
        """Return the figures of some codes, blank where the table has none."""
        quarters = self._content[: self._content.index(b"\n")].decode().split(",")[2:]
        places = {name: i for i, name in enumerate(forces.NAMES)}
        values = np.full((len(codes), len(places), len(quarters)), np.nan)
        for i, code in enumerate(codes):
            for body, cells in self._rows(code):
                if body in places:
                    values[i, places[body]] = [float(cell or "nan") for cell in cells]
        return Cells(tuple(codes), tuple(map(Period.parse, quarters)), values)

    def _rows(self, code: str) -> Iterator[tuple[str, list[str]]]:
        key = f"{code},".encode()
        start = self._content.find(b"\n" + key) + 1
        while start and self._content.startswith(key, start):
            end = self._content.index(b"\n", start)
            _, body, *cells = self._content[start:end].decode().split(",")
            yield body, cells
            start = end + 1


def to_parquet(cells: Cells) -> bytes:
    """Return figures in the same form as the tables that the project ships, as the bytes of a Parquet file."""
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    columns = {
        "code": pa.array(np.repeat(np.array(cells.codes, dtype=object), len(forces.NAMES))),
        "force": pa.array(list(forces.NAMES) * len(cells.codes)),
    }
    for i, quarter in enumerate(cells.quarters):
        columns[_label(quarter)] = pa.array(cells.values[:, :, i].ravel(), pa.float64(), from_pandas=True).cast("int64")
    out = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), out, compression="zstd", write_page_checksum=True)
    content: bytes = out.getvalue().to_pybytes()
    return content


def from_parquet(content: bytes) -> Cells:
    """Read such a file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # All of it, as that takes a fiftieth of a second; to filter rows would load another part of pyarrow for much longer.
    table = pq.ParquetFile(pa.BufferReader(content), pre_buffer=False).read(use_threads=False)
    held, quarters = tuple(dict.fromkeys(table["code"].to_pylist())), table.column_names[2:]
    values = np.stack([table[quarter].to_numpy() for quarter in quarters], axis=-1).astype(np.float64)
    values = values.reshape(len(held), len(forces.NAMES), len(quarters))
    return Cells(held, tuple(map(Period.parse, quarters)), values)


def _label(quarter: Period) -> str:
    first = quarter.first.shift(-3)
    return f"{first.year}/{(first.year + 1) % 100:02d} Q{(first.month - 1) // 3 + 1}"
