"""Lists the hash of every file of data/raw in data/raw/SHA256SUMS; `sha256sum -c SHA256SUMS` there and `analysis verify` read it."""

from __future__ import annotations

import hashlib
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "data" / "raw"
SUMS = "SHA256SUMS"


def lines(folder: Path = FOLDER) -> str:
    """Return the list: a line for each file, by name."""
    paths = sorted(path for path in folder.iterdir() if path.is_file() and path.name != SUMS)
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths)


if __name__ == "__main__":
    (FOLDER / SUMS).write_text(lines(), encoding="utf-8", newline="\n")
