"""Period against period, force among forces, and a force across time: what may be compared, and how sure one can be."""

from analysis.comparison.across_time import LEAST, Process
from analysis.comparison.among_forces import CHANCE, Funnel, Screen, screened
from analysis.comparison.change import Change, Pair, coverage, may_become, poor_years, screen_tried
from analysis.comparison.compare import Choice, Comparison, compare
from analysis.comparison.counts import PER, SMALL, Count, Rate, count, is_small, noise_of, total
from analysis.comparison.judgement import judge

# What pages say of the figures themselves: presentation takes it from here, and never from the figures.
from analysis.figures import population, revisions, vintages
from analysis.figures.register import NEWEST_PROVISIONAL, Release, Source, load_register, resolve_periods
from analysis.figures.tables import matrix

__all__ = [
    "CHANCE", "LEAST", "NEWEST_PROVISIONAL", "PER", "SMALL", "Change", "Choice", "Comparison", "Count", "Funnel", "Pair",
    "Process", "Rate", "Release", "Screen", "Source", "compare", "count", "coverage", "is_small", "judge",
    "load_register", "matrix", "may_become", "noise_of", "poor_years", "population", "resolve_periods", "revisions",
    "screen_tried", "screened", "total", "vintages",
]  # fmt: skip
