"""The documentation site: Sphinx over the Markdown that a forge shows too, and over the docstrings. `make docs` builds it."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from jinja2 import FileSystemLoader
from jinja2.sandbox import SandboxedEnvironment
from numpydoc import docscrape_sphinx
from sphinx.application import Sphinx

project = "Like for like"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc"]

# The source is the whole checkout, so that one link between two files holds on a forge and on the site.
root_doc = "README"
include_patterns = [
    "*.md",
    "data/raw/*.md",
    "docs/*.md",
    "docs/*.rst",
    "docs/api/*.rst",
    "tests/*.md",
    "tests/data/*.md",
]
exclude_patterns = [".*", "mutants", "reports"]  # large, and nothing in them is included

myst_heading_anchors = 4
autodoc_typehints = "none"  # a docstring says what is taken and given
numpydoc_show_class_members = False
templates_path = [str(Path(__file__).with_name("templates"))]  # whole, since autosummary looks elsewhere for a part

html_theme = "furo"  # brings its own style and fonts of the system: no page asks another host for anything
html_title = project
html_copy_source = False
html_show_copyright = False

CONTENTS = """
```{{toctree}}
:hidden:
:caption: {}

{}
```
"""
PAGES = {
    "Begin": "docs/first-ten-minutes docs/pandas docs/functions docs/package docs/howto docs/json docs/reproducing docs/reference",
    "Know": "docs/README docs/methods docs/limits docs/assumptions docs/look docs/glossary docs/data data/raw/DICTIONARY",
    "Change": "CONTRIBUTING docs/architecture data/raw/README tests/README tests/data/README",
    "Judge": "docs/threats docs/rap CHANGELOG",
}


def setup(app: Sphinx) -> None:
    """Give README the contents that a forge has no use for, and the site the first page that a browser looks for."""
    app.connect("source-read", _with_contents)
    app.connect("build-finished", _with_first_page)


def _with_contents(app: Sphinx, page: str, source: list[str]) -> None:
    if page == app.config.root_doc:
        source[0] += "".join(CONTENTS.format(caption, "\n".join(pages.split())) for caption, pages in PAGES.items())


def _with_first_page(app: Sphinx, error: Exception | None) -> None:
    if error is None:
        shutil.copyfile(Path(app.outdir, "README.html"), Path(app.outdir, "index.html"))


# A library of nbconvert's opens the root logger as it is imported; what our code reads is no warning of the site.
logging.getLogger("analysis").setLevel(logging.WARNING)

# numpydoc makes an environment for each docstring, and compiles its one template anew in each.
TEMPLATES = SandboxedEnvironment(loader=FileSystemLoader(Path(docscrape_sphinx.__file__).with_name("templates")))
docscrape_sphinx.SandboxedEnvironment = lambda **_: TEMPLATES
