"""A folder of pages in which every file is whole, and a manifest that lists each with its hash.

While files are being replaced the manifest lists both hashes, so that whatever moment a build ends at, each file
in the folder is one that the manifest knows.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from filelock import FileLock, Timeout

from analysis.errors import RequestError
from analysis.files import sha256, unwritable, write_whole

MANIFEST = "manifest.json"
SCHEMA = 1
OPTION = "--output"  # what names the folder
# So many of the pages that are there may wait, to be put in place together: to write the manifest takes longer the more there are.
_AT_ONCE = 0.01


@dataclass
class Publication:
    """An output folder and its manifest.

    Attributes
    ----------
    folder
        Where the pages go.
    about
        What the manifest says of the build: parameters, release, versions, inputs.
    pages
        For each page, the digest of what it was made from and its files.
    outputs
        The hash of every file.
    """

    folder: Path
    about: dict[str, Any] = field(default_factory=dict)
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    _waiting: dict[str, tuple[str, Mapping[str, bytes]]] = field(default_factory=dict, init=False, repr=False)

    @property
    def staging(self) -> Path:
        """The folder for unfinished files: on the same file system, empty when no build runs."""
        return self.folder / ".staging"

    def is_current(self, page: str, digest: str) -> bool:
        """Say whether a page was made from just these inputs and its files are still what they were."""
        entry = self.pages.get(page)
        if entry is None or entry["digest"] != digest:
            return False
        return all(self._found(name) == self.outputs.get(name, "") for name in entry["files"])

    def publish(self, page: str, digest: str, content: Mapping[str, bytes]) -> None:
        """Put a page's files in place, each whole, and take away files that the page no longer has.

        Where there are many pages, some wait for each other; :meth:`flush` ends that.
        """
        for name in content:
            _require_inside(name)
        self._waiting[page] = digest, content
        if len(self._waiting) > _AT_ONCE * len(self.pages):
            self.flush()

    def flush(self) -> None:
        """Put the files of those pages in place that wait for others."""
        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        before = {name for page in waiting for name in self.pages.get(page, {}).get("files", ())}
        replaced = {name: self.outputs[name] for name in sorted(before & self.outputs.keys())}
        for page, (digest, content) in waiting.items():
            self.pages[page] = {"digest": digest, "files": sorted(content)}
        contents = {name: data for _, content in waiting.values() for name, data in content.items()}
        self.outputs.update({name: sha256(data) for name, data in contents.items()})
        self._write(replaced)
        for name, data in contents.items():
            self._put(name, data)
        self._remove(set(replaced) - set(contents))
        self._write()

    def withdraw(self, pages: Iterable[str]) -> None:
        """Take pages away with all their files."""
        files = {name for page in list(pages) for name in self.pages.pop(page, {}).get("files", ())}
        if files:
            self._write()  # whoever ends after this leaves files without a page, which go, and no page without its files
            self._take_away(files)

    def remove_orphans(self) -> None:
        """Remove the files that no page has any more: what a build left that ended before it took them away."""
        self._take_away(set(self.outputs).difference(*(page["files"] for page in self.pages.values())))

    def settle(self, replaced: Mapping[str, str]) -> None:
        """List what stands where a build ended amid a page's files.

        A page that lacks a file is no page, and one with an old file is to be made again.
        """
        left = {name: old for name, old in replaced.items() if self._found(name) == old != self.outputs.get(name)}
        self.outputs.update(left)
        for name, page in list(self.pages.items()):
            if any(self._found(file) is None for file in page["files"]):
                del self.pages[name]
            elif not left.keys().isdisjoint(page["files"]):
                page["digest"] = ""
        self._write()

    def describe(self, about: Mapping[str, Any]) -> None:
        """Say in the manifest what the pages are made from."""
        if dict(about) != self.about:
            self.about = dict(about)
            self._write()

    def _take_away(self, names: set[str]) -> None:
        if names:
            self._remove(names)
            self._write()

    def _remove(self, names: Iterable[str]) -> None:
        for name in sorted(names):
            path = self.folder / name
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise RequestError(
                    f"{path}: cannot be removed ({error.strerror}); remove it, or choose another --output"
                ) from error
            self.outputs.pop(name, None)

    def _found(self, name: str) -> str | None:
        """Return the hash of what stands in a file's place, or None where nothing can be read there."""
        try:
            return sha256(self.folder / name)
        except OSError:
            return None

    def _write(self, replaced: Mapping[str, str] | None = None) -> None:
        content: dict[str, Any] = {"schema": SCHEMA, **self.about, "pages": self.pages, "outputs": self.outputs}
        if replaced is not None:
            content["replacing"] = dict(replaced)
        text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        self._put(MANIFEST, text.encode())

    def _put(self, name: str, data: bytes) -> None:
        write_whole(self.folder / name, data, staging=self.staging, option=OPTION)


@contextlib.contextmanager
def publishing(folder: Path) -> Iterator[Publication]:
    """Open a folder for one build at a time.

    Parameters
    ----------
    folder
        Made if it is missing.

    Raises
    ------
    RequestError
        If another build is writing to the folder, it cannot be written, or its manifest is not one of ours.
    """
    staging = folder / ".staging"
    try:
        staging.mkdir(parents=True, exist_ok=True)
        lock = FileLock(staging / "lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise RequestError(
            f"{OPTION} {folder}: another build is writing there; wait for it, or choose another folder"
        ) from None
    except OSError as error:
        raise unwritable(folder, error, option=OPTION) from error
    try:
        publication = _open(folder)
        try:
            yield publication
        finally:
            publication.flush()  # whoever interrupts a build keeps what is made
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        lock.release()


def _open(folder: Path) -> Publication:
    path = folder / MANIFEST
    if not path.exists():
        return Publication(folder)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("schema") != SCHEMA:
            raise ValueError("another schema")
        pages, outputs = content.pop("pages"), content.pop("outputs")
        replaced = content.pop("replacing", None)
        for name in (*outputs, *(replaced or ()), *(name for page in pages.values() for name in page["files"])):
            _require_inside(name)
        if not all(isinstance(page["digest"], str) and isinstance(page["files"], list) for page in pages.values()):
            raise ValueError("a page without a digest or a list of files")
        if not isinstance(outputs, dict) or not isinstance(replaced, dict | None):
            raise ValueError("outputs without hashes")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RequestError(
            f"{path}: not a manifest that this version wrote ({error}); remove the file or choose another --output"
        ) from error
    publication = Publication(folder, content, pages, outputs)
    if replaced is not None:
        publication.settle(replaced)
    publication.remove_orphans()
    return publication


def _require_inside(name: str) -> None:
    path = PurePosixPath(name)
    if (
        path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or ":" in name
        or not path.parts
        or not name.isprintable()
    ):
        raise RequestError(f"output {name!r}: leaves the output folder; names are relative, without '..'")
