"""What happens inside a kernel: it ends when its build does, warms up, and begins every page as if it were its first."""

from __future__ import annotations

import gc
import os
import random
import signal
import sys
import threading
import time
import warnings
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from analysis.report.view import View

MARK = "ANALYSIS_KERNEL"  # names a kernel's own folder, to the kernel and to all that is started in it
_END_LIMIT = 5  # seconds in which all that carries a mark is ended
MOST_SHOWN = 10**7  # characters that a notebook may print or display; a page of ours has half a million
_shown = [0]  # of them, so far
_restore = ExitStack()  # puts back what a page has set


def main() -> None:
    """Be an IPython kernel that ends when the pipe at its standard input does, which the build holds open."""
    build = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=_end_with, args=(build, os.environ[MARK]), daemon=True).start()
    # By this ipykernel would look once a second whether its parent lives, and end before what is to end with it.
    os.environ.pop("JPY_PARENT_PID", None)
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # nobody debugs here: ipykernel does without
    from ipykernel.kernelapp import launch_new_instance

    del sys.modules["debugpy"]
    from analysis.publish import inside  # noqa: PLW0406  # this module, by the name by which it is asked to begin a page

    inside.limit_printing()  # before IPython takes hold of the streams
    launch_new_instance()


def _end_with(build: int, mark: str) -> None:
    os.read(build, 1)
    try:
        end_marked(mark)
    finally:
        if hasattr(os, "killpg"):
            os.killpg(0, signal.SIGKILL)  # with what carries the mark no more
        os._exit(1)


def end_marked(mark: str) -> None:
    """End every other process that a kernel's mark was given to, in whatever group or session it is by now."""

    def others() -> list[psutil.Process]:
        return [
            process
            for process in psutil.process_iter(["environ"])  # None where it may not be read
            if (process.info["environ"] or {}).get(MARK) == mark and process.pid != os.getpid()
        ]

    end = time.monotonic() + _END_LIMIT
    while (found := others()) and time.monotonic() < end:  # what one of them has started meanwhile is found next
        for process in found:
            with suppress(psutil.Error):
                process.kill()
        time.sleep(0.01)


def warm_up() -> None:
    """Import what the notebooks use, so that no page waits for it, and let Matplotlib find where its figures are shown."""
    import seaborn  # noqa: F401  # and with it SciPy
    from IPython.core.getipython import get_ipython
    from matplotlib import pyplot

    import analysis
    from analysis.report.view import View

    View.gives_file = True
    shell: Any = get_ipython()
    shell.display_pub.register_hook(_displayed)
    pyplot.close(pyplot.figure())
    with suppress(Exception):  # whose reason is that of the pages, which then fail for it
        for name in dir(analysis):
            getattr(analysis, name)
    gc.collect()
    gc.freeze()  # the search for unreachable cycles walks through what pages leave, not through every library again


def begin_page() -> None:
    """Forget the page before: its names and figures, and what it has set."""
    import matplotlib as mpl
    import numpy as np
    import pandas as pd
    from IPython.core.getipython import get_ipython
    from matplotlib import pyplot

    shell: Any = get_ipython()
    shell.reset(new_session=True)
    pyplot.close("all")
    _restore.close()
    _restore.enter_context(warnings.catch_warnings())
    _restore.enter_context(mpl.rc_context())
    _restore.callback(pyplot.switch_backend, mpl.get_backend())
    _restore.callback(np.set_printoptions, **np.get_printoptions())
    _restore.callback(np.seterr, **np.geterr())
    _restore.callback(pd.reset_option, "display")
    _restore.callback(os.environ.update, os.environ.copy())
    _restore.callback(os.environ.clear)
    _restore.callback(sys.path.__setitem__, slice(None), sys.path.copy())
    _restore.callback(os.chdir, Path.cwd())
    random.seed()
    np.random.seed()
    _shown[0] = 0


def all_figures(offence: str, release: str, missing: Sequence[str]) -> View:
    """Return every quarter of every force, for each offence that a page beside the index is about: a file, and nothing to show."""
    import pandas as pd

    from analysis.figures.releases import load_offences
    from analysis.report import addresses
    from analysis.report.rows import by_quarter
    from analysis.report.view import NOTHING
    from analysis.terms import offences

    pages = {each.code: addresses.national_page(each.code) for each in offences.with_pages()}
    codes = dict.fromkeys([offence, *(code for code, page in pages.items() if page not in missing)])
    held = pd.concat([load_offences(code, release=release) for code in codes], ignore_index=True)
    quarters = by_quarter(held["force"], pd.PeriodIndex(held["quarter"]), {"offences": held["offences"].array})
    return replace(NOTHING, name="all", frame=quarters.assign(offence=held["offence"].array, release=release))


def limit_printing() -> None:
    """Have a cell fail that prints without end, as one that displays without end does: its build would keep all of it."""
    from ipykernel.iostream import OutStream

    write = OutStream.write

    def printed(stream: OutStream, text: str) -> int | None:
        try:
            _count(len(text))
        except RuntimeError:
            if threading.current_thread() is threading.main_thread():
                raise
            return len(text)  # of another program, or of a thread: nobody would hear of it
        return write(stream, text)

    OutStream.write = printed  # type: ignore[method-assign,assignment]


def _displayed(message: dict[str, Any]) -> dict[str, Any]:
    _count(sum(len(each) for each in message["content"].get("data", {}).values() if isinstance(each, str)))
    return message


def _count(shown: int) -> None:
    _shown[0] += shown
    if _shown[0] > MOST_SHOWN:
        raise RuntimeError(f"shows more than {MOST_SHOWN:,} characters")


if __name__ == "__main__":
    main()
