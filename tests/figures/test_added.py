from __future__ import annotations

import functools
import itertools
import os
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import made
import official
import pytest
from documents import tree

from analysis import files, sandbox
from analysis.errors import RequestError
from analysis.figures import added, tables
from analysis.figures.register import load_register
from analysis.figures.verification import release_date, verify
from analysis.report import registers

add = functools.partial(added.add, as_it_is=True)  # figures made up, far from those that are held
contents = functools.partial(tree, but=".lock")


def workbook(folder: Path, name: str = "prc-pfa-mar2013-onwards-tables-210127.ods", **change: int) -> Path:
    """Write a full workbook that ends before its date."""
    sheets = official.years(2012, change.pop("last", 2014), last_quarters=2)
    for text, count in change.items():
        code, _, n = text.partition("_")
        sheets["2014_15"][int(n)][7] = count
        assert code == "row"
    return official.ods(folder / name, sheets)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("prc-pfa-mar2013-onwards-tables-230426.ods", date(2026, 4, 23)),
        ("prc-pfa-mar2013-onwards-tables-191023 (1).xlsx", date(2023, 10, 19)),
        ("prc-pfa-230426-rebuilt.ods", date(2026, 4, 23)),
    ],
)
def test_reads_the_date_of_release_off_the_name(name: str, day: date) -> None:
    assert release_date(name) == day


@pytest.mark.parametrize("name", ["tables.ods", "tables-20230426.ods", "tables-321326.ods"])
def test_asks_for_the_date_where_the_name_has_none(name: str) -> None:
    with pytest.raises(RequestError, match=f"^{name}: the name ends in no date of release .* --released YYYY-MM-DD"):
        release_date(name)


def test_keeps_the_workbook_unchanged_and_makes_it_the_latest(store: Path, tmp_path: Path) -> None:
    path = workbook(tmp_path)
    said = add(path)
    assert said == (
        "Added release 2027-01-21: full, April 2012 to September 2014, 3 offence codes. "
        "It changes 39 of 39 figures of release 2026-04-23; their total goes from 107 to 69,968 (+65290.654%). It is now the latest."
    )
    kept = store / "raw" / "added" / made.held(said).table.file
    assert kept.read_bytes() == path.read_bytes()
    assert load_register().release("latest").id == "2027-01-21"
    assert made.held(said).codes == ("30C", "71", "88A")
    entry = registers.release_entries(load_register())[-1]
    assert (entry["table"]["file"], entry["table"]["sha256"]) == (kept.name, files.sha256(path))


@pytest.mark.usefixtures("store")
def test_every_code_of_an_added_release_has_its_own_series(tmp_path: Path) -> None:
    add(workbook(tmp_path))
    kent = tables.matrix("30C")["Kent"]
    assert kent.loc["2014Q1":"2014Q4"].tolist() == [1313, 1323, 1333, 1343]


def test_the_same_file_twice_changes_nothing(store: Path, tmp_path: Path) -> None:
    add(workbook(tmp_path))
    before = contents(store)
    again = add(workbook(tmp_path))
    assert again == "Release 2027-01-21 is held already, from the same file; nothing changed."
    assert contents(store) == before


def test_the_same_file_again_mends_a_workbook_that_was_lost(store: Path, tmp_path: Path) -> None:
    release = made.held(add(workbook(tmp_path)))
    before = contents(store)
    (release.folder / release.table.file).unlink()
    assert add(workbook(tmp_path)).startswith("Added")
    assert contents(store) == before


def test_another_file_of_the_same_date_needs_replace(store: Path, tmp_path: Path) -> None:
    add(workbook(tmp_path))
    before = contents(store)
    other = workbook(tmp_path, row_0=99)
    with pytest.raises(
        RequestError,
        match=r"release 2027-01-21 is held already, from another file, and 1 of 60 cells differ; .*--replace",
    ):
        add(other)
    assert contents(store) == before
    add(other, replace=True)
    assert len(contents(store)) == len(before)
    assert tables.matrix("88A").loc["2015Q1", "Kent"] == 99


def test_the_same_file_under_another_date_needs_replace(store: Path, tmp_path: Path) -> None:
    add(workbook(tmp_path))
    with pytest.raises(
        RequestError, match="held already as release 2027-01-21; --replace gives it the date 2027-01-22"
    ):
        add(workbook(tmp_path), released=date(2027, 1, 22))
    add(workbook(tmp_path), released=date(2027, 1, 22), replace=True)
    assert [release.id for release in load_register().releases if release.is_added] == ["2027-01-22"]
    assert len(contents(store)) == 3


@pytest.mark.usefixtures("store")
def test_a_shipped_release_is_only_replaced_when_asked(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    with pytest.raises(RequestError, match="release 2026-04-23 is held already, from another file"):
        add(path, released=date(2026, 4, 23))
    add(path, released=date(2026, 4, 23), replace=True)
    assert load_register().release("2026-04-23").codes == ("30C", "71", "88A")


@pytest.mark.usefixtures("store")
def test_a_workbook_that_begins_later_is_partial_and_not_the_latest(tmp_path: Path) -> None:
    path = official.ods(tmp_path / "year-210127.ods", official.years(2013, 2013))
    assert add(path).startswith(
        "Added release 2027-01-21: partial, April 2013 to March 2014, 3 offence codes. It changes 16"
    )
    assert load_register().release("latest").id == "2026-04-23"


def test_refuses_a_date_before_the_end_of_what_the_workbook_covers(store: Path, tmp_path: Path) -> None:
    with pytest.raises(
        RequestError, match="covers April 2012 to September 2014 and cannot have been released on 2014-09-30"
    ):
        add(workbook(tmp_path), released=date(2014, 9, 30))
    assert contents(store) == {}


@pytest.mark.parametrize("kind", ["absent", "empty", "wrong"])
def test_a_file_that_is_no_workbook_changes_nothing(kind: str, store: Path, tmp_path: Path) -> None:
    add(workbook(tmp_path))
    before = contents(store)
    path = tmp_path / "b-220127.ods"
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "wrong":
        official.ods(path, {"2012_13": [official.row("2012/13", 1, "Kemt", "88A", 1)]})
    with pytest.raises(RequestError, match=r"b-220127.ods"):
        add(path)
    assert contents(store) == before


def test_says_that_the_store_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("ANALYSIS_DATA", str(tmp_path / "file"))
    with pytest.raises(RequestError, match="added: cannot be written"):
        add(workbook(tmp_path))


def test_what_a_killed_run_left_is_cleared_away_though_nothing_else_is_to_do(store: Path, tmp_path: Path) -> None:
    add(workbook(tmp_path))
    before = contents(store)
    for name in (
        "raw/added/2027-01-21-0123456789ab.ods",
        "processed/2027-01-21-0123456789ab.ods.parquet",  # as version 0.1 called it
        "processed/2027-01-21-0123456789ab.ods.2.0123456789ab.parquet",
        "processed/.a.1.part",
    ):
        (store / name).write_bytes(b"left")
    assert add(workbook(tmp_path)).endswith("nothing changed.")
    assert contents(store) == before


@pytest.fixture
def three_releases(tmp_path: Path) -> list[Path]:
    """Add three releases that change every figure of two forces, so that no quarter of theirs was ever final."""
    days = {"201124": 2023, "201125": 2024, "200128": 2026}
    paths = [official.ods(tmp_path / f"tables-{day}.ods", official.years(2012, last)) for day, last in days.items()]
    for path in paths:
        add(path)
    return paths


def test_a_lost_workbook_is_added_again_while_another_is_lost_too(store: Path, three_releases: list[Path]) -> None:
    before = contents(store)
    for folder in ("raw/added", "processed"):
        for path in (store / folder).glob("202[45]-*"):
            path.unlink()
    for path in three_releases[:2]:
        assert add(path).startswith("Added")
    assert contents(store) == before


def test_leaves_what_others_put_into_the_folder(store: Path, tmp_path: Path) -> None:
    note = store / "raw" / "added" / "notes.txt"
    files.write_whole(note, b"mine")
    add(workbook(tmp_path))
    assert note.read_bytes() == b"mine"


@pytest.mark.usefixtures("store")
def test_verify_lists_each_cell_that_differs(tmp_path: Path) -> None:
    found = verify(made.as_workbook(tmp_path / "tables-230426.csv", change=1, leave_out="Essex"))
    counts = tables.matrix("88A", "2026-04-23").loc["2018Q1"]
    lines = [line.split() for line in registers.verification(found).splitlines()]
    assert lines[1:-2] == [
        ["Essex", "2017/18", "Q1", "88A", f"{counts['Essex']}", "not", "supplied"],
        ["Kent", "2017/18", "Q1", "88A", f"{counts['Kent']}", f"{counts['Kent'] + 1}"],
        [],
    ]
    assert not found.agrees


@pytest.mark.usefixtures("store")
def test_verify_names_the_codes_that_one_side_lacks(tmp_path: Path) -> None:
    found = verify(made.as_workbook(tmp_path / "tables-230426.csv"))
    assert (len(found.differences), len(found.only_held), found.agrees) == (0, 185, False)
    assert registers.verification(found).splitlines() == [
        "2,420 cells compared with release 2026-04-23 (codes 88A); 0 differ.",
        "The file has no figures of 1, 1/4.1/4.10/4.2, 104, 105A, 105B, 106, 10A, 10B, 10C, 10D, 11, 11A and 173 more.",
    ]
    add(workbook(tmp_path))
    sheets = official.years(2012, 2014, last_quarters=2)
    sheets["2014_15"].append(official.row("2014/15", 1, "Kent", "999", 1))
    other = official.ods(tmp_path / "more-210127.ods", sheets)
    assert registers.verification(verify(other)).splitlines()[1:] == ["The release has no figures of 999."]


@pytest.mark.usefixtures("store")
def test_verify_compares_every_code(tmp_path: Path) -> None:
    rows = made.rows(*load_register().release("2026-04-23").codes, forces=("Kent", "City of London"))
    rows[-1][-1] += 1
    found = verify(official.as_csv(tmp_path / "tables-230426.csv", {"": rows}))
    of_two = found.differences[found.differences["file"].notna()]
    assert of_two[["force", "offence"]].values.tolist() == [["Kent", "9B"]]
    assert found.compared == 321_725


def test_verify_agrees_with_the_workbook_that_was_added(store: Path, tmp_path: Path) -> None:
    add(workbook(tmp_path))
    before = contents(store)
    found = verify(workbook(tmp_path))
    assert (found.agrees, found.compared) == (True, 2 * 10 * 3)
    text = "60 cells compared with release 2027-01-21 (codes 30C, 71, 88A); all agree."
    assert registers.verification(found) == text
    other = verify(workbook(tmp_path, row_0=99))
    assert (other.agrees, other.differences[["held", "file"]].values.tolist()[0]) == (False, [1411, 99])
    assert contents(store) == before


@pytest.mark.usefixtures("store")
def test_verify_needs_a_release_of_that_date(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="release: '2027-01-21' is not held; held are before-2019-08"):
        verify(workbook(tmp_path))


def test_a_file_that_is_replaced_while_it_is_added_is_kept_as_it_was_read(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path)
    before, read = path.read_bytes(), sandbox.run

    def replaced(*arguments: object, **limits: object) -> object:
        path.write_bytes(b"another file")
        return read(*arguments, **limits)  # type: ignore[arg-type]

    monkeypatch.setattr(sandbox, "run", replaced)
    table = made.held(add(path)).table
    assert (store / "raw" / "added" / table.file).read_bytes() == before
    assert table.sha256 == files.sha256(before)
    assert tables.matrix("88A").loc["2015Q1", "Kent"] == 1411


@pytest.mark.usefixtures("store")
def test_a_file_of_a_date_that_is_held_has_codes_more_needs_replace(tmp_path: Path) -> None:
    sheets = official.years(2012, 2014, last_quarters=2)
    add(
        official.ods(
            tmp_path / "a-210127.ods", {year: [row for row in sheets[year] if row[6] == "71"] for year in sheets}
        )
    )
    with pytest.raises(
        RequestError, match=r"from another file, and 2 codes are of this one alone; .* --replace puts this file in its"
    ):
        add(workbook(tmp_path))
    add(workbook(tmp_path), replace=True)
    assert load_register().release("latest").codes == ("30C", "71", "88A")


def test_a_file_of_a_date_that_is_held_may_add_nothing(store: Path, tmp_path: Path) -> None:
    done = added.add(made.as_workbook(tmp_path / "tables-230426.csv"))
    assert done == (
        "Release 2026-04-23 is held already; the file agrees with it in all 2,420 cells that it has and adds none; "
        "nothing changed."
    )
    assert contents(store) == {}


def test_a_file_that_adds_something_and_lacks_more_changes_nothing(store: Path, tmp_path: Path) -> None:
    path = made.as_workbook(tmp_path / "tables-230426.csv")
    with path.open("a", encoding="utf-8") as file:
        file.write("2025/26,3,Kent,Something new,Other offences,Other,999,1\n")
    with pytest.raises(
        RequestError,
        match=r"release 2026-04-23 is held already, from another file, and 1 codes are of this one alone; ",
    ):
        added.add(path)
    assert contents(store) == {}


def test_what_was_added_can_be_removed(store: Path, tmp_path: Path) -> None:
    add(official.ods(tmp_path / "a-200127.ods", official.years(2012, 2014)))
    before = contents(store)
    add(workbook(tmp_path))
    assert added.remove("2027-01-21") == "Removed release 2027-01-21. The latest is 2027-01-20."
    assert contents(store) == before
    added.remove("2027-01-20")
    assert list(contents(store)) == ["raw/added/register.yaml"]
    assert load_register().release("latest").id == "2026-04-23"


def test_what_stood_in_for_a_shipped_release_gives_way_to_it_again(store: Path, tmp_path: Path) -> None:
    add(workbook(tmp_path), released=date(2026, 4, 23), replace=True)
    assert added.remove("2026-04-23") == ("Removed release 2026-04-23. The latest is 2026-04-23.")
    assert len(load_register().release("2026-04-23").codes) == 186
    assert list(contents(store)) == ["raw/added/register.yaml"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("2026-04-23", "'2026-04-23' was not added; added are 2027-01-21"),
        ("latest", "'latest' was not added; added are 2027-01-21"),
        ("1999", "'1999' was not added; added are 2027-01-21"),
    ],
)
def test_only_what_was_added_can_be_removed(name: str, says: str, store: Path, tmp_path: Path) -> None:
    add(workbook(tmp_path))
    before = contents(store)
    with pytest.raises(RequestError, match=f"^release: {says}$"):
        added.remove(name)
    assert contents(store) == before


def test_killed_while_it_removes_it_has_removed_all_or_nothing(store: Path, tmp_path: Path) -> None:
    add(workbook(tmp_path))
    killed = "import os\nfrom analysis.figures import added\nadded._clear_away = lambda: os._exit(9)\nadded.remove('2027-01-21')"
    died = subprocess.run([sys.executable, "-c", killed], env=os.environ | {"ANALYSIS_DATA": str(store)}, check=False)
    assert died.returncode == 9
    assert [release.id for release in load_register().releases if release.is_added] == []
    add(official.ods(tmp_path / "a-200127.ods", official.years(2012, 2014)))
    assert len(contents(store)) == 3  # and the workbook that was left is gone


def test_who_waits_for_the_lock_is_told_of_whom_and_not_for_ever(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = store / "raw" / "added"
    holding = "import sys\nfrom pathlib import Path\nfrom analysis import files\nwith files.locked(Path(sys.argv[1])):\n print(flush=True)\n input()"
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        monkeypatch.setattr(files, "WAIT", 1.5)
        with pytest.raises(
            RequestError, match=f"{folder}: process {other.pid} has been changing it for over 1.5 seconds;"
        ):
            add(workbook(tmp_path))
        assert f"waiting up to 1 seconds for process {other.pid} to finish" in caplog.text
        other.communicate("\n")
    assert add(workbook(tmp_path)).startswith("Added")


def test_a_reader_writes_nothing_while_another_process_changes_what_is_held(store: Path, tmp_path: Path) -> None:
    add(workbook(tmp_path))
    derived = next((store / "processed").glob("*.csv"))
    derived.unlink()
    with files.locked(store / "raw" / "added"):
        reader = "from analysis.figures import tables\nprint(tables.matrix('88A')['Kent'].iloc[0])"
        told = subprocess.run([sys.executable, "-c", reader], capture_output=True, text=True, check=True)
    assert told.stdout == "1211\n"
    assert not derived.exists()  # so that whoever changes it may clear away what is unfinished


def test_twenty_additions_of_a_file_that_is_being_replaced_keep_what_they_hashed(store: Path, tmp_path: Path) -> None:
    path, stop = tmp_path / "tables-210127.ods", threading.Event()
    versions = [workbook(tmp_path, f"{i}-210127.ods", row_0=i).read_bytes() for i in range(2)]
    path.write_bytes(versions[0])

    def replace() -> None:
        for i in itertools.count():
            (tmp_path / "next").write_bytes(versions[i % 2])
            (tmp_path / "next").replace(path)
            if stop.wait(0.001):
                return

    writer = threading.Thread(target=replace)
    writer.start()
    try:
        for _ in range(20):
            table = made.held(add(path, replace=True)).table
            kept = (store / "raw" / "added" / table.file).read_bytes()
            assert files.sha256(kept) == table.sha256
            assert kept in versions
    finally:
        stop.set()
        writer.join()
