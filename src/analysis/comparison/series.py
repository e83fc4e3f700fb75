"""Tables of figures: areas × offences × periods, each number with what must be known of it, and their Excel workbooks."""

from __future__ import annotations

import contextlib
import functools
import io
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis import files, reader
from analysis._version import __version__
from analysis.comparison import counts
from analysis.comparison.among_forces import screened
from analysis.comparison.compare import Comparison, sought
from analysis.errors import RequestError, shown, text_of
from analysis.figures import population, vintages
from analysis.figures.register import Release, load_register, provisional_from, require_held, resolve_periods
from analysis.terms import areas as known_areas
from analysis.terms.areas import Area, find_area
from analysis.terms.breaks import Effect
from analysis.terms.numbers import joined
from analysis.terms.offences import Denominator, Offence
from analysis.terms.periods import Period, financial_year_of, quarter_label

By = Literal["quarter", "year", "rolling"]
Spans = tuple[Period, ...]
Columns = dict[str, Any]  # of one area and offence: an array each, or a value that holds for all rows
COLUMNS = {
    "area": "str", "kind": "str", "code": "str", "offence": "str", "start": "datetime64[s]", "months": "Int64", "financial_year": "str",
    "quarter": "Int64", "offences": "Int64", "residents": "Int64", "age_band": "str", "residents_year": "Int64", "rate": "Float64",
    "low": "Float64", "high": "Float64", "provisional": "boolean", "definition": "Int64", "supplied": "boolean",
}  # fmt: skip
JUDGED = {"answer": "str", "change": "Int64", "percent": "Float64", "reading": "str"}
RATED = ["residents", "age_band", "residents_year", "rate", "low", "high"]
MARKS = ["provisional", "definition", "supplied"]
ENDING = ".xlsx"
MOST_ROWS = 1_000_000  # what a sheet holds, but for its head
# Numbers that name and count nothing.
_NAMING = {"months", "quarter", "financial_quarter", "residents_year", "definition"}
_WIDEST = 420  # pixels of a column of notes


def write(
    frame: pd.DataFrame,
    path: str | Path,
    *,
    title: str = "",
    replace: bool = True,
    index: bool = False,
    option: str = "path",
    **how: Any,
) -> Path:
    """Write figures as an Excel workbook, in the manner of the Government Analysis Function's guidance on spreadsheets.

    Parameters
    ----------
    frame
        A table. Its ``attrs``, its column ``release`` or its title say of which release it is.
    path
        A file ending in ``.xlsx``.
    title
        What stands above the table; by default the title of the release.
    replace
        Whether the file may take the place of another one.
    index, **how
        What pandas takes too: ``index=False`` changes nothing, and anything else is refused.
    option
        What the path is called where it is asked for, for errors.

    Returns
    -------
    pathlib.Path
        The file: a sheet ``figures``, and a sheet ``notes`` with source, release, marks, licence and how to cite. The same figures give
        the same bytes.

    Raises
    ------
    RequestError
        If the path does not end so or is taken, there are too many rows, or the file cannot be written.
    """
    if index or how:
        name = next(iter(how), "index")
        raise RequestError(
            f"to_excel: {name} is not taken; pandas.DataFrame(table).to_excel takes it, and writes no notes"
        )
    if not isinstance(path, str | Path) or Path(path).suffix.casefold() != ENDING:
        raise RequestError(f"{option}: found {shown(path)}; give a file that ends in {ENDING}")
    target = Path(path)
    if len(frame) > MOST_ROWS:
        raise RequestError(f"figures: {len(frame):,} rows; a sheet holds {MOST_ROWS:,}, ask for fewer areas")
    files.write_whole(target, _workbook(frame, title, _release(frame, title)), option=option, replace=replace)
    return target


class Figures(pd.DataFrame):
    """A table of figures: pandas' own, but that its workbook says where the figures come from."""

    @property
    def _constructor(self) -> type[Figures]:
        return Figures

    to_excel = write  # type: ignore[assignment, misc]  # pandas means its own to be the last


def series(
    areas: str | Area | Iterable[str | Area],
    offences: str | Offence | Iterable[str | Offence] = "88A",
    periods: str | Period | Iterable[str | Period] | None = None,
    *,
    by: By = "quarter",
    judged: bool = False,
    release: str = "latest",
) -> Figures:
    """Return the recorded offences of areas in periods, a row each, with marks.

    Parameters
    ----------
    areas
        An area or several, as :func:`analysis.compare` takes them.
    offences
        A code, family or group, or several.
    periods
        Whole quarters, from which `by` takes its own; or several periods, which are taken as they are. By default all that the release
        covers.
    by
        ``quarter``; ``year`` for financial years; or ``rolling`` for every four quarters on end. What is counted by year alone
        (partnerships, and offences that a table of years counts) has a row for each year within these periods that was published.
    judged
        Whether to compare each period with the same months a year before: that takes some hundredths of a second a row.
    release
        A release's id, or ``latest``.

    Returns
    -------
    pandas.DataFrame
        Sorted as asked for: ``area``, its ``kind`` and ONS ``code`` (blank where it has none), ``offence``, ``start`` (the first day) and
        ``months`` of the period, ``financial_year`` and ``quarter`` where it is one; ``offences`` (``<NA>`` where a force did not supply
        a figure, or it was not counted then), ``residents``, of which ``age_band`` and ``residents_year`` (mid-year), and offences a year for
        10,000 of them with the 95% interval that usual
        variation leaves open (``rate``, ``low``, ``high``); ``provisional``; ``definition``, a number that grows at each change of what is
        counted (``<NA>`` for a period with two, or in which it was not counted): two rows that differ in it may not be compared; and
        ``supplied``. With `judged` also the ``answer``, the ``change`` in offences, ``percent`` where that may be given, and ``reading``.
        Rates of another ``age_band`` may not be compared either. ``attrs`` names the release. ``.to_excel(path)`` writes a workbook with notes.

    Raises
    ------
    RequestError
        If a name is not known, or a period cuts a quarter or is not held.

    Examples
    --------
    >>> frame = series(["Kent", "Surrey"], ["burglary", "34B"], "2023/24..2024/25", by="year", release="2026-04-23")
    >>> frame[["area", "offence", "financial_year", "offences", "definition"]].head(2).values.tolist()
    [['Kent', 'burglary', '2023/24', 6174, 1], ['Kent', 'burglary', '2024/25', 5745, 1]]
    """
    held = load_register().release(text_of(release, "release"))
    whose = [find_area(each) for each in _several(areas, Area)]
    what = [each if isinstance(each, Offence) else text_of(each, "offence") for each in _several(offences, Offence)]
    if text_of(by, "by", "give quarter, year or rolling") not in {"quarter", "year", "rolling"}:
        raise RequestError(f"by: found {shown(by)}; give quarter, year or rolling")
    given = (held.covers,) if periods is None else tuple(map(_period, _several(periods, Period)))
    for span in given:
        require_held(held, "88A", span)
    spans = _spans(given[0], by) if periods is None or isinstance(periods, str | Period) else given
    parts = []
    for each, name in itertools.product(whose, what):
        area, offence, table = sought(each, name, "latest" if each.by_years else held.id)
        of = {"area": area.name, "kind": area.kind, "code": area.code or "", "offence": offence.code}
        for publication, months in _published(area, offence, table if isinstance(table, str) else held, spans, given):
            part = of | _about(months, publication) | _figures(area, offence, publication, months)
            parts.append(part | (_judged(area, offence, publication, months) if judged else {}))
    return _table(parts, COLUMNS | (JUDGED if judged else {}), held)


def load_offences(offence: str = "88A", release: str = "latest") -> Figures:
    """Return recorded offences by force and quarter, as one release has them, with marks.

    Parameters
    ----------
    offence
        A Home Office code as text (``88A``), or a family or group of codes (``burglary``), whose figures are added up.
    release
        A release's id (``2026-04-23``), or ``latest`` for the newest full one.

    Returns
    -------
    pandas.DataFrame
        Columns ``release``, ``offence`` and ``area`` (a force; all text), ``quarter`` (``Period[Q-MAR]``), ``offences`` (``Int64``; ``<NA>`` where a
        force did not supply a figure, or nothing was counted under the code then), and ``provisional``, ``definition`` and ``supplied``, as
        :func:`series` gives them. One row a force and quarter, in canonical order.

    Raises
    ------
    RequestError
        If the release or the offence is not held, or a file is not the one that was registered.

    Examples
    --------
    >>> frame = load_offences(release="2026-04-23")
    >>> frame.shape, int(frame["offences"].sum())
    ((2420, 8), 60540)
    """
    held = load_register().release(text_of(release, "release"))
    what = held.offence(text_of(offence, "offence"))
    frame = series(list(map(Area.of, known_areas.FORCES)), what, release=held.id)
    frame = frame.assign(release=held.id, quarter=pd.PeriodIndex(frame["start"], freq="Q-MAR"))
    return frame[["release", "offence", "area", "quarter", "offences", *MARKS]]


def load_rates(
    period: str | Period | None = None,
    *,
    offence: str = "88A",
    release: str = "latest",
    residents: pd.DataFrame | None = None,
) -> Figures:
    """Return the recorded offences and the rate of every force in a period, with its interval and marks.

    Parameters
    ----------
    period, offence, release, residents
        As :func:`analysis.compare` takes them.

    Returns
    -------
    pandas.DataFrame
        One row a force, in canonical order, in columns of :func:`series`: ``area``, ``offences`` (in the period), ``residents``,
        ``age_band``, ``residents_year``, ``rate``, ``low``, ``high``, ``provisional``, ``definition`` and ``supplied``. A force that has no
        rate to be read has its count all the same.

    Raises
    ------
    RequestError
        As :func:`analysis.compare` does.

    Examples
    --------
    >>> rates = load_rates("2024/25", release="2026-04-23")
    >>> len(rates), int(rates["rate"].notna().sum()), int(rates["offences"].sum())
    (44, 42, 7140)
    """
    held = load_register().release(text_of(release, "release"))
    what = held.offence(text_of(offence, "offence"))
    if residents is not None:
        what = replace(what, denominator=population.own_residents(residents))
    span, _ = resolve_periods(held, what, period, None)
    frame = series(list(map(Area.of, known_areas.FORCES)), what, [span], release=held.id)
    return frame[["area", "offences", *RATED, *MARKS]]


def changes(area: str | Area | None = None, *, period: str | Period | None = None, release: str = "latest") -> Figures:
    """Return what changed beyond the usual against the same months a year before, the rate of false names held at 5%.

    Parameters
    ----------
    area
        A force, a region, Wales or the nation; or a kind, such as ``force``; by default all of them.
    period
        Whole quarters, at most twelve months, such as ``2025/26 Q3``; by default the newest four.
    release
        A release's id, or ``latest``.

    Returns
    -------
    pandas.DataFrame
        A row for each reviewed offence whose change may be read, as :class:`analysis.comparison.among_forces.Screen` explains its columns; ``named`` is
        ``more``, ``fewer`` or blank. What is named of one area is named among those of all of its kind.

    Raises
    ------
    RequestError
        If a name is not known, or the release does not hold the period and that a year before.

    Examples
    --------
    >>> found = changes("England and Wales", release="2026-04-23")
    >>> found.query("named == 'fewer' and offence == 'burglary'")[["current", "baseline"]].values.tolist()
    [[224518, 254058]]
    """
    held = load_register().release(text_of(release, "release"))
    span = held.covers.last_months(12) if period is None else _period(period)
    if span.months > 12:
        raise RequestError(f"period: {span} has {span.months} months; give at most twelve")
    for each in (span, span.year_before):
        require_held(held, "88A", each)
    found = screened(held, span)
    frame = Figures((found if area is None else found.of(area)).rows.copy())
    frame.attrs = {"release": held.id}
    return frame


def _table(parts: Sequence[Columns], kinds: Mapping[str, str], release: Release) -> Figures:
    """Return the columns of areas and offences one below the other, as pandas keeps them; what is not known is ``<NA>``."""
    columns = {}
    for name, kind in kinds.items():
        nothing = "" if kind == "str" else np.nan
        arrays = [np.broadcast_to(part.get(name, nothing), part["offences"].shape) for part in parts]
        columns[name] = pd.array(np.concatenate(arrays), dtype=kind)  # type: ignore[call-overload]
    frame = Figures(columns)
    frame.attrs = {"release": release.id}
    return frame


def _several(given: Any, one: type) -> list[Any]:
    """Return one thing or several as a list."""
    if isinstance(given, str | one):
        return [given]
    if isinstance(given, dict | bytes | pd.DataFrame) or not isinstance(given, Iterable) or not (found := list(given)):
        raise RequestError(f"{one.__name__.lower()}s: found {shown(given)}; give a name or a list of names")
    return found


def _spans(whole: Period, by: str) -> Spans:
    """Return the quarters or years of a period that there is to be a row for."""
    quarters = whole.each_quarter
    if by == "quarter":
        return quarters
    spans = (Period(first.first, last.last) for first, last in zip(quarters, quarters[3:], strict=False))
    found = tuple(span for span in spans if by == "rolling" or span.first.month == 4)
    if not found:
        years = "financial year" if by == "year" else "four quarters"
        raise RequestError(f"periods: {whole} holds no {years}; give a longer one")
    return found


def _period(given: object) -> Period:
    return given if isinstance(given, Period) else Period.parse(text_of(given, "period"))


def _published(
    area: Area, offence: Offence, table: Release | str, spans: Spans, given: Spans
) -> list[tuple[Release, Spans]]:
    """Return the periods beside the publication that they are read from: of a table of years those within what was given, as given last."""
    if isinstance(table, Release):
        return [(table, spans)]
    held = sorted({year for each in vintages.publications(table) for year in each.years})
    years = [year for year in held if any(span.covers(year) for span in given)]
    found = itertools.groupby(years, key=lambda year: vintages.chosen(table, year, year.year_before))
    if not years:
        told = f"{area.name} has figures of {offence.label} in {joined(map(str, held))}"
        raise RequestError(f"periods: {told}; give one that holds one of these")
    return [(publication, tuple(group)) for publication, group in found if publication]


@functools.lru_cache(maxsize=64)  # the same for every area and offence
def _about(spans: Spans, release: Release) -> Columns:
    """Return when the periods of some rows are, and which of them are provisional."""
    years, newest = [financial_year_of(span.first) for span in spans], provisional_from(release)
    named = [year.covers(span) and span.months in {3, 12} for year, span in zip(years, spans, strict=True)]
    labels = [f"{year.first.year}/{year.last.year % 100:02d}" for year in years]
    return {
        "start": np.array([f"{span.first}-01" for span in spans], dtype="datetime64[s]"),
        "months": np.array([float(span.months) for span in spans]),
        "financial_year": np.where(named, labels, "").astype(object),
        "quarter": np.array([span.quarters_of_year[0] if span.months == 3 else np.nan for span in spans]),
        "provisional": np.array([float(span.overlaps(newest)) for span in spans]),
    }


def _figures(area: Area, offence: Offence, release: Release, spans: Spans) -> Columns:
    """Return counts with their marks, and rates of residents where one can be read: of what is counted by year where its noise is known."""
    held = release.span(offence.code)
    counted = np.array([held.covers(span) for span in spans])
    each = _sums(area, offence, release, spans)
    supplied = ~np.isnan(each).any(axis=0)
    breaks = counts.breaks_of(offence, area, release)
    definitions = sum((_later(effect, spans) for effect in breaks), np.ones(len(spans)))
    columns = {
        "offences": np.where(counted & supplied, each.sum(axis=0), np.nan),
        "definition": np.where(counted, definitions, np.nan),
        "supplied": np.where(counted, supplied, np.nan),
    }
    if counts.unrated(area, offence.denominator):
        return columns
    residing = population.residing(area, offence.denominator)
    if residing != area:
        each = _sums(residing, offence, release, spans)
    residents, months = _residents(residing, offence.denominator, spans), np.array([span.months for span in spans])
    people = residents["residents"]
    is_read = counted & (each.sum(axis=0) >= 0) & ~np.isnan(people)
    rate, low, high, alone = np.full((4, len(spans)), np.nan)
    for length in np.unique(months[is_read]):
        at = is_read & (months == length)
        noise = counts.noise_of(offence, release, int(length) // 3, residing)
        rate[at], (low[at], high[at]), (alone[at], _) = counts.rated(each[:, at], people[at], length, noise)
    residents = residents | {"rate": rate.round(3), "low": low.round(3), "high": high.round(3)}
    told = (low < alone) | (not release.by_years)
    return columns | {name: np.where(told, of, "" if name == "age_band" else np.nan) for name, of in residents.items()}


def _sums(area: Area, offence: Offence, release: Release, spans: Spans) -> np.ndarray:
    """Add up what each force or partnership of an area recorded: these by periods, NaN where it did not supply all of one."""
    return np.array([counts.part(offence.code, release, area, span).sum(axis=0) for span in spans]).T


@functools.lru_cache(maxsize=4096)  # the same for every area
def _later(effect: Effect, spans: Spans) -> np.ndarray:
    """Return how much further the number of a period's definition is for a break, NaN for a period in which two hold."""
    sides = [counts.side_of(effect, span) for span in spans]
    after = [side == counts.AFTER and not effect.change.gap for side in sides]
    return np.where(np.isin(sides, [counts.BOTH, counts.WITHIN, counts.MIXED]), np.nan, after)


@functools.lru_cache(maxsize=256)  # the same for every offence
def _residents(area: Area, of: Denominator, spans: Spans) -> Columns:
    """Return the residents that rates of some periods are of, and which they are."""
    found = [population.counted_in(area, span, of) for span in spans]
    rows = [(each.people, each.band, each.year) if each else (np.nan, "", np.nan) for each in found]
    return dict(zip(("residents", "age_band", "residents_year"), map(np.array, zip(*rows, strict=True)), strict=True))


def _judged(area: Area, offence: Offence, release: Release, spans: Spans) -> Columns:
    """Return what may be said of each period against the same months a year before, where the same release has these."""
    rows = []
    for span in spans:
        pair = Comparison(counts.count(area, offence, release, span)).year_before
        change = pair and pair.change
        numbers = (change.difference, change.percent and round(change.percent, 1)) if change else (None, None)
        rows.append(((pair and pair.answer) or "", *numbers, (change and change.reading) or ""))
    return {name: np.array(values, dtype=object) for name, values in zip(JUDGED, zip(*rows, strict=True), strict=True)}


@functools.cache
def _words() -> Any:
    return reader.read(Path(__file__).with_suffix(".yaml"), dict[str, str | dict[str, str]])


def notes(frame: pd.DataFrame, title: str = "") -> dict[str, str]:
    """Return what the figures are, where they come from, and what each column holds, by subject."""
    release = _release(frame, title)
    told = {"attribution": load_register().attribution, "version": __version__}
    if release:
        told |= {name: getattr(release, name) for name in ("producer", "title", "page", "limits")}
        told["released"] = release.words
    about = {}
    for name, text in _words()["about"].items():
        with contextlib.suppress(KeyError):  # a table that is of no release says nothing of one
            about[name] = text.format(**told)
    meaning = _words()["columns"]
    return about | {f"Column {name}": meaning[name] for name in map(str, frame) if name in meaning}


def _release(frame: pd.DataFrame, title: str) -> Release | None:
    """Return the release that a table is of, or None where it names none."""
    named = {frame.attrs["release"]} if "release" in frame.attrs else {*frame.get("release", ())}
    held = load_register().releases
    found = [each for each in held if each.id in named or (not named and each.words in title)]
    return found[0] if len(found) == 1 else None


def _workbook(frame: pd.DataFrame, title: str, release: Release | None) -> bytes:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # only who writes one waits for it

    content = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    with Workbook(content, {"in_memory": True, **plain}) as book:
        day = release.released if release and release.released else datetime(2000, 1, 1)  # noqa: DTZ001
        about = {"title": release.title, "author": release.producer} if release else {}
        book.set_properties({**about, "created": datetime.combine(day, time())})
        head, looks = title or (release.title if release else "Figures"), [_format(frame[name]) for name in frame]
        told = [["Subject", "Note"], *notes(frame, title).items()]
        sheets = (("figures", head, _rows(frame), looks), ("notes", "Notes", told, [{}, {"text_wrap": True}]))
        for name, said, rows, looks in sheets:
            sheet = book.add_worksheet(name)
            formats = [{"format": book.add_format(look)} if look else {} for look in looks]
            columns = [{"header": str(cell)} | look for cell, look in zip(rows[0], formats, strict=True)]
            table = {"columns": columns, "data": rows[1:], "name": name, "style": "Table Style Light 1"}
            sheet.add_table(3, 0, max(2 + len(rows), 4), len(columns) - 1, table)
            sheet.autofit(_WIDEST)
            sheet.write(0, 0, said, book.add_format({"bold": True}))
            sheet.write(1, 0, _words()[name])
    return content.getvalue()


def _format(column: pd.Series) -> dict[str, Any]:
    """Return how a column's numbers are shown: counts with commas, rates and percentages to one decimal."""
    if column.dtype.kind in "iu" and column.name not in _NAMING:
        return {"num_format": "#,##0"}
    return {"num_format": "#,##0.0"} if column.dtype.kind == "f" else {}


def _rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Return the head and the rows of a table: numbers and days as they are, yes or no in words, None for what is not known."""

    def plain(value: Any) -> Any:
        if isinstance(value, pd.Period):
            return quarter_label(value)
        return None if pd.isna(value) else {True: "yes", False: "no"}[value] if isinstance(value, bool) else value

    values = frame.astype(object).itertuples(index=False, name=None)
    return [list(map(str, frame)), *([plain(value) for value in row] for row in values)]
