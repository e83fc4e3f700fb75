"""Sentences for the reports, made from the comparison that the figures come from.

Nothing here decides what may be compared, calls an interval a bound, names a cause, or says "significant".
"""

from analysis.report.sentences.pages import area_masthead, limits, masthead, quotable, quotation, reference, sources
from analysis.report.sentences.readings import (
    across_time,
    among_forces,
    changes_reading,
    context_reading,
    contributions_reading,
    revisions_reading,
    robustness_reading,
)
from analysis.report.sentences.recorded import (
    comparability,
    further_sentences,
    next_year_sentence,
    reading,
    report,
    settling_sentence,
    summary,
    summary_sentences,
)
from analysis.report.wording import change_sentence, change_words, percent_words, ratio_words

__all__ = [
    "across_time", "among_forces", "area_masthead", "change_sentence", "change_words", "changes_reading", "comparability",
    "context_reading", "contributions_reading", "further_sentences", "limits", "masthead", "next_year_sentence",
    "percent_words", "quotable", "quotation", "ratio_words", "reading", "reference", "report", "revisions_reading",
    "robustness_reading", "settling_sentence", "sources", "summary", "summary_sentences",
]  # fmt: skip
