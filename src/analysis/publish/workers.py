"""Who makes the pages of a build: threads of this process, each with a kernel of its own."""

from __future__ import annotations

import logging
import math
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from analysis.errors import one_line, printable
from analysis.publish import kernels
from analysis.publish.identity import Inputs
from analysis.publish.pages import FigureParameters, Page
from analysis.publish.rendering import read_notebook, render, time_limit

if TYPE_CHECKING:
    from nbformat import NotebookNode

WARM_UP = "analysis.publish.warm:draw_once"
QUOTA = Path("/sys/fs/cgroup/cpu.max")  # microseconds of processor time in each so many, in a container
MOST_SHARED = 64  # sets of parameters for which the template works out what their pages share; a tenth of a second each


@dataclass(frozen=True)
class Rendered:
    """What became of a page.

    Attributes
    ----------
    page
        Which page.
    content
        Its files, by their path below the output folder; none if it failed.
    failure
        Why there are none, in one line; otherwise None.
    """

    page: Page
    content: Mapping[str, bytes] = field(default_factory=dict)
    failure: str | None = None


class Workers(Protocol):
    """Who makes pages."""

    def render(self, pages: Sequence[Page]) -> Iterator[Rendered]:
        """Give each page as soon as it is done."""


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


def shared_parameters(pages: Iterable[Page]) -> list[str]:
    """Return the parameters that several pages have but for their forces, as JSON; those of most pages first."""
    asked = Counter(
        page.parameters.model_dump_json(include=set(FigureParameters.model_fields))
        for page in pages
        if isinstance(page.parameters, FigureParameters)
    )
    return [parameters for parameters, pages_with in asked.most_common(MOST_SHARED) if pages_with > 1]


@contextmanager
def local(names: Iterable[str], pages: Sequence[Page], inputs: Inputs, jobs: int) -> Iterator[Workers]:
    """Keep warm kernels on this machine, and give who runs so many notebooks at once in them.

    Parameters
    ----------
    names
        The notebooks that may be run.
    pages
        The pages that will be made first.
    inputs
        What the pages are made from.
    jobs
        How many notebooks run at once.

    Raises
    ------
    RequestError
        If a notebook cannot take parameters, or the time limit of the environment is no number.
    """
    limit = time_limit()
    with kernels.warm(WARM_UP, *shared_parameters(pages)) as launcher:
        yield _Threads(launcher, {name: read_notebook(name) for name in names}, inputs, jobs, limit)


def reason(error: BaseException) -> str:
    """Return in one line why a page could not be made."""
    name, value = getattr(error, "ename", None), getattr(error, "evalue", None)
    text = f"{name}: {value}" if name else f"{type(error).__name__}: {error}"
    return printable(one_line(text))


@dataclass(frozen=True)
class _Threads:
    """Threads, since all they do is wait for kernels and fill a template; a killed build leaves none behind."""

    launcher: kernels.Launcher
    notebooks: Mapping[str, NotebookNode]
    inputs: Inputs
    jobs: int
    time_limit: float

    def render(self, pages: Sequence[Page]) -> Iterator[Rendered]:
        if not pages:
            return
        # It would say again, beside our line, what a failed page's reason says.
        logging.getLogger("papermill").disabled = True
        threads = ThreadPoolExecutor(min(self.jobs, len(pages)), thread_name_prefix="page")
        try:
            running: dict[Future[dict[str, bytes]], Page] = {threads.submit(self._render, page): page for page in pages}
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in sorted(done, key=lambda each: running[each].name):
                    page, error = running.pop(future), future.exception()
                    yield Rendered(page, failure=reason(error)) if error else Rendered(page, future.result())
        finally:
            # Whoever stops early ends the kernels next, and with them whatever the threads wait for.
            threads.shutdown(wait=False, cancel_futures=True)

    def _render(self, page: Page) -> dict[str, bytes]:
        notebook = self.notebooks[page.notebook]
        return render(page, notebook, self.launcher, self.inputs.identity(page), time_limit=self.time_limit)
