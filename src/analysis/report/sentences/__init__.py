"""Sentences for the reports, made from the comparison that the figures come from.

Nothing here crosses a break as a ratio, calls an interval a bound, names a cause, or says "significant".
"""

from analysis.report.sentences.heads import index_masthead, masthead, other_pages
from analysis.report.sentences.notes import limits, marks, sources
from analysis.report.sentences.ratios import percent_words, ratio_sentence, reading
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
from analysis.report.sentences.summaries import as_released, comparability, report, summary, summary_sentences

__all__ = [
    "across_time",
    "among_forces",
    "as_released",
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
    "ratio_sentence",
    "reading",
    "report",
    "revisions_reading",
    "robustness_reading",
    "sources",
    "summary",
    "summary_sentences",
]
