"""Published statements, checked against the figures."""

from analysis.claims.collection import Loaded, load, shipped
from analysis.claims.corrections import Correction, Corrections, load_corrections
from analysis.claims.models import Claim
from analysis.claims.pages import (
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
from analysis.claims.texts import report_text
from analysis.claims.verdicts import Judgement, about, judge, judge_all

__all__ = [
    "Claim",
    "Correction",
    "Corrections",
    "Judgement",
    "Loaded",
    "about",
    "article",
    "articles",
    "consulted",
    "corrections_log",
    "force_section",
    "introduction",
    "judge",
    "judge_all",
    "load",
    "load_corrections",
    "masthead",
    "meanings",
    "report_text",
    "shipped",
    "summary",
]
