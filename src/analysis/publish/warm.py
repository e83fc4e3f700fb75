"""What a fresh process does once, so that no page waits for it: import the libraries and draw each figure."""

from __future__ import annotations

import json
from contextlib import suppress

from analysis import comparison, files
from analysis.errors import RequestError
from analysis.terms.forces import ENGLAND_AND_WALES

PAGE = "force_report.ipynb"


def draw_once(*shared: str) -> None:
    """Run the cells of a force's report as plain Python, with the parameters that it has by itself.

    What they give is thrown away. What stays are the imported libraries and what they keep: fonts, glyphs, figures
    read from files, and what the pages of all forces share.

    Parameters
    ----------
    *shared
        Parameters that several pages have, but for the force, each as JSON.
    """
    notebook = json.loads(files.shipped("notebooks", PAGE).read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # noqa: S102  # the project's own notebook
    for parameters in shared:
        with suppress(RequestError):  # which then is the reason that the pages fail for
            _work_out(comparison.compare(ENGLAND_AND_WALES, **json.loads(parameters)))


def _work_out(compared: comparison.Comparison) -> None:
    comparison.funnel(compared)
    comparison.views(compared)
    comparison.context(compared)
