"""Changes a room or a module in small ways, one at a time, and lists what no quick test of the room notices.

`.ci/mutation.py ROOM MINUTES`: ROOM is a folder or a module of src/analysis, as `statistics` or `statistics/revision`. mutmut tries first
what the fewest seconds of tests reach; what it has not tried after so many minutes is counted, and tried when this runs again. It works in
mutants/ROOM, where `mutmut show NAME` tells a change again.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
MUTMUT = str(Path(sys.executable).with_name("mutmut"))
NEEDED = (".ci", "data", "docs", "src", "tests")
NOTICED = {"killed", "timeout"}


def main(room: str, minutes: str) -> int:
    """Try what changes there is time for, and print how many were noticed and each that was not."""
    source = next((path for path in (f"src/analysis/{room}.py", f"src/analysis/{room}") if (TOP / path).exists()), "")
    tests = f"tests/{room.partition('/')[0]}"
    if not source or not (TOP / tests).is_dir():
        print(f"ROOM: found {room!r}; give a folder or a module of src/analysis that has tests", file=sys.stderr)
        return 2
    folder = _folder(room, source if source.endswith(".py") else f"{source}/*", tests)
    status = _run(folder, 60 * float(minutes))
    found = dict(re.findall(r"^ +(\S+): (.+)$", _told(folder, "results", "--all", "true"), re.M))
    if status or not found:
        print(f"{room}: mutmut broke off with status {status}", file=sys.stderr)
        return 1
    for name in (name for name, result in found.items() if result not in {*NOTICED, "not checked"}):
        print(_told(folder, "show", name))
    told = (f"{times} {how}" for how, times in Counter(found.values()).most_common())
    print(f"{room}: {len(found)} changes: {', '.join(told)}")
    return 0


def _folder(room: str, changed: str, tests: str) -> Path:
    """Give mutmut a checkout of its own, whose settings name the room and its tests."""
    folder = TOP / "mutants" / room.replace("/", "-")
    folder.mkdir(parents=True, exist_ok=True)
    for name in NEEDED:
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(TOP / name)
    settings = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    table = f'[tool.mutmut]\nonly_mutate = ["{changed}"]\npytest_add_cli_args_test_selection = ["{tests}"]\n'
    (folder / "pyproject.toml").write_text(settings.replace("[tool.mutmut]\n", table), encoding="utf-8")
    return folder


def _run(folder: Path, seconds: float) -> int:
    """Let mutmut try changes for so long; then it is asked to stop, as by Ctrl-C, and keeps what it has found."""
    running = subprocess.Popen([MUTMUT, "run"], cwd=folder)  # noqa: S603
    try:
        return running.wait(seconds)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGINT)
        running.wait()
        return 0


def _told(folder: Path, *words: str) -> str:
    return subprocess.run([MUTMUT, *words], cwd=folder, capture_output=True, text=True, check=False).stdout  # noqa: S603


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
