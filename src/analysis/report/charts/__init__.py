"""One function a figure. Each returns the drawing, its text alternative and the figures behind it together."""

from analysis.report.charts.figure import Chart
from analysis.report.charts.funnel import funnel
from analysis.report.charts.periods import periods
from analysis.report.charts.process import process
from analysis.report.charts.quarters import quarters
from analysis.report.charts.rates import among_forces
from analysis.report.charts.tiles import tiles

__all__ = ["Chart", "among_forces", "funnel", "periods", "process", "quarters", "tiles"]
