"""One function per figure. Each returns the drawing, its text alternative and the figures behind it together."""

from analysis.report.charts.chart import Chart
from analysis.report.charts.forces import among_forces
from analysis.report.charts.lines import lines, mark_breaks
from analysis.report.charts.process import process
from analysis.report.charts.quarters import quarters

__all__ = ["Chart", "among_forces", "lines", "mark_breaks", "process", "quarters"]
