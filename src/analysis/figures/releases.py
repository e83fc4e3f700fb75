"""Loads what a release says, as tables or as one tidy CSV for whoever counts elsewhere."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import files
from analysis.errors import RequestError
from analysis.figures.register import Release, load_register
from analysis.terms import areas
from analysis.terms.areas import ENGLAND_AND_WALES, Area
from analysis.terms.periods import financial_year

if TYPE_CHECKING:
    import pandas as pd


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


def by_quarter(wide: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Return the offences of forces together by quarter, ``<NA>`` where one of them did not supply its own.

    Parameters
    ----------
    wide
        Quarters by forces, as :func:`matrix` gives them.
    names
        Canonical names of the forces.

    Examples
    --------
    >>> by_quarter(matrix(release="2026-04-23"), ["Kent", "Surrey"])["2018Q1"]
    np.int64(67)
    """
    return wide[list(names)].sum(axis=1, skipna=False)


@functools.lru_cache(maxsize=256)  # of all that a page lists, in several releases
def _matrix(release: Release, codes: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    cells = release.cells(codes)
    quarters, names = cells.covers.quarters.rename("quarter"), pd.Index(areas.NAMES, name="force")
    return pd.DataFrame(cells.total.T, index=quarters, columns=names).astype("Int64")


def export(path: Path, *, replace: bool = False, **of: Any) -> str:
    """Write the figures of a release as one tidy CSV, whole or not at all.

    Parameters
    ----------
    path
        The file to write.
    replace
        Whether the file may take the place of another one.
    **of
        What is written, as :func:`tidy` takes it.

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
    frame = tidy(**of)
    files.write_whole(path, frame.to_csv(index=False, lineterminator="\n").encode(), option="FILE")
    return f"{path}: {len(frame):,} figures of release {frame['release'].iloc[0]}"


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
    import pandas as pd

    held = load_register().release(release)
    cells = held.cells(held.codes if offence is None else held.offence(offence).codes)
    frame = cells.rows.reset_index()
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
