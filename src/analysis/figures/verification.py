"""Official files compared with the release that is held of the same date, and all that is held with its hashes."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import files
from analysis.errors import RequestError
from analysis.figures.register import Release, derived_folder, load_added, load_register
from analysis.terms.periods import Month

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.tables import Figures


@dataclass(frozen=True)
class Verification:
    """How a file compares with the release that is held of the same date.

    Attributes
    ----------
    release
        The release held.
    codes
        The codes that both have.
    compared
        In how many cells of those codes either has a figure.
    differences
        One row a differing cell: ``force``, ``quarter``, ``offence``, ``held`` and ``file``, the last two ``<NA>`` where
        there is no figure.
    only_held, only_file
        The codes of which only the release, or only the file, has figures.
    """

    release: Release
    codes: tuple[str, ...]
    compared: int
    differences: pd.DataFrame
    only_held: tuple[str, ...] = ()
    only_file: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether no cell differs."""
        return self.differences.empty and not self.only_held and not self.only_file


@dataclass(frozen=True)
class Store:
    """How files compare with the hashes that are listed of them.

    Attributes
    ----------
    faults
        A line for each that is not as it is listed, and for whatever else is wrong.
    checked, agreeing
        How many files were looked at, and how many of them are as they are listed.
    """

    faults: tuple[str, ...]
    checked: int
    agreeing: int

    @property
    def agrees(self) -> bool:
        """Whether every file is as it is listed."""
        return not self.faults

    @property
    def lines(self) -> list[str]:
        """What the command prints."""
        return [*self.faults, f"{self.agreeing} of {self.checked} files as they are listed"]


def verify_store() -> Store:
    """Hold every file of ``data/raw``, what was added, what was derived, and an installation's code against their hashes."""
    found = [*_shipped(), *(_fault(*each) for each in _others())]
    return Store(tuple(filter(None, found)), len(found), found.count(""))


def require_as_listed() -> None:
    """Refuse to go on where a file of ``data/raw`` is not as it is listed.

    Raises
    ------
    RequestError
        That names the first, and says how to go on all the same.
    """
    if fault := next(filter(None, _shipped()), ""):
        raise RequestError(f"data/raw: {fault}; restore it, list it by `make sums`, or go on with --as-it-is")


def _fault(name: str, path: Path, digest: str) -> str:
    """Return what is wrong with a file of which the hash, or how it begins, is known; nothing where it is right."""
    found = files.sha256(path) if path.is_file() else ""
    return "" if found and found.startswith(digest) else f"{'changed' if found else 'missing'}: {name}"


def _shipped() -> Iterator[str]:
    """Give a fault, or nothing, for each file of ``data/raw``; where none is listed, nothing can be told."""
    folder, listed = files.shipped("data", "raw"), files.listed()
    there = {path.name for path in folder.iterdir() if path.is_file()} if listed else set()
    for name in sorted((there | listed.keys()) - {files.SUMS}):
        yield _fault(name, folder / name, listed[name]) if name in listed else f"not listed: {name}"


def _others() -> Iterator[tuple[str, Path, str]]:
    """Give the name, path and hash of each workbook that was added, each table made of one, and each file of an installed wheel."""
    for release in load_added().releases:
        file = release.table.file
        yield f"{file}; add the workbook again", release.folder / file, release.table.sha256
    for path in sorted(derived_folder().glob("*.csv")):
        name, _, digest = path.stem.rpartition(".")
        if re.search(r"\.\d$", name):
            yield f"{path.name}; it will be made anew", path, digest
    # A checkout has its history for that.
    for each in () if files.in_checkout() else metadata.distribution("like-for-like").files or ():
        # The command's own script is the installer's, which may put it elsewhere than it says: `pip install --target` does.
        if each.hash and each.hash.mode == "sha256" and each.parts[0] != "..":
            digest = base64.urlsafe_b64decode(f"{each.hash.value}=").hex()
            yield str(each), Path(str(each.locate())), digest


def verify(path: Path, *, released: date | None = None) -> Verification:
    """Compare an official file, cell by cell, with the release that is held of the same date.

    Parameters
    ----------
    path
        The workbook.
    released
        When it was published; by default the date in its name.

    Returns
    -------
    Verification
        Of every code that either has.

    Raises
    ------
    RequestError
        If no release of that date is held, or the file is not a workbook as published.
    """
    from analysis.figures import workbook

    content = workbook.content_of(path)
    day = released or release_date(path.name)
    release = load_register().release(day.isoformat())
    return compared(release, read(content, path.name, day))


def compared(release: Release, figures: Figures) -> Verification:
    """Compare the figures of a file, cell by cell, with a release."""
    import pandas as pd  # here, since every build looks at its own files first

    theirs = figures.cells
    codes = tuple(code for code in release.codes if code in theirs.codes)
    both = pd.DataFrame({"held": release.cells(codes).series, "file": theirs.of(codes).series}).dropna(how="all")
    differences = both[~(both["held"] == both["file"]).fillna(False)].reset_index()
    only_held = tuple(code for code in release.codes if code not in codes)
    only_file = tuple(code for code in theirs.codes if code not in codes)
    return Verification(release, codes, len(both), differences, only_held, only_file)


def release_date(name: str) -> date:
    """Return the date that a workbook's name ends in, as DDMMYY.

    Raises
    ------
    RequestError
        If the name holds no such date.

    Examples
    --------
    >>> print(release_date("prc-pfa-mar2013-onwards-tables-230426.ods"))
    2026-04-23
    """
    if found := date_in(name):
        return found
    raise RequestError(f"{name}: the name ends in no date of release such as -230426; give --released YYYY-MM-DD")


def date_in(name: str) -> date | None:
    """Return the date that a workbook's name ends in, or None."""
    for digits in reversed(re.findall(r"(?<![0-9])[0-9]{6}(?![0-9])", name)):
        with suppress(ValueError):
            return date(2000 + int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    return None


def read(content: bytes, name: str, day: date) -> Figures:
    """Read and check a workbook that may be anything, and see that its date can be right."""
    from analysis import sandbox
    from analysis.figures import cleaning, workbook

    figures = cleaning.clean(sandbox.run(workbook.packed, content, name), name)
    covers = figures.cells.covers
    if covers.last >= Month(day.year, day.month):
        wrong = f"covers {covers.words} and cannot have been released on {day}"
        raise RequestError(f"{name}: {wrong}; give its date as --released YYYY-MM-DD")
    return figures
