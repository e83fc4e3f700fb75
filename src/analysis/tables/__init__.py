"""One function a table."""

from analysis.tables.cards import key_figures
from analysis.tables.forces import all_forces, contributions, index
from analysis.tables.periods import periods
from analysis.tables.quarters import figures
from analysis.tables.revisions import revised_quarters, revisions_by_age
from analysis.tables.values import change_words, count_marks
from analysis.tables.views import context, robustness

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
