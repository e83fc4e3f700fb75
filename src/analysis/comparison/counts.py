"""What was counted, under which definition, with everything that must be known of the number, and how such counts usually vary."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from analysis import statistics
from analysis.figures import population
from analysis.figures.population import Residents
from analysis.figures.register import Release, load_register, provisional_from
from analysis.figures.vintages import YearRelease, publications
from analysis.terms import areas, breaks
from analysis.terms.areas import PLACES, Area
from analysis.terms.breaks import Effect
from analysis.terms.offences import NONE, OWN, Denominator, Offence
from analysis.terms.periods import Month, Period, quarter_label

LITTLE = 0.01  # of what is counted: what touches less of it does not break it
SOME = 0.05  # of what is counted: what touches only some of an area's forces, and less than this, is a note
MOST = 0.5  # of what is counted: what touches only some of an area's forces does not break it unless it touches more
NEWER = 12  # months after what was reviewed of an offence that may still be compared, with care

# On which side of a break a period lies: wholly before or after it, on both, within its span, or holding a quarter that it cuts.
BEFORE, AFTER, BOTH, WITHIN, MIXED = "before", "after", "both", "within", "mixed"

PER = Denominator.per  # residents that a rate is given for
SMALL = 50  # a count under this moves much by chance: no percentage rests on it
YEAR = 4  # quarters; a longer count has at least the share of noise that a year has
LONG = 5 * YEAR  # quarters of the newest definition from which noise is measured on it alone
APART = tuple(PLACES[force.name] for force in areas.FORCES if force.no_rate)
REGIONS = tuple(
    tuple(PLACES[force.name] for force in areas.FORCES if force.region == region and not force.no_rate)
    for region in dict.fromkeys(force.region for force in areas.FORCES)
)


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


def part(offence: str, release: Release, area: Area, period: Period) -> np.ndarray:
    """Return what each force or partnership of an area recorded, quarters by forces, or one row for a year: NaN where not supplied.

    Examples
    --------
    >>> release = load_register().release("2026-04-23")
    >>> part("88A", release, areas.find_area("Kent+Surrey"), release.covers).shape
    (55, 2)
    """
    return release.figures(area, offence, period)[0]


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
        if effect.change.month <= release.covers.last and forbids(effect, area, share(effect, area, offence, release))
    )


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

    The larger of the shares in the year before it and in the year after it, so that it is the same for every pair of periods; of what has
    no quarters the largest in any year.
    """
    if release.by_years:
        newest = load_register().release("latest")
        if newest.holds(offence.code):  # by the share in the forces' quarters, which hold each code
            return share(effect, area.whole, offence, newest)
    some = in_part(effect, area)
    if not (effect.codes or some) or not all(release.holds(code) for code in effect.codes):
        return 1.0
    touched = [each for each in area.forces if each.name in effect.change.forces] if some else area.forces
    if isinstance(release, YearRelease):
        years = [each for each in release.years if np.nansum(part(offence.code, release, area, each)) > 0]
    else:
        years = [each for each in _around(effect) if release.covers.covers(each)]
    shares = []
    for period in years:
        whole = float(np.nansum(part(offence.code, release, area, period)))
        those = replace(area, forces=tuple(touched))
        parts = [float(np.nansum(part(code, release, those, period))) for code in effect.codes or (offence.code,)]
        shares.append(sum(map(abs, parts)) / whole if whole > 0 else 1.0)
    return max(shares, default=1.0)


def _around(effect: Effect) -> tuple[Period, Period]:
    """Return the four quarters before the one that holds the day of an entry, and the four after its last quarter."""
    first, last = effect.change.quarter.first, effect.change.months.last.quarter.last
    return Period(first.shift(-12), first.shift(-1)), Period(last.shift(1), last.shift(12))


def reviewed(offence: Offence, span: Period) -> Literal["yes", "older", "no"]:
    """Return whether somebody has looked for changes in what is counted in all of a span, or in all but its newest months."""
    looked_at = offence.reviewed.span if offence.reviewed else None
    if looked_at is None or span.first < looked_at.first or span.last > looked_at.last.shift(NEWER):
        return "no"
    return "older" if span.last > looked_at.last else "yes"


def settled_since(offence: Offence, release: Release) -> Month:
    """Return the first month after the newest break and its launch, as far as the release reaches."""
    changes = (effect.change for effect in breaks_of(offence, areas.ENGLAND_AND_WALES, release))
    settled = (each.launch.last.shift(1) if each.launch else each.begins for each in changes)
    return max([release.span(offence.code).first, *settled])


@dataclass(frozen=True)
class Rate:
    """Recorded offences a year for 10,000 residents, with the 95% interval that usual variation leaves open.

    Attributes
    ----------
    offences
        The count, without British Transport Police, which has no residents.
    residents
        Whom it is a rate of.
    value, low, high
        Offences a year for 10,000 residents.
    chance
        The exact 95% interval: chance alone, which is too narrow.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> rate = compare("Kent", period="2024/25", release="2026-04-23").current.rate
    >>> round(rate.value, 1), round(rate.low, 1), round(rate.high, 1), rate.residents.words
    (6.8, 5.4, 8.5, 'children aged 0 to 17, mid-2024')
    """

    offences: int
    residents: Residents
    value: float
    low: float
    high: float
    chance: statistics.Interval

    @property
    def is_measured(self) -> bool:
        """Whether it is known how far such rates usually vary: its interval is wider than chance alone."""
        return bool(self.low < self.chance.low)


@dataclass(frozen=True)
class Count:
    """Recorded offences of an area in a period, as one release has them.

    Attributes
    ----------
    area, offence, release, period
        Whose, of what, as published when, in which months.
    offences
        How many, or None where a force did not supply a quarter or the offence was not counted then.
    not_supplied, lacking
        The force-quarters that the release lacks, and those in which it lacks only a small part of a union, in words.
    not_counted
        Whether the offence was not counted in a part of the period.
    sides
        For each break of the offence that holds for the area, oldest first, the side on which the period lies.
    others
        Other full releases that give another figure, each with its figure, oldest first.
    is_provisional
        Whether the period touches the newest quarters of the release.
    rate, no_rate
        The rate of residents, or None and why there is none, as a clause.
    marks
        Letters that stand in square brackets beside the number, as a table explains them.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> counted = compare("Kent", period="2024/25", release="2026-04-23").current
    >>> counted.offences, round(counted.per_month, 1), counted.marks
    (289, 24.1, ('p',))
    """

    area: Area
    offence: Offence
    release: Release
    period: Period
    offences: int | None
    not_supplied: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    not_counted: bool = False
    sides: tuple[tuple[Effect, str], ...] = ()
    others: tuple[tuple[Release, int], ...] = ()
    is_provisional: bool = False
    rate: Rate | None = None
    no_rate: str = ""
    marks: tuple[str, ...] = ()

    @property
    def per_month(self) -> float | None:
        """Offences a month."""
        return None if self.offences is None else self.offences / self.period.months

    @property
    def is_small(self) -> bool:
        """Whether the number is so small that it can move much by chance."""
        return self.offences is not None and is_small(self.offences)

    @property
    def definition(self) -> str:
        """Under which definition it was counted: ``present``, ``earlier``, or ``two`` of them."""
        return definition(side for _, side in self.sides)


def count(area: Area, offence: Offence, release: Release, period: Period) -> Count:
    """Count the recorded offences of an area in a period.

    Parameters
    ----------
    area
        One force or several.
    offence
        What to count.
    release
        The release to count in, which holds the offence.
    period
        Whole quarters that the release covers.

    Returns
    -------
    Count
        Its number is None where a force did not supply a quarter, or the offence was not counted then.

    Examples
    --------
    >>> from analysis.terms import offences
    >>> release = load_register().release("2026-04-23")
    >>> count(areas.find_area("Kent+Sussex"), offences.find("88A"), release, Period.parse("2024/25")).offences
    543
    """
    is_counted, is_provisional = release.span(offence.code).covers(period), period.overlaps(provisional_from(release))
    sides = tuple((effect, side_of(effect, period)) for effect in breaks_of(offence, area, release))
    each, little = release.figures(area, offence.code, period) if is_counted else (np.empty((0, 0)),) * 2
    absent, lacking = (_gaps(blank, release, area, period) for blank in (np.isnan(each), little))
    number = int(each.sum()) if is_counted and not absent else None
    held = () if number is None else release.others(offence.code, period)
    given = [(each, total(offence.code, each, area, period)) for each in held if each.id != release.id]
    others = tuple((each, value) for each, value in given if value is not None and value != number)
    never = f"{offence.label} was not counted throughout {period.words}"
    rate, no_rate = _rate(offence, release, area, period) if is_counted else (None, never)
    is_cut = definition(side for _, side in sides) == "two"
    stands = {"b": is_cut, "p": is_provisional, "r": bool(others), "u": number is not None and is_small(number)}
    return Count(
        area, offence, release, period, number, absent, lacking, not is_counted, sides, others, is_provisional, rate, no_rate,
        marks=tuple(letter for letter in stands if stands[letter]),
    )  # fmt: skip


def is_small(number: int) -> bool:
    """Say whether a number is so small that no percentage may rest on it.

    Parameters
    ----------
    number
        A count of offences.

    Returns
    -------
    bool
        Whether it is under 50.

    Examples
    --------
    >>> is_small(49), is_small(50)
    (True, False)
    """
    return number < SMALL


@functools.lru_cache(maxsize=64)
def rates(offence: Offence, release: Release, period: Period) -> dict[str, Rate]:
    """Return the rate of each force that has one to be read, by name in canonical order."""
    each = map(Area.of, areas.FORCES)
    found = {area.name: _rate(offence, release, area, period)[0] for area in each}
    return {name: rate for name, rate in found.items() if rate is not None}


def _rate(offence: Offence, release: Release, area: Area, period: Period) -> tuple[Rate | None, str]:
    """Return an area's rate of residents, or None and why there is none to be read."""
    if never := unrated(area, offence.denominator):
        return None, never
    # British Transport Police has no residents; elsewhere it would add offences to residents who are counted already.
    residing = population.residing(area, offence.denominator)
    each = part(offence.code, release, residing, period).sum(axis=0)
    if np.isnan(each).any():
        return None, f"a figure of {period.words} is missing"
    if (offences := int(each.sum())) < 0:
        return None, f"the count in {period.words} is negative"
    residents = population.counted_in(residing, period, offence.denominator)
    if residents is None:
        return None, f"no estimate of residents stands near {period.words}"
    noise = noise_of(offence, release, period.months // 3, residing)
    value, (low, high), chance = rated(each, residents.people, period.months, noise)
    return Rate(offences, residents, value, low, high, chance), ""


def rated(
    each: np.ndarray, people: Any, months: int, noise: statistics.Noise | None
) -> tuple[Any, statistics.Interval, statistics.Interval]:
    """Return the rate of what each force of an area recorded, one or a row for each period, and its intervals: usual, and by chance."""
    total = each.sum(axis=0)
    variance = 1 / np.maximum(total, 1)
    if noise:
        variance = np.where(total > 0, noise.level(each), variance)
    value, *chance = statistics.rate(total, people / PER * months / 12)
    return value, statistics.widened(value, variance, *chance), statistics.Interval(*chance)


def unrated(area: Area, of: Denominator) -> str:
    """Return why an area has no rate of residents in any period, as a clause; an empty string where it may have one."""
    if of.of == NONE:
        return "a rate of residents says nothing about these offences"
    if of.of != OWN and all(force.no_rate for force in area.forces):
        return " and ".join(f"{force.name} {force.no_rate}" for force in area.forces)
    return "" if population.residing(area, of).forces else f"the residents given leave out {area.name} or a part of it"


def noise_of(
    offence: Offence, release: Release, quarters: int = YEAR, of: Area | Iterable[str] = areas.NAMES
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
    of
        The area, or the forces by name, whose counts it is to be applied to, in the order of the counts.

    Returns
    -------
    Noise or None
        None where neither the offence nor its group can be measured.

    Notes
    -----
    In closed form (:func:`analysis.statistics.fit_noise`) and quick, so that nothing waits for a fit or keeps one on disk; it is
    worked out once in a process for each offence and length. British Transport Police and the City of London have no part in
    what is measured for all, and each has its own scatter.

    Of partnerships there is one pair of years, in which what comes back cannot be told from what stays: it holds for one year.

    Examples
    --------
    >>> from analysis.figures.register import load_register
    >>> from analysis.terms import offences
    >>> noise = noise_of(offences.find("88A"), load_register().release("2026-04-23"), of=["Kent"])
    >>> round(noise.c, 1), round(noise.passing, 3), round(noise.lasting, 3), round(noise.groups[0], 1)
    (2.2, 0.0, 0.014, 0.9)
    """
    if isinstance(release, YearRelease):
        release, quarters = publications(release.source)[-1], 1  # a row is a year
    at = {name: place for place, name in enumerate(release.everywhere.members)}
    names = of.members if isinstance(of, Area) else list(of)
    noise = _usual(offence.code, release, min(quarters, YEAR))
    if noise and len(names) > len(at) // 2:
        noise = replace(noise, together=1.0)  # how neighbours move alike beside all others says nothing of all
    return noise and noise.of([at[name] for name in names])


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
    >>> from analysis.terms import offences
    >>> counts, definitions = measured(offences.find("88A"), load_register().release("2026-04-23"))
    >>> counts.shape, definitions.shape
    ((55, 44), (55,))
    """
    spans, series = _series(offence, release)
    span, whole = release.span(offence.code), areas.ENGLAND_AND_WALES
    effects = breaks_of(offence, whole, release)
    if offence.table:  # of few years and many forces that came to count anew, which would pass for noise
        effects = tuple(effect for effect in effects_of(offence, whole, release) if effect.forbids)
    launches = [effect.change.launch for effect in effects if effect.change.launch]
    numbers: dict[tuple[str, ...], int] = {}
    found = []
    for months, each in zip(spans, series, strict=True):
        sides = tuple(side_of(effect, months) for effect in effects)
        is_one = not {BOTH, MIXED} & set(sides) and not any(map(months.overlaps, launches))
        is_counted = np.isfinite(each).any() if release.by_years else span.covers(months)
        found.append(numbers.setdefault(sides, len(numbers)) if is_one and is_counted else -1)
    regimes = np.array(found)
    newest = regimes == regimes.max(initial=0)
    return series, np.where(newest, regimes, -1) if newest.sum() >= LONG else regimes


def _series(offence: Offence, release: Release) -> tuple[Sequence[Period], np.ndarray]:
    """Return a release's quarters with what each force recorded; of a table of years the year that ends with each, as it was given last."""
    if not isinstance(release, YearRelease):
        return release.covers.each_quarter, part(offence.code, release, areas.ENGLAND_AND_WALES, release.covers)
    figures: dict[Period, np.ndarray] = {}
    for given in publications(release.source):
        figures |= {year: given.figures(given.everywhere, offence.code, year)[0][0] for year in given.years}
    first, last = (end(figures, key=lambda year: year.last) for end in (min, max))
    years = [first.shift(months) for months in range(0, last.last.ordinal - first.last.ordinal + 1, 3)]
    nothing = np.full(len(figures[first]), np.nan)
    return years, np.array([figures.get(year, nothing) for year in years])


def next_year(own: Count) -> statistics.Interval | None:
    """Return the 95% range in which a count of the same months a year later would fall, if all goes on as it has.

    None for a period over twelve months, for a count under 50, or where what is counted changed since or was not reviewed, or a figure
    is missing.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> low, high = compare("Kent", period="2024/25", release="2026-04-23").next_year
    >>> round(low), round(high)
    (207, 404)
    """
    offence, release, quarters = own.offence, own.release, own.period.months // 3
    if own.offences is None or own.is_small or own.definition != "present" or reviewed(offence, own.period) == "no":
        return None
    if release.by_years or quarters > YEAR:
        return None
    counts, regimes = measured(offence, release)
    moved = statistics.movement(counts, quarters=quarters, regimes=regimes, apart=APART)
    noise = noise_of(offence, release, quarters, own.area)
    if noise is None or moved is None:
        return None
    each = part(offence.code, release, own.area, own.period).sum(axis=0)
    return statistics.widened(own.offences, noise.change(each, each) + moved)


@functools.cache
def _usual(code: str, release: Release, quarters: int) -> statistics.Noise | None:
    """Return the noise of counts of so many quarters of all forces or partnerships, in the order of the figures."""
    offence = release.offence(code)
    counts, regimes = measured(offence, release)
    of: dict[str, Any] = {"apart": APART, "unions": REGIONS}
    if partnerships := release.everywhere.partnerships:
        forces = np.array([each.force.name for each in partnerships])
        of = {"unions": [np.flatnonzero(forces == name) for name in areas.NAMES], "farthest": 1}
    noise = statistics.fit_noise(counts, quarters=quarters, regimes=regimes, **of)
    if noise is None and offence.group and release.holds(offence.group):
        return _usual(offence.group, release, quarters)
    return noise


def _gaps(missing: np.ndarray, release: Release, area: Area, period: Period) -> tuple[str, ...]:
    if not missing.any():  # of nearly every count, and a quarter's label waits for pandas
        return ()
    names = area.members
    times = [period.words] if release.by_years else list(map(quarter_label, period.quarters))
    return tuple(f"{names[place]}, {times[row]}" for place, row in np.argwhere(missing.T))
