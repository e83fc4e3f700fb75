"""Period against period, force among forces, and a force across time: what may be compared, and how sure one can be."""

from analysis.comparison.across_time import Process
from analysis.comparison.among_forces import Changes, Funnel
from analysis.comparison.compare import Comparison, compare, resolve_periods
from analysis.comparison.counts import PER, SMALL, Count, Rate, count, is_small
from analysis.comparison.judgement import RULES, Change, Pair, Ratio, judge
from analysis.comparison.robustness import View

__all__ = [
    "PER",
    "RULES",
    "SMALL",
    "Change",
    "Changes",
    "Comparison",
    "Count",
    "Funnel",
    "Pair",
    "Process",
    "Rate",
    "Ratio",
    "View",
    "compare",
    "count",
    "is_small",
    "judge",
    "resolve_periods",
]
