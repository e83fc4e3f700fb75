"""One claim for what an article says twice: headlines, lists of parts, and changes told apart from their counts."""

from __future__ import annotations

import re
from dataclasses import replace

from analysis.drafts import shapes
from analysis.drafts.areas import is_outside
from analysis.drafts.assembling import add_parts
from analysis.drafts.fields import Candidate, Count, Field
from analysis.drafts.tagging import Tagged

_ROW = re.compile(r"\W*<A\d+>[^<]{0,25}<N\d+>[^<]{0,25}")
_NATIONAL = {"England and Wales", "England"}


def merge(found: list[tuple[Candidate, Tagged]]) -> list[Candidate]:
    """Return the candidates with lists put under their totals and repetitions put together."""
    return _without_repetitions(_with_changes(_with_rows(found)))


def with_coverage(candidates: list[Candidate], tagged: list[Tagged]) -> tuple[list[Candidate], tuple[str, ...]]:
    """Give the answers of forces to the first national count, or say in a note that there is none."""
    answers = [tags.fields[int(i)] for tags in tagged for i in re.findall(r"<K(\d+)>", tags.text)]
    if not answers:
        return candidates, ()
    coverage = answers[0]
    for i, candidate in enumerate(candidates):
        if _is_national(candidate):
            marked = {name: replace(field, confirm="of this claim?") for name, field in coverage.items()}
            several = sum(_is_national(other) for other in candidates) > 1
            candidates[i] = replace(candidate, coverage=marked if several else coverage)
            return candidates, ()
    return candidates, (f"{coverage['responded'].value} of {coverage['of'].value} forces answered",)


def with_rates(found: list[tuple[Candidate, Tagged]], tagged: list[Tagged]) -> list[tuple[Candidate, Tagged]]:
    """Give a rate that stands in a sentence without counts to the claim before it."""
    done = list(found)
    for place, tags in enumerate(tagged):
        rate = re.search(r"<R(\d+)>", tags.text)
        if rate is None or any(own is tags for _, own in found):
            continue
        before = [i for i, (_, own) in enumerate(done) if _index(tagged, own) < place and done[i][0].current]
        if before and not done[before[-1]][0].rate:
            i = before[-1]
            fields = {n: replace(f, confirm="of this claim?") for n, f in tags.fields[int(rate[1])].items()}
            done[i] = (replace(done[i][0], rate=fields), done[i][1])
    return done


def _index(tagged: list[Tagged], own: Tagged) -> int:
    return next(i for i, tags in enumerate(tagged) if tags is own)


def _is_national(candidate: Candidate) -> bool:
    area = candidate.area.value
    return candidate.current is not None and (
        (isinstance(area, str) and area in _NATIONAL) or is_outside(candidate.area.value)
    )


def _with_rows(found: list[tuple[Candidate, Tagged]]) -> list[Candidate]:
    """Put rows of a list, each an area and its count, under the claim before them where they add up to it."""
    done: list[Candidate] = []
    i = 0
    while i < len(found):
        total, rows = found[i][0], []
        for candidate, tags in found[i + 1 :]:
            if (
                not (_ROW.fullmatch(tags.text) or len(shapes.parts(tags)[0]) > 1)
                or candidate.baseline
                or candidate.current is None
            ):
                break
            rows.append(candidate)
        counted = [(row.area.value, row.current.value.value) for row in rows if row.current]
        if len(rows) > 1 and total.current and total.parts is None and _sum(counted) == total.current.value.value:
            quote = tuple(dict.fromkeys(total.quote + tuple(line for row in rows for line in row.quote)))
            done.append(replace(add_parts(total, list(counted)), quote=quote))
            i += 1 + len(rows)
        else:
            done.append(total)
            i += 1
    return done


def _sum(counted: list[tuple[object, object]]) -> int:
    return sum(value for _, value in counted if isinstance(value, int))


def _with_changes(candidates: list[Candidate]) -> list[Candidate]:
    """Give a change told in a sentence of its own to the comparison beside it, of the same area."""
    done = list(candidates)
    for change_only in candidates:
        if change_only.current is not None and change_only.current.value.value is not None:
            continue
        if not change_only.change:
            continue
        place = _place(done, change_only)
        for i in (place + 1, place - 1):
            if 0 <= i < len(done) and _takes(done[i], change_only):
                host = done[i]
                stated = {
                    name: replace(field, confirm=field.confirm or "told in another sentence; of this claim?")
                    for name, field in change_only.change.items()
                }
                quote = (change_only.quote + host.quote) if i > place else (host.quote + change_only.quote)
                done[i] = replace(host, change=stated, quote=quote)
                done.pop(place)
                break
    return done


def _place(candidates: list[Candidate], one: Candidate) -> int:
    return next(i for i, candidate in enumerate(candidates) if candidate is one)


def _takes(host: Candidate, other: Candidate) -> bool:
    return (
        host.current is not None
        and host.current.value.value is not None
        and host.baseline is not None
        and host.baseline.value.value is not None
        and not {"percent", "times"} & set(host.change)
        and host.area.value == other.area.value
    )


def _without_repetitions(candidates: list[Candidate]) -> list[Candidate]:
    done: list[Candidate] = []
    for candidate in candidates:
        twin = next((i for i, other in enumerate(done) if _repeats(other, candidate)), None)
        if twin is None:
            done.append(candidate)
        else:
            done[twin] = _together(done[twin], candidate)
    return done


def _repeats(one: Candidate, other: Candidate) -> bool:
    if one.share or other.share:
        return one.share == other.share
    if one.current is None or other.current is None or one.current.value.value is None:
        return _same_change(one, other)
    if other.current.value.value is None:
        return False
    values = [c.baseline.value.value for c in (one, other) if c.baseline and c.baseline.value.value is not None]
    periods = {c.current.period.value for c in (one, other) if c.current and c.current.period.is_sure}
    return (
        (one.current.value.value == other.current.value.value or _rounds(one.current.value, other.current.value))
        and len(set(values)) < 2
        and len(periods) < 2
        and (one.area.value == other.area.value or None in (one.area.value, other.area.value))
    )


def _rounds(one: Field, other: Field) -> bool:
    """Say whether one count is the other told roughly, as a headline does: "more than 3,000" for 3,171."""
    rough, exact = (one, other) if other.is_sure else (other, one)
    if rough.is_sure or not exact.is_sure or not isinstance(rough.value, int) or not isinstance(exact.value, int):
        return False
    return abs(rough.value - exact.value) * 10 <= exact.value


def _same_change(one: Candidate, other: Candidate) -> bool:
    """Say whether a change without counts is told again, with counts or without."""
    if not one.change or one.area.value != other.area.value:
        return False
    return {n: f.value for n, f in one.change.items()} == {n: f.value for n, f in other.change.items()}


def _together(one: Candidate, other: Candidate) -> Candidate:
    return replace(
        one,
        quote=tuple(dict.fromkeys(one.quote + other.quote)),
        area=_surer(one.area, other.area),
        current=_count(one.current, other.current),
        baseline=_count(one.baseline, other.baseline),
        change=_richer(one.change, other.change),
        parts=one.parts or other.parts,
        rate=one.rate or other.rate,
        coverage=one.coverage or other.coverage,
    )


def _count(one: Count | None, other: Count | None) -> Count | None:
    if one is None or other is None:
        return one or other
    return Count(
        _surer(one.value, other.value), _surer(one.period, other.period), one.described_as or other.described_as
    )


def _surer(one: Field, other: Field) -> Field:
    """Return whichever is sure; of two that are not, the one with a value."""
    ranked = sorted((one, other), key=lambda field: (field.value is None, not field.is_sure))
    return ranked[0]


def _richer(one: dict[str, Field], other: dict[str, Field]) -> dict[str, Field]:
    return other if set(one) <= {"direction"} and other else one
