"""The wheel: installed elsewhere by another user with settings of their own, it makes pages with the bytes that a checkout makes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from documents import TOP, tree

from analysis import publish
from analysis.publish.pages import NOTEBOOKS

RELEASE = "2026-04-23"

# Runs as the interpreter starts: whatever opens a file of the checkout fails. The locked packages may stand below it.
GUARD = f"""
import os, sys

def refuse(event, arguments):
    if event == "open" and isinstance(arguments[0], str | bytes):
        path = os.fsdecode(arguments[0])
        if path.startswith({str(TOP) + os.sep!r}) and not path.startswith({sys.prefix + os.sep!r}):
            raise PermissionError(f"{{path}} belongs to the checkout")

sys.addaudithook(refuse)
"""

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
SETTINGS = {
    "COLUMNS": "40",
    "LANG": "C",
    "LC_ALL": "C",
    "LOGNAME": "somebody",
    "PYTHONCOERCECLOCALE": "0",  # text is ASCII, unless the code says otherwise
    "PYTHONHASHSEED": "7",
    "PYTHONUTF8": "0",
    "TZ": "Asia/Kathmandu",
    "USER": "somebody",
}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel, beside the packages that are locked, in an environment of its own."""
    folder = tmp_path_factory.mktemp("a folder {\u00e9}")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(TOP))
    (wheel,) = folder.glob("*.whl")
    _run(sys.executable, "-m", "twine", "check", "--strict", str(wheel))
    venv.create(folder / "env", symlinks=os.name != "nt")
    scripts, packages = (
        Path(sysconfig.get_path(name, "venv", {"base": str(folder / "env")})) for name in ("scripts", "purelib")
    )
    install = ["-m", "pip", "--python", str(scripts / "python"), "install", "--no-deps", "--no-index"]
    _run(sys.executable, *install, str(wheel))
    (packages / "guard.py").write_text(GUARD, encoding="utf-8")
    # A path in such a file brings the packages there, but not the project that is installed in place among them.
    (packages / "locked.pth").write_text(f"{sysconfig.get_path('purelib')}\nimport guard\n", encoding="utf-8")
    return scripts


def test_a_page_of_each_notebook_is_made_with_the_bytes_that_a_checkout_makes(
    everything: Path, elsewhere: Path, tmp_path: Path
) -> None:
    """Made anew in a folder of the checkout's pages, as somebody who has nothing else: every other page is as the wheel would make it."""
    pages = list({page.notebook: page for page in publish.request(release=RELEASE).table}.values())
    # A briefing is printed beside a report.
    assert {page.notebook for page in pages} == {*NOTEBOOKS, "answers"} - {"briefing"}
    (empty := tmp_path / "empty").mkdir()
    site = shutil.copytree(everything, empty / "another folder")
    listed = json.loads((site / "manifest.json").read_text(encoding="utf-8"))["pages"]
    gone = [site / name for page in pages for name in listed[page.name]["files"]]
    assert {path.suffix for path in gone} == {".csv", ".html", ".ipynb", ".json", ".svg"}
    for path in gone:
        path.unlink()
    words = ["build", "--release", RELEASE, "--output", "another folder", "--jobs", "1"]
    done = subprocess.run(
        [elsewhere / "analysis", *words], cwd=empty, env=_alone(_home(tmp_path / "home")) | SETTINGS, umask=0o077,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done
    assert done.stdout.startswith(f"{len(pages)} made, {len(listed) - len(pages)} unchanged, 0 failed")
    assert tree(site) == tree(everything)
    assert [path.name for path in empty.iterdir()] == ["another folder"]


def test_its_command_answers(elsewhere: Path, tmp_path: Path) -> None:
    command = [elsewhere / "analysis", "compare", "Kent", "--release", RELEASE]
    done = subprocess.run(command, cwd=tmp_path, env=_alone(tmp_path), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Kent Police recorded 371" in done.stdout


def test_it_goes_by_its_other_name_too_where_a_folder_has_an_analysis_of_its_own(
    elsewhere: Path, tmp_path: Path
) -> None:
    (tmp_path / "analysis.py").write_text("raise SystemExit('the wrong one')")
    code = "import likeforlike; print(likeforlike.compare('Kent', period='2024/25', release='2026-04-23').current.offences)"
    command = [elsewhere / "python", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=_alone(tmp_path), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "289\n"), done.stderr


def test_its_own_code_is_held_to_the_record_of_the_wheel(elsewhere: Path, tmp_path: Path) -> None:
    """Verified whole, then with a letter more in one module and one register, then whole again."""
    environment = _alone(tmp_path) | {"ANALYSIS_DATA": str(tmp_path / "store")}

    def verified() -> tuple[int, list[str]]:
        command = [elsewhere / "analysis", "verify"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()[:-1]

    assert verified() == (0, [])
    (package,) = (elsewhere.parent / "lib").glob("*/site-packages/analysis")
    for name in ("comparison/judgement.py", "shipped/data/raw/breaks.yaml"):
        before = (package / name).read_bytes()
        (package / name).write_bytes(before + b"\n")
        status, lines = verified()
        assert (status, f"changed: analysis/{name}" in lines) == (1, True)
        (package / name).write_bytes(before)
    assert verified() == (0, [])


def test_nothing_of_the_checkout_may_be_read(elsewhere: Path, tmp_path: Path) -> None:
    code = f"open({str(TOP / 'pyproject.toml')!r})"
    done = subprocess.run(
        [elsewhere / "python", "-c", code], env=_alone(tmp_path), capture_output=True, text=True, check=False
    )
    assert "belongs to the checkout" in done.stderr


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


def _alone(home: Path) -> dict[str, str]:
    """Return an environment that tells of no checkout, but where the locked packages keep their templates."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANALYSIS_", "PYTHON", "XDG_"))}
    return kept | {"HOME": str(home), "JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter"))}


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
