"""One claim for what an article says in several places: totals and their parts, changes told apart, repetitions."""

from __future__ import annotations

from dataclasses import replace

from analysis.claims.amounts import Amount
from analysis.claims.drafts import certainty, changes
from analysis.claims.drafts.areas import is_outside
from analysis.claims.drafts.assembling import NO_AREA, Found, in_order
from analysis.claims.drafts.fields import Candidate, Count, Field
from analysis.claims.drafts.tagging import Tagged
from analysis.terms.forces import NAMES

_NEAR = 30  # a text repeats its beginning, the headline, and what it has just said
_TOLD = "told in another sentence; of this claim?"
_NATIONAL = {"England and Wales", "England", "Wales"}


def merge(found: list[Found], tagged: list[Tagged]) -> tuple[list[Candidate], tuple[str, ...]]:
    """Return the claims of an article, and notes of what was read and belongs to none.

    Parameters
    ----------
    found
        Candidates in the order of the text.
    tagged
        Its sentences, in which rates and the answers of forces may stand alone.
    """
    placed = _with_rates(found, tagged)
    claims = _with_changes(_with_comparisons(_with_parts([one.candidate for one in placed])))
    return _with_coverage(_without_repetitions(claims), tagged)


def _with_rates(found: list[Found], tagged: list[Tagged]) -> list[Found]:
    """Give a rate that stands in a sentence without counts to the last count before it."""
    done = list(found)
    counted = {one.place: i for i, one in enumerate(found) if _value(one.candidate) is not None}
    last = None
    for place, tags in enumerate(tagged):
        rates = tags.tags("R")
        if place in counted:
            last = counted[place]
        elif rates and last is not None and not done[last].candidate.rate:
            rate = _asked(tags.fields[rates[0].index])
            done[last] = replace(done[last], candidate=replace(done[last].candidate, rate=rate))
    return done


def _with_parts(claims: list[Candidate]) -> list[Candidate]:
    """Put counts that are the parts of a total under it, whether they stand before it or after."""
    done: list[Candidate] = []
    i = 0
    while i < len(claims):
        after, before = claims[i + 1 : i + 1 + len(NAMES)], done[: -len(NAMES) - 1 : -1]
        if size := _parts_of(claims[i], after):
            done.append(_total(claims[i], after[:size], claims[i].quote))
            i += size
        elif size := _parts_of(claims[i], before):
            rows = before[:size][::-1]
            done[-size:] = [_total(claims[i], rows, ())]
        else:
            done.append(claims[i])
        i += 1
    return done


def _parts_of(total: Candidate, rows: list[Candidate]) -> int:
    """Return how many of the rows are parts of a total: those that add up to it, or name every force of its area."""
    parts: dict[object, int] = {}
    for row in rows:
        value, area = _value(row), row.area.value
        if value is None or area not in NAMES or area in parts or row.baseline or row.change:
            return 0
        parts[area] = value
        if len(parts) > 1 and (sum(parts.values()) == _value(total) or _is_whole(total, parts)):
            return len(parts)
    return 0


def _is_whole(total: Candidate, parts: dict[object, int]) -> bool:
    """Say whether parts are of every force that a total is of, so that they should add up to it unless it is rough."""
    is_exact = total.current is not None and not _is_hedged(total.current)
    return is_exact and isinstance(total.area.value, list) and set(total.area.value) == set(parts)


def _total(total: Candidate, rows: list[Candidate], first: tuple[str, ...]) -> Candidate:
    parts = tuple((row.area.value, _value(row)) for row in rows)
    adds_up = sum(value for _, value in parts if value) == _value(total)
    quote = tuple(dict.fromkeys([*first, *(line for row in rows for line in row.quote), *total.quote]))
    area = Field([name for name in NAMES if name in dict(parts)], "" if adds_up else total.area.confirm)
    confirm = "" if adds_up else "they do not add up to the count; all its parts?"
    return replace(total, quote=quote, area=area, parts=Field(parts, confirm))


def _with_comparisons(claims: list[Candidate]) -> list[Candidate]:
    """Set two counts of one area against each other where the second comes with the change between them."""
    done: list[Candidate] = []
    for claim in claims:
        pair = _compared(done[-1], claim, claim) if done and _value(claim) is not None else None
        if pair:
            done[-1] = replace(pair, change=_asked(claim.change))
        else:
            done.append(claim)
    return done


def _with_changes(claims: list[Candidate]) -> list[Candidate]:
    """Give a change told in a sentence of its own to the comparison that it is told of, if there is one."""
    done: dict[int, Candidate] = dict(enumerate(claims))
    for i, change in enumerate(claims):
        if not changes.stated(change.change) or _value(change) is not None:
            continue
        near = sorted((j for j in range(i - _NEAR, i + _NEAR) if j in done and j != i), key=lambda j: abs(j - i))
        for j in near:
            pair = _compared(done[j], done[j + 1], change) if j + 1 in done else None
            if pair:
                done.pop(j + 1)
            elif not _is_told_of(done[j], change, is_beside=abs(j - i) == 1):
                continue
            done[j] = _given(pair or done[j], change, is_before=i < j)
            done.pop(i)
            break
    return list(done.values())


def _compared(first: Candidate, second: Candidate, change: Candidate) -> Candidate | None:
    """Return two counts of one area as a comparison, if a change is the one between them."""
    current, base = first.current, second.current
    if current is None or base is None or _base(first) is not None or _base(second) is not None:
        return None
    if first.area.value != second.area.value or current.period.value == base.period.value:
        return None
    joined = in_order(replace(first, quote=tuple(dict.fromkeys(first.quote + second.quote)), baseline=base))
    if not _is_told_of(joined, change, is_beside=False):
        return None
    return certainty.marked(joined, "set against each other?")


def _is_told_of(host: Candidate, change: Candidate, *, is_beside: bool) -> bool:
    """Say whether a change is that of a comparison: of its area, and what its counts come to, or beside it."""
    if _base(host) is None or change.area.value not in (None, host.area.value):
        return False
    if changes.fits(change.change, _value(host), _base(host)):
        return True
    return is_beside and change.area.value is not None and not changes.stated(host.change)


def _given(host: Candidate, other: Candidate, *, is_before: bool) -> Candidate:
    quote = other.quote + host.quote if is_before else host.quote + other.quote
    change = _asked(other.change) if _is_better(other, host) else host.change
    return replace(host, change=change, quote=tuple(dict.fromkeys(quote)))


def _is_better(other: Candidate, host: Candidate) -> bool:
    """Say whether a change told elsewhere is to stand: there is no own, or a rough one that was told elsewhere too."""
    told, own = changes.stated(other.change), changes.stated(host.change)
    is_rough = any(amount.bound for amount in own.values()) and not any(amount.bound for amount in told.values())
    return not own or (is_rough and all(field.confirm == _TOLD for field in host.change.values()))


def _asked(fields: dict[str, Field]) -> dict[str, Field]:
    return {name: replace(one, confirm=_TOLD) for name, one in fields.items()}


def _without_repetitions(claims: list[Candidate]) -> list[Candidate]:
    done: list[Candidate] = []
    for claim in claims:
        near = [*range(min(_NEAR, len(done))), *range(max(_NEAR, len(done) - _NEAR), len(done))]
        twin = next((i for i in near if _repeats(done[i], claim)), None)
        if twin is None:
            done.append(claim)
        else:
            done[twin] = _together(done[twin], claim)
    return done


def _repeats(one: Candidate, other: Candidate) -> bool:
    """Say whether two candidates are one claim: nothing that both state differs."""
    if one.share or other.share:
        return one.share == other.share
    if None not in (one.area.value, other.area.value) and one.area.value != other.area.value:
        return False
    if _value(one) is None or _value(other) is None:
        return _agree(changes.stated(one.change), changes.stated(other.change))
    bases = {c.baseline.value.value for c in (one, other) if c.baseline and c.baseline.value.value is not None}
    is_same = _value(one) == _value(other) or _is_told_roughly(one, other) or _is_told_roughly(other, one)
    return is_same and len(bases) < 2 and _may_be_one(one.current, other.current)


def _may_be_one(one: Count | None, other: Count | None) -> bool:
    """Say whether two counts can be of the same months: of two periods read, one is among the readings of the other."""
    if one is None or other is None or None in (one.period.value, other.period.value):
        return True
    if one.described_as or other.described_as:
        return True
    same = one.period.value == other.period.value
    return same or str(one.period.value) in other.period.confirm or str(other.period.value) in one.period.confirm


def _agree(one: dict[str, Amount], other: dict[str, Amount]) -> bool:
    """Say whether two stated changes are one: the same, or one of them a rounding of the other."""
    return (
        bool(one)
        and set(one) == set(other)
        and all(one[name].holds(other[name].number) or other[name].holds(one[name].number) for name in one)
    )


def _is_told_roughly(rough: Candidate, exact: Candidate) -> bool:
    """Say whether one count is the other told roughly, as a headline does: "more than 3,000" for 3,171."""
    if _is_rounding(rough.current, exact.current):
        return True
    hedged = [_is_hedged(claim.current) for claim in (rough, exact) if claim.current]
    whole, told = _value(exact), _value(rough)
    return hedged == [True, False] and whole is not None and told is not None and abs(told - whole) * 10 <= whole


def _is_rounding(rough: Count | None, exact: Count | None) -> bool:
    """Say whether one count is the other in thousands, told without an area: a headline's 34,000 for 33,983."""
    if rough is None or exact is None or rough.value.confirm != NO_AREA:
        return False
    told, whole = rough.value.value, exact.value.value
    if not isinstance(told, int) or not isinstance(whole, int):
        return False
    return told % 1000 == 0 and 0 < abs(told - whole) * 50 <= whole


def _is_hedged(count: Count) -> bool:
    return count.value.confirm.startswith("the text says")


def _together(one: Candidate, other: Candidate) -> Candidate:
    quote = tuple(dict.fromkeys(one.quote + other.quote))
    if _value(one) is None and _value(other) is not None:
        return replace(other, quote=quote)
    return replace(
        one,
        quote=quote,
        area=_surer(one.area, other.area),
        current=_count(one.current, other.current),
        baseline=one.baseline if _value(other) is None else _count(one.baseline, other.baseline),
        change=other.change if not changes.stated(one.change) and other.change else one.change,
        parts=one.parts or other.parts,
        rate=one.rate or other.rate,
        coverage=one.coverage or other.coverage,
    )


def _count(one: Count | None, other: Count | None) -> Count | None:
    if one is None or other is None:
        return one or other
    value = other.value if _is_hedged(one) or _is_rounding(one, other) else _surer(one.value, other.value)
    return Count(value, _surer(one.period, other.period), one.described_as or other.described_as)


def _surer(one: Field, other: Field) -> Field:
    """Return whichever is sure; of two that are not, the one with a value."""
    return min((one, other), key=lambda field: (field.value is None, not field.is_sure))


def _with_coverage(candidates: list[Candidate], tagged: list[Tagged]) -> tuple[list[Candidate], tuple[str, ...]]:
    """Give the answers of forces to national counts, in their order, or say in a note that there is none."""
    answers = [tags.fields[tag.index] for tags in tagged for tag in tags.tags("K")]
    answers = [one for i, one in enumerate(answers) if one not in answers[:i]]
    national = [i for i, one in enumerate(candidates) if _is_national(one)]
    national = national or [i for i, one in enumerate(candidates) if isinstance(one.area.value, list)]
    is_clear = len(national) == len(answers) == 1
    for i, coverage in zip(national, answers, strict=False):
        given = coverage if is_clear else _asked(coverage)
        candidates[i] = replace(candidates[i], coverage=given)
    left = answers[len(national) :]
    return candidates, tuple(f"{one['responded'].value} of {one['of'].value} forces answered" for one in left)


def _is_national(candidate: Candidate) -> bool:
    area = candidate.area.value
    return _value(candidate) is not None and isinstance(area, str) and (area in _NATIONAL or is_outside(area))


def _base(candidate: Candidate) -> int | None:
    value = candidate.baseline.value.value if candidate.baseline else None
    return value if isinstance(value, int) else None


def _value(candidate: Candidate) -> int | None:
    value = candidate.current.value.value if candidate.current else None
    return value if isinstance(value, int) else None
