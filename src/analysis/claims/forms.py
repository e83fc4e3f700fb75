"""What is stated besides counts, beside what the tables give: changes, rates, intervals, shares, records and places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from analysis import statistics
from analysis.claims.figures import GRAVITY, NATIONAL, WITHOUT_RAILWAYS, Figure, Reach, Table, tables
from analysis.claims.models import Amount, Claim, Rank, RatePer, Record, Rising, ShareOf
from analysis.comparison import noise_of
from analysis.comparison.counts import breaks_of
from analysis.figures import population
from analysis.figures.register import Register
from analysis.statistics import revision
from analysis.terms import areas
from analysis.terms.areas import Area
from analysis.terms.numbers import number, places
from analysis.terms.periods import Period

_FOI_POINTS = 25  # by which the change of another collection may part from the tables' before it is a finding
_FOI_TURN = 5  # points that both exceed where they go in different directions
_BANDS = {"residents": "all", "households": "households"}
_A_DAY = {"seconds": 86_400, "minutes": 1440, "hours": 24, "days": 1}
_RESIDING = Area(NATIONAL.name, tuple(force for force in areas.FORCES if force.code))

# --- changes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChangeFound:
    """Two counts of one publication, and how a stated change stands to the change between them.

    Attributes
    ----------
    answer
        One of :data:`analysis.claims.figures.GRAVITY`, ``not-known`` where the tables cannot tell, ``none`` where none is stated.
    current, baseline
        The counts to which the stated change is nearest, or rates; None where the tables hold no two.
    is_newest
        Whether they are the newest release's.
    """

    answer: str
    current: float | None = None
    baseline: float | None = None
    is_newest: bool = True

    @property
    def percent(self) -> float | None:
        """The change between the two in per cent; None without two, or from 0."""
        if self.current is None or not self.baseline or self.baseline < 0:
            return None
        return 100 * (self.current / self.baseline - 1)


def change(claim: Claim, figures: Sequence[Figure], made: Sequence[Form], register: Register) -> ChangeFound:
    """Return how the stated change stands to the tables, both years of one publication.

    Parameters
    ----------
    claim
        What was stated.
    figures
        Its figures in one reading.
    made
        What else it states: rates of the two periods are set beside each other as counts are.
    register
        The releases to take shares from, of which points are stated.
    """
    if claim.change is None and claim.difference is None:
        return ChangeFound("none")
    roles = {figure.role: figure for figure in figures}
    current, base = roles.get("current"), roles.get("baseline")
    if claim.kind == "forecast" or current is None or base is None or (claim.offence.part_of and not claim.is_foi):
        return ChangeFound("not-known")
    pairs = [(now, then, min(now, then)) for now, then in _pairs(current, base)]
    held = {form.kind: form.value for form in made}
    of_two = [held.get("rate_per"), held.get("baseline_rate_per")]
    if claim.change and claim.change.points:
        shares = [_share(claim.share_of, each, register) for each in (current, base)] if claim.share_of else []
        pairs, of_two = [], [share.value for share in shares] or [None, None]
    if of_two[0] is not None and of_two[1]:
        pairs.append((of_two[0], of_two[1], min(current.newest[1], base.newest[1])))
    found = [
        ChangeFound(_gravest(claim, current.reach, *pair), *pair[:2], place == 0) for place, pair in enumerate(pairs)
    ]
    told = (each for each in found if each.answer)
    # The newest of those that stand alike.
    nearest = max(told, key=lambda each: GRAVITY.index(each.answer), default=ChangeFound("not-known"))
    return replace(nearest, answer=_put(claim, nearest))


def _pairs(current: Figure, base: Figure) -> Iterator[tuple[float, float]]:
    """Give the two counts of each release and each other publication that holds both; the newest first."""
    then = {r.id: value for r, value in base.covering}
    yield from ((now, then[r.id]) for r, now in reversed(current.covering) if r.id in then)
    before = {each.published: each.offences for each in base.vintages}
    published = (each for each in reversed(current.vintages) if each.published in before)
    yield from ((each.offences, before[each.published]) for each in published)


def _gravest(claim: Claim, reach: Reach, now: float, then: float, least: float) -> str:
    """Return how all that is stated of a change stands to two counts, the gravest of it; empty where nothing can be said."""
    change, width = claim.change, reach.of(least)
    stated = list(_ratios(claim, now, then)) if then > 0 else []
    found = ["agrees" if agrees else _by_ratio(ratio, now, then, width + room) for agrees, ratio, room in stated]
    if change and change.direction and change.percent is None:
        is_of_counts = least == min(now, then)
        near = (is_of_counts and abs(now - then) <= reach.counts) or revision.log_distance(now, then) <= width
        is_so = now != then and (now > then) == (change.direction == "up")
        found.append("agrees" if is_so else "agrees-within-revision" if near else "wrong-direction")
    return min(found, key=GRAVITY.index, default="")


def _ratios(claim: Claim, now: float, then: float) -> Iterator[tuple[bool, Fraction, float]]:
    """Give each stated percentage, multiple and difference: whether it is so, its ratio, and the room of its last digit, as a log."""
    change, difference, actual = claim.change, claim.difference, Fraction(now) / Fraction(then)
    sign = -1 if change and change.direction == "down" else 1
    if change and (percent := change.percent):
        ratio = 1 + sign * percent.number / 100
        room = float(percent.half_unit / 100 / ratio) if ratio > 0 else 0.0
        yield percent.agrees(sign * 100 * (actual - 1)), ratio, room
    if change and (times := change.times):
        yield times.agrees(actual), times.number, float(times.half_unit / times.number) if times.number > 0 else 0.0
    if change and (points := change.points):
        points_apart = sign * (Fraction(now) - Fraction(then))
        yield points.agrees(points_apart), 1 + sign * points.number / Fraction(then), float(points.half_unit) / then
    if difference is not None and now == int(now):
        more = difference.value.number * (-1 if difference.direction == "down" else 1)
        is_so = difference.value.agrees(abs(Fraction(now - then))) and (more > 0) == (now > then)
        yield is_so, 1 + more / Fraction(then), 0.0


def _by_ratio(stated: Fraction, now: float, then: float, width: float) -> str:
    distance = revision.log_distance(float(stated), now / then)
    if distance <= width:
        return "agrees-within-revision"
    if (stated - 1) * (Fraction(now) - Fraction(then)) < 0:
        return "wrong-direction"
    return "far-off" if distance > revision.far(width) else "differs"


def _put(claim: Claim, found: ChangeFound) -> str:
    """Return the answer on a change as it was put: of another collection only what is far from the tables, of a denial the opposite."""
    answer, stated, held = found.answer, stated_percent(claim), found.percent
    if claim.is_foi:
        is_known = stated is not None and held is not None
        is_right = answer in ("agrees", "agrees-within-revision") if is_known else answer == "agrees"
        answer = answer if is_right and not claim.offence.part_of else "not-known"
        if stated is not None and held is not None:
            if abs(stated) > _FOI_TURN < abs(held) and (stated > 0) != (held > 0):
                answer = "wrong-direction"
            elif abs(stated - held) >= _FOI_POINTS:
                answer = "differs"
    turned = {"agrees": "wrong-direction", "wrong-direction": "agrees", "far-off": "agrees"}
    return turned.get(answer, "not-known") if claim.kind == "denied" else answer


def stated_percent(claim: Claim) -> float | None:
    """Return the stated change in per cent: as stated, or what the stated counts come to."""
    change, current, base = claim.change, claim.value, claim.base_value
    if change is not None and change.percent is not None:
        return float(change.percent.number) * (-1 if change.direction == "down" else 1)
    if change is not None and change.times is not None:
        return float(change.times.number - 1) * 100
    return float(100 * (current.number / base.number - 1)) if current and base and base.number else None


# --- other forms --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    """A stated figure that is no count, beside what the tables give.

    Attributes
    ----------
    kind
        The claim's field: ``rate``, ``rate_per``, ``interval``, ``share_of``, ``record``, ``rank``, ``forces_rising`` …
    answer
        One of :data:`analysis.claims.figures.GRAVITY`, ``outside``, or ``not-judged`` where no table holds what it takes.
    words
        The number or the words stated.
    tables
        The tables' own number, as words; empty where they have none.
    value
        The same as a number.
    values
        What the sentence on it needs besides.
    sentence
        By which name the sentence on it stands in ``sentences.yaml``.
    """

    kind: str
    answer: str
    words: str
    tables: str = ""
    value: float | None = None
    values: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""

    is_of_newest: ClassVar[bool] = True  # no other release is looked at


def days(period: Period) -> int:
    """Return the number of days in a period.

    Examples
    --------
    >>> days(Period.parse("2020-04..2020-06")), days(Period.parse("2019/20"))
    (91, 366)
    """
    first, after = period.first, period.last.shift(1)
    return (date(*after, 1) - date(*first, 1)).days


def spells(period: Period) -> dict[str, Fraction]:
    """Return how many days, weeks and months a period has."""
    return {"day": Fraction(days(period)), "week": Fraction(days(period), 7), "month": Fraction(period.months)}


def forms(claim: Claim, figures: Sequence[Figure], register: Register) -> Iterator[Form]:
    """Give what a claim states besides counts and changes, held against the tables."""
    roles: dict[str, Figure] = {figure.role: figure for figure in figures}
    current, base = roles.get("current"), roles.get("baseline")
    if current is None:
        return
    held = tables(current.area, claim.counted_as, register.releases)
    newest = next((table for table in held if current.covering and table.release == current.newest[0]), None)
    count = current.newest[1] if current.covering else None
    if claim.rate and claim.value is None:
        each, per = claim.rate.value, claim.rate.per
        given = None if count is None else count / float(spells(current.period)[per])
        yield _number("rate", each, given, count, current.reach, per=per)
    if claim.interval:
        every, unit = claim.interval.every, claim.interval.unit
        given = days(current.period) * _A_DAY[unit] / count if count else None
        yield _number("interval", every, given, count, current.reach, unit=unit)
    if claim.rate_per:
        yield _rate("rate_per", claim.rate_per, current.period, current.area, current.reach, newest)
    if claim.compared_rate_per and newest:
        national = replace(current.reach, national=True)
        yield _rate("compared_rate_per", claim.compared_rate_per, current.period, _RESIDING, national, newest)
    if claim.baseline_rate_per and base:
        yield _rate("baseline_rate_per", claim.baseline_rate_per, base.period, base.area, base.reach, newest)
    if claim.share_of:
        yield _share(claim.share_of, current, register)
    for kind, make in (("record", _record), ("rank", _rank), ("forces_rising", _rising)):
        if (stated := getattr(claim, kind)) and newest is not None and current.area is not None:
            yield make(stated, claim, current, base, newest, current.area)
        elif stated:
            yield Form(kind, "outside", kind)


def _number(
    kind: str, stated: Amount, held: float | None, count: float | None, reach: Reach, mark: str = "", **values: object
) -> Form:
    """Return a number that rests on a count, held against the tables' own."""
    if held is None or count is None:
        return Form(kind, "outside", stated.words(mark), values=values)
    # A digit more than was stated, so that a difference can be seen.
    decimals = 0 if held >= 1000 else 1 if held >= 10 else 2
    answer = reach.standing(stated, held, counted=count)
    return Form(kind, answer, stated.words(mark), f"{number(held, decimals)}{mark}", held, values)


def _rate(kind: str, stated: RatePer, period: Period, area: Area | None, reach: Reach, newest: Table | None) -> Form:
    """Return a rate of residents or of a base of one's own; over other spans than a year both the rate of them and that a year."""
    values: dict[str, Any] = {"per": number(stated.per), "of": stated.of, "place": area.name if area else ""}
    residing = replace(area, forces=tuple(force for force in area.forces if force.code)) if area else None
    count = newest.value(residing, period) if newest and residing and residing.forces else None
    base: float | None = stated.base
    if base is None and residing and residing.forces:
        residents = population.residents_for(residing, period, band=_BANDS[stated.of])
        base, values["of"] = (residents.people, residents.words) if residents else (None, stated.of)
    if base is None or count is None:
        return Form(kind, "outside" if count is None else "not-judged", stated.value.words(""), values=values)
    whole = count / base * stated.per
    ways = [_number(kind, stated.value, rate, count, reach, **values) for rate in (whole, whole * 12 / period.months)]
    return min(ways, key=lambda form: revision.log_distance(float(stated.value.number), form.value or 0))


def _share(stated: ShareOf, current: Figure, register: Register) -> Form:
    """Return what share of a whole that the tables hold the current figure is."""
    part, of, place = None, None, stated.of.place or current.place
    if current.covering:
        release, part = current.newest
        held = tables(place.area, stated.of.offence, register.releases) if place.area else ()
        of = next(
            (t.value(place.area, current.period) for t in held if place.area and t.release.id == release.id), None
        )
    share = 100 * part / of if of and part is not None else None
    values = {"what": stated.of.offence.noun, "place": place.name, "part": number(part), "whole": number(of)}
    return _number("share_of", stated.percent, share, part, current.reach, "%", **values)


def _record(record: Record, claim: Claim, current: Figure, _: Figure | None, newest: Table, area: Area) -> Form:
    """Return whether a figure is the highest or lowest of its length since a month, as far back as like is counted."""
    extreme, asked, value = record.extreme, record.since, current.newest[1]
    breaks = [effect.change.begins for effect in breaks_of(claim.counted_as, area, newest.release)]
    like = [month for month in breaks if month <= current.period.first]
    since = max([asked, newest.counted.first, *like])
    spans = (s for s in newest.spans(current.period.months) if since <= s.first and s.last < current.period.last)
    before = [(count, span.words) for span in spans if (count := newest.value(area, span)) is not None]
    if not before:
        return Form("record", "outside", extreme)
    sign = 1 if extreme == "highest" else -1
    other, when = max(before, key=lambda each: sign * each[0])
    is_beyond = sign * other > sign * value
    width = current.reach.of(min(value, other))
    answer = revision.standing(value, other, width, counts=current.reach.counts) if is_beyond else "agrees"
    reason = "record-broken" if like and since == max(like) else "record-shorter"
    values = {"since": since.words, "asked": asked.words, "value": number(value), "other": number(other), "when": when}
    values["beyond"] = "more" if extreme == "highest" else "fewer"
    sentence = "record-differs" if is_beyond else reason if since > asked else "record-agrees"
    return Form("record", answer, extreme, number(value), value, values, sentence)


def _rank(rank: Rank, claim: Claim, current: Figure, base: Figure | None, newest: Table, area: Area) -> Form:
    """Return a place among the forces that have a rate to be read, with the places that revision, and a usual year, leave open."""
    counts, then = newest.by_force(current.period), newest.by_force(base.period) if base else {}
    of: dict[str, float] = {}  # what each force's count is set against
    for force in (force for force in areas.FORCES if force.has_readable_rate and counts.get(force.name) is not None):
        residents = population.residents_for(Area.of(force), current.period, band="all")
        by = {"rate": residents.people if residents else None, "count": 1, "change": then.get(force.name)}[rank.by]
        if by and (rank.by != "change" or counts[force.name]):
            of[force.name] = by
    values = {name: counts[name] / by for name, by in of.items()}
    own = values.get(area.name)
    if not own:
        return Form("rank", "outside", str(rank.place))
    sign, width = 1 if rank.order == "highest" else -1, current.reach.of(counts[area.name])
    others = [value for name, value in values.items() if name != area.name]
    ahead = [value for value in others if sign * value > sign * own]
    near = [value for value in others if revision.log_distance(value, own) <= width]
    place, first = len(ahead) + 1, len([value for value in ahead if value not in near]) + 1
    last = first + len(near)
    answer = "agrees" if rank.place == place else "agrees-within-revision" if first <= rank.place <= last else "differs"
    more = {"of": number(len(values)), "order": rank.order, "by": rank.by, "revised": places(first, last)}
    more["usual"] = "not known"
    if noise := noise_of(claim.counted_as, newest.release, current.period.months // 3, tuple(of)):
        now, bases = (np.array([each[name] for name in of]) for each in (counts, of))
        both = (now + 0.5, bases + 0.5) if rank.by == "change" else (now + 0.5, now + 0.5)
        variances = noise.each(*both) / (1 if rank.by == "change" else 2)
        usual = statistics.rank_interval(sign * np.log((now + 0.5) / bases), variances)
        at = list(of).index(area.name)
        more["usual"] = places(float(usual.low[at]), float(usual.high[at]))
    return Form("rank", answer, str(rank.place), number(place), place, more)


def _rising(rising: Rising, _: Claim, current: Figure, base: Figure | None, newest: Table, area: Area) -> Form:
    """Return in how many forces the figure rose, and in how many it may have by figures before revision."""
    of, stated = rising.of, rising.count
    now, then = newest.by_force(current.period), newest.by_force(base.period) if base else {}
    every = of >= len(areas.FORCES) or area not in (NATIONAL, WITHOUT_RAILWAYS)
    members = [force.name for force in area.forces if force.code or every]
    both = [(now[name], then[name]) for name in members if name in now and name in then]
    if not both:
        return Form("forces_rising", "outside", f"{stated} of {of}")
    rose, reach = sum(a > b for a, b in both), Reach(current.reach.tier)
    unsure = [a > b for a, b in both if reach.holds(a, b)]
    least, most = rose - sum(unsure), rose + len(unsure) - sum(unsure)
    answer = "agrees" if stated == rose else "agrees-within-revision" if least <= stated <= most else "differs"
    values = {"least": least, "most": most}
    return Form("forces_rising", answer, f"{stated} of {of}", f"{rose} of {len(both)}", rose, values)
