"""A build: makes the pages that are asked for and are not yet as they should be, and publishes each as it is done."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis import kernels
from analysis.errors import RequestError
from analysis.progress import Progress
from analysis.publication import Publication, publishing
from analysis.reports.identity import Inputs
from analysis.reports.pages import Page, Request
from analysis.reports.rendering import render


@dataclass
class Outcome:
    """How a build went.

    Attributes
    ----------
    built, unchanged
        Names of the pages that were made, and of those that needed nothing.
    failed
        The reason in one line, for each page that could not be made.
    """

    built: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def summary(self, output: Path) -> str:
        """Return what a build says at its end: how many pages, which failed and why, and where to look."""
        made = sorted(set(self.built) - set(self.failed))
        lines = [f"{len(made)} made, {len(self.unchanged)} unchanged, {len(self.failed)} failed"]
        lines += [f"failed: {name}: {reason}" for name, reason in sorted(self.failed.items())]
        if (output / "index.html").is_file():
            lines.append(f"open {output / 'index.html'}")
        return "\n".join(lines)


def build(
    wanted: Request,
    output: Path,
    *,
    jobs: int | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Make the pages that are asked for and are not yet as they should be, and publish each as it is done.

    Parameters
    ----------
    wanted
        What to make.
    output
        The folder to publish in.
    jobs
        How many notebooks run at once; by default as many as :func:`default_jobs` says.
    fresh
        Whether to make pages again that have not changed.
    progress
        Told of each page as it is done.

    Returns
    -------
    Outcome
        One page's failure leaves the others standing; an old version of a failed page is taken away.

    Raises
    ------
    RequestError
        If the folder holds pages of other parameters and only some pages are asked for, or cannot be written.
    """
    with publishing(output) as publication:
        inputs = Inputs.read(wanted)
        _prepare(publication, wanted, inputs)
        outcome = Outcome()
        table = [*wanted.table, *_index_after(publication, wanted, outcome)]
        for page in table:
            if not fresh and publication.is_current(page.name, inputs.digest(page)):
                outcome.unchanged.append(page.name)
        todo = [page for page in table if page.name not in outcome.unchanged]
        if todo:
            told = progress or Progress(io.StringIO())
            told.begin(len(todo))
            with kernels.warm("analysis.warm:draw_once") as launcher:
                _run(todo, launcher, publication, inputs, outcome, jobs or default_jobs(), told)
                if outcome.failed:  # the index must not link to what is not there
                    _run(_index_after(publication, wanted, outcome), launcher, publication, inputs, outcome, 1, told)
        return outcome


def default_jobs() -> int:
    """Return how many notebooks run at once unless a number is given: the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _prepare(publication: Publication, wanted: Request, inputs: Inputs) -> None:
    before = publication.about.get("parameters")
    if publication.pages and before != inputs.parameters:
        if wanted.is_subset:
            raise RequestError(
                f"--output {publication.folder}: holds pages for {_told(before)}; asked for {_told(inputs.parameters)}; "
                "build every force, or choose another folder"
            )
        publication.withdraw(list(publication.pages))
    publication.describe(inputs.about())


def _told(parameters: Any) -> str:
    if not isinstance(parameters, Mapping):
        return "other parameters"
    return ", ".join(f"{name} {value}" for name, value in parameters.items())


def _index_after(publication: Publication, wanted: Request, outcome: Outcome) -> list[Page]:
    """Return the index as it should stand if every page that is asked for, and has not failed, is there."""
    there = ({page.name for page in wanted.table} | set(publication.pages)) - set(outcome.failed)
    return wanted.index(name.removeprefix("forces/") for name in there)


def _run(
    todo: Sequence[Page],
    launcher: kernels.Launcher,
    publication: Publication,
    inputs: Inputs,
    outcome: Outcome,
    jobs: int,
    progress: Progress,
) -> None:
    for page, content, reason in _rendered(todo, launcher, inputs, jobs):
        if reason is None:
            publication.publish(page.name, inputs.digest(page), content)
            outcome.built.append(page.name)
        else:
            publication.withdraw([page.name])
            outcome.failed[page.name] = reason
        progress.page(page.name, reason)


def _rendered(
    todo: Sequence[Page], launcher: kernels.Launcher, inputs: Inputs, jobs: int
) -> Iterator[tuple[Page, dict[str, bytes], str | None]]:
    """Give each page as soon as it is done: its files, or the reason why it has none."""
    if not todo:
        return
    # It would say again, beside our line, what a failed page's reason says.
    logging.getLogger("papermill").disabled = True
    # Threads, since all they do is wait for kernels and fill a template; a killed build leaves none behind.
    workers = ThreadPoolExecutor(min(jobs, len(todo)), thread_name_prefix="page")
    try:
        running: dict[Future[dict[str, bytes]], Page] = {
            workers.submit(render, page, launcher, inputs.identity(page)): page for page in todo
        }
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=lambda each: running[each].name):
                page, error = running.pop(future), future.exception()
                yield page, {} if error else future.result(), _reason(error) if error else None
    finally:
        # Whoever stops early ends the kernels next, and with them whatever the threads wait for.
        workers.shutdown(wait=False, cancel_futures=True)


def _reason(error: BaseException) -> str:
    name, value = getattr(error, "ename", None), getattr(error, "evalue", None)
    text = f"{name}: {value}" if name else f"{type(error).__name__}: {error}"
    return " ".join(text.split())
