"""How long it takes from the official workbook to a validated table, against python-calamine alone.

    python benchmarks/workbooks.py FILE [--runs N]

FILE is an official workbook; by default the environment variable ANALYSIS_BENCHMARK_WORKBOOK names it. Each run is a
process of its own, imports apart, the two kinds in turn, so that both see the same machine. Processor time is counted,
since both work in one thread and a machine that others use makes the clock's time worthless.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

MOST_RATIO = 2.0
MOST_MEMORY = 500  # MB


def alone(path: Path) -> float:
    """Return the seconds of processor time that calamine takes to read every sheet."""
    from python_calamine import CalamineWorkbook

    start = time.process_time()
    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()
    return time.process_time() - start


def to_table(path: Path) -> float:
    """Return the seconds from the file to the bytes of a validated table."""
    importlib.import_module("python_calamine")

    from analysis.figures import cleaning, tables
    from analysis.figures import workbook as workbooks

    start = time.process_time()
    figures = cleaning.clean(workbooks.packed(workbooks.content_of(path), path.name), path.name)
    tables.to_csv(figures.cells)
    return time.process_time() - start


KINDS = {"alone": alone, "to_table": to_table}


def measure(kind: str, path: Path) -> tuple[float, float]:
    """Return seconds and peak memory in MB of one run in a process of its own."""
    done = subprocess.run([sys.executable, __file__, str(path), "--kind", kind], capture_output=True, check=True)
    seconds, megabytes = json.loads(done.stdout)
    return seconds, megabytes


def run_one(kind: str, path: Path) -> None:
    """Do one run and print what it took."""
    import resource

    seconds = KINDS[kind](path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kilobytes, on macOS bytes
    print(json.dumps([seconds, peak / (2**20 if sys.platform == "darwin" else 2**10)]))


def report(path: Path, runs: int) -> bool:
    """Print the table, and say whether both limits are kept."""
    taken: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    for _ in range(runs):
        for kind, results in taken.items():
            results.append(measure(kind, path))
    ratios = [ours / theirs for (ours, _), (theirs, _) in zip(taken["to_table"], taken["alone"], strict=True)]
    ratio = statistics.median(ratios)
    memory = max(megabytes for _, megabytes in taken["to_table"])
    print("| what | median | least to most | peak memory |\n|---|---|---|---|")
    for title, kind in (("python-calamine alone", "alone"), ("to a validated table", "to_table")):
        seconds = [result[0] for result in taken[kind]]
        peak = max(result[1] for result in taken[kind])
        print(
            f"| {title} | {statistics.median(seconds):.2f} s | {min(seconds):.2f} to {max(seconds):.2f} s | {peak:.0f} MB |"
        )
    print(f"| ratio (at most {MOST_RATIO:.0f}) | {ratio:.2f} | {min(ratios):.2f} to {max(ratios):.2f} | |")
    return ratio <= MOST_RATIO and memory <= MOST_MEMORY


def main() -> int:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", default=os.environ.get("ANALYSIS_BENCHMARK_WORKBOOK"))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--kind", choices=KINDS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.file is None:
        parser.error("give an official workbook, or name it in ANALYSIS_BENCHMARK_WORKBOOK")
    path = Path(options.file)
    if options.kind:
        run_one(options.kind, path)
        return 0
    return 0 if report(path, options.runs) else 1


if __name__ == "__main__":
    sys.exit(main())
