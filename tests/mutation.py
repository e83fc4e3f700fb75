"""Changes the code in small ways, one at a time, and counts how many of the changes the tests notice.

``make mutation`` runs it, and MUTATION.md tells what it found. mutmut makes the changes and runs, for each, those of a
part's own tests that reach the changed function. A table and every change that went unnoticed are printed; the exit
status is 1 if a part stays under the share that it must have.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[1]
MADE = ROOT / "mutants" / "src" / "analysis"
MUST_NOTICE = 0.9

# The parts and their own tests. All of the first is always tried: its run writes the changes that the others draw from.
PARTS = {
    "terms.periods": "test_periods or test_display",
    "statistics": "test_statistics",
    "comparison": "comparison or test_display",
    "claims": "claims or test_display",
}

# How pytest ends where a change is noticed: with a failure, or out of time, as the tests of the unchanged code never are.
NOTICED = {1, 3, -24}

Ended = dict[str, int]


def main() -> int:
    options = argparse.ArgumentParser(description="Count how many small changes of the code the tests notice.")
    options.add_argument(
        "--sample", type=int, metavar="N", help="changes to try of each part but the first; default: all"
    )
    options.add_argument("--seed", type=int, default=8, help="what they are drawn with (default: 8)")
    asked = options.parse_args()
    parts = [tried(part, asked.sample if place else None, asked.seed) for place, part in enumerate(PARTS)]
    print("\n".join(report(parts)))
    return 0 if all(noticed(ended.values()) >= MUST_NOTICE * len(ended) for ended in parts) else 1


def tried(part: str, sample: int | None, seed: int) -> Ended:
    """Try the changes of a part, or as many drawn with a seed, and return how pytest ended for each."""
    drawn = random.Random(seed).sample(sorted(made(part)), sample) if sample else None  # noqa: S311 - no secret
    mutmut("run", *(drawn or [f"analysis.{part}.*"]), tests=PARTS[part])
    ended = made(part)
    return {name: ended[name] for name in drawn or ended}


def made(part: str) -> Ended:
    """Return the changes of a part as mutmut keeps them beside the changed modules, each with how pytest ended."""
    ended: Ended = {}
    folder = MADE / part.replace(".", "/")
    for path in [folder.with_suffix(".py.meta"), *folder.glob("*.meta")]:
        if path.is_file():
            ended |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return ended


def mutmut(*arguments: str, tests: str = "") -> str:
    """Run mutmut, with a part's own tests where it runs any, and return what it printed."""
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTEST_ADDOPTS": f"-k '{tests}'"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"mutmut {arguments[0]} ended with status {done.returncode}:\n{done.stdout[-2000:]}")
    return done.stdout


def report(parts: Sequence[Ended]) -> Iterator[str]:
    """Return the table of modules, and each change that went unnoticed."""
    yield "| module | changes | noticed | share |\n|---|--:|--:|--:|"
    for part, ended in zip(PARTS, parts, strict=True):
        for module, names in groupby(sorted(ended), key=lambda name: name.rpartition(".")[0]):
            yield row(module, [ended[name] for name in names])
        yield row(f"**all of {part}**", list(ended.values()))
    for ended in parts:
        yield from (mutmut("show", name) for name in sorted(ended) if ended[name] not in NOTICED)


def row(name: str, codes: Sequence[int]) -> str:
    return f"| {name} | {len(codes)} | {noticed(codes)} | {100 * noticed(codes) / len(codes):.1f}% |"


def noticed(codes: Iterable[int]) -> int:
    return sum(code in NOTICED for code in codes)


if __name__ == "__main__":
    sys.exit(main())
