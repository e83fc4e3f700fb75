"""Many tests looked at together: how many of the smallest p-values are chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.arrays import FloatArray, counts_of


def benjamini_hochberg(p: ArrayLike) -> FloatArray:
    """Adjust p-values of tests that are looked at together, such as one for each of 44 forces.

    Parameters
    ----------
    p
        The p-values, in any order.

    Returns
    -------
    ndarray of float
        Adjusted values in the same order. Of the tests whose value is at most 0.05, no more than 5% are
        expected to be chance. A missing p stays NaN and is not counted as a test.

    Raises
    ------
    ValueError
        If they are not a list, or one is outside 0 to 1.

    Notes
    -----
    Benjamini and Hochberg (1995): p times the number of tests over its place from the smallest, never falling
    as p rises. It holds for tests that are independent or positively dependent.

    Examples
    --------
    >>> benjamini_hochberg([0.03, 0.01, 0.8])
    array([0.045, 0.03 , 0.8  ])
    """
    values = counts_of(p, name="p")
    if values.ndim != 1:
        raise ValueError(f"p: found {values.ndim} dimensions; give a list")
    outside = values[(values < 0) | (values > 1)]
    if outside.size:
        raise ValueError(f"p: found {outside[0]:g}; give values from 0 to 1")
    from scipy.stats import false_discovery_control  # here, since scipy.stats is slow to load

    held = np.isfinite(values)
    adjusted = np.full(values.shape, np.nan)
    adjusted[held] = false_discovery_control(values[held])
    return adjusted
