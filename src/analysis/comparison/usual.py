"""How an offence's counts usually vary: the noise of all forces' figures, measured on one release."""

from __future__ import annotations

import functools

import numpy as np

from analysis import statistics
from analysis.comparison.definitions import BOTH, MIXED, breaks_of, definition, reviewed, side_of
from analysis.comparison.totals import part, quarters_of
from analysis.figures.register import Release
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.measures import Denominator
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

READABLE = tuple(force.name for force in areas.FORCES if force.has_readable_rate)
YEAR = 4  # quarters; a longer count has at least the share of noise that a year has
LONG = statistics.YEARS * YEAR  # quarters of the newest definition from which noise is measured on it alone


def noise_of(offence: Offence, release: Release, quarters: int = YEAR) -> statistics.Noise | None:
    """Return the noise of a force's counts of so many quarters, as one release shows it.

    Parameters
    ----------
    offence
        What is counted. Where its own figures are too few or too short, the noise is that of the group it belongs to.
    release
        Where to measure it: over the newest definition where that has stood for five years, else over all quarters between
        breaks; launches are left out.
    quarters
        How many quarters a count has; beyond four, a year's noise is taken.

    Returns
    -------
    Noise or None
        None where neither the offence nor its group can be measured.

    Notes
    -----
    In closed form (:func:`analysis.statistics.fit_noise`) and quick, so that nothing waits for a fit or keeps one on disk; it is
    worked out once in a process for each offence and length. British Transport Police and the City of London are left out.

    Examples
    --------
    >>> from analysis.figures.register import load_register
    >>> noise = noise_of(offences.find("88A"), load_register().release("2026-04-23"))
    >>> round(noise.c, 1), round(noise.tau, 2)
    (2.2, 0.1)
    """
    if release.by_years:  # three years at most: how far such figures usually vary has not been measured
        return None
    return _noise(offence.model_copy(update={"denominator": Denominator()}), release, min(quarters, YEAR))


def measured(offence: Offence, release: Release) -> tuple[np.ndarray, np.ndarray]:
    """Return quarters by forces, and for each quarter the number of its definition, negative where noise is not measured on it.

    Parameters
    ----------
    offence, release
        Of what, as published when.

    Returns
    -------
    tuple of ndarray
        Recorded offences, quarters by forces (NaN where not supplied), and a whole number for each quarter.

    Examples
    --------
    >>> from analysis.figures.register import load_register
    >>> counts, definitions = measured(offences.find("88A"), load_register().release("2026-04-23"))
    >>> counts.shape, definitions.shape
    ((55, 42), (55,))
    """
    series = quarters_of(offence.code, release, READABLE)
    span = release.span(offence.code)
    effects = breaks_of(offence, areas.ENGLAND_AND_WALES, release)
    numbers: dict[tuple[str, ...], int] = {}
    found = []
    for months in release.covers.each_quarter:
        sides = tuple(side_of(effect, months) for effect in effects)
        launches = (effect.change.launch for effect in effects if effect.change.launch)
        none = {BOTH, MIXED} & set(sides) or any(months.overlaps(launch) for launch in launches)
        usable = span.covers(months) and not none
        found.append(numbers.setdefault(sides, len(numbers)) if usable else -1)
    regimes = np.array(found)
    newest = regimes == regimes.max(initial=0)
    return series, np.where(newest, regimes, -1) if newest.sum() >= LONG else regimes


@functools.cache
def movement_of(offence: Offence, release: Release, quarters: int = YEAR) -> float | None:
    """Return how far all forces together move in a year, as :func:`analysis.statistics.movement` measures it."""
    counts, regimes = measured(offence, release)
    return statistics.movement(counts, quarters=min(quarters, YEAR), regimes=regimes)


def next_year(area: Area, offence: Offence, release: Release, period: Period) -> statistics.Interval | None:
    """Return the 95% range in which an area's count of the same months a year later would fall, if all goes on as it has.

    None for a period over twelve months, or where what is counted changed since or was not reviewed, no offence was recorded or a
    figure is missing.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> low, high = compare("Kent", period="2024/25", release="2026-04-23").next_year
    >>> round(low), round(high)
    (197, 424)
    """
    sides = (side_of(effect, period) for effect in breaks_of(offence, area, release))
    counted = release.span(offence.code).covers(period) and definition(sides) == "present"
    if not counted or period.months > 12 or reviewed(offence, period) == "no":
        return None
    figures = part(offence.code, release, area, period).sum(axis=0)
    quarters = period.months // 3
    noise, movement = noise_of(offence, release, quarters), movement_of(offence, release, quarters)
    if noise is None or movement is None or not figures.sum() > 0:
        return None
    return statistics.expected_range(figures, noise, movement)


@functools.cache
def _noise(offence: Offence, release: Release, quarters: int) -> statistics.Noise | None:
    counts, regimes = measured(offence, release)
    own = statistics.fit_noise(counts, quarters=quarters, regimes=regimes)
    if own is not None or offence.group is None or not release.holds(offence.group):
        return own
    return noise_of(offences.find(offence.group), release, quarters)
