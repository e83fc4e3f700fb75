"""Tries the ranges of the pages on years that were kept out of what they were made from, and writes data/raw/coverage.csv.

    python data/coverage.py [RELEASE] [--priors]

For every reviewed offence and each year that ends in the release's last month, with the year before under the same definition: the noise is
measured without that year, and then it is seen whether the range of a force's change holds the change of all other forces (`change`),
whether the range foreseen from the year before holds the force's count (`next_year`), whether the range of places foreseen holds its
place by rate (`place`), and whether as many changes as was said were still there a year later (`kept`, measured without both years).
Of each year's count as it was first published, by one of the publications of vintages.csv or by a full release, it is seen whether the
range of what later releases may make of it holds what the release has now (`settling`; some of these years had a part in the measuring).
One row has how many readings of more or fewer of the release before are no longer the reading of the same years (`taken_back`, in a hundred).

A row of the table is an offence, or all together: how many ranges were tried, how many in a hundred held, in all years, by quarter of
forces by size and in each of the newest five years, how many were said to (95, or the mean of what was said), and the mean half-width and
interval score on the scale of logarithms (a miss pays forty times its distance: Gneiting and Raftery, 2007), in places for `place`. With
--priors nothing is written: the mean scores are printed for other strengths of the pull of a force's scatter towards that of all.
"""

from __future__ import annotations

import io
import itertools
import math
import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis import files, statistics
from analysis.comparison.among_forces import pooled_rates
from analysis.comparison.change import SUCH, kept_of, past
from analysis.comparison.counts import APART, count, is_small, measured, noise_of, part, rates, total
from analysis.comparison.judgement import judge
from analysis.figures import vintages
from analysis.figures.register import Release, load_register
from analysis.statistics import noise as noises
from analysis.statistics import revision
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

LEAST_YEARS = 2  # pairs of years; from fewer nothing is held out
LEAST_FORCES = 4
MISS = 2 / 0.05  # what a range of 95% pays for each unit by which it misses
PRIORS = (0, 5, 10, 20, 40, 80, 1e9)
WHATS = ("change", "next_year", "place", "settling", "kept")
LEAST_SETTLED = 20  # counts that a later release has; from fewer nothing is said of how they settle
LEFT_OUT = {
    "Greater Manchester": None,
    "British Transport Police": "burglary",
}  # supplied late in 2019 and 2020; counted otherwise


def main(release: Release, *, priors: bool) -> None:
    """Write the table, or print the scores of other priors."""
    reviewed = [each for each in offences.known().values() if each.reviewed and release.holds(each.code)]
    if priors:
        for prior in PRIORS:
            noises.PRIOR = prior
            found = pd.concat(backtest(each, release) for each in offences.listed() if each in reviewed)
            print(prior, found.groupby("what")[["held", "width", "score"]].mean().round(4).to_dict("index"))
        return
    files.write_whole(files.shipped("data", "raw", "coverage.csv"), table(reviewed, release).encode())


def table(listed: list[Offence], release: Release) -> str:
    """Return the table of some offences, and of all together, by what was tried and offence."""
    makers = (backtest, settling, kept)
    tried = {each.code: pd.concat([make(each, release) for make in makers], ignore_index=True) for each in listed}
    newest = range(release.covers.last.year - 4, release.covers.last.year + 1)
    rows = []
    for what in WHATS:
        found = {code: frame[frame["what"] == what] for code, frame in tried.items()}
        each = [_row(what, code, frame, newest) for code, frame in found.items() if len(frame)]
        rows += each
        rows.append(_row(what, "all", pd.concat(found.values(), ignore_index=True), newest))
    older = [
        each for each in load_register().releases if each.kind == "full" and each.covers.last < release.covers.last
    ]
    if older:
        back, read = taken_back(older[-1], release)
        rows.append({"what": "taken_back", "offence": "all", "ranges": read, "pooled": round(100 * back / read, 3)})
    text = io.StringIO()
    pd.DataFrame(rows).assign(release=release.id).sort_values(["what", "offence"]).to_csv(
        text, index=False, lineterminator="\n"
    )
    return text.getvalue()


def backtest(offence: Offence, release: Release) -> pd.DataFrame:
    """Return one row a range: what, force, year, quartile of the forces by size, said, held, width and score; none of too few years."""
    counts, regimes = measured(offence, release)
    frames = []
    for then, now in _years(regimes, release):
        start = (now.first.ordinal - release.covers.first.ordinal) // 3
        without = regimes.copy()
        without[start : start + 4] = -1
        noise = statistics.fit_noise(counts, regimes=without, apart=APART)
        shared = statistics.movement(counts, regimes=without, apart=APART)
        two = _both(offence, release, now, then)
        two = two[(two > 0).all(axis=1)]
        if noise is None or shared is None or len(two) < LEAST_FORCES:
            continue
        parts = [*_judged(two, noise, shared), _places(offence, release, then, now, noise)]
        year = pd.concat([part for part in parts if len(part)], ignore_index=True)
        size = two["current"] / two["current"].sum()
        frames.append(year.assign(year=now.last.year, said=0.95, size=year["force"].map(size)))
    if len(frames) < LEAST_YEARS:
        return pd.DataFrame(columns=["what", "force", "year", "quartile", "said", "held", "width", "score"])
    found = pd.concat(frames, ignore_index=True)
    return found.assign(quartile=_quartiles(found)).drop(columns="size")


def kept(offence: Offence, release: Release) -> pd.DataFrame:
    """Return one row a change of a force that a later year follows: the share said to be kept, and whether it was."""
    _, regimes = measured(offence, release)
    rows = []
    for then, now in _years(regimes, release):
        later = now.shift(12)
        end = (later.last.ordinal - release.covers.first.ordinal) // 3
        if end >= len(regimes) or regimes[end] != regimes[end - 4] or min(regimes[end - 3 : end + 1]) < 0:
            continue
        sizes, stayed = past(offence, release, 4, 1, (), Period(now.first, later.last))
        two = _both(offence, release, now, then)
        two = two[~two.map(is_small).any(axis=1) & (two["current"] != two["baseline"])]
        noise = noise_of(offence, release, 4, two.index)
        if len(sizes) < SUCH or noise is None:
            continue
        own = np.abs(np.log(two["current"] / two["baseline"])) / np.sqrt(noise.each(two["current"], two["baseline"]))
        after = _both(offence, release, later, then)["current"]
        for name, (current, baseline), size in zip(two.index, two.to_numpy(), own, strict=True):
            said = kept_of(size, sizes, stayed)
            if said is not None and name in after:
                is_kept = bool((after[name] - baseline) * (current - baseline) > 0)
                rows.append(("kept", name, now.last.year, said, is_kept, current))
    found = pd.DataFrame(rows, columns=["what", "force", "year", "said", "held", "size"])
    return found.assign(quartile=_quartiles(found), width=np.nan, score=np.nan).drop(columns="size")


def settling(offence: Offence, release: Release) -> pd.DataFrame:
    """Return one row a year's count of a force as it was first published: whether the release has it where revision was said to leave it."""
    reach = revision.Reach(offences.revision_tier(offence))
    rows = []
    for force in areas.FORCES:
        area = Area.of(force)
        if force.name in LEFT_OUT and LEFT_OUT[force.name] in {None, offence.code}:
            continue
        for year, first in _first_published(area, offence, release):
            now = total(offence.code, release, area, year)
            if now is not None and not is_small(first) and now > 0:
                width = reach.of(first)
                held = reach.standing(now, first) == "agrees-within-revision"
                missed = max(0.0, abs(math.log(now / first)) - width) * (not held)
                rows.append(
                    ("settling", force.name, year.last.year, 0.95, held, width, 2 * width + MISS * missed, first)
                )
    columns = ["what", "force", "year", "said", "held", "width", "score", "size"]
    found = pd.DataFrame(rows if len(rows) >= LEAST_SETTLED else [], columns=columns)
    return found.assign(quartile=_quartiles(found)).drop(columns="size")


def taken_back(earlier: Release, later: Release) -> tuple[int, int]:
    """Return how many readings of forces' newest year in a release were no longer the reading in a later one, and of how many.

    Parameters
    ----------
    earlier, later
        Full releases; every reviewed offence and force is read of the earlier one's last four quarters against those before.
    """
    now = Period(earlier.covers.last.shift(-11), earlier.covers.last)
    back = read = 0
    held = (each for each in offences.listed() if each.reviewed and earlier.holds(each.code) and later.holds(each.code))
    for offence, force in itertools.product(held, areas.FORCES):
        each = (
            judge(*(count(Area.of(force), offence, release, period) for period in (now, now.shift(-12))))
            for release in (earlier, later)
        )
        then = next(each)
        reading = then.change.reading if then.like_for_like and then.change else None
        if reading in {"more", "fewer"}:
            after = next(each).change
            read += 1
            back += not after or after.reading != reading
    return back, read


def _first_published(area: Area, offence: Offence, release: Release) -> Iterator[tuple[Period, int]]:
    """Give the newest year of each older publication with what it gave."""
    if offence.code in vintages.publications("vintages")[0].held:
        for publication in vintages.publications("vintages"):
            year = max(publication.years, key=lambda each: each.last)
            first = publication.figure(area.forces[0].code or area.name, offence.code, year)
            if first is not None and release.covers.covers(year):
                yield year, first
    for older in load_register().releases:
        year = Period(older.covers.last.shift(-11), older.covers.last)
        if older.kind == "full" and older.covers.last < release.covers.last and older.holds(offence.code):
            first = total(offence.code, older, area, year)
            if first is not None:
                yield year, first


def _quartiles(found: pd.DataFrame) -> list[int]:
    sizes = found.groupby("force")["size"].mean().fillna(0).rank(method="first")
    quartiles = {force: math.ceil(4 * rank / len(sizes)) for force, rank in sizes.items()}
    return [quartiles[force] for force in found["force"]]


def _row(what: str, offence: str, frame: pd.DataFrame, newest: range) -> dict[str, object]:
    held = 100 * frame["held"].astype(float)
    quartiles = {f"quartile_{each}": held[frame["quartile"] == each].mean() for each in range(1, 5)}
    years = {f"year_{each}": held[frame["year"] == each].mean() for each in newest}
    known = [share for share in years.values() if np.isfinite(share)]
    row: dict[str, object] = {
        "what": what,
        "offence": offence,
        "ranges": len(frame),
        "pooled": held.mean(),
        **quartiles,
        **years,
    }
    row |= {"worst": min(known, default=math.nan), "said": 100 * frame["said"].astype(float).mean()}
    row |= {name: frame[name].astype(float).mean() for name in ("width", "score")}
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in row.items()}


def _both(offence: Offence, release: Release, current: Period, baseline: Period) -> pd.DataFrame:
    """Return what each force that has a rate to be read recorded in two periods, where it supplied all of both."""
    now, then = (part(offence.code, release, areas.ENGLAND_AND_WALES, each).sum(axis=0) for each in (current, baseline))
    two = pd.DataFrame({"current": now, "baseline": then}, index=list(areas.NAMES))
    return two[[not force.no_rate for force in areas.FORCES]].dropna()


def _years(regimes: np.ndarray, release: Release) -> Iterator[tuple[Period, Period]]:
    """Give each year that ends in the release's last month with the year before, where both are under one definition."""
    last = release.covers.last
    for end in range(len(regimes), 7, -4):
        if regimes[end - 8] >= 0 and len(set(regimes[end - 8 : end])) == 1:
            now = Period(last.shift(-11), last).shift(3 * (end - len(regimes)))
            yield now.shift(-12), now


def _judged(two: pd.DataFrame, noise: statistics.Noise, shared: float) -> Iterator[pd.DataFrame]:
    a, b = (two[name].to_numpy() for name in ("current", "baseline"))
    own = noise.of(areas.PLACES[name] for name in two.index)
    exact = statistics.rate_ratio(a, 12, b, 12)
    others = (a.sum() - a) / (b.sum() - b)
    yield _scored("change", two.index, others, statistics.widened(exact.value, own.each(a, b), exact.low, exact.high))
    yield _scored("next_year", two.index, a, statistics.widened(b, own.each(b, b) + shared))


def _scored(what: str, forces: pd.Index, truth: np.ndarray, ends: statistics.Interval) -> pd.DataFrame:
    least, true, most = (np.log(np.maximum(each, 0.5)) for each in (ends.low, truth, ends.high))
    missed = np.maximum(least - true, 0) + np.maximum(true - most, 0)
    columns = {"held": missed == 0, "width": (most - least) / 2, "score": most - least + MISS * missed}
    return pd.DataFrame({"what": what, "force": forces, **columns})


def _places(offence: Offence, release: Release, then: Period, now: Period, noise: statistics.Noise) -> pd.DataFrame:
    """Try the range of places of each force with a rate in both years."""
    before, after = (rates(offence, release, period) for period in (then, now))
    names = [name for name in before if name in after]
    if len(names) < LEAST_FORCES:
        return pd.DataFrame()
    foreseen = pooled_rates({name: before[name] for name in names}, noise.of(areas.PLACES[name] for name in names))
    later = pd.Series({name: after[name].value for name in names})
    # Equal rates share their places.
    first, last = later.rank(ascending=False, method="min"), later.rank(ascending=False, method="max")
    low, high = foreseen["rank_low"], foreseen["rank_high"]
    missed = (low - last).clip(lower=0) + (first - high).clip(lower=0)
    columns = {"held": missed == 0, "width": (high - low) / 2, "score": high - low + MISS * missed}
    return pd.DataFrame({"what": "place", "force": names, **columns}).reset_index(drop=True)


if __name__ == "__main__":
    asked = [each for each in sys.argv[1:] if each != "--priors"]
    main(load_register().release(asked[0] if asked else "latest"), priors="--priors" in sys.argv)
