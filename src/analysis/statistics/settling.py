"""How published figures move until they are settled: learnt from what an earlier and a later release say of the same quarters.

The movement of a figure is the logarithm of the later one over the earlier, each with ½ added so that nought has one. Around a
centre it varies the less the larger the figure: variance = scale × (chance ÷ size + floor²) + between². Figures of many kinds
are looked at together; each kind has a centre and a scale of its own, drawn towards those of all as far as its figures are few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.arrays import BoolArray, Estimate, FloatArray, IntArray

# What is learnt comes from few releases, in each of which the figures of a force move together. A range that is to hold 95% of
# figures not seen yet is therefore drawn to hold 97.5% of those that were.
HELD = 0.975
REACH = 2.241402727604947  # standard deviations to either side that hold so many, if normal; without waiting for SciPy
HALF = 0.5
LEAST_SIZE = 5.0  # smaller figures move by whole offences: no variance is read from them
LEAST_FIGURES = 80  # of that size; fewer say nothing of how the spread goes with size
LEAST_OF_KIND = 5
LEAST_SCALE = 0.05

_BINS, _IN_A_BIN = 20, 40
_CAP = 3.0  # standard errors: no kind counts for more in what the kinds differ by
_ROUNDS, _STEPS = 2, 20


@dataclass(frozen=True)
class Settling:
    """How figures of several kinds moved from an earlier release to a later one.

    Attributes
    ----------
    centres, scales
        Of each kind: the middle of its movements (logarithm), and how many times the common variance its own is.
    common
        The middle of all kinds.
    chance, floor
        The common variance is chance ÷ size + floor².
    between
        How far the kinds' centres differ (a standard deviation): another release may differ as much.
    """

    centres: FloatArray
    scales: FloatArray
    common: float
    chance: float
    floor: float
    between: float

    def of(self, kind: int | None = None) -> dict[str, float]:
        """Return centre and spread of a kind, as :func:`settled_range` takes them; None stands for one that was not fitted."""
        centre, scale = (self.common, 1.0) if kind is None else (float(self.centres[kind]), float(self.scales[kind]))
        spread = {"chance": scale * self.chance, "floor": float(np.sqrt(scale)) * self.floor}
        return {"centre": centre, **spread, "between": self.between}


def settled_range(
    counts: ArrayLike, *, centre: float = 0.0, chance: float, floor: float = 0.0, between: float = 0.0
) -> Estimate:
    """Return what the sum of some figures may settle at, with a range of 95%.

    Parameters
    ----------
    counts
        The figures as published, none negative: one a force.
    centre, chance, floor, between
        The middle of the movements (logarithm), and their spread: variance = chance ÷ size + floor², apart for each figure, and
        between² for all of them together.

    Returns
    -------
    Estimate

    Examples
    --------
    >>> [round(value) for value in settled_range([270], centre=-0.02, chance=0.27, floor=0.014, between=0.01)]
    [265, 244, 287]
    """
    sizes = np.atleast_1d(np.asarray(counts, dtype=np.float64)) + HALF
    factors = settled_factor(sizes, centre=centre, chance=chance, floor=floor, between=between)
    return Estimate(*(max(0.0, float(sizes.sum()) * factor - HALF * sizes.size) for factor in factors))


def settled_factor(
    sizes: ArrayLike, *, centre: float = 0.0, chance: float, floor: float = 0.0, between: float = 0.0
) -> Estimate:
    """Return by what a sum of figures, or a ratio of two such sums, may come to be multiplied, with a range of 95%.

    Parameters
    ----------
    sizes
        One a force, of 0.5 or more: a figure and ½; of a ratio 1 ÷ (1 ÷ one + 1 ÷ the other), since its two figures both move.
    centre, chance, floor, between
        As :func:`settled_range` takes them.

    Returns
    -------
    Estimate

    Examples
    --------
    >>> [round(value, 3) for value in settled_factor([100], chance=1)]
    [1.0, 0.799, 1.251]
    """
    size = np.atleast_1d(np.asarray(sizes, dtype=np.float64))
    share = size / size.sum()
    apart = np.sum(share**2 * (chance / size + floor**2))
    half = REACH * np.sqrt(apart + between**2)
    return Estimate(*(float(np.exp(end)) for end in (centre, centre - half, centre + half)))


def moves_between(before: ArrayLike, after: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return how far figures moved (logarithm), and their sizes; NaN where either is missing or negative.

    Examples
    --------
    >>> moves, sizes = moves_between([99.5, 0], [109.5, 0])
    >>> moves.round(3).tolist(), sizes.tolist()
    ([0.095, 0.0], [100.0, 0.5])
    """
    first, last = (np.asarray(values, dtype=np.float64) for values in (before, after))
    told = (first >= 0) & (last >= 0)
    sizes = np.where(told, first, np.nan) + HALF
    return np.log((np.where(told, last, np.nan) + HALF) / sizes), sizes


def fit_settling(moves: ArrayLike, sizes: ArrayLike, kinds: ArrayLike) -> Settling:
    """Learn how figures settle from movements that were seen.

    Parameters
    ----------
    moves, sizes
        As :func:`moves_between` gives them; those that are NaN are left out.
    kinds
        Of which kind each is: 0, 1, 2 …

    Returns
    -------
    Settling

    Raises
    ------
    ValueError
        If fewer than 80 figures are large enough to learn from.

    Notes
    -----
    Robust, in steps and without an optimiser. The common variance goes by the 97.5% point of the deviations' size in groups by
    size, (point ÷ 2.24)², on which chance and floor² are fitted by least squares of relative error, neither below nought. A
    kind's centre is its weighted median, corrected by the mean deviation with each cut off at its own range. How far centres
    differ beyond their errors is Paule and Mandel's estimate (1982), each deviation cut off at three errors; a scale is drawn to
    1 likewise.

    Examples
    --------
    >>> sizes = np.repeat([25.0, 100.0], 101)
    >>> moves = np.tile(np.linspace(-1, 1, 101), 2) / np.sqrt(sizes)
    >>> found = fit_settling(moves, sizes, np.zeros(202, dtype=int))
    >>> [round(end, 2) for end in settled_factor([100], **found.of())]  # the movements go from −0.1 to 0.1
    [1.0, 0.91, 1.1]
    """
    all_moves, all_sizes = (np.asarray(values, dtype=np.float64).ravel() for values in (moves, sizes))
    told = np.isfinite(all_moves) & np.isfinite(all_sizes)
    kind = np.asarray(kinds, dtype=np.int64).ravel()
    number = int(kind.max(initial=-1)) + 1
    move, size, kind = all_moves[told], all_sizes[told], kind[told]
    large = size >= LEAST_SIZE
    if large.sum() < LEAST_FIGURES:
        raise ValueError(f"found {large.sum()} figures of {LEAST_SIZE:g} or more; give at least {LEAST_FIGURES}")

    centres, scales, common, between = np.zeros(number), np.ones(number), float(np.median(move)), 0.0
    chance, floor2 = _spread(move[large] - common, size[large])
    for _ in range(_ROUNDS):
        variance = scales[kind] * (chance / size + floor2)
        seen, error2 = _centres(move, variance, kind, number)
        common, between, centres = _pooled(seen, error2)
        deviation = move - centres[kind]
        scales = _scales(deviation[large] ** 2 / (chance / size + floor2)[large], kind[large], number)
        chance, floor2 = _spread((deviation / np.sqrt(scales[kind]))[large], size[large])
    return Settling(centres, scales, common, chance, float(np.sqrt(floor2)), between)


def _spread(deviation: FloatArray, size: FloatArray) -> tuple[float, float]:
    """Return chance and floor² of the common variance."""
    order = np.argsort(size, kind="stable")
    in_each, larger = divmod(len(order), max(2, min(_BINS, len(order) // _IN_A_BIN)))
    cut = larger * (in_each + 1)
    groups = (
        order[:cut].reshape(larger, in_each + 1),
        order[cut:].reshape(-1, in_each),
    )  # a row each, some longer by one
    seen = np.concatenate([(np.quantile(np.abs(deviation[rows]), HELD, axis=1) / REACH) ** 2 for rows in groups])
    by_size = np.concatenate([np.mean(1 / size[rows], axis=1) for rows in groups])
    chance, floor2, expected = 0.0, 0.0, by_size
    for _ in range(3):  # weights of the relative error rest on what is expected, which the fit before gives
        weights = 1 / expected**2
        xx, x1, one = (float(np.sum(weights * values)) for values in (by_size**2, by_size, np.ones_like(by_size)))
        xy, y1 = (float(np.sum(weights * values * seen)) for values in (by_size, np.ones_like(by_size)))
        root = xx * one - x1**2
        chance, floor2 = (
            ((xy * one - x1 * y1) / root, (xx * y1 - x1 * xy) / root) if root > 1e-9 * xx * one else (-1.0, 0.0)
        )
        if chance < 0:
            chance, floor2 = 0.0, y1 / one
        elif floor2 < 0:
            chance, floor2 = xy / xx, 0.0
        expected = np.maximum(chance * by_size + floor2, 1e-12)
    return max(chance, 1e-9), floor2


def _centres(move: FloatArray, variance: FloatArray, kind: IntArray, number: int) -> tuple[FloatArray, FloatArray]:
    """Return each kind's own centre and the square of its error, infinite where a kind has hardly a figure."""
    figures = np.bincount(kind, minlength=number)
    order = np.lexsort((move, kind))
    rows, places = kind[order], np.arange(len(move)) - np.repeat(np.cumsum(figures) - figures, figures)
    moves, spreads, shares = np.zeros((3, number, figures.max(initial=0)))  # a row each kind, its movements in order
    moves[rows, places], spreads[rows, places], shares[rows, places] = move[order], variance[order], 1 / variance[order]
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-300)
    reached = np.cumsum(shares, axis=1)
    middle = moves[np.arange(number), (reached >= reached[:, -1:] / 2).argmax(axis=1)]
    edge = REACH * np.sqrt(spreads)
    deviation = shares * np.clip(moves - middle[:, None], -edge, edge)
    held = figures >= LEAST_OF_KIND
    error2 = np.where(held, np.maximum((deviation**2).sum(axis=1), 1e-8), np.inf)
    return np.where(held, middle + deviation.sum(axis=1), 0.0), error2


def _pooled(seen: FloatArray, error2: FloatArray) -> tuple[float, float, FloatArray]:
    """Return the common centre, how far centres differ beyond their errors, and each centre drawn towards the common one."""
    held: BoolArray = np.isfinite(error2)
    if not held.any():
        return 0.0, 0.0, np.zeros_like(seen)
    common = _median(seen[held], 1 / error2[held])
    apart = (seen[held] - common) ** 2
    between2 = 0.0
    for _ in range(_STEPS):
        weight = 1 / (error2[held] + between2)
        beyond = float(np.sum(np.minimum(weight * apart, _CAP**2))) - held.sum()
        between2 = max(0.0, between2 + beyond / float(weight.sum()))
    own = between2 / (between2 + error2)  # nought where the error is infinite
    return common, float(np.sqrt(between2)), common + own * (seen - common)


def _scales(squares: FloatArray, kind: IntArray, number: int) -> FloatArray:
    """Return how many times the common variance each kind's is, drawn towards 1."""
    cut = np.minimum(squares, REACH**2)  # one figure that moved far does not widen its kind
    figures = np.bincount(kind, minlength=number)
    if cut.mean() == 0:
        return np.ones(number)
    ratio = np.bincount(kind, cut, minlength=number) / np.maximum(figures, 1) / cut.mean()
    error2 = cut.var() / cut.mean() ** 2 / np.maximum(figures, 1)
    held = figures >= LEAST_OF_KIND
    between2 = (
        max(0.0, float(np.average((ratio[held] - 1) ** 2 - error2[held], weights=figures[held]))) if held.any() else 0.0
    )
    own = np.where(held & (between2 > 0), between2 / (between2 + error2), 0.0)
    scales: FloatArray = np.maximum(1 + own * (ratio - 1), LEAST_SCALE)
    return scales


def _median(values: FloatArray, weights: FloatArray) -> float:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])
