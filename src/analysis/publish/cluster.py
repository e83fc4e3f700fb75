"""Pages made by the workers of a Dask cluster: each has the same worker programs as this machine, and its tasks ask them.

What is installed must be the same on both sides, or the bytes would differ; each worker sees to that as it is set up, before
anything is changed. Dask gives the pages of a worker that is lost to another.
"""

from __future__ import annotations

import logging
import queue
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from analysis.errors import RequestError
from analysis.progress import within
from analysis.publish import identity
from analysis.publish.identity import Inputs
from analysis.publish.pages import Page
from analysis.publish.worker import START_LIMIT, Made, Workers, asked

try:
    import distributed
except ImportError as error:
    raise RequestError("--cluster: the package distributed is not installed; install like-for-like[cluster]") from error

ANSWER_LIMIT = 10  # seconds for a scheduler to answer, and for its first worker to come
LONELY_LIMIT = 30  # seconds without any worker before the pages that are left fail
CALL_LIMIT = 60  # seconds for all workers to do what is asked of each
AHEAD = 1000  # pages asked for at once: finished ones wait in the workers' memory until they are published
_SAME = "install the same wheel and lock there as here"
_GONE = (OSError, RuntimeError, TimeoutError, CancelledError, ValueError)  # what is raised of a cluster that is gone
_Found = TypeVar("_Found")


@contextmanager
def on_cluster(address: str, inputs: Inputs, limit: float) -> Iterator[Callable[[Sequence[Page]], Iterator[Made]]]:
    """Set up every worker of a cluster, and give what makes pages there.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://127.0.0.1:8786``.
    inputs
        What the pages are made from.
    limit
        Seconds that a page may take.

    Raises
    ------
    RequestError
        If no scheduler answers, it has no worker, or a worker has other code or versions than this machine.
    """
    setup = Setup(f"analysis-{uuid.uuid4().hex[:12]}", inputs.content, _code())
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what is wrong is said in one line of ours
    client = _client(address)
    try:
        try:
            client.wait_for_workers(1, timeout=ANSWER_LIMIT)
        except TimeoutError as error:
            raise RequestError(f"--cluster {address}: has no worker; start one by `dask worker {address}`") from error
        try:
            _answered(lambda: client.register_plugin(setup, name=setup.name))
        except Exception as error:  # whatever keeps a worker from running our code
            said = error if isinstance(error, RequestError) else f"{error}; {_SAME}"
            raise RequestError(f"--cluster {address}: {said}") from error
        yield partial(_make, client, setup.name, inputs, limit)
    finally:
        with suppress(*_GONE):  # a cluster that is gone needs no tidying
            _answered(lambda: client.unregister_worker_plugin(setup.name))
        with suppress(*_GONE):
            client.close(timeout=ANSWER_LIMIT)


class Setup(distributed.WorkerPlugin):  # type: ignore[misc]  # Dask has no types
    """What a worker of the cluster keeps while a build lasts: the figures of whoever builds, and programs that read them.

    Parameters
    ----------
    name
        By which a task finds it; another for each build.
    content
        The bytes of each file of figures and claims and of each notebook, by the path below its folder.
    code
        What is installed where the build is, as a worker must have it too, whenever it comes.
    """

    def __init__(self, name: str, content: Mapping[str, bytes], code: Mapping[str, str]) -> None:
        self.name, self._content, self._code = name, content, code
        self.workers: Workers | None = None

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
        if self.workers:
            self.workers.close()
            shutil.rmtree(self._folder, ignore_errors=True)


def _code() -> dict[str, str]:
    return identity.installed() | {"distributed": distributed.__version__}


def _made(setup: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what came of a page, on the worker that Dask has chosen."""
    workers = distributed.get_worker().plugins[setup].workers
    if workers is None:  # it joined later, and Dask gives it pages all the same
        raise RequestError(f"a worker that joined has other code or versions; {_SAME}")
    return workers.make(request)  # type: ignore[no-any-return]


def _make(
    client: distributed.Client, setup: str, inputs: Inputs, limit: float, pages: Sequence[Page]
) -> Iterator[Made]:
    done: queue.SimpleQueue[distributed.Future] = queue.SimpleQueue()
    running: dict[str, tuple[Page, distributed.Future]] = {}
    waiting = iter(pages)
    try:
        while True:
            is_there = client.status == "running"
            for page in islice(waiting, AHEAD - len(running) if is_there else 0):
                # A name of its own for each: Dask would give back what it holds of an earlier build's call.
                key = f"{setup}-{page.slug}-{uuid.uuid4().hex[:8]}"
                future = client.submit(_made, setup, asked(page, inputs.identity(page), limit), key=key, pure=False)
                running[key] = page, future
                future.add_done_callback(done.put)
            # A page is tried at most twice, each time within its limit, and its program starts before it.
            future = _next(client, done, 2 * (limit + START_LIMIT)) if running else "the scheduler is gone"
            if isinstance(future, str):
                left = (*(page for page, _ in running.values()), *waiting)
                yield from (Made(page, failure=future, is_passing=True) for page in left)
                return
            page, _ = running.pop(future.key)
            yield Made.by(page, partial(future.result, timeout=CALL_LIMIT))
            future.release()  # so that neither side keeps what is published
    finally:
        with suppress(*_GONE):
            _answered(lambda: client.cancel([future for _, future in running.values()], force=True))


def _next(
    client: distributed.Client, done: queue.SimpleQueue[distributed.Future], limit: float
) -> distributed.Future | str:
    """Return a future that is done, or why none will be: for a while there is no worker, or none that does anything."""
    lonely, end = 0, time.monotonic() + limit
    while lonely < LONELY_LIMIT:
        with suppress(queue.Empty):
            return done.get(timeout=1)
        if time.monotonic() > end:
            return f"no worker of the cluster has done a page within {limit:g} seconds"
        lonely += 1
        with suppress(*_GONE):
            lonely = 0 if _answered(lambda: client.scheduler_info(n_workers=-1))["workers"] else lonely
    return "no worker of the cluster is left"


def _answered(ask: Callable[[], _Found]) -> _Found:
    """Return what a cluster answers; one that is stopped gives no answer, and Dask would wait for it without end."""
    return within(
        CALL_LIMIT, ask, late=f"a worker does not answer within {CALL_LIMIT:g} seconds; end it, or start it again"
    )


def _client(address: str) -> distributed.Client:
    try:
        # Dask waits for minutes for what accepts and says nothing.
        late = f"nothing within {ANSWER_LIMIT:g} seconds"
        return within(ANSWER_LIMIT, lambda: distributed.Client(address, timeout=ANSWER_LIMIT, set_as_default=False), late=late)  # fmt: skip
    except Exception as error:  # a transport that is not installed, keys that are not given: each has errors of its own
        raise RequestError(
            f"--cluster {address}: no Dask scheduler answers there ({error}); start one by `dask scheduler`"
        ) from error
