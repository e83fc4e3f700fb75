"""At the door: whatever is no name, period, table or file is refused in a line, by every function that a user is offered."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Iterator
from typing import Any

import matplotlib.figure
import numpy as np
import pandas as pd
import pytest

import analysis
from analysis import RequestError, statistics
from analysis.comparison import screened

MODULES = {name: each for name in analysis.__all__ if isinstance(each := getattr(analysis, name), types.ModuleType)}
FUNCTIONS = {name: each for name in analysis.__all__ if inspect.isfunction(each := getattr(analysis, name))}
FUNCTIONS |= {"Period.parse": analysis.Period.parse}
FUNCTIONS |= {
    f"{name}.{own}": each
    for name, module in MODULES.items()
    for own in dir(module)
    if inspect.isfunction(each := getattr(module, own)) and f"{name}.{own}" != "publish.build"  # what it may write
}
WRONG: list[Any] = [
    None, 1, 1.5, -3, float("nan"), True, b"Kent", "", "nofile.yaml", [], ["Kent", 3], {}, {"Kent": 1}, object(), pd.DataFrame({"a": [1]}),
]  # fmt: skip
SWITCHES = {"judged", "replace"}  # whatever Python takes for true or false


@functools.cache
def comparison() -> Any:
    return analysis.compare("Kent", period="2024/25", release="2026-04-23")


def good(annotation: str) -> Any:
    """Return something that a parameter takes, where it has no default."""
    claim = analysis.claims.shipped()[0]
    named: dict[str, Any] = {
        "Comparison": comparison, "Sequence[Comparison]": lambda: [comparison()], "Pair": comparison, "str": lambda: "Kent", "float": lambda: 2.0,
        "int": lambda: 3, "ArrayLike": lambda: [4.0, 5, 6, 7, 8, 9, 10, 12], "pd.DataFrame": lambda: pd.DataFrame({"a": [1]}),
        "Claim": lambda: claim, "Iterable[Claim]": lambda: [claim], "Judgement": lambda: analysis.claims.judge(claim),
        "Sequence[Judgement]": lambda: [analysis.claims.judge(claim)], "Axes": lambda: matplotlib.figure.Figure().subplots(),
        "Noise": lambda: statistics.Noise(1.0, 0.1, 0.1), "ProcessLimits": lambda: statistics.xmr_limits([4.0, 5, 6, 7]),
        "Screen": lambda: screened(comparison().release, comparison().release.covers.last_months(12)), "Sequence[Sequence[tuple[float, float]]]": lambda: [[(0.0, 1.0), (1.0, 2.0)]],
        "Iterable[str]": lambda: ["Kent"], "Sequence[str]": lambda: ["88A"], "Mapping[str, Any]": lambda: {"release": "latest"}, "Path": lambda: "none.csv",
        "Path | str": lambda: "none.yaml", "Comparison | Mapping[str, str]": comparison,
    }  # fmt: skip
    return named[annotation]() if annotation in named else "Kent"


def asked() -> Iterator[tuple[str, str]]:
    for name, function in FUNCTIONS.items():
        yield from ((name, each) for each in inspect.signature(function).parameters if each not in SWITCHES)


@pytest.mark.parametrize(("name", "parameter"), list(asked()))
def test_what_is_wrong_is_refused_in_one_line(name: str, parameter: str) -> None:
    parameters = inspect.signature(FUNCTIONS[name]).parameters
    needed = {each.name: good(each.annotation) for each in parameters.values() if each.default is each.empty}
    is_list = parameters[parameter].kind == inspect.Parameter.VAR_POSITIONAL
    for wrong in WRONG:
        try:
            if is_list:
                FUNCTIONS[name](*[needed[each] for each in parameters if each in needed and each != parameter], wrong)
            else:
                FUNCTIONS[name](**(needed | {parameter: wrong}))
        except RequestError as error:
            assert len(str(error).splitlines()) == 1  # noqa: PT017  # what is not wrong of these is not refused
        except ValueError as error:  # as statistics say of each
            assert name.startswith("statistics"), (name, parameter, wrong, error)  # noqa: PT017


@pytest.mark.parametrize("name", [name for name, each in FUNCTIONS.items() if "." in name and "Comparison" in each.__annotations__.values()])  # fmt: skip
@pytest.mark.parametrize("wrong", ["Kent", 3, None])
def test_what_is_no_comparison_is_told_how_to_get_one(name: str, wrong: Any) -> None:
    with pytest.raises(RequestError, match=r"comparison: found .*; give a comparison, as analysis\.compare returns it"):
        FUNCTIONS[name](wrong)


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_a_module_offers_what_it_hands_on_and_no_more(module: types.ModuleType) -> None:
    offered = dir(module)
    assert not {each for each in offered if each.startswith("_") or isinstance(getattr(module, each), types.ModuleType)}
    assert all(getattr(getattr(module, each), "__module__", "analysis").startswith("analysis") for each in offered if each != "FloatArray")  # fmt: skip


def test_lists_arrays_and_series_are_numbers() -> None:
    for values in ([1.0, 2.0], (1, 2), np.array([1, 2]), pd.Series([1, 2]), pd.array([1, 2], dtype="Int64")):
        assert len(statistics.poisson_interval(values).low) == 2


def test_one_of_several_words_is_let_in_and_no_other() -> None:
    nation = analysis.compare("England and Wales", release="2026-04-23")
    assert analysis.front.masthead(nation, page="changes").title == "What changed: January to December 2025"
    with pytest.raises(
        RequestError, match="page: found 'chang'; give one of 'index', 'changes', 'breaks', 'methods', 'data'"
    ):
        analysis.front.masthead(nation, page="chang")
