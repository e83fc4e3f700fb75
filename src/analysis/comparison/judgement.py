"""What may be said of two counts: the one place that judges a comparison. Each rule of fairness is one function."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator

from analysis.comparison.counts import SMALL, Count
from analysis.comparison.definitions import (
    BOTH,
    LITTLE,
    MIXED,
    SOME,
    WITHIN,
    forbids,
    in_part,
    reviewed,
    share,
    side_of,
)  # fmt: skip
from analysis.comparison.pair import Pair, counted_events, counts_of, effects, less
from analysis.figures import vintages
from analysis.figures.register import provisional_from
from analysis.terms import areas, breaks, recording
from analysis.terms.areas import Area
from analysis.terms.breaks import Break, Effect
from analysis.terms.findings import Caveat
from analysis.terms.numbers import joined, number
from analysis.terms.periods import Period

_NEAR = 6  # months between a departure of a force and an entry that names the force, which then says it
_MOVED = 3  # points by which the share of crimes recorded must have moved between two periods to be said


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
    crossed = _crossed(current, baseline)
    broken = tuple(effect.change for effect, _, part in crossed if forbids(effect, current.area, part))
    if baseline is None:
        return Pair(current, None, tuple(caveats), broken)
    return Pair(current, baseline.with_mark("b") if broken else baseline, tuple(caveats), broken)


def _hull(current: Count, baseline: Count | None) -> Period:
    periods = [count.period for count in counts_of(current, baseline)]
    return Period(min(period.first for period in periods), max(period.last for period in periods))


def _share(effect: Effect, count: Count) -> float:
    return share(effect, count.area, count.offence, count.release)


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
    """Give each break between the counts or inside one of them, with their sides of it and the share that it touches."""
    for effect in effects(current):
        sides = {side_of(effect, count.period) for count in counts_of(current, baseline)}
        if effect.forbids and (len(sides) > 1 or sides & {BOTH, WITHIN, MIXED}):
            yield effect, sides, _share(effect, current)


def _breaks(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    for effect, sides, part in _crossed(current, baseline):
        change = effect.change
        told: dict[str, object] = {
            "day": change.words, "what": change.what, "codes": _codes(effect), "offence": current.offence.label,
            "before": change.before, "after": change.after, "quarter": change.quarter.words, "share": number(100 * part, 1),
            "forces": joined(change.forces or [""]), "when": change.months.words if change.until else change.words,
        }  # fmt: skip
        if not forbids(effect, current.area, part):
            form = "little" if part < (SOME if in_part(effect, current.area) else LITTLE) else "forces"
            yield Caveat("definition-change" if form == "little" else "recording-change", told, form)
        elif change.kind == "step":
            yield Caveat("unexplained-step", told, "broken")
        elif change.until:
            yield Caveat("definition-change", told, "gap" if change.gap else "span")
        else:
            form = "part" if effect.codes else "sides" if change.before and change.after else "whole"
            yield Caveat("mixed-quarter" if MIXED in sides else "definition-change", told, form)


def _codes(effect: Effect) -> str:
    shown = ", ".join(effect.codes[:4])
    more = f" and {len(effect.codes) - 4} more" if len(effect.codes) > 4 else ""
    return f"code{'s' if len(effect.codes) > 1 else ''} {shown}{more}"


def _not_counted_then(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    without = [count.period.words for count in counts_of(current, baseline) if count.not_counted]
    if without:
        offence, label = current.offence, current.offence.label
        told = {"offence": f"{label[0].upper()}{label[1:]}", "periods": " or ".join(without)}
        told |= {"first": offence.first.first.words} if offence.first else {}
        told |= {"last": offence.last.last.words} if offence.last else {}
        form = {(True, True): "both", (True, False): "began", (False, True): "ended"}
        yield Caveat("not-counted-then", told, form.get((bool(offence.first), bool(offence.last)), "neither"))


def _not_supplied(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    ordered = sorted(counts_of(current, baseline), key=lambda count: count.period)
    for form, named in (("all", "not_supplied"), ("little", "lacking")):
        gaps = [gap for count in ordered for gap in getattr(count, named)]
        if gaps:
            more = f" and {len(gaps) - 3} more" if len(gaps) > 3 else ""
            told = {"release": current.release.id, "gaps": "; ".join(gaps[:3]) + more, "share": number(100 * LITTLE)}
            yield Caveat("not-supplied", told, form)


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
    for effect in effects(current):
        launch = effect.change.launch
        touching = [count.period.words for count in (baseline, current) if launch and count.period.overlaps(launch)]
        if launch and touching and forbids(effect, current.area, _share(effect, current)):
            told = {"periods": " and ".join(touching), "launch": launch.words, "day": effect.change.words}
            yield Caveat("first-year", told, "one" if len(touching) == 1 else "two")


# What an entry that asks for care is called, where that is not a change of recording, and whether it must lie inside a period.
_CALLED = {"supply": "late-supply", "event": "event", "spell": "event", "step": "unexplained-step"}
_INSIDE = {"supply", "event", "spell"}


def _cautions(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    counts, hull, some = counts_of(current, baseline), _hull(current, baseline), dict[str, list[str]]()
    counted = counted_events(current, baseline)
    for effect in effects(current):
        change = effect.change
        if effect.forbids or (baseline is None and change.kind not in _INSIDE):
            continue
        if (
            change.kind == "event" and change.number
        ):  # by its number, however little its codes and forces are of the whole
            if change in counted:
                yield Caveat("event", _said(effect) | _without(change, current, baseline), "counted")
            continue
        inside = any(change.months.overlaps(count.period) for count in counts)
        if not (inside if change.kind in _INSIDE else _lies_in(change, hull)) or _share(effect, current) < LITTLE:
            continue
        code = _CALLED.get(change.kind, "recording-change")
        if in_part(effect, current.area) and _share(effect, current) < SOME:
            some.setdefault(code, []).append(f"{joined(change.forces)} ({_when(change)})")
        else:
            form = "spell" if change.kind == "spell" else "forces" if change.forces else "all"
            yield Caveat(code, _said(effect), form)
    for code, listed in some.items():  # of an area of many forces: notes, that are said together
        yield Caveat(code, {"listed": "; ".join(listed)}, "several")


def _when(change: Break) -> str:
    return change.months.words if change.until else change.words


def _said(effect: Effect) -> dict[str, object]:
    change = effect.change
    return {"what": change.what, "when": _when(change), "forces": ", ".join(change.forces)}


def _without(change: Break, current: Count, baseline: Count | None) -> dict[str, object]:
    """Return the counts without the offences of an event, in words."""
    without = (less(count, (change,)) for count in counts_of(current, baseline))
    rest = [f"{number(count.offences)} in {count.period.words}" for count in without]
    return {"number": number(change.number), "rest": joined(rest or [""])}


def _steps(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    """Give the steps in the nation's figures of this offence that no entry explains, inside or between the periods."""
    if baseline is None:
        return
    hull = _hull(current, baseline)
    for step in breaks.unexplained(current.offence.code):
        quarter = step.months
        if step.kind == "step" and hull.first < quarter.first <= hull.last:
            yield Caveat("unexplained-step", {"quarter": quarter.words, "what": step.note}, "listed")


def _departs(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    """Give the quarters in which a force left the other forces' course, inside or between the periods."""
    if baseline is None or current.area.kind != "force":
        return
    hull = _hull(current, baseline)
    known = [e.change.quarter for e in effects(current) if e.change.forces]
    for departure in recording.departures(current.offence.code, current.area.name):
        quarter = departure.quarter
        explained = any(abs(quarter.first.ordinal - each.first.ordinal) <= _NEAR for each in known)
        if hull.first < quarter.first <= hull.last and not explained:
            told = {"force": current.area.name, "quarter": quarter.words, "offence": current.offence.label}
            more = "more" if departure.percent > 0 else "fewer"
            told |= {
                "percent": f"{abs(departure.percent)}% {more}",
                "before": number(departure.before),
                "after": number(departure.after),
            }
            yield Caveat("force-departs", told)


def _quality(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    """Give how far the share of crimes recorded is known to have moved between the periods, by inspections of the force or nation."""
    if baseline is None:
        return
    early, late = sorted((current.period, baseline.period))
    for name in dict.fromkeys((current.area.name, areas.ENGLAND_AND_WALES.name)):
        for before, after in itertools.pairwise(recording.inspections(name)):
            moved = before.moved(after, early, late)
            if abs(moved) >= _MOVED:
                told = {"who": name, "before": number(before.percent, 1), "then": before.words}
                yield Caveat(
                    "recording-change", told | {"after": number(after.percent, 1), "now": after.words}, "quality"
                )
                return


def _standing(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    offence = current.offence
    if offence.care and baseline is not None:
        yield Caveat("recording-change", {"what": offence.care}, "standing")
    if offence.elsewhere:
        yield Caveat("counted-elsewhere", {"what": offence.elsewhere})


def _nothing_recorded(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    if baseline is not None and current.offences == baseline.offences == 0:
        yield Caveat("nothing-recorded", {"now": current.period.words, "then": baseline.period.words})


def _lies_in(change: Break, hull: Period) -> bool:
    """Say whether a change of recording lies inside or between the periods; on their first day it changes nothing."""
    on_first_day = change.until is None and (change.month, change.day.day) == (hull.first, 1)
    return change.months.overlaps(hull) and not on_first_day


def _provisional(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    if any(count.is_provisional for count in counts_of(current, baseline)):
        newest = provisional_from(current.release)
        yield Caveat("provisional", {"from": newest.first.words, "quarters": newest.months // 3})


def _revised(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    differences = [
        f"for {count.period.words} the release of {other.words} gives {number(value)}, this one {number(count.offences)}"
        for count in counts_of(current, baseline)
        for other, value in count.others
    ]
    if differences:
        yield Caveat("revised", {"differences": "; ".join(differences)})


def _small_numbers(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    small = [count for count in counts_of(current, baseline) if count.is_small]
    if small:
        which = " and ".join(f"{number(count.offences)} in {count.period.words}" for count in small)
        yield Caveat("small-numbers", {"small": SMALL, "counts": which})


def _no_residents(current: Count, baseline: Count | None) -> Iterable[Caveat]:
    reasons = dict.fromkeys(count.no_rate for count in counts_of(current, baseline) if count.rate is None)
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
        for count in counts_of(current, baseline):
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
    _steps,
    _departs,
    _quality,
    _standing,
    _nothing_recorded,
    _provisional,
    _revised,
    _small_numbers,
    _no_residents,
    _population_step,
    _counted_as,
    _unassigned,
)
