"""The same change, looked at in other fair ways and for other offences."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from analysis import comparison as comparisons
from analysis.comparison import Comparison
from analysis.report import markup
from analysis.report.markup import Cell, Fragment
from analysis.terms import numbers


def robustness(comparison: Comparison) -> Fragment:
    """Return whether the direction of the change survives other fair choices."""
    caption = f"{comparison.area.name}: does the direction depend on the choice?"
    return _views_table(comparison, comparisons.views(comparison), caption, "robustness", "Way of looking")


def context(comparison: Comparison) -> Fragment:
    """Return the same periods for all sexual offences and for neighbouring codes, where the release holds them."""
    caption = (
        f"{comparison.area.name}: other recorded offences in the same periods, release of {comparison.release.words}"
    )
    views = comparisons.context(comparison)
    return _views_table(comparison, views, caption, "context", "Offences") if views else Fragment(Markup(""), "")


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
    return numbers.number(value, 0 if isinstance(value, int) else 1)
