"""One function a table."""

from analysis.report.tables.cards import key_figures
from analysis.report.tables.forces import all_forces, contributions, index
from analysis.report.tables.periods import periods
from analysis.report.tables.quarters import figures
from analysis.report.tables.revisions import revised_quarters, revisions_by_age
from analysis.report.tables.values import change_words, count_marks
from analysis.report.tables.views import context, robustness

__all__ = [
    "all_forces",
    "change_words",
    "context",
    "contributions",
    "count_marks",
    "figures",
    "index",
    "key_figures",
    "periods",
    "revised_quarters",
    "revisions_by_age",
    "robustness",
]
