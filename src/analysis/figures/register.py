"""The register: which tables are held, where each came from, what its hash is, and the figures of a release, found by code.

It is read without pandas, so that the command can answer "what is there" and "has anything changed" at once.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

import yaml

from analysis import files, reader
from analysis.errors import RequestError, text_of
from analysis.terms import areas, offences
from analysis.terms.numbers import day_words, some
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from analysis.figures.tables import Cells, Csv
    from analysis.terms.areas import Area

_log = logging.getLogger(__name__)

REGISTER = "register.yaml"
NEWEST_PROVISIONAL = 5  # quarters of a release in which at least half of the cells changed later, as the first pair of full releases showed
DERIVED = 3  # raise it when a workbook would be read or cleaned in another way

_Asked = TypeVar("_Asked", bound=Callable[..., Any])
_kept: Callable[[_Asked], _Asked] = functools.lru_cache(maxsize=1024)  # type: ignore[assignment]  # of every offence that a page lists


@dataclass(frozen=True)
class Table:
    """The file that a publication's figures stand in."""

    file: str
    sha256: str
    rows: int | None = None

    def __post_init__(self) -> None:
        # A register that a user keeps could otherwise lead out of its folder.
        if not re.fullmatch(r"\w[\w.-]*", self.file):
            raise ValueError(f"found {self.file!r}; write the name of a file beside the register")
        if not re.fullmatch("[0-9a-f]{64}", self.sha256):
            raise ValueError(f"found {self.sha256!r}; write its SHA-256, 64 digits from 0 to f")


@dataclass(frozen=True, kw_only=True, eq=False)  # each is itself: figures are kept by the object whose file was checked
class Source:
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
    table
        The file of its figures, with its number of rows and SHA-256.
    """

    id: str
    title: str
    producer: str
    page: str
    licence: str
    released: date | None
    covers: Period
    obtained: str
    checked: str
    limits: str
    table: Table

    @property
    def folder(self) -> Path:
        """Where the file of its figures lies, with the register beside it."""
        return files.shipped("data", "raw")

    @property
    def words(self) -> str:
        """How a sentence names the publication."""
        return self.id if self.released is None else day_words(self.released)


@dataclass(frozen=True, kw_only=True, eq=False)
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
        The codes of a workbook that a user added, each with the ``name`` that it has there; a table that the project ships says its
        codes itself.

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
    offences: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.covers.require_quarters()

    # In another process it is that one's own, where it is held there: what was worked out elsewhere compares with what is here.
    def __reduce__(self) -> tuple[Callable[..., Release], tuple[Any, ...]]:
        return _as_held, (type(self), {each.name: getattr(self, each.name) for each in fields(self)})

    @property
    def is_added(self) -> bool:
        """Whether a user added the release as a workbook."""
        return bool(self.offences)

    @property
    def folder(self) -> Path:
        """Where the file of its figures lies, with the register beside it."""
        return added_folder() if self.is_added else super().folder

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that the release has figures of by force, in its table's order."""
        return tuple(self.offences) if self.is_added else self._figures.codes

    @_kept
    def cells(self, codes: tuple[str, ...]) -> Cells:
        """Return the release's figures of some codes."""
        return self._figures.of(codes)

    @property
    def everywhere(self) -> Area:
        """All whose figures it has."""
        return areas.ENGLAND_AND_WALES

    def gives(self, period: Period) -> bool:
        """Say whether the release has figures of a period."""
        return self.covers.covers(period) and not period.cuts_quarter

    def figures(
        self, area: Area, offence: str, period: Period
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Return what each force of an area recorded, quarters by forces, NaN where not supplied, and where a small part of a union has none."""
        if area.by_years:
            right = f"release {self.id} by quarter; ask for {area.whole.name}"
            raise RequestError(f"area: {area.name} is counted by year, and {right}")
        assert self.gives(period), f"{self.id} does not hold {period}"  # noqa: S101  # a slice would wrap round
        return self._cells(offence).within(area.names, period)

    def others(self, offence: str, period: Period) -> Iterable[Release]:
        """Return the releases whose figure of a period is told beside this one's where it is another."""
        return load_register().holding(offence, period, kinds=("full",))

    @_kept
    def _cells(self, offence: str) -> Cells:
        return self.cells(self.offence(offence).codes)

    @functools.cached_property
    def _figures(self) -> Csv:
        """The release's table, whose file is read and checked once."""
        from analysis.figures.tables import Csv  # the command must not wait for NumPy when no figure is asked for

        content = verified(self)
        return Csv(_derived(self.table.file, content) if self.is_added else content)

    def offence(self, name: str) -> Offence:
        """Return the offence that a name stands for, if the release has figures of it.

        Raises
        ------
        RequestError
            If nothing is called that, or the release holds no figures of it.
        """
        try:
            found = offences.find(name)
        except RequestError:
            named = next((code for code in self.offences if code.casefold() == name.strip().casefold()), None)
            if named is None:
                raise
            found = Offence(code=named, name=self.offences[named].get("name", named))  # of which nothing else is known
        if missing := self._missing(found):
            raise RequestError(f"offence: {self._without(found, missing)}")
        return found

    def holds(self, name: str) -> bool:
        """Say whether the release has figures of an offence, of all its codes that were counted then."""
        _ = self.codes  # a table that is damaged is not one without the offence
        with suppress(RequestError):
            return bool(self.offence(name))
        return False

    def span(self, name: str) -> Period:
        """Return the months in which the release counts an offence; a code may be younger than the tables, or have ended."""
        found = self.offence(name)
        if (span := self._months(found)) is None:
            raise RequestError(f"offence: release {self.id} has no figure of {found.label} from any force")
        return span

    def counted(self, name: str) -> Period | None:
        """Return the same months, or None where the release does not hold the offence, or never counts it."""
        return self._months(self.offence(name)) if self.holds(name) else None

    @_kept
    def _missing(self, offence: Offence) -> list[str]:
        """Name the codes of an offence that were counted in the release's months and of which it has no figures."""
        held = set(self.codes)
        # A joined code (1/4.1/4.10/4.2) holds its parts.
        held |= {part for code in held.intersection(offence.codes) for part in code.split("/")}
        lacking = [code for code in offence.codes if code not in held]
        if len(lacking) == len(offence.codes):
            return lacking
        known = offences.known()
        return [code for code in lacking if _while_counted(known[code], self.covers)]

    @_kept
    def _months(self, offence: Offence) -> Period | None:
        """Return the months in which an offence that is held is counted at all."""
        span = self.cells(offence.codes).span
        # A code that ended may carry noughts after it: the register of offences says when it was counted.
        return _while_counted(offence, span) if span else None

    def _without(self, offence: Offence, missing: list[str]) -> str:
        what = f"code {offence.code!r}" if offence.kind == "code" else f"figures of {offence.label}"
        if offence.table:
            given = "`analysis compare` and `analysis series` give them"
            return f"release {self.id} holds no {what}, which are counted by year; {given}"
        if offence.part_of:
            what += f", which counts it within {offence.part_of}"
        elif offence.national:
            what += " by force, since a national body records it"
        elif offence.kind != "code" and len(missing) < len(offence.codes):
            what += f", as it lacks {some(missing, what='codes')}"
        return f"release {self.id} holds no {what}; it holds {some(self.codes, what='codes')}"


@dataclass(frozen=True)
class Register:
    """Everything that is held.

    Attributes
    ----------
    attribution, schedule
        What the licence asks to be said, and when the next release may be looked for.
    releases
        Of recorded offences, oldest first.
    residents
        The tables of residents.
    years
        Tables by year ending and publication, and what belongs to them.
    recording
        What is known of how fully forces record.
    provisional_quarters
        What version 0.2 wrote of a user's releases; nothing rests on it.
    """

    attribution: str
    releases: tuple[Release, ...]
    schedule: str = ""  # when the next release may be looked for, as far as its producer says
    residents: tuple[Source, ...] = ()
    years: tuple[Source, ...] = ()
    recording: tuple[Source, ...] = ()
    provisional_quarters: int | None = None

    def __post_init__(self) -> None:
        ids = [release.id for release in self.releases]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"releases: {', '.join(twice)}: stands twice; keep one")

    def release(self, name: str) -> Release:
        """Return a release by its id, or the newest full one for ``latest``.

        Raises
        ------
        RequestError
            If no such release is held; the message lists those that are.
        """
        text_of(name, "release", "give its id as text, or latest")
        found = [r for r in self.releases if (r.kind == "full" if name == "latest" else r.id == name)]
        if found:
            return found[-1]
        if name == "latest":
            raise RequestError("release: none that is held is full; name one that `analysis data list` shows")
        ids = ", ".join(release.id for release in self.releases)
        raise RequestError(f"release: {name!r} is not held; held are {ids}, or latest")

    def holding(
        self, offence: str, period: Period, *, kinds: Collection[str] = ("full", "partial")
    ) -> tuple[Release, ...]:
        """Return the releases that count an offence throughout a period, oldest first."""
        counting = ((release, release.counted(offence)) for release in self.releases if release.kind in kinds)
        return tuple(release for release, months in counting if months and months.covers(period))

    def paths(self) -> tuple[Path, ...]:
        """Return every file that figures come from, the registers among them, in a fixed order."""
        sources = (*self.releases, *self.residents, *self.years, *self.recording)
        return tuple(sorted({source.folder / name for source in sources for name in (source.table.file, REGISTER)}))

    def source(self, name: str) -> Source:
        """Return a table of residents or of years by its id."""
        return next(source for source in (*self.residents, *self.years) if source.id == name)


def load_register() -> Register:
    """Return everything that is held: what the project ships and what a user added.

    Returns
    -------
    Register
        Releases in order, oldest first. An added workbook stands in for a shipped release of the same date.

    Raises
    ------
    RequestError
        If a register is not of the form that ``data/raw/README.md`` describes.

    Examples
    --------
    >>> load_register().release("latest").covers.last.year >= 2025
    True
    """
    return _everything(_stamp(files.shipped("data", "raw", REGISTER)), _stamp(added_folder() / REGISTER))


def load_added() -> Register:
    """Return what a user added, without what the project ships; its releases are none where nothing was added."""
    stamp = _stamp(added_folder() / REGISTER)
    return _read(stamp) if stamp[1:] else Register(attribution=_shipped().attribution, releases=())


def with_added(added: Register) -> Register:
    """Return everything that is held once this is what a user added."""
    if not added.releases:
        return _shipped()
    replaced = {release.id for release in added.releases}
    releases = [*(release for release in _shipped().releases if release.id not in replaced), *added.releases]
    # What is shipped without a day is older than whatever is added.
    ordered = enumerate(sorted(releases, key=lambda release: release.released or date.min), 1)
    numbered = tuple(replace(release, order=i) for i, release in ordered)
    return replace(_shipped(), releases=numbered)


def save_added(register: Register) -> None:
    """Write what a user added in place of what stood there, whole or not at all."""
    content = yaml.safe_dump(
        reader.plain(register), sort_keys=False, allow_unicode=True, default_flow_style=None, width=10**6
    )
    files.write_whole(added_folder() / REGISTER, content.encode())


def provisional_from(release: Release) -> Period:
    """Return the newest quarters of a release, at least half of whose cells later releases have changed.

    Examples
    --------
    >>> print(provisional_from(load_register().release("2026-04-23")))
    2024-10..2025-12
    """
    return release.covers.last_months(min(3 * NEWEST_PROVISIONAL, release.covers.months))


def require_held(release: Release, offence: str, period: Period, option: str = "period") -> None:
    """Refuse a period that a release does not hold whole, and name the releases that do.

    Months in which the offence was not counted are no reason to refuse: that is for the comparison to say.

    Raises
    ------
    RequestError
    """
    if not release.covers.covers(period.require_quarters()):
        others = ", ".join(other.id for other in load_register().holding(offence, period))
        right = (
            f"releases that do: {others}" if others else f"no release held does; choose months within {release.covers}"
        )
        lacks = f"covers {release.covers} and does not hold {period} whole"
        raise RequestError(f"{option}: release {release.id} {lacks}; {right}")


def resolve_periods(
    release: Release, offence: Offence, period: str | Period | None, baseline: str | Period | None
) -> tuple[Period, Period | None]:
    """Return the period and the baseline asked for, or the defaults, after checking that the release holds them.

    Parameters
    ----------
    release
        A release that holds the offence.
    offence
        What is counted.
    period, baseline
        As :func:`analysis.compare` takes them.

    Returns
    -------
    tuple of Period and Period or None
        The baseline is None for a period over twelve months, or where the release does not reach back.

    Raises
    ------
    RequestError
        If a period cuts a quarter, is not held whole, or overlaps the baseline.

    Examples
    --------
    >>> from analysis.terms import offences
    >>> release = load_register().release("2026-04-23")
    >>> [str(each) for each in resolve_periods(release, offences.find("88A"), None, None)]
    ['2025-01..2025-12', '2024-01..2024-12']
    """
    span = release.span(offence.code)
    current = span.last_months(min(12, span.months)) if period is None else Period.parse(period)
    require_held(release, offence.code, current)
    if baseline is None:
        default = current.year_before
        return current, default if current.months <= 12 and span.covers(default) else None
    base = Period.parse(baseline)
    require_held(release, offence.code, base, "baseline")
    require_apart(current, base)
    return current, base


def require_apart(period: Period, baseline: Period) -> None:
    """Refuse a baseline that shares a month with the period.

    Raises
    ------
    RequestError
    """
    if period.overlaps(baseline):
        right = "choose a baseline that shares no month with it"
        raise RequestError(f"baseline: {baseline} overlaps the period {period}; {right}")


def _stamp(path: Path) -> tuple[Any, ...]:
    """Return a register's path with the time and size of its file, so that one that was written again is read again."""
    with suppress(OSError):
        found = path.stat()
        return path, found.st_mtime_ns, found.st_size, found.st_ino
    return (path,)


@functools.lru_cache(maxsize=4)
def _everything(*_: tuple[Any, ...]) -> Register:
    return with_added(load_added())


def _shipped() -> Register:
    return _read(_stamp(files.shipped("data", "raw", REGISTER)))


@functools.lru_cache(maxsize=8)
def _read(stamp: tuple[Any, ...]) -> Register:
    return reader.read(stamp[0], Register, remedy="write it as data/raw/register.yaml is written")


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
    path, is_added = source.folder / source.table.file, source.folder == added_folder()
    remedy = "add the workbook again" if is_added else "restore the file from the project's history"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RequestError(f"{path.name}: missing from {source.folder.name}/; {remedy}") from error
    if (found := files.sha256(content)) != source.table.sha256:
        differs = f"its SHA-256 is {found[:12]}…, the register says {source.table.sha256[:12]}…"
        raise RequestError(f"{path.name}: {differs}; figures as published are never edited: {remedy}")
    _log.info("read %s: SHA-256 %s", path.name, source.table.sha256)
    return content


def derived_folder() -> Path:
    """Return the folder of the tables that were made of kept workbooks."""
    return files.user_data() / "processed"


def derived_path(file: str, content: bytes) -> Path:
    """Return where the table made of a kept workbook stands; its name carries its own hash."""
    return derived_folder() / f"{file}.{DERIVED}.{files.sha256(content)[:12]}.csv"


def _as_held(kind: type[Release], said: dict[str, Any]) -> Release:
    held = (each for each in load_register().releases if (each.id, each.table) == (said["id"], said["table"]))
    return next(held, None) or kind(**said)


def _while_counted(offence: Offence, months: Period) -> Period | None:
    """Return those of some months in which an offence was counted, as far as is known."""
    first = max(months.first, offence.first.first) if offence.first else months.first
    last = min(months.last, offence.last.last) if offence.last else months.last
    return Period(first, last) if first <= last else None


def _derived(file: str, content: bytes) -> bytes:
    """Return the table made of a kept workbook; one that is missing, or not what was written, is made anew."""
    for path in derived_folder().glob(f"{file}.{DERIVED}.*.csv"):
        with suppress(OSError):
            if path == derived_path(file, derived := path.read_bytes()):
                return derived
    from analysis.figures import cleaning, tables, workbook

    derived = tables.to_csv(cleaning.clean(workbook.packed(content, file), file).cells)
    # A folder that cannot be written to, or that another process is changing, costs time and nothing else.
    with suppress(RequestError), files.locked(added_folder(), wait=0):
        files.write_whole(derived_path(file, derived), derived)
    return derived
