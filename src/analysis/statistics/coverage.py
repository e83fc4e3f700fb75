"""How often the intervals hold the truth, counted out over every possible count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.statistics.arrays import FloatArray, Interval, exposures_of, tail_of
from analysis.statistics.intervals import byar_interval, poisson_interval
from analysis.statistics.ratios import conditional_interval

_MEANS = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Coverage:
    """How often each interval holds the truth when counts are Poisson with this mean.

    Attributes
    ----------
    mean
        Events to expect; for a ratio, in each of two equal periods whose true ratio is 1.
    exact
        The exact interval of a count.
    byar
        Byar's interval of a count, exact below 10.
    ratio
        The exact interval of a ratio.
    """

    mean: float
    exact: float
    byar: float
    ratio: float


def coverage_table(means: Sequence[float] = _MEANS, *, confidence: float = 0.95) -> tuple[Coverage, ...]:
    """Count out how often the intervals hold the truth.

    Parameters
    ----------
    means
        Events to expect, above zero; the work grows with the mean, so keep to a few hundred.
    confidence
        What the intervals promise.

    Returns
    -------
    tuple of Coverage
        One a mean, each the sum of the probabilities of all counts, or pairs of counts, whose interval holds
        the truth. A pair of zeros has no interval for its ratio, and claims nothing that could be false: it
        counts as holding it.

    Raises
    ------
    ValueError
        If a mean is not above zero.

    Examples
    --------
    >>> [row] = coverage_table([5])
    >>> round(row.exact, 3), round(row.ratio, 3)
    (0.98, 0.978)
    """
    return tuple(_coverage(float(mean), confidence) for mean in exposures_of(means, name="means"))


def _coverage(mean: float, confidence: float) -> Coverage:
    reach = 12 * np.sqrt(mean) + 30  # what lies beyond has a probability that no float can add
    counts = np.arange(max(0, np.floor(mean - reach)), np.ceil(mean + reach))
    probabilities = np.exp(special.xlogy(counts, mean) - mean - special.gammaln(counts + 1))
    pairs = np.meshgrid(counts, counts, indexing="ij")
    pair_probabilities = np.outer(probabilities, probabilities)
    return Coverage(
        mean=mean,
        exact=_held(poisson_interval(counts, confidence=confidence), mean, probabilities),
        byar=_held(byar_interval(counts, confidence=confidence), mean, probabilities),
        ratio=_held(conditional_interval(*pairs, tail=tail_of(confidence)), 1, pair_probabilities),
    )


def _held(interval: Interval[FloatArray], truth: float, probabilities: FloatArray) -> float:
    missed = (interval.low > truth) | (interval.high < truth)
    return float(probabilities[~missed].sum())
