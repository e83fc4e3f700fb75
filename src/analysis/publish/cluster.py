"""Pages made by the workers of a Dask cluster: each has the same worker programs as this machine, and its tasks ask them.

What is installed must be the same on both sides, or the bytes would differ; each worker sees to that as it is set up, before
anything is changed. Dask gives the pages of a worker that is lost to another.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from analysis._version import __version__
from analysis.errors import RequestError
from analysis.progress import within
from analysis.publish import building
from analysis.publish.worker import START_LIMIT, Makers, WorkerDied, Workers

try:
    import distributed
except ImportError as error:
    raise RequestError("--cluster: the package distributed is not installed; install like-for-like[cluster]") from error

ANSWER_LIMIT = 10  # seconds for a scheduler to answer, and for its first worker to come
LONELY_LIMIT = 30  # seconds without any worker before the pages that are left fail
CALL_LIMIT = 60  # seconds for all workers to do what is asked of each
_VERSION = "'version ' + __import__('analysis').__version__"  # what any version of the project can be asked
_SAME = "install the same wheel and lock there as here"


@contextmanager
def on_cluster(address: str, content: Mapping[str, bytes], limit: float) -> Iterator[Makers]:
    """Set up every worker of a cluster, and give who makes pages there.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://127.0.0.1:8786``.
    content
        The bytes of each file of figures and claims and of each notebook, by the path below its folder.
    limit
        Seconds that a page may take.

    Raises
    ------
    RequestError
        If no scheduler answers, it has no worker, or a worker has another version, code or packages than this machine.
    """
    for name in logging.root.manager.loggerDict:
        if name.split(".")[0] in {"distributed", "tornado"}:  # Dask gives several parts of its own a level each
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what is wrong is said in one line of ours
    setup = Setup(f"analysis-{uuid.uuid4().hex[:12]}", content, _code())
    client = _client(address)
    seen = time.monotonic()  # a worker, or what it has done

    def ask(what: Callable[..., Any], *words: Any, **named: Any) -> Any:
        """Return what a cluster answers; one that is stopped gives no answer, and Dask would wait for it without end."""
        late = f"a worker does not answer within {CALL_LIMIT:g} seconds; end it, or start it again"
        return within(CALL_LIMIT, lambda: what(*words, **named), late=late)

    def lost(idle: float) -> str:
        nonlocal seen
        if client.status != "running":
            return "the scheduler is gone"
        # A page is tried at most twice, each time within its limit, and its program starts before it.
        if idle > (longest := 2 * (limit + START_LIMIT)):
            return f"no worker of the cluster has done a page within {longest:g} seconds"
        with suppress(Exception):  # of a scheduler that does not answer
            if idle < 1 or ask(client.scheduler_info, n_workers=-1)["workers"]:
                seen = time.monotonic()
        return "no worker of the cluster is left" if time.monotonic() - seen > LONELY_LIMIT else ""

    try:
        try:
            client.wait_for_workers(1, timeout=ANSWER_LIMIT)
        except TimeoutError as error:
            raise RequestError(f"--cluster {address}: has no worker; start one by `dask worker {address}`") from error
        try:
            for worker, has in ask(client.run, eval, _VERSION, on_error="return").items():
                if has != f"version {__version__}":
                    raise RequestError(f"worker {worker} has {has}, not version {__version__}; {_SAME}")
            ask(client.register_plugin, setup, name=setup.name)
        except Exception as error:  # whatever keeps a worker from running our code
            said = error if isinstance(error, RequestError) else f"{error}; {_SAME}"
            raise RequestError(f"--cluster {address}: {said}") from error
        # Pure it is not: Dask would give back what it holds of an earlier build's call.
        yield SimpleNamespace(submit=partial(client.submit, _made, setup.name, pure=False), lost=lost)
    finally:
        with suppress(Exception):  # a cluster that is gone needs no tidying
            ask(client.unregister_worker_plugin, setup.name)  # what nobody waits for any more ends with the programs
        with suppress(Exception):
            client.close(timeout=ANSWER_LIMIT)


class Setup(distributed.WorkerPlugin):  # type: ignore[misc]  # Dask has no types
    """What a worker of the cluster keeps while a build lasts: the figures of whoever builds, and programs that read them.

    Parameters
    ----------
    name
        By which a task finds it; another for each build.
    content
        As :func:`on_cluster` takes it.
    code
        What is installed where the build is, as a worker must have it too, whenever it comes.
    """

    def __init__(self, name: str, content: Mapping[str, bytes], code: Mapping[str, str]) -> None:
        self.name, self._content, self._code = name, content, code

    def setup(self, worker: distributed.Worker) -> None:
        """Write the figures that were sent; a worker of another kind is none."""
        here = _code()
        other = [f"{name} {here.get(name, 'none')[:12]}, not {value[:12]}" for name, value in self._code.items() if here.get(name) != value]  # fmt: skip
        if other:
            raise RequestError(f"worker {worker.address} has {', '.join(other)}; {_SAME}")
        self._folder = Path(tempfile.mkdtemp(prefix="like-for-like-", dir=worker.local_directory))
        self.workers = Workers(self._folder, self._content)

    def teardown(self, worker: distributed.Worker) -> None:  # noqa: ARG002  # Dask gives it
        """End the programs."""
        if hasattr(self, "workers"):
            self.workers.close()
            shutil.rmtree(self._folder, ignore_errors=True)


def _code() -> dict[str, str]:
    return building.installed() | {"distributed": distributed.__version__}


def _made(setup: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what came of a page, on the worker that Dask has chosen."""
    plugin = distributed.get_worker().plugins.get(setup)
    if not hasattr(plugin, "workers"):  # it joined later, and Dask gives it pages all the same
        raise WorkerDied(f"a worker that joined has other code or versions; {_SAME}")
    return plugin.workers.make(request)  # type: ignore[no-any-return]


class _Client(distributed.Client):  # type: ignore[misc]  # Dask has no types
    def __del__(self) -> None:
        """Do nothing: it is closed where it was made, and of one that was not, Dask would tell with a trace when all is over."""


def _client(address: str) -> distributed.Client:
    late = f"nothing within {ANSWER_LIMIT:g} seconds"  # Dask waits for minutes for what accepts and says nothing
    try:
        return within(ANSWER_LIMIT, lambda: _Client(address, timeout=ANSWER_LIMIT, set_as_default=False), late=late)
    except Exception as error:  # a transport that is not installed, keys that are not given: each has errors of its own
        why = f"no Dask scheduler answers there ({error}); start one by `dask scheduler`"
        raise RequestError(f"--cluster {address}: {why}") from error
