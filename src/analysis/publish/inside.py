"""What happens inside a kernel: it ends when its build does, warms up, and begins every page as if it were its first."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import warnings
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

_restore = ExitStack()  # puts back what a page has set


def main() -> None:
    """Be an IPython kernel that ends when the pipe at its standard input does, which the build holds open."""
    build = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=_end_with, args=(build,), daemon=True).start()
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # nobody debugs here: ipykernel does without
    from ipykernel.kernelapp import launch_new_instance

    del sys.modules["debugpy"]
    launch_new_instance()


def _end_with(build: int) -> None:
    os.read(build, 1)
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)  # with all that a notebook has started
    os._exit(1)


def warm_up() -> None:
    """Import what the notebooks use, so that no page waits for it, and let Matplotlib find where its figures are shown."""
    import seaborn  # noqa: F401  # and with it SciPy
    from matplotlib import pyplot

    import analysis

    pyplot.close(pyplot.figure())
    with suppress(Exception):  # whose reason is that of the pages, which then fail for it
        for name in dir(analysis):
            getattr(analysis, name)


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


if __name__ == "__main__":
    main()
