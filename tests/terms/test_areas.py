from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import cli
from analysis.errors import RequestError
from analysis.terms import areas
from analysis.terms.areas import FORCES, NAMES, Area, Force, find, find_area

RAW = Path(__file__).parents[2] / "data" / "raw"
SPELLINGS = [(spelling, force) for force in FORCES for spelling in (force.name, *force.spellings)]


def residents(file: str) -> set[tuple[str, str]]:
    with (RAW / file).open(encoding="utf-8", newline="") as table:
        return {(row["force_code"], row["force"]) for row in csv.DictReader(table)}


def test_there_are_44_forces_in_alphabetical_order_of_which_one_has_no_area() -> None:
    assert len(FORCES) == 44
    assert list(NAMES) == sorted(NAMES)
    assert [force.name for force in FORCES if force.code is None] == ["British Transport Police"]
    assert len({force.code for force in FORCES if force.code}) == 43


def test_each_region_has_its_forces() -> None:
    assert Counter(force.region for force in FORCES) == {
        "North East": 3,
        "North West": 5,
        "Yorkshire and The Humber": 4,
        "East Midlands": 5,
        "West Midlands": 4,
        "East of England": 6,
        "London": 2,
        "South East": 5,
        "South West": 5,
        "Wales": 4,
        "Railways": 1,
    }


@pytest.mark.parametrize("file", ["residents_all-ages_rebased.csv", "residents_by-age.csv"])
def test_names_and_codes_are_those_of_the_residents_tables(file: str) -> None:
    published = residents(file)
    assert len(published) == 43
    assert {(find(name).code, find(code).name) for code, name in published} == {
        (code, find(name).name) for code, name in published
    }


@pytest.mark.parametrize("force", FORCES, ids=lambda force: force.slug)
def test_a_slug_is_plain_and_leads_back_to_its_force(force: Force) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", force.slug)
    assert find(force.slug) is force
    if force.code:
        assert find(force.code.lower()) is force


def test_no_spelling_leads_to_two_forces() -> None:
    assert all(find(spelling) is force for spelling, force in SPELLINGS)


@st.composite
def written(draw: st.DrawFn) -> tuple[str, Force]:
    """Return a spelling as someone may write it, and the force that is meant."""
    spelling, force = draw(st.sampled_from(SPELLINGS))
    ending = draw(st.sampled_from(["", " Police", " Constabulary", " POLICE SERVICE"]))
    text = "".join(draw(st.sampled_from([c.lower(), c.upper()])) for c in spelling + ending)
    if draw(st.booleans()):
        text = text.replace(" & ", " and ")
    between = draw(st.sampled_from([" ", "  ", "-", "\N{NO-BREAK SPACE}", "\t"]))
    return draw(st.sampled_from(["", " "])) + between.join(text.split(" ")) + draw(st.sampled_from(["", " "])), force


@given(written())
def test_every_spelling_is_known_in_any_case_with_or_without_police(case: tuple[str, Force]) -> None:
    text, force = case
    assert find(text) is force
    assert find_area(text) == Area.of(force)


def test_areas_count_their_forces_together() -> None:
    assert find_area("england AND wales").names == list(NAMES)
    assert len(find_area("England").forces) == 39
    assert find_area("Wales").names == ["Dyfed-Powys", "Gwent", "North Wales", "South Wales"]
    assert "British Transport Police" not in find_area("England").names


@pytest.mark.parametrize(
    ("name", "police"),
    [
        ("Metropolitan Police+West Midlands", "The Metropolitan Police and West Midlands Police"),
        ("Kent", "Kent Police"),
        ("Met", "The Metropolitan Police"),
        ("BTP", "British Transport Police"),
        ("England and Wales", "Police in England and Wales"),
        ("South East", "Police in the South East"),
        ("West Midlands region", "Police in the West Midlands region"),
        ("South Wales+Gwent", "Police in South Wales and Gwent"),
    ],
)
def test_says_who_recorded(name: str, police: str) -> None:
    assert find_area(name).police == police


def test_says_within_a_sentence_who_recorded() -> None:
    names = ["Met", "Metropolitan Police+West Midlands", "BTP", "Kent", "South East", "City of London partnership"]
    assert [find_area(name).the_police for name in names] == [
        "the Metropolitan Police", "the Metropolitan Police and West Midlands Police", "British Transport Police",
        "Kent Police", "police in the South East", "police in the City of London partnership",
    ]  # fmt: skip


def test_only_railways_and_the_city_have_no_rate_to_be_read() -> None:
    assert [f.name for f in FORCES if f.no_rate] == ["British Transport Police", "City of London"]


@pytest.mark.parametrize(
    ("name", "called", "names"),
    [
        ("Leeds", "Leeds", ["West Yorkshire"]),  # the partnership, within its force
        ("Bristol", "Bristol", ["Avon and Somerset"]),
        ("Keighley", "West Yorkshire", ["West Yorkshire"]),  # a town without a partnership
        ("Kent and Sussex", "Kent and Sussex", ["Kent", "Sussex"]),
        ("Kent, Surrey and Sussex", "Kent, Surrey and Sussex", ["Kent", "Surrey", "Sussex"]),
        ("Avon & Somerset, and Kent", "Avon and Somerset and Kent", ["Avon and Somerset", "Kent"]),
        (
            "England and Wales without Wales and BTP",
            "England and Wales without Wales and British Transport Police",
            areas.ENGLAND.names,
        ),
        ("Yorkshire", "Yorkshire", ["North Yorkshire", "South Yorkshire", "West Yorkshire"]),
        ("WMP", "West Midlands", ["West Midlands"]),
        ("tvp", "Thames Valley", ["Thames Valley"]),
        ("MPS", "Metropolitan Police", ["Metropolitan Police"]),
        ("D&C", "Devon and Cornwall", ["Devon and Cornwall"]),
        ("London", "London", ["City of London", "Metropolitan Police"]),
        ("south east", "South East", ["Hampshire", "Kent", "Surrey", "Sussex", "Thames Valley"]),
        ("West Midlands", "West Midlands", ["West Midlands"]),  # the force, not the region
        (
            "West Midlands region",
            "West Midlands region",
            ["Staffordshire", "Warwickshire", "West Mercia", "West Midlands"],
        ),
        ("Sussex+Kent", "Sussex and Kent", ["Kent", "Sussex"]),
        ("Kent + South East + kent", "Kent and South East", ["Hampshire", "Kent", "Surrey", "Sussex", "Thames Valley"]),
    ],
)
def test_an_area_is_a_force_a_region_the_force_of_a_place_or_several(name: str, called: str, names: list[str]) -> None:
    area = find_area(name)
    assert (area.name, area.names) == (called, names)


def test_bodies_that_record_fraud_are_no_forces() -> None:
    assert all(map(areas.is_fraud_body, ["CIFAS", "Cifas", "cifas ", "FFA UK", "UK Finance", "Action Fraud"]))
    assert not any(map(areas.is_fraud_body, NAMES))


def test_every_place_leads_to_the_force_that_covers_it_and_to_no_other() -> None:
    places = [(place, force) for force in FORCES for place in force.places]
    assert len(places) > 550
    assert len({areas._key(place) for place, _ in places}) == len(places)
    for place, force in places:
        try:
            area = find_area(place)
        except RequestError as error:
            assert "may mean" in str(error)  # noqa: PT017  # a county of several partnerships
            continue
        assert force in area.forces, place
        assert area.by_years or area.place == place or area.kind in {"region", "country"}, place


def test_neighbours_are_forces_and_each_is_the_others() -> None:
    near = {force.name: [find(name).name for name in force.neighbours] for force in FORCES}
    assert [name for name, others in near.items() if not others] == ["British Transport Police"]
    assert all(name in near[other] and name != other for name, others in near.items() for other in others)
    assert near["Kent"] == ["Metropolitan Police", "Surrey", "Sussex"]


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("England and Wales", "nation", "K04000001"), ("Wales", "country", "W92000004"), ("the South East", "region", "E12000008"),
        ("West Midlands", "force", "E23000014"), ("West Midlands region", "region", "E12000005"), ("Leeds", "partnership", "E22000345"),
        ("Kent+Sussex", "union", None), ("Wales without Gwent", "difference", None), ("Leeds and Bradford", "union", None),
        ("Dorset", "force", "E23000039"), ("Dorset partnership", "partnership", "E22000367"),
    ],
)  # fmt: skip
def test_an_area_says_what_it_is(name: str, kind: str, code: str | None) -> None:
    area = find_area(name)
    assert (area.kind, area.code, area.asked) == (kind, code, name)
    assert find_area(area.name) == area == find_area([area.name])  # what is printed can be asked for, and one of a list
    assert find_area(area) is area


@pytest.mark.parametrize(
    ("name", "place", "area"),
    [
        ("Leeds", "", "Leeds"),
        ("Redditch", "Redditch", "North Worcestershire"),
        ("Whitby", "Whitby", "North Yorkshire"),
        ("Kent", "", "Kent"),
        ("Huddersfield", "Huddersfield", "Kirklees"),
        ("Hull", "", "Kingston upon Hull"),
    ],
)
def test_an_area_that_is_more_than_the_town_asked_for_names_the_town(name: str, place: str, area: str) -> None:
    assert (find_area(name).place, find_area(name).name) == (place, area)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Newcastle", "may mean Newcastle upon Tyne or Newcastle-under-Lyme; ask for one of them"),
        ("North Northamptonshire", "or for Corby+East Northamptonshire+Kettering+Wellingborough together"),
        ("Richmond", "may mean Richmond upon Thames or North Yorkshire partnership"),
        (
            "Leeds and Kent",
            "Leeds is counted by year and Kent by quarter, so they are not added up; ask for West Yorkshire in place of Leeds",
        ),
        ("West Yorkshire without Leeds", "Leeds is counted by year, and is not taken away; name forces"),
        ("Wales without Kent", "Kent is no part of Wales that leaves another"),
        (["Kent", 3], "area: found 3; give a name"),
        ([], "area: found nothing; give at least one name"),
    ],
)
def test_what_may_mean_several_things_or_cannot_be_counted_together_is_refused(name: object, said: str) -> None:
    with pytest.raises(RequestError) as caught:
        find_area(name)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["Scotland", "Police Scotland", "Kent+PSNI", "the UK", "Great Britain"])
def test_what_lies_beyond_the_tables_is_said_with_where_it_is_counted(name: str) -> None:
    with pytest.raises(RequestError, match=r"is not held, as these tables are of England and Wales; .* publish"):
        find_area(name)


@pytest.mark.parametrize("name", ["London Borough of Camden", "City council of Camden", "The Camden area"])
def test_a_name_within_longer_words_is_offered(name: str) -> None:
    with pytest.raises(RequestError, match="is not known; the nearest names are Camden"):
        find_area(name)


def test_every_partnership_is_known_by_its_name_and_its_code() -> None:
    found = areas.partnerships()
    assert len(found) == 314
    for each in found:
        for name in (each.code, f"{each.name} partnership"):
            assert find_area(name).partnerships == (each,)
        assert each.force in FORCES


def test_every_name_leads_to_one_area_as_it_is_written() -> None:
    names = areas.by_name()
    assert {"Avon & Somerset", "Notts", "Scotland Yard", "Leeds", "Yorkshire", "Keighley", "South East"} <= set(names)
    assert "Newcastle" not in names
    assert all(find_area(name) == area for name, area in names.items())


class TestOwn:
    """Areas of one's own: a file of them, known to functions that are given them, and everywhere while the environment names it."""

    FILE = "name,forces\nCoastal peers,Kent;Sussex; Devon and Cornwall\nOne,Kent\n"

    def test_they_are_areas_as_any_other(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "own.csv"
        path.write_text(self.FILE)
        own = areas.load_areas(path)
        assert [(area.name, area.kind, area.code, area.names) for area in own.values()] == [
            ("Coastal peers", "union", None, ["Devon and Cornwall", "Kent", "Sussex"]),
            ("One", "union", None, ["Kent"]),
        ]
        with pytest.raises(RequestError, match="is not known"):
            areas.find_area("coastal peers")
        monkeypatch.setenv(areas.OWN, str(path))
        assert areas.find_area("coastal peers") == own["Coastal peers"]
        assert areas.find_area("Coastal peers and Essex").names == ["Devon and Cornwall", "Essex", "Kent", "Sussex"]
        assert areas.find_area("Coastal peers without Kent").names == ["Devon and Cornwall", "Sussex"]

    def test_partnerships_make_one_too(self, tmp_path: Path) -> None:
        path = tmp_path / "own.csv"
        path.write_text("name,partnerships\nTowns,Leeds+Bradford\n")
        (area,) = areas.load_areas(path).values()
        assert (area.by_years, [each.name for each in area.partnerships]) == (True, ["Bradford", "Leeds"][::-1])

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "row 1: found nothing; give a CSV with columns name, and forces or partnerships"),
            ("name,area\nA,Kent\n", "row 1: found name, area; give"),
            ("name,forces\nKent,Essex\n", "row 2: name: found 'Kent'; give a name that no area has"),
            ("name,forces\nPeers,Essex\nPeers,Kent\n", "row 3: name: found 'Peers'"),
            ("name,forces\nPeers,\n", "row 2: area: found nothing; give at least one name"),
            ("name,forces\nPeers,Kemt\n", "row 2: force: 'Kemt' is not known; the nearest names are Kent"),
            ("name,forces\nPeers,Peers\n", "row 2: force: 'Peers' is not known"),
            ("name,forces\nPeers,Kent;Leeds\n", "row 2: area: Leeds is counted by year and Kent by quarter"),
        ],
    )
    def test_what_is_wrong_is_named_by_row(self, text: str, says: str, tmp_path: Path) -> None:
        path = tmp_path / "own.csv"
        path.write_text(text)
        with pytest.raises(RequestError, match=re.escape(f"{path}: {says}")):
            areas.load_areas(path)

    def test_a_file_that_is_not_there_is_refused_and_never_left_aside(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(areas.OWN, str(tmp_path / "none.csv"))
        with pytest.raises(RequestError, match=r"none\.csv: cannot be read"):
            areas.find_area("Kent")

    def test_the_command_knows_them_and_forgets_them(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "own.csv"
        path.write_text(self.FILE)
        for words in (["compare", "Coastal peers", "--json"], ["series", "Coastal peers", "--by", "year", "--csv"]):
            assert cli.main([*words, "--areas", str(path)]) == 0
            assert "Coastal peers" in capsys.readouterr().out
            assert cli.main(words) == 2
            assert "is not known" in capsys.readouterr().err


def test_a_column_of_names_is_placed_row_by_row() -> None:
    column = pd.Series(["KENT POLICE", "Leeds", "Kemt", None], index=[9, 7, 5, 3])
    found = areas.find_areas(column)
    assert list(found.index) == [9, 7, 5, 3]
    assert found["force"].tolist() == ["Kent", "West Yorkshire", "", ""]
    assert found["why"].iloc[2] == "'Kemt' is not known; the nearest names are Kent"
    assert found["why"].astype(bool).tolist() == [False, False, True, True]
