"""A series of quarters: its season and trend, where it steps to another level, and the limits within which a stable one keeps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from analysis.statistics.intervals import BoolArray, Estimate, FloatArray, IntArray, numbers_of

_QUARTERS = 4
_ROUNDS = 1000  # of fitting the season, until it moves by no more than this
_SETTLED = 1e-13
_FLOAT_RANGE = 1500  # logarithm of the largest float over the smallest
_TAIL = 0.025  # beyond each end of an interval

# Shewhart's constants for moving ranges of two points: three standard errors of a value, and of a range.
_LIMIT = 2.66
_RANGE_LIMIT = 3.267
_RUN = 7
_WITHIN = 3
_OUTER = 2
_SEED = 88
_ON_THE_MEAN = 1e-9  # of the mean: a value as close counts as on it, since means of fractions are not exact

_HOLDS = 4  # points, a year of quarters, for which a level must hold before it and after it
_DRIFTS = (0.0, 0.03, 0.1, 0.3, 1.0, 3.0)  # variance of the drift from point to point, against that of the noise
_CURVED = 2  # the highest power of time in it


class Season(NamedTuple):
    """How the quarters of the year differ, year by year held apart.

    Attributes
    ----------
    factors
        Each quarter's count over the average quarter of its year, first to fourth; their mean is 1.
    p
        Probability of differences so large, were there no season.
    """

    factors: FloatArray
    p: float


class Trend(NamedTuple):
    """A log-linear trend.

    Attributes
    ----------
    ratio
        What the rate is multiplied by in one unit of time, with its interval.
    fitted
        Counts along the trend, one a point, also where the count is missing.
    """

    ratio: Estimate
    fitted: FloatArray


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


@dataclass(frozen=True)
class ProcessLimits:
    """The centre and limits of a series, point by point, begun anew at each rebasing.

    Attributes
    ----------
    centre
        Mean of the point's segment, or the course through it.
    low, high
        Process limits; NaN where there are too few points.
    segment
        Which segment each point is in, from 0.
    """

    centre: FloatArray
    low: FloatArray
    high: FloatArray
    segment: IntArray

    @property
    def parts(self) -> list[slice]:
        """The stretch of points that each segment takes."""
        edges = [0, *(np.flatnonzero(np.diff(self.segment)) + 1).tolist(), self.segment.size]
        return list(itertools.starmap(slice, itertools.pairwise(edges)))


class FalseSignals(NamedTuple):
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
        All NaN where a count is negative or no year with an event is held whole; with one year alone there are factors but no test.

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
    events, labels = numbers_of(counts, "counts", axes=1), np.broadcast_to(np.asarray(years), np.shape(counts))
    places = np.broadcast_to(np.asarray(quarters, dtype=np.int64) - 1, events.shape)
    if not np.isin(places, range(_QUARTERS)).all():
        raise ValueError(f"quarters: found {quarters!r}; give 1, 2, 3 or 4 of each count")
    # A year without an event bears on nothing: in it every quarter is zero, whatever its factor.
    held = np.isfinite(events) & np.isin(labels, labels[np.isfinite(events) & (events != 0)])
    events, places = events[held], places[held]
    year_of = np.unique(labels[held], return_inverse=True)[1]
    if (events < 0).any() or not events.size or (lengths := np.bincount(year_of)).max() < _QUARTERS:
        return Season(np.full(_QUARTERS, np.nan), np.nan)
    # Year levels and quarter factors by which both sets of totals are those recorded
    by_year, by_quarter = np.bincount(year_of, events), np.bincount(places, events, minlength=_QUARTERS)
    factors, last = np.ones(_QUARTERS), np.zeros(_QUARTERS)
    for _ in range(_ROUNDS):
        levels = by_year / np.bincount(year_of, factors[places])
        if np.abs(factors - last).max() < _SETTLED:
            break
        last, factors = factors, by_quarter / np.bincount(places, levels[year_of], minlength=_QUARTERS)
        factors /= factors.mean()
    freedom = events.size - lengths.size - (_QUARTERS - 1)
    if freedom <= 0:
        return Season(factors, np.nan)
    fitted, seen, years_alone = levels[year_of] * factors[places], events > 0, (by_year / lengths)[year_of]
    deviance = 2 * (events[seen] * np.log(fitted[seen] / years_alone[seen])).sum()
    f = max(0.0, float(deviance) / (_QUARTERS - 1) / _phi(events, fitted, freedom))
    return Season(factors, float(special.fdtrc(_QUARTERS - 1, freedom, f)))


def poisson_trend(counts: ArrayLike, times: ArrayLike, *, exposure: ArrayLike = 1) -> Trend:
    """Fit a log-linear Poisson trend with over-dispersion.

    Parameters
    ----------
    counts
        Events, one a period; a missing one is left out of the fit.
    times
        When each period stands: the unit (a quarter, a year) is the unit of the ratio.
    exposure
        Months, residents or quarter factors (`quarter_season`) that the rate is relative to.

    Returns
    -------
    Trend
        All NaN where a count is negative or all events stand at one end of the span, so that no finite trend
        fits best. With two points the ratio has no interval.

    Raises
    ------
    ValueError
        If a number is infinite, or an exposure is not above zero.

    Notes
    -----
    Maximum likelihood. Standard errors are multiplied by √φ, φ being Pearson's chi-square over the points less
    two, and set against Student's t (quasi-Poisson: McCullagh and Nelder, 1989), but never made smaller than
    chance alone has them. Take the season out first, or give its factors as exposure.

    Examples
    --------
    >>> trend = poisson_trend([100, 110, 121, 133], [2019, 2020, 2021, 2022])
    >>> round(trend.ratio.value, 3)
    1.1
    """
    from scipy import optimize  # takes longer to load than all else here

    events, when, sizes = np.broadcast_arrays(
        numbers_of(counts, "counts", axes=1),
        numbers_of(times, "times", axes=1),
        numbers_of(exposure, "exposure", positive=True),
    )
    held = np.isfinite(events) & np.isfinite(sizes)
    own, at, logs = events[held], when[held], np.log(sizes[held])
    seen = at[own > 0]
    # A finite slope is likeliest where the mean time of the events lies strictly inside the span.
    if (own < 0).any() or not seen.size or seen.max() == at.min() or seen.min() == at.max():
        return Trend(Estimate(np.nan, np.nan, np.nan), np.full(events.shape, np.nan))
    total = own.sum()
    mean_time = (own * at).sum() / total
    # The likeliest slope is the one whose trend has the mean time of the events, which only rises with the slope; none is so steep that
    # a step in time takes a count beyond what a float can hold.
    steepest = (_FLOAT_RANGE + np.ptp(logs)) / np.diff(np.unique(at)).min()
    slope = optimize.brentq(lambda s: special.softmax(logs + s * at) @ at - mean_time, -steepest, steepest, xtol=1e-16)
    shares, reach = special.softmax(logs + slope * at), np.nan
    if freedom := own.size - 2:
        error = np.sqrt(_phi(own, total * shares, freedom) / (total * (shares * (at - mean_time) ** 2).sum()))
        reach = special.stdtrit(freedom, 1 - _TAIL) * error
    level = np.log(total) - special.logsumexp(logs + slope * at)
    with np.errstate(over="ignore"):  # counts far from any trend leave its upper end without a bound
        ratio = np.exp([slope, slope - reach, slope + reach]).tolist()
        return Trend(Estimate(*ratio), np.exp(level + np.log(sizes) + slope * when))


def steps(values: ArrayLike, *, c: float = 1, tau: float = 0) -> tuple[Step, ...]:
    """Find the steps of a series, of which a stable or steadily drifting one shows any in at most one case of twenty.

    Parameters
    ----------
    values
        Counts with the season taken out, not below zero; a missing one is left out.
    c, tau
        The noise: a count at the level μ has the variance c·μ + τ²·μ². By default it is chance alone.

    Returns
    -------
    tuple of Step
        In order; none in fewer than eight points, four on either side.

    Raises
    ------
    ValueError
        If a value is negative or infinite.

    Notes
    -----
    Values are transformed to unit variance, (2/τ)·arsinh(τ·√(value/c)); where they scatter more than that, by their second differences, their own
    scatter stands for the noise. A step is a shift of level beside each of several drifts: none, a straight line, and
    random walks from slow to quick (intervention analysis: Box and Tiao, 1975; Harvey and Koopman, 1992). Steps are taken
    up one by one, the likeliest first, each for at least the chi-square of its share of 5% among all places
    (Bonferroni). The drift that explains most for its parameters is chosen, so that a slope or a wave is not told as a
    staircase, as it is where each level is taken for constant (PELT, as in ruptures).

    Examples
    --------
    >>> steps([31, 29, 33, 30, 28, 32, 61, 64, 58, 63])
    (Step(place=6, before=30.5, after=61.5, drifts=False),)
    >>> steps([30, 34, 39, 45, 51, 58, 66, 75])
    ()
    """
    series, scale = numbers_of(values, "values", axes=1), float(numbers_of(c, "c", positive=True))
    held: IntArray = np.flatnonzero(np.isfinite(series))
    if (series[held] < 0).any():
        raise ValueError(f"values: found {series[held].min():g}; give counts that are not negative")
    if held.size < 2 * _HOLDS:
        return ()
    # Stretched so that the noise has a variance of 1 at each level, or less where it is quiet.
    roots = np.sqrt(series[held] / scale)
    level = 2 * (np.arcsinh(tau * roots) / tau if tau else roots)
    bends = np.diff(level, 2)  # of noise alone six times its variance; a slope does not bend
    level = level / max(1.0, float(np.sqrt((bends**2).mean() / 6)))
    toll = float(special.chdtri(1, 2 * _TAIL))
    step_toll = float(special.chdtri(1, 2 * _TAIL / (held.size - 2 * _HOLDS + 1)))
    times = (held - held[0]).astype(np.float64)
    shifts = np.arange(held.size)[:, None] >= np.arange(_HOLDS, held.size - _HOLDS + 1)  # a column a place of a step
    tried = []
    for walk, degree in itertools.product(_DRIFTS, range(_CURVED + 1)):
        # What turns a series of this drift into independent values of variance 1
        root = np.linalg.cholesky(np.eye(held.size) + walk * np.minimum.outer(times, times))
        base, _ = np.linalg.qr(np.linalg.solve(root, np.vander(times / times[-1], degree + 1)))
        free = np.linalg.solve(root, np.column_stack([level, shifts]))
        free = free - base @ (base.T @ free)
        cost, places = _taken_up(free[:, 0], free[:, 1:], step_toll)
        parameters = degree + (walk > 0)  # beyond the level
        spread = 2 * float(np.log(np.diag(root)).sum())  # of the determinant of the covariance
        tried.append((cost + spread + toll * parameters, places, parameters > 0))
    _, found, drifts = min(tried)
    return tuple(_seen(series, level, held, found, toll, drifts=drifts))


def xmr_limits(values: ArrayLike, *, rebase: Sequence[int] = (), course: ArrayLike = 0.0) -> ProcessLimits:
    """Find the limits of an XmR chart: single values, and how much each differs from the last.

    Parameters
    ----------
    values
        The series, along the last axis. A missing point does not enter the limits, nor do the ranges beside
        it.
    rebase
        Positions, from 1, at which a new segment with limits of its own begins, such as at a break.
    course
        What the level is fitted to do, such as a trend: limits lie about it.

    Returns
    -------
    ProcessLimits
        In the shape of the values. The lower limit may be below zero.

    Raises
    ------
    ValueError
        If a value is infinite, or `rebase` falls.

    Notes
    -----
    NHS England's Making Data Count, as in NHSRplotthedots: mean ± 2.66 times the mean moving range, ranges of
    3.267 times their mean or more screened out once, so that a single far point does not widen the limits that should show it.

    Examples
    --------
    >>> limits = xmr_limits([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
    >>> round(limits.centre[0], 2), round(limits.low[0], 2), round(limits.high[0], 2)
    (np.float64(1.94), np.float64(-0.72), np.float64(4.6))
    """
    level = np.asarray(course, dtype=np.float64)
    series = numbers_of(values, "values", axes=1) - level
    edges = [0, *rebase, series.shape[-1]]
    segment = np.repeat(np.arange(len(edges) - 1), np.diff(edges))
    centre, reach = np.empty(series.shape), np.empty(series.shape)
    for part in itertools.starmap(slice, itertools.pairwise(edges)):
        held = series[..., part]
        ranges = np.abs(np.diff(held, axis=-1))
        usual = _mean(ranges)
        # Where every range is zero the screen would leave none, and the mean range is zero either way.
        kept = np.where((ranges < _RANGE_LIMIT * usual) | (usual == 0), ranges, np.nan)
        centre[..., part], reach[..., part] = _mean(held), _LIMIT * _mean(kept)
    centre = centre + level
    return ProcessLimits(centre, centre - reach, centre + reach, segment)


def signals(values: ArrayLike, limits: ProcessLimits) -> dict[str, BoolArray]:
    """Find the points of special cause by the four rules of NHS Making Data Count.

    Parameters
    ----------
    values
        The series whose limits these are.
    limits
        Of `xmr_limits`.

    Returns
    -------
    dict of ndarray
        Which points each rule marks, a pattern every point that belongs to it: ``outside`` the limits; a ``shift``, at least 7 in a row
        on one side of the mean; a ``trend``, at least 7 in a row, each above the last or each below; ``two_of_three`` in the outer
        third, of 3 in a row that all lie on one side of the mean. No pattern runs across a rebasing or a missing point, and a point on
        the mean ends a run.

    Notes
    -----
    As in NHSRplotthedots: a trend of 7 points is 6 steps; the outer third is from two thirds of the way to
    the limit up to the limit itself, and only points in it are marked.

    Examples
    --------
    >>> values = [5, 4, 6, 5, 4, 6, 5, 14, 5, 4, 6, 5]
    >>> signals(values, xmr_limits(values))["outside"].nonzero()[0]
    array([7])
    """
    series = numbers_of(values, "values", axes=1)
    deviation = series - limits.centre
    deviation = np.where(np.abs(deviation) <= _ON_THE_MEAN * np.abs(limits.centre), 0.0, deviation)
    outside = (deviation > limits.high - limits.centre) | (deviation < limits.low - limits.centre)
    outer = ~outside & (np.abs(deviation) > _OUTER / 3 * (limits.high - limits.centre))
    shift, trend, two_of_three = (np.zeros(series.shape, dtype=bool) for _ in range(3))
    for part in limits.parts:
        moves = np.diff(series[..., part], axis=-1)
        for sign in (1, -1):
            side, onward = sign * deviation[..., part] > 0, sign * moves > 0
            shift[..., part] |= _in_runs(side, side, _RUN, _RUN)
            two_of_three[..., part] |= _in_runs(side, outer[..., part], _WITHIN, _OUTER)
            steady = _in_runs(onward, onward, _RUN - 1, _RUN - 1)
            trend[..., part][..., :-1] |= steady
            trend[..., part][..., 1:] |= steady
    return {"outside": outside, "shift": shift, "trend": trend, "two_of_three": two_of_three}


def expected_false_signals(
    points: int, *, mean: ArrayLike, rebase: Sequence[int] = (), c: float = 1, tau: float = 0, simulations: int = 10_000
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
        Series drawn, with one seed, so that the answer is the same each time.

    Returns
    -------
    FalseSignals
        From series of independent counts, gamma-Poisson where they vary more than Poisson's, each with limits of its own
        (`xmr_limits`, screened).

    Raises
    ------
    ValueError
        If a mean is not above zero.

    Examples
    --------
    >>> 0.25 < expected_false_signals(35, mean=40).share < 0.4
    True
    """
    means = np.broadcast_to(numbers_of(mean, "mean", positive=True), (simulations, points))
    random = np.random.default_rng(_SEED)
    beyond = np.maximum(0, c - 1 + tau**2 * means)  # variance over the mean, beyond chance
    if beyond.all():
        means = random.gamma(means / beyond, beyond)
    stable = random.poisson(means).astype(np.float64)
    special = np.any([*signals(stable, xmr_limits(stable, rebase=rebase)).values()], axis=0)
    return FalseSignals(share=float(special.any(axis=-1).mean()), points=float(special.sum(axis=-1).mean()))


def _phi(events: FloatArray, fitted: FloatArray, freedom: int) -> float:
    possible = fitted > 0
    with np.errstate(over="ignore"):  # infinite for counts far from any trend
        chi_square = ((events[possible] - fitted[possible]) ** 2 / fitted[possible]).sum()
    return max(1.0, float(chi_square) / freedom)


def _mean(values: FloatArray) -> FloatArray:
    """Mean along the last axis of what is held, NaN where nothing is, without NumPy's warning."""
    return np.asarray(np.ma.masked_invalid(values).mean(axis=-1, keepdims=True).astype(float).filled(np.nan))


def _in_runs(side: BoolArray, wanted: BoolArray, length: int, least: int) -> BoolArray:
    """Mark the points wanted in each stretch of `length` points on one side that holds at the least so many of them."""
    marked = np.zeros(wanted.shape, dtype=bool)
    for start in range(wanted.shape[-1] - length + 1):
        within = slice(start, start + length)
        enough = side[..., within].all(axis=-1) & (wanted[..., within].sum(axis=-1) >= least)
        marked[..., within] |= enough[..., None]
    return marked & wanted


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


def _taken_up(rest: FloatArray, shifts: FloatArray, toll: float) -> tuple[float, list[int]]:
    """Take up the likeliest steps while each is worth its toll; return what is left of the squares, tolls added, and where."""
    found = list[int]()
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
    return float(rest @ rest) + toll * len(found), sorted(found)
