"""The package under its own name: what its page shows, and that nothing else called `analysis` comes before it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from documents import TOP

PAGE = (TOP / "docs" / "package.md").read_text(encoding="utf-8")


def test_the_page_needs_no_repository_beside_it() -> None:
    assert re.findall(r"\]\((?!https://)[^)]*\)|<img[^>]*>", PAGE) == []
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["readme"] == "docs/package.md"
    assert all(f"`{project['name']}[{extra}]`" in PAGE for extra in project["optional-dependencies"])


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("import likeforlike as analysis; print(analysis.find_area('Kent').name)", 0),
        ("from likeforlike import compare; from analysis.terms import areas; print(areas.find_area('Kent').name)", 0),
        ("import analysis", 1),  # what the other name is for
        ("import sys, types; sys.modules['analysis'] = types.ModuleType('analysis'); import likeforlike", 1),
    ],
)
def test_a_folders_own_analysis_is_passed_by(code: str, status: int, tmp_path: Path) -> None:
    (tmp_path / "analysis.py").write_text("raise SystemExit('the wrong one')", encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (status, "" if status else "Kent\n"), done.stderr


def test_both_names_are_one_library() -> None:
    code = "import analysis, likeforlike; assert likeforlike is analysis"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_to_draw_nothing_brings_neither_seaborn_nor_the_desk() -> None:
    code = (
        "import sys, analysis; analysis.charts.quarters; analysis.tables.show\n"
        "print({'seaborn', 'ipywidgets', 'jupyterlab', 'distributed', 'xlsxwriter'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("set()\n", "")
