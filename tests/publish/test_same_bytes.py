"""The same inputs give the same bytes, whoever builds, wherever, and with whatever settings of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from documents import COMMAND, TOP, copy_of_project, tree

from analysis import publish

MATPLOTLIBRC = """
axes.facecolor: pink
axes.linewidth: 4
font.size: 20
legend.frameon: False
lines.linewidth: 7
svg.fonttype: none
xtick.major.size: 9
"""
STARTUP = """
import pandas
pandas.set_option("display.max_columns", 2)
print("good morning")
"""


def test_another_user_elsewhere_makes_every_file_with_the_same_bytes(everything: Path, tmp_path: Path) -> None:
    project = copy_of_project(tmp_path / "a clean copy {\u00e9}")
    shutil.copy(TOP / "requirements.lock", project)
    settings = {
        "ANALYSIS_DATA": str(tmp_path / "none"),
        "COLUMNS": "40",
        "HOME": str(_home(tmp_path / "somebody")),
        "LANG": "C",
        "LC_ALL": "C",
        "LOGNAME": "somebody",
        "PYTHONCOERCECLOCALE": "0",  # text is ASCII, unless the code says otherwise
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": str(project / "src"),
        "PYTHONUTF8": "0",
        "TZ": "Asia/Kathmandu",
        "USER": "somebody",
    }
    jobs = str(publish.default_jobs() + 1)
    done = subprocess.run(
        [*COMMAND, "build", "--release", "2026-04-23", "--jobs", jobs, "--output", "another folder"],
        cwd=project, env=os.environ | settings, umask=0o077, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = tree(project / "another folder")
    assert {Path(name).suffix for name in made} == {".csv", ".html", ".ipynb", ".json"}
    assert made == tree(everything)


def _home(folder: Path) -> Path:
    """Make a home with settings for the programs that draw and run the pages."""
    for name, text in (
        (".config/matplotlib/matplotlibrc", MATPLOTLIBRC),
        (".ipython/profile_default/startup/own.py", STARTUP),
    ):
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return folder
