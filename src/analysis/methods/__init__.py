"""The methods behind every page, with worked examples that run as the page is made, and what is known of the figures."""

from analysis.methods.catalogue import METHODS
from analysis.methods.fairness import bases, rules
from analysis.methods.models import Example, Method
from analysis.methods.pages import catalogue, coverage, funnel_spread, introduction, masthead, spreads
from analysis.methods.quality import known, provenance

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
