"""Draft claims from an article's text, for a person to confirm."""

from analysis.drafts.articles import read
from analysis.drafts.drafting import draft
from analysis.drafts.fields import Candidate, Draft
from analysis.drafts.rendering import render

__all__ = ["Candidate", "Draft", "draft", "read", "render"]
