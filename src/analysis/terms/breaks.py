"""Days on which what is counted changed, other events that figures must be read with, and how fully forces record.

That is ``breaks.yaml``, ``recording-quality.csv`` and ``force-departs.csv`` of ``data/raw``.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from analysis import files, reader
from analysis.terms import offences
from analysis.terms.numbers import day_words
from analysis.terms.offences import Offence
from analysis.terms.periods import Month, Period

EVERYTHING = "all"


@dataclass(frozen=True)
class Source:
    """Where something is stated."""

    title: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Break:
    """An entry of the register: what changed, when, for which offences and forces, and how that is known.

    Attributes
    ----------
    day, until
        The first day under the new way, and the last day of an event, a gap of supply or a spell.
    kind
        What sort of change it is.
    gap
        Whether figures of its span are missing, while those before and after it are of one kind.
    breaks, cautions
        The codes and unions, or ``all``, that may not be compared across it, and those that may with a word of care.
    whole
        Unions that stay comparable across it although a member does not.
    forces
        The forces that it holds for; none stands for all.
    releases
        The ids of the releases whose figures it concerns; none stands for all.
    instead
        Codes and unions that it leaves whole and that come closest to what it breaks.
    number
        Of an event, how many offences of these figures it made; None where that is not known.
    launch
        The months in which the new way was being taken up.
    before, after, short_before, short_after
        What was counted on either side, as a phrase for a sentence and in a few words for a chart.
    what
        What changed, in plain sentences.
    sources
        Ids of the sources.
    verified, read
        How far it was verified (``text``, ``text2`` by a third party that quotes it, ``data`` from the figures alone), and
        what was read.
    """

    id: str
    day: date
    until: date | None = None
    kind: Literal["classification", "counting", "law", "recording", "supply", "event", "spell", "step"]
    gap: bool = False
    breaks: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    forces: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    number: int | None = None
    launch: Period | None = None
    before: str | None = None
    after: str | None = None
    short_before: str | None = None
    short_after: str | None = None
    what: str
    sources: tuple[str, ...] = ()
    verified: Literal["text", "text2", "data"]
    read: str | None = None

    def __hash__(self) -> int:  # looked up for every count: by its id, and not by its sentences
        return hash(self.id)

    @functools.cached_property
    def month(self) -> Month:
        """The month of its day."""
        return Month(self.day.year, self.day.month)

    @functools.cached_property
    def quarter(self) -> Period:
        """The quarter that holds its day."""
        return self.month.quarter

    @functools.cached_property
    def mixes_quarter(self) -> bool:
        """Whether its day lies inside a quarter, so that the quarter stands on neither side."""
        return self.until is None and (self.month, self.day.day) != (self.quarter.first, 1)

    @functools.cached_property
    def begins(self) -> Month:
        """The first month from which quarters stand wholly under the new way."""
        if self.until and self.breaks:
            return self.months.last.quarter.last.shift(1)
        return self.quarter.last.shift(1) if self.mixes_quarter else self.month

    @property
    def months(self) -> Period:
        """The months of an event or a spell, both ends in."""
        last = self.until or self.day
        return Period(self.month, Month(last.year, last.month))

    @property
    def words(self) -> str:
        """Its day as a reader says it: 1 April 2017."""
        return day_words(self.day)

    @property
    def when(self) -> str:
        """Its day as a reader says it, or the months of an event or a spell."""
        return self.months.words if self.until else self.words


@dataclass(frozen=True)
class Unexplained:
    """A birth, an end or a step in the figures that no entry explains."""

    code: str
    quarter: str
    kind: Literal["birth", "end", "step"]
    note: str = ""

    @functools.cached_property
    def months(self) -> Period:
        """The months of its quarter."""
        return Period.parse(self.quarter)


@dataclass(frozen=True)
class Register:
    """All that is known of what makes figures unlike each other; its entries oldest first."""

    sources: dict[str, Source]
    entries: tuple[Break, ...]
    unexplained: tuple[Unexplained, ...] = ()


@dataclass(frozen=True)
class Effect:
    """What an entry of the register does to one offence.

    Attributes
    ----------
    change
        The entry.
    forbids
        Whether nothing may be compared across it; otherwise a comparison carries a word of care.
    codes
        The members that it touches, where it does not touch the whole offence.
    """

    change: Break
    forbids: bool
    codes: tuple[str, ...] = ()


@functools.cache
def register() -> Register:
    """Return the register of breaks that the project ships.

    Examples
    --------
    >>> next(change.words for change in register().entries if change.id == "grooming-2017")
    '1 April 2017'
    """
    held = reader.read(files.shipped("data", "raw", "breaks.yaml"), Register)
    return replace(held, entries=tuple(sorted(held.entries, key=lambda change: (change.day, change.id))))


@functools.cache
def effects(offence: Offence) -> tuple[Effect, ...]:
    """Return what the register's entries do to an offence, oldest first.

    A member's break breaks its union, unless the entry says that the union, or a part of it that holds all members
    touched, stays whole.

    Examples
    --------
    >>> grooming = effects(offences.find("88A"))
    >>> [effect.change.id for effect in grooming if effect.forbids]
    ['grooming-2017']
    """
    found = dict[str, Effect]()
    for change in register().entries:
        for names, forbids in ((change.breaks, True), (change.cautions, False)):
            if (touched := _touched(offence, names, change.whole)) is not None:
                found.setdefault(change.id, Effect(change, forbids, touched))
    return tuple(found.values())


def _touched(offence: Offence, names: tuple[str, ...], whole: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the members touched, nothing for the whole offence, or None where it is not touched."""
    if offence.code in names or (EVERYTHING in names and offence.code not in whole):
        return ()
    if offence.code in whole or offence.own_breaks:
        return None

    # What touches a union says nothing of each of its members; what touches a part touches the whole.
    def within(listed: tuple[str, ...]) -> set[str]:
        known = [offences.known()[name].codes if name in offences.known() else (name,) for name in listed]
        return {code for codes in known if {*codes} <= {*offence.codes} for code in codes}

    members = within(names) - within(whole)
    if not members:
        return None
    return () if members == {*offence.codes} else tuple(code for code in offence.codes if code in members)


class Inspection(NamedTuple):
    """The share of crimes reported that were recorded, as inspectors estimated it: a row of ``data/raw/recording-quality.csv``.

    Attributes
    ----------
    area
        A force, or England and Wales.
    month
        The last month of the reports looked at, or else that of publication.
    percent, within
        Of crimes reported; and the points by which that may be off either way, at 95%, or None where the source does not say.
    kind, grade
        What sort of inspection it was, and how it graded the force's recording; empty where that was not found.
    address
        Where it is stated.
    """

    area: str
    month: Month
    percent: float
    address: str
    within: float | None = None
    kind: str = "inspection"
    grade: str = ""

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
    >>> [(found.month.words, found.percent, found.within, found.grade) for found in inspections("Kent")]
    [('November 2016', 83.6, 1.85, 'inadequate'), ('January 2019', 96.6, None, 'outstanding')]
    """
    found = []
    for row in files.rows("recording-quality.csv"):
        day = row["reports_to"] or row["published"]
        if row["force"] == area and row["recorded_all_pct"] and len(day) >= len("2018-03"):
            within = float(row["ci_all"]) if row["ci_all"] else None
            percent, month = float(row["recorded_all_pct"]), Month(int(day[:4]), int(day[5:7]))
            found.append(Inspection(area, month, percent, row["address"], within, row["kind"], row["grade"]))
    return tuple(sorted(found, key=lambda each: each.month))


@functools.cache
def departures() -> Mapping[tuple[str, str], Sequence[Departure]]:
    """Return by offence and force the quarters in which a force left the other forces' course in an offence, oldest first.

    Examples
    --------
    >>> [(found.quarter.words, found.percent) for found in departures()["8Q", "Devon and Cornwall"]][-1]
    ('April to June 2025', 70)
    """
    found: dict[tuple[str, str], list[Departure]] = {}
    for row in files.rows("force-departs.csv"):
        one = Departure(Period.parse(row["quarter"]), int(row["percent"]), int(row["before"]), int(row["after"]))
        found.setdefault((row["offence"], row["force"]), []).append(one)
    return found
