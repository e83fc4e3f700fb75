"""Looks every reviewed offence through for steps, of the nation and of single forces, and writes data/raw/force-departs.csv.

    python data/steps.py [RELEASE]

A force departs where its quarters leave the other forces' course and stay: with r = ln(force / the rest of the nation), the median of
three quarters less the median of the four before is ln 1.25 or more either way and three times its scatter, all three lie beyond all
four, and the force records a hundred such offences a year. The scatter is the root of half the square of the force's own and half that
of the forces' median (median absolute deviations of r about its running median), and not less than what chance (twice Poisson) and 4%
leave. Of neighbouring quarters the largest step counts. Breaks of the offence cut the series. What an entry of breaks.yaml explains
stands in the table too: the judgement leaves it out where an entry names the force.

A step of the nation is a change of over 40% and 200 offences from four quarters to the next four; those that no entry names are
printed, for breaks.yaml to explain or own up to.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator

import numpy as np

from analysis import files
from analysis.comparison.counts import breaks_of, part
from analysis.figures.register import Release, load_register
from analysis.terms import areas, breaks, offences
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

LEAST, TIMES, YEARLY, FLOOR, CHANCE = np.log(1.25), 3.0, 100, 0.04, 2.0
BEFORE, AFTER = 4, 3
HEADER = ("offence", "force", "quarter", "percent", "scatters", "before", "after")


def main(release: Release) -> None:
    """Write the table, and print the nation's steps that nothing explains."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(HEADER)
    reviewed = [offence for offence in offences.known().values() if offence.reviewed and release.holds(offence.code)]
    table.writerows(sorted(row for offence in reviewed for row in departures(offence, release)))
    files.write_whole(files.shipped("data", "raw", "force-departs.csv"), text.getvalue().encode())
    for offence in reviewed:
        for quarter, before, after in steps(offence, release):
            print(
                f"{offence.code}, {quarter}: {before:,} in the four quarters before, {after:,} in the four from then on"
            )


def departures(offence: Offence, release: Release) -> Iterator[tuple[object, ...]]:
    """Give the rows of an offence: each force, its departures oldest first."""
    names = [force.name for force in areas.FORCES if not force.no_rate]
    every = part(offence.code, release, areas.ENGLAND_AND_WALES, release.covers)
    found = every[:, [areas.PLACES[name] for name in names]]
    counts = np.where(found > 0, found, np.nan)
    rest = np.nansum(every, axis=1)[:, None] - np.nan_to_num(counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.log(counts / rest)
    stretches = _stretches(offence, release)
    own = np.array([_scatter(ratios[:, place], stretches) for place in range(len(names))])
    for place, name in enumerate(names):
        scatter = np.sqrt(own[place] ** 2 / 2 + np.nanmedian(own) ** 2 / 2)
        for at, step, times in _found(ratios[:, place], counts[:, place], scatter, stretches):
            before, after = counts[at - BEFORE : at, place].sum(), counts[at : at + BEFORE, place].sum()
            percent = round(100 * (np.exp(step) - 1))
            yield (
                offence.code,
                name,
                _label(release.covers.each_quarter[at]),
                percent,
                round(times, 1),
                int(before),
                int(after),
            )


def steps(offence: Offence, release: Release) -> Iterator[tuple[str, int, int]]:
    """Give the quarters at which the nation's figures step and no entry of breaks.yaml or its list of what is unexplained says so."""
    nation = np.nansum(part(offence.code, release, areas.ENGLAND_AND_WALES, release.covers), axis=1)
    quarters = release.covers.each_quarter
    known = [step.months for step in breaks.register().unexplained if step.code == offence.code]
    for change in (effect.change for effect in breaks.effects(offence)):
        speaks_of_it = breaks.EVERYTHING not in (*change.breaks, *change.cautions)
        if (
            speaks_of_it or not change.forces
        ):  # what is said of all that one force recorded explains nothing of the nation
            known += [
                change.months if speaks_of_it or change.kind == "spell" else change.quarter,
                *filter(None, [change.launch]),
            ]
    pairs = {at: (nation[at - 4 : at].sum(), nation[at : at + 4].sum()) for at in range(4, len(nation) - 3)}
    sizes = {at: abs(np.log(max(after, 1) / max(before, 1))) for at, (before, after) in pairs.items()}
    for at, (before, after) in pairs.items():
        stands_out = abs(after - before) >= 200 and abs(after - before) > 0.4 * before
        is_peak = sizes[at] == max(sizes.get(near, 0) for near in range(at - 3, at + 4))
        near = Period(quarters[at].first.shift(-6), quarters[at].last.shift(6))
        if stands_out and is_peak and not any(near.overlaps(each) for each in known):
            yield _label(quarters[at]), int(before), int(after)


def _label(quarter: Period) -> str:
    """Return a quarter as tables print it: 2017/18 Q1."""
    year = quarter.first.year - (quarter.first.month < 4)
    return f"{year}/{(year + 1) % 100:02d} Q{quarter.quarters_of_year[0]}"


def _stretches(offence: Offence, release: Release) -> list[slice]:
    """Return the runs of quarters between the breaks of the nation."""
    quarters = release.covers.each_quarter
    cuts = sorted(
        {place for effect in breaks_of(offence, areas.ENGLAND_AND_WALES, release) for place, quarter in enumerate(quarters)
         if quarter.first == effect.change.begins or quarter == effect.change.quarter}
    )  # fmt: skip
    return [slice(a, b) for a, b in zip([0, *cuts], [*cuts, len(quarters)], strict=True) if b - a >= BEFORE + AFTER]


def _scatter(series: np.ndarray, stretches: list[slice]) -> float:
    """Return 1.4826 times the median absolute deviation of a series about its running median of seven quarters."""
    apart = [abs(series[at] - np.nanmedian(series[max(at - 3, run.start) : min(at + 4, run.stop)]))
             for run in stretches for at in range(run.start, run.stop) if np.isfinite(series[at])]  # fmt: skip
    return 1.4826 * float(np.median(apart)) if apart else float("nan")


def _found(
    series: np.ndarray, counts: np.ndarray, scatter: float, stretches: list[slice]
) -> Iterator[tuple[int, float, float]]:
    for run in stretches:
        sized = {}
        for at in range(run.start + BEFORE, run.stop - AFTER + 1):
            old, new = series[at - BEFORE : at], series[at : at + AFTER]
            if not np.isfinite([*old, *new]).all():
                continue
            step = float(np.median(new) - np.median(old))
            chance = np.sqrt(CHANCE * (1 / counts[at - BEFORE : at].mean() + 1 / counts[at : at + AFTER].mean()))
            times = step / max(scatter, chance, FLOOR)
            beyond = new.min() > old.max() or new.max() < old.min()
            yearly = max(counts[at - BEFORE : at].mean(), counts[at : at + AFTER].mean()) * 4 >= YEARLY
            if abs(step) >= LEAST and beyond and yearly and abs(times) >= TIMES:
                sized[at] = (step, times)
        for at, (step, times) in sized.items():
            near = [abs(sized[other][0]) for other in range(at - AFTER, at + AFTER + 1) if other in sized]
            if abs(step) == max(near):
                yield at, step, times


if __name__ == "__main__":
    main(load_register().release(sys.argv[1] if len(sys.argv) > 1 else "latest"))
