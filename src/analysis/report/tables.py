"""One function per table: a frame of figures, and how a reader sees it; and the columns that are alike wherever they stand."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from analysis import errors, statistics
from analysis.comparison import Comparison, Count, Pair, Rate, Release, count, judge, matrix, total, vintages
from analysis.report import addresses, sentences, view
from analysis.report.sentences import Scale, change_words, poor_years_words, share_words, short_answer
from analysis.report.view import NOTHING, Cells, View, fold, html, prose, rows_of, say, stack, table, words
from analysis.terms import areas, numbers
from analysis.terms.areas import Force, Partnership
from analysis.terms.findings import MARKS
from analysis.terms.numbers import joined, number
from analysis.terms.offences import Offence, known
from analysis.terms.periods import Period, financial_year

RATE_COLUMNS = ("force", "offences", "residents", "age_band", "residents_year", "rate_per_10000", "low", "high")
READ = ("difference", "percent", "low", "high", "reading")
PAIR_COLUMNS = ("code", "name", "offences", "baseline_offences", *READ, "answer", "marks", "caveats")
TOTAL = "total"  # which stands below what it is made of
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
    each = {release.offence(code).code: matrix(code, release)[list(names)].unstack() for code in codes}
    rows = pd.DataFrame({"offences": pd.concat(each, names=["offence", "force", "quarter"])}).reset_index()
    columns = {"offences": rows["offences"], "offence": rows["offence"], "release": release.id}
    return by_quarter(rows["force"], pd.PeriodIndex(rows["quarter"]), columns)


def quarters_file(name: str, codes: Sequence[str], release: Release, names: Sequence[str]) -> View:
    """Return every quarter of some offences as a file of a page, and nothing to show.

    Parameters
    ----------
    name
        The file name stem.
    codes, release, names
        As :func:`quarters_by_force` takes them.
    """
    return view.only_file(name, quarters_by_force(codes, release, names))


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
    frame, heads = comparison.quarters, list(words("tables.figures-heads"))
    quarters = pd.PeriodIndex(frame["quarter"])
    frame = frame.assign(year=[financial_year(quarter) for quarter in quarters], place=quarters.quarter)
    frame["words"] = list(map(_quarter_words, frame["offences"], frame["provisional"]))
    years = frame.groupby("year")
    shown = frame.pivot(index="year", columns="place", values="words").reindex(columns=range(1, 5)).fillna("[x]")
    shown["whole"] = list(map(_quarter_words, years["offences"].sum(min_count=4), years["provisional"].any()))
    shown = shown[::-1].reset_index().set_axis(heads, axis=1)
    cells = {name: Cells(list(shown[name])) for name in heads[1:]}
    how = {"cells": cells, "behind": by_force(comparison), "kind": "figures"}
    return _listing("figures", comparison, shown, file="", **how)


def robustness(comparison: Comparison) -> View:
    """Return the change by every other fair choice of release, months, area and baseline, behind a fold."""
    return fold("readings.robustness-fold", _choices(comparison, "robustness"))


def context(comparison: Comparison) -> View:
    """Return the same periods for all sexual offences and for neighbouring codes, where the release holds them."""
    return _choices(comparison, "context") if comparison.context else NOTHING


def revised_quarters(comparison: Comparison) -> View:
    """Return what each release said of the quarters of which they give different figures."""
    differing = comparison.revisions
    differing = differing[differing["difference"].fillna(0) != 0]
    if differing.empty:
        return prose(say("tables.no-revised"), kind="empty")
    quarters = pd.PeriodIndex(differing.index)
    behind = by_quarter(comparison.area.name, quarters, {name: differing[name].array for name in differing.columns})
    shown = behind.assign(quarter=quarters).iloc[::-1]
    first, last = words("tables.revisions-heads").items()
    heads = dict([first, *((name, say("tables.release", release=name)) for name in differing.columns[:-1]), last])
    made = _listing("revisions", comparison, shown, heads=heads, behind=behind, kind="figures")
    return fold("tables.revisions-fold", made, "broad", count=len(shown))


def offences(comparison: Comparison, *, groups: bool = False) -> View:
    """Return a row for each reviewed offence that the area recorded: two counts, the change, its reading, and its years.

    Parameters
    ----------
    comparison
        Of any offence: its area, periods and release are those of all rows.
    groups
        Whether to show the total and the groups that it is the sum of alone, without their years.
    """
    area, whole = comparison.area, {TOTAL, *known()[TOTAL].of}
    pairs = {pair.current.offence.code: pair for pair in comparison.listed if groups or pair.current.offence.reviewed}
    pairs = {code: pairs[code] for code in sorted(pairs, key=TOTAL.__eq__) if not groups or code in whole}
    years = {code: comparison.years(pair.current.offence) for code, pair in pairs.items()}
    ends = sorted({year.last for stretches in years.values() for stretch in stretches for year in stretch})
    frame = rows_of(
        ("force", *PAIR_COLUMNS, *(f"year_to_{end}" for end in ends)),
        [
            {"force": area.name, **_pair_cells(pair)}
            | {f"year_to_{year.last}": value for stretch in years[code] for year, value in stretch.items()}
            for code, pair in pairs.items()
        ],
    )

    def named(offence: Offence) -> Markup:
        page = html("page", addresses.of_area(area, offence), offence.name)
        return html("strong", page) if offence.kind == "group" else page

    cells, notes = _of_pairs([*pairs.values()])
    courses = [_course(pair.current, years[code]) for code, pair in pairs.items()]
    cells["name"] = [named(pair.current.offence) for pair in pairs.values()]
    cells["course"] = None if groups else Cells(courses, "course")
    month = comparison.current.period.last.words.split()[0]
    made = _listing("offences", comparison, frame.round(1), cells=cells, kind="pairs rows", month=month)
    why = say("tables.held-why") if any(map(poor_years_words, pairs.values())) else ""
    return stack(notes, fold("tables.how-to-read", prose(say("tables.strip"), why)), made)


def others(comparison: Comparison) -> View:
    """Return what else the area recorded in the two periods, of which nobody has reviewed what is counted, behind a fold."""
    names = ("code", "name", "offences", "baseline_offences")
    unread = (_pair_cells(pair) for pair in comparison.listed if not pair.current.offence.reviewed)
    rows = [{"force": comparison.area.name} | {name: cells[name] for name in names} for cells in unread]
    return fold("tables.others-fold", _listing("others", comparison, rows)) if rows else NOTHING


def partnerships(comparison: Comparison) -> View:
    """Return what each Community Safety Partnership of a force recorded in the newest year, and how that changed between two years of one publication.

    A row each, by name, and what was assigned to none of them; as CSV every offence that is counted so. Nothing for several forces.
    """
    own, newest, year = _partnerships(comparison)
    if not own:
        return NOTHING
    (force,) = comparison.area.forces
    rows = [(each.name, *(newest.figure(each.code, code, year) for code in newest.held)) for each in own]
    none = (vintages.unassigned(force, code, newest, year)[0] for code in newest.held)
    frame = rows_of(("partnership", *newest.held), [*rows, (say("tables.unassigned"), *none)])
    pairs, heads = _partnership_pairs(force), words("tables.partnerships-heads")
    # The answer rests on the offence and the force, so that it is the same for nearly all of a column, and said above it.
    answers = {code: short_answer(pair, "tables.whether") for (_, code), pair in reversed(pairs.items())}

    def cell(name: str, code: str, value: Any) -> str:
        recorded, pair = view.figure(value), pairs.get((name, code))
        if pair is None:
            return recorded
        reading = pair.change and pair.change.reading
        said = words("recorded.in-a-table")[reading] if reading and reading != "within-usual" else ""
        if short_answer(pair, "tables.whether") != answers[code]:
            said = change_words(pair)
        return html("with_change", recorded, "; ".join(filter(None, [_range_of(pair), said])))

    cells = {
        code: Cells([cell(name, code, value) for name, value in frame[["partnership", code]].values])
        for code in answers
    }
    now, then = (one.period for one in next(iter(pairs.values())).counts)
    values: dict[str, Any] = {"year": year, "published": newest, "now": now, "then": then}
    shown = _listing("partnerships", comparison, frame, cells=cells, kind="rows wide", **values)
    why = {said: joined([heads[code] for code in heads if answers.get(code) == said]) for said in answers.values()}
    whether = view.items(*(html("named", codes, said) for said, codes in why.items()))
    whole = stack(prose(say("tables.partnership-changes", **values)), whether, shown)
    return stack(prose(say("tables.partnerships")), fold("tables.partnerships-fold", whole, "broad", count=len(own)))


def partnership_changes(comparison: Comparison) -> View:
    """Return the changes of a force's partnerships between two years, a row a partnership and offence: a file, and nothing to show."""
    if len(comparison.area.forces) > 1 or not (pairs := _partnership_pairs(comparison.area.forces[0])):
        return NOTHING
    frame = rows_of(
        ("partnership", "period", "baseline", *PAIR_COLUMNS),
        [{"partnership": name, **_periods(pair), **_pair_cells(pair)} for (name, _), pair in pairs.items()],
    )
    return view.only_file("partnership-changes", frame.round(1))


def partnership_rates(comparison: Comparison) -> View:
    """Return the rates of a force's partnerships, of the offences of which it is known how far such figures vary, behind a fold."""
    own, newest, year = _partnerships(comparison)
    heads = words("tables.partnerships-heads")
    rates = {
        (part.name, code): rate
        for part in own
        for code in heads
        if code in newest.held
        if (rate := count(areas.find_area(part.code), newest.offence(code), newest, year).rate) and rate.is_measured
    }
    if not rates:
        return NOTHING
    rows = [{"partnership": name, "code": code, **rate_cells(rate)} for (name, code), rate in rates.items()]
    names, codes = dict.fromkeys(name for name, _ in rates), {code for _, code in rates}
    cells: dict[str, Any] = {"partnership": list(names)}
    for code in (code for code in heads if code in codes):
        cells[code] = Cells([Scale(1, "").words(rates.get((name, code))) for name in names])
    frame, printed = rows_of(("partnership", "code", *RATE_COLUMNS[1:]), rows), {each: heads[each] for each in cells}
    how: dict[str, Any] = {"heads": printed, "cells": cells, "kind": "rows", "year": year, "published": newest}
    return fold("tables.partnership-rates-fold", _listing("partnership-rates", comparison, frame, **how))


def vintages_of(comparison: Comparison) -> View:
    """Return what a year's figure was when it was first published, and what it is now; nothing where no publication is held."""
    rows = list(_first_and_now(comparison, comparison.offence))
    made = _listing("vintages", comparison, rows, cells={"percent": 1})
    return stack(prose(say("tables.vintages")), fold("tables.vintages-fold", made, "broad")) if rows else NOTHING


def first_published(comparison: Comparison) -> View:
    """Return of each reviewed offence a year that was first published over a year before the release, then and now, behind a fold."""
    reviewed = (pair.current.offence for pair in comparison.listed if pair.current.offence.reviewed)
    rows = [(each.name, *row) for each in reviewed for row in [*_first_and_now(comparison, each, days=365)][-1:]]
    made = _listing("first-published", comparison, rows, cells={"percent": 1})
    return fold("tables.first-published-fold", made) if rows else NOTHING


def all_forces(comparison: Comparison) -> View:
    """Return every force's counts in the two periods, with rates and places, by name."""
    own, scale, funnel = {each.area.name: each for each in comparison.forces}, Scale.of(comparison), comparison.funnel
    names = ("force", "period", "offences", "baseline", "baseline_offences")
    frame = rows_of(
        (*names, "rate_per_10000", "low", "high", "age_band", "residents_year", "caveats"),
        [
            {"force": name, **_pair_cells(each), **_periods(each), "low": None, "high": None}
            | rate_cells(each.current.rate)
            | {"offences": each.current.offences}
            for name, each in own.items()
        ],
    )

    cells, notes = _of_pairs(comparison.forces)
    cells["force"] = [html("page", addresses.of_force(name, comparison.offence), name) for name in own]
    cells["rate"] = Cells([scale.words(each.current.rate) for each in comparison.forces])
    cells["place"] = [sentences.place_words(funnel, name) for name in own] if funnel else None
    made = _listing("forces", comparison, frame, "forces-table", cells=cells, kind="pairs rows", unit=scale.unit)
    return stack(notes, fold("tables.forces-fold", made, "broad", count=len(own)))


def contributions(comparison: Comparison) -> View:
    """Return each force's part in the change, which add up to the whole; nothing for a single force."""
    if len(comparison.area.forces) == 1:
        return NOTHING
    parts = comparison.contributions
    if parts is None:
        return prose(say("tables.not-divided"), kind="empty")
    whole = parts.sum().rename(say("tables.all-forces"))
    whole["deviation"] = np.sqrt((parts["deviation"] ** 2).sum())
    frame = pd.concat([parts, whole.to_frame().T]).rename_axis("force").reset_index()
    frame = frame.rename(columns={"current": "offences", "baseline": "baseline_offences"})
    reach = statistics.NORMAL * frame.pop("deviation")
    low, high = ((frame["difference"] + side * reach).round(1) for side in (-1, 1))
    frame = frame.astype(dict.fromkeys(frame.columns[1:], int)).assign(low=low, high=high)
    usual = Cells([numbers.interval(*ends, 0) for ends in zip(low, high, strict=True)])
    made = _listing("contributions", comparison, frame, cells={"usual": usual}, kind="forces")
    return fold("tables.contributions-fold", made, "broad", count=len(parts))


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
    logs = [math.log1p(each / 100) if each > -100 else -HALF for each in (change.low, change.percent, change.high)]
    at = [round(60 + 56 * float(np.clip(each / HALF, -1, 1)), 1) for each in logs]
    words = say("tables.strip-said", range=sentences.range_words(change.low, change.high))
    return html("strip", *at, change.reading or "", words)


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
    shown = part.set_axis(part.columns.map(str), axis=1)
    heads = {name: name for name in shown.columns}
    cells = {
        name: 0 if (column.dropna() % 1 == 0).all() else 2 for name, column in shown.select_dtypes("number").items()
    }
    size = say("tables.rows-shown", part=len(part), whole=len(frame))
    made = table(shown, heads=heads, caption=size, cells=cells, row_header=False)
    return View(made.html, f"{made.text}\n{size}", frame=frame)


def _of_pairs(pairs: Sequence[Pair]) -> tuple[dict[str, Any], View]:
    """Return the cells of two counts, the change, its reading and the marks that not all rows have, by column; and what holds of all rows."""
    held = list(map(poor_years_words, pairs))
    once = len({pair.current.offence for pair in pairs}) == 1  # and not in each row
    poor = [say("tables.held", years=years) if years and not once else "" for years in held]
    marks = [{mark for count in pair.counts for mark in count.marks} for pair in pairs]
    shared = set.intersection(*marks) if marks else set()
    others = sorted(set().union(*marks) - shared)
    cells: dict[str, Any] = dict.fromkeys(("baseline_offences", "change", "reading", "marks"))
    cells["offences"] = Cells([view.figure(pair.current.offences) for pair in pairs])
    if any(pair.baseline for pair in pairs):
        cells["baseline_offences"] = Cells([view.figure(pair.baseline and pair.baseline.offences) for pair in pairs])
        cells["change"] = Cells(list(map(_change, pairs)))
        cells["reading"] = [
            html("drawn", strip(pair), change_words(pair), low) for pair, low in zip(pairs, poor, strict=True)
        ]
    notes = [say("tables.all-marked", mark=mark, meaning=MARKS[mark]) for mark in sorted(shared)]
    notes += [say("recorded.held", years=years) for years in sorted(set(held) - {""}) if once]
    if others:
        explained = "; ".join(say("tables.mark", mark=mark, meaning=MARKS[mark]) for mark in others)
        notes.append(say("tables.marks", marks=explained))
        cells["marks"] = Cells([" ".join(f"[{mark}]" for mark in others if mark in own) for own in marks], "marks")
    return cells, prose(*notes, kind="marks") if notes else NOTHING


def _pair_cells(pair: Pair) -> dict[str, Any]:
    """Return two counts by column, what became of the first and what may be said of it."""
    now, then = pair.current, pair.baseline
    cells = {"code": now.offence.code, "name": now.offence.name, "offences": now.offences}
    cells |= {"baseline_offences": then.offences if then else None, "answer": pair.answer, "marks": "".join(now.marks)}
    cells |= {"caveats": " ".join(caveat.code for caveat in pair.caveats)}
    return cells | {each: getattr(pair.change, each, None) for each in READ}


def _periods(pair: Pair) -> dict[str, str | None]:
    return {"period": str(pair.current.period), "baseline": str(pair.baseline.period) if pair.baseline else None}


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


def _course(count: Count, stretches: Sequence[dict[Period, int]]) -> Markup | str:
    """Return the years of an offence as a line over one of nought, cut where they may not be compared; none where nobody has reviewed it."""
    if not stretches:
        return "[x]" if count.offence.reviewed else say("tables.not-known")
    span, values = count.release.covers, [value for years in stretches for value in years.values()]
    low, high = min(0, *values), max(1, *values)
    path, said = "", []
    for years in stretches:
        alone = len(years) == 1  # drawn as a dash, so that it is seen too
        across = (100 * (year.last.ordinal - span.first.ordinal) / span.months for year in years)
        down = (round(24 - 20 * (value - low) / (high - low), 1) for value in years.values())
        points = (f"{2 - alone + x:.4g} {y:.4g}" for x, y in zip(across, down, strict=True))
        path += f"M{'L'.join(points)}" + "h2" * alone
        ends = sorted({min(years), max(years)})
        said.append(" to ".join(say("tables.trend-ends", value=years[end], year=end.last.year) for end in ends))
    return html("trend", path, round(24 + 20 * low / (high - low), 1), "; ".join(said))


def _quarter_words(value: Any, is_provisional: bool) -> str:
    return "[x]" if pd.isna(value) else view.figure(int(value)) + " [p]" * is_provisional


def _listing(name: str, comparison: Comparison, rows: Any, file: str | None = None, **how: Any) -> View:
    """Return a table of a comparison's area, periods and release, by default with a file of its name; without a baseline it has no column."""
    base = comparison.baseline.period if comparison.baseline else ""
    values = {
        "of": comparison,
        "baseline": base,
        "periods": say(f"tables.periods{'-against' * bool(base)}", of=comparison),
    }
    if not base:
        how["cells"] = {"baseline_offences": None} | how.get("cells", {})
    return table(rows, f"tables.{name}", name=name if file is None else file, **values | how)


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
        for code in words("tables.partnerships-heads")
        if code in given.held
    }


def _first_and_now(comparison: Comparison, offence: Offence, days: int = 0) -> Iterator[tuple[Any, ...]]:
    """Give each year of an offence that was first published so many days before the release: then, when, now and how far that is from then."""
    release = comparison.release
    for year in sorted({year for each in vintages.publications("vintages") for year in each.years}):
        first = next(iter(vintages.of(comparison.area, offence, year)), None)
        now = total(offence.code, release, comparison.area, year) if release.span(offence.code).covers(year) else None
        if first and now is not None and (not release.released or (release.released - first.published).days >= days):
            change = now - first.offences
            percent = round(100 * change / max(first.offences, 1), 1)
            yield year.words, first.offences, numbers.day_words(first.published), now, change, percent


def _choices(comparison: Comparison, name: str) -> View:
    choices = comparison.views if name == "robustness" else comparison.context
    names = ("view", "current", "baseline", "direction", "reason")
    rows = [(comparison.area.name, each.name, *(getattr(each, name) for name in names[1:])) for each in choices]

    frame = rows_of(("force", *names), rows)
    cells: dict[str, Any] = {
        side: Cells([view.figure(each, int(isinstance(each, float))) for each in frame[side]])
        for side in ("current", "baseline")
    }
    cells["direction"] = [each.direction or say("tables.none", reason=each.reason) for each in choices]
    return _listing(name, comparison, frame, cells=cells)
