"""A steady trend in counts, fitted on one side of a break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.arrays import Estimate, FloatArray, counts_of, exposures_of, tail_of

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

    ratio: Estimate[float]
    phi: float
    p: float
    fitted: FloatArray


def poisson_trend(
    counts: ArrayLike,
    times: ArrayLike,
    *,
    exposure: ArrayLike = 1,
    breaks: Sequence[float] = (),
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
    breaks
        Times at which a definition changed; a period at the break belongs to the new definition.
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
        If a break lies inside the times, or counts and times differ in length, or a time is missing.

    Notes
    -----
    Maximum likelihood. Standard errors are multiplied by √φ, φ being Pearson's chi-square over the points less
    two, and set against Student's t (quasi-Poisson: McCullagh and Nelder, 1989), but never made smaller than
    chance alone has them. Take the season out first, or give its factors as exposure.

    Examples
    --------
    >>> trend = poisson_trend([100, 110, 121, 133], [2019, 2020, 2021, 2022], breaks=[2017])
    >>> round(trend.ratio.value, 3), trend.phi
    (1.1, 1.0)
    """
    tail = tail_of(confidence)
    events, when = counts_of(counts, name="counts"), counts_of(times, name="times")
    sizes = np.broadcast_to(exposures_of(exposure), events.shape)
    _check_times(events, when, breaks)
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


def _check_times(events: FloatArray, when: FloatArray, breaks: Sequence[float]) -> None:
    if events.ndim != 1 or events.shape != when.shape:
        raise ValueError(f"times: found shapes {events.shape} and {when.shape}; give two lists of one length")
    if np.isnan(when).any():
        raise ValueError("times: found a missing time; give one for each count")
    for change in breaks:
        if when.size and when.min() < change <= when.max():
            raise ValueError(f"breaks: found a break at {change:g} inside the times; give the periods of one side only")


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
