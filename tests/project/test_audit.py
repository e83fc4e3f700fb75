"""The audit of what is locked: what it says where it found something, and where it could not ask."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
SOUND = {"name": "numpy", "version": "2.4.6", "vulns": []}
FOUND = {"name": "pillow", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "scipy", "skip_reason": "not found"}

_spec = importlib.util.spec_from_file_location("audit", TOP / ".ci" / "audit.py")
assert _spec is not None
assert _spec.loader is not None
audit = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(audit)


@pytest.mark.parametrize(
    ("packages", "status", "said"),
    [
        ([SOUND], 0, "a.lock: 0 known vulnerabilities in 1 of 1 packages that were audited"),
        ([SOUND, FOUND], 1, "a.lock: pillow 1.0: PYSEC-1, mended in 1.1"),
        ([SOUND, FOUND], 1, "a.lock: 1 known vulnerabilities in 2 of 2 packages that were audited"),
        ([SOUND, SKIPPED], 0, "a.lock: scipy: not audited (not found)"),
        ([SKIPPED], 0, "a.lock: not audited; the service that knows of vulnerabilities could not be reached"),
        ([], 0, "a.lock: not audited; the service that knows of vulnerabilities could not be reached"),
    ],
)
def test_what_was_found_is_said_and_counts(packages, status, said, capsys) -> None:
    assert audit._report("a.lock", packages) == status
    assert said in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("printed", ["", "Traceback", json.dumps({"dependencies": [FOUND]})])
def test_each_lock_is_asked_about_and_no_answer_is_no_clearance(monkeypatch, capsys, printed) -> None:
    asked = []

    def run(command, **_):
        asked.append(command[-1])
        return subprocess.CompletedProcess(command, 1, stdout=printed, stderr="…\nConnectionError: no network\n")

    monkeypatch.setattr(subprocess, "run", run)
    assert audit.main() == (1 if printed.startswith("{") else 0)
    assert asked == ["requirements.lock", "requirements-dev.lock"]
    assert all((TOP / lock).is_file() for lock in asked)
    assert ("ConnectionError: no network" in capsys.readouterr().err) == (not printed.startswith("{"))
