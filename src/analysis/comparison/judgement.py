"""What may be said of two counts: the one place that judges a comparison. Each rule of fairness is one function."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from analysis.comparison import counts
from analysis.comparison.change import Pair, less
from analysis.comparison.counts import LITTLE, SMALL, SOME, Count, forbids, in_part, reviewed, side_of
from analysis.figures import vintages
from analysis.figures.register import Release, provisional_from
from analysis.terms import areas, breaks
from analysis.terms.areas import Area
from analysis.terms.breaks import Effect
from analysis.terms.findings import Caveat
from analysis.terms.numbers import capital, joined, number, some
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

Rule = Callable[[Pair], Iterable[Caveat]]

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
    pair = Pair(current, baseline)
    rules = RULES + (RULES_OF_TWO if baseline else ())
    found = [caveat for rule in rules for caveat in rule(pair)]
    broken = tuple(effect.change for effect, _, part in _crossed(pair) if forbids(effect, current.area, part))
    if baseline and broken:
        baseline = replace(baseline, marks=tuple(sorted({*baseline.marks, "b"})))
    return Pair(current, baseline, tuple(sorted(found, key=lambda caveat: caveat.gravity)), broken)


def judged(area: Area, offence: Offence, release: Release, *periods: Period | None) -> Pair:
    """Count an area's offences in a period, or in one and its baseline, and judge whether the two may be compared.

    A year that a release of a table of years does not give is taken from the newest one that does.
    """
    given = ((vintages.giving(release, each) or release, each) for each in periods if each)
    return judge(*(counts.count(area, offence, *each) for each in given))


def _share(effect: Effect, pair: Pair) -> float:
    return counts.share(effect, pair.area, pair.offence, pair.release)


def _crossed(pair: Pair) -> Iterator[tuple[Effect, set[str], float]]:
    """Give each break between the counts or inside one of them, with their sides of it and the share that it touches."""
    for effect in pair.effects:
        sides = {side_of(effect, each) for each in pair.periods}
        if effect.forbids and (len(sides) > 1 or sides & {counts.BOTH, counts.WITHIN, counts.MIXED}):
            yield effect, sides, _share(effect, pair)


def _breaks(pair: Pair) -> Iterable[Caveat]:
    for effect, sides, part in _crossed(pair):
        change = effect.change
        told = _said(effect) | {"offence": pair.offence, "codes": _codes(effect), "share": number(100 * part, 1)}
        told["changed"] = f"{'in' if change.until else 'on'} {change.when}"
        if not forbids(effect, pair.area, part):
            is_little = part < (SOME if in_part(effect, pair.area) else LITTLE)
            code, form = ("definition-change", "little") if is_little else ("recording-change", "forces")
        elif change.kind == "step":
            code, form = "unexplained-step", "broken"
        elif change.until:
            code, form = "definition-change", "gap" if change.gap else "span"
        else:
            code = "mixed-quarter" if counts.MIXED in sides else "definition-change"
            form = "part" if effect.codes else "sides" if change.before and change.after else "whole"
        yield Caveat(code, told, form)


def _said(effect: Effect) -> dict[str, object]:
    change = effect.change
    return {"change": change, "what": change.what, "when": change.when, "forces": joined(change.forces or [""])}


def _codes(effect: Effect) -> str:
    return f"code{'s' if len(effect.codes) > 1 else ''} {some(effect.codes, 4)}"


def _missing(pair: Pair) -> Iterable[Caveat]:
    without = [count.period.words for count in pair.counts if count.not_counted]
    if without:
        offence = pair.offence
        told = {"offence": offence, "label": capital(offence.label), "periods": " or ".join(without)}
        forms = {(True, True): "both", (True, False): "began", (False, True): "ended", (False, False): "neither"}
        yield Caveat("not-counted-then", told, forms[bool(offence.first), bool(offence.last)])
    ordered = sorted(pair.counts, key=lambda count: count.period)
    for form, named in (("all", "not_supplied"), ("little", "lacking")):
        if gaps := [gap for count in ordered for gap in getattr(count, named)]:
            told = {"release": pair.release.id, "gaps": some(gaps, 3, between="; "), "share": number(100 * LITTLE)}
            yield Caveat("not-supplied", told, form)


# What an entry that asks for care is called, where that is not a change of recording; these but a step must lie inside a period.
_CALLED = {"supply": "late-supply", "event": "event", "spell": "event", "step": "unexplained-step"}


def _cautions(pair: Pair) -> Iterable[Caveat]:
    some: dict[str, list[str]] = {}
    for effect in pair.effects:
        change, code = effect.change, _CALLED.get(effect.change.kind, "recording-change")
        is_inside = code in {"late-supply", "event"}
        if effect.forbids or (pair.baseline is None and not is_inside):
            continue
        if change.kind == "event" and change.number:  # however little its codes and forces are of the whole
            if change in pair.counted_events:
                without = [(less(count, (change,)).offences, count.period.words) for count in pair.counts]
                rest = joined(f"{number(offences)} in {period}" for offences, period in without)
                yield Caveat("event", _said(effect) | {"rest": rest}, "counted")
            continue
        # Inside or between the periods; on their first day a change of recording changes nothing.
        spans = pair.periods if is_inside else (pair.hull,)
        is_before = not is_inside and change.until is None and (change.month, change.day.day) == (pair.hull.first, 1)
        touches = any(map(change.months.overlaps, spans)) and not is_before
        if not touches or _share(effect, pair) < LITTLE:
            continue
        if in_part(effect, pair.area) and _share(effect, pair) < SOME:
            some.setdefault(code, []).append(f"{joined(change.forces)} ({change.when})")
        else:
            form = "spell" if change.kind == "spell" else "forces" if change.forces else "all"
            yield Caveat(code, _said(effect), form)
    for code, listed in some.items():  # of an area of many forces: notes, that are said together
        yield Caveat(code, {"listed": "; ".join(listed)}, "several")


def _of_figures(pair: Pair) -> Iterable[Caveat]:
    """Give what is to be known of the two numbers themselves: provisional, revised, small, without a rate."""
    if any(count.is_provisional for count in pair.counts):
        newest = provisional_from(pair.release)
        yield Caveat("provisional", {"from": newest.first.words, "quarters": newest.months // 3})
    differences = [
        f"for {count.period.words} the release of {other.words} gives {number(value)}, this one {number(count.offences)}"
        for count in pair.counts
        for other, value in count.others
    ]
    if differences:
        yield Caveat("revised", {"differences": "; ".join(differences)})
    if small := [f"{number(count.offences)} in {count.period.words}" for count in pair.counts if count.is_small]:
        yield Caveat("small-numbers", {"small": SMALL, "counts": " and ".join(small)})
    if reasons := "; ".join(dict.fromkeys(count.no_rate for count in pair.counts if count.rate is None)):
        yield Caveat("no-residents", {"reasons": capital(reasons)})


def _counted_as(pair: Pair) -> Iterable[Caveat]:
    area = pair.area
    if area.by_years or area.place:
        partnership = "partnerships" if len(area.partnerships) > 1 else "partnership"
        form = ("part" if area.place else partnership) if area.by_years else "force"
        yield Caveat("counted-as", {"area": area}, form)
    if pair.offence.table:
        yield Caveat("counted-as", {"limits": " ".join(pair.offence.limits[1:])}, "collection")
    if pair.offence.elsewhere:
        yield Caveat("counted-elsewhere", {"what": pair.offence.elsewhere})


def _unassigned(pair: Pair) -> Iterable[Caveat]:
    """Say what a partnership's force recorded that no partnership has, where that is enough to matter."""
    for force in pair.area.forces if pair.area.by_years else ():
        for count in pair.counts:
            none, whole = vintages.unassigned(force, count.offence.code, count.release, count.period)
            if none and whole and none >= LITTLE * whole:
                told = {"number": number(none), "whole": number(whole), "share": number(100 * none / whole, 1)}
                yield Caveat("unassigned", told | {"force": Area.of(force).the_police, "period": count.period.words})
                break


def _unlike(pair: Pair) -> Iterable[Caveat]:
    """Give in what the two are of unlike kinds, or of none that is known to be one: months, residents, review."""
    now, then = pair.counts
    told = {"now": now.period, "then": then.period}
    if now.period.months != then.period.months:
        yield Caveat("unequal-periods", told)
    elif now.period.quarters_of_year != then.period.quarters_of_year:
        yield Caveat("different-quarters", told)
    if (found := reviewed(pair.offence, pair.hull)) == "older":
        yield Caveat("review-older", {"offence": pair.offence})
    elif found == "no":
        form = "months" if pair.offence.reviewed else "never"
        yield Caveat("definition-not-reviewed", {"offence": pair.offence}, form)
    if now.offences == then.offences == 0:
        yield Caveat("nothing-recorded", told)
    if now.rate and then.rate and now.rate.residents.band != then.rate.residents.band:
        yield Caveat("population-step", {"now": now, "then": then})


def _first_year(pair: Pair) -> Iterable[Caveat]:
    for effect in pair.effects:
        launch = effect.change.launch
        touching = [each.period.words for each in pair.counts[::-1] if launch and each.period.overlaps(launch)]
        if launch and touching and forbids(effect, pair.area, _share(effect, pair)):
            told = {"periods": " and ".join(touching), "change": effect.change}
            yield Caveat("first-year", told, "one" if len(touching) == 1 else "two")


def _steps(pair: Pair) -> Iterable[Caveat]:
    """Give the steps in or between the periods that no entry explains: the nation's, and those of a force that is some of what is counted."""
    area, offence = pair.area, pair.offence
    for step in breaks.register().unexplained:
        is_its = (step.code, step.kind) == (offence.code, "step")
        if is_its and pair.hull.first < step.months.first <= pair.hull.last:
            yield Caveat("unexplained-step", {"quarter": step.months.words, "what": f" {step.note}".rstrip()}, "listed")
    yearly = (each.offences * 12 / each.period.months for each in pair.counts if each.offences is not None)
    least = 0 if area.kind == "force" else SOME * min(yearly, default=0)
    known = [effect.change.quarter.first.ordinal for effect in pair.effects if effect.change.forces]
    every = [(one.name, left) for one in area.forces for left in breaks.departures().get((offence.code, one.name), ())]
    for name, left in every:
        begun, weighs = left.quarter.first, abs(left.after - left.before) >= least
        explained = any(abs(begun.ordinal - each) <= _NEAR for each in known)
        if pair.hull.first < begun <= pair.hull.last and weighs and not explained:
            percent = f"{abs(left.percent)}% {'more' if left.percent > 0 else 'fewer'}"
            yield Caveat("force-departs", {"force": name, "left": left, "offence": offence, "percent": percent})


def _recording(pair: Pair) -> Iterable[Caveat]:
    """Give how far the share of crimes recorded is known to have moved between the periods, by inspections of the force or nation."""
    early, late = sorted(pair.periods)
    moved = (
        {"who": name, "before": before, "after": after}
        for name in dict.fromkeys((pair.area.name, areas.ENGLAND_AND_WALES.name))
        for before, after in itertools.pairwise(breaks.inspections(name))
        if abs(before.moved(after, early, late)) >= _MOVED
    )
    yield from (Caveat("recording-change", told, "quality") for told in itertools.islice(moved, 1))
    if pair.offence.care:
        yield Caveat("recording-change", {"what": pair.offence.care}, "standing")


RULES: tuple[Rule, ...] = (_breaks, _missing, _cautions, _of_figures, _counted_as, _unassigned)
RULES_OF_TWO: tuple[Rule, ...] = (_unlike, _first_year, _steps, _recording)
