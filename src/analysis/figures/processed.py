"""Workbooks that a user added, as Parquet: derived, disposable, and made anew whenever they do not fit.

Reading a workbook takes seconds; an offence's part of its Parquet file takes milliseconds.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import files
from analysis.errors import RequestError
from analysis.figures import cleaning
from analysis.figures.register import Release, Table, verified
from analysis.terms.offences import ALL_SEXUAL

# Raise it when a workbook would be read or cleaned in another way.
VERSION = 1
SEXUAL_GROUP = "Sexual offences"

_ROW_GROUP = 32_768  # small enough that one offence is found without reading the others
_VERSION = b"analysis.version"
_SOURCE = b"analysis.workbook"


def path_for(workbook: str) -> Path:
    """Return where the Parquet file of a kept workbook stands."""
    return files.user_data() / "processed" / f"{workbook}.parquet"


def content(frame: pd.DataFrame, *, sha256: str) -> bytes:
    """Return a workbook's figures as the bytes of a Parquet file.

    Parameters
    ----------
    frame
        As :class:`analysis.figures.cleaning.Figures` holds it.
    sha256
        The workbook's hash, which the file carries so that it can be told whether it still fits.

    Returns
    -------
    bytes
        The same for the same figures and the same pyarrow.
    """
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    table = pa.Table.from_pandas(frame.assign(**_published(frame))[_COLUMNS], preserve_index=False)
    table = table.replace_schema_metadata({_VERSION: str(VERSION).encode(), _SOURCE: sha256.encode()})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd", write_page_checksum=True, row_group_size=_ROW_GROUP)
    return out.getvalue()


def rows(release: Release, table: Table) -> pd.DataFrame:
    """Return the rows of one offence in a release that a user added.

    Parameters
    ----------
    release, table
        The release, and its table of the offence or of the whole group of sexual offences.

    Returns
    -------
    pandas.DataFrame
        Columns ``financial_year``, ``financial_quarter``, ``force`` and ``offences`` (``Int64``), as the tables that
        the project ships have them.

    Raises
    ------
    RequestError
        If the workbook is missing or is not the one that was added.

    Notes
    -----
    A code without a figure adds nothing to the group's total, as in the tables that the project ships.
    """
    workbook = verified(release, table)
    path = path_for(workbook.name)
    column, value = ("group", SEXUAL_GROUP) if table.offence == ALL_SEXUAL else ("offence", table.offence or "")
    found = _read(path, column, value, sha256=table.sha256)
    if found is None:
        figures = cleaning.clean(workbook.read(workbook))
        files.write_whole(path, content(figures.frame, sha256=table.sha256))
        found = _read(path, column, value, sha256=table.sha256)
    if found is None:
        raise RequestError(f"{path}: cannot be read back; give ANALYSIS_DATA a folder that keeps what is written")
    if column == "group":
        found = found.groupby(_KEY, sort=False)["offences"].sum(min_count=1).reset_index()
    return found[[*_KEY, "offences"]]


_KEY = ["financial_year", "financial_quarter", "force"]
_COLUMNS = ["offence", "group", *_KEY, "offences"]


def _published(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Write the quarters as the published tables do, so that the file can be read without this library."""
    start = frame["quarter"].dt.qyear - 1
    years = start.map({year: f"{year}/{(year + 1) % 100:02d}" for year in start.unique()})
    return {"financial_year": years.astype("category"), "financial_quarter": frame["quarter"].dt.quarter.astype("int8")}


def _read(path: Path, column: str, value: str, *, sha256: str) -> pd.DataFrame | None:
    """Read the rows that hold a value, or nothing if the file is missing, damaged or of another workbook or version."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # No threads, not even for reading ahead: the process that kernels are forked from must have one only.
        with pq.ParquetFile(path, pre_buffer=False, page_checksum_verification=True) as file:
            about = file.schema_arrow.metadata or {}
            if about.get(_VERSION) != str(VERSION).encode() or about.get(_SOURCE) != sha256.encode():
                return None
            table = file.read_row_groups(_groups_with(file.metadata, column, value), use_threads=False)
    except (OSError, pa.ArrowException):
        return None
    frame: pd.DataFrame = table.to_pandas(use_threads=False)
    frame = frame[frame[column] == value].reset_index(drop=True)
    texts = {name: frame[name].astype("str") for name in ("financial_year", "force")}
    return frame.assign(**texts, offences=frame["offences"].astype("Int64"))


def _groups_with(metadata: Any, column: str, value: str) -> list[int]:
    """Say which groups of rows may hold a value, by the least and the greatest that each has."""
    place = _COLUMNS.index(column)
    found = []
    for i in range(metadata.num_row_groups):
        held = metadata.row_group(i).column(place).statistics
        if held is None or not held.has_min_max or held.min <= value <= held.max:
            found.append(i)
    return found
