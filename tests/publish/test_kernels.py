"""Warm kernels give what ordinary ones give, and leave nothing behind."""

from __future__ import annotations

import copy
import logging
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import papermill
import pytest
from killing import MARK, left, processes
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from analysis.publish.kernels import Launcher, launcher, warm

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")

WARM_UPS = """
import io, threading, time, warnings

def draw():
    import numpy, pandas
    from matplotlib import pyplot
    pyplot.rcParams["lines.linewidth"] = 9
    pandas.Series([1, 2]).plot()
    pyplot.savefig(io.BytesIO(), format="svg")
    numpy.random.seed(1)
    caution()

def caution():
    warnings.warn("figures are provisional")

def nothing():
    pass

def slow():
    time.sleep(1.5)

def missing():
    import no_such_library

def threads():
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
"""

REPORT = [
    "force = 'Kent'",
    "import os, sys, random, warnings\nprint(force)\nprint('aside', file=sys.stderr)\nforce",
    "from IPython.display import HTML, display\ndisplay(HTML('<b>88A</b>'), metadata={'text/html': {'lang': 'en'}})",
    "import pandas as pd\npd.DataFrame({'offences': [2, 0]}, index=pd.period_range('2017Q1', periods=2, freq='Q-MAR'))",
    """
import io
from matplotlib import pyplot as plt
from IPython.display import SVG
plt.rcParams['svg.hashsalt'] = '88A'
figure, axes = plt.subplots()
axes.plot([370, 459, 677], label='recorded offences')
axes.legend()
drawing = io.StringIO()
figure.savefig(drawing, format='svg', metadata={'Date': None})
plt.close(figure)
SVG(drawing.getvalue())
""",
    "plt.plot([1, 2]);",  # shown as PNG by the inline backend
    "plt.rcParams",
    "import numpy as np\nnp.random.seed(88)\nnp.random.rand(3)",
    "import warm_ups\nwarm_ups.caution()",
    "os.system('echo from another program')",
    "os.getcwd(), sys.path, sys.argv[1], __name__, os.environ['HOME']",
    "%%html\n<i>magic</i>",
]


def notebook(*cells: str) -> NotebookNode:
    python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": python})
    made.cells[0].metadata.tags = ["parameters"]
    return made


def value(executed: NotebookNode) -> str:
    (output,) = executed.cells[-1].outputs
    return str(output.data["text/plain"])


@pytest.fixture(scope="module", autouse=True)
def marker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Let every process of these tests find the warm-ups, and be found by a mark in its environment."""
    folder = tmp_path_factory.mktemp("warm_ups")
    (folder / "warm_ups.py").write_text(WARM_UPS)
    mark = uuid.uuid4().hex
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        patch.setenv(MARK, mark)
        yield mark


@pytest.fixture(scope="module")
def kernels() -> Iterator[Launcher]:
    with warm("warm_ups:draw") as warmed:
        yield warmed


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir="/tmp"))  # short enough for sockets
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder)


def test_every_cell_gives_what_the_ordinary_launcher_gives(kernels: Launcher, tmp_path: Path) -> None:
    warm_run = kernels.execute(notebook(*REPORT), {"force": "Avon"}, name="report", cwd=tmp_path)
    ordinary = papermill.execute_notebook(
        notebook(*REPORT), None, {"force": "Avon"}, cwd=tmp_path, progress_bar=False, coalesce_streams=True
    )
    for cell, expected in zip(warm_run.cells, ordinary.cells, strict=True):
        assert cell.source == expected.source
        assert cell.get("outputs") == expected.get("outputs"), cell.source
        assert cell.get("execution_count") == expected.get("execution_count")


def test_a_notebook_is_left_as_it_is(kernels: Launcher) -> None:
    given = notebook("1", "n = 2")
    before = copy.deepcopy(given)
    kernels.execute(given, name="page")
    assert given == before


def test_an_error_in_a_cell_is_what_the_ordinary_launcher_raises(kernels: Launcher) -> None:
    with pytest.raises(papermill.PapermillExecutionError) as warm_error:
        kernels.execute(notebook("1 / 0"), name="page")
    with pytest.raises(papermill.PapermillExecutionError) as ordinary:
        papermill.execute_notebook(notebook("1 / 0"), None, progress_bar=False)
    assert warm_error.value.traceback == ordinary.value.traceback


def test_random_numbers_without_a_seed_differ_between_kernels(kernels: Launcher) -> None:
    draw = notebook("import random, numpy\nrandom.random(), numpy.random.rand()")
    first, second = (eval(value(kernels.execute(draw, name="page"))) for _ in range(2))  # noqa: S307
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_a_kernel_runs_in_the_environment_of_the_moment(kernels: Launcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERNELS_ADDED", "later")
    executed = kernels.execute(notebook("import os\nos.environ['KERNELS_ADDED']"), name="page")
    assert value(executed) == "'later'"


def test_what_a_person_has_made_of_ipython_changes_no_notebook(
    kernels: Launcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    startup = tmp_path / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("rates = 'of my own'")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("IPYTHONDIR", raising=False)
    see = notebook("'rates' in globals()")
    assert value(papermill.execute_notebook(see, None, progress_bar=False)) == "True"
    assert value(kernels.execute(see, name="page")) == "False"


def test_forty_kernels_four_at_once_all_give_their_own_result(
    kernels: Launcher, caplog: pytest.LogCaptureFixture
) -> None:
    with ThreadPoolExecutor(4) as pool:
        pages = pool.map(lambda n: kernels.execute(notebook("n = 0", "n"), {"n": n}, name=str(n)), range(40))
        assert [value(page) for page in pages] == [str(n) for n in range(40)]
    assert not caplog.records  # none of them had to start the ordinary way


def test_other_processes_can_use_the_launcher(kernels: Launcher) -> None:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        parents = [pool.submit(kernels.execute, notebook("import os\nos.getppid()"), name="page") for _ in range(2)]
        here = kernels.execute(notebook("import os\nos.getppid()"), name="page")
        assert [value(parent.result()) for parent in parents] == [value(here)] * 2


def test_each_thread_can_have_its_own_folder(kernels: Launcher, tmp_path: Path) -> None:
    folders = [tmp_path / str(n) for n in range(4)]
    for folder in folders:
        folder.mkdir()
    where = notebook("import os, time\ntime.sleep(0.2)\nprint(os.getcwd())")
    with ThreadPoolExecutor(4) as pool:
        pages = pool.map(lambda folder: kernels.execute(where, name="page", cwd=folder), folders)
        assert [page.cells[0].outputs[0].text for page in pages] == [f"{folder}\n" for folder in folders]


def test_a_hung_cell_ends_at_the_limit_and_the_error_names_the_page(kernels: Launcher, marker: str) -> None:
    before = processes(marker).keys()
    deaf = "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass"
    started = time.monotonic()
    with pytest.raises(TimeoutError, match=r"^forces/kent: not finished within 1 seconds.*'import time'$"):
        kernels.execute(notebook(deaf), name="forces/kent", time_limit=1)
    assert time.monotonic() - started < 3
    assert processes(marker).keys() == before


def test_the_limit_is_for_all_cells_together(kernels: Launcher) -> None:
    with pytest.raises(TimeoutError, match="with 'second = 2;"):
        kernels.execute(
            notebook("import time; time.sleep(0.7)", "second = 2; time.sleep(0.7)"), name="page", time_limit=1
        )


def test_a_kernel_that_dies_fails_its_notebook_only(kernels: Launcher) -> None:
    with pytest.raises(DeadKernelError):
        kernels.execute(notebook("import os; os._exit(3)"), name="page")
    assert value(kernels.execute(notebook("6 * 7"), name="page")) == "42"


@pytest.mark.parametrize(
    ("warm_up", "reason"),
    [
        ("warm_ups:missing", "No module named 'no_such_library'"),
        ("warm_ups:threads", "it leaves threads running"),
        ("no_such_module:draw", "No module named 'no_such_module'"),
    ],
)
def test_kernels_start_the_ordinary_way_if_the_template_fails_which_is_said_once(
    warm_up: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    with warm(warm_up) as launcher, ThreadPoolExecutor(2) as pool:
        pages = list(pool.map(lambda n: launcher.execute(notebook(str(n)), name="page"), range(2)))
    assert [value(page) for page in pages] == ["0", "1"]
    (said,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert reason in said.message
    assert "\n" not in said.message


def test_kernels_start_the_ordinary_way_where_nothing_is_forked(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(launcher, "sys", SimpleNamespace(platform="darwin"))
    with warm("warm_ups:nothing") as elsewhere:
        assert value(elsewhere.execute(notebook("6 * 7"), name="page")) == "42"
    assert [record.message for record in caplog.records] == [
        "notebooks start in the ordinary, slower way: nothing is forked on darwin"
    ]


def test_kernels_start_the_ordinary_way_after_the_template_was_killed(
    marker: str, temporary: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = processes(marker)
    with warm("warm_ups:nothing") as launcher:
        launcher.execute(notebook("1"), name="page")
        (template,) = processes(marker).keys() - before.keys()
        os.kill(template, signal.SIGKILL)
        pages = [launcher.execute(notebook("6 * 7"), name="page") for _ in range(2)]
    assert [value(page) for page in pages] == ["42", "42"]
    assert len(caplog.records) == 1
    assert list(temporary.iterdir()) == []


def test_a_killed_template_takes_its_kernels_along(marker: str, tmp_path: Path) -> None:
    before = processes(marker)
    hang = "import pathlib\npathlib.Path('hangs').touch()\nwhile True:\n    pass"
    with warm("warm_ups:nothing") as launcher, ThreadPoolExecutor(1) as pool:
        launcher.execute(notebook("1"), name="page")
        (template,) = processes(marker).keys() - before.keys()
        hung = pool.submit(launcher.execute, notebook(hang), name="page", cwd=tmp_path, time_limit=30)
        while not (tmp_path / "hangs").exists():
            time.sleep(0.01)
        os.kill(template, signal.SIGKILL)
        with pytest.raises(DeadKernelError):
            hung.result(timeout=10)
        gone = time.monotonic() + 2
        while processes(marker).keys() != before.keys():
            assert time.monotonic() < gone


def test_no_kernel_starts_once_the_launcher_is_closed() -> None:
    with warm("warm_ups:nothing") as closed:
        pass
    with pytest.raises(RuntimeError, match="the launcher is closed"):
        closed.execute(notebook("1"), name="page")


BUILD = """
import pathlib, signal, sys, threading, time
from nbformat.v4 import new_code_cell, new_notebook
from analysis.publish.kernels import warm

HANG = '''
import pathlib, subprocess, time
subprocess.Popen(["sleep", "60"])
pathlib.Path("hangs").touch()
time.sleep(60)
'''

def run(launcher, code):
    python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    page = new_notebook(cells=[new_code_cell(code)], metadata={"kernelspec": python})
    launcher.execute(page, name="page")

signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell takes away from what it runs in the background
stage = sys.argv[1]
with warm("warm_ups:slow" if stage == "warming up" else "warm_ups:nothing") as launcher:
    if stage == "warming up":
        pathlib.Path("hangs").touch()
        time.sleep(60)
    run(launcher, "1")
    if stage == "failed":
        threading.Thread(target=run, args=(launcher, HANG), daemon=True).start()
        while not pathlib.Path("hangs").exists():
            time.sleep(0.01)
        raise LookupError("a page failed")
    if stage == "running":
        run(launcher, HANG)
"""


@pytest.mark.parametrize(
    ("stage", "sent", "status"),
    [
        ("done", None, 0),
        ("failed", None, 1),
        ("warming up", signal.SIGINT, -signal.SIGINT),
        ("warming up", signal.SIGKILL, -signal.SIGKILL),
        ("running", signal.SIGINT, -signal.SIGINT),
        ("running", signal.SIGTERM, -signal.SIGTERM),
        ("running", signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_no_process_socket_or_file_stays_when_a_build_ends(
    stage: str, sent: signal.Signals | None, status: int, temporary: Path, tmp_path: Path
) -> None:
    mark = uuid.uuid4().hex
    environment = {**os.environ, MARK: mark, "TMPDIR": str(temporary)}
    build = subprocess.Popen([sys.executable, "-W", "error", "-c", BUILD, stage], env=environment, cwd=tmp_path)
    if sent:
        while not (tmp_path / "hangs").exists():
            assert build.poll() is None
            time.sleep(0.01)
        build.send_signal(sent)
        build.wait(timeout=10)  # in truth within two seconds, unless the machine is busy
    assert build.wait(timeout=30) == status
    assert left(temporary, mark) == []
