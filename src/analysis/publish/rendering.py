"""One page: its notebook run by papermill, and what comes of it as HTML, CSV and a notebook without traces of the run."""

from __future__ import annotations

import base64
import ctypes
import functools
import hashlib
import json
import math
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis import files
from analysis.errors import RequestError, one_line, printable
from analysis.publish.pages import Page
from analysis.publish.parameters import IndexParameters
from analysis.report.glossary import explained
from analysis.report.headings import addressed
from analysis.report.view import html

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from analysis.publish.kernels import Kernel

STYLES, SCRIPTS = ("style.css", "chart.css"), ("script.js", "chart.js")

TIME_LIMIT = "ANALYSIS_TIME_LIMIT"  # seconds that one notebook may take
DEFAULT_TIME_LIMIT = 300.0

# What fails for want of memory, room, open files or processes, here or in a cell. Other errors of the system (a file
# that is missing) have names of their own.
_PASSING = frozenset(
    {
        "MemoryError",
        "OSError",
        "BlockingIOError",
        "ZMQError",
        "DeadKernelError",
        "NoKernelError",
        "KilledWorker",
        "CancelledError",
        "FutureCancelledError",
        "CommClosedError",
    }
)

_thread = threading.local()


@dataclass(frozen=True)
class Rendered:
    """What became of a page.

    Attributes
    ----------
    page
        Which page.
    content
        Its files, by their path below the output folder; none if it failed.
    failure
        Why there are none, in one line; otherwise None.
    is_passing
        Whether it failed for something that the machine lacked, so that it may succeed another time.
    seconds
        How long it took to make.
    """

    page: Page
    content: Mapping[str, bytes] = field(default_factory=dict)
    failure: str | None = None
    is_passing: bool = False
    seconds: float = 0.0


def outcome_of(page: Page, result: Callable[[], Rendered]) -> Rendered:
    """Return what became of a page that a function returns, or raises the reason why there is none."""
    try:
        return result()
    except Exception as error:  # whatever the notebook, its kernel or the way there raised
        name = getattr(error, "ename", None) or type(error).__name__
        reason = f"{name}: {getattr(error, 'evalue', None) or error}"
        return Rendered(page, failure=printable(one_line(reason)), is_passing=name in _PASSING)


def timed(
    page: Page, notebook: NotebookNode, kernel: Kernel, *, identity: Mapping[str, Any], time_limit: float
) -> Rendered:
    """Return a page with the files that :func:`render` makes, and how long that took."""
    began = time.monotonic()
    content = render(page, notebook, kernel, identity=identity, time_limit=time_limit)
    return Rendered(page, content, seconds=time.monotonic() - began)


def render(
    page: Page,
    notebook: NotebookNode,
    kernel: Kernel,
    *,
    identity: Mapping[str, Any],
    time_limit: float = DEFAULT_TIME_LIMIT,
) -> dict[str, bytes]:
    """Return a page's files: its HTML, a card that stands for it where a link is shared, its figures as CSV, and the notebook as it ran.

    Parameters
    ----------
    page
        What to make.
    notebook
        The notebook that makes it, as :func:`read_notebook` gives it.
    kernel
        What runs it.
    identity
        What the template prints of how the page was made.
    time_limit
        Seconds that the notebook may take.

    Returns
    -------
    dict
        Relative path to bytes. The same inputs give the same bytes.

    Raises
    ------
    Exception
        Whatever the notebook's run raised; nothing is written.
    """
    parameters = page.parameters.model_dump()
    executed = _without_traces(kernel.execute(notebook, parameters, name=page.name, time_limit=time_limit))
    figures = _figures(executed)
    content = {f"{page.name}.html": to_html(page, executed, identity)}
    content[f"cards/{page.slug}.svg"] = str(html("card", *_headline(executed))).encode()
    content |= {f"data/{page.slug}{f'-{name}' if name else ''}.csv": text.encode() for name, text in figures.items()}
    for output in _outputs(executed):
        output.get("data", {}).pop("text/csv", None)  # stands in a file of its own now, and as a table in the notebook
    content[f"notebooks/{page.slug}.ipynb"] = _to_json(executed)
    if isinstance(page.parameters, IndexParameters):
        asked = page.parameters.model_dump(include={"offence", "release", "missing"})
        everything = kernel.execute(_everything(), asked, name=page.name, time_limit=time_limit)
        content["data/all.csv"] = _figures(everything)["all"].encode()
    if give_back := _malloc_trim():
        give_back(0)
    return content


def _everything() -> NotebookNode:
    """Return a notebook that shows all figures of a build, run like any other: kernels read what it began with."""
    from nbformat import v4

    code = "from analysis.publish import inside\n\ninside.all_figures(offence, release, missing)"
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    given, shown = v4.new_code_cell(metadata={"tags": ["parameters"]}), v4.new_code_cell(code)  # type: ignore[no-untyped-call]
    return v4.new_notebook(metadata=kernel, cells=[given, shown])  # type: ignore[no-untyped-call,no-any-return]


@functools.cache
def _malloc_trim() -> Callable[[int], int] | None:
    """Return what gives freed memory back to the system: glibc keeps it for each thread, the more the more pages are made."""
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library, another system
        return None
    return trim


def time_limit() -> float:
    """Return how many seconds one notebook may take: the setting of the environment, or five minutes.

    Raises
    ------
    RequestError
        If the setting is no positive number.
    """
    text = os.environ.get(TIME_LIMIT, str(DEFAULT_TIME_LIMIT))
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise RequestError(f"{TIME_LIMIT}: found {text!r}; give the seconds that one notebook may take, such as 300")
    return seconds


def read_notebook(name: str, content: bytes) -> NotebookNode:
    """Return a notebook of the project without outputs, or refuse one without parameters."""
    import nbformat

    try:
        notebook: NotebookNode = nbformat.reads(content.decode(), as_version=4)  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, AttributeError) as error:  # the last two where JSON of another form is read
        raise RequestError(
            f"{name}: cannot be read as a notebook ({error}); restore it from the project's history"
        ) from error
    if not any("parameters" in cell.metadata.get("tags", ()) for cell in notebook.cells):
        raise RequestError(f"{name}: no cell is tagged 'parameters'; tag the cell that sets them")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None  # papermill would copy half a megabyte for each page
    return notebook


def _without_traces(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook without what differs from run to run: times, paths and random names."""
    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell["id"] = f"injected-{number}"
    return notebook


def _outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    for cell in notebook.cells:
        yield from cell.get("outputs", ())


def _figures(notebook: NotebookNode) -> dict[str, str]:
    named = [output for output in _outputs(notebook) if "text/csv" in output.get("data", {})]
    return {output.metadata["analysis"].get("name", ""): output.data["text/csv"] for output in named}


def _with_content(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook without what has nothing to show for this page: such cells, and headings above nothing else."""
    from nbformat import NotebookNode

    kept = []
    below = 0  # how far below a heading lies what is kept: a part of some level, or content, which is below any
    for cell in reversed(notebook.cells):
        heading = re.fullmatch(r"(#+) [^\n]+", cell.source) if cell.cell_type == "markdown" else None
        level = len(heading[1]) if heading else 7
        has_content = cell.cell_type == "markdown" or not all(map(_is_empty, cell.get("outputs", ())))
        if below > level if heading else has_content:
            kept.append(cell)
            below = level
    return NotebookNode(notebook, cells=kept[::-1])  # type: ignore[no-untyped-call]


def _is_empty(output: NotebookNode) -> bool:
    return bool(output.get("data", {}).get("text/html") == "")


def _headline(notebook: NotebookNode) -> tuple[str, str]:
    """Return a page's title, and what a search engine or a shared link says of it: its first two lines, so that no two counts go without the answer."""
    titles = (output.get("metadata", {}).get("analysis", {}).get("title") for output in _outputs(notebook))
    title = next(filter(None, titles), "Recorded offences")
    shown = (output.get("data", {}) for output in _outputs(notebook))
    said = (data["text/plain"] for data in shown if str(data.get("text/html", "")).startswith("<p"))
    return title, " ".join(str(next(said, title)).split("\n")[:2])


def to_html(page: Page, notebook: NotebookNode, identity: Mapping[str, Any]) -> bytes:
    """Return the page that an executed notebook makes."""
    title, description = _headline(notebook)
    about = {
        "page": page,
        "title": title,
        "identity": identity,
        "styles": [_hashed(text) for text in (*map(_template_file, STYLES), _running_lines(title, identity["digest"]))],
        "scripts": [_hashed(_template_file(name)) for name in SCRIPTS],
        "unknown": _refuse_output,
        "helplines": identity["helplines"],
        "description": description,
        "addressed": addressed,
        "explained": explained,
    }
    body, _ = _exporter().from_notebook_node(_with_content(notebook), resources={"report": about})
    return str(body).encode()


def _refuse_output(output: NotebookNode) -> str:
    """Refuse what a page cannot show, a printed warning among it, rather than leave it out."""
    said = output.get("text") or ", ".join(output.get("data", {})) or output.output_type
    raise RequestError(f"an output that is not HTML: {said}; a cell must show what a library function returns")


def _exporter() -> Any:
    """Return this thread's exporter; nbconvert's keep state while they work."""
    if not hasattr(_thread, "exporter"):
        _thread.exporter = _exporter_class()(
            template_name="report",
            extra_template_basedirs=[str(files.PACKAGE / "report" / "templates")],
            default_preprocessors=[],
            exclude_anchor_links=True,
        )
    return _thread.exporter


@functools.cache
def _exporter_class() -> type:
    from nbconvert import HTMLExporter, TemplateExporter

    class Exporter(HTMLExporter):
        """nbconvert's own, but for what it does to a finished page: it reads the whole again and mends its own cells and images."""

        def from_notebook_node(self, *arguments: Any, **options: Any) -> Any:
            return TemplateExporter.from_notebook_node(self, *arguments, **options)

        def _preprocess(self, notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
            return notebook, resources  # by nobody, for whom nbconvert would copy all that the template is given

    return Exporter


@functools.cache
def _template_file(name: str) -> str:
    return (files.PACKAGE / "report" / "templates" / "report" / name).read_text(encoding="utf-8").strip()


def _running_lines(title: str, digest: str) -> str:
    """Return the style sheet that prints a page's title and build on every sheet of paper."""
    head, foot = (_css_string(text) for text in (title, f"build {digest[:12]}" if digest else ""))
    return f"@page{{@top-left{{content:{head}}}@bottom-left{{content:{foot}}}}}"


def _css_string(text: str) -> str:
    # The space that ends an escape is part of it.
    return '"' + "".join(c if c.isascii() and (c.isalnum() or c in " ,.-") else f"\\{ord(c):x} " for c in text) + '"'


def _hashed(text: str) -> dict[str, str]:
    """Return a style sheet or script with the hash by which the page's Content-Security-Policy allows it."""
    return {"text": text, "hash": f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"}


def _to_json(notebook: NotebookNode) -> bytes:
    return (json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
