"""One function per table: a frame of figures, and how a reader sees it; and the columns that are alike wherever they stand."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from analysis import errors
from analysis.comparison import (
    Choice,
    Comparison,
    Count,
    Pair,
    Rate,
    Release,
    count,
    judge,
    quarters_of,
    total,
    vintages,
)
from analysis.report import addresses
from analysis.report.sentences import (
    Scale,
    change_words,
    place_words,
    poor_years_words,
    range_words,
    share_words,
    short_answer,
)
from analysis.report.view import (
    NOTHING,
    Column,
    Text,
    View,
    columns,
    figure,
    fold,
    html,
    items,
    only_file,
    prose,
    rows_of,
    say,
    stack,
    table,
    words,
)
from analysis.statistics import NORMAL
from analysis.terms import areas, numbers
from analysis.terms.areas import Force, Partnership
from analysis.terms.findings import MARKS
from analysis.terms.numbers import interval, joined, number
from analysis.terms.offences import Offence, known
from analysis.terms.periods import Period, financial_year, quarter_label

AGES = 12  # quarters: three years, after which little changes
RATE_COLUMNS = ("force", "offences", "residents", "age_band", "residents_year", "rate_per_10000", "low", "high")
READ = ("difference", "percent", "low", "high", "reading")
PAIR_COLUMNS = ("code", "name", "offences", "baseline_offences", *READ, "answer", "marks", "caveats")
TOTAL = "total"  # which stands below what it is made of
_NAMES = {"quarter", "definition", "age_band", "residents_year"}  # columns that name a row and count nothing
HALF = math.log(2)  # a strip reaches from half to double


def by_quarter(area: str | pd.Series, quarters: pd.PeriodIndex, columns: dict[str, Any]) -> pd.DataFrame:
    """Return columns of one value a quarter behind those that say whose they are, and of which quarter.

    Parameters
    ----------
    area
        Whose they are, one for all or one each.
    quarters
        Financial quarters.
    columns
        The values, by what they are called.
    """
    named = {quarter: financial_year(quarter) for quarter in quarters.unique()}
    years = quarters.map(named).to_numpy(dtype=object)
    return pd.DataFrame({"force": area, "financial_year": years, "financial_quarter": quarters.quarter, **columns})


def quarters_frame(comparison: Comparison, **before: Any) -> pd.DataFrame:
    """Return an area's quarters with their figures behind other columns, and whether they are provisional.

    Parameters
    ----------
    comparison
        Whose quarters.
    before
        Other columns, by name.
    """
    table = comparison.quarters
    provisional = table["provisional"].map({True: "yes", False: "no"})
    columns = before | {"offences": table["offences"], "provisional": provisional}
    return by_quarter(comparison.area.name, pd.PeriodIndex(table["quarter"]), columns)


def by_force(comparison: Comparison) -> pd.DataFrame:
    """Return an area's quarters, force by force, as the file of an area has them."""
    return quarters_by_force([comparison.offence.code], comparison.release, comparison.area.names).drop(
        columns=["offence", "release"]
    )


def quarters_by_force(codes: Sequence[str], release: Release, names: Sequence[str]) -> pd.DataFrame:
    """Return every quarter of a release of some offences, force by force, as the files of pages have them.

    Parameters
    ----------
    codes
        Codes or ids of offences.
    release
        Where they are counted.
    names
        Forces by name.
    """
    quarters, each = release.covers.quarters, [quarters_of(code, release, names).T for code in codes]
    columns = {
        "offences": pd.array(np.ravel(each), dtype="Int64"),
        "offence": np.repeat([release.offence(code).code for code in codes], len(names) * len(quarters)),
        "release": release.id,
    }
    forces = pd.Series(np.tile(np.repeat(list(names), len(quarters)), len(codes)), dtype="str")
    return by_quarter(forces, quarters.take(np.tile(np.arange(len(quarters)), len(codes) * len(names))), columns)


def rate_cells(rate: Rate | None) -> dict[str, Any]:
    """Return a rate by column, with what it is of; no cell where there is none.

    Parameters
    ----------
    rate
        A rate, or None.
    """
    if rate is None:
        return {}
    of = rate.residents
    cells = {"offences": rate.offences, "residents": of.people, "age_band": of.band, "residents_year": of.year}
    return cells | {"rate_per_10000": round(rate.value, 3), "low": round(rate.low, 3), "high": round(rate.high, 3)}


def rate_frame(of: Iterable[Force], rates: dict[str, Rate]) -> pd.DataFrame:
    """Return forces with their rates as a table, blank where there is none.

    Parameters
    ----------
    of, rates
        Forces, and the rates that there are by name.
    """
    return rows_of(RATE_COLUMNS, [{"force": force.name, **rate_cells(rates.get(force.name))} for force in of])


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
    shown = frame.pivot(index="year", columns="place", values="words").reindex(columns=range(1, 5)).fillna("[x]")
    shown["whole"] = list(map(_quarter_words, years["offences"].sum(min_count=4), years["provisional"].any()))
    shown = shown[::-1].reset_index().set_axis(list(words("tables.figures-heads")), axis=1)
    heads = [replace(head, number=head.of != "year") for head in columns("tables.figures-heads")]
    caption = _caption("figures", comparison, noun=comparison.offence.noun)
    return table(shown, heads, caption=caption, name="", behind=by_force(comparison), kind="figures")


def robustness(comparison: Comparison) -> View:
    """Return the change by every other fair choice of release, months, area and baseline, behind a fold."""
    return fold("readings.robustness-fold", _choices(comparison, comparison.views, "robustness"))


def context(comparison: Comparison) -> View:
    """Return the same periods for all sexual offences and for neighbouring codes, where the release holds them."""
    return _choices(comparison, comparison.context, "context") if comparison.context else NOTHING


def revised_quarters(comparison: Comparison) -> View:
    """Return what each release said of the quarters of which they give different figures."""
    differing = comparison.revisions
    differing = differing[differing["difference"].fillna(0) != 0]
    if differing.empty:
        return prose(say("tables.no-revised"), kind="empty")
    quarters = pd.PeriodIndex(differing.index)
    behind = by_quarter(comparison.area.name, quarters, {name: differing[name].array for name in differing.columns})
    shown = behind.assign(quarter=[quarter_label(quarter) for quarter in quarters]).iloc[::-1]
    first, last = columns("tables.revisions-heads")
    releases = [Column(say("tables.release", release=name), str(name)) for name in differing.columns[:-1]]
    caption = _caption("revisions", comparison)
    return table(shown, [first, *releases, last], caption=caption, name="revisions", behind=behind, kind="figures")


def revisions_by_age(comparison: Comparison) -> View:
    """Return how often and by how much figures changed later, by their age at release; nothing for a single force."""
    if len(comparison.area.forces) == 1:
        return NOTHING
    shown = comparison.revisions_by_age.head(AGES).reset_index()
    return revised(shown, "tables.ages-heads", _caption("ages", comparison, offence=comparison.offence.label))


def revised(frame: pd.DataFrame, heads: str, caption: str, name: str | None = None) -> View:
    """Return how often and by how much figures changed later, a row for each age, force or offence; nothing of none.

    Parameters
    ----------
    frame
        A row each, as :func:`analysis.figures.revisions.by` gives them.
    heads
        Where the headings stand in ``report/words``.
    caption, name
        As :func:`analysis.report.view.table` takes them.
    """
    if frame.empty:
        return NOTHING
    whole = dict.fromkeys(("median", "largest", "net"))
    made = {each: Column("", each, 0) for each in whole}
    share = Column("", lambda row: f"{number(row.share * 100)}%", number=True)
    return table(frame, columns(heads, share=share, **made), caption=caption, name=name)


def offences(comparison: Comparison, *, groups: bool = False) -> View:
    """Return a row for each reviewed offence that the area recorded: two counts, the change, its reading, and its years.

    Parameters
    ----------
    comparison
        Of any offence: its area, periods and release are those of all rows.
    groups
        Whether to show the total and the groups that it is the sum of alone, without their years.
    """
    whole = {TOTAL, *known()[TOTAL].of}
    reviewed = (
        pair
        for pair in comparison.listed
        if (pair.current.offence.code in whole if groups else pair.current.offence.reviewed)
    )
    pairs = sorted(reviewed, key=lambda pair: pair.current.offence.code == TOTAL)
    by_code = {pair.current.offence.code: pair for pair in pairs}
    years = {code: comparison.years(pair.current.offence) for code, pair in by_code.items()}
    ends = sorted({year.last for stretches in years.values() for stretch in stretches for year in stretch})
    frame = rows_of(
        ("force", *PAIR_COLUMNS, *(f"year_to_{end}" for end in ends)),
        [
            {"force": comparison.area.name, **_pair_cells(pair)}
            | {f"year_to_{year.last}": value for stretch in years[code] for year, value in stretch.items()}
            for code, pair in by_code.items()
        ],
    )

    def named(row: Any) -> Text:
        offence = by_code[row.code].current.offence
        page = html("page", addresses.of_area(comparison.area, offence), offence.name)
        return html("strong", page) if offence.kind == "group" else page

    def course(row: Any) -> Text:
        return _years(by_code[row.code].current, years[row.code])

    period, base = comparison.current.period, comparison.baseline
    changes, marks, notes = _of_pairs(comparison, by_code, "code")
    trends = Column(_head("trend", month=period.last.words.split()[0]), course, in_text=False, kind="course")
    shown = [Column(_head("offence"), named), *changes, *([] if groups else [trends]), *marks]
    caption = _caption(
        "offences-against" if base else "offences", comparison, period=period.words, baseline=base and base.period.words
    )
    made = table(frame.round(1), shown, caption=caption, name="offences", kind="pairs rows")
    how = [say("tables.strip"), *([say("tables.held-why")] if any(map(poor_years_words, pairs)) else [])]
    return stack(notes, fold("tables.how-to-read", prose(*how)), made)


def others(comparison: Comparison) -> View:
    """Return what else the area recorded in the two periods, of which nobody has reviewed what is counted, behind a fold."""
    pairs = [pair for pair in comparison.listed if not pair.current.offence.reviewed]
    if not pairs:
        return NOTHING
    frame = rows_of(
        ("force", "code", "name", "offences", "baseline_offences"),
        [
            (comparison.area.name, of.offence.code, of.offence.name, of.offences, before.offences if before else None)
            for of, before in ((each.current, each.baseline) for each in pairs)
        ],
    )
    caption = _caption("others", comparison, period=comparison.current.period.words)
    heads = [Column(_head("offence"), "name"), *_sides(comparison).values()]
    return fold("tables.others-fold", table(frame, heads, caption=caption, name="others"))


def partnerships(comparison: Comparison) -> View:
    """Return what each Community Safety Partnership of a force recorded in the newest year, and how that changed between two years of one publication.

    A row each, by name, and what was assigned to none of them; as CSV every offence that is counted so. Nothing for several forces.
    """
    own, newest, year = _partnerships(comparison)
    if not own:
        return NOTHING
    rows = [(each.name, *(newest.figure(each.code, code, year) for code in newest.held)) for each in own]
    none = (vintages.unassigned(comparison.area.forces[0], code, newest, year)[0] for code in newest.held)
    frame = rows_of(("partnership", *newest.held), [*rows, (say("tables.unassigned"), *none)])
    counts, pairs = frame.set_index("partnership"), _partnership_pairs(comparison.area.forces[0])
    heads = words("tables.partnership-heads")
    # The answer rests on the offence and the force, so that it is the same for nearly all of a column, and said above it.
    answers = {code: short_answer(pair, "tables.whether") for (_, code), pair in reversed(pairs.items())}

    def cell(code: str, row: Any) -> Text:
        recorded, pair = figure(counts.at[row.partnership, code]), pairs.get((row.partnership, code))
        if pair is None:
            return recorded
        reading = pair.change and pair.change.reading
        said = words("recorded.in-a-table")[reading] if reading and reading != "within-usual" else ""
        if short_answer(pair, "tables.whether") != answers[code]:
            said = change_words(pair)
        return html("with_change", recorded, "; ".join(filter(None, [_range_of(pair), said])))

    made = {code: Column("", partial(cell, code), number=True) for code in answers}
    now, then = (one.period.words for one in next(iter(pairs.values())).counts)
    values = {"year": year.words, "release": newest.words, "now": now, "then": then}
    caption = say("tables.captions.partnerships", area=comparison.area.name, **values)
    shown = table(
        frame, columns("tables.partnership-heads", **made), caption=caption, name="partnerships", kind="rows wide"
    )
    why = {said: joined([heads[code] for code in heads if answers.get(code) == said]) for said in answers.values()}
    whether = items(*(html("named", codes, said) for said, codes in why.items()))
    whole = stack(prose(say("tables.partnership-changes", **values)), whether, shown)
    folded = fold("tables.partnerships-fold", whole, kind="broad", count=len(own))
    return stack(prose(say("tables.partnerships")), folded)


def partnership_changes(comparison: Comparison) -> View:
    """Return the changes of a force's partnerships between two years, a row a partnership and offence: a file, and nothing to show."""
    if len(comparison.area.forces) > 1 or not (pairs := _partnership_pairs(comparison.area.forces[0])):
        return NOTHING
    rows = [{"partnership": name, "period": str(pair.current.period), "baseline": str(pair.baseline and pair.baseline.period)}
            | _pair_cells(pair) for (name, _), pair in pairs.items()]  # fmt: skip
    return only_file(
        "partnership-changes", rows_of(("partnership", "period", "baseline", *PAIR_COLUMNS), rows).round(1)
    )


def partnership_rates(comparison: Comparison) -> View:
    """Return the rates of a force's partnerships, of the offences of which it is known how far such figures vary, behind a fold."""
    own, newest, year = _partnerships(comparison)
    heads = words("tables.partnership-heads")
    held = [(part, newest.offence(code)) for part in own for code in heads if code in newest.held]
    counted = {
        (part.name, each.code): count(areas.find_area(part.code), each, newest, year).rate for part, each in held
    }
    rates = {key: rate for key, rate in counted.items() if rate and rate.is_measured}
    if not rates:
        return NOTHING
    rows = [{"partnership": name, "code": code, **rate_cells(rate)} for (name, code), rate in rates.items()]
    frame = rows_of(("partnership", "code", *RATE_COLUMNS[1:]), rows)
    wide = frame[["partnership"]].drop_duplicates()

    def cell(code: str, row: Any) -> str:
        rate = rates.get((row.partnership, code))
        return f"{number(rate.value, 1)} ({interval(rate.low, rate.high)})" if rate else "[x]"

    known = {
        code: Column(heads[code], partial(cell, code), number=True) for code in heads if code in set(frame["code"])
    }
    shown = [Column(heads["partnership"], "partnership"), *known.values()]
    caption = say("tables.captions.partnership-rates", area=comparison.area.name, year=year.words, release=newest.words)
    made = table(wide, shown, caption=caption, name="partnership-rates", behind=frame, kind="rows")
    return fold("tables.partnership-rates-fold", made)


def vintages_of(comparison: Comparison) -> View:
    """Return what a year's figure was when it was first published, and what it is now; nothing where no publication is held."""
    made = _vintages(comparison, list(_first_and_now(comparison, comparison.offence)), "vintages")
    return stack(prose(say("tables.vintages")), made) if made.html else NOTHING


def first_published(comparison: Comparison) -> View:
    """Return of each reviewed offence a year that was first published over a year before the release, then and now, behind a fold."""
    rows = []
    for pair in comparison.listed:
        offence = pair.current.offence
        if offence.reviewed:
            rows += [(offence.name, *row) for row in list(_first_and_now(comparison, offence, days=365))[-1:]]
    made = _vintages(comparison, rows, "first-published")
    return fold("tables.first-published-fold", made) if made.html else NOTHING


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

    def rate(row: Any) -> Text:
        return scale.words(own[row.force].current.rate)

    changes, marks, notes = _of_pairs(comparison, own, "force")
    places = [Column(_head("place"), lambda row: place_words(funnel, row.force))] if funnel else []
    rates = Column(_head("rate", unit=scale.unit), rate, number=True)
    shown = [Column(_head("force"), page), *changes, rates, *places, *marks]
    caption = _caption("forces", comparison, noun=comparison.offence.noun)
    return stack(notes, table(frame, shown, caption=caption, name="forces-table", kind="pairs rows"))


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
    counts = ["offences", "baseline_offences", "difference"]
    frame.columns = pd.Index(["force", *counts, "deviation"])
    for name, side in (("low", -1), ("high", 1)):
        frame[name] = (frame["difference"] + side * NORMAL * frame["deviation"]).round(1)
    frame = frame.drop(columns="deviation").astype(dict.fromkeys(counts, int))
    usual = Column(_head("usual"), lambda row: interval(row.low, row.high, 0), number=True)
    difference = Column(_head("difference"), "difference")
    shown = [Column(_head("force"), "force"), *_sides(comparison).values(), difference, usual]
    return table(frame, shown, caption=_caption("contributions", comparison), name="contributions", kind="forces")


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
    words = say("tables.strip-said", range=range_words(change.low, change.high))
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
    release     offence  area               quarter     offences  provisional  definition  supplied
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


def _of_pairs(comparison: Comparison, pairs: Mapping[str, Pair], key: str) -> tuple[list[Column], list[Column], View]:
    """Return the columns of two counts, the change and its reading; that of the marks that not all rows have; and what each mark means.

    Parameters
    ----------
    comparison
        Whose periods to head the columns with.
    pairs
        The two counts of each row, by its cell in a column.
    key
        That column.
    """

    def of(row: Any) -> Pair:
        return pairs[getattr(row, key)]

    def cell(side: str, row: Any) -> Text:
        count: Count | None = getattr(of(row), side)
        return figure(count.offences) if count else "[x]"

    def reading(row: Any) -> Text:
        return html("drawn", strip(of(row)), change_words(of(row)), poor[getattr(row, key)])

    shown = [replace(each, of=partial(cell, side), number=True) for side, each in _sides(comparison).items()]
    if comparison.baseline:
        shown += [Column(_head("change"), lambda row: _change(of(row)), number=True), Column(_head("reading"), reading)]
    held = {name: poor_years_words(pair) for name, pair in pairs.items()}
    once = len({pair.current.offence for pair in pairs.values()}) == 1  # and not in each row
    poor = {name: say("tables.held", years=years) if years and not once else "" for name, years in held.items()}
    each = {name: {mark for count in pair.counts for mark in count.marks} for name, pair in pairs.items()}
    shared = set.intersection(*each.values()) if each else set()
    others = sorted(set().union(*each.values()) - shared)
    notes = [say("tables.all-marked", mark=mark, meaning=MARKS[mark]) for mark in sorted(shared)]
    notes += [say("recorded.held", years=years) for years in sorted(set(held.values()) - {""}) if once]
    if not others:
        return shown, [], prose(*notes, kind="marks") if notes else NOTHING

    def marks(row: Any) -> str:
        return " ".join(f"[{mark}]" for mark in others if mark in each[getattr(row, key)])

    explained = "; ".join(say("tables.mark", mark=mark, meaning=MARKS[mark]) for mark in others)
    notes.append(say("tables.marks", marks=explained))
    return shown, [Column(_head("marks"), marks, kind="marks")], prose(*notes, kind="marks")


def _pair_cells(pair: Pair) -> dict[str, Any]:
    """Return two counts by column, what became of the first and what may be said of it."""
    now, then = pair.current, pair.baseline
    cells = {"code": now.offence.code, "name": now.offence.name, "offences": now.offences}
    cells |= {"baseline_offences": then.offences if then else None, "answer": pair.answer, "marks": "".join(now.marks)}
    cells |= {"caveats": " ".join(caveat.code for caveat in pair.caveats)}
    return cells | {each: getattr(pair.change, each, None) for each in READ}


def _sides(comparison: Comparison) -> dict[str, Column]:
    """Return the two counts of a row as columns of the frame, each headed by its period."""
    sides = {"current": (comparison.current, "offences"), "baseline": (comparison.baseline, "baseline_offences")}
    return {side: Column(count.period.words, name) for side, (count, name) in sides.items() if count}


def _change(pair: Pair) -> str:
    """Return a change in offences and, where it may be given, in per cent."""
    change = pair.change
    if change is None:
        return "[x]"
    difference = f"{'+' if change.difference > 0 else ''}{number(change.difference)}"
    if change.percent is None or not change.difference:
        return difference
    return say("tables.change", difference=difference, percent=share_words(change.percent))


def _range_of(pair: Pair) -> str:
    """Return a change in per cent with its range, as short as a cell has room for; nothing where it has none."""
    change = pair.change
    if change is None or change.percent is None or change.low is None or change.high is None:
        return ""
    ends = {name: getattr(change, name) for name in ("percent", "low", "high")}
    signed = {name: f"{'+' * (each > 0)}{number(each, int(0 < abs(each) < 0.95))}" for name, each in ends.items()}
    return say("tables.range", **signed)


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


def _partnerships(comparison: Comparison) -> tuple[list[Partnership], vintages.YearRelease, Period]:
    """Return the partnerships of a force, none of several forces, and the newest year that is counted so, with its publication."""
    newest = vintages.publications(vintages.PARTNERSHIPS)[-1]
    own = [each for each in areas.partnerships() if [each.force] == list(comparison.area.forces)]
    return own, newest, max(newest.years, key=lambda each: each.last)


@functools.lru_cache(maxsize=4)
def _partnership_pairs(force: Force) -> dict[tuple[str, str], Pair]:
    """Return by partnership and offence the newest two years that one publication gave, for each offence that the table prints."""
    given = next(each for each in reversed(vintages.publications(vintages.PARTNERSHIPS)) if len(each.years) > 1)
    return {
        (part.name, code): judge(*(count(area, given.offence(code), given, year) for year in given.years[:-3:-1]))
        for part in areas.partnerships()
        if part.force == force and (area := areas.find_area(part.code))
        for code in words("tables.partnership-heads")
        if code in given.held
    }


def _first_and_now(comparison: Comparison, offence: Offence, days: int = 0) -> Iterator[tuple[Any, ...]]:
    """Give each year of an offence that was first published so many days before the release: then, when, now and how far that is from then."""
    release, codes = comparison.release, {force.code or force.name for force in comparison.area.forces}
    held = (found for code in codes for found in vintages.years("vintages").get((code, offence.code), {}))
    for year in sorted({year for _, year in held}):
        first = next(iter(vintages.of(comparison.area, offence, year)), None)
        now = total(offence.code, release, comparison.area, year) if release.span(offence.code).covers(year) else None
        if first and now is not None and (not release.released or (release.released - first.published).days >= days):
            change = now - first.offences
            percent = round(100 * change / max(first.offences, 1), 1)
            yield year.words, first.offences, numbers.day_words(first.published), now, change, percent


def _vintages(comparison: Comparison, rows: Sequence[tuple[Any, ...]], name: str) -> View:
    if not rows:
        return NOTHING
    heads = columns(f"tables.{name}-heads", percent=Column("", "percent", 1))
    frame = rows_of(list(words(f"tables.{name}-heads")), rows)
    return table(frame, heads, caption=_caption("vintages", comparison), name=name)


def _choices(comparison: Comparison, choices: Sequence[Choice], name: str) -> View:
    frame = rows_of(
        ("force", "view", "current", "baseline", "direction", "reason"),
        [(comparison.area.name, v.name, v.current, v.baseline, v.direction, v.reason) for v in choices],
    )

    def count(side: str) -> Column:
        return Column("", lambda row: figure(value := getattr(row, side), int(isinstance(value, float))), number=True)

    def direction(row: Any) -> str:
        return row.direction or say("tables.none", reason=row.reason)

    heads = columns(f"tables.{name}-heads", current=count("current"), baseline=count("baseline"), direction=direction)
    return table(frame, heads, caption=_caption(name, comparison), name=name)
