"""A build: makes the pages that are asked for and are not yet as they should be, and publishes each as it is done."""

from __future__ import annotations

import logging
import math
import os
import queue
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from analysis.errors import RequestError
from analysis.progress import Progress
from analysis.publish.identity import Inputs
from analysis.publish.pages import NOTEBOOKS, Page, Request, read_notebook
from analysis.publish.store import Publication, publishing
from analysis.publish.worker import Lost, Made, Submit, Workers, time_limit

_log = logging.getLogger(__name__)

QUOTA = Path("/sys/fs/cgroup/cpu.max")  # microseconds of processor time in each so many, in a container
AHEAD = (
    1000  # pages asked for at once: finished ones wait in the memory of a cluster's workers until they are published
)
ANSWER_LIMIT = 60  # seconds for a page that is made to come from a worker of a cluster

Making = Callable[[Sequence[Page]], Iterator[Made]]  # gives each page as soon as it is done


def default_jobs() -> int:
    """Return how many notebooks run at once unless a number is given: the cores that this process may use.

    A container may use fewer than it sees: its quota counts too.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = map(int, QUOTA.read_text(encoding="utf-8").split())
    except (OSError, ValueError):  # no container, or "max": no quota
        return cores
    return min(cores, math.ceil(quota / period))


@dataclass
class Outcome:
    """How a build went.

    Attributes
    ----------
    built, unchanged
        Names of the pages that were made, and of those that needed nothing.
    failed
        The reason in one line, for each page that could not be made.
    kept
        Files of pages that are no more, left where they are because no build made them what they are.
    """

    built: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether everything is as it was asked for."""
        return not self.failed and not self.kept

    def summary(self, output: Path) -> str:
        """Return what a build says at its end: how many pages, which failed and why, and where to look."""
        made = sorted(set(self.built) - set(self.failed))
        lines = [f"{len(made)} made, {len(self.unchanged)} unchanged, {len(self.failed)} failed"]
        lines += [f"failed: {name}: {reason}" for name, reason in sorted(self.failed.items())]
        lines += [f"kept: {name} was changed, and its page is no longer one of these" for name in sorted(self.kept)]
        pages = (output / f"{name}.html" for name in ("index", *sorted([*made, *self.unchanged])))
        return "\n".join([*lines, *(f"open {page}" for page in [*filter(Path.is_file, pages)][:1])])


def build(
    wanted: Request, output: Path, *, jobs: int | None = None, cluster: str | None = None, fresh: bool = False,
    progress: Progress | None = None,
) -> Outcome:  # fmt: skip
    """Make the pages that are asked for and are not yet as they should be, and publish each as it is done.

    Parameters
    ----------
    wanted
        What to make.
    output
        The folder to publish in.
    jobs
        How many notebooks run at once; by default as many as :func:`default_jobs` says.
    cluster
        The address of a Dask scheduler whose workers make the pages; by default this machine does.
    fresh
        Whether to make pages again that have not changed.
    progress
        Told of each page as it is done.

    Returns
    -------
    Outcome
        One page's failure leaves the others standing. An old version of a failed page is taken away, unless it failed
        for want of memory, room or the like: then the last good one stays. What no build wrote is left alone.

    Raises
    ------
    RequestError
        If the folder holds other pages of other parameters and only some are asked for, or cannot be written; if
        the cluster does not answer, or has not what this machine has. Nothing is changed then.
    """
    with publishing(output) as publication:
        inputs = Inputs.read(wanted)
        run = _Run(publication, inputs, _stale(publication, wanted, inputs), progress or Progress(None))
        outcome, todo = run.outcome, []
        for page in wanted.beside_each_other(wanted.names | (publication.pages.keys() - run.stale)):
            if not fresh and page.name not in run.stale and publication.is_current(page.name, inputs.digest(page)):
                outcome.unchanged.append(page.name)
            elif reason := publication.in_the_way(page.name):
                outcome.failed[page.name] = reason
            else:
                todo.append(page)
        if todo:
            for name in sorted({page.notebook for page in wanted.table} & NOTEBOOKS.keys()):
                read_notebook(f"{name}.ipynb", inputs.content[f"notebooks/{name}.ipynb"])
            with _making(inputs, jobs or default_jobs(), cluster, publication.workers) as make:
                run.progress.begin(len(todo))
                run.publish(make(todo))
                # No page may link to what is not there: those that would are made again.
                there = wanted.names.difference(outcome.failed) | publication.pages.keys()
                run.publish(make([page for page in wanted.beside_each_other(there) if run.lacks(page)]))
        else:
            run.begin()
        outcome.built.sort()  # pages are done in another order each time
        outcome.kept = publication.kept
        return outcome


@dataclass
class _Run:
    """Puts pages in place as they are done; the first of them takes the place of what is there of other parameters."""

    publication: Publication
    inputs: Inputs
    stale: set[str]
    progress: Progress
    outcome: Outcome = field(default_factory=Outcome)

    def begin(self) -> None:
        """Take away what is stale, and say what the pages are made from now."""
        self.publication.withdraw(self.stale)
        self.stale = set()
        self.publication.describe(self.inputs.about)

    def lacks(self, page: Page) -> bool:
        """Say whether a page is to be made again after all: its files are as they were when this build looked or wrote."""
        made = self.publication.pages.get(page.name, {}).get("digest")
        return page.name not in self.outcome.failed and made != self.inputs.digest(page)

    def publish(self, made: Iterator[Made]) -> None:
        """Publish what is made, page by page, and take away what could not be made again."""
        for done in made:
            name, failure = done.page.name, done.failure
            if done.is_passing:  # what stands is the last good version
                failure = f"{failure}; the page of before is kept" if name in self.publication.pages else failure
            else:
                self.begin()
                if failure:
                    self.publication.withdraw([name])
                failure = failure or self.publication.in_the_way(name, done.files)
            if failure:
                self.outcome.failed[name] = failure
                _log.info("failed %s: %s", name, failure)
            else:
                self.publication.publish(name, self.inputs.digest(done.page), done.files)
                self.outcome.built.append(name)
                _log.info("made %s in %.1f seconds", name, done.seconds)
            self.progress.page(name, failure)
        self.publication.flush()


@contextmanager
def _making(inputs: Inputs, jobs: int, cluster: str | None, folder: Path) -> Iterator[Making]:
    """Give what makes pages, by workers of this machine or of a cluster."""
    limit = time_limit()
    if cluster is None:
        with closing(Workers(folder, inputs.content, jobs)) as workers:
            yield partial(_make, inputs, limit, workers.submit, lambda _: "")
    else:
        from analysis.publish.cluster import on_cluster  # Dask is an extra, and takes a second

        with on_cluster(cluster, inputs.content, limit) as (submit, lost):
            yield partial(_make, inputs, limit, submit, lost)


def _make(inputs: Inputs, limit: float, submit: Submit, lost: Lost, pages: Sequence[Page]) -> Iterator[Made]:
    """Submit pages, and give what became of each as it is done; `lost` may say why none will be, after so many seconds without one."""
    done: queue.SimpleQueue[Any] = queue.SimpleQueue()  # of futures, of this machine's threads or of Dask
    running: dict[Any, Page] = {}
    waiting, last = iter(pages), time.monotonic()
    while not (reason := lost(time.monotonic() - last)):
        for page in islice(waiting, AHEAD - len(running)):
            future = submit({"page": vars(page), "identity": inputs.identity(page), "limit": limit})
            running[future] = page
            future.add_done_callback(done.put)
        if not running:
            return
        with suppress(queue.Empty):
            future, last = done.get(timeout=1), time.monotonic()
            yield Made.by(running.pop(future), partial(future.result, ANSWER_LIMIT))
    yield from (Made(page, failure=reason, is_passing=True) for page in (*running.values(), *waiting))


def _stale(publication: Publication, wanted: Request, inputs: Inputs) -> set[str]:
    """Return the names of the pages that the folder holds of other figures or parameters, or refuse to leave any beside these."""
    before, now = publication.about.get("parameters"), inputs.about
    others = publication.pages.keys() - wanted.names
    if before == now["parameters"]:
        # What was asked for besides, of another offence, is not made again here, and stays while nothing has changed.
        return set() if wanted.is_subset or publication.about.get("inputs") == now["inputs"] else others
    if others and wanted.is_subset:
        held, asked = map(_in_words, (before, now["parameters"]))
        where = f"--output {publication.folder}: holds pages for {held}"
        raise RequestError(f"{where}; asked for {asked}; build every force, or choose another folder")
    return set(publication.pages)


def _in_words(parameters: Any) -> str:
    found = parameters.items() if isinstance(parameters, Mapping) else [("other", "parameters")]
    return ", ".join(f"{name} {value}" for name, value in found)
