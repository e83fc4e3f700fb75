"""What each release said of the same quarters, which cells changed, and how large changes are by the age of a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from analysis.figures import register, releases
from analysis.figures.register import Release, load_register
from analysis.report.markup import Cell, figure, table_text
from analysis.terms import forces
from analysis.terms.forces import Area
from analysis.terms.periods import quarter_label

PAIRS_NEEDED = 3
OFTEN = 0.5  # of the cells of an age


def of(area_names: Sequence[str], offence: str = "88A") -> pd.DataFrame:
    """Return what each release said of an area, for the quarters that two or more speak of.

    Parameters
    ----------
    area_names
        Canonical names of the area's forces.
    offence
        A code, or ``sexual-offences``.

    Returns
    -------
    pandas.DataFrame
        Index ``quarter`` (``Period[Q-MAR]``); one column for each full or partial release that holds the offence,
        oldest first, ``Int64``, ``<NA>`` where it has no figure; and ``difference``, the newest figure less the oldest.

    Examples
    --------
    >>> told = of(["West Midlands"])
    >>> told.loc["2022Q1", ["2023-10-19", "2026-04-23", "difference"]].tolist()
    [26, 67, 41]
    """
    held = _speaking(offence)
    told = pd.DataFrame({r.id: releases.by_quarter(releases.matrix(offence, r.id), area_names) for r in held}).astype(
        "Int64"
    )
    told = told[told.notna().sum(axis=1) > 1].sort_index().rename_axis("quarter")
    if told.empty:
        return told.assign(difference=pd.array([], dtype="Int64"))
    return told.assign(difference=told.ffill(axis=1).iloc[:, -1] - told.bfill(axis=1).iloc[:, 0])


def cells(offence: str = "88A", *, area_names: Sequence[str] = forces.NAMES) -> pd.DataFrame:
    """Return every force-quarter that a release gave another figure for than the last release before it.

    Parameters
    ----------
    offence
        A code, or ``sexual-offences``.
    area_names
        Canonical names of the forces to look at.

    Returns
    -------
    pandas.DataFrame
        Columns ``force``, ``quarter``, ``earlier`` and ``later`` (releases), ``before`` and ``after`` (``Int64``, ``<NA>``
        where a release says that the figure was not supplied) and ``change`` (``Int64``), the largest changes first.

    Examples
    --------
    >>> changed = cells(area_names=["West Midlands"])
    >>> str(changed["quarter"][0]), int(changed["before"][0]), int(changed["after"][0])
    ('2022Q1', 26, 67)
    """
    parts = []
    for release in _speaking(offence):
        frame = releases.load_offences(offence, release.id)
        parts.append(frame[frame["force"].isin(area_names) & frame["quarter"].isin(release.span(offence).quarters)])
    if not parts:
        return pd.DataFrame(columns=["force", "quarter", "earlier", "later", "before", "after", "change"])
    # The sort is stable, so that releases stay oldest first within a force and quarter.
    told = pd.concat(parts).sort_values(["force", "quarter"], kind="stable", ignore_index=True)
    last = told.groupby(["force", "quarter"], observed=True, sort=False)[["release", "offences"]].shift()
    changed = pd.DataFrame(
        {
            "force": told["force"].astype("str"),
            "quarter": told["quarter"],
            "earlier": last["release"],
            "later": told["release"],
            "before": last["offences"].astype("Int64"),
            "after": told["offences"],
        }
    )
    changed = changed.assign(change=changed["after"] - changed["before"])
    supplied_now = changed["before"].isna() != changed["after"].isna()
    changed = changed[changed["earlier"].notna() & (supplied_now | changed["change"].ne(0).fillna(False))]
    size = changed["change"].abs().fillna(0)
    return changed.loc[size.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def by_age(offence: str = "88A", *, among: Sequence[Release] | None = None) -> pd.DataFrame:
    """Return how often, and by how much, figures changed later, by how old they were when they were released.

    Parameters
    ----------
    offence
        A code, or ``sexual-offences``.
    among
        The releases to compare, oldest first; by default all that are held.

    Returns
    -------
    pandas.DataFrame
        Index ``age``: quarters before the release's newest, which is 0. Columns ``cells`` (force-quarters that both
        releases have), ``changed``, ``share`` (0 to 1), ``median`` and ``largest`` (absolute change among those
        that changed), ``net`` (sum of the changes) and ``net_percent`` (of the earlier figures' sum).

    Notes
    -----
    Each full release is held against the newest full one, if that is a year younger or more: a shorter time would
    take for final what has had no time to change.

    Examples
    --------
    >>> by_age().loc[[0, 4, 5], ["cells", "changed"]].values.tolist()
    [[44, 36], [44, 22], [44, 21]]
    """
    pairs = _pairs(offence, among)
    columns = ["cells", "changed", "share", "median", "largest", "net", "net_percent"]
    if not pairs:
        return pd.DataFrame(columns=columns, index=pd.Index([], name="age", dtype="int64"))
    parts = []
    for earlier, later in pairs:
        before, after = (releases.matrix(offence, release) for release in (earlier, later))
        both = pd.DataFrame({"before": before.stack(), "after": after.reindex(before.index).stack()}).dropna()
        ordinals = both.index.get_level_values("quarter").asi8  # type: ignore[attr-defined]
        parts.append(both.assign(age=earlier.covers.quarters.asi8[-1] - ordinals))
    told = pd.concat(parts)
    told = told.assign(change=(told["after"] - told["before"]).astype("int64"))
    ages = told.groupby("age")
    changes = told[told["change"] != 0].assign(size=lambda frame: frame["change"].abs()).groupby("age")["size"]
    found = pd.DataFrame(
        {
            "cells": ages.size(),
            "changed": changes.size(),
            "median": changes.median(),
            "largest": changes.max(),
            "net": ages["change"].sum(),
            "before": ages["before"].sum().astype("float64"),
        }
    )
    found = found.assign(
        changed=found["changed"].fillna(0).astype("int64"),
        median=found["median"].fillna(0),
        largest=found["largest"].fillna(0).astype("int64"),
        net_percent=100 * found["net"] / found["before"].where(found["before"] > 0),
    )
    return found.assign(share=found["changed"] / found["cells"])[columns]


def provisional_quarters(offence: str = "88A", *, among: Sequence[Release] | None = None) -> int:
    """Return how many of a release's newest quarters are provisional: at least half of their cells change later.

    Measured by :func:`by_age` once three pairs of full releases are held; until then the five that the first pair
    showed.

    Parameters
    ----------
    offence, among
        As there.

    Returns
    -------
    int

    Examples
    --------
    >>> provisional_quarters()
    5
    """
    if len(_pairs(offence, among)) < PAIRS_NEEDED:
        return register.NEWEST_PROVISIONAL
    often = by_age(offence, among=among)["share"] >= OFTEN
    return min(max(1, int(often.cumprod().sum())), register.MOST_PROVISIONAL)


def supplied_late(area_names: Sequence[str]) -> list[str]:
    """Return a sentence for each force that supplied figures only after they were due.

    Parameters
    ----------
    area_names
        Canonical names of the forces to speak of.

    Examples
    --------
    >>> supplied_late(["Kent", "Devon and Cornwall"])
    ['Devon and Cornwall did not supply figures for late 2022 at the time, and has supplied them since.']
    """
    return [
        f"{late.force} did not supply figures for {late.months} at the time, and has supplied them since."
        for late in load_register().supplied_late
        if late.force in area_names
    ]


def summary(area: Area, offence: str = "88A", *, most: int = 20) -> str:
    """Return, as plain text, what was revised for an area.

    Parameters
    ----------
    area
        One force or several.
    offence
        A code, or ``sexual-offences``.
    most
        How many of the largest changes to list.

    Returns
    -------
    str
        Quarters of which releases give different figures; the largest changes of single cells; and how often
        figures of all forces changed, by their age.
    """
    parts = (_differing(area, offence), _largest(area, offence, most), _ages(offence, most))
    return "\n\n".join(part for part in parts if part)


def _differing(area: Area, offence: str) -> str:
    told = of(area.names, offence)
    differing = told[told.drop(columns="difference").nunique(axis=1) > 1]
    sentence = f"{area.name}, code {offence}: {len(differing)} of {len(told)} quarters differ between releases."
    if differing.empty:
        return sentence
    rows = [[_quarter(quarter), *map(figure, row)] for quarter, row in _rows(differing)]
    return f"{sentence}\n\n{table_text(['quarter', *told.columns], rows)}"


def _largest(area: Area, offence: str, most: int) -> str:
    changed = cells(offence, area_names=area.names)
    if changed.empty:
        return ""
    rows = [
        [
            Cell(row["force"]),
            _quarter(row["quarter"]),
            *map(Cell, row[["earlier", "later"]]),
            *map(figure, row[["before", "after"]]),
        ]
        for _, row in _rows(changed.head(most))
    ]
    listed = table_text(["force", "quarter", "release", "later release", "before", "after"], rows)
    return f"Changes of single figures, the largest first ({len(rows)} of {len(changed)}):\n\n{listed}"


def _ages(offence: str, most: int) -> str:
    ages = by_age(offence)
    if ages.empty:
        return ""
    ages = ages.assign(share=100 * ages["share"])
    header = ["age", "cells", "changed", "% changed", "median change", "largest", "net change", "net %"]
    decimals = (0, 0, 1, 1, 0, 0, 1)
    rows = [
        [figure(age), *(figure(value, places) for value, places in zip(row, decimals, strict=True))]
        for age, row in _rows(ages.head(most))
    ]
    return (
        "All forces, by the age of a figure in quarters (0 is the newest of its release):\n\n"
        f"{table_text(header, rows)}\n\n"
        f"Provisional: the newest {load_register().provisional_quarters} quarters of a release."
    )


def _speaking(offence: str, among: Sequence[Release] | None = None) -> list[Release]:
    held = load_register().releases if among is None else among
    return [release for release in held if release.kind != "context" and release.holds(offence)]


def _pairs(offence: str, among: Sequence[Release] | None = None) -> list[tuple[Release, Release]]:
    full = [release for release in _speaking(offence, among) if release.kind == "full"]
    if not full:
        return []
    newest = full[-1]
    return [(release, newest) for release in full if newest.covers.last.ordinal - release.covers.last.ordinal >= 12]


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, Any]]:
    return frame.iterrows()


def _quarter(quarter: pd.Period) -> Cell:
    return Cell(quarter_label(quarter))
