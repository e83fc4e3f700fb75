"""The pages: one table of notebook, parameters and output, workers that make them, and a build that publishes them."""

from analysis import door
from analysis.publish.building import Inputs, Outcome, build, default_jobs
from analysis.publish.pages import Page, Request, given, matrix_request, notebook_request, request

__all__ = [
    "Inputs", "Outcome", "Page", "Request", "build", "default_jobs", "given", "matrix_request", "notebook_request", "request",
]  # fmt: skip

__dir__ = door.public(globals(), __all__)
