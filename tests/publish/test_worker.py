"""What a worker makes of a page is what a kernel makes of it, whatever ran before, and within limits."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from analysis.publish import building, engine, worker
from analysis.publish.pages import Page
from analysis.publish.worker import Made, Workers

REPORT = [
    "force = 'Kent'",
    "import os, sys, time, warnings\nprint(force)\nprint('aside', file=sys.stderr)\nforce",
    "from IPython.display import HTML, display\nshown = display(HTML('<b>88A</b>'), metadata={'text/html': {'lang': 'en'}})",
    "import pandas as pd\npd.DataFrame({'offences': [2, 0]}, index=pd.period_range('2017Q1', periods=2, freq='Q-MAR'))",
    """
import io
from matplotlib import pyplot as plt
from IPython.display import SVG
plt.rcParams['svg.hashsalt'] = '88A'
figure, axes = plt.subplots()
axes.plot([370, 459, 677], label='recorded offences')
axes.legend()
drawing = io.StringIO()
figure.savefig(drawing, format='svg', metadata={'Date': None})
plt.close(figure)
SVG(drawing.getvalue())
""",
    "plt.plot([1, 2]);",  # shown as PNG by the inline backend
    "plt.rcParams",
    "warnings.warn_explicit('figures are provisional', UserWarning, 'figures.py', 1)",
    "os.system('echo from another program')\ntime.sleep(1)",  # a kernel hears it in a thread, which a busy machine keeps waiting
    "__name__, os.environ['HOME'], os.environ.get('NEW'), [name for name in sorted(globals()) if name[0] != '_']",
    "%%html\n<i>magic</i>",
    "from IPython.display import publish_display_data\npublish_display_data({'text/plain': 'alone'})",
    "import logging\nlogging.getLogger('figures').warning('provisional')",
]

# What a page may leave to the next one in the same process.
UNTIDY = """
import os, sys, warnings
import pandas as pd
from matplotlib import pyplot as plt
force, rates = 'Avon', [1, 2]
plt.rcParams['lines.linewidth'] = 9
plt.switch_backend('svg')
plt.figure()
warnings.simplefilter('ignore')
pd.set_option('display.max_rows', 1); pd.set_option('display.precision', 1)
os.environ['HOME'] = '/nowhere'; os.environ['NEW'] = 'left'
sys.path.insert(0, '/nowhere')
open('left', 'w').write('here')
os.chdir('/')
"""


SAID_OF_AN_ERROR = {"papermill-error-cell-tag"}  # the cells that papermill adds


def notebook(*cells: str) -> NotebookNode:
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": spec})
    made.cells[0].metadata.tags = ["parameters"]
    return made


def outputs(executed: NotebookNode) -> list[tuple[str, object, object]]:
    return [(cell.source, cell.get("outputs"), cell.get("execution_count")) for cell in executed.cells]


def in_one_process(folder: Path, *pages: NotebookNode, most_shown: int = engine.MOST_SHOWN) -> list[Any]:
    """Run notebooks one after the other in one worker's process, and return each as it ran, or the error that it ended with."""
    code = """
import json, sys, nbformat, papermill
from analysis.publish import engine
engine.MOST_SHOWN = int(sys.argv[3])
engine.warm_up()
done = []
for source in json.load(open(sys.argv[1])):
    try:
        done.append(engine.run(nbformat.from_dict(source), {"force": "Avon"}))
    except papermill.PapermillExecutionError as error:
        done.append({"ename": error.ename, "evalue": error.evalue, "traceback": error.traceback})
json.dump(done, open(sys.argv[2], "w"))
"""
    (folder / "pages").write_text(f"[{','.join(map(writes, pages))}]", encoding="utf-8")
    words = [sys.executable, "-c", code, str(folder / "pages"), str(folder / "done"), str(most_shown)]
    subprocess.run(words, check=True, env=os.environ | worker.ENVIRONMENT | {"IPYTHONDIR": str(folder)})
    return [from_dict(each) for each in json.loads((folder / "done").read_text(encoding="utf-8"))]


def test_every_cell_gives_what_a_kernel_gives_and_folders_are_each_pages_own_whatever_ran_before(
    tmp_path: Path,
) -> None:
    report, untidy = notebook(*REPORT), notebook("force = ''", UNTIDY, "%matplotlib inline")
    report.cells += [new_markdown_cell("# Kent 1 / 0"), new_code_cell(" ")]
    failing = notebook(*REPORT, UNTIDY + "1 / 0")
    failing.cells[-1:-1] = report.cells[-2:]
    where = notebook("force = ''", "import os\n(os.getcwd(), os.listdir())")
    first, here, _, second, later, there = in_one_process(tmp_path, report, where, untidy, failing, report, where)
    kept = tmp_path / "kept.ipynb"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST")  # by which a kernel would not hear other programs
        for name, value in worker.ENVIRONMENT.items():
            patch.setenv(name, value)
        with pytest.raises(papermill.PapermillExecutionError) as raised:
            papermill.execute_notebook(failing, kept, {"force": "Avon"}, cwd=tmp_path, progress_bar=False)
    ordinary = nbformat.read(kept, as_version=4)
    ordinary.cells = [cell for cell in ordinary.cells if not {*cell.metadata.get("tags", ())} & SAID_OF_AN_ERROR]
    assert outputs(first) == outputs(ordinary)[:-1]
    assert first == later  # to the names of its cells
    assert (second["ename"], second["evalue"]) == (raised.value.ename, raised.value.evalue)
    assert second["traceback"][-1] == raised.value.traceback[-1]
    one, other = (ast.literal_eval(page.cells[-1].outputs[0].data["text/plain"]) for page in (here, there))
    assert one[0] != other[0]
    assert one[1] == other[1] == []


WITHOUT_END = ["print('x' * 1000)", "sys.stderr.write('x' * 1000)", "display('x' * 1000)"]


def test_what_a_page_leaves_in_memory_goes_a_cell_that_shows_without_end_fails_and_another_program_is_cut_off(
    tmp_path: Path,
) -> None:
    rings = (
        "import gc\nrings = [[] for _ in range(5000)]\nfor ring in rings:\n    ring.append(ring)\ngc.get_freeze_count()"
    )
    loops = [f"import sys\nfor _ in range(1000): {cell}" for cell in WITHOUT_END]
    printed = ["import os\nos.system('yes | head -c 1000000');", "print('x' * 200_000)"]
    pages = [notebook("force = ''", cell) for cell in (*[rings] * 5, *loops, *printed)]
    *done, other, line = in_one_process(tmp_path, *pages, most_shown=500_000)
    kept = [int(page.cells[-1].outputs[0]["data"]["text/plain"]) for page in done[:5]]
    assert kept[-1] - kept[1] < 1000  # of objects that are kept for all pages; one of ours leaves some 40,000 in cycles
    assert {each["evalue"] for each in done[5:]} == {"shows more than 500,000 characters"}
    assert len(other.cells[-1].outputs[0].text) == 500_000
    assert len(line.cells[-1].outputs[0].text) == 200_001


# A page that runs whatever it is given.
PAGE = notebook("release = code = ''", "exec(code)", "from IPython.display import HTML\nHTML(f'<p>{shown}</p>')")


def made(workers: Workers, code: str) -> Made:
    page = Page("breaks", "breaks", {"release": "2026-04-23", "code": code})
    (done,) = worker.made([page], workers, lambda _: {}, 60)
    return done


def value(done: Made) -> str:
    assert done.failure is None
    ran = json.loads(done.files["notebooks/breaks.ipynb"])
    return str(ran["cells"][-1]["outputs"][0]["data"]["text/html"][3:-4])


def test_pages_of_one_worker_are_its_own_whatever_a_person_has_made_of_ipython_and_whatever_failed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    startup = tmp_path / "home" / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("rates = 'of my own'")
    for name, text in {"HOME": str(tmp_path / "home"), "MPLBACKEND": "nonsense", "OPENBLAS_NUM_THREADS": "7"}.items():
        monkeypatch.setenv(name, text)
    monkeypatch.delenv("IPYTHONDIR", raising=False)
    content = building.Inputs.read().content | {"notebooks/breaks.ipynb": writes(PAGE).encode()}
    see = "import os; from matplotlib import pyplot; pyplot.close(pyplot.figure())\n"
    see += "shown = 'rates' in globals(), os.environ['OPENBLAS_NUM_THREADS'], os.getpid()"
    with closing(Workers(tmp_path / "workers", content)) as workers:
        first = value(made(workers, see))
        lacking, wrong = (
            made(workers, f"raise {error}") for error in ("MemoryError('no room')", "LookupError('Avon')")
        )
        assert (lacking.failure, lacking.is_passing) == ("MemoryError: no room", True)
        assert (wrong.failure, wrong.is_passing) == ("LookupError: Avon", False)
        assert made(workers, "raise KeyboardInterrupt").failure == "KeyboardInterrupt"
        printed = "RequestError: an output that is not HTML: aside ; a cell must show what a library function returns"
        assert made(workers, "print('aside'); shown = 1").failure == printed
        assert value(made(workers, see)) == first
    assert first.startswith("(False, '1', ")
    assert [path.name for path in (tmp_path / "workers").iterdir()] == ["snapshot"]
