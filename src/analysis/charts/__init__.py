"""One function a figure. Each returns the drawing, its text alternative and the figures behind it together."""

from analysis.charts.figure import Chart
from analysis.charts.funnel import funnel
from analysis.charts.periods import periods
from analysis.charts.process import process
from analysis.charts.quarters import quarters
from analysis.charts.rates import among_forces
from analysis.charts.tiles import tiles

__all__ = ["Chart", "among_forces", "funnel", "periods", "process", "quarters", "tiles"]
