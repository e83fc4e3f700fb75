"""Loads what a release says."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import pandas as pd

from analysis.figures.register import Release, load_register
from analysis.terms import forces
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

FORCE_TYPE = pd.CategoricalDtype(list(forces.NAMES), ordered=True)


def load_offences(offence: str = "88A", release: str = "latest") -> pd.DataFrame:
    """Return recorded offences by force and quarter, as one release has them.

    Parameters
    ----------
    offence
        A Home Office code, or a family or group of codes, whose figures are added up.
    release
        A release's id, or ``latest`` for the newest full one.

    Returns
    -------
    pandas.DataFrame
        Columns ``release`` and ``offence`` (text), ``force`` (category in canonical order), ``quarter``
        (``Period[Q-MAR]``) and ``offences`` (``Int64``; ``<NA>`` where a force did not supply a figure, or nothing
        was counted under the code then). One row a force and quarter, sorted by both.

    Raises
    ------
    RequestError
        If the release or the offence is not held, or a file is not the one that was registered.

    Examples
    --------
    >>> frame = load_offences(release="2026-04-23")
    >>> frame.shape, int(frame["offences"].sum())
    ((2420, 5), 60540)
    """
    wide = matrix(offence, release)
    found = load_register().release(release)
    frame = wide.reset_index().melt("quarter", var_name="force", value_name="offences")
    frame = frame.assign(release=found.id, offence=found.offence(offence).code, force=frame["force"].astype(FORCE_TYPE))
    return frame[["release", "offence", "force", "quarter", "offences"]]


def matrix(offence: str = "88A", release: str | Release = "latest") -> pd.DataFrame:
    """Return the same figures as a table of quarters by forces.

    Parameters
    ----------
    offence
        A Home Office code, or a family or group of codes, whose figures are added up.
    release
        A release, its id, or ``latest`` for the newest full one.

    Returns
    -------
    pandas.DataFrame
        Index ``Period[Q-MAR]``, one column a force in canonical order, ``Int64``.

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


def counted(offence: str = "88A", release: str | Release = "latest") -> Period | None:
    """Return the months in which a release counts an offence at all, or None where it never does.

    Outside of them nothing was counted under that code, by definition: there is no figure, and no nought either.

    Raises
    ------
    RequestError
        If the release or the offence is not held.

    Examples
    --------
    >>> print(counted("8T", release="2026-04-23"))
    2020-04..2025-12
    """
    held = release if isinstance(release, Release) else load_register().release(release)
    return held.counted(held.offence(offence))


def describe(offence: str, release: str = "latest") -> Offence:
    """Return what is known of an offence that a release holds; a workbook's own name where the library has none.

    Raises
    ------
    RequestError
        If the release or the offence is not held.

    Examples
    --------
    >>> describe("88a", release="2026-04-23").name
    'Sexual grooming'
    """
    return load_register().release(release).offence(offence)


@functools.lru_cache(maxsize=64)
def _matrix(release: Release, codes: tuple[str, ...]) -> pd.DataFrame:
    cells = release.cells(codes)
    quarters = Period(cells.quarters[0].first, cells.quarters[-1].last).quarters.rename("quarter")
    names = pd.Index(forces.NAMES, name="force")
    return pd.DataFrame(cells.total.T, index=quarters, columns=names).astype("Int64")
