"""Period against period: what was recorded, the ratio with its intervals, and whether the two may be compared."""

from __future__ import annotations

import functools
import math
from dataclasses import replace

import pandas as pd

from analysis import statistics
from analysis.comparison.caveats import RULES, Pair
from analysis.comparison.counts import both_by_force, count_of, rate
from analysis.comparison.results import Comparison, Ratio
from analysis.figures import register, releases
from analysis.figures.register import Release, load_register
from analysis.terms import forces
from analysis.terms.forces import Area
from analysis.terms.periods import Period


def compare(
    force: str | Area,
    *,
    period: str | Period | None = None,
    baseline: str | Period | None = None,
    offence: str = "88A",
    release: str = "latest",
    band: str | None = None,
) -> Comparison:
    """Compare the offences recorded in one period with those of another.

    Parameters
    ----------
    force
        A force by name, spelling, code or slug; ``England and Wales``; or an :class:`~analysis.terms.forces.Area`.
    period
        Whole quarters. Default: the latest four of the release.
    baseline
        What to compare with. Default: the same quarters a year earlier, or nothing for a period over twelve months
        or where the release does not reach so far back.
    offence
        A Home Office code that the release holds.
    release
        A release's id, or ``latest``.
    band
        The age band that rates are taken of, from mid-2021. Default: the offence's own, which is children aged 0 to 17
        for grooming and residents of all ages for an offence that nothing else is known of.

    Returns
    -------
    Comparison

    Raises
    ------
    RequestError
        If a name is unknown, a period cuts a quarter, the release does not hold it whole, or the two overlap.

    Notes
    -----
    Intervals: exact conditional ratio of two Poisson counts, and the same widened by the spread of changes among
    forces; see :mod:`analysis.statistics`.

    Examples
    --------
    >>> result = compare("Northamptonshire", period="2017-04..2017-12", baseline="2016-04..2017-03", release="2026-04-23")
    >>> result.current.offences, result.baseline.offences, result.same_quarters_year_before.offences
    (32, 5, 4)
    >>> result.like_for_like, [caveat.code for caveat in result.caveats]
    (False, ['unequal-periods', 'definition-change', 'small-numbers'])
    """
    area = forces.find_area(force) if isinstance(force, str) else force
    held = load_register().release(release)
    what = releases.describe(offence, held.id)
    current, base = register.resolve_periods(held, what.code, period, baseline)

    wide = releases.matrix(what.code, held.id)
    ages = band or what.band
    pair = Pair(
        area=area,
        offence=what,
        release=held,
        current=count_of(wide, area, current),
        baseline=count_of(wide, area, base) if base else None,
        rate=rate(wide, area, current, band=ages),
        baseline_rate=rate(wide, area, base, band=ages) if base else None,
        wide=wide,
    )
    before = current.year_before if held.span(what.code).covers(current.year_before) else None
    return Comparison(
        area=area,
        offence=what,
        release=held,
        current=pair.current,
        baseline=pair.baseline,
        same_quarters_year_before=count_of(wide, area, before) if before else None,
        ratio=_ratio(pair),
        band=ages,
        rate=pair.rate,
        baseline_rate=pair.baseline_rate,
        caveats=tuple(caveat for rule in RULES if (caveat := rule(pair))),
    )


def spread_among_forces(wide: pd.DataFrame, current: Period, baseline: Period) -> float | None:
    """Return how many times as much as by chance the forces' changes vary between two periods.

    British Transport Police and the City of London are left out, and so are forces with a missing or negative count.

    Parameters
    ----------
    wide
        Quarters by forces, as :func:`analysis.figures.releases.matrix` gives them.
    current, baseline
        Whole quarters that the table holds.

    Returns
    -------
    float or None
        At least 1, or None if fewer than two forces remain.

    Examples
    --------
    >>> wide = releases.matrix(release="2026-04-23")
    >>> round(spread_among_forces(wide, Period.parse("2024/25"), Period.parse("2023/24")), 1)
    2.4
    """
    both = both_by_force(wide, current, baseline)
    both = both[(both >= 0).all(axis=1)]
    return _finite(statistics.spread(both["current"], both["baseline"]).phi)


def _ratio(pair: Pair) -> Ratio:
    if pair.baseline is None or pair.current.offences is None or pair.baseline.offences is None:
        return Ratio()
    if min(pair.current.offences, pair.baseline.offences) < 0:
        return Ratio()
    spread = _spread(pair.offence.code, pair.release, pair.current.period, pair.baseline.period)
    rates = (pair.current.offences, pair.current.period.months, pair.baseline.offences, pair.baseline.period.months)
    exact = statistics.rate_ratio(*rates)
    ratio = Ratio(_finite(exact.value), _finite(exact.low), _finite(exact.high), spread=spread)
    if spread is None or 0 in {pair.current.offences, pair.baseline.offences}:
        return ratio  # the widened interval rests on logarithms, and there is none of zero
    wide = statistics.widened_ratio(*rates, phi=spread)
    return replace(ratio, low_wide=_finite(wide.low), high_wide=_finite(wide.high))


@functools.cache
def _spread(offence: str, release: Release, current: Period, baseline: Period) -> float | None:
    """Return the spread, once for the pages of all forces."""
    return spread_among_forces(releases.matrix(offence, release.id), current, baseline)


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
