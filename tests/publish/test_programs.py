"""The programs that make pages: how one starts, serves, is given up and ends; what they run here is no notebook, so that one starts at once."""

from __future__ import annotations

import ast
import json
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Never

import pytest
from killing import MARK, processes

from analysis.publish import worker
from analysis.publish.pages import Page
from analysis.publish.worker import Made, WorkerDied, Workers
from analysis.terms import areas

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes that /proc lists")

# A page runs the code that it is given; its one file is what that calls `shown`.
PROGRAM = """
import os, sys
from types import ModuleType
figures = os.environ.pop("ANALYSIS_SHIPPED", "")  # what a test gives is not read
from analysis.publish import worker
os.environ["ANALYSIS_SHIPPED"] = figures
engine, rendering = (ModuleType(f"analysis.publish.{name}") for name in ("engine", "rendering"))
def render(page, identity):
    names = {"__name__": "page"}
    exec(page.parameters["code"], names)
    return {"shown": str(names.get("shown")).encode()}
engine.warm_up, rendering.render = lambda: None, render
sys.modules |= {each.__name__: each for each in (engine, rendering)}
worker.IDLE_LIMIT, worker._END_LIMIT = IDLE, END
worker.serve()
"""
PID = "import os; shown = os.getpid()"


def program(idle: float = 600, end: float = 600) -> str:
    return PROGRAM.replace("IDLE, END", f"{idle}, {end}")


def request(code: str, limit: float = 60) -> dict[str, Any]:
    page = Page("breaks", "breaks", {"release": "2026-04-23", "code": code})
    return {"page": vars(page), "identity": None, "limit": limit}


def made(workers: Workers, code: str, limit: float = 60) -> Made:
    (done,) = worker.made([Page(**request(code)["page"])], workers, lambda _: {}, limit)
    return done


def value(done: Made) -> str:
    assert done.failure is None
    return done.files["shown"].decode()


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let every process of a test be found by a mark in its environment."""
    monkeypatch.setattr(worker, "_PROGRAM", program())
    monkeypatch.setenv(MARK, own := uuid.uuid4().hex)
    return own


@contextmanager
def opened(folder: Path, mark: str, content: Mapping[str, bytes] = {"data/raw/a.csv": b"1"}) -> Iterator[Workers]:
    """Give workers that leave no process and no file behind."""
    kept = Workers(folder, content, 2)
    yield kept
    kept.close()
    if sys.platform == "linux":
        assert gone(mark)
    assert list(folder.iterdir()) == [folder / "snapshot"]


@pytest.fixture
def workers(tmp_path: Path, mark: str) -> Iterator[Workers]:
    with opened(tmp_path, mark) as kept:
        yield kept


def gone(mark: str, but: Collection[int] = ()) -> bool:
    """Say whether no other process carries a mark, or none does within a minute: one that is killed takes a moment to end."""
    for _ in range(6000):  # looks, not seconds on the clock: the machine may stand still meanwhile
        if not set(processes(mark)) - set(but):
            return True
        time.sleep(0.01)
    return False


def wait_for(path: Path, running: Callable[[], object] = lambda: None) -> None:
    """Wait until a page has made a file, while its program runs."""
    while not path.exists():
        assert running() is None
        time.sleep(0.01)


def test_many_pages_at_once_all_give_their_own_result_and_workers_are_kept(workers: Workers) -> None:
    pages = [Page("breaks", "breaks", {"code": f"import os; shown = {n}, os.getpid()"}) for n in range(20)]
    done = list(worker.made(pages, workers, lambda _: {}, 60))
    shown = {each.page.parameters["code"]: ast.literal_eval(value(each)) for each in done}
    assert [shown[page.parameters["code"]][0] for page in pages] == list(range(20))
    assert len({pid for _, pid in shown.values()}) <= 2


def test_a_page_that_takes_its_time_says_how_long_it_took(workers: Workers) -> None:
    began = time.monotonic()
    done = made(workers, "import time; time.sleep(0.1)")
    assert 0.1 <= done.seconds <= time.monotonic() - began


def test_a_hung_page_ends_at_the_limit_is_not_tried_again_and_another_worker_goes_on(
    workers: Workers, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tries = tmp_path_factory.mktemp("tries") / "tries"
    first = value(made(workers, PID))
    deaf = "import time\nwhile True:\n    try:\n        time.sleep(600)\n    except BaseException:\n        pass"
    done = made(workers, f"open({str(tries)!r}, 'a').write('x')\n{deaf}", limit=2)
    assert done.failure == "TimeoutError: not finished within 2 seconds"
    assert not done.is_passing
    assert tries.read_text() == "x"
    assert value(made(workers, PID)) != first


def test_a_worker_that_dies_is_tried_once_more_and_fails_its_page_only(
    workers: Workers, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tries = tmp_path_factory.mktemp("tries") / "tries"
    done = made(workers, f"import os; open({str(tries)!r}, 'a').write('x'); os._exit(3)")
    assert done.failure == "WorkerDied: the program that makes pages ended with status 3"
    assert done.is_passing
    assert tries.read_text() == "xx"
    once = f"import os, pathlib\nif (path := pathlib.Path({str(tries)!r})).exists():\n    path.unlink()\n    os._exit(3)\nshown = 1"
    assert value(made(workers, once)) == "1"
    assert value(made(workers, PID))


def test_a_worker_that_ends_before_its_page_says_so(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_PROGRAM", "print('{}', flush=True); input(); raise SystemExit(4)")
    done = made(workers, PID)
    assert done.failure == "WorkerDied: the program that makes pages ended with status 4"


def test_a_page_that_fails_says_why_and_its_worker_goes_on(workers: Workers) -> None:
    first = value(made(workers, PID))
    done = made(workers, "raise MemoryError('no room')", limit=20)
    assert (done.failure, done.is_passing, done.files) == ("MemoryError: no room", True, {})
    assert value(made(workers, PID)) == first


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import no_such_library", "ModuleNotFoundError: No module named 'no_such_library'"),
        ("import time; time.sleep(600)", "not ready in 0.2 seconds"),
    ],
)
def test_if_no_worker_starts_a_page_says_why_in_one_line(
    source: str, why: str, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_PROGRAM", source)
    monkeypatch.setattr(worker, "START_LIMIT", 0.2 if "seconds" in why else 60)
    done = made(workers, PID)
    assert done.failure == f"WorkerDied: no worker starts: {why}"
    assert done.is_passing


@linux
@pytest.mark.parametrize(
    "leave",
    [
        "import subprocess; subprocess.Popen(['sleep', '60'])",
        "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()",
    ],
    ids=["program", "thread"],
)
def test_what_a_page_leaves_running_ends_with_its_worker(leave: str, workers: Workers, mark: str) -> None:
    first = value(made(workers, f"{leave}\n{PID}"))
    assert value(made(workers, PID)) != first
    found = processes(mark)
    assert int(first) not in found
    assert not any("sleep 60" in command for command in found.values())


@linux
def test_a_worker_that_nobody_asks_ends_and_the_next_page_has_another(
    workers: Workers, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_PROGRAM", program(idle=0.5))
    first = value(made(workers, PID))
    assert gone(mark)
    assert value(made(workers, PID)) != first


def test_a_worker_ends_by_itself_some_time_after_a_page_should_have() -> None:
    """As where whoever asked is stopped, on a cluster, and the cell lets no thread have a turn."""
    with subprocess.Popen(
        [sys.executable, "-c", program(end=0.1)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as alone:
        assert alone.stdin is not None
        deaf = "import re; re.match('(a*)*b', 'a' * 100)"
        print(json.dumps(request(deaf, limit=0.1)), file=alone.stdin, flush=True)
        assert alone.wait(300) == 1


def test_a_page_finds_figures_folder_and_settings_of_its_own_and_nothing_to_read(
    tmp_path_factory: pytest.TempPathFactory, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {"ANALYSIS_AREAS": "mine.csv", **dict.fromkeys(worker.ENVIRONMENT, "7")}.items():
        monkeypatch.setenv(name, text)
    names = ["ANALYSIS_SHIPPED", "ANALYSIS_DATA", "ANALYSIS_AREAS", *worker.ENVIRONMENT]
    code = f"""
import os, pathlib, sys
there = pathlib.Path(os.environ["ANALYSIS_SHIPPED"], "data", "raw", "a.csv").read_text()
own = {{os.getcwd(), os.environ["TMPDIR"], os.environ["IPYTHONDIR"]}}
alone = os.getsid(0) == os.getpgid(0) == os.getpid(), sys.flags.safe_path, os.read(0, 1)
shown = [os.environ[name] for name in {names}], there, own, alone
"""
    for content in ({}, {areas.OWN_FILE: b"name,forces\n"}):
        folder = tmp_path_factory.mktemp("workers")
        monkeypatch.chdir(folder.parent)
        with opened(Path(folder.name), mark, {"data/raw/a.csv": b"1", **content}) as workers:
            variables, there, own, alone = ast.literal_eval(value(made(workers, code)))
        snapshot = folder / "snapshot"
        mine = str(snapshot / areas.OWN_FILE) if content else ""
        inline = worker.ENVIRONMENT["MPLBACKEND"]
        assert variables == [str(snapshot), str(snapshot / "data"), mine, inline, "1", "1", "1"]
        assert there == "1"
        assert len(own) == 1
        assert Path(*own).parent == folder
        assert alone == (True, True, b"")


def test_a_build_that_ends_waits_for_no_page_and_none_is_made_any_more(
    workers: Workers, tmp_path_factory: pytest.TempPathFactory
) -> None:
    begun = tmp_path_factory.mktemp("begun") / "begun"
    code = f"import pathlib, time; pathlib.Path({str(begun)!r}).touch(); time.sleep(600)"
    running, *waiting = (workers.submit(request(code, limit=900)) for _ in range(9))
    wait_for(begun)
    workers.close()
    assert all(each.done() for each in (running, *waiting))
    with pytest.raises(WorkerDied, match="the build has ended"):  # it was tried again
        running.result()
    assert all(each.cancelled() or each.exception() for each in waiting)
    with pytest.raises(WorkerDied, match="the build has ended"):
        workers.make(request(PID))


@linux
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_workers_and_what_they_have_started_end_with_their_build(
    sent: signal.Signals, mark: str, tmp_path: Path
) -> None:
    hangs = tmp_path / "hangs"
    hang = f"import pathlib, subprocess, time; subprocess.Popen(['sleep', '600']); pathlib.Path({str(hangs)!r}).touch(); time.sleep(60)"
    code = f"""
import pathlib, signal
from analysis.publish import worker
signal.signal(signal.SIGINT, signal.default_int_handler)
worker._PROGRAM = {worker._PROGRAM!r}
worker.Workers(pathlib.Path({str(tmp_path)!r}), {{}}).make({request(hang)!r})
"""
    build = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    wait_for(hangs, build.poll)
    assert len(processes(mark)) == 3
    build.send_signal(sent)
    build.wait(300)
    assert gone(mark)


# What is asked of whoever makes pages, here somebody made up.


class Told:
    """Makes pages as a test says: a value for each, an error to raise, or None for one that never comes."""

    def __init__(self, *answers: object, lost: Callable[[float], str] = lambda _: "") -> None:
        self.answers, self.lost, self.asked = iter(answers), lost, list[Mapping[str, Any]]()

    def submit(self, asked: Mapping[str, Any]) -> Future[dict[str, Any]]:
        self.asked.append(asked)
        future: Future[dict[str, Any]] = Future()
        answer = next(self.answers)
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        elif isinstance(answer, dict):
            future.set_result(answer)
        return future


PAGES = [Page(name, "breaks", {}) for name in ("a", "b", "c", "d")]


def test_each_page_is_asked_for_with_its_identity_and_limit_and_no_more_at_once_than_may_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "AHEAD", 2)
    by = Told(*[{"files": {}, "seconds": 1.0}] * 4)
    done, asked = [], []
    for each in worker.made(PAGES, by, lambda page: {"of": page.name}, 7):
        done.append(each)
        asked.append(len(by.asked))
    assert [each.page.name for each in done] == ["a", "b", "c", "d"]
    assert asked == [2, 3, 4, 4]
    assert by.asked[0] == {"page": vars(PAGES[0]), "identity": {"of": "a"}, "limit": 7}


def test_pages_that_are_not_done_when_no_more_will_come_fail_with_the_reason_and_may_succeed_another_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "AHEAD", 3)
    reasons = iter(["", "the scheduler is gone"])
    by = Told({"files": {}}, None, None, lost=lambda _: next(reasons))
    first, *others = worker.made(PAGES, by, lambda _: {}, 7)
    assert first == Made(PAGES[0])
    assert others == [Made(page, failure="the scheduler is gone", is_passing=True) for page in PAGES[1:]]


def test_how_long_no_page_was_done_counts_from_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100, 101, 105, 107, 109])  # when it begins, each time that it asks, and as a page is done
    monkeypatch.setattr(worker.time, "monotonic", lambda: next(clock))
    idle: list[float] = []

    def lost(seconds: float) -> str:
        idle.append(seconds)
        return "gone" if len(idle) > 2 else ""

    list(worker.made(PAGES[:2], Told({"files": {}}, None, lost=lost), lambda _: {}, 7))
    assert idle == [1, 2, 4]


def test_why_a_page_failed_is_one_line_and_what_the_machine_lacked_may_pass() -> None:
    passing = ["MemoryError", "OSError", "BlockingIOError", "WorkerDied", "KilledWorker", "CancelledError", "FutureCancelledError"]  # fmt: skip
    for name in [*passing, "FileNotFoundError", "TimeoutError", "ValueError"]:
        (done,) = worker.made(PAGES[:1], Told(type(name, (Exception,), {})("no\nroom \x1b")), lambda _: {}, 7)
        assert (done.failure, done.is_passing) == (f"{name}: no room \\x1b", name in passing)
    cell = type("PapermillExecutionError", (Exception,), {"ename": "MemoryError", "evalue": ""})()
    (done,) = worker.made(PAGES[:1], Told(cell), lambda _: {}, 7)
    assert (done.failure, done.is_passing, done.files) == ("MemoryError", True, {})


def test_a_page_that_is_made_and_does_not_arrive_is_not_waited_for_without_end() -> None:
    class Late(Future[Any]):
        def result(self, timeout: float | None = None) -> Never:
            raise TimeoutError(f"{timeout} seconds")

    (late := Late()).set_result(None)
    by = SimpleNamespace(submit=lambda _: late, lost=lambda _: "")
    (done,) = worker.made(PAGES[:1], by, lambda _: {}, 7)
    assert done.failure == f"TimeoutError: {worker.ARRIVAL_LIMIT} seconds"


def test_a_limit_ends_a_worker_and_not_one_that_was_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    class Timer:
        daemon = is_started = is_cancelled = False

        def __init__(self, *about: object) -> None:
            self.about = about
            timers.append(self)

        def start(self) -> None:
            self.is_started = self.daemon

        def cancel(self) -> None:
            self.is_cancelled = True

    timers: list[Timer] = []
    monkeypatch.setattr(worker.threading, "Timer", Timer)
    monkeypatch.setattr(worker.time, "monotonic", lambda: 100)
    one = SimpleNamespace(end=lambda: None)
    with worker._Worker._ended_after(one, 7) as end:  # type: ignore[arg-type]
        assert (end, timers[0].about, timers[0].is_started, timers[0].is_cancelled) == (107, (7, one.end), True, False)
    assert timers[0].is_cancelled
