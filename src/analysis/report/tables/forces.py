"""All forces beside each other."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from analysis import comparison as comparisons
from analysis.comparison import Comparison, compare
from analysis.figures import releases
from analysis.report import drawing, markup
from analysis.report.markup import Cell, Fragment
from analysis.report.tables.values import change_words, rate_words
from analysis.terms import forces, numbers
from analysis.terms.periods import quarter_label


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
        [Cell(str(name)), *(Cell(numbers.number(int(value)), number=True) for value in row)]
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
        *(Cell(numbers.number(count.offences), number=True) for count in counts),
        Cell(rate_words(own.rate), number=True),
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
    low, high, newest = (numbers.number(value) for value in (held.min(), held.max(), held.iloc[-1]))
    said = f"{force.name}: {low} to {high} a quarter, the newest {newest}"
    svg = drawing.trend([float(value) for value in series.astype("float64")])
    img = Markup('<img class="trend" src="{}" alt="{}" width="104" height="28">')
    return Cell(img.format(drawing.address(svg), said))


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
