"""The publications that figures come from, and the figures of a release: read, checked, and found by code."""

from __future__ import annotations

import functools
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, field_validator

from analysis import files
from analysis.errors import RequestError
from analysis.terms import offences
from analysis.terms.models import Entry, Months, Text
from analysis.terms.numbers import day_words
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

if TYPE_CHECKING:
    from analysis.figures.tables import Cells, Csv

_log = logging.getLogger(__name__)

DERIVED = 3  # raise it when a workbook would be read or cleaned in another way
MOST_NAMED = 12  # codes in a sentence

FileName = Annotated[str, Field(pattern=r"^\w[\w.-]*$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
# YAML reads an id such as 2026-04-23 as a date.
Id = Annotated[Text, BeforeValidator(lambda value: value.isoformat() if isinstance(value, date) else value)]


class Table(Entry):
    """The file that a publication's figures stand in."""

    file: FileName
    rows: Annotated[int, Field(ge=1)]
    sha256: Sha256


class Held(Entry):
    """What a workbook calls a code, and the months in which it counts it."""

    name: Text
    covers: Months


class Source(Entry):
    """What is known of a publication: who made it, where it stands, how it came here and what to beware of.

    Attributes
    ----------
    id
        Its name: the day of release, as ``2026-04-23``, or words where that is not known.
    title, producer, page, licence
        As its producer gives them; ``page`` is an address.
    released
        The day it came out (:class:`datetime.date`), or None where not known.
    covers
        The months that it has figures of.
    obtained, checked, limits
        How it came here, how it was checked and what to beware of, in sentences.
    table, folder
        The file of its figures, with its number of rows and SHA-256, and where that lies.
    """

    id: Id
    title: Text
    producer: Text
    page: Text
    licence: Text
    released: date | None
    covers: Months
    obtained: Text
    checked: Text
    limits: Text
    table: Table
    folder: Annotated[Path, Field(exclude=True)] = Path()

    @property
    def words(self) -> str:
        """How a sentence names the publication."""
        return self.id if self.released is None else day_words(self.released)


class Release(Source):
    """One publication of the table of recorded offences.

    Attributes
    ----------
    kind
        ``full`` (every year), ``partial`` (some) or ``context`` (another table, which never decides).
    order
        Its place among releases, the oldest first.
    known_by
        A day by which a copy was out whose own day is not known.
    offences
        The codes of a workbook that a user added; a table that the project ships says them itself.

    Examples
    --------
    >>> from analysis.figures.register import load_register
    >>> release = load_register().release("2026-04-23")
    >>> release.kind, str(release.covers), release.words
    ('full', '2012-04..2025-12', '23 April 2026')
    """

    by_years: ClassVar[bool] = False  # whether its figures are of years ending and not of quarters
    order: int
    known_by: date | None = None
    kind: Literal["full", "partial", "context"]
    offences: dict[Text, Held] = Field(default_factory=dict)

    # Figures are kept by release: by what its file is, and not by each of its two hundred codes.
    def __hash__(self) -> int:
        return hash((self.id, self.table.sha256))

    @field_validator("covers")
    @classmethod
    def _are_quarters(cls, months: Period) -> Period:
        return months.require_quarters()

    @property
    def is_added(self) -> bool:
        """Whether a user added the release as a workbook."""
        return self.folder == added_folder()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that the release has figures of by force, in its table's order."""
        return tuple(self.offences) if self.is_added else self._figures.codes

    def cells(self, codes: tuple[str, ...]) -> Cells:
        """Return the release's figures of some codes."""
        return _cells(self, codes)

    @functools.cached_property
    def _figures(self) -> Csv:
        """The release's table, whose file is read and checked once."""
        from analysis.figures.tables import Csv  # the command must not wait for NumPy when no figure is asked for

        content = verified(self)
        if self.is_added:
            return Csv(_derived(self.table.file, content))
        if (rows := content.count(b"\n") - 1) != self.table.rows:
            raise RequestError(f"{self.table.file}: {rows} rows, the register says {self.table.rows}")
        return Csv(content)

    def offence(self, name: str) -> Offence:
        """Return the offence that a name stands for, if the release has figures of it.

        Raises
        ------
        RequestError
            If nothing is called that, or the release holds no figures of it.
        """
        found = self._find(name)
        if missing := _missing(self, found):
            raise RequestError(f"offence: release {self.id} holds no {self._without(found, missing)}")
        return found

    def holds(self, name: str) -> bool:
        """Say whether the release has figures of an offence, of all its codes that were counted then."""
        found = self._known(name)
        return found is not None and not _missing(self, found)

    def span(self, name: str) -> Period:
        """Return the months in which the release counts an offence; a code may be younger than the tables, or have ended."""
        found = self.offence(name)
        span = _span(self, found)
        if span is None:
            raise RequestError(f"offence: release {self.id} has no figure of {found.label} from any force")
        return span

    def counted(self, name: str) -> Period | None:
        """Return the same months, or None where the release does not hold the offence, or never counts it."""
        found = self._known(name)
        return None if found is None or _missing(self, found) else _span(self, found)

    def _known(self, name: str) -> Offence | None:
        with suppress(RequestError):  # of a name alone: a table that is damaged is not one without the offence
            return self._find(name)
        return None

    def _find(self, name: str) -> Offence:
        try:
            return offences.find(name)
        except RequestError:
            for code, held in self.offences.items():
                if code.casefold() == name.strip().casefold():
                    return offences.unlisted(code, held.name)
            raise

    def _without(self, offence: Offence, missing: list[str]) -> str:
        what = f"code {offence.code!r}" if offence.kind == "code" else f"figures of {offence.label}"
        if offence.part_of:
            what += f", which counts it within {offence.part_of}"
        elif offence.national:
            what += " by force, since a national body records it"
        elif offence.kind != "code" and len(missing) < len(offence.codes):
            what += f", as it lacks {_some(missing)}"
        return f"{what}; it holds {_some(self.codes)}"


@functools.lru_cache(maxsize=1024)  # asked of every offence that a page lists
def _missing(release: Release, offence: Offence) -> list[str]:
    """Name the codes of an offence that were counted in a release's months and of which it has no figures."""
    held = set(release.codes)
    # A joined code (1/4.1/4.10/4.2) holds its parts.
    held |= {part for code in held.intersection(offence.codes) for part in code.split("/")}
    lacking = [code for code in offence.codes if code not in held]
    if len(lacking) == len(offence.codes):
        return lacking
    known = offences.known()
    return [code for code in lacking if _while_counted(known[code], release.covers)]


def added_folder() -> Path:
    """Return the folder of the workbooks that a user added and of their register."""
    return files.user_data() / "raw" / "added"


def verified(source: Source) -> bytes:
    """Return the bytes of a publication's file after checking that they are those of the register.

    Raises
    ------
    RequestError
        If the file is missing or differs; the message names it.
    """
    path, remedy = source.folder / source.table.file, "restore the file from the project's history"
    if source.folder == added_folder():
        remedy = "add the workbook again"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RequestError(f"{path.name}: missing from {source.folder.name}/; {remedy}") from error
    if (found := files.sha256(content)) != source.table.sha256:
        raise RequestError(
            f"{path.name}: its SHA-256 is {found[:12]}…, the register says {source.table.sha256[:12]}…; "
            f"figures as published are never edited: {remedy}"
        )
    _log.info("read %s: SHA-256 %s", path.name, source.table.sha256)
    return content


def derived_path(file: str, content: bytes) -> Path:
    """Return where the table made of a kept workbook stands; its name carries its own hash."""
    return files.user_data() / "processed" / f"{file}.{DERIVED}.{files.sha256(content)[:12]}.csv"


@functools.lru_cache(maxsize=256)  # of all that a page lists, in several releases
def _cells(release: Release, codes: tuple[str, ...]) -> Cells:
    return release._figures.of(codes)


@functools.lru_cache(maxsize=256)
def _span(release: Release, offence: Offence) -> Period | None:
    """Return the months in which an offence that is held is counted at all."""
    if release.is_added:
        spans = [release.offences[code].covers for code in offence.codes if code in release.offences]
        span: Period | None = Period(min(each.first for each in spans), max(each.last for each in spans))
    else:
        span = release.cells(offence.codes).span
    # A code that ended may carry noughts after it: the register of offences says when it was counted.
    return _while_counted(offence, span) if span else None


def _while_counted(offence: Offence, months: Period) -> Period | None:
    """Return those of some months in which an offence was counted, as far as is known."""
    first = max(months.first, offence.first.first) if offence.first else months.first
    last = min(months.last, offence.last.last) if offence.last else months.last
    return Period(first, last) if first <= last else None


def _derived(file: str, content: bytes) -> bytes:
    """Return the table made of a kept workbook; one that is missing, or not what was written, is made anew."""
    for path in (files.user_data() / "processed").glob(f"{file}.{DERIVED}.*.csv"):
        with suppress(OSError):
            if path == derived_path(file, derived := path.read_bytes()):
                return derived
    from analysis.figures import cleaning, tables, workbook

    derived = tables.to_csv(cleaning.clean(workbook.read(content, file)).cells)
    # A folder that cannot be written to, or that another process is changing, costs time and nothing else.
    with suppress(RequestError), files.locked(added_folder(), wait=0):
        files.write_whole(derived_path(file, derived), derived)
    return derived


def _some(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - MOST_NAMED} more codes" if len(codes) > MOST_NAMED else ""
    return f"{', '.join(codes[:MOST_NAMED])}{more}"
