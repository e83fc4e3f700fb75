"""Figures of a year as each publication gave them: the tables of the Office for National Statistics, by force and headline group.

Such a table has a row for each area and offence, and a column for each year of each publication. It is read when it is asked for,
and not before.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from analysis.figures.register import load_register, verified
from analysis.terms import offences
from analysis.terms.areas import Area
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

Key = tuple[str, str]  # the code of an area, or the name of one that has none; the code or id of an offence


@dataclass(frozen=True, order=True)
class Vintage:
    """A year's figure as one publication gave it.

    Attributes
    ----------
    published
        The day on which it came out.
    period
        The twelve months.
    offences
        Recorded offences.
    """

    published: date
    period: Period
    offences: int


def of(area: Area, group: str | Offence, period: Period) -> tuple[Vintage, ...]:
    """Return a year's figure as each publication gave it, oldest first.

    Parameters
    ----------
    area
        One force or several.
    group
        A headline group, by any name that :func:`analysis.terms.offences.find` knows, or ``total``.
    period
        Twelve months.

    Returns
    -------
    tuple of Vintage
        None of a publication that lacks one of the area's forces; none at all of what these tables do not hold. Full releases of the
        quarterly table are not among them.

    Examples
    --------
    >>> from analysis.terms.areas import find_area
    >>> for vintage in of(find_area("Kent"), "robbery", Period.parse("2018-01..2018-12")):
    ...     print(vintage.published, vintage.offences)
    2019-04-25 1851
    2020-04-23 1851
    """
    offence = group if isinstance(group, str) else group.code
    if offence not in held():
        offence = offences.find(offence).code
    rows = [years("vintages").get((force.code or force.name, offence), {}) for force in area.forces]
    columns = sorted({place for row in rows for place in row if place[1] == period})
    return tuple(
        Vintage(*place, sum(row[place] for row in rows)) for place in columns if all(place in row for row in rows)
    )


@functools.cache
def held() -> tuple[str, ...]:
    """Return the codes and ids of what the table of vintages holds, in its order."""
    return tuple(dict.fromkeys(offence for _, offence in years("vintages")))


@functools.cache
def years(table: str) -> Mapping[Key, Mapping[tuple[date, Period], int]]:
    """Return a table's figures by area and offence, each with the day of its publication and its year, oldest first.

    Parameters
    ----------
    table
        ``vintages``, ``partnerships`` or ``knife-enabled``.

    Raises
    ------
    RequestError
        If the file is missing, or is not the one of the register.
    """
    rows = csv.reader(verified(load_register().source(table)).decode().splitlines())
    places = [(date.fromisoformat(day), Period.parse(year)) for day, year in map(str.split, next(rows)[3:])]
    found: dict[Key, dict[tuple[date, Period], int]] = {}
    for code, name, offence, *cells in rows:
        row = found.setdefault((code or name, offence), {})
        for place, cell in zip(places, cells, strict=True):
            if cell:
                row[place] = row.get(place, 0) + int(
                    cell
                )  # what no partnership has stands in several rows of its force
    return found
