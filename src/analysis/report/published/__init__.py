"""Judgements on claims, as a page and a terminal show them."""

from analysis.report.published.pages import (
    article,
    articles,
    consulted,
    corrections_log,
    force_section,
    introduction,
    masthead,
    meanings,
    summary,
)
from analysis.report.published.texts import report_text

__all__ = [
    "article",
    "articles",
    "consulted",
    "corrections_log",
    "force_section",
    "introduction",
    "masthead",
    "meanings",
    "report_text",
    "summary",
]
