"""What `.ci` does: the audit of what is locked where it found something or could not ask, and what `make clean` leaves."""

from __future__ import annotations

import hashlib
import json
import runpy
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

TOP = Path(__file__).resolve().parents[2]
SOUND = {"name": "numpy", "version": "2.4.6", "vulns": []}
FOUND = {"name": "pillow", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "scipy", "skip_reason": "not found"}


audit, clean = (SimpleNamespace(**runpy.run_path(str(TOP / ".ci" / f"{name}.py"))) for name in ("audit", "clean"))


@pytest.mark.parametrize(
    ("packages", "status", "said"),
    [
        ([SOUND], 0, "a.lock: 0 known vulnerabilities in 1 of 1 packages that were audited"),
        ([SOUND, FOUND], 1, "a.lock: pillow 1.0: PYSEC-1, mended in 1.1"),
        ([SOUND, FOUND], 1, "a.lock: 1 known vulnerabilities in 2 of 2 packages that were audited"),
        ([SOUND, SKIPPED], 1, "a.lock: scipy: not audited (not found)"),
        ([SKIPPED], 1, "a.lock: not audited; the service that knows of vulnerabilities could not be reached"),
        ([], 1, "a.lock: not audited; the service that knows of vulnerabilities could not be reached"),
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
    assert audit.main() == 1
    assert asked == ["requirements.lock", "requirements-dev.lock"]
    assert all((TOP / lock).is_file() for lock in asked)
    assert ("ConnectionError: no network" in capsys.readouterr().err) == (not printed.startswith("{"))


def test_to_clean_removes_what_is_as_it_was_made_and_nothing_else(tmp_path: Path, capsys) -> None:
    reports, processed = tmp_path / "reports", tmp_path / "data" / "processed"
    digest = hashlib.sha256(b"made").hexdigest()
    for folder in (reports / "forces", reports / "mine", processed):
        folder.mkdir(parents=True)
        (folder / "README.md").write_bytes(b"kept")
    names = ("index.html", "forces/kent.html", "forces/essex.html")
    for name in names:
        (reports / name).write_bytes(b"made" if "essex" not in name else b"changed by hand")
    (tmp_path / "outside").write_bytes(b"made")
    (reports / "mine" / "notes.html").write_bytes(b"made")
    listed = dict.fromkeys((*names, "../outside"), digest)
    (reports / "manifest.json").write_text(json.dumps({"outputs": listed}))
    (processed / f"2026-07-23-0123456789ab.ods.3.{digest[:12]}.csv").write_bytes(b"made")
    (processed / "2026-07-23-0123456789ab.ods.3.0123456789ab.csv").write_bytes(b"another's")
    assert clean.main(tmp_path) == 1
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {
        "outside", "reports/forces/README.md", "reports/forces/essex.html", "reports/mine/README.md", "reports/mine/notes.html",
        "data/processed/README.md", "data/processed/2026-07-23-0123456789ab.ods.3.0123456789ab.csv",
    }  # fmt: skip
    said = capsys.readouterr().err
    assert "reports/mine/notes.html: kept" in said
