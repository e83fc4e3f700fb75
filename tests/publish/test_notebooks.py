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
from papermill import PapermillExecutionError, execute_notebook, inspect_notebook

from analysis import RequestError
from analysis.publish import given
from analysis.publish.pages import NOTEBOOKS as PARAMETERS

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
        numbers = [node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) in {int, float}]
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


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_parameters_cell_declares_what_the_model_does(name):
    cell = next(c for c in code_cells(NOTEBOOKS / f"{name}.ipynb") if "parameters" in c.metadata.get("tags", ()))
    values: dict[str, object] = {}
    exec(cell.source, values)  # noqa: S102 -- assignments, as the kernel runs them
    values = {name: value for name, value in values.items() if not name.startswith("__")}
    assert given(name, values).keys() == set(PARAMETERS[name])
    assert given(name, values)["release"] == "2026-04-23"


@pytest.mark.parametrize(
    "path", [path for path in ALL if path.stem in {*PARAMETERS, "explore"}], ids=lambda path: path.stem
)
def test_papermill_explains_each_parameter_with_its_type(path):
    known = inspect_notebook(str(path))
    assert set(known) == set(PARAMETERS.get(path.stem, PARAMETERS["force_offence"]))
    for each in known.values():
        assert each["inferred_type_name"] in {"str", "Optional[str]", "list"}, each
        assert len(each["help"]) > 20, each


def run_first_cells(folder: Path, **parameters: object) -> str:
    """Run the head of the report of a force by papermill, without a build, and return its comparison in words."""
    notebook = nbformat.read(NOTEBOOKS / "force_offence.ipynb", as_version=4)
    notebook.cells = [*notebook.cells[:2], nbformat.v4.new_code_cell("comparison")]
    (folder / "own").mkdir()
    (folder / "analysis.py").write_text("raise SystemExit('the wrong one')")  # which the notebook passes by
    nbformat.write(notebook, folder / "own" / "head.ipynb")
    done = execute_notebook(
        folder / "own" / "head.ipynb", folder / "out.ipynb", parameters, cwd=folder, progress_bar=False
    )
    return str(done.cells[-1].outputs[0].data["text/plain"])


def test_plain_papermill_takes_a_period_alone_and_sets_it_against_the_year_before(tmp_path):
    shown = run_first_cells(tmp_path, force="kent police", period="2023/24")
    assert re.match(r"Comparison\(Kent, .* in 2023-04\.\.2024-03 against \d+ in 2022-04\.\.2023-03; yes\)$", shown)


WRONG = [
    ({"forse": "Kent"}, "parameter forse: is unknown; there are period, baseline, release, force, offence"),
    (
        {"period": 2024},
        "parameter period: '2024' may mean a calendar or a financial year; write 2024-01..2024-12 or 2024/25",
    ),
    ({"period": None}, "parameter period: found nothing; give text"),
    ({"baseline": "2024-02..2024-12"}, "parameter baseline: 2024-02..2024-12 cuts a quarter"),
    ({"offence": 4.1}, "parameter offence: found 4.1; give text"),
]


def test_plain_papermill_refuses_in_one_line_inside_the_notebook(tmp_path):
    parameters, said = WRONG[0]
    with pytest.raises(PapermillExecutionError) as refused:
        run_first_cells(tmp_path, **parameters)
    assert refused.value.ename == "RequestError"
    assert refused.value.evalue == f"force_offence: {said}"
    assert refused.value.traceback == [f"RequestError: {refused.value.evalue}"]


@pytest.mark.parametrize(
    ("parameters", "said"), WRONG, ids=lambda value: next(iter(value)) if isinstance(value, dict) else ""
)
def test_what_a_notebook_is_given_wrongly_is_named(parameters, said):
    cell = next(
        cell for cell in code_cells(NOTEBOOKS / "force_offence.ipynb") if "parameters" in cell.metadata.get("tags", ())
    )
    injected = "\n".join(["# Parameters", *(f"{name} = {value!r}" for name, value in parameters.items())])
    held: dict[str, object] = {"In": ["", cell.source, injected]}
    exec(f"{cell.source}\n{injected}", held)  # noqa: S102 -- assignments, as the kernel runs them
    with pytest.raises(RequestError) as refused:
        given("force_offence", held)
    assert str(refused.value).startswith(f"force_offence: {said}")


def test_a_number_for_text_is_taken_where_it_can_be_meant():
    names = {"offence": 39, "period": "2024/25", "baseline": None, "release": "latest", "force": "Kent"}
    assert given("force_offence", names)["offence"] == "39"
    with pytest.raises(RequestError, match="parameter release: is missing"):
        given("methods", {"offence": "39"})


def test_only_what_papermill_has_injected_last_must_be_known():
    names = {"release": "latest", "offence": "39", "mine": 1, "forse": "Kent"}
    old, new = "# Parameters\nforse = 'Kent'\n", "# Parameters\noffence = '39'\n"
    assert given("methods", names | {"In": ["", "mine = 1", old, new]}) == {"release": "latest", "offence": "39"}
    with pytest.raises(RequestError, match=r"parameter forse: is unknown; there are release, offence$"):
        given("methods", names | {"In": ["", "mine = 1", new, old]})


def test_one_changed_number_in_an_output_is_noticed(tmp_path):
    notebook = nbformat.read(NOTEBOOKS / "force_offence.ipynb", as_version=4)
    notebook.cells = notebook.cells[:4]
    summary = next(cell for cell in notebook.cells if cell.source.startswith("sentences.summary"))
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
    words = ["-m", "pytest", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "-q", "changed.ipynb"]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 1, done.stdout
    assert "1 failed, 2 passed" in done.stdout
