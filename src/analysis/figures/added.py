"""Workbooks that a user adds: checked, kept unchanged, registered; and what is held, listed and verified."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
from filelock import FileLock

from analysis import files, sandbox
from analysis.errors import RequestError
from analysis.figures import cleaning, processed, register, releases, revisions, workbook
from analysis.figures.cleaning import Figures
from analysis.figures.register import Register, Release, Table, load_added, load_register
from analysis.report.markup import Cell, figure, table_text
from analysis.terms.offences import ALL_SEXUAL
from analysis.terms.periods import Month, Period, quarter_label

GOVUK = "https://www.gov.uk"
DATA_SET = "/government/statistical-data-sets/police-recorded-crime-and-outcomes-open-data-tables"
PAGE = GOVUK + DATA_SET
FULL_SINCE = Month(2012, 4)  # a workbook that begins later does not hold every year

# What this module writes, whole or unfinished; anything else in the folders is somebody else's.
_OURS = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{12}\.(ods|xlsx|csv)(\.parquet)?|\..+\.part")


@dataclass(frozen=True)
class Addition:
    """What came of adding a workbook.

    Attributes
    ----------
    release
        The release as it is held now.
    is_new
        Whether anything changed; a workbook that is held already changes nothing.
    left_out
        Rows of bodies that record fraud and are no police forces.
    """

    release: Release
    is_new: bool
    left_out: int = 0

    @property
    def text(self) -> str:
        """What the command prints."""
        release = self.release
        if not self.is_new:
            return f"Release {release.id} is held already, from the same file; nothing changed."
        latest = " It is now the latest." if load_register().release("latest").id == release.id else ""
        left_out = f" {self.left_out:,} rows of bodies that are no police force were left out." if self.left_out else ""
        return (
            f"Added release {release.id}: {release.kind}, {release.covers.words}, "
            f"{len(release.tables)} offence codes.{left_out}{latest}"
        )


@dataclass(frozen=True)
class Verification:
    """How a file compares with the release that is held of the same date.

    Attributes
    ----------
    release
        The release held.
    compared
        How many cells both or either have, of the codes that the release holds.
    differences
        One row a differing cell: ``force``, ``quarter``, ``offence``, ``held`` and ``file``, the last two ``<NA>`` where
        there is no figure.
    """

    release: Release
    compared: int
    differences: pd.DataFrame

    @property
    def agrees(self) -> bool:
        """Whether no cell differs."""
        return self.differences.empty

    @property
    def text(self) -> str:
        """What the command prints: each differing cell, and a sentence."""
        codes = ", ".join(table.offence or "" for table in self.release.tables[:12])
        more = f" and {len(self.release.tables) - 12} more" if len(self.release.tables) > 12 else ""
        about = f"{self.compared:,} cells compared with release {self.release.id} (codes {codes}{more})"
        if self.agrees:
            return f"{about}; all agree."
        columns = (self.differences[name] for name in ("force", "quarter", "offence", "held", "file"))
        rows = [
            [
                *map(Cell, (force, quarter_label(quarter), offence)),
                *(figure(count, missing="not supplied") for count in both),
            ]
            for force, quarter, offence, *both in zip(*columns, strict=True)
        ]
        lines = table_text(["force", "quarter", "code", "held", "file"], rows)
        return f"{lines}\n\n{about}; {len(self.differences):,} differ."


def add(path: Path, *, released: date | None = None, replace: bool = False, obtained: str | None = None) -> Addition:
    """Add a workbook as a release of its own.

    It is checked cell by cell, kept unchanged, derived to Parquet, and entered in the register last, so that whatever
    moment this ends at, what was held before is still held.

    Parameters
    ----------
    path
        The workbook: ODS, XLSX or CSV.
    released
        When it was published; by default the date in its name, as in ``…-230426.ods``.
    replace
        Whether it may stand in for what is held of the same date.
    obtained
        How it came here, for the register.

    Returns
    -------
    Addition

    Raises
    ------
    RequestError
        If the workbook is not as published, if its date is not known or does not fit what it covers, or if another
        file is held of that date.
    """
    day = released or release_date(path.name)
    suffix = path.suffix.casefold()
    if suffix not in workbook.SUFFIXES:
        found = suffix or "no ending"
        raise RequestError(f"{path.name}: found {found}; give a file ending in {', '.join(workbook.SUFFIXES)}")
    workbook.check_file(path)
    sha256 = _sha256(path)
    with _changing() as held:
        same = next((release for release in held.releases if _hash(release) == sha256), None)
        if same and same.id == day.isoformat() and _is_whole(same):
            return Addition(same, is_new=False)
        if not replace:
            _refuse_second(path.name, day, sha256)
        figures = _read(path, day)
        release = _release(figures, day, sha256, suffix, obtained or f"Added from the file {path.name}.")
        others = [other for other in held.releases if other.id != release.id and _hash(other) != sha256]
        _keep(path, figures, release)
        _register(held, [*others, release])
    return Addition(load_register().release(release.id), is_new=True, left_out=figures.left_out)


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
        Over the offence codes that the release holds.

    Raises
    ------
    RequestError
        If no release of that date is held, or the file is not a workbook as published.
    """
    day = released or release_date(path.name)
    release = load_register().release(day.isoformat())
    figures = _read(path, day)
    codes = [table.offence for table in release.tables if table.offence]
    key = ["offence", "force", "quarter"]
    ours, theirs = (
        frame.astype({"offence": "str", "force": "str"}).dropna(subset="offences").set_index(key)["offences"]
        for frame in (_held(release, codes), _with_group(figures.frame, codes))
    )
    both = pd.DataFrame({"held": ours, "file": theirs})
    agree = (both["held"] == both["file"]).fillna(False)
    differences = both[~agree].reset_index().sort_values(["offence", "force", "quarter"], ignore_index=True)
    return Verification(release, len(both), differences[["force", "quarter", "offence", "held", "file"]])


def listing() -> str:
    """Return, as plain text, what is held: each release with its kind, period, offences, source and hashes."""
    return "\n\n".join(_listed(release) for release in load_register().releases)


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
    for digits in reversed(re.findall(r"(?<![0-9])[0-9]{6}(?![0-9])", name)):
        try:
            return date(2000 + int(digits[4:]), int(digits[2:4]), int(digits[:2]))
        except ValueError:
            continue
    raise RequestError(
        f"{name}: the name ends in no date of release such as -230426 (23 April 2026); name it so, or add it with --released YYYY-MM-DD"
    )


def _sha256(path: Path) -> str:
    try:
        return files.sha256(path)
    except OSError as error:
        raise RequestError(f"{path}: cannot be read ({error.strerror}); give an ODS, XLSX or CSV file") from error


@contextmanager
def _changing() -> Iterator[Register]:
    """Give what a user added, to one process at a time, and clear away what no register knows when it is done."""
    folder = register.added_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock")
        lock.acquire()
    except OSError as error:
        raise files.unwritable(folder, error, option=files.USER_DATA) from error
    with ExitStack() as at_end:
        at_end.callback(lock.release)
        held = load_added()
        at_end.callback(_clear_away)
        yield held


def _hash(release: Release) -> str:
    return release.tables[0].sha256


def _is_whole(release: Release) -> bool:
    """Say whether what was kept of a workbook is still what was added."""
    path = release.folder / release.tables[0].file
    return path.is_file() and files.sha256(path) == _hash(release)


def _refuse_second(name: str, day: date, sha256: str) -> None:
    for release in load_register().releases:
        is_this = release.is_added and _hash(release) == sha256
        if is_this and release.id != day.isoformat():
            raise RequestError(
                f"{name}: held already as release {release.id}; option --replace gives it the date {day}"
            )
        if release.id == day.isoformat() and not is_this:
            raise RequestError(
                f"{name}: release {day} is held already, from another file; `analysis data verify` compares the two, "
                "and --replace puts this one in its place"
            )


def _read(path: Path, day: date) -> Figures:
    """Read and check a workbook that may be anything, and see that its date can be right."""
    figures = cleaning.clean(sandbox.run(workbook.read, path))
    if figures.covers.last >= Month(day.year, day.month):
        raise RequestError(
            f"{path.name}: covers {figures.covers.words} and cannot have been released on {day}; "
            "give the date of release as --released YYYY-MM-DD"
        )
    return figures


def _release(figures: Figures, day: date, sha256: str, suffix: str, obtained: str) -> Release:
    file = f"{day}-{sha256[:12]}{suffix}"
    tables = []
    frame = _with_group(figures.frame, [ALL_SEXUAL, *figures.names])
    for code, rows in frame.groupby("offence", observed=True, sort=True):
        covers = Period.of_quarters(rows["quarter"].min(), rows["quarter"].max())
        label = "All sexual offences" if code == ALL_SEXUAL else figures.names[str(code)]
        tables.append(Table(file=file, rows=len(rows), sha256=sha256, offence=str(code), name=label, covers=covers))
    return Release(
        id=day.isoformat(),
        order=day.toordinal(),
        kind="full" if figures.covers.first <= FULL_SINCE else "partial",
        title=f"Police recorded crime open data: police force area tables, {figures.covers.words}, released {day}",
        producer="Home Office",
        page=PAGE,
        licence="Open Government Licence v3.0",
        released=day,
        covers=figures.covers,
        obtained=obtained,
        checked="Every cell was checked when it was added. It has not been compared with another copy.",
        limits="A workbook that was added here; whether it is the official one is for whoever added it to know.",
        tables=tuple(tables),
        folder=register.added_folder(),
    )


def _with_group(frame: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """Return the rows of some codes, with those of the whole group of sexual offences if it is among them."""
    key = ["offence", "force", "quarter"]
    single = frame[frame["offence"].isin(codes)][[*key, "offences"]].astype({"offence": "str"})
    if ALL_SEXUAL not in codes:
        return single
    group = frame[frame["group"] == processed.SEXUAL_GROUP]
    total = group.groupby(["force", "quarter"], observed=True)["offences"].sum(min_count=1).reset_index()
    return pd.concat([single, total.assign(offence=ALL_SEXUAL)], ignore_index=True)


def _keep(path: Path, figures: Figures, release: Release) -> None:
    """Write the workbook and what is derived from it under names of their own, which the register does not know yet."""
    table = release.tables[0]
    files.write_whole(register.added_folder() / table.file, path.read_bytes())
    content = processed.content(figures.frame, sha256=table.sha256)
    files.write_whole(processed.path_for(table.file), content)


def _register(held: Register, entries: list[Release]) -> None:
    """Enter the releases, and how many quarters are provisional now, in one step."""
    entered = held.model_copy(update={"releases": tuple(sorted(entries, key=lambda release: release.order))})
    with suppress(RequestError):  # a workbook that is missing or damaged; whoever adds it again measures anew
        measured = revisions.provisional_quarters(among=register.with_added(entered).releases)
        entered = entered.model_copy(update={"provisional_quarters": measured})
    register.save_added(entered)


def _clear_away() -> None:
    """Remove what the register does not know: workbooks that were replaced, and what a killed run left."""
    kept = {release.tables[0].file for release in load_added().releases}
    kept |= {processed.path_for(file).name for file in kept}
    for folder in (register.added_folder(), processed.path_for("").parent):
        for path in folder.glob("*"):
            if _OURS.fullmatch(path.name) and path.name not in kept:
                with suppress(OSError):
                    path.unlink()


def _held(release: Release, codes: list[str]) -> pd.DataFrame:
    if release.is_added:
        kept = register.verified(release, release.tables[0])
        return _with_group(cleaning.clean(workbook.read(kept)).frame, codes)
    return pd.concat([releases.load_offences(code, release.id) for code in codes])


def _listed(release: Release) -> str:
    names = [f"{table.offence} {table.name}" if table.name else f"{table.offence}" for table in release.tables]
    texts = {
        "released": release.released.isoformat() if release.released else "date unknown",
        "covers": f"{release.covers} ({release.covers.words})",
        "offences": "; ".join(names),
        "source": f"{release.producer}. {release.obtained}",
        "limits": release.limits,
    }
    indent = " " * 11
    body = [
        textwrap.fill(text, 110, initial_indent=f"  {what:<9}", subsequent_indent=indent, break_on_hyphens=False)
        for what, text in texts.items()
    ]
    hashes = sorted({f"  sha256   {table.sha256}  {table.file}" for table in release.tables})
    return "\n".join([f"{release.id} ({release.kind})", *body, *hashes])
