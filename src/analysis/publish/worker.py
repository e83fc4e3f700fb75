"""The program that makes pages, one after another, and those who have it make them.

Both ends are this library. A request is a line of JSON; so is the answer, which tells what became of the page and has its
files.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import json
import math
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, NoReturn, Protocol

from analysis.errors import RequestError, one_line, printable
from analysis.files import SHIPPED, USER_DATA, unwritable
from analysis.publish.pages import Page
from analysis.terms import areas

TIME_LIMIT = "ANALYSIS_TIME_LIMIT"  # seconds that one notebook may take
AHEAD = 1000  # pages asked for at once: on a cluster, finished ones wait in the memory of its workers
ARRIVAL_LIMIT = 60  # seconds for a page that is made to come from a worker of a cluster
START_LIMIT = 60  # seconds
IDLE_LIMIT = 120  # seconds after which a worker ends that nobody asks, as on a cluster whose build was killed
_END_LIMIT = 5  # seconds
_PROGRAM = "from analysis.publish.worker import serve; serve()"
ENVIRONMENT = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # The last digit of a fit must not depend on the number of cores.
    **dict.fromkeys(("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
}
# What fails for want of memory, room, open files or processes, here or in a cell. Other errors of the system (a file
# that is missing) have names of their own.
_PASSING = {
    "MemoryError", "OSError", "BlockingIOError", "WorkerDied", "KilledWorker", "CancelledError", "FutureCancelledError",
}  # fmt: skip


class Makers(Protocol):
    """Who makes pages."""

    def submit(self, request: Mapping[str, Any], /) -> Any:
        """Have a page made, and return its future: of this machine's threads or of Dask."""

    def lost(self, idle: float, /) -> str:
        """Say why no page will be done any more, when none was for so many seconds; nothing while there is hope."""


class WorkerDied(RuntimeError):  # noqa: N818  # its name is what a failed page says
    """A worker ended, or none starts."""


@dataclass(frozen=True)
class Made:
    """What became of a page.

    Attributes
    ----------
    page
        Which page.
    files
        Its files, by their path below the output folder; none if it failed.
    failure
        Why there are none, in one line; otherwise None.
    is_passing
        Whether it failed for something that the machine lacked, so that it may succeed another time.
    seconds
        How long it took to make.
    """

    page: Page
    files: Mapping[str, bytes] = field(default_factory=dict)
    failure: str | None = None
    is_passing: bool = False
    seconds: float = 0.0


def time_limit() -> float:
    """Return how many seconds one notebook may take: the setting of the environment, or five minutes.

    Raises
    ------
    RequestError
        If the setting is no positive number.
    """
    text = os.environ.get(TIME_LIMIT, "300")
    with contextlib.suppress(ValueError):
        if 0 < float(text) < math.inf:
            return float(text)
    raise RequestError(f"{TIME_LIMIT}: found {text!r}; give the seconds that one notebook may take, such as 300")


def makers(
    folder: Path, content: Mapping[str, bytes], jobs: int, cluster: str | None, limit: float
) -> contextlib.AbstractContextManager[Makers]:
    """Return who makes pages: so many worker programs of this machine, or those of a cluster."""
    if cluster is None:
        return contextlib.closing(Workers(folder, content, jobs))
    from analysis.publish.cluster import on_cluster  # Dask is an extra, and takes a second

    return on_cluster(cluster, content, limit)


def made(
    pages: Sequence[Page], by: Makers, identity: Callable[[Page], Mapping[str, Any]], limit: float
) -> Iterator[Made]:
    """Have pages made, each within a limit of seconds, and give what became of each as it is done."""
    done: queue.SimpleQueue[Any] = queue.SimpleQueue()  # of futures, of this machine's threads or of Dask
    running: dict[Any, Page] = {}
    waiting, last = iter(pages), time.monotonic()
    while not (reason := by.lost(time.monotonic() - last)):
        for page in islice(waiting, AHEAD - len(running)):
            future = by.submit({"page": vars(page), "identity": identity(page), "limit": limit})
            running[future] = page
            future.add_done_callback(done.put)
        if not running:
            return
        with contextlib.suppress(queue.Empty):
            future, last = done.get(timeout=1), time.monotonic()
            try:
                answer = future.result(ARRIVAL_LIMIT)
            except Exception as error:  # of the way there: a worker that died, that took too long, that is lost
                answer = _why_failed(error)
            yield Made(running.pop(future), **answer)
    yield from (Made(page, failure=reason, is_passing=True) for page in (*running.values(), *waiting))


def _why_failed(error: Exception) -> dict[str, Any]:
    """Return why there is no page, in one line, and whether there may be one another time."""
    name = getattr(error, "ename", None) or type(error).__name__
    reason = f"{name}: {getattr(error, 'evalue', error)}".removesuffix(": ")
    return {"failure": printable(one_line(reason)), "is_passing": name in _PASSING}


class Workers:
    """Worker programs that read one snapshot of the figures: as many as pages are asked for at once.

    Parameters
    ----------
    folder
        For the snapshot and for what is temporary.
    content
        The bytes of each file of figures and each notebook, by its path in the snapshot.
    jobs
        How many of the pages that are submitted are made at once.
    """

    def __init__(self, folder: Path, content: Mapping[str, bytes], jobs: int = 1) -> None:
        self._folder = folder.absolute()  # a worker has a working folder of its own
        for name, found in content.items():
            path = self._folder / "snapshot" / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(found)
            except OSError as error:
                raise unwritable(path, error, option="--output") from error
        self._threads = ThreadPoolExecutor(jobs, "page")
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._is_closed = False

    def submit(self, request: Mapping[str, Any]) -> Future[dict[str, Any]]:
        """Have a page made in its turn, by a thread of its own."""
        return self._threads.submit(self.make, request)

    def lost(self, _: float) -> str:
        """Say nothing: what this machine does not make in time has failed by then."""
        return ""

    def make(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Have a page made, and return what became of it, as :class:`Made` takes it; safe in threads.

        Parameters
        ----------
        request
            As JSON can hold it: a page's fields, the identity that its foot tells, and the limit of seconds that it may take.

        Raises
        ------
        TimeoutError
            If it takes longer than it may. The worker is ended.
        WorkerDied
            If a worker ends twice, or none starts.
        """
        with contextlib.suppress(WorkerDied):  # as by a system that is short of memory, or for want of work
            return self._make(request)
        return self._make(request)

    def _make(self, request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            worker = self._idle.pop()
        except IndexError:
            self._all.add(worker := _Worker(self._folder))
        try:
            if self._is_closed:  # meanwhile
                raise WorkerDied("the build has ended")
            answer = worker.answer(request)
        except BaseException:
            worker.close()
            self._all.discard(worker)
            raise
        self._idle.append(worker)
        return answer

    def close(self) -> None:
        """End every worker, whatever it does, and put away what they have left; no page is made any more."""
        self._is_closed = True
        for worker in list(self._all):
            worker.end()
        self._threads.shutdown(cancel_futures=True)
        while self._idle:
            self._idle.pop().close()


class _Worker:
    """One worker program, as its build sees it."""

    def __init__(self, folder: Path) -> None:
        own, snapshot = tempfile.mkdtemp(dir=folder, prefix="worker-"), folder / "snapshot"
        own_areas = snapshot / areas.OWN_FILE
        # Nothing of a person's own IPython changes what a notebook shows, and what libraries leave goes with the folder.
        environment = os.environ | ENVIRONMENT | {"IPYTHONDIR": own, "TMPDIR": own}
        environment |= {SHIPPED: str(snapshot), USER_DATA: str(snapshot / "data")}
        environment |= {areas.OWN: str(own_areas) if own_areas.is_file() else ""}
        self._is_ready, self._log = False, Path(own, "log")
        with self._log.open("wb") as log:
            self._process: Any = subprocess.Popen(  # noqa: S603  # this interpreter, and no shell
                [sys.executable, "-P", "-c", _PROGRAM], env=environment, cwd=own, encoding="utf-8",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                start_new_session=True,  # out of reach of Ctrl-C, which is for the build to handle
            )  # fmt: skip

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the worker makes of a request."""
        answers = self._process.stdout
        if not self._is_ready:
            with self._ended_after(START_LIMIT):
                self._is_ready = bool(answers.readline())
            if not self._is_ready:
                said = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
                raise WorkerDied(f"no worker starts: {said[-1] if said else f'not ready in {START_LIMIT} seconds'}")
        limit = request["limit"]
        # It may end as it is asked, or amid its answer.
        with self._ended_after(limit) as end, contextlib.suppress(BrokenPipeError, json.JSONDecodeError):
            print(json.dumps(request), file=self._process.stdin, flush=True)
            told: dict[str, Any] = json.loads(answers.readline())
            return told | {"files": {name: b64decode(text) for name, text in told["files"].items()}}
        if time.monotonic() >= end:
            raise TimeoutError(f"not finished within {limit:g} seconds")
        raise WorkerDied(f"the program that makes pages ended with status {self._process.wait(_END_LIMIT)}")

    @contextlib.contextmanager
    def _ended_after(self, seconds: float) -> Iterator[float]:
        end, timer = time.monotonic() + seconds, threading.Timer(seconds, self.end)
        timer.daemon = True
        timer.start()
        try:
            yield end
        finally:
            timer.cancel()

    def end(self) -> None:
        """End the worker, with what cells have started in it; whoever waits for its answer finds that out."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._process.returncode is None:  # nobody has waited for it, so that the number is still its own
                getattr(os, "killpg", os.kill)(self._process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    def close(self) -> None:
        """End the worker, and put away all that was its."""
        self.end()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        self._process.wait()
        shutil.rmtree(self._log.parent, ignore_errors=True)


def serve() -> None:
    """Make pages, one after another, until nobody asks any more: be the program."""
    requests, answers = (os.fdopen(os.dup(each), how, encoding="utf-8") for each, how in ((0, "r"), (1, "w")))
    os.dup2(nothing := os.open(os.devnull, os.O_RDWR), 0)
    inbox: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, inbox), daemon=True).start()
    gc.disable()  # libraries leave nothing to look for as they come in
    # As the command leaves it out: nbformat would bring it in, for a second of each worker's.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from analysis.publish import engine, rendering

    def tell(**what: Any) -> None:
        print(json.dumps(what), file=answers, flush=True)

    engine.warm_up()
    gc.enable()
    tell()  # it is ready
    threads = set(threading.enumerate())
    while True:
        # It ends the process though a cell lets no other thread of Python's have a turn.
        faulthandler.dump_traceback_later(IDLE_LIMIT, exit=True, file=nothing)
        asked, began = json.loads(inbox.get()), time.monotonic()
        faulthandler.dump_traceback_later(asked["limit"] + _END_LIMIT, exit=True, file=nothing)
        done: dict[str, Any] = {"files": {}}
        try:
            made = rendering.render(Page(**asked["page"]), asked["identity"])
            done["files"] = {name: b64encode(data).decode() for name, data in made.items()}
        except Exception as error:  # whatever the notebook, or what makes a page of it, raised
            done |= _why_failed(error)
        tell(**done, seconds=time.monotonic() - began)
        if set(threading.enumerate()) - threads or _has_children():
            _end()  # what a page has left running would show on the next one


def _listen(requests: IO[str], inbox: queue.SimpleQueue[str]) -> None:
    """Pass requests on, and end with the build, which holds the other end: whatever a page does by then."""
    for line in requests:
        inbox.put(line)
    _end()


def _end() -> NoReturn:
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)  # its session is its own
    os._exit(1)


def _has_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except (AttributeError, ChildProcessError):  # on Windows there is no way to ask
        return False
    return True
