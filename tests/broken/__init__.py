"""Broken inputs, each made by code: what is wrong with it, how the command meets it, and what it must say."""

from broken import documents, requests, workbooks
from broken.inputs import Broken

__all__ = ["EVERY", "Broken"]

EVERY: tuple[Broken, ...] = (*workbooks.every(), *documents.every(), *requests.every())
