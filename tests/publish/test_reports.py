"""The build: every page, whole and the same each time, whatever happens to one of them."""

from __future__ import annotations

import csv
import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
import shipped
from documents import COMMAND, shorten, tree
from documents import copy_of_project as copied

from analysis import publish
from analysis.errors import RequestError
from analysis.publish import building
from analysis.publish.pages import given
from analysis.terms import areas

TOP = Path(__file__).resolve().parents[2]
RELEASE = "2026-04-23"
WANTED = publish.request(release=RELEASE)
ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."


def analysis(*arguments: str, source: Path | None = None, cwd: Path | None = None, **environment: str):
    """Run the command in a process of its own, on the project's code or on a copy of it."""
    env = os.environ | environment | ({"PYTHONPATH": str(source)} if source else {})
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, env=env, cwd=cwd, check=False)


@pytest.fixture
def copy_of_project(tmp_path) -> Path:
    """A checkout of its own, so that a test may break its notebooks."""
    copy = shorten(copied(tmp_path / "copy"))
    shutil.copy(TOP / "requirements.lock", copy)
    return copy


def break_for(project: Path, force: str) -> None:
    path = project / "notebooks" / "force_report.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = nbformat.v4.new_code_cell(f"assert force != {force!r}, 'broken on purpose'")
    cell["id"] = "broken"
    notebook.cells.insert(1, cell)
    nbformat.write(notebook, path)


def published(release: str = RELEASE) -> dict[tuple[str, str, str], str]:
    return {
        (row["force"], row["financial_year"], row["financial_quarter"]): row["offences"]
        for row in shipped.rows("88A", release)
    }


def test_every_force_has_a_page_and_so_have_the_country_and_the_index(everything):
    pages = {path.relative_to(everything).as_posix() for path in everything.rglob("*.html")}
    assert {f"forces/{force.slug}.html" for force in areas.FORCES} <= pages
    assert {"index.html", "england-and-wales.html", "claims.html", "methods.html", "breaks.html"} <= pages
    assert len(pages) == sum(page.notebook != "answers" for page in WANTED.table)


def test_every_quarterly_count_on_every_page_is_the_published_one(everything):
    figures = published()
    seen = {}
    for force in areas.FORCES:
        with (everything / "data" / f"{force.slug}.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert list(rows[0])[:4] == ["force", "financial_year", "financial_quarter", "offences"]
        assert {row["force"] for row in rows} == {force.name}
        seen |= {(row["force"], row["financial_year"], row["financial_quarter"]): row["offences"] for row in rows}
    assert seen == figures
    with (everything / "data" / "england-and-wales.csv").open(newline="") as file:
        national = {
            (row["force"], row["financial_year"], row["financial_quarter"]): row["offences"]
            for row in csv.DictReader(file)
        }
    assert national == figures


def test_every_page_carries_attribution_release_and_what_it_does_not_measure(everything):
    for path in everything.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert ATTRIBUTION in text, path
        assert "release of 23 April 2026" in text, path
        # What code 88A does not measure stands wherever its figures are the subject; another offence has limits of its own.
        assert path.name != "88a.html" or "says nothing of ethnicity or nationality" in text, path
        assert "not an accredited official statistic" in text, path


def test_every_page_has_a_card_that_says_what_its_top_does(everything):
    for path in everything.rglob("*.html"):
        head = path.read_text(encoding="utf-8").partition("</head>")[0]
        shared = dict(re.findall(r'<meta property="og:(\S+)" content="([^"]*)">', head))
        card = ElementTree.parse(path.parent / shared["image"]).getroot()  # noqa: S314 — of our own making
        site, *lines, licence = card.findall("{*}text")
        assert " ".join(line.text for line in lines) == html.unescape(f"{shared['title']} {shared['description']}")
        assert int(lines[-1].attrib["y"]) < int(licence.attrib["y"]) - 20, path
        assert (site.text, licence.text) == ("Like for like: recorded crime, fairly compared", ATTRIBUTION)


def test_no_page_names_a_cause_or_calls_offences_cases(everything):
    for path in everything.rglob("*.html"):
        if path.name == "claims.html":  # it gives what others said
            continue
        ours = re.sub(r"<h2[^>]*>Published claims.*?(?=<h2)", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        text = re.sub(r"<style>.*?</style>|<script>.*?</script>|<[^>]+>", " ", ours, flags=re.DOTALL)
        for word in (
            r"\bcases\b",
            r"(?<!potential )\bvictims\b",
            r"\bgroomers\b",
            r"\bsoar",
            r"\bsignificant",
            r"\bcaused by\b",
            r"\bworst\b",
        ):
            assert not re.search(word, text, re.I), (path, word)


def test_manifest_lists_every_file_with_its_hash_and_nothing_else(everything):
    manifest = json.loads((everything / "manifest.json").read_text())
    found = tree(everything)
    found.pop("manifest.json")
    assert manifest["outputs"] == found
    assert "replacing" not in manifest
    assert manifest["parameters"]["release"] == RELEASE
    assert {"python", "matplotlib", "pandas"} <= set(manifest["versions"])
    assert manifest["inputs"][f"data/offences_{RELEASE}.csv"]


def test_no_output_names_this_machine(everything):
    for path in everything.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for trace in (str(TOP), str(Path.home()) + "/", str(everything)):
                assert trace.encode() not in content, (path, trace)


def test_unchanged_pages_are_not_made_again_and_pandas_is_not_imported(everything):
    code = (
        "import sys; from analysis.cli import main; status = main(); "
        "assert not {'pandas', 'nbformat', 'matplotlib', 'psutil', 'pydantic'} & set(sys.modules), 'slow imports'; sys.exit(status)"
    )
    before = tree(everything)
    env = os.environ | {"ANALYSIS_DATA": str(everything / "none")}
    arguments = ["build", "--release", RELEASE, "--output", str(everything)]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0, done.stderr
    assert f"0 made, {len(WANTED.names)} unchanged, 0 failed" in done.stdout
    assert tree(everything) == before


def test_one_failure_leaves_the_others_and_takes_its_old_page_away(copy_of_project, tmp_path):
    output = tmp_path / "out"
    words = "build", "--force", "Kent", "--force", "Essex", "--release", RELEASE, "--jobs", "1"
    arguments = (*words, "--output", str(output))
    first = analysis(*arguments, source=copy_of_project / "src")
    assert first.returncode == 0, first.stderr
    break_for(copy_of_project, "Kent")
    second = analysis(*arguments, source=copy_of_project / "src")
    assert second.returncode == 1
    assert "forces/kent: AssertionError: broken on purpose" in second.stdout
    assert "Traceback" not in second.stdout + second.stderr
    left = set(tree(output))
    assert "forces/essex.html" in left
    assert not {name for name in left if re.fullmatch(r"(forces|cards|notebooks|data)/kent(-\w+)?\.\w+", name)}
    assert "forces/kent/88a.html" in left  # of another notebook
    essex = (output / "forces/essex.html").read_text(encoding="utf-8")
    assert 'href="../forces/essex/88a.html"' in essex
    assert "forces/kent.html" not in essex
    assert set(json.loads((output / "manifest.json").read_text())["outputs"]) == left - {"manifest.json"}


def test_a_matrix_makes_one_page_a_row(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("force,period\nKent,2024/25\nEngland and Wales,2023/24\n")
    wanted = publish.matrix_request(path, release=RELEASE)
    assert [(page.notebook, page.area) for page in wanted.table] == [
        ("force_offence", "Kent"),
        ("offence_report", "England and Wales"),
    ]
    assert wanted.table[0].name == "forces/kent/88a-2024-04-2025-03-2023-04-2024-03-2026-04-23"
    assert [page.links for page in wanted.beside_each_other(["forces/other"])] == [{}, {}]


def test_parameters_are_strict_and_complete():
    good = {"force": "Kent", "period": "2024/25", "baseline": None, "release": RELEASE}
    assert given("force_report", good)["period"] == "2024-04..2025-03"
    assert given("force_report", good | {"force": "england and wales"})["force"] == "England and Wales"
    for bad in (
        good | {"period": 2024.5},
        good | {"force": "Narnia"},
        good | {"force": "Wales"},
        good | {"period": "2017-05..2017-12"},
        {name: value for name, value in good.items() if name != "baseline"},
    ):
        with pytest.raises(RequestError, match=r"^force_report: parameter (baseline|force|period)"):
            given("force_report", bad)


@pytest.mark.parametrize(
    ("quota", "jobs"),
    [
        (None, 6),
        ("max 100000\n", 6),
        ("200000 100000\n", 2),
        ("250000 100000\n", 3),
        ("5000 100000\n", 1),
        ("900000 100000\n", 6),
    ],
)
def test_as_many_jobs_as_cores_that_may_be_used(monkeypatch, tmp_path, quota, jobs):
    monkeypatch.setattr(building.os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    monkeypatch.setattr(building, "QUOTA", tmp_path / "cpu.max")
    if quota:
        (tmp_path / "cpu.max").write_text(quota)
    assert publish.default_jobs() == jobs
