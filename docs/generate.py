"""Writes the parts of docs/ that stand elsewhere already: the register of data, the rooms of the library, and its functions.

`make docs` runs it; tests/project/test_docs.py fails where a file here is no longer what it would write.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import analysis
from analysis.figures.register import Release, Source, load_register

TOP = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- layers: written by docs/generate.py -->\n", "<!-- end of layers -->\n"


def pages() -> dict[Path, str]:
    """Return what each generated file should hold."""
    architecture = TOP / "docs" / "architecture.md"
    head, _, rest = architecture.read_text(encoding="utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    return {
        TOP / "docs" / "data.md": data_register(),
        TOP / "docs" / "functions.md": functions(),
        architecture: f"{head}{BEGIN}{layers()}{END}{tail}",
    }


def data_register() -> str:
    """Return the register of data as Markdown."""
    held = load_register()
    shipped = [release for release in held.releases if not release.is_added]
    parts = [
        "# Data register\n\n"
        "Written by `make docs` from `data/raw/register.yaml`, which decides. Every column is explained in the\n"
        "[dictionary](../data/raw/DICTIONARY.md), the rules for these files in [data/raw](../data/raw/README.md).\n\n"
        f"{held.attribution}",
        "## Recorded offences",
        *map(_source, shipped),
        "## Residents",
        *map(_source, held.residents),
        "## Years of partnerships, knives, firearms and publications",
        *map(_source, held.years),
        "## How offences were recorded, and how ranges held",
        *map(_source, held.recording),
    ]
    return "\n\n".join(parts) + "\n"


def functions() -> str:
    """Return the public functions by the names that users write, each with its first line, as Markdown."""
    names = {name: getattr(analysis, name) for name in analysis.__all__}
    parts = [
        "# Functions\n\nBy the names that you write, after `import analysis`. A name followed by `?` explains it in a notebook;\n"
        "[the reference](reference.rst) has parameters, what is returned and examples.",
        _listed("Everyday use", "analysis", {name: each for name, each in names.items() if inspect.isfunction(each)}),
    ]
    for name, module in sorted(names.items()):
        if inspect.ismodule(module):
            own = {each: getattr(module, each) for each in dir(module)}
            own = {each: function for each, function in own.items() if inspect.isfunction(function)}
            parts.append(_listed(f"analysis.{name}", f"analysis.{name}", own))
    return "\n\n".join(parts) + "\n"


def _listed(title: str, module: str, named: dict[str, Callable[..., object]]) -> str:
    lines = [f"| `{module}.{name}` | {(each.__doc__ or '').splitlines()[0]} |" for name, each in sorted(named.items())]
    return "\n".join([f"## {title}", "", "| function | what it does |", "|---|---|", *lines])


def layers() -> str:
    """Return the rooms of the library, top to bottom: what each says of itself, and its modules."""
    settings = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    rows = [[name.strip() for name in layer.split("|")] for layer in layers]
    rows = [[name for name in row if not name.startswith("_")] for row in rows]
    width = max(len(name) for row in rows for name in row)
    blocks = ["\n".join(line for name in row for line in _room(name, width)) for row in rows if row]
    rule = f"\n{'─' * width}──┼──\n"
    return f"```text\n{rule.join(blocks)}\n```\n"


def _room(name: str, width: int) -> Iterator[str]:
    path = TOP / "src" / "analysis" / name
    yield f"{name:{width}}  │  {_about(path / '__init__.py' if path.is_dir() else path.with_suffix('.py'))}"
    modules = sorted(
        f"{each.name}/" if each.is_dir() else each.stem
        for each in path.glob("[!_]*")
        if each.suffix == ".py" or (each / "__init__.py").exists()
    )
    if modules:
        yield textwrap.fill(
            ", ".join(modules),
            100,
            initial_indent=f"{'':{width}}  │  ",
            subsequent_indent=f"{'':{width}}  │  ",
        )


def _about(file: Path) -> str:
    summary = (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").splitlines()[0]
    return summary.rstrip(".")


def _source(source: Source) -> str:
    lines = {
        "What": f"{source.title}. {source.producer}.",
        "Kind": source.kind if isinstance(source, Release) else None,
        "Covers": source.covers.words,
        "Published": source.words if source.released else "date not known",
        "Where": f"<{source.page}>",
        "Licence": source.licence,
        "How obtained": source.obtained,
        "How checked": source.checked,
        "Known limits": source.limits,
    }
    about = [f"| {name} | {text} |" for name, text in lines.items() if text]
    table = f"| `{source.table.file}` | {source.table.rows:,} | `{source.table.sha256}` |"
    head = [f"### {source.id}", "", "| field | value |", "|---|---|"]
    return "\n".join([*head, *about, "", "| file | rows | SHA-256 |", "|---|---:|---|", table])


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
