"""What a fresh process does once, so that no page waits for it: import the libraries and draw each figure."""

from __future__ import annotations


def draw_once() -> None:
    """Import what the notebooks import, and draw every figure of a page, to throw it away.

    The figures are of the newest release that the project ships, which holds the offence whatever a user added.
    """
    from analysis import charts, compare, tables, wording
    from analysis.register import load_register

    shipped = [release for release in load_register().releases if release.kind == "full" and not release.is_added]
    if not shipped:
        return
    comparison = compare("Northamptonshire", release=shipped[-1].id)
    for figure in (charts.quarters, charts.periods, charts.among_forces, charts.funnel, charts.process):
        figure(comparison)
    tables.figures(comparison)
    wording.sources(comparison)
