"""What a worker makes of a page is what a kernel makes of it, whatever ran before, within limits, and it ends with its build."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import papermill
import pytest
from killing import MARK, processes
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from analysis.publish import building, engine, worker
from analysis.publish.pages import Page
from analysis.publish.worker import Made, Workers

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes that /proc lists")

REPORT = [
    "force = 'Kent'",
    "import os, sys, random, warnings\nprint(force)\nprint('aside', file=sys.stderr)\nforce",
    "from IPython.display import HTML, display\nshown = display(HTML('<b>88A</b>'), metadata={'text/html': {'lang': 'en'}}, display_id=True)",
    "shown.update(HTML('<b>burglary</b>'))",
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
    "warnings.warn_explicit('figures are provisional', UserWarning, 'figures.py', 1)",
    "os.system('echo from another program');",
    "np.geterr()",
    "__name__, os.environ['HOME'], os.environ.get('NEW'), [name for name in sorted(globals()) if name[0] != '_']",
    "%%html\n<i>magic</i>",
    "from IPython.display import publish_display_data\npublish_display_data({'text/plain': 'alone'})",
    "import logging\nlogging.getLogger('figures').warning('provisional')",
]

# What a page may leave to the next one in the same process.
UNTIDY = """
import builtins, logging, os, random, sys, warnings
import numpy as np, pandas as pd
from matplotlib import pyplot as plt
force, rates = 'Avon', [1, 2]
plt.rcParams['lines.linewidth'] = 9
plt.switch_backend('svg')
plt.figure()
warnings.simplefilter('ignore')
np.random.seed(1); random.seed(1)
np.set_printoptions(precision=1); np.seterr(all='ignore')
pd.set_option('display.max_rows', 1); pd.set_option('display.precision', 1)
logging.basicConfig(stream=sys.stdout, level=1)
os.environ['HOME'] = '/nowhere'; os.environ['NEW'] = 'left'
sys.path.insert(0, '/nowhere')
open('left', 'w').write('here')
os.chdir('/')
sys.stdout = sys.stderr
"""


def notebook(*cells: str) -> NotebookNode:
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": spec})
    made.cells[0].metadata.tags = ["parameters"]
    return made


def outputs(executed: NotebookNode) -> list[tuple[str, object, object]]:
    return [(cell.source, cell.get("outputs"), cell.get("execution_count")) for cell in executed.cells]


def in_one_process(folder: Path, *pages: NotebookNode, most_shown: int = engine.MOST_SHOWN) -> list[Any]:
    """Run notebooks one after the other in one worker's process, and return each as it ran, or the error that it ended with."""
    code = """
import json, sys, nbformat, papermill
from analysis.publish import engine
engine.MOST_SHOWN = int(sys.argv[3])
engine.warm_up()
done = []
for source in json.load(open(sys.argv[1])):
    try:
        done.append(engine.run(nbformat.from_dict(source), {"force": "Avon"}))
    except papermill.PapermillExecutionError as error:
        done.append({"ename": error.ename, "evalue": error.evalue, "traceback": error.traceback})
json.dump(done, open(sys.argv[2], "w"))
"""
    (folder / "pages").write_text(f"[{','.join(map(writes, pages))}]", encoding="utf-8")
    words = [sys.executable, "-c", code, str(folder / "pages"), str(folder / "done"), str(most_shown)]
    subprocess.run(words, check=True, env=os.environ | worker.ENVIRONMENT | {"IPYTHONDIR": str(folder)})
    return [from_dict(each) for each in json.loads((folder / "done").read_text(encoding="utf-8"))]


def test_every_cell_gives_what_a_kernel_gives_and_random_numbers_and_folders_are_each_pages_own_whatever_ran_before(
    tmp_path: Path,
) -> None:
    report, untidy = notebook(*REPORT), notebook("force = ''", UNTIDY, "%matplotlib inline")
    report.cells += [new_markdown_cell("# Kent 1 / 0"), new_code_cell(" ")]
    failing = notebook("force = ''", UNTIDY + "1 / 0")
    draw = notebook(
        "force = ''",
        "import os, random, numpy\n(random.random(), float(numpy.random.rand()), os.getcwd(), os.listdir())",
    )
    first, drawn, _, second, later, again = in_one_process(tmp_path, report, draw, untidy, failing, report, draw)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST")  # by which a kernel would not hear other programs
        for name, value in worker.ENVIRONMENT.items():
            patch.setenv(name, value)
        ordinary = papermill.execute_notebook(report, None, {"force": "Avon"}, cwd=tmp_path, progress_bar=False)
        with pytest.raises(papermill.PapermillExecutionError) as raised:
            papermill.execute_notebook(failing, None, {"force": "Avon"}, cwd=tmp_path, progress_bar=False)
    assert outputs(first) == outputs(ordinary)
    assert first == later  # to the names of its cells
    assert (second["ename"], second["evalue"]) == (raised.value.ename, raised.value.evalue)
    assert second["traceback"][-1] == raised.value.traceback[-1]
    one, other = (ast.literal_eval(page.cells[-1].outputs[0].data["text/plain"]) for page in (drawn, again))
    assert all(mine != its for mine, its in zip(one[:3], other[:3], strict=True))
    assert one[3] == other[3] == []


WITHOUT_END = ["print('x' * 1000)", "sys.stderr.write('x' * 1000)", "display('x' * 1000)"]


def test_what_a_page_leaves_in_memory_goes_before_the_next_one(tmp_path: Path) -> None:
    rings = (
        "import gc\nrings = [[] for _ in range(5000)]\nfor ring in rings:\n    ring.append(ring)\ngc.get_freeze_count()"
    )
    pages = in_one_process(tmp_path, *[notebook("force = ''", rings)] * 5)
    kept = [int(page.cells[-1].outputs[0]["data"]["text/plain"]) for page in pages]
    assert (
        kept[-1] - kept[1] < 1000
    )  # of objects that are kept for all pages; a page of ours leaves some 40,000 in cycles


def test_a_cell_that_shows_without_end_fails_and_another_program_is_cut_off(tmp_path: Path) -> None:
    loops = [notebook("force = ''", f"import sys\nfor _ in range(1000): {cell}") for cell in WITHOUT_END]
    *failed, other, line = in_one_process(
        tmp_path,
        *loops,
        notebook("force = ''", "import os\nos.system('yes | head -c 1000000');"),
        notebook("force = ''", "print('x' * 200_000)"),
        most_shown=500_000,
    )
    assert {each["evalue"] for each in failed} == {"shows more than 500,000 characters"}
    assert len(other.cells[-1].outputs[0].text) == 500_000
    assert len(line.cells[-1].outputs[0].text) == 200_001


# A page that runs whatever it is given.
PAGE = notebook("release = code = ''", "exec(code)", "from IPython.display import HTML\nHTML(f'<p>{shown}</p>')")
PID = "import os; shown = os.getpid()"


def request(code: str, limit: float = 60) -> tuple[Page, dict[str, Any]]:
    page = Page("breaks", "breaks", {"release": "2026-04-23", "code": code})
    return page, {"page": vars(page), "identity": None, "limit": limit}


def made(workers: Workers, code: str, limit: float = 60) -> Made:
    (done,) = worker.made([request(code, limit)[0]], workers, lambda _: {}, limit)
    return done


def value(done: Made) -> str:
    assert done.failure is None
    ran = json.loads(done.files["notebooks/breaks.ipynb"])
    return str(ran["cells"][-1]["outputs"][0]["data"]["text/html"][3:-4])


@pytest.fixture(scope="module")
def mark() -> Iterator[str]:
    """Let every process of these tests be found by a mark in its environment."""
    own = uuid.uuid4().hex
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(MARK, own)
        yield own


@contextmanager
def opened(folder: Path, mark: str) -> Iterator[Workers]:
    """Give workers that leave no process and no file behind."""
    before = processes(mark) if sys.platform == "linux" else []
    kept = Workers(folder, building.Inputs.read().content | {"notebooks/breaks.ipynb": writes(PAGE).encode()})
    yield kept
    kept.close()
    if sys.platform == "linux":
        assert gone(mark, before)
    assert list(folder.iterdir()) == [folder / "snapshot"]


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory, mark: str) -> Iterator[Workers]:
    """Give workers that the tests here ask one after another, whatever became of those before: it takes seconds to start one."""
    with opened(tmp_path_factory.mktemp("workers"), mark) as kept:
        yield kept


@pytest.fixture
def own_workers(tmp_path: Path, mark: str) -> Iterator[Workers]:
    """Give workers of a test's own, which start as it says."""
    with opened(tmp_path, mark) as kept:
        yield kept


def gone(mark: str, but: Collection[int] = ()) -> bool:
    """Say whether no other process carries a mark, or none does within a minute: one that is killed takes a moment to end."""
    for _ in range(6000):  # looks, not seconds on the clock: the machine may stand still meanwhile
        if not set(processes(mark)) - set(but):
            return True
        time.sleep(0.01)
    return False


def test_many_pages_at_once_all_give_their_own_result_and_workers_are_kept(workers: Workers) -> None:
    with ThreadPoolExecutor(2) as threads:
        shown = list(threads.map(lambda n: value(made(workers, f"import os; shown = {n}, os.getpid()")), range(20)))
    found = [ast.literal_eval(each) for each in shown]
    assert [n for n, _ in found] == list(range(20))
    assert len({pid for _, pid in found}) <= 2


def test_a_hung_cell_ends_at_the_limit_and_another_worker_goes_on(workers: Workers) -> None:
    first = value(made(workers, PID))
    deaf = "import time\nwhile True:\n    try:\n        time.sleep(600)\n    except BaseException:\n        pass"
    done = made(workers, deaf, limit=1)
    assert done.failure == "TimeoutError: not finished within 1 seconds, in the cell that starts with 'exec(code)'"
    assert not done.is_passing
    assert value(made(workers, PID)) != first


def test_a_worker_that_dies_is_tried_once_more_and_fails_its_page_only(workers: Workers, tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    die = f"import os; open({str(tries)!r}, 'a').write('x'); os._exit(3)"
    done = made(workers, die)
    assert (
        done.failure
        == "WorkerDied: the program that makes pages ended with status 3, in the cell that starts with 'exec(code)'"
    )
    assert done.is_passing
    assert tries.read_text() == "xx"
    once = f"import os, pathlib\nif (path := pathlib.Path({str(tries)!r})).exists():\n    path.unlink()\n    os._exit(3)\nshown = 1"
    assert value(made(workers, once)) == "1"
    assert value(made(workers, PID))


def test_what_the_system_lacks_is_passing_and_an_error_of_a_cell_is_not(workers: Workers) -> None:
    lacking, wrong = (made(workers, f"raise {error}") for error in ("MemoryError('no room')", "LookupError('Avon')"))
    assert (lacking.failure, lacking.is_passing) == ("MemoryError: no room", True)
    assert (wrong.failure, wrong.is_passing) == ("LookupError: Avon", False)
    assert made(workers, "raise KeyboardInterrupt").failure == "KeyboardInterrupt"
    printed = made(workers, "print('aside'); shown = 1").failure
    assert (
        printed == "RequestError: an output that is not HTML: aside ; a cell must show what a library function returns"
    )


@pytest.mark.parametrize(
    "leave",
    [
        "import subprocess; subprocess.Popen(['sleep', '60'])",
        "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()",
    ],
    ids=["program", "thread"],
)
@linux
def test_what_a_page_leaves_running_ends_with_its_worker(leave: str, workers: Workers, mark: str) -> None:
    first = value(made(workers, f"{leave}\n{PID}"))
    assert value(made(workers, PID)) != first
    found = processes(mark)
    assert int(first) not in found
    assert not any("sleep 60" in command for command in found.values())


def test_if_no_worker_starts_a_page_says_why_in_one_line(own_workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_PROGRAM", "import no_such_library")
    done = made(own_workers, PID)
    assert done.failure == "WorkerDied: no worker starts: ModuleNotFoundError: No module named 'no_such_library'"
    assert done.is_passing


def test_a_worker_that_nobody_asks_ends_and_the_next_page_has_another(
    own_workers: Workers, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = processes(mark)
    monkeypatch.setattr(
        worker, "_PROGRAM", "from analysis.publish import worker; worker.IDLE_LIMIT = 0.5; worker.serve()"
    )
    first = value(made(own_workers, PID))
    assert gone(mark, others)
    assert value(made(own_workers, PID)) != first


def test_what_a_person_has_made_of_ipython_and_matplotlib_changes_no_page(
    own_workers: Workers, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("home")
    startup = home / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("rates = 'of my own'")
    for name, text in {"HOME": str(home), "MPLBACKEND": "nonsense", "OPENBLAS_NUM_THREADS": "7"}.items():
        monkeypatch.setenv(name, text)
    monkeypatch.delenv("IPYTHONDIR", raising=False)
    see = "import os; from matplotlib import pyplot; pyplot.close(pyplot.figure())\n"
    assert (
        value(made(own_workers, see + "shown = 'rates' in globals(), os.environ['OPENBLAS_NUM_THREADS']"))
        == "(False, '1')"
    )


@linux
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_workers_and_what_they_have_started_end_with_their_build(sent: signal.Signals, tmp_path: Path) -> None:
    own, hangs = uuid.uuid4().hex, tmp_path / "hangs"
    hang = f"import pathlib, subprocess, time; subprocess.Popen(['sleep', '600']); pathlib.Path({str(hangs)!r}).touch(); time.sleep(60)"
    code = f"""
import pathlib, signal
from analysis.publish import building, engine, worker
signal.signal(signal.SIGINT, signal.default_int_handler)
page = {{"notebooks/breaks.ipynb": pathlib.Path({str(tmp_path / "page")!r}).read_bytes()}}
worker.Workers(pathlib.Path({str(tmp_path)!r}), building.Inputs.read().content | page).make({request(hang)[1]!r})
"""
    (tmp_path / "page").write_text(writes(PAGE), encoding="utf-8")
    build = subprocess.Popen([sys.executable, "-c", code], env=os.environ | {MARK: own}, stderr=subprocess.DEVNULL)
    while not hangs.exists():
        assert build.poll() is None
        time.sleep(0.01)
    assert len(processes(own)) == 3
    build.send_signal(sent)
    build.wait(300)
    assert gone(own)
