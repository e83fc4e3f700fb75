"""How an offence's counts usually vary: the noise of all forces' figures, measured on one release."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analysis import statistics
from analysis.comparison.definitions import BOTH, MIXED, breaks_of, definition, reviewed, side_of
from analysis.comparison.totals import part, quarters_of
from analysis.figures.register import Release
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.offences import Denominator, Offence
from analysis.terms.periods import Month, Period

YEAR = 4  # quarters; a longer count has at least the share of noise that a year has
LONG = 5 * YEAR  # quarters of the newest definition from which noise is measured on it alone
SUCH = 100  # changes of which one says what became of them: those as large, or the largest of all
FEW_YEARS = 4  # of a wider area, under which nothing is said of how common a change is
PANDEMIC = Period(Month(2020, 4), Month(2022, 3))
PLACES = {name: place for place, name in enumerate(areas.NAMES)}
APART = tuple(PLACES[force.name] for force in areas.FORCES if not force.has_readable_rate)
REGIONS = {
    region: tuple(PLACES[force.name] for force in areas.FORCES if force.region == region and force.has_readable_rate)
    for region in dict.fromkeys(force.region for force in areas.FORCES)
}


def noise_of(
    offence: Offence, release: Release, quarters: int = YEAR, names: Iterable[str] = areas.NAMES
) -> statistics.Noise | None:
    """Return the noise of counts of so many quarters, as one release shows it.

    Parameters
    ----------
    offence
        What is counted. Where its own figures are too few or too short, the noise is that of the group it belongs to.
    release
        Where to measure it: over the newest definition where that has stood for five years, else over all quarters between
        breaks; launches are left out.
    quarters
        How many quarters a count has; beyond four, a year's noise is taken.
    names
        The forces whose counts it is to be applied to, in the order of the counts.

    Returns
    -------
    Noise or None
        None where neither the offence nor its group can be measured.

    Notes
    -----
    In closed form (:func:`analysis.statistics.fit_noise`) and quick, so that nothing waits for a fit or keeps one on disk; it is
    worked out once in a process for each offence and length. British Transport Police and the City of London have no part in
    what is measured for all, and each has its own scatter.

    Examples
    --------
    >>> from analysis.figures.register import load_register
    >>> noise = noise_of(offences.find("88A"), load_register().release("2026-04-23"), names=["Kent"])
    >>> round(noise.c, 1), round(noise.passing, 3), round(noise.lasting, 3), round(noise.groups[0], 1)
    (2.2, 0.0, 0.014, 0.9)
    """
    if release.by_years:  # three years at most: how far such figures usually vary has not been measured
        return None
    noise = _noise(_alike(offence), release, min(quarters, YEAR))
    places = [PLACES[name] for name in names]
    if (
        noise and len(places) > len(areas.FORCES) // 2
    ):  # how neighbours move alike beside all others says nothing of all
        noise = replace(noise, together=1.0)
    return noise and noise.of(places)


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
    ((55, 44), (55,))
    """
    series = quarters_of(offence.code, release, areas.NAMES)
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


def movement_of(offence: Offence, release: Release, quarters: int = YEAR) -> float | None:
    """Return how far all forces together move in a year, as :func:`analysis.statistics.movement` measures it."""
    return _movement(_alike(offence), release, min(quarters, YEAR))


def next_year(area: Area, offence: Offence, release: Release, period: Period) -> statistics.Interval | None:
    """Return the 95% range in which an area's count of the same months a year later would fall, if all goes on as it has.

    None for a period over twelve months, for a count under 50, or where what is counted changed since or was not reviewed, or a figure
    is missing.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> low, high = compare("Kent", period="2024/25", release="2026-04-23").next_year
    >>> round(low), round(high)
    (207, 404)
    """
    sides = (side_of(effect, period) for effect in breaks_of(offence, area, release))
    counted = release.span(offence.code).covers(period) and definition(sides) == "present"
    if not counted or period.months > 12 or reviewed(offence, period) == "no":
        return None
    figures = part(offence.code, release, area, period).sum(axis=0)
    quarters = period.months // 3
    noise, movement = noise_of(offence, release, quarters, area.names), movement_of(offence, release, quarters)
    if noise is None or movement is None or not figures.sum() >= 50:  # of which nothing but the count is said
        return None
    return statistics.expected_range(figures, noise, movement)


def _alike(offence: Offence) -> Offence:
    """Return an offence as it is counted, whatever rates are taken of."""
    return replace(offence, denominator=Denominator())


@functools.cache
def _noise(offence: Offence, release: Release, quarters: int) -> statistics.Noise | None:
    counts, regimes = measured(offence, release)
    own = statistics.fit_noise(counts, quarters=quarters, regimes=regimes, apart=APART, unions=tuple(REGIONS.values()))
    if own is not None or offence.group is None or not release.holds(offence.group):
        return own
    return _noise(_alike(offences.find(offence.group)), release, quarters)


@functools.cache
def _movement(offence: Offence, release: Release, quarters: int) -> float | None:
    counts, regimes = measured(offence, release)
    return statistics.movement(counts, quarters=quarters, regimes=regimes, apart=APART)


@dataclass(frozen=True)
class Common:
    """How common a change is, and what became of such changes, in years apart from the pandemic's.

    Attributes
    ----------
    share
        The share of changes that were as large or larger, up or down: of forces, each by its size, or of the years of a wider area.
    of
        ``forces`` or ``years``.
    kept
        Of changes as large, the share that a year later still lay on the same side of where they began; None where too few can tell.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> common = compare("Kent", offence="39", release="2026-04-23").change.common
    >>> round(common.share, 2), common.of, round(common.kept, 2)
    (0.1, 'forces', 0.94)
    """

    share: float
    of: Literal["forces", "years"]
    kept: float | None


def common(
    area: Area, offence: Offence, release: Release, now: Period, then: Period, without: Period | None = None
) -> Common | None:
    """Return how common the change of an area between two periods is, and what became of such changes.

    Parameters
    ----------
    area, offence, release
        Whose figures, of what, as published when.
    now, then
        The periods, whole years apart.
    without
        Months that have no part in what is measured, to try it on them.

    Returns
    -------
    Common or None
        None where the periods are not whole years apart or longer than a year, a count is not above zero, or too few changes were seen.
    """
    quarters, years = now.months // 3, now.years_from(then)
    a, b = (part(offence.code, release, area, each).sum(axis=0) for each in (now, then))
    noise = noise_of(offence, release, quarters, area.names)
    if noise is None or quarters > YEAR or years < 1 or years % 1:
        return None
    if not min(a.sum(), b.sum()) > 0:
        return None
    change = abs(float(np.log(a.sum() / b.sum())))
    if len(area.names) > 1:
        sizes, _ = _past(_alike(offence), release, quarters, int(years), tuple(area.names), without)
        return Common(float((sizes >= change).mean()), "years", None) if len(sizes) >= YEAR * FEW_YEARS else None
    size = change / float(np.sqrt(noise.change(a, b, years)))
    sizes, kept = _past(_alike(offence), release, quarters, int(years), (), without)
    if len(sizes) < SUCH:
        return None
    like = kept[np.isfinite(kept) & (sizes >= min(size, np.sort(sizes)[-SUCH]))]
    return Common(float((sizes >= size).mean()), "forces", float(like.mean()) if len(like) >= SUCH / 2 else None)


@functools.lru_cache(maxsize=512)
def _past(
    offence: Offence, release: Release, quarters: int, years: int, names: tuple[str, ...], without: Period | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return how large changes over so many years were, and which were still there a year later (NaN where not known).

    Of the forces named together, as logarithms; without names those of every force that is told with others, in its own deviations.
    """
    counts, regimes = measured(offence, release)
    months = release.covers.each_quarter
    apart = [each.overlaps(PANDEMIC) or (without is not None and each.overlaps(without)) for each in months]
    places = [PLACES[name] for name in names] or [place for place in PLACES.values() if place not in APART]
    chosen = counts[:, places].sum(axis=1, keepdims=True) if names else counts[:, places]
    now, then, later = statistics.past_changes(
        chosen, quarters=quarters, regimes=np.where(apart, -1, regimes), years=years
    )
    noise = _noise(offence, release, quarters)
    deviations = 1.0 if names or noise is None else np.sqrt(noise.of(places).each(now.T, then.T, years)).T
    with np.errstate(divide="ignore", invalid="ignore"):
        change, after = np.log(now / then), np.log(later / then)
    told = np.isfinite(change)
    still = np.where(np.isfinite(after), np.sign(after) == np.sign(change), np.nan)
    return np.abs(change / deviations)[told], still[told]
