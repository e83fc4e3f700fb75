from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import broken.documents
import pytest

from analysis import files, reader
from analysis.comparison import resolve_periods
from analysis.errors import RequestError
from analysis.figures import register
from analysis.figures.register import (
    load_added,
    load_register,
    provisional_from,
    require_held,
    save_added,
)
from analysis.terms.periods import Period

ENTRY = broken.documents.ENTRY | {
    "offences": {
        "71": {"name": "Abuse", "covers": "2012-04..2013-03"},
        "88A": {"name": "Grooming", "covers": "2012-04..2026-03"},
        "999": {"name": "A new offence", "covers": "2025-04..2026-03"},
    },
}


def write(store: Path, *entries: dict[str, object], **other: object) -> None:
    path = store / "raw" / "added" / "register.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"attribution": "a", "releases": entries} | other), encoding="utf-8")


def ids() -> list[str]:
    return [release.id for release in load_register().releases]


@pytest.mark.usefixtures("store")
def test_holds_what_is_shipped_where_nothing_was_added() -> None:
    assert ids() == ["before-2019-08", "2019-outcomes", "2023-10-19", "2026-04-23"]
    assert load_register().release("latest").id == "2026-04-23"
    assert load_added().releases == ()


def test_the_newest_full_release_is_the_latest_whoever_holds_it(store: Path) -> None:
    write(store, ENTRY, ENTRY | {"id": "2027-01-21", "released": "2027-01-21", "kind": "partial"})
    assert ids()[-2:] == ["2026-07-23", "2027-01-21"]
    assert load_register().release("latest").id == "2026-07-23"


def test_an_older_workbook_stands_where_its_date_puts_it(store: Path) -> None:
    write(store, ENTRY | {"id": "2024-10-24", "released": "2024-10-24"})
    assert ids() == ["before-2019-08", "2019-outcomes", "2023-10-19", "2024-10-24", "2026-04-23"]
    assert [release.order for release in load_register().releases] == [1, 2, 3, 4, 5]
    assert load_register().release("latest").id == "2026-04-23"


def test_an_added_workbook_stands_in_for_the_shipped_release_of_its_date(store: Path) -> None:
    write(store, ENTRY | {"id": "2026-04-23", "released": "2026-04-23"})
    assert ids().count("2026-04-23") == 1
    assert load_register().release("2026-04-23").is_added


def test_sees_that_the_register_was_written_again(store: Path) -> None:
    write(store, ENTRY)
    assert "2026-07-23" in ids()
    save_added(replace(load_added(), releases=()))
    assert "2026-07-23" not in ids()


def test_what_is_saved_is_what_is_loaded(store: Path) -> None:
    write(store, ENTRY)
    before = reader.plain(load_added())
    save_added(load_added())
    assert reader.plain(load_added()) == before


def test_a_release_speaks_of_an_offence_only_where_it_has_rows() -> None:
    release = load_register().release("2026-04-23")
    assert str(release.span("28A")) == "2012-04..2017-03"
    assert str(release.span("88a")) == "2012-04..2025-12"
    periods = resolve_periods(release, release.offence("28A"), None, None)
    assert [str(period) for period in periods] == ["2016-04..2017-03", "2015-04..2016-03"]
    # That it was not counted then is for the comparison to say.
    require_held(release, "28A", Period.parse("2018/19"))
    with pytest.raises(RequestError, match=r"covers 2012-04\.\.2025-12 and does not hold 2026-04\.\.2027-03 whole; no"):
        require_held(release, "28A", Period.parse("2026/27"))


def test_a_code_that_only_a_workbook_has_is_called_what_the_workbook_calls_it(store: Path) -> None:
    write(store, ENTRY)
    assert load_register().release("latest").offence(" 999").name == "A new offence"
    assert load_register().release("latest").holds("999")
    assert not load_register().release("2026-04-23").holds("999")
    with pytest.raises(RequestError, match="offence: '999' is not known"):
        load_register().release("2026-04-23").offence("999")


def test_a_family_is_held_where_all_its_codes_are_that_were_counted_then(store: Path) -> None:
    write(store, ENTRY)
    assert not load_register().release("latest").holds("sexual-offences")
    held = [release.id for release in load_register().releases if release.holds("homicide")]
    assert held == ["before-2019-08", "2023-10-19", "2026-04-23"]  # the first has it as one code
    with pytest.raises(RequestError, match=r"no code '71/17', which counts it within 88A; it holds 71, 88A, 999$"):
        load_register().release("latest").offence("71/17")
    with pytest.raises(RequestError, match="no code 'AF' by force, since a national body records it; it holds 1, "):
        load_register().release("2026-04-23").offence("AF")


def test_lists_no_more_than_a_dozen_codes(store: Path) -> None:
    write(store, ENTRY | {"offences": {f"x{n}": {"name": "x", "covers": "2012-04..2026-03"} for n in range(20)}})
    with pytest.raises(RequestError, match=r"holds no code '88A'; it holds (x\d+, ){11}x\d+ and 8 more codes$"):
        load_register().release("latest").offence("88A")


def test_a_register_that_version_0_2_wrote_is_read(store: Path) -> None:
    write(store, ENTRY | {"table": ENTRY["table"] | {"rows": 3}}, provisional_quarters=3)
    assert str(provisional_from(load_register().release("2026-07-23"))) == "2025-01..2026-03"


def test_verified_refuses_a_file_that_was_touched(store: Path) -> None:
    write(store, ENTRY)
    release = load_register().release("latest")
    with pytest.raises(RequestError, match=r"^a.ods: missing from added/; add the workbook again"):
        register.verified(release)
    files.write_whole(release.folder / "a.ods", b"touched")
    with pytest.raises(RequestError, match=r"^a.ods: its SHA-256 is .* the register says 000000000000"):
        register.verified(release)


def test_a_damaged_table_is_an_error_and_not_an_offence_that_is_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = load_register().release("2026-04-23")
    assert (shipped.holds("nothing called so"), shipped.counted("nothing called so")) == (False, None)
    damaged = replace(shipped, id="damaged")
    files.write_whole(tmp_path / "data" / "raw" / shipped.table.file, b"damaged")
    monkeypatch.setenv("ANALYSIS_SHIPPED", str(tmp_path))
    for ask in (damaged.holds, damaged.counted, damaged.offence, damaged.span):
        with pytest.raises(RequestError, match=r"its SHA-256 is .* the register says"):
            ask("88A")
