"""Pages by a notebook of one's own: with the site's look, checked parameters, and a notice that they are nobody else's."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from analysis import publish
from analysis.cli import main
from analysis.errors import RequestError
from analysis.publish import rendering, store

RELEASE = "2026-04-23"
SHOWS = """
import pandas as pd
from IPython.display import SVG, display
print("so many <b>")
display(SVG('<svg xmlns="http://www.w3.org/2000/svg"/>'))
pd.DataFrame({"force": [force], "limit": [limit]})
"""


def notebook(folder: Path, parameters: str, *cells: str) -> Path:
    made = new_notebook(cells=[new_markdown_cell("# My figures"), *map(new_code_cell, (parameters, *cells))])
    made.cells[1].metadata.tags = ["parameters"]
    path = folder / "My figures.ipynb"
    path.write_text(writes(made), encoding="utf-8")
    return path


def test_a_page_of_each_force_that_is_named_stands_beside_the_site_and_says_whose_it_is(tmp_path: Path) -> None:
    path = notebook(tmp_path, "force = 'Essex'\nrelease = 'latest'\nlimit = 33", SHOWS)
    out = tmp_path / "out"
    with store.publishing(out) as site:
        wanted = publish.request(force_names=["Kent"], release=RELEASE)
        site.describe({"parameters": wanted.parameters})
        site.publish("forces/kent", "1", {"forces/kent.html": b"of the site"})
    words = ["build", "--notebook", str(path), "--release", RELEASE, "--jobs", "1", "--output", str(out)]
    assert main([*words, "--force", "Kent", "--force", "Surrey"]) == 0
    page = (out / "own" / "my-figures" / "kent.html").read_text(encoding="utf-8")
    assert "a notebook of its author’s own: it is no page of Like for like, and no official one" in page
    assert "<title>My figures</title>" in page
    assert '<pre tabindex="0">so many &lt;b&gt;' in page
    assert "<td>Kent</td>" in page
    assert "<td>33</td>" in page
    assert 'href="../../forces/kent.html">Kent' in page
    assert "analysis build</span><span>--notebook my-figures.ipynb" in page.replace("\n", "").replace(" <", "<")
    assert (out / "forces" / "kent.html").read_bytes() == b"of the site"
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert set(manifest["pages"]) == {"forces/kent", "own/my-figures/kent", "own/my-figures/surrey"}
    again = publish.build(publish.notebook_request(path, force_names=["Kent"], release=RELEASE), out)
    assert again.unchanged == ["own/my-figures/kent"]
    notebook(tmp_path, "force = 'Essex'\nrelease = 'latest'\nlimit = 34", SHOWS)
    again = publish.build(publish.notebook_request(path, force_names=["Kent"], release=RELEASE), out)
    assert again.built == ["own/my-figures/kent"]


@pytest.mark.parametrize(
    ("parameters", "forces", "said"),
    [
        ("limit = 33", (), "sets no release; set one there, such as release = 'latest'"),
        ("release = 'latest'", ("Kent",), "sets no force"),
        ("limits = [release for release in range(3)]", (), "sets no release"),
        ("def newest():\n    release = 'latest'", (), "sets no release"),
        ("force: str = 'Kent'\nrelease: str = 'latest'", ("Narnia",), "'Narnia' is not known"),
    ],
)
def test_a_notebook_that_does_not_take_what_is_asked_for_is_refused(
    parameters: str, forces: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    with pytest.raises(RequestError, match=said):
        publish.notebook_request(notebook(tmp_path, parameters), force_names=forces)


def test_a_notebook_without_a_force_has_one_page_and_another_one_each() -> None:
    folder = Path(__file__).parents[2] / "notebooks"
    assert [page.name for page in publish.notebook_request(folder / "methods.ipynb").table] == ["own/methods"]
    assert len(publish.notebook_request(folder / "force_offence.ipynb").table) == 45


def test_what_is_no_notebook_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.ipynb").write_text("[]")
    assert main(["build", "--notebook", str(tmp_path / "mine.ipynb")]) == 2
    assert "cannot be read as a notebook" in capsys.readouterr().err
    assert main(["build", "--notebook", str(tmp_path / "наш.ipynb")]) == 2
    assert "its name has no letter that an address may have; rename it, such as mine" in capsys.readouterr().err
    assert main(["build", "--notebook", "mine.ipynb", "--matrix", "rows.csv"]) == 2
    assert "--matrix cannot be combined with --notebook" in capsys.readouterr().err


@pytest.mark.system
@pytest.mark.skipif(not shutil.which("chromium"), reason="printed by Chromium")
def test_a_page_is_printed_as_pdf_with_the_same_bytes_and_no_link_to_this_machine(tmp_path: Path) -> None:
    path = notebook(tmp_path, "release = 'latest'", "import pandas as pd\npd.DataFrame({'offences': [371]})")
    assert main(["build", "--notebook", str(path), "--release", RELEASE, "--pdf", "--output", str(tmp_path / "a")]) == 0
    wanted = publish.notebook_request(path, release=RELEASE).on_paper(rendering.chromium()[1])
    (page,) = wanted.table
    beside = replace(page, name="own/at", site="https://example.org/")
    assert publish.build(replace(wanted, table=(page, beside)), tmp_path / "b", jobs=1).is_whole
    near, again, at = (
        (tmp_path / name).read_bytes() for name in ("a/own/my-figures.pdf", "b/own/my-figures.pdf", "b/own/at.pdf")
    )
    assert near == again
    assert near.startswith(b"%PDF-")
    assert b"file:" not in near
    assert b"file:" not in at
    assert b"/URI (https://example.org/manifest.json)" in at
    assert 'href="../own/my-figures.pdf"' in (tmp_path / "a" / "own" / "my-figures.html").read_text(encoding="utf-8")


def test_where_there_is_no_chromium_that_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["build", "--force", "Kent", "--pdf", "--output", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.startswith("analysis: --pdf: no Chromium is here (chromium, ")
    assert not (tmp_path / "out").exists()
