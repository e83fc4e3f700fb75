"""What a page is made from, as hashes: its identity, and what the manifest says of a build."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import files
from analysis.errors import RequestError
from analysis.figures import register
from analysis.publish.pages import MODELS, Page, Request

# Published claims, and the notebooks whose pages speak of them: a change of the one makes only the others again.
CLAIMS = ("claims.yaml", "corrections.yaml")
CLAIMS_USERS = ("claims_report", "force_report")

# What the bytes of a page depend on beside our own code.
VERSIONS = (
    "ipykernel",
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
    """

    parameters: Mapping[str, Any]
    release: Mapping[str, Any]
    hashes: Mapping[str, str]
    versions: Mapping[str, str]

    @staticmethod
    def read(wanted: Request) -> Inputs:
        """Read what the pages of a request are made from."""
        names = sorted({page.parameters.release for page in wanted.table})
        held = [register.load_register().release(name) for name in names]
        released = {each.id: each.released.isoformat() if each.released else None for each in held}
        return Inputs(wanted.parameters, {"id": ", ".join(names), "released": released}, _input_hashes(), _versions())

    def digest(self, page: Page) -> str:
        """Return the identity of a page: the hash of all that it is made from."""
        others = {f"data/{name}" for name in CLAIMS} if page.notebook not in CLAIMS_USERS else set()
        uses = {
            name: value
            for name, value in self.hashes.items()
            if not name.startswith("notebooks/") and name not in others
        }
        uses["notebook"] = self.hashes[f"notebooks/{page.notebook}.ipynb"]
        content = {
            "page": page.name,
            "parameters": page.parameters.model_dump(),
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
        }


def notebooks() -> dict[str, Path]:
    """Return the notebooks that make the pages, by file name."""
    return {f"{name}.ipynb": files.shipped("notebooks", f"{name}.ipynb") for name in MODELS}


def figures() -> dict[str, Path]:
    """Return the files of figures, of what is known of them and of claims, by name; ``added/`` are a user's own."""
    shipped = (path for path in files.shipped("data", "raw").iterdir() if path.suffix in {".csv", ".yaml"})
    added = (path for path in register.load_register().paths() if path.parent == register.added_folder())
    return {path.name: path for path in shipped} | {f"added/{path.name}": path for path in added if path.is_file()}


def installed() -> dict[str, str]:
    """Return what a page's bytes depend on besides figures, notebook and parameters: our code, and others' versions."""
    return _code_hashes() | _versions()


def _input_hashes() -> dict[str, str]:
    hashes = {f"data/{name}": _hash(path) for name, path in figures().items()}
    hashes |= {f"notebooks/{name}": _hash(path) for name, path in notebooks().items()}
    lock = files.shipped("requirements.lock")
    return hashes | _code_hashes() | {"lock": files.sha256(lock) if lock.is_file() else "none"}


def _hash(path: Path) -> str:
    try:
        return files.sha256(path)
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
