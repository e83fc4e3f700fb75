"""What may be said is decided in one room: no other tests a break, a launch, a threshold, "provisional" or a gap of supply."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "analysis"
DECIDES = ("comparison/", "terms/breaks.py")
# Not a decision: what defines the newest quarters of a release, and what says in words when a launch was.
ALLOWED = {
    ("figures/register.py", "provisional_from"),
    ("report/sentences.py", "launch"),
}


def decisions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Give each place that decides something, by what it looks at."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr="launch" | "mixes_quarter" as name):
                yield name, node.lineno
            case ast.Name(id="provisional_from" as name) | ast.Attribute(attr="provisional_from" as name):
                yield name, node.lineno
            case ast.Compare(left=left, comparators=others):
                for side in (left, *others):
                    match side:
                        case ast.Constant(value=50) | ast.Name(id="SMALL") | ast.Attribute(attr="SMALL"):
                            yield "50", node.lineno
                        case ast.Constant(value="supply" | "event" as name):
                            yield name, node.lineno


@pytest.mark.parametrize("code", ["x < 50", "SMALL > x", "c.launch", "provisional_from(r)", "c.kind == 'supply'"])
def test_a_decision_is_seen(code: str) -> None:
    assert list(decisions(ast.parse(code)))


def test_nothing_outside_the_judgement_decides_what_may_be_said() -> None:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith(DECIDES):
            for what, line in decisions(ast.parse(path.read_text(encoding="utf-8"))):
                found += [f"{name}:{line} {what}"] if (name, what) not in ALLOWED else []
    assert found == []
