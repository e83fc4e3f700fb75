"""How fast a build is, as ratios measured in one run: against plain papermill, and against no notebooks at all.

Ways of making the same pages, each in processes of its own, in turn:

- build: `analysis build`, from a cold start;
- loop: papermill with its ordinary kernel, then nbconvert, one page after another;
- processes: the same loop, shared out over as many processes as there are cores;
- floor: the same library calls and the same HTML in as many plain processes, without notebooks.

And one force from a cold start: `analysis build --force X` against importing the libraries and drawing its pages. The two loops,
which take minutes, are measured once, on every fourth page, and multiplied; seconds of processor time stand beside those on the clock.
"""

from __future__ import annotations

import argparse
import ast
import functools
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import nbformat

from analysis import files
from analysis import publish as reports
from analysis.publish import rendering
from analysis.publish.building import Inputs
from analysis.publish.pages import NOTEBOOKS, Page, read_notebook

COMMAND = [sys.executable, "-m", "analysis"]
ONE = "Northamptonshire"
ONCE = ("loop", "processes")

# What is divided by what, and where the ratio should be.
RATIOS = {
    "plain loop / build": ("loop", "build", "at least 8"),
    "loop in processes / build": ("processes", "build", "at least 4"),
    "build / floor": ("build", "floor", "at most 1.5"),
    "one page built / drawn": ("one page, built", "one page, drawn", "at most 1.2"),
}


def main() -> None:
    options = _options()
    runs = options.runs
    wanted = reports.request(force_names=options.force, release="latest")
    only = [word for name in options.force for word in ("--force", name)]
    pages = wanted.beside_each_other(page.name for page in wanted.table)
    made = [page for page in pages if page.notebook in NOTEBOOKS]  # answers for programs have no notebook
    one = [page for page in pages if page.area == ONE]
    sample, cores = made[:: options.every], reports.default_jobs()
    parts = {name: len(made) / len(sample) for name in ONCE}
    ways: dict[str, Callable[[], None]] = {
        "build": lambda: build(*only),
        "loop": lambda: _shared_out(_loop, sample, 1),
        "processes": lambda: _shared_out(_loop, sample, cores),
        "floor": lambda: _shared_out(_floor, pages, cores),
        "one page, built": lambda: build("--force", ONE),
        "one page, drawn": lambda: _shared_out(_floor, one, 1),
    }
    print(f"{machine()}; {len(made)} pages and {len(pages) - len(made)} of answers, {runs} runs in turn\n", flush=True)
    taken: dict[str, list[tuple[float, ...]]] = {name: [] for name in ways}
    for turn in range(runs):
        for name, way in ways.items():
            if turn == 0 or name not in ONCE:
                taken[name].append(tuple(parts.get(name, 1) * each for each in _timed(way)))
    print("| what | median | least to most | processor |\n|---|---|---|---|")
    clock = {name: [each for each, _ in times] for name, times in taken.items()}
    for name, times in taken.items():
        print(f"{_row(name, clock[name], ' s', 1)} {statistics.median(used for _, used in times):.1f} s |")
    print("\n| ratio | of medians | least to most | should be |\n|---|---|---|---|")
    for name, (above, below, limit) in RATIOS.items():
        over, under = clock[above], clock[below]
        ends = min(over) / max(under), max(over) / min(under)
        ratio = statistics.median(over) / statistics.median(under)
        print(f"| {name} | {ratio:.2f} | {ends[0]:.2f} to {ends[1]:.2f} | {limit} |")


def machine() -> str:
    """Return what the machine is, for a reader to judge seconds by."""
    cpu = [
        line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    return (
        f"{cpu[0] if cpu else platform.machine()}, {reports.default_jobs()} cores, Python {platform.python_version()}"
    )


def build(*options: str) -> None:
    """Run `analysis build` from a cold start into an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*COMMAND, "build", "--output", folder, *options], check=True, capture_output=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--force", action="append", default=[], help="only the pages of this force, for a quick look")
    parser.add_argument("--every", type=int, default=4, help="of how many pages the loops make one (default: 4)")
    parser.add_argument("--runs", type=int, default=3, help="how often each way is measured (default: 3)")
    return parser.parse_args()


def _row(name: str, values: list[float], unit: str, digits: int) -> str:
    median, least, most = (f"{value:.{digits}f}" for value in (statistics.median(values), min(values), max(values)))
    return f"| {name} | {median}{unit} | {least} to {most}{unit} |"


def _timed(way: Callable[[], None]) -> tuple[float, float]:
    """Return the seconds that a way takes on the clock, and of processor time in all its processes."""
    start, used = time.perf_counter(), os.times()
    way()
    now = os.times()
    return time.perf_counter() - start, sum(now[2:4]) - sum(used[2:4])


def _shared_out(work: Callable[[list[Page]], None], pages: list[Page], processes: int) -> None:
    context = get_context("spawn")
    started = [context.Process(target=work, args=(pages[place::processes],)) for place in range(processes)]
    for process in started:
        process.start()
    for process in started:
        process.join()
        if process.exitcode:
            raise SystemExit(f"{work.__name__} failed")


def _loop(pages: list[Page]) -> None:
    import papermill

    # Its kernels say each time that they talk over TCP, which is what it would do for anybody.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with tempfile.TemporaryDirectory() as folder:
        for page in pages:
            source, result = files.shipped("notebooks", f"{page.notebook}.ipynb"), Path(folder, "out.ipynb")
            papermill.execute_notebook(source, result, dict(page.parameters), progress_bar=False)
            rendering.to_html(page, nbformat.read(result, as_version=4), _identity(page))


def _floor(pages: list[Page]) -> None:
    for page in pages:
        if page.notebook == "answers":
            rendering.answers(page.parameters)
        else:
            rendering.to_html(page, _called(page), _identity(page))


def _called(page: Page) -> nbformat.NotebookNode:
    """Run a notebook's cells as plain Python in this process, and keep what each shows."""
    content = files.shipped("notebooks", f"{page.notebook}.ipynb").read_bytes()
    notebook = nbformat.from_dict(read_notebook(page.notebook, content))
    names: dict[str, object] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        *before, last = ast.parse(cell.source).body
        exec(compile(ast.Module(before, []), "cell", "exec"), names)  # noqa: S102  # the project's own notebooks
        if not isinstance(last, ast.Expr):
            exec(compile(ast.Module([last], []), "cell", "exec"), names)  # noqa: S102
        else:
            shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307
            data, metadata = shown._repr_mimebundle_()
            cell.outputs = [nbformat.v4.new_output("display_data", data=data, metadata=metadata)]
        if "parameters" in cell.metadata.get("tags", ()):
            names |= dict(page.parameters)
    return notebook


def _identity(page: Page) -> dict[str, object]:
    return _inputs().identity(page)


_inputs = functools.cache(Inputs.read)


if __name__ == "__main__":
    main()
