"""What is known of how fully forces record: what inspectors found, and the quarters in which a force left the others' course."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from typing import NamedTuple

from analysis import files
from analysis.terms.periods import Month, Period


class Inspection(NamedTuple):
    """The share of crimes reported that were recorded, as inspectors estimated it: a row of ``data/raw/recording-quality.csv``.

    Attributes
    ----------
    area
        A force, or England and Wales.
    month
        The last month of the reports looked at, or else that of publication.
    percent
        Of crimes reported.
    address
        Where it is stated.
    """

    area: str
    month: Month
    percent: float
    address: str

    @property
    def words(self) -> str:
        """Its month, as a reader says it."""
        return Period(self.month, self.month).words

    def moved(self, later: Inspection, early: Period, late: Period) -> float:
        """Return by how many points the share moved between the middles of two periods, as if evenly between two inspections.

        Examples
        --------
        >>> first, second = Inspection("Kent", Month(2016, 11), 83.6, ""), Inspection("Kent", Month(2019, 1), 96.6, "")
        >>> round(first.moved(second, Period.parse("2016/17"), Period.parse("2018/19")), 1)
        11.2
        """
        middles = [(period.first.ordinal + period.last.ordinal) / 2 for period in (early, late)]
        begin, end = max(middles[0], self.month.ordinal), min(middles[1], later.month.ordinal)
        return max(end - begin, 0) / (later.month.ordinal - self.month.ordinal) * (later.percent - self.percent)


class Departure(NamedTuple):
    """A quarter in which a force left the other forces' course in an offence and stayed: a row of ``data/raw/force-departs.csv``.

    Attributes
    ----------
    quarter
        The first quarter of the new level.
    percent
        How far the force stepped against the other forces.
    before, after
        What it recorded in the year before and in the year from then on.
    """

    quarter: Period
    percent: int
    before: int
    after: int


@functools.cache
def inspections(area: str) -> tuple[Inspection, ...]:
    """Return the shares that inspectors found recorded in an area, oldest first; only those with a month and a number.

    Examples
    --------
    >>> [(found.words, found.percent) for found in inspections("Kent")]
    [('November 2016', 83.6), ('January 2019', 96.6)]
    """
    found = [
        Inspection(row["force"], month, float(row["recorded_all_pct"]), row["address"])
        for row in _rows("recording-quality.csv")
        if row["force"] == area and row["recorded_all_pct"] and (month := _month(row["reports_to"] or row["published"]))
    ]
    return tuple(sorted(found, key=lambda each: each.month))


@functools.cache
def departures(offence: str, force: str) -> tuple[Departure, ...]:
    """Return the quarters in which a force left the other forces' course in an offence, oldest first.

    Examples
    --------
    >>> [(found.quarter.words, found.percent) for found in departures("8Q", "Devon and Cornwall")][-1]
    ('April to June 2025', 70)
    """
    return _departures().get((offence, force), ())


@functools.cache
def _departures() -> dict[tuple[str, str], tuple[Departure, ...]]:
    found: dict[tuple[str, str], tuple[Departure, ...]] = {}
    for row in _rows("force-departs.csv"):
        key = row["offence"], row["force"]
        one = Departure(Period.parse(row["quarter"]), int(row["percent"]), int(row["before"]), int(row["after"]))
        found[key] = (*found.get(key, ()), one)
    return found


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files.shipped("data", "raw", name).open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)


def _month(day: str) -> Month | None:
    """Return the month of a day, a month or nothing less exact."""
    return Month(int(day[:4]), int(day[5:7])) if len(day) >= 7 else None
