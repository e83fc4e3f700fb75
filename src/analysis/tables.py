"""One function a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from analysis import comparison as comparisons
from analysis import drawing, forces, markup, population, register, releases, revisions, wording
from analysis.comparison import SMALL, Comparison, Count, compare
from analysis.markup import Cell, Fragment
from analysis.periods import financial_year, quarter_label

QUARTER_COLUMNS = ("force", "financial_year", "financial_quarter", "offences")


def key_figures(comparison: Comparison) -> Fragment:
    """Return the figures that a reader looks for first, each with its marks."""
    figures = [_count_figure("Recorded offences", comparison, comparison.current)]
    before = comparison.same_quarters_year_before
    if before is not None:
        figures.append(_count_figure("Same quarters a year before", comparison, before))
    else:
        figures.append(("Same quarters a year before", "[x]", "not held in this release"))
    figures.append(_rate_figure(comparison))
    figures.append(_place_figure(comparison))
    cards = Markup("\n").join(
        Markup("<div><dt>{}</dt><dd>{}</dd><dd>{}</dd></div>").format(name, markup.marked(value), note)
        for name, value, note in figures
    )
    text = "\n".join(f"{name}: {value} ({note})" for name, value, note in figures)
    return Fragment(Markup('<dl class="cards">\n{}\n</dl>').format(cards), text)


def periods(comparison: Comparison) -> Fragment:
    """Return the periods side by side: months, counts, counts a month and rates."""
    header = ["Period", "Months", "Recorded offences", "A month", "Rate for 10,000 a year (95% interval)", "Residents"]
    rows = [
        [
            Cell(f"{label}: {count.period.words}"),
            Cell(markup.number(count.period.months), number=True),
            Cell(f"{markup.number(count.offences)}{count_marks(comparison, count)}", number=True),
            Cell(markup.number(count.per_month, 1), number=True),
            Cell(_rate_words(rate), number=True),
            Cell(rate.residents.words if rate else "no rate"),
        ]
        for label, count, rate in _period_rows(comparison)
    ]
    caption = f"{comparison.area.name}: the periods side by side, release of {comparison.release.words}"
    return Fragment(markup.table_html(caption, header, rows), markup.table_text(header, rows))


def figures(comparison: Comparison) -> Fragment:
    """Return every quarter of the release by financial year, with the rows behind it as CSV.

    Returns
    -------
    Fragment
        On the page one row a financial year; as CSV one row a force and quarter.
    """
    wide = releases.matrix(comparison.offence.code, comparison.release.id)[comparison.area.names]
    series = wide.sum(axis=1, skipna=False)
    newest = register.provisional_from(comparison.release).quarters
    header = [
        "Financial year",
        "Q1 April to June",
        "Q2 July to September",
        "Q3 October to December",
        "Q4 January to March",
        "Year",
    ]
    rows = []
    for year, values in series.groupby([financial_year(quarter) for quarter in series.index], sort=False):
        cells = {quarter.quarter: (value, quarter in newest) for quarter, value in _by_quarter(values)}
        quarters = [
            Cell(_quarter_words(*cells[number]) if number in cells else "[x]", number=True) for number in range(1, 5)
        ]
        whole = len(values) == 4 and not values.isna().any()
        provisional = any(quarter in newest for quarter in values.index)
        rows.append(
            [
                Cell(str(year)),
                *quarters,
                Cell(_quarter_words(values.sum() if whole else None, provisional), number=True),
            ]
        )
    caption = (
        f"{comparison.area.name}: recorded {comparison.offence.noun} by quarter, release of {comparison.release.words}"
    )
    return Fragment(
        markup.table_html(caption, header, rows, kind="figures"),
        markup.table_text(header, rows),
        name="",
        csv=_quarters_csv(wide),
    )


def robustness(comparison: Comparison) -> Fragment:
    """Return whether the direction of the change survives other fair choices."""
    caption = f"{comparison.area.name}: does the direction depend on the choice?"
    return _views_table(comparison, comparisons.views(comparison), caption, "robustness", "Way of looking")


def context(comparison: Comparison) -> Fragment:
    """Return the same periods for all sexual offences and for neighbouring codes, where the release holds them."""
    caption = (
        f"{comparison.area.name}: other recorded offences in the same periods, release of {comparison.release.words}"
    )
    return _views_table(comparison, comparisons.context(comparison), caption, "context", "Offences")


def contributions(comparison: Comparison) -> Fragment:
    """Return each force's part in the change; the parts add up to the whole."""
    table = comparisons.contributions(comparison)
    if table is None or comparison.baseline is None:
        line = "The two periods are not like for like, so no change is divided among the forces."
        return markup.prose(line, kind="empty")
    now, then = comparison.current.period.words, comparison.baseline.period.words
    header = ["Force", f"Offences, {now}", f"Offences, {then}", "Difference"]
    table = pd.concat([table, table.sum().to_frame("All forces").T])
    rows = [
        [Cell(str(name)), *(Cell(markup.number(int(value)), number=True) for value in row)]
        for name, row in zip(table.index, table.itertuples(index=False), strict=True)
    ]
    caption = f"Each force's part in the change, release of {comparison.release.words}"
    data = [(name, *row) for name, row in zip(table.index, table.itertuples(index=False, name=None), strict=True)]
    columns = ("force", "offences", "baseline_offences", "difference")
    return Fragment(
        markup.table_html(caption, header, rows, kind="forces"),
        markup.table_text(header, rows),
        name="contributions",
        csv=markup.csv_text(columns, data),
    )


def revised_quarters(comparison: Comparison) -> Fragment:
    """Return what each release said of the quarters of which they give different figures."""
    told = revisions.of(comparison.area.names, comparison.offence.code)
    told = told[told["difference"] != 0]
    if told.empty:
        line = "No release held gives another figure for any quarter that two of them speak of."
        return markup.prose(line, kind="empty")
    header = ["Quarter", *(f"Release {name}" for name in told.columns[:-1]), "Difference"]
    rows = [
        [
            Cell(quarter_label(quarter)),
            *(Cell(_quarter_words(value, provisional=False), number=True) for value in values),
        ]
        for quarter, values in zip(pd.PeriodIndex(told.index), told.itertuples(index=False), strict=True)
    ]
    data = [
        (
            comparison.area.name,
            financial_year(quarter),
            quarter.quarter,
            *("" if pd.isna(value) else int(value) for value in values),
        )
        for quarter, values in zip(pd.PeriodIndex(told.index), told.itertuples(index=False), strict=True)
    ]
    caption = f"{comparison.area.name}: quarters of which releases give different figures"
    columns = (*QUARTER_COLUMNS[:3], *(str(name) for name in told.columns))
    return Fragment(
        markup.table_html(caption, header, rows, kind="figures"),
        markup.table_text(header, rows),
        name="revisions",
        csv=markup.csv_text(columns, data),
    )


def revisions_by_age(offence: str = "88A") -> Fragment:
    """Return how often and by how much figures changed later, by how old they were when they were released.

    Parameters
    ----------
    offence
        A code, or ``sexual-offences``.
    """
    told = revisions.by_age(offence).head(12)
    header = [
        "Quarters old at release",
        "Force-quarters",
        "Changed later",
        "Share",
        "Median change",
        "Largest change",
        "Net change",
    ]
    rows = [
        [
            Cell(markup.number(int(str(age)))),
            *(Cell(markup.number(row[name]), number=True) for name in ("cells", "changed")),
            Cell(f"{markup.number(row['share'] * 100)}%", number=True),
            *(Cell(markup.number(row[name]), number=True) for name in ("median", "largest", "net")),
        ]
        for age, row in told.iterrows()
    ]
    caption = f"How figures of code {offence} changed after their release, by their age (0 is the newest quarter)"
    return Fragment(markup.table_html(caption, header, rows), markup.table_text(header, rows))


def all_forces(comparison: Comparison) -> Fragment:
    """Return every force's counts in the two periods, with rates, in the order of the alphabet."""
    pairs = _pairs(comparison)
    header, rows = _force_header(comparison), [_force_cells(own) for own in pairs]
    return Fragment(
        markup.table_html(_force_caption(comparison), header, rows, kind="forces"),
        markup.table_text(header, rows),
        name="forces-table",
        csv=_force_csv(pairs),
    )


def index(comparison: Comparison, *, missing: Sequence[str] = ()) -> Fragment:
    """Return the table of all forces with a line of each one's quarters and links to its page and files.

    Parameters
    ----------
    comparison
        Of England and Wales, for the period and the release of the pages.
    missing
        Slugs of forces that have no page, which are named but not linked.
    """
    pairs, quarters = _pairs(comparison), comparisons.since_launch(comparison.offence, comparison.release)
    if quarters.empty:
        quarters = releases.matrix(comparison.offence.code, comparison.release.id)
    header, rows = _force_header(comparison), [_force_cells(own) for own in pairs]
    wide_header = [*header, f"Quarters since {quarter_label(quarters.index[0])}", "Files"]
    wide_rows = []
    for force, (name, *cells) in zip(forces.FORCES, rows, strict=True):
        page, links = (name, Cell("none")) if force.slug in missing else _links(force)
        wide_rows.append([page, *cells, _trend(force, quarters[force.name]), links])
    return Fragment(
        markup.table_html(_force_caption(comparison), wide_header, wide_rows, kind="forces wide sortable"),
        markup.table_text(header, rows),
        name="forces-table",
        csv=_force_csv(pairs),
    )


def count_marks(comparison: Comparison, count: Count) -> str:
    """Return the marks that stand beside a count, such as ``" [b] [p]"``."""
    letters = []
    changes = comparison.offence.breaks
    if any(count.period.first < change.month for change in changes) and any(
        comparison.current.period.last >= change.month for change in changes
    ):
        letters.append("b")
    if count.period.overlaps(register.provisional_from(comparison.release)):
        letters.append("p")
    if count.offences is not None and comparisons.other_figures(
        comparison.area, comparison.offence.code, comparison.release, count
    ):
        letters.append("r")
    if count.offences is not None and count.offences < SMALL:
        letters.append("u")
    return "".join(f" [{letter}]" for letter in letters)


def _period_rows(comparison: Comparison) -> list[tuple[str, Count, comparisons.Rate | None]]:
    rows = [("This period", comparison.current, comparison.rate)]
    if comparison.baseline:
        rows.append(("Baseline", comparison.baseline, comparison.baseline_rate))
    before = comparison.same_quarters_year_before
    if before and before != comparison.baseline:
        rows.append(
            (
                "Same quarters a year before",
                before,
                comparisons.rate(
                    releases.matrix(comparison.offence.code, comparison.release.id), comparison.area, before.period
                ),
            )
        )
    return rows


def _count_figure(name: str, comparison: Comparison, count: Count) -> tuple[str, str, str]:
    value = f"{markup.number(count.offences)}{count_marks(comparison, count)}"
    return name, value, f"{count.period.words}, release of {comparison.release.words}"


def _rate_figure(comparison: Comparison) -> tuple[str, str, str]:
    rate = comparison.rate
    if rate is None:
        return "Rate", "[x]", "no rate: see the caveats"
    name = f"Rate a year for 10,000 {population.BANDS[rate.residents.band]}"
    return (
        name,
        f"{markup.number(rate.value, 1)}{count_marks(comparison, comparison.current)}",
        f"95% interval {markup.interval(rate.low, rate.high)}; residents of mid-{rate.residents.year}",
    )


def _place_figure(comparison: Comparison) -> tuple[str, str, str]:
    funnel = comparisons.funnel(comparison)
    places = funnel.places(comparison.area.name) if funnel else None
    if funnel is None or places is None:
        return "Place among the forces", "[x]", "no rate to be placed by"
    whole = places.replace(" ", "\N{NO-BREAK SPACE}")  # a range that breaks over two lines reads as two figures
    return (
        f"Place among {len(funnel.forces)} forces",
        f"{whole}{count_marks(comparison, comparison.current)}",
        "95% range, 1 being the highest rate; chance alone",
    )


def _rate_words(rate: comparisons.Rate | None) -> str:
    return "[x]" if rate is None else f"{markup.number(rate.value, 1)} ({markup.interval(rate.low, rate.high)})"


def _quarter_words(value: Any, provisional: bool) -> str:
    return "[x]" if pd.isna(value) else markup.number(int(value)) + (" [p]" if provisional else "")


def _views_table(
    comparison: Comparison, views: Sequence[comparisons.View], caption: str, name: str, first: str
) -> Fragment:
    header = [first, "This period", "Baseline", "Direction"]
    rows = [
        [
            Cell(view.name),
            Cell(_view_number(view.current), number=True),
            Cell(_view_number(view.baseline), number=True),
            Cell(view.direction or f"none: {view.reason}"),
        ]
        for view in views
    ]
    data = [
        (comparison.area.name, view.name, view.current, view.baseline, view.direction, view.reason) for view in views
    ]
    columns = ("force", "view", "current", "baseline", "direction", "reason")
    return Fragment(
        markup.table_html(caption, header, rows),
        markup.table_text(header, rows),
        name=name,
        csv=markup.csv_text(columns, data),
    )


def _view_number(value: float | None) -> str:
    return markup.number(value, 0 if isinstance(value, int) else 1)


def _by_quarter(values: pd.Series) -> Iterator[tuple[pd.Period, Any]]:
    return zip(pd.PeriodIndex(values.index), values, strict=True)


def _quarters_csv(wide: pd.DataFrame) -> str:
    rows = [
        (force, financial_year(quarter), quarter.quarter, "" if pd.isna(value) else int(value))
        for force in wide.columns
        for quarter, value in _by_quarter(wide[force])
    ]
    return markup.csv_text(QUARTER_COLUMNS, rows)


def _pairs(comparison: Comparison) -> list[Comparison]:
    now, then = comparison.current.period, comparison.baseline.period if comparison.baseline else None
    return [
        compare(force.name, period=now, baseline=then, offence=comparison.offence.code, release=comparison.release.id)
        for force in forces.FORCES
    ]


def _force_caption(comparison: Comparison) -> str:
    return f"Recorded {comparison.offence.noun} by police force, release of {comparison.release.words}"


def _force_header(comparison: Comparison) -> list[str]:
    periods = [count.period.words for count in (comparison.current, comparison.baseline) if count]
    offences = [f"Offences, {words}" for words in periods]
    return ["Force", *offences, "Rate for 10,000 a year (95% interval)", "Change", "Marks"]


def _force_cells(own: Comparison) -> list[Cell]:
    counts = [count for count in (own.current, own.baseline) if count]
    marks = sorted({caveat.mark for caveat in own.caveats if caveat.mark})
    return [
        Cell(own.area.name),
        *(Cell(markup.number(count.offences), number=True) for count in counts),
        Cell(_rate_words(own.rate), number=True),
        Cell(change_words(own)),
        Cell(markup.marked(" ".join(f"[{mark}]" for mark in marks)) or "none"),
    ]


def _links(force: forces.Force) -> tuple[Cell, Cell]:
    page = Markup('<a href="forces/{}.html">{}</a>').format(force.slug, force.name)
    link = Markup('<a href="{}">{}<span class="unseen">, {}</span></a>')
    files = [
        link.format(f"data/{force.slug}.csv", "CSV", force.name),
        link.format(f"notebooks/{force.slug}.ipynb", "notebook", force.name),
    ]
    return Cell(page), Cell(Markup(" ").join(files))


def _trend(force: forces.Force, series: pd.Series) -> Cell:
    held = series.dropna()
    if held.empty:
        return Cell("[x]")
    low, high, newest = (markup.number(value) for value in (held.min(), held.max(), held.iloc[-1]))
    said = f"{force.name}: {low} to {high} a quarter, the newest {newest}"
    svg = drawing.trend([float(value) for value in series.astype("float64")])
    img = Markup('<img class="trend" src="{}" alt="{}" width="104" height="28">')
    return Cell(img.format(drawing.address(svg), said))


def change_words(own: Comparison) -> str:
    """Return the change in a few words: a percentage where it may be given, and otherwise why not."""
    if own.baseline is None:
        return "no baseline"
    if not own.like_for_like:
        return "not comparable"
    counts = [count.offences or 0 for count in (own.current, own.baseline)]
    if min(counts) < SMALL or own.ratio.value is None:
        return f"counts only (under {SMALL})"
    return wording.percent_words(own.ratio.value)


def _force_csv(pairs: Sequence[Comparison]) -> str:
    columns = (
        "force",
        "period",
        "offences",
        "baseline",
        "baseline_offences",
        "rate_per_10000",
        "low",
        "high",
        "age_band",
        "residents_year",
        "caveats",
    )
    return markup.csv_text(columns, [_force_data(own) for own in pairs])


def _force_data(own: Comparison) -> tuple[object, ...]:
    rate, baseline = own.rate, own.baseline
    return (
        own.area.name,
        str(own.current.period),
        own.current.offences,
        str(baseline.period) if baseline else None,
        baseline.offences if baseline else None,
        *(
            (round(rate.value, 3), round(rate.low, 3), round(rate.high, 3), rate.residents.band, rate.residents.year)
            if rate
            else (None,) * 5
        ),
        " ".join(caveat.code for caveat in own.caveats),
    )
