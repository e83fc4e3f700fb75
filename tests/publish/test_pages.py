"""Which pages there are, where they stand, and which may stand beside each other."""

from __future__ import annotations

import json

import jsonschema
import made
import official
import pytest

from analysis import check, publish
from analysis.claims import judge_all, shipped
from analysis.cli import main
from analysis.errors import RequestError
from analysis.figures import added
from analysis.publish import rendering as besides
from analysis.publish import request
from analysis.publish.building import Inputs
from analysis.publish.pages import answered_offences
from analysis.report import addresses
from analysis.terms import areas, offences

RELEASE = "2026-04-23"


def names(**asked):
    return [page.name for page in publish.request(release=RELEASE, **asked).table if page.notebook != "answers"]


def answers(**asked):
    return [page for page in publish.request(release=RELEASE, **asked).table if page.notebook == "answers"]


def test_the_default_makes_a_report_and_one_offence_in_depth_of_each_force_and_reviewed_offences():
    table = names()
    assert len([name for name in table if name.count("/") == 1 and name.startswith("forces/")]) == 44
    assert len([name for name in table if name.endswith("/88a") and name.startswith("forces/")]) == 44
    assert {name.partition("/")[0] for name in table} == {
        "index", "changes", "data", "forces", "england-and-wales", "offences", "claims", "methods", "breaks",
    }  # fmt: skip
    reviewed = [offence for offence in offences.listed() if offence.reviewed]
    assert [name for name in table if name.startswith("offences/")] == [f"offences/{each.slug}" for each in reviewed]
    assert len(reviewed) >= 10


def test_another_offence_has_pages_of_its_own():
    assert names(force_names=["Kent"], offence="burglary") == [
        "forces/kent", "forces/kent/burglary", "forces/kent/88a",
    ]  # fmt: skip
    several = names(force_names=["Kent"], offence=["burglary", "robbery"])
    assert several == ["forces/kent", "forces/kent/burglary", "forces/kent/robbery", "forces/kent/88a"]
    reviewed = [offence.slug for offence in offences.with_pages()]
    assert {f"forces/kent/{slug}" for slug in reviewed} < set(names(everything=True))
    assert "offences/10d" in names(force_names=["England and Wales"], offence="knife")
    _, page, *_ = publish.request(force_names=["Kent"], offence="burglary", release=RELEASE).table
    assert page.slug == "kent_burglary"
    assert page.top == "../../"


def test_answers_for_programs_are_made_for_every_area_and_of_some_forces_for_these():
    made = answers()
    assert {"answers/index", "answers/england-and-wales", "answers/south-east", "answers/kent"} <= {
        p.name for p in made
    }
    assert len(made) == 1 + len(areas.AREAS) + 44
    assert [page.name for page in answers(force_names=["Kent"])] == ["answers/kent"]
    leeds, kent = (answered_offences(RELEASE, areas.find_area(name)) for name in ("Leeds", "Kent"))
    assert 15 < len(leeds) < len(kent)  # of fewer offences partnerships are counted


def test_of_some_forces_no_page_of_a_partnership_is_worked_out(monkeypatch):
    monkeypatch.setattr(areas, "partnerships", lambda: pytest.fail("worked out"))
    assert "answers/kent" in {page.name for page in answers(force_names=["Kent"], everything=True)}


def test_an_answer_is_what_the_command_says_and_fits_the_schema_beside_it(capsys):
    (kent,) = answers(force_names=["Kent"], period="2024/25")
    files = besides.answers(kent.parameters)
    assert (
        main(["compare", "Kent", "--offence", "burglary", "--period", "2024/25", "--release", RELEASE, "--json"]) == 0
    )
    assert files["answers/kent/burglary.json"].decode() == capsys.readouterr().out
    index = besides.answers(answers(period="2024/25")[0].parameters)
    schema = jsonschema.Draft202012Validator(json.loads(index["schema/compare.json"]))
    for content in files.values():
        schema.validate(json.loads(content))
    article = check("Kent Police recorded 16,847 shoplifting offences in 2024/25.", published="2025-07-24")
    jsonschema.Draft202012Validator(json.loads(index["schema/check.json"])).validate(article.to_dict())
    listed = json.loads(index["answers/index.json"])
    (area,) = (each for each in listed["areas"] if each["name"] == "Kent")
    assert set(area["answers"].values()) == files.keys()
    assert (listed["release"], listed["period"], listed["schema"]) == (RELEASE, "2024-04..2025-03", 3)
    assert area["kind"] == "force"
    assert {"code": "88A", "name": offences.known()["88A"].name} in listed["offences"]
    assert index.keys() == {"answers/index.json", *(f"schema/{name}.json" for name in ("compare", "claims", "check"))}
    claimed = [each.to_dict() for each in judge_all(shipped()[:2])]
    jsonschema.Draft202012Validator(json.loads(index["schema/claims.json"])).validate(claimed)


def test_no_two_pages_share_a_file():
    stems = [addresses.stem(name) for name in names()]
    stems += [
        f"kent_{offence.slug}"
        for offence in offences.known().values()
        if not (offence.outcomes_only or offence.national or offence.part_of) and offence.code != "88A"
    ]
    assert len(stems) == len(set(stems))


def test_a_matrix_takes_codes_and_families_and_tells_them_apart(tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text("force,offence\nKent,4.4\nKent,burglary\nKent,shoplifting\n")
    wanted = publish.matrix_request(rows, release=RELEASE, period="2024/25")
    assert [page.name for page in wanted.table] == ["forces/kent/4-dot-4", "forces/kent/burglary", "forces/kent/46"]
    assert wanted.is_subset  # of the site's pages


def test_rows_of_a_matrix_that_differ_in_their_periods_have_names_that_tell(tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text("force,offence,period\nKent,burglary,2024/25\nKent,burglary,2023/24\nKent,4.4,2023/24\n")
    wanted = publish.matrix_request(rows, release=RELEASE)
    assert [page.parameters["offence"] for page in wanted.table] == ["burglary", "burglary", "4.4"]
    assert len({page.name for page in wanted.table}) == 3
    assert not wanted.is_subset


def test_a_code_that_an_added_workbook_alone_holds_has_pages_too(tmp_path, monkeypatch):
    monkeypatch.setitem(official.OFFENCES, "999", ("Something new", "Sexual offences", "Other sexual offences"))
    book = official.ods(tmp_path / "tables-221026.ods", official.years(2024, 2025, forces=areas.NAMES))
    release = made.held(added.add(book, as_it_is=True)).id
    rows = tmp_path / "rows.csv"
    rows.write_text("force\nKent\n")
    asked = {"offence": "999", "release": release}
    pages = publish.request(force_names=["Kent", "England and Wales"], **asked).table
    assert {"forces/kent/999", "offences/999"} <= {page.name for page in pages}
    (page,) = publish.matrix_request(rows, **asked).table
    assert page.name == "forces/kent/999"


def test_an_offence_that_no_force_records_is_refused():
    with pytest.raises(RequestError, match="national body"):
        publish.request(force_names=["Kent"], offence="AF", release=RELEASE)


def test_a_page_leads_only_to_pages_that_are_there_and_says_what_makes_it_so():
    site = publish.request(release=RELEASE)
    present = {"forces/kent", "forces/surrey", "england-and-wales", "forces/kent/88a", "forces/surrey/88a"}
    few = {page.name: page for page in site.beside_each_other(present)}
    assert few["forces/kent"].links == {
        "": {"england-and-wales": "England and Wales"},
        "This force": {"forces/kent/88a": "Sexual grooming"},
        "Neighbouring forces": {"forces/surrey": "Surrey"},
    }
    assert few["forces/kent/88a"].links["This force"] == {"forces/kent": "Kent: all offences"}
    assert set(few["forces/kent"].present) == present - {"forces/surrey/88a"}
    assert set(few["index"].present) == present
    every = set(names())
    linked = {
        (page.name, name) for page in site.beside_each_other(every) for group in page.links.values() for name in group
    }
    assert every - {name for _, name in linked} == set()
    assert not [name for name in every if (name, name) in linked]


def test_a_page_leads_to_no_answers_own_pages_or_what_stands_where_none_is():
    named = ["forces/kent", "index", "answers/kent", "own/mine/kent", "404"]
    (index,) = (page for page in publish.request(release=RELEASE).beside_each_other(named) if page.name == "index")
    assert index.present == ("forces/kent", "index")


def test_a_report_of_a_force_has_a_briefing_where_it_is_printed():
    wanted = publish.request(force_names=["Kent"], release=RELEASE)
    for request_, briefed in ((wanted, []), (wanted.on_paper("1"), ["forces/kent"])):
        assert [page.name for page in request_.table if page.has_briefing] == briefed


def test_the_search_knows_of_which_offences_every_force_has_a_page():
    site = publish.request(release=RELEASE)
    every = site.names
    (index,) = (page for page in site.beside_each_other(every | {"forces/kent/burglary"}) if page.name == "index")
    assert index.depth == ["88a"]


def test_an_open_link_leads_to_the_first_page_that_is_there_or_nowhere():
    link = '<a data-page="forces/kent/46|offences/46#top">Shoplifting</a>'
    assert addresses.linked(link, {"offences/46"}, "../") == '<a href="../offences/46.html#top">Shoplifting</a>'
    assert addresses.linked(link, {"forces/kent/46", "offences/46"}).startswith('<a href="forces/kent/46.html">')
    assert addresses.linked(link, set()) == "<a>Shoplifting</a>"


def test_an_area_of_ones_own_has_pages_and_its_file_is_part_of_their_identity(tmp_path, monkeypatch):
    path = tmp_path / "own.csv"
    path.write_text("name,forces\nCoastal peers,Kent;Sussex\n")
    with pytest.raises(RequestError, match="is not known"):
        request(force_names=["Coastal peers"], release="2026-04-23")
    monkeypatch.setenv("ANALYSIS_AREAS", str(path))
    wanted = request(force_names=["Coastal peers"], offence="burglary", release="2026-04-23")
    names = ["forces/coastal-peers", "forces/coastal-peers/burglary", "forces/coastal-peers/88a"]
    assert [page.name for page in wanted.table] == names
    before = [Inputs.read().digest(page) for page in wanted.table]
    path.write_text("name,forces\nCoastal peers,Kent;Essex\n")
    assert not {Inputs.read().digest(page) for page in wanted.table} & set(before)


def test_of_a_town_it_is_told_whose_page_is_made_though_a_build_be_quiet(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(publish, "build", lambda *_, **__: publish.Outcome())
    words = ["--force", "Kent", "--force", "Brighton", "--output", str(tmp_path / "none")]
    assert main(["build", "-q", *words]) == 0
    assert capsys.readouterr() == ("", "analysis: --force Brighton: the page is that of Sussex\n")
