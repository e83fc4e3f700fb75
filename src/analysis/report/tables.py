"""One function per table: a frame of figures, and how a reader sees it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from analysis import errors
from analysis.comparison import Choice, Comparison, Count, Pair, vintages
from analysis.report import addresses, revised
from analysis.report.rows import by_quarter, rate_cells
from analysis.report.view import NOTHING, Column, Text, View, figure, html, prose, rows_of, say, stack, table, words
from analysis.report.wording import Scale, change_range, change_words, percent_words, place_words
from analysis.statistics import NORMAL
from analysis.terms import areas, numbers
from analysis.terms.findings import MARKS
from analysis.terms.numbers import interval, number
from analysis.terms.periods import financial_year, quarter_label

TOTAL = "total"  # which stands below what it is made of
_NAMES = {"quarter", "definition", "age_band", "residents_year"}  # columns that name a row and count nothing
HALF = math.log(2)  # a strip reaches from half to double


def figures(comparison: Comparison) -> View:
    """Return every quarter of the release by financial year, with the rows behind it as CSV.

    Returns
    -------
    View
        On the page one row a financial year, the newest first; as CSV one row a force and quarter.
    """
    frame = comparison.quarters
    quarters = pd.PeriodIndex(frame["quarter"])
    frame = frame.assign(year=[financial_year(quarter) for quarter in quarters], place=quarters.quarter)
    frame["words"] = list(map(_quarter_words, frame["offences"], frame["provisional"]))
    years = frame.groupby("year")
    totals = map(_quarter_words, years["offences"].sum(min_count=4), years["provisional"].any())
    cells = frame.pivot(index="year", columns="place", values="words").reindex(columns=range(1, 5)).fillna("[x]")
    heads = (_head("year"), *(say(f"tables.quarters.{place}") for place in range(1, 5)), _head("whole-year"))
    several = len(comparison.area.forces) > 1
    own = [own for own in comparison.forces if own.area.name in comparison.area.names] if several else [comparison]
    each = [
        by_quarter(one.area.names[0], quarters, {"offences": one.quarters["offences"].astype("Int64")}) for one in own
    ]
    rows = [[year, *cells.loc[year], total] for (year, _), total in zip(years, totals, strict=True)]
    shown = rows_of(heads, rows[::-1])
    columns = [Column(heads[0], heads[0]), *(Column(head, head, number=True) for head in heads[1:])]
    caption = _caption("figures", comparison, noun=comparison.offence.noun)
    return table(shown, columns, caption=caption, name="", behind=pd.concat(each, ignore_index=True), kind="figures")


def robustness(comparison: Comparison) -> View:
    """Return the change by every other fair choice of release, months, area and baseline, behind a fold."""
    made = _choices(comparison, comparison.views, "robustness", _head("way"))
    return replace(made, html=html("fold", say("readings.robustness-fold"), made.html))


def context(comparison: Comparison) -> View:
    """Return the same periods for all sexual offences and for neighbouring codes, where the release holds them."""
    return _choices(comparison, comparison.context, "context", _head("offences")) if comparison.context else NOTHING


def revised_quarters(comparison: Comparison) -> View:
    """Return what each release said of the quarters of which they give different figures."""
    differing = comparison.revisions
    differing = differing[differing["difference"].fillna(0) != 0]
    if differing.empty:
        return prose(say("tables.no-revised"), kind="empty")
    quarters = pd.PeriodIndex(differing.index)
    behind = by_quarter(comparison.area.name, quarters, {name: differing[name].array for name in differing.columns})
    releases = [Column(_head("release", release=name), str(name)) for name in differing.columns[:-1]]
    shown = behind.assign(quarter=[quarter_label(quarter) for quarter in quarters]).iloc[::-1]
    columns = [Column(_head("quarter"), "quarter"), *releases, Column(_head("difference"), "difference")]
    caption = _caption("revisions", comparison)
    return table(shown, columns, caption=caption, name="revisions", behind=behind, kind="figures")


def revisions_by_age(comparison: Comparison) -> View:
    """Return how often and by how much figures changed later, by their age at release; nothing for a single force."""
    if len(comparison.area.forces) == 1:
        return NOTHING
    columns = revised.measures(Column(_head("age"), "age"), _head("force-quarters"))
    shown = comparison.revisions_by_age.head(revised.AGES).reset_index()
    return table(shown, columns, caption=_caption("ages", comparison, offence=comparison.offence.label))


def offences(comparison: Comparison) -> View:
    """Return a row for each reviewed offence that the area recorded: two counts, the change, its reading, and its years.

    Parameters
    ----------
    comparison
        Of any offence: its area, periods and release are those of all rows.
    """
    reviewed = (pair for pair in comparison.listed if pair.current.offence.reviewed)
    return _listed(comparison, sorted(reviewed, key=lambda pair: pair.current.offence.code == TOTAL), "offences")


def partnerships(comparison: Comparison) -> View:
    """Return what each Community Safety Partnership of a force recorded in the newest year that is counted so; nothing for several forces.

    A row each, by name, and what was assigned to none of them; as CSV every offence that is counted so.
    """
    of, newest = comparison.area.forces, vintages.publications(vintages.PARTNERSHIPS)[-1]
    own = [each for each in areas.partnerships() if [each.force] == list(of)]
    if not own:
        return NOTHING
    year = max(newest.years, key=lambda each: each.last)
    rows = [(each.name, *(newest.figure(each.code, code, year) for code in newest.held)) for each in own]
    none = say("tables.unassigned")
    rows.append((none, *(vintages.unassigned(of[0], code, newest, year)[0] for code in newest.held)))
    frame = rows_of(("partnership", *newest.held), rows)
    shown = words("tables.partnership-columns")
    columns = [Column(_head("partnership"), "partnership"), *(Column(head, code) for code, head in shown.items())]
    caption = say("tables.captions.partnerships", area=comparison.area.name, year=year.words, release=newest.words)
    made = table(frame, columns, caption=caption, name="partnerships", kind="partnerships rows")
    return stack(prose(say("tables.partnerships")), made)


def vintages_of(comparison: Comparison) -> View:
    """Return what a year's figure was when it was first published, and what it is now; nothing where no publication is held."""
    offence, quarters = comparison.offence.code, comparison.quarters.set_index("quarter")["offences"]
    if offence not in vintages.held():
        return NOTHING
    keys = ((force.code or force.name, offence) for force in comparison.area.forces)
    periods = sorted({year for key in keys for _, year in vintages.years("vintages").get(key, {})})
    rows = []
    for year in periods:
        first = next(iter(vintages.of(comparison.area, offence, year)), None)
        now = quarters.reindex(year.quarters).sum(min_count=len(year.quarters))
        if first and not pd.isna(now):
            day, change = numbers.day_words(first.published), int(now) - first.offences
            rows.append(
                (year.words, first.offences, day, int(now), change, round(100 * change / max(first.offences, 1), 1))
            )
    if not rows:
        return NOTHING
    heads = ("year", "first", "published", "now", "difference", "percent")
    columns = [Column(_head(f"vintage-{name}"), name, 1 if name == "percent" else None) for name in heads]
    made = table(rows_of(heads, rows), columns, caption=_caption("vintages", comparison), name="vintages")
    return stack(prose(say("tables.vintages")), made)


def others(comparison: Comparison) -> View:
    """Return what else the area recorded in the two periods, of which nobody has reviewed what is counted, behind a fold."""
    pairs = [pair for pair in comparison.listed if not pair.current.offence.reviewed]
    if not pairs:
        return NOTHING
    rows = [
        (comparison.area.name, of.offence.code, of.offence.name, of.offences, before.offences if before else None)
        for of, before in ((each.current, each.baseline) for each in pairs)
    ]
    frame = rows_of(("force", "code", "name", "offences", "baseline_offences"), rows)
    periods = {"offences": comparison.current, "baseline_offences": comparison.baseline}
    counts = [Column(count.period.words, name) for name, count in periods.items() if count]
    caption = _caption("others", comparison, period=comparison.current.period.words)
    made = table(frame, [Column(_head("offence"), "name"), *counts], caption=caption, name="others")
    return replace(made, html=html("fold", say("tables.others-fold"), made.html))


def all_forces(comparison: Comparison) -> View:
    """Return every force's counts in the two periods, with rates and places, by name; nothing for a single force."""
    if len(comparison.area.forces) == 1:
        return NOTHING
    own, scale, funnel = {each.area.name: each for each in comparison.forces}, Scale.of(comparison), comparison.funnel
    names = ("force", "period", "offences", "baseline", "baseline_offences")
    frame = rows_of(
        (*names, "rate_per_10000", "low", "high", "age_band", "residents_year", "caveats"),
        [
            rate_cells(each.current.rate)
            | {"force": name, "period": str(each.current.period), "offences": each.current.offences}
            | ({"baseline": str(base.period), "baseline_offences": base.offences} if (base := each.baseline) else {})
            | {"caveats": " ".join(caveat.code for caveat in each.caveats)}
            for name, each in own.items()
        ],
    )

    def page(row: Any) -> Text:
        return html("page", addresses.of_force(row.force, comparison.offence), row.force)

    marks, notes = _marks(list(own.values()), lambda row: own[row.force])
    columns = [
        Column(_head("force"), page),
        *_change_columns(comparison, lambda row: own[row.force]),
        Column(_head("rate", unit=scale.unit), lambda row: scale.words(own[row.force].current.rate), number=True),
        *([Column(_head("place"), lambda row: place_words(funnel, row.force))] if funnel else []),
        *marks,
    ]
    caption = _caption("forces", comparison, noun=comparison.offence.noun)
    return stack(notes, table(frame, columns, caption=caption, name="forces-table", kind="forces rows"))


def contributions(comparison: Comparison) -> View:
    """Return each force's part in the change, which add up to the whole; nothing for a single force."""
    if len(comparison.area.forces) == 1:
        return NOTHING
    parts = comparison.contributions
    if parts is None:
        return prose(say("tables.not-divided"), kind="empty")
    whole = parts.sum().to_frame(say("tables.all-forces")).T
    whole = whole.assign(deviation=np.sqrt((parts["deviation"] ** 2).sum()))
    frame = pd.concat([parts, whole]).rename_axis("force").reset_index()
    frame.columns = pd.Index(["force", "offences", "baseline_offences", "difference", "deviation"])
    for name, side in (("low", -1), ("high", 1)):
        frame[name] = (frame["difference"] + side * NORMAL * frame["deviation"]).round(1)
    frame = frame.drop(columns="deviation").astype(dict.fromkeys(("offences", "baseline_offences", "difference"), int))
    periods = {"offences": comparison.current, "baseline_offences": comparison.baseline}
    columns = [
        Column(_head("force"), "force"),
        *(Column(count.period.words, name) for name, count in periods.items() if count),
        Column(_head("difference"), "difference"),
        Column(_head("usual"), lambda row: interval(row.low, row.high, 0), number=True),
    ]
    return table(frame, columns, caption=_caption("contributions", comparison), name="contributions", kind="forces")


def strip(pair: Pair) -> Markup | str:
    """Return a change as a line with its range about no change, small enough for a row; its words for who does not see it.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> drawn = strip(compare("Kent", release="2026-04-23"))
    >>> "anything from 4% fewer to 79% more fits" in drawn
    True
    """
    change = pair.change
    if change is None or change.percent is None or change.low is None or change.high is None:
        return ""
    at = [60 + 56 * float(np.clip(math.log1p(each / 100) / HALF, -1, 1)) if each > -100 else 4.0
          for each in (change.low, change.percent, change.high)]  # fmt: skip
    words = say("tables.strip-said", range=change_range(change))
    return html("strip", *(round(each, 1) for each in at), change.reading or "", words)


def trend(stretches: Sequence[Sequence[tuple[float, float]]], said: str) -> Markup:
    """Return a line small enough for a row of a table, cut between its stretches, over a line of nought.

    Parameters
    ----------
    stretches
        Points that a line joins: how far across (0 to 1), and the value.
    said
        What it shows, in words, for who does not see it.

    Examples
    --------
    >>> "M2 24L52 4M101 14h2" in trend([[(0, 0), (0.5, 4)], [(1, 2)]], "0 to 4")
    True
    """
    values = [value for points in stretches for _, value in points]
    low, high = min([0.0, *values]), max([1.0, *values])

    def height(value: float) -> float:
        return round(24 - 20 * (value - low) / (high - low), 1)

    path = ""
    for points in stretches:
        alone = len(points) == 1  # drawn as a dash, so that it is seen too
        drawn = [f"{2 - alone + 100 * across:.4g} {height(value):.4g}" for across, value in points]
        path += f"M{'L'.join(drawn)}" + ("h2" if alone else "")
    return html("trend", path, height(0), said)


def show(frame: pd.DataFrame, *, rows: int = 8) -> View:
    """Show the first rows of a table: quarters as ``2017/18 Q1``, commas in thousands, yes and no, ``[x]`` where there is no figure.

    Parameters
    ----------
    frame
        Any table that the library returns. It is not changed.
    rows
        How many rows to show.

    Returns
    -------
    View
        To look at; calculate with the table itself.

    Notes
    -----
    pandas writes a financial quarter by the year in which the financial year ends: its ``2013Q1`` is April to June 2012.

    Examples
    --------
    >>> from analysis import load_offences
    >>> show(load_offences("88A", "2026-04-23"), rows=2)
    release     offence  force              quarter     offences  provisional  definition  supplied
    2026-04-23  88A      Avon and Somerset  2012/13 Q1  2         no           1           yes
    2026-04-23  88A      Avon and Somerset  2012/13 Q2  4         no           1           yes
    2 of 2,420 rows
    """
    if not isinstance(frame, pd.DataFrame):
        raise errors.RequestError(f"frame: found {errors.shown(frame)}; give a table that the library returns")
    if type(rows) is not int or rows < 1:
        raise errors.RequestError(f"rows: found {errors.shown(rows)}; give a whole number of at least 1")
    part = frame.head(rows)
    if part.index.name is not None or not pd.api.types.is_integer_dtype(part.index.dtype):
        part = part.reset_index()
    shown = with_labels(part.set_axis(part.columns.map(str), axis=1))
    columns = [Column(name, name, _decimals(shown[name])) for name in shown.columns]
    size = say("tables.rows-shown", part=number(len(part)), whole=number(len(frame)))
    made = table(shown, columns, caption=size, row_header=False)
    return View(made.html, f"{made.text}\n{size}", frame=frame)


def with_labels(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which quarters are written as official tables write them, days as days, and yes and no in words.

    Parameters
    ----------
    frame
        Any table. What names a row and is no figure (a quarter of the year, a definition) stands blank where there is none.
    """

    def words(column: pd.Series) -> Any:
        kind = column.dtype
        if isinstance(kind, pd.PeriodDtype):
            return column.map(quarter_label, na_action="ignore").astype(object)
        if pd.api.types.is_bool_dtype(kind):
            return column.map({True: "yes", False: "no"}).astype(object).fillna("")
        if pd.api.types.is_datetime64_any_dtype(kind):
            return column.dt.strftime("%Y-%m-%d").astype(object)
        return column.astype(object).fillna("") if column.name in _NAMES and column.isna().any() else column

    made: pd.DataFrame = frame.apply(words)
    return made


def _listed(comparison: Comparison, pairs: Iterable[Pair], name: str) -> View:
    """Return offences with their counts, changes and years, each group behind its total."""
    by_code = {pair.current.offence.code: pair for pair in pairs}
    years = {code: comparison.years(pair.current.offence) for code, pair in by_code.items()}
    ends = sorted({year.last for stretches in years.values() for stretch in stretches for year in stretch})
    given = ("difference", "percent", "low", "high", "reading")
    heads = ("force", "code", "name", "offences", "baseline_offences", *given, "answer", "marks", "caveats")
    frame = rows_of(
        (*heads, *(f"year_to_{end}" for end in ends)),
        [
            {"force": comparison.area.name, "code": code, "name": pair.current.offence.name}
            | {"offences": pair.current.offences, "baseline_offences": pair.baseline and pair.baseline.offences}
            | {each: getattr(pair.change, each, None) for each in given}
            | {"answer": pair.answer, "marks": "".join(pair.current.marks)}
            | {"caveats": " ".join(caveat.code for caveat in pair.caveats)}
            | {f"year_to_{year.last}": value for stretch in years[code] for year, value in stretch.items()}
            for code, pair in by_code.items()
        ],
    )

    def named(row: Any) -> Text:
        offence = by_code[row.code].current.offence
        page = (
            html("page", addresses.of_area(comparison.area, offence), offence.name)
            if offence.reviewed
            else offence.name
        )
        return html("strong", page) if offence.kind == "group" else page

    month = comparison.current.period.last.words.split()[0]
    marks, notes = _marks(list(by_code.values()), lambda row: by_code[row.code])
    columns = [
        Column(_head("offence"), named),
        *_change_columns(comparison, lambda row: by_code[row.code]),
        Column(
            _head("trend", month=month), lambda row: _years(by_code[row.code].current, years[row.code]), in_text=False
        ),
        *marks,
    ]
    caption = _caption(name, comparison, period=comparison.current.period.words)
    shown = table(frame.round(1), columns, caption=caption, name=name, kind="offences rows")
    return stack(prose(say("tables.strip")), notes, shown)


def _change_columns(comparison: Comparison, pair: Callable[[Any], Pair]) -> list[Column]:
    """Return the columns of two counts, the change, its strip and its reading.

    Parameters
    ----------
    comparison
        Whose periods to head the columns with.
    pair
        Gives the two counts of a row.
    """

    def cell(side: str, row: Any) -> Text:
        count: Count | None = getattr(pair(row), side)
        return figure(count.offences) if count else "[x]"

    sides = {"current": comparison.current, "baseline": comparison.baseline}
    counts = [Column(of.period.words, partial(cell, side), number=True) for side, of in sides.items() if of]
    if comparison.baseline is None:
        return counts
    return [
        *counts,
        Column(_head("change"), lambda row: _change(pair(row)), number=True),
        Column(_head("reading"), lambda row: html("drawn", strip(pair(row)), change_words(pair(row)))),
    ]


def _change(pair: Pair) -> str:
    """Return a change in offences and, where it may be given, in per cent."""
    change = pair.change
    if change is None:
        return "[x]"
    difference = f"{'+' if change.difference > 0 else ''}{number(change.difference)}"
    if change.percent is None or not change.difference:
        return difference
    return say(
        "tables.change", difference=difference, percent=percent_words(abs(change.percent)).partition("%")[0] + "%"
    )


def _marks(pairs: Sequence[Pair], pair: Callable[[Any], Pair]) -> tuple[list[Column], View]:
    """Return a column of the marks that not all rows have, if there are such, and what each mark means, said once."""
    each = [{mark for count in pair.counts for mark in count.marks} for pair in pairs]
    shared = set.intersection(*each) if each else set()
    others = sorted(set().union(*each) - shared)
    notes = [say("tables.all-marked", mark=mark, meaning=MARKS[mark]) for mark in sorted(shared)]
    if not others:
        return [], prose(*notes, kind="marks") if notes else NOTHING

    def cell(row: Any) -> str:
        own = {mark for count in pair(row).counts for mark in count.marks}
        return " ".join(f"[{mark}]" for mark in others if mark in own)

    explained = "; ".join(say("tables.mark", mark=mark, meaning=MARKS[mark]) for mark in others)
    return [Column(_head("marks"), cell)], prose(*notes, say("tables.marks", marks=explained), kind="marks")


def _years(count: Count, stretches: Sequence[dict[Any, int]]) -> Markup | str:
    """Return a line of the years of an offence, cut where they may not be compared; none where nobody has reviewed it."""
    if not stretches:
        return "[x]" if count.offence.reviewed else say("tables.not-known")
    span = count.release.covers
    points = [
        [((year.last.ordinal - span.first.ordinal) / span.months, value) for year, value in stretch.items()]
        for stretch in stretches
    ]
    ends = [{year: stretch[year] for year in (min(stretch), max(stretch))} for stretch in stretches]
    said = [
        " to ".join(say("tables.trend-ends", value=number(value), year=year.last.year) for year, value in each.items())
        for each in ends
    ]
    return trend(points, "; ".join(said))


def _decimals(column: pd.Series) -> int | None:
    """Return how many decimals all numbers of a column are printed with."""
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return None
    return 0 if (column.dropna() % 1 == 0).all() else 2


def _quarter_words(value: Any, is_provisional: bool) -> str:
    return "[x]" if pd.isna(value) else figure(int(value)) + " [p]" * is_provisional


def _head(name: str, **values: object) -> str:
    return say(f"tables.heads.{name}", **values)


def _caption(name: str, comparison: Comparison, **values: object) -> str:
    return say(f"tables.captions.{name}", area=comparison.area.name, release=comparison.release.words, **values)


def _choices(comparison: Comparison, choices: Sequence[Choice], name: str, first: str) -> View:
    frame = rows_of(
        ("force", "view", "current", "baseline", "direction", "reason"),
        [(comparison.area.name, v.name, v.current, v.baseline, v.direction, v.reason) for v in choices],
    )
    columns = [
        Column(first, "view"),
        Column(_head("this-period"), lambda row: _either(row.current), number=True),
        Column(_head("baseline", period="Baseline"), lambda row: _either(row.baseline), number=True),
        Column(_head("direction"), lambda row: row.direction or say("tables.none", reason=row.reason)),
    ]
    return table(frame, columns, caption=_caption(name, comparison), name=name)


def _either(value: Any) -> str:
    return figure(value, 1 if isinstance(value, float) else 0)
