"""One function per table: a frame of figures, and how a reader sees it; and the columns that are alike wherever they stand."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from analysis import errors
from analysis.comparison import CHANCE, Comparison, Count, Pair, Rate, Release, count, matrix, total, vintages
from analysis.comparison.judgement import judged
from analysis.report import addresses, sentences, view
from analysis.report.sentences import Scale, change_words, poor_years_words, share_words
from analysis.report.view import NOTHING, Cells, View, fold, html, prose, rows_of, say, stack, table, words
from analysis.terms import areas, numbers
from analysis.terms.areas import Area, Partnership
from analysis.terms.numbers import number
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


def by_force(comparison: Comparison) -> pd.DataFrame:
    """Return an area's quarters, force by force, as the file of an area has them."""
    every = quarters_by_force([comparison.offence.code], comparison.release, comparison.area.names)
    return every.drop(columns=["offence", "release"])


def quarters_by_force(codes: Iterable[str], release: Release, names: Sequence[str]) -> pd.DataFrame:
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


def rate_cells(rate: Rate | None) -> dict[str, Any]:
    """Return a rate by column, with what it is of; blank where there is none.

    Parameters
    ----------
    rate
        A rate, or None.
    """
    if rate is None:
        return dict.fromkeys(RATE_COLUMNS[2:])
    of = rate.residents
    cells = {"offences": rate.offences, "residents": of.people, "age_band": of.band, "residents_year": of.year}
    return cells | {"rate_per_10000": round(rate.value, 3), "low": round(rate.low, 3), "high": round(rate.high, 3)}


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
    made = _listing("figures", comparison, shown, name="", cells=cells, behind=by_force(comparison), kind="figures")
    marks = [mark for mark in words("tables.mark-meanings") if f"[{mark}]" in made.text]
    return stack(prose(_marks_said(marks), kind="marks"), made) if marks else made


def _marks_said(marks: Iterable[str]) -> str:
    return say("tables.marks", marks="; ".join(_mark("mark", mark) for mark in marks))


def _mark(which: str, mark: str) -> str:
    return say(f"tables.{which}", mark=mark, meaning=words(f"tables.mark-meanings.{mark}"))


def robustness(comparison: Comparison) -> View:
    """Return in how many other fair ways of looking the direction is the same, with the change by each of these behind a fold."""
    views, area = comparison.views, comparison.area.name
    own, *others = (choice.direction for choice in views)
    told = list(filter(None, others))
    if not own or comparison.change is None or comparison.change.reading not in {"more", "fewer"}:
        line = say(f"readings.robustness.{'unread' if own else 'undirected'}")
    else:
        line = view.counted("readings.robustness", len(told), same=told.count(own), direction=own)
    rows = [(area, each.name, each.current, each.baseline, each.direction, each.reason) for each in views]
    frame = rows_of(("force", "view", "current", "baseline", "direction", "reason"), rows)
    directions = [each.direction or say("tables.none", reason=each.reason) for each in views]
    cells = {"current": 1, "baseline": 1, "direction": directions}
    shown = _listing("robustness", comparison, frame, cells=cells)
    why = prose(f"{line} {say('readings.robustness-why')}")
    return stack(why, fold("readings.robustness-fold", shown))


def revisions(comparison: Comparison) -> View:
    """Return how many quarters the releases differ in and by at most how much, and what each release said of these."""
    sizes = comparison.revisions["difference"].fillna(0).abs()
    lines = [say("readings.revisions")]
    if len(sizes):
        changed = int((sizes != 0).sum())
        lines.append(view.counted("readings.revised", changed, quarters=len(sizes), most=sizes.max()))
    return stack(prose(*lines), _revised_quarters(comparison, comparison.revisions[sizes != 0]))


def _revised_quarters(comparison: Comparison, differing: pd.DataFrame) -> View:
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
    listed = [pair for pair in comparison.listed if pair.offence.code in whole] if groups else comparison.reviewed
    pairs = sorted(listed, key=lambda pair: pair.offence.code == TOTAL)
    years = [comparison.years(pair.offence) for pair in pairs]
    ends = sorted({year.last for stretches in years for stretch in stretches for year in stretch})
    each = [{f"year_to_{year.last}": value for own in stretches for year, value in own.items()} for stretches in years]
    rows = [_row(pair) | own for pair, own in zip(pairs, each, strict=True)]
    frame = rows_of(("force", *PAIR_COLUMNS, *(f"year_to_{end}" for end in ends)), rows).round(1)

    def named(offence: Offence) -> Markup:
        page = html("page", addresses.of_area(area, offence), offence.name)
        return html("strong", page) if offence.code in whole else page

    cells: dict[str, Any] = {"name": [named(pair.offence) for pair in pairs]}
    if not groups:
        cells["course"] = Cells([_course(pair.current, own) for pair, own in zip(pairs, years, strict=True)], "course")
    month = comparison.current.period.last.words.split()[0]
    periods = say(f"tables.periods{'-against' * bool(comparison.baseline)}", of=comparison)
    notes, made = _of_pairs("offences", comparison, pairs, frame, cells, month=month, periods=periods)
    why = say("tables.held-why") if any(map(poor_years_words, pairs)) else ""
    return stack(notes, fold("tables.how-to-read", prose(say("tables.strip"), why)), made)


def others(comparison: Comparison) -> View:
    """Return what else the area recorded in the two periods, of which nobody has reviewed what is counted, behind a fold."""
    rows = [_row(pair) for pair in comparison.listed if not pair.offence.reviewed]
    frame = rows_of(("force", "code", "name", "offences", "baseline_offences"), rows)
    return fold("tables.others-fold", _listing("others", comparison, frame)) if rows else NOTHING


def partnerships(comparison: Comparison) -> View:
    """Return what each Community Safety Partnership of a force recorded in the newest year, and how that changed between two years of one publication.

    A row each, by name, and what was assigned to none of them; as CSV every offence that is counted so. Nothing for several forces.
    """
    parts = _of_partnerships(comparison.area)
    if not parts:
        return NOTHING
    newest, heads = vintages.publications(vintages.PARTNERSHIPS)[-1], words("tables.partnerships-heads")
    latest, pair = next(iter(next(iter(parts.values())).values()))
    year, (now, then) = latest.period, (each.period for each in pair.counts)
    rows = [(part.name, *(newest.figure(part.code, code, year) for code in newest.held)) for part in parts]
    none = (vintages.unassigned(comparison.area.forces[0], code, newest, year)[0] for code in newest.held)
    frame = rows_of(("partnership", *newest.held), [*rows, (say("tables.unassigned"), *none)])

    def cell(recorded: Any, pair: Pair) -> Markup:
        return html("with_change", view.figure(recorded), f"{_change(pair)}; {change_words(pair)}")

    cells = {}
    for code in list(heads)[1:]:
        *recorded, rest = frame[code]
        cells[code] = [*map(cell, recorded, (of[code][1] for of in parts.values())), view.figure(rest)]
    values: dict[str, Any] = {"year": year, "published": newest, "now": now, "then": then}
    shown = _listing("partnerships", comparison, frame, cells=cells, kind="rows wide", **values)
    whole = stack(prose(say("tables.partnership-changes", **values)), shown)
    return stack(prose(say("tables.partnerships")), fold("tables.partnerships-fold", whole, "broad", count=len(parts)))


def partnership_rates(comparison: Comparison) -> View:
    """Return the rates of a force's partnerships, of the offences of which it is known how far such figures vary, behind a fold."""
    every = [(part.name, each) for part, of in _of_partnerships(comparison.area).items() for each, _ in of.values()]
    rates = {(name, each.offence.code): each.rate for name, each in every if each.rate and each.rate.is_measured}
    if not rates:
        return NOTHING
    rows = [{"partnership": name, "code": code, **rate_cells(rate)} for (name, code), rate in rates.items()]
    shown = pd.Series({key: Scale(1, "").words(rate) for key, rate in rates.items()}).unstack(sort=False).fillna("[x]")
    how: dict[str, Any] = {"cells": {code: Cells(list(shown[code])) for code in shown}, "kind": "rows"}
    how |= {"heads": words("tables.partnerships-heads"), "year": every[0][1].period, "published": every[0][1].release}
    how["behind"] = rows_of(("partnership", "code", *RATE_COLUMNS[1:]), rows)
    made = _listing("partnership-rates", comparison, shown.rename_axis("partnership").reset_index(), **how)
    return fold("tables.partnership-rates-fold", made)


def vintages_of(comparison: Comparison) -> View:
    """Return what a year's figure was when it was first published, and what it is now; nothing where no publication is held."""
    rows = list(_first_and_now(comparison, comparison.offence))
    made = _listing("vintages", comparison, rows, cells={"percent": 1})
    return stack(prose(say("tables.vintages")), fold("tables.vintages-fold", made, "broad")) if rows else NOTHING


def first_published(comparison: Comparison) -> View:
    """Return of each reviewed offence a year that was first published over a year before the release, then and now, behind a fold."""
    reviewed = (pair.offence for pair in comparison.reviewed)
    rows = [(each.name, *row) for each in reviewed for row in [*_first_and_now(comparison, each, days=365)][-1:]]
    made = _listing("first-published", comparison, rows, cells={"percent": 1})
    return fold("tables.first-published-fold", made) if rows else NOTHING


def all_forces(comparison: Comparison) -> View:
    """Return every force's counts in the two periods, with rates, by name, and what their changes say when they are looked at together."""
    forces, scale = comparison.forces, Scale.of(comparison)
    read = [each.change.reading for each in forces if each.change and not each.area.forces[0].no_rate]
    ways = Counter(filter(None, read))
    values = {"more": ways["more"], "fewer": ways["fewer"], "expected": max(1, CHANCE * ways.total())}
    said = view.counted("readings.changes", ways.total(), **values)
    names = ("force", "period", "offences", "baseline", "baseline_offences", "rate_per_10000", "low", "high")
    rows = [_row(each) | rate_cells(each.current.rate) for each in forces]
    frame = rows_of((*names, "age_band", "residents_year", "caveats"), rows)
    pages = [html("page", addresses.of_force(each.area.name, each.offence), each.area.name) for each in forces]
    cells = {"force": pages, "rate": Cells([scale.words(each.current.rate) for each in forces])}
    notes, made = _of_pairs("forces", comparison, forces, frame, cells, name="forces-table", unit=scale.unit)
    return stack(prose(said), notes, fold("tables.forces-fold", made, "broad", count=len(forces)))


def contributions(comparison: Comparison) -> View:
    """Return how many forces of a whole rose and fell, and the fewest that make up half of its change; nothing for a single force."""
    area, ratio = comparison.area, comparison.ratio
    if len(area.forces) == 1 or area.by_years:
        return NOTHING
    if not comparison.like_for_like or comparison.change is None or comparison.baseline is None:
        return prose(say("tables.not-divided"), kind="empty")
    net, base, wide = comparison.change.difference, comparison.baseline.offences or 0, (ratio.low_wide, ratio.high_wide)
    if not net:
        return NOTHING
    members = (each for each in comparison.forces if each.area.name in area.names)
    parts = pd.Series({each.area.name: each.change.difference for each in members if each.change})
    up, down = parts[parts > 0], -parts[parts < 0]
    along = (up if net > 0 else down).sort_values(ascending=False, kind="stable")
    most = along[along.cumsum() - along < abs(net) / 2]  # until half is reached
    ends = [view.moved("readings.towards", round(base * (each - 1))) for each in wide if each is not None]
    reach = say("readings.ends", low=ends[0], high=ends[1]) if ends else say("readings.no-ends")
    names = [name for name in area.names if name in most]
    values = {"net": view.moved("readings.towards", net), "ends": reach, "names": names, "most": most.sum()}
    return prose(say("readings.moved", rose=len(up), up=up.sum(), fell=len(down), down=down.sum(), **values))


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
    logs = [math.log1p(max(each, -99) / 100) for each in (change.low, change.percent, change.high)]
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


def _of_pairs(
    which: str, comparison: Comparison, pairs: Sequence[Pair], frame: pd.DataFrame, cells: dict[str, Any], **how: Any
) -> tuple[View, View]:
    """Return what holds of all rows, and the rows: two counts, the change, its reading and the marks that not all have, beside other cells."""
    held = list(map(poor_years_words, pairs))
    once = len({pair.offence.code for pair in pairs}) == 1  # and not in each row
    poor = [say("tables.held", years=years) if years and not once else "" for years in held]
    marks = [{mark for count in pair.counts for mark in count.marks} for pair in pairs]
    shared = set.intersection(*marks) if marks else set()
    others = sorted(set().union(*marks) - shared)
    notes = [_mark("all-marked", mark) for mark in sorted(shared)]
    notes += [say("recorded.held", years=years) for years in sorted(set(held) - {""}) if once]
    if others:
        notes.append(_marks_said(others))
    of_marks = Cells([" ".join(f"[{mark}]" for mark in others if mark in own) for own in marks], "marks")
    cells |= {"marks": of_marks if others else None, "reading": None}
    if comparison.baseline:
        readings = zip(map(strip, pairs), map(change_words, pairs), poor, strict=True)
        cells |= {"change": Cells(list(map(_change, pairs))), "reading": [html("drawn", *each) for each in readings]}
    return prose(*notes, kind="marks"), _listing(which, comparison, frame, cells=cells, kind="pairs rows", **how)


def _row(pair: Pair) -> dict[str, Any]:
    """Return two counts by column, what became of the first and what may be said of it."""
    now, then = pair.current, pair.baseline
    return {
        "force": pair.area.name,
        "period": str(now.period),
        "baseline": str(then.period) if then else None,
        "code": pair.offence.code,
        "name": pair.offence.name,
        "answer": pair.answer,
        "marks": "".join(now.marks),
        "offences": now.offences,
        "baseline_offences": then.offences if then else None,
        **{each: getattr(pair.change, each, None) for each in READ},
        "caveats": " ".join(caveat.code for caveat in pair.caveats),
    }


def _change(pair: Pair) -> str:
    """Return a change in offences and, where it may be given, in per cent."""
    change = pair.change
    if change is None:
        return "[x]"
    difference = f"{'+' if change.difference > 0 else ''}{number(change.difference)}"
    if change.percent is None or not change.difference or pair.counted_events:  # the percentage is of other counts
        return difference
    return say("tables.change", difference=difference, percent=share_words(change.percent))


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


def _listing(which: str, comparison: Comparison, rows: Any, **how: Any) -> View:
    """Return a table of a comparison's area, periods and release, by default with a file of its name; without a baseline it has no column."""
    if comparison.baseline is None:
        how["cells"] = {"baseline_offences": None} | how.get("cells", {})
    values: dict[str, Any] = {"name": which, "of": comparison, **how}
    return table(rows, f"tables.{which}", **values)


@functools.lru_cache(maxsize=4)
def _of_partnerships(area: Area) -> dict[Partnership, dict[str, tuple[Count, Pair]]]:
    """Return by partnership of a force, and by offence that the table prints, the newest count, and the newest two that one publication gave."""
    *_, newest = published = vintages.publications(vintages.PARTNERSHIPS)
    given = next(each for each in reversed(published) if len(each.years) > 1)
    year, found = max(newest.years, key=lambda each: each.last), {}
    for part in areas.partnerships():
        if [part.force] == list(area.forces):
            of = areas.find_area(part.code)
            found[part] = {
                code: (
                    count(of, newest.offence(code), newest, year),
                    judged(of, given.offence(code), given, *given.years[:-3:-1]),
                )
                for code in list(words("tables.partnerships-heads"))[1:]
            }
    return found


def _first_and_now(comparison: Comparison, offence: Offence, days: int = 0) -> Iterator[tuple[Any, ...]]:
    """Give each year of an offence that was first published so many days before the release: then, when, now and how far that is from then."""
    release = comparison.release
    for year in sorted({year for each in vintages.publications("vintages") for year in each.years}):
        first = next(iter(vintages.of(comparison.area, offence, year)), None)
        now = total(offence.code, release, comparison.area, year) if release.span(offence.code).covers(year) else None
        if first and now is not None and (not release.released or (release.released - first[0]).days >= days):
            day, then = first
            yield year.words, then, numbers.day_words(day), now, now - then, round(100 * (now - then) / max(then, 1), 1)
