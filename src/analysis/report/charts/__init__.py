"""One function per figure. Each returns the drawing, its text alternative and the figures behind it together."""

from analysis.report.charts.chart import Chart
from analysis.report.charts.forces import among_forces, funnel, tiles
from analysis.report.charts.lines import lines, mark_breaks
from analysis.report.charts.periods import periods
from analysis.report.charts.time import process, quarters

__all__ = ["Chart", "among_forces", "funnel", "lines", "mark_breaks", "periods", "process", "quarters", "tiles"]
