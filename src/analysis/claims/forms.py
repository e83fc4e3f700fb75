"""Stated figures that are no counts: rates, intervals, shares, records, places, and in how many forces a figure rose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from analysis.claims.amounts import Amount
from analysis.claims.arithmetic import days
from analysis.claims.figures import NATIONAL, WITHOUT_RAILWAYS, Figure, Reach
from analysis.claims.held import Sums, Years, shelf
from analysis.claims.models import Claim, RatePer
from analysis.comparison.definitions import breaks_of
from analysis.figures import population
from analysis.figures.register import Register
from analysis.statistics import revision
from analysis.terms import areas
from analysis.terms.areas import Area
from analysis.terms.numbers import number

_BANDS = {"residents": "all", "households": "households"}
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
_RESIDING = Area(NATIONAL.name, tuple(force for force in areas.FORCES if force.code))
_PLACED = tuple(force for force in areas.FORCES if force.has_readable_rate)  # a rate of the City of London says nothing


@dataclass(frozen=True)
class Form:
    """A stated figure that is no count, beside what the tables give.

    Attributes
    ----------
    kind
        The claim's field: ``rate``, ``rate_per``, ``interval``, ``share_of``, ``record``, ``rank``, ``forces_rising`` …
    answer
        One of :data:`analysis.claims.figures.GRAVITY`, ``outside``, or ``not-judged`` where no table holds what it takes.
    stated
        The number or the words stated.
    held
        The tables' own number, as words; empty where they have none.
    value
        The same as a number.
    values
        What the sentence on it needs besides.
    """

    kind: str
    answer: str
    stated: str
    held: str = ""
    value: float | None = None
    values: dict[str, object] = field(default_factory=dict)


def forms(claim: Claim, figures: Sequence[Figure], register: Register) -> tuple[Form, ...]:
    """Return what a claim states besides counts and changes, held against the tables."""
    roles: dict[str, Figure] = {figure.role: figure for figure in figures}
    current = roles.get("current")
    if current is None:
        return ()
    held = shelf(current.area, claim.counted_as, register.releases)
    newest = next((sums for sums in reversed(held) if current.covering and sums.release == current.newest[0]), None)
    return tuple(_forms(claim, roles, newest, register))


def rates(made: Sequence[Form]) -> list[tuple[float, float]]:
    """Return the tables' rates of the two periods as a pair, where both are stated."""
    by_kind = {form.kind: form.value for form in made}
    now, then = by_kind.get("rate_per"), by_kind.get("baseline_rate_per")
    return [(now, then)] if now and then else []


def _forms(claim: Claim, roles: dict[str, Figure], newest: Sums | Years | None, register: Register) -> Iterator[Form]:
    current, base = roles["current"], roles.get("baseline")
    count = current.newest[1] if current.covering else None
    if claim.rate and claim.value is None:
        spell = {"day": days(current.period), "week": days(current.period) / 7, "month": current.period.months}
        held = None if count is None else count / spell[claim.rate.per]
        yield _number("rate", claim.rate.value, held, count, current.reach, per=claim.rate.per)
    if claim.interval:
        held = None if not count else days(current.period) * SECONDS["days"] / SECONDS[claim.interval.unit] / count
        yield _number("interval", claim.interval.every, held, count, current.reach, unit=claim.interval.unit)
    if claim.rate_per:
        yield _rate("rate_per", claim.rate_per, current, newest)
    if claim.baseline_rate_per and base:
        yield _rate("baseline_rate_per", claim.baseline_rate_per, base, newest)
    if claim.compared_rate_per and newest:
        reach = Reach(current.reach.tier, True, current.reach.halved)
        yield _rate("compared_rate_per", claim.compared_rate_per, current, newest, (_RESIDING, reach))
    if claim.share_of:
        yield _share(claim, current, register)
    if newest is None or current.area is None:
        kinds = [kind for kind in ("record", "rank", "forces_rising") if getattr(claim, kind)]
        yield from (Form(kind, "outside", kind) for kind in kinds)
        return
    if claim.record:
        yield _record(claim, current, newest)
    if claim.rank:
        yield _rank(claim, current, base, newest)
    if claim.forces_rising:
        yield _rising(claim, current, base, newest)


def _number(kind: str, stated: Amount, held: float | None, count: float | None, reach: Reach, **values: object) -> Form:
    """Return a number that rests on a count, held against the tables' own."""
    if held is None or count is None:
        return Form(kind, "outside", stated.words(""), values=values)
    # A digit more than was stated, so that a difference can be seen.
    decimals = 0 if held >= 1000 else 1 if held >= 10 else 2
    return Form(
        kind, reach.standing(stated, held, counted=count), stated.words(""), number(held, decimals), held, values
    )


def _rate(
    kind: str, stated: RatePer, figure: Figure, newest: Sums | Years | None, of: tuple[Area, Reach] | None = None
) -> Form:
    """Return a rate of residents or of a base of one's own; over other spans than a year both the rate of them and that a year."""
    area, reach = of or (figure.area, figure.reach)
    values: dict[str, object] = {
        "per": number(stated.per),
        "of": stated.of,
        "place": area.name if area else figure.place,
    }
    if area is None or newest is None:
        return Form(kind, "outside", stated.value.words(""), values=values)
    residing = replace(area, forces=tuple(force for force in area.forces if force.code))
    count = newest.value(residing, figure.period) if residing.forces else None
    base: float | None = stated.base
    if base is None and residing.forces:
        residents = population.residents_for(residing, figure.period, band=_BANDS[stated.of])
        base, values["of"] = (residents.people, residents.words) if residents else (None, stated.of)
    if base is None or count is None:
        return Form(kind, "outside" if count is None else "not-judged", stated.value.words(""), values=values)
    whole = count / base * stated.per
    ways = [
        _number(kind, stated.value, rate, count, reach, **values) for rate in (whole, whole * 12 / figure.period.months)
    ]
    return min(ways, key=lambda form: revision.log_distance(float(stated.value.number), form.value or 0))


def _share(claim: Claim, current: Figure, register: Register) -> Form:
    """Return what share of a whole that the tables hold the current figure is."""
    assert claim.share_of is not None  # noqa: S101  # what is asked for
    whole, stated = claim.share_of.of, claim.share_of.percent
    area = whole.place.area if whole.place else current.area
    values: dict[str, object] = {
        "what": whole.offence.noun,
        "place": whole.place.name if whole.place else current.place,
    }
    if area is None or current.area is None or not current.covering:
        return Form("share_of", "outside", stated.words("%"), values=values)
    release, part = current.newest
    held = shelf(area, whole.offence, register.releases)
    of = next((sums.value(area, current.period) for sums in held if sums.release.id == release.id), None)
    if not of:
        return Form("share_of", "outside", stated.words("%"), values=values)
    made = _number(
        "share_of", stated, 100 * part / of, part, current.reach, **values, part=number(part), whole=number(of)
    )
    return Form("share_of", made.answer, stated.words("%"), f"{made.held}%", made.value, made.values)


def _record(claim: Claim, current: Figure, newest: Sums | Years) -> Form:
    """Return whether a figure is the highest or lowest of its length since a month, as far back as like is counted."""
    assert claim.record is not None and current.area is not None  # noqa: S101, PT018  # what is asked for
    assert newest.release is not None  # noqa: S101
    broken = [effect.change.begins for effect in breaks_of(claim.counted_as, current.area, newest.release)]
    begins = [month for month in broken if month <= current.period.first]
    reach_back = max([newest.counted.first, *begins])
    since = max(claim.record.since, reach_back)
    value, high = current.newest[1], claim.record.extreme == "highest"
    before = [
        (span, count)
        for span, count in newest.windows(current.area, current.period.months)
        if since <= span.first and span.last < current.period.last
    ]
    beyond = [each for each in before if (each[1] > value if high else each[1] < value)]
    furthest = (max if high else min)(beyond, key=lambda each: each[1], default=None)
    answer = "agrees"
    if furthest:
        found = revision.standing(
            value, furthest[1], current.reach.of(min(value, furthest[1])), counts=current.reach.counts
        )
        answer = "agrees-within-revision" if found == "within-revision" else found
    values: dict[str, object] = {
        "since": since.words,
        "asked": claim.record.since.words,
        "value": number(value),
        "other": number(furthest[1]) if furthest else "",
        "when": furthest[0].words if furthest else "",
        "shorter": since > claim.record.since,
        "broken": bool(begins) and since == max(begins),
    }
    if not before:
        return Form("record", "outside", claim.record.extreme, values=values)
    return Form("record", answer, claim.record.extreme, number(value), value, values)


def _rank(claim: Claim, current: Figure, base: Figure | None, newest: Sums | Years) -> Form:
    """Return a place among the forces that have a rate to be read, and the places that revision leaves open."""
    assert claim.rank is not None and current.area is not None  # noqa: S101, PT018  # what is asked for
    rank, counts = claim.rank, newest.by_force(current.period)
    before = newest.by_force(base.period) if base else {}
    values: dict[str, float] = {}
    for force in _PLACED:
        alone = Area.of(force)
        if rank.by == "rate" and force.name in counts:
            residents = population.residents_for(alone, current.period, band="all")
            if residents:
                values[force.name] = counts[force.name] / residents.people
        elif rank.by == "count" and force.name in counts:
            values[force.name] = counts[force.name]
        elif rank.by == "change" and counts.get(force.name) and before.get(force.name):
            values[force.name] = counts[force.name] / before[force.name]
    own = values.get(current.area.name)
    if own is None or not own:
        return Form("rank", "outside", str(rank.place))
    sign = 1 if rank.order == "highest" else -1
    width = current.reach.of(counts[current.area.name])
    ahead = [value for name, value in values.items() if name != current.area.name and sign * (value - own) > 0]
    near = [
        value
        for name, value in values.items()
        if name != current.area.name and revision.log_distance(value, own) <= width
    ]
    surely = [value for value in ahead if value not in near]
    place, first, last = len(ahead) + 1, len(surely) + 1, len(surely) + len(near) + 1
    answer = "agrees" if rank.place == place else "agrees-within-revision" if first <= rank.place <= last else "differs"
    more: dict[str, object] = {
        "of": number(len(values)),
        "order": rank.order,
        "by": rank.by,
        "first": first,
        "last": last,
    }
    return Form("rank", answer, str(rank.place), number(place), place, more)


def _rising(claim: Claim, current: Figure, base: Figure | None, newest: Sums | Years) -> Form:
    """Return in how many forces the figure rose, and in how many it may have by figures before revision."""
    assert claim.forces_rising is not None  # noqa: S101  # what is asked for
    of, stated = claim.forces_rising.of, claim.forces_rising.count
    now, then = newest.by_force(current.period), newest.by_force(base.period) if base else {}
    every = of >= len(areas.FORCES) or current.area not in (NATIONAL, WITHOUT_RAILWAYS)
    members = [f.name for f in (current.area.forces if current.area else ()) if f.code or every]
    both = [(now[name], then[name]) for name in members if name in now and name in then]
    if not both:
        return Form("forces_rising", "outside", f"{stated} of {of}")
    rose = sum(a > b for a, b in both)
    unsure = [
        a > b
        for a, b in both
        if abs(a - b) <= 2 or revision.log_distance(a, b) <= Reach(current.reach.tier).of(min(a, b))
    ]
    least, most = rose - sum(unsure), rose + sum(not risen for risen in unsure)
    answer = "agrees" if stated == rose else "agrees-within-revision" if least <= stated <= most else "differs"
    return Form(
        "forces_rising", answer, f"{stated} of {of}", f"{rose} of {len(both)}", rose, {"least": least, "most": most}
    )
