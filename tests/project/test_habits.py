"""What keeps the project in order: the checks before a commit, the citation and the version."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import yaml

import analysis

TOP = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
HOOKS = yaml.safe_load((TOP / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
NOTEBOOKS = sorted((TOP / "notebooks").glob("*.ipynb"))


def test_every_check_before_a_commit_is_a_program_of_the_locked_environment() -> None:
    assert len(yaml.safe_load((TOP / ".pre-commit-config.yaml").read_text())["repos"]) == 1
    for hook in HOOKS:
        program = Path(shlex.split(hook["entry"])[0])
        assert hook["language"] == "system"
        assert program.parent == Path(".venv/bin")
        assert (BIN / program.name).exists(), f"{program.name}: `make check` installs it"


def test_no_file_that_the_project_ships_is_refused_as_too_large() -> None:
    most = next(re.search(r"--maxkb=(\d+)", hook["entry"]) for hook in HOOKS if hook["id"] == "large-files")
    assert most is not None
    shipped = [path for name in ("data/raw", "docs/images", "notebooks") for path in (TOP / name).glob("*.*")]
    assert len(shipped) > 15
    assert [path.name for path in shipped if path.stat().st_size > 1024 * int(most[1])] == []


def test_a_saved_notebook_weighs_at_most_300_kb() -> None:
    notebooks = sorted((TOP / "notebooks").glob("*.ipynb"))
    assert len(notebooks) > 5
    # Every published claim with all that it rests on, and the ranges of every offence by year, as HTML and as text.
    limits = {"claims_report.ipynb": 640, "methods.ipynb": 420}
    assert [path.name for path in notebooks if path.stat().st_size > limits.get(path.name, 300) * 1024] == []


def _strip(*paths: Path) -> None:
    entry = next(hook["entry"] for hook in HOOKS if hook["id"] == "notebooks")
    program, *options = shlex.split(entry)
    subprocess.run([str(BIN / Path(program).name), *options, *map(str, paths)], check=True)


def test_committed_notebooks_hold_no_trace_of_a_run(tmp_path: Path) -> None:
    copies = [Path(shutil.copy(path, tmp_path)) for path in NOTEBOOKS]
    _strip(*copies)
    assert [
        copy.name for copy, path in zip(copies, NOTEBOOKS, strict=True) if copy.read_bytes() != path.read_bytes()
    ] == []


def test_traces_of_a_run_are_taken_out_and_outputs_kept(tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="kept\n")], execution_count=3)
    cell["id"], cell["metadata"] = (
        "own-id",
        {"tags": ["parameters"], "papermill": {"duration": 1}, "execution": {"iopub.status.busy": "now"}},
    )
    path = tmp_path / "run.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"papermill": {"start_time": "now"}}), path)
    _strip(path)
    after = json.loads(path.read_text())
    assert after["metadata"] == {}
    assert after["cells"][0]["metadata"] == {"tags": ["parameters"]}
    assert after["cells"][0]["outputs"][0]["text"] == ["kept\n"]
    assert (after["cells"][0]["id"], after["cells"][0]["execution_count"]) == ("own-id", 3)


def test_pages_that_somebody_built_here_are_not_checked_as_ours(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes((TOP / "pyproject.toml").read_bytes())
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import os")])
    for folder in ("notebooks", "kent/notebooks"):
        (tmp_path / folder).mkdir(parents=True)
        nbformat.write(notebook, tmp_path / folder / "page.ipynb")
    command = [str(BIN / "ruff"), "check", "--no-cache", "--output-format", "concise"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "notebooks/page.ipynb:" in done.stdout  # ours is
    assert "kent/" not in done.stdout


def test_the_citation_names_this_version() -> None:
    citation = yaml.safe_load((TOP / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["version"] == analysis.__version__
    assert " AND ".join(citation["license"]) == project["license"]


def test_the_pythons_that_are_supported_are_said_once_and_again() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [line.rpartition(" ")[2] for line in project["classifiers"] if "Python :: 3." in line]
    assert project["requires-python"] == f">={named[0]}"
    assert f"Python {named[0]} to {named[-1]}" in (TOP / "README.md").read_text(encoding="utf-8")
    assert all(version in (TOP / "docs" / "reproducing.md").read_text(encoding="utf-8") for version in named)


def test_the_version_is_semantic_and_the_changelog_has_its_form() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", analysis.__version__)
    headings = re.findall(r"^## (.+)$", (TOP / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert headings[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", heading) for heading in headings[1:])


def test_every_dependency_says_why_it_is_there() -> None:
    text = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    lines = re.findall(r'^  "[\w.\[\]-]+>=.*$', text, re.M)
    assert len(lines) > 30
    assert not [line for line in lines if "  # " not in line and " # " not in line]
