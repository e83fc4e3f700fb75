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


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[str]:
    """Give the address of JupyterLab over a folder in which the tour's last cell was run, and what that rests on."""
    jupyter.start(tmp_path)
    tour = tmp_path / "notebooks" / "explore.ipynb"
    options = {"root_dir": tmp_path, "token": "desk", "ip": "127.0.0.1", "allow_root": True, "open_browser": False}
    words = [f"--ServerApp.{name}={value}" for name, value in options.items()]
    folders = {name: str(tmp_path / name.lower()) for name in FOLDERS}
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen([sys.executable, "-m", "jupyterlab", *words], env=os.environ | folders, stderr=log) as server,
    ):
        # On a busy machine one was seen that had closed its sockets and never ended.
        limit = threading.Timer(300, server.kill)
        limit.start()
        try:
            run(tour)  # while the server starts
            while not (found := list(list_running_servers(folders["JUPYTER_RUNTIME_DIR"]))):
                assert server.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.1)
            yield f"{found[0]['url']}lab/tree/notebooks/explore.ipynb?token=desk"
        finally:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(timeout=30)
            server.kill()
            limit.cancel()


def run(tour: Path) -> None:
    """Run of the tour what makes the report; that all of it runs is seen where the docs are tested."""
    notebook = nbformat.read(tour, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    names = r"import likeforlike|fair = |Open the report"
    notebook.cells = [cell for cell in notebook.cells if cell == code[0] or re.search(names, cell.source)]
    nbformat.write(notebook, tour)
    papermill.execute_notebook(tour, tour, cwd=tour.parent, progress_bar=False)


def test_the_last_link_of_the_tour_opens_the_report(desk: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(desk)
    link = page.get_by_role("link", name="Open the report")
    expect(link).to_be_attached(timeout=PATIENCE)
    link.scroll_into_view_if_needed()
    link.click()
    report = page.frame_locator("iframe").first
    expect(report.get_by_role("heading", level=1)).to_have_text(re.compile("Northamptonshire"), timeout=PATIENCE)
    page.close()
