"""What is counted: the figures of a release as sums, under which definition, and how far the history of an offence was reviewed."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from analysis.errors import RequestError
from analysis.figures.register import Release, load_register
from analysis.figures.vintages import YearRelease
from analysis.terms import areas, breaks
from analysis.terms.areas import Area
from analysis.terms.breaks import Effect
from analysis.terms.offences import Offence
from analysis.terms.periods import Month, Period

PLACES = {name: place for place, name in enumerate(areas.NAMES)}
LITTLE = 0.01  # of what is counted: what touches less of it does not break it
SOME = 0.05  # of what is counted: what touches only some of an area's forces, and less than this, is a note
MOST = 0.5  # of what is counted: what touches only some of an area's forces does not break it unless it touches more
NEWER = 12  # months after what was reviewed of an offence that may still be compared, with care

# On which side of a break a period lies: wholly before or after it, on both, within its span, or holding a quarter that it cuts.
BEFORE, AFTER, BOTH, WITHIN, MIXED = "before", "after", "both", "within", "mixed"


def total(offence: str, release: Release, area: Area, period: Period) -> int | None:
    """Return the offences of an area in a period, or None if any force-quarter was not supplied.

    Parameters
    ----------
    offence
        A code, or the id of a union, that the release holds.
    release
        Where to count.
    area
        One force or several.
    period
        Whole quarters that the release holds.
    """
    figures = part(offence, release, area, period)
    return None if np.isnan(figures).any() else int(figures.sum())


@functools.lru_cache(maxsize=1024)  # all that a page lists, in two releases
def values_of(offence: str, release: Release) -> tuple[int, np.ndarray, np.ndarray]:
    """Return an offence's figures, quarters by forces, to be cut quickly.

    The ordinal of the first quarter's first month, the figures (NaN where not supplied), and where a small part of a union has none and
    counts as none.
    """
    cells = release.cells(release.offence(offence).codes)
    return cells.covers.first.ordinal, cells.total.T, cells.lacking.T


def figures(offence: str, release: Release, area: Area, period: Period) -> tuple[np.ndarray, np.ndarray]:
    """Return the figures of a period, quarters by the forces of an area, and where a small part of a union has none.

    Of what is counted by year there is one row for the year; of partnerships a column for each.
    """
    if isinstance(release, YearRelease):
        by_year = release.figures(area, offence, period)
        return by_year, np.zeros_like(by_year, dtype=bool)
    if area.by_years:
        raise RequestError(
            f"area: {area.name} is counted by year, and release {release.id} by quarter; ask for {area.whole.name}"
        )
    assert release.covers.covers(period), f"{release.id} does not hold {period}"  # noqa: S101  # a slice would wrap round
    start, values, lacking = values_of(offence, release)
    rows = slice((period.first.ordinal - start) // 3, (period.last.ordinal - start) // 3 + 1)
    places = [PLACES[name] for name in area.names]
    return values[rows][:, places], lacking[rows][:, places]


def part(offence: str, release: Release, area: Area, period: Period) -> np.ndarray:
    """Return the figures of a period alone, as :func:`figures` gives them: NaN where not supplied."""
    return figures(offence, release, area, period)[0]


def quarters_of(offence: str, release: Release, names: Sequence[str]) -> np.ndarray:
    """Return every quarter of a release by the forces named, NaN where not supplied.

    Parameters
    ----------
    offence
        A code, or the id of a union, that the release holds.
    release
        Where to count.
    names
        Forces by name.

    Returns
    -------
    ndarray
        Recorded offences, quarters by forces.

    Examples
    --------
    >>> from analysis.figures.register import load_register
    >>> quarters_of("88A", load_register().release("2026-04-23"), ["Kent", "Surrey"]).shape
    (55, 2)
    """
    return values_of(offence, release)[1][:, [PLACES[name] for name in names]]


def definition(sides: Iterable[str]) -> str:
    """Return under which definition something was counted, by its sides of all breaks."""
    found = set(sides)
    return "two" if found & {BOTH, WITHIN, MIXED} else "earlier" if BEFORE in found else "present"


def side_of(effect: Effect, period: Period) -> str:
    """Return on which side of a break a period lies.

    Examples
    --------
    >>> from analysis.figures.register import load_register
    >>> from analysis.terms import offences
    >>> (grooming,) = breaks_of(offences.find("88A"), areas.find_area("Kent"), load_register().release("2026-04-23"))
    >>> [side_of(grooming, Period.parse(text)) for text in ("2016/17", "2017/18", "2016/17 Q1..2017/18 Q1")]
    ['before', 'after', 'both']
    """
    change = effect.change
    if change.mixes_quarter and period.overlaps(change.quarter):
        return MIXED
    if change.until and period.overlaps(change.months):
        return WITHIN
    if change.gap:
        return AFTER
    if period.last < change.begins:
        return BEFORE
    return AFTER if period.first >= change.begins else BOTH


@functools.lru_cache(maxsize=8192)  # asked of every count
def breaks_of(offence: Offence, area: Area, release: Release) -> tuple[Effect, ...]:
    """Return the breaks of an offence that hold for an area and begin before a release ends, oldest first.

    A break of some members of a union is not one where, in the years before and after it, they make up little of the union.
    """
    return tuple(
        effect
        for effect in effects_of(offence, area, release)
        if effect.change.month <= release.covers.last and cuts(effect, offence, area, release)
    )


def cuts(effect: Effect, offence: Offence, area: Area, release: Release) -> bool:
    """Say whether an entry forbids to compare an area's figures of an offence across it."""
    return forbids(effect, area, share(effect, area, offence, release))


def effects_of(offence: Offence, area: Area, release: Release) -> tuple[Effect, ...]:
    """Return the breaks and cautions of an offence that hold for an area; an entry for a force holds for all areas with it."""
    names = set(area.names)
    return tuple(
        effect
        for effect in breaks.effects(offence)
        if (not effect.change.forces or names.intersection(effect.change.forces))
        and (not effect.change.releases or release.id in effect.change.releases)
    )


def in_part(effect: Effect, area: Area) -> bool:
    """Say whether an entry is about some of an area's forces only."""
    return bool(effect.change.forces) and not set(area.names) <= set(effect.change.forces)


def forbids(effect: Effect, area: Area, part: float) -> bool:
    """Say whether an entry that touches such a part of what is counted forbids a comparison across it."""
    return effect.forbids and part >= (MOST if in_part(effect, area) else LITTLE)


@functools.lru_cache(maxsize=8192)  # of each offence, area and entry, in every pair
def share(effect: Effect, area: Area, offence: Offence, release: Release) -> float:
    """Return the share of what is counted that the members and forces touched by an entry make up; 1 where that is not known.

    The larger of the shares in the year before it and in the year after it, so that it is the same for every pair of periods.
    """
    if release.by_years:  # by the share in the forces' quarters, which hold each code
        newest = load_register().release("latest")
        return share(effect, area.whole, offence, newest) if newest.holds(offence.code) else 1.0
    some = in_part(effect, area)
    if not (effect.codes or some) or not all(release.holds(code) for code in effect.codes):
        return 1.0
    touched = [each for each in area.forces if each.name in effect.change.forces] if some else area.forces
    shares = []
    for period in filter(release.covers.covers, _around(effect)):
        whole = float(np.nansum(part(offence.code, release, area, period)))
        those = replace(area, forces=tuple(touched))
        parts = [float(np.nansum(part(code, release, those, period))) for code in effect.codes or (offence.code,)]
        shares.append(sum(map(abs, parts)) / whole if whole > 0 else 1.0)
    return max(shares, default=1.0)


def _around(effect: Effect) -> tuple[Period, Period]:
    """Return the four quarters before the one that holds the day of an entry, and the four after its last quarter."""
    quarter, last = effect.change.quarter, effect.change.months.last
    after = quarter if effect.change.until is None else Period(last.shift(-2), last)
    return (
        Period(quarter.first.shift(-12), quarter.first.shift(-1)),
        Period(after.first.shift(3), after.last.shift(12)),
    )


def reviewed(offence: Offence, span: Period) -> Literal["yes", "older", "no"]:
    """Return whether somebody has looked for changes in what is counted in all of a span, or in all but its newest months."""
    looked_at = offence.reviewed.span if offence.reviewed else None
    if looked_at is None or span.first < looked_at.first or span.last > looked_at.last.shift(NEWER):
        return "no"
    return "older" if span.last > looked_at.last else "yes"


def settled_since(offence: Offence, release: Release) -> Month:
    """Return the first month after the newest break and its launch, as far as the release reaches."""
    start = release.span(offence.code).first
    for effect in breaks_of(offence, areas.ENGLAND_AND_WALES, release):
        change = effect.change
        start = max(start, change.begins, change.launch.last.shift(1) if change.launch else change.begins)
    return start
