"""The periods of a comparison side by side."""

from __future__ import annotations

from analysis import comparison as comparisons
from analysis.comparison import Comparison, Count
from analysis.figures import releases
from analysis.report import markup
from analysis.report.markup import Cell, Fragment
from analysis.report.tables.values import count_marks, rate_words
from analysis.terms import numbers


def periods(comparison: Comparison) -> Fragment:
    """Return the periods side by side: months, counts, counts a month and rates."""
    header = ["Period", "Months", "Recorded offences", "A month", "Rate for 10,000 a year (95% interval)", "Residents"]
    rows = [
        [
            Cell(f"{label}: {count.period.words}"),
            Cell(numbers.number(count.period.months), number=True),
            Cell(f"{numbers.number(count.offences)}{count_marks(comparison, count)}", number=True),
            Cell(numbers.number(count.per_month, 1), number=True),
            Cell(rate_words(rate), number=True),
            Cell(rate.residents.words if rate else "no rate"),
        ]
        for label, count, rate in _period_rows(comparison)
    ]
    caption = f"{comparison.area.name}: the periods side by side, release of {comparison.release.words}"
    return Fragment(markup.table_html(caption, header, rows), markup.table_text(header, rows))


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
                    releases.matrix(comparison.offence.code, comparison.release.id),
                    comparison.area,
                    before.period,
                    band=comparison.band,
                ),
            )
        )
    return rows
