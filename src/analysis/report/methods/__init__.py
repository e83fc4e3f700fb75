"""The methods behind every page, with worked examples that run as the page is made, and what is known of the figures."""

from analysis.report.methods.catalogue import METHODS
from analysis.report.methods.fairness import bases, rules
from analysis.report.methods.models import Example, Method
from analysis.report.methods.pages import catalogue, coverage, funnel_spread, introduction, masthead, spreads
from analysis.report.methods.quality import known, provenance

__all__ = [
    "METHODS",
    "Example",
    "Method",
    "bases",
    "catalogue",
    "coverage",
    "funnel_spread",
    "introduction",
    "known",
    "masthead",
    "provenance",
    "rules",
    "spreads",
]
