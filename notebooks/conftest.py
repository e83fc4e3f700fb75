"""Keeps what a user added out of what the committed notebooks are compared with, and has nbval run them in one kernel.

To start a kernel and to import the library in it takes longer than most of the notebooks; each process of the tests does so once.
"""

import os
import tempfile

import nbval.plugin
import pytest
from nbval.kernel import RunningKernel

os.environ["ANALYSIS_DATA"] = tempfile.mkdtemp(prefix="empty-")
TIME_TO_FORGET = 300  # seconds
kept: list[RunningKernel] = []


class KeptKernel(RunningKernel):  # type: ignore[misc]  # nbval has no types
    """A kernel that forgets a notebook's names when that has run, and takes the next one."""

    def stop(self) -> None:
        forgets = self.execute_cell_input("%reset -f")
        self.await_reply(forgets, TIME_TO_FORGET)
        self.await_idle(forgets, TIME_TO_FORGET)


def kernel(name: str, **options: object) -> RunningKernel:
    """Return the kernel that runs, or a new one where there is none or the last one died."""
    if not kept or not kept[-1].is_alive():
        kept.append(KeptKernel(name, **options))
    return kept[-1]


nbval.plugin.RunningKernel = kernel


def pytest_sessionfinish(session: pytest.Session) -> None:  # noqa: ARG001  # pytest names it
    """End what still runs."""
    for each in kept:
        if each.is_alive():
            RunningKernel.stop(each)
