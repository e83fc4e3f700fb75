"""Force among forces: rates and places, and which changes of a release stand out."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from analysis import statistics
from analysis.comparison.counts import PER, Rate, is_small, noise_of, part, rates
from analysis.comparison.judgement import judged
from analysis.errors import RequestError
from analysis.figures.register import Release
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

# Above this variance, as a multiple of chance, forces differ far more than chance, and no force is called an outlier.
TOO_WIDE = 10.0
CHANCE = 0.05  # of forces that change no more than usually, how many a 95% interval singles out
FALSE = 0.05  # the share of those named that may be named falsely
# Student's t (degrees of freedom, scale) of a change over its usual deviation, by family, as data/screen.py measures it in years kept out
TAILS = {"nation": (10.0, 0.78), "forces": (20.0, 0.89)}
# Caveats of a change that stands apart: a recoding is one possible reason.
STEPS = {"unexplained-step", "force-departs"}
WIDER = ("nation", "region")  # with Wales; England is next to the nation


@dataclass(frozen=True)
class Funnel:
    """Every force's rate and its place among them, and how far forces differ beyond chance.

    Attributes
    ----------
    forces
        One row a force, indexed by name in canonical order: ``offences``, ``residents``, ``pooled``, ``pooled_low`` and
        ``pooled_high`` (the rate drawn towards that of all forces, with its 95% interval), ``rank_low`` and ``rank_high`` (95% range
        of places, the highest rate being 1, with what a year moves).
    residents
        Whom the rates are of, in words.
    phi
        Spiegelhalter's over-dispersion, winsorised: the variance among forces as a multiple of chance.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> funnel = compare("Kent", period="2024/25", release="2026-04-23").funnel
    >>> len(funnel.forces), funnel.names_outliers
    (42, False)
    """

    forces: pd.DataFrame
    residents: str
    phi: float

    @property
    def names_outliers(self) -> bool:
        """Whether the dispersion is small enough for single forces to be named as unlike the others."""
        return self.phi <= TOO_WIDE


@functools.cache  # one answer for all pages of a period: whose page it is does not enter
def funnel(offence: Offence, release: Release, period: Period) -> Funnel | None:
    """Set every force's rate in a period against that of all forces together.

    British Transport Police and the City of London are left out, and forces with a missing figure. None if fewer than
    three forces have a rate, nothing was recorded, or usual variation is not known.

    Notes
    -----
    Over-dispersion after Spiegelhalter (2005); rates on the scale of logarithms are pooled by their usual variation, and places follow
    from the pooled rates with the movement of one more year; see :mod:`analysis.statistics`.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> result = compare("England and Wales", period="2025-01..2025-12", release="2026-04-23").funnel
    >>> round(result.phi, 1), len(result.forces)
    (13.6, 42)
    """
    by_name = rates(offence, release, period)
    noise = noise_of(offence, release, period.months // 3, by_name)
    if len(by_name) < 3 or not any(each.offences for each in by_name.values()) or noise is None:
        return None
    table = pooled_rates(by_name, noise, PER * 12 / period.months)
    expected = table["residents"] * table["offences"].sum() / table["residents"].sum()
    phi = statistics.overdispersion(table["offences"], expected)
    return Funnel(table, next(iter(by_name.values())).residents.words, phi)


def pooled_rates(by_name: dict[str, Rate], noise: statistics.Noise, per_year: float = 1.0) -> pd.DataFrame:
    """Return counts and residents, rates drawn towards the whole with their intervals, and places as they may be a year later."""
    import pandas as pd

    rows = {name: (float(each.offences), float(each.residents.people)) for name, each in by_name.items()}
    table = pd.DataFrame(rows, index=["offences", "residents"]).T
    counts = table["offences"].to_numpy() + 0.5  # a half keeps a force without an offence on the scale of logarithms
    variances = noise.each(counts, counts) / 2
    drawn = statistics.pooled(np.log(counts / table["residents"] * per_year), variances)
    # The later year varies as this one does.
    low, high = statistics.rank_interval(drawn.values, drawn.variances + variances)
    ends = statistics.widened(np.exp(drawn.values), drawn.variances)
    return table.assign(
        pooled=np.exp(drawn.values), pooled_low=ends.low, pooled_high=ends.high, rank_low=low, rank_high=high
    )


@dataclass(frozen=True)
class Screen:
    """Every reviewed offence of the nation, countries, regions and forces, and which of their changes are named.

    Attributes
    ----------
    current, baseline
        The periods.
    rows
        One row a change that may be read: ``family`` (``nation``, with countries and regions, or ``forces``), ``area`` and its ``kind``,
        ``offence``, the two counts, ``percent``, ``answer``, ``apart`` (whether a step in recording may be its reason: it is not tested),
        ``p``, ``q`` (the share of false names among those with as small a p), ``named`` (``more``, ``fewer`` or empty) and ``seen_from``
        (the smallest rise in per cent that would have been named, the other changes being as they are).
    unread
        Offences of which no change can be read between these periods.
    release
        Whose figures: a release's id.

    Examples
    --------
    >>> from analysis.figures.register import load_register
    >>> found = screened(load_register().release("2026-04-23"))
    >>> found.rows.query("area == 'England and Wales' and offence == 'burglary'")["named"].item()
    'fewer'
    """

    current: Period
    baseline: Period
    rows: pd.DataFrame
    unread: tuple[str, ...]
    release: str

    def of(self, area: str | Area) -> Screen:
        """Return what there is of one area, or of all of one kind; what is named stays what is named among all."""
        is_kind = isinstance(area, str) and area in set(self.rows["kind"])
        name = area if is_kind else areas.find_area(area).name
        rows = self.rows[self.rows["kind" if is_kind else "area"] == name]
        if rows.empty:
            known = "a force, a region, Wales or England and Wales"
            raise RequestError(f"area: nothing of {name} is screened in {self.current}; give {known}")
        return replace(self, rows=rows.reset_index(drop=True))

    def to_dict(self) -> dict[str, object]:
        """Return what ``analysis changes --json`` prints."""
        rows = self.rows.astype(object).where(self.rows.notna(), None).to_dict("records")
        spans = {"period": str(self.current), "baseline": str(self.baseline)}
        return {"release": self.release, **spans, "rows": rows, "unread": list(self.unread)}


COLUMNS = ["family", "area", "kind", "offence", "current", "baseline", "percent", "answer", "apart", "z", "deviation"]


def screened(release: Release, current: Period | None = None, baseline: Period | None = None) -> Screen:
    """Test every reviewed offence for a change beyond the usual, in two families, with the false discovery rate held at 5%.

    Parameters
    ----------
    release
        Whose figures.
    current, baseline
        The periods; by default the newest four quarters, and the same a year before.

    Returns
    -------
    Screen
        Counts under 50 are left out, and an offence that is part of another one whose change is tested. Nothing is sorted by size.

    Notes
    -----
    A change over its usual deviation follows Student's t in years kept out of the fit, with the tails of its family (``TAILS``).
    Benjamini and Hochberg (1995), by :func:`scipy.stats.false_discovery_control`.
    """
    now = current or Period(release.covers.last.shift(-11), release.covers.last)
    return _screened(release, now, baseline or now.shift(-12))


@functools.lru_cache(maxsize=16)
def _screened(release: Release, now: Period, then: Period) -> Screen:
    import pandas as pd
    from scipy import stats

    read = [each for each in offences.with_pages() if each.kind != "group" and release.holds(each.code)]
    found = pd.DataFrame((row for each in read for row in _of(each, release, now, then)), columns=COLUMNS)
    tested = _without_parts(found).assign(p=np.nan, q=np.nan, named="", seen_from=np.nan)
    for name, family in tested[~tested["apart"]].groupby("family"):
        freedom, scale = TAILS[str(name)]
        p = 2 * stats.t.sf(family["z"].abs() / scale, freedom)
        q = stats.false_discovery_control(p)
        reach = scale * stats.t.isf(just_named(p) / 2, freedom)
        sides = np.where(q > FALSE, "", np.where(family["z"] > 0, "more", "fewer"))
        seen_from = 100 * np.expm1(reach * family["deviation"])
        tested.loc[family.index, ["p", "q", "named", "seen_from"]] = np.array([p, q, sides, seen_from], dtype=object).T
    unread = [each.code for each in read if each.code not in set(found["offence"])]
    shown = tested.astype({"p": float, "q": float, "seen_from": float}).drop(columns=["z", "deviation"])
    return Screen(now, then, shown.reset_index(drop=True), tuple(unread), release.id)


def just_named(p: ArrayLike) -> np.ndarray:
    """Return for each change the largest p with which it would be named, the others being as they are.

    Examples
    --------
    >>> just_named([0.001, 0.9, 0.8, 0.7]).tolist()  # beside one that is named, a second step is enough
    [0.0125, 0.025, 0.025, 0.025]
    """
    ordered = np.sort(p)
    first, *steps = FALSE * np.arange(1, len(ordered) + 1) / len(ordered)
    ranks = np.searchsorted(ordered, p)
    return np.array([np.max(steps, where=np.delete(ordered, rank) <= steps, initial=first) for rank in ranks])


def _of(offence: Offence, release: Release, now: Period, then: Period) -> Iterator[tuple[object, ...]]:
    """Give what may be read of an offence's change in each area, with the change in its usual deviations."""
    wider = (area for area in areas.AREAS.values() if area.kind in WIDER or area == areas.WALES)
    for area in (*wider, *map(Area.of, areas.FORCES)):
        pair = judged(area, offence, release, now, then)
        noise = noise_of(offence, release, now.months // 3, area.names)
        a, b = pair.current.offences, pair.baseline.offences if pair.baseline else None
        if not pair.like_for_like or noise is None or a is None or b is None or is_small(a) or is_small(b):
            continue
        after, before = (part(offence.code, release, area, period).sum(axis=0) for period in (now, then))
        deviation = float(np.sqrt(noise.change(after, before, now.years_from(then))))
        what = ("forces" if area.kind == "force" else "nation", area.name, area.kind, offence.code, a, b)
        z = float(np.log(a / b)) / deviation
        yield (*what, 100 * (a / b - 1), pair.answer, bool(STEPS & pair.codes), z, deviation)


def _without_parts(found: pd.DataFrame) -> pd.DataFrame:
    """Leave out, area by area, an offence that is part of another one."""
    codes = {code: set(offences.find(code).codes) for code in found["offence"].unique()}
    read = found.groupby("area")["offence"].agg(set).to_dict()
    rows = zip(found["area"], found["offence"], strict=True)
    whole = [not any(codes[own] < codes[other] for other in read[area]) for area, own in rows]
    return found.loc[whole].reset_index(drop=True)
