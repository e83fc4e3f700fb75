"""The season and the steady trend in counts of one definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.statistics.arrays import BoolArray, Estimate, FloatArray, IntArray, counts_of, exposures_of, tail_of

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


def quarter_season(counts: ArrayLike, years: Sequence[object] | ArrayLike, quarters: ArrayLike) -> Season:
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


# Logarithm of the largest float over the smallest
_FLOAT_RANGE = 1500


@dataclass(frozen=True)
class Trend:
    """A log-linear trend and how far the counts scatter around it.

    Attributes
    ----------
    ratio
        What the rate is multiplied by in one unit of time, with its interval.
    phi
        Pearson's dispersion about the trend as a multiple of chance, never under 1.
    p
        Two-sided probability of so steep a trend, were there none.
    fitted
        Counts along the trend, one a point, also where the count is missing.
    """

    ratio: Estimate
    phi: float
    p: float
    fitted: FloatArray


def poisson_trend(
    counts: ArrayLike,
    times: ArrayLike,
    *,
    exposure: ArrayLike = 1,
    confidence: float = 0.95,
) -> Trend:
    """Fit a log-linear Poisson trend with over-dispersion.

    Parameters
    ----------
    counts
        Events, one a period; a missing one is left out of the fit.
    times
        When each period stands: the unit (a quarter, a year) is the unit of the ratio.
    exposure
        Months, residents or quarter factors (`quarter_season`) that the rate is relative to.
    confidence
        Share of such intervals that hold the true ratio, about.

    Returns
    -------
    Trend
        All NaN where a count is negative or all events stand at one end of the span, so that no finite trend
        fits best. With two points the ratio has no interval.

    Raises
    ------
    ValueError
        If counts and times differ in length, or a time is missing.

    Notes
    -----
    Maximum likelihood. Standard errors are multiplied by √φ, φ being Pearson's chi-square over the points less
    two, and set against Student's t (quasi-Poisson: McCullagh and Nelder, 1989), but never made smaller than
    chance alone has them. Take the season out first, or give its factors as exposure.

    Examples
    --------
    >>> trend = poisson_trend([100, 110, 121, 133], [2019, 2020, 2021, 2022])
    >>> round(trend.ratio.value, 3), trend.phi
    (1.1, 1.0)
    """
    tail = tail_of(confidence)
    events, when = counts_of(counts, name="counts"), counts_of(times, name="times")
    sizes = np.broadcast_to(exposures_of(exposure), events.shape)
    _check_times(events, when)
    held = np.isfinite(events) & np.isfinite(sizes)
    if not _has_best_trend(events[held], when[held]):
        return Trend(Estimate(np.nan, np.nan, np.nan), np.nan, np.nan, np.full(events.shape, np.nan))
    slope = _slope(events[held], when[held], sizes[held])
    total, shares = events[held].sum(), _shares(slope, when[held], sizes[held])
    freedom = int(held.sum()) - 2
    phi = _phi(events[held], total * shares, freedom)
    mean_time = (shares * when[held]).sum()
    error = np.sqrt(phi / (total * (shares * (when[held] - mean_time) ** 2).sum()))
    reach = special.stdtrit(freedom, 1 - tail) * error if freedom else np.nan
    p = 2 * special.stdtr(freedom, -abs(slope) / error) if freedom else np.nan
    level = np.log(total) - _log_sum(np.log(sizes[held]) + slope * when[held])
    with np.errstate(over="ignore"):  # counts far from any trend leave its upper end without a bound
        ratio, low, high = np.exp([slope, slope - reach, slope + reach]).tolist()
        fitted = np.exp(level + np.log(sizes) + slope * when)
    return Trend(ratio=Estimate(ratio, low, high), phi=phi, p=float(p), fitted=fitted)


def _check_times(events: FloatArray, when: FloatArray) -> None:
    if events.ndim != 1 or events.shape != when.shape:
        raise ValueError(f"times: found shapes {events.shape} and {when.shape}; give two lists of one length")
    if np.isnan(when).any():
        raise ValueError("times: found a missing time; give one for each count")


def _has_best_trend(events: FloatArray, when: FloatArray) -> bool:
    """Whether a finite slope is likeliest: the mean time of the events lies strictly inside the span."""
    if (events < 0).any() or not events.any():
        return False
    times_with_events = when[events > 0]
    return bool(times_with_events.max() > when.min() and times_with_events.min() < when.max())


def _slope(events: FloatArray, when: FloatArray, sizes: FloatArray) -> float:
    """Find the likeliest slope: the one whose trend has the mean time of the events.

    That mean time only rises with the slope, so halving finds it whatever the counts, where Newton's steps go
    astray on counts far from any trend.
    """
    mean_time = (events * when).sum() / events.sum()
    # So steep that a step in time takes a count beyond what a float can hold
    steepest = (_FLOAT_RANGE + np.ptp(np.log(sizes))) / np.diff(np.unique(when)).min()
    low, high = -steepest, steepest
    while low < (middle := (low + high) / 2) < high:
        late = (_shares(middle, when, sizes) * when).sum() > mean_time
        low, high = (low, middle) if late else (middle, high)
    return float(middle)


def _shares(slope: float, when: FloatArray, sizes: FloatArray) -> FloatArray:
    """Share of all events that falls to each period along a trend."""
    logs = np.log(sizes) + slope * when
    return np.asarray(np.exp(logs - _log_sum(logs)))


def _log_sum(logs: FloatArray) -> float:
    """Log of the sum of exponentials, without overflow."""
    return float(logs.max() + np.log(np.exp(logs - logs.max()).sum()))


def _phi(events: FloatArray, fitted: FloatArray, freedom: int) -> float:
    if not freedom:
        return np.nan
    possible = fitted > 0
    with np.errstate(over="ignore"):  # infinite for counts far from any trend
        chi_square = ((events[possible] - fitted[possible]) ** 2 / fitted[possible]).sum()
    return max(1.0, float(chi_square) / freedom)
