"""Residents by police force area, and on which basis a rate of them may stand."""

from __future__ import annotations

import csv
import functools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.errors import RequestError, shown
from analysis.figures.register import load_register, verified
from analysis.terms import areas
from analysis.terms.areas import Area, partnerships
from analysis.terms.offences import OWN, Denominator
from analysis.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

# Estimates of children for mid-2020 and before were made before ONS rebased them to the Census of 2021.
FIRST_CHILDREN = 2021
# How far the middle of a period may lie from the newest mid-year estimate that stands in for it.
FARTHEST_MONTHS = 18

HOUSEHOLDS = "households"
# The mid-years of residents and households by partnership, of which there is one estimate each.
PARTNERSHIP_YEARS = {"all": 2022, HOUSEHOLDS: 2021}

# What the columns of the tables are called.
_COLUMNS = {"all_ages": "all", "age_0_15": "0-15", "age_0_17": "0-17", "age_10_15": "10-15"}


@dataclass(frozen=True)
class Residents:
    """How many people lived in an area, and on which basis that was estimated.

    Attributes
    ----------
    people
        Residents at mid-year.
    year
        The mid-year (30 June) of the estimate; None of figures of one's own.
    band
        ``0-17``, ``0-15``, ``10-15`` or ``all``; ``own`` of figures of one's own.
    """

    people: int
    year: int | None
    band: str

    @property
    def whom(self) -> str:
        """Who they are, as a phrase without the year: children aged 0 to 17."""
        return Denominator(self.band).whom

    @property
    def words(self) -> str:
        """Who they are, as a phrase: children aged 0 to 17, mid-2024."""
        return self.whom if self.year is None else f"{self.whom}, mid-{self.year}"


def own_residents(frame: pd.DataFrame) -> Denominator:
    """Read a table of residents of one's own, or refuse it in one line.

    Parameters
    ----------
    frame
        Columns ``force`` (any spelling) and ``residents`` (whole numbers above 0), one row a force.

    Raises
    ------
    RequestError
        If it has other columns, a force is not known or stands twice, or a number is not a whole one above 0.

    Examples
    --------
    >>> import pandas as pd
    >>> own_residents(pd.DataFrame({"force": ["kent police"], "residents": [1000]})).own
    (('Kent', 1000),)
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame) or sorted(map(str, frame.columns)) != ["force", "residents"]:
        found = f"columns {', '.join(map(str, frame.columns))}" if isinstance(frame, pd.DataFrame) else shown(frame)
        raise RequestError(f"residents: found {found}; give a table of force and residents")
    people: dict[str, int] = {}
    for spelling, given in frame[["force", "residents"]].itertuples(index=False):
        try:
            name = areas.find(str(spelling)).name
        except RequestError as error:
            raise RequestError(f"residents: {error}") from None
        number = float(str(given)) if pd.api.types.is_number(given) else math.nan
        if name in people or not (0 < number < math.inf) or number % 1:
            right = "give each force once, with a whole number above 0"
            raise RequestError(f"residents: {name}: found {shown(given)}; {right}")
        people[name] = int(number)
    return Denominator("own", tuple(people.items()))


def residing(area: Area, of: Denominator) -> Area:
    """Return an area's forces that have residents: British Transport Police adds offences and none.

    Of one's own figures none, where a force with an area of its own is left out.
    """
    own = dict(of.own)
    if of.of != OWN:
        return replace(area, forces=tuple(force for force in area.forces if force.code))
    lacks = area.by_years or any(force.code and force.name not in own for force in area.forces)
    return replace(area, forces=() if lacks else tuple(force for force in area.forces if force.name in own))


def counted_in(area: Area, period: Period, of: Denominator) -> Residents | None:
    """Return whom a rate of an area's offences in a period is of, all of whose forces have residents; None where nobody is held."""
    if of.of == OWN:
        own = dict(of.own)
        return Residents(sum(own[name] for name in area.names), None, OWN)
    return residents_for(area, period, band=of.of)


def load_residents() -> pd.DataFrame:
    """Return residents by force, year and age band, on the bases that may be compared across time.

    Returns
    -------
    pandas.DataFrame
        Columns ``force`` (text), ``year`` (int: 30 June of it), ``band`` (``0-17``, ``0-15``, ``10-15`` or ``all``) and
        ``residents`` (int: people). All ages are the rebased series,
        2011 to 2023, and the estimate published for 2024; children begin with mid-2021.

    Examples
    --------
    >>> frame = load_residents()
    >>> int(frame.query("force == 'City of London' and year == 2024 and band == '0-17'")["residents"].iloc[0])
    847
    """
    import pandas as pd

    names = ["force", "year", "band", "residents"]
    years = sorted(_people().items())
    rows = [(force, year, band, people) for (band, year), found in years for force, people in sorted(found.items())]
    return pd.DataFrame(rows, columns=names)


@functools.lru_cache(maxsize=256)
def residents_for(area: Area, period: Period, *, band: str = "0-17") -> Residents | None:
    """Return the residents that a rate for a period is taken of.

    The estimate is of the mid-year nearest the middle of the period; for the newest periods, the newest estimate
    held. Before mid-2021 there is no estimate of children on the basis that holds since, and all ages stand in.

    Parameters
    ----------
    area
        A force or several; British Transport Police adds no residents.
    period
        Any months.
    band
        The age band to use from mid-2021, or ``households``, which there is one estimate of; so there is one of residents of partnerships,
        all ages.

    Returns
    -------
    Residents or None
        None where nobody lives there, or no estimate lies within 18 months of the period's middle.

    Examples
    --------
    >>> residents_for(areas.find_area("Northamptonshire"), Period.parse("2016/17")).words
    'residents of all ages, mid-2016'
    >>> residents_for(areas.find_area("BTP"), Period.parse("2024/25")) is None
    True
    """
    names = [force.name for force in area.forces if force.code]
    if not names:
        return None
    if area.by_years or band == HOUSEHOLDS:
        return _of_partnerships(area, band)
    # Months since the beginning of the year 0. A mid-year is the end of June; a tie goes to the earlier year.
    middle = (period.first.ordinal + period.last.ordinal + 1) / 2
    wanted = math.ceil((middle - 6) / 12 - 0.5)
    chosen = band if wanted >= FIRST_CHILDREN else "all"
    year = min(wanted, max(held for of, held in _people() if of == chosen))
    people = _people().get((chosen, year))
    if people is None or abs(middle - (year * 12 + 6)) > FARTHEST_MONTHS:
        return None
    return Residents(sum(people[name] for name in names), year, chosen)


@functools.cache
def _people() -> dict[tuple[str, int], dict[str, int]]:
    """Return residents of each force by age band and year."""
    found: dict[tuple[str, int], dict[str, int]] = {}
    for name in ("by-age", "all-ages-rebased"):  # of all ages, the rebased series takes the place of the other
        for row in csv.DictReader(verified(load_register().source(name)).decode().splitlines()):
            force, year = areas.find(row["force"]).name, int(row["year"])
            for column, band in _COLUMNS.items():
                if column in row and (band == "all" or year >= FIRST_CHILDREN):
                    found.setdefault((band, year), {})[force] = int(row[column])
    return found


def _of_partnerships(area: Area, band: str) -> Residents | None:
    """Return the residents of partnerships, or the households of these or of forces, whose partnerships hold them all."""
    if band not in PARTNERSHIP_YEARS:
        return None
    codes = {each.code for each in area.partnerships or partnerships() if area.by_years or each.force in area.forces}
    column = HOUSEHOLDS if band == HOUSEHOLDS else "residents"
    rows = csv.DictReader(verified(load_register().source("partnership-residents")).decode().splitlines())
    return Residents(sum(int(row[column]) for row in rows if row["code"] in codes), PARTNERSHIP_YEARS[band], band)
