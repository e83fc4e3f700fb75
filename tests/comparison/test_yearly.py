"""Partnerships: what is counted by year ending and not by quarter, and how a town is answered."""

import csv
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis import files, statistics
from analysis.comparison import compare
from analysis.comparison.compare import Comparison
from analysis.comparison.counts import measured
from analysis.errors import RequestError
from analysis.figures import vintages
from analysis.figures.register import load_register
from analysis.report.sentences import answer_sentence
from analysis.terms import areas, offences
from analysis.terms.areas import find_area
from analysis.terms.periods import Period

RAW = Path(__file__).parents[2] / "data" / "raw"


def codes(comparison: Comparison) -> set[str]:
    return {caveat.code for caveat in comparison.caveats}


def test_a_town_is_answered_with_its_partnership_and_what_may_be_compared_is_offered() -> None:
    leeds = compare("Leeds", offence="burglary")
    assert (leeds.area.kind, str(leeds.current.period), leeds.current.offences) == (
        "partnership",
        "2024-07..2025-06",
        6536,
    )
    assert (leeds.baseline, leeds.answer, leeds.change) == (None, None, None)
    assert answer_sentence(leeds).startswith(
        "No comparison: July 2023 to June 2024 is not held of Leeds; the years held are January"
    )
    assert leeds.instead is not None
    assert [(str(each.period), each.offences, each.release.id) for each in leeds.instead.counts] == [
        ("2024-01..2024-12", 6664, "2025-04-24"),
        ("2023-01..2023-12", 6515, "2025-04-24"),
    ]
    answer = leeds.to_dict()
    assert answer["area"] == {"name": "Leeds", "kind": "partnership", "asked": "Leeds"}
    assert answer["instead"]["baseline"] == "2023-01..2023-12"
    assert "counted-as" in codes(leeds)


def test_two_years_of_a_partnership_have_a_range_by_their_own_scatter_and_a_rate() -> None:
    leeds = compare("Leeds", offence="burglary", period="2024-01..2024-12", baseline="2023-01..2023-12")
    change, rate = leeds.change, leeds.current.rate
    assert change is not None
    assert rate is not None
    assert (change.difference, change.reading, change.common) == (149, "within-usual", None)
    assert change.detectable is not None
    assert change.detectable.more > 0.2 * 6515  # one area's burglaries move more than a force's
    assert rate.residents.people == 822_500
    assert rate.low < rate.chance.low < rate.value < rate.chance.high < rate.high
    assert "one pair of years" in " ".join(caveat.text for caveat in leeds.caveats)


def test_ranges_of_partnerships_hold_the_others_change_in_half_of_them_kept_out() -> None:
    release, random, held = vintages.publications(vintages.PARTNERSHIPS)[-1], np.random.default_rng(1), []
    for code in release.held:
        table, regimes = measured(offences.find(code), release)
        order = random.permutation(table.shape[1])
        noise = statistics.fit_noise(table[:, order[:157]], quarters=1, regimes=regimes, farthest=1)
        now, then = table[4, order[157:]], table[0, order[157:]]
        large = np.minimum(now, then) >= 50
        if noise and large.sum() > 50:
            now, then = now[large], then[large]
            rest = np.log((now.sum() - now) / (then.sum() - then))
            spread = replace(noise, groups=()).each(now, then)
            held += (np.abs(np.log(now / then) - rest) <= statistics.NORMAL * np.sqrt(spread)).tolist()
    assert len(held) > 1500
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize(
    ("asked", "offence", "kind", "name", "place"),
    [
        ("Leeds", "88A", "force", "West Yorkshire", "Leeds"),  # never by partnership
        ("Whitby", "burglary", "force", "North Yorkshire", "Whitby"),
        ("Redditch", "burglary", "partnership", "North Worcestershire", "Redditch"),
        ("Dorset", "burglary", "force", "Dorset", ""),
        ("Dorset partnership", "burglary", "partnership", "Dorset partnership", ""),
        ("Bristol", "shoplifting", "partnership", "Bristol", ""),
        ("Leeds+Bradford", "robbery", "union", "Leeds and Bradford", ""),
    ],
)
def test_what_a_name_is_answered_with(asked: str, offence: str, kind: str, name: str, place: str) -> None:
    found = compare(asked, offence=offence)
    assert (found.area.kind, found.area.name, found.area.place) == (kind, name, place)
    assert ("counted-as" in codes(found)) == bool(place or kind == "partnership" or found.area.by_years)


def test_a_union_of_partnerships_adds_them_up() -> None:
    found = [compare(name, offence="robbery") for name in ("Leeds", "Bradford", "Leeds and Bradford")]
    one, other, both = (each.current.offences for each in found)
    assert one + other == both
    forms = [next(caveat.form for caveat in each.caveats if caveat.code == "counted-as") for each in found]
    assert forms == ["partnership", "partnership", "partnerships"]


def test_of_years_that_may_be_compared_with_care_only_those_with_fewer_reasons_against_it_are_offered() -> None:
    found = compare("Metropolitan Police", offence="knife-enabled", period="2018/19", baseline="2016/17")
    assert found.reasons == {"recording-change"}  # as 2024 against 2023 has too
    assert [(str(each.current.period), each.reasons) for each in found.alternatives] == [("2019-04..2020-03", set())]


def test_a_release_by_quarter_is_answered_with_the_force() -> None:
    assert compare("Leeds", offence="burglary", release="2026-04-23").area.name == "West Yorkshire"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"period": "2024/25"},
            "Leeds is counted by year and not for 2024-04..2025-03; release 2025-04-24 has 2023-01..2023-12 and 2024-01..2024-12; release",
        ),
        (
            {"period": "2024-01..2024-12", "baseline": "2024-07..2025-06"},
            "baseline: 2024-07..2025-06 overlaps the period",
        ),
        (
            {"force": "Leeds partnership", "offence": "88A"},
            "code 88A is not counted in the table of partnerships, which has",
        ),
        (
            {"force": "Leeds partnership", "release": "2026-04-23"},
            "is counted by year and not for 2024-07..2025-06 in release 2026-04-23; release 2025-04-24 has",
        ),
        ({"force": "Newcastle"}, "may mean Newcastle upon Tyne or Newcastle-under-Lyme"),
    ],
)
def test_what_a_partnership_is_not_counted_by_is_refused_in_a_line(asked: dict[str, str], said: str) -> None:
    with pytest.raises(RequestError) as caught:
        compare(**({"force": "Leeds", "offence": "burglary"} | asked))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("place", "offence", "force", "period"),
    [
        ("Wolverhampton", "violence", "West Midlands", "2025-01..2025-12"),
        ("Northampton", "sexual-offences", "Northamptonshire", "2025-04..2025-12"),  # the law of January 2024
    ],
)
def test_where_no_years_of_a_partnership_are_alike_its_force_has_some(
    place: str, offence: str, force: str, period: str
) -> None:
    found = compare(place, offence=offence, release="latest")
    assert (found.baseline, found.answer) == (None, None)
    assert found.instead is not None
    assert (found.instead.current.area.name, str(found.instead.current.period)) == (force, period)


def test_the_quarters_of_a_partnership_are_refused() -> None:
    leeds = compare("Leeds", offence="burglary")
    with pytest.raises(RequestError, match="by year and none by quarter"):
        leeds.quarters  # noqa: B018


@pytest.mark.parametrize(("none", "is_said"), [(10, True), (9, False), (0, False)])
def test_what_no_partnership_has_is_said_where_it_is_a_hundredth_or_more(
    none: int, is_said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "unassigned" in codes(compare("Hull", offence="burglary"))
    monkeypatch.setattr(vintages, "unassigned", lambda *_: (none, 1000))
    two = compare("Hull", offence="burglary", period="2024-01..2024-12", baseline="2023-01..2023-12")
    said = [caveat.text for caveat in two.caveats if caveat.code == "unassigned"]
    assert len(said) == is_said  # of the two periods together
    assert not is_said or "Of 1,000 offences that Humberside Police recorded" in said[0]
    assert not is_said or "10 (1.0%) were assigned to no partnership" in said[0]


def test_partnerships_add_up_to_their_force() -> None:
    """But for one cell or another of Gwent and South Wales, by 1, as published."""
    newest, off = vintages.publications("partnerships")[-1], 0
    year = Period.parse("YE June 2025")
    with (RAW / "vintages.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["2025-10-23 2024-07..2025-06"]]
    assert len(rows) == 42 * 23
    for row in rows:
        _, whole = vintages.unassigned(areas.find(row["code"]), row["offence"], newest, year)
        difference = abs(whole - int(row["2025-10-23 2024-07..2025-06"]))
        assert difference == 0 or (difference == 1 and row["area"] in {"Gwent", "South Wales"})
        off += difference
    assert off <= 12


def test_every_partnership_answers_of_every_group_that_is_described() -> None:
    newest = vintages.publications("partnerships")[-1]
    for each in areas.partnerships():
        area = find_area(each.code)
        assert all(newest.figures(area, offence, newest.years[0])[0].shape == (1, 1) for offence in newest.held)
        assert newest.figures(area, "burglary", newest.years[0])[0][0, 0] >= 0


def test_knife_crime_answers_with_what_it_counts_and_how_possession_differs() -> None:
    nation = compare("England and Wales", offence="knife crime")
    assert (nation.offence.code, nation.current.offences, nation.baseline.offences) == ("knife-enabled", 54_587, 53_413)
    assert nation.answer == "with-care"  # the Metropolitan Police counted anew from April 2024
    assert [each.form for each in nation.caveats if each.code == "unexplained-step"] == ["several"]  # Sussex alone
    said = next(caveat.text for caveat in nation.caveats if caveat.code == "counted-as")
    assert "robbery" in said
    assert "10D" in said


@pytest.mark.parametrize(
    ("area", "period", "baseline", "answer"),
    [
        ("Greater Manchester", "2018/19", "2016/17", "no"),
        ("Greater Manchester", "2019/20", "2018/19", "with-care"),
        ("Sussex", "2014/15", "2013/14", "no"),
        ("Kent", "2016/17", "2015/16", "with-care"),
        ("Kent", "2012/13", "2011/12", "no"),
        ("Kent", "2024-01..2024-12", "2023-01..2023-12", "yes"),
        ("Metropolitan Police", "2024-01..2024-12", "2023-01..2023-12", "with-care"),
        ("England and Wales", "2014/15", "2013/14", "with-care"),  # of which Sussex, that counts anew, is a fiftieth
    ],
)
def test_forces_that_changed_how_they_count_knives_are_not_compared_across_it(
    area: str, period: str, baseline: str, answer: str
) -> None:
    assert compare(area, offence="knife-enabled", period=period, baseline=baseline).answer == answer


def test_no_change_by_which_a_force_came_to_count_knives_anew_passes_for_noise() -> None:
    knives = compare("England and Wales", offence="knife-enabled")
    _, regimes = measured(knives.offence, knives.release)
    years = dict(zip(range(2010, 2025), regimes[::4], strict=True))  # ending in March
    assert years[2014] != years[2015] != years[2016] != years[2017]  # Sussex, Thames Valley, Northumbria and Surrey


def test_offences_with_knives_are_counted_as_the_newest_publication_gives_them_and_the_first_is_said() -> None:
    counted = compare("England and Wales", offence="knife-enabled", period="2016/17").current
    assert (counted.offences, counted.release.id) == (39_468, "2025-04-24")
    assert [(other.id, number) for other, number in counted.others] == [("2018-07-19", 34_547)]
    older = compare("England and Wales", offence="knife-enabled", period="2016/17", release="2018-07-19").current
    assert older.offences == 34_547


def test_firearm_offences_lack_british_transport_police_and_are_offered_without() -> None:
    guns = compare("England and Wales", offence="gun crime")
    assert (guns.current.offences, guns.answer) == (None, "no")
    assert guns.instead is not None
    assert guns.instead.current.area.name == "England and Wales without British Transport Police"
    assert [each.offences for each in guns.instead.counts] == [5_252, 6_563]


def test_years_of_two_publications_of_which_a_force_lacks_one_are_answered() -> None:
    knives = compare("England and Wales", offence="knife-enabled", period="2009/10", baseline="YE June 2017")
    assert [each.release.id for each in knives.counts] == ["2025-04-24", "2018-10-18"]
    assert "not-supplied" in knives.codes
    assert knives.instead is not None
    assert len({each.release for each in knives.instead.counts}) == 1


def test_other_ways_of_looking_at_a_partnership_are_of_its_own_figures() -> None:
    years = {"period": "YE December 2024", "baseline": "YE December 2023"}
    for offence, direction in (("burglary", "more"), ("public-order-offences", "")):
        views = compare("Bristol", offence=offence, **years).views
        assert views[0].direction == direction
        assert not any(each.direction for each in views[1:])


@pytest.mark.parametrize(
    ("area", "offence", "period", "baseline"),
    [
        ("Leeds", "residential-burglary", "YE December 2024", "YE December 2023"),  # a table of no forces
        ("Watford", "theft-offences", "YE June 2025", "YE December 2023"),  # two publications
        ("West Mercia", "knife-enabled", "YE September 2019", "YE September 2017"),
        ("Staffordshire", "firearm-offences", "YE December 2024", None),  # years that do not follow each other
    ],
)
def test_what_is_said_beside_figures_by_year_is_of_years_and_areas_that_are_held(
    area: str, offence: str, period: str, baseline: str | None
) -> None:
    found = compare(area, offence=offence, period=period, baseline=baseline)
    assert (found.funnel is None) is found.area.by_years
    assert all(each.months == 12 for stretch in found.years(found.offence) for each in stretch)


def test_a_release_without_the_rows_of_a_force_answers_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    held = load_register()
    newest = held.release("2026-04-23")
    lines = (newest.folder / newest.table.file).read_bytes().splitlines(keepends=True)
    content = b"".join(line for line in lines if b",British Transport Police," not in line)
    monkeypatch.setattr("analysis.figures.register.verified", lambda _: content)
    register = replace(held, releases=(replace(newest, table=replace(newest.table, sha256=files.sha256(content))),))
    for module in ("compare", "counts"):
        monkeypatch.setattr(sys.modules[f"analysis.comparison.{module}"], "load_register", lambda: register)
    assert compare("Kent", offence="burglary").answer == "yes"
    nation = compare("England and Wales", offence="burglary")
    assert (nation.current.offences, nation.answer) == (None, "no")
    assert nation.instead is not None
    assert nation.instead.current.area.name == "England and Wales without British Transport Police"
    assert nation.instead.answer == "yes"
    direct = compare("England and Wales without British Transport Police", offence="burglary")
    assert direct.current.offences == nation.instead.current.offences


def test_what_one_publication_counted_too_few_of_is_said_of_it_and_of_no_other() -> None:
    leicester = compare("Leicester", offence="burglary", period="2024-01..2024-12")
    assert (leicester.answer, leicester.reasons) == ("with-care", {"late-supply"})
    assert "late-supply" not in codes(
        compare("Leicestershire", offence="burglary", period="2024-01..2024-12", release="2026-04-23")
    )
    assert "late-supply" not in codes(compare("Derby", offence="burglary", period="2024-01..2024-12"))
