"""Kernels that are kept warm: ordinary Jupyter kernels, each with a thread of its own that runs page after page in it.

A pipe ties them to the build: when the build ends, however it ends, so do they.
"""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import shutil
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop

from analysis.errors import RequestError
from analysis.files import SHIPPED, USER_DATA, unwritable
from analysis.publish import inside
from analysis.publish.keeper import private_folder

if TYPE_CHECKING:
    from nbformat import NotebookNode

START_LIMIT = 60  # seconds
# Over TCP, ports are chosen, freed and then bound, and at times another kernel is quicker.
TRANSPORT = "ipc" if os.name == "posix" else "tcp"
_ENVIRONMENT = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # The last digit of a fit must not depend on the number of cores.
    **dict.fromkeys(("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
}

_FILES, _FILES_EACH = 34, 15  # that are open in a build, and for each of its kernels; with some to spare

_T = TypeVar("_T")


class NoKernelError(RuntimeError):
    """No kernel starts."""


def most_at_once() -> int:
    """Return how many kernels the files allow that this process may have open; ZeroMQ ends it where it may have no more.

    Raises
    ------
    RequestError
        If there may not be one.
    """
    try:
        import resource
    except ImportError:  # Windows counts otherwise
        return 10**6
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY:
        return 10**6
    at_once = (allowed - _FILES) // _FILES_EACH
    if at_once < 1:
        raise RequestError(f"only {allowed} files may be open at once; allow {_FILES + _FILES_EACH} (see `ulimit -n`)")
    return at_once


@contextmanager
def warm(size: int, content: Mapping[str, bytes] | None = None) -> Iterator[Pool]:
    """Keep so many kernels for as long as the context lasts; they start and warm up while it goes on.

    Parameters
    ----------
    size
        How many.
    content
        The files of figures and notebooks that they read in place of this machine's, by their path in one folder.
    """
    logging.getLogger("papermill").disabled = True  # it would say again, beside our line, why a page has failed
    with private_folder() as (folder, keeper):
        variables = {**os.environ, **_ENVIRONMENT}
        for name, found in (content or {}).items():
            path = folder / "snapshot" / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(found)
            except OSError as error:
                raise unwritable(path, error, option="TMPDIR") from error
        if content is not None:
            variables |= {SHIPPED: str(folder / "snapshot"), USER_DATA: str(folder / "snapshot" / "data")}
        tie, build = os.pipe()
        pool = Pool(size, partial(Kernel, folder, variables, stdin=tie, stdout=keeper))
        try:
            yield pool
        finally:
            os.close(build)
            pool.close()
            os.close(tie)


class Pool:
    """Threads that run pages, each in a kernel of its own."""

    def __init__(self, size: int, make_kernel: Callable[[], Kernel]) -> None:
        self._make_kernel = make_kernel
        self._kernels: list[Kernel] = []
        self._mine = threading.local()
        self._threads = ThreadPoolExecutor(size, "page", initializer=self._add_kernel)
        for _ in range(size):
            self._threads.submit(int)  # no work, but a thread for it, whose kernel starts now

    def _add_kernel(self) -> None:
        self._mine.kernel = kernel = self._make_kernel()
        self._kernels.append(kernel)
        with suppress(Exception):  # the page that needs it tries again, and says why it fails
            kernel.start()

    def submit(self, work: Callable[[Kernel], _T]) -> Future[_T]:
        """Have some work done with a kernel as soon as one is free."""
        return self._threads.submit(lambda: work(self._mine.kernel))

    def close(self) -> None:
        """Wait for the threads, which end when their kernels have, and clear up after these."""
        self._threads.shutdown(cancel_futures=True)
        # In other threads than this one, whose event loop is running where a notebook builds.
        with ThreadPoolExecutor(len(self._kernels)) as threads:
            list(threads.map(Kernel.close, self._kernels))


class Kernel:
    """A kernel that runs one notebook after another; where it dies or hangs, another takes its place."""

    def __init__(self, folder: Path, environment: Mapping[str, str], **streams: Any) -> None:
        self._folder, self._environment, self._streams = folder, environment, streams
        self._manager: _Manager | None = None
        # One event loop for all that is asked of a kernel; in its thread Jupyter's own functions find it.
        self._loop = asyncio.Runner(loop_factory=partial(ensure_event_loop, prefer_selector_loop=True))

    def start(self) -> _Manager:
        """Start a kernel and warm it up; a start that fails is tried once more."""
        try:
            return self._loop.run(self._start())
        except Exception:
            self.end()
            return self._loop.run(self._start())

    async def _start(self) -> _Manager:
        folder = self._folder / uuid.uuid4().hex[:8]
        folder.mkdir(mode=0o700)
        # Nothing of a person's own IPython changes what a notebook shows, and what libraries leave goes with the folder.
        own = {"IPYTHONDIR": str(folder / "ipython"), "TMPDIR": str(folder), inside.MARK: str(folder)}
        self._manager = manager = _Manager(connection_file=str(folder / "kernel.json"), transport=TRANSPORT)
        with (folder / "log").open("wb") as log:
            await manager.start_kernel(env={**self._environment, **own}, stderr=log, **self._streams)
        try:
            await manager.client().wait_for_ready(START_LIMIT)
            await manager.tell("warm_up")
            await manager.tell("begin_page")
        except RuntimeError as error:
            said = (folder / "log").read_text(encoding="utf-8", errors="replace").splitlines() or [str(error)]
            raise NoKernelError(f"no kernel starts: {said[-1]}") from error
        return manager

    def end(self) -> None:
        """End the kernel, with all that notebooks have started in it."""
        manager, self._manager = self._manager, None
        if manager:
            folder = Path(manager.connection_file).parent
            self._loop.run(manager.end())
            inside.end_marked(str(folder))
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """End the kernel for good."""
        self.end()
        self._loop.close()

    def execute(
        self,
        notebook: NotebookNode,
        parameters: Mapping[str, Any] | None = None,
        *,
        name: str,
        time_limit: float | None = None,
    ) -> NotebookNode:
        """Run a notebook by papermill, as if in a new kernel.

        Parameters
        ----------
        notebook
            The notebook; it is left as it is.
        parameters
            Values for the parameters that the notebook declares; JSON types only.
        name
            What an error calls the notebook.
        time_limit
            Seconds for all cells together, from the start of the first; None for no limit.

        Returns
        -------
        NotebookNode
            The notebook with its outputs.

        Raises
        ------
        TimeoutError
            If the limit is reached: one line, with the name and the cell.
        papermill.PapermillExecutionError
            If a cell raises an error.
        nbclient.exceptions.DeadKernelError
            If the kernel dies, and another one too; a RuntimeError.
        NoKernelError
            If none starts.
        """
        from nbclient.exceptions import DeadKernelError

        run = partial(self._execute, notebook, parameters, name=name)
        try:
            return run(limit=_TimeLimit(time_limit))
        except DeadKernelError:  # killed, as by a system that is short of memory
            return run(limit=_TimeLimit(time_limit))

    def _execute(
        self, notebook: NotebookNode, parameters: Mapping[str, Any] | None, *, name: str, limit: _TimeLimit
    ) -> NotebookNode:
        import papermill  # type: ignore[import-untyped]  # takes seconds, in which the kernel warms up
        from nbclient.exceptions import CellTimeoutError

        try:
            executed: NotebookNode = papermill.execute_notebook(
                notebook, None, parameters, km=self._ready(), timeout_func=limit.seconds_left,
                iopub_timeout=START_LIMIT, progress_bar=False, autosave_cell_every=0, record_timing=False,
            )  # fmt: skip
        except papermill.PapermillExecutionError:
            raise
        except BaseException as error:
            self.end()
            if isinstance(error, CellTimeoutError):
                raise TimeoutError(f"{name}: {limit}") from error
            raise
        return executed

    def _ready(self) -> _Manager:
        """Return the kernel once it has forgotten the page before, or another where it does not answer."""
        if self._manager:
            with suppress(RuntimeError):
                self._loop.run(self._manager.tell("begin_page"))
                return self._manager
            self.end()
        return self.start()


class _Manager(AsyncKernelManager):
    """Starts this interpreter's own kernel, whatever specifications are found, and gives one client of it."""

    kernel_spec = KernelSpec(
        argv=[sys.executable, "-P", "-m", "analysis.publish.inside", "-f", "{connection_file}",
              "--HistoryManager.enabled=False", "--log-level=ERROR"],
        display_name="Python 3", language="python",
    )  # fmt: skip
    _client: _Client | None = None

    def client(self, **kwargs: Any) -> AsyncKernelClient:  # type: ignore[override]  # so has Jupyter's own
        if self._client is None:
            info = self.get_connection_info(session=True)
            self._client = _Client(parent=self, context=self.context, **info, **kwargs)
        return self._client

    async def tell(self, function: str) -> None:
        """Have a function of the module `inside` called in the kernel."""
        client, end = self.client(), time.monotonic() + START_LIMIT
        code = f"__import__('analysis.publish.inside', fromlist=['inside']).{function}()"
        asked = client.execute(code, silent=True, store_history=False)
        while time.monotonic() < end and await self.is_alive():
            with suppress(queue.Empty):
                reply = await client.get_shell_msg(timeout=1)
                if reply["parent_header"].get("msg_id") == asked:
                    if (content := reply["content"])["status"] != "ok":
                        raise RuntimeError(f"{content['ename']}: {content['evalue']}")
                    return
        raise RuntimeError("the kernel does not answer")

    async def end(self) -> None:
        """Kill the process and its group; asked politely, ipykernel hangs now and then for seconds."""
        if self.provisioner:
            await self.provisioner.kill()
            await self.provisioner.wait()
        if self._client:
            self._client.stop_channels()
        await self.cleanup_resources()


class _Client(AsyncKernelClient):
    """Talks to one kernel for as long as it lives: it gets ready once, not again for each notebook."""

    _is_ready = False

    def start_channels(self, *_: bool, **__: bool) -> None:
        """Do nothing: each channel opens when it is used, and nobody listens to the heart."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        if not self._is_ready:
            await super().wait_for_ready(timeout)
            self._is_ready = True


@dataclass
class _TimeLimit:
    """One limit for all cells of a notebook; nbclient itself has one for each cell."""

    seconds: float | None
    end: float | None = None
    cell: str = ""

    def seconds_left(self, cell: NotebookNode) -> float | None:
        if self.seconds is None:
            return None
        self.cell = cell.source
        self.end = self.end or time.monotonic() + self.seconds
        return max(0.001, self.end - time.monotonic())  # nbclient takes zero for no limit

    def __str__(self) -> str:
        start = self.cell.strip().splitlines()[0]
        return f"not finished within {self.seconds:g} seconds, in the cell that starts with {start!r}"
