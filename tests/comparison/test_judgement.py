"""What may be said of two counts: each rule on both sides of its line, on made-up figures and a made-up register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import made
import pandas as pd
import pytest

from analysis.comparison import Change, Comparison, Pair, compare, count, judge
from analysis.figures.register import load_register
from analysis.terms import areas, breaks, offences
from analysis.terms.areas import NAMES
from analysis.terms.breaks import Departure, Inspection, Unexplained
from analysis.terms.findings import caveats
from analysis.terms.offences import Reviewed
from analysis.terms.periods import Month, Period

NEWEST, OLDER = "2026-04-23", "2023-10-19"
CODE = "8L"  # a single code, reviewed over all years, whose rates are of residents of all ages
LIKE = ("2020/21", "2019/20")  # two years that nothing made up here touches, unless a test says so
Even = Callable[..., None]


@pytest.fixture(autouse=True)
def even(monkeypatch: pytest.MonkeyPatch) -> Even:
    """Let every force record 100 of every offence a quarter in every release, and nothing be known to break it."""
    tables = {id_: table(100) for id_ in (OLDER, NEWEST)}
    made.give(monkeypatch, lambda _, release: tables[release.id].copy())
    made.know(monkeypatch)

    def change(quarter: str, force: str, number: int | None, *ids: str) -> None:
        for id_ in ids or (NEWEST, OLDER):
            tables[id_].loc[pd.Period(quarter, "Q-MAR"), force] = pd.NA if number is None else number
        made.keep_nothing(monkeypatch)

    return change


def table(number: int) -> pd.DataFrame:
    """Return a table in which every force recorded so many in each quarter."""
    quarters = Period.parse("2012-04..2025-12").quarters
    return pd.DataFrame(number, index=quarters, columns=list(NAMES), dtype="Int64")


def of(now: str, then: str | None = None, area: str = "Kent", offence: str = CODE) -> Comparison:
    return compare(area, period=now, baseline=then, offence=offence, release=NEWEST)


def codes(now: str, then: str | None = None, area: str = "Kent", offence: str = CODE) -> list[str]:
    return [caveat.code for caveat in of(now, then, area, offence).caveats]


def test_two_like_years_may_be_compared_and_carry_no_caveat() -> None:
    result = of(*LIKE)
    assert (result.answer, result.like_for_like, result.caveats, result.breaks) == ("yes", True, (), ())


def test_a_count_alone_has_no_answer() -> None:
    result = of("2018-04..2020-03")
    assert (result.answer, result.like_for_like, result.change, result.caveats) == (None, False, None, ())


# The two periods


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        ("2020/21", "2019/20 Q1..Q3", ["unequal-periods"]),
        ("2020/21 Q1", "2019/20", ["unequal-periods"]),
        ("2019-07..2020-06", "2018-07..2019-03", ["unequal-periods"]),  # which says it all
        ("2020/21 Q1..Q3", "2019/20 Q1..Q3", []),
        ("2020/21 Q1", "2019/20 Q2", ["different-quarters"]),
        ("2019-07..2020-06", "2017/18", []),  # each holds all four
    ],
)
def test_periods_are_of_one_length_and_hold_the_same_quarters(now: str, then: str, expected: list[str]) -> None:
    assert codes(now, then) == expected
    assert of(now, then).answer == ("no" if expected else "yes")


# Breaks


@pytest.mark.parametrize(
    ("day", "now", "then", "expected"),
    [
        ("2019-04-01", "2019/20", "2018/19", "definition-change"),  # on the boundary between
        ("2019-04-01", "2020/21", "2017/18", "definition-change"),  # between, touching neither
        ("2019-04-01", "2018-10..2019-09", "2017-10..2018-09", "definition-change"),  # on a quarter's boundary inside one
        ("2019-04-01", "2021/22", "2018-10..2019-09", "definition-change"),  # inside the baseline
        ("2019-04-01", "2018-04..2020-03", None, "definition-change"),  # inside a period alone
        ("2019-04-01", "2018/19", "2017/18", None),
        ("2019-04-01", "2020/21", "2019/20", None),  # from its first day on
        ("2019-04-01", "2019-04..2021-03", None, None),
        ("2019-04-02", "2019/20", "2018/19", "mixed-quarter"),
        ("2019-05-15", "2018-07..2019-06", "2017-07..2018-06", "mixed-quarter"),
        ("2019-06-30", "2020/21 Q1", "2019/20 Q1", "mixed-quarter"),
        ("2019-05-15", "2018-04..2020-03", None, "mixed-quarter"),
        ("2019-05-15", "2019-07..2020-06", "2018/19", "definition-change"),  # neither holds the quarter, it lies between
        ("2019-05-15", "2018/19", "2017/18", None),
        ("2019-05-15", "2020-07..2021-06", "2019-07..2020-06", None),
    ],
)  # fmt: skip
def test_nothing_may_be_compared_across_a_break(
    day: str, now: str, then: str | None, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.know(monkeypatch, made.entry(day, CODE))
    result = of(now, then)
    assert [caveat.code for caveat in result.caveats] == ([expected] if expected else [])
    assert result.answer == (None if then is None else "no" if expected else "yes")
    assert [change.id for change in result.breaks] == ([f"made-{day}"] if expected else [])
    assert codes(now, then, offence="34B") == []
    # The mark of a break stands beside what holds it, and beside the baseline where it lies between.
    assert ("b" in result.current.marks) == (result.current.definition == "two")
    if result.baseline is not None:
        assert ("b" in result.baseline.marks) == bool(expected)


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        (9, 9, "little"),
        (11, 11, "definition-change"),
        (12, 9, "definition-change"),
        (9, 11, "definition-change"),  # in both periods, or it is a break
        (10, 10, "definition-change"),
        (0, 0, "little"),
    ],
)
def test_a_member_breaks_its_union_where_it_is_a_hundredth_of_it(
    now: int, then: int, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, part = table(1000), table(then)
    part.loc[Period.parse("2020/21").quarters] = now
    made.stand_in(monkeypatch, whole, {"88A": part})
    made.know(monkeypatch, made.entry("2020-04-01", "88A", launch="2020-04..2021-03"))
    result = of(*LIKE, offence="sexual-offences")
    found = [caveat.form == "little" for caveat in result.caveats if caveat.code == "definition-change"]
    assert found == [expected == "little"]
    assert result.answer == ("yes" if expected == "little" else "no")
    if expected == "little":
        (caveat,) = result.caveats
        assert (caveat.weight, f"{max(now, then) / 10}% of these offences at most" in caveat.text) == ("note", True)
        assert result.breaks == ()
    made.know(monkeypatch, made.entry("2020-04-01", "88A", whole=["sexual-offences"]))
    assert codes(*LIKE, offence="sexual-offences") == []


def test_a_member_breaks_its_union_in_the_one_force_that_an_entry_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    made.stand_in(monkeypatch, table(1000), {"88A": table(11)})
    made.know(monkeypatch, made.entry("2020-04-01", "88A", forces=["Kent"]))
    assert [of(*LIKE, area, "sexual-offences").answer for area in ("Kent", "South East")] == ["no", "yes"]


@pytest.mark.parametrize(
    ("area", "fires"),
    [("Kent", True), ("Essex", False), ("Kent+Essex", True), ("South East", True), ("Wales", False)],
)
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"breaks": [CODE]}, "definition-change"),
        ({"cautions": [CODE]}, "recording-change"),
        ({"cautions": ["all"], "kind": "supply"}, "late-supply"),
        ({"cautions": ["sexual-offences", CODE], "kind": "event"}, "event"),
    ],
)
def test_an_entry_for_a_force_holds_for_every_area_with_it(
    area: str, fires: bool, fields: dict[str, object], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.know(monkeypatch, made.entry("2020-04-01", forces=["Kent"], **fields))
    in_part = area == "South East" and code == "definition-change"  # a fifth of the region, which asks for care there
    assert codes(*LIKE, area=area) == (["recording-change" if in_part else code] if fires else [])


@pytest.mark.parametrize(
    ("fields", "number", "forms", "answer"),
    [
        # Of a region of five forces, of which the four others record 475 each: a twentieth, then a half.
        ({"breaks": [CODE]}, 99, [("definition-change", "little")], "yes"),
        ({"breaks": [CODE]}, 100, [("recording-change", "forces")], "with-care"),
        ({"breaks": [CODE]}, 1899, [("recording-change", "forces")], "with-care"),
        ({"breaks": [CODE]}, 1900, [("definition-change", "whole")], "no"),
        ({"cautions": [CODE]}, 4, [], "yes"),
        ({"cautions": [CODE]}, 99, [("recording-change", "several")], "yes"),
        ({"cautions": [CODE]}, 100, [("recording-change", "forces")], "with-care"),
    ],
)
def test_an_entry_for_a_force_weighs_on_a_region_by_its_share(
    fields: dict[str, object], number: int, forms: list[tuple[str, str]], answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = table(475)
    figures["Kent"] = number
    made.stand_in(monkeypatch, figures)
    made.know(monkeypatch, made.entry("2020-04-01", forces=["Kent"], **fields))
    result = of(*LIKE, area="South East")
    assert [(caveat.code, caveat.form) for caveat in result.caveats] == forms
    assert all("Kent" in caveat.text for caveat in result.caveats if caveat.form == "forces")
    assert result.answer == answer


# What is known of the figures and of how they are recorded


@pytest.mark.parametrize(
    ("quarter", "entry", "area", "fires"),
    [
        ("2019/20 Q1", None, "Kent", False),  # from the first day of all on
        ("2019/20 Q2", None, "Kent", True),
        ("2020/21 Q4", None, "Kent", True),
        ("2021/22 Q1", None, "Kent", False),
        ("2020/21 Q1", None, "South East", False),  # which has no departures
        ("2020/21 Q3", {"forces": ["Kent"]}, "Kent", False),  # half a year after an entry that says it
        ("2019/20 Q3", {"forces": ["Kent"]}, "Kent", False),  # and before it
        ("2020/21 Q4", {"forces": ["Kent"]}, "Kent", True),
        ("2020/21 Q1", {"forces": ["Essex"]}, "Kent", True),
        ("2020/21 Q1", {}, "Kent", True),  # of all forces
    ],
)
@pytest.mark.parametrize(("percent", "said"), [(70, "70% more"), (-40, "40% fewer")])
def test_a_force_that_left_the_others_course_is_read_with_care_unless_an_entry_near_says_it(
    quarter: str,
    entry: dict[str, object] | None,
    area: str,
    fires: bool,
    percent: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made.know(monkeypatch, *([] if entry is None else [made.entry("2020-04-01", cautions=[CODE], **entry)]))
    left = (Departure(Period.parse(quarter), percent, 100, 170),)
    monkeypatch.setattr(breaks, "departures", lambda: {(CODE, name): left for name in NAMES})
    found = [said in each.text for each in of(*LIKE, area=area).caveats if each.code == "force-departs"]
    assert found == ([True] if fires else [])


@pytest.mark.parametrize(("step", "fires"), [(0.05, True), (0.049, False)])
@pytest.mark.parametrize("periods", [LIKE, ("2020/21 Q1..Q3", "2019/20 Q1..Q3")])
def test_a_force_that_left_the_others_course_is_said_of_an_area_where_it_moved_a_twentieth_of_its_year(
    step: float, fires: bool, periods: tuple[str, str], even: Even, monkeypatch: pytest.MonkeyPatch
) -> None:
    even("2020Q1", "Essex", 300)  # so that the later year is the smaller
    found = of(*periods, area="South East")
    yearly = min(count.offences * 12 / count.period.months for count in (found.current, found.baseline))
    left = Departure(Period.parse("2020/21 Q1"), 70, 0, round(step * yearly + (0.5 if fires else -0.5)))
    monkeypatch.setattr(breaks, "departures", lambda: {(CODE, "Kent"): (left,)})
    assert ("force-departs" in codes(*periods, area="South East")) is fires


@pytest.mark.parametrize(
    ("fields", "code", "form"),
    [
        ({}, "definition-change", "whole"),
        ({"before": "one way"}, "definition-change", "whole"),
        ({"before": "one way", "after": "another"}, "definition-change", "sides"),
        ({"kind": "step"}, "unexplained-step", "broken"),
        ({"until": "2020-09-30"}, "definition-change", "span"),
        ({"until": "2020-09-30", "gap": True}, "definition-change", "gap"),
    ],
)
def test_a_break_is_said_as_what_it_is(
    fields: dict[str, object], code: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.know(monkeypatch, made.entry("2020-04-01", CODE, **fields))
    assert [(each.code, each.form) for each in of(*LIKE).caveats] == [(code, form)]


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["88A"], "code 88A"),
        (["88A", "71", "22B", "73"], "codes 22B, 71, 73, 88A"),
        (["88A", "71", "22B", "73", "70"], "codes 22B, 70, 71, 73 and 1 more"),
    ],
)
def test_of_the_codes_that_an_entry_breaks_four_are_named(
    codes: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.know(monkeypatch, made.entry("2020-04-01", *codes))
    (caveat,) = of(*LIKE, offence="sexual-offences").caveats
    assert said in caveat.text
    assert (" more" in caveat.text) == (len(codes) > 4)


@pytest.mark.parametrize(("before", "after", "fires"), [(90, 93, True), (90, 92.9, False), (93, 90, True)])
@pytest.mark.parametrize("name", ["Kent", "England and Wales", "Essex"])
@pytest.mark.parametrize("periods", [LIKE, LIKE[::-1]])
def test_the_share_recorded_must_have_moved_by_three_points(
    before: float, after: float, fires: bool, name: str, periods: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    two = Inspection(name, Month(2019, 10), before, ""), Inspection(name, Month(2020, 9), after, "")
    monkeypatch.setattr(breaks, "inspections", lambda area: two if area == name else ())
    found = [(caveat.code, caveat.form) for caveat in of(*periods).caveats]
    assert found == ([("recording-change", "quality")] if fires and name != "Essex" else [])


@pytest.mark.parametrize(
    ("quarter", "kind", "fires"),
    [
        ("2019/20 Q1", "step", False),
        ("2019/20 Q2", "step", True),
        ("2020/21 Q4", "step", True),
        ("2021/22 Q1", "step", False),
        ("2020/21 Q1", "birth", False),
    ],
)
def test_a_step_that_nobody_explains_asks_for_care_inside_or_between(
    quarter: str, kind: Literal["step", "birth"], fires: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = replace(breaks.register(), unexplained=(Unexplained(CODE, quarter, kind, "It stepped."),))
    monkeypatch.setattr(breaks, "register", lambda: register)
    assert [(each.code, each.form) for each in of(*LIKE).caveats] == ([("unexplained-step", "listed")] if fires else [])


# Launches, cautions, supply and events


@pytest.mark.parametrize(
    ("now", "then", "fires"),
    [
        ("2021/22", "2020/21", False),
        ("2020/21", "2019/20", True),
        ("2022/23", "2019/20", True),
        ("2021-01..2021-12", "2020-01..2020-12", True),  # touched by one quarter
        ("2021-04..2022-03", "2020-04..2021-03", False),
        ("2019/20 Q4", "2021/22 Q4", True),  # either period
        ("2018/19", "2017/18", False),
    ],
)
def test_the_first_year_of_a_definition_is_compared_with_care(
    now: str, then: str, fires: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.know(monkeypatch, made.entry("2019-04-01", CODE, launch="2019-04..2020-03"))
    assert codes(now, then) == (["first-year"] if fires else [])
    assert of(now, then).answer == ("with-care" if fires else "yes")


@pytest.mark.parametrize(("now", "form"), [("2020/21", "one"), ("2019-10..2020-09", "two")])
def test_a_first_year_touches_one_period_or_both(now: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made.know(monkeypatch, made.entry("2019-04-01", CODE, launch="2019-04..2020-03"))
    then = {"2020/21": "2019/20", "2019-10..2020-09": "2018-10..2019-09"}[now]
    assert [each.form for each in of(now, then).caveats if each.code == "first-year"] == [form]


@pytest.mark.parametrize(("now", "then", "fires"), [(0, 0, True), (1, 1, False), (0, 1, False)])
def test_where_nothing_was_recorded_twice_that_is_said(now: int, then: int, fires: bool, even: Even) -> None:
    even("2021Q1", "Kent", now)
    even("2020Q1", "Kent", then)
    assert ("nothing-recorded" in codes("2020/21 Q1", "2019/20 Q1")) is fires


def test_what_is_always_read_with_care_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    made.describe(monkeypatch, CODE, care="It depends.")
    assert [(each.code, each.form) for each in of(*LIKE).caveats] == [("recording-change", "standing")]


@pytest.mark.parametrize(
    ("day", "until", "now", "then", "fires"),
    [
        ("2020-04-01", None, "2020/21", "2019/20", True),  # between
        ("2020-04-01", None, "2022/23", "2018/19", True),  # between, touching neither
        ("2020-04-01", None, "2021/22", "2020/21", False),  # on the first day of all
        ("2020-04-02", None, "2021/22", "2020/21", True),  # inside the first month
        ("2020-04-01", None, "2019/20", "2018/19", False),
        ("2021-03-31", None, "2020/21", "2019/20", True),  # on the last day of all
        ("2020-04-01", "2021-03-31", "2021/22", "2020/21", True),  # in all of a period
        ("2020-04-01", "2021-03-31", "2022/23", "2021/22", False),
        ("2020-04-01", "2021-03-31", "2019/20", "2018/19", False),
        ("2020-10-01", "2021-03-31", "2022/23", "2018/19", True),
        ("2020-10-01", None, "2020-04..2022-03", None, False),  # there is nothing to compare
    ],
)
def test_a_change_of_recording_inside_or_between_asks_for_care(
    day: str, until: str | None, now: str, then: str | None, fires: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.know(monkeypatch, made.entry(day, cautions=[CODE], until=until))
    assert codes(now, then) == (["recording-change"] if fires else [])
    assert of(now, then).answer == (None if then is None else "with-care" if fires else "yes")


@pytest.mark.parametrize(
    ("kind", "until", "code"),
    [
        ("recording", None, "recording-change"),
        ("supply", "2020-06-30", "late-supply"),
        ("event", "2020-06-30", "event"),
        ("spell", "2020-06-30", "event"),
        ("step", None, "unexplained-step"),
    ],
)
def test_what_asks_for_care_is_called_by_its_kind(
    kind: str, until: str | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.know(monkeypatch, made.entry("2020-05-01", cautions=[CODE], until=until, kind=kind))
    assert codes(*LIKE) == [code]


@pytest.mark.parametrize(("kind", "code"), [("supply", "late-supply"), ("event", "event")])
@pytest.mark.parametrize(
    ("now", "then", "fires"),
    [
        ("2020/21", "2019/20", True),
        ("2019/20", "2018/19", True),
        ("2019-04..2019-06", "2018-04..2018-06", False),  # the quarter before
        ("2021/22", "2018/19", False),  # between only
        ("2019/20", None, True),
        ("2020-04..2022-03", None, False),
    ],
)
def test_a_late_supply_or_an_event_asks_for_care_where_it_overlaps(
    now: str, then: str | None, fires: bool, kind: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.know(monkeypatch, made.entry("2019-07-01", cautions=[CODE], until="2020-03-31", kind=kind))
    pair: Pair = of(now, then) if then else judge(of(now).current)
    assert [caveat.code for caveat in pair.caveats] == ([code] if fires else [])
    assert pair.answer == (None if then is None else "with-care" if fires else "yes")


@pytest.mark.parametrize(
    ("day", "number", "fires"),
    [("2020-05-01", 4, True), ("2020-05-01", 3, False), ("2019-05-01", 4, True), ("2021-04-01", 4, False)],
)
def test_a_change_is_read_without_an_event_that_made_a_hundredth_of_either_count(
    day: str, number: int, fires: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.know(monkeypatch, made.entry(day, cautions=[CODE], kind="event", number=number))
    result = of(*LIKE)
    assert [(caveat.code, caveat.form) for caveat in result.caveats] == ([("event", "counted")] if fires else [])
    assert result.change is not None
    without = {"2020-05-01": 396 / 400, "2019-05-01": 400 / 396}[day] if fires else 1
    assert (result.change.difference, result.change.percent) == (0, pytest.approx(100 * (without - 1)))


@pytest.mark.parametrize("kind", ["recording", "supply", "event"])
@pytest.mark.parametrize(("part", "fires"), [(9, False), (10, True)])
def test_what_touches_less_than_a_hundredth_of_a_union_needs_no_care(
    kind: str, part: int, fires: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.stand_in(monkeypatch, table(1000), {"88A": table(part)})
    made.know(monkeypatch, made.entry("2019-10-01", cautions=["88A"], kind=kind))
    assert bool(codes(*LIKE, offence="sexual-offences")) is fires


# What was not counted, not supplied, not reviewed


@pytest.mark.parametrize(
    ("fields", "now", "then", "fires"),
    [
        ({"first": "2019/20 Q1"}, "2020/21", "2019/20", False),
        ({"first": "2019/20 Q1"}, "2020/21", "2018/19", True),
        ({"first": "2019/20 Q2"}, "2020/21", "2019/20", True),  # a part is enough
        ({"first": "2019/20 Q2"}, "2019/20", None, True),
        ({"last": "2020/21 Q4"}, "2020/21", "2019/20", False),
        ({"last": "2020/21 Q3"}, "2020/21", "2019/20", True),
        ({"last": "2019/20 Q4"}, "2020/21", "2019/20", True),
    ],
)
@pytest.mark.parametrize("recorded", [100, 0])  # zeros that stand in the table after an end are none
def test_an_offence_that_was_not_counted_then_has_no_figure(
    fields: dict[str, str], now: str, then: str | None, fires: bool, recorded: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.stand_in(monkeypatch, table(recorded))
    made.describe(monkeypatch, CODE, **{name: Period.parse(quarter) for name, quarter in fields.items()})
    area, release, offence = areas.find_area("Kent"), load_register().release(NEWEST), offences.find(CODE)
    counts = [count(area, offence, release, Period.parse(months)) for months in (now, then) if months]
    pair = judge(*counts)
    assert ("not-counted-then" in pair.codes) is fires
    assert (None in {each.offences for each in counts}) is fires
    if fires:
        (caveat,) = (each for each in pair.caveats if each.code == "not-counted-then")
        assert caveat.form == ("began" if "first" in fields else "both")  # the code began later than the tables
        assert pair.answer == (None if then is None else "no")
        assert pair.caveats[0].text.startswith("Code 8L is counted ")
        assert "no figure, which is not zero" in pair.caveats[0].text
        assert "was not counted throughout" in pair.caveats[-1].text


def test_a_missing_quarter_of_the_baseline_is_not_supplied_and_there_is_no_count(even: Even) -> None:
    even("2020Q3", "Kent", None)
    result = of(*LIKE)
    assert [caveat.code for caveat in result.caveats] == ["not-supplied", "no-residents"]
    assert "Kent, 2019/20 Q3: not supplied, which is not zero" in result.caveats[0].text
    assert result.caveats[1].text == "A figure of April 2019 to March 2020 is missing, so no rate is given."
    assert result.baseline is not None
    assert (result.baseline.offences, result.baseline.per_month) == (None, None)
    assert result.ratio.__dict__ == dict.fromkeys(["value", "low", "high", "low_wide", "high_wide"])
    assert (result.answer, result.like_for_like, result.change) == ("no", False, None)


def test_a_missing_quarter_is_missing_from_every_area_and_period_with_it_and_from_no_other(even: Even) -> None:
    even("2021Q1", "Kent", None)
    assert codes(*LIKE) == ["not-supplied", "no-residents"]
    assert "not-supplied" in codes(*LIKE, area="England and Wales")
    assert codes(*LIKE, area="Essex") == []
    assert codes("2020/21 Q2", "2019/20 Q2") == []


@pytest.mark.parametrize(("number", "more"), [(3, ": not supplied"), (4, " and 1 more:"), (5, " and 2 more:")])
def test_of_many_missing_quarters_three_are_named(number: int, more: str, even: Even) -> None:
    for name in NAMES[:number]:
        even("2021Q1", name, None)
    text = of(*LIKE, area="England and Wales").caveats[0].text
    named = "Avon and Somerset, 2020/21 Q1; Bedfordshire, 2020/21 Q1; British Transport Police, 2020/21 Q1"
    assert f"{named}{more}" in text


@pytest.mark.parametrize(
    ("now", "then", "expected", "answer"),
    [
        ("2019/20", "2018/19", [], "yes"),
        ("2018/19", "2017/18", ["definition-not-reviewed"], "not-known"),  # begins before
        ("2020/21", "2018-01..2018-12", ["definition-not-reviewed"], "not-known"),
        ("2020/21", "2019/20", [], "yes"),  # ends with it
        ("2021/22", "2020/21", ["review-older"], "with-care"),  # up to four quarters after
        ("2021/22 Q1", "2020/21 Q1", ["review-older"], "with-care"),
        ("2022/23 Q1", "2021/22 Q1", ["definition-not-reviewed"], "not-known"),  # more than four
        ("2018-04..2022-06", None, [], None),
    ],
)
def test_what_nobody_has_reviewed_is_not_known(
    now: str, then: str | None, expected: list[str], answer: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    span = {"on": "2021-06-01", "start": "2018/19 Q1", "through": "2020/21 Q4"}
    made.describe(monkeypatch, CODE, reviewed=made.strict(Reviewed, **span))
    result = of(now, then)
    assert [caveat.code for caveat in result.caveats if caveat.weight != "note"] == expected
    assert result.answer == answer
    if result.change is not None:
        assert (result.change.percent is None) == (answer not in {"yes", "with-care"})
    if answer == "not-known":
        assert result.like_for_like is None
        assert "reviewed for April 2018 to March 2021 only" in result.caveats[0].text


def test_an_offence_without_a_review_is_not_known_whatever_the_periods(monkeypatch: pytest.MonkeyPatch) -> None:
    made.describe(monkeypatch, CODE, reviewed=None)
    result = of(*LIKE)
    assert (result.answer, result.like_for_like, result.change) == ("not-known", None, Change(0))
    assert result.ratio.value == 1  # a number for the analyst
    assert result.caveats[0].text.startswith("Nobody has reviewed whether what is counted as code 8L changed")
    assert of("2020/21", "2019/20 Q2").answer == "no"  # what forbids is graver


# Notes


@pytest.mark.parametrize(
    ("now", "then", "fires"),
    [("2024/25 Q2", "2023/24 Q2", False), ("2024/25 Q3", "2023/24 Q3", True), ("2025/26 Q3", None, True)],
)
def test_the_newest_five_quarters_are_provisional(now: str, then: str | None, fires: bool) -> None:
    assert ("provisional" in codes(now, then)) is fires
    assert ("p" in of(now, then).current.marks) is fires
    assert of(now, then).answer in {"yes", None}


@pytest.mark.parametrize("quarter", ["2021Q1", "2020Q1"])
def test_a_figure_that_another_full_release_gives_otherwise_is_revised(quarter: str, even: Even) -> None:
    even(quarter, "Kent", 99, OLDER)
    result = of(*LIKE)
    assert [caveat.code for caveat in result.caveats] == ["revised"]
    assert "the release of 19 October 2023 gives 399, this one 400" in result.caveats[0].text
    assert [each.marks for each in result.counts] == [
        ("r",) if quarter.startswith(year) else () for year in ("2021", "2020")
    ]
    assert result.answer == "yes"


def test_revisions_that_cancel_out_and_quarters_that_another_release_lacks_are_none(even: Even) -> None:
    even("2021Q1", "Kent", 99, OLDER)
    even("2021Q2", "Kent", 101, OLDER)
    assert codes(*LIKE) == []
    even("2021Q1", "Kent", None, OLDER)
    assert codes(*LIKE) == []
    assert "revised" not in codes("2024/25", "2023/24")  # nor one that it does not reach


@pytest.mark.parametrize(("number", "small"), [(49, True), (50, False), (-1, True), (0, True)])
@pytest.mark.parametrize("quarter", ["2021Q1", "2020Q1"])
def test_a_count_under_fifty_is_small_in_either_period_and_gives_no_percentage(
    quarter: str, number: int, small: bool, even: Even
) -> None:
    even(quarter, "Kent", number)
    result = of("2020/21 Q1", "2019/20 Q1")
    assert ("small-numbers" in result.codes) is small
    assert result.change is not None
    assert (result.change.percent is None) is small
    assert result.answer == "yes"


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("British Transport Police", "British Transport Police has no residents"),
        ("City of London", "City of London has few residents and a large daytime population"),
        (
            "BTP+City of London",
            "British Transport Police has no residents and City of London has few residents and a large daytime population",
        ),
    ],
)
def test_railways_and_the_city_have_no_rate(area: str, said: str) -> None:
    result = of(*LIKE, area=area)
    assert [caveat.text for caveat in result.caveats] == [f"{said}, so no rate is given."]
    assert {each.rate for each in result.counts} == {None}
    assert result.answer == "yes"


@pytest.mark.parametrize(
    ("number", "why"), [(None, "a figure of {} is missing"), (-1000, "the count in {} is negative")]
)
@pytest.mark.parametrize("without", [("2021",), ("2020",), ("2021", "2020")])
def test_a_period_without_a_rate_is_named_whichever_it_is(
    without: tuple[str, ...], number: int | None, why: str, even: Even
) -> None:
    for year in without:
        even(f"{year}Q1", "Kent", number)
    result = of(*LIKE)
    words = {"2021": "April 2020 to March 2021", "2020": "April 2019 to March 2020"}
    said = "; ".join(why.format(words[year]) for year in without)
    assert result.caveats[-1].text == f"{said[0].upper()}{said[1:]}, so no rate is given."
    assert [each.rate is None for each in result.counts] == [year in without for year in ("2021", "2020")]


@pytest.mark.parametrize(
    ("now", "then", "fires"),
    [("2021/22", "2020/21", True), ("2020/21", "2019/20", False), ("2022/23", "2021/22", False)],
)
def test_rates_on_two_bases_are_not_compared(now: str, then: str, fires: bool) -> None:
    assert codes(now, then, offence="88A") == (["population-step"] if fires else [])
    assert codes(now, then) == []  # all ages are on one basis throughout


def test_caveats_come_in_the_order_of_the_contract(even: Even, monkeypatch: pytest.MonkeyPatch) -> None:
    even("2017Q1", "Kent", None)
    entries = [
        made.entry("2017-04-01", CODE, launch="2017-04..2018-03"),
        made.entry("2016-01-15", cautions=["all"], until="2016-06-30", kind="event"),
        made.entry("2015-06-01", cautions=["all"]),
        made.entry("2014-06-15", CODE),
        made.entry("2014-01-01", cautions=["all"], until="2018-06-30", kind="supply"),
    ]
    made.know(monkeypatch, *entries)
    found = codes("2024/25", "2014-04..2018-06")
    assert found == [
        "unequal-periods",
        "definition-change",
        "mixed-quarter",
        "not-supplied",
        "first-year",
        "recording-change",
        "late-supply",
        "event",
        "provisional",
        "no-residents",
    ]
    assert found == sorted(found, key=list(caveats()).index)


# What may be compared instead


@pytest.mark.parametrize(
    ("now", "then", "newest"),
    [
        ("2020-04..2025-03", "2015-04..2020-03", ["2024/25", "2023/24", "2022/23", "2021/22"]),  # of five years
        ("2020-04..2025-06", "2015-01..2020-03", []),  # of longer periods no parts are tried
    ],
)
def test_parts_of_up_to_five_years_are_tried_and_four_offered(
    now: str, then: str, newest: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made.know(monkeypatch, made.entry("2019-04-01", CODE))
    result = of(now, then)
    assert result.answer == "no"
    assert [each.current.period for each in result.alternatives] == list(map(Period.parse, newest))


@pytest.mark.parametrize(
    ("area", "rest"),
    [("Kent+Essex", None), ("Kent+Essex+Surrey", ["Kent", "Surrey"]), ("Kent", None)],
)
def test_forces_without_figures_are_left_out_where_most_of_an_area_is_left(
    area: str, rest: list[str] | None, even: Even
) -> None:
    even("2020Q3", "Essex" if "+" in area else "Kent", None)
    offered = [sorted(each.current.area.names) for each in of(*LIKE, area=area).alternatives]
    assert [names for names in offered if len(names) != area.count("+") + 1] == ([rest] if rest else [])


# Edges of counts


@pytest.mark.parametrize(
    ("now", "then", "value", "low", "high"),
    [
        (3, 0, None, 0.413231, None),  # over nothing: unbounded, with a lower end
        (0, 3, 0.0, 0.0, 2.419952),
        (0, 0, None, None, None),
    ],
)
def test_zeros_give_what_can_be_said_and_null_for_the_rest(
    now: int, then: int, value: float | None, low: float | None, high: float | None, even: Even
) -> None:
    even("2021Q1", "Kent", now)
    even("2020Q1", "Kent", then)
    result = of("2020/21 Q1", "2019/20 Q1")
    # The binomial form: with p = 0.025^(1/3), the bound is p / (1 - p) or its inverse.
    for found, expected in zip(
        (result.ratio.value, result.ratio.low, result.ratio.high), (value, low, high), strict=True
    ):
        assert found == (None if expected is None else pytest.approx(expected, abs=1e-6))
    assert (result.ratio.low_wide, result.ratio.high_wide) == (None, None)
    assert result.change is not None
    assert result.change.reading is None


@pytest.mark.parametrize("quarter", ["2021Q1", "2020Q1"])
def test_a_negative_count_is_kept_and_gives_no_ratio(quarter: str, even: Even) -> None:
    even(quarter, "Kent", -1)
    result = of("2020/21 Q1", "2019/20 Q1")
    assert {each.offences for each in result.counts} == {-1, 100}
    assert set(result.ratio.__dict__.values()) == {None}
    assert {"small-numbers", "no-residents"} <= result.codes
    even("2021Q2", "Kent", -2)
    assert of("2020/21 Q2..Q4", "2019/20 Q2..Q4").ratio.value == pytest.approx(198 / 300)


@pytest.mark.parametrize(
    ("number", "reading"), [(200, "more"), (50, "fewer"), (100, "within-usual"), (110, "within-usual")]
)
def test_a_reading_is_more_or_fewer_where_the_wide_interval_excludes_no_change(
    number: int, reading: str, even: Even
) -> None:
    for quarter in range(1, 5):
        even(f"2021Q{quarter}", "Kent", number)
    result = of(*LIKE)
    assert result.change is not None
    assert result.change.reading == reading
    assert result.change.percent == pytest.approx(number - 100)
    assert result.change.low is not None
    assert result.change.high is not None
    assert result.change.low < result.change.percent < result.change.high
