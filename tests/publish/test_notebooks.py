"""The committed notebooks: their form, and that comparing their outputs can fail."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from analysis.publish.pages import MODELS

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
ALL = sorted(NOTEBOOKS.glob("*.ipynb"))


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_cells_call_the_library_and_hold_no_logic_and_no_number(path):
    for cell in code_cells(path):
        if "parameters" in cell.metadata.get("tags", ()):
            continue
        nodes = list(ast.walk(ast.parse(cell.source)))
        forbidden = (ast.FunctionDef, ast.For, ast.While, ast.If, ast.Lambda, ast.ListComp, ast.ClassDef)
        assert not [node for node in nodes if isinstance(node, forbidden)], cell.source
        numbers = [
            node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, int | float)
        ]
        assert not numbers, cell.source


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_outputs_are_committed_and_hold_no_error_stream_or_address(path):
    for cell in code_cells(path):
        assert cell.execution_count is not None, path
        for output in cell.outputs:
            assert output.output_type in {"execute_result", "display_data"}, output
            said = json.dumps(output.data)
            assert not re.search(r"0x[0-9a-f]{6,}|/home/", said), path
            assert str(Path.home()) not in said, path


@pytest.mark.parametrize("name", MODELS)
def test_the_parameters_cell_declares_what_the_model_does(name):
    cell = next(c for c in code_cells(NOTEBOOKS / f"{name}.ipynb") if "parameters" in c.metadata.get("tags", ()))
    values = {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(cell.source).body}
    assert MODELS[name](**values).release == "2026-04-23"


def test_one_changed_number_in_an_output_is_noticed(tmp_path):
    notebook = nbformat.read(NOTEBOOKS / "index.ipynb", as_version=4)
    summary = next(cell for cell in notebook.cells if cell["id"] == "recorded-summary")
    for kind in ("text/html", "text/plain"):
        changed = re.sub(
            r"recorded (\d)",
            lambda match: f"recorded {(int(match[1]) + 1) % 10}",
            summary.outputs[0].data[kind],
            count=1,
        )
        assert changed != summary.outputs[0].data[kind]
        summary.outputs[0].data[kind] = changed
    nbformat.write(notebook, tmp_path / "changed.ipynb")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            "--nbval-current-env",
            "-p",
            "no:cacheprovider",
            "-q",
            "changed.ipynb",
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert "1 failed" in done.stdout
