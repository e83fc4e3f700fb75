"""The figures that a reader looks for first."""

from __future__ import annotations

from markupsafe import Markup

from analysis import comparison as comparisons
from analysis.comparison import Comparison, Count
from analysis.figures import population
from analysis.report import markup
from analysis.report.markup import Fragment
from analysis.report.tables.values import count_marks
from analysis.terms import numbers


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


def _count_figure(name: str, comparison: Comparison, count: Count) -> tuple[str, str, str]:
    value = f"{numbers.number(count.offences)}{count_marks(comparison, count)}"
    return name, value, f"{count.period.words}, release of {comparison.release.words}"


def _rate_figure(comparison: Comparison) -> tuple[str, str, str]:
    rate = comparison.rate
    if rate is None:
        return "Rate", "[x]", "no rate: see the caveats"
    name = f"Rate a year for 10,000 {population.BANDS[rate.residents.band]}"
    return (
        name,
        f"{numbers.number(rate.value, 1)}{count_marks(comparison, comparison.current)}",
        f"95% interval {numbers.interval(rate.low, rate.high)}; residents of mid-{rate.residents.year}",
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
