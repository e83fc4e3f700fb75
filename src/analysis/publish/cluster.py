"""Pages made by the workers of a Dask cluster: each has the same worker programs as this machine, and its tasks ask them.

What is installed must be the same on both sides, or the bytes would differ; that is checked before anything is
changed. Dask gives the pages of a worker that is lost to another.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from analysis.errors import RequestError
from analysis.publish import identity
from analysis.publish.identity import Inputs
from analysis.publish.pages import Page
from analysis.publish.rendering import Rendered, answered, asked, time_limit
from analysis.publish.worker import START_LIMIT, Workers

try:
    import distributed
except ImportError as error:
    raise RequestError("--cluster: the package distributed is not installed; install like-for-like[cluster]") from error

ANSWER_LIMIT = 10  # seconds for a scheduler to answer, and for its first worker to come
LONELY_LIMIT = 30  # seconds without any worker before the pages that are left fail
CALL_LIMIT = 60  # seconds for all workers to do what is asked of each
SAME = "install the same wheel and lock there as here"
_GONE = (OSError, RuntimeError, TimeoutError, CancelledError)  # what is raised of a cluster that is gone
AHEAD = 1000  # pages asked for at once: finished ones wait in the workers' memory until they are published


@contextmanager
def on_cluster(address: str, inputs: Inputs) -> Iterator[Callable[[Sequence[Page]], Iterator[Rendered]]]:
    """Set up every worker of a cluster, and give what makes pages there.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://127.0.0.1:8786``.
    inputs
        What the pages are made from.

    Raises
    ------
    RequestError
        If no scheduler answers, it has no worker, or a machine has other code or versions than this one.
    """
    limit, setup = time_limit(), Setup(f"analysis-{uuid.uuid4().hex[:12]}", inputs.content, _code())
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what is wrong is said in one line of ours
    with _client(address) as client:
        _require_same_code(address, client)
        try:
            with _answering(address):
                client.register_plugin(setup, name=setup.name)
            yield partial(_make, client, setup.name, inputs, limit)
        finally:
            with suppress(*_GONE):  # a cluster that is gone needs no tidying
                client.unregister_worker_plugin(setup.name)


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
        if said := _difference(_code(), self._code):
            raise RequestError(f"the build has {said}; {SAME}")
        self._folder = Path(tempfile.mkdtemp(prefix="like-for-like-", dir=worker.local_directory))
        self.workers = Workers(self._folder, self._content)

    def teardown(self, worker: distributed.Worker) -> None:  # noqa: ARG002  # Dask gives it
        """End the programs."""
        if self.workers:
            self.workers.close()
            shutil.rmtree(self._folder, ignore_errors=True)


def _made(setup: str, request: Mapping[str, Any], limit: float) -> bytes:
    """Return what came of a page, on the worker that Dask has chosen."""
    workers = distributed.get_worker().plugins[setup].workers
    if workers is None:  # it joined later, and Dask gives it pages all the same
        raise RequestError(f"a worker that joined has other code or versions; {SAME}")
    return workers.make(request, limit)  # type: ignore[no-any-return]


def _make(
    client: distributed.Client, setup: str, inputs: Inputs, limit: float, pages: Sequence[Page]
) -> Iterator[Rendered]:
    done: queue.SimpleQueue[distributed.Future] = queue.SimpleQueue()
    running: dict[str, tuple[Page, distributed.Future]] = {}
    waiting = iter(pages)
    try:
        while True:
            is_there = client.status == "running"
            for page in islice(waiting, AHEAD - len(running) if is_there else 0):
                # A name of its own for each: Dask would give back what it holds of an earlier build's call.
                key = f"{setup}-{page.slug}-{uuid.uuid4().hex[:8]}"
                request = asked(page, inputs.identity(page), limit)
                future = client.submit(_made, setup, request, limit, key=key, pure=False)
                running[key] = page, future
                future.add_done_callback(done.put)
            if not running:
                yield from (Rendered(page, failure="the scheduler is gone", is_passing=True) for page in waiting)
                return
            # A page is tried at most twice, each time within its limit, and its program starts before it.
            future = _next(client, done, 2 * (limit + START_LIMIT))
            if isinstance(future, str):
                left = (*(page for page, _ in running.values()), *waiting)
                yield from (Rendered(page, failure=future, is_passing=True) for page in left)
                return
            page, _ = running.pop(future.key)
            yield answered(page, partial(future.result, timeout=CALL_LIMIT))
            future.release()  # so that neither side keeps what is published
    finally:
        with suppress(*_GONE):
            client.cancel([future for _, future in running.values()], force=True)


def _next(
    client: distributed.Client, done: queue.SimpleQueue[distributed.Future], limit: float
) -> distributed.Future | str:
    """Return a future that is done, or why none will be: for a while there is no worker, or none that does anything."""
    waited, end = 0, time.monotonic() + limit
    while waited < LONELY_LIMIT:
        with suppress(queue.Empty):
            return done.get(timeout=1)
        if time.monotonic() > end:
            return f"no worker of the cluster has done a page within {limit:g} seconds"
        waited = 0 if _workers_of(client) else waited + 1
    return "no worker of the cluster is left"


class _Client(distributed.Client):  # type: ignore[misc]  # Dask has no types
    """Waits no longer than the limit for an answer; a worker that is stopped gives none."""

    def sync(self, *arguments: Any, callback_timeout: float | None = None, **options: Any) -> Any:
        return super().sync(*arguments, callback_timeout=callback_timeout or CALL_LIMIT, **options)


@contextmanager
def _answering(address: str) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise RequestError(
            f"--cluster {address}: a worker does not answer within {CALL_LIMIT:g} seconds; end it, or start it again"
        ) from error


@contextmanager
def _client(address: str) -> Iterator[distributed.Client]:
    try:
        # Dask's own client waits for minutes for what accepts and says nothing.
        with ThreadPoolExecutor(1) as thread:  # without the event loop that runs where a notebook builds
            thread.submit(asyncio.run, asyncio.wait_for(_identified(address), ANSWER_LIMIT)).result()
        client = _Client(address, timeout=ANSWER_LIMIT, set_as_default=False)
    except Exception as error:  # a transport that is not installed, keys that are not given: each has errors of its own
        said = str(error) or f"nothing within {ANSWER_LIMIT:g} seconds"
        raise RequestError(
            f"--cluster {address}: no Dask scheduler answers there ({said}); start one by `dask scheduler`"
        ) from error
    try:
        yield client
    finally:
        with suppress(*_GONE):
            client.close(timeout=ANSWER_LIMIT)


async def _identified(address: str) -> None:
    keys = distributed.Security().get_connection_args("client")
    async with distributed.rpc(address, connection_args=keys) as scheduler:
        await scheduler.identity()


def _workers_of(client: distributed.Client) -> Sequence[str]:
    with suppress(*_GONE):
        return sorted(client.scheduler_info(n_workers=-1)["workers"])
    return ()


def _require_same_code(address: str, client: distributed.Client) -> None:
    """Refuse a cluster whose scheduler or workers have not what this machine has."""
    here = _code()
    try:
        client.wait_for_workers(1, timeout=ANSWER_LIMIT)
    except TimeoutError as error:
        raise RequestError(f"--cluster {address}: has no worker; start one by `dask worker {address}`") from error
    with _answering(address):
        there = client.run(_code, on_error="return")
    try:
        there["scheduler"] = client.run_on_scheduler(_code)
    except Exception as error:  # whatever keeps it from running our code
        there["scheduler"] = error
    for machine, found in sorted(there.items()):
        if said := _difference(here, found):
            raise RequestError(f"--cluster {address}: {machine} has {said}; {SAME}")


def _code() -> dict[str, str]:
    return identity.installed() | {"distributed": distributed.__version__}


def _difference(here: Mapping[str, str], there: Mapping[str, str] | BaseException) -> str:
    if isinstance(there, BaseException):
        return f"not our library ({there})"
    other = {name: there.get(name, "none") for name in here if there.get(name) != here[name]}
    return ", ".join(f"{name} {value[:12]}, here {here[name][:12]}" for name, value in other.items())
