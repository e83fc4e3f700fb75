"""The search for breaking inputs: its seeds are sound, what it found stays mended, and its oracle can object.

`make fuzz` searches; tests/data/fuzz keeps what it found.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fuzz import readers

from analysis import claims
from analysis.figures import added, workbook

TESTS = Path(__file__).parents[1]
INPUTS = [
    pytest.param(read, data, id=f"{name}-{number}")
    for name, (read, seeds, _) in readers.READERS.items()
    for number, data in enumerate([*seeds(), *readers.finds(name)])
]


@pytest.mark.parametrize(("read", "data"), INPUTS)
def test_an_input_is_read_or_refused_by_name(read: Callable[[bytes], None], data: bytes) -> None:
    read(data)


@pytest.mark.parametrize("name", readers.READERS)
def test_any_other_error_is_a_find(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("a find")

    monkeypatch.setattr(workbook, "packed", fail)
    monkeypatch.setattr(claims, "load", fail)
    monkeypatch.setattr(added, "_offered", fail)
    read, seeds, _ = readers.READERS[name]
    with pytest.raises(KeyError, match="a find"):
        read(next(seeds()))


def test_the_search_runs(tmp_path: Path) -> None:
    """One reader is searched with; that each reads or refuses, and what else it raises, is tested above."""
    name = next(iter(readers.READERS))
    pytest.importorskip("atheris", reason="atheris searches on Linux, up to Python 3.13")
    command = [sys.executable, str(TESTS / "fuzz" / "search.py"), name, "1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Done" in done.stderr
    assert list(tmp_path.iterdir()) == []
