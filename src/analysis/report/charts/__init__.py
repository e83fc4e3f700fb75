"""One function per figure. Each returns the drawing, its text alternative and the figures behind it together."""

from analysis.report.charts.areas import among_forces, courses, lines, mark_breaks
from analysis.report.charts.chart import Chart
from analysis.report.charts.quarters import process, quarters

__all__ = ["Chart", "among_forces", "courses", "lines", "mark_breaks", "process", "quarters"]
