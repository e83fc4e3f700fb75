"""What `analysis start` writes: notebooks that run as they stand, in a folder of one's own."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from analysis import cli
from analysis.report import jupyter


def test_the_desk_is_copied_and_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "figures"
    assert cli.main(["start", str(folder)]) == 0
    assert sorted(path.name for path in (folder / "notebooks").iterdir()) == [
        "cookbook.ipynb",
        "explore.ipynb",
        "own.ipynb",
        "picker.ipynb",
    ]
    assert "jupyter lab" in capsys.readouterr().out
    (folder / "notebooks/own.ipynb").write_text("mine")
    assert cli.main(["start", str(folder)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (folder / "notebooks/own.ipynb").read_text() == "mine"


def test_the_notebook_of_ones_own_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jupyter.start(tmp_path)
    own = nbformat.read(tmp_path / "notebooks/own.ipynb", as_version=4)
    (tmp_path / "analysis.py").write_text("raise SystemExit")  # which is not what it imports
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for cell in own.cells:
        if cell.cell_type == "code":
            exec(cell.source, names)  # noqa: S102  # what the file holds
    assert len(names["figures"]) == 52
