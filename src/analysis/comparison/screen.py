"""What changed: every reviewed offence of a release against the same months a year before, with the rate of false names held down."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.comparison.counts import count, is_small
from analysis.comparison.judgement import judge
from analysis.comparison.totals import part
from analysis.comparison.usual import noise_of
from analysis.figures.register import Release
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

FALSE = 0.05  # the share of those named that may be named falsely
FREEDOM, SCALE = (
    6.0,
    0.82,
)  # Student's t of a change over its usual deviation, in years kept out: |z| > 1.96 5.4%, > 3 0.9%, > 4 0.3%
STEPS = {
    "unexplained-step",
    "force-departs",
}  # caveats of a change that stands apart: a recoding is one possible reason
WIDER = ("nation", "region")  # with Wales; England is next to the nation
COLUMNS = ["family", "area", "kind", "offence", "current", "baseline", "percent", "answer", "apart"]


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
        (the smallest rise in per cent that would have been named).
    unread
        Offences of which no change can be read between these periods.

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

    def to_dict(self) -> dict[str, object]:
        """Return what ``analysis changes --json`` prints."""
        rows = self.rows.astype(object).where(self.rows.notna(), None).to_dict("records")
        return {"period": str(self.current), "baseline": str(self.baseline), "rows": rows, "unread": list(self.unread)}


@functools.lru_cache(maxsize=16)
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
    A change over its usual deviation follows Student's t with 6 degrees of freedom, scaled by 0.82, in years kept out of the fit.
    Benjamini and Hochberg (1995), by :func:`scipy.stats.false_discovery_control`.
    """
    import pandas as pd
    from scipy import stats

    now = current or Period(release.covers.last.shift(-11), release.covers.last)
    then = baseline or now.shift(-12)
    read = (offence for offence in _offences() if release.holds(offence.code))
    rows = [row for offence in read for row in _of(offence, release, now, then)]
    found = pd.DataFrame(rows, columns=[*COLUMNS, "z", "deviation"])
    tested = _without_parts(found).assign(p=np.nan, q=np.nan, named="", seen_from=np.nan)
    for _, family in tested[~tested["apart"]].groupby("family"):
        p = 2 * stats.t.sf(family["z"].abs() / SCALE, FREEDOM)
        q = stats.false_discovery_control(p)
        # What would just have been named; with none named, the smallest p must pass the hardest step.
        reach = SCALE * float(stats.t.isf(max(p[q <= FALSE], default=FALSE / len(p)) / 2, FREEDOM))
        sides = np.where(q > FALSE, "", np.where(family["z"] > 0, "more", "fewer"))
        seen_from = 100 * np.expm1(reach * family["deviation"])
        tested.loc[family.index, ["p", "q", "named", "seen_from"]] = np.array([p, q, sides, seen_from], dtype=object).T
    unread = [each.code for each in _offences() if release.holds(each.code) and each.code not in set(found["offence"])]
    shown = tested.astype({"p": float, "q": float, "seen_from": float}).drop(columns=["z", "deviation"])
    return Screen(now, then, shown.reset_index(drop=True), tuple(unread))


def kept(release: Release, years: int = 5) -> pd.DataFrame:
    """Try the screen on past years: what share of their change those that it named kept a year later.

    Parameters
    ----------
    release
        Whose figures.
    years
        How many years to try, the newest first that a later year follows.

    Returns
    -------
    pandas.DataFrame
        One row a change of a force: ``year`` (in which it ends), ``named`` and ``share`` (the logarithm of the change that was left a
        year later over that of the change).
    """
    import pandas as pd

    newest = Period(release.covers.last.shift(-11), release.covers.last)
    frames = []
    for back in range(1, years + 1):
        now = newest.shift(-12 * back)
        rows = screened(release, now).rows
        rows = rows[rows["kind"] == "force"]
        later = [
            part(str(row.offence), release, areas.find_area(row.area), now.shift(12)).sum() for row in rows.itertuples()
        ]
        change = np.log(rows["current"].astype(float) / rows["baseline"].astype(float))
        left = np.log(np.array(later, dtype=float) / rows["baseline"].astype(float))
        frames.append(pd.DataFrame({"year": now.last.year, "named": rows["named"], "share": left / change}))
    found = pd.concat(frames, ignore_index=True)
    return found.loc[found["share"].abs() < np.inf]


def _offences() -> list[Offence]:
    return [each for each in offences.listed() if each.reviewed and each.kind != "group" and each.code != "total"]


def _areas() -> Iterator[Area]:
    wider = (area for area in areas.AREAS.values() if area.kind in WIDER or area == areas.WALES)
    return itertools.chain(wider, map(Area.of, areas.FORCES))


def _of(offence: Offence, release: Release, now: Period, then: Period) -> Iterator[tuple[object, ...]]:
    """Give what may be read of an offence's change in each area, with the change in its usual deviations."""
    for area in _areas():
        pair = judge(count(area, offence, release, now), count(area, offence, release, then))
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
