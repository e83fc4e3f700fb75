"""The pages: one table of notebook, parameters and output, one pure `render`, and a build that publishes them."""

from analysis.reports.building import Outcome, build
from analysis.reports.pages import Page, Request, matrix_request, request
from analysis.reports.rendering import render
from analysis.reports.workers import default_jobs

__all__ = ["Outcome", "Page", "Request", "build", "default_jobs", "matrix_request", "render", "request"]
