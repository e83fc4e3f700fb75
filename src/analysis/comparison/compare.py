"""Period against period: what was recorded, whether the two may be compared, and all that a page says of them."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from analysis.comparison import across_time, among_forces, counts, others
from analysis.comparison.among_forces import Funnel
from analysis.comparison.change import Pair
from analysis.comparison.counts import Count, Rate
from analysis.comparison.judgement import judge, judged
from analysis.errors import RequestError, text_of
from analysis.figures import revisions, vintages
from analysis.figures.population import own_residents
from analysis.figures.register import Release, Source, load_register, resolve_periods
from analysis.statistics import Interval
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.breaks import Break
from analysis.terms.numbers import number
from analysis.terms.offences import OWN, Denominator, Offence
from analysis.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

SCHEMA: Literal[3] = 3  # of all that the command prints as JSON; docs/json.md says what each has changed


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
        return judge(self.current, counts.count(self.area, self.offence, given, before)) if given else None

    alternatives = cached_property(others.alternatives)
    views = cached_property(others.views)
    context = cached_property(others.context)
    changes = cached_property(among_forces.changes)
    contributions = cached_property(among_forces.contributions)
    moved = cached_property(among_forces.moved)
    process = cached_property(across_time.process)
    quarters = cached_property(across_time.quarters)
    years = across_time.years

    @property
    def instead(self) -> Pair | None:
        """The best comparison that may be made instead, or None."""
        return next(iter(self.alternatives), None)

    @cached_property
    def rates(self) -> dict[str, Rate]:
        """The rate of each force that has one to be read, in the current period."""
        return counts.rates(self.offence, self.release, self.current.period)

    @cached_property
    def funnel(self) -> Funnel | None:
        """All forces' rates against that of all together."""
        return among_forces.funnel(self.offence, self.release, self.current.period)

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
        periods = [each.period for each in self.counts]
        return tuple(judged(self.area, offence, self.release, *periods) for offence in offered)

    @cached_property
    def reviewed(self) -> tuple[Pair, ...]:
        """Of what is listed, the offences of which somebody has reviewed what is counted."""
        return tuple(pair for pair in self.listed if pair.offence.reviewed)

    @cached_property
    def revisions(self) -> pd.DataFrame:
        """What each release said of the area's quarters, as :func:`analysis.figures.revisions.of` gives it."""
        return revisions.of(self.area.names, self.offence.code)

    @cached_property
    def all_breaks(self) -> tuple[Break, ...]:
        """Every break of the offence that holds for the area and that the release reaches, oldest first."""
        return tuple(effect.change for effect in counts.breaks_of(self.offence, self.area, self.release))

    @cached_property
    def late_supply(self) -> tuple[Break, ...]:
        """Gaps in the supply of one of the area's forces that were mended later."""
        changes = (effect.change for effect in self.effects)
        return tuple(each for each in changes if each.kind == "supply" and each.forces)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Where the figures come from: the release, and the tables of residents where a rate is given."""
        official = self.current.rate and self.offence.denominator.of != OWN
        return (self.release, *(load_register().residents if official else ()))

    def to_dict(self) -> dict[str, Any]:
        """Return all that is said of the comparison as plain values, as ``analysis compare --json`` prints it."""
        before, change = self.year_before, self.change
        instead = [_instead(pair) for pair in self.alternatives]
        return {
            "schema": SCHEMA,
            "force": self.area.name,
            "area": {"name": self.area.name, "kind": self.area.kind, "asked": self.area.asked or self.area.name},
            "offence": self.offence.code,
            "release": self.release.id,
            "current": _counted(self.current),
            "baseline": self.baseline and _counted(self.baseline),
            "same_quarters_year_before": before
            and before.baseline
            and _counted(before.baseline) | {"answer": before.answer, "caveats": _caveats(before)},
            "answer": self.answer,
            "instead": next(iter(instead), None),
            "instead_also": instead[1:],
            "change": change and change.to_dict(),
            "reading": change and change.reading,
            "like_for_like": self.like_for_like,
            "ratio": asdict(self.ratio),
            "caveats": _caveats(self),
        }

    def to_excel(self, path: str | Path, *, replace: bool = True) -> Path:
        """Write all that is held of the area and the offence as an Excel workbook with notes, as :func:`analysis.series` gives it."""
        from analysis.comparison.series import series

        release = "latest" if self.release.by_years else self.release.id
        return series(self.area, self.offence, release=release).to_excel(path, replace=replace)

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
    >>> result.current.offences, result.baseline.offences, result.year_before.baseline.offences
    (32, 5, 4)
    >>> result.answer, [caveat.code for caveat in result.caveats if caveat.weight == "forbids"]
    ('no', ['unequal-periods', 'definition-change'])
    """
    area = areas.find_area(force)
    if band is not None and residents is not None:
        raise RequestError("band: cannot be combined with residents, which have no ages; leave one of them out")
    area, what, chosen = sought(area, offence, release)
    if residents is not None:
        what = replace(what, denominator=own_residents(residents))
    elif band is not None:
        what = replace(what, denominator=Denominator(text_of(band, "band", "give 0-17, 0-15, 10-15 or all")))
    if isinstance(chosen, str):
        now, then = (Period.parse(each) if isinstance(each, str) else each for each in (period, baseline))
        return _compared(area, what, *vintages.resolve(area, what, chosen, now, then, release))
    return _compared(area, what, chosen, *resolve_periods(chosen, what, period, baseline))


def sought(area: Area, offence: str | Offence, release: str) -> tuple[Area, Offence, Release | str]:
    """Return whose figures, of what, and the release or the table of years that they stand in.

    A town whose partnership has no figures of an offence, or none in the release that was asked for, is answered with its force.
    """
    found = offence if isinstance(offence, Offence) else offences.by_name().get(offences.key(offence))
    if area.by_years:
        held = vintages.publications(vintages.PARTNERSHIPS)
        is_offered = area.is_explicit or release in {"latest", *(each.id for each in held)}
        if found and is_offered and held[-1].holds(found.code):
            return area, found, vintages.PARTNERSHIPS
        if area.is_explicit:
            held[-1].offence(found.code if found else str(offence))  # refuses what it does not hold
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
    pair = judge(*(counts.count(area, offence, vintages.giving(release, each) or release, each) for each in periods))
    return Comparison(pair.current, pair.baseline, pair.caveats, pair.breaks)


@functools.cache
def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of what ``analysis compare --json`` prints.

    Examples
    --------
    >>> json_schema()["properties"]["schema"]
    {'const': 3, 'type': 'integer'}
    """
    found: dict[str, Any] = json.loads(Path(__file__).with_name("compare.schema.json").read_text(encoding="utf-8"))
    return found


def _counted(count: Count) -> dict[str, Any]:
    told = {"period": str(count.period), "months": count.period.months, "offences": count.offences}
    return told | {"per_month": count.per_month}


def _caveats(pair: Pair) -> list[dict[str, str]]:
    return [caveat.to_dict() for caveat in pair.caveats]


def _instead(pair: Pair) -> dict[str, Any]:
    periods = dict(zip(("period", "baseline"), (str(each.period) for each in pair.counts), strict=True))
    return {"area": pair.area.name, "offence": pair.offence.code, **periods, "answer": pair.answer}
