"""Sentences for the reports, made from the comparison that the figures come from.

Nothing here decides what may be compared, calls an interval a bound, names a cause, or says "significant".
"""

from analysis.report.sentences.pages import (
    index_masthead,
    limits,
    marks,
    masthead,
    other_pages,
    quotable,
    quotation,
    reference,
    sources,
)
from analysis.report.sentences.readings import (
    across_time,
    among_forces,
    changes_reading,
    context_reading,
    funnel_reading,
    index_reading,
    map_reading,
    revisions_reading,
    robustness_reading,
)
from analysis.report.sentences.recorded import (
    answer_sentence,
    as_released,
    change_sentence,
    change_words,
    comparability,
    percent_words,
    reading,
    report,
    summary,
    summary_sentences,
)

__all__ = [
    "across_time",
    "among_forces",
    "answer_sentence",
    "as_released",
    "change_sentence",
    "change_words",
    "changes_reading",
    "comparability",
    "context_reading",
    "funnel_reading",
    "index_masthead",
    "index_reading",
    "limits",
    "map_reading",
    "marks",
    "masthead",
    "other_pages",
    "percent_words",
    "quotable",
    "quotation",
    "reading",
    "reference",
    "report",
    "revisions_reading",
    "robustness_reading",
    "sources",
    "summary",
    "summary_sentences",
]
