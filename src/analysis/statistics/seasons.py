"""The season in quarterly counts: whether there is one, how large, and the counts without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.statistics.arrays import BoolArray, FloatArray, IntArray, counts_of

_QUARTERS = 4
_ROUNDS = 1000
_SETTLED = 1e-13


@dataclass(frozen=True)
class Season:
    """How the quarters of the year differ, year by year held apart.

    Attributes
    ----------
    factors
        Each quarter's count over the average quarter of its year, first to fourth; their mean is 1.
    f
        F statistic of the quarters' differences.
    p
        Probability of differences so large, were there no season.
    phi
        Scatter about year and quarter as a multiple of chance, never under 1.
    """

    factors: FloatArray
    f: float
    p: float
    phi: float


def quarter_season(counts: ArrayLike, years: ArrayLike, quarters: ArrayLike) -> Season:
    """Test whether the quarters of the year differ, and by what factors.

    Parameters
    ----------
    counts
        Events, one a quarter; a missing one is left out.
    years
        The financial year of each count, written in any way.
    quarters
        The quarter of each count, 1 to 4.

    Returns
    -------
    Season
        All NaN where a count is negative or no year with an event is held whole; with one year alone there
        are factors but no test.

    Raises
    ------
    ValueError
        If the three are not lists of one length, a quarter is not 1 to 4, or one stands twice.

    Notes
    -----
    A Poisson model with a level for each year and a factor for each quarter, fitted by iterative proportional
    fitting, against one with years alone: the fall in deviance by its degrees of freedom and by φ is set
    against F (McCullagh and Nelder, 1989). φ is Pearson's chi-square over its degrees of freedom, never taken
    under 1, so that an even series is not called seasonal. Growth within the years counts towards the season:
    at 4% a year the fourth quarter stands 3% above the first.

    Examples
    --------
    >>> season = quarter_season([90, 100, 100, 110] * 3, [1] * 4 + [2] * 4 + [3] * 4, [1, 2, 3, 4] * 3)
    >>> season.factors
    array([0.9, 1. , 1. , 1.1])
    """
    events, labels, places = counts_of(counts, name="counts"), np.asarray(years), _places(quarters)
    if events.ndim != 1 or not events.shape == labels.shape == places.shape:
        raise ValueError(
            f"counts: found shapes {events.shape}, {labels.shape}, {places.shape}; give lists of one length"
        )
    held = np.isfinite(events) & _in_years_with_events(events, labels)
    events, places = events[held], places[held]
    year_of = np.unique(labels[held], return_inverse=True)[1]
    if np.unique(year_of * _QUARTERS + places).size < events.size:
        raise ValueError("quarters: found one quarter of a year twice; give each once")
    if (events < 0).any() or not events.size or np.bincount(year_of).max() < _QUARTERS:
        return Season(factors=np.full(_QUARTERS, np.nan), f=np.nan, p=np.nan, phi=np.nan)
    levels, factors = _levels_and_factors(events, year_of, places)
    f, p, phi = _test(events, year_of, levels[year_of] * factors[places])
    return Season(factors=factors, f=f, p=p, phi=phi)


def seasonally_adjusted(counts: ArrayLike, quarters: ArrayLike, factors: ArrayLike) -> FloatArray:
    """Take the season out of quarterly counts.

    Parameters
    ----------
    counts
        Events, one a quarter.
    quarters
        The quarter of each count, 1 to 4.
    factors
        Four factors whose mean is 1 (`quarter_season`), best taken from all groups together: those of one
        small group are mostly chance.

    Returns
    -------
    ndarray of float
        Each count over its quarter's factor; NaN where the count is missing.

    Raises
    ------
    ValueError
        If a quarter is not 1 to 4 or there are not four factors above zero.

    Examples
    --------
    >>> seasonally_adjusted([90, 110], [1, 4], [0.9, 1.0, 1.0, 1.1])
    array([100., 100.])
    """
    divisors = counts_of(factors, name="factors")
    if divisors.shape != (_QUARTERS,) or not (divisors > 0).all():
        raise ValueError(f"factors: found {divisors.tolist()}; give four numbers above zero")
    return counts_of(counts, name="counts") / divisors[_places(quarters)]


def _places(quarters: ArrayLike) -> IntArray:
    array = np.asarray(quarters)
    strange = array[~np.isin(array, np.arange(1, _QUARTERS + 1))]
    if strange.size:
        raise ValueError(f"quarters: found {strange.flat[0]}; give 1, 2, 3 or 4")
    return array.astype(np.int64) - 1


def _in_years_with_events(events: FloatArray, labels: NDArray[Any]) -> BoolArray:
    """Mark the years that bear on the season: in the others every quarter is zero, whatever its factor."""
    return np.isin(labels, labels[np.isfinite(events) & (events != 0)])


def _levels_and_factors(events: FloatArray, year_of: IntArray, places: IntArray) -> tuple[FloatArray, FloatArray]:
    """Fit year levels and quarter factors so that both sets of totals are those recorded."""
    by_year, by_quarter = np.bincount(year_of, events), np.bincount(places, events, minlength=_QUARTERS)
    factors = np.ones(_QUARTERS)
    for _ in range(_ROUNDS):
        levels = by_year / np.bincount(year_of, factors[places])
        renewed = by_quarter / np.bincount(places, levels[year_of], minlength=_QUARTERS)
        renewed /= renewed.mean()
        if np.abs(renewed - factors).max() < _SETTLED:
            break
        factors = renewed
    return levels, factors


def _test(events: FloatArray, year_of: IntArray, fitted: FloatArray) -> tuple[float, float, float]:
    """Set years and quarters against years alone."""
    quarters_held = np.bincount(year_of)
    freedom = events.size - quarters_held.size - (_QUARTERS - 1)
    if freedom <= 0:
        return np.nan, np.nan, np.nan
    years_alone = (np.bincount(year_of, events) / quarters_held)[year_of]
    seen, possible = events > 0, fitted > 0
    deviance = 2 * (events[seen] * np.log(fitted[seen] / years_alone[seen])).sum()
    chi_square = ((events[possible] - fitted[possible]) ** 2 / fitted[possible]).sum()
    phi = max(1.0, float(chi_square) / freedom)
    f = max(0.0, float(deviance) / (_QUARTERS - 1) / phi)
    return f, float(special.fdtrc(_QUARTERS - 1, freedom, f)), phi
