"""Published statements, checked against the figures."""

from analysis import door
from analysis.claims.documents import load, load_corrections, shipped
from analysis.claims.models import Claim
from analysis.claims.verdicts import Judgement, about, changed, judge, judge_all

__all__ = ["Claim", "Judgement", "about", "changed", "judge", "judge_all", "load", "load_corrections", "shipped"]

__dir__ = door.public(globals(), __all__)
