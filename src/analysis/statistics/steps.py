"""Steps: where a series moves to another level and stays there, beyond its noise and beyond a drift."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.arrays import FloatArray, IntArray, exposures_of, series_of, tail_of

_HOLDS = 4  # points, a year of quarters, for which a level must hold before it and after it
_DRIFTS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # variance of the drift from point to point, against that of the noise
_CURVED = 2  # the highest power of time in it


@dataclass(frozen=True)
class Step:
    """A change of level that holds.

    Attributes
    ----------
    place
        Position in the series of the first point at the new level, from 0.
    before, after
        The level on either side: the mean up to the neighbouring step, or of four points where the series also drifts.
    drifts
        Whether it does.
    """

    place: int
    before: float
    after: float
    drifts: bool


def steps(values: ArrayLike, *, c: float = 1, tau: float = 0, confidence: float = 0.95) -> tuple[Step, ...]:
    """Find the steps of a series, of which a stable or steadily drifting one shows any in few cases.

    Parameters
    ----------
    values
        Counts with the season taken out, not below zero; a missing one is left out.
    c, tau
        The noise: a count at the level μ has the variance c·μ + τ²·μ². By default it is chance alone.
    confidence
        Share of series without a step in which none is found, at least.

    Returns
    -------
    tuple of Step
        In order; none in fewer than eight points, four on either side.

    Raises
    ------
    ValueError
        If there is not one series, a value is negative or infinite, c is not above zero, tau is below, or the confidence is
        no share.

    Notes
    -----
    Values are transformed to unit variance, (2/τ)·arsinh(τ·√(value/c)); where they scatter more than that, by their second differences, their own
    scatter stands for the noise. A step is a shift of level beside each of several drifts: none, a straight line, and
    random walks from slow to quick (intervention analysis: Box and Tiao, 1975; Harvey and Koopman, 1992). Steps are taken
    up one by one, the likeliest first, each for at least the chi-square of its share of `confidence` among all places
    (Bonferroni). The drift that explains most for its parameters is chosen, so that a slope or a wave is not told as a
    staircase, as it is where each level is taken for constant (PELT, as in ruptures).

    Examples
    --------
    >>> steps([31, 29, 33, 30, 28, 32, 61, 64, 58, 63])
    (Step(place=6, before=30.5, after=61.5, drifts=False),)
    >>> steps([30, 34, 39, 45, 51, 58, 66, 75])
    ()
    """
    tail = 2 * tail_of(confidence)
    series = series_of(values)
    if series.ndim != 1:
        raise ValueError(f"values: found shape {series.shape}; give one series")
    held: IntArray = np.flatnonzero(np.isfinite(series))
    if (series[held] < 0).any():
        raise ValueError(f"values: found {series[held].min():g}; give counts that are not negative")
    exposures_of(c, name="c")
    if tau < 0:
        raise ValueError(f"tau: found {tau:g}; give 0 or more")
    if held.size < 2 * _HOLDS:
        return ()
    level = _standardised(series[held], c, tau)
    toll = float(special.chdtri(1, tail))
    step_toll = float(special.chdtri(1, tail / (held.size - 2 * _HOLDS + 1)))
    best, found, drifts = np.inf, list[int](), False
    for drift in _drifts(tuple(held.tolist())):
        misfit, places = drift.steps(level, step_toll)
        misfit += toll * drift.parameters
        if misfit < best:
            best, found, drifts = misfit, places, drift.parameters > 0
    return tuple(_seen(series, level, held, found, toll, drifts=drifts))


def _standardised(values: FloatArray, c: float, tau: float) -> FloatArray:
    """Stretch the scale of counts so that the noise has a variance of 1 at each level, or less where it is quiet."""
    roots = np.sqrt(values / c)
    level = 2 * (np.arcsinh(tau * roots) / tau if tau else roots)
    bends = np.diff(level, 2)  # of noise alone six times its variance; a slope does not bend
    return np.asarray(level / max(1.0, float(np.sqrt((bends**2).mean() / 6))))


def _seen(
    series: FloatArray, level: FloatArray, held: IntArray, found: list[int], toll: float, *, drifts: bool
) -> Iterator[Step]:
    """Give the steps that a reader sees too, by the years on either side and by the levels between steps.

    Where these do not differ, or not in one direction, it is the drift that was bent around a few points.
    """
    edges = [0, *found, held.size]
    for start, at, end in zip(edges, edges[1:], edges[2:], strict=False):
        whole = (held[start:at], held[at:end])
        near = (held[at - _HOLDS : at], held[at : at + _HOLDS])
        jump = level[at : at + _HOLDS].mean() - level[at - _HOLDS : at].mean()
        rise = series[whole[1]].mean() - series[whole[0]].mean()
        if jump**2 * _HOLDS / 2 > toll and jump * rise > 0:
            before, after = (float(series[part].mean()) for part in (near if drifts else whole))
            yield Step(int(held[at]), before, after, drifts)


@dataclass(frozen=True)
class _Drift:
    """One way in which a series may move without a step: in a straight line, in a random walk, or not at all.

    Attributes
    ----------
    whitened
        What turns a series of this drift into independent values of variance 1.
    base
        Orthonormal columns of the level and the line, whitened.
    shifts
        A column for each place where a step may stand, whitened and free of the base.
    spread
        Log of the determinant of the covariance.
    parameters
        How many there are beyond the level.
    """

    whitened: FloatArray
    base: FloatArray
    shifts: FloatArray
    spread: float
    parameters: int

    def steps(self, level: FloatArray, toll: float) -> tuple[float, list[int]]:
        """Take up the likeliest steps while each is worth its toll; return minus twice the log-likelihood with it, and where."""
        rest = self.whitened @ level
        rest = rest - self.base @ (self.base.T @ rest)
        shifts, found = self.shifts, list[int]()
        free = np.ones(shifts.shape[1], dtype=bool)
        while free.any():
            sizes = (shifts**2).sum(axis=0)
            gains = np.where(free, (rest @ shifts) ** 2 / np.where(free, sizes, 1), 0)
            best = int(gains.argmax())
            if gains[best] <= toll:
                break
            own = shifts[:, best] / np.sqrt(sizes[best])
            rest = rest - own * (own @ rest)
            shifts = shifts - np.outer(own, own @ shifts)
            free &= np.abs(np.arange(free.size) - best) >= _HOLDS
            found.append(best + _HOLDS)
        return float(rest @ rest) + self.spread + toll * len(found), sorted(found)


@functools.lru_cache(maxsize=8)  # the series of one offence and release have the same points
def _drifts(points: tuple[int, ...]) -> tuple[_Drift, ...]:
    times = np.array(points, dtype=np.float64) - points[0]
    places = np.arange(_HOLDS, times.size - _HOLDS + 1)
    after = (np.arange(times.size)[:, None] >= places).astype(np.float64)
    found = []
    for walk in _DRIFTS:
        root = np.linalg.cholesky(np.eye(times.size) + walk * np.minimum.outer(times, times))
        whitened = np.linalg.inv(root)
        for degree in range(_CURVED + 1):
            base, _ = np.linalg.qr(whitened @ np.vander(times / times[-1], degree + 1))
            shifts = whitened @ after
            shifts = shifts - base @ (base.T @ shifts)
            found.append(_Drift(whitened, base, shifts, float(2 * np.log(np.diag(root)).sum()), degree + (walk > 0)))
    return tuple(found)
