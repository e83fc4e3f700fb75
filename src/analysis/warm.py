"""What a fresh process does once, so that no page waits for it: import the libraries and draw each figure."""

from __future__ import annotations

import json

from analysis import files

PAGE = "force_report.ipynb"


def draw_once() -> None:
    """Run the cells of a force's report as plain Python, with the parameters that it has by itself.

    What they give is thrown away. What stays are the imported libraries and what they keep: fonts, glyphs, figures
    read from files.
    """
    notebook = json.loads(files.shipped("notebooks", PAGE).read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # noqa: S102  # the project's own notebook
