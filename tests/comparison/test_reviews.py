"""What the reviews of the big groups change: each answer by a question that a newspaper may ask."""

from __future__ import annotations

import csv

import pytest

from analysis import files
from analysis.comparison import Comparison, compare
from analysis.errors import RequestError
from analysis.figures.register import load_register
from analysis.terms import breaks, offences

NEWEST = "2026-04-23"


def of(area: str, offence: str, period: str = "2025-01..2025-12", baseline: str = "2024-01..2024-12") -> Comparison:
    return compare(area, offence=offence, period=period, baseline=baseline, release=NEWEST)


def weights(found: Comparison, code: str) -> list[str]:
    return [caveat.weight for caveat in found.caveats if caveat.code == code]


@pytest.mark.slow
def test_at_least_nine_in_ten_offences_recorded_in_2025_have_an_answer() -> None:
    counted = {"yes": 0, "with-care": 0, "not-known": 0, "no": 0}
    for code in offences.known()["total"].codes:
        if load_register().release(NEWEST).holds(code):
            found = of("England and Wales", code)
            counted[found.answer or "no"] += found.current.offences or 0
    assert counted["yes"] + counted["with-care"] > 0.9 * sum(counted.values())


@pytest.mark.parametrize(
    ("area", "offence", "period", "baseline", "answer"),
    [
        ("England and Wales", "burglary", "2025-01..2025-12", "2024-01..2024-12", "yes"),
        (
            "England and Wales",
            "violence-with-injury",
            "2025-01..2025-12",
            "2024-01..2024-12",
            "with-care",
        ),  # a new system in London
        ("England and Wales", "total", "2025-01..2025-12", "2024-01..2024-12", "with-care"),
        ("England and Wales", "total", "2023/24", "2022/23", "no"),  # the rule of May 2023
        ("England and Wales", "drug-offences", "2025-01..2025-12", "2024-01..2024-12", "with-care"),
        ("England and Wales", "public-order-offences", "2016/17", "2015/16", "no"),  # recording grew in every quarter
        ("England and Wales", "public-order-offences", "2013/14", "2012/13", "with-care"),
        ("England and Wales", "public-order-offences", "2022/23", "2013/14", "no"),  # before a span with after it
        (
            "Northumbria",
            "criminal-damage",
            "2021/22",
            "2019/20",
            "with-care",
        ),  # a gap between, and its own two sides are alike
        ("Northumbria", "criminal-damage", "2020/21", "2019/20", "no"),  # the gap itself
        ("British Transport Police", "88A", "2025-01..2025-12", "2024-01..2024-12", "not-known"),  # 0 and 0
        ("England and Wales", "rape", "2024/25", "2018/19", "with-care"),  # recording improved between
    ],
)
def test_what_was_reviewed_is_answered(area: str, offence: str, period: str, baseline: str, answer: str) -> None:
    assert of(area, offence, period, baseline).answer == answer


def test_robbery_is_not_compared_across_april_2025_and_robbery_of_persons_is_offered() -> None:
    for code in ("34A", "robbery"):
        found = of("England and Wales", code)
        assert found.answer == "no"
        assert found.instead is not None
        assert (found.instead.current.offence.code, found.instead.answer) == ("34B", "yes")


@pytest.mark.parametrize(
    ("area", "period", "baseline", "counts", "rest", "reading"),
    [
        ("Essex", "2020/21", "2019/20", (17, 60), "21 in April 2019", None),  # 39 in a lorry; the rest is under 50
        ("South Yorkshire", "2016/17", "2015/16", (113, 14), "17 in April 2016", None),  # 96 at Hillsborough
        ("Yorkshire and The Humber", "2016/17", "2015/16", (153, 55), "57 in April 2016", "within-usual"),
        ("England and Wales", "2016/17", "2015/16", (709, 577), "613 in April 2016", "within-usual"),
        ("Greater Manchester", "2017/18", "2016/17", (81, 54), "59 in April 2017", "within-usual"),
    ],
)
def test_an_event_whose_number_is_known_is_left_out_of_the_reading(
    area: str, period: str, baseline: str, counts: tuple[int, int], rest: str, reading: str | None
) -> None:
    found = of(area, "homicide", period, baseline)
    assert tuple(each.offences for each in found.counts) == counts
    assert found.change is not None
    assert (found.change.difference, found.change.reading) == (counts[0] - counts[1], reading)
    assert rest in next(caveat.text for caveat in found.caveats if caveat.code == "event")


def test_an_event_that_is_a_small_part_of_a_count_is_neither_left_out_nor_told() -> None:
    found = of("Essex", "violence-against-the-person", "2020/21", "2019/20")  # the lorry's 39 are in some 64,000
    now, then = (each.offences for each in found.counts)
    assert now
    assert then
    assert found.change
    assert found.change.percent == pytest.approx(100 * (now / then - 1))
    assert not [caveat for caveat in found.caveats if "lorry" in caveat.text]


@pytest.mark.parametrize(
    ("area", "offence", "is_told"),
    [
        ("Merseyside", "criminal damage", True),
        ("Surrey", "criminal damage", False),
        ("South West", "violence without injury", False),
    ],
)
def test_the_share_of_an_event_within_a_quarter_is_of_the_whole_quarters_around_it(
    area: str, offence: str, is_told: bool
) -> None:
    found = of(area, offence)  # the disorder of July and August 2024; of five quarters its own made one
    assert ("event" in [caveat.code for caveat in found.caveats]) is is_told


def test_an_event_whose_number_is_not_known_leaves_no_reading() -> None:
    found = of("England and Wales", "35", "2018/19", "2017/18")  # a wave of e-mails
    assert found.like_for_like
    assert found.change is not None
    assert (found.change.reading, found.change.percent) == (None, None)


def test_a_force_that_left_the_others_course_is_compared_with_care_and_the_nation_is_not_touched() -> None:
    assert weights(of("Devon and Cornwall", "8Q"), "force-departs") == ["care"]
    assert weights(of("England and Wales", "8Q"), "force-departs") == []
    assert weights(of("Devon and Cornwall", "8Q", "2024/25", "2023/24"), "force-departs") == []  # it lies after both


def test_how_fully_a_force_recorded_is_said_where_it_moved() -> None:
    found = of("Kent", "violence-against-the-person", "2019/20", "2015/16")
    said = [caveat.text for caveat in found.caveats if caveat.form == "quality"]
    assert len(said) == 1
    assert "83.6%" in said[0]
    assert "96.6%" in said[0]
    assert breaks.inspections("Essex")[-1].percent == 95.8


def test_a_change_in_few_forces_is_a_note_for_the_nation_and_forbids_in_their_own() -> None:
    nation, derbyshire = (of(area, "105A", "2019/20", "2018/19") for area in ("England and Wales", "Derbyshire"))
    assert derbyshire.answer == "no"
    assert "Derbyshire" in " ".join(caveat.text for caveat in nation.caveats if caveat.weight == "note")


def test_a_blank_of_a_small_code_is_a_note_in_every_pair() -> None:
    for baseline in ("2012/13",):
        found = of("South West", "sexual-offences", "2013/14", baseline)
        assert found.like_for_like
        assert weights(found, "not-supplied") == ["note"]


def test_what_no_source_explains_is_never_a_plain_yes() -> None:
    found = of("England and Wales", "46", "2023/24", "2021/22")
    assert "unexplained-step" in found.reasons
    assert found.answer == "with-care"
    assert of("England and Wales", "49A").answer == "no"  # 40 of 44 forces fell in one quarter


@pytest.mark.parametrize(
    ("words", "closest"),
    [
        ("hate crime", "racially-or-religiously-aggravated"),
        ("ASB", "public-order-offences"),
        ("antisocial behaviour", "public-order-offences"),
        ("domestic abuse", "8U"),
        ("phone theft", "39"),
        ("youth violence", "knife-enabled"),
        ("antisemitic hate crime", "racially-or-religiously-aggravated"),
        ("county lines", "92A"),
        ("modern slavery victims", "106"),
        ("revenge porn", "88C"),
        ("speeding", "802"),
        ("child exploitation", "child-sexual-offences"),
    ],
)
def test_what_the_tables_do_not_hold_is_said_with_what_comes_closest(words: str, closest: str) -> None:
    with pytest.raises(RequestError, match=f"is not held here.*comes closest: {closest}"):
        of("Kent", words)


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("burgalry", r"the nearest are burglary \(Burglary\)$"),
        ("robery", r"the nearest are robbery \(Robbery\)$"),
        ("jewellery robbery", r"the nearest are robbery \(Robbery\)$"),
        ("theft from a shop", r"the nearest are 46 \(Shoplifting\)$"),
        ("vapes", "lists all"),  # and not rape
        ("zzz", "lists all"),
    ],
)
def test_a_word_that_nobody_knows_names_only_what_it_may_mean(words: str, near: str) -> None:
    with pytest.raises(RequestError, match=near):
        of("Kent", words)


@pytest.mark.parametrize(
    "words", ["FGM", "fly-tipping", "spiking", "charge by force", "missing people", "homophobic crime"]
)
def test_where_nothing_held_is_like_it_nothing_is_offered(words: str) -> None:
    with pytest.raises(RequestError, match=r"is not held here.*; these tables hold nothing like it$"):
        of("Kent", words)


def test_what_is_not_held_names_what_is() -> None:
    listed = offences._document().not_held
    names = [name.casefold() for each in listed for name in each.names]
    assert len(names) == len(set(names))
    assert not {each for entry in listed for each in entry.closest} - offences.known().keys()
    assert not [name for name in names if offences.by_name().get(offences.key(name))]


def test_the_total_is_that_of_the_office_for_national_statistics() -> None:
    with files.shipped("data", "raw", "vintages.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["offence"] == "total"]
    name = "2025-04-24 2024-01..2024-12"
    apart = []
    for row in rows:
        found = compare(row["area"], offence="total", period="2024-01..2024-12", release=NEWEST).current.offences
        assert found is not None
        apart.append(abs(found / int(row[name]) - 1))
    assert len(rows) == 44
    assert sorted(apart)[len(apart) // 2] < 0.01  # revised by a year
    assert max(apart) < 0.05
