"""What a fresh process does once, so that no page waits for it: import the libraries and draw each figure."""

from __future__ import annotations


def draw_once() -> None:
    """Import what the notebooks import, and draw every figure of a page, to throw it away."""
    from analysis import charts, compare, tables, wording

    comparison = compare("Northamptonshire")
    for figure in (charts.quarters, charts.periods, charts.among_forces, charts.funnel, charts.process):
        figure(comparison)
    tables.figures(comparison)
    wording.sources(comparison)
