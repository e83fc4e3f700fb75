"""What the tables give for a number: every area, offence and period that a text names, in every release, in one array."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.claims.check.numbers import Number
from analysis.claims.forms import days
from analysis.claims.models import BOUNDS
from analysis.comparison.definitions import values_of
from analysis.figures import population, vintages
from analysis.figures.register import Register, Release
from analysis.statistics import revision
from analysis.terms import areas, offences
from analysis.terms.periods import Period

Array = npt.NDArray[np.float64]
NATIONAL = "England and Wales"
NONE, WITHIN, EXACT = 0, 1, 2
"""How a number stands to what the tables give: not; within revision, or within the bound of its words; at its rounding."""
_POINTS = (
    0.01  # by which a change of a percentage may have moved where little was counted: least, of the log of the ratio
)


@dataclass(frozen=True)
class Slot:
    """Months that a number may be of, with those it may be set against, and how far its words are from naming them.

    Attributes
    ----------
    period, baseline
        The months; no baseline for a number of one period.
    cost
        0 where the words say so, more where they must be guessed.
    words
        What it rests on.
    """

    period: Period
    baseline: Period | None
    cost: float
    words: str = ""


class Tables:
    """The figures of some areas and offences in every release, quick to sum over any months.

    Parameters
    ----------
    places
        Areas as a claim writes them, a name or several forces, with England and Wales among them, of which shares are.
    codes
        Offences by code.
    register
        The releases to look in.
    """

    def __init__(self, places: Sequence[str | tuple[str, ...]], codes: Sequence[str], register: Register) -> None:
        self.places, self.codes = tuple(places), tuple(codes)
        self._releases = [release for release in register.releases if release.kind != "context"]
        self._forces = [_forces(place) for place in self.places]
        self._sums = {
            (i, code): _running(code, release, self._forces)
            for i, release in enumerate(self._releases)
            for code in self.codes
            if release.holds(code) and release.counted(code)
        }
        self._counted: dict[Period, Array] = {}
        pairs = itertools.product(enumerate(self.places), enumerate(self.codes))
        self._years = {(i, j): _published(place, code) for (i, place), (j, code) in pairs}

    def counts(self, periods: Sequence[Period]) -> Array:
        """Return what each release gives, and after them each publication of years: by areas by offences by periods, NaN where it does not hold them."""
        for period in periods:
            if period not in self._counted:
                self._counted[period] = self._count(period)
        return np.stack([self._counted[period] for period in periods], axis=-1)

    def _count(self, period: Period) -> Array:
        releases = len(self._releases)
        most = max((len(given) for years in self._years.values() for given in years.values()), default=0)
        found = np.full((releases + most, len(self.places), len(self.codes)), np.nan)
        for (i, code), (start, sums, gaps) in self._sums.items():
            first, after = ((ordinal - start) // 3 for ordinal in (period.first.ordinal, period.last.ordinal + 1))
            if not period.cuts_quarter and 0 <= first < after < len(sums):
                is_whole = gaps[after] == gaps[first]
                found[i, :, self.codes.index(code)] = np.where(is_whole, sums[after] - sums[first], np.nan)
        for (i, j), years in self._years.items():
            given = years.get(period, [])
            found[releases : releases + len(given), i, j] = given
        return found

    def held(self, number: Number, slots: Sequence[Slot], unit: str = "") -> Array:
        """Return what the tables give in a number's own unit: releases by areas by offences by slots.

        Parameters
        ----------
        number
            Its kind says what is worked out: a count, a change, a rate, a share.
        slots
            The months.
        unit
            Of a rate: ``day``, ``week``, ``month``, or so many residents in digits; of ``every``: ``minutes`` and the like.
        """
        counts = self.counts([slot.period for slot in slots])
        with np.errstate(divide="ignore", invalid="ignore"):
            if number.kind in {"percent", "multiple", "difference"}:
                before = [slot.baseline for slot in slots]
                base = self.counts([period or slots[i].period.year_before for i, period in enumerate(before)])
                changed = {"percent": 100 * (counts / base - 1), "multiple": counts / base, "difference": counts - base}
                return changed[number.kind]
            if number.kind == "rate" and unit.isdigit():
                return float(unit) * counts / self._people([slot.period for slot in slots])[None, :, None, :]
            if number.kind == "rate":
                lengths = {"day": _lengths(slots), "week": _lengths(slots) / 7}
                return counts / lengths.get(unit, np.array([float(slot.period.months) for slot in slots]))
            if number.kind == "every":
                of_a_day = {"seconds": 86400, "minutes": 1440, "hours": 24}.get(unit, 1)
                return of_a_day * _lengths(slots) / counts
            if number.kind == "share":
                return 100 * counts / counts[:, [self.places.index(NATIONAL)]]
        return counts if number.kind == "count" else np.full_like(counts, np.nan)

    def _people(self, periods: Sequence[Period]) -> Array:
        found = np.full((len(self.places), len(periods)), np.nan)
        for i, place in enumerate(self.places):
            for k, period in enumerate(periods):
                found[i, k] = _residents(place, period)
        return found

    def reach(self, counts: Array) -> Array:
        """Return how far revision reaches from each count: areas by offences by slots, as the log of a ratio."""
        tiers = [revision.TIERS[offences.revision_tier(offences.find(code))] for code in self.codes]
        is_national = np.array([len(forces) > len(areas.FORCES) // 2 for forces in self._forces])[:, None, None]
        usual = np.where(is_national, [[[t.nation] for t in tiers]], [[[t.force] for t in tiers]])
        reached: Array = np.sqrt(usual**2 + 1 / np.maximum(np.nan_to_num(counts), 1))
        return reached


def fits(number: Number, held: Array, counts: Array, tables: Tables) -> npt.NDArray[np.int_]:
    """Say how a number stands to what is held, area by offence by slot: :data:`EXACT`, :data:`WITHIN` or :data:`NONE`.

    Parameters
    ----------
    number
        As stated; its bound, its rounding and the way that it goes are kept to.
    held
        As :meth:`Tables.held` gives it.
    counts
        The newest counts, from which revision is reckoned: areas by offences by slots.
    tables
        Those that were looked in.
    """
    stated, half = float(number.value or 0), float(number.half_unit)
    given = held
    if number.kind in {"percent", "difference"}:
        signs = {"up": 1, "down": -1}.get(number.direction)
        given = held * signs if signs else np.abs(held)
    gap = np.abs(given - stated)
    low, high = _ends(number.bound, stated)
    bound = (given >= low) & (given <= high) if number.bound else gap <= half + 1e-9
    exact = (gap <= half + 1e-9) if not number.bound or half else bound
    wide = tables.reach(counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        if number.kind == "percent":
            near = gap <= half + np.maximum(100 * _POINTS, 100 * wide * (1 + np.abs(given) / 100))
        elif number.kind == "difference":
            near = gap <= np.maximum(2, 0.02 * stated)
        else:
            least = max(2.0, float(number.rounding)) if number.kind == "count" else half
            near = (np.abs(np.log(given / stated)) <= wide) | (gap <= least)
    is_exact, is_near = ((which & np.isfinite(given)).any(axis=0) for which in (exact, near | bound))
    found: npt.NDArray[np.int_] = np.where(is_exact, EXACT, np.where(is_near, WITHIN, NONE))
    return found


def newest(held: Array) -> Array:
    """Return what the newest release that holds it gives, for each place in an array whose first axis are releases."""
    found: Array = held[0].copy()
    for release in held[1:]:
        found = np.where(np.isnan(release), found, release)
    return found


def _ends(bound: str, stated: float) -> tuple[float, float]:
    """Return between which two a bound leaves a number open; what is said to be more is not said to be far more."""
    many = {"more than": (1.0, 1.1), "at least": (1.0, 1.1), "less than": (0.9, 1.0), "at most": (0.9, 1.0)}
    low, high = many.get(BOUNDS.get(bound, bound), (0.9, 1.1))
    return low * stated, high * stated


def _lengths(slots: Sequence[Slot]) -> Array:
    return np.array([float(days(slot.period)) for slot in slots])


@functools.lru_cache(maxsize=4096)
def _forces(place: str | tuple[str, ...]) -> tuple[int, ...]:
    area = areas.find_area(place)
    return () if area.by_years else tuple(areas.NAMES.index(name) for name in area.names)


@functools.lru_cache(maxsize=4096)
def _residents(place: str | tuple[str, ...], period: Period) -> float:
    found = population.residents_for(areas.find_area(place), period, band="all")
    return found.people * period.months / 12 if found else math.nan


@functools.lru_cache(maxsize=4096)
def _published(place: str | tuple[str, ...], code: str) -> dict[Period, list[int]]:
    """Return the figures of each year in every publication of years, newest first: of a town's partnership there are no others."""
    area = areas.find_area(place)
    keys = [each.code for each in area.partnerships] if area.by_years else [one.code or one.name for one in area.forces]
    table = vintages.years(vintages.table_of(area, offences.find(code)) or "vintages")
    rows = [table.get((key, code), {}) for key in keys]
    found: dict[Period, list[int]] = {}
    for day, period in sorted(rows[0], reverse=True) if rows else ():
        if all((day, period) in row for row in rows):
            found.setdefault(period, []).append(sum(row[day, period] for row in rows))
    return found


def _running(code: str, release: Release, places: Sequence[tuple[int, ...]]) -> tuple[int, Array, Array]:
    """Return the first quarter, and for each area the sums of figures and of gaps up to each quarter."""
    start, values = values_of(code, release)
    sums, gaps = (np.zeros((values.shape[0] + 1, len(places))) for _ in range(2))
    for i, forces in enumerate(places):
        part = values[:, list(forces)]
        sums[1:, i] = np.cumsum(np.nan_to_num(part).sum(axis=1))
        gaps[1:, i] = np.cumsum(np.isnan(part).sum(axis=1) if forces else np.ones(len(values)))  # no quarters of a town
    return start, sums, gaps
