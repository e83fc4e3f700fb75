"""What holds of any two counts, by the figures and the register that the project ships."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.comparison import Change, Pair, count, judge
from analysis.figures.register import load_register
from analysis.terms import areas, offences
from analysis.terms.breaks import Break, register
from analysis.terms.findings import WEIGHTS
from analysis.terms.periods import Month, Period

NEWEST = "2026-04-23"
AREAS = ("Kent", "City of London", "British Transport Police", "Greater Manchester", "Wales", "England and Wales")
OFFENCES = ("88A", "sexual-offences", "8L", "28E", "stalking-and-harassment", "burglary", "49", "72", "34A")
ORDER = list(WEIGHTS.values())[::-1]  # from yes to no


@st.composite
def periods(draw: st.DrawFn) -> tuple[Period, Period]:
    """Return two periods that share no month, often years apart and of one length, in either order."""
    first, start = draw(st.integers(1, 6)), draw(st.integers(0, 40))
    gap = draw(st.one_of(st.sampled_from([-first % 4, 4 - first % 4]), st.integers(0, 6)))
    second = draw(st.one_of(st.just(first), st.integers(1, 3)))
    both = [_quarters(start, first), _quarters(min(start + first + gap, 55 - second), second)]
    return (both[0], both[1]) if draw(st.booleans()) else (both[1], both[0])


def _quarters(start: int, number: int) -> Period:
    first = Month(2012, 4).shift(3 * start)
    return Period(first, first.shift(3 * number - 1))


days = st.dates(date(2012, 5, 1), date(2025, 12, 31))
names = st.lists(st.sampled_from([*OFFENCES, "all"]), min_size=1, max_size=2, unique=True)


@st.composite
def entries(draw: st.DrawFn) -> Break:
    """Return an entry of a register as somebody may add it."""
    day, last = sorted(draw(st.tuples(days, days)))
    fields: dict[str, object] = {draw(st.sampled_from(["breaks", "cautions"])): draw(names)}
    if "cautions" in fields:
        fields |= {"kind": draw(st.sampled_from(["recording", "supply", "event"])), "until": str(last)}
    elif draw(st.booleans()):
        fields["launch"] = str(Period(Month(day.year, day.month), Month(last.year, last.month)))
    fields["forces"] = draw(st.sampled_from([[], [], ["Kent"]]))
    return made.entry(str(day), **fields)


def judged(
    area: str, offence: str, both: tuple[Period, Period], numbers: tuple[int | None, int | None] = (None, None)
) -> Pair:
    release = load_register().release(NEWEST)
    counts = [count(areas.find_area(area), offences.find(offence), release, months) for months in both]
    return judge(*(each if n is None else replace(each, offences=n) for each, n in zip(counts, numbers, strict=True)))


any_pair = {"area": st.sampled_from(AREAS), "offence": st.sampled_from(OFFENCES), "both": periods()}
any_number = st.one_of(st.none(), st.integers(-5, 60), st.integers(0, 10_000))


@settings(max_examples=40)
@given(**any_pair, numbers=st.tuples(any_number, any_number))
def test_any_two_counts_have_an_answer_and_a_change_where_they_may_be_compared_only(
    area: str, offence: str, both: tuple[Period, Period], numbers: tuple[int | None, int | None]
) -> None:
    pair = judged(area, offence, both, numbers)
    assert pair.answer in ORDER
    assert pair.answer == next((WEIGHTS[w] for w in WEIGHTS if w in {c.weight for c in pair.caveats}), "yes")
    assert (pair.change is None) == (None in {each.offences for each in pair.counts})
    assert pair.like_for_like == {"yes": True, "with-care": True, "no": False, "not-known": None}[pair.answer]
    assert pair.baseline is not None
    if pair.change is not None:
        assert pair.change.difference == pair.current.offences - pair.baseline.offences
        if not pair.like_for_like:
            assert pair.change == Change(pair.change.difference)
        small = pair.current.is_small or pair.baseline.is_small
        assert not (
            small and any(each is not None for each in (pair.change.percent, pair.change.low, pair.change.high))
        )
        assert pair.change.reading in {"more", "fewer", "within-usual", None}
    json.dumps([pair.ratio.__dict__, *(caveat.to_dict() for caveat in pair.caveats)], allow_nan=False)
    assert all(caveat.text[0].isupper() and caveat.text.endswith((".", ".)")) for caveat in pair.caveats)


@settings(max_examples=25)
@given(**any_pair)
def test_which_of_two_counts_comes_first_does_not_change_the_answer(
    area: str, offence: str, both: tuple[Period, Period]
) -> None:
    forth, back = judged(area, offence, both), judged(area, offence, both[::-1])
    assert forth.answer == back.answer
    assert forth.breaks == back.breaks
    assert [caveat.code for caveat in forth.caveats] == [caveat.code for caveat in back.caveats]


def test_a_stricter_register_never_gives_a_milder_answer() -> None:
    held = register().entries

    @settings(max_examples=25)
    @given(**any_pair, more=st.lists(entries(), min_size=1, max_size=2, unique_by=lambda entry: entry.id))
    def holds(area: str, offence: str, both: tuple[Period, Period], more: list[Break]) -> None:
        mild = judged(area, offence, both)
        with pytest.MonkeyPatch.context() as stricter:
            made.know(stricter, *held, *more)
            strict = judged(area, offence, both)
        assert mild.answer is not None
        assert strict.answer is not None
        assert ORDER.index(strict.answer) >= ORDER.index(mild.answer)
        assert mild.reasons <= strict.reasons or "mixed-quarter" in strict.reasons

    with pytest.MonkeyPatch.context() as mild:
        made.know(mild, *held)
        holds()
