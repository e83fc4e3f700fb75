"""One function per table: a frame of figures, and how a reader sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from analysis.comparison import Comparison, Count, Rate, population
from analysis.report import addresses, sentences
from analysis.report.charts import style
from analysis.report.rows import named_counts
from analysis.report.view import NOTHING, Column, View, address, figure, html, marked, prose, rows_of, table
from analysis.terms import forces
from analysis.terms.numbers import interval, number
from analysis.terms.periods import financial_year, quarter_label

QUARTER_COLUMNS = ("force", "financial_year", "financial_quarter", "offences")
RATE_HEADING = "Rate for 10,000 a year (95% interval)"


def key_figures(comparison: Comparison) -> View:
    """Return the figures that a reader looks for first, each with its marks."""
    before = comparison.same_quarters_year_before
    figures = [
        _count_figure("Recorded offences", comparison.current),
        _count_figure("Same quarters a year before", before)
        if before
        else ("Same quarters a year before", "[x]", "not set beside this period"),
        _rate_figure(comparison.current),
        _place_figure(comparison),
    ]
    cards = html("cards", [(name, marked(value), note) for name, value, note in figures])
    return View(cards, "\n".join(f"{name}: {value} ({note})" for name, value, note in figures))


def periods(comparison: Comparison) -> View:
    """Return the periods side by side: months, counts, counts a month and rates."""
    frame = rows_of(
        ("which", "period", "months", "offences", "marks", "per_month", "rate", "low", "high", "residents"),
        [
            (
                *(
                    label,
                    count.period.words,
                    count.period.months,
                    count.offences,
                    "".join(count.marks),
                    count.per_month,
                ),
                *((rate.value, rate.low, rate.high, rate.residents.words) if (rate := count.rate) else (None,) * 4),
            )
            for label, count in named_counts(comparison)
        ],
    )
    columns = [
        Column("Period", lambda row: f"{row.which.partition(':')[0]}: {row.period}"),
        Column("Months", "months"),
        Column("Recorded offences", lambda row: figure(row.offences) + _letters(row.marks), number=True),
        Column("A month", "per_month", 1),
        Column(RATE_HEADING, lambda row: _rate_words(row.rate, row.low, row.high), number=True),
        Column("Residents", lambda row: row.residents or "no rate"),
    ]
    what = f"recorded {comparison.offence.noun}, the periods side by side"
    caption = f"{comparison.area.name}: {what}, release of {comparison.release.words}"
    return table(frame, columns, caption=caption)


def figures(comparison: Comparison) -> View:
    """Return every quarter of the release by financial year, with the rows behind it as CSV.

    Returns
    -------
    View
        On the page one row a financial year; as CSV one row a force and quarter.
    """
    held = comparison.quarters
    rows = []
    for year, part in held.groupby([financial_year(quarter) for quarter in held["quarter"]], sort=False):
        cells = {row.quarter.quarter: _quarter_words(row.offences, row.provisional) for row in _rows(part)}
        whole = len(part) == 4 and not part["offences"].isna().any()
        total = _quarter_words(part["offences"].sum() if whole else None, bool(part["provisional"].any()))
        rows.append((str(year), *(cells.get(place, "[x]") for place in range(1, 5)), total))
    months = ("April to June", "July to September", "October to December", "January to March")
    quarters = [f"Q{place} {words}" for place, words in enumerate(months, 1)]
    heads = ("Financial year", *quarters, "Year")
    return table(
        rows_of(heads, rows),
        [Column(head, head, number=head != heads[0]) for head in heads],
        caption=f"{comparison.area.name}: recorded {comparison.offence.noun} by quarter, release of {comparison.release.words}",
        name="",
        behind=pd.concat([_by_quarter(own) for own in _own_forces(comparison)], ignore_index=True),
        kind="figures",
    )


def robustness(comparison: Comparison) -> View:
    """Return whether the direction of the change survives other fair choices."""
    caption = f"{comparison.area.name}: does the direction depend on the choice?"
    return _views(comparison.area.name, comparison.views, caption, "robustness", "Way of looking")


def context(comparison: Comparison) -> View:
    """Return the same periods for all sexual offences and for neighbouring codes, where the release holds them."""
    if not comparison.context:
        return NOTHING
    caption = (
        f"{comparison.area.name}: other recorded offences in the same periods, release of {comparison.release.words}"
    )
    return _views(comparison.area.name, comparison.context, caption, "context", "Offences")


def revised_quarters(comparison: Comparison) -> View:
    """Return what each release said of the quarters of which they give different figures."""
    told = comparison.revisions
    told = told[told["difference"].fillna(0) != 0]
    if told.empty:
        line = "No release held gives another figure for any quarter that two of them hold."
        return prose(line, kind="empty")
    quarters = pd.PeriodIndex(told.index)
    years = [financial_year(quarter) for quarter in quarters]
    columns = {"force": comparison.area.name, "financial_year": years, "financial_quarter": quarters.quarter}
    behind = pd.concat([pd.DataFrame(columns), told.reset_index(drop=True)], axis=1)
    releases = [Column(f"Release {name}", str(name)) for name in told.columns[:-1]]
    return table(
        behind.assign(quarter=[quarter_label(quarter) for quarter in quarters]),
        [Column("Quarter", "quarter"), *releases, Column("Difference", "difference")],
        caption=f"{comparison.area.name}: quarters of which releases give different figures",
        name="revisions",
        behind=behind,
        kind="figures",
    )


def revisions_by_age(comparison: Comparison) -> View:
    """Return how often and by how much figures changed later, by their age at release; nothing for a single force."""
    if len(comparison.area.forces) == 1:
        return NOTHING
    columns = [
        Column("Quarters old at release", "age"),
        Column("Force-quarters", "cells"),
        Column("Changed later", "changed"),
        Column("Share", lambda row: f"{number(row.share * 100)}%", number=True),
        *(Column(f"{name.capitalize()} change", name, 0) for name in ("median", "largest", "net")),
    ]
    caption = (
        f"How figures of {comparison.offence.label} changed after their release, by their age (0 is the newest quarter)"
    )
    return table(comparison.revisions_by_age.head(12).reset_index(), columns, caption=caption)


def all_forces(comparison: Comparison) -> View:
    """Return every force's counts in the two periods, with rates, by name; nothing for a single force."""
    if len(comparison.area.forces) == 1:
        return NOTHING
    return _all_forces(comparison, lambda name: name, [], kind="forces")


def index(comparison: Comparison, *, missing: Sequence[str] = ()) -> View:
    """Return the table of all forces with a line of each one's quarters and links to its page and files.

    Parameters
    ----------
    comparison
        Of England and Wales, for the period and the release of the pages.
    missing
        Slugs of forces that have no page, which are named but not linked.
    """
    pages = {
        force.name: addresses.force_page(force.slug, comparison.offence.code)
        for force in forces.FORCES
        if force.slug not in missing
    }
    lines = comparison.by_force

    def page(name: str) -> str | Markup:
        return html("link", f"{pages[name]}.html", name) if name in pages else name

    def files(name: str) -> str | Markup:
        if name not in pages:
            return "none"
        stem = addresses.stem(pages[name])
        links = {"CSV": f"data/{stem}.csv", "notebook": f"notebooks/{stem}.ipynb"}
        return Markup(" ").join(html("link", address, words, name) for words, address in links.items())

    more = [
        Column(
            f"Quarters since {quarter_label(lines.index[0])}",
            lambda row: _trend(row.force, lines[row.force]),
            in_text=False,
        ),
        Column("Files", lambda row: files(row.force), in_text=False),
    ]
    return _all_forces(comparison, page, more, kind="forces wide")


def contributions(comparison: Comparison) -> View:
    """Return each force's part in the change, which add up to the whole; nothing for a single force."""
    if len(comparison.area.forces) == 1:
        return NOTHING
    parts = comparison.contributions
    if parts is None or comparison.baseline is None:
        line = "The two periods may not be compared, so no change is divided among the forces."
        return prose(line, kind="empty")
    now, then = comparison.current.period.words, comparison.baseline.period.words
    frame = pd.concat([parts, parts.sum().to_frame("All forces").T]).rename_axis("force").reset_index()
    frame.columns = pd.Index(["force", "offences", "baseline_offences", "difference"])
    columns = [
        Column("Force", "force"),
        Column(f"Offences, {now}", "offences"),
        Column(f"Offences, {then}", "baseline_offences"),
        Column("Difference", "difference"),
    ]
    caption = f"Each force's part in the change, release of {comparison.release.words}"
    return table(frame, columns, caption=caption, name="contributions", kind="forces")


def counted(count: Count) -> str:
    """Return a count with the marks that stand beside it, such as ``78 [p]``."""
    return number(count.offences) + _letters(count.marks)


def _letters(marks: Iterable[str]) -> str:
    return "".join(f" [{letter}]" for letter in marks)


def _count_figure(name: str, count: Count) -> tuple[str, str, str]:
    return name, counted(count), f"{count.period.words}, release of {count.release.words}"


def _rate_figure(count: Count) -> tuple[str, str, str]:
    rate = count.rate
    if rate is None:
        return "Rate", "[x]", count.no_rate
    return (
        f"Rate a year for 10,000 {population.BANDS[rate.residents.band]}",
        f"{number(rate.value, 1)}{_letters(count.marks)}",
        f"95% interval {interval(rate.low, rate.high)}; residents of mid-{rate.residents.year}",
    )


def _place_figure(comparison: Comparison) -> tuple[str, str, str]:
    funnel = comparison.funnel
    places = funnel.ranks(comparison.area.name) if funnel else None
    if funnel is None or places is None:
        several = len(comparison.area.forces) > 1
        return (
            "Place among the forces",
            "[x]",
            "one force has a place, not several together" if several else "no rate to be placed by",
        )
    whole = places.replace(" ", "\N{NO-BREAK SPACE}")  # a range that breaks over two lines reads as two figures
    return (
        f"Place among {len(funnel.forces)} forces",
        f"{whole}{_letters(comparison.current.marks)}",
        "95% range, 1 being the highest rate; chance alone",
    )


def _rate_words(value: Any, low: Any, high: Any) -> str:
    return "[x]" if pd.isna(value) else f"{number(value, 1)} ({interval(low, high)})"


def _quarter_words(value: Any, is_provisional: bool) -> str:
    return "[x]" if pd.isna(value) else figure(int(value)) + _letters("p" if is_provisional else "")


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.itertuples(index=False)


def _own_forces(comparison: Comparison) -> Sequence[Comparison]:
    """Return the comparison of each force of the area."""
    if len(comparison.area.forces) == 1:
        return [comparison]
    return [own for own in comparison.forces if own.area.name in comparison.area.names]


def _by_quarter(own: Comparison) -> pd.DataFrame:
    """Return a force's quarters as rows of its own."""
    quarters = own.quarters["quarter"]
    values = (
        own.area.names[0],
        [financial_year(quarter) for quarter in quarters],
        quarters.dt.quarter,
        own.quarters["offences"],
    )
    return pd.DataFrame(dict(zip(QUARTER_COLUMNS, values, strict=True)))


def _views(area: str, views: Sequence[Any], caption: str, name: str, first: str) -> View:
    frame = rows_of(
        ("force", "view", "current", "baseline", "direction", "reason"),
        [(area, view.name, view.current, view.baseline, view.direction, view.reason) for view in views],
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


def _all_forces(
    comparison: Comparison, page: Callable[[str], str | Markup], more: Sequence[Column], *, kind: str
) -> View:
    own = {each.area.name: each for each in comparison.forces}
    frame = rows_of(
        ("force", "period", "offences", "baseline", "baseline_offences", "rate_per_10000", "low", "high", "age_band", "residents_year", "caveats"),
        [
            (
                *(name, str(each.current.period), each.current.offences),
                *((str(each.baseline.period), each.baseline.offences) if each.baseline else (None, None)),
                *_rate_values(each.current.rate),
                " ".join(caveat.code for caveat in each.caveats),
            )
            for name, each in own.items()
        ],
    )  # fmt: skip
    marks = {name: sorted({caveat.mark for caveat in each.caveats if caveat.mark}) for name, each in own.items()}
    columns = [
        Column("Force", lambda row: page(row.force)),
        Column(f"Offences, {comparison.current.period.words}", "offences"),
        *(
            [Column(f"Offences, {comparison.baseline.period.words}", "baseline_offences")]
            if comparison.baseline
            else []
        ),
        Column(RATE_HEADING, lambda row: _rate_words(row.rate_per_10000, row.low, row.high), number=True),
        Column("Change", lambda row: sentences.change_words(own[row.force])),
        Column("Marks", lambda row: marked(_letters(marks[row.force]).strip()) if marks[row.force] else "none"),
        *more,
    ]
    caption = f"Recorded {comparison.offence.noun} by police force, release of {comparison.release.words}"
    return table(frame, columns, caption=caption, name="forces-table", kind=kind)


def _rate_values(rate: Rate | None) -> tuple[Any, ...]:
    if rate is None:
        return (None,) * 5
    return (*(round(each, 3) for each in (rate.value, rate.low, rate.high)), rate.residents.band, rate.residents.year)


def _trend(name: str, series: pd.Series) -> str | Markup:
    held = series.dropna()
    if held.empty:
        return "[x]"
    low, high, newest = (number(value) for value in (held.min(), held.max(), held.iloc[-1]))
    drawing = address(style.trend([float(value) for value in series.astype("float64")]))
    return html("trend", drawing, f"{name}: {low} to {high} a quarter, the newest {newest}")
