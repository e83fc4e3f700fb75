"""A page's notebook as papermill prepares and judges it, run in this process by IPython's shell.

Each cell has the outputs that a kernel gives, and each page has names, settings, environment and a folder of its own.
"""

from __future__ import annotations

import gc
import io
import json
import logging
import os
import sys
import tempfile
import warnings
from binascii import b2a_base64
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, chdir, contextmanager, suppress
from typing import Any

import papermill  # type: ignore[import-untyped]
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode, from_dict, v4
from papermill.execute import raise_for_execution_errors  # type: ignore[import-untyped]
from traitlets.config import Config

MOST_SHOWN = 10**7  # characters that a page's notebook may print or display; a page of ours has half a million
_SETTINGS = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"autoindent": False}})
_MOST_WRITTEN = 10**8  # bytes of a file that a page or a program of its makes


def run(notebook: NotebookNode, parameters: Mapping[str, Any]) -> NotebookNode:
    """Return a notebook as it ran, with a namespace, settings, environment and working folder of its own, and no trace of the run.

    Parameters
    ----------
    notebook
        The notebook.
    parameters
        Values for the parameters that the notebook declares; JSON types only.

    Raises
    ------
    papermill.PapermillExecutionError
        If a cell raises an error.
    """
    ran: NotebookNode = papermill.execute_notebook(
        notebook, None, parameters, prepare_only=True, kernel_name="python3", language="python"
    )
    ran.metadata.pop("papermill", None)  # times
    with _alone(_Shell.instance()) as shell:
        for number, cell in enumerate(ran.cells):
            cell.metadata.pop("papermill", None)
            if "injected-parameters" in cell.metadata.get("tags", ()):
                cell["id"] = f"injected-{number}"  # in place of a random name
            if cell.cell_type == "code" and cell.source.strip() and not shell.run(cell):
                break
    raise_for_execution_errors(ran, None)
    return ran


def warm_up() -> None:
    """Import what the notebooks use, so that no page waits for it, and take over what is printed in this process."""
    import seaborn  # noqa: F401  # and with it SciPy
    from matplotlib import pyplot

    import analysis
    from analysis.report import jupyter
    from analysis.report.view import View

    View.gives_file = True
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_WRITTEN, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    logging.getLogger("papermill").disabled = True  # it would say again, beside our line, why a page has failed
    jupyter.register(_Shell.instance(config=_SETTINGS))
    pyplot.close(pyplot.figure())  # by which Matplotlib finds where its figures are shown
    with suppress(Exception):  # whose reason is that of the pages, which then fail for it
        for name in dir(analysis):
            getattr(analysis, name)
    gc.collect()
    gc.freeze()  # the search for unreachable cycles walks through what pages leave, not through every library again
    gc.set_threshold(50_000)  # a page leaves some megabytes, which are found when the next one begins


class _Publisher(DisplayPublisher):
    """Gives what a cell displays to the cell."""

    def publish(self, data: dict[str, Any], metadata: dict[str, Any] | None = None, *_: Any, **__: Any) -> None:
        self.shell.show("display_data", data=data, metadata=metadata or {})


class _Result(DisplayHook):
    """Gives a cell's last value to the cell."""

    def write_output_prompt(self) -> None:
        """Write none."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        shown = {"data": format_dict, "metadata": md_dict}
        self.shell.show("execute_result", execution_count=self.prompt_count, **shown)  # type: ignore[union-attr]


class _Shell(InteractiveShell):
    """IPython's shell, which keeps what a cell prints, displays, returns and raises as outputs of that cell."""

    displayhook_class = _Result
    display_pub_class = _Publisher
    colors_force = True  # in traces, as kernels have them

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self.outputs: list[NotebookNode] = []
        self.shown = 0
        self.printed = [_Printed(self, number, name) for number, name in ((1, "stdout"), (2, "stderr"))]
        sys.stdout, sys.stderr = self.printed

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: figures are shown by the inline backend."""

    def run(self, cell: NotebookNode) -> bool:
        """Run a cell and keep its outputs in it; say whether it raised no error."""
        self.outputs = cell.outputs
        cell.execution_count = self.execution_count
        done = self.run_cell(cell.source, store_history=True)  # type: ignore[no-untyped-call]
        self.flush()
        return bool(done.success)

    def flush(self) -> None:
        """Keep what other programs have printed so far, cut off where it is more than a page may show."""
        for each in self.printed:
            self.print(each.name, each.taken()[: max(0, MOST_SHOWN - self.shown)])

    def show(self, kind: str, **content: Any) -> None:
        """Keep an output, after all that was printed before."""
        self.flush()
        self._count(sum(len(each) for each in content.get("data", {}).values() if isinstance(each, str)))
        # As v4.new_output makes it, without a look at the schema.
        self.outputs.append(from_dict({"output_type": kind, **_as_json(content)}))  # type: ignore[no-untyped-call]

    def print(self, name: str, text: str) -> None:
        """Keep a text that was printed, after what was printed just before it."""
        self._count(len(text))
        if self.outputs and self.outputs[-1].get("name") == name:
            self.outputs[-1].text += text
        elif text:
            self.outputs.append(v4.new_output("stream", name=name, text=text))  # type: ignore[no-untyped-call]

    def _count(self, shown: int) -> None:
        """Have a cell fail that shows without end: its build would keep all of it."""
        self.shown += shown
        if shown and self.shown > MOST_SHOWN:
            raise RuntimeError(f"shows more than {MOST_SHOWN:,} characters")

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException | None, stb: list[str]) -> None:
        self.show("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)


def _as_json(content: Mapping[str, Any]) -> Any:
    """Return what is shown as it would have come from a kernel: through JSON."""
    text = json.dumps(content, default=lambda each: b2a_base64(each, newline=False).decode())
    return json.loads(text)


class _Printed(io.TextIOBase):
    """What Python prints, in place of a descriptor; what C code and other programs print to it goes into a file."""

    encoding = "utf-8"

    def __init__(self, shell: _Shell, number: int, name: str) -> None:
        self._shell, self._number, self.name = shell, number, name
        self._file = tempfile.TemporaryFile("a+b", buffering=0)  # noqa: SIM115  # as long as the process
        os.dup2(self._file.fileno(), number)

    def write(self, text: str) -> int:
        self._shell.print(self.name, text)
        return len(text)

    def fileno(self) -> int:
        return self._number

    def taken(self) -> str:
        """Return what other programs have printed since this was asked last; the file may not grow without end."""
        self._file.seek(0)
        found = self._file.read(MOST_SHOWN)
        self._file.seek(0)
        self._file.truncate()
        return found.decode(errors="replace")


@contextmanager
def _alone(shell: _Shell) -> Iterator[_Shell]:
    """Let a page begin in a folder of its own, and put back what it sets of names, figures, tables, warnings and environment."""
    import matplotlib as mpl
    import pandas as pd
    from matplotlib import pyplot

    shell.reset(new_session=True)  # type: ignore[no-untyped-call]
    gc.collect()  # the last page's figures, which would be kept for ever by what comes next
    gc.freeze()  # what is left is kept for all pages, and the search after the next one leaves it out
    shell.shown = 0
    with ExitStack() as restore:
        restore.enter_context(warnings.catch_warnings())
        restore.enter_context(mpl.rc_context())
        restore.callback(pyplot.switch_backend, mpl.get_backend())
        restore.callback(pyplot.close, "all")
        restore.callback(pd.reset_option, "display|styler|plotting")
        restore.callback(os.environ.update, os.environ.copy())
        restore.callback(os.environ.clear)
        restore.callback(sys.path.__setitem__, slice(None), sys.path.copy())
        own = restore.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        restore.enter_context(chdir(own))
        yield shell
        shell.outputs = []
        for each in shell.printed:  # what comes after the last cell is nobody's
            each.taken()
