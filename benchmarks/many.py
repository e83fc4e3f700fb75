"""Whether a thousand reports are practical: memory and time of many pages against few, here and on a Dask cluster.

Memory is that of all processes of a build together, the cluster's too, what they share counted once (PSS), read twice a
second. One worker makes half as many reports as two, so that each has as much to do and the starts weigh alike.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import psutil
from builds import COMMAND, machine

from analysis.terms import forces
from analysis.terms.periods import Month, Period

FIRST, LAST = Month(2018, 4), Month(2025, 12)  # whole quarters under the present definition
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass(frozen=True)
class Taken:
    """What a build took."""

    pages: int
    seconds: float
    megabytes: float

    def row(self, name: str) -> str:
        rate = self.pages / self.seconds
        return f"| {name} | {self.pages} | {self.seconds:.0f} s | {rate:.2f} | {self.megabytes:.0f} MB |"


def main() -> None:
    options = _options()
    print(
        f"{machine()}\n\n| what | reports | time | reports a second | peak memory |\n|---|---|---|---|---|", flush=True
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(_build(folder, 48).row("full build"), flush=True)
        few, many = (_build(folder, n, "--matrix", str(_matrix(folder, n))) for n in (60, options.reports))
        for taken in (few, many):
            print(taken.row("this machine"), flush=True)
        one = _on_cluster(folder, options.reports // 2, workers=1)
        print(one.row("cluster, one worker"), flush=True)
        two = _on_cluster(folder, options.reports, workers=2)
        print(two.row("cluster, two workers"), flush=True)
    print(f"\nmemory of {many.pages} over {few.pages}: {many.megabytes / few.megabytes:.2f}")
    print(f"rate of {many.pages} over {few.pages}: {many.pages / many.seconds / (few.pages / few.seconds):.2f}")
    print(f"rate of two workers over one: {two.pages / two.seconds / (one.pages / one.seconds):.2f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--reports", type=int, default=1000, help="how many are many (default: 1000)")
    return parser.parse_args()


def _matrix(folder: Path, number: int) -> Path:
    """Write so many rows: every force with every four quarters, newest first."""
    path = folder / f"{number}.csv"
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["force", "period"])
        out.writerows(islice(_rows(), number))
    return path


def _rows() -> Iterator[tuple[str, str]]:
    last = LAST
    while last.shift(-11) >= FIRST:
        yield from ((force.slug, str(Period(last.shift(-11), last))) for force in forces.FORCES)
        last = last.shift(-3)


def _on_cluster(folder: Path, pages: int, workers: int) -> Taken:
    with _cluster(folder, workers) as (address, members):
        return _build(folder, pages, "--matrix", str(_matrix(folder, pages)), "--cluster", address, members=members)


def _build(folder: Path, pages: int, *options: str, members: Sequence[int] = ()) -> Taken:
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=folder) as output:
        process = subprocess.Popen([*COMMAND, "build", "--output", output, *options], **QUIET)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, sum(map(_megabytes, [process.pid, *members])))
            time.sleep(0.5)
        if process.returncode:
            raise SystemExit(f"analysis build {' '.join(options)}: ended with {process.returncode}")
        return Taken(pages, time.perf_counter() - start, peak)


def _megabytes(pid: int) -> float:
    total = 0
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        for each in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                total += each.memory_full_info().pss
    return total / 1e6


@contextlib.contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[int]]]:
    """Give the address of a scheduler on loopback with so many workers of one thread each, and all their process numbers."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        address = Path(place, "address.json")
        dask = [sys.executable, "-m", "distributed.cli.dask_{}", "--scheduler-file", str(address), "--no-dashboard"]
        wanted = [("scheduler", "--host", "127.0.0.1", "--port", "0")]
        wanted += [("worker", "--nthreads", "1", "--no-nanny")] * workers
        started = []
        for kind, *options in wanted:
            command = [word.format(kind) for word in dask]
            started.append(subprocess.Popen([*command, *options], cwd=place, **QUIET))
        try:
            while not address.exists() or not address.read_text():
                time.sleep(0.1)
            time.sleep(5)  # for the workers to come
            yield json.loads(address.read_text())["address"], [process.pid for process in started]
        finally:
            for process in started:
                process.terminate()
                process.wait()


if __name__ == "__main__":
    main()
