"""What a page is made from: whatever changes it changes its identity, and nothing else does."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from documents import TOP, copy_of_project

from analysis import files, publish
from analysis.publish.identity import Inputs

WANTED = publish.request(release="2026-04-23")
CLAIMS = {"claims.yaml", "corrections.yaml"}


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of what the project ships, in the place of it."""
    copy = copy_of_project(tmp_path / "copy")
    shutil.copy(TOP / "requirements.lock", copy)
    monkeypatch.setenv(files.SHIPPED, str(copy))
    return copy


def source(page: publish.Page) -> str:
    notebook = nbformat.read(TOP / "notebooks" / f"{page.notebook}.ipynb", as_version=4)
    return "\n".join(cell.source for cell in notebook.cells)


def digests() -> dict[str, str]:
    inputs = Inputs.read(WANTED)
    return {page.name: inputs.digest(page) for page in WANTED.table}


@pytest.mark.parametrize(
    "name", sorted(path.name for path in (TOP / "data" / "raw").glob("*.*") if path.suffix != ".md")
)
def test_a_change_of_what_is_known_makes_every_page_again_and_of_claims_only_pages_that_speak_of_them(
    name: str, shipped: Path
) -> None:
    before = digests()
    with (shipped / "data" / "raw" / name).open("ab") as file:
        file.write(b"\n")
    changed = {page for page, digest in digests().items() if digest != before[page]}
    speak_of_claims = {page.name for page in WANTED.table if "published." in source(page)}
    assert {"claims", "forces/kent"} < speak_of_claims < before.keys()
    assert changed == (speak_of_claims if name in CLAIMS else before.keys())


def test_a_change_of_a_notebook_makes_its_pages_again_and_no_others(shipped: Path) -> None:
    before = digests()
    with (shipped / "notebooks" / "methods.ipynb").open("ab") as file:
        file.write(b"\n")
    assert [page for page, digest in digests().items() if digest != before[page]] == ["methods"]


def test_what_explains_the_figures_to_people_changes_no_page(shipped: Path) -> None:
    before = digests()
    (shipped / "data" / "raw" / "README.md").write_text("other words\n")
    assert digests() == before


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("cli.py", "library"),
        ("report/new.yaml", "library"),
        ("report/templates/macros.html.j2", "template"),
        ("shipped/notes.py", None),
    ],
)
def test_a_change_of_the_code_or_of_a_template_makes_every_page_again(
    name: str, part: str | None, shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PACKAGE", shipped / "src" / "analysis")
    before = Inputs.read(WANTED)
    (files.PACKAGE / name).parent.mkdir(exist_ok=True)
    (files.PACKAGE / name).write_text("changed")
    after = Inputs.read(WANTED)
    assert {each for each in after.hashes if after.hashes[each] != before.hashes[each]} == ({part} if part else set())
    assert all((after.digest(page) != before.digest(page)) == bool(part) for page in WANTED.table)
