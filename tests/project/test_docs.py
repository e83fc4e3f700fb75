"""The documents, README.md and the package's page: what they show runs, what they name exists, and what is written twice agrees."""

from __future__ import annotations

import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import documents
import made
import nbformat
import official
import pytest
from documents import TOP, Block

from analysis import claims, cli, compare
from analysis.claims.check import json_schema
from analysis.cli import running
from analysis.comparison import load_register, screened
from analysis.terms import findings

DOCS = sorted((TOP / "docs").glob("*.md"))
PAGES = [*DOCS, *(TOP / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/raw/README.md"))]
HOWTO = documents.blocks(TOP / "docs" / "howto.md")
TITLES = list(dict.fromkeys(block.heading for block in HOWTO))
SECTION = "Add a section to the report"
README = documents.blocks(TOP / "README.md")
SHOWN = [shown for block in README if block.language == "console" for shown in documents.commands(block.text)]
TARGETS = re.findall(r"^([a-z-]+):.*## ", (TOP / "Makefile").read_text(encoding="utf-8"), re.M)
PACKAGE = (TOP / "docs" / "package.md").read_text(encoding="utf-8")
BUILT = ("Make reports for a set of forces", "Make pages of another offence", SECTION)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = documents.copy_of_project(tmp_path / "copy")
    official.ods(folder / "prc-pfa-mar2013-onwards-tables-221026.ods", {"Table": made.newer(3)})
    return folder


@pytest.mark.parametrize(
    "title",
    [pytest.param(title, marks=[pytest.mark.system] if title in BUILT else []) for title in TITLES],
)
def test_each_how_to_runs_as_it_stands(title: str, project: Path) -> None:
    if title in BUILT:
        documents.shorten(project)
    printed = ""
    for block in (block for block in HOWTO if block.heading == title):
        printed = _follow(block, project, printed)
    if title == SECTION:
        page = (project / "kent" / "forces" / "kent" / "88a.html").read_text(encoding="utf-8")
        assert "How long?" in page
        assert "January to December 2025 has 12 months." in page


def test_the_map_for_who_knows_pandas_runs() -> None:
    code, printed = documents.blocks(TOP / "docs" / "pandas.md")
    done = documents.run([documents.COMMAND[0], "-c", code.text], TOP)
    assert done.stdout.strip() == printed.text.strip(), done.stderr


def _follow(block: Block, project: Path, printed: str) -> str:
    """Do what a block shows, and return what it prints; a block of text is what the one before it must have printed."""
    if block.language == "diff":
        documents.edit(project, block)
    elif block.file:
        (project / block.file).write_text(block.text, encoding="utf-8")
    elif block.language == "python":
        done = documents.run([documents.COMMAND[0], "-c", block.text], project)
        assert done.returncode == 0, done.stderr
        return done.stdout
    elif block.language == "console":
        for words, output in documents.commands(block.text):
            assert words[0] == "analysis", words
            done = documents.run([*documents.COMMAND, *words[1:]], project)
            assert done.returncode == 0, done.stderr + done.stdout
            assert not output or documents.agrees(output, done.stdout)
    else:
        assert (block.language, block.text) == ("text", printed)
    return ""


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(TOP).as_posix())
def test_every_link_leads_to_a_file_and_to_a_heading_of_it(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", path.read_text(encoding="utf-8"))
    assert not [name for name, anchor in links if not _leads(path.parent / name if name else path, anchor)]


def _leads(target: Path, anchor: str) -> bool:
    if not anchor:
        return target.exists()
    text = re.sub(r"^```.*?^```$", "", target.read_text(encoding="utf-8"), flags=re.M | re.S)
    heads = re.findall(r"^#+ (.+)$", text, re.M)
    return anchor in [
        re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads
    ]  # as a forge makes them


@pytest.mark.system
def test_the_site_is_made_asks_no_host_and_warns_of_nothing_but_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    folder = documents.copy_of_project(tmp_path / "copy")
    for pattern in ("*.md", "docs/**/*", "tests/**/*.md"):
        for path in (each for each in TOP.glob(pattern) if each.is_file() and not {"_build", "api"} & {*each.parts}):
            copy = folder / path.relative_to(TOP)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    shutil.copyfile(TOP / "LICENSE", folder / "LICENSE")
    with (folder / "docs/howto.md").open("a", encoding="utf-8") as page:
        page.write("\n[one](nowhere.md)\n\n[other](methods.md#nowhere)\n")
    words = re.search(r"/sphinx-build (.+)", (TOP / "Makefile").read_text(encoding="utf-8"))
    assert words is not None
    done = documents.run([documents.COMMAND[0], "-m", "sphinx", *shlex.split(words[1])], folder)
    told = done.stderr.splitlines()
    assert ["howto.md" in line and "WARNING" in line and "nowhere" in line for line in told] == [True, True], told
    assert sum("methods" in line for line in told) == 1, told
    assert done.returncode == 1
    site = folder / "docs/_build/html"
    assert (site / "index.html").read_bytes() == (site / "README.html").read_bytes()
    assert "load_offences" in (site / "docs/api/analysis.html").read_text(encoding="utf-8")
    asks = re.compile(
        r"<(?:script|img|iframe|source|link)\b[^>]*\b(?:src|href)=.(?:https?:)?//|@import|url\(.?(?:https?:)?//"
    )
    files = [path for path in site.rglob("*") if path.suffix in {".html", ".css"}]
    assert len(files) > 30
    assert not [path.name for path in files if asks.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(TOP).as_posix())
def test_every_file_that_is_named_exists(path: Path) -> None:
    made_by_code = re.compile(r"(?:docs/_build|reports|data/raw/added|dist)/|^manifest\.json$|\*")
    text = path.read_text(encoding="utf-8")
    named = re.findall(
        r"`((?:src|tests|docs|notebooks|data|benchmarks|\.github)/[\w./-]+|[\w-]+\.(?:toml|cff|lock|md|yaml))`",
        text.partition("\n## [0.2.")[0],  # what a release was closed with is no more than history
    )
    own = {block.file for block in HOWTO}
    missing = [
        name
        for name in named
        if not made_by_code.search(name)
        and name not in own
        and not any((folder / name).exists() for folder in (TOP, path.parent, TOP / "data/raw", TOP / "src/analysis"))
    ]
    assert not missing


def test_what_is_written_by_code_is_what_the_code_would_write() -> None:
    for path, text in runpy.run_path(str(TOP / "docs" / "generate.py"))["pages"]().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run `make docs`"


def test_standards_are_each_marked_and_proved_by_a_file_that_exists() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (TOP / "docs" / "rap.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|") and not line.startswith(("|---", "| item"))
    ]
    assert len(rows) > 30
    for item, met, *proof in rows:
        assert met in {"yes", "in part", "no"}, item
        files = re.findall(r"`([^`]+)`", " ".join(proof))
        assert met == "no" or files, f"{item}: names no file"
        assert not [file for file in files if not (TOP / file).exists()], item


def test_the_fields_weights_and_codes_of_the_json_are_those_that_the_command_gives() -> None:
    text = (TOP / "docs" / "json.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| `([\w-]+)` \| (.+) \|$", text, re.M)
    told = [(weight, answer, re.findall(r"`([\w-]+)`", codes)) for weight, answer, codes in rows]
    assert told == [
        (weight, answer, [caveat.code for caveat in findings.caveats().values() if caveat.weight == weight])
        for weight, answer in findings.WEIGHTS.items()
    ]
    compared, judged = text.split("## `analysis claims")
    judged, checked = judged.split("## `analysis check")
    checked, changed = checked.split("## `analysis changes")
    named = [re.findall(r"`([\w-]+)`", cell) for cell in re.findall(r"^\| (`[^|]+) \|", compared, re.M)]
    given = compare("Kent", release="2026-04-23").to_dict()
    assert sorted(name for cell in named for name in cell if name not in findings.WEIGHTS) == sorted(given)
    first = claims.judge(claims.shipped()[0]).to_dict()
    assert re.findall(r"^\| `(\w+)` \|", judged, re.M) == list(first)
    assert re.findall(r"^\| `(\w+)` \|", checked, re.M) == list(json_schema()["properties"])
    screen = screened(load_register().release("2026-04-23")).to_dict()
    fields = [
        name for cell in re.findall(r"^\| (`[^|]+) \|", changed, re.M)[:4] for name in re.findall(r"`(\w+)`", cell)
    ]
    assert fields == list(screen)
    assert all(f"`{name}`" in changed for name in screen["rows"][0])


def test_git_ignores_every_folder_that_a_document_has_made() -> None:
    text = "".join((TOP / name).read_text(encoding="utf-8") for name in ("README.md", "docs/howto.md"))
    made = set(re.findall(r"--output ([a-z-]+)", text))
    assert len(made) > 3
    assert {f"/{name}/" for name in made} <= set((TOP / ".gitignore").read_text(encoding="utf-8").split())


def test_the_tour_reads_as_a_document() -> None:
    cells = nbformat.read(TOP / "notebooks" / "explore.ipynb", as_version=4).cells
    assert [cell["id"] for cell in cells][:2] == ["title", "parameters"]
    assert cells[1].metadata.tags == ["parameters"]
    assert all(cell.source.startswith("##") for cell in cells[2::2])
    assert all(cell.cell_type == "code" and cell.source.count("\n") <= 7 for cell in cells[3::2])


# README.md: its commands give what it shows, and what it names is there


def test_shows_a_command_with_its_output():
    assert SHOWN


@pytest.mark.parametrize(("words", "output"), SHOWN, ids=lambda value: value[1] if isinstance(value, list) else "")
def test_a_command_prints_what_is_shown(words, output, capsys):
    assert words[0] == "analysis"
    cli.main(words[1:])
    printed = capsys.readouterr().out
    assert documents.agrees(output, printed), printed


@pytest.mark.parametrize("line", [line for b in README if b.language == "sh" for line in b.text.splitlines() if line])
def test_every_command_named_can_be_parsed(line, monkeypatch):
    monkeypatch.setattr(running.Command, "invoke", lambda *_: 0)
    words = shlex.split(line, comments=True)
    if words and words[0].endswith("bin/analysis"):
        assert cli.main(words[1:]) == 0
    elif words and words[0] == "make":
        assert words[1] in TARGETS


@pytest.mark.parametrize("block", [b for b in README if b.language == "python"], ids=lambda block: block.heading)
def test_python_that_is_shown_runs(block):
    exec(block.text, {})  # noqa: S102 -- what the README has


def test_every_make_target_named_exists():
    text = (TOP / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z-]+)`", text)) | set(re.findall(r"^make ([a-z-]+)", text, re.M))
    assert named
    assert named <= set(TARGETS)


# The package under its own name: what its page shows, and that nothing else called `analysis` comes before it


def test_the_page_needs_no_repository_beside_it() -> None:
    assert re.findall(r"\]\((?!https://)[^)]*\)|<img[^>]*>", PACKAGE) == []
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["readme"] == "docs/package.md"
    assert all(f"`{project['name']}[{extra}]`" in PACKAGE for extra in project["optional-dependencies"])


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("import likeforlike as analysis; print(analysis.find_area('Kent').name)", 0),
        ("from likeforlike import compare; from analysis.terms import areas; print(areas.find_area('Kent').name)", 0),
        ("import analysis", 1),  # what the other name is for
        ("import sys, types; sys.modules['analysis'] = types.ModuleType('analysis'); import likeforlike", 1),
    ],
)
def test_a_folders_own_analysis_is_passed_by(code: str, status: int, tmp_path: Path) -> None:
    (tmp_path / "analysis.py").write_text("raise SystemExit('the wrong one')", encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (status, "" if status else "Kent\n"), done.stderr


def test_both_names_are_one_library() -> None:
    code = "import analysis, likeforlike; assert likeforlike is analysis"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_to_draw_nothing_brings_neither_seaborn_nor_the_desk() -> None:
    code = (
        "import sys, analysis; analysis.charts.quarters; analysis.tables.show\n"
        "print({'seaborn', 'ipywidgets', 'jupyterlab', 'distributed', 'xlsxwriter'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("set()\n", "")
