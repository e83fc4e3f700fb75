"""What a page is made from, as hashes: its identity, and what the manifest says of a build."""

from __future__ import annotations

import importlib.metadata
import json
import logging
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
from analysis.publish.pages import Page, Request
from analysis.publish.parameters import MODELS
from analysis.terms import offences
from analysis.terms.offences import Helpline, Offence

_log = logging.getLogger(__name__)

# Published claims, and the notebooks whose pages speak of them: a change of the one makes only the others again.
CLAIMS = ("claims.yaml", "corrections.yaml")
CLAIMS_USERS = ("claims_report", "force_report", "force_offence", "site")

# What the bytes of a page depend on beside our own code.
VERSIONS = (
    "ipython",
    "jinja2",
    "markupsafe",
    "matplotlib",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "scipy",
    "seaborn",
)

_PROCESSED = "data/processed/"
_TRIES = 20  # each takes a tenth of a second, and an addition ends in one write


@dataclass(frozen=True)
class Inputs:
    """Everything that a page is made from, as hashes: no clock, host, path or user.

    Attributes
    ----------
    parameters
        Of the build.
    release
        Of the figures.
    hashes
        For each file of figures and each notebook, for the library, the template and the lock.
    versions
        Of Python and the packages that the bytes depend on.
    content
        The bytes that were hashed, by their path in a folder that workers read: whatever happens to the files
        meanwhile, a page is made from these.
    register
        Everything that was held then.
    """

    parameters: Mapping[str, Any]
    release: Mapping[str, Any]
    hashes: Mapping[str, str]
    versions: Mapping[str, str]
    content: Mapping[str, bytes] = field(repr=False)
    register: Register = field(repr=False)

    @staticmethod
    def read(wanted: Request) -> Inputs:
        """Read what the pages of a request are made from."""
        held, content = _snapshot()
        names = sorted({page.parameters.release for page in wanted.table})
        days = {each.id: each.released for each in map(held.release, names)}
        released = {name: day.isoformat() if day else None for name, day in days.items()}
        hashes = {
            path.replace("data/raw/", "data/", 1): files.sha256(found)
            for path, found in content.items()
            if not path.startswith(_PROCESSED)
        }
        lock = files.shipped("requirements.lock")
        hashes |= _code_hashes() | {"lock": files.sha256(lock) if lock.is_file() else "none"}
        if _log.isEnabledFor(logging.INFO):
            derived = {path: files.sha256(found) for path, found in content.items() if path.startswith(_PROCESSED)}
            for name, digest in sorted((hashes | derived).items()):
                _log.info("read %s: SHA-256 %.12s", name, digest)
        return Inputs(
            wanted.parameters, {"id": ", ".join(names), "released": released}, hashes, _versions(), content, held
        )

    def digest(self, page: Page) -> str:
        """Return the identity of a page: the hash of all that it is made from."""
        others = {f"data/{name}" for name in CLAIMS} if page.notebook not in CLAIMS_USERS else set()
        uses = {
            name: value
            for name, value in self.hashes.items()
            if not name.startswith("notebooks/") and name not in others
        }
        uses["notebook"] = self.hashes.get(f"notebooks/{page.notebook}.ipynb", "none")
        content = {
            "page": page.name,
            "parameters": page.parameters.model_dump(),
            "command": page.command,
            "site": page.site,
            "links": page.links,
            "present": page.present,
            "uses": uses,
            "versions": dict(self.versions),
        }
        return files.sha256(json.dumps(content, sort_keys=True).encode())

    def about(self) -> dict[str, Any]:
        """Return what the manifest says of the build."""
        return {
            "parameters": dict(self.parameters),
            "release": dict(self.release),
            "inputs": dict(self.hashes),
            "versions": dict(self.versions),
        }

    def identity(self, page: Page) -> dict[str, Any]:
        """Return what the template prints of how a page was made."""
        return {
            "digest": self.digest(page),
            "notebook": f"{page.notebook}.ipynb",
            "release": page.parameters.release,
            "figures": {
                name.removeprefix("data/"): found for name, found in self.hashes.items() if name.startswith("data/")
            },
            "versions": dict(self.versions),
            "publisher": publisher(self.register, page.parameters.release),
            "helplines": [asdict(line) for line in helplines(_concerned(page))],
        }


def publisher(held: Register, release: str) -> dict[str, str]:
    """Return who published the figures of a release, when, and on what terms, as a page says it."""
    found = held.release(release)
    when = f"released on {found.words}" if found.released else f"release {found.id}"
    return {"producer": found.producer, "when": when, "schedule": held.schedule, "attribution": held.attribution}


def helplines(concerned: Iterable[Offence]) -> list[Helpline]:
    """Return whom a reader may turn to of a page about some offences."""
    return list(dict.fromkeys(line for offence in concerned for line in offences.helplines(offence)))


def _concerned(page: Page) -> list[Offence]:
    """Return the offence of a page, if it has one, or every offence that a shipped claim is about."""
    if page.notebook == "claims_report":
        from analysis import claims  # here, since a build of unchanged pages does without

        return [claim.counted_as for claim in claims.shipped()]
    offence = offences.known().get(getattr(page.parameters, "offence", ""))
    return [offence] if offence else []


def installed() -> dict[str, str]:
    """Return what a page's bytes depend on besides figures, notebook and parameters: our code, and others' versions."""
    return _code_hashes() | _versions()


def _snapshot() -> tuple[Register, dict[str, bytes]]:
    """Return the register and the bytes of all that pages are made from, as they were at one moment.

    What was added, replaced or removed while they were read is noticed by the register, which is written last.
    """
    for _ in range(_TRIES):
        held = register.load_register()
        content = {f"notebooks/{name}.ipynb": _read(files.shipped("notebooks", f"{name}.ipynb")) for name in MODELS}
        for path in files.shipped("data", "raw").iterdir():
            if path.suffix in {".csv", ".yaml"}:
                content[f"data/raw/{path.name}"] = _read(path)
        for path in held.paths():
            if path.parent == register.added_folder():
                with suppress(FileNotFoundError):  # whoever asks for its figures says that it is missing
                    content[f"data/raw/added/{path.name}"] = path.read_bytes()
        for path in (files.user_data() / "processed").glob("*.csv"):
            with suppress(OSError):  # made from the others, and made again where it lacks
                content[f"{_PROCESSED}{path.name}"] = path.read_bytes()
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
    templates = files.PACKAGE / "report" / "templates"
    ours = [path for kind in ("*.py", "*.yaml") for path in files.PACKAGE.rglob(kind)]
    shipped = files.PACKAGE / "shipped"
    return {
        "library": _hash_of_all(path for path in ours if not path.is_relative_to(shipped)),
        "template": _hash_of_all(path for path in templates.rglob("*") if path.is_file()),
    }


def _hash_of_all(paths: Iterable[Path]) -> str:
    listed = sorted((path.relative_to(files.PACKAGE).as_posix(), path) for path in paths)
    return files.sha256("\n".join(f"{name} {files.sha256(path)}" for name, path in listed).encode())


def _versions() -> dict[str, str]:
    python = ".".join(platform.python_version_tuple()[:2])
    return {"python": python, **{name: importlib.metadata.version(name) for name in VERSIONS}}
