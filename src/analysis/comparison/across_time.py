"""A force across time: a process chart on one side of a break, with the season taken out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from analysis import statistics
from analysis.comparison import counts
from analysis.comparison.change import Pair
from analysis.figures.register import provisional_from
from analysis.terms import areas
from analysis.terms.areas import Area
from analysis.terms.breaks import Effect
from analysis.terms.offences import Offence
from analysis.terms.periods import Period, quarter_label

if TYPE_CHECKING:
    import pandas as pd

LEAST = 8  # quarters under one definition; from fewer, limits and a trend say next to nothing
# Of the quarters; where the rules would mark more, they are not those of such a series: none is marked.
MOST_MARKED = 0.25
SEASONAL = 0.05  # the season is taken out where quarters differ more than this probability allows
# Offences a quarter, under which counts are too uneven for limits that lie as far above the mean as below.
LEAST_MEDIAN = 5


@dataclass(frozen=True)
class Step(statistics.Step):
    """A quarter from which an area's level is another, and holds.

    Attributes
    ----------
    place, before, after, drifts
        Its position among the quarters of the chart, and the levels, offences a quarter with the season taken out: those of the years
        right before and after where the series drifts beside its steps.
    quarter
        The first at the new level, in words.
    days
        In that quarter, on which the register of breaks knows a change of this offence in this area to begin or to have ended.
    """

    quarter: str
    days: tuple[date, ...]


@dataclass(frozen=True)
class Process:
    """A series of quarters under one definition, with limits of what is usual for it.

    Attributes
    ----------
    quarters
        ``Period[Q-MAR]``, from the first full year after the launch of the definition.
    offences
        Recorded offences, NaN where not supplied.
    adjusted
        The same with the season taken out.
    factors
        What each quarter of the year was divided by, first to fourth; taken from all forces together.
    reviewed
        Whether somebody has looked for changes in what was counted in these quarters; no chart is drawn where nobody has.
    steps
        Changes of level that hold, oldest first.
    limits, marked
        Of the adjusted series, about its trend or begun anew at each step, and the places of the points that a rule marks; None where no
        chart is drawn, and ``marked`` also where that would be more than a quarter of the points.
    false_signals
        How many marked quarters to expect in a series of this length that is stable between these steps.
    trend
        What the level is multiplied by in a year, with an over-dispersed 95% interval; None where no chart is drawn, and
        across a step, which is no trend.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> process = compare("Kent", release="2026-04-23").process
    >>> len(process.quarters), process.steps, [round(each, 2) for each in process.trend.ratio]
    (31, (), [1.08, 1.05, 1.12])
    """

    quarters: pd.PeriodIndex
    offences: np.ndarray
    adjusted: np.ndarray
    factors: np.ndarray
    reviewed: bool = True
    steps: tuple[Step, ...] = ()
    limits: statistics.ProcessLimits | None = None
    marked: tuple[int, ...] | None = None
    false_signals: statistics.FalseSignals | None = None
    trend: statistics.Trend | None = None

    @property
    def season_removed(self) -> bool:
        """Whether the season was large enough to be taken out."""
        return bool((self.factors != 1).any())


def process(pair: Pair) -> Process:
    """Return an area's process chart: its quarters since the newest definition had settled.

    Without limits where the median is under 5, a count is negative, fewer than eight quarters are held since then, or nobody has reviewed
    whether what is counted changed.

    Notes
    -----
    XmR limits, begun anew at each step, and the rules of NHS Making Data Count, on counts divided by the factors of a Poisson model of the
    quarters of all forces together; those of one force alone are mostly chance.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("Kent", release="2026-04-23").process
    >>> quarter_label(result.quarters[0]), len(result.quarters), result.limits is not None
    ('2018/19 Q1', 31, True)
    """
    area, offence, release = pair.area, pair.offence, pair.release
    if release.by_years:
        release.cells((offence.code,))  # refuses: there are no quarters
    since, covers = counts.settled_since(offence, release), release.covers
    first = (since.ordinal - covers.first.ordinal) // 3
    quarters = covers.quarters[first:]
    table = counts.part(offence.code, release, areas.ENGLAND_AND_WALES, covers)[first:]
    own, factors = counts.part(offence.code, release, area, covers)[first:], np.ones(4)
    if len(quarters):
        season = statistics.quarter_season(table.sum(axis=1), quarters.qyear, quarters.quarter)
        factors = season.factors if season.p <= SEASONAL else factors
    offences = own.sum(axis=1)
    in_year = factors[quarters.quarter - 1]
    adjusted = offences / in_year
    known = quarters.empty or counts.reviewed(offence, Period(since, covers.last)) != "no"
    held = offences[np.isfinite(offences)]
    made = Process(quarters, offences, adjusted, factors, known)
    if not (known and len(quarters) >= LEAST and len(held) and np.median(held) >= LEAST_MEDIAN and held.min() >= 0):
        return made
    c, tau = _noise(own, counts.noise_of(offence, release, 1, area.names))
    found = statistics.steps(adjusted, c=c, tau=tau)
    effects, rebase = counts.effects_of(offence, area, release), [step.place for step in found]
    trend = None if found else statistics.poisson_trend(offences, np.arange(len(quarters)) / 4, exposure=in_year)
    course = 0.0 if trend is None or np.isnan(trend.fitted).any() else trend.fitted / in_year
    limits = statistics.xmr_limits(adjusted, rebase=rebase, course=course)
    marked = np.flatnonzero(np.any([*statistics.signals(adjusted, limits).values()], axis=0)).tolist()
    means = np.maximum(limits.centre if found else np.nanmean(adjusted), 0.1)  # after a step there may be none at all
    false = statistics.expected_false_signals(len(quarters), mean=means, rebase=rebase, c=c, tau=tau, simulations=2000)
    return replace(
        made,
        steps=tuple(_named(step, quarters[step.place], effects, area, offence) for step in found),
        limits=limits,
        marked=None if len(marked) > MOST_MARKED * len(quarters) else tuple(marked),
        false_signals=false,
        trend=trend,
    )


def _noise(counts: np.ndarray, noise: statistics.Noise | None) -> tuple[float, float]:
    """Return c and τ of a quarter of these forces' sum, in which each scatters for itself; chance alone where none was measured."""
    if noise is None:
        return 1.0, 0.0
    means = np.ma.masked_invalid(counts).mean(axis=0).filled(0)
    shares, factors = means / (means.sum() or 1.0), np.array(noise.groups or (1.0,))
    c, tau2 = noise.c * (shares * factors).sum(), noise.passing / 2 * (shares**2 * factors).sum()
    return max(1.0, float(c)), float(np.sqrt(tau2))


def _named(
    step: statistics.Step, quarter: pd.Period, effects: tuple[Effect, ...], area: Area, offence: Offence
) -> Step:
    """Give a step the days in its quarter on which the register knows a change of all of the offence in all of the area."""
    days = [
        day
        for each in effects
        if (not each.codes or set(offence.codes) <= set(each.codes)) and not counts.in_part(each, area)
        for day in (each.change.day, each.change.until and each.change.until + timedelta(days=1))
        if day and quarter.start_time.date() <= day <= quarter.end_time.date()
    ]
    return Step(**vars(step), quarter=quarter_label(quarter), days=tuple(dict.fromkeys(days)))


def quarters(pair: Pair) -> pd.DataFrame:
    """Return every quarter of a release, with what must be known of each.

    Returns
    -------
    pandas.DataFrame
        Columns ``quarter`` (``Period[Q-MAR]``), ``offences`` (``Int64``), ``provisional`` and ``settled`` (bool; the latter since
        the newest definition had settled), and ``definition`` (``present``, ``earlier`` or ``two``).
    """
    import pandas as pd

    area, offence, release = pair.area, pair.offence, pair.release
    if release.by_years:
        release.cells(offence.codes)  # refuses, since a year has no quarters
    months = release.covers.each_quarter
    counted, newest = release.span(offence.code), provisional_from(release)
    sums = counts.part(offence.code, release, area, release.covers).sum(axis=1)
    since, effects = counts.settled_since(offence, release), counts.breaks_of(offence, area, release)
    sides = ([counts.side_of(effect, period) for effect in effects] for period in months)
    return pd.DataFrame(
        {
            "quarter": release.covers.quarters,
            "offences": pd.array(np.where([counted.covers(each) for each in months], sums, np.nan), dtype="Int64"),
            "provisional": [period.overlaps(newest) for period in months],
            "settled": [period.first >= since for period in months],
            "definition": list(map(counts.definition, sides)),
        }
    )


def years(pair: Pair, offence: Offence) -> tuple[dict[Period, int], ...]:
    """Return what a release counts in the years that end in a month of the year, as stretches within which any two may be compared.

    Parameters
    ----------
    pair
        Whose figures, as published when; the years end in the month in which its period does.
    offence
        What is counted.

    Returns
    -------
    tuple of dict
        Oldest first. A new stretch begins behind each break and behind each year without a figure; a year that holds a
        break, or that nobody has reviewed, is in none.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> kent = compare("Kent", release="2026-04-23")
    >>> before, after = years(kent, kent.offence)
    >>> [year.words for year in before][-1], [year.words for year in after][0]
    ('January to December 2016', 'January to December 2018')
    """
    area, release = pair.area, pair.release
    last = release.covers.last
    newest = release.covers.last_months(12).shift(-((last.ordinal - pair.current.period.last.ordinal) % 12))
    counted = release.span(offence.code)
    all_years = (newest.shift(-12 * back) for back in reversed(range(release.covers.months // 12)))
    known = [year for year in all_years if counted.covers(year) and counts.reviewed(offence, year) != "no"]
    # A line compares all of its years: what breaks one of them by more than a little cuts it.
    breaks = counts.breaks_of(offence, area, release)
    stretches: dict[tuple[str, ...], dict[Period, int]] = {}
    gaps = 0
    for year in known:
        sides = tuple(counts.side_of(effect, year) for effect in breaks)
        value = counts.total(offence.code, release, area, year) if release.gives(year) else None
        if value is None:
            gaps += 1
        elif counts.definition(sides) != "two":
            stretches.setdefault((str(gaps), *sides), {})[year] = value
    return tuple(stretches.values())
