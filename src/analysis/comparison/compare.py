"""Period against period: what was recorded, whether the two may be compared, and all that a page says of them."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from analysis.comparison import across_time, among_forces, counts, others
from analysis.comparison.across_time import Process
from analysis.comparison.among_forces import Funnel, Moved
from analysis.comparison.change import Common, Detectable, Pair, Ratio, Reading
from analysis.comparison.counts import Count, Rate, count
from analysis.comparison.judgement import judge
from analysis.errors import RequestError, text_of
from analysis.figures import revisions, vintages
from analysis.figures.population import own_residents
from analysis.figures.register import Release, Source, load_register, resolve_periods
from analysis.statistics import Interval
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.breaks import Break
from analysis.terms.findings import Caveat, Comparable, Weight
from analysis.terms.numbers import number
from analysis.terms.offences import OWN, Denominator, Offence
from analysis.terms.periods import Period

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

Told = TypeVar("Told")
SCHEMA: Literal[3] = 3  # of all that the command prints as JSON; docs/json.md says what each has changed


@dataclass(frozen=True)
class AreaAnswer:
    """Whose figures these are: the ``name`` of the area, its ``kind``, and what was ``asked`` for."""

    name: str
    kind: str
    asked: str


@dataclass(frozen=True)
class CountAnswer:
    """Recorded ``offences`` in a ``period`` of so many ``months``; None where there is no figure."""

    period: str
    months: int
    offences: int | None
    per_month: float | None


@dataclass(frozen=True)
class CaveatAnswer:
    """What a reader must know: the ``code`` of a caveat, what it does (``weight``) and what it says (``text``)."""

    code: str
    weight: Weight
    text: str


@dataclass(frozen=True)
class ChangeAnswer:
    """A :class:`~analysis.comparison.change.Change`, with what is worked out of it."""

    difference: int
    percent: float | None
    low: float | None
    high: float | None
    reading: Reading | None
    detectable: Detectable | None
    common: Common | None
    poor_years: dict[int, float]


@dataclass(frozen=True)
class YearBeforeAnswer(CountAnswer):
    """The same months a year before, with an ``answer`` and ``caveats`` of their own."""

    answer: Comparable | None
    caveats: tuple[CaveatAnswer, ...]


@dataclass(frozen=True)
class InsteadAnswer:
    """A comparison that may be made instead."""

    area: str
    offence: str
    period: str
    baseline: str
    answer: Comparable


@dataclass(frozen=True)
class Answer:
    """All that the command says of a comparison, field by field as docs/json.md explains it."""

    schema: Literal[3]
    force: str
    area: AreaAnswer
    offence: str
    release: str
    current: CountAnswer
    baseline: CountAnswer | None
    same_quarters_year_before: YearBeforeAnswer | None
    answer: Comparable | None
    instead: InsteadAnswer | None
    instead_also: tuple[InsteadAnswer, ...]
    change: ChangeAnswer | None
    reading: Literal["more", "fewer", "within-usual"] | None
    like_for_like: bool | None
    ratio: Ratio
    caveats: tuple[CaveatAnswer, ...]


@dataclass(frozen=True)
class Comparison(Pair):
    """One period of recorded offences against another, in one release, and all that a page says of them.

    A :class:`~analysis.comparison.change.Pair`; what takes longer to work out is worked out when it is asked for.

    Attributes
    ----------
    current, baseline, caveats, breaks, ratio, answer, like_for_like, change
        As the pair has them.

    Examples
    --------
    >>> kent = compare("Kent", period="2024/25", release="2026-04-23")
    >>> kent.current.offences, kent.baseline.offences, kent.answer, round(kent.change.percent)
    (289, 245, 'yes', 18)
    >>> round(kent.current.rate.value, 1), [round(kent.current.rate.low, 1), round(kent.current.rate.high, 1)]
    (6.8, [5.4, 8.5])
    >>> kent.quarters["offences"].tail(2).tolist()
    [118, 77]
    """

    @cached_property
    def year_before(self) -> Pair | None:
        """The current count against the same months a year before, judged in its own right.

        None where the release does not hold these, or they would overlap.
        """
        before = self.current.period.year_before
        if self.baseline and self.baseline.period == before:
            return Pair(self.current, self.baseline, self.caveats, self.breaks)
        given = vintages.giving(self.release, before) if self.current.period.months <= 12 else None
        return judge(self.current, count(self.area, self.offence, given, before)) if given else None

    @property
    def same_quarters_year_before(self) -> Count | None:
        """The count of the same months a year before."""
        return self.year_before.baseline if self.year_before else None

    alternatives = cached_property(others.alternatives)
    views = cached_property(others.views)
    context = cached_property(others.context)
    changes = cached_property(among_forces.changes)
    contributions = cached_property(among_forces.contributions)

    @property
    def instead(self) -> Pair | None:
        """The best comparison that may be made instead, or None."""
        return next(iter(self.alternatives), None)

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """Every quarter of the release, as :func:`analysis.comparison.across_time.quarters` gives it."""
        return across_time.quarters(self.area, self.offence, self.release)

    @cached_property
    def process(self) -> Process:
        """The process chart of the area's quarters."""
        return across_time.process(self.area, self.offence, self.release)

    @cached_property
    def rates(self) -> dict[str, Rate]:
        """The rate of each force that has one to be read, in the current period."""
        return counts.rates(self.offence, self.release, self.current.period)

    @cached_property
    def funnel(self) -> Funnel | None:
        """All forces' rates against that of all together."""
        return among_forces.funnel(self.offence, self.release, self.current.period)

    @cached_property
    def moved(self) -> Moved | None:
        """What moved the whole: rises in some forces and falls in others."""
        return among_forces.moved(self, self.contributions)

    @cached_property
    def next_year(self) -> Interval | None:
        """The range in which the same months a year later would fall; None where it cannot be foreseen."""
        return counts.next_year(self.current)

    @cached_property
    def forces(self) -> tuple[Comparison, ...]:
        """The same comparison for each of the 44 forces, in canonical order."""
        periods = [each.period for each in self.counts]
        return tuple(_compared(area, self.offence, self.release, *periods) for area in map(Area.of, areas.FORCES))

    @cached_property
    def listed(self) -> tuple[Pair, ...]:
        """The same two periods for everything that the area recorded, as far as the release holds it, group by group."""
        offered = (offence for offence in offences.listed() if self.release.holds(offence.code))
        return tuple(
            judge(*(count(self.area, offence, self.release, each.period) for each in self.counts))
            for offence in offered
        )

    def years(self, offence: Offence) -> tuple[dict[Period, int], ...]:
        """Return an offence's years that end as the period does, as :func:`analysis.comparison.across_time.years` gives them."""
        return across_time.years(self.area, offence, self.release, self.current.period.last)

    @cached_property
    def revisions(self) -> pd.DataFrame:
        """What each release said of the area's quarters, as :func:`analysis.figures.revisions.of` gives it."""
        return revisions.of(self.area.names, self.offence.code)

    @cached_property
    def revisions_by_age(self) -> pd.DataFrame:
        """How often and by how much figures of all forces changed later, as :func:`analysis.figures.revisions.by` gives it."""
        return revisions.by("age", self.offence.code)

    @cached_property
    def all_breaks(self) -> tuple[Break, ...]:
        """Every break of the offence that holds for the area and that the release reaches, oldest first."""
        return tuple(effect.change for effect in counts.breaks_of(self.offence, self.area, self.release))

    @cached_property
    def late_supply(self) -> tuple[Break, ...]:
        """Gaps in the supply of one of the area's forces that were mended later."""
        effects = counts.effects_of(self.offence, self.area, self.release)
        return tuple(effect.change for effect in effects if effect.change.kind == "supply" and effect.change.forces)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Where the figures come from: the release, and the tables of residents where a rate is given."""
        official = self.current.rate and self.offence.denominator.of != OWN
        return (self.release, *(load_register().residents if official else ()))

    def to_dict(self) -> dict[str, Any]:
        """Return all that is said of the comparison as plain values, as ``analysis compare --json`` prints it."""
        area, before = self.area, self.year_before
        instead = tuple(map(_instead, self.alternatives))
        answer = Answer(
            schema=SCHEMA,
            force=area.name,
            area=AreaAnswer(area.name, area.kind, area.asked or area.name),
            offence=self.offence.code,
            release=self.release.id,
            current=CountAnswer(*_counted(self.current)),
            baseline=CountAnswer(*_counted(self.baseline)) if self.baseline else None,
            same_quarters_year_before=YearBeforeAnswer(
                *_counted(before.baseline), before.answer, _caveats(before.caveats)
            )
            if before and before.baseline
            else None,
            answer=self.answer,
            instead=next(iter(instead), None),
            instead_also=instead[1:],
            change=_told(ChangeAnswer, self.change) if self.change else None,
            reading=self.change.reading if self.change else None,
            like_for_like=self.like_for_like,
            ratio=self.ratio,
            caveats=_caveats(self.caveats),
        )
        return dataclasses.asdict(answer)

    def to_excel(self, path: str | Path, *, replace: bool = True) -> Path:
        """Write all that is held of the area and the offence as an Excel workbook with notes, as :func:`analysis.series` gives it."""
        from analysis.comparison.series import series

        if self.release.by_years:
            return series(self.area, self.offence, by="rolling").to_excel(path, replace=replace)
        return series(self.area, self.offence, release=self.release.id).to_excel(path, replace=replace)

    def __repr__(self) -> str:
        sides = " against ".join(f"{number(c.offences)} in {c.period}" for c in (self.current, self.baseline) if c)
        answer = self.answer or "nothing to compare with"
        return f"Comparison({self.area.name}, {self.offence.label}, release {self.release.id}: {sides}; {answer})"


def compare(
    force: str | Area | Sequence[str],
    *,
    period: str | Period | None = None,
    baseline: str | Period | None = None,
    offence: str | Offence = "88A",
    release: str = "latest",
    band: str | None = None,
    residents: pd.DataFrame | None = None,
) -> Comparison:
    """Compare the offences recorded in one period with those of another.

    Parameters
    ----------
    force
        What :func:`~analysis.terms.areas.find_area` takes: a force by name, spelling, code or slug; a region, ``England and Wales``, a
        town or partnership; several joined by ``+``, or a list of them; or an :class:`~analysis.terms.areas.Area`.
    period
        Whole quarters, as text: ``2017-04..2017-12`` (both ends in), ``2017/18`` (a financial year), ``2017/18 Q1..Q3`` or
        ``year ending June 2017``. Default: the latest four in which the release counts the offence.
    baseline
        What to compare with, written alike. Default: the same quarters a year earlier, or nothing for a period over twelve months
        or where the release does not reach so far back.
    offence
        A Home Office code as text (``88A``), or the id or name of a family or group (``burglary``).
    release
        A release's id, which is the day it came out (``2026-04-23``), or ``latest``.
    band
        The ages of the residents that rates are of, from mid-2021: ``0-17``, ``0-15``, ``10-15`` or ``all``. Default: those that the offence is committed against.
    residents
        Figures of one's own that rates are of in place of the official estimates: columns ``force`` (any spelling) and
        ``residents`` (whole numbers above 0). A force that is left out has no rate.

    Returns
    -------
    Comparison
        Counts are recorded offences in the period, rates a year for 10,000 residents, changes in per cent.

    Raises
    ------
    RequestError
        If a name is unknown, a period cuts a quarter, the release does not hold it whole, the two overlap, or a table of residents
        is not as it should be.

    Examples
    --------
    >>> result = compare("Northamptonshire", period="2017-04..2017-12", baseline="2016-04..2017-03", release="2026-04-23")
    >>> result.current.offences, result.baseline.offences, result.same_quarters_year_before.offences
    (32, 5, 4)
    >>> result.answer, [caveat.code for caveat in result.caveats if caveat.weight == "forbids"]
    ('no', ['unequal-periods', 'definition-change'])
    """
    area = areas.find_area(force)
    if band is not None and residents is not None:
        raise RequestError("band: cannot be combined with residents, which have no ages; leave one of them out")
    area, what, chosen = _sought(area, offence, release)
    whom = (
        own_residents(residents)
        if residents is not None
        else Denominator(text_of(band, "band", "give 0-17, 0-15, 10-15 or all"))
        if band is not None
        else what.denominator
    )
    what = replace(what, denominator=whom)
    if isinstance(chosen, str):
        now, then = (Period.parse(each) if isinstance(each, str) else each for each in (period, baseline))
        return _compared(area, what, *vintages.resolve(area, what, chosen, now, then, release))
    return _compared(area, what, chosen, *resolve_periods(chosen, what, period, baseline))


def _sought(area: Area, offence: str | Offence, release: str) -> tuple[Area, Offence, Release | str]:
    """Return whose figures, of what, and the release or the table of years that they stand in.

    A town whose partnership has no figures of an offence, or none in the release that was asked for, is answered with its force.
    """
    found = offence if isinstance(offence, Offence) else offences.by_name().get(offences.key(offence))
    if area.by_years:
        newest = vintages.publications(vintages.PARTNERSHIPS)[-1]
        is_offered = release in {"latest", *(each.id for each in vintages.publications(vintages.PARTNERSHIPS))}
        if found and is_offered and newest.holds(found.code):
            return area, found, vintages.PARTNERSHIPS
        if area.is_explicit:
            what = newest.offence(found.code if found else str(offence)) if is_offered else found
            raise RequestError(
                f"release: {release!r} has no figures of {what.label if what else offence} of {area.name}; ask for latest, or for {area.whole.name}"
            )
        area = area.whole
    if found and found.table:
        return area, found, found.table
    chosen = load_register().release(release)
    return area, offence if isinstance(offence, Offence) else chosen.offence(offence), chosen


def _compared(
    area: Area, offence: Offence, release: Release, period: Period, baseline: Period | None = None
) -> Comparison:
    """Compare two periods of a release; of a table of years, each as the newest publication gave it."""
    periods = filter(None, (period, baseline))
    pair = judge(*(count(area, offence, vintages.giving(release, each) or release, each) for each in periods))
    return Comparison(pair.current, pair.baseline, pair.caveats, pair.breaks)


@functools.cache
def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of what ``analysis compare --json`` prints.

    Examples
    --------
    >>> json_schema()["properties"]["schema"]
    {'const': 3, 'title': 'Schema', 'type': 'integer'}
    """
    from pydantic import TypeAdapter

    return TypeAdapter(Answer).json_schema()


def _counted(count: Count) -> tuple[str, int, int | None, float | None]:
    return str(count.period), count.period.months, count.offences, count.per_month


def _told(kind: type[Told], of: object) -> Told:
    """Return a part of the answer, each of whose fields is what something has by the same name."""
    return kind(*(getattr(of, each.name) for each in dataclasses.fields(kind)))  # type: ignore[arg-type]


def _caveats(caveats: Sequence[Caveat]) -> tuple[CaveatAnswer, ...]:
    return tuple(_told(CaveatAnswer, each) for each in caveats)


def _instead(pair: Pair) -> InsteadAnswer:
    own, baseline, answer = pair.current, pair.baseline, pair.answer
    assert baseline is not None and answer is not None, "alternatives are pairs"  # noqa: S101, PT018
    return InsteadAnswer(own.area.name, own.offence.code, str(own.period), str(baseline.period), answer)
