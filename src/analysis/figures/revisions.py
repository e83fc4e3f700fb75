"""What each release said of the same quarters, which cells changed, and how large changes are by the age of a figure."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analysis.figures import tables
from analysis.figures.register import Release, load_register
from analysis.figures.tables import Cells
from analysis.terms import areas
from analysis.terms.areas import Area
from analysis.terms.offences import Offence

if TYPE_CHECKING:
    import pandas as pd

_CHANGES = ["offence", "force", "quarter", "earlier", "later", "before", "after", "change"]


@dataclass(frozen=True)
class Revisions:
    """What was revised of an area's figures of an offence.

    Attributes
    ----------
    area, offence
        Of what.
    by_quarter
        As :func:`of` gives it.
    changes
        As :func:`cells` gives them, for the area's forces.
    """

    area: Area
    offence: Offence
    by_quarter: pd.DataFrame
    changes: pd.DataFrame


def found(area: Area, offence: str = "88A", *, since: str | None = None) -> Revisions:
    """Return what was revised of an area's figures.

    Parameters
    ----------
    area
        One force or several.
    offence
        A code, family or group.
    since
        The oldest release to look at; by default the oldest that is held.

    Raises
    ------
    RequestError
        If no release held has figures of the offence, or none is called `since`.
    """
    known = load_register()
    among = [r for r in known.releases if since is None or r.order >= known.release(since).order]
    speaking = _speaking(offence, among) or [known.release(since or "latest")]
    return Revisions(
        area,
        speaking[-1].offence(offence),
        of(area.names, offence, among=among),
        cells(offence, area_names=area.names, among=among),
    )


def of(area_names: Sequence[str], offence: str = "88A", *, among: Sequence[Release] | None = None) -> pd.DataFrame:
    """Return what each release said of an area, for the quarters that two or more speak of.

    Parameters
    ----------
    area_names
        Canonical names of the area's forces.
    offence
        A code, family or group.
    among
        The releases to look at, oldest first; by default all that are held.

    Returns
    -------
    pandas.DataFrame
        Index ``quarter`` (``Period[Q-MAR]``); one column for each full or partial release that holds the offence,
        oldest first, ``Int64``, ``<NA>`` where it has no figure; and ``difference``, the newest figure less the oldest.

    Examples
    --------
    >>> table = of(["West Midlands"])
    >>> table.loc["2022Q1", ["2023-10-19", "2026-04-23", "difference"]].tolist()
    [26, 67, 41]
    """
    import pandas as pd

    told = {each.id: tables.matrix(offence, each)[[*area_names]] for each in _speaking(offence, among)}
    table = pd.DataFrame({name: wide.sum(axis=1, skipna=False) for name, wide in told.items()}).astype("Int64")
    table = table[table.notna().sum(axis=1) > 1].sort_index().rename_axis("quarter")
    if table.empty:
        return table.assign(difference=pd.array([], dtype="Int64"))
    return table.assign(difference=table.ffill(axis=1).iloc[:, -1] - table.bfill(axis=1).iloc[:, 0])


def cells(
    offence: str | None = "88A", *, area_names: Sequence[str] = areas.NAMES, among: Sequence[Release] | None = None
) -> pd.DataFrame:
    """Return every force-quarter that a release gave another figure for than the last release before it.

    Parameters
    ----------
    offence
        A code, family or group; None for every code by itself.
    area_names
        Canonical names of the forces to look at.
    among
        The releases to look at, oldest first; by default all that are held.

    Returns
    -------
    pandas.DataFrame
        Columns ``offence``, ``force``, ``quarter``, ``earlier`` and ``later`` (releases), ``before`` and ``after``
        (``Int64``, ``<NA>`` where a release says that the figure was not supplied) and ``change`` (``Int64``), the
        largest changes first.

    Examples
    --------
    >>> changed = cells(area_names=["West Midlands"])
    >>> str(changed["quarter"][0]), int(changed["before"][0]), int(changed["after"][0])
    ('2022Q1', 26, 67)
    """
    import pandas as pd

    speaking = _speaking(offence, among)
    if not speaking:
        return pd.DataFrame(columns=_CHANGES)
    table = pd.concat([_figures(release, offence).rows.assign(release=release.id) for release in speaking])
    table = table[table.index.isin(area_names, level="force")]
    # The sort is stable, so that releases stay oldest first within a cell.
    table = table.sort_index(kind="stable").reset_index()
    of_cell = table.groupby(["offence", "force", "quarter"], sort=False)
    table = table.assign(earlier=of_cell["release"].shift(), before=of_cell["offences"].shift().astype("Int64"))
    table = table.rename(columns={"release": "later", "offences": "after"})
    table = table.assign(change=table["after"] - table["before"])
    is_supplied_now = table["before"].isna() != table["after"].isna()
    changed = table[table["earlier"].notna() & (is_supplied_now | table["change"].ne(0).fillna(False))]
    by_size = changed.sort_values("change", key=lambda change: change.abs().fillna(0), ascending=False, kind="stable")
    return by_size[_CHANGES].reset_index(drop=True)


def by(
    part: Literal["age", "force", "offence"], offence: str | None = None, *, among: Sequence[Release] | None = None
) -> pd.DataFrame:
    """Return how often, and by how much, figures changed later, by how old they were when they were released, by force or by offence.

    Parameters
    ----------
    part
        What a row is of. An age is in quarters before the release's newest, which is 0.
    offence
        A code, family or group; None for every code by itself.
    among
        The releases to compare, oldest first; by default all that are held.

    Returns
    -------
    pandas.DataFrame
        Index `part`, in its order. Columns ``cells`` (force-quarters that both releases have), ``changed``, ``share`` (0 to 1),
        ``median`` and ``largest`` (absolute change among those that changed), ``net`` (sum of the changes) and ``net_percent`` (of the
        earlier figures' sum).

    Notes
    -----
    Each full release is held against the newest full one, if that is a year younger or more: a shorter time would
    take for final what has had no time to change.

    Examples
    --------
    >>> by("age", "88A").loc[[0, 4, 5], ["cells", "changed"]].values.tolist()
    [[44, 36], [44, 22], [44, 21]]
    >>> by("force").loc[["Kent", "Wiltshire"], "cells"].tolist()
    [5872, 5872]
    """
    import pandas as pd

    parts = [_aged(earlier, later, offence) for earlier, later in pairs(offence, among=among)]
    both = pd.concat(parts) if parts else pd.DataFrame(columns=[part, "before", "change"], dtype="int64")
    size = both["change"].abs()
    measures = {"change": ["size", "sum"], "size": ["count", "median", "max"], "before": ["sum"]}
    found = both.assign(size=size.where(size > 0)).groupby(part).agg(measures)
    found.columns = pd.Index(["cells", "net", "changed", "median", "largest", "before"])
    found = found.fillna(0).astype({"largest": "int64"})
    net_percent = 100 * found["net"] / found["before"].where(found["before"] > 0)
    found = found.assign(share=found["changed"] / found["cells"], net_percent=net_percent)
    return found[["cells", "changed", "share", "median", "largest", "net", "net_percent"]]


def pairs(offence: str | None = None, *, among: Sequence[Release] | None = None) -> list[tuple[Release, Release]]:
    """Return each full release that has had time to change, with the newest full one.

    Parameters
    ----------
    offence
        A code, family or group that both must hold; None for any.
    among
        The releases to look at, oldest first; by default all that are held.

    Examples
    --------
    >>> [(earlier.id, later.id) for earlier, later in pairs("88A")]
    [('2023-10-19', '2026-04-23')]
    """
    full = [release for release in _speaking(offence, among) if release.kind == "full"]
    if not full:
        return []
    newest = full[-1]
    return [(release, newest) for release in full if newest.covers.last.ordinal - release.covers.last.ordinal >= 12]


@functools.lru_cache(maxsize=2)  # one page asks by age, by force and by offence
def _aged(earlier: Release, later: Release, offence: str | None) -> pd.DataFrame:
    """Return each figure that both releases have, by its age in the earlier one, with its later change."""
    import pandas as pd

    told = {name: _figures(each, offence).series for name, each in (("before", earlier), ("after", later))}
    both = pd.DataFrame(told).dropna()
    newest = earlier.covers.quarters.asi8[-1]
    ordinals = both.index.get_level_values("quarter").asi8  # type: ignore[attr-defined]
    return both.assign(age=newest - ordinals, change=both["after"] - both["before"]).astype("int64")


def _figures(release: Release, offence: str | None) -> Cells:
    """Return an offence's figures, its codes added up; or those of every code."""
    if offence is None:
        return release.cells(release.codes)
    found = release.offence(offence)
    cells = release.cells(found.codes)
    return Cells((found.code,), cells.covers, cells.total[None])


def _speaking(offence: str | None, among: Sequence[Release] | None = None) -> list[Release]:
    everything = load_register().releases if among is None else among
    return [
        release for release in everything if release.kind != "context" and (offence is None or release.holds(offence))
    ]
