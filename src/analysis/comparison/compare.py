"""Period against period: what was recorded, whether the two may be compared, and all that a page says of them."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from analysis.comparison import across_time, among_forces, counts
from analysis.comparison.among_forces import Funnel
from analysis.comparison.change import Pair
from analysis.comparison.counts import Count, Rate
from analysis.comparison.judgement import judge, judged
from analysis.figures import revisions, vintages
from analysis.figures.population import own_residents
from analysis.figures.register import Release, Source, load_register, resolve_periods
from analysis.figures.vintages import YearRelease, publications
from analysis.statistics import Interval
from analysis.terms import areas, offences
from analysis.terms.areas import Area, find_area, less
from analysis.terms.breaks import Break
from analysis.terms.numbers import number
from analysis.terms.offences import OWN, Offence
from analysis.terms.periods import Period, financial_year_of

if TYPE_CHECKING:
    import pandas as pd

SCHEMA: Literal[3] = 3  # of all that the command prints as JSON; docs/json.md says what each has changed
MOST = 4  # pairs that are offered
_LONGEST = 20  # quarters of a period of which every part is tried
_YEARS = 3  # of a longer baseline
_RAILWAYS = "British Transport Police"


@dataclass(frozen=True)
class Choice:
    """One fair way of looking at a change, or what stands beside it.

    Attributes
    ----------
    name
        What is chosen, in words.
    reason
        Why there is no direction, or an empty string.
    current, baseline
        The figures, or None where there are none.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> compare("Kent", period="2024/25", release="2026-04-23").views[0]
    Choice(name='As compared on this page', reason='', current=289, baseline=245)
    """

    name: str
    reason: str = ""
    current: float | None = None
    baseline: float | None = None

    @property
    def direction(self) -> str:
        """``more``, ``fewer`` or ``the same``, or an empty string where there is none."""
        if self.reason or self.current is None or self.baseline is None:
            return ""
        return "more" if self.current > self.baseline else "fewer" if self.current < self.baseline else "the same"


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

    process = cached_property(across_time.process)
    quarters = cached_property(across_time.quarters)
    years = across_time.years

    @cached_property
    def alternatives(self) -> tuple[Pair, ...]:
        """Other pairs that may be compared, the best first: nothing where the two may be compared as they are.

        Longest first; of equal length the same count against another baseline, then another offence, then parts of the two periods, then
        other years. Where the two may be compared with care, only pairs with fewer of the same reasons.

        Examples
        --------
        >>> grooming = compare("England and Wales", period="2024/25", baseline="2017/18", release="2026-04-23")
        >>> [(str(other.baseline.period), other.answer) for other in grooming.alternatives][0]
        ('2018-04..2019-03', 'with-care')
        """
        by_years = self.release.by_years
        if self.answer == "yes" or "nothing-recorded" in self.codes or (self.baseline is None and not by_years):
            return ()
        if by_years:
            years = _distinct(self, _of_years(self))
            found = [each for each in years if self.baseline is None or each.reasons < self.reasons]
            if not (found or self.like_for_like):
                found = list(_distinct(self, _of_the_force(self)))
        elif self.answer == "with-care":
            launch = {"first-year"} & self.reasons  # the gravest of what asks for care
            near = _distinct(self, _other_baselines(self))
            found = [each for each in near if each.reasons < self.reasons or launch - each.reasons]
        else:
            parts = _longest(self, *self.periods) or _other_years(self)
            like = [*_other_areas(self), *_other_baselines(self), *_other_offences(self), *parts]  # the nearest first
            found = sorted(_distinct(self, like), key=lambda each: -each.current.period.months)
        return tuple(found[:MOST])

    @cached_property
    def views(self) -> tuple[Choice, ...]:
        """The change as it stands, and by each other fair choice that can differ from it.

        The change as it stands comes first. No view has a direction where its two counts may not be compared, and no pair stands twice.

        Examples
        --------
        >>> result = compare("England and Wales", period="2024/25", baseline="2023/24", release="2026-04-23").views
        >>> result[0].direction, [view.name for view in result[1:]]
        ('fewer', ['As the release of 19 October 2023 had it', 'Against the mean of the same months in the 3 years before'])
        """
        ways: list[tuple[str, Pair | None]] = [("As compared on this page", self)]
        if self.baseline:
            full = [each for each in load_register().releases if each.kind == "full" and not self.area.by_years]
            others = [each for each in full if each.holds(self.offence.code) and each.id != self.release.id]
            ways += [(f"As the release of {each.words} had it", _again(self, release=each)) for each in others]
            if len(self.area.names) > 1 and _RAILWAYS in self.area.names:
                rest = _again(self, area=less(self.area, find_area(_RAILWAYS)))
                if rest and any(a.offences != b.offences for a, b in zip(rest.counts, self.counts, strict=True)):
                    ways.append((f"Without {_RAILWAYS}", rest))
        if not self.like_for_like:  # where the whole may be compared, a part of its months is no other way of looking
            last = self.current.period.last
            starts = {"Financial year to date": financial_year_of(last).first, "Four quarters": last.shift(-11)}
            for name, first in starts.items():
                months = Period(first, last)
                words = f"{name}: {months.words}, against the same months a year before"
                ways.append((words, _again(self, months, months.year_before)))
        found: dict[object, Choice] = {}
        for name, pair in ways:
            found.setdefault((_key(pair), pair.release.id) if pair else name, _choice(name, pair))
        return (*found.values(), *_longer_baseline(self))

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
        return tuple(_compared(area, self.offence, self.release, *self.periods) for area in map(Area.of, areas.FORCES))

    @cached_property
    def listed(self) -> tuple[Pair, ...]:
        """The same two periods for everything that the area recorded, as far as the release holds it, group by group."""
        offered = (offence for offence in offences.listed() if self.release.holds(offence.code))
        return tuple(judged(self.area, offence, self.release, *self.periods) for offence in offered)

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
    def sources(self) -> tuple[Source, ...]:
        """Where the figures come from: the release, and the tables of residents where a rate is given."""
        official = self.current.rate and self.offence.denominator.of != OWN
        return (self.release, *(load_register().residents if official else ()))

    def to_dict(self) -> dict[str, Any]:
        """Return all that is said of the comparison as plain values, as ``analysis compare --json`` prints it."""
        before, change = self.year_before, self.change
        instead = [_instead(pair) for pair in self.alternatives]

        def told(pair: Pair) -> list[dict[str, str]]:
            return [caveat.to_dict() for caveat in pair.caveats]

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
            and _counted(before.baseline) | {"answer": before.answer, "caveats": told(before)},
            "answer": self.answer,
            "instead": next(iter(instead), None),
            "instead_also": instead[1:],
            "change": change and change.to_dict(),
            "reading": change and change.reading,
            "like_for_like": self.like_for_like,
            "ratio": asdict(self.ratio),
            "caveats": told(self),
        }

    def to_excel(self, path: str | Path, **how: Any) -> Path:
        """Write all that is held of the area and the offence as an Excel workbook with notes, as :func:`analysis.series` gives it."""
        from analysis.comparison.series import series

        release = "latest" if self.release.by_years else self.release.id
        return series(self.area, self.offence, release=release).to_excel(path, **how)

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
    area, what, chosen = sought(find_area(force), offence, release)
    if residents is not None:
        what = replace(what, denominator=own_residents(residents))
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


def _compared(area: Area, offence: Offence, release: Release, *periods: Period | None) -> Comparison:
    """Compare two periods of a release, and all that a page says of them."""
    pair = judged(area, offence, release, *periods)
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


def _instead(pair: Pair) -> dict[str, Any]:
    now, then = map(str, pair.periods)
    told = {"area": pair.area.name, "offence": pair.offence.code, "period": now, "baseline": then}
    return told | {"answer": pair.answer}


def _choice(name: str, pair: Pair | None) -> Choice:
    """Return a pair as a way of looking, with why it gives no direction if it does not."""
    if pair is None:
        return Choice(name, "the release does not hold both periods")
    reason = pair.caveats[0].short if pair.baseline and not pair.like_for_like else ""  # the gravest comes first
    return Choice(name, reason if pair.baseline else "there is no baseline", *(each.offences for each in pair.counts))


def _longer_baseline(own: Pair) -> Iterator[Choice]:
    name, period = f"Against the mean of the same months in the {_YEARS} years before", own.current.period
    if period.months <= 12:
        pairs = [_again(own, period, period.shift(-12 * back)) for back in range(1, _YEARS + 1)]
        is_launch = any(pair and "first-year" in pair.codes for pair in pairs)
        launch = "the baseline would touch the first year of the definition" if is_launch else ""
        reason = next(filter(None, (_choice(name, pair).reason for pair in pairs)), launch)
        figures = [pair.baseline.offences or 0 for pair in pairs if pair and pair.baseline]
        yield Choice(name, reason) if reason else Choice(name, "", own.current.offences, sum(figures) / _YEARS)


def _again(
    own: Pair,
    *periods: Period,
    area: Area | None = None,
    offence: Offence | None = None,
    release: Release | None = None,
) -> Pair | None:
    """Return the pair as judged with one choice changed; None where the release does not hold both periods, or they share a month."""
    held, months = release or own.release, periods or own.periods
    if not all(map(held.gives, months)) or (periods and months[0].overlaps(months[-1])):
        return None
    return judged(area or own.area, offence or own.offence, held, *months)


def _key(pair: Pair) -> tuple[object, ...]:
    return pair.area, pair.offence.code, *pair.periods


def _distinct(own: Pair, pairs: Iterable[Pair | None]) -> Iterator[Pair]:
    seen = {_key(own)}
    for each in pairs:
        if each and each.like_for_like and _key(each) not in seen:
            seen.add(_key(each))
            yield each


def _of_years(pair: Pair) -> Iterator[Pair | None]:
    """Give the year before, then years that follow each other, each two of one publication, the newest first."""
    yield from _other_areas(pair)
    own, before = pair.current, pair.current.period.year_before
    assert isinstance(own.release, YearRelease), "asked of tables of years only"  # noqa: S101
    if pair.baseline and before != pair.baseline.period and own.release.gives(before):
        yield judged(own.area, own.offence, own.release, own.period, before)
    for given in reversed(publications(own.release.source)):
        for year in sorted(given.years, key=lambda each: each.last, reverse=True):
            if given.gives(year.year_before):
                yield judged(own.area, own.offence, given, year, year.year_before)


def _of_the_force(pair: Pair) -> Iterator[Pair]:
    """Give the newest year, or the most of it that can be, of the force that a partnership lies in, which is more than the place, where it is counted by quarter."""
    area, offence, held = pair.area, pair.offence, load_register().release("latest")
    if area.by_years and held.holds(offence.code):
        year = held.span(offence.code).last_months(12)
        yield from _longest(judged(area.whole, offence, held, year, year.year_before), year, year.year_before)


def _other_areas(pair: Pair) -> Iterator[Pair]:
    """Give the same periods of the area without the forces that have no figures, where most of it is left."""
    area, offence, release = pair.area, pair.offence, pair.release
    if "not-supplied" not in pair.codes or area.by_years or any(each.not_counted for each in pair.counts):
        return
    blank = [np.isnan(counts.part(offence.code, each.release, area, each.period)).any(axis=0) for each in pair.counts]
    missing = list(itertools.compress(area.names, np.any(blank, axis=0)))
    if 0 < 2 * len(missing) < len(area.names):
        yield judged(less(area, find_area(missing)), offence, release, *pair.periods)


def _other_baselines(pair: Pair) -> Iterator[Pair | None]:
    """Give the same count against a baseline moved out of every launch, and against the same months a year before."""
    current, baseline = pair.periods
    launches, moved = [effect.change.launch for effect, _ in pair.current.sides], baseline
    while any(launch and moved.overlaps(launch) for launch in launches):
        moved = moved.shift(12)
    if baseline < moved and moved.last < current.first:
        yield _again(pair, current, moved)
    if current.months <= 12:
        yield _again(pair, current, current.year_before)


def _other_offences(pair: Pair) -> Iterator[Pair | None]:
    """Give the same periods of offences that a break names in its place, or that are wider where nobody has reviewed this one."""
    own = pair.offence
    named = [code for change in pair.breaks for code in change.instead]
    if pair.answer == "not-known":
        named += [code for code in (own.subgroup, own.group, *own.context) if code]
    for code in dict.fromkeys(named):
        offence = offences.known().get(code)
        if offence and offence.code != own.code and pair.release.holds(offence.code):
            yield _again(pair, *pair.periods, offence=offence)


def _longest(pair: Pair, current: Period, baseline: Period) -> list[Pair]:
    """Return the like pairs of parts of two periods that are longest and hold the same quarters of the year, the newest first."""
    most = min(current.months, baseline.months)
    for months in range(most, 0, -3) if most <= 3 * _LONGEST else ():
        starts = ([each.first.shift(at) for at in range(each.months - months, -1, -3)] for each in (current, baseline))
        cuts = [(Period(now, now.shift(months - 1)), Period(then, then.shift(months - 1)))
                for now, then in itertools.product(*starts) if now.month == then.month]  # fmt: skip
        if found := [each for each in (_again(pair, *cut) for cut in cuts) if each and each.like_for_like]:
            return found
    return []


def _other_years(pair: Pair) -> list[Pair]:
    """Return the nearest later year, or else the nearest earlier one, in which the same months may be compared with the year before."""
    covers, period = pair.release.covers, pair.current.period
    years = range(1, (covers.months + period.months) // 12 + 1) if period.months <= 12 else range(0)
    for shift in (*years, *(-each for each in years)):
        moved = period.shift(12 * shift)
        if moved.overlaps(covers):
            held = Period(max(moved.first, covers.first), min(moved.last, covers.last))
            if found := _longest(pair, held, held.year_before):
                return found[:1]
    return []
