"""Whether thousands of reports are practical: memory, time and what the publishing process does, here and on a Dask cluster.

The matrix is every code and family that the newest release counts, for every force; a sample of it has whole offences, evenly
chosen, so that its pages share what those of the whole matrix share. Memory is that of all processes of a build together, the
cluster's too, what they share counted once (PSS), read twice a second. The sample is interrupted at a third and taken up again.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from builds import COMMAND, machine

from analysis.figures.register import load_register
from analysis.terms import areas, offences

QUIET = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
DASK = [sys.executable, "-m", "distributed.cli.dask_{}", "--scheduler-file", "address.json", "--no-dashboard"]


@dataclass(frozen=True)
class Taken:
    """What a build took: in the end, and from look to look."""

    said: str
    seconds: float
    megabytes: list[float]
    processor: list[float]  # seconds of the process that publishes, and of each member of its cluster
    size: int

    @property
    def pages(self) -> int:
        return int(self.said.split()[0])

    def row(self, name: str) -> str:
        part = max(1, len(self.megabytes) // 5)
        first, last = (statistics.median(looks) for looks in (self.megabytes[part : 2 * part], self.megabytes[-part:]))
        each = [
            f"{self.pages / self.seconds:.2f}",
            f"{1000 * self.processor[0] / self.pages:.0f} ms",
            f"{self.size / self.pages / 1e3:.0f} kB",
        ]
        return " | ".join(
            [
                f"| {name}",
                str(self.pages),
                f"{self.seconds:.0f} s",
                *each,
                f"{first:.0f}, {last:.0f} and at most {max(self.megabytes):.0f} MB |",
            ]
        )


def main() -> None:
    options = _options()
    every = _live()
    print(
        f"{machine()}; {len(every)} offences × {len(areas.FORCES)} forces = {len(every) * len(areas.FORCES):,} reports\n"
    )
    print(
        "| what | reports | time | a second | publisher, a report | files, a report | memory early, late |", flush=True
    )
    print("|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(_build(folder).row("full build"), flush=True)
        whole = _matrix(folder, every, options.offences)
        begun = _build(
            folder, "--matrix", str(whole), interrupt=options.offences * len(areas.FORCES) // 3, output="resumed"
        )
        print(begun.row("matrix, interrupted"), flush=True)
        rest = _build(folder, "--matrix", str(whole), output="resumed")
        print(rest.row("matrix, resumed"), flush=True)
        print(f"\nresumed: {rest.said}\n", flush=True)
        for workers in (1, 2):
            with _cluster(folder, workers) as (address, members):
                part = str(_matrix(folder, every, 2 * workers))
                taken = _build(folder, "--matrix", part, "--cluster", address, members=members)
                print(taken.row(f"cluster, workers: {workers}"), flush=True)
                print(f"scheduler: {1000 * taken.processor[1] / taken.pages:.0f} ms a report", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--offences", type=int, default=12, help="how many of the matrix are sampled (default: 12)")
    return parser.parse_args()


def _live() -> list[str]:
    """Return every code, family and group that the newest release counts in its last four quarters."""
    release = load_register().release("latest")
    year = release.covers.last_months(12)
    counted = {code: release.counted(code) for code in dict.fromkeys((*offences.known(), *release.codes))}
    return [code for code, months in counted.items() if months and months.covers(year)]


def _matrix(folder: Path, every: Sequence[str], number: int) -> Path:
    """Write a row for each force, of so many offences."""
    path = folder / f"{number}.csv"
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["force", "offence"])
        chosen = [every[place * len(every) // number] for place in range(number)]
        out.writerows((force.slug, offence) for offence in chosen for force in areas.FORCES)
    return path


def _build(folder: Path, *options: str, members: Sequence[int] = (), interrupt: int = 0, output: str = "") -> Taken:
    """Make reports, interrupted once so many are there if that is asked, and look on."""
    start, looks, used = time.perf_counter(), [], [0.0] * (1 + len(members))
    with contextlib.ExitStack() as held:
        place = Path((output and folder / output) or held.enter_context(tempfile.TemporaryDirectory(dir=folder)))
        process = subprocess.Popen([*COMMAND, "build", "--output", str(place), *options], **QUIET)
        while process.poll() is None:
            looks.append(sum(map(_megabytes, [process.pid, *members])))
            used = [max(pair) for pair in zip(used, map(_processor, [process.pid, *members]), strict=True)]
            if interrupt and len(list(place.glob("forces/*/*.html"))) >= interrupt:
                process.send_signal(signal.SIGTERM)
                interrupt = 0
                process.wait()
            time.sleep(0.5)
        seconds, said = time.perf_counter() - start, process.communicate()[0]
        pages = list(place.rglob("*.html"))
        if process.returncode not in {0, -signal.SIGTERM}:
            raise SystemExit(f"analysis build {' '.join(options)}: ended with {process.returncode}")
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
        return Taken(said if process.returncode == 0 else f"{len(pages)} made", seconds, looks, used, size)


def _megabytes(pid: int) -> float:
    total = 0
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        for each in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                total += each.memory_full_info().pss
    return total / 1e6


def _processor(pid: int) -> float:
    with contextlib.suppress(psutil.Error):
        return sum(psutil.Process(pid).cpu_times()[:2])
    return 0.0


@contextlib.contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[int]]]:
    """Give the address of a scheduler on loopback with so many workers of one thread each, and all their process numbers."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        address, started = Path(place, "address.json"), []
        wanted = [("scheduler", "--host", "127.0.0.1", "--port", "0")]
        wanted += [("worker", "--nthreads", "1", "--no-nanny")] * workers
        for kind, *options in wanted:
            command = [*(word.format(kind) for word in DASK), *options]
            started.append(subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
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
