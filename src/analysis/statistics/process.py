"""Process charts: the limits within which a stable series keeps, the rules that mark a change, and how often they are wrong."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.arrays import BoolArray, FloatArray, IntArray, exposures_of, series_of

# Shewhart's constants for moving ranges of two points: three standard errors of a value, and of a range.
_LIMIT = 2.66
_RANGE_LIMIT = 3.267

_FIRM_POINTS = 12
_LEAST_MEDIAN = 5


@dataclass(frozen=True)
class ProcessLimits:
    """The centre and limits of a series, point by point, begun anew at each rebasing.

    Attributes
    ----------
    centre
        Mean of the point's segment.
    sigma
        A third of the way from centre to limit, as the chart takes it; NaN where there are too few points.
    low
        Lower process limit.
    high
        Upper process limit.
    segment
        Which segment each point is in, from 0.
    trial
        Whether the segment holds fewer than 12 points, so that its limits are trial limits.
    """

    centre: FloatArray
    sigma: FloatArray
    low: FloatArray
    high: FloatArray
    segment: IntArray
    trial: BoolArray

    @property
    def parts(self) -> list[slice]:
        """The stretch of points that each segment takes."""
        return _parts(self.segment)


def xmr_limits(
    values: ArrayLike, *, rebase: Sequence[int] = (), screened: bool = True, course: ArrayLike = 0.0
) -> ProcessLimits:
    """Find the limits of an XmR chart: single values, and how much each differs from the last.

    Parameters
    ----------
    values
        The series, along the last axis. A missing point does not enter the limits, nor do the ranges beside
        it.
    rebase
        Positions, from 1, at which a new segment with limits of its own begins, such as at a break.
    screened
        Whether moving ranges that reach their own limit are left out, once, so that a single far point does
        not widen the limits that should show it.
    course
        What the level is fitted to do, such as a trend: limits lie about it.

    Returns
    -------
    ProcessLimits
        In the shape of the values. The lower limit may be below zero.

    Raises
    ------
    ValueError
        If a value is infinite, there is none, or `rebase` does not rise from 1 to the last position.

    Notes
    -----
    NHS England's Making Data Count, as in NHSRplotthedots: mean ± 2.66 times the mean moving range, ranges of
    3.267 times their mean or more screened out once. With fewer than 12 points the limits are on trial.

    Examples
    --------
    >>> limits = xmr_limits([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
    >>> round(limits.centre[0], 2), round(limits.low[0], 2), round(limits.high[0], 2)
    (np.float64(1.94), np.float64(-0.72), np.float64(4.6))
    """
    level = np.asarray(course, dtype=np.float64)
    series = series_of(values) - level
    segment = _segments(series.shape[-1], rebase)
    centre, sigma = np.empty(series.shape), np.empty(series.shape)
    for part in _parts(segment):
        held = series[..., part]
        centre[..., part] = _mean(held)
        sigma[..., part] = _LIMIT / 3 * _mean_moving_range(held, screened=screened)
    centre = centre + level
    return ProcessLimits(
        centre,
        sigma,
        centre - 3 * sigma,
        centre + 3 * sigma,
        segment,
        _on_trial(np.isfinite(series), segment),
    )


def chartable(values: ArrayLike) -> bool:
    """Tell whether a series is large enough for a process chart: its median is at least 5.

    Parameters
    ----------
    values
        The series; missing points are left out.

    Returns
    -------
    bool
        Below that, counts are too uneven for limits that lie as far above the mean as below.

    Examples
    --------
    >>> chartable([3, 4, 9]), chartable([3, 5, 9])
    (False, True)
    """
    series = series_of(values)
    held = series[np.isfinite(series)]
    return held.size > 0 and float(np.median(held)) >= _LEAST_MEDIAN


def _segments(points: int, rebase: Sequence[int]) -> IntArray:
    edges = [0, *rebase, points]
    if any(later <= earlier for earlier, later in itertools.pairwise(edges)):
        raise ValueError(f"rebase: found {list(rebase)}; give rising positions from 1 to {points - 1}")
    return np.repeat(np.arange(len(edges) - 1), np.diff(edges))


def _parts(segment: IntArray) -> list[slice]:
    edges = [0, *(np.flatnonzero(np.diff(segment)) + 1).tolist(), segment.size]
    return [slice(start, end) for start, end in itertools.pairwise(edges)]


def _on_trial(held: BoolArray, segment: IntArray) -> BoolArray:
    trial = np.empty(held.shape, dtype=bool)
    for part in _parts(segment):
        trial[..., part] = held[..., part].sum(axis=-1, keepdims=True) < _FIRM_POINTS
    return trial


def _mean(values: FloatArray) -> FloatArray:
    """Mean along the last axis of what is held, NaN where nothing is, without NumPy's warning."""
    held = np.isfinite(values)
    count = held.sum(axis=-1, keepdims=True)
    total = np.where(held, values, 0).sum(axis=-1, keepdims=True)
    return np.asarray(total / np.where(count, count, np.nan))


def _mean_moving_range(values: FloatArray, *, screened: bool) -> FloatArray:
    ranges = np.abs(np.diff(values, axis=-1))
    mean = _mean(ranges)
    if not screened:
        return mean
    # Where every range is zero the screen would leave none, and the mean range is zero either way.
    return _mean(np.where((ranges < _RANGE_LIMIT * mean) | (mean == 0), ranges, np.nan))


_RUN = 7
_WITHIN = 3
_OUTER = 2

# A value within this share of the mean counts as on it: means of fractions are not exact.
_ON_THE_MEAN = 1e-9


@dataclass(frozen=True)
class Signals:
    """Which points show special cause, by rule; a pattern marks every point that belongs to it.

    Attributes
    ----------
    outside
        Outside the process limits.
    shift
        One of at least 7 in a row on one side of the mean.
    trend
        One of at least 7 in a row, each above the last, or each below.
    two_of_three
        In the outer third, as is another of 3 in a row that all lie on its side of the mean.
    """

    outside: BoolArray
    shift: BoolArray
    trend: BoolArray
    two_of_three: BoolArray

    @property
    def special(self) -> BoolArray:
        """Points that any rule marks."""
        return np.asarray(self.outside | self.shift | self.trend | self.two_of_three)


@dataclass(frozen=True)
class FalseSignals:
    """What the rules find in series where nothing happens.

    Attributes
    ----------
    share
        Share of stable series with at least one marked point.
    points
        Marked points to expect in one series.
    """

    share: float
    points: float


def signals(values: ArrayLike, limits: ProcessLimits) -> Signals:
    """Find the points of special cause by the four rules of NHS Making Data Count.

    Parameters
    ----------
    values
        The series whose limits these are.
    limits
        Of `xmr_limits`.

    Returns
    -------
    Signals
        In the shape of the values. No pattern runs across a rebasing or a missing point, and a point on the
        mean ends a run.

    Raises
    ------
    ValueError
        If values and limits differ in shape.

    Notes
    -----
    As in NHSRplotthedots: a trend of 7 points is 6 steps; the outer third is from two thirds of the way to
    the limit up to the limit itself, and only points in it are marked.

    Examples
    --------
    >>> values = [5, 4, 6, 5, 4, 6, 5, 14, 5, 4, 6, 5]
    >>> signals(values, xmr_limits(values)).outside.nonzero()[0]
    array([7])
    """
    series = series_of(values)
    if series.shape != limits.centre.shape:
        raise ValueError(f"values: found shape {series.shape}; give the series of the limits, {limits.centre.shape}")
    deviation = series - limits.centre
    deviation = np.where(np.abs(deviation) <= _ON_THE_MEAN * np.abs(limits.centre), 0.0, deviation)
    outside = (deviation > limits.high - limits.centre) | (deviation < limits.low - limits.centre)
    outer = ~outside & (np.abs(deviation) > _OUTER * limits.sigma)
    shift, trend, two_of_three = (np.zeros(series.shape, dtype=bool) for _ in range(3))
    for part in limits.parts:
        shift[..., part] = _in_runs_on_one_side(deviation[..., part])
        trend[..., part] = _in_runs_of_steps(series[..., part])
        two_of_three[..., part] = _in_two_of_three(deviation[..., part], outer[..., part])
    return Signals(outside, shift, trend, two_of_three)


def expected_false_signals(
    points: int,
    *,
    mean: ArrayLike,
    rebase: Sequence[int] = (),
    c: float = 1,
    tau: float = 0,
    simulations: int = 10_000,
    seed: int = 88,
) -> FalseSignals:
    """Find how many points the rules mark in a series that is stable between steps, where every mark is false.

    Parameters
    ----------
    points
        Length of the series.
    mean
        Events to expect, at every point or at each.
    rebase
        Positions, from 1, at which limits begin anew.
    c, tau
        The noise: a count of the mean μ has the variance c·μ + τ²·μ². By default it is Poisson's, chance alone.
    simulations
        Series drawn.
    seed
        Of the random numbers, so that the answer is the same each time.

    Returns
    -------
    FalseSignals
        From series of independent counts, gamma-Poisson where they vary more than Poisson's, each with limits of its own
        (`xmr_limits`, screened).

    Raises
    ------
    ValueError
        If there is no point or series to draw, or a mean is not above zero.

    Examples
    --------
    >>> 0.25 < expected_false_signals(35, mean=40).share < 0.4
    True
    """
    if points < 1 or simulations < 1:
        raise ValueError(f"points: found {points} points and {simulations} simulations; give at least 1 of each")
    means = np.broadcast_to(exposures_of(mean, name="mean"), (simulations, points))
    random = np.random.default_rng(seed)
    beyond = np.maximum(0, c - 1 + tau**2 * means)  # variance over the mean, beyond chance
    if beyond.all():
        means = random.gamma(means / beyond, beyond)
    stable = random.poisson(means).astype(np.float64)
    special = signals(stable, xmr_limits(stable, rebase=rebase)).special
    return FalseSignals(share=float(special.any(axis=-1).mean()), points=float(special.sum(axis=-1).mean()))


def _in_runs_on_one_side(deviation: FloatArray) -> BoolArray:
    return _marked(deviation > 0, _RUN) | _marked(deviation < 0, _RUN)


def _in_runs_of_steps(values: FloatArray) -> BoolArray:
    steps = np.diff(values, axis=-1)
    marked = np.zeros(values.shape, dtype=bool)
    for steady in (_marked(steps > 0, _RUN - 1), _marked(steps < 0, _RUN - 1)):
        marked[..., :-1] |= steady
        marked[..., 1:] |= steady
    return marked


def _in_two_of_three(deviation: FloatArray, outer: BoolArray) -> BoolArray:
    marked = np.zeros(outer.shape, dtype=bool)
    enough = _windows(outer, _WITHIN).sum(axis=-1) >= _OUTER
    for side in (deviation > 0, deviation < 0):
        one_sided = _windows(side, _WITHIN).all(axis=-1)
        marked |= _spread_back(np.asarray(one_sided & enough), _WITHIN, outer.shape)
    return marked & outer


def _marked(wanted: BoolArray, length: int) -> BoolArray:
    """Mark every point of each stretch of at least `length` points that are all wanted."""
    return _spread_back(np.asarray(_windows(wanted, length).all(axis=-1)), length, wanted.shape)


def _windows(values: BoolArray, length: int) -> BoolArray:
    """Take every stretch of `length` points, as a last axis; none where the series is shorter."""
    if values.shape[-1] < length:
        return np.zeros((*values.shape[:-1], 0, length), dtype=bool)
    return np.lib.stride_tricks.sliding_window_view(values, length, axis=-1)


def _spread_back(found: BoolArray, length: int, shape: tuple[int, ...]) -> BoolArray:
    """Mark the points of the stretches that were found."""
    marked = np.zeros(shape, dtype=bool)
    for offset in range(length if found.shape[-1] else 0):
        marked[..., offset : offset + found.shape[-1]] |= found
    return marked
