"""What the tables hold of an offence, added up so that any area and months cost one look, in every release and vintage."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from analysis.comparison.totals import values_of
from analysis.figures import vintages
from analysis.figures.register import Release
from analysis.figures.vintages import YearRelease
from analysis.terms import areas
from analysis.terms.areas import Area
from analysis.terms.numbers import joined
from analysis.terms.offences import Offence
from analysis.terms.periods import Month, Period

_PLACES = {name: place for place, name in enumerate(areas.NAMES)}


@dataclass(frozen=True, eq=False)
class Sums:
    """One release's figures of an offence, as running sums over its quarters.

    Attributes
    ----------
    release
        Whose figures they are.
    counted
        The months in which it counts the offence.
    start
        The ordinal of the first month.
    totals, missing
        Offences, and how many cells were not supplied, before each quarter; quarters and one by forces.
    """

    release: Release
    counted: Period
    start: int
    totals: np.ndarray
    missing: np.ndarray

    def value(self, area: Area, period: Period) -> int | None:
        """Return the offences of an area in a period, or None where the release does not hold every force-quarter."""
        if period.cuts_quarter or not self.counted.covers(period):
            return None
        first, after = self._place(period.first), self._place(period.last.shift(1))
        members = places(tuple(area.names))
        if (self.missing[after] - self.missing[first])[members].any():
            return None
        return int((self.totals[after] - self.totals[first])[members].sum())

    def windows(self, area: Area, months: int) -> list[tuple[Period, int]]:
        """Return every span of so many months that begins with a quarter, with the offences of an area, oldest first."""
        quarters, members = months // 3, places(tuple(area.names))
        lacking, summed = self.missing[:, members].sum(axis=1), self.totals[:, members].sum(axis=1)
        gaps, sums = lacking[quarters:] - lacking[:-quarters], summed[quarters:] - summed[:-quarters]
        starts = (Month(0, 1).shift(self.start + 3 * place) for place in range(len(sums)))
        spans = ((Period(first, first.shift(months - 1)), place) for place, first in enumerate(starts))
        return [(span, int(sums[place])) for span, place in spans if not gaps[place] and self.counted.covers(span)]

    def by_force(self, period: Period) -> dict[str, int]:
        """Return the offences of each force that supplied every quarter of a period, in canonical order."""
        if period.cuts_quarter or not self.counted.covers(period):
            return {}
        first, after = self._place(period.first), self._place(period.last.shift(1))
        gaps, sums = self.missing[after] - self.missing[first], self.totals[after] - self.totals[first]
        return {name: int(sums[place]) for name, place in _PLACES.items() if not gaps[place]}

    def _place(self, month: Month) -> int:
        return (month.ordinal - self.start) // 3


@dataclass(frozen=True, eq=False)
class Years:
    """One publication's figures of an offence that is counted by year ending, with what :class:`Sums` offers."""

    release: YearRelease
    counted: Period
    code: str

    def value(self, area: Area, period: Period) -> int | None:
        """Return a year's offences, or None where the publication did not give it."""
        if period not in self.release.years or (area.by_years is not (self.release.source == vintages.PARTNERSHIPS)):
            return None
        figures = self.release.figures(area, self.code, period)
        return None if np.isnan(figures).any() else int(figures.sum())

    def windows(self, area: Area, months: int) -> list[tuple[Period, int]]:
        """Return every year that the publication gave, with the offences of an area, oldest first."""
        years = [(year, self.value(area, year)) for year in self.release.years if year.months == months]
        return [(year, value) for year, value in years if value is not None]

    def by_force(self, _: Period) -> dict[str, int]:
        """Return nothing: a place among forces is not looked up here."""
        return {}


def shelf(area: Area | None, offence: Offence, releases: tuple[Release, ...]) -> tuple[Sums | Years, ...]:
    """Return what each of some releases that counts an offence gives of it, oldest first.

    Of what is counted by year those of its publications that are no newer than the releases take their place.
    """
    table = vintages.table_of(area, offence) if area else offence.table
    if table is None:
        return _quarterly(offence.code, releases)
    newest = max((release.released for release in releases if release.released), default=date.max)
    given = (each for each in vintages.publications(table) if each.released and each.released <= newest)
    return tuple(Years(each, each.covers, offence.code) for each in given if each.holds(offence.code))


@functools.lru_cache(maxsize=512)
def _quarterly(code: str, releases: tuple[Release, ...]) -> tuple[Sums, ...]:
    return tuple(made for release in releases if (made := _sums(code, release)))


@functools.lru_cache(maxsize=1024)
def places(names: tuple[str, ...]) -> np.ndarray:
    """Return where forces stand on the axis of forces."""
    return np.array([_PLACES[name] for name in names])


def name_of(release: Release) -> str:
    """Return how a heading names a release.

    Examples
    --------
    >>> from analysis.figures.register import load_register
    >>> [name_of(load_register().release(name)) for name in ("before-2019-08", "2023-10-19")]
    ['copy made before August 2019', 'release of 19 October 2023']
    """
    if release.released is not None:
        return f"release of {release.words}"
    if release.known_by is not None:
        return f"copy made before {Month(release.known_by.year, release.known_by.month).words}"
    return f"table {release.id}"


def with_article(release: Release) -> str:
    """Return how a sentence names a release: a copy, of which there may be others, or the one release."""
    return f"{'a' if release.released is None and release.known_by else 'the'} {name_of(release)}"


def named(several: Iterable[Release]) -> str:
    """Return releases as a sentence lists them."""
    return joined(with_article(release) for release in several)


def _sums(code: str, release: Release) -> Sums | None:
    counted = release.counted(code)
    if counted is None:
        return None
    start, values = values_of(code, release)
    zero = np.zeros((1, values.shape[1]))
    totals = np.concatenate([zero, np.nancumsum(values, axis=0)])
    return Sums(release, counted, start, totals, np.concatenate([zero, np.isnan(values).cumsum(axis=0)]))
