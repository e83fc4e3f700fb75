"""The analyst's desk: the tour that `analysis start` copies leaves a report, which its last link opens in JupyterLab."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import papermill
import pytest
from jupyter_server.serverapp import list_running_servers
from playwright.sync_api import Browser, expect

from analysis.report import jupyter

pytestmark = pytest.mark.browser
FOLDERS = [
    *("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"),
    *("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"),
]


PATIENCE = 300_000  # milliseconds, on a machine that is busy with something else


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder in which all of the tour was run, with words of one's own, and what it rests on."""
    folder = tmp_path_factory.mktemp("desk")
    jupyter.start(folder)
    tour = folder / "notebooks" / "explore.ipynb"
    words = {"force": "Kent", "period": "2024/25", "baseline": None}
    with pytest.MonkeyPatch.context() as patch:  # as each test has it: this runs before a test's own is made
        patch.setenv("ANALYSIS_DATA", str(folder / "none"))
        papermill.execute_notebook(tour, tour, words, cwd=tour.parent, progress_bar=False)
    return folder


@pytest.fixture
def desk(folder: Path) -> Iterator[str]:
    """Give the address of the tour in JupyterLab."""
    options = {"root_dir": folder, "token": "desk", "ip": "127.0.0.1", "allow_root": True, "open_browser": False}
    words = [f"--ServerApp.{name}={value}" for name, value in options.items()]
    folders = {name: str(folder / name.lower()) for name in FOLDERS}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen([sys.executable, "-m", "jupyterlab", *words], env=os.environ | folders, stderr=log) as server,
    ):
        # On a busy machine one was seen that had closed its sockets and never ended.
        limit = threading.Timer(300, server.kill)
        limit.start()
        try:
            while not (found := list(list_running_servers(folders["JUPYTER_RUNTIME_DIR"]))):
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
            yield f"{found[0]['url']}lab/tree/notebooks/explore.ipynb?token=desk"
        finally:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(timeout=30)
            server.kill()
            limit.cancel()


def test_the_tour_leaves_a_report_that_its_last_words_link_to(folder: Path) -> None:
    tour = folder / "notebooks" / "explore.ipynb"
    link = re.search(r"\]\((.+)\)", nbformat.read(tour, as_version=4).cells[-1].outputs[0].data["text/markdown"])
    assert link is not None
    assert "Kent Police" in (tour.parent / link[1]).read_text(encoding="utf-8")


def test_the_last_link_of_the_tour_opens_the_report(desk: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(desk)
    link = page.get_by_role("link", name="Open the report")
    expect(link).to_be_attached(timeout=PATIENCE)
    link.scroll_into_view_if_needed()
    link.click()
    report = page.frame_locator("iframe").first
    expect(report.get_by_role("heading", level=1)).to_have_text(re.compile("Kent Police"), timeout=PATIENCE)
    page.close()
