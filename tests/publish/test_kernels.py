"""Kept kernels give what ordinary ones give, whatever ran in them before, and leave nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import papermill
import psutil
import pytest
from killing import MARK, left, processes
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from analysis.errors import RequestError
from analysis.publish import inside, keeper, kernels
from analysis.publish.kernels import Kernel, Pool, warm

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes that /proc lists")
posix = pytest.mark.skipif(os.name != "posix", reason="owners, modes and signals")

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
    "warnings.warn_explicit('figures are provisional', UserWarning, 'figures.py', 1)",
    "os.system('echo from another program')",
    "os.getcwd(), sys.stdin, __name__, os.environ['HOME'], os.environ.get('NEW'), [name for name in sorted(globals()) if name[0] != '_']",
    "%%html\n<i>magic</i>",
]

# What a page may leave to the next one in the same process.
UNTIDY = """
import os, random, sys, warnings
import numpy as np, pandas as pd
from matplotlib import pyplot as plt
force, rates = 'Avon', [1, 2]
plt.rcParams['lines.linewidth'] = 9
plt.figure()
warnings.simplefilter('ignore')
np.random.seed(1); random.seed(1)
np.set_printoptions(precision=1); np.seterr(all='ignore')
pd.set_option('display.max_rows', 1); pd.set_option('display.precision', 1)
os.environ['HOME'] = '/nowhere'; os.environ['NEW'] = 'left'
sys.path.insert(0, '/nowhere')
os.chdir('/')
"""


def notebook(*cells: str, kernel: str = "python3") -> NotebookNode:
    spec = {"name": kernel, "display_name": "Python 3", "language": "python"}
    made = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": spec})
    made.cells[0].metadata.tags = ["parameters"]
    return made


def value(executed: NotebookNode) -> str:
    (output,) = executed.cells[-1].outputs
    return str(output.data["text/plain"])


def run(pool: Pool, *cells: str, time_limit: float | None = None, **parameters: object) -> NotebookNode:
    def work(kernel: Kernel) -> NotebookNode:
        return kernel.execute(notebook(*cells), parameters, name="page", time_limit=time_limit)

    return pool.submit(work).result(timeout=600)


def outputs(executed: NotebookNode) -> list[tuple[str, object, object]]:
    return [(cell.source, cell.get("outputs"), cell.get("execution_count")) for cell in executed.cells]


@pytest.fixture(scope="module", autouse=True)
def mark() -> Iterator[str]:
    """Let every process of these tests be found by a mark in its environment."""
    made = uuid.uuid4().hex
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(MARK, made)
        yield made


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with warm(2) as kept:
        yield kept


@pytest.fixture(scope="module")
def one() -> Iterator[Pool]:
    """Give one kernel; where a test ends it, another takes its place for the next test."""
    with warm(1) as kept:
        yield kept


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir="/tmp"))  # short enough for sockets
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    shutil.rmtree(folder)


def test_every_cell_gives_what_the_ordinary_launcher_gives_whatever_ran_before(one: Pool) -> None:
    ordinary = papermill.execute_notebook(notebook(*REPORT), None, {"force": "Avon"}, progress_bar=False)
    first = run(one, *REPORT, force="Avon")
    run(one, "force = ''", UNTIDY, "%matplotlib inline")
    with pytest.raises(papermill.PapermillExecutionError):
        run(one, UNTIDY + "1 / 0")
    later = run(one, *REPORT, force="Avon")
    assert outputs(first) == outputs(ordinary)
    assert outputs(later) == outputs(ordinary)


def test_a_notebook_is_left_as_it_is(pool: Pool) -> None:
    given = notebook("1", "n = 2")
    before = copy.deepcopy(given)
    pool.submit(lambda kernel: kernel.execute(given, name="page")).result()
    assert given == before


def test_an_error_in_a_cell_is_what_the_ordinary_launcher_raises(pool: Pool) -> None:
    with pytest.raises(papermill.PapermillExecutionError) as kept:
        run(pool, "1 / 0")
    with pytest.raises(papermill.PapermillExecutionError) as ordinary:
        papermill.execute_notebook(notebook("1 / 0"), None, progress_bar=False)
    assert kept.value.traceback == ordinary.value.traceback


def test_random_numbers_without_a_seed_differ_between_pages(pool: Pool) -> None:
    draw = "import random, numpy\n(random.random(), float(numpy.random.rand()))"
    drawn = [eval(value(run(pool, draw))) for _ in range(4)]  # noqa: S307
    assert len({number for each in drawn for number in each}) == 8


def test_what_a_person_has_made_of_ipython_jupyter_and_matplotlib_changes_no_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    startup = tmp_path / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("rates = 'of my own'")
    spec = tmp_path / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({"argv": ["false"], "display_name": "Python 3", "language": "python"}))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("MPLBACKEND", "nonsense")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    monkeypatch.delenv("IPYTHONDIR", raising=False)
    see = "import os, sys\nfrom matplotlib import pyplot\npyplot.figure()\n"
    with warm(1) as kept:
        seen = run(kept, see + "'rates' in globals(), sys.executable, os.environ['OPENBLAS_NUM_THREADS']")
        assert seen.cells[-1].outputs[0].data["text/plain"] == repr((False, sys.executable, "1"))
        of_another = notebook("6 * 7", kernel="of another language")
        assert value(kept.submit(lambda kernel: kernel.execute(of_another, name="page")).result()) == "42"


def test_many_pages_at_once_all_give_their_own_result(pool: Pool) -> None:
    pages = [
        pool.submit(lambda kernel, n=n: kernel.execute(notebook("n = 0", "n"), {"n": n}, name=str(n)))
        for n in range(40)
    ]
    assert [value(page.result()) for page in pages] == [str(n) for n in range(40)]


@linux
def test_a_hung_cell_ends_at_the_limit_the_error_names_the_page_and_another_kernel_goes_on(
    one: Pool, mark: str
) -> None:
    first = value(run(one, "import os\nos.getpid()"))
    deaf = "import time\nwhile True:\n    try:\n        time.sleep(600)\n    except BaseException:\n        pass"
    started = time.monotonic()
    with pytest.raises(TimeoutError, match=r"^page: not finished within 1 seconds.*'import time'$"):
        run(one, deaf, time_limit=1)
    assert time.monotonic() - started < 300  # and not the ten minutes that the cell takes
    assert int(first) not in processes(mark)
    assert value(run(one, "import os\nos.getpid()")) != first


def test_the_limit_is_for_all_cells_together_and_for_each_page_anew(one: Pool) -> None:
    cells = "import time; time.sleep(0.3)", "second = 2; time.sleep(1.7)"
    run(one, *cells, time_limit=3.5)
    run(one, *cells, time_limit=3.5)
    with pytest.raises(TimeoutError, match="with 'second = 2;"):
        run(one, *cells, time_limit=1.8)


@linux
def test_a_kernel_that_dies_fails_its_notebook_only_and_takes_along_what_that_has_started(one: Pool, mark: str) -> None:
    with pytest.raises(DeadKernelError):
        run(one, "import os, subprocess; subprocess.Popen(['sleep', '60']); os._exit(3)")
    assert value(run(one, "6 * 7")) == "42"
    assert "sleep 60 " not in processes(mark).values()


def test_nothing_but_its_pipe_ends_a_kernel_with_its_build(one: Pool) -> None:
    threads = "import threading\n[type(thread).__name__ for thread in threading.enumerate()]"
    assert "ParentPoller" not in value(run(one, threads))  # which would leave what is to end with the kernel


def test_a_kernel_that_dies_between_two_pages_is_replaced(one: Pool) -> None:
    kernel = psutil.Process(int(value(run(one, "import os\nos.getpid()"))))
    kernel.kill()
    with contextlib.suppress(psutil.NoSuchProcess):
        while kernel.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
    assert value(run(one, "6 * 7")) == "42"


# As if a notebook had shown nearly as much as it may.
ALMOST = "from analysis.publish import inside; inside._shown[0] = inside.MOST_SHOWN - 50_000"


@pytest.mark.parametrize("cell", ["print('x' * 1000)", "sys.stderr.write('x' * 1000)", "display('x' * 1000)"])
def test_a_cell_that_shows_without_end_fails_soon(cell: str, one: Pool) -> None:
    with pytest.raises(papermill.PapermillExecutionError, match="RuntimeError: shows more than 10,000,000 characters"):
        run(one, ALMOST, f"import sys\nfor _ in range(100): {cell}", time_limit=60)
    assert value(run(one, "6 * 7")) == "42"


@posix
def test_another_program_that_prints_without_end_is_cut_off(one: Pool) -> None:
    shown = run(one, ALMOST, "import os\nos.system('yes | head -c 100000')", time_limit=60).cells[-1].outputs
    assert sum(len(output.get("text", "")) for output in shown) <= 50_000


def test_a_very_long_line_is_passed_on_at_once(one: Pool) -> None:
    (output,) = run(one, "print('x' * 2_000_000)", time_limit=60).cells[-1].outputs
    assert len(output.text) == 2_000_001


def test_a_cell_that_says_it_was_interrupted_is_no_person_who_did(one: Pool) -> None:
    with pytest.raises(papermill.PapermillExecutionError, match="KeyboardInterrupt"):
        run(one, "raise KeyboardInterrupt")
    assert value(run(one, "6 * 7")) == "42"


def starting_by(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    spec = copy.copy(kernels._Manager.kernel_spec)
    spec.argv = [sys.executable, "-c", code, *spec.argv[4:]]
    monkeypatch.setattr(kernels._Manager, "kernel_spec", spec)


def test_a_failed_start_is_tried_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = f"""
import pathlib
tries = pathlib.Path({str(tmp_path / "tries")!r})
tries.open("a").write("x")
if tries.read_text() == "x":
    raise SystemExit("the port is taken")
from analysis.publish.inside import main
main()
"""
    starting_by(monkeypatch, code)
    with warm(1) as kept:
        assert value(run(kept, "6 * 7")) == "42"
    assert (tmp_path / "tries").read_text() == "xx"


def test_if_no_kernel_starts_a_page_says_why_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    starting_by(monkeypatch, "import no_such_library")
    reason = "^no kernel starts: ModuleNotFoundError: No module named 'no_such_library'$"
    with warm(1) as kept, pytest.raises(RuntimeError, match=reason):
        run(kept, "6 * 7")


def test_kernels_work_over_tcp_where_there_is_nothing_better(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "TRANSPORT", "tcp")
    with warm(2) as kept:
        assert [value(run(kept, str(n))) for n in range(4)] == ["0", "1", "2", "3"]


@posix
def test_only_its_owner_may_enter_the_folder_of_the_sockets(temporary: Path) -> None:
    with warm(1) as kept:
        run(kept, "1")
        (folder,) = temporary.iterdir()
        assert (folder.stat().st_uid, folder.stat().st_mode & 0o777) == (os.getuid(), 0o700)
        (own,) = (path for path in folder.iterdir() if path.name != keeper._MARK)
        assert sorted(path.name for path in own.iterdir() if path.is_socket()) == [
            f"kernel-ipc-{n}" for n in range(1, 6)
        ]
    assert list(temporary.iterdir()) == []


@posix
def test_a_folder_that_others_may_enter_is_refused(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    careless = keeper._KEEPER.replace("os.write(", "os.chmod(folder, 0o755); os.write(")
    monkeypatch.setattr(keeper, "_KEEPER", careless)
    with (
        pytest.raises(RequestError, match=r"analysis-\w+: not private \(owner \d+, mode 755\); let TMPDIR name a"),
        warm(1),
    ):
        pytest.fail("kernels were started")
    assert list(temporary.iterdir()) == []


@posix
def test_a_folder_that_was_left_goes_with_the_next_build_and_none_that_is_in_use_or_of_another_kind(
    temporary: Path,
) -> None:
    left, open_to_all, used = (temporary / f"analysis-{name}" for name in ("abcd1234", "abcd1235", "abcd1236"))
    for folder in (left, open_to_all, used, temporary / "analysis-update-1", temporary / "kernels-6.12"):
        folder.mkdir(mode=0o700)
        (folder / "kernel.json").touch()
        (folder / keeper._MARK).touch()
    open_to_all.chmod(0o755)
    (temporary / "analysis-abcd1237").symlink_to(temporary / "kernels-6.12")
    with keeper._in_use(used):
        keeper._clear_away(temporary)
    assert sorted(path.name for path in temporary.iterdir()) == [
        "analysis-abcd1235", "analysis-abcd1236", "analysis-abcd1237", "analysis-update-1", "kernels-6.12",
    ]  # fmt: skip
    assert (temporary / "kernels-6.12" / "kernel.json").exists()


@posix
def test_a_strangers_folder_that_is_called_like_ours_is_never_removed(temporary: Path) -> None:
    theirs = Path(tempfile.mkdtemp(prefix="analysis-", dir=temporary))
    (theirs / "thesis.csv").write_text("years of work", encoding="utf-8")
    keeper._clear_away(temporary)
    with warm(1) as kept:
        run(kept, "1")
    assert (theirs / "thesis.csv").read_text(encoding="utf-8") == "years of work"


# A process in a session of its own, whose parent ends at once.
DETACH = """
import subprocess, sys
code = 'import os, time\\nif os.fork(): os._exit(0)\\nos.setsid()\\nif os.fork(): os._exit(0)\\nprint(os.getpid(), flush=True)\\ntime.sleep(60)'
started = subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE).stdout.readline()
"""


@linux
@pytest.mark.parametrize("ends", ["with the build", "by itself", "by the time limit"])
def test_a_process_that_a_cell_has_detached_ends_with_its_kernel(ends: str, mark: str) -> None:
    left_before = processes(mark)
    with warm(1) as kept:
        started = int(value(run(kept, DETACH + "int(started)")))
        assert started in processes(mark)
        if ends == "by itself":
            with pytest.raises(DeadKernelError):
                run(kept, "import os; os._exit(3)")
        elif ends == "by the time limit":
            with pytest.raises(TimeoutError):
                run(kept, "import time; time.sleep(60)", time_limit=1)
        assert (started in processes(mark)) is (ends == "with the build")
    assert processes(mark).keys() <= left_before.keys()


@linux
def test_only_what_carries_the_mark_is_ended() -> None:
    own, other = (
        subprocess.Popen(["sleep", "60"], env=os.environ | {inside.MARK: value}) for value in ("/a/b", "/a/bc")
    )
    inside.end_marked("/a/b")
    assert own.wait(10) == -signal.SIGKILL
    assert other.poll() is None
    other.kill()
    other.wait()


@linux
def test_a_detached_process_that_hides_does_not_keep_a_build_waiting(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "_TIDY_LIMIT", 0.5)
    detach = "import subprocess\nsubprocess.Popen(['sleep', '30'], start_new_session=True, stdout=1, env={}).pid"
    with warm(1) as kept:
        started = int(value(run(kept, detach)))
    os.kill(started, signal.SIGKILL)  # it is there still
    assert list(temporary.iterdir()) == []


@posix
def test_where_no_folder_can_be_made_it_is_said_in_one_line(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / "none"))
    with pytest.raises(RequestError, match=r"none: cannot be written \(.*\); give TMPDIR a folder"), warm(1):
        pytest.fail("kernels were started")


@posix
@pytest.mark.parametrize("longer", [0, 1, 100])
def test_a_long_name_of_the_folder_for_temporary_files_does_no_harm(
    longer: int, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = temporary / ("x" * (keeper.LONGEST_FOLDER + longer - len(str(temporary)) - 1))
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with warm(1) as kept:
        assert value(run(kept, "6 * 7")) == "42"
        assert len(list(long.iterdir())) == (0 if longer else 1)
        assert all(len(str(path)) < 104 for path in long.rglob("*-ipc-*"))


def test_a_notebook_can_build() -> None:
    async def cell() -> str:
        with warm(1) as kept:
            return value(run(kept, "6 * 7"))

    assert asyncio.run(cell()) == "42"


def test_no_kernel_runs_once_they_are_closed() -> None:
    with warm(1) as closed:
        waiting = [closed.submit(lambda kernel: kernel.execute(notebook("1"), name="page")) for _ in range(9)]
    assert all(each.cancelled() or each.exception() or each.result() for each in waiting)
    with pytest.raises(RuntimeError, match="after shutdown"):
        closed.submit(lambda kernel: kernel.execute(notebook("1"), name="page"))


@linux
def test_no_thread_and_no_open_file_stays(temporary: Path) -> None:
    def use() -> list[int]:
        with warm(2) as kept:
            with pytest.raises(DeadKernelError):
                run(kept, "import os; os._exit(3)")
            run(kept, "1")
        return [sum(1 for _ in Path("/proc/self", kind).iterdir()) for kind in ("task", "fd")]

    before = threading.enumerate()
    assert use() == use()
    assert threading.enumerate() == before
    assert list(temporary.iterdir()) == []


@posix
def test_no_folder_stays_of_a_build_that_was_killed_before_it_knew_of_it(temporary: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-IS", "-c", keeper._KEEPER, str(temporary), keeper._MARK]
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.DEVNULL, check=False)
    os.close(writer)
    assert list(temporary.iterdir()) == []


BUILD = """
import pathlib, signal, sys, threading, time
from nbformat.v4 import new_code_cell, new_notebook
from analysis.publish import inside
from analysis.publish.kernels import warm

HANG = '''
import pathlib, subprocess, time
subprocess.Popen(["sleep", "60"])
subprocess.Popen(["sleep", "600"], start_new_session=True)
pathlib.Path("hangs").touch()
time.sleep(60)
'''

def run(pool, code):
    python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    page = new_notebook(cells=[new_code_cell(code)], metadata={"kernelspec": python})
    return pool.submit(lambda kernel: kernel.execute(page, name="page"))

signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell takes away from what it runs in the background
stage = sys.argv[1]
with warm(2) as pool:
    if stage == "starting":
        time.sleep(float(sys.argv[2]))
        pathlib.Path("hangs").touch()
        time.sleep(60)
    run(pool, "1").result()
    if stage == "done":
        sys.exit(0)
    hung = run(pool, HANG)
    if stage == "failed":
        while not pathlib.Path("hangs").exists():
            time.sleep(0.01)
        raise LookupError("a page failed")
    hung.result()
"""


@linux
@pytest.mark.parametrize(
    ("stage", "sent", "status"),
    [
        ("done", None, 0),
        ("failed", None, 1),
        *(
            (f"starting {seconds}", sent, -sent)
            for seconds in (0, 0.1, 0.5)
            for sent in (signal.SIGINT, signal.SIGKILL)
        ),
        ("running", signal.SIGINT, -signal.SIGINT),
        ("running", signal.SIGTERM, -signal.SIGTERM),
        ("running", signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_no_process_socket_or_file_stays_when_a_build_ends(
    stage: str, sent: signal.Signals | None, status: int, temporary: Path, tmp_path: Path
) -> None:
    own = uuid.uuid4().hex
    environment = {**os.environ, MARK: own, "TMPDIR": str(temporary)}
    command = [sys.executable, "-W", "error", "-c", BUILD, *stage.split()]
    build = subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    if sent:
        while not (tmp_path / "hangs").exists():
            assert build.poll() is None
            time.sleep(0.01)
        build.send_signal(sent)
    _, said = build.communicate(timeout=600)  # in truth within two seconds, unless the machine is busy
    assert build.returncode == status, said
    assert left(temporary, own) == []
