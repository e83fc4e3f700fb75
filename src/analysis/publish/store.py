"""A folder of pages in which every file is whole, and a manifest that lists each with its hash.

While files are being replaced the manifest lists both hashes, so that whatever moment a build ends at, each file
in the folder is one that the manifest knows. What is not as a build wrote it is another's: it is kept.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis import files
from analysis.errors import RequestError
from analysis.figures.verification import Store
from analysis.files import sha256, unwritable, write_whole

MANIFEST = "manifest.json"
STAGING = ".staging"
SCHEMA = 1
OPTION = "--output"  # what names the folder
KEPT = frozenset({"README.md", ".gitignore"})  # may stand in a folder before its first build, as in a fresh checkout
# What may stand beside a manifest: of a kind that pages have, in no folder above, and nothing that is hidden.
_NAME = re.compile(r"(?:\w[\w .+-]*/)*\w[\w .+-]*\.(?:html|pdf|svg|png|csv|ipynb|json|xml)")
_HASH = re.compile("[0-9a-f]{64}")
_BLANK = "-" * 64  # in place of the manifest's own hash, as it is hashed
_MOST_MANIFEST = 10**8  # bytes, of some hundred thousand pages
_WORKERS = "like-for-like-workers"  # what those read and write who make the pages
_OURS = re.compile(rf"\.(?:.*\.)?(?:lock|part)|{_WORKERS}")  # what stands in the staging folder
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
    asked
        What was asked for, in the words of whoever asked, if the pages are all that was asked for, and as they should be.
    replacing
        The hash before, of files that a build was replacing when it ended; None if none was.
    is_as_written
        Whether each byte of the manifest is as a build wrote it.
    kept
        Files that were to be taken away, and are not as a build wrote them.
    """

    folder: Path
    about: dict[str, Any] = field(default_factory=dict)
    pages: dict[str, dict[str, Any]] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    asked: Any = None
    replacing: Mapping[str, str] | None = None
    is_as_written: bool = True
    kept: list[str] = field(default_factory=list)
    _waiting: dict[str, tuple[str, Mapping[str, bytes]] | None] = field(default_factory=dict, init=False, repr=False)

    @property
    def workers(self) -> Path:
        """The folder for those who make the pages, which goes with the build, or with the next one."""
        return self.folder / STAGING / _WORKERS

    def is_current(self, page: str, digest: str) -> bool:
        """Say whether a page was made from just these inputs and its files are still what they were."""
        entry = self.pages.get(page)
        if entry is None or entry["digest"] != digest:
            return False
        return all(self.found(name) == self.outputs.get(name, "none") for name in entry["files"])

    def in_the_way(self, page: str, content: Iterable[str] = ()) -> str | None:
        """Say which file keeps a page from being written, because no build made it what it is; None if none does."""
        for name in sorted({*content, *self.pages.get(page, {}).get("files", ())}):
            if (found := self.found(name)) is not None and found != self.outputs.get(name):
                what = "was changed" if found and name in self.outputs else "stands in its way, and no build wrote it"
                return f"{name} {what}; it is kept: move it away, or choose another {OPTION}"
        return None

    def publish(self, page: str, digest: str, content: Mapping[str, bytes]) -> None:
        """Put a page's files in place, each whole, and take away files that the page no longer has.

        Where there are many pages, some wait for each other; :meth:`flush` ends that.
        """
        for name in content:
            _inside(name)
        self._waiting[page] = digest, content
        if len(self._waiting) > _AT_ONCE * len(self.pages):
            self.flush()

    def withdraw(self, pages: Iterable[str]) -> None:
        """Take pages away with all their files."""
        self._waiting |= dict.fromkeys(self.pages.keys() & set(pages))
        self.flush()

    def flush(self) -> None:
        """Put the files of those pages in place, or take them away, that wait for others."""
        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        before = {name for page in waiting for name in self.pages.get(page, {}).get("files", ())}
        replaced = {name: self.outputs.pop(name) for name in sorted(before & self.outputs.keys())}
        contents: dict[str, bytes] = {}
        for page, made in waiting.items():
            self.pages.pop(page, None)
            if made:
                self.pages[page] = {"digest": made[0], "files": sorted(made[1])}
                contents |= made[1]
        self.outputs.update({name: sha256(data) for name, data in contents.items()})
        self._exchange(contents, replaced)

    def settle(self) -> None:
        """List what stands where a build ended amid its pages' files, and remove those that no page has any more.

        A page that lacks a file is no page, and one with an old file is to be made again.
        """
        was, self.replacing = self.replacing, None
        if was is not None:
            left = {name: old for name, old in was.items() if self.found(name) == old != self.outputs.get(name)}
            self.outputs |= left
            for name, page in list(self.pages.items()):
                if any(self.found(file) is None for file in page["files"]):
                    del self.pages[name]
                elif not left.keys().isdisjoint(page["files"]):
                    page["digest"] = ""
        orphans = self.outputs.keys() - {name for page in self.pages.values() for name in page["files"]}
        if orphans or was is not None:
            self._exchange({}, {name: self.outputs.pop(name) for name in sorted(orphans)})

    def describe(self, about: Mapping[str, Any], asked: Any = None) -> None:
        """Say in the manifest what the pages are made from, and what they were asked for by if they are all of that."""
        if dict(about) != self.about or (asked and asked != self.asked):
            self.about, self.asked = dict(about), asked
            self._write()

    def found(self, name: str) -> str | None:
        """Return the hash of what stands at a path, None for nothing, and no text for what no build has written.

        That is a folder, a link or what lies behind one, a pipe, and what cannot be read.
        """
        path = os.fspath(self.folder)
        *above, file = name.split("/")
        try:
            for part in above:
                path = f"{path}/{part}"
                if part == ".." or not _is_folder(os.lstat(path)):
                    return ""
            path = f"{path}/{file}"
            if not stat.S_ISREG(os.lstat(path).st_mode):
                return ""
            with open(path, "rb", buffering=0) as output:  # noqa: PTH123  # as lean as it is for thousands
                return sha256(output.read())
        except FileNotFoundError:
            return None
        except OSError:
            return ""

    def _exchange(self, contents: Mapping[str, bytes], replaced: Mapping[str, str]) -> None:
        """Put files in place of those of a page before, while the manifest lists the hashes of both."""
        self.asked = None
        self._write(replaced)
        for name, data in contents.items():
            self._put(name, data)
        for name in sorted(replaced.keys() - contents.keys()):
            found, path = self.found(name), self.folder / name
            try:
                if found == replaced[name]:
                    path.unlink()
                elif found is not None:
                    self.kept.append(name)
            except OSError as error:
                raise unwritable(path, error, option=OPTION) from error
        self._write()

    def _write(self, replaced: Mapping[str, str] | None = None) -> None:
        """Write the manifest, with a hash of its own, and of the files that are being replaced."""
        listed = {"pages": self.pages, "outputs": self.outputs, "sha256": _BLANK}
        listed |= {} if replaced is None else {"replacing": dict(replaced)}
        listed |= {"asked": self.asked} if self.asked else {}
        content = {"schema": SCHEMA, **self.about, **listed}
        text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        self._put(MANIFEST, text.replace(_BLANK, sha256(text.encode()), 1).encode())

    def _put(self, name: str, data: bytes) -> None:
        write_whole(self.folder / name, data, staging=self.folder / STAGING, option=OPTION)


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
        If another build is writing to the folder, it cannot be written, it holds what pages are made from or files
        of somebody else without a manifest, or its manifest is not one of ours. Nothing in it is changed then.
    """
    folder = folder.resolve() if ".." in folder.parts else folder  # or what comes before it would be made too
    _require_free(folder)
    staging = folder / STAGING
    with files.locked(staging, wait=0, option=OPTION):
        _clear(staging, keep=".lock")
        try:
            publication = read(folder) if os.path.lexists(folder / MANIFEST) else Publication(folder)
            publication.settle()
            try:
                yield publication
            finally:
                publication.flush()  # whoever interrupts a build keeps what is made
        finally:
            # While it is held: who waits for a lock that has gone meanwhile is told so by filelock, and makes another.
            _clear(staging)
            with contextlib.suppress(OSError):
                staging.rmdir()


def _inside(name: str) -> None:
    """Refuse an output that leads out of the folder, or is of no page."""
    if not _NAME.fullmatch(name):
        raise RequestError(f"output {name!r}: leaves the output folder, or is no page")


def read(folder: Path) -> Publication:
    """Return what the manifest of a folder says.

    Raises
    ------
    RequestError
        If there is none, or it is not one that this version wrote.
    """
    path = folder / MANIFEST
    try:
        if not stat.S_ISREG(path.lstat().st_mode) or path.stat().st_size > _MOST_MANIFEST:
            raise ValueError("no ordinary file of its size")
        content = path.read_bytes()
        about = json.loads(content)
        pages, outputs, replacing = about.pop("pages"), about.pop("outputs"), about.pop("replacing", None)
        own, asked = about.pop("sha256", _BLANK), about.pop("asked", None)
        is_as_written = sha256(content.replace(own.encode(), _BLANK.encode(), 1)) == own
        for name in {*outputs, *(replacing or {}), *(name for page in pages.values() for name in page["files"])}:
            _inside(name)
        hashes = [*outputs.values(), *(replacing or {}).values()]
        are_texts = all(isinstance(page["digest"], str) for page in pages.values())
        if about.pop("schema") != SCHEMA or not all(map(_HASH.fullmatch, hashes)) or not are_texts:
            raise ValueError(f"its schema is not {SCHEMA}, or a hash is none")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RequestError(f"{folder}: holds no {MANIFEST}; give a folder that `analysis build` has written") from error
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        why = f"not a manifest that this version wrote ({error}); remove the file or choose another {OPTION}"
        raise RequestError(f"{path}: {why}") from error
    return Publication(folder, about, pages, outputs, asked, replacing, is_as_written)


def _is_folder(found: os.stat_result) -> bool:
    """Say whether a path is a folder itself, and no link or junction to one."""
    is_junction = getattr(found, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)  # of Windows
    return stat.S_ISDIR(found.st_mode) and not is_junction


def _require_free(folder: Path) -> None:
    """Refuse a folder that is not a build's to write in."""
    here = folder.resolve()
    for source in (files.PACKAGE, files.shipped("notebooks"), files.shipped("data", "raw"), files.user_data() / "raw"):
        if os.path.lexists(source) and (here.is_relative_to(source) or source.is_relative_to(here)):
            what = f"{source}, which pages are made from, is there"
            raise RequestError(f"{OPTION} {folder}: {what}; choose a folder apart")
    staging = folder / STAGING
    try:
        if os.path.lexists(staging) and (staging.is_symlink() or not all(map(_is_ours, staging.iterdir()))):
            raise RequestError(f"{staging}: not of a build; move it away, or choose another {OPTION}")
        is_new = folder.is_dir() and not os.path.lexists(folder / MANIFEST)
        if others := {path.name for path in folder.iterdir()} - KEPT - {STAGING} if is_new else ():
            right = f"give {OPTION} a folder that is empty or that a build has made"
            raise RequestError(f"{folder / min(others)}: no build wrote it, and there is no {MANIFEST} of one; {right}")
    except OSError as error:
        raise unwritable(folder, error, option=OPTION) from error


def _is_ours(path: Path) -> bool:
    """Say whether what stands in the staging folder is of a build."""
    is_named = _OURS.fullmatch(path.name) is not None
    return is_named and not path.is_symlink() and path.is_dir() is (path.name == _WORKERS)


def _clear(staging: Path, *, keep: str = "-") -> None:
    """Remove what builds leave in the staging folder, and nothing else."""
    with contextlib.suppress(OSError):
        for path in filter(_is_ours, staging.iterdir()):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif not path.name.endswith(keep):
                path.unlink()


def verify(folder: Path) -> Store:
    """Compare what stands in a folder with its manifest; no link is followed.

    Raises
    ------
    RequestError
        If the folder has no manifest that a build wrote.
    """
    held = read(folder)
    checked = [
        "" if (found := held.found(name)) == digest else f"{'missing' if found is None else 'changed'}: {name}"
        for name, digest in sorted(held.outputs.items())
    ]
    checked.append("" if held.is_as_written else f"changed: {MANIFEST}")
    faults = [*filter(None, checked), *(f"foreign: {name}" for name in sorted(_unlisted(held)))]
    if held.replacing is not None or os.path.lexists(folder / STAGING):
        faults.insert(0, "unfinished: a build is writing here, or was broken off; build again")
    return Store(tuple(faults), len(checked), checked.count(""))


def _unlisted(held: Publication) -> Iterator[str]:
    """Name the files that no manifest lists, and a folder of nothing else once."""
    known = {*held.outputs, *(held.replacing or {}), MANIFEST, STAGING, *KEPT}
    folders = {parent.as_posix() for name in known for parent in Path(name).parents}

    def below(folder: str) -> Iterator[str]:
        for entry in os.scandir(held.folder / folder):
            name = f"{folder}{entry.name}"
            if name in folders and entry.is_dir(follow_symlinks=False):
                yield from below(f"{name}/")
            elif name not in known:
                yield name

    return below("")
