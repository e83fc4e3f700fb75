"""One function per table: a frame of figures, and how a reader sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from analysis.comparison import Comparison, Count, Pair, Rate, settled_quarters
from analysis.report import addresses, revised, sentences
from analysis.report.rows import by_quarter, named_counts, rate_cells, rate_words
from analysis.report.sentences.readings import QUARTERS
from analysis.report.view import NOTHING, Column, Text, View, figure, html, marked, prose, rows_of, table
from analysis.statistics import NORMAL
from analysis.terms import areas, numbers
from analysis.terms.numbers import interval, number
from analysis.terms.periods import financial_year, quarter_label

_DRAWN = ("pooled", "pooled_low", "pooled_high", "rank_low", "rank_high")
RATE_HEADING = "Rate for 10,000 a year (95% interval)"


def key_figures(comparison: Comparison) -> View:
    """Return the figures that a reader looks for first, each with its marks."""
    current, before = comparison.current, comparison.same_quarters_year_before
    named = "Same quarters a year before"
    earlier = _count_figure(named, before) if before else (named, "[x]", "not set beside this period")
    figures = [_count_figure("Recorded offences", current), earlier, _rate_figure(current), _place_figure(comparison)]
    cards = html("cards", [(name, marked(value), note) for name, value, note in figures])
    return View(cards, "\n".join(f"{name}: {value} ({note})" for name, value, note in figures))


def periods(comparison: Comparison) -> View:
    """Return the periods side by side: months, counts, counts a month and rates."""
    frame = rows_of(
        ("which", "period", "months", "offences", "marks", "per_month", "rate", "low", "high", "residents"),
        [
            {"which": label, "period": count.period.words, "months": count.period.months, "offences": count.offences}
            | {"marks": "".join(count.marks), "per_month": count.per_month}
            | ({"rate": of.value, "low": of.low, "high": of.high} if (of := count.rate) else {})
            | {"residents": of and of.residents.words}
            for label, count in named_counts(comparison)
        ],
    )
    columns = [
        Column("Period", lambda row: f"{row.which.partition(':')[0]}: {row.period}"),
        Column("Months", "months", spare=True),
        Column("Recorded offences", lambda row: figure(row.offences) + _letters(row.marks), number=True),
        Column("A month", "per_month", 1),
        Column(RATE_HEADING, lambda row: rate_words(row.rate, row.low, row.high), number=True),
        Column("Residents", lambda row: row.residents or "no rate", spare=True),
    ]
    what = f"recorded {comparison.offence.noun}, the periods side by side"
    return table(frame, columns, caption=_caption(comparison, what))


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
    heads = ("Financial year", *(f"Q{place} {words}" for place, words in enumerate(QUARTERS, 1)), "Year")
    several = len(comparison.area.forces) > 1
    own = [own for own in comparison.forces if own.area.name in comparison.area.names] if several else [comparison]
    each = [by_quarter(one.area.names[0], quarters, _may_settle(one)) for one in own]
    shown = rows_of(heads, cells.assign(total=list(totals)).iloc[::-1].reset_index().to_numpy().tolist())
    columns = [Column(head, head, number=head != heads[0]) for head in heads]
    caption = _caption(comparison, f"recorded {comparison.offence.noun} by quarter")
    behind = pd.concat(each, ignore_index=True)
    return table(shown, columns, caption=caption, name="", behind=behind, kind="figures")


def robustness(comparison: Comparison) -> View:
    """Return whether the direction of the change survives other fair choices."""
    caption = f"{comparison.area.name}: does the direction depend on the choice?"
    return _views(comparison, comparison.views, caption, "robustness", "Way of looking")


def context(comparison: Comparison) -> View:
    """Return the same periods for all sexual offences and for neighbouring codes, where the release holds them."""
    if not comparison.context:
        return NOTHING
    caption = _caption(comparison, "other recorded offences in the same periods")
    return _views(comparison, comparison.context, caption, "context", "Offences")


def revised_quarters(comparison: Comparison) -> View:
    """Return what each release said of the quarters of which they give different figures."""
    differing = comparison.revisions
    differing = differing[differing["difference"].fillna(0) != 0]
    if differing.empty:
        line = "No release held gives another figure for any quarter that two of them hold."
        return prose(line, kind="empty")
    quarters = pd.PeriodIndex(differing.index)
    behind = by_quarter(comparison.area.name, quarters, {name: differing[name].array for name in differing.columns})
    releases = [Column(f"Release {name}", str(name)) for name in differing.columns[:-1]]
    shown = behind.assign(quarter=[quarter_label(quarter) for quarter in quarters]).iloc[::-1]
    columns = [Column("Quarter", "quarter"), *releases, Column("Difference", "difference")]
    caption = f"{comparison.area.name}: quarters of which releases give different figures"
    return table(shown, columns, caption=caption, name="revisions", behind=behind, kind="figures")


def revisions_by_age(comparison: Comparison) -> View:
    """Return how often and by how much figures changed later, by their age at release; nothing for a single force."""
    if len(comparison.area.forces) == 1:
        return NOTHING
    columns = revised.measures(Column("Quarters old at release", "age"), "Force-quarters")
    changed = f"How figures of {comparison.offence.label} changed after their release"
    caption = f"{changed}, by their age (0 is the newest quarter)"
    return table(comparison.revisions_by_age.head(revised.AGES).reset_index(), columns, caption=caption)


def all_forces(comparison: Comparison) -> View:
    """Return every force's counts in the two periods, with rates, by name; nothing for a single force."""
    if len(comparison.area.forces) == 1:
        return NOTHING
    return _all_forces(comparison, lambda name: name, kind="forces")


def index(comparison: Comparison, *, missing: Sequence[str] = ()) -> View:
    """Return the table of all forces with a line of each one's quarters and a link to its page.

    Parameters
    ----------
    comparison
        Of England and Wales, for the period and the release of the pages.
    missing
        Slugs of forces that have no page, which are named but not linked.
    """
    pages = addresses.force_pages(comparison.offence.code, missing)
    lines = comparison.by_force

    def page(name: str) -> str | Markup:
        return html("link", f"{pages[name]}.html", name) if name in pages else name

    since = f"Quarters since {quarter_label(lines.index[0])}"
    drawn = Column(since, lambda row: _trend(lines[row.force]), in_text=False, spare=True)
    return _all_forces(comparison, page, drawn, kind="forces wide")


def contributions(comparison: Comparison) -> View:
    """Return each force's part in the change, which add up to the whole; nothing for a single force."""
    if len(comparison.area.forces) == 1:
        return NOTHING
    parts = comparison.contributions
    if parts is None:
        line = "The two periods may not be compared, so no change is divided among the forces."
        return prose(line, kind="empty")
    whole = parts.sum().to_frame("All forces").T.assign(deviation=np.sqrt((parts["deviation"] ** 2).sum()))
    frame = pd.concat([parts, whole]).rename_axis("force").reset_index()
    frame.columns = pd.Index(["force", "offences", "baseline_offences", "difference", "deviation"])
    for name, side in (("low", -1), ("high", 1)):
        frame[name] = (frame["difference"] + side * NORMAL * frame["deviation"]).round(1)
    own = {each.area.name: each for each in comparison.forces}
    counts = period_columns(comparison, lambda row: own.get(row.force, comparison), "Offences, ")
    usual = Column("95% range", lambda row: interval(row.low, row.high, 0), number=True)
    columns = [Column("Force", "force"), *counts, Column("Difference", "difference"), usual]
    frame = frame.drop(columns="deviation").astype(dict.fromkeys(("offences", "baseline_offences", "difference"), int))
    caption = f"Each force's part in the change, release of {comparison.release.words}"
    return table(frame, columns, caption=caption, name="contributions", kind="forces")


def drawn(comparison: Comparison) -> View:
    """Return each force's rate and change drawn towards those of all, and its places; nothing for a single force."""
    funnel, changes = comparison.funnel, comparison.changes
    if len(comparison.area.forces) == 1 or (funnel is None and changes is None):
        return NOTHING
    found = {"rate": funnel, "change": changes}
    parts = [of.forces.filter(items=_DRAWN).add_prefix(f"{name}_") for name, of in found.items() if of]
    frame = pd.concat(parts, axis=1)
    frame = frame.reindex([name for name in areas.NAMES if name in frame.index]).rename_axis("force").reset_index()

    def rate(row: Any) -> str:
        return rate_words(row.rate_pooled, row.rate_pooled_low, row.rate_pooled_high)

    def places(row: Any) -> str:
        return numbers.places(row.rate_rank_low, row.rate_rank_high)

    def change(row: Any) -> str:
        return sentences.ratio_words(row.change_pooled_low, row.change_pooled_high)

    columns = [Column("Force", "force")]
    if funnel:
        columns += [Column("Rate, drawn (95% interval)", rate, number=True), Column("Places", places, number=True)]
    if changes:
        columns.append(Column("Change, drawn", change))
    caption = f"Rates and changes drawn towards those of all forces, release of {comparison.release.words}"
    return table(frame.round(3), columns, caption=caption, name="drawn", kind="forces")


def period_columns(comparison: Comparison, pair: Callable[[Any], Pair], lead: str = "") -> list[Column]:
    """Return the columns of the counts in the period and in the baseline, if there is one, with their marks.

    Parameters
    ----------
    comparison
        Whose periods to head the columns with.
    pair
        Gives the two counts of a row.
    lead
        What stands before the period in each heading.
    """

    def cell(side: str, row: Any) -> Text:
        count: Count | None = getattr(pair(row), side)
        return marked(counted(count)) if count else "[x]"

    sides = {"current": comparison.current, "baseline": comparison.baseline}
    return [Column(f"{lead}{of.period.words}", partial(cell, side), number=True) for side, of in sides.items() if of]


def counted(count: Count) -> str:
    """Return a count with the marks that stand beside it, such as ``78 [p]``."""
    return number(count.offences) + _letters(count.marks)


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
    """Show the first rows of a table: quarters as ``2017/18 Q1``, commas in thousands, ``[x]`` where there is no figure.

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
    >>> from analysis.figures.releases import load_offences
    >>> show(load_offences("88A", "2026-04-23"), rows=2)
    release     offence  force              quarter     offences
    2026-04-23  88A      Avon and Somerset  2012/13 Q1  2
    2026-04-23  88A      Avon and Somerset  2012/13 Q2  4
    2 of 2,420 rows
    """
    part = frame.head(rows)
    if part.index.name is not None or not pd.api.types.is_integer_dtype(part.index.dtype):
        part = part.reset_index()
    shown = with_labels(part.set_axis(part.columns.map(str), axis=1))
    columns = [Column(name, name, _decimals(shown[name])) for name in shown.columns]
    size = f"{number(len(part))} of {number(len(frame))} rows"
    made = table(shown, columns, caption=size, row_header=False)
    return View(made.html, f"{made.text}\n{size}", frame=frame)


def with_labels(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which quarters are written as official tables write them.

    Parameters
    ----------
    frame
        Any table; its columns of periods become text.
    """
    quarters = [name for name in frame.columns if isinstance(frame[name].dtype, pd.PeriodDtype)]
    labels = {name: frame[name].map(quarter_label, na_action="ignore").astype(object) for name in quarters}
    return frame.assign(**labels)


def _decimals(column: pd.Series) -> int | None:
    """Return how many decimals all numbers of a column are printed with."""
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return None
    return 0 if (column.dropna() % 1 == 0).all() else 2


def _letters(marks: Iterable[str]) -> str:
    return "".join(f" [{letter}]" for letter in marks)


def _count_figure(name: str, count: Count) -> tuple[str, str, str]:
    return name, counted(count), f"{count.period.words}, release of {count.release.words}"


def _rate_figure(count: Count) -> tuple[str, str, str]:
    rate = count.rate
    if rate is None:
        return "Rate", "[x]", count.no_rate
    name = f"Rate a year for 10,000 {rate.residents.whom}"
    year = f"; residents of mid-{rate.residents.year}" if rate.residents.year else ""
    note = f"95% interval {interval(rate.low, rate.high)}{year}"
    return name, f"{number(rate.value, 1)}{_letters(count.marks)}", note


def _place_figure(comparison: Comparison) -> tuple[str, str, str]:
    funnel, several = comparison.funnel, len(comparison.area.forces) > 1
    if funnel and (places := funnel.ranks(comparison.area.name)):
        # A range that breaks over two lines reads as two figures.
        value = places.replace(" ", "\N{NO-BREAK SPACE}") + _letters(comparison.current.marks)
        note = "95% range with a year's usual variation, 1 being the highest rate"
        return f"Place among {len(funnel.forces)} forces", value, note
    none = "one force has a place, not several together" if several else "no rate to be placed by"
    return "Place among the forces", "[x]", none


def _may_settle(comparison: Comparison) -> dict[str, Any]:
    """Return each quarter's offences, and the range in which a provisional one may settle."""
    every = comparison.quarters
    found = settled_quarters(comparison.area, comparison.offence, comparison.release).reindex(every["quarter"])
    ends = {f"settles_{end}": found[end].array for end in ("low", "high")}
    return {"offences": every["offences"].astype("Int64")} | ends


def _quarter_words(value: Any, is_provisional: bool) -> str:
    return "[x]" if pd.isna(value) else figure(int(value)) + _letters("p" if is_provisional else "")


def _caption(comparison: Comparison, what: str) -> str:
    return f"{comparison.area.name}: {what}, release of {comparison.release.words}"


def _views(comparison: Comparison, views: Sequence[Any], caption: str, name: str, first: str) -> View:
    frame = rows_of(
        ("force", "view", "current", "baseline", "direction", "reason"),
        [(comparison.area.name, v.name, v.current, v.baseline, v.direction, v.reason) for v in views],
    )
    columns = [
        Column(first, "view"),
        Column("This period", lambda row: _either(row.current), number=True),
        Column("Baseline", lambda row: _either(row.baseline), number=True),
        Column("Direction", lambda row: row.direction or f"none: {row.reason}"),
    ]
    return table(frame, columns, caption=caption, name=name)


def _either(value: Any) -> str:
    return figure(value, 1 if isinstance(value, float) else 0)


def _rate_words(rate: Rate | None) -> str:
    return rate_words(rate.value, rate.low, rate.high) if rate else "[x]"


def _all_forces(comparison: Comparison, page: Callable[[str], str | Markup], *more: Column, kind: str) -> View:
    own = {each.area.name: each for each in comparison.forces}
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
    columns = [
        Column("Force", lambda row: page(row.force)),
        *period_columns(comparison, lambda row: own[row.force], "Offences, "),
        Column(RATE_HEADING, lambda row: _rate_words(own[row.force].current.rate), number=True),  # rounded once
        Column("Change", lambda row: sentences.change_words(own[row.force])),
        *more,
    ]
    caption = f"Recorded {comparison.offence.noun} by police force, release of {comparison.release.words}"
    return table(frame, columns, caption=caption, name="forces-table", kind=kind)


def _trend(series: pd.Series) -> str | Markup:
    known = series.dropna()
    if known.empty:
        return "[x]"
    points = zip(np.linspace(0, 1, len(series)), series.to_numpy(dtype=float, na_value=np.nan), strict=True)
    stretches = [list(run) for missing, run in groupby(points, key=lambda point: np.isnan(point[1])) if not missing]
    low, high, newest = (number(value) for value in (known.min(), known.max(), known.iloc[-1]))
    return trend(stretches, f"{low} to {high} a quarter, the newest {newest}")
