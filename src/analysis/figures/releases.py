"""Loads what a release says."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import pandas as pd

from analysis.errors import RequestError
from analysis.figures import cleaning, processed
from analysis.figures.register import Release, Table, load_register, verified
from analysis.terms import offences
from analysis.terms.offences import Offence


def load_offences(offence: str = "88A", release: str = "latest") -> pd.DataFrame:
    """Return recorded offences by force and quarter, as one release has them.

    Parameters
    ----------
    offence
        A Home Office code, or ``sexual-offences`` for the whole group.
    release
        A release's id, or ``latest`` for the newest full one.

    Returns
    -------
    pandas.DataFrame
        Columns ``release`` and ``offence`` (text), ``force`` (category in canonical order), ``quarter``
        (``Period[Q-MAR]``) and ``offences`` (``Int64``; ``<NA>`` where a force did not supply figures). One row a
        force and quarter, sorted by both.

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
    held = load_register().release(release)
    return _load(held, offence).copy()


def matrix(offence: str = "88A", release: str | Release = "latest") -> pd.DataFrame:
    """Return the same figures as a table of quarters by forces.

    Parameters
    ----------
    offence
        A Home Office code, or ``sexual-offences`` for the whole group.
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
    return _matrix(held, offence).copy()


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
    table = load_register().release(release).table(offence)
    return offences.describe(table.offence or offence, table.name)


@functools.lru_cache(maxsize=16)
def _load(release: Release, offence: str) -> pd.DataFrame:
    table = release.table(offence)
    rows = processed.rows(release, table) if release.is_added else _shipped_rows(release, table)
    if len(rows) != table.rows:
        raise RequestError(f"{table.file}: {len(rows)} rows of code {table.offence}, the register says {table.rows}")
    return cleaning.tidy(
        rows, offence=table.offence or offence, release=release.id, covers=release.covers, source=table.file
    )


def _shipped_rows(release: Release, table: Table) -> pd.DataFrame:
    return pd.read_csv(verified(release, table), dtype={"financial_year": "str", "force": "str"})


@functools.lru_cache(maxsize=16)
def _matrix(release: Release, offence: str) -> pd.DataFrame:
    frame = _load(release, offence)
    wide = frame.pivot(index="quarter", columns="force", values="offences")
    wide.columns = pd.Index([str(name) for name in wide.columns], name="force")
    return wide
