"""At the door: whatever is no name, period, table or file is refused in a line, by every function that `import analysis` offers."""

from __future__ import annotations

import inspect
from typing import Any

import pandas as pd
import pytest

import analysis
from analysis.errors import RequestError

WRONG: list[Any] = [
    None, 3, 2.5, float("nan"), True, b"Kent", "", "nofile.yaml", [], ["Kent", 3], {}, {"Kent": 1}, object(), pd.DataFrame({"a": [1]}),
]  # fmt: skip
FUNCTIONS = {name: each for name in analysis.__all__ if inspect.isfunction(each := getattr(analysis, name))}
FUNCTIONS |= {"claims.load": analysis.claims.load, "Period.parse": analysis.Period.parse}
GOOD: dict[str, Any] = {
    "areas": "Kent",
    "force": "Kent",
    "frame": pd.DataFrame({"a": [1]}),
    "figures": pd.DataFrame({"a": [1]}),
    "path": "none.txt",
    "text": "Kent",
}
SWITCHES = {"judged", "replace"}  # whatever Python takes for true or false


def asked() -> list[tuple[str, str]]:
    return [
        (name, parameter)
        for name, function in FUNCTIONS.items()
        for parameter in inspect.signature(function).parameters
        if parameter not in SWITCHES
    ]


@pytest.mark.parametrize(("name", "parameter"), asked())
def test_what_is_wrong_is_refused_in_one_line(name: str, parameter: str) -> None:
    function = FUNCTIONS[name]
    needed = {
        each.name: GOOD[each.name]
        for each in inspect.signature(function).parameters.values()
        if each.default is each.empty and each.name in GOOD
    }
    for wrong in WRONG:
        try:
            function(**(needed | {parameter: wrong}))
        except RequestError as error:
            assert len(str(error).splitlines()) == 1  # noqa: PT017  # what is not wrong of these is not refused
