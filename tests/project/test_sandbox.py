from __future__ import annotations

import pickle
import sys
from pathlib import Path

import official
import pytest

from analysis import sandbox
from analysis.errors import RequestError
from analysis.figures import cleaning, workbook

SMALL = {"2012_13": [official.row("2012/13", 1, "Kent", "88A", 3)]}
linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems limit less")


def read(path: Path, **limits: int) -> bytes:
    return sandbox.run(workbook.packed, path.read_bytes(), path.name, **limits)


def test_gives_back_what_the_reader_returned(tmp_path: Path) -> None:
    path = official.ods(tmp_path / "a.ods", SMALL)
    assert read(path) == workbook.packed(path.read_bytes(), path.name)


def test_nothing_is_taken_that_could_run() -> None:
    with pytest.raises(ValueError, match="utf-8"):
        cleaning.clean(pickle.dumps("a.ods"), "a.ods")


def test_passes_the_readers_error_on(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"a.ods: no sheet has the headers"):
        read(official.ods(tmp_path / "a.ods", {}))


@pytest.mark.slow
@linux
def test_refuses_a_csv_file_that_needs_too_much_memory(tmp_path: Path) -> None:
    path = official.as_csv(tmp_path / "a.csv", {"": [SMALL["2012_13"][0] for _ in range(200_000)]})
    with pytest.raises(RequestError, match=r"^a.csv: reading it takes more than 10 seconds or 0.2 GB of memory"):
        read(path, memory=2 * 10**8)
