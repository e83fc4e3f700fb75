"""One page by three ways: `analysis build`, papermill with nbconvert as they come, and what the kernel gives JupyterLab."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter
from papermill import execute_notebook

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def words(html: str) -> str:
    """Return what a reader reads of HTML: key figures, tables, sentences and folds, without what is drawn."""
    page = BeautifulSoup(html, "html.parser")
    for each in page(["script", "style", "svg"]):
        each.decompose()
    return " ".join(page.get_text().split())


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    done = tmp_path_factory.mktemp("plain") / "done.ipynb"
    execute_notebook(NOTEBOOKS / "force_offence.ipynb", done, cwd=NOTEBOOKS, progress_bar=False)
    return nbformat.read(done, as_version=4)


def outputs(notebook: nbformat.NotebookNode) -> list[str]:
    """Return what each cell shows, which JupyterLab puts on its page as it is."""
    shown = [each.data["text/html"] for cell in notebook.cells for each in cell.get("outputs", ())]
    assert len(shown) > 15
    return [words(html) for html in shown]


def test_a_built_page_has_every_word_of_a_plain_run_in_order(plain: nbformat.NotebookNode, everything: Path) -> None:
    page = words((everything / "forces/northamptonshire/88a.html").read_text(encoding="utf-8"))
    at = 0
    for said in outputs(plain):
        assert said in page[at:], said
        at = page.index(said, at) + len(said)


@pytest.mark.system
@pytest.mark.parametrize("template", ["lab", "classic"])
def test_nbconvert_shows_every_word_without_a_template_of_ours(plain: nbformat.NotebookNode, template: str) -> None:
    html, _ = HTMLExporter(template_name=template).from_notebook_node(plain)
    page = words(html)
    assert not [said for said in outputs(plain) if said not in page]
    assert "Northamptonshire Police recorded 78 child grooming offences in January to December 2025" in page
