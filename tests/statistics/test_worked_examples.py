"""Every statistic gives what its source states, to the last digit that it states."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import yaml

from analysis import statistics

EXAMPLES = yaml.safe_load(Path(__file__).with_name("worked_examples.yaml").read_text(encoding="utf-8"))


def value(node: ast.expr) -> Any:
    """Return what an argument of a call stands for: a plain value, or a noise of plain values."""
    if isinstance(node, ast.Call):
        return statistics.Noise(*map(ast.literal_eval, node.args))
    return ast.literal_eval(node)


def found(call: str, read: list[str]) -> list[float]:
    """Run a call and return what it gives, one number for each place to read."""
    expression = cast("ast.Call", ast.parse(call, mode="eval").body)
    options = {str(each.arg): ast.literal_eval(each.value) for each in expression.keywords}
    result = getattr(statistics, call.partition("(")[0])(*map(value, expression.args), **options)
    numbers: list[float] = []
    for path in read:
        part = result
        for step in re.findall(r"\w+", path):
            part = part[int(step)] if step.isdigit() else getattr(part, step)
        numbers += np.ravel(part).tolist()
    return numbers


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["call"].partition("(")[0])
def test_every_worked_example_agrees_with_its_source(example: dict[str, Any]) -> None:
    stated = list(example["stated"].values())
    numbers = found(example["call"], example.get("read", [""]))
    assert len(numbers) == len(stated)
    for number, text in zip(numbers, stated, strict=True):
        assert number == pytest.approx(float(text), rel=0, abs=0.5 * 10.0 ** Decimal(text).as_tuple().exponent)


def test_every_statistic_of_the_library_has_a_worked_example() -> None:
    # What only prepares or describes a method has no formula of its own; the noise has tests of its own.
    elsewhere = {"signals", "fit_noise", "past_changes"}
    functions = {name for name in statistics.__all__ if name.islower()}
    assert functions - elsewhere == {example["call"].partition("(")[0] for example in EXAMPLES}
