"""Draft claims from an article's text, for a person to confirm."""

from analysis.claims.drafts.article import draft
from analysis.claims.drafts.fields import Candidate, Draft, render
from analysis.claims.drafts.text import read

__all__ = ["Candidate", "Draft", "draft", "read", "render"]
