"""At the door: a public module offers what is its own and no more, and a public function refuses what its annotations do not name."""

from __future__ import annotations

import functools
import inspect
import numbers
import re
import types
from collections.abc import Callable, Collection, Iterable, Mapping
from os import PathLike
from typing import Any, TypeVar, cast

from analysis.errors import RequestError, shown

# What an annotation names: of which type it is, if that is of another name, and in words.
_KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "None": ((types.NoneType,), ""),
    "str": ((str,), "text"),
    "Text": ((str,), "text"),
    "bool": ((bool,), "True or False"),
    "int": ((numbers.Integral,), "a whole number"),
    "float": ((numbers.Real,), "a number"),
    "Path": ((str, PathLike), "a path"),
    "Mapping": ((Mapping,), "a mapping"),
    "object": ((object,), "anything"),
    "Any": ((object,), "anything"),
    "Size": ((), "width and height in inches, as (8, 4)"),
    "ArrayLike": ((), "a number, or a list or array of numbers"),
    "Comparison": ((), "a comparison, as analysis.compare returns it"),
    "Pair": ((), "a comparison, as analysis.compare returns it"),
    "Judgement": ((), "a judgement, as analysis.claims.judge returns it"),
    "Claim": ((), "a claim, as analysis.claims.load reads them"),
}

Function = TypeVar("Function", bound=Callable[..., Any])


def guarded(function: Function) -> Function:
    """Return a function that refuses, in a line that says what it takes, whatever its annotations do not name.

    Examples
    --------
    >>> def double(count: int) -> int:
    ...     return 2 * count
    >>> guarded(double)("33")
    Traceback (most recent call last):
    ...
    analysis.errors.RequestError: count: found '33'; give a whole number
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        for name, value in signature.bind(*args, **kwargs).arguments.items():
            each = signature.parameters[name]
            if each.annotation is each.empty or each.kind == each.VAR_KEYWORD:
                continue
            right = f"Sequence[{each.annotation}]" if each.kind == each.VAR_POSITIONAL else str(each.annotation)
            is_empty = isinstance(value, list | tuple) and not value
            if (is_empty and each.default is each.empty and right != "ArrayLike") or not _fits(value, right):
                raise RequestError(f"{name}: found {shown(value)}; give {_words(right)}")
        return function(*args, **kwargs)

    return cast("Function", wrapper)


def public(names: dict[str, Any], offered: Collection[str]) -> Callable[[], list[str]]:
    """Guard the functions among the names of a module, and return a ``__dir__`` that tells of what it offers."""
    for name in offered:
        if inspect.isfunction(names[name]):
            names[name] = guarded(names[name])
            names[name].__module__ = names["__name__"]  # where another process finds the same object
    return lambda: sorted(offered)


def opened(module: types.ModuleType) -> types.ModuleType:
    """Return a module as its users see it: what it hands on, or else its functions that give a view or words, and each guarded."""
    offered = getattr(module, "__all__", None) or [
        name
        for name, each in vars(module).items()
        if inspect.isfunction(each) and each.__module__ == module.__name__ and not name.startswith("_")
        if each.__annotations__.get("return") in {"View", "str"}
    ]
    made = types.ModuleType(module.__name__, module.__doc__)
    vars(made).update({name: getattr(module, name) for name in offered}, __all__=offered)
    vars(made)["__dir__"] = public(vars(made), offered)
    return made


@functools.cache
def _kinds(annotation: str) -> list[tuple[str, str]]:
    """Return what an annotation names, each with what stands in its brackets: ``Sequence[int] | None``."""
    parts = re.findall(r"([\w.]+)(?:\[((?:[^\[\]]|\[(?:[^\[\]]|\[[^\]]*\])*\])*)\])?(?:\s*\|\s*|$)", annotation)
    return [(name.rpartition(".")[2], within) for name, within in parts]


def _fits(value: Any, annotation: str) -> bool:
    return any(_is(value, name, within) for name, within in _kinds(annotation))


def _is(value: Any, name: str, within: str) -> bool:
    if name == "ArrayLike":
        return _are_numbers(value)
    if name == "Size":
        return isinstance(value, tuple | list) and len(value) == 2 and all(isinstance(side, int | float) and 0 < side < 100 for side in value)  # fmt: skip
    if name == "Literal":
        return isinstance(value, str) and value in re.findall(r"[\w-]+", within)
    if of := _KINDS.get(name, ((), ""))[0]:
        return isinstance(value, of) and not (isinstance(value, bool) and name in {"int", "float"})
    if within:
        is_list = isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)
        return is_list and (not isinstance(value, Collection) or all(_fits(each, within) for each in value))
    return any(kind.__name__ == name for kind in type(value).__mro__)


def _are_numbers(value: Any) -> bool:
    import numpy as np

    if value is None or isinstance(value, str | bytes | Mapping):
        return False
    try:
        np.asarray(value, dtype=float)
        return np.asarray(value).dtype.kind not in "USM"  # text and days, of which NumPy makes numbers too
    except (TypeError, ValueError):
        return False


def _words(annotation: str) -> str:
    words = []
    for name, within in _kinds(annotation):
        if name == "Literal":
            words.append(f"one of {within}")
        elif within and name != "Mapping":
            words.append(f"a list, each of it {_words(within)}")
        else:
            words.append(_KINDS.get(name, ((), f"{'an' if name[0] in 'AEIO' else 'a'} {name}"))[1])
    return " or ".join(dict.fromkeys(filter(None, words))) or "nothing"
