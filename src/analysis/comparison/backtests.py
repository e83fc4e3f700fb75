"""Back-tests: how often the ranges of a page held in years that were kept out of what they were made from."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Literal

from analysis import files
from analysis.terms.offences import Offence

if TYPE_CHECKING:
    import pandas as pd

POOR = 85.0  # of a hundred ranges of 95%, under which a year is named where the range stands
Foreseen = Literal["change", "next_year", "place", "settling"]


def coverage(what: str) -> pd.DataFrame:
    """Return how often one kind of range held for every reviewed offence, the one with the worst year first.

    Parameters
    ----------
    what
        ``change``: whether the range of a force's change on the year before held the change of all others; ``next_year``: whether the
        range foreseen from the year before held its count; ``place``: whether the range of places foreseen held its place by rate;
        ``settling``: whether the range of what later releases make of a count held what the newest has; ``kept``: whether a change was
        still there a year later.

    Returns
    -------
    pandas.DataFrame
        As ``data/coverage.py`` measured it, one row an offence, the worst first, and one of all together, the last: ``offence`` (its code, or ``all``),
        ``ranges`` (how many were tried), ``pooled``, ``quartile_1`` to ``quartile_4`` (small forces to large), ``year_…`` for each of the
        newest five years, ``worst`` of these and ``said``, how many were to hold (all in per cent; NaN where nothing was tried), ``width``
        and ``score`` (means).

    Examples
    --------
    >>> coverage("change")["offence"].iloc[[0, -1]].tolist()
    ['39', 'all']
    """
    import pandas as pd

    found = pd.read_csv(files.shipped("data", "raw", "coverage.csv"))
    found = found[found["what"] == what].drop(columns="what")
    whole = found["offence"] == "all"
    return pd.concat([found[~whole].sort_values(["worst", "offence"]), found[whole]], ignore_index=True)


def screen_tried() -> pd.DataFrame:
    """Return what the screen of changes rests on, and what it can see, as ``data/screen.py`` measured them.

    Returns
    -------
    pandas.DataFrame
        ``what``: ``rise-30`` or ``rise-50``, of a hundred areas and offences how many would be named if they rose by so many per cent from
        ``at`` offences a year; or ``tails``, how many changes in a hundred, in years kept out, lay over ``at`` usual deviations from none.
        ``forces`` and ``nation`` (with its regions) have these; ``forces_of`` and ``nation_of``, how many were tried.

    Examples
    --------
    >>> screen_tried()["what"].unique().tolist()
    ['rise-30', 'rise-50', 'tails']
    """
    import pandas as pd

    return pd.read_csv(files.shipped("data", "raw", "screen.csv"))


def poor_years(offence: Offence, what: Foreseen = "change") -> dict[int, float]:
    """Return the newest years in which fewer than 85 in a hundred ranges of forces held, with their number.

    Parameters
    ----------
    offence
        An offence that was reviewed; of any other nothing is known, and the answer is empty.
    what
        Which ranges, as :func:`coverage` has them.

    Returns
    -------
    dict of int to float
        Ranges that held, in a hundred, by the year that they were for.

    Examples
    --------
    >>> from analysis.terms import offences
    >>> sorted(poor_years(offences.find("46"))), sorted(poor_years(offences.find("46"), "next_year"))
    ([2023, 2024], [2022, 2023])
    """
    return _poor().get((what, offence.code), {})


@functools.cache
def _poor() -> dict[tuple[str, str], dict[int, float]]:
    found: dict[tuple[str, str], dict[int, float]] = {}
    for row in files.rows("coverage.csv"):
        years = {
            int(name.removeprefix("year_")): float(held)
            for name, held in row.items()
            if name.startswith("year_") and held
        }
        found[row["what"], row["offence"]] = {year: held for year, held in years.items() if held < POOR}
    return found
