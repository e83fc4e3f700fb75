"""A steady trend in counts, fitted on one side of a break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.arrays import Estimate, FloatArray, counts_of, exposures_of, tail_of

_ROUNDS = 100
_SETTLED = 1e-12


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
    Maximum likelihood by iteratively reweighted least squares. Standard errors are multiplied by √φ, φ being
    Pearson's chi-square over the points less two, and set against Student's t (quasi-Poisson: McCullagh and
    Nelder, 1989), but never made smaller than chance alone.

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
    centred = when - when[held].mean()
    level, slope, error = _fit(events[held], centred[held], sizes[held])
    fitted = sizes * np.exp(level + slope * centred)
    freedom = int(held.sum()) - 2
    phi = _phi(events[held], fitted[held], freedom)
    scale = error * np.sqrt(phi)
    reach = special.stdtrit(freedom, 1 - tail) * scale if freedom else np.nan
    p = 2 * special.stdtr(freedom, -abs(slope) / scale) if freedom else np.nan
    with np.errstate(over="ignore"):  # counts far from any trend leave its upper end without a bound
        ratio, low, high = np.exp([slope, slope - reach, slope + reach]).tolist()
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


def _fit(events: FloatArray, when: FloatArray, sizes: FloatArray) -> tuple[float, float, float]:
    """Fit level and slope of the log rate, and the slope's standard error by chance alone."""
    design, offset = np.column_stack([np.ones_like(when), when]), np.log(sizes)
    # From no trend at all the steps lead outwards; a fit to the logs would set out from the zeros, far beyond.
    coefficients = np.array([np.log(events.sum() / sizes.sum()), 0.0])
    for _ in range(_ROUNDS):
        mean = np.exp(design @ coefficients + offset)
        step = np.linalg.solve(_information(design, mean), design.T @ (events - mean))
        coefficients += step
        if np.abs(design @ step).max() < _SETTLED:
            break
    level, slope = coefficients
    return float(level), float(slope), float(np.sqrt(np.linalg.inv(_information(design, mean))[1, 1]))


def _information(design: FloatArray, mean: FloatArray) -> FloatArray:
    return np.asarray(design.T @ (mean[:, None] * design))


def _phi(events: FloatArray, fitted: FloatArray, freedom: int) -> float:
    if not freedom:
        return np.nan
    return max(1.0, float(((events - fitted) ** 2 / fitted).sum()) / freedom)
