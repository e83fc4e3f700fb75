"""The register: which tables are held, whence each came, and what its hash is.

It is read without pandas, so that the command can answer "what is there" and "has anything changed" at once.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator

from analysis import files, nodes
from analysis.errors import RequestError
from analysis.terms import offences
from analysis.terms.models import Entry, Months, Text
from analysis.terms.numbers import day_words
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

if TYPE_CHECKING:
    from analysis.figures.tables import Cells

NEWEST_PROVISIONAL = 5  # quarters of a release in which at least half of the cells changed later
MOST_PROVISIONAL = 40  # quarters; more would say that the tables are not of one kind

REGISTER = "register.yaml"
DERIVED = 2  # raise it when a workbook would be read or cleaned in another way

_MOST_BYTES = 10_000_000  # some two hundred workbooks
_MOST_NAMED = 12  # codes in a sentence

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
    table: Table
    folder: Annotated[Path, Field(exclude=True)] = Path()

    @property
    def words(self) -> str:
        """How a sentence names the publication."""
        return self.id if self.released is None else day_words(self.released)


class Release(Source):
    """One publication of the table of recorded offences.

    ``kind`` is ``full`` (every year), ``partial`` (some) or ``context`` (another table, which never decides).
    ``offences`` lists the codes of a workbook that a user added; a table that the project ships says them itself.
    """

    order: int
    kind: Literal["full", "partial", "context"]
    offences: dict[Text, Held] = Field(default_factory=dict)

    # Figures are kept by release: by what its file is, and not by each of its two hundred codes.
    def __hash__(self) -> int:
        return hash((self.id, self.table.sha256))

    @model_validator(mode="before")
    @classmethod
    def _was_by_code(cls, entry: Any) -> Any:
        """Read an entry as version 0.1 wrote it, with a table for each code of an added workbook."""
        if not isinstance(entry, dict) or not entry.get("tables"):
            return entry
        by_code = {table["offence"]: table for table in entry["tables"] if table["offence"] != "sexual-offences"}
        rest = {name: value for name, value in entry.items() if name != "tables"}
        file = {name: entry["tables"][0][name] for name in ("file", "sha256")}
        return rest | {
            "table": file | {"rows": sum(table["rows"] for table in by_code.values())},
            "offences": {
                code: {"name": table.get("name", code), "covers": table.get("covers", entry.get("covers"))}
                for code, table in by_code.items()
            },
        }

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
        return _codes(self)

    def cells(self, codes: tuple[str, ...]) -> Cells:
        """Return the release's figures of some codes."""
        return _cells(self, codes)

    def offence(self, name: str) -> Offence:
        """Return the offence that a name stands for, if the release has figures of it.

        Raises
        ------
        RequestError
            If nothing is called that, or the release holds no figures of it.
        """
        found = self._find(name)
        if missing := self._missing(found):
            raise RequestError(f"offence: release {self.id} holds no {self._without(found, missing)}")
        return found

    def holds(self, name: str) -> bool:
        """Say whether the release has figures of an offence, of all its codes that were counted then."""
        with suppress(RequestError):
            return not self._missing(self._find(name))
        return False

    def span(self, name: str) -> Period:
        """Return the months in which the release counts an offence; a code may be younger than the tables, or have ended."""
        found = self.offence(name)
        span = self.counted(found)
        if span is None:
            raise RequestError(f"offence: release {self.id} has no figure of {found.label} from any force")
        return span

    def counted(self, offence: Offence) -> Period | None:
        """Return the months in which an offence that is held is counted at all, or None where it never is."""
        if self.is_added:
            spans = [self.offences[code].covers for code in offence.codes if code in self.offences]
            span = Period(min(s.first for s in spans), max(s.last for s in spans)) if spans else None
        else:
            span = self.cells(offence.codes).span
        if span is None:
            return None
        # A code that ended may carry noughts after it: the register of offences says when it was counted.
        first = max(span.first, offence.first.first) if offence.first else span.first
        last = min(span.last, offence.last.last) if offence.last else span.last
        return Period(first, last) if first <= last else None

    def _find(self, name: str) -> Offence:
        try:
            return offences.find(name)
        except RequestError:
            for code, held in self.offences.items():
                if code.casefold() == name.strip().casefold():
                    return offences.unlisted(code, held.name)
            raise

    def _missing(self, offence: Offence) -> list[str]:
        """Name the codes of an offence that were counted in the release's months and of which it has no figures."""
        held = set(self.codes)
        # A joined code (1/4.1/4.10/4.2) holds its parts.
        held |= {part for code in held.intersection(offence.codes) for part in code.split("/")}
        lacking = [code for code in offence.codes if code not in held]
        if len(lacking) == len(offence.codes):
            return lacking
        known = offences.known()
        return [code for code in lacking if _was_counted(known.get(code), self.covers)]

    def _without(self, offence: Offence, missing: list[str]) -> str:
        what = f"code {offence.code!r}" if offence.kind == "code" else f"figures of {offence.label}"
        if offence.part_of:
            what += f", which counts it within {offence.part_of}"
        elif offence.national:
            what += " by force, since a national body records it"
        elif offence.kind != "code" and len(missing) < len(offence.codes):
            what += f", as it lacks {_some(missing)}"
        return f"{what}; it holds {_some(self.codes)}"


class Register(Entry):
    """Everything that is held."""

    attribution: Text
    releases: tuple[Release, ...]
    residents: tuple[Source, ...] = ()
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
        """Return the releases that count an offence throughout a period, oldest first."""
        kinds = set(kinds)
        return tuple(
            r for r in self.releases if r.kind in kinds and r.holds(offence) and r.span(offence).covers(period)
        )

    def paths(self) -> tuple[Path, ...]:
        """Return every file that figures come from, the registers among them, in a fixed order."""
        sources = (*self.releases, *self.residents)
        return tuple(sorted({source.folder / name for source in sources for name in (source.table.file, REGISTER)}))

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
    files.write_whole(added_folder() / REGISTER, content.encode())


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
    return content


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

    Months in which the offence was not counted are no reason to refuse: that is for the comparison to say.

    Raises
    ------
    RequestError
    """
    period.require_quarters()
    if release.covers.covers(period):
        return
    others = [other.id for other in load_register().holding(offence, period)]
    better = (
        f"releases that do: {', '.join(others)}"
        if others
        else f"no release held does; choose months within {release.covers}"
    )
    raise RequestError(
        f"period: release {release.id} covers {release.covers} and does not hold {period} whole; {better}"
    )


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
    path = folder / REGISTER
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


@functools.lru_cache(maxsize=8)
def _content(release: Release) -> bytes:
    """Return the bytes of a release's table, which are read and checked once."""
    content = verified(release)
    if (rows := content.count(b"\n") - 1) != release.table.rows:
        raise RequestError(f"{release.table.file}: {rows} rows, the register says {release.table.rows}")
    return content


def derived_path(file: str, content: bytes) -> Path:
    """Return where the Parquet file of a kept workbook stands; its name carries its own hash."""
    return files.user_data() / "processed" / f"{file}.{DERIVED}.{files.sha256(content)[:12]}.parquet"


def _derived(release: Release) -> bytes:
    """Return the Parquet file of an added workbook; one that is missing, or not what was written, is made anew."""
    from analysis.figures import cleaning, tables, workbook

    file, kept = release.table.file, verified(release)
    for path in (files.user_data() / "processed").glob(f"{file}.{DERIVED}.*.parquet"):
        with suppress(OSError):
            content = path.read_bytes()
            if path == derived_path(file, content):
                return content
    content = tables.to_parquet(cleaning.clean(workbook.read(kept, file)).cells)
    with suppress(RequestError):  # a folder that cannot be written to costs time, and nothing else
        files.write_whole(derived_path(file, content), content)
    return content


@functools.lru_cache(maxsize=8)
def _codes(release: Release) -> tuple[str, ...]:
    from analysis.figures import tables

    return tuple(release.offences) if release.is_added else tables.codes_by_force(_content(release))


@functools.lru_cache(maxsize=32)
def _cells(release: Release, codes: tuple[str, ...]) -> Cells:
    from analysis.figures import tables

    return _workbook(release).of(codes) if release.is_added else tables.read(_content(release), codes)


@functools.lru_cache(maxsize=4)
def _workbook(release: Release) -> Cells:
    from analysis.figures import tables

    return tables.from_parquet(_derived(release))


def _was_counted(offence: Offence | None, covers: Period) -> bool:
    if offence is None:
        return True
    begun = offence.first is None or offence.first.first <= covers.last
    return begun and (offence.last is None or covers.first <= offence.last.last)


def _some(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - _MOST_NAMED} more codes" if len(codes) > _MOST_NAMED else ""
    return f"{', '.join(codes[:_MOST_NAMED])}{more}"


def _date(release: Release) -> date:
    return release.released or date.min


def _as_period(period: str | Period | None) -> Period | None:
    return Period.parse(period) if isinstance(period, str) else period
