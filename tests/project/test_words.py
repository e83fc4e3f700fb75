"""Words that a reader should not meet: in the library, the documents and the notebooks' own text.

What others published is quoted as they wrote it (`data/raw/claims.yaml`, and so the notebooks' outputs), and what reads an
article knows an article's words (`claims/check`, `claims/spans.py`).
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import nbformat
import pytest
from documents import TOP

# What is looked for, and what to write in its place.
INSTEAD = {
    # Offences are not people, and not incidents.
    r"groomers?": "recorded offences",
    r"(?:grooming|rape|abuse|burglary|reported|recorded) cases": "recorded offences",
    r"cases (?:of (?:grooming|rape|abuse|burglary)|(?:were )?recorded)": "recorded offences",
    r"(?:\d|recorded|number of) victims": "recorded offences",
    # A figure has no cause, no drama and no rank.
    r"(?:soar|rocket|plung|plummet|surg|skyrocket|spiral)(?:ed|es|ing)": "rose by, fell by",
    r"statistically significant|significantly (?:more|fewer|higher|lower)": "beyond how much such figures usually vary",
    r"worst[- ](?:force|performing)|worst in the country": "nothing: forces are not ranked",
    # Plain speech.
    r"shuts? out": "excludes",
    r"usual spread": "how much forces usually vary",
    r"were multiplied by": "rose by, fell by",
    r"stands? to the average": "is above, is below an average quarter",
    r"nothing (?:was found )?to object": "no objection found",
    r"goes? without": "cannot be combined with",
    r"stands? in a copy": "a copy gives",
    r"releases speak of": "are in several releases",
    r"at the most": "at most",
    r"one of two in three": "two of three in a row",
    r"in about its place": "roughly where it lies",
    r"whence": "where from",
    r"stands? without a mark": "is filled in",
    r"cluster that you have already": "if you already run a cluster",
    r"one (?:module|function) a \w+|a noun a module": "one function per figure",
    # Names that nobody would guess.
    r"place_interval": "rank_interval",
    r"widened_ratio": "quasi_poisson_ratio",
    r"figure_or_claim|strangers|NotACount|WorkerDesk": "what a statistician or an engineer would call it",
}  # fmt: skip
QUOTING = ("src/analysis/claims/check/", "src/analysis/claims/spans.py", "docs/_build/")
ENDINGS = {".py", ".pyi", ".md", ".txt", ".yaml", ".yml", ".j2", ".js", ".css", ".toml", ".cff"}
FOLDERS = ("src", "docs", ".github", "benchmarks", "notebooks")
FILES = ("README.md", "CONTRIBUTING.md", "CITATION.cff", "Makefile", "pyproject.toml", "data/raw/README.md", "data/raw/DICTIONARY.md",
         "data/raw/offences.yaml", "data/raw/breaks.yaml", "data/raw/register.yaml", "data/raw/caveats.yaml", "data/raw/verdicts.yaml")  # fmt: skip


@functools.cache
def read() -> dict[str, str]:
    """Return by its name the text of everything that the project says in its own words."""
    found: dict[str, str] = {}
    paths = [*(TOP / name for name in FILES), *(path for name in FOLDERS for path in sorted((TOP / name).rglob("*")))]
    for path in paths:
        name = path.relative_to(TOP).as_posix()
        if path.suffix == ".ipynb" and ".ipynb_checkpoints" not in name:
            found[name] = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
        elif (path.suffix in ENDINGS or name in FILES) and not name.startswith(QUOTING):
            text = path.read_text(encoding="utf-8")
            found[name] = re.sub(r'"\w+"', "", text) if name == "CONTRIBUTING.md" else text  # it names what it forbids
    return found


def met(text: str, pattern: str) -> list[int]:
    """Return the lines of a text on which a pattern begins, across a line's end too."""
    words = pattern.replace(" ", r"\s+")
    return [text.count("\n", 0, m.start()) + 1 for m in re.finditer(rf"\b(?:{words})\b", text, re.I)]


@pytest.mark.parametrize("pattern", INSTEAD)
def test_a_reader_meets_no_such_words(pattern: str) -> None:
    found = [f"{name}:{line}" for name, text in read().items() for line in met(text, pattern)]
    assert found == [], f"write: {INSTEAD[pattern]}"


def test_what_is_looked_for_would_be_found() -> None:
    names = read().keys()
    for name in (
        "src/analysis/cli/commands.py",
        "docs/methods.md",
        "README.md",
        "notebooks/explore.ipynb",
        "data/raw/breaks.yaml",
    ):
        assert name in names
    assert not [name for name in names if name == "data/raw/claims.yaml"]
    assert met("An interval that shuts\nout no change", r"shuts? out") == [1]
    assert met("There were 33 grooming cases", next(key for key in INSTEAD if "grooming" in key)) == [1]
    assert met("in any case; a rate goes within", r"goes? without") == []
    assert Path(__file__).name not in {Path(name).name for name in names}
