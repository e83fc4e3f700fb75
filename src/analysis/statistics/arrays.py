"""What goes into the statistics and what comes out: numbers or arrays, checked once, in the same shape."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


class Interval(NamedTuple):
    """The two ends of an interval: floats, or arrays of them.

    Attributes
    ----------
    low
        Lower end; NaN where there is no interval.
    high
        Upper end; infinity where there is no bound, NaN where there is no interval.
    """

    low: Any
    high: Any


class Estimate(NamedTuple):
    """A value with the interval around it: floats, or arrays of them.

    Attributes
    ----------
    value
        The value itself; NaN where it is undefined.
    low
        Lower end of its interval.
    high
        Upper end of its interval.
    """

    value: Any
    low: Any
    high: Any


def counts_of(values: ArrayLike, *, name: str = "count") -> FloatArray:
    """Read counts, which may be missing or negative but not infinite.

    Parameters
    ----------
    values
        A number, or an array of any shape.
    name
        What the error calls them.

    Returns
    -------
    ndarray of float
        The same values; a single number has no dimensions.

    Raises
    ------
    ValueError
        If a value is infinite.

    Examples
    --------
    >>> counts_of([33, 5])
    array([33.,  5.])
    """
    array = np.asarray(values, dtype=np.float64)
    if np.isinf(array).any():
        raise ValueError(f"{name}: found an infinite value; give finite numbers")
    return array


def whole_counts_of(values: ArrayLike, *, name: str = "count") -> FloatArray:
    """Read counts as `counts_of` does, and refuse fractions, of which no exact probability is defined.

    Parameters
    ----------
    values
        A number, or an array of any shape.
    name
        What the error calls them.

    Returns
    -------
    ndarray of float
        The same values.

    Raises
    ------
    ValueError
        If a value is infinite or has a fraction.

    Examples
    --------
    >>> whole_counts_of(2.5)
    Traceback (most recent call last):
    ...
    ValueError: count: found 2.5; give whole numbers
    """
    array = counts_of(values, name=name)
    fractions = array[np.isfinite(array) & (array != np.floor(array))]
    if fractions.size:
        raise ValueError(f"{name}: found {fractions.flat[0]:g}; give whole numbers")
    return array


def exposures_of(values: ArrayLike, *, name: str = "exposure") -> FloatArray:
    """Read exposures (months, residents, expected counts), which are above zero or missing.

    Parameters
    ----------
    values
        A number, or an array of any shape.
    name
        What the error calls them.

    Returns
    -------
    ndarray of float
        The same values.

    Raises
    ------
    ValueError
        If a value is zero, negative or infinite.

    Examples
    --------
    >>> exposures_of([9, 0])
    Traceback (most recent call last):
    ...
    ValueError: exposure: found 0; give numbers above zero
    """
    array = counts_of(values, name=name)
    if (array <= 0).any():
        raise ValueError(f"{name}: found {array[array <= 0].flat[0]:g}; give numbers above zero")
    return array


def series_of(values: ArrayLike, *, name: str = "values") -> FloatArray:
    """Read one series, or several of one length along the last axis.

    Parameters
    ----------
    values
        At least one point, missing or not.
    name
        What the error calls them.

    Returns
    -------
    ndarray of float
        The same values.

    Raises
    ------
    ValueError
        If there is no point or a value is infinite.

    Examples
    --------
    >>> series_of([])
    Traceback (most recent call last):
    ...
    ValueError: values: found no series; give at least one point
    """
    series = counts_of(values, name=name)
    if series.ndim == 0 or series.shape[-1] == 0:
        raise ValueError(f"{name}: found no series; give at least one point")
    return series


def tail_of(confidence: float) -> float:
    """Find the probability left beyond each end of a two-sided interval.

    Parameters
    ----------
    confidence
        Between 0 and 1, such as 0.95.

    Returns
    -------
    float
        Half of what the interval leaves out.

    Raises
    ------
    ValueError
        If the confidence is not between 0 and 1.

    Examples
    --------
    >>> round(tail_of(0.95), 3)
    0.025
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence: found {confidence}; give a number between 0 and 1, such as 0.95")
    return (1 - confidence) / 2


def plain(array: ArrayLike) -> Any:
    """Give an array of no dimensions back as the float that it is, and any other as it stands.

    Parameters
    ----------
    array
        A result.

    Returns
    -------
    float or ndarray of float
        Typed as anything, so that the caller's own signature says which.

    Examples
    --------
    >>> plain(np.array(5.0)), plain(np.array([5.0]))
    (5.0, array([5.]))
    """
    result = np.asarray(array, dtype=np.float64)
    return float(result) if result.ndim == 0 else result
