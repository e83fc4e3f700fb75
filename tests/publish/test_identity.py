"""What a page is made from: whatever changes it changes its identity, and nothing else does."""

from __future__ import annotations

import dataclasses
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from documents import TOP, copy_of_project

from analysis import files, publish
from analysis.errors import RequestError
from analysis.figures import register
from analysis.publish.building import VERSIONS, Inputs

WANTED = publish.request(release="2026-04-23").at("https://example.org")
TABLE = {
    page.notebook: page for page in WANTED.table
}  # one page of each notebook, answers, and what a site has besides


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], set[str]]:
    """Give what changes a file of a copy of the project, and names the notebooks whose pages are others then."""
    copy = copy_of_project(tmp_path / "copy")
    shutil.copy(TOP / "requirements.lock", copy)
    monkeypatch.setenv(files.SHIPPED, str(copy))
    monkeypatch.setattr(files, "PACKAGE", copy / "src" / "analysis")

    def change(name: str) -> set[str]:
        before = Inputs.read()
        (copy / name).parent.mkdir(exist_ok=True)
        with (copy / name).open("ab") as file:
            file.write(b"\n")
        after = Inputs.read()
        return {name for name, page in TABLE.items() if after.digest(page) != before.digest(page)}

    return change


@pytest.mark.parametrize(
    "name",
    [
        "data/raw/areas.yaml",
        "data/raw/breaks.yaml",
        "data/raw/claims.yaml",
        "notebooks/methods.ipynb",
        "data/raw/offences_2026-04-23.csv",
        "data/raw/vintages.csv",
        "src/analysis/cli.py",
        "src/analysis/report/new.yaml",
        "src/analysis/report/templates/macros.html.j2",
        "requirements.lock",
    ],
)
def test_a_change_of_what_is_known_or_of_the_code_makes_every_page_again(
    name: str, changed: Callable[[str], set[str]]
) -> None:
    assert changed(name) == TABLE.keys()


@pytest.mark.parametrize("name", ["data/raw/README.md", "src/analysis/shipped/notes.py"])
def test_what_no_page_is_made_of_makes_none_again(name: str, changed: Callable[[str], set[str]]) -> None:
    assert changed(name) == set()


def test_what_is_added_while_it_is_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    held = register.load_register()
    given = iter([dataclasses.replace(held, releases=held.releases[:-1])])
    monkeypatch.setattr(register, "load_register", lambda: next(given, held))
    with pytest.raises(RequestError, match="has changed while it was read; build again"):
        Inputs.read()


def test_of_each_dependency_it_is_known_whether_pages_hang_on_it() -> None:
    asked = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split("[<>=]", line)[0] for line in asked}
    assert set(VERSIONS) - names == {"markupsafe"}  # which Jinja brings and which escapes what reaches a page
    assert names - set(VERSIONS) == {
        "click", "filelock", "lazy-loader", "nbformat", "platformdirs", "pydantic", "python-calamine", "pyyaml", "requests",
        "xlsxwriter",
    }  # fmt: skip
