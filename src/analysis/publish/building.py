"""A build: what pages are made from, as hashes; makes those that are not yet as they should be, and publishes each as it is done."""

from __future__ import annotations

import importlib.metadata
import json
import logging
import math
import os
import platform
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import files
from analysis.errors import RequestError
from analysis.figures import register
from analysis.figures.register import Register
from analysis.progress import Progress
from analysis.publish import store
from analysis.publish.pages import NOTEBOOKS, Page, Request, read_notebook
from analysis.publish.store import Publication, publishing
from analysis.terms import areas

if TYPE_CHECKING:
    from analysis.publish.worker import Made

_log = logging.getLogger(__name__)

QUOTA = Path("/sys/fs/cgroup/cpu.max")  # microseconds of processor time in each so many, in a container

# What the bytes of a page depend on beside our own code.
VERSIONS = (
    "ipython", "jinja2", "markupsafe", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "scipy", "seaborn",
)  # fmt: skip

PAGES_A_WORKER = 4  # to begin takes a worker as long as it takes to make some four pages


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


@dataclass(frozen=True)
class Inputs:
    """Everything that pages are made from, as it was at one moment, and as hashes: no clock, host, path or user.

    Attributes
    ----------
    held
        The register.
    content
        The bytes that were hashed, by their path in a folder that workers read: whatever happens to the files
        meanwhile, a page is made from these.
    made_from
        What the manifest says of them: as ``inputs`` the hash of each file of figures and each notebook, of the library, the
        template and the lock; and the ``versions`` of Python and the packages that the bytes depend on.
    """

    held: Register
    content: Mapping[str, bytes] = field(repr=False)
    made_from: Mapping[str, Mapping[str, str]]

    @staticmethod
    def read() -> Inputs:
        """Read all that pages are made from, as it is at one moment.

        What is added, replaced or removed meanwhile is noticed by the register, which is written last.
        """
        held, content = register.load_register(), {}
        for name, path in _files(held):
            try:
                content[name] = path.read_bytes()
            except OSError as error:
                # Whoever asks for the figures of what was added says that it is missing, or makes them again.
                if not name.startswith(("data/raw/added/", "data/processed/")):
                    why = f"cannot be read ({error.strerror}); restore it from the project's history"
                    raise RequestError(f"{path}: {why}") from error
        if register.load_register() != held:
            raise RequestError(f"{register.added_folder()}: has changed while it was read; build again")
        return Inputs(held, content, {"inputs": _hashes(content), "versions": _versions()})

    def of(self, wanted: Request) -> Inputs:
        """Return the same with the notebooks of a request that are not the project's."""
        own = {f"notebooks/{name}.ipynb": found for name, found in wanted.notebooks.items()}
        return replace(self, content={**self.content, **own})

    def about(self, wanted: Request) -> dict[str, Any]:
        """Return what the manifest says of a build: its parameters, the release of its figures, and what they are made from."""
        releases = [self.held.release(name) for name in sorted({page.parameters["release"] for page in wanted.table})]
        days = {each.id: each.released and each.released.isoformat() for each in releases}
        release = {"id": ", ".join(days), "released": days}
        return {"parameters": dict(wanted.parameters), "release": release, **self.made_from}

    def digest(self, page: Page) -> str:
        """Return the identity of a page: the hash of all that it is made from."""
        own = files.sha256(self.content[f"notebooks/{page.notebook}.ipynb"]) if page.is_own else ""
        return files.sha256(json.dumps({**vars(page), **self.made_from, "own": own}, sort_keys=True).encode())

    def identity(self, page: Page) -> dict[str, Any]:
        """Return what the template prints of how a page was made."""
        inputs = self.made_from["inputs"].items()
        return {
            "digest": self.digest(page),
            "figures": {name.removeprefix("data/"): each for name, each in inputs if name.startswith("data/")},
            "versions": self.made_from["versions"],
        }


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
    progress: Progress | None = None, asked: Mapping[str, Any] | None = None, read: Inputs | None = None,
) -> Outcome:  # fmt: skip
    """Make the pages that are asked for and are not yet as they should be, and publish each as it is done.

    Parameters
    ----------
    wanted
        What to make.
    output
        The folder to publish in.
    jobs
        How many notebooks run at once; by default as many as :func:`default_jobs` says, but one for a few pages.
    cluster
        The address of a Dask scheduler whose workers make the pages; by default this machine does.
    fresh
        Whether to make pages again that have not changed.
    progress
        Told of each page as it is done.
    asked
        The words that the request was made of, by which :func:`unchanged` knows the folder again.
    read
        What pages are made from, if it is known already.

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
    shown = progress or Progress(None)
    with publishing(output) as publication:
        inputs, outcome = (read or Inputs.read()).of(wanted), Outcome(kept=publication.kept)
        stale = _stale(publication, wanted, about := inputs.about(wanted))

        def outdated(present: Set[str]) -> list[Page]:
            """Return the pages that are not as they should be beside those that are present, and may be made."""
            anew = wanted.names.difference(outcome.built) if fresh else stale
            return [
                page
                for page in wanted.beside_each_other(present)
                if page.name not in outcome.failed
                and (page.name in anew or not publication.is_current(page.name, inputs.digest(page)))
            ]

        def begin() -> None:
            """Take away what is stale, and say what the pages are made from now."""
            publication.withdraw(stale)
            stale.clear()
            publication.describe(about)

        def publish(made: Iterator[Made]) -> None:
            """Put pages in place as they are done, and take away what could not be made again."""
            for done in made:
                name, failure = done.page.name, done.failure
                if done.is_passing:  # what stands is the last good version
                    failure = f"{failure}; the page of before is kept" if name in publication.pages else failure
                else:
                    begin()
                    if failure:
                        publication.withdraw([name])
                    failure = failure or publication.in_the_way(name, done.files)
                if failure:
                    outcome.failed[name] = failure
                    _log.info("failed %s: %s", name, failure)
                else:
                    publication.publish(name, inputs.digest(done.page), done.files)
                    outcome.built.append(name)
                    _log.info("made %s in %.1f seconds", name, done.seconds)
                shown.page(name, failure)
            publication.flush()

        if todo := outdated(wanted.names | (publication.pages.keys() - stale)):
            from analysis.publish import worker  # an unchanged build does without

            for name in sorted({page.notebook for page in wanted.table} & NOTEBOOKS.keys()):
                read_notebook(f"{name}.ipynb", inputs.content[f"notebooks/{name}.ipynb"])
            limit, jobs = worker.time_limit(), jobs or max(1, min(default_jobs(), len(todo) // PAGES_A_WORKER))
            with worker.makers(publication.workers, inputs.content, jobs, cluster, limit) as makers:
                shown.begin(len(todo))
                publish(worker.made(todo, makers, inputs.identity, limit))
                if outcome.failed:  # no page may link to what is not there: those that would are made again
                    again = outdated(wanted.names.difference(outcome.failed) | publication.pages.keys())
                    publish(worker.made(again, makers, inputs.identity, limit))
        else:
            begin()
        if outcome.is_whole and publication.pages.keys() == wanted.names:
            publication.describe(about, asked)
        outcome.built.sort()  # pages are done in another order each time
        outcome.unchanged = sorted(wanted.names.difference(outcome.built, outcome.failed))
        return outcome


def unchanged(output: Path, asked: Mapping[str, Any], now: Inputs) -> Outcome | None:
    """Return how a build ends that finds all as it should be, without a look at the figures; None where one has to look.

    The pages are what they were if they were made by the same words from the same bytes and versions, and each file is as it was written.

    Parameters
    ----------
    output
        The folder.
    asked
        As :func:`build` takes it.
    now
        What pages would be made from.
    """
    try:
        held = store.read(output)
    except RequestError:  # a build says what is wrong
        return None
    is_same = held.is_as_written and held.asked == asked and not os.path.lexists(output / store.STAGING)
    if not is_same or any(held.about.get(name) != found for name, found in now.made_from.items()):
        return None
    is_whole = all(held.is_current(name, page["digest"]) for name, page in held.pages.items())
    return Outcome(unchanged=list(held.pages)) if is_whole else None


def _stale(publication: Publication, wanted: Request, now: Mapping[str, Any]) -> set[str]:
    """Return the names of the pages that the folder holds of other figures or parameters, or refuse to leave any beside these."""
    before, asked = publication.about.get("parameters", {}), now["parameters"]
    others = publication.pages.keys() - wanted.names
    if before == asked:
        # What was asked for besides, of another offence, is not made again here, and stays while nothing has changed.
        return set() if wanted.is_subset or publication.about.get("inputs") == now["inputs"] else others
    if others and wanted.is_subset:
        where = f"--output {publication.folder}: holds pages {_told(before)}"
        raise RequestError(f"{where}; asked {_told(asked)}; build every force, or choose another folder")
    return set(publication.pages)


def _told(parameters: Mapping[str, Any]) -> str:
    """Return in words what all pages of a folder have in common."""
    if "matrix" in parameters:
        return "of a matrix whose rows differ in their periods"
    return "for " + ", ".join(f"{name} {value or 'none'}" for name, value in parameters.items())


def installed() -> dict[str, str]:
    """Return what a page's bytes depend on besides figures, notebook and parameters: our code, and others' versions."""
    return _code_hashes() | _versions()


def _files(held: Register) -> Iterator[tuple[str, Path]]:
    """Give each file that pages are made from, by its path in a folder that workers read."""
    yield from ((f"notebooks/{name}.ipynb", files.shipped("notebooks", f"{name}.ipynb")) for name in NOTEBOOKS)
    shipped = files.shipped("data", "raw").iterdir()
    yield from ((f"data/raw/{path.name}", path) for path in shipped if path.suffix in {".csv", ".yaml"})
    added = (path for path in held.paths() if path.parent == register.added_folder())
    yield from ((f"data/raw/added/{path.name}", path) for path in added)
    yield from ((f"data/processed/{path.name}", path) for path in register.derived_folder().glob("*.csv"))
    if own := os.environ.get(areas.OWN):
        yield areas.OWN_FILE, Path(own)


def _hashes(content: Mapping[str, bytes]) -> dict[str, str]:
    """Return what all pages are made from, as hashes; what was derived is of what is listed already."""
    listed = ((name, found) for name, found in content.items() if not name.startswith("data/processed/"))
    hashes = {name.replace("data/raw/", "data/", 1): files.sha256(found) for name, found in listed} | _code_hashes()
    for name, digest in sorted(hashes.items()):
        _log.info("read %s: SHA-256 %.12s", name, digest)
    return hashes


def _code_hashes() -> dict[str, str]:
    package, lock = files.PACKAGE, files.shipped("requirements.lock")
    ours = [path for kind in ("*.py", "*.yaml") for path in package.rglob(kind)]
    return {
        "library": _hash_of_all(path for path in ours if not path.is_relative_to(package / "shipped")),
        "template": _hash_of_all(path for path in (package / "report" / "templates").rglob("*") if path.is_file()),
        "lock": files.sha256(lock) if lock.is_file() else "none",
    }


def _hash_of_all(paths: Iterable[Path]) -> str:
    listed = sorted((path.relative_to(files.PACKAGE).as_posix(), path) for path in paths)
    return files.sha256("\n".join(f"{name} {files.sha256(path)}" for name, path in listed).encode())


def _versions() -> dict[str, str]:
    python = ".".join(platform.python_version_tuple()[:2])
    return {"python": python, **{name: importlib.metadata.version(name) for name in VERSIONS}}
