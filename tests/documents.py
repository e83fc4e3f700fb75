"""Reads the code blocks of Markdown files, and runs them as a reader would, on a copy of the project."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat

TOP = Path(__file__).resolve().parents[1]
COMMAND = [sys.executable, "-m", "analysis"]


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file that it names, its text, and the heading above it."""

    language: str
    file: str
    text: str
    heading: str


def blocks(path: Path) -> list[Block]:
    """Return the fenced blocks of a Markdown file in order."""
    found, heading = [], ""
    pattern = re.compile(
        r"^#+ (?P<heading>[^\n]+)$|^```(?P<language>\w*) ?(?P<file>\S*)\n(?P<text>.*?)^```$", re.M | re.S
    )
    for match in pattern.finditer(path.read_text(encoding="utf-8")):
        if match["heading"]:
            heading = match["heading"]
        else:
            found.append(Block(match["language"], match["file"], match["text"], heading))
    return found


def commands(text: str) -> list[tuple[list[str], str]]:
    """Return the commands of a console block, each with the output that follows it."""
    parts = re.split(r"^\$ (.+)\n", text, flags=re.M)[1:]
    return [(shlex.split(line), output) for line, output in zip(parts[::2], parts[1::2], strict=True)]


def agrees(shown: str, printed: str) -> bool:
    """Say whether a command printed what is shown, in which ``…`` stands for anything."""
    return re.fullmatch(re.escape(shown.strip()).replace("…", ".*"), printed.strip(), re.S) is not None


def copy_of_project(folder: Path) -> Path:
    """Copy what the library reads into a checkout of its own, compiled as it is: no command there compiles it again."""
    for name in ("src", "data/raw", "notebooks"):
        shutil.copytree(TOP / name, folder / name, ignore=shutil.ignore_patterns("*.pyc.*", "added"))
    return folder


def shorten(project: Path) -> Path:
    """Leave a few cells of the pages that one force needs, and two offences of its answers, for tests of what becomes of files whatever stands in them."""
    kept = "## Quarter by quarter", "charts.quarters", "charts.process", "tables.figures"
    for path in (project / "notebooks" / f"{name}.ipynb" for name in ("force_report", "force_offence")):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [*notebook.cells[:2], *(cell for cell in notebook.cells[2:] if cell.source.startswith(kept))]
        nbformat.write(notebook, path)
    raw = project / "data" / "raw"
    text = (raw / "offences.yaml").read_text(encoding="utf-8")
    few, lists = re.subn(r"(?<=\nlisted:\n)(  - .+\n)+", '  - [sexual-offences, "88A"]\n', text)
    assert lists == 1
    (raw / "offences.yaml").write_text(few, encoding="utf-8")
    (raw / "SHA256SUMS").unlink()  # to which files are held
    return project


def tree(folder: Path, but: str | tuple[str, ...] = ()) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, without those of which a part of the path ends so."""
    found = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    kept = {name: path for name, path in found.items() if not any(part.endswith(but) for part in name.parts)}
    return {name.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for name, path in kept.items()}


def edit(project: Path, block: Block) -> None:
    """Apply changed lines, which must fit in one place."""
    lines = block.text.splitlines(keepends=True)
    old, new = ("".join(line[1:] for line in lines if line[0] in kinds) for kinds in (" -", " +"))
    path = project / block.file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{block.file}: these lines stand there {text.count(old)} times:\n{old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(arguments: list[str], project: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program on a copy of the project, with more variables in its environment if any are given."""
    env = os.environ | {"PYTHONPATH": str(project / "src"), "PYTHONDONTWRITEBYTECODE": "1"} | variables
    return subprocess.run(arguments, cwd=project, env=env, capture_output=True, text=True, check=False)
