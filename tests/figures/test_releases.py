from __future__ import annotations

import functools
import itertools
import sys
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import made
import numpy as np
import official
import pandas as pd
import pytest
import shipped
from official import row

from analysis import files
from analysis.errors import RequestError
from analysis.figures import added, register, tables, verification
from analysis.figures.register import load_register
from analysis.terms import offences
from analysis.terms.areas import NAMES
from analysis.terms.periods import Period

NEWEST, OLDER, FIRST_COPY = "2026-04-23", "2023-10-19", "before-2019-08"
BODIES = ("Action Fraud", "Cifas", "UK Finance", "Financial Fraud Action UK")


@functools.cache
def published(release: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return what the file has, by code, body and quarter, without the library."""
    (_, _, *quarters), *lines = shipped.table(release)
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for code, body, *cells in lines:
        found[code][body] = dict(zip(quarters, cells, strict=True))
    return found


def counted(code: str, release: str = NEWEST) -> Period | None:
    return load_register().release(release).counted(code)


@pytest.mark.slow
@pytest.mark.parametrize(("release", "codes"), [(NEWEST, 186), (OLDER, 186), (FIRST_COPY, 128)])
def test_every_cell_of_every_code_is_what_the_file_has_and_a_blank_stays_blank(release: str, codes: int) -> None:
    held = load_register().release(release)
    file = published(release)
    by_force = {code for code, bodies in file.items() if not set(bodies) & set(BODIES)}
    assert set(held.codes) == by_force
    assert len(by_force) == codes
    assert held.cells(("88A",)).values.shape[1] == 44
    whole = held.cells(held.codes)
    for code, values in zip(whole.codes, whole.values, strict=True):
        told = [["" if np.isnan(n) else str(int(n)) for n in force] for force in values]
        assert told == [list(file[code][name].values()) for name in NAMES]


@pytest.mark.slow
@pytest.mark.parametrize("release", [NEWEST, OLDER, FIRST_COPY])
def test_every_family_and_group_is_the_sum_of_its_codes(release: str) -> None:
    held, file = load_register().release(release), published(release)
    unions = [offence for offence in offences.known().values() if offence.kind != "code" and held.holds(offence.code)]
    assert len(unions) > 35
    for offence in unions:
        wide = tables.matrix(offence.code, release)
        bodies = [file[code] for code in offence.codes if code in file]
        for name in NAMES:
            sums = [
                sum(int(cell or 0) for cell in cells)
                for cells in zip(*(body[name].values() for body in bodies), strict=True)
            ]
            told = wide[name].to_numpy()
            assert told[~np.isnan(told)].tolist() == list(itertools.compress(sums, ~np.isnan(told)))


def test_a_union_lacks_a_figure_only_where_a_code_that_is_counted_then_and_no_small_part_is_blank() -> None:
    missing = {
        offence.code: tables.matrix(offence.code, NEWEST).isna()
        for offence in offences.known().values()
        if offence.kind != "code" and load_register().release(NEWEST).holds(offence.code)
    }
    # Code 71 is blank for Avon and Somerset in one quarter, where the workbook has N/a: of all sexual offences it is under a hundredth.
    lacking = pd.DataFrame(
        load_register().release(NEWEST).cells(offences.find("sexual-offences").codes).lacking.T,
        missing["sexual-offences"].index,
        missing["sexual-offences"].columns,
    )
    assert lacking.sum().sum() == lacking.loc["2013Q1", "Avon and Somerset"] == 1
    assert missing["child-sexual-offences"].loc["2013Q1", "Avon and Somerset"]
    for code, where in missing.items():
        months = counted(code)
        inside = where.loc[months.quarters.intersection(where.index)] if months else where
        assert (code, inside.sum().sum()) == (code, 1 if code == "child-sexual-offences" else 0)


def test_noughts_that_stand_alone_do_not_make_a_code_counted() -> None:
    # One force has noughts of 8T and 8U before any force counted under them; the others are blank.
    assert str(counted("8T", OLDER)) == "2020-04..2023-06"
    wide = tables.matrix("8T", OLDER)
    assert wide.loc["2020Q2":"2020Q4"].sum(axis=1).tolist() == [0, 0, 0]
    assert tables.matrix("violence-with-injury", OLDER).notna().all(axis=None)


def test_a_code_that_is_blank_everywhere_is_not_counted_then() -> None:
    assert str(counted("106", NEWEST)) == "2015-04..2025-12"  # modern slavery
    assert tables.matrix("106", NEWEST).loc[:"2015Q4"].isna().all(axis=None)
    assert str(load_register().release(NEWEST).span("106")) == "2015-04..2025-12"


def test_a_code_that_ended_is_counted_until_its_end_and_its_noughts_stay_in_the_table() -> None:
    assert str(counted("28A", NEWEST)).endswith("..2017-03")
    assert (tables.matrix("28A", NEWEST).loc["2019Q1":].fillna(0) == 0).all(axis=None)


@pytest.mark.parametrize("code", ["AF", "CIFAS", "FFA UK", "UK Finance"])
def test_what_national_bodies_record_is_in_no_area(code: str) -> None:
    assert sum(int(cell) for cell in next(iter(published(NEWEST)[code].values())).values() if cell) > 100_000
    for release in load_register().releases:
        assert code not in release.codes
        assert not release.holds(code)
        with pytest.raises(RequestError, match=f"holds no code '{code}'"):
            tables.matrix(code, release.id)
    assert not {name for name in NAMES if name in BODIES}
    # Nor does a union that names one of them hold it.
    assert np.isnan(load_register().release(NEWEST).cells((code,)).values).all()


@pytest.mark.slow
def test_england_and_wales_is_the_sum_of_44_forces_for_every_code() -> None:
    file = published(NEWEST)
    for code in load_register().release(NEWEST).codes:
        total = tables.matrix(code, NEWEST).sum(axis=1, skipna=False)
        wanted = sum(int(cell) for body in file[code].values() for cell in body.values() if cell)
        gaps = sum(int(body["2012/13 Q1"] or 0) for body in file[code].values()) if code in {"12", "71", "8G"} else 0
        assert int(total.sum()) == wanted - gaps


def test_one_code_is_read_without_parsing_the_others() -> None:
    table = tables.Csv(b"code,body,2025/26 Q1\n71,Kent,unreadable\n88A,Kent,7\n")
    assert np.nansum(table.of(("88A",)).values) == 7
    with pytest.raises(ValueError, match="unreadable"):
        table.of(("71",))


def test_the_file_is_read_once_and_the_bytes_that_were_checked_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = load_register().release(NEWEST)
    copy, path = replace(release, id="copy"), tmp_path / "data" / "raw" / release.table.file
    files.write_whole(path, register.verified(release))
    monkeypatch.setenv("ANALYSIS_SHIPPED", str(tmp_path))
    before = copy.cells(("88A",)).values
    path.write_bytes(b"changed")
    np.testing.assert_array_equal(copy.cells(("8T", "88A")).values[1], before[0])


@pytest.fixture
def folder(store: Path, tmp_path: Path) -> Path:
    """Add a release of three years in which code 71 begins in the second."""
    sheets = official.years(2012, 2014, last_quarters=2)
    sheets["2012_13"] = [r for r in sheets["2012_13"] if r[6] != "71"]
    sheets["2012_13"].append(row("2012/13", 1, "Essex", "88A", "N/a"))
    sheets["2012_13"].append(row("2012/13", 1, "Essex", "999", 1, description="A new offence"))
    added.add(official.ods(tmp_path / "a.ods", sheets), released=date(2027, 1, 21), as_it_is=True)
    return store


@pytest.mark.usefixtures("folder")
def test_an_added_release_gives_every_code_in_it() -> None:
    assert load_register().release("latest").id == "2027-01-21"
    assert tables.matrix("71").shape == (10, 44)
    kent = tables.matrix("71")["Kent"]
    assert kent.loc["2014Q1"] == 1312
    assert pd.isna(kent.loc["2013Q1"])
    assert str(counted("71", "latest")) == "2013-04..2014-09"


@pytest.mark.usefixtures("folder")
def test_a_count_that_is_not_available_is_missing() -> None:
    assert pd.isna(tables.matrix("88A").loc["2013Q1", "Essex"])


def test_an_added_release_gives_a_union_of_its_codes(tmp_path: Path) -> None:
    codes = offences.find("robbery").codes
    sheets = {"2012_13": [row("2012/13", 1, name, code, 3) for name in ("Kent", "Essex") for code in codes]}
    sheets["2012_13"] = [r for r in sheets["2012_13"] if (r[2], r[6]) != ("Essex", codes[0])]
    added.add(official.ods(tmp_path / "a.ods", sheets), released=date(2027, 1, 21), as_it_is=True)
    wide = tables.matrix("robbery", "2027-01-21")
    assert wide.loc["2013Q1", "Kent"] == 3 * len(codes) > 3
    assert pd.isna(wide.loc["2013Q1", "Essex"])
    with pytest.raises(RequestError, match="holds no figures of all sexual offences; it holds 34A"):
        tables.matrix("sexual-offences", "2027-01-21")


@pytest.mark.usefixtures("folder")
def test_names_an_offence_as_the_workbook_does_where_the_library_has_no_words() -> None:
    release = load_register().release("latest")
    assert release.offence("999").name == "A new offence"
    assert release.offence("999").reviewed is None
    assert release.offence("88a").name == "Sexual grooming"
    with pytest.raises(RequestError, match="'999' is not known"):
        load_register().release(NEWEST).offence("999")


def read_again() -> bytes:
    """Return the figures of the added release as a process reads them that has kept none."""
    release = replace(load_register().release("latest"), title="another")
    return release._figures.of(("30C", "71", "88A", "999")).values.tobytes()


@pytest.mark.parametrize("harm", ["missing", "damaged", "changed", "of another version", "no table"])
def test_makes_the_derived_table_anew_if_it_is_not_what_was_written(
    harm: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = (folder / "processed").iterdir()
    whole = path.read_bytes()
    figures = read_again()
    if harm == "missing":
        path.unlink()
    elif harm == "damaged":
        middle = len(whole) // 4
        path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :])
    elif harm == "changed":  # by someone who writes such tables as well as we do
        path.write_bytes(tables.to_csv(tables.Csv(whole).of(["71"])))
    elif harm == "of another version":
        monkeypatch.setattr(register, "DERIVED", 99)
    else:
        path.write_bytes(b"code")
    assert read_again() == figures
    if harm != "of another version":
        assert path.read_bytes() == whole


def test_a_store_that_cannot_be_written_to_can_be_read_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = (folder / "processed").iterdir()
    figures = read_again()
    path.unlink()

    def refuse(*_: object, **__: object) -> None:
        raise RequestError("full")

    monkeypatch.setattr(register.files, "write_whole", refuse)
    assert read_again() == figures


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads as Linux lists them")
@pytest.mark.usefixtures("folder")
def test_refuses_a_kept_workbook_that_was_changed(folder: Path) -> None:
    (path,) = (folder / "raw" / "added").glob("*.ods")
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(RequestError, match=r"2027-01-21-\w{12}.ods: its SHA-256 is .*add the workbook again"):
        tables.matrix("71")


@pytest.mark.usefixtures("folder")
def test_the_same_figures_give_the_same_table() -> None:
    cells = load_register().release("latest").cells(("71", "88A"))
    content = tables.to_csv(cells)
    assert content == tables.to_csv(cells)
    assert content.decode().splitlines()[1].startswith("71,Avon and Somerset,,,,,2312,2322,")
    again = tables.Csv(content)
    assert (again.codes, again.of(again.codes).covers) == (cells.codes, cells.covers)
    np.testing.assert_array_equal(again.of(again.codes).values, cells.values)


@pytest.mark.usefixtures("store")
def test_a_code_that_is_not_available_anywhere_is_not_held(tmp_path: Path) -> None:
    sheets = {"2012_13": [row("2012/13", 1, "Kent", "88A", 1), row("2012/13", 1, "Kent", "71", "N/a")]}
    path = official.ods(tmp_path / "a.ods", sheets)
    release = made.held(added.add(path, released=date(2027, 1, 21), as_it_is=True))
    assert release.codes == ("88A",)
    assert not release.holds("71")
    found = verification.verify(path, released=date(2027, 1, 21))
    assert (found.agrees, found.compared) == (True, 1)


def test_a_release_that_never_counts_an_offence_does_not_keep_others_from_being_named() -> None:
    held = load_register()
    assert held.release(FIRST_COPY).holds("28A")  # it ended as that copy begins, and noughts stand after it
    assert held.release(FIRST_COPY).counted("28A") is None
    period = Period.parse("2016/17")
    assert [release.id for release in held.holding("28A", period)] == [OLDER, NEWEST]
    with pytest.raises(RequestError, match=rf"does not hold {period} whole; releases that do: {OLDER}, {NEWEST}$"):
        register.require_held(held.release(FIRST_COPY), "28A", period)
