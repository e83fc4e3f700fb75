"""What may be said of two counts: the one place that judges a comparison. Each rule of fairness is one function."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from analysis.comparison.change import Change, Ratio, change_of, ratio_of
from analysis.comparison.counts import SMALL, Count
from analysis.comparison.definitions import BOTH, LITTLE, MIXED, effects_of, reviewed, share, side_of
from analysis.figures import vintages
from analysis.figures.register import provisional_from
from analysis.terms.areas import Area
from analysis.terms.breaks import Break, Effect
from analysis.terms.findings import WEIGHTS, Caveat, Comparable
from analysis.terms.numbers import number
from analysis.terms.periods import Period


@dataclass(frozen=True)
class Pair:
    """A count, what it is compared with, and what may be said of the two.

    Attributes
    ----------
    current, baseline
        The counts; the baseline is None where there is nothing to compare with.
    caveats
        What a reader must know before comparing, the gravest first; each has a ``code``, a ``weight`` and a ``text``.
    breaks
        The breaks that lie between the two counts, or inside one of them, oldest first.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> pair = compare("Kent", period="2024/25", release="2026-04-23").year_before
    >>> [counted.offences for counted in pair.counts], pair.answer, round(pair.ratio.value, 2)
    ([289, 245], 'yes', 1.18)
    """

    current: Count
    baseline: Count | None = None
    caveats: tuple[Caveat, ...] = ()
    breaks: tuple[Break, ...] = ()

    @property
    def counts(self) -> tuple[Count, ...]:
        """The counts: one, or the current one and the baseline."""
        return _counts(self.current, self.baseline)

    @functools.cached_property
    def ratio(self) -> Ratio:
        """Current over baseline, adjusted for months: for an analyst, whatever the answer."""
        return Ratio() if self.baseline is None else ratio_of(self.current, self.baseline)

    @property
    def codes(self) -> frozenset[str]:
        """The caveats' codes."""
        return frozenset(caveat.code for caveat in self.caveats)

    @property
    def reasons(self) -> frozenset[str]:
        """The codes of the caveats that forbid the comparison, leave it unknown or ask for care."""
        return frozenset(caveat.code for caveat in self.caveats if caveat.weight != "note")

    @property
    def answer(self) -> Comparable | None:
        """Whether the two may be compared: ``yes``, ``with-care``, ``not-known``, ``no``; None without a baseline."""
        if self.baseline is None:
            return None
        weights = {caveat.weight for caveat in self.caveats}
        return next((answer for weight, answer in WEIGHTS.items() if weight in weights), "yes")

    @property
    def like_for_like(self) -> bool | None:
        """Whether the two may be compared, with care or without; None where that is not known, False without a baseline."""
        return None if self.answer == "not-known" else self.answer in {"yes", "with-care"}

    @functools.cached_property
    def change(self) -> Change | None:
        """The change; no more than the difference where the two may not be compared, None where there are no two numbers."""
        if self.baseline is None:
            return None
        return change_of(self.current, self.baseline, self.ratio, comparable=bool(self.like_for_like))


def judge(current: Count, baseline: Count | None = None) -> Pair:
    """Judge whether two counts may be compared, and give the change where they may.

    Parameters
    ----------
    current, baseline
        Counts of one area and offence, in one release.

    Returns
    -------
    Pair
        The baseline carries the mark of a break where one lies between the two.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> kent = compare("Kent", period="2024/25", baseline="2015/16", release="2026-04-23")
    >>> judged = judge(kent.current, kent.baseline)
    >>> judged.answer, judged.change.difference, judged.change.percent, sorted(judged.reasons)
    ('no', 269, None, ['definition-change', 'recording-change'])

    Notes
    -----
    Intervals: exact conditional ratio of two Poisson counts, and the same widened by how the changes of all forces vary;
    see :mod:`analysis.statistics`.
    """
    caveats = sorted(
        (caveat for rule in RULES for caveat in rule(current, baseline)), key=lambda caveat: caveat.gravity
    )
    breaks = tuple(effect.change for effect, _, part in _crossed(current, baseline) if part >= LITTLE)
    if baseline is None:
        return Pair(current, None, tuple(caveats), breaks)
    return Pair(current, baseline.with_mark("b") if breaks else baseline, tuple(caveats), breaks)


def _counts(current: Count, baseline: Count | None) -> tuple[Count, ...]:
    return (current,) if baseline is None else (current, baseline)


def _hull(current: Count, baseline: Count | None) -> Period:
    periods = [count.period for count in _counts(current, baseline)]
    return Period(min(period.first for period in periods), max(period.last for period in periods))


def _share(effect: Effect, counts: Iterable[Count]) -> float:
    """Return the largest share of the counts that an entry touches."""
    return max(share(effect, each.area, each.offence, each.release, [each.period]) for each in counts)


def _unequal_periods(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    if baseline is not None and current.period.months != baseline.period.months:
        now, then = current.period, baseline.period
        told = {"now": now.words, "now_months": now.months, "then": then.words, "then_months": then.months}
        yield Caveat("unequal-periods", told)


def _different_quarters(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    if baseline is None or current.period.months != baseline.period.months:
        return
    if current.period.quarters_of_year != baseline.period.quarters_of_year:
        yield Caveat("different-quarters", {"now": current.period.words, "then": baseline.period.words})


def _crossed(current: Count, baseline: Count | None) -> Iterator[tuple[Effect, set[str], float]]:
    """Give each break between the counts or inside one of them, with their sides of it and the largest share that it touches."""
    counts = _counts(current, baseline)
    for effect in effects_of(current.offence, current.area):
        sides = {side_of(effect, count.period) for count in counts}
        if effect.forbids and (len(sides) > 1 or sides & {BOTH, MIXED}):
            yield effect, sides, _share(effect, counts)


def _breaks(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    for effect, sides, part in _crossed(current, baseline):
        change = effect.change
        told: dict[str, object] = {
            "day": change.words,
            "what": change.what,
            "codes": _codes(effect),
            "offence": current.offence.label,
        }
        if part < LITTLE:
            yield Caveat("recording-change", told | {"share": number(100 * part, 1)}, "little")
            continue
        told |= {"before": change.before, "after": change.after, "quarter": change.quarter.words}
        form = "part" if effect.codes else "sides" if change.before and change.after else "whole"
        yield Caveat("mixed-quarter" if MIXED in sides else "definition-change", told, form)


def _codes(effect: Effect) -> str:
    shown = ", ".join(effect.codes[:4])
    more = f" and {len(effect.codes) - 4} more" if len(effect.codes) > 4 else ""
    return f"code{'s' if len(effect.codes) > 1 else ''} {shown}{more}"


def _not_counted_then(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    without = [count.period.words for count in _counts(current, baseline) if count.not_counted]
    if without:
        offence, label = current.offence, current.offence.label
        told = {"offence": f"{label[0].upper()}{label[1:]}", "periods": " or ".join(without)}
        told |= {"first": offence.first.first.words} if offence.first else {}
        told |= {"last": offence.last.last.words} if offence.last else {}
        form = {(True, True): "both", (True, False): "began", (False, True): "ended"}
        yield Caveat("not-counted-then", told, form.get((bool(offence.first), bool(offence.last)), "neither"))


def _not_supplied(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    ordered = sorted(_counts(current, baseline), key=lambda count: count.period)
    gaps = [gap for count in ordered for gap in count.not_supplied]
    if gaps:
        more = f" and {len(gaps) - 3} more" if len(gaps) > 3 else ""
        yield Caveat("not-supplied", {"release": current.release.id, "gaps": "; ".join(gaps[:3]) + more})


def _reviewed(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    if baseline is None:
        return
    offence, found = current.offence, reviewed(current.offence, _hull(current, baseline))
    told = {"offence": offence.label, "months": offence.reviewed.span.words if offence.reviewed else ""}
    if found == "older":
        yield Caveat("review-older", told)
    elif found == "no":
        yield Caveat("definition-not-reviewed", told, "months" if offence.reviewed else "never")


def _first_year(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    if baseline is None:
        return
    for effect in effects_of(current.offence, current.area):
        launch = effect.change.launch
        touching = [count.period.words for count in (baseline, current) if launch and count.period.overlaps(launch)]
        if launch and touching and _share(effect, (current, baseline)) >= LITTLE:
            told = {"periods": " and ".join(touching), "launch": launch.words, "day": effect.change.words}
            yield Caveat("first-year", told, "one" if len(touching) == 1 else "two")


def _cautions(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    counts, hull = _counts(current, baseline), _hull(current, baseline)
    for effect in effects_of(current.offence, current.area):
        change = effect.change
        if change.releases and not {count.release.id for count in counts}.intersection(change.releases):
            continue
        if effect.forbids or (baseline is None and change.kind not in {"supply", "event"}):
            continue
        inside = any(change.months.overlaps(count.period) for count in counts)
        near = inside if change.kind in {"supply", "event"} else _lies_in(change, hull)
        if near and _share(effect, counts) >= LITTLE:
            code = {"supply": "late-supply", "event": "event"}.get(change.kind, "recording-change")
            when = change.months.words if change.until else change.words
            told = {"what": change.what, "when": when, "forces": ", ".join(change.forces)}
            yield Caveat(code, told, "forces" if change.forces else "all")


def _lies_in(change: Break, hull: Period) -> bool:
    """Say whether a change of recording lies inside or between the periods; on their first day it changes nothing."""
    on_first_day = change.until is None and (change.month, change.day.day) == (hull.first, 1)
    return change.months.overlaps(hull) and not on_first_day


def _provisional(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    if any(count.is_provisional for count in _counts(current, baseline)):
        newest = provisional_from(current.release)
        yield Caveat("provisional", {"from": newest.first.words, "quarters": newest.months // 3})


def _revised(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    differences = [
        f"for {count.period.words} the release of {other.words} gives {number(value)}, this one {number(count.offences)}"
        for count in _counts(current, baseline)
        for other, value in count.others
    ]
    if differences:
        yield Caveat("revised", {"differences": "; ".join(differences)})


def _small_numbers(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    small = [count for count in _counts(current, baseline) if count.is_small]
    if small:
        which = " and ".join(f"{number(count.offences)} in {count.period.words}" for count in small)
        yield Caveat("small-numbers", {"small": SMALL, "counts": which})


def _no_residents(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    reasons = dict.fromkeys(count.no_rate for count in _counts(current, baseline) if count.rate is None)
    if reasons:
        said = "; ".join(reasons)
        yield Caveat("no-residents", {"reasons": f"{said[0].upper()}{said[1:]}"})


def _population_step(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    now, then = current.rate, baseline.rate if baseline else None
    if now and then and baseline and now.residents.band != then.residents.band:
        residents = {"now_residents": now.residents.words, "then_residents": then.residents.words}
        yield Caveat("population-step", {"now": current.period.words, "then": baseline.period.words} | residents)


def _counted_as(current: Count, _: Count | None) -> Iterable[Caveat]:
    area = current.area
    told = {"place": area.place, "area": area.name, "force": area.whole.police, "offence": current.offence.label}
    if area.by_years:
        yield Caveat("counted-as", told, "part" if area.place else "partnership")
    elif area.place:
        yield Caveat("counted-as", told, "force")
    if current.offence.table:
        yield Caveat("counted-as", {"limits": " ".join(current.offence.limits[1:])}, "collection")


def _unassigned(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    """Say what a partnership's force recorded that no partnership has, where that is enough to matter."""
    for force in current.area.forces if current.area.by_years else ():
        for count in _counts(current, baseline):
            none, whole = vintages.unassigned(force, count.offence.code, count.release, count.period)
            if none and whole and none >= LITTLE * whole:
                told = {"number": number(none), "whole": number(whole), "share": number(100 * none / whole, 1)}
                yield Caveat("unassigned", told | {"force": Area.of(force).police, "period": count.period.words})
                break


RULES: tuple[Callable[[Count, Count | None], Iterable[Caveat]], ...] = (
    _unequal_periods,
    _different_quarters,
    _breaks,
    _not_counted_then,
    _not_supplied,
    _reviewed,
    _first_year,
    _cautions,
    _provisional,
    _revised,
    _small_numbers,
    _no_residents,
    _population_step,
    _counted_as,
    _unassigned,
)
