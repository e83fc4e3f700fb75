"""Pieces of the page of methods: each method with its examples run, how often the intervals hold, how far forces differ."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence

from markupsafe import Markup

from analysis import comparison as comparisons
from analysis import statistics
from analysis.comparison import Comparison, compare
from analysis.report import markup
from analysis.report.markup import Cell, Fragment
from analysis.report.methods.catalogue import METHODS
from analysis.report.methods.models import Example, Method, decimals
from analysis.terms import numbers
from analysis.terms.numbers import number
from analysis.terms.periods import Period, financial_year

TITLE = "Methods and data quality"


def masthead(comparison: Comparison) -> Fragment:
    """Return the head of the page: what it is, and of which figures it speaks."""
    when = f"{comparison.offence.name}, code {comparison.offence.code} · release of {comparison.release.words}"
    html = Markup('<header class="masthead">\n<h1>{}</h1>\n<p class="when">{}</p>\n</header>').format(TITLE, when)
    return Fragment(html, f"{TITLE}\n{when}", title=TITLE)


def introduction() -> Fragment:
    """Return what the page holds, and how many of its worked examples agree with their sources."""
    agreeing = [example.agrees(found) for _, example, found in _results()]
    lead = (
        f"{len(METHODS)} methods stand behind the pages. Each has worked examples, {len(agreeing)} in all, which ran as this page was made: "
        f"{sum(agreeing)} of {len(agreeing)} agree with their source to the last digit that it states."
    )
    rest = (
        "Below: which comparisons are fair, every formula with its source, how often the intervals hold, how far the police forces differ beyond "
        "chance, and what is known of the figures themselves."
    )
    html = markup.paragraphs([lead], kind="lead") + Markup("\n") + markup.paragraphs([rest])
    return Fragment(html, f"{lead}\n{rest}")


def catalogue() -> Fragment:
    """Return every method by group, with its worked examples run and set beside their published results."""
    groups = [(name, list(found)) for name, found in itertools.groupby(METHODS, key=lambda method: method.group)]
    html = Markup("\n").join(
        Markup("<h3>{}</h3>\n{}").format(name, Markup("\n").join(_method_html(method) for method in methods))
        for name, methods in groups
    )
    text = "\n\n".join(_method_text(method) for _, methods in groups for method in methods)
    data = [
        (method.group, method.name, example.code, name, float(stated), value, example.source)
        for method, example, found in _results()
        for (name, stated), value in zip(example.stated, found, strict=True)
    ]
    columns = ("group", "method", "call", "quantity", "stated", "found", "source")
    return Fragment(html, text, name="examples", csv=markup.csv_text(columns, data))


def coverage() -> Fragment:
    """Return how often each interval holds the truth, counted out over every possible count."""
    table = statistics.coverage_table()
    header = ["Events to expect", "Exact interval of a count", "Byar’s", "Exact interval of a ratio", "Widened, φ = 1"]
    values = [(row.exact, row.byar, row.ratio, row.ratio_log) for row in table]
    rows = [
        [Cell(number(row.mean), number=True), *(Cell(f"{number(100 * share, 1)}%", number=True) for share in shares)]
        for row, shares in zip(table, values, strict=True)
    ]
    lines = [
        "An interval of 95% should hold the truth 95 times in 100. Counts are whole numbers, so an exact interval, which never holds it less "
        "often than that, holds it more often where counts are small. Each share is the sum of the probabilities of all counts, or pairs of "
        "counts, whose interval holds the truth; nothing is simulated. A ratio is of two equal periods with this many events each; "
        "the last column is its interval at φ = 1, that is before any widening."
    ]
    caption = "How often intervals of 95% hold the truth"
    data = [(row.mean, *shares) for row, shares in zip(table, values, strict=True)]
    columns = ("events_to_expect", "exact_count", "byar_count", "exact_ratio", "widened_ratio_phi_1")
    return Fragment(
        markup.paragraphs(lines) + Markup("\n") + markup.table_html(caption, header, rows),
        "\n".join([*lines, markup.table_text(header, rows)]),
        name="coverage",
        csv=markup.csv_text(columns, data),
    )


def spreads(comparison: Comparison) -> Fragment:
    """Return the spread of the forces' changes for each pair of whole years under the present definition."""
    found = [
        (now, then, changes)
        for then, now in itertools.pairwise(_years(comparison))
        if (changes := _changes(comparison, now, then)) is not None
    ]
    if not found:
        line = "The release does not hold two whole years under one definition, so no spread of changes is given."
        return markup.prose(line, kind="empty")
    header = ["Years", "Forces", "Spread φ", "Exact intervals without no change", "Standing out beyond the spread"]
    rows = [
        [
            Cell(f"{_year(then)} to {_year(now)}"),
            Cell(number(len(changes.forces)), number=True),
            Cell(number(changes.spread, 1), number=True),
            Cell(number(changes.beyond_chance), number=True),
            Cell(number(changes.beyond_spread), number=True),
        ]
        for now, then, changes in found
    ]
    phis, forces = [changes.spread for *_, changes in found], max(len(changes.forces) for *_, changes in found)
    lines = [
        f"From year to year the forces’ changes vary {numbers.interval(min(phis), max(phis))} times as much as chance alone would make them, so an interval "
        f"of chance alone is too narrow to call a change unusual: among {forces} forces about {number(0.05 * forces)} exact intervals of 95% would shut out "
        "“no change” by chance. The last column allows for that spread and for the number of forces.",
    ]
    caption = f"Spread of year-on-year changes among forces, release of {comparison.release.words}"
    data = [
        (_year(then), _year(now), len(changes.forces), changes.spread, changes.beyond_chance, changes.beyond_spread)
        for now, then, changes in found
    ]
    columns = ("baseline", "current", "forces", "phi", "exact_intervals_without_no_change", "standing_out")
    return Fragment(
        markup.paragraphs(lines) + Markup("\n") + markup.table_html(caption, header, rows),
        "\n".join([*lines, markup.table_text(header, rows)]),
        name="spreads",
        csv=markup.csv_text(columns, data),
    )


def funnel_spread(comparison: Comparison) -> Fragment:
    """Return how far the forces' rates of the comparison's period differ beyond chance."""
    result = comparisons.funnel(comparison)
    if result is None:
        line = f"For {comparison.current.period.words} fewer than three forces have a rate, so there is no funnel."
        return markup.prose(line, kind="empty")
    named = "" if result.names_outliers else "; so no force is named as unlike the others"
    line = (
        f"In {comparison.current.period.words} the rates of {result.residents} differ among {len(result.forces)} forces {number(result.phi, 1)} times "
        f"as much as chance would make them (φ, winsorised): {result.outside_chance} forces lie outside the 95% limits of chance alone, "
        f"{result.outside_spread} outside those that allow for the spread{named}. Forces differ in recording, reporting and police work as well; "
        "the figures cannot say why."
    )
    return markup.prose(line)


@functools.cache
def _results() -> tuple[tuple[Method, Example, tuple[float, ...]], ...]:
    return tuple((method, example, example.found()) for method in METHODS for example in method.examples)


def _method_html(method: Method) -> Markup:
    header, rows = _example_table(method)
    lines = [
        method.answers,
        Markup("<b>Formula.</b> {}").format(method.formula),
        Markup("<b>Source.</b> {}.").format(method.source),
    ]
    caption = f"{method.name}: worked examples"
    return Markup("<h4>{}</h4>\n{}\n{}").format(
        method.name, markup.paragraphs(lines), markup.table_html(caption, header, rows)
    )


def _method_text(method: Method) -> str:
    lines = [method.name, method.answers, f"Formula. {method.formula}", f"Source. {method.source}."]
    return "\n".join([*lines, markup.table_text(*_example_table(method))])


def _example_table(method: Method) -> tuple[list[str], list[list[Cell]]]:
    header = ["Worked example", "Its source’s result", "Found here", "Agree"]
    rows = [
        [
            Cell(Markup("{} <code>{}</code> {}.").format(f"{example.given}.", example.code, example.source)),
            Cell(_quantities(example, [float(stated) for _, stated in example.stated])),
            Cell(_quantities(example, found)),
            Cell("yes" if example.agrees(found) else "no"),
        ]
        for of, example, found in _results()
        if of is method
    ]
    return header, rows


def _quantities(example: Example, values: Sequence[float]) -> str:
    # A quantity keeps to one line.
    return "; ".join(
        f"{name}\N{NO-BREAK SPACE}{number(value, decimals(stated))}"
        for (name, stated), value in zip(example.stated, values, strict=True)
    )


def _years(comparison: Comparison) -> list[Period]:
    """Return the whole financial years of the release since the launch of its present definition."""
    quarters = comparisons.process(comparison).quarters
    years = [list(year) for _, year in itertools.groupby(quarters, key=financial_year)]
    return [Period.of_quarters(year[0], year[-1]) for year in years if len(year) == 4]


def _year(period: Period) -> str:
    return financial_year(period.quarters[0])


def _changes(comparison: Comparison, now: Period, then: Period) -> comparisons.Changes | None:
    pair = compare(
        comparison.area, period=now, baseline=then, offence=comparison.offence.code, release=comparison.release.id
    )
    return comparisons.changes(pair)
