"""Writes README.md beside it: what was tried, how often, and where; every number is counted from the tests themselves.

`python tests/table.py` writes it, and test_table.py fails where it is no longer what this would write.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parent
README = TESTS / "README.md"
sys.path.insert(0, str(TESTS))


@dataclass(frozen=True)
class Row:
    """One kind of trial: what is tried, how often, and the files that do it."""

    group: str
    tried: str
    number: int | str
    where: tuple[str, ...]

    def __str__(self) -> str:
        files = ", ".join(f"[`{name}`]({name})" for name in self.where)
        number = f"{self.number:,}" if isinstance(self.number, int) else self.number
        return f"| {self.group} | {self.tried} | {number} | {files} |"


def page() -> str:
    """Return the page."""
    return "\n".join(
        [
            "# What was tried, and survived",
            "",
            "Written by `python tests/table.py`, which counts the tests; `make test` runs every one of them, apart from the",
            "mutations (`make mutation`) and the search for breaking inputs (`make fuzz`), of which it runs the seeds and what was",
            "found.",
            "",
            "| group | what is tried | how many | where |",
            "|---|---|--:|---|",
            *map(str, rows()),
            "",
        ]
    )


def rows() -> Iterator[Row]:
    """Return the rows of the table, without those whose tests are not there."""
    tests = _collected()
    for part in (_bytes_and_kills, _broken, _let_in, _correct, _searched):
        yield from (row for row in part(tests) if row.number)


def _collected() -> list[str]:
    """Return the name of every test, as pytest finds them."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", str(TESTS)]
    done = subprocess.run(command, cwd=TESTS.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    return [line.removeprefix("tests/") for line in done.stdout.splitlines() if "::" in line]


def _of(tests: list[str], group: str, tried: str, *files: str, named: str = "") -> Row:
    """Return a row for the tests of some files, or for those of them whose name matches."""
    found = [test.partition("::") for test in tests]
    counted = Counter(file for file, _, name in found if file in files and re.search(named, name.partition("[")[0]))
    return Row(group, tried, counted.total(), tuple(file for file in files if counted[file]))


def _bytes_and_kills(tests: list[str]) -> Iterator[Row]:
    yield _of(tests, "Same bytes", "builds by another user, in another folder, with other jobs, clock, locale and hash seed; from a wheel; at once with others", "test_same_bytes.py", "test_reports.py", "test_wheel.py", "test_cluster.py", named="same_bytes|bytes_are|by_one_process|same_files")  # fmt: skip
    killed = "killed with SIGKILL at a random moment; what is there is whole, and the next run completes"
    for constant, what in (("BUILD_KILLS", "a build of three forces"), ("ADD_KILLS", "`data add`"), ("UPDATE_KILLS", "`data update`")):  # fmt: skip
        yield Row("Killed", f"{what}, {killed}", _constant("test_killed.py", constant), ("test_killed.py",))
    yield _of(tests, "Killed", "ends at each step of a publication or an addition in turn", "test_publication.py", "test_additions.py", named="ends_at_any_moment|killed")  # fmt: skip
    yield _of(tests, "No room", "a full disk, a read-only folder, a file in the folder's place", "test_full_disk.py", "test_files.py", "test_publication.py", "test_additions.py", named="room|full_disk|read_only|cannot_be_written|in_the_folders_place|where_a_folder")  # fmt: skip


def _broken(_: list[str]) -> Iterator[Row]:
    from broken import EVERY

    kinds = Counter(broken.kind for broken in EVERY)
    where = "test_broken_inputs.py"
    for kind, number in kinds.most_common():
        heavy = sum(broken.is_heavy for broken in EVERY if broken.kind == kind)
        more = f", {heavy} of them aimed at time or memory and measured" if heavy else ""
        yield Row("Broken inputs", f"{kind}: refused in one line that names the place; nothing changes{more}", number, (where,))  # fmt: skip
    yield Row("Broken inputs", "all", kinds.total(), (where,))


def _let_in(tests: list[str]) -> Iterator[Row]:
    yield _of(tests, "Nothing let in", "a force, an offence and a claim that carry scripts, in Chromium, with and without the page's policy", "browser/test_let_in.py")  # fmt: skip
    yield _of(tests, "Nothing let in", "markup in pieces, charts and pages; formulas in CSV; what steers a terminal", "test_templates.py", "test_markup.py", "test_claims.py", "test_display.py", "test_cli.py", "browser/test_pages.py", named="escape|markup_in|formula|break_out|policy|become_links|steer")  # fmt: skip
    yield _of(tests, "Nothing let in", "paths that leave the output folder; parameters that no notebook declares", "test_publication.py", "test_reports.py", "test_notebooks.py", named="outside|leaves_the_folder|strict_and_complete|declares_what")  # fmt: skip
    yield _of(tests, "Nothing let in", "downloads from other hosts, without HTTPS, too large, too slow, cut short", "test_updates.py", named="host|https|not_read|without_end|too_long|cut_short|web_page|layout")  # fmt: skip


def _correct(tests: list[str]) -> Iterator[Row]:
    yield _of(tests, "Correct", "comparisons recomputed from the published files with code of their own", "test_backtest.py", "test_recomputed.py", "test_published_figures.py")  # fmt: skip
    yield _of(tests, "Correct", "the same figures written otherwise, and a later release", "test_metamorphic.py")
    given = {path.name: _properties(path) for path in sorted(TESTS.glob("test_*.py"))}
    where = tuple(name for name, number in given.items() if number)
    yield Row("Correct", "properties that hold of whatever Hypothesis thinks up, dozens of examples each", sum(given.values()), where)  # fmt: skip
    yield from _mutations()
    files = sorted({test.partition("::")[0] for test in tests if test.startswith("browser/")})
    yield _of(
        tests, "In the browser", "pages by eye, ear and keyboard, on paper, small, dark, without a script", *files
    )


def _properties(path: Path) -> int:
    """Return how many tests of a file are given their examples by Hypothesis."""
    found = (
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
    )
    return sum("given" in map(_decorator, node.decorator_list) for node in found)


def _decorator(node: ast.expr) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _mutations() -> Iterator[Row]:
    report = TESTS / "MUTATION.md"
    text = report.read_text(encoding="utf-8") if report.is_file() else ""
    for part, changes, share in re.findall(
        r"^\| \*\*all of (\w+)\*\* \| ([\d,]+) \| [\d,]+ \| ([\d.]+%) \|", text, re.M
    ):
        yield Row("Mutations", f"small changes of `{part}`; noticed: {share}", changes, (report.name,))


def _searched(_: list[str]) -> Iterator[Row]:
    from fuzz import readers

    for name, (_read, seeds, _words) in readers.READERS.items():
        found = readers.finds(name)
        tried = f"{name}: seeds of the search that the code's own branches lead, {len(found)} of them finds that were mended"
        yield Row("Searched", tried, len([*seeds(), *found]), ("fuzz/search.py", "test_fuzz.py"))


def _constant(name: str, constant: str) -> int:
    """Return a number that a test module names, or 0 where there is none."""
    path = TESTS / name
    for node in ast.parse(path.read_text(encoding="utf-8")).body if path.is_file() else ():
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == constant for t in node.targets):
            return int(ast.literal_eval(node.value))
    return 0


if __name__ == "__main__":
    README.write_text(page(), encoding="utf-8")
