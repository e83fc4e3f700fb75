"""The figures of a release as one tidy table in CSV, for whoever counts elsewhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis import files
from analysis.errors import RequestError
from analysis.figures.register import load_register
from analysis.terms import areas
from analysis.terms.areas import Area
from analysis.terms.periods import financial_year


def export(
    path: Path,
    *,
    release: str = "latest",
    offence: str | None = None,
    area: Area = areas.ENGLAND_AND_WALES,
    replace: bool = False,
) -> str:
    """Write the figures of a release as one tidy CSV, whole or not at all.

    Parameters
    ----------
    path
        The file to write.
    release
        A release's id, or ``latest`` for the newest full one.
    offence
        A code, family or group, of which each code is written; by default every code.
    area
        Whose forces are written.
    replace
        Whether the file may take the place of another one.

    Returns
    -------
    str
        What is said of it.

    Raises
    ------
    RequestError
        If something stands at the path, it cannot be written, or the release or the offence is not held.
    """
    if path.is_dir() or (not replace and (path.exists() or path.is_symlink())):
        right = "name a file" if path.is_dir() else "name another file, or give --replace"
        raise RequestError(f"{path}: is there already; {right}")
    frame = tidy(release, offence=offence, area=area)
    files.write_whole(path, frame.to_csv(index=False, lineterminator="\n").encode(), option="FILE")
    return f"{path}: {len(frame):,} figures of release {frame['release'].iloc[0]}"


def tidy(release: str = "latest", *, offence: str | None = None, area: Area = areas.ENGLAND_AND_WALES) -> pd.DataFrame:
    """Return the figures of a release in rows.

    Parameters
    ----------
    release, offence, area
        As :func:`export` takes them.

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
    cells = held.cells(held.codes if offence is None else held.offence(offence).codes)
    inside = np.broadcast_to(cells.throughout[:, None, :], cells.values.shape).ravel()
    frame = cells.series[inside].to_frame("offences").reset_index()
    frame = frame[frame["force"].isin(area.names)]
    years = {quarter: financial_year(quarter) for quarter in cells.covers.quarters}
    return pd.DataFrame(
        {
            "force": frame["force"],
            "financial_year": frame["quarter"].map(years),
            "financial_quarter": frame["quarter"].dt.quarter,
            "offences": frame["offences"],
            "code": frame["offence"],
            "release": held.id,
        }
    ).reset_index(drop=True)
