"""The program that makes pages, one after another, and those who have it make them.

Both ends are this library. A request is a line of JSON; an answer is lines of JSON, the last of which tells the sizes of
the page's files, and then the files.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NoReturn

from analysis.files import SHIPPED, USER_DATA, unwritable

START_LIMIT = 60  # seconds
IDLE_LIMIT = (
    120  # seconds after which a worker ends that nobody asks for anything, as on a cluster whose build was killed
)
_END_LIMIT = 5  # seconds
_LONGEST = 80  # characters of a cell's first line
_PROGRAM = "from analysis.publish.worker import serve; serve()"
ENVIRONMENT = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # The last digit of a fit must not depend on the number of cores.
    **dict.fromkeys(("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
}


class WorkerDied(RuntimeError):  # noqa: N818  # its name is what a failed page says
    """A worker ended, or none starts."""


class Workers:
    """Worker programs that read one snapshot of the figures: as many as pages are asked for at once.

    Parameters
    ----------
    folder
        For the snapshot and for what is temporary.
    content
        The bytes of each file of figures and each notebook, by its path in the snapshot.
    """

    def __init__(self, folder: Path, content: Mapping[str, bytes]) -> None:
        self._folder = folder.absolute()  # a worker has a working folder of its own
        for name, found in content.items():
            path = self._folder / "snapshot" / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(found)
            except OSError as error:
                raise unwritable(path, error, option="--output") from error
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._is_closed = False

    def make(self, request: Mapping[str, Any], limit: float) -> bytes:
        """Have a page made, and return the answer; safe in threads.

        Parameters
        ----------
        request
            What :func:`analysis.publish.rendering.answer` takes.
        limit
            Seconds that a page may take.

        Raises
        ------
        TimeoutError
            If it takes longer: one line that names the cell. The worker is ended.
        WorkerDied
            If a worker ends twice, or none starts.
        """
        line = json.dumps(request).encode() + b"\n"
        with contextlib.suppress(WorkerDied):  # as by a system that is short of memory, or for want of work
            return self._make(line, limit)
        return self._make(line, limit)

    def _make(self, line: bytes, limit: float) -> bytes:
        try:
            worker = self._idle.pop()
        except IndexError:
            self._all.add(worker := _Worker(self._folder))
        try:
            if self._is_closed:  # meanwhile
                raise WorkerDied("the build has ended")
            answer = worker.answer(line, limit)
        except BaseException:
            worker.close()
            self._all.discard(worker)
            raise
        self._idle.append(worker)
        return answer

    def end(self) -> None:
        """End every worker, whatever it does; no page is made any more."""
        self._is_closed = True
        for worker in list(self._all):
            worker.end()

    def close(self) -> None:
        """Put away what the workers have left, once nobody waits for a page."""
        self.end()
        while self._idle:
            self._idle.pop().close()


class _Worker:
    """One worker program, as its build sees it."""

    def __init__(self, folder: Path) -> None:
        own = tempfile.mkdtemp(dir=folder, prefix="worker-")
        snapshot = folder / "snapshot"
        # Nothing of a person's own IPython changes what a notebook shows, and what libraries leave goes with the folder.
        environment = (
            os.environ
            | ENVIRONMENT
            | {"IPYTHONDIR": own, "TMPDIR": own, SHIPPED: str(snapshot), USER_DATA: str(snapshot / "data")}
        )
        self._log = Path(own, "log")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603  # this interpreter, and no shell
                [sys.executable, "-P", "-c", _PROGRAM], env=environment, cwd=own,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                start_new_session=True,  # out of reach of Ctrl-C, which is for the build to handle
            )  # fmt: skip
        self._is_ready = False

    def answer(self, line: bytes, limit: float) -> bytes:
        """Return what the worker makes of a request."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # noqa: S101
        assert stdout is not None  # noqa: S101
        if not self._is_ready:
            with self._ended_after(START_LIMIT):
                is_ready = stdout.readline()
            if not is_ready:
                said = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
                raise WorkerDied(f"no worker starts: {said[-1] if said else f'not ready in {START_LIMIT} seconds'}")
            self._is_ready = True
        cell = ""
        with self._ended_after(limit) as overran, contextlib.suppress(BrokenPipeError):
            stdin.write(line)
            stdin.flush()
            while head := stdout.readline():
                told = json.loads(head)
                if "files" not in told:
                    cell = told["cell"]
                    continue
                body = stdout.read(size := sum(told["files"].values()))
                if len(body) == size:
                    return head + body
        where = f"in the cell that starts with {cell!r}" if cell else "before its first cell"
        if overran.is_set():
            raise TimeoutError(f"not finished within {limit:g} seconds, {where}")
        raise WorkerDied(f"the program that makes pages ended with status {self._process.wait(_END_LIMIT)}, {where}")

    @contextlib.contextmanager
    def _ended_after(self, seconds: float) -> Iterator[threading.Event]:
        overran = threading.Event()

        def end() -> None:
            overran.set()
            self.end()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield overran
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
                pipe.close()  # type: ignore[union-attr]
        self._process.wait()
        shutil.rmtree(self._log.parent, ignore_errors=True)


def serve() -> None:
    """Make pages, one after another, until nobody asks any more: be the program."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(nothing := os.open(os.devnull, os.O_RDWR), 0)
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, inbox), daemon=True).start()
    from analysis.publish import engine, rendering

    def tell(what: Mapping[str, Any], body: bytes = b"") -> None:
        answers.write(json.dumps(what).encode() + b"\n" + body)
        answers.flush()

    def begin(cell: str) -> None:
        tell({"cell": cell.strip().splitlines()[0][:_LONGEST]})

    engine.warm_up()
    tell({"ready": True})
    threads = set(threading.enumerate())
    while True:
        # It ends the process though a cell lets no other thread of Python's have a turn.
        faulthandler.dump_traceback_later(IDLE_LIMIT, exit=True, file=nothing)
        asked = json.loads(inbox.get())
        faulthandler.dump_traceback_later(asked["limit"] + _END_LIMIT, exit=True, file=nothing)
        tell(*rendering.answer(asked, begin))
        if set(threading.enumerate()) - threads or _has_children():
            _end()  # what a page has left running would show on the next one


def _listen(requests: IO[bytes], inbox: queue.SimpleQueue[bytes]) -> None:
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
