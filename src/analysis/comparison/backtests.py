"""Back-tests: how often the ranges of a page held in years that were kept out of what they were made from."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING

from analysis import files
from analysis.comparison.counts import count
from analysis.comparison.judgement import judge
from analysis.figures.register import Release
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

POOR = 85.0  # of a hundred ranges of 95%, under which a year is named where the range stands


def coverage(what: str) -> pd.DataFrame:
    """Return how often one kind of range held for every reviewed offence, the one with the worst year first.

    Parameters
    ----------
    what
        ``change``: whether the range of a force's change on the year before held the change of all others; ``next_year``: whether the
        range foreseen from the year before held its count; ``place``: whether the range of places foreseen held its place by rate;
        ``kept``: whether a change was still there a year later.

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


def poor_years(offence: Offence) -> dict[int, float]:
    """Return the newest years in which fewer than 85 in a hundred ranges of a force's change held, with their number.

    Parameters
    ----------
    offence
        An offence that was reviewed; of any other nothing is known, and the answer is empty.

    Returns
    -------
    dict of int to float
        Ranges that held, in a hundred, by the year in which the change ended.

    Examples
    --------
    >>> sorted(poor_years(offences.find("46")))
    [2023, 2024]
    """
    years = _changes().get(offence.code, {})
    found = {
        int(name.removeprefix("year_")): float(held)
        for name, held in years.items()
        if name.startswith("year_") and held
    }
    return {year: held for year, held in found.items() if held < POOR}


@functools.cache
def _changes() -> dict[str, dict[str, str]]:
    return {row["offence"]: row for row in files.rows("coverage.csv") if row["what"] == "change"}


def taken_back(earlier: Release, later: Release) -> tuple[int, int]:
    """Return how many readings of forces' newest year in a release were no longer the reading in a later one, and of how many.

    Parameters
    ----------
    earlier, later
        Full releases; every reviewed offence and force is read of the earlier one's last four quarters against those before.
    """
    now = Period(earlier.covers.last.shift(-11), earlier.covers.last)
    back = read = 0
    held = (each for each in offences.listed() if each.reviewed and earlier.holds(each.code) and later.holds(each.code))
    for offence, force in itertools.product(held, areas.FORCES):
        then, after = (
            judge(*(count(Area.of(force), offence, release, period) for period in (now, now.shift(-12))))
            for release in (earlier, later)
        )
        reading = then.change.reading if then.like_for_like and then.change else None
        if reading in {"more", "fewer"}:
            read += 1
            back += not after.change or after.change.reading != reading
    return back, read
