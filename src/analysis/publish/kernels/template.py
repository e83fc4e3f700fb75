"""The process that kernels are forked from. The others know it by what it is sent and what it answers."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import pkgutil
import selectors
import shutil
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

START_LIMIT = 60  # seconds
ADDRESS = "template"  # the socket that takes requests; gone from the folder once no more kernels are given
STOP = "stop"

_INLINE = "module://matplotlib_inline.backend_inline"
# A thread that a library starts before the fork does not exist after it, and leaves its locks held.
_ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
# What every kernel would otherwise import while it starts.
_KERNEL_MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.magics.execution",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """What the template is asked for: a kernel with these arguments, in this folder and environment."""

    arguments: list[str]
    folder: str
    environment: dict[str, str]


def kernel_environment(base: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the template and its kernels."""
    return {"MPLBACKEND": _INLINE, **base, **_ONE_THREAD}


def warn_once(folder: Path, reason: str) -> None:
    """Say why kernels start the ordinary way, once for all threads and processes that share the folder."""
    with suppress(FileExistsError):
        (folder / "warned").touch(exist_ok=False)
        _log.warning("notebooks start in the ordinary, slower way: %s", reason)


def signal_group(pid: int, number: int) -> None:
    """Send a signal to a kernel and what it has started."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:  # a kernel leads no group in its first moments
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def main() -> None:
    """Be the template, and, after a fork, the kernel."""
    requests, parent, folder, warm_up, *arguments = sys.argv[1:]
    Path(folder).mkdir(mode=0o700, exist_ok=True)  # libraries want it, and the one that builds may be later
    refusal = _prepare(warm_up, arguments)
    with socket.socket(fileno=int(requests)) as listener:
        forked = _Template(listener, int(parent), refusal).serve()
    if forked is None:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)  # a tenth of a second less than taking all libraries down
    else:
        _become_kernel(*forked)


def _prepare(warm_up: str, arguments: Sequence[str]) -> str | None:
    """Warm up; return the reason if the process cannot serve."""
    signal.alarm(START_LIMIT)
    try:
        _import_kernel()
        pkgutil.resolve_name(warm_up)(*arguments)
        _reset_matplotlib()
        if len(list(Path("/proc/self/task").iterdir())) > 1:
            raise RuntimeError("it leaves threads running")
    except Exception as problem:
        return " ".join(f"{warm_up}: {type(problem).__name__}: {problem}".split())
    finally:
        signal.alarm(0)
    # Kernels then share the memory of the libraries' objects, which the collector would otherwise write to.
    gc.collect()
    gc.freeze()
    return None


def _import_kernel() -> None:
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # nobody debugs here: ipykernel does without
    for module in _KERNEL_MODULES:
        importlib.import_module(module)
    del sys.modules["debugpy"]


def _reset_matplotlib() -> None:
    if "matplotlib.pyplot" in sys.modules:
        import matplotlib
        from matplotlib import pyplot

        pyplot.close("all")
        matplotlib.rc_file_defaults()


@dataclass(frozen=True)
class _Child:
    """A kernel, as the template holds it."""

    pid: int
    connection: Connection
    end: int  # file descriptor that becomes readable when the process has ended


_Forked = tuple[Request, Connection, int]


class _Template:
    """Serves requests until the process that builds says so or is gone."""

    def __init__(self, requests: socket.socket, parent: int, refusal: str | None) -> None:
        self._requests = requests
        self._parent = parent
        self._refusal = refusal
        self._serving = True
        self._children: dict[int, _Child] = {}
        self._selector = selectors.DefaultSelector()

    def serve(self) -> _Forked | None:
        """Return in each kernel what it is to be, and in the template None at the end."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        self._selector.register(self._requests, selectors.EVENT_READ)
        with suppress(ProcessLookupError):
            self._selector.register(os.pidfd_open(self._parent), selectors.EVENT_READ)
        while self._serving and os.getppid() == self._parent:
            for key, _ in self._selector.select():
                child = key.data
                if key.fileobj is self._requests:
                    if forked := self._answer():
                        return forked
                elif child and child.pid in self._children:
                    if key.fileobj is child.connection:
                        self._pass_on_signal(child)
                    else:
                        self._bury(child)
        for child in self._children.values():
            signal_group(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
        return None

    def _answer(self) -> _Forked | None:
        connection = Connection(self._requests.accept()[0].detach())
        template = os.getpid()
        try:
            request = connection.recv()
            if request == STOP:
                self._serving = False
                return None
            if self._refusal:
                raise OSError(self._refusal)
            pid = os.fork()
        except (OSError, EOFError) as problem:
            with suppress(OSError):
                connection.send(("was refused", str(problem)))
            connection.close()
            return None
        if pid:
            self._adopt(_Child(pid, connection, os.pidfd_open(pid)))
            return None
        self._let_go()
        return request, connection, template

    def _adopt(self, child: _Child) -> None:
        self._children[child.pid] = child
        for source in (child.connection, child.end):
            self._selector.register(source, selectors.EVENT_READ, child)

    def _let_go(self) -> None:
        """Close in a kernel what belongs to the others."""
        self._selector.close()
        for child in self._children.values():
            child.connection.close()
            os.close(child.end)

    def _pass_on_signal(self, child: _Child) -> None:
        try:
            number = child.connection.recv()
        except (OSError, EOFError):  # whoever ran the notebook has closed it, or died
            self._selector.unregister(child.connection)
            number = signal.SIGKILL
        signal_group(child.pid, number)

    def _bury(self, child: _Child) -> None:
        del self._children[child.pid]
        signal_group(child.pid, signal.SIGKILL)  # what the notebook itself started
        _, status = os.waitpid(child.pid, 0)
        for source in (child.connection, child.end):
            with suppress(KeyError):
                self._selector.unregister(source)
        with suppress(OSError):
            child.connection.send(("ended with status", os.waitstatus_to_exitcode(status)))
        child.connection.close()
        os.close(child.end)


def _become_kernel(request: Request, connection: Connection, template: int) -> None:
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(request.environment)
    os.chdir(request.folder)
    _reseed()
    sys.argv = ["ipykernel_launcher", *request.arguments]
    # With a parent named, the kernel ends within a second if the template is killed.
    kernel: Any = IPKernelApp.instance(parent_handle=template)
    kernel.initialize([*request.arguments, "--HistoryManager.enabled=False"])
    _activate_inline_figures(kernel.shell)
    connection.send(("ready", os.getpid()))
    connection.close()
    kernel.start()


def _reseed() -> None:
    """Without this every kernel would draw the same numbers; Python's own generator sees to itself."""
    if "numpy" in sys.modules:
        import numpy

        numpy.random.seed()


def _activate_inline_figures(shell: Any) -> None:
    """Do what importing the inline backend does in a kernel; the template imported it outside of one."""
    if "matplotlib_inline.backend_inline" in sys.modules:
        from IPython.core.pylabtools import activate_matplotlib
        from matplotlib_inline.backend_inline import configure_inline_support

        activate_matplotlib(_INLINE)  # type: ignore[no-untyped-call]
        configure_inline_support(shell, _INLINE)  # type: ignore[no-untyped-call]
