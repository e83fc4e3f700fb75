"""Rules that tell a change in a series from chance, and how often they are wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.arrays import BoolArray, FloatArray, exposures_of, series_of
from analysis.statistics.process import ProcessLimits, xmr_limits

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
        Share of stable series with at least one signal.
    signals
        Signals to expect in one series: stretches of marked points, each counted once.
    points
        Marked points to expect in one series.
    """

    share: float
    signals: float
    points: float


def signals(values: ArrayLike, limits: ProcessLimits) -> Signals:
    """Find the points of special cause by the four rules of NHS Making Data Count.

    Parameters
    ----------
    values
        The series whose limits these are; for a u-chart, the rates.
    limits
        Of `xmr_limits` or `u_chart_limits`.

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


def expected_false_signals(points: int, *, mean: float, simulations: int = 10_000, seed: int = 88) -> FalseSignals:
    """Find how many signals the rules give in a stable series, where every one of them is false.

    Parameters
    ----------
    points
        Length of the series.
    mean
        Events to expect at each point.
    simulations
        Stable series drawn.
    seed
        Of the random numbers, so that the answer is the same each time.

    Returns
    -------
    FalseSignals
        From series of independent Poisson counts, each with limits of its own (`xmr_limits`, screened).

    Raises
    ------
    ValueError
        If there is no point or series to draw, or the mean is not above zero.

    Examples
    --------
    >>> 0.25 < expected_false_signals(35, mean=40).share < 0.4
    True
    """
    if points < 1 or simulations < 1:
        raise ValueError(f"points: found {points} points and {simulations} simulations; give at least 1 of each")
    exposures_of(mean, name="mean")
    stable = np.random.default_rng(seed).poisson(mean, (simulations, points)).astype(np.float64)
    special = signals(stable, xmr_limits(stable)).special
    begun = np.diff(special, axis=-1, prepend=False) & special
    return FalseSignals(
        share=float(special.any(axis=-1).mean()),
        signals=float(begun.sum(axis=-1).mean()),
        points=float(special.sum(axis=-1).mean()),
    )


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
