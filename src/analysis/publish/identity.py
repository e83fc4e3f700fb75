"""What a page is made from, as hashes: its identity, and what the manifest says of a build."""

from __future__ import annotations

import importlib.metadata
import json
import logging
import os
import platform
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from analysis import files
from analysis.errors import RequestError
from analysis.figures import register
from analysis.figures.register import Register
from analysis.publish.pages import NOTEBOOKS, OWN, Page, Request
from analysis.terms import areas, offences
from analysis.terms.offences import Helpline, Offence

_log = logging.getLogger(__name__)

# Published claims, and the notebooks whose pages speak of them: a change of the one makes only the others again.
CLAIMS = ("claims.yaml", "corrections.yaml")
CLAIMS_USERS = ("claims_report", "force_report", "force_offence", "site")

# What the bytes of a page depend on beside our own code.
VERSIONS = (
    "ipython", "jinja2", "markupsafe", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "scipy", "seaborn",
)  # fmt: skip

_TRIES = 20  # each takes a tenth of a second, and an addition ends in one write


@dataclass(frozen=True)
class Inputs:
    """Everything that a page is made from, as hashes: no clock, host, path or user.

    Attributes
    ----------
    about
        What the manifest says of the build: its ``parameters``; the ``release`` of the figures; as ``inputs`` the hash of
        each file of figures and each notebook, of the library, the template and the lock; and the ``versions`` of Python
        and the packages that the bytes depend on.
    content
        The bytes that were hashed, by their path in a folder that workers read: whatever happens to the files
        meanwhile, a page is made from these.
    register
        Everything that was held then.
    """

    about: Mapping[str, Any]
    content: Mapping[str, bytes] = field(repr=False)
    register: Register = field(repr=False)

    @staticmethod
    def read(wanted: Request) -> Inputs:
        """Read what the pages of a request are made from."""
        held, content = snapshot()
        content |= {f"notebooks/{name}.ipynb": found for name, found in wanted.notebooks.items()}
        if own := os.environ.get(areas.OWN):
            content[areas.OWN_FILE] = _read(Path(own))
        names = sorted({page.parameters["release"] for page in wanted.table})
        days = {name: held.release(name).released for name in names}
        hashes = {path.replace("data/raw/", "data/", 1): files.sha256(found) for path, found in content.items()}
        code = _code_hashes()
        for name, digest in sorted((hashes | code).items()):
            _log.info("read %s: SHA-256 %.12s", name, digest)
        apart = ("data/processed/", "notebooks/own/")  # of what is listed already, or of one page alone
        inputs = {name: digest for name, digest in hashes.items() if not name.startswith(apart)}
        released = {name: day.isoformat() if day else None for name, day in days.items()}
        about = {
            "parameters": dict(wanted.parameters),
            "release": {"id": ", ".join(names), "released": released},
            "inputs": inputs | code,
            "versions": _versions(),
        }
        return Inputs(about, content, held)

    def digest(self, page: Page) -> str:
        """Return the identity of a page: the hash of all that it is made from."""
        others = {f"data/{name}" for name in CLAIMS} if page.notebook not in CLAIMS_USERS else set()
        run = {page.notebook, *(["briefing"] if page.has_briefing else [])}
        others |= {name for name in self.about["inputs"] if name.startswith("notebooks/") and name[10:-6] not in run}
        uses = {name: value for name, value in self.about["inputs"].items() if name not in others}
        if page.is_own:
            uses["notebook"] = files.sha256(self.content[f"notebooks/{page.notebook}.ipynb"])
        content = {**vars(page), "uses": uses, "versions": self.about["versions"]}
        return files.sha256(json.dumps(content, sort_keys=True).encode())

    def identity(self, page: Page) -> dict[str, Any]:
        """Return what the template prints of how a page was made."""
        inputs = self.about["inputs"].items()
        return {
            "digest": self.digest(page),
            "notebook": f"{page.notebook.removeprefix(OWN)}.ipynb",
            "figures": {name.removeprefix("data/"): each for name, each in inputs if name.startswith("data/")},
            "versions": self.about["versions"],
            "publisher": publisher(self.register, page.parameters["release"]),
            "helplines": helplines(page.concerned),
        }


def publisher(held: Register, release: str) -> dict[str, str]:
    """Return who published the figures of a release, when, and on what terms, as a page says it."""
    found = held.release(release)
    when = f"released on {found.words}" if found.released else f"release {found.id}"
    return {"producer": found.producer, "when": when, "schedule": held.schedule, "attribution": held.attribution}


def helplines(concerned: Iterable[Offence]) -> list[dict[str, Any]]:
    """Return whom a reader may turn to of a page about some offences."""
    found: dict[Helpline, None] = dict.fromkeys(line for offence in concerned for line in offences.helplines(offence))
    return [asdict(line) for line in found]


def installed() -> dict[str, str]:
    """Return what a page's bytes depend on besides figures, notebook and parameters: our code, and others' versions."""
    return _code_hashes() | _versions()


def snapshot() -> tuple[Register, dict[str, bytes]]:
    """Return the register and the bytes of all that pages are made from, as they were at one moment.

    What was added, replaced or removed while they were read is noticed by the register, which is written last.
    """
    raw, processed = files.shipped("data", "raw"), files.user_data() / "processed"
    for _ in range(_TRIES):
        held = register.load_register()
        content = {f"notebooks/{name}.ipynb": _read(files.shipped("notebooks", f"{name}.ipynb")) for name in NOTEBOOKS}
        content |= {f"data/raw/{path.name}": _read(path) for path in raw.iterdir() if path.suffix in {".csv", ".yaml"}}
        added = {f"data/raw/added/{path.name}": path for path in held.paths() if path.parent == register.added_folder()}
        added |= {f"data/processed/{path.name}": path for path in processed.glob("*.csv")}
        for name, path in added.items():
            with suppress(OSError):  # whoever asks for its figures says that it is missing, or makes them again
                content[name] = path.read_bytes()
        if register.load_register() == held:
            return held, content
    raise RequestError(f"{register.added_folder()}: changes all the time; build when nothing is being added there")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise RequestError(f"{path}: cannot be read ({reason}); restore it from the project's history") from error


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
