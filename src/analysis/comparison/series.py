"""Areas × offences × periods in one tidy table, each number with what must be known of it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from analysis import statistics
from analysis.comparison.counts import PER, count
from analysis.comparison.definitions import AFTER, BOTH, MIXED, breaks_of
from analysis.comparison.judgement import judge
from analysis.comparison.totals import quarters_of, values_of
from analysis.comparison.usual import noise_of
from analysis.errors import RequestError, shown, text_of
from analysis.figures import population, vintages
from analysis.figures.register import Release, load_register, provisional_from, require_held
from analysis.terms import offences as known_offences
from analysis.terms.areas import Area, find_area
from analysis.terms.numbers import joined
from analysis.terms.offences import Denominator, Offence
from analysis.terms.periods import Period, financial_year_of

if TYPE_CHECKING:
    import pandas as pd

By = Literal["quarter", "year", "rolling"]
COLUMNS = {
    "area": "str", "kind": "str", "code": "str", "offence": "str", "start": "datetime64[s]", "months": "Int64", "financial_year": "str",
    "quarter": "Int64", "offences": "Int64", "residents": "Int64", "age_band": "str", "rate": "Float64", "low": "Float64", "high": "Float64",
    "provisional": "boolean", "definition": "Int64", "supplied": "boolean",
}  # fmt: skip
JUDGED = {"answer": "str", "change": "Int64", "percent": "Float64", "reading": "str"}


def series(
    areas: str | Area | Iterable[str | Area],
    offences: str | Offence | Iterable[str | Offence] = "88A",
    periods: str | Period | Iterable[str | Period] | None = None,
    *,
    by: By = "quarter",
    judged: bool = False,
    release: str = "latest",
) -> pd.DataFrame:
    """Return the recorded offences of areas in periods, a row each, with marks.

    Parameters
    ----------
    areas
        An area or several, as :func:`analysis.compare` takes them.
    offences
        A code, family or group, or several.
    periods
        Whole quarters, from which `by` takes its own (of partnerships, and of offences that a table of years counts, those that are held); or several periods, which are taken as they are. By default all that
        the release covers.
    by
        ``quarter``; ``year`` for financial years; or ``rolling`` for every four quarters on end.
    judged
        Whether to compare each period with the same months a year before: that takes some hundredths of a second a row.
    release
        A release's id, or ``latest``.

    Returns
    -------
    pandas.DataFrame
        Sorted as asked for: ``area``, its ``kind`` and ONS ``code`` (blank where it has none), ``offence``, ``start`` (the first day) and
        ``months`` of the period, ``financial_year`` and ``quarter`` where it is one; ``offences`` (``<NA>`` where a force did not supply
        a figure, or it was not counted then), ``residents``, of which ``age_band``, and offences a year for 10,000 of them with the 95% interval that usual
        variation leaves open (``rate``, ``low``, ``high``); ``provisional``; ``definition``, a number that grows at each change of what is
        counted (``<NA>`` for a period with two, or in which it was not counted): two rows that differ in it may not be compared; and
        ``supplied``. With `judged` also the ``answer``, the ``change`` in offences, ``percent`` where that may be given, and ``reading``.
        Rates of another ``age_band`` may not be compared either. ``attrs`` names the release.

    Raises
    ------
    RequestError
        If a name is not known, or a period cuts a quarter or is not held.

    Examples
    --------
    >>> frame = series(["Kent", "Surrey"], ["burglary", "34B"], "2023-04..2025-03", by="year", release="2026-04-23")
    >>> frame[["area", "offence", "financial_year", "offences", "definition"]].head(2).values.tolist()
    [['Kent', 'burglary', '2023/24', 6174, 1], ['Kent', 'burglary', '2024/25', 5745, 1]]
    """
    import pandas as pd

    held = load_register().release(text_of(release, "release"))
    whose = [each if isinstance(each, Area) else find_area(each) for each in _several(areas, Area)]
    what = [each if isinstance(each, Offence) else _offence(text_of(each, "offence"), held) for each in _several(offences, Offence)]  # fmt: skip
    if text_of(by, "by", "give quarter, year or rolling") not in {"quarter", "year", "rolling"}:
        raise RequestError(f"by: found {shown(by)}; give quarter, year or rolling")
    spans = _spans(held, periods, by)
    times = _Times.of(spans, held)
    parts = []
    for area in whose:
        for offence in what:
            if source := vintages.table_of(area, offence):
                parts.append(
                    _of_years(
                        area, offence, source, spans, by if periods is None or isinstance(periods, str | Period) else ""
                    )
                )
            else:
                parts.append(_part(area, offence, held, times))
            if judged:
                parts[-1] |= _judged(parts[-1].pop("counts", None) or [(held, span) for span in spans], area, offence)
    names = COLUMNS | (JUDGED if judged else {})
    frame = pd.DataFrame({name: _column([part[name] for part in parts], kind) for name, kind in names.items()})
    frame.attrs = {"release": held.id}
    return frame


def _offence(name: str, release: Release) -> Offence:
    """Return an offence that the release counts by quarter, or that another table counts by year."""
    found = known_offences.by_name().get(known_offences.key(name))
    return found if found and found.table else release.offence(name)


def _several(given: Any, one: type) -> list[Any]:
    """Return one thing or several as a list."""
    if isinstance(given, str | one):
        return [given]
    if isinstance(given, dict | bytes) or not isinstance(given, Iterable):
        raise RequestError(f"{one.__name__.lower()}s: found {shown(given)}; give a name or a list of names")
    found = list(given)
    if not found:
        raise RequestError(f"{one.__name__.lower()}s: found an empty list; give a name or more")
    return found


def _spans(release: Release, periods: Any, by: str) -> list[Period]:
    """Return the periods that there is to be a row for."""
    if periods is None:
        whole = release.covers
    elif isinstance(periods, str | Period):
        whole = _period(periods)
    else:
        spans = [_period(each) for each in _several(periods, Period)]
        for span in spans:
            require_held(release, "88A", span)
        return spans
    require_held(release, "88A", whole)
    quarters = whole.each_quarter
    if by == "quarter":
        return list(quarters)
    spans = [Period(first.first, last.last) for first, last in zip(quarters, quarters[3:], strict=False)]
    found = [span for span in spans if by == "rolling" or span.first.month == 4]
    if not found:
        raise RequestError(
            f"periods: {whole} holds no {'financial year' if by == 'year' else 'four quarters'}; give a longer one"
        )
    return found


def _period(given: object) -> Period:
    if isinstance(given, Period):
        return given.require_quarters()
    return Period.parse(text_of(given, "period")).require_quarters()


@dataclass(frozen=True)
class _Times:
    """The periods of the rows, with what is the same of them for every area and offence."""

    spans: tuple[Period, ...]
    first: np.ndarray
    last: np.ndarray
    about: dict[str, Any]

    @staticmethod
    def of(spans: Sequence[Period], release: Release) -> _Times:
        first, last = (np.array([month.ordinal for month in ends]) for ends in zip(*((each.first, each.last) for each in spans), strict=True))  # fmt: skip
        years, newest = [financial_year_of(span.first) for span in spans], provisional_from(release)
        is_named = [year.covers(span) and span.months in {3, 12} for year, span in zip(years, spans, strict=True)]
        names = [f"{year.first.year}/{year.last.year % 100:02d}" if named else "" for year, named in zip(years, is_named, strict=True)]  # fmt: skip
        about = {
            "start": np.array([f"{span.first}-01" for span in spans], dtype="datetime64[s]"),
            "months": last - first + 1.0,
            "financial_year": np.array(names, dtype=object),
            "quarter": np.where(last - first == 2, (first % 12 - 3) % 12 // 3 + 1, np.nan),
            "provisional": np.array([float(span.overlaps(newest)) for span in spans]),
        }
        return _Times(tuple(spans), first, last, about)

    def sums(self, quarters: np.ndarray, start: int) -> np.ndarray:
        """Add quarters by forces up: forces by periods, NaN where a force did not supply one of the quarters."""
        at = zip((self.first - start) // 3, (self.last + 1 - start) // 3, strict=True)
        return np.array([quarters[begin:end].sum(axis=0) for begin, end in at]).T


def _column(parts: list[np.ndarray], kind: str) -> Any:
    """Return the parts of a column as pandas keeps it; what is not known is ``<NA>``."""
    import pandas as pd

    whole = np.concatenate(parts)
    if kind == "str":
        return pd.array(whole, dtype="str")
    if kind.startswith("datetime"):
        return whole
    lacks = np.isnan(whole)
    if kind == "Float64":
        return pd.arrays.FloatingArray(whole, lacks)
    known = np.where(lacks, 0, whole)
    if kind == "boolean":
        return pd.arrays.BooleanArray(known.astype(bool), lacks)
    return pd.arrays.IntegerArray(known.astype(np.int64), lacks)


def _about(area: Area, offence: Offence, size: int) -> dict[str, np.ndarray]:
    told = {"area": area.name, "kind": area.kind, "code": area.code or "", "offence": offence.code}
    return {name: np.full(size, value, dtype=object) for name, value in told.items()}


def _of_years(area: Area, offence: Offence, source: str, spans: Sequence[Period], by: str) -> dict[str, Any]:
    """Return the columns of what is counted by year and not by quarter, as the newest publication of each year has it."""
    if by == "quarter":
        instead = f", or ask for {area.whole.name}" if area.by_years else ""
        raise RequestError(
            f"by: {area.name} has figures of {offence.label} by year and none by quarter; give rolling{instead}"
        )
    found = [(release, span) for span in spans if (release := vintages.chosen(source, span, span.year_before))]
    if not found:
        held = sorted({str(year) for each in vintages.publications(source) for year in each.years})
        raise RequestError(
            f"periods: {area.name} has figures of {offence.label} in {joined(held)}; give one of these, or rolling"
        )
    counts = [count(area, offence, release, span) for release, span in found]
    about = [_Times.of([span], release).about for release, span in found]
    nothing = np.full(len(found), np.nan)
    sides = [[side for _, side in each.sides] for each in counts]
    return {
        "counts": found,
        **_about(area, offence, len(found)),
        **{name: np.concatenate([each[name] for each in about]) for name in about[0]},
        "offences": np.array([np.nan if each.offences is None else each.offences for each in counts]),
        "definition": np.array([np.nan if {BOTH, MIXED} & {*each} else 1.0 + each.count(AFTER) for each in sides]),
        "supplied": np.array([float(not each.not_supplied) for each in counts]),
        "residents": nothing,
        "age_band": np.full(len(found), "", dtype=object),
        **dict.fromkeys(("rate", "low", "high"), nothing),
    }


def _part(area: Area, offence: Offence, release: Release, times: _Times) -> dict[str, Any]:
    """Return the columns of one area and offence."""
    start, _ = values_of(offence.code, release)
    each = times.sums(quarters_of(offence.code, release, area.names), start)
    held = release.span(offence.code)
    counted = (times.first >= held.first.ordinal) & (times.last <= held.last.ordinal)
    supplied = ~np.isnan(each).any(axis=0)
    return {
        **_about(area, offence, len(times.spans)),
        **times.about,
        "offences": np.where(counted & supplied, each.sum(axis=0), np.nan),
        "definition": np.where(counted, _definitions(area, offence, release, times), np.nan),
        "supplied": np.where(counted, supplied, np.nan),
        **_rates(area, offence, release, times, counted),
    }


def _definitions(area: Area, offence: Offence, release: Release, times: _Times) -> np.ndarray:
    """Return the number of each period's definition, the oldest 1, and NaN for a period in which two hold."""
    found, cut = np.ones(len(times.spans)), np.zeros(len(times.spans), dtype=bool)
    for effect in breaks_of(offence, area, release):
        change = effect.change
        begins, quarter = change.begins.ordinal, change.quarter
        found += times.first >= begins
        cut |= (times.first < begins) & (times.last >= begins)
        if change.mixes_quarter:
            cut |= (times.first <= quarter.last.ordinal) & (times.last >= quarter.first.ordinal)
    return np.where(cut, np.nan, found)


def _rates(area: Area, offence: Offence, release: Release, times: _Times, counted: np.ndarray) -> dict[str, Any]:
    """Return residents, and rates of them where one can be read."""
    nothing = np.full(len(times.spans), np.nan)
    of = offence.denominator
    residing = population.residing(area, of)
    if not of.is_read or not residing.forces or not any(force.has_readable_rate for force in area.forces):
        none = np.full(len(times.spans), "", dtype=object)
        return {"residents": nothing, "age_band": none, "rate": nothing, "low": nothing, "high": nothing}
    people, bands = _residents(residing, of, times.spans)
    start, _ = values_of(offence.code, release)
    each = times.sums(quarters_of(offence.code, release, residing.names), start)
    total = np.where(counted, each.sum(axis=0), np.nan)
    rate, low, high = nothing.copy(), nothing.copy(), nothing.copy()
    months = times.last - times.first + 1
    is_read = ~np.isnan(total) & (total >= 0) & ~np.isnan(people)
    for length in np.unique(months[is_read]):
        at = is_read & (months == length)
        noise, chance_alone = noise_of(offence, release, int(length) // 3, residing.names), 1 / np.maximum(total[at], 1)
        variance = np.where(total[at] > 0, noise.level(each[:, at]), chance_alone) if noise else chance_alone
        rate[at], *chance = statistics.rate(total[at], people[at] / PER * length / 12)
        low[at], high[at] = statistics.widened(rate[at], variance, *chance)
    rounded = {"rate": rate.round(3), "low": low.round(3), "high": high.round(3)}
    return {"residents": people, "age_band": bands} | rounded


@functools.lru_cache(maxsize=256)  # the same for every offence
def _residents(area: Area, of: Denominator, spans: tuple[Period, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the residents that rates of some periods are of, and which they are."""
    found = [population.counted_in(area, span, of) for span in spans]
    people = np.array([each.people if each else np.nan for each in found])
    return people, np.array([each.band if each else "" for each in found], dtype=object)


def _judged(periods: Sequence[tuple[Release, Period]], area: Area, offence: Offence) -> dict[str, np.ndarray]:
    """Return what may be said of each period against the same months a year before."""
    rows: list[tuple[str, float, float, str]] = []
    for release, span in periods:
        before = span.year_before
        is_held = (
            before in release.years if isinstance(release, vintages.YearRelease) else release.covers.covers(before)
        )
        if span.months > 12 or not is_held:
            rows.append(("", np.nan, np.nan, ""))
            continue
        pair = judge(*(count(area, offence, release, each) for each in (span, before)))
        change = pair.change
        percent = np.nan if change is None or change.percent is None else round(change.percent, 1)
        rows.append(
            (pair.answer or "", change.difference if change else np.nan, percent, (change and change.reading) or "")
        )
    return {
        name: np.array(values, dtype=object if kind == "str" else float)
        for (name, kind), values in zip(JUDGED.items(), zip(*rows, strict=True), strict=True)
    }
