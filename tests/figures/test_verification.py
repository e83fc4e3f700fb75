"""What is held, held against the hashes that are listed of it."""

from __future__ import annotations

import runpy
import shutil
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import made
import official
import pytest
from documents import TOP

from analysis import cli, files
from analysis.figures import added, verification

SUMS = runpy.run_path(str(TOP / ".ci" / "sums.py"))["lines"]


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a copy of data/raw, whole and listed, that the library reads in place of the project's."""
    folder = tmp_path / "shipped" / "data" / "raw"
    folder.mkdir(parents=True)
    for path in (TOP / "data" / "raw").iterdir():
        if path.is_file():
            shutil.copyfile(path, folder / path.name)
    (folder / files.SUMS).write_text(SUMS(folder))
    monkeypatch.setenv("ANALYSIS_SHIPPED", str(tmp_path / "shipped"))
    files.listed.cache_clear()
    files._tell_apart.cache_clear()
    yield folder
    files.listed.cache_clear()


def test_a_store_as_it_ships_verifies(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify"]) == 0
    count = len(list(raw.iterdir())) - 1
    assert capsys.readouterr().out == f"{count} of {count} files as they are listed\n"


@pytest.mark.parametrize(
    "name", ["breaks.yaml", "claims.yaml", "offences.yaml", "areas.yaml", "caveats.yaml", "README.md"]
)
def test_any_changed_file_is_told(name: str, raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (raw / name).write_bytes((raw / name).read_bytes() + b"\n")
    assert cli.main(["verify"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == f"changed: {name}"


def test_what_is_missing_and_what_is_not_listed_is_told(raw: Path) -> None:
    (raw / "breaks.yaml").unlink()
    (raw / "mine.yaml").write_text("mine")
    assert verification.verify_store().faults == ("missing: breaks.yaml", "not listed: mine.yaml")


def test_no_page_is_made_of_a_changed_register(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    breaks = raw / "breaks.yaml"
    breaks.write_bytes(breaks.read_bytes() + b"\n")
    assert cli.main(["build", "--force", "Kent", "--output", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "data/raw: changed: breaks.yaml; restore it, list it by `make sums`, or go on with --as-it-is" in said
    assert not (tmp_path / "out").exists()


def test_compare_warns_of_a_changed_register(raw: Path, caplog: pytest.LogCaptureFixture) -> None:
    breaks = raw / "breaks.yaml"
    breaks.write_bytes(breaks.read_bytes() + b"\n")
    for _ in range(2):
        files.read(breaks, most=10**6, right="")
    (told,) = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert told.startswith("breaks.yaml is not as the project ships it (SHA256SUMS)")


def test_what_was_added_and_what_was_derived_of_it_is_looked_at(store: Path, tmp_path: Path) -> None:
    table = made.held(
        added.add(official.ods(tmp_path / "a-210127.ods", official.years(2012, 2014)), as_it_is=True)
    ).table
    before = verification.verify_store()
    assert before.faults == ()
    (derived,) = (store / "processed").glob("*.csv")
    derived.write_bytes(derived.read_bytes() + b"\n")
    (store / "raw" / "added" / table.file).write_bytes(b"another")
    after = verification.verify_store()
    assert after.checked == before.checked
    assert after.faults == (
        f"changed: {table.file}; add the workbook again",
        f"changed: {derived.name}; it will be made anew",
    )


def test_the_code_of_an_installation_is_looked_at_without_the_script_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "like_for_like-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: like-for-like\nVersion: 1\n")
    (tmp_path / "part.py").write_bytes(b"")
    nothing = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    (info / "RECORD").write_text(f"part.py,{nothing},0\n../../bin/analysis,{nothing},0\ngone.py,{nothing},0\n")
    monkeypatch.setattr(metadata, "distribution", lambda _: metadata.Distribution.at(info))
    monkeypatch.setattr(files, "in_checkout", lambda: False)
    monkeypatch.setenv("ANALYSIS_SHIPPED", str(TOP))
    assert [verification._fault(*each) for each in verification._others()] == ["", "missing: gone.py"]


def test_the_list_is_of_what_is_there() -> None:
    listed = (TOP / "data" / "raw" / files.SUMS).read_text(encoding="utf-8")
    assert listed == SUMS(TOP / "data" / "raw"), "a file of data/raw has changed: run `make sums`"
