"""The two axes of a verdict, figure and change: each threshold on both sides, each form, and what is found elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from stated import KENT, TOTAL, found, judged, text

from analysis import claims
from analysis.claims import figures, wording
from analysis.claims.forms import Form
from analysis.figures.register import load_register
from analysis.report.published import claim_text
from analysis.statistics import revision
from analysis.terms import offences
from analysis.terms.areas import NAMES

# Kent 2019/20: 14,402 shoplifting offences in the newest release; the year before 13,113.
YEAR, BEFORE = "2019-04..2020-03", "2018-04..2019-03"
RATE = {"per": 1000, "of": "residents"}
LAUNCH, EARLIER = {"value": 167, "period": "2017-04..2018-03"}, {"value": 34, "period": "2016-04..2017-03"}


def held(area: str, offence: str, period: str) -> int:
    figure = judged(area=area, offence=offence, current={"period": period}, **TOTAL).meant[0]
    return figure.given[-1][1]


def figure_of(value: Any, **fields: Any) -> str:
    fields = {"published": "2021-06-01", "offence": "robbery"} | fields
    return judged(current={"value": value, "period": YEAR}, **TOTAL, **fields).answers["figure"]


# --- the figure ---------------------------------------------------------------------------------------------------------


def test_a_figure_agrees_is_near_differs_or_is_far_off_on_both_sides_of_each_threshold() -> None:
    count = held("Kent", "robbery", YEAR)
    width = revision.Reach(offences.revision_tier(offences.find("robbery"))).of(count)
    within, far = int(count * 2.718281828**width), int(count * 2.718281828 ** max(0.1, 1.5 * width))
    assert figure_of(count) == "agrees"
    assert figure_of(count + 1) == "agrees-within-revision"
    assert figure_of(within) == "agrees-within-revision"
    assert figure_of(within + 1) in {"differs", "found-elsewhere"}
    assert figure_of(far) in {"differs", "found-elsewhere"}
    assert figure_of(far + 1) in {"far-off", "found-elsewhere"}
    assert figure_of(7 * count) == "far-off"


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("more than 13000", "agrees"),
        ("at most 13500", "differs"),
        ("almost 14500", "agrees"),
        ("almost 14400", "agrees-within-revision"),
        ("about 14540", "agrees"),
        ("about 14560", "agrees-within-revision"),
    ],
)
def test_a_bound_holds_and_almost_allows_a_hundredth_below(value: str, answer: str) -> None:
    assert held("Kent", "46", YEAR) == 14_402
    assert figure_of(value, offence="46") == answer


def test_a_homicide_s_figure_moves_by_six() -> None:
    count = held("Kent", "homicide", YEAR)
    assert figure_of(count + 6, offence="homicide") == "agrees-within-revision"
    assert figure_of(count + 7, offence="homicide") != "agrees-within-revision"


@pytest.mark.parametrize(
    ("published", "period", "halved"),
    [
        ("2019-04-26", "2018-01..2018-12", True),  # a publication of the day before is held
        ("2020-11-01", "2019-01..2019-12", False),  # more than six months after the last
        ("2020-10-01", "2019-01..2019-12", True),  # within six months of it
        ("2017-01-01", "2015-01..2015-12", False),  # old, and stated before 2023
        ("2022-12-01", "2019-01..2019-12", False),
        ("2023-01-01", "2021-01..2021-12", True),  # old, and stated in 2023
        ("2023-01-01", "2021-12..2022-02", True),  # eleven months before
        ("2023-01-01", "2022-01..2022-03", False),
    ],
)
def test_revision_reaches_half_as_far_where_a_publication_of_the_time_is_held_or_the_figure_was_old(
    published: str, period: str, halved: bool
) -> None:
    judgement = judged(published=published, offence="robbery", current={"value": 1, "period": period}, **TOTAL)
    assert judgement.meant[0].reach.halved is halved


def test_only_the_country_and_most_of_it_move_as_the_nation_does() -> None:
    areas = {"England and Wales": True, "England": True, "England and Wales without Kent": True, "South East": False}
    fields = {"current": {"value": 1, "period": YEAR}} | TOTAL
    assert {area: judged(area=area, **fields).meant[0].reach.national for area in areas} == areas
    for many, national in ((19, False), (20, True)):
        assert judged(area="+".join(NAMES[:many]), **fields).meant[0].reach.national is national


def test_a_figure_of_an_older_publication_agrees_and_has_been_revised() -> None:
    judgement = judged(current={"value": 45, "period": "2017-04..2018-03"}, **TOTAL)
    assert (judgement.verdict, judgement.answers["figure"]) == ("revised", "agrees")
    assert "A copy made before August 2019".lower() in text(judgement, "revised").lower()
    vintage = judged(
        area="Metropolitan Police", offence="homicide", current={"value": 149, "period": "2019-01..2019-12"}, **TOTAL
    )
    first = next(value for table, value in vintage.meant[0].held if table.kind == "publication")
    assert first
    stated = {"value": first, "period": "2019-01..2019-12"}
    exact = judged(area="Metropolitan Police", offence="homicide", current=stated, **TOTAL)
    assert exact.answers["figure"] == "agrees"


def test_the_outcomes_table_never_decides() -> None:
    judgement = judged(current={"value": 123, "period": BEFORE}, **TOTAL)  # as only that table has it
    assert judgement.answers["figure"] == "far-off"
    assert judgement.to_dict()["figures"][0]["context"] == {"2019-outcomes": 123}  # type: ignore[index]


def test_figures_published_earlier_explain_a_total() -> None:
    # 8 and 9 in 2013/14 and 2014/15 and 5 in 2016/17 by the newest release; 22 and 33 as they were published then.
    earlier = [
        {"period": "2015-04..2016-03", "value": 22, "source": "a paper {of} 2017"},
        {"period": "2017-04..2017-12", "value": 33, "source": "a paper of 2018"},
    ]
    total = {"area": "Northamptonshire", "current": {"value": 77, "period": "2013-04..2017-12", "earlier": earlier}}
    judgement = judged(**total, **TOTAL)
    assert (judgement.verdict, judgement.answers["figure"]) == ("revised", "agrees")
    assert "22 in April 2015 to March 2016 (a paper {of} 2017)" in text(judgement, "revised")


def test_an_earlier_figure_may_be_of_the_first_months_or_of_all() -> None:
    first = {"period": "2015-04..2016-03", "value": 22, "source": "a paper"}
    rests = {}
    for last in ("2017-03", "2016-03"):
        current = {"value": 27, "period": f"2015-04..{last}", "earlier": [first]}
        rests[last] = judged(area="Northamptonshire", current=current, **TOTAL).meant[0].rest
    assert rests == {"2017-03": 5, "2016-03": 0}


def test_a_part_of_a_code_is_not_judged_and_cannot_exceed_it() -> None:
    part = {"offence": "71/17", **TOTAL}
    assert judged(**part, current={"value": 228, "period": YEAR}).answers["figure"] == "not-judged"
    assert judged(**part, current={"value": 300, "period": YEAR}).answers["figure"] == "far-off"


def test_of_two_counts_of_a_part_one_beyond_the_whole_code_is_enough() -> None:
    counts = {"current": {"value": 300, "period": YEAR}, "baseline": {"value": 100, "period": BEFORE}, "change": None}
    codes = {basis: found(judged(**counts, basis=basis, offence="71/17")) for basis in ("foi", "home-office")}
    assert codes == {"foi": ["source-mismatch"], "home-office": ["far-off"]}


def test_the_worse_of_two_counts_is_the_answer() -> None:
    judgement = judged(baseline={"value": 130, "period": BEFORE})
    assert judgement.answers["figure"] == "far-off"
    assert [figure.answer for figure in judgement.meant] == ["agrees", "far-off"]


@pytest.mark.parametrize(
    ("fields", "answers"),
    [
        ({}, ("agrees", "agrees", "fair")),
        (TOTAL, ("agrees", "none", "none")),
        (TOTAL | {"current": {"period": YEAR}}, ("none", "none", "none")),
        ({"basis": "foi"}, ("other-collection", "agrees", "fair")),
        ({"area": "Scotland"}, ("outside", "not-known", "not-known")),
        ({"area": "Wimbledon"}, ("outside", "not-known", "not-known")),
        ({"area": "UK"}, ("outside", "not-known", "not-known")),
        ({"area": "UK", "current": LAUNCH, "baseline": EARLIER}, ("outside", "not-known", "unfair")),
        ({"kind": "forecast"}, ("outside", "not-known", "fair")),
        ({"kind": "denied"}, ("not-judged", "wrong-direction", "fair")),
        ({"kind": "denied", "change": {"direction": "down"}}, ("not-judged", "agrees", "fair")),
        ({"baseline": {"value": 0, "period": BEFORE}, "basis": "foi"}, ("other-collection", "agrees", "fair")),
        ({"current": {"period": YEAR}, "basis": "foi"}, ("other-collection", "agrees", "fair")),
        (
            TOTAL | {"rate": {"value": 50, "per": "day"}},
            ("agrees", "none", "none"),
        ),  # which does not follow from the count
        # From fewer than none, which are a correction of earlier months, there is no percentage.
        (
            {"area": "Essex", "offence": "homicide", "basis": "foi", "change": {"percent": 25}}
            | {"current": {"period": "2017-10..2017-12"}, "baseline": {"period": "2016-10..2016-12"}},
            ("none", "not-known", "fair"),
        ),
    ],
)
def test_three_questions_are_answered(fields: dict[str, Any], answers: tuple[str, str, str]) -> None:
    figure, change, comparison = judged(**fields).answers.values()
    assert (figure, change) == answers[:2]
    assert comparison == answers[2] or {comparison, answers[2]} == {"fair", "with-care"}  # as the judgement has it


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"offence": "71/17", "current": {"value": 100, "period": YEAR}} | TOTAL, ["not-checkable"]),  # a part, of any size
        ({"offence": "71/17", "current": {"value": 300, "period": YEAR}} | TOTAL, ["far-off"]),  # that is more than the whole
        ({"offence": "71/17", "current": {"period": YEAR}, "rate": {"value": 50, "per": "day"}} | TOTAL, ["not-checkable"]),
        ({"kind": "forecast", "current": {"value": 2280, "period": YEAR}} | TOTAL, ["outside-data"]),
        ({"basis": "foi", "current": {"value": 2280, "period": YEAR}} | TOTAL, ["source-mismatch"]),
        ({"basis": "foi", "current": {"value": 229, "period": YEAR}} | TOTAL, ["source-mismatch", "not-checkable"]),  # by no more than revision
        ({"basis": "foi"}, ["source-mismatch", "not-checkable"]),  # of which no change is confirmed
        ({"current": LAUNCH} | TOTAL, ["reproduced", "fair"]),  # a total compares nothing
        ({"current": {"value": 173, "period": BEFORE}, "baseline": LAUNCH}, ["launch-year", "reproduced"]),
        ({"current": LAUNCH, "baseline": EARLIER}, ["definition-change", "reproduced"]),  # which is graver than the launch
        ({"offence": "95", "current": {"period": "2023-04..2024-03"}, "baseline": {"period": "2022-04..2023-03"}}, ["definition-not-reviewed", "reproduced"]),
        ({"offence": "95", "current": {"period": "2023-04..2024-03"}, "baseline": {"period": "2022-04..2022-12"}}, ["unequal-periods", "reproduced"]),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_graver_or_cannot_be_matched_leaves_the_other_findings_out(
    fields: dict[str, Any], codes: list[str]
) -> None:
    assert found(judged(**fields)) == codes


@pytest.mark.parametrize(
    ("current", "baseline", "verdict", "place"),
    [
        (6329, 5879, "fair", "England and Wales"),
        (6326, 5872, "fair", "England and Wales without British Transport Police"),
        (6319, 5872, "revised", "England and Wales without British Transport Police"),
    ],
)
def test_england_and_wales_may_be_meant_with_or_without_the_railways_but_not_both(
    current: int, baseline: int, verdict: str, place: str
) -> None:
    stated = {"current": {"value": current, "period": YEAR}, "baseline": {"value": baseline, "period": BEFORE}}
    judgement = judged(area="England and Wales", **stated)
    assert (judgement.verdict, judgement.meant[0].place.name) == (verdict, place)
    mixed = judged(
        area="England and Wales", current={"value": 6329, "period": YEAR}, baseline={"value": 5872, "period": BEFORE}
    )
    assert mixed.answers["figure"] == "agrees-within-revision"


# --- the change -----------------------------------------------------------------------------------------------------------


def change_of(change: dict[str, Any], **fields: Any) -> str:
    months = {"current": {"period": YEAR}, "baseline": {"period": BEFORE}}
    fields = {"published": "2021-06-01", "offence": "46"} | months | fields
    return judged(change=change, **fields).answers["change"]


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"percent": 10}, "agrees"),  # 14,402 after 13,113 is +9.8%, which rounds to 10
        ({"percent": 9.8}, "agrees"),
        ({"percent": 9.4}, "agrees-within-revision"),
        ({"percent": 11}, "agrees-within-revision"),
        ({"percent": 13}, "differs"),
        ({"percent": 21}, "differs"),
        ({"percent": 23}, "far-off"),
        ({"percent": 0}, "differs"),  # a change of nothing goes no way
        ({"percent": -1}, "wrong-direction"),
        ({"percent": -100}, "wrong-direction"),
        ({"percent": 10, "direction": "down"}, "wrong-direction"),
        ({"percent": "more than 9"}, "agrees"),
        ({"percent": "more than 30"}, "far-off"),
        ({"percent": "a tenth"}, "agrees"),
        ({"times": 1.1}, "agrees"),
        ({"times": "doubled"}, "far-off"),
        ({"times": 0}, "wrong-direction"),
        ({"direction": "up"}, "agrees"),
        ({"direction": "down"}, "wrong-direction"),
        ({"points": 3}, "not-known"),
    ],
)
def test_a_percentage_a_multiple_and_a_direction_alone_are_held_against_the_tables(
    change: dict[str, Any], answer: str
) -> None:
    assert held("Kent", "46", BEFORE) == 13_113
    assert change_of(change) == answer


def test_a_direction_within_revision_is_no_wrong_direction() -> None:
    counts = {period: held("Thames Valley", "robbery", period) for period in (YEAR, BEFORE)}
    assert abs(counts[YEAR] - counts[BEFORE]) < 20
    against = "down" if counts[YEAR] > counts[BEFORE] else "up"
    assert change_of({"direction": against}, area="Thames Valley", offence="robbery") == "agrees-within-revision"


def test_a_change_is_not_known_where_the_tables_lack_a_year_and_then_the_base_is_asked_for() -> None:
    judgement = judged(
        current={"period": "2012-04..2013-03"}, baseline={"period": "2011-04..2012-03"}, change={"percent": 5}
    )
    assert judgement.answers["change"] == "not-known"
    assert {"undisclosed-base", "outside-data"} <= set(found(judgement))
    assert "undisclosed-base" not in found(judged(change={"percent": 32}, baseline={"period": BEFORE}))
    assert "undisclosed-base" in found(
        judged(baseline=None, change=None, forces_rising={"count": 30, "of": 43})
    )  # than when is not said


@pytest.mark.parametrize(
    ("value", "direction", "answer"),
    [
        (1289, "up", "agrees"),
        (1300, "up", "agrees-within-revision"),
        (1900, "up", "differs"),
        (1289, "down", "wrong-direction"),
    ],
)
def test_a_difference_is_held_against_the_tables(value: int, direction: str, answer: str) -> None:
    fields = {"offence": "46", "current": {"period": YEAR}, "baseline": {"period": BEFORE}, "change": None}
    judgement = judged(**fields, difference={"value": value, "direction": direction}, published="2021-06-01")
    assert judgement.answers["change"] == answer


@pytest.mark.parametrize(
    ("area", "offence", "denied", "answer", "said"),
    [
        ("West Midlands", "46", {"direction": "up"}, "wrong-direction", "The denial does not hold: the tables give 32,678 after 24,317 (+34.4%)."),
        ("West Yorkshire", "10D", {"direction": "up"}, "agrees", "The denial holds: the tables give 840 after 852 (−1%)."),
        ("Cumbria", "10D", {"direction": "up"}, "agrees-within-revision", "The denial holds, allowing for revision: the tables give 304 after 285 (+6.7%)."),
        ("West Midlands", "46", {"percent": 33}, "not-known", "The tables cannot tell whether the denial holds: the tables give 32,678 after 24,317 (+34.4%)."),
        ("West Midlands", "46", {"percent": 60}, "agrees", "The denial holds: the tables give 32,678 after 24,317 (+34%)."),
    ],
)  # fmt: skip
def test_a_rise_is_denied_rightly_where_there_was_none_or_none_beyond_revision(
    area: str, offence: str, denied: dict[str, Any], answer: str, said: str
) -> None:
    months = {"current": {"period": "2024-04..2025-03"}, "baseline": {"period": "2023-04..2024-03"}}
    judgement = judged(area=area, offence=offence, kind="denied", change=denied, published="2025-08-01", **months)
    assert judgement.answers["change"] == answer
    assert wording.answer(judgement).startswith(said)
    assert "undisclosed-base" not in found(judgement)  # the tables have both counts
    if answer == "not-known":
        assert (judgement.verdict, "as near to the tables" in text(judgement, "not-checkable")) == (
            "not-checkable",
            True,
        )
    elif answer != "agrees":
        assert text(judgement, judgement.verdict) == said


@pytest.mark.parametrize("value", [100, 228, 2280])
def test_a_count_that_is_denied_gets_no_green_light_and_is_set_beside_that_of_the_tables(value: int) -> None:
    judgement = judged(kind="denied", current={"value": value, "period": YEAR}, **TOTAL)
    assert found(judgement) == ["not-checkable"]
    assert text(judgement, "not-checkable") == f"The statement denies {value:,}; the tables give 228."


def change_found(area: str, offence: str, year: int, **fields: Any) -> tuple[str, float | None, float | None]:
    current, baseline = ({"period": f"{start}-04..{start + 1}-03"} for start in (year, year - 1))
    fields = {"change": None, "published": "2026-06-01"} | fields
    found = judged(area=area, offence=offence, current=current, baseline=baseline, **fields).change
    return found.answer, found.current, found.baseline


@pytest.mark.parametrize(
    ("area", "offence", "year", "fields", "expected"),
    [
        # From nothing there is no percentage; from one there is.
        ("Durham", "homicide", 2016, {"change": {"percent": 10}}, ("not-known", None, None)),
        ("Wiltshire", "homicide", 2014, {"change": {"percent": 300}}, ("agrees", 4, 1)),
        # Six homicides more or fewer are revision, seven are not.
        ("Dorset", "homicide", 2017, {"change": {"direction": "up"}}, ("agrees-within-revision", 3, 9)),
        ("Kent", "homicide", 2019, {"change": {"direction": "up"}}, ("wrong-direction", 12, 19)),
        # Revision reaches as far as the smaller of the two counts lets it, and a rounded percentage by its last digit more.
        ("Kent", "homicide", 2017, {"change": {"direction": "down"}}, ("agrees-within-revision", 13, 11)),
        ("Kent", "88A", 2021, {"change": {"percent": 9.0}}, ("agrees-within-revision", 279, 239)),
        ("Dorset", "burglary", 2014, {"change": {"percent": -11.1}}, ("agrees-within-revision", 4497, 5004)),
        # The same number is no rise and no fall, and no difference; what is said of another collection must agree to the offence.
        ("Nottinghamshire", "88A", 2022, {"change": {"direction": "up"}}, ("agrees-within-revision", 160, 160)),
        ("West Midlands", "homicide", 2019, {"change": {"direction": "down"}}, ("agrees-within-revision", 51, 51)),
        ("Lincolnshire", "homicide", 2019, {"difference": {"value": 0, "direction": "up"}}, ("agrees", 9, 9)),
        ("Essex", "burglary", 2015, {"change": {"percent": 0, "direction": "up"}}, ("agrees", 13054, 13054)),
        ("Dorset", "homicide", 2017, {"change": {"direction": "up"}, "basis": "foi"}, ("not-known", 3, 9)),
        # A part of a code has no change of its own.
        ("Kent", "71/17", 2019, {"change": {"percent": 32}}, ("not-known", None, None)),
        # One offence more is a rise, and no fall by one.
        ("Durham", "88A", 2021, {"difference": {"value": 1, "direction": "up"}}, ("agrees-within-revision", 74, 75)),
        # The release that it is nearest to, and among those alike the newest.
        ("Gloucestershire", "88A", 2022, {"change": {"percent": 47.7}}, ("agrees", 96, 65)),
        ("Gloucestershire", "88A", 2022, {"change": {"percent": 36.4}}, ("agrees", 90, 66)),
        # Of a percentage and a difference the graver, and one offence is a difference.
        ("Kent", "46", 2019, {"change": {"percent": 9.8}, "difference": {"value": 1289, "direction": "up"}}, ("agrees", 14402, 13113)),
        ("Kent", "46", 2019, {"change": {"percent": 9.8}, "difference": {"value": 2900, "direction": "up"}}, ("far-off", 14402, 13113)),
        ("Cleveland", "homicide", 2016, {"difference": {"value": 1, "direction": "up"}}, ("agrees", 6, 5)),
        # What another collection has parts from a half more by 25 points.
        ("Greater Manchester", "homicide", 2017, {"change": {"percent": 25}, "basis": "foi"}, ("differs", 81, 54)),
        ("Greater Manchester", "homicide", 2017, {"change": {"percent": 26}, "basis": "foi"}, ("not-known", 81, 54)),
    ],
)  # fmt: skip
def test_a_change_is_answered_on_both_sides_of_each_line(
    area: str, offence: str, year: int, fields: dict[str, Any], expected: tuple[str, float | None, float | None]
) -> None:
    assert change_found(area, offence, year, **fields) == expected


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"percent": 9.2}, "agrees"),  # by the rates, and 9.8 by the counts
        ({"percent": 9.8}, "agrees"),
        ({"direction": "up"}, "agrees"),
        ({"direction": "down"}, "wrong-direction"),  # though the rates are less than two apart
        (None, "differs"),  # one offence more, which is no difference of rates
    ],
)
def test_a_change_may_be_that_of_two_stated_rates(change: dict[str, Any] | None, answer: str) -> None:
    rates = {"rate_per": {"value": 7.8} | RATE, "baseline_rate_per": {"value": 7.2} | RATE}
    one_more = {"difference": None if change else {"value": 1, "direction": "up"}}
    assert change_found("Kent", "46", 2019, change=change, **one_more, **rates)[0] == answer


@pytest.mark.parametrize(
    ("percent", "answer"),
    [(32, "agrees"), (56, "not-known"), (57, "differs"), (7, "not-known"), (6, "differs"), (-6, "wrong-direction")],
)
def test_of_another_collection_a_change_is_a_finding_from_25_points_on(percent: int, answer: str) -> None:
    fields = {"current": {"period": YEAR}, "baseline": {"period": BEFORE}, "change": {"percent": percent}}
    assert judged(**fields).tables_change == pytest.approx(31.79, abs=0.01)
    assert judged(**fields, basis="foi").answers["change"] == answer


@pytest.mark.parametrize(
    ("area", "year", "held", "stated", "answer"),
    [
        ("England and Wales", 2019, 7.65, -5, "not-known"),
        ("England and Wales", 2019, 7.65, -6, "wrong-direction"),
        ("England", 2023, 5.96, -6, "wrong-direction"),
        ("Kent", 2018, 3.59, -6, "not-known"),
    ],
)
def test_of_another_collection_a_direction_turns_only_where_both_are_beyond_5_points(
    area: str, year: int, held: float, stated: int, answer: str
) -> None:
    current, baseline = ({"period": f"{start}-04..{start + 1}-03"} for start in (year, year - 1))
    judgement = judged(area=area, current=current, baseline=baseline, change={"percent": stated}, basis="foi")
    assert judgement.tables_change == pytest.approx(held, abs=0.01)
    assert judgement.answers["change"] == answer


@pytest.mark.parametrize(
    ("fields", "release"),
    [
        ({}, "2026-04-23"),
        ({"current": {"period": "2010-04..2011-03"}} | TOTAL, "2026-04-23"),  # which no full release covers
        # What the newest release lacks.
        (
            {"area": "Avon and Somerset", "offence": "71", "current": {"period": "2012-04..2012-06"}} | TOTAL,
            "2023-10-19",
        ),
        # Of two periods the newest lacks one.
        (
            {
                "area": "Avon and Somerset",
                "offence": "71",
                "current": {"period": "2013-04..2013-06"},
                "baseline": {"period": "2012-04..2012-06"},
            },
            "2023-10-19",
        ),
    ],
)
def test_the_newest_release_that_covers_the_periods_judges_them(fields: dict[str, Any], release: str) -> None:
    pair = judged(**fields).pair
    assert pair is not None
    assert pair.current.release.id == release


@pytest.mark.parametrize(("period", "counts"), [(YEAR, 2), ("2019-04..2020-06", 1)])
def test_a_change_without_a_baseline_is_put_beside_the_year_before_where_that_shares_no_month(
    period: str, counts: int
) -> None:
    restated = judged(offence="46", current={"period": period}, baseline=None, change={"percent": 5}).restated
    assert restated is not None
    assert len(restated.counts) == counts


@pytest.mark.parametrize(
    ("value", "base", "fields", "decides"),
    [
        (1319, 1000, {}, False),  # 31.9%, cut off
        (264, 200, {}, True),  # 32%, which nobody cuts to 31
        (1304, 1000, {}, True),  # 30.4%
        (1319, 1000, {"parts": [{"area": "Kent", "value": 1000}]}, True),  # one of two mistakes is more than that
    ],
)
def test_a_percentage_cut_off_is_remarked_on_and_decides_nothing(
    value: int, base: int, fields: dict[str, Any], decides: bool
) -> None:
    months = {"current": {"value": value, "period": YEAR}, "baseline": {"value": base, "period": BEFORE}}
    (finding,) = (
        each for each in judged(**months, change={"percent": 31}, **fields).findings if each.code == "arithmetic"
    )
    assert finding.decides is decides


def test_no_percentage_of_the_tables_is_printed_where_the_comparison_is_not_fair() -> None:
    assert judged(area="UK").tables_change is None
    fields = {"current": {"period": "2017-04..2018-03"}, "baseline": {"period": "2016-04..2017-03"}}
    judgement = judged(**fields, change={"percent": 10})
    assert judgement.answers["comparison"] == "unfair"
    assert judgement.tables_change is None
    assert "the tables give 167 after 34." in wording.answer(judgement)


# --- found elsewhere --------------------------------------------------------------------------------------------------------


def elsewhere_of(value: int, **fields: Any) -> figures.Elsewhere | None:
    return judged(**({"offence": "46", "current": {"value": value, "period": YEAR}} | TOTAL | fields)).elsewhere


@pytest.mark.parametrize(
    ("whose", "kind", "found"),
    [
        (("Kent", "46", "2023-04..2024-03"), "year", ("Kent", "46", "2023-04..2024-03")),
        (("Sussex", "46", YEAR), "force", ("Sussex", "46", YEAR)),
        (("South East", "46", YEAR), "area", ("South East", "46", YEAR)),
        (("Kent", "burglary", YEAR), "offence", ("Kent", "burglary", YEAR)),
        (("Kent", "46", "2019-04..2019-12"), "part", ("Kent", "46", "2019-04..2019-12")),
        (1289, "increase", ("Kent", "46", YEAR)),
    ],
)
def test_a_number_is_found_as_another_area_s_year_s_offence_s_or_the_increase(
    whose: int | tuple[str, str, str], kind: str, found: tuple[str, str, str]
) -> None:
    value = whose if isinstance(whose, int) else held(*whose)
    one = elsewhere_of(value, statement="Shoplifting and burglaries rose.")
    assert one is not None
    assert (one.kind, one.area.name, one.offence.code, str(one.period), one.value) == (kind, *found, value)


def test_of_two_figures_that_state_one_number_only_the_wrong_one_is_found_elsewhere() -> None:
    twice = {"current": {"value": 14_402, "period": YEAR}, "baseline": {"value": 14_402, "period": BEFORE}}
    judgement = judged(offence="46", **twice, change=None)  # 13,113 the year before
    assert found(judgement) == ["found-elsewhere", "reproduced"]
    assert "For April 2018 to March 2019 the release of 23 April 2026 gives 13,113" in text(
        judgement, "found-elsewhere"
    )
    assert text(judgement, "reproduced").endswith("gives 14,402; 14,402 was stated.")
    assert "for what is stated the tables give 13,113" in wording.answer(judgement)


def test_what_is_found_elsewhere_replaces_far_off_and_says_what_it_is_and_how_likely_chance_is() -> None:
    value = held("Kent", "46", "2023-04..2024-03")
    judgement = judged(offence="46", current={"value": value, "period": YEAR}, **TOTAL)
    assert (judgement.answers["figure"], judgement.verdict) == ("found-elsewhere", "found-elsewhere")
    assert "the figure for April 2023 to March 2024" in wording.answer(judgement)
    assert "by chance" in text(judgement, "found-elsewhere")
    shown = judgement.to_dict()["found_elsewhere"]
    assert shown is not None
    assert shown["period"] == "2023-04..2024-03"  # type: ignore[index]
    assert 0 < shown["chance"] <= figures.BUDGET  # type: ignore[index]


def test_chance_is_twice_the_tolerance_by_the_figures_near_over_the_spread_of_wrong_numbers() -> None:
    increase = elsewhere_of(1289)  # the first figure looked at
    assert increase is not None
    assert increase.chance == round(2 * 0.5 * 1 / (0.6 * 1289), 4)
    # Of the parts, areas, offences and years of Kent one after another those within 32% count, up to the year that is it.
    year = elsewhere_of(held("Kent", "46", "2023-04..2024-03"))
    assert year is not None
    assert year.chance == 0.0014
    assert (figures.BUDGET, figures.NEAR, figures.SPREAD, figures.CLOSE) == (
        0.05,
        0.32,
        0.6,
        0.005,
    )  # as measured


def test_the_search_ends_with_its_budget_of_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    value = held("Kent", "46", "2023-04..2024-03")
    monkeypatch.setattr(figures, "BUDGET", 0.0)
    assert elsewhere_of(value) is None
    monkeypatch.setattr(figures, "BUDGET", 0.05)
    assert elsewhere_of(value) is not None


def kind_of(value: int, period: str, **fields: Any) -> str | None:
    found = elsewhere_of(value, current={"value": value, "period": period}, **fields)
    return found.kind if found else None


def test_parts_of_up_to_two_years_are_quarters_and_of_longer_spans_years() -> None:
    quarter, year = held("Kent", "46", "2018-04..2018-06"), held("Kent", "46", BEFORE)
    assert [kind_of(quarter, f"2018-04..{last}") for last in ("2020-03", "2020-06")] == ["part", None]
    assert kind_of(year, "2018-04..2020-06") == "part"


def test_the_years_that_hold_the_months_are_parts_of_it_only_where_these_are_less_than_a_year() -> None:
    ending = held("Kent", "46", "2018-10..2019-09")
    assert [kind_of(ending, months) for months in ("2019-01..2019-09", YEAR)] == ["part", "window"]
    assert kind_of(held("Kent", "46", YEAR), "2019-04..2019-09") == "part"
    assert kind_of(held("Kent", "46", BEFORE), "2019-01..2019-03") == "part"


def test_offences_are_named_by_words_of_five_letters_or_more() -> None:
    assert [each.name for each in figures.named_in("Arson rose, and so did rape.")] == ["Arson"]


def test_an_increase_since_the_year_before_is_looked_at_up_to_a_year() -> None:
    longer = held("Kent", "46", "2018-04..2019-06") - held("Kent", "46", "2019-04..2020-06")
    assert (kind_of(1289, YEAR), kind_of(longer, "2019-04..2020-06")) == ("increase", None)
    baseline = {"period": "2017-10..2018-12"}
    stated = held("Kent", "46", "2019-04..2020-06") - held("Kent", "46", "2017-10..2018-12")
    assert kind_of(abs(stated), "2019-04..2020-06", baseline=baseline) == "increase"


def test_a_single_figure_is_found_from_34_on_below_which_one_is_chance_in_over_a_twentieth() -> None:
    found = elsewhere_of(34, area="Dyfed-Powys", offence="48", current={"value": 34, "period": "2022-04..2023-03"})
    assert found is not None
    assert (found.kind, found.chance) == ("increase", 0.049)  # 1 / (0.6 × 34)
    months = {"period": YEAR}, {"period": BEFORE}
    assert judged(area="Derbyshire", offence="burglary", current=months[0], baseline=months[1]).change.current == 5678
    assert held("Derbyshire", "burglary", BEFORE) in (5678 - 33, 5678 + 33)
    assert kind_of(33, YEAR, area="Derbyshire", offence="burglary") is None


def test_a_small_number_and_one_with_a_bound_are_looked_up_nowhere() -> None:
    assert elsewhere_of(30, area="Kent", offence="homicide") is None
    value = held("Kent", "46", "2023-04..2024-03")
    claim = claims.Claim.of(
        {k: v for k, v in (KENT | TOTAL).items() if v}
        | {"offence": "46", "current": {"value": f"at most {value // 2}", "period": YEAR}}
    )
    assert claims.judge(claim, load_register()).elsewhere is None


# --- forms ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"rate_per": {"value": 7.8, **RATE}}, "agrees"),
        ({"rate_per": {"value": 7.9, **RATE}}, "agrees-within-revision"),
        ({"rate_per": {"value": 8.4, **RATE}}, "differs"),
        ({"rate_per": {"value": 9.2, **RATE}}, "far-off"),
        ({"rate_per": {"value": 14.4, **RATE, "base": 1_000_000}}, "agrees"),
        ({"rate_per": {"value": 19.0, "per": 1000, "of": "households"}}, "agrees"),
        ({"rate_per": {"value": 14.4, "per": 1000, "of": "households"}}, "far-off"),
        ({"rate": {"value": 39, "per": "day"}}, "agrees"),
        ({"rate": {"value": 50, "per": "day"}}, "far-off"),
        ({"interval": {"every": 37, "unit": "minutes"}}, "agrees"),
        ({"interval": {"every": "about 36.5", "unit": "minutes"}}, "agrees"),
        ({"interval": {"every": 2, "unit": "hours"}}, "far-off"),
        ({"share_of": {"percent": 4.0, "of": "46 in England and Wales"}}, "agrees"),
        ({"share_of": {"percent": 5, "of": "46 in England and Wales"}}, "far-off"),
        ({"share_of": {"percent": 50, "of": "46 in Scotland"}}, "outside"),
        ({"share": {"percent": 1.7, "count": 3, "of": 200, "whole": 999999}}, "far-off"),
        ({"record": {"extreme": "highest", "since": "2003"}}, "agrees"),
        ({"record": {"extreme": "lowest", "since": "2003"}}, "far-off"),
        ({"record": {"extreme": "highest", "since": "2017-04"}}, "agrees"),
        ({"rank": {"place": 43, "by": "count"}}, "differs"),
        # Of the nation without the offences on railways, which have no residents, and as little revised as the nation's figures are.
        *(({name: {"value": value} | RATE, "area": area}, answer) for name, area in (("rate_per", "England and Wales"), ("compared_rate_per", "Kent")) for value, answer in ((6.0, "agrees"), (6.1, "differs"))),
        ({"rate_per": {"value": 6.0} | RATE, "area": "British Transport Police"}, "outside"),
        ({"baseline_rate_per": {"value": 7.2} | RATE}, "outside"),
        ({"forces_rising": {"count": 1, "of": 1}}, "outside"),  # than in no other year
        # Beyond the tables no form is held against anything.
        *(({"area": "UK", **form}, "outside") for form in (
            {"rate_per": {"value": 6.0} | RATE}, {"share_of": {"percent": 4.0, "of": "46 in England and Wales"}}, {"record": {"extreme": "highest", "since": "2003"}},
            {"rank": {"place": 1}}, {"forces_rising": {"count": 30, "of": 43}}, {"interval": {"every": 2, "unit": "hours"}},
        )),
        ({"area": "Leeds", "offence": "burglary", "share_of": {"percent": 4, "of": "burglary in England and Wales"}}, "outside"),  # not counted then
    ],
)  # fmt: skip
def test_each_form_is_held_against_the_tables(fields: dict[str, Any], answer: str) -> None:
    judgement = judged(**{"offence": "46", "current": {"period": YEAR}, "published": "2021-06-01"} | TOTAL | fields)
    assert judgement.answers["figure"] == answer, judgement.forms


@pytest.mark.parametrize(
    ("points", "answer"),
    [(0.5, "agrees"), (0.6, "agrees-within-revision"), (0.7, "differs"), (1.5, "far-off"), (-0.5, "wrong-direction")],
)
def test_points_of_a_share_are_held_against_the_shares_of_both_periods(points: float, answer: str) -> None:
    share = {"share_of": {"percent": 4.0, "of": "46 in England and Wales"}, "offence": "46"}
    months = {"current": {"period": YEAR}, "baseline": {"period": BEFORE}}
    judgement = judged(**share, **months, change={"points": points}, published="2021-06-01")
    assert (judgement.change.current, judgement.change.baseline) == pytest.approx((4.009, 3.499), abs=0.001)
    assert judgement.answers["change"] == answer
    assert (
        f"the {'rise' if points > 0 else 'fall'} of {abs(points)} percentage points"
        in wording.answer(judgement).lower()
    )
    if answer != "agrees":
        assert "the tables give 4.01% after 3.50%" in wording.answer(judgement)


WITHIN = revision.WITHIN
SHOPLIFTING = {"offence": "46", **TOTAL}
ALL = {"area": "England and Wales", "change": None}


@pytest.mark.parametrize("period", [YEAR, "2025-01..2025-06"])  # the second holds a change of definition
def test_what_the_tables_hold_nothing_against_cannot_be_checked_and_is_never_fair(period: str) -> None:
    judgement = judged(area="England", offence="robbery", current={"period": period}, rank={"place": 3}, **TOTAL)
    assert (judgement.answers["figure"], judgement.verdict) == ("outside", "not-checkable")
    assert "The tables hold nothing that 3 could be held against." in text(judgement, "not-checkable")


def form_of(**fields: Any) -> Form:
    (form,) = judged(**fields).forms
    return form


@pytest.mark.parametrize(
    ("area", "rank", "answer", "values"),
    [
        ("Cleveland", {"place": 1, "of": 43}, "agrees", {"of": 42}),  # the City of London is left out
        ("Cleveland", {"place": 2}, "differs", {}),
        ("City of London", {"place": 1}, "outside", {}),
        ("Avon and Somerset", {"place": 17}, "agrees", {}),
        ("Essex", {"place": 20}, "differs", {"revised": "31 to 32", "usual": "21 to 37"}),
        # Each place that revision leaves open is within it, and none beyond.
        *(("Cambridgeshire", {"place": place}, answer, {}) for place, answer in ((22, "differs"), (23, WITHIN), (24, WITHIN), (25, "agrees"), (26, WITHIN), (27, "differs"))),
    ],
)  # fmt: skip
def test_a_place_among_forces_says_what_revision_and_a_usual_year_leave_open(
    area: str, rank: dict[str, int], answer: str, values: dict[str, object]
) -> None:
    form = form_of(**SHOPLIFTING, area=area, current={"period": "2017-10..2018-09"}, rank=rank)
    assert (form.answer, form.values | values) == (answer, form.values)


@pytest.mark.parametrize(("by", "usual"), [("rate", "5 to 42"), ("count", "18 to 42"), ("change", "10 to 42")])
def test_a_place_of_small_counts_is_as_sure_as_half_an_offence_more_lets_it_be(by: str, usual: str) -> None:
    months = {"current": {"period": "2024-01..2024-12"}, "baseline": {"period": "2023-01..2023-12"}}
    assert form_of(area="Suffolk", offence="homicide", **months, rank={"place": 20, "by": by}).values["usual"] == usual


@pytest.mark.parametrize(
    ("area", "by", "year", "of"),
    [
        ("Kent", "count", 2015, 42),  # with Durham, which recorded none
        ("Durham", "count", 2015, None),
        ("Kent", "change", 2015, 41),  # neither to none
        ("Kent", "change", 2016, 41),  # nor from none
    ],
)
def test_a_force_without_an_offence_has_a_place_only_by_count_and_none_of_its_own(
    area: str, by: str, year: int, of: int | None
) -> None:
    now, then = ({"period": f"{start}-04..{start + 1}-03"} for start in (year, year - 1))
    fields = {"area": area, "offence": "homicide", "current": now, "baseline": then, "change": None}
    assert form_of(**fields, rank={"place": 1, "by": by}).values.get("of") == of


def test_a_forecast_whose_months_have_come_is_put_by_what_was_recorded() -> None:
    stated = {"value": 20_000, "period": "2024-04..2025-03"}
    forecast = judged(offence="46", kind="forecast", current=stated, published="2024-05-01", **TOTAL)
    assert (forecast.verdict, wording.fair_sentence(forecast)) == (
        "outside-data", "Kent Police recorded 16,847 shoplifting offences in April 2024 to March 2025.",
    )  # fmt: skip
    to_come = judged(offence="46", kind="forecast", current=stated | {"period": "2027-04..2028-03"}, **TOTAL)
    assert wording.fair_sentence(to_come) == "No figure of recorded crime exists for months to come."


def test_a_change_of_less_than_half_a_hundredth_has_no_percentage() -> None:
    months = {"current": {"period": "2024-01..2024-12"}, "baseline": {"period": "2023-01..2023-12"}}
    judgement = judged(area="Nottingham", offence="robbery", **months)
    assert (
        "recorded 570 robberies in January to December 2024 and 568 in the year before: 2 more."
        in wording.fair_sentence(judgement)
    )


def test_what_a_record_and_a_place_are_held_against_is_said() -> None:
    robbery = {"area": "Metropolitan Police", "offence": "robbery", "current": {"period": "2024-04..2025-03"}} | TOTAL
    record = judged(**robbery, record={"extreme": "lowest", "since": "2012-04"})
    assert (
        wording.answer(record)
        == "The figure is far off: the tables give 21,399 in July 2015 to June 2016 for the lowest."
    )
    assert "- Far from the tables: 21,399 in July 2015 to June 2016 is fewer than 34,300." in claim_text(record)
    bicycles = {"area": "England and Wales", "offence": "44", "current": {"period": "2024-04..2025-03"}} | TOTAL
    shorter = judged(**bicycles, record={"extreme": "lowest", "since": "2002"})
    assert "as far back as the tables count the same; further back, to January 2002, they cannot tell" in claim_text(
        shorter
    )
    place = {"area": "Northumbria", "current": {"period": "2024-04..2025-03"}, "rank": {"place": 1}}
    third = judged(**SHOPLIFTING, **place, statement="The highest rate of all forces.")
    assert wording.answer(third) == "The figure differs from the tables, which give place 3 for place 1."
    assert "as such figures vary from one year to the next: 1 to 6" in claim_text(third)
    every = judged(**SHOPLIFTING, current={"period": YEAR}, interval={"every": 2, "unit": "hours"})
    assert "the tables give one every 0.61 hours for one every 2." in wording.answer(every)


def test_forces_alike_share_the_first_of_their_places() -> None:
    fields = {"offence": "homicide", "current": {"period": "2017-04..2018-03"}} | TOTAL
    form = form_of(area="Kent", rank={"place": 17, "by": "count"}, **fields)
    assert (form.answer, form.tables) == ("agrees", "17")


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        *(({"interval": {"every": 1, "unit": unit}}, value) for unit, value in (("seconds", 2195.695), ("minutes", 36.59492), ("hours", 0.609915), ("days", 0.02541314))),
        *(({"rate": {"value": 1, "per": per}}, value) for per, value in (("day", 39.35), ("week", 275.45), ("month", 1200.17))),
    ],
)  # fmt: skip
def test_how_often_is_said_in_each_unit(fields: dict[str, Any], value: float) -> None:
    assert form_of(**SHOPLIFTING, current={"period": YEAR}, **fields).value == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize(("value", "answer"), [(4, "agrees"), (8, "agrees"), (6, "far-off")])
def test_a_rate_of_half_a_year_is_its_own_or_that_of_a_year(value: float, answer: str) -> None:
    months = {"current": {"period": "2019-04..2019-09"}}
    assert form_of(**SHOPLIFTING, **months, rate_per={"value": value} | RATE).answer == answer


@pytest.mark.parametrize(
    ("area", "offence", "period", "record", "expected"),
    [
        ("Dorset", "homicide", "2021-04..2022-03", "highest since 2017-04", ("agrees", "record-agrees", 7)),  # as high as once before
        ("Dorset", "homicide", "2021-04..2022-03", "highest since 2012", (WITHIN, "record-differs", 12)),
        ("Kent", "46", YEAR, "highest since 2012", ("agrees", "record-shorter", 14_188)),  # the highest of the years before
        ("Warwickshire", "88A", "2023-04..2024-03", "highest since 2012", ("agrees", "record-shorter", 50)),
        ("Warwickshire", "88A", "2023-04..2024-03", "highest since 2017-04", ("agrees", "record-agrees", 50)),  # from the day of the break on
        ("Kent", "9A", "2024-04..2025-03", "lowest since 2012", ("agrees", "record-shorter", 5731)),  # from the last of several breaks
        # From its month on: 9,434, and 9,528 in the year from July 2020.
        ("Kent", "46", "2020-10..2021-09", "highest since 2020-07", ("differs", "record-differs", 9_528)),
        ("Kent", "46", "2020-10..2021-09", "highest since 2020-08", ("outside", "", None)),
        # As far as like is counted.
        ("England and Wales", "88A", "2017-04..2018-03", "lowest since 2010", ("outside", "", None)),
        ("England and Wales", "88A", "2018-04..2019-03", "highest since 2010", ("agrees", "record-shorter", 5_610)),
    ],
)  # fmt: skip
def test_a_record_is_one_as_far_as_like_is_counted_though_as_much_was_counted_before(
    area: str, offence: str, period: str, record: str, expected: tuple[str, str, int | None]
) -> None:
    extreme, _, since = record.split()
    stated = {"extreme": extreme, "since": since}
    form = form_of(area=area, offence=offence, current={"period": period}, record=stated, **TOTAL)
    assert (form.answer, form.sentence, form.values.get("other")) == expected


def test_a_record_says_from_when_on_like_is_counted_and_where_the_tables_begin() -> None:
    fields = {"area": "England and Wales", "current": {"period": "2024-04..2025-03"}} | TOTAL
    assert form_of(**fields, record={"extreme": "highest", "since": "2010"}).values["since"].words == "April 2017"
    tables = judged(**fields | {"offence": "46"}, record={"extreme": "highest", "since": "2003"})
    said = "April 2012, as far back as the tables count the same; further back, to January 2003, they cannot tell"
    assert said in text(tables, "reproduced")


def test_a_force_whose_figure_stayed_the_same_did_not_rise() -> None:
    months = {"current": {"period": "2018-04..2019-03"}, "baseline": {"period": "2017-04..2018-03"}}
    form = form_of(**ALL, **months, offence="homicide", forces_rising={"count": 19, "of": 44})
    assert (form.value, form.values) == (19, {"least": 7, "most": 37})  # five stayed, and 24 would be no fewer
    for area, tables in (
        ("Wales", "0 of 4"),
        ("British Transport Police+Kent", "1 of 2"),
    ):  # each force of it, and no other
        assert (
            form_of(**months, change=None, area=area, offence="homicide", forces_rising={"count": 1, "of": 2}).tables
            == tables
        )


@pytest.mark.parametrize(
    ("count", "answer"), [(27, "differs"), (28, WITHIN), (33, "agrees"), (35, WITHIN), (36, "differs")]
)
def test_how_many_forces_rose_has_the_room_that_revision_leaves(count: int, answer: str) -> None:
    months = {"current": {"period": "2013-07..2014-06"}, "baseline": {"period": "2012-07..2013-06"}}
    assert form_of(**ALL, **months, offence="46", forces_rising={"count": count, "of": 43}).answer == answer


# --- what no field holds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "fields", "words"),
    [
        ("Burglary fell to its lowest level.", {}, ("lowest",)),
        ("A record high of 228 offences, in every town.", {}, ("record high", "every town")),
        ("Up per head of population, the third year in a row.", {}, ("per head", "in a row")),
        ("The highest since 2003.", {"record": {"extreme": "highest", "since": "2003"}}, ()),
        ("Nine a day.", {"rate": {"value": 9, "per": "day"}}, ()),
        ("Recorded offences rose to 228.", {}, ()),
    ],
)
def test_words_that_no_field_holds_are_named_and_get_no_green_light(
    statement: str, fields: dict[str, Any], words: tuple[str, ...]
) -> None:
    judgement = judged(statement=statement, **fields)
    assert wording.not_judged(judgement.claim) == words
    assert (judgement.panel == "unknown") is bool(words)
    assert judged(statement=statement, current={"value": 2280, "period": YEAR}, **TOTAL).panel not in {
        "unknown",
        "fair",
    }
    if words:
        assert f"“{words[0]}”" in wording.answer(judgement)
        assert judgement.name.endswith("some words are not judged")


# --- partnerships -------------------------------------------------------------------------------------------------------------

LEEDS = {"area": "Leeds", "offence": "burglary", "published": "2025-11-01"}


def test_a_town_is_judged_as_its_partnership_and_never_as_its_force() -> None:
    year = "2024-07..2025-06"
    answers = {
        value: judged(**LEEDS, current={"value": value, "period": year}, **TOTAL).answers["figure"]
        for value in (6536, 6600, 6900, held("West Yorkshire", "burglary", year))
    }
    assert list(answers.values()) == ["agrees", "agrees-within-revision", "differs", "far-off"]
    change = {"current": {"period": "2024-01..2024-12"}, "baseline": {"period": "2023-01..2023-12"}}
    judgement = judged(**LEEDS, **change, change={"percent": 2.3})
    assert judgement.answers["change"] == "agrees"
    assert wording.fair_sentence(judgement).startswith(
        "Police in Leeds recorded 6,664 burglaries in January to December 2024"
    )


def test_a_town_s_number_is_found_as_another_town_s_of_its_force() -> None:
    figures = judged(**LEEDS | {"area": "Bradford"}, current={"period": "2024-07..2025-06"}, **TOTAL).meant[0]
    judgement = judged(**LEEDS, current={"value": figures.given[-1][1], "period": "2024-07..2025-06"}, **TOTAL)
    assert judgement.elsewhere is not None
    assert judgement.elsewhere.area.name in {"Bradford partnership", "Bradford"}


def test_what_no_partnership_is_counted_for_is_outside() -> None:
    early = judged(**LEEDS, current={"value": 5000, "period": "2019-04..2020-03"}, **TOTAL)
    assert early.verdict == "outside-data"
    assert "January 2023 to June 2025" in wording.fair_sentence(early)
    grooming = judged(area="Leeds", current={"value": 5, "period": "2024-07..2025-06"}, **TOTAL)
    assert grooming.answers["figure"] == "outside"
    assert wording.fair_sentence(grooming) == "The tables hold no figure of child grooming offences in Leeds."
