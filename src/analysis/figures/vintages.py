"""Figures of years ending as each publication gave them: by force and group, by partnership, and of offences with knives and firearms.

Such a table has a row for each area and offence, and a column for each year of each publication. It is read when it is asked for, and
not before. What is counted by year alone is compared like a release: each publication stands as one that holds the years that it gave.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from analysis.errors import RequestError
from analysis.figures.register import Release, load_register, require_apart, verified
from analysis.figures.tables import Cells
from analysis.terms import offences
from analysis.terms.areas import Area, Force, partnerships
from analysis.terms.numbers import joined
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

PARTNERSHIPS = "partnerships"
Key = tuple[str, str]  # the code of an area, or the name of one that has none; the code or id of an offence


def of(area: Area, offence: str | Offence, period: Period) -> list[tuple[date, int]]:
    """Return a year's figure as each publication gave it, oldest first.

    Parameters
    ----------
    area
        One force or several.
    offence
        A headline group, by any name that :func:`analysis.terms.offences.find` knows, or ``total``.
    period
        Twelve months.

    Returns
    -------
    list of tuple of datetime.date and int
        The day on which each came out, and recorded offences; none of a publication that lacks one of the area's forces; none at all of what these tables do not hold. Full releases of the
        quarterly table are not among them.

    Examples
    --------
    >>> from analysis.terms.areas import find_area
    >>> for published, number in of(find_area("Kent"), "robbery", Period.parse("2018-01..2018-12")):
    ...     print(published, number)
    2019-04-25 1851
    2020-04-23 1851
    """
    code = offence.code if isinstance(offence, Offence) else offences.find(offence).code
    given = [each for each in publications("vintages") if each.gives(period)]
    counts = ((each.released or date.min, each.figures(area, code, period)[0].sum()) for each in given)
    return [(day, int(count)) for day, count in counts if count >= 0]


@dataclass(frozen=True, kw_only=True, eq=False)
class YearRelease(Release):
    """What one publication gave of a table of years.

    Attributes
    ----------
    source
        The id of the table in the register.
    years
        The years ending that it gave, oldest first.
    held
        The codes and ids of the offences that it counts.
    given
        Its figures by area and offence, each by year.
    """

    by_years: ClassVar[bool] = True
    source: str
    years: tuple[Period, ...]
    held: tuple[str, ...]
    given: Mapping[Key, Mapping[Period, int]] = field(repr=False)

    def __reduce__(self) -> tuple[Callable[..., Release], tuple[Any, ...]]:
        return _published, (self.source, self.id)  # by its name: its figures are in another process too

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes and ids that it counts."""
        return self.held

    def _missing(self, offence: Offence) -> list[str]:
        return [] if offence.code in self.held else [offence.code]

    def _months(self, offence: Offence) -> Period:  # noqa: ARG002  # all are counted in all its years
        return self.covers

    def _without(self, offence: Offence, _: list[str]) -> str:
        known = joined(offences.find(code).name for code in self.held if code in offences.known())
        return f"{offence.label} is not counted in the table of {self.source}, which has {known}"

    def cells(self, codes: tuple[str, ...]) -> Cells:
        """Refuse: there are no quarters."""
        raise RequestError(f"release: {self.id} has figures by year and none by quarter of {', '.join(codes)}")

    def figure(self, key: str, offence: str, period: Period) -> int | None:
        """Return a year's figure of a partnership by its code, or of a force by its code or name."""
        return self.given.get((key, offence), {}).get(period)

    @functools.cached_property
    def everywhere(self) -> Area:
        """All whose figures it has: every partnership, or every force."""
        whole = super().everywhere
        return (
            replace(whole, kind="union", partnerships=tuple(partnerships())) if self.source == PARTNERSHIPS else whole
        )

    def gives(self, period: Period) -> bool:
        """Say whether it gave a year."""
        return period in self.years

    def figures(
        self, area: Area, offence: str, period: Period
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Return a year's figures of each partnership or force of an area as one row, NaN where it gave none; nothing is lacking.

        A table of partnerships gives none of forces: what stands there by a force's code is what no partnership has.
        """
        if not self.gives(period):
            raise RequestError(f"period: {area.name} is counted by year; {self.id} gave {joined(map(str, self.years))}")
        keys = (each.code or each.name for each in area.partnerships or area.forces)
        is_its = area.by_years is self.everywhere.by_years
        row = np.array([[self.figure(key, offence, period) if is_its else None for key in keys]], dtype=float)
        return row, np.zeros(row.shape, dtype=bool)

    def others(self, offence: str, period: Period) -> tuple[YearRelease, ...]:  # noqa: ARG002  # all count the same
        """Return the publication that gave a year first."""
        return tuple(each for each in publications(self.source) if each.gives(period))[:1]


@functools.cache
def publications(source: str) -> tuple[YearRelease, ...]:
    """Return each publication of a table of years, oldest first.

    Parameters
    ----------
    source
        ``vintages``, ``partnerships`` or ``knife-enabled``.

    Raises
    ------
    RequestError
        If the file is missing, or is not the one of the register.

    Examples
    --------
    >>> [(each.id, [str(year) for year in each.years]) for each in publications("partnerships")]
    [('2025-04-24', ['2023-01..2023-12', '2024-01..2024-12']), ('2025-10-23', ['2024-07..2025-06'])]
    """
    table = load_register().source(source)
    header, *rows = csv.reader(verified(table).decode().splitlines())
    places = [(date.fromisoformat(day), Period.parse(year)) for day, year in map(str.split, header[3:])]
    given: dict[date, dict[Key, dict[Period, int]]] = {day: {} for day, _ in sorted(places)}
    for code, name, offence, *cells in rows:
        for (day, year), cell in zip(places, cells, strict=True):
            if cell:
                row = given[day].setdefault((code or name, offence), {})
                row[year] = row.get(year, 0) + int(cell)  # what no partnership has stands in several rows of its force
    held, made = tuple(dict.fromkeys(offence for _, _, offence, *_ in rows)), []
    for order, (day, figures) in enumerate(given.items()):
        years = tuple(sorted(year for published, year in places if published == day))
        about = vars(table) | {"id": str(day), "released": day, "covers": Period(years[0].first, years[-1].last)}
        of = {"order": order, "kind": "partial", "source": source, "years": years, "held": held, "given": figures}
        made.append(YearRelease(**about | of))
    return tuple(made)


def _published(source: str, name: str) -> YearRelease:
    return next(each for each in publications(source) if each.id == name)


def table_of(area: Area, offence: Offence) -> str | None:
    """Return the table of years that an area or offence is counted in, or None where it is counted by quarter."""
    return offence.table or (PARTNERSHIPS if area.by_years else None)


def chosen(source: str, period: Period, baseline: Period | None, release: str = "latest") -> YearRelease | None:
    """Return the newest publication that gave a year, and the year that it is compared with if any did; None where none gave it.

    Parameters
    ----------
    source
        The table.
    period, baseline
        Years ending.
    release
        The day of a publication, or ``latest``.
    """
    given = [each for each in publications(source) if release in {"latest", each.id} and each.gives(period)]
    both = [each for each in given if baseline in each.years]
    return next(reversed(both or given), None)


def giving(release: Release, period: Period) -> Release | None:
    """Return the release if it has a period's figures, or of a table of years the newest publication that has; None where none has."""
    if release.gives(period):
        return release
    return chosen(release.source, period, None) if isinstance(release, YearRelease) else None


def resolve(
    area: Area, offence: Offence, source: str, period: Period | None, baseline: Period | None, release: str
) -> tuple[YearRelease, Period, Period | None]:
    """Return the publication, the year and the year before it; no baseline where no publication gave that one.

    Raises
    ------
    RequestError
        If no publication gave the year, or the two overlap; the line names those that can be asked for.
    """
    given = [each for each in publications(source) if release in {"latest", each.id}] or publications(source)
    now = period or max((year for each in given for year in each.years), key=lambda year: year.last)
    then = baseline or now.year_before
    require_apart(now, then)
    found = chosen(source, now, then, release)
    if found is None:
        what = area.name if area.by_years else offence.name
        place = "" if release == "latest" else f" in release {release}"
        years = "; ".join(f"release {each.id} has {joined(map(str, each.years))}" for each in publications(source))
        raise RequestError(f"period: {what} is counted by year and not for {now}{place}; {years}")
    return found, now, then if chosen(source, then, None, release) else None


def unassigned(force: Force, offence: str, release: Release, period: Period) -> tuple[int, int]:
    """Return what a force recorded in a year that was assigned to none of its partnerships, and all that it recorded.

    Examples
    --------
    >>> from analysis.terms.areas import find
    >>> unassigned(find("Humberside"), "burglary", publications("partnerships")[-1], Period.parse("YE June 2025"))
    (311, 4869)
    """
    assert isinstance(release, YearRelease), "of partnerships"  # noqa: S101
    none = release.figure(force.code or "", offence, period) or 0
    each = (release.figure(part.code, offence, period) or 0 for part in partnerships() if part.force == force)
    return none, none + sum(each)
