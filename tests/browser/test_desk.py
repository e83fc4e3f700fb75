"""The analyst's desk: the tour that `analysis start` copies leaves a report, which its last link opens in JupyterLab."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import papermill
import pytest
from playwright.sync_api import Browser, expect

from analysis.report import jupyter

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[str]:
    """Give the address of JupyterLab over a folder in which the tour's last cell was run, and what that rests on."""
    jupyter.start(tmp_path)
    tour = tmp_path / "notebooks" / "explore.ipynb"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "root_dir": tmp_path,
        "port": port,
        "token": "desk",
        "ip": "127.0.0.1",
        "allow_root": True,
        "open_browser": False,
    }
    words = [f"--ServerApp.{name}={value}" for name, value in options.items()]
    own = os.environ | {"JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "JUPYTER_DATA_DIR": str(tmp_path / "data")}
    own |= {
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces"),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *words], env=own, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        limit = threading.Timer(
            300, server.kill
        )  # on a busy machine one was seen that had closed its sockets and never ended
        limit.start()
        try:
            run(tour)  # while the server starts
            assert any("is running at" in line for line in server.stderr), "the server ended"
            yield f"http://127.0.0.1:{port}/lab/tree/notebooks/explore.ipynb?token=desk"
        finally:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.communicate(timeout=30)
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
    expect(link).to_be_attached(timeout=60_000)
    link.scroll_into_view_if_needed()
    link.click()
    report = page.frame_locator("iframe").first
    expect(report.get_by_role("heading", level=1)).to_have_text(re.compile("Northamptonshire"), timeout=60_000)
    page.close()
