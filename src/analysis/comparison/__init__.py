"""Period against period, force among forces, and a force across time: what may be compared, and how sure one can be."""

from analysis.comparison.across_time import Process, process, since_launch
from analysis.comparison.between_forces import Changes, Funnel, changes, contributions, funnel
from analysis.comparison.between_periods import compare, spread_among_forces
from analysis.comparison.caveats import RULES, Pair
from analysis.comparison.counts import by_force, force_rates, other_figures, rate, rate_of, total
from analysis.comparison.results import PER, SMALL, Comparison, Count, Rate, Ratio
from analysis.comparison.robustness import View, context, views

__all__ = [
    "PER",
    "RULES",
    "SMALL",
    "Changes",
    "Comparison",
    "Count",
    "Funnel",
    "Pair",
    "Process",
    "Rate",
    "Ratio",
    "View",
    "by_force",
    "changes",
    "compare",
    "context",
    "contributions",
    "force_rates",
    "funnel",
    "other_figures",
    "process",
    "rate",
    "rate_of",
    "since_launch",
    "spread_among_forces",
    "total",
    "views",
]
