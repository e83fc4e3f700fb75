"""What is stated besides counts, beside what the tables give: changes, rates, intervals, shares, records and places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

from analysis import statistics
from analysis.claims.figures import CONFIRMED, GRAVITY, NATIONAL, WITHOUT_RAILWAYS, Figure, stands
from analysis.claims.models import Amount, Claim, Interval, Rank, Rate, RatePer, Record, Rising, ShareOf
from analysis.comparison import noise_of
from analysis.comparison.counts import breaks_of
from analysis.figures import population
from analysis.statistics.revision import WITHIN, Reach, log_distance
from analysis.terms import areas
from analysis.terms.numbers import number, places
from analysis.terms.periods import Period

_FOI_POINTS = 25  # by which the change of another collection may part from the tables' before it is a finding
_FOI_TURN = 5  # points that both exceed where they go in different directions
_BANDS = {"residents": "all", "households": "households"}
_A_DAY: dict[str, Fraction | int]
_A_DAY = {"week": Fraction(1, 7), "day": 1, "days": 1, "hours": 24, "minutes": 1440, "seconds": 86_400}

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
        Whether they are the newest release's, as rates and shares are.
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


def change(claim: Claim, figures: Sequence[Figure], made: Sequence[Form]) -> ChangeFound:
    """Return how the stated change stands to the tables, both years of one publication.

    Parameters
    ----------
    claim
        What was stated.
    figures
        Its figures in one reading.
    made
        What else it states: rates of the two periods are set beside each other as counts are.
    """
    if claim.change is None and claim.difference is None:
        return ChangeFound("none")
    roles = {figure.role: figure for figure in figures}
    current, base = roles.get("current"), roles.get("baseline")
    if claim.kind == "forecast" or current is None or base is None or (claim.offence.part_of and not claim.is_foi):
        return ChangeFound("not-known")
    before, pairs = dict(base.given), list[tuple[float, float, float | None]]()
    # Two numbers, with the count that they rest on where they are rates or shares; the newest first.
    pairs += [(now, before[release], None) for release, now in reversed(current.given) if release in before]
    held = {form.kind: form.value for form in made}
    of_two = [held.get("rate_per"), held.get("baseline_rate_per")]
    if claim.change and claim.change.points:
        whole = claim.share_of
        pairs, of_two = [], [_share("", whole, claim, each, base).value if whole else None for each in (current, base)]
    if of_two[0] is not None and of_two[1]:
        pairs.append((of_two[0], of_two[1], min(current.given[-1][1], base.given[-1][1])))
    found = (
        ChangeFound(min(answers, key=GRAVITY.index), *pair[:2], place == 0 or pair[2] is not None)
        for place, pair in enumerate(pairs)
        if (answers := list(_standings(claim, current.reach, *pair)))
    )
    # The newest of those that stand alike.
    nearest = max(found, key=lambda each: GRAVITY.index(each.answer), default=ChangeFound("not-known"))
    return replace(nearest, answer=_put(claim, nearest))


def _standings(claim: Claim, reach: Reach, now: float, then: float, counted: float | None) -> Iterator[str]:
    """Give how each thing that is stated of a change stands to two numbers."""
    change, least = claim.change, min(now, then) if counted is None else counted
    for is_so, ratio, room in _ratios(claim, now, then) if then > 0 else ():
        answer = "agrees" if is_so else reach.standing(float(ratio), now / then, counted=least, room=room)
        is_turned = answer in {"differs", "far-off"} and (ratio - 1) * (Fraction(now) - Fraction(then)) < 0
        yield "wrong-direction" if is_turned else answer
    if change and change.direction and change.percent is None:
        is_so = now != then and (now > then) == (change.direction == "up")
        is_near = reach.standing(max(now, then), min(now, then), counted=counted) == WITHIN
        yield "agrees" if is_so is not _denies_a_way(claim) else WITHIN if is_near else "wrong-direction"


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


def _put(claim: Claim, found: ChangeFound) -> str:
    """Return the answer on a change as it was put: of another collection only what is far from the tables, of a denial the opposite."""
    answer, stated, held = found.answer, stated_percent(claim), found.percent
    if claim.is_foi:
        is_known = stated is not None and held is not None
        is_right = answer in CONFIRMED if is_known else answer == "agrees"
        answer = answer if is_right and not claim.offence.part_of else "not-known"
        if stated is not None and held is not None:
            if abs(stated) > _FOI_TURN < abs(held) and (stated > 0) != (held > 0):
                answer = "wrong-direction"
            elif abs(stated - held) >= _FOI_POINTS:
                answer = "differs"
    turned = {"agrees": "wrong-direction", "wrong-direction": "agrees", "far-off": "agrees"}
    return turned.get(answer, "not-known") if claim.kind == "denied" and not _denies_a_way(claim) else answer


def _denies_a_way(claim: Claim) -> bool:
    """Say whether nothing is denied but that there was a rise, or a fall: the denial holds where the number stayed the same too."""
    change = claim.change
    is_more = change is None or change.percent or change.times or change.points or claim.difference
    return claim.kind == "denied" and not is_more


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


def spells(period: Period, unit: str) -> Fraction:
    """Return how many days, weeks, months or shorter spells a period has.

    Examples
    --------
    >>> [str(spells(Period.parse("2019/20"), unit)) for unit in ("month", "week", "hours")]
    ['12', '366/7', '8784']
    """
    return Fraction(period.months if unit == "month" else period.days * _A_DAY[unit])


def forms(claim: Claim, figures: Sequence[Figure]) -> Iterator[Form]:
    """Give what a claim states besides counts and changes, held against the tables."""
    roles: dict[str, Figure] = {figure.role: figure for figure in figures}
    for kind, make in _MADE.items():
        stated = getattr(claim, kind)
        if stated and (kind != "rate" or claim.value is None):  # or it follows from the count, or does not
            yield make(kind, stated, claim, roles["current"], roles.get("baseline"))


def _number(
    kind: str,
    stated: Amount,
    held: float | None,
    count: float | None,
    reach: Reach,
    values: dict[str, Any],
    mark: str = "",
) -> Form:
    """Return a number that rests on a count, held against the tables' own."""
    if held is None or count is None:
        return Form(kind, "outside", stated.words(mark))
    # A digit more than was stated, so that a difference can be seen.
    decimals = 0 if held >= 1000 else 1 if held >= 10 else 2
    answer = stands(reach, stated, held, counted=count)
    return Form(kind, answer, stated.words(mark), f"{number(held, decimals)}{mark}", held, values)


def _spell(kind: str, stated: Rate | Interval, _: Claim, current: Figure, __: Figure | None) -> Form:
    """Return how many there are a day, week or month, or after how long there is one."""
    amount, unit = (stated.value, stated.per) if isinstance(stated, Rate) else (stated.every, stated.unit)
    count, spell, given = current.count, float(spells(current.period, unit)), None
    if count is not None:
        given = count / spell if kind == "rate" else spell / count if count else None
    return _number(kind, amount, given, count, current.reach, {"unit": unit})


def _rate_per(kind: str, stated: RatePer, _: Claim, current: Figure, base: Figure | None) -> Form:
    """Return a rate of residents or of a base of one's own; over other spans than a year both the rate of them and that a year."""
    figure, is_national = base if kind == "baseline_rate_per" else current, kind == "compared_rate_per"
    area = NATIONAL if is_national else figure.place.area if figure else None
    count, residing, values = None, area, dict[str, Any](per=stated.per, of=stated.of)
    if figure and area and current.table and any(force.code for force in area.forces):
        residing, values["place"] = replace(area, forces=tuple(each for each in area.forces if each.code)), area.name
        count = current.table.value(residing, figure.period)
    if figure is None or residing is None or count is None:
        return Form(kind, "outside", stated.value.stated)
    people: float | None = stated.base
    if people is None and (found := population.residents_for(residing, figure.period, band=_BANDS[stated.of])):
        people, values["of"] = found.people, found.words
    if people is None:
        return Form(kind, "not-judged", stated.value.stated, values=values)
    whole, reach = count / people * stated.per, replace(figure.reach, national=figure.reach.national or is_national)
    rates = (whole, whole * 12 / figure.period.months)
    ways = (_number(kind, stated.value, rate, count, reach, values) for rate in rates)
    return min(ways, key=lambda form: log_distance(float(stated.value.number), form.value or 0))


def _share(kind: str, stated: ShareOf, _: Claim, current: Figure, __: Figure | None) -> Form:
    """Return what share of a whole that the tables hold the current figure is."""
    place, part, table = stated.of.place or current.place, current.count, current.table
    of = table.of(stated.of.offence, place.area, current.period) if table else None
    share = 100 * part / of if of and part is not None else None
    values = {"what": stated.of.offence.noun, "place": place.name, "part": part, "whole": of}
    return _number(kind, stated.percent, share, part, current.reach, values, "%")


def _record(kind: str, record: Record, claim: Claim, current: Figure, _: Figure | None) -> Form:
    """Return whether a figure is the highest or lowest of its length since a month, as far back as like is counted."""
    area, table, period, before = current.place.area, current.table, current.period, []
    if area and table:
        breaks = [effect.change.begins for effect in breaks_of(claim.counted_as, area, table.release)]
        since = max(record.since, table.counted.first, *(month for month in breaks if month <= period.first))
        spans = (each for each in table.spans(period.months) if since <= each.first and each.last < period.last)
        before = [(count, span) for span in spans if (count := table.value(area, span)) is not None]
    if not before:
        return Form(kind, "outside", record.extreme)
    value, (sign, beyond) = current.given[-1][1], (1, "more") if record.extreme == "highest" else (-1, "fewer")
    other, when = max(before, key=lambda each: sign * each[0])
    is_beyond = sign * other > sign * value
    answer = current.reach.standing(max(value, other), min(value, other)) if is_beyond else "agrees"
    values = {"since": since, "asked": record.since, "value": value, "other": other, "when": when, "beyond": beyond}
    sentence = f"record-{'differs' if is_beyond else 'shorter' if since > record.since else 'agrees'}"
    return Form(kind, answer, record.extreme, number(value), value, values, sentence)


def _rank(kind: str, rank: Rank, claim: Claim, current: Figure, base: Figure | None) -> Form:
    """Return a place among the forces that have a rate to be read, with the places that revision, and a usual year, leave open."""
    name, table, period = current.place.name, current.table, current.period
    if table is None:
        return Form(kind, "outside", str(rank.place))
    now, of = table.by_force(period), np.ones(len(areas.NAMES))  # what each force's count is set against
    if rank.by == "rate":
        residents = (population.residents_for(areas.Area.of(force), period, band="all") for force in areas.FORCES)
        of = np.array([each.people if each else np.nan for each in residents])
    elif rank.by == "change":
        of = table.by_force(base.period) if base else np.full_like(of, np.nan)
    least = 1 if rank.by == "change" else 0
    is_read = np.array([not force.no_rate for force in areas.FORCES]) & (now >= least) & (of > 0)
    names, now, of = np.array(areas.NAMES)[is_read].tolist(), now[is_read], of[is_read]
    at = names.index(name) if name in names else -1
    if at < 0 or not now[at]:
        return Form(kind, "outside", str(rank.place))
    sign, values = 1 if rank.order == "highest" else -1, now / of
    ahead, apart = sign * values > sign * values[at], np.exp(current.reach.of(now[at]))
    near = (values <= values[at] * apart) & (values >= values[at] / apart)
    place, first = 1 + int(ahead.sum()), 1 + int((ahead & ~near).sum())
    last = first + int(near.sum()) - 1
    answer = "agrees" if rank.place == place else WITHIN if first <= rank.place <= last else "differs"
    more = {"of": len(names), "order": rank.order, "by": rank.by, "revised": places(first, last)}
    more["usual"] = "not known"
    if noise := noise_of(claim.counted_as, table.release, period.months // 3, tuple(names)):
        variances = noise.each(now + 0.5, of + 0.5) if rank.by == "change" else noise.each(now + 0.5, now + 0.5) / 2
        usual = statistics.rank_interval(sign * np.log((now + 0.5) / of), variances)
        more["usual"] = places(float(usual.low[at]), float(usual.high[at]))
    return Form(kind, answer, str(rank.place), number(place), place, more)


def _rising(kind: str, rising: Rising, _: Claim, current: Figure, base: Figure | None) -> Form:
    """Return in how many forces the figure rose, and in how many it may have by figures before revision."""
    area, of, reach, both = current.place.area, rising.of, Reach(current.reach.tier), list[tuple[float, float]]()
    if current.table and base and area:
        every = of >= len(areas.FORCES) or area not in (NATIONAL, WITHOUT_RAILWAYS)
        is_meant = np.array([force in area.forces and bool(force.code or every) for force in areas.FORCES])
        each = np.array([current.table.by_force(figure.period) for figure in (current, base)]).T[is_meant]
        both = each[~np.isnan(each).any(axis=1)].tolist()
    stated = f"{rising.count} of {of}"
    if not both:
        return Form(kind, "outside", stated)
    rose = sum(a > b for a, b in both)
    unsure = [a > b for a, b in both if reach.standing(max(a, b), min(a, b)) == WITHIN]
    least, most = rose - sum(unsure), rose + len(unsure) - sum(unsure)
    answer = "agrees" if rising.count == rose else WITHIN if least <= rising.count <= most else "differs"
    return Form(kind, answer, stated, f"{rose} of {len(both)}", rose, {"least": least, "most": most})


_MADE: dict[str, Callable[[str, Any, Claim, Figure, Figure | None], Form]] = {
    "rate": _spell, "interval": _spell, "rate_per": _rate_per, "compared_rate_per": _rate_per, "baseline_rate_per": _rate_per,
    "share_of": _share, "record": _record, "rank": _rank, "forces_rising": _rising,
}  # fmt: skip
