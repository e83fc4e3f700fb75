"""`.ci/publish` from end to end: a first publication, the next release, and what must not be published."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import documents
import govuk
import official
import pytest
import shipped
from documents import tree

from analysis.figures import added
from analysis.publish import store

SITE = "https://example.org/crime/"
HELD = "prc-pfa-mar2013-onwards-tables-230426.ods"
# Pages that are not opened in Chromium: none of the first publication is, and one of the next.
UNSEEN, SEEN_ONE = ("",), ("[404]", "[forces/kent]")
CLAIM = "shoplifting-2024-01"
# What the made-up release revises: two counts of code 88A, and shoplifting until what was claimed is right.
REVISED = {("88A", "Kent", "2025/26 Q2"): 7, ("88A", "Surrey", "2024/25 Q1"): -3, ("46", "Kent", "2022/23 Q4"): 261}


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Write the next release as the official workbook is laid out: every code, a sheet a year, and 2025/26 Q4 besides."""
    (_, _, *quarters), *lines = shipped.table("2026-04-23")
    sheets: dict[str, official.Rows] = {}
    for quarter in [*quarters, "2025/26 Q4"]:
        column = quarters.index("2024/25 Q4" if quarter == "2025/26 Q4" else quarter)
        year, number = quarter[:7], int(quarter[-1])
        sheets.setdefault(year.replace("/", "_"), []).extend(
            official.row(year, number, force, code, int(cells[column]) + REVISED.get((code, force, quarter), 0))
            for code, force, *cells in lines
            if cells[column]
        )
    return official.ods(tmp_path_factory.mktemp("next") / govuk.NAME, sheets).read_bytes()


@pytest.fixture(scope="module")
def server(workbook: bytes) -> Iterator[govuk.Server]:
    with govuk.Server() as server:
        server.answers[govuk.FILE] = govuk.send(workbook)
        yield server


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the project that has all that a publication wants, short pages and one claim, since each page of a site that tells of claims judges all."""
    copy = documents.shorten(documents.copy_of_project(tmp_path_factory.mktemp("project")))
    for name in (".ci", "tests"):
        shutil.copytree(documents.TOP / name, copy / name)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(documents.TOP / name, copy)
    path = copy / "data" / "raw" / "claims.yaml"
    before, *claims = re.split(r"^(?=  - id: )", path.read_text(encoding="utf-8"), flags=re.M)
    (claim,) = (claim for claim in claims if claim.startswith(f"  - id: {CLAIM}\n"))
    path.write_text(before + claim, encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def publications(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("publications")


def publish(
    project: Path, server: govuk.Server, last: Path, following: Path, unseen: Sequence[str] = SEEN_ONE
) -> subprocess.CompletedProcess[str]:
    """Publish pages of one force."""
    looks = [
        f"--deselect=tests/browser/test_pages.py::test_{name}{page}"
        for name in (
            "axe_finds_nothing_on_any_screen_in_any_colours",
            "a_page_asks_for_nothing_and_complains_of_nothing",
        )
        for page in unseen
    ]
    environment = {
        "ANALYSIS_BIN": str(Path(sys.executable).parent),
        "ANALYSIS_GOVUK": server.base,
        "PYTEST_ADDOPTS": " ".join(looks),
        "PYTHONPATH": os.pathsep.join([str(project / "src"), str(project / "tests" / "lean")]),
    }
    return subprocess.run(
        [str(project / ".ci" / "publish"), str(last), str(following), "--force", "Kent", "--jobs", "1", "--site", SITE],
        env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def offers(server: govuk.Server, name: str) -> None:
    server.answers[added.PAGE] = govuk.page(govuk.attachment(server.base + govuk.FILE, filename=name))


@pytest.fixture(scope="module")
def first(project: Path, server: govuk.Server, publications: Path) -> Path:
    """Publish for the first time, when GOV.UK offers what is held."""
    offers(server, HELD)
    done = publish(project, server, publications / "none", publications / "first", UNSEEN)
    assert done.returncode == 0, done.stderr + done.stdout
    return publications / "first"


def test_the_next_release_is_published_with_what_it_changed_and_once(
    project: Path, server: govuk.Server, first: Path
) -> None:
    last = shutil.copytree(first, first.with_name("last"))
    add_national_figures(last / "site")
    second, third, before = first.with_name("second"), first.with_name("third"), tree(last)
    offers(server, govuk.NAME)
    done = publish(project, server, last, second)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "Published 2027-01-21: " in done.stdout
    assert "\n3 passed, " in done.stdout  # links, and two looks at the page of an offence
    assert {path.name for path in second.iterdir()} == {"changes.md", "data", "revisions.csv", "sbom.json", "site"}

    rows = list(csv.DictReader((second / "revisions.csv").read_text(encoding="utf-8").splitlines()))
    told = [(row["force"], row["quarter"], row["change"]) for row in rows]
    assert told == [("Kent", "2026Q2", "7"), ("Surrey", "2025Q1", "-3")]
    changes = (second / "changes.md").read_text(encoding="utf-8")
    assert changes.startswith("# The release of 2027-01-21\n\nAdded release 2027-01-21: full, ")
    assert "England and Wales, code 88A: 2 of 55 quarters differ between releases." in changes
    assert re.findall(r"^(\S+): (.+); before, (.+)$", changes, re.M) == [
        (CLAIM, "Agrees, and no objection found", "Agrees, within revision")
    ]
    log = second.with_name("second.log").read_text(encoding="utf-8")
    for line in ("data update", "made forces/kent", "4 made, 0 unchanged, 0 failed", "--since 2026-04-23", "took "):
        assert line in log
    parts = json.loads((second / "sbom.json").read_text(encoding="utf-8"))
    assert "pandas" in {part["name"] for part in parts["components"]}
    assert {"serialNumber", "timestamp"}.isdisjoint(parts | parts["metadata"])

    done = publish(project, server, second, third)
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.endswith("Nothing has changed since the last publication.\n")
    assert not list(first.parent.glob("third*[!g]"))
    assert tree(last) == before


def add_national_figures(site: Path) -> None:
    """Add the figures of a national page, which are called like a table that pages are made from, and are another each time."""
    path, manifest = site / "data" / "offences_burglary.csv", site / store.MANIFEST
    path.write_text("force,offences\nKent,1\n", encoding="utf-8")
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["outputs"]["data/offences_burglary.csv"] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(told), encoding="utf-8")
    seal(manifest)


def seal(manifest: Path) -> None:
    """Give a manifest the hash of what it says now."""
    told = json.loads(manifest.read_text(encoding="utf-8")) | {"sha256": "-" * 64}
    text = json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    manifest.write_text(text.replace("-" * 64, hashlib.sha256(text.encode()).hexdigest(), 1), encoding="utf-8")


def forge(folder: Path, name: str, old: bytes, new: bytes) -> None:
    """Change a file of a page that was made of something else, and the manifest so that it does not show."""
    manifest, path = folder / store.MANIFEST, folder / name
    content = path.read_bytes().replace(old, new, 1)
    hashes = [hashlib.sha256(each).hexdigest().encode() for each in (path.read_bytes(), content)]
    assert hashes[0] != hashes[1]
    path.write_bytes(content)
    told = json.loads(manifest.read_bytes().replace(*hashes))
    next(page for page in told["pages"].values() if name in page["files"])["digest"] = "0" * 64
    told["versions"]["python"] = "3.0"
    manifest.write_text(json.dumps(told), encoding="utf-8")
    seal(manifest)


@pytest.mark.parametrize(
    ("offered", "forged", "said"),
    [
        ("prc-pfa-mar2013-onwards.ods", {}, ["the name ends in no date of release"]),
        (HELD, {"forces/kent.html": (b"Kent", b"Cant")}, ["changed: forces/kent.html"]),
        (
            HELD,
            {
                "data/kent_88a-quarters.csv": (b"2012/13,1,1,", b"2012/13,1,2,"),
                store.MANIFEST: (b'_2026-04-23.csv": "', b'_2026-04-23.csv": "0'),
            },
            ['of the same name: "data/offences_2026-04-23.csv":"0', "; pages give", "no release revised them: Kent,2013Q1"],
        ),
    ],
)  # fmt: skip
def test_what_does_not_agree_with_the_last_publication_is_not_published(
    offered: str,
    forged: dict[str, tuple[bytes, bytes]],
    said: list[str],
    project: Path,
    server: govuk.Server,
    first: Path,
    tmp_path: Path,
) -> None:
    last = shutil.copytree(first, tmp_path / "last")
    for name, (old, new) in forged.items():
        if name.endswith(".csv"):
            forge(last / "site", name, old, new)
        else:
            (last / "site" / name).write_bytes((last / "site" / name).read_bytes().replace(old, new))
    seal(last / "site" / store.MANIFEST)
    before = tree(last)
    offers(server, offered)
    done = publish(project, server, last, tmp_path / "next")
    assert done.returncode in {1, 2}
    for words in said:
        assert words in done.stdout + done.stderr
    assert tree(last) == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "store") == ["last", "next.log"]
