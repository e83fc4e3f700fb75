"""Keeps a template while a build lasts, and runs notebooks in kernels that it forks."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Client
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.publish.kernels.template import ADDRESS, STOP, kernel_environment, warn_once

if TYPE_CHECKING:
    from nbformat import NotebookNode

# Like ipykernel's own launcher: the current folder hides no library, and is added again behind them.
_TEMPLATE = """
import sys
if not sys.path[0]:
    del sys.path[0]
from analysis.publish.kernels.template import main
main()
"""


@contextmanager
def warm(warm_up: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Iterator[Launcher]:
    """Keep a process ready that forks kernels, for as long as the context lasts.

    It returns at once: the template warms up meanwhile, and the first notebook waits for it.

    Parameters
    ----------
    warm_up
        What the template calls before it serves, as ``"module:function"``. It should import what the
        notebooks import and draw what they draw, once, and leave no thread and no changed setting behind.
        Matplotlib's settings are put back and its figures closed afterwards, so a module that changes settings
        when it is imported has no effect in the kernels.
    *arguments
        What it is called with.
    environment
        Variables for the template and its kernels, beside those of this process.

    Yields
    ------
    Launcher
        Runs notebooks, in several threads at once, or in other processes that it is sent to.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    >>> notebook = new_notebook(cells=[new_code_cell("6 * 7")], metadata={"kernelspec": python})
    >>> with warm("pandas:DataFrame") as launcher:
    ...     executed = launcher.execute(notebook, name="an example")
    >>> executed.cells[0].outputs[0].data["text/plain"]
    '42'
    """
    with _private_folder() as folder:
        # Nothing of a person's own IPython changes what a notebook shows, and what libraries leave goes with the folder.
        own = {"IPYTHONDIR": str(folder / "ipython"), "TMPDIR": str(folder), **(environment or {})}
        with _template_process(folder, (warm_up, *arguments), own) as forks:
            yield Launcher(folder, forks, own)


@contextmanager
def _private_folder() -> Iterator[Path]:
    """Give the path of a folder that does not exist yet, and take the folder away at the end."""
    # The system allows some hundred characters for the path of a socket.
    parent = tempfile.gettempdir() if len(tempfile.gettempdir()) < 70 else "/tmp"
    folder = Path(parent, f"kernels-{uuid.uuid4().hex[:12]}")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _template_process(folder: Path, warm_up: Sequence[str], own: Mapping[str, str]) -> Iterator[bool]:
    """Run the template, and give whether there is one."""
    try:
        template = _start_template(folder, warm_up, own)
    except OSError as problem:
        folder.mkdir(mode=0o700, exist_ok=True)
        warn_once(folder, str(problem))
        yield False
        return
    try:
        yield True
    finally:
        _stop_template(folder, template)


def _start_template(folder: Path, warm_up: Sequence[str], own: Mapping[str, str]) -> subprocess.Popen[bytes]:
    if sys.platform != "linux":
        raise OSError(f"nothing is forked on {sys.platform}")
    # Listening starts here, so that requests queue while the template warms up.
    with socket.socket(socket.AF_UNIX) as requests:
        arguments = [str(requests.fileno()), str(os.getpid()), str(folder), *warm_up]
        template = subprocess.Popen(
            [sys.executable, "-c", _TEMPLATE, *arguments],
            env=kernel_environment(os.environ | own),
            pass_fds=[requests.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # out of reach of Ctrl-C, which is for the build to handle
        )
        try:
            # Only now is there somebody to take the folder away, should this process be killed.
            folder.mkdir(mode=0o700, exist_ok=True)
            requests.bind(str(folder / ADDRESS))
            requests.listen(128)
        except OSError:
            template.kill()
            template.wait()
            raise
    return template


def _stop_template(folder: Path, template: subprocess.Popen[bytes]) -> None:
    with suppress(OSError), Client(str(folder / ADDRESS), family="AF_UNIX") as connection:
        (folder / ADDRESS).unlink()
        connection.send(STOP)
    template.terminate()  # ends one that is still warming up; one that serves ignores it and obeys `STOP`
    try:
        template.wait(timeout=5)
    except subprocess.TimeoutExpired:
        template.kill()
        template.wait()


@dataclass(frozen=True)
class Launcher:
    """Runs notebooks in kernels that `warm` keeps ready.

    Attributes
    ----------
    folder
        Private folder for sockets and connection files.
    forks
        Whether there is a template; if not, kernels start the ordinary way.
    environment
        Variables for the kernels, beside those that this process has when it asks for one.
    """

    folder: Path
    forks: bool
    environment: Mapping[str, str] = field(default_factory=dict)

    def execute(
        self,
        notebook: NotebookNode,
        parameters: Mapping[str, Any] | None = None,
        *,
        name: str,
        time_limit: float | None = None,
        cwd: Path | None = None,
    ) -> NotebookNode:
        """Run a notebook by papermill in a kernel of its own.

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
        cwd
            The folder in which the kernel runs; by default that of this process.

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
            If the kernel dies; a RuntimeError.
        RuntimeError
            If the launcher is closed, or the kernel does not start.
        """
        if not self.folder.exists():
            raise RuntimeError(f"{name}: no kernel starts any more, because the launcher is closed")

        # Imported here, while the template warms up.
        import asyncio

        import papermill  # type: ignore[import-untyped]
        from jupyter_core.utils import ensure_event_loop
        from nbclient.exceptions import CellTimeoutError
        from traitlets.config import Config

        from analysis.publish.kernels.manager import WarmKernelManager

        limit = _TimeLimit(time_limit)
        try:
            # nbclient makes an event loop for each thread, and leaves it open.
            with asyncio.Runner(loop_factory=ensure_event_loop):
                executed: NotebookNode = papermill.execute_notebook(
                    notebook,
                    None,
                    parameters,
                    progress_bar=False,
                    autosave_cell_every=0,
                    record_timing=False,
                    coalesce_streams=True,  # else printed text is split at random
                    resources={"metadata": {"path": cwd and str(cwd)}},  # papermill's `cwd` moves every thread
                    timeout_func=limit.seconds_left,
                    kernel_manager_class=WarmKernelManager,
                    config=Config(
                        WarmKernelManager={
                            "folder": str(self.folder),
                            "forks": self.forks,
                            "environment": dict(self.environment),
                        }
                    ),
                    shutdown_kernel="immediate",  # asked politely, ipykernel hangs now and then for seconds
                )
        except CellTimeoutError as error:
            raise TimeoutError(f"{name}: {limit}") from error
        return executed


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
