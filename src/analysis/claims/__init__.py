"""Published statements, checked against the figures."""

from analysis.claims.collection import Loaded, load, shipped
from analysis.claims.corrections import Correction, Corrections, load_corrections
from analysis.claims.models import Claim
from analysis.claims.verdicts import Judgement, about, judge, judge_all

__all__ = [
    "Claim",
    "Correction",
    "Corrections",
    "Judgement",
    "Loaded",
    "about",
    "judge",
    "judge_all",
    "load",
    "load_corrections",
    "shipped",
]
