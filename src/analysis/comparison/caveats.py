"""What a reader must know before comparing two periods. Each rule of fairness is one function, and gives one caveat or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analysis.comparison.counts import other_figures
from analysis.comparison.results import SMALL, Count, Rate
from analysis.figures import register
from analysis.figures.register import Release
from analysis.terms.findings import Finding
from analysis.terms.forces import Area
from analysis.terms.offences import Offence
from analysis.terms.periods import Period, quarter_label


@dataclass(frozen=True)
class Pair:
    """What the rules of fairness look at."""

    area: Area
    offence: Offence
    release: Release
    current: Count
    baseline: Count | None
    rate: Rate | None
    baseline_rate: Rate | None
    wide: pd.DataFrame

    @property
    def counts(self) -> tuple[Count, ...]:
        """The one or two counts."""
        return (self.current,) if self.baseline is None else (self.current, self.baseline)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The one or two periods."""
        return tuple(count.period for count in self.counts)


def _unequal_periods(pair: Pair) -> Finding | None:
    if pair.baseline is None or pair.current.period.months == pair.baseline.period.months:
        return None
    now, then = pair.current.period, pair.baseline.period
    return Finding(
        "unequal-periods",
        f"{now.words} has {now.months} months and {then.words} has {then.months}; quarters of a year differ, "
        "so counts a month do not make the two alike.",
    )


def _different_quarters(pair: Pair) -> Finding | None:
    if pair.baseline is None or pair.current.period.months != pair.baseline.period.months:
        return None
    if pair.current.period.quarters_of_year == pair.baseline.period.quarters_of_year:
        return None
    return Finding(
        "different-quarters",
        f"{pair.current.period.words} and {pair.baseline.period.words} hold different quarters of the year, and recording varies by season.",
    )


def _definition_change(pair: Pair) -> Finding | None:
    changes = pair.offence.breaks_within(*pair.periods)
    if not changes:
        return None
    change = changes[0]
    return Finding(
        "definition-change",
        f"On {change.words} the definition of code {pair.offence.code} changed. Before, it held {change.before}; "
        f"since then, {change.after}. Figures on the two sides are not comparable.",
    )


def _first_year(pair: Pair) -> Finding | None:
    if pair.baseline is None:
        return None
    for change in pair.offence.breaks:
        if pair.baseline.period.overlaps(change.launch):
            return Finding(
                "first-year",
                f"The baseline touches {change.launch.words}, the first year of the present definition, when its recording was new; "
                "a change measured from it is not like a change between later years.",
            )
    return None


def _not_supplied(pair: Pair) -> Finding | None:
    gaps = [
        f"{force}, {quarter_label(quarter)}"
        for period in sorted(pair.periods)
        for force, missing in pair.wide.loc[period.quarters, pair.area.names].isna().items()
        for quarter in period.quarters[missing.to_numpy()]
    ]
    if not gaps:
        return None
    more = f" and {len(gaps) - 3} more" if len(gaps) > 3 else ""
    return Finding(
        "not-supplied",
        f"Release {pair.release.id} has no figure for {'; '.join(gaps[:3])}{more}: not supplied, which is not zero.",
    )


def _provisional(pair: Pair) -> Finding | None:
    newest = register.provisional_from(pair.release)
    if not any(period.overlaps(newest) for period in pair.periods):
        return None
    return Finding(
        "provisional",
        f"Figures from {newest.first.words} on are provisional: they lie in the newest {newest.months // 3} quarters of the release, "
        "and at least half of such figures were changed by a later release.",
    )


def _revised(pair: Pair) -> Finding | None:
    differences = [
        f"for {count.period.words} the release of {other.words} gives {value:,}, this one {count.offences:,}"
        for count in pair.counts
        for other, value in other_figures(pair.area, pair.offence.code, pair.release, count)
    ]
    return Finding("revised", f"Releases differ: {'; '.join(differences)}.") if differences else None


def _small_numbers(pair: Pair) -> Finding | None:
    small = [count for count in pair.counts if count.offences is not None and count.offences < SMALL]
    if not small:
        return None
    which = " and ".join(f"{count.offences} in {count.period.words}" for count in small)
    return Finding(
        "small-numbers", f"A count under {SMALL} can move much by chance ({which}); counts are given, not percentages."
    )


def _no_residents(pair: Pair) -> Finding | None:
    without = [
        count.period.words
        for count, rate in zip(pair.counts, (pair.rate, pair.baseline_rate), strict=False)
        if rate is None
    ]
    if not without:
        return None
    if not any(force.code for force in pair.area.forces):
        reason = f"{pair.area.name} has no residents"
    elif not any(force.has_readable_rate for force in pair.area.forces):
        reason = f"The {pair.area.name} has few residents and a large daytime population"
    else:
        reason = f"No estimate of residents stands near {' or '.join(without)}, or a figure is missing or negative"
    return Finding("no-residents", f"{reason}, so no rate is given.")


def _population_step(pair: Pair) -> Finding | None:
    if pair.rate is None or pair.baseline_rate is None or pair.rate.residents.band == pair.baseline_rate.residents.band:
        return None
    return Finding(
        "population-step",
        f"The rate for {pair.current.period.words} is of {pair.rate.residents.words}, the one for {pair.baseline.period.words} "  # type: ignore[union-attr]
        f"of {pair.baseline_rate.residents.words}; rates on different bases are not compared.",
    )


RULES: tuple[Callable[[Pair], Finding | None], ...] = (
    _unequal_periods,
    _different_quarters,
    _definition_change,
    _first_year,
    _not_supplied,
    _provisional,
    _revised,
    _small_numbers,
    _no_residents,
    _population_step,
)
