"""The pages: one table of notebook, parameters and output, one pure `render`, and a build that publishes them."""

from analysis.reports.building import Outcome, build, default_jobs
from analysis.reports.pages import Page, Request, matrix_request, request
from analysis.reports.rendering import render

__all__ = ["Outcome", "Page", "Request", "build", "default_jobs", "matrix_request", "render", "request"]
