"""How a stated change stands to the one that the tables give for the same area and months, both years of one release."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis.claims.amounts import Amount
from analysis.claims.figures import GRAVITY, Figure, Reach
from analysis.claims.models import Claim
from analysis.statistics import revision

_FOI_POINTS = 25  # by which the change of another collection may part from the tables' before it is a finding
_FOI_TURN = 5  # points that both exceed where they go in different directions


@dataclass(frozen=True)
class Held:
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


def held_to(claim: Claim, figures: Sequence[Figure], rates: Sequence[tuple[float, float]] = ()) -> Held:
    """Return how the stated change stands to the tables.

    Parameters
    ----------
    claim
        What was stated.
    figures
        Its figures in one reading.
    rates
        Pairs of rates, current and baseline, where rates are stated.
    """
    if claim.change is None and claim.difference is None:
        return Held("none")
    roles = {figure.role: figure for figure in figures}
    current, base = roles.get("current"), roles.get("baseline")
    if current is None or base is None or (claim.offence.part_of and claim.basis != "foi"):
        return Held("not-known")
    pairs = [*_pairs(current, base), *((*pair, min(current.newest[1], base.newest[1])) for pair in rates)]
    answers = [_gravest(claim, current.reach, *pair) for pair in pairs]
    found = [
        Held(answer, *pair[:2], place == 0)
        for place, (answer, pair) in enumerate(zip(answers, pairs, strict=True))
        if answer
    ]
    if not found:
        return Held("not-known")
    nearest = max(found, key=lambda each: GRAVITY.index(each.answer))  # the newest of those that stand alike
    return _of_another_collection(claim, nearest) if claim.basis == "foi" else nearest


def _pairs(current: Figure, base: Figure) -> Iterator[tuple[float, float, float]]:
    """Give the two counts, and the smaller of them, of each release and each other publication that holds both; the newest first."""
    then = dict(base.covering)
    yield from ((now, then[r], min(now, then[r])) for r, now in reversed(current.covering) if r in then)
    before = {each.published: each.offences for each in base.vintages}
    for each in reversed(current.vintages):
        if each.published in before:
            yield each.offences, before[each.published], min(each.offences, before[each.published])


def _gravest(claim: Claim, reach: Reach, now: float, then: float, least: float) -> str:
    """Return how all that is stated of a change stands to two counts, the gravest of it; empty where nothing can be said."""
    change, width = claim.change, reach.of(least)
    falls = change is not None and change.direction == "down"
    found = []
    if change is not None and change.percent is not None and then > 0:
        sign = -1 if falls else 1
        actual = 100 * (Fraction(now) / Fraction(then) - 1)
        found.append(
            _standing(
                change.percent,
                sign * actual,
                1 + sign * change.percent.number / 100,
                now,
                then,
                width,
                Fraction(1, 100),
            )
        )
    if change is not None and change.times is not None and then > 0:
        found.append(
            _standing(change.times, Fraction(now) / Fraction(then), change.times.number, now, then, width, Fraction(1))
        )
    if change is not None and change.direction and change.percent is None:
        found.append(_direction(change.direction, now, then, width, reach.counts))
    if claim.difference is not None and then > 0 and now == int(now):
        more = claim.difference.value.number * (-1 if claim.difference.direction == "down" else 1)
        agrees = claim.difference.value.agrees(Fraction(abs(now - then))) and (more > 0) == (now > then)
        found.append("agrees" if agrees else _by_ratio(1 + more / Fraction(then), now, then, width))
    return min(found, key=GRAVITY.index, default="")


def _standing(
    stated: Amount, actual: Fraction, ratio: Fraction, now: float, then: float, width: float, unit: Fraction
) -> str:
    """Return how a percentage or a multiple stands, with the room that its last digit leaves."""
    if stated.agrees(actual):
        return "agrees"
    room = float(stated.half_unit * unit / ratio) if ratio > 0 else 0.0
    return _by_ratio(ratio, now, then, width + room)


def _by_ratio(stated: Fraction, now: float, then: float, width: float) -> str:
    distance = revision.log_distance(float(stated), now / then)
    if distance <= width:
        return "agrees-within-revision"
    if (stated - 1) * (Fraction(now) - Fraction(then)) < 0:
        return "wrong-direction"
    return "far-off" if distance > revision.far(width) else "differs"


def _direction(direction: str, now: float, then: float, width: float, counts: int) -> str:
    if now != then and (now > then) == (direction == "up"):
        return "agrees"
    near = abs(now - then) <= counts or revision.log_distance(now, then) <= width
    return "agrees-within-revision" if near else "wrong-direction"


def _of_another_collection(claim: Claim, held: Held) -> Held:
    """Return what the tables can say of a change in another collection: that it is theirs, or that it is far from theirs."""
    stated, tables = stated_percent(claim), held.percent
    if stated is None or tables is None:
        is_whole = not claim.offence.part_of and held.answer == "agrees"
        return Held("agrees" if is_whole else "not-known", held.current, held.baseline, held.is_newest)
    if abs(stated) > _FOI_TURN < abs(tables) and (stated > 0) != (tables > 0):
        return Held("wrong-direction", held.current, held.baseline, held.is_newest)
    if abs(stated - tables) >= _FOI_POINTS:
        return Held("differs", held.current, held.baseline, held.is_newest)
    agrees = held.answer in {"agrees", "agrees-within-revision"} and not claim.offence.part_of
    return Held(held.answer if agrees else "not-known", held.current, held.baseline, held.is_newest)


def stated_percent(claim: Claim) -> float | None:
    """Return the stated change in per cent: as stated, or what the stated counts come to."""
    change, current, base = claim.change, claim.value, claim.base_value
    if change is not None and change.percent is not None:
        return float(change.percent.number) * (-1 if change.direction == "down" else 1)
    if change is not None and change.times is not None:
        return float(change.times.number - 1) * 100
    if current is None or base is None or base.number == 0:
        return None
    percent = float(100 * (current.number / base.number - 1))
    return percent if math.isfinite(percent) else None
