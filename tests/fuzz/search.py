"""Searches for inputs that a reader does not refuse by name, led by the code that each input reaches.

    python tests/fuzz/search.py workbook 60
    python tests/fuzz/search.py claims 60
    python tests/fuzz/search.py answer 60

What is found stands in the current folder as `crash-…` or `timeout-…`; mended, it is kept in tests/data/fuzz.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path


def main(name: str, seconds: str) -> None:
    """Search with one reader for so many seconds."""
    import atheris  # of Linux only

    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    with atheris.instrument_imports(include=["analysis"]):
        from fuzz import readers
    read, seeds, words = readers.READERS[name]
    with tempfile.TemporaryDirectory() as folder:
        inputs, dictionary = Path(folder, "inputs"), Path(folder, "words")
        inputs.mkdir()
        for number, data in enumerate([*seeds(), *readers.finds(name)]):
            (inputs / f"seed-{number}").write_bytes(data)
        dictionary.write_text("".join(f'"{_quoted(word)}"\n' for word in words), encoding="utf-8")
        limits = [f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=3000", "-max_len=20000"]
        atheris.Setup([sys.argv[0], *limits, f"-dict={dictionary}", str(inputs)], read)
        atheris.Fuzz()


def _quoted(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"')


if __name__ == "__main__":
    main(*sys.argv[1:])
