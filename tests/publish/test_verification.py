"""A folder is checked against its manifest, with the project and without."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from documents import TOP

from analysis.cli import main
from analysis.publish.store import publishing

FILES = {"forces/kent.html": b"page", "data/kent.csv": b"figures", "index.html": b"index"}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    with publishing(tmp_path / "pages") as out:
        out.publish("kent", "1", FILES)
    (tmp_path / "pages" / "README.md").touch()
    return tmp_path / "pages"


def verified(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    status = main(["verify", str(folder)])
    return status, capsys.readouterr().out.splitlines()


def test_a_folder_as_it_was_written_agrees(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verified(pages, capsys) == (0, ["4 of 4 files as they are listed"])


def test_each_file_that_is_not_as_listed_is_a_line(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pages / "index.html").write_bytes(b"by hand")
    (pages / "data" / "kent.csv").unlink()
    (pages / "forces" / "essex.html").touch()
    (pages / ".git" / "hooks").mkdir(parents=True)
    (pages / ".git" / "hooks" / "update").touch()
    (pages / "more").symlink_to(TOP)
    assert verified(pages, capsys) == (
        1,
        [
            "missing: data/kent.csv", "changed: index.html",
            "foreign: .git", "foreign: forces/essex.html", "foreign: more", "2 of 4 files as they are listed",
        ],
    )  # fmt: skip


def test_a_manifest_of_which_any_byte_was_changed_is_noticed(pages: Path) -> None:
    path = pages / "manifest.json"
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert main(["verify", str(pages)]) in {1, 2}, place
    path.write_bytes(whole)
    assert main(["verify", str(pages)]) == 0


def test_a_folder_in_which_a_build_is_writing_is_said_to_be_unfinished(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with publishing(pages):
        status, said = verified(pages, capsys)
    assert (status, said[0]) == (1, "unfinished: a build is writing here, or was broken off; build again")


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file"):
        assert main(["verify", str(path)]) == 2
        assert capsys.readouterr().err == (
            f"analysis: {path}: holds no manifest.json; give a folder that `analysis build` has written\n"
        )


@pytest.mark.skipif(not (shutil.which("sha256sum") and shutil.which("sed")), reason="programs of Linux")
def test_the_line_that_the_documents_give_checks_a_folder_without_the_project(pages: Path) -> None:
    (line,) = re.findall(r"^sed .*sha256sum.*$", (TOP / "docs" / "reproducing.md").read_text(encoding="utf-8"), re.M)

    def check() -> tuple[int, list[str]]:
        done = subprocess.run(["sh", "-c", line], cwd=pages, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()

    assert check() == (0, [f"{name}: OK" for name in sorted(FILES)])
    (pages / "index.html").write_bytes(b"by hand")
    assert check() == (1, ["data/kent.csv: OK", "forces/kent.html: OK", "index.html: FAILED"])
