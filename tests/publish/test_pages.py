"""Which pages there are, where they stand, and which may stand beside each other."""

from __future__ import annotations

import json

import official
import pytest

from analysis import publish
from analysis.errors import RequestError
from analysis.figures import added
from analysis.publish import building
from analysis.terms import areas, offences

RELEASE = "2026-04-23"


def names(**asked):
    return [page.name for page in publish.request(release=RELEASE, **asked).table]


def test_the_default_makes_forces_the_country_reviewed_offences_claims_methods_and_breaks():
    table = names()
    assert len([name for name in table if name.startswith("forces/")]) == 44
    assert {name.partition("/")[0] for name in table} == {
        "forces", "england-and-wales", "offences", "claims", "methods", "breaks",
    }  # fmt: skip
    reviewed = [offence for offence in offences.listed() if offence.reviewed and offence.code != "88A"]
    assert [name for name in table if name.startswith("offences/")] == [f"offences/{each.slug}" for each in reviewed]
    assert len(reviewed) >= 10


def test_another_offence_has_pages_of_its_own():
    assert names(force_names=["Kent"], offence="burglary") == ["forces/kent/burglary"]
    assert names(force_names=["England and Wales"], offence="knife") == ["offences/10d"]
    assert names(force_names=["England and Wales"]) == ["england-and-wales"]
    (page,) = publish.request(force_names=["Kent"], offence="burglary", release=RELEASE).table
    assert page.slug == "kent_burglary"
    assert page.top == "../../"


def test_no_two_pages_share_a_file():
    pages = publish.request(release=RELEASE).table
    stems = [page.slug for page in pages]
    stems += [
        f"kent_{offence.slug}"
        for offence in offences.known().values()
        if not (offence.outcomes_only or offence.national or offence.part_of) and offence.code != "88A"
    ]
    assert len(stems) == len(set(stems))


def test_a_matrix_takes_codes_and_families_and_tells_them_apart(tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text("force,offence\nKent,4.4\nKent,burglary\nKent,shoplifting\n")
    pages = publish.matrix_request(rows, release=RELEASE, period="2024/25").table
    assert [page.parameters.offence for page in pages] == ["4.4", "burglary", "46"]
    assert len({page.name for page in pages}) == 3


def test_a_code_that_an_added_workbook_alone_holds_has_pages_too(tmp_path, monkeypatch):
    monkeypatch.setitem(official.OFFENCES, "999", ("Something new", "Sexual offences", "Other sexual offences"))
    book = official.ods(tmp_path / "tables-221026.ods", official.years(2024, 2025, forces=areas.NAMES))
    release = added.add(book, as_it_is=True).release.id
    rows = tmp_path / "rows.csv"
    rows.write_text("force\nKent\n")
    asked = {"offence": "999", "release": release}
    pages = publish.request(force_names=["Kent", "England and Wales"], **asked).table
    assert [page.name for page in pages] == ["forces/kent/999", "offences/999"]
    (page,) = publish.matrix_request(rows, **asked).table
    assert page.name == "pages/kent_999_2025-04-2026-03_2024-04-2025-03_2026-10-22"


def test_an_offence_that_no_force_records_is_refused():
    with pytest.raises(RequestError, match="national body"):
        publish.request(force_names=["Kent"], offence="AF", release=RELEASE)


class _Kept:
    """A folder's manifest, as far as a request asks it."""

    def __init__(self, folder, pages, about):
        self.folder, self.pages, self.about = folder, pages, about


def test_pages_of_another_offence_stand_beside_those_of_the_same_periods(tmp_path):
    site = publish.request(release=RELEASE)
    wanted = publish.request(force_names=["Kent"], offence="burglary", release=RELEASE)
    kept = _Kept(tmp_path, {"forces/kent": {}}, {"parameters": json.loads(json.dumps(site.parameters))})
    beside = building._beside(kept, wanted)
    assert beside.parameters == site.parameters
    assert beside.table == wanted.table
    *_, index = beside.beside_each_other({"forces/kent"})
    assert index.parameters.offence == "88A"
    other = publish.request(force_names=["Kent"], offence="burglary", period="2019/20", release=RELEASE)
    assert building._beside(kept, other) == other  # and is refused, since the folder holds other periods


def test_a_page_leads_only_to_pages_that_are_there_and_says_what_makes_it_so():
    site = publish.request(release=RELEASE)
    few = {page.name: page for page in site.beside_each_other({"forces/kent", "forces/surrey", "england-and-wales"})}
    assert few["forces/kent"].links == {
        "": {"index": "All forces", "england-and-wales": "England and Wales"},
        "Neighbouring forces": {"forces/surrey": "Surrey"},
        "This offence": {"england-and-wales": "England and Wales"},
    }
    assert few["index"].links == {"": {"england-and-wales": "England and Wales"}}
    every = {page.name for page in site.table}
    linked = [name for page in site.beside_each_other(every) for group in page.links.values() for name in group]
    assert set(linked) == every - {name for name in every if name.endswith(("british-transport-police",))} | {"index"}
    assert {page.command for page in site.beside_each_other(every)} == {
        "analysis build --period 2025-01..2025-12 --baseline 2024-01..2024-12 --offence 88A --release 2026-04-23"
    }


def test_one_page_alone_is_made_again_alone_and_beside_all_others_with_them():
    kent = publish.request(force_names=["Kent"], release=RELEASE)
    (alone, _), (beside, _) = (
        kent.beside_each_other(present)
        for present in ({"forces/kent"}, {page.name for page in publish.request(release=RELEASE).table})
    )
    assert alone.command.startswith('analysis build --force "Kent" --period')
    assert (alone.links, beside.command) == ({"": {"index": "All forces"}}, beside.command.replace("--force", ""))
    assert "forces/surrey" in beside.links["Neighbouring forces"]
