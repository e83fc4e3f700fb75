"""The register: which tables are held, whence each came, and what its hash is.

It is read without pandas, so that the command can answer "what is there" and "has anything changed" at once.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError, field_validator

from analysis import files, nodes
from analysis.errors import RequestError
from analysis.terms.offences import OFFENCES
from analysis.terms.periods import MONTHS, Period

NEWEST_PROVISIONAL = 5  # quarters of a release in which at least half of the cells changed later
MOST_PROVISIONAL = 40  # quarters; more would say that the tables are not of one kind

_MOST_BYTES = 10_000_000  # some two hundred workbooks of two hundred tables each

Text = Annotated[str, Field(min_length=1)]
FileName = Annotated[str, Field(pattern=r"^\w[\w.-]*$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Months = Annotated[
    Period, BeforeValidator(lambda text: text if isinstance(text, Period) else Period.parse(text)), PlainSerializer(str)
]
# YAML reads an id such as 2026-04-23 as a date.
Id = Annotated[Text, BeforeValidator(lambda value: value.isoformat() if isinstance(value, date) else value)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Table(_Entry):
    """One table of published figures: a file, or an offence's part of a workbook.

    ``name`` is what the workbook calls the offence, and ``covers`` the months in which it has rows; without them the
    offence is one that the library knows and the table covers what its publication does.
    """

    file: FileName
    rows: Annotated[int, Field(ge=1)]
    sha256: Sha256
    offence: Text | None = None
    name: Text | None = None
    covers: Months | None = None


class Source(_Entry):
    """What is known of a publication: who made it, where it stands, how it came here and what to beware of."""

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
    tables: Annotated[tuple[Table, ...], Field(min_length=1)]
    folder: Annotated[Path, Field(exclude=True)] = Path()

    @property
    def words(self) -> str:
        """How a sentence names the publication."""
        if self.released is None:
            return self.id
        return f"{self.released.day} {MONTHS[self.released.month - 1]} {self.released.year}"


class Release(Source):
    """One publication of the table of recorded offences.

    ``kind`` is ``full`` (every year), ``partial`` (some) or ``context`` (another table, which never decides).
    """

    order: int
    kind: Literal["full", "partial", "context"]

    @field_validator("covers")
    @classmethod
    def _are_quarters(cls, months: Period) -> Period:
        return months.require_quarters()

    def table(self, offence: str) -> Table:
        """Return the release's table of an offence."""
        for table in self.tables:
            if table.offence is not None and table.offence.casefold() == offence.casefold():
                return table
        codes = [table.offence or "" for table in self.tables]
        more = f" and {len(codes) - 12} more (`analysis data list` names all)" if len(codes) > 12 else ""
        within = next(
            (known.part_of for known in OFFENCES.values() if known.code.casefold() == offence.casefold()), None
        )
        counted = f", which counts it within {within}" if within else ""
        raise RequestError(
            f"offence: release {self.id} holds no code {offence!r}{counted}; it holds {', '.join(codes[:12])}{more}"
        )

    def holds(self, offence: str) -> bool:
        """Say whether the release has a table of an offence."""
        return any((table.offence or "").casefold() == offence.casefold() for table in self.tables)

    def span(self, offence: str) -> Period:
        """Return the months that the release speaks of an offence in; a code may be younger than the tables, or have ended."""
        return self.table(offence).covers or self.covers

    @property
    def is_added(self) -> bool:
        """Whether a user added the release as a workbook."""
        return self.folder == added_folder()


class LateSupply(_Entry):
    """Months whose figures a force supplied only after they were due."""

    force: Text
    months: Text


class Register(_Entry):
    """Everything that is held."""

    attribution: Text
    releases: tuple[Release, ...]
    residents: tuple[Source, ...] = ()
    supplied_late: tuple[LateSupply, ...] = ()
    provisional_quarters: Annotated[int, Field(ge=1, le=MOST_PROVISIONAL)] = NEWEST_PROVISIONAL

    @field_validator("releases")
    @classmethod
    def _stand_once(cls, releases: tuple[Release, ...]) -> tuple[Release, ...]:
        ids = [release.id for release in releases]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"{', '.join(twice)}: stands twice; keep one")
        return releases

    def release(self, name: str) -> Release:
        """Return a release by its id, or the newest full one for ``latest``.

        Raises
        ------
        RequestError
            If no such release is held; the message lists those that are.
        """
        if name == "latest":
            full = [r for r in self.releases if r.kind == "full"]
            if not full:
                raise RequestError("release: none that is held is full; name one that `analysis data list` shows")
            return max(full, key=lambda r: r.order)
        for release in self.releases:
            if release.id == name:
                return release
        raise RequestError(
            f"release: {name!r} is not held; held are {', '.join(r.id for r in self.releases)}, or latest"
        )

    def holding(
        self, offence: str, period: Period, *, kinds: Iterable[str] = ("full", "partial")
    ) -> tuple[Release, ...]:
        """Return the releases that speak of an offence in a period, oldest first."""
        kinds = set(kinds)
        return tuple(
            r for r in self.releases if r.kind in kinds and r.holds(offence) and r.span(offence).covers(period)
        )

    def paths(self) -> tuple[Path, ...]:
        """Return every file that figures come from, the registers among them, in a fixed order."""
        sources = (*self.releases, *self.residents)
        tables = {source.folder / table.file for source in sources for table in source.tables}
        return tuple(sorted(tables | {source.folder / "register.yaml" for source in sources}))

    def source(self, name: str) -> Source:
        """Return a table of residents by its id."""
        return next(source for source in self.residents if source.id == name)


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
    return _merged(_stamp(files.shipped("data", "raw")), _stamp(added_folder()))


def load_added() -> Register:
    """Return what a user added, without what the project ships; its releases are none where nothing was added."""
    stamp = _stamp(added_folder())
    return _read(stamp) if stamp[1:] else Register(attribution=load_register().attribution, releases=())


def with_added(added: Register) -> Register:
    """Return everything that is held once this is what a user added."""
    return _together(_read(_stamp(files.shipped("data", "raw"))), added)


def save_added(register: Register) -> None:
    """Write what a user added in place of what stood there, whole or not at all."""
    content = yaml.safe_dump(
        register.model_dump(mode="json", exclude_none=True),
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=10**6,
    )
    files.write_whole(added_folder() / "register.yaml", content.encode())


def added_folder() -> Path:
    """Return the folder of the workbooks that a user added and of their register."""
    return files.user_data() / "raw" / "added"


def verified(source: Source, table: Table) -> Path:
    """Return a table's path after checking that its bytes are those of the register.

    Raises
    ------
    RequestError
        If the file is missing or differs; the message names it.
    """
    path = source.folder / table.file
    remedy = (
        "add the workbook again" if source.folder == added_folder() else "restore the file from the project's history"
    )
    if not path.is_file():
        raise RequestError(f"{path.name}: missing from {source.folder.name}/; {remedy}")
    if (found := files.sha256(path)) != table.sha256:
        raise RequestError(
            f"{path.name}: its SHA-256 is {found[:12]}…, the register says {table.sha256[:12]}…; "
            f"figures as published are never edited: {remedy}"
        )
    return path


def provisional_from(release: Release) -> Period:
    """Return the newest quarters of a release, at least half of whose cells later releases have changed.

    Five, until enough releases are held to measure it again; see :func:`analysis.figures.revisions.provisional_quarters`.

    Examples
    --------
    >>> print(provisional_from(load_register().release("2026-04-23")))
    2024-10..2025-12
    """
    newest = 3 * load_register().provisional_quarters
    return release.covers.last_months(min(newest, release.covers.months))


def require_held(release: Release, offence: str, period: Period) -> None:
    """Refuse a period that a release does not hold whole, and name the releases that do.

    Raises
    ------
    RequestError
    """
    period.require_quarters()
    span = release.span(offence)
    if span.covers(period):
        return
    others = [other.id for other in load_register().holding(offence, period)]
    better = (
        f"releases that do: {', '.join(others)}" if others else f"no release held does; choose months within {span}"
    )
    raise RequestError(f"period: release {release.id} covers {span} and does not hold {period} whole; {better}")


def resolve_periods(
    release: Release, offence: str, period: str | Period | None, baseline: str | Period | None
) -> tuple[Period, Period | None]:
    """Return the period and the baseline asked for, or the defaults, after checking that the release holds them.

    Raises
    ------
    RequestError
        If a period cuts a quarter, is not held whole, or overlaps the baseline.
    """
    span = release.span(offence)
    current = _as_period(period) or span.last_months(min(12, span.months))
    require_held(release, offence, current)
    base = _as_period(baseline)
    if base is None:
        default = current.year_before
        return current, default if current.months <= 12 and span.covers(default) else None
    require_held(release, offence, base)
    if current.overlaps(base):
        raise RequestError(
            f"baseline: {base} overlaps the period {current}; choose a baseline that shares no month with it"
        )
    return current, base


# A register's path with the time and size of its file, so that one that was written again is read again.
_Stamp = tuple[Path] | tuple[Path, int, int, int]


def _stamp(folder: Path) -> _Stamp:
    path = folder / "register.yaml"
    try:
        found = path.stat()
    except OSError:
        return (path,)
    return path, found.st_mtime_ns, found.st_size, found.st_ino


@functools.lru_cache(maxsize=4)
def _merged(shipped: _Stamp, added: _Stamp) -> Register:
    ours = _read(shipped)
    return ours if len(added) == 1 else _together(ours, _read(added))


def _together(ours: Register, theirs: Register) -> Register:
    replaced = {release.id for release in theirs.releases}
    releases = [release for release in ours.releases if release.id not in replaced]
    for release in sorted(theirs.releases, key=_date):
        newer = (i for i, other in enumerate(releases) if other.released and other.released > _date(release))
        releases.insert(next(newer, len(releases)), release)
    ordered = tuple(release.model_copy(update={"order": i}) for i, release in enumerate(releases, 1))
    return ours.model_copy(update={"releases": ordered, "provisional_quarters": theirs.provisional_quarters})


@functools.lru_cache(maxsize=8)
def _read(stamp: _Stamp) -> Register:
    path = stamp[0]
    node = nodes.compose(path, most=_MOST_BYTES, like="data/raw/register.yaml")
    try:
        content = nodes.Constructor().construct_document(node)
        register = Register.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise RequestError(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}") from error
    except yaml.YAMLError as error:
        raise RequestError(f"{path}: not YAML of plain values: {error}") from error
    except nodes.BAD_VALUES as error:
        raise RequestError(f"{path}: holds a value that cannot be read ({error})") from error
    here = {"folder": path.parent}
    return register.model_copy(
        update={
            "releases": tuple(sorted((r.model_copy(update=here) for r in register.releases), key=lambda r: r.order)),
            "residents": tuple(r.model_copy(update=here) for r in register.residents),
        }
    )


def _date(release: Release) -> date:
    return release.released or date.min


def _as_period(period: str | Period | None) -> Period | None:
    return Period.parse(period) if isinstance(period, str) else period
