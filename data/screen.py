"""Measures what the screen of changes rests on, and what it can see, and writes data/raw/screen.csv.

    python data/screen.py [RELEASE]

Tails: in each year that ends in the release's last month, under one definition with the year before and kept out of the noise, how many
changes lie beyond 1.96, 3 and 4 of their usual deviations: of a force beside all others; and of what is summed, of each region beside all
others and of halves of the nation (every other force, by chance) beside each other. Years of the pandemic are left out, and forces that
departed.

Power: of changes that may be read in the newest year, in how many a change of so many per cent from so many offences a year would be
named, the others being as they are: each area's own counts scaled to that number and its noise drawn from the same tails.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator

import numpy as np
from scipy import stats

from analysis import files, statistics
from analysis.comparison.among_forces import TAILS, just_named, screened
from analysis.comparison.change import PANDEMIC
from analysis.comparison.counts import APART, REGIONS, is_small, measured, noise_of, part
from analysis.figures.register import Release, load_register
from analysis.terms import areas, breaks, offences
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

HEADER = ("what", "at", "forces", "nation", "forces_of", "nation_of")
BEYOND = (1.96, 3, 4)
SIZES, CHANGES = (500, 2000, 10_000), (30, 50)
HALVES = 10  # ways to halve the nation


def table(release: Release) -> str:
    """Return the table as CSV."""
    found: dict[str, list[float]] = {"nation": [], "forces": []}
    for offence in offences.listed():
        if offence.reviewed and offence.kind != "group" and offence.code != "total" and release.holds(offence.code):
            for family, deviations in tails(offence, release):
                found[family] += deviations
    rows: dict[tuple[str, str], dict[str, float]] = {}
    for what, family, at, many, value in (*power(release), *_beyond(found)):
        rows.setdefault((what, str(at)), {}).update({family: value, f"{family}_of": many})
    each = [(*key, *(rows[key][name] for name in HEADER[2:])) for key in sorted(rows)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER, *each])
    return text.getvalue()


def _beyond(found: dict[str, list[float]]) -> Iterator[tuple[str, str, float, int, float]]:
    for family, each in found.items():
        for at in BEYOND:
            yield "tails", family, at, len(each), round(100 * float((np.abs(each) > at).mean()), 3)


def tails(offence: Offence, release: Release) -> Iterator[tuple[str, list[float]]]:
    """Give the changes of an offence in their usual deviations, year by year: of forces, and of regions and halves of the nation."""
    counts, regimes = measured(offence, release)
    random = np.random.default_rng(29)
    for end in range(len(regimes), 7, -4):
        last = release.covers.last.shift(3 * (end - len(regimes)))
        now, then = Period(last.shift(-11), last), Period(last.shift(-23), last.shift(-12))
        if regimes[end - 8] < 0 or len(set(regimes[end - 8 : end])) > 1 or PANDEMIC.overlaps(now) or PANDEMIC.overlaps(then):
            continue
        without = regimes.copy()
        without[end - 4 : end] = -1
        noise = statistics.fit_noise(counts, regimes=without, apart=APART, unions=REGIONS)
        every = [part(offence.code, release, areas.ENGLAND_AND_WALES, each).sum(axis=0) for each in (now, then)]
        known = np.min(every, axis=0) > 0  # what was not supplied is no number, and not above it
        stayed = [each.name for each in areas.FORCES if not each.no_rate and not _departs(offence, each.name, then, now)]
        places = np.array([areas.PLACES[name] for name in stayed if known[areas.PLACES[name]]])
        if noise is None or len(places) < 10:
            continue
        a, b = (each[places] for each in every)
        large = ~is_small(np.minimum(a, b))
        others = (a.sum() - a) / (b.sum() - b)
        yield "forces", ((np.log(a / b) - np.log(others)) / np.sqrt(noise.of(places).each(a, b)))[large].tolist()
        regions = [np.isin(places, union) for union in REGIONS if len(union) > 1]
        halves = [random.permutation(len(places)) % 2 == 0 for _ in range(HALVES)]
        yield "nation", [z for together, each in ((True, regions), (False, halves)) for ours in each if (z := _beside(ours, a, b, places, noise, together)) is not None]


def _beside(ours: np.ndarray, a: np.ndarray, b: np.ndarray, places: np.ndarray, noise: statistics.Noise, together: bool) -> float | None:
    sides = [(a[each], b[each], noise.of(places[each])) for each in (ours, ~ours)]
    if any(is_small(now.sum()) or is_small(then.sum()) for now, then, _ in sides):
        return None
    (one, two), factors = [np.log(now.sum() / then.sum()) for now, then, _ in sides], [1.0, 1.0]
    if not together:
        factors = [1 / noise.together] * 2
    else:
        factors[1] = 1 / noise.together
    variance = sum(factor * float(own.change(now, then)) for factor, (now, then, own) in zip(factors, sides, strict=True))
    return float((one - two) / np.sqrt(variance))


def _departs(offence: Offence, force: str, then: Period, now: Period) -> bool:
    hull = Period(then.first, now.last)
    return any(each.quarter.overlaps(hull) for each in breaks.departures().get((offence.code, force), ()))


def power(release: Release) -> Iterator[tuple[str, str, float, int, float]]:
    """Give in how many of a hundred areas and offences a change would be named, by family, size and change."""
    screen = screened(release)
    for family, rows in screen.rows[~screen.rows["apart"].astype(bool)].groupby("family"):
        freedom, scale = TAILS[str(family)]
        reach = scale * stats.t.isf(just_named(rows["p"]) / 2, freedom)
        for size in SIZES:
            deviations = np.array([_deviation(str(row.offence), str(row.area), release, screen.baseline, size) for row in rows.itertuples()])
            for percent in CHANGES:
                seen = stats.t.sf((reach - np.log1p(percent / 100) / deviations) / scale, freedom)
                yield f"rise-{percent}", str(family), size, len(rows), round(100 * float(seen.mean()), 1)


def _deviation(code: str, area: str, release: Release, period: Period, size: int) -> float:
    own = areas.find_area(area)
    counts = part(code, release, own, period).sum(axis=0)
    noise = noise_of(offences.find(code), release, 4, own)
    assert noise is not None, "read by the screen"
    scaled = counts * size / counts.sum()
    return float(np.sqrt(noise.change(scaled, scaled)))


if __name__ == "__main__":
    made = table(load_register().release(sys.argv[1] if len(sys.argv) > 1 else "latest"))
    files.write_whole(files.shipped("data", "raw", "screen.csv"), made.encode())
