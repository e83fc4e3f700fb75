"""What comes from outside is shown as text: a force, an offence and a claim that carry scripts, on pages as they are built."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import documents
import official
import pytest
import yaml

from analysis.terms import areas


def hostile(kind: str) -> str:
    """Return what asks for something and opens a dialog, were it taken for more than text."""
    return f"=1+1 {kind} \"'></td></title></style><img src=https://a.invalid/{kind} onerror=alert(1)><script>alert('{kind}')</script>{{{{7*7}}}}"


FORCE, OFFENCE, CLAIM = hostile("force"), hostile("offence"), hostile("claim")
CODE = "99Z"  # of which the library knows no name
LIKE = "30C"  # whose rows it takes
NAME = official.OFFENCES[LIKE][0]
SLUG = areas.slug(FORCE)
PAGES = (f"forces/{SLUG}/99z", "offences/99z", f"forces/{SLUG}")
# Of all pages those that are looked at.
BUILD = f"""
from dataclasses import replace
from pathlib import Path
from analysis import publish
wanted = publish.request(force_names=["Kent", "England and Wales"], offence="{CODE}")
pages = tuple(page for page in wanted.table if page.name in {PAGES})
assert len(pages) == {len(PAGES)}
assert publish.build(replace(wanted, table=pages), Path("reports")).is_whole
"""


@pytest.fixture(scope="module")
def let_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build pages in a copy of the project in which Kent, an offence and a claim are called something else."""
    project = documents.copy_of_project(tmp_path_factory.mktemp("let-in"))
    table = project / "data" / "raw" / "areas.yaml"
    known = _renamed(yaml.safe_load(table.read_text(encoding="utf-8")))
    (kent,) = (force for force in known["forces"] if force["name"] == FORCE)
    kent["spellings"] = ["Kent"]
    table.write_text(yaml.safe_dump(known, allow_unicode=True, sort_keys=False), encoding="utf-8")
    _rename_in_table(project / "data" / "raw" / "partnership-residents.csv")
    _add_claim(project / "data" / "raw" / "claims.yaml")
    sheets = official.years(2012, 2025, forces=areas.NAMES)
    said = {NAME: OFFENCE, LIKE: CODE}
    hostile_rows = {year: [[said.get(cell, cell) for cell in row] for row in sheets[year]] for year in sheets}
    workbook = official.ods(project / "prc-pfa-mar2013-onwards-tables-221026.ods", hostile_rows)
    add = [*documents.COMMAND, "data", "add", "--as-it-is", str(workbook)]
    for words in (add, [sys.executable, "-c", BUILD]):
        # Of its own, since a fixture of a whole module runs before the one that gives each test an empty folder.
        done = documents.run(words, project, ANALYSIS_DATA=str(project / "data"))
        assert done.returncode == 0, done.stderr + done.stdout
        assert (done.stdout + done.stderr).replace("\n", "").isprintable()
    return project / "reports"


def _renamed(known: Any) -> Any:
    """Return what is known of areas with Kent called something else, wherever it is named."""
    if isinstance(known, dict):
        return {name: _renamed(value) for name, value in known.items()}
    if isinstance(known, list):
        return [_renamed(value) for value in known]
    return FORCE if known == "Kent" else known


def _rename_in_table(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [[_renamed(cell) for cell in row] for row in csv.reader(file)]
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    register = path.parent / "register.yaml"
    told = register.read_text(encoding="utf-8").replace(before, hashlib.sha256(path.read_bytes()).hexdigest())
    register.write_text(told, encoding="utf-8")


def _add_claim(path: Path) -> None:
    claims = yaml.safe_load(path.read_text(encoding="utf-8"))["claims"]
    months = {"value": 228, "period": "2019-04..2020-03", "described_as": CLAIM}
    told = {"statement": CLAIM, "source": f"https://a.invalid/{CLAIM}", "published": "2024-01-31"}
    about = {"area": "Kent", "basis": "home-office", "offence": CODE, "current": months}
    path.write_text(yaml.safe_dump({"claims": [*claims, {"id": "evil", **told, **about}]}), encoding="utf-8")


@pytest.fixture(params=[True, False], ids=["with its policy", "by escaping alone"])
def witness(open_file: Callable[..., Any], request: pytest.FixtureRequest) -> Callable[[Path], Any]:
    """Give a function that opens a page; without its policy nothing but escaping stands between a script and the reader."""

    def open_page(path: Path) -> Any:
        seen = open_file(path, policy=request.param)
        seen.page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        seen.page.evaluate("document.querySelectorAll('button').forEach(button => button.click())")
        seen.page.wait_for_timeout(100)
        return seen

    return open_page


@pytest.mark.parametrize("name", PAGES)
def test_a_force_an_offence_and_a_claim_with_scripts_are_shown_as_text(
    let_in: Path, witness: Callable[[Path], Any], name: str
) -> None:
    found = witness(let_in / f"{name}.html")
    assert (found.asked, found.messages) == ([], [])
    text = found.page.locator("body").inner_text()
    told = {"force": FORCE, "offence": OFFENCE, "claim": CLAIM}
    shown = {kind for kind, words in told.items() if " ".join(words.split()) in " ".join(text.split())}
    # The page of an offence names each force; the claim stands on pages of the force that it is about.
    assert shown == {"force", "offence"} | ({"claim"} if name.startswith("forces/") else set())


def test_the_witness_sees_what_is_not_escaped(witness: Callable[[Path], Any], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!DOCTYPE html><title>x</title><p>{OFFENCE}</p>", encoding="utf-8")
    found = witness(page)
    for _ in range(600):  # until the browser has come to all of it
        if {"offence", "1"} <= set(found.messages) and found.asked:
            break
        found.page.wait_for_timeout(50)
    assert {"offence", "1"} <= set(found.messages)
    assert "https://a.invalid/offence" in found.asked


def test_no_text_of_the_figures_is_a_formula_and_numbers_stay_numbers(let_in: Path) -> None:
    tables = sorted((let_in / "data").glob("*.csv"))
    assert len(tables) > 5
    firsts = set()
    for path in tables:
        with path.open(encoding="utf-8", newline="") as file:
            for cell in (cell for row in csv.reader(file) for cell in row if cell[:1] in tuple("=+-@'\t\r")):
                firsts.add(cell[:2])
                assert cell[0] == "'" or float(cell) < 0, (path.name, cell)
    assert "'=" in firsts


def test_no_name_leads_out_of_the_folder(let_in: Path) -> None:
    listed = set(json.loads((let_in / "manifest.json").read_text(encoding="utf-8"))["outputs"])
    found = {path.relative_to(let_in).as_posix() for path in let_in.rglob("*") if path.is_file()}
    assert found == listed | {"manifest.json"}
    assert f"forces/{SLUG}/99z.html" in found
    beside = {path.name for path in let_in.parent.iterdir()}
    assert beside == {"src", "data", "notebooks", "reports", "prc-pfa-mar2013-onwards-tables-221026.ods"}
