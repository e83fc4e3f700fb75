"""What several tests share."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# The same examples on every machine, and no test that fails because the machine was busy.
hypothesis.settings.register_profile("project", deadline=None, derandomize=True, max_examples=30)
# Mutation testing runs the tests thousands of times, and asks only whether one fails.
hypothesis.settings.register_profile(
    "mutation",
    parent=hypothesis.settings.get_profile("project"),
    max_examples=20,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
)
hypothesis.settings.load_profile("project")

# Test modules are imported one by one, without a package; this lets them import `official`, which writes workbooks.
sys.path.insert(0, str(Path(__file__).parent))

# Every process of tests would spend a second on a library of addresses that nothing here reads: nbval brings it in before this
# file is read, and kernels and scripts do. Of ours, the command and its workers leave it out by themselves.
LEAN = str(Path(__file__).parent / "lean")
collect_ignore = ["lean"]
sys.path.insert(0, LEAN)
if LEAN not in (paths := os.environ.get("PYTHONPATH", "").split(os.pathsep)):
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [LEAN, *paths]))

# What somebody added here changes no test, nor what one is made of before it begins.
os.environ["ANALYSIS_DATA"] = str(Path(__file__).resolve().parents[1] / ".empty")
os.environ["ANALYSIS_TODAY"] = "2028-03-01"  # after every release that a test makes up, whatever the day is


# Lanes, by how the places of their tests begin: what is not named here is quick, stands alone and runs with `make test`; `make test-all` runs every lane.
# Tests run in this order: what takes long comes first, and short tests are left for whichever worker has time at the end.
LANES = {
    "slow": (
        "publish/test_published_by_itself",
        "publish/test_killed",
        "publish/test_machine",
        "publish/test_worker",
        "publish/test_full_disk",
        "report/test_every_shape",
        "report/test_charts.py::test_labels_are_clear_of_each_other",
        "report/test_offences.py::test_words_of_one_offence_stand_on_no_other_page",
        "claims/test_claim_shapes",
        "claims/test_check.py::test_articles_labelled_by_hand[later",
        "claims/test_check.py::test_a_silent_server",
        "project/test_fuzz",
        "project/test_broken_inputs.py::test_a_broken_input_is_refused_by_name[workbook",
        "project/test_broken_inputs.py::test_a_broken_input_is_refused_by_name[notebook",
        *(
            f"project/test_broken_inputs.py::test_{name}"
            for name in ("what_aims_at", "any_megabyte", "a_name_of_any_length")
        ),
        "project/test_docs.py::test_each_how_to_runs_as_it_stands",
        "project/test_docs.py::test_the_fields_weights",
        "project/test_cli_edges.py::test_little_memory",
        "comparison/test_backtests.py::test_the_table_is_what",
        "comparison/test_metamorphic",
        "figures/test_added.py::test_killed",
        "figures/test_added.py::test_twenty_additions",
        "figures/test_added.py::test_who_waits_for_the_lock",
        "figures/test_added.py::test_a_reader_writes_nothing_while_another_process",
        *(
            f"project/test_cli_edges.py::test_{name}"
            for name in ("claims_may_come_through_a_pipe", "a_silent_pipe", "what_is_written_is_no_pipe")
        ),
        *(
            f"publish/test_programs.py::test_{name}"
            for name in ("a_hung_page", "how_long_no_page", "a_worker_that_nobody")
        ),
        "project/test_habits.py::test_traces_of_a_run",
        *(f"publish/test_site.py::test_the_{name}" for name in ("feed", "list_of_pages")),
        "publish/test_notebooks.py::test_one_changed_number",
        "publish/test_notebooks.py::test_plain_papermill",
    ),
    "system": (
        "project/test_wheel",
        "publish/test_cluster",
        "project/test_portability",
        "publish/test_reports",
        "publish/test_own.py::test_a_page_of_each_force",
    ),
    "browser": ("browser/",),
}
PLACES = [start for starts in LANES.values() for start in starts]
STORES = itertools.count()
# Of the quick lane, whose files are each run by one worker (`--no-loadscope-reorder` keeps them in turn): what takes seconds, the longest first.
LONG = (
    *(f"{name}.ipynb" for name in ("explore", "methods", "cookbook", "changes", "index", "force_report")),
    ".ipynb",
    "figures/test_added.py",
    *(f"claims/test_{name}.py" for name in ("check", "axes")),
    "project/test_door.py",
    *(f"report/test_{name}.py" for name in ("methods", "lines", "charts")),
    "comparison/test_",
    "statistics/test_",
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave unread what has no test of the lanes that are asked for: to import it takes each worker seconds."""
    asked = set(re.findall(r"\w+", config.option.markexpr))
    if not asked & LANES.keys():
        return None
    wanted = {"", *LANES} - asked if "not" in asked else asked
    if collection_path.is_dir():  # a lane's own folder, of which nothing is read
        own = _lanes(f"{_place(collection_path)}/")
        return True if own and not own & wanted else None
    if collection_path.suffix != ".py":
        return None
    place, text = _place(collection_path), collection_path.read_text(encoding="utf-8")
    lanes = _lanes(place)
    if not lanes:
        lanes = {"", *(lane for lane in LANES if any(each.startswith(f"{place}::") for each in LANES[lane]))}
        lanes |= set(re.findall(r"mark\.(slow|system|browser)", text))
        if re.search(r"\beverything[:,)]", text):
            lanes.add("system")
    return None if lanes & wanted else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with its lane, by its place or because it needs every page, and put them in their order."""
    for item in items:
        lanes = _lanes(f"{_place(item.path)}::{item.name}")
        if not lanes and "everything" in getattr(item, "fixturenames", ()):
            lanes = {"system"}
        for lane in lanes:
            item.add_marker(lane)
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[int, int]:
    """Return where a test stands: by the table of lanes, before which come the quick ones, those of long files first."""
    place = f"{_place(item.path)}::{item.name}"
    turn = next((turn for turn, start in enumerate(PLACES) if place.startswith(start)), -1)
    return turn, next((turn for turn, part in enumerate(LONG) if part in place), len(LONG)) if turn < 0 else 0


def _place(path: Path) -> str:
    return path.as_posix().rpartition("/tests/")[2]


def _lanes(place: str) -> set[str]:
    return {lane for lane, starts in LANES.items() if place.startswith(starts)}


@pytest.fixture(autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test a folder of its own, not yet there, for what a user adds, so that no one's own workbooks change what it finds."""
    folder = tmp_path_factory.getbasetemp() / f"store-{next(STORES)}"
    monkeypatch.setenv("ANALYSIS_DATA", str(folder))
    return folder


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with every page of the release that the committed notebooks name; a test leaves it as it is."""
    if site := os.environ.get("ANALYSIS_SITE"):
        return Path(site)  # what `.ci/publish` has built, and wants looked at

    from documents import COMMAND
    from filelock import FileLock

    from analysis import publish

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # workers build it once between them
    with FileLock(shared / "everything.lock"):
        folder, built = shared / "everything", shared / "built"
        if not built.exists():
            words = ["build", "--release", "2026-04-23", "--output", str(folder)]
            environment = os.environ | {"ANALYSIS_DATA": str(shared / "none")}
            done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, env=environment, check=False)
            assert done.returncode == 0, done.stderr
            pages = publish.request(release="2026-04-23").names
            assert f"{len(pages)} made, 0 unchanged, 0 failed" in done.stdout
            built.touch()
    return folder


@pytest.fixture
def read_only() -> Iterator[Path]:
    """Give a folder in which nobody may write, below one through which everybody may pass."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "folder")
        folder.mkdir()
        folder.chmod(0o555)
        Path(name).chmod(0o755)
        with _ordinary_user():
            yield folder


@contextlib.contextmanager
def _ordinary_user() -> Iterator[None]:
    """Take off the superuser's right to write anywhere, in containers where tests run with it."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)
