"""The register: which tables are held, where each came from, and what its hash is.

It is read without pandas, so that the command can answer "what is there" and "has anything changed" at once.
"""

from __future__ import annotations

import functools
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, field_validator

from analysis import files
from analysis.errors import RequestError, text_of
from analysis.figures.sources import Release, Source, added_folder, verified
from analysis.terms import models
from analysis.terms.models import Entry, Text
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

__all__ = [
    "Register", "Release", "Source", "added_folder", "forget_added", "load_added", "load_register", "provisional_from", "require_held", "resolve_periods",
    "save_added", "verified", "with_added",
]  # fmt: skip

REGISTER = "register.yaml"
NEWEST_PROVISIONAL = 5  # quarters of a release in which at least half of the cells changed later
MOST_PROVISIONAL = 40  # quarters; more would say that the tables are not of one kind


class Register(Entry):
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
        How many of a release's newest quarters are provisional.
    """

    attribution: Text
    schedule: str = ""  # when the next release may be looked for, as far as its producer says
    releases: tuple[Release, ...]
    residents: tuple[Source, ...] = ()
    years: tuple[Source, ...] = ()
    recording: tuple[Source, ...] = ()
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
        text_of(name, "release", "give its id as text, or latest")
        found = [r for r in self.releases if (r.kind == "full" if name == "latest" else r.id == name)]
        if found:
            return max(found, key=lambda release: release.order)
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


def forget_added() -> None:
    """Take away the register of what a user added, once nothing is left of that."""
    path = added_folder() / REGISTER
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise files.unwritable(path, error, option=files.USER_DATA) from error


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
    others = ", ".join(other.id for other in load_register().holding(offence, period))
    better = f"releases that do: {others}" if others else f"no release held does; choose months within {release.covers}"
    raise RequestError(
        f"period: release {release.id} covers {release.covers} and does not hold {period} whole; {better}"
    )


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
    current = _as_period(period) or span.last_months(min(12, span.months))
    require_held(release, offence.code, current)
    base = _as_period(baseline)
    if base is None:
        default = current.year_before
        return current, default if current.months <= 12 and span.covers(default) else None
    require_held(release, offence.code, base)
    if current.overlaps(base):
        raise RequestError(
            f"baseline: {base} overlaps the period {current}; choose a baseline that shares no month with it"
        )
    return current, base


def _as_period(period: str | Period | None) -> Period | None:
    if period is None or isinstance(period, Period):
        return period
    return Period.parse(text_of(period, "period", "give it as text, such as 2024/25, or a Period"))


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
    register = models.read(path, Register, remedy="write it as data/raw/register.yaml is written")
    here = {"folder": path.parent}
    return register.model_copy(
        update={
            "releases": tuple(sorted((r.model_copy(update=here) for r in register.releases), key=lambda r: r.order)),
            "residents": tuple(r.model_copy(update=here) for r in register.residents),
            "years": tuple(r.model_copy(update=here) for r in register.years),
            "recording": tuple(r.model_copy(update=here) for r in register.recording),
        }
    )


def _date(release: Release) -> date:
    return release.released or date.min
