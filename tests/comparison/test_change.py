"""The change between two counts: what would have stood out."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from analysis import statistics
from analysis.comparison import (
    Count,
    change,
    compare,
    count,
    counts,
    load_register,
    may_become,
    noise_of,
)
from analysis.terms import areas, offences
from analysis.terms.periods import Period

NEWEST = "2026-04-23"


@pytest.mark.parametrize(
    ("area", "offence", "baseline", "more", "fewer"),
    [
        ("Kent", "88A", 284, 36.6, 28.9),
        ("Kent", "burglary", 5908, 15.6, 13.8),
        ("England and Wales", "burglary", 254_058, 3.8, 3.7),
    ],
)
def test_what_would_have_stood_out_is_a_share_of_the_baseline(
    area: str, offence: str, baseline: int, more: float, fewer: float
) -> None:
    shown = compare(area, offence=offence, release=NEWEST)
    assert shown.baseline is not None
    assert shown.change is not None
    assert shown.change.detectable is not None
    assert shown.baseline.offences == baseline
    found = (shown.change.detectable.more, shown.change.detectable.fewer)
    assert [100 * (each or 0) / baseline for each in found] == pytest.approx([more, fewer], abs=0.5)


def two(offence: str = "88A", now: str = "2024/25", then: str = "2023/24", area: str = "Kent") -> tuple[Count, Count]:
    release, found = load_register().release(NEWEST), offences.find(offence)
    current, baseline = (count(areas.find_area(area), found, release, Period.parse(each)) for each in (now, then))
    return current, baseline


def test_one_offence_less_than_what_stands_out_does_not() -> None:
    current, baseline = two()
    found = change.detectable(current, baseline)
    assert found is not None
    assert found.fewer is not None
    total = baseline.offences or 0
    for number, is_read in (
        (found.more, True),
        (found.more - 1, False),
        (-found.fewer, True),
        (1 - found.fewer, False),
    ):
        ratio = change.ratio_of(replace(current, offences=total + number), baseline)
        assert (ratio.low_wide <= 1 <= ratio.high_wide) is not is_read


def test_no_fall_to_under_fifty_is_read() -> None:
    current, baseline = two()
    falls = {total: change.detectable(current, replace(baseline, offences=total)).fewer for total in range(60, 100)}
    least = min(total for total, fewer in falls.items() if fewer is not None)
    assert least - falls[least] == 50
    assert {falls[total] for total in falls if total < least} == {None}


def test_nothing_is_detectable_where_no_interval_is_given() -> None:
    shown = compare("Kent", baseline="2015/16", period="2024/25", release=NEWEST)
    assert shown.change is not None
    assert (shown.change.difference, shown.change.reading, shown.change.detectable) == (269, None, None)


# How common a change is


@pytest.mark.parametrize(
    ("asked", "seen", "is_said"),
    [
        ({}, 100, True),
        ({}, 99, False),
        ({"area": "England and Wales"}, 16, True),
        ({"area": "England and Wales"}, 15, False),
        ({"now": "2024-01..2025-03", "then": "2023-01..2024-03"}, 100, False),  # longer than a year
        ({"now": "2024/25 Q2", "then": "2024/25 Q1"}, 100, False),  # no whole years apart
        ({"now": "2024/25 Q2", "then": "2023/24 Q1"}, 100, False),
        ({"now": "2024/25", "then": "2024/25"}, 100, False),
    ],
)
def test_how_common_a_change_is_needs_enough_of_such(
    asked: dict[str, str], seen: int, is_said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change, "past", lambda *_: (np.full(seen, 0.0), np.full(seen, 1.0)))
    assert (change.common(*two("burglary", **asked)) is not None) is is_said


@pytest.mark.parametrize(("area", "of"), [("Kent", "forces"), ("Kent+Essex", "years")])
def test_of_two_forces_together_their_own_years_are_looked_at(area: str, of: str) -> None:
    found = change.common(*two("burglary", area=area))
    assert found is not None
    assert found.of == of


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(("offences", "is_said"), [(1, True), (0, False), (None, False)])
def test_of_no_offences_nothing_is_common(place: int, offences: int | None, is_said: bool) -> None:
    pair = list(two("burglary"))
    pair[place] = replace(pair[place], offences=offences)
    assert (change.common(*pair) is not None) is is_said
    assert (change.Pair(*pair).change is None) is (offences is None)
    assert (change.ratio_of(*pair) == change.Ratio()) is (offences is None)


def test_without_the_usual_variation_nothing_is_common_detectable_or_foreseen(monkeypatch: pytest.MonkeyPatch) -> None:
    current, baseline = two("burglary")
    assert change.detectable(current, replace(baseline, offences=None)) is None
    monkeypatch.setattr(change, "noise_of", lambda *_: None)
    monkeypatch.setattr(counts, "noise_of", lambda *_: None)
    assert change.common(current, baseline) is None
    assert change.detectable(current, baseline) is None
    assert counts.next_year(current) is None


def test_ranges_that_held_less_often_are_told_of_forces_alone() -> None:
    assert compare("Kent", offence="105A", release=NEWEST).change.poor_years
    assert compare("South East", offence="105A", release=NEWEST).change.poor_years == {}


def test_nothing_is_foreseen_of_a_partnership() -> None:
    leeds = compare("Leeds", offence="burglary").current
    assert leeds.is_provisional
    assert (may_become(leeds), counts.next_year(leeds)) == (None, None)


def test_the_hundred_nearest_in_size_say_how_many_were_kept() -> None:
    sizes, kept = np.repeat([1.0, 10.0], 100), np.repeat([1.0, 0.0], 100)
    most, least = 105 / 110, 5 / 110  # with ten beside them, half of them kept
    assert [change.kept_of(size, sizes, kept) for size in (0.0, 3.0, 3.3)] == pytest.approx([most, most, least])
    assert change.kept_of(1.0, sizes[:100], kept[:100]) == pytest.approx(most)
    assert change.kept_of(1.0, sizes[:99], kept[:99]) is None
    assert change.kept_of(1.0, sizes, np.where(np.arange(200) < 101, np.nan, kept)) is None


def test_how_common_a_change_is_leaves_out_the_event_that_its_reading_leaves_out() -> None:
    shown = compare("Greater Manchester", offence="homicide", period="2017/18", baseline="2016/17", release=NEWEST)
    assert shown.change is not None
    assert [counted.offences for counted in shown.counts] == [81, 54]
    [attack] = shown.counted_events
    without = [change.less(counted, (attack,)) for counted in shown.counts]
    assert [counted.offences for counted in without] == [81 - (attack.number or 0), 54]
    assert shown.change.common == change.common(*without)
    assert shown.change.detectable == change.detectable(*without)
    assert change.common(*without) != change.common(*shown.counts)


# What later releases may make of it


@pytest.mark.parametrize(
    ("area", "offence", "low", "high"),
    [("Kent", "burglary", -0.02, 0.02), ("Kent", "88A", -0.131, 0.131), ("England and Wales", "88A", -0.0468, 0.0468)],
)
def test_a_provisional_count_may_become_what_revision_reaches_about_it(
    area: str, offence: str, low: float, high: float
) -> None:
    current = compare(area, offence=offence, release=NEWEST).current
    found = may_become(current)
    assert found is not None
    assert current.offences is not None
    assert math.log(found.low / current.offences) == pytest.approx(low, abs=0.004)
    assert math.log(found.high / current.offences) == pytest.approx(high, abs=0.004)


@pytest.mark.parametrize(("offences", "is_said"), [(1, True), (0, False), (None, False)])
def test_of_no_offences_nothing_becomes(offences: int | None, is_said: bool) -> None:
    current = replace(compare("Kent", release=NEWEST).current, offences=offences)
    assert (may_become(current) is not None) is is_said


def test_a_count_of_forces_that_recorded_nothing_is_not_shared_among_them() -> None:
    current, baseline = two(area="BTP", now="2013/14 Q1", then="2012/13 Q1")
    counts = [replace(each, offences=100) for each in (current, baseline)]
    assert 0 in {current.offences, baseline.offences}
    assert change.ratio_of(*counts).value == 1


@pytest.mark.parametrize("place", [0, 1])
def test_of_nothing_there_is_no_wide_interval(place: int) -> None:
    counts = list(two())
    counts[place] = replace(counts[place], offences=0)
    assert change.ratio_of(*counts).high_wide is None


def test_the_range_of_unequal_periods_has_the_noise_of_the_shorter() -> None:
    current, baseline = two(now="2024/25", then="2023/24 Q4")
    found = change.ratio_of(current, baseline)
    noise = noise_of(current.offence, current.release, 1, current.area)
    assert noise is not None
    counts = [np.array([float(each.offences or 0)]) for each in (current, baseline)]
    exact = statistics.rate_ratio(current.offences or 0, 12, baseline.offences or 0, 3)
    variance = noise.change(*counts, current.period.years_from(baseline.period))
    assert (found.low_wide, found.high_wide) == pytest.approx(
        statistics.widened(exact.value, variance, exact.low, exact.high)
    )


def test_a_firm_count_is_not_said_to_become_anything() -> None:
    assert may_become(compare("Kent", period="2022/23", release=NEWEST).current) is None


def test_what_became_of_provisional_figures_lay_in_the_range_that_their_release_would_have_given() -> None:
    earlier, later = (load_register().release(name) for name in ("2023-10-19", NEWEST))
    period = Period.parse("2022-07..2023-06")
    held = []
    for name in ("88A", "burglary", "robbery", "46", "rape", "vehicle-offences"):
        for force in areas.FORCES:
            area = areas.Area.of(force)
            then, now = (count(area, offences.find(name), release, period) for release in (earlier, later))
            found = may_become(then)
            if found is not None and then.offences is not None and then.offences >= 20 and now.offences is not None:
                held.append(found.low <= now.offences <= found.high)
    assert len(held) > 200
    assert np.mean(held) >= 0.93
