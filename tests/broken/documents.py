"""Broken documents: registers of added workbooks, what is kept of them, claims, manifests and notebooks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import nbformat
import official
import yaml

from analysis import files
from analysis.figures import added
from broken.inputs import RELEASE, Broken
from broken.workbooks import NAME

TABLE = {"file": "a.ods", "rows": 4, "sha256": "0" * 64}
ENTRY = {
    "id": "2026-07-23",
    "order": 1,
    "kind": "full",
    "title": "t",
    "producer": "Home Office",
    "page": "https://www.gov.uk",
    "licence": "OGL",
    "released": "2026-07-23",
    "covers": "2012-04..2026-03",
    "obtained": "o",
    "checked": "c",
    "limits": "l",
    "table": TABLE,
    "offences": {"71": {"name": "Abuse", "covers": "2012-04..2026-03"}},
}
FIRST = f"releases.1 ({ENTRY['id']})"
COMPARE = ("compare", "Kent", "--offence", "71", "--period", "2012/13")


def every() -> Iterator[Broken]:
    """Return all broken documents."""
    for part in (_registers, _kept, _claims, _manifests, _notebooks):
        yield from part()


def _text(content: object) -> str:
    """Write YAML as a person would, with nothing left to an alias."""
    return content if isinstance(content, str) else yaml.dump(json.loads(json.dumps(content)), Dumper=yaml.SafeDumper)


def _registers() -> Iterator[Broken]:
    def register(
        name: str, content: object, *says: str, heavy: bool = False, command: Sequence[str] = COMPARE
    ) -> Broken:
        def make(folder: Path) -> Sequence[str]:
            path = folder / "store" / "raw" / "added" / "register.yaml"
            path.parent.mkdir(parents=True)
            path.write_bytes(content if isinstance(content, bytes) else _text(content).encode())
            return command

        return Broken("register", name, make, ("register.yaml", *says), is_heavy=heavy)

    def entries(**change: object) -> dict[str, object]:
        return {"attribution": "a", "releases": [ENTRY | change]}

    like = "write it as data/raw/register.yaml is written"
    yield register("an empty register", "", "is empty", like)
    yield register("a list", "[1]", "the whole: found a list; write names with values")
    yield register(
        "an object of Python",
        "!!python/object/apply:os.getcwd []",
        "line 1: the whole: found a list; write names with values",
    )
    yield register(
        "a name twice",
        "attribution: a\nreleases: []\nattribution: b\n",
        "'attribution' stands twice; keep one",
        "line 3",
    )
    yield register(
        "a tag that nobody knows", "attribution: !secret x\nreleases: []", "line 1: attribution: found 'x'; write text"
    )
    yield register("a value that is not what its tag says", "attribution: !!bool maybe\nreleases: []", "line 1: attribution: found 'maybe'; write text")  # fmt: skip
    yield register("larger than any register", "a: " + "x" * 10_000_000, "larger than 10,000,000 bytes", heavy=True)
    yield register("no attribution", {"releases": []}, "attribution: is missing")
    yield register("an unknown field", entries(surprise=1), f"{FIRST}: 'surprise' is not a field; fields are id")
    yield register("an unknown kind", entries(kind="whole"), f"{FIRST}.kind: found 'whole'; write full or partial or context")  # fmt: skip
    yield register(
        "a release without a table", entries(table=None), f"{FIRST}.table: found 'null'; write names with values"
    )
    yield register("a period that is none", entries(covers="long ago"), f"{FIRST}.covers: found 'long ago'; period: 'long ago' is not a period; write it as 2017-04..2017-12")  # fmt: skip
    yield register("a period that cuts a quarter", entries(covers="2012-05..2026-03"), f"{FIRST}: ", "2012-05..2026-03 cuts a quarter", "those that hold it are")  # fmt: skip
    yield register("a day that is none", entries(released="2026-02-30"), f"{FIRST}.released: found '2026-02-30'; write a day, as 2026-04-23")  # fmt: skip
    yield register("rows in words", entries(table=TABLE | {"rows": "some"}), f"{FIRST}.table.rows: found 'some'; write a whole number")  # fmt: skip
    yield register("an offence without its name", entries(offences={"71": "Abuse"}), f"{FIRST}.offences.71: found 'Abuse'; write names with values")  # fmt: skip
    yield register("a hash that is none", entries(table=TABLE | {"sha256": "0"}), f"{FIRST}.table: found '0'; write its SHA-256")  # fmt: skip
    for path in ("../a.ods", "/etc/hostname", "a/../../b.ods", ".a.ods", "a.ods\n", "C:\\a.ods"):
        yield register(f"a file at {path!r}", entries(table=TABLE | {"file": path}), f"{FIRST}.table: found {path!r}; write the name of a file beside the register")  # fmt: skip
    yield register("a release twice", {"attribution": "a", "releases": [ENTRY, ENTRY]}, "releases: 2026-07-23: stands twice; keep one", command=("data", "list"))  # fmt: skip
    partial = [ENTRY | {"id": day, "released": day, "kind": "partial"} for day in (RELEASE, "2023-10-19")]
    yield Broken("register", "no full release left", register("", {"attribution": "a", "releases": partial}, command=("compare", "Kent")).make, ("release: none that is held is full; name one that `analysis data list` shows",))  # fmt: skip


def _laughs(name: str) -> str:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(["l0: &l0 [x]", *levels, f"{name}: *l9", ""])


def _kept() -> Iterator[Broken]:
    """Return what is wrong with a workbook, or with its entry, after it was added."""

    def kept(name: str, harm: Callable[[Path], object], *says: str) -> Broken:
        def make(folder: Path) -> Sequence[str]:
            added.add(official.ods(folder / f"{NAME}.ods", official.years(2012, 2012)), as_it_is=True)
            harm(folder / "store" / "raw" / "added")
            return COMPARE

        return Broken("register", name, make, says)

    def workbook(folder: Path) -> Path:
        return next(folder.glob("*.ods"))

    def rewrite(old: str, new: str) -> Callable[[Path], object]:
        def harm(folder: Path) -> None:
            path = folder / "register.yaml"
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new), encoding="utf-8")

        return harm

    again = "add the workbook again"
    yield kept("a workbook that was touched", lambda folder: workbook(folder).write_bytes(b"x"), "2026-10-22-", "its SHA-256 is", again)  # fmt: skip
    yield kept("a workbook that is gone", lambda folder: workbook(folder).unlink(), "2026-10-22-", "missing from added/", again)  # fmt: skip
    yield kept("an offence that the workbook lacks", rewrite("'71':", "'72':"), "offence: release 2026-10-22 holds no code '71'; it holds 30C, 72")  # fmt: skip


def _claims() -> Iterator[Broken]:
    def claims(name: str, content: str | bytes, *says: str, lines: int = 1, heavy: bool = False) -> Broken:
        def make(folder: Path) -> list[str]:
            path = folder / "claims.yaml"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            return ["claims", str(path)]

        return Broken("claims", name, make, ("claims.yaml: ", *says), lines, heavy)

    like = "write it as data/raw/claims.yaml is written"
    yield Broken("claims", "nothing at the path", lambda folder: ["claims", str(folder / "none.yaml")], ("none.yaml: cannot be read (No such file", like))  # fmt: skip
    yield Broken("claims", "a folder", lambda folder: ["claims", str(folder)], ("is a folder; ", like))  # fmt: skip
    yield claims("an empty file", "", "is empty", like)
    yield claims("a comment alone", "# nothing yet\n", "is empty", like)
    yield claims("no YAML", "claims:\n  - id: [", "line 2: not YAML")
    yield claims("a tab for a space", "claims:\n\t- id: x\n", "line 2: not YAML")
    yield claims("no text", b"claims: \xff\n", "not text in UTF-8 (byte 9); save it as plain text in UTF-8")
    yield claims("a picture", b"\x89PNG\r\n\x1a\n", "not text in UTF-8 (byte 1)")
    yield claims("a null character", "claims: a\0b\n", "not YAML")
    yield claims("two documents", "claims: 1\n---\nclaims: 2\n", "not YAML")
    yield claims("a list", "- id: x\n", "line 1: the whole: found a list; write names with values")
    yield claims("something else", "releases: []\n", "line 1: the whole: 'releases' is not a field; fields are claims")
    yield claims(
        "something beside", "claims: [{}]\nothers: 1\n", "line 2: the whole: 'others' is not a field; fields are claims"
    )
    yield claims("no claim", "claims: []\n", "line 1: claims: found none; write a list of at least one")
    yield claims("claims in a word", "claims: none\n", "line 1: claims: found 'none'; write a list")
    yield claims("an alias to nothing", "claims: *nothing\n", "line 1: not YAML")
    yield claims("nested a hundred thousand deep", "claims: " + "[" * 100_000, "nested too deeply", like, heavy=True)
    yield claims("aliases that multiply", f"{_laughs('claims')}", "found the alias *", "; write what it stands for")
    many = f"claims:\n  - id: a\n    parts: &q [{'{},' * 50_000}]\n" + "  - {parts: *q}\n" * 100
    yield claims("an alias to a long list, often", many, "found the alias *q; write what it stands for", heavy=True)
    merged = "\n".join(f"    k{n}: &m{n}\n      <<: [{', '.join([f'*m{n - 1}'] * 9)}]" for n in range(1, 9))
    yield claims("mappings that are merged and multiply", f"claims:\n  - k0: &m0 {{x: 1}}\n{merged}\n", "found the alias *m0; write what it stands for")  # fmt: skip
    yield claims("a megabyte and more", "claims: " + "a" * 1_000_001, "larger than 1,000,000 bytes; ")
    yield claims("a hundred thousand claims", "claims:\n" + "  - {}\n" * 100_000, "claims.1.id: is missing", "more like these", lines=21, heavy=True)  # fmt: skip
    yield claims("a claim with a hundred thousand wrong parts", f"claims:\n  - parts: [{'{},' * 100_000}]\n", "line 2: claims.1.parts.1.area: is missing", heavy=True)  # fmt: skip
    yield claims("a number in sixties without end", f"claims:\n  - 1:{'59:' * 300_000}1\n", "line 2: claims.1: found '1:59:", "write names with values", heavy=True)  # fmt: skip
    yield claims(
        "a field whose name is without end",
        f"claims:\n  - ? {'x' * 500_000}\n    : 1\n",
        "… is not a field; fields are",
    )


def _manifests() -> Iterator[Broken]:
    def manifest(name: str, content: object, *says: str) -> Broken:
        def make(folder: Path) -> list[str]:
            output = folder / "reports"
            (output / "forces").mkdir(parents=True)
            (output / "kent.html").write_text("a page", encoding="utf-8")
            path = output / "manifest.json"
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
            return ["build", "--force", "Kent", "--release", RELEASE, "--output", str(output)]

        return Broken("manifest", name, make, says or ("manifest.json: not a manifest that this version wrote", "remove the file or choose another --output"))  # fmt: skip

    yield manifest("no JSON", "not JSON")
    for path in ("forces", "kent.html/x", "x" * 300, ".git/config"):
        yield manifest(
            f"an output that is no page: {path[:20]}", {"schema": 1, "pages": {}, "outputs": {path: "0" * 64}}
        )

    def folder(folder: Path) -> list[str]:
        (folder / "reports" / "manifest.json").mkdir(parents=True)
        return ["build", "--force", "Kent", "--release", RELEASE, "--output", str(folder / "reports")]

    yield Broken("manifest", "a folder", folder, ("manifest.json: not a manifest that this version wrote", "remove"))


def _notebooks() -> Iterator[Broken]:
    def notebook(name: str, harm: Callable[[Path], object], *says: str) -> Broken:
        def make(folder: Path) -> list[str]:
            for part in ("data/raw", "notebooks"):
                ignored = shutil.ignore_patterns("added")
                shutil.copytree(files.CHECKOUT / part, folder / "shipped" / part, ignore=ignored)
            harm(folder / "shipped" / "notebooks" / "force_report.ipynb")
            output = str(folder / "reports")
            return ["build", "--force", "Kent", "--release", RELEASE, "--output", output]

        return Broken("notebook", name, make, ("force_report.ipynb: ", *says))

    def without_parameters(path: Path) -> None:
        read = nbformat.read(path, as_version=4)
        read.cells = [cell for cell in read.cells if "parameters" not in cell.metadata.get("tags", ())]
        nbformat.write(read, path)

    def writing(content: bytes) -> Callable[[Path], object]:
        return lambda path: path.write_bytes(content)

    tag = "no cell is tagged 'parameters'; tag the cell that sets them"
    unread = "cannot be read as a notebook"
    yield notebook("no cell of parameters", without_parameters, tag)
    yield notebook("no cell at all", writing(b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'), tag)
    yield notebook("no notebook", writing(b"not JSON"), unread)
    yield notebook("no text", writing(b"\xff\xfe"), unread)
    yield notebook("a list", writing(b"[]"), unread)
    yield notebook("of the future", writing(b'{"cells": [], "metadata": {}, "nbformat": 99, "nbformat_minor": 0}'), tag)  # fmt: skip
    yield notebook("cells that are none", writing(b'{"cells": [1], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'), unread)  # fmt: skip
    yield notebook(
        "nothing at the path", Path.unlink, "cannot be read (No such file", "restore it from the project's history"
    )
