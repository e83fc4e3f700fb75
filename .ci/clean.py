"""Removes what code has made: the pages that the manifest in reports/ lists, as they were written, and derived tables.

What is there besides, or was changed by hand, is somebody's own and stays; it is named.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
DERIVED = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{12}\.(ods|xlsx|csv)\.\d\.([0-9a-f]{12})\.csv")


def main(top: Path = TOP) -> int:
    """Remove what is ours and return 0, or 1 where a file stays that we did not make."""
    for path in _made(top):
        path.unlink()
    for folder in sorted((top / "reports").rglob("*/"), reverse=True):
        if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
            folder.rmdir()
    for name in ("dist", "docs/api", "docs/_build"):  # of `make wheel` and `make docs` alone
        shutil.rmtree(top / name, ignore_errors=True)
    left = [path for name in ("reports", "data/processed") for path in sorted((top / name).rglob("*")) if not path.is_dir() and path != top / name / "README.md"]  # fmt: skip
    for path in left:
        print(f"{path.relative_to(top)}: kept, as it is not as we made it", file=sys.stderr)
    return 1 if left else 0


def _made(top: Path) -> Iterator[Path]:
    """Give the files that are as our manifest, or their own names, say."""
    reports = top / "reports"
    try:
        outputs = json.loads((reports / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, LookupError, TypeError):
        outputs = {}
    ours = {reports / name: digest for name, digest in outputs.items() if ".." not in Path(name).parts}
    yield from (path for path, digest in ours.items() if _digest(path) == digest)
    if ours:
        yield reports / "manifest.json"
    for path in (top / "data" / "processed").glob("*.csv"):
        if (found := DERIVED.fullmatch(path.name)) and _digest(path).startswith(found[2]):
            yield path


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""


if __name__ == "__main__":
    sys.exit(main())
