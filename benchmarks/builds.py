"""How fast a build is, as ratios measured in one run: against plain papermill, and against no notebooks at all.

Four ways of making the same pages, each in processes of its own:

- build: `analysis build`, from a cold start;
- loop: papermill with its ordinary kernel, then nbconvert, one page after another;
- processes: the same loop, shared out over as many processes as there are cores;
- floor: the same library calls and the same HTML in as many warm plain processes, without notebooks or kernels.

And one page from a cold start: `analysis build --force X` against importing the libraries and drawing that page.
"""

from __future__ import annotations

import argparse
import ast
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path

import nbformat

from analysis import reports
from analysis.reports import rendering
from analysis.reports.identity import Inputs
from analysis.reports.pages import Page

COMMAND = [sys.executable, "-c", "import sys; from analysis.cli import main; sys.exit(main())"]
ONE = "Northamptonshire"


def main() -> None:
    options = _options()
    wanted = reports.request(release="latest")
    table = [*wanted.table][: options.pages]
    cores = reports.default_jobs()
    print(
        f"{platform.machine()}, {cores} cores, Python {platform.python_version()}; {len(table)} pages, {options.runs} runs\n"
    )
    ways: dict[str, Callable[[], None]] = {
        "build": lambda: _build([page.area for page in table if page.area] if options.pages else [], options.jobs),
        "loop": lambda: _shared_out(_loop, table, 1),
        "processes": lambda: _shared_out(_loop, table, cores),
        "floor": lambda: _shared_out(_floor, table, cores),
        "one page, built": lambda: _build([ONE], options.jobs),
        "one page, drawn": lambda: _shared_out(_floor, [page for page in wanted.table if page.area == ONE], 1),
    }
    seconds = {name: [_timed(way) for _ in range(options.runs)] for name, way in ways.items()}
    for name, taken in seconds.items():
        print(f"{name:16} median {statistics.median(taken):7.1f} s  ({min(taken):.1f} to {max(taken):.1f})")
    median = {name: statistics.median(taken) for name, taken in seconds.items()}
    print(f"\nfull build, times faster than the plain loop (at least 8): {median['loop'] / median['build']:.1f}")
    print(f"times faster than the loop in {cores} processes (at least 4): {median['processes'] / median['build']:.1f}")
    print(f"whole command over the floor (at most 1.6): {median['build'] / median['floor']:.2f}")
    print(
        f"one page from a cold start over drawing it (at most 1.5): {median['one page, built'] / median['one page, drawn']:.2f}"
    )
    print(f"largest process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, default=None, help="only the first so many pages (default: all)")
    parser.add_argument("--runs", type=int, default=3, help="how often each way is measured (default: 3)")
    parser.add_argument("--jobs", type=int, default=None, help="jobs of the build (default: its own)")
    return parser.parse_args()


def _timed(way: Callable[[], None]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def _build(names: Sequence[str], jobs: int | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asked = [word for name in names for word in ("--force", name)]
        workers = ["--jobs", str(jobs)] if jobs else []
        subprocess.run([*COMMAND, "build", "--output", folder, *asked, *workers], check=True, capture_output=True)


def _shared_out(work: Callable[[list[Page]], None], table: list[Page], processes: int) -> None:
    context = get_context("spawn")
    started = [context.Process(target=work, args=(table[place::processes],)) for place in range(processes)]
    for process in started:
        process.start()
    for process in started:
        process.join()
        if process.exitcode:
            raise SystemExit(f"{work.__name__} failed")


def _loop(table: list[Page]) -> None:
    import papermill

    os.environ["PYTHONWARNINGS"] = "ignore"
    with tempfile.TemporaryDirectory() as folder:
        for page in table:
            source, result = Path(folder, "in.ipynb"), Path(folder, "out.ipynb")
            nbformat.write(rendering.read_notebook(page.notebook), source)
            papermill.execute_notebook(source, result, page.parameters.model_dump(), progress_bar=False)
            rendering.to_html(page, nbformat.read(result, as_version=4), _identity(page))


def _floor(table: list[Page]) -> None:
    from analysis import warm

    warm.draw_once()
    for page in table:
        rendering.to_html(page, _called(page), _identity(page))


def _called(page: Page) -> nbformat.NotebookNode:
    """Run a notebook's cells as plain Python in this process, and keep what each shows."""
    notebook = rendering.read_notebook(page.notebook)
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
            names |= page.parameters.model_dump()
    return notebook


def _identity(page: Page) -> dict[str, object]:
    return Inputs.read(reports.request(release=page.parameters.release)).identity(page)


if __name__ == "__main__":
    main()
