"""The strict reader of YAML: bounded and safe, into dataclasses of which every field is known; what is wrong is told by its line."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import re
import types
import typing
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union

import yaml

from analysis import files
from analysis.errors import RequestError, shown

MOST_BYTES = 10_000_000  # a register of some two hundred workbooks
_ANCHOR = re.compile(r"&\S")  # what an alias needs; elsewhere, as in an address, it costs a second look for nothing

# The same safe loader in C where it is built in, which is eight times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What PyYAML raises, besides errors of its own, for a scalar that is not what its tag says, such as `!!bool maybe`.
BAD_VALUES = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
_MOST_DIGITS = 20  # of a count; the time to read more grows with their square

_SHAPES = {tuple: yaml.SequenceNode, dict: yaml.MappingNode}
_WRITE = {yaml.SequenceNode: "a list", yaml.MappingNode: "names with values", yaml.ScalarNode: "a value in a few words"}
_RIGHT = {str: "text, a number in quotation marks", int: "a whole number", bool: "true or false", date: "a day, as 2026-04-23"}  # fmt: skip

Form = TypeVar("Form")


def read(path: Path, form: type[Form], *, remedy: str = "restore it from the project's history") -> Form:
    """Read a YAML file of a strict form.

    Parameters
    ----------
    path
        The file.
    form
        A dataclass, or ``tuple[…, ...]`` or ``dict[str, …]`` of such; a class with ``parse`` is made from text by it,
        ``Annotated[…, function, "what would be right"]`` by its function, and ``yaml.Node`` is left to whoever asks.
        Text is empty only where that is its default, and a number is no text: a code such as 4.1 stands in quotation marks.
    remedy
        What to do about a file that is not there or is nothing.

    Raises
    ------
    RequestError
        In a line that names the file, the line, the entry and the field, for the first field that is not of that form.
    """
    text = files.text(path, most=MOST_BYTES, right=remedy)
    return made(form, composed(text, path, remedy=remedy), str(path))


def made(form: type[Form], node: yaml.Node, where: str, at: str = "") -> Form:
    """Return what nodes say as :func:`read` does; `where` is the file and `at` the way to the entry, for errors."""
    try:
        found: Form = _value(form, node, at)
    except _FormError as error:
        raise RequestError(f"{where}: {error}") from error
    return found


def of_values(form: type[Form], values: Any, where: str) -> Form:
    """Return what plain values say, as a file that holds them would."""
    return made(form, yaml.representer.SafeRepresenter().represent_data(values), where)


def plain(value: Any, *, blanks: bool = False) -> Any:
    """Return a dataclass as values that YAML and JSON can hold, and `blanks` on request."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if hasattr(value, "parse"):
            return str(value)
        named = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {name: plain(part) for name, part in named if blanks or part is not None}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return str(value) if isinstance(value, date) else value


class _FormError(Exception):
    """A part of a document is not of its form; told with its line where it was read from a file."""

    def __init__(self, node: yaml.Node, at: str, text: str) -> None:
        line = f"line {node.start_mark.line + 1}: " if node.start_mark else ""
        super().__init__(f"{line}{at or 'the whole'}: {text}")


def _value(form: Any, node: yaml.Node, at: str) -> Any:
    """Return what a node says in a form; `at` is the way to it."""
    origin, args = typing.get_origin(form), typing.get_args(form)
    if form is yaml.Node:
        return node
    if form is Any:
        return yaml.constructor.SafeConstructor().construct_object(node, deep=True)
    if origin is Annotated:
        return _by_function(args[1], args[2], node, at)
    if origin in {Union, types.UnionType}:
        if node.tag == "tag:yaml.org,2002:null" and type(None) in args:
            return None
        kinds = [each for each in args if each is not type(None)]
        return _value(next((each for each in kinds if isinstance(node, _shape(each))), kinds[0]), node, at)
    if not isinstance(node, _shape(form)):
        raise _FormError(node, at, f"found {_shown(node)}; write {_right(form)}")
    if origin is tuple:
        forms = [args[0]] * len(node.value) if args[-1] is Ellipsis else args
        if len(forms) != len(node.value):
            raise _FormError(node, at, f"found {len(node.value)} values; write {len(forms)}")
        return tuple(_value(each, part, f"{at}.{i}".strip(".")) for i, (each, part) in enumerate(zip(forms, node.value, strict=True), 1))  # fmt: skip
    if origin is dict:
        return {name: _value(args[1], part, f"{at}.{name}".strip(".")) for name, (_, part) in _entries(node, at)}
    return _scalar(form, node, at) if isinstance(node, yaml.ScalarNode) else _instance(form, node, at)


def _shape(form: Any) -> type[yaml.Node]:
    """Return of which kind a node must be to be of a form."""
    origin = typing.get_origin(form) or form
    if origin in _SHAPES:
        return _SHAPES[origin]
    return yaml.MappingNode if dataclasses.is_dataclass(form) and not hasattr(form, "parse") else yaml.ScalarNode


def _by_function(read: Callable[[Any], Any], right: str, node: yaml.Node, at: str) -> Any:
    """Return what a function makes of a text as it is written, or of a list of texts; `right` is what would be right."""
    try:
        return read([part.value for part in node.value] if isinstance(node, yaml.SequenceNode) else node.value)
    except RequestError as error:
        raise _FormError(node, at, error.detail) from error  # which need not name what the field names
    except BAD_VALUES as error:
        raise _FormError(node, at, f"found {_shown(node)}; write {right}") from error


def _instance(form: Any, node: yaml.Node, at: str) -> Any:
    entries = dict(_entries(node, at))
    name = next((part.value for key in ("id", "code", "name") if (part := entries.get(key, (None, None))[1])), "")
    at = f"{at} ({name})".strip() if isinstance(name, str) and name else at
    fields, forms = {field.name: field for field in dataclasses.fields(form)}, _forms(form)
    values: dict[str, Any] = {}
    for key, (where, part) in entries.items():
        if key not in fields:
            raise _FormError(where, at, f"{shown(key)} is not a field; fields are {', '.join(fields)}")
        is_blank = part.value == "" == fields[key].default
        values[key] = "" if is_blank else _value(forms[key], part, f"{at}.{key}".strip("."))
    for key, field in fields.items():
        if key not in entries and field.default is field.default_factory is dataclasses.MISSING:
            raise _FormError(node, f"{at}.{key}".strip("."), "is missing")
    try:
        return form(**values)
    except ValueError as error:
        key = getattr(error, "field", "")
        raise _FormError(entries[key][0] if key else node, f"{at}.{key}".strip("."), str(error)) from error


def _scalar(form: Any, node: yaml.Node, at: str) -> Any:
    kind = node.tag.rpartition(":")[2]
    if typing.get_origin(form) is Literal and node.value in typing.get_args(form):
        return node.value
    if form is str and kind in {"str", "timestamp"} and node.value:
        return node.value
    try:
        if form in {int, bool} and kind == form.__name__ and len(node.value) <= _MOST_DIGITS:
            return yaml.constructor.SafeConstructor().construct_object(node)
        if form is date and kind in {"str", "timestamp"}:
            with contextlib.suppress(ValueError):
                return date.fromisoformat(node.value)
        if hasattr(form, "parse") and kind != "null":
            return form.parse(node.value)
    except BAD_VALUES as error:  # RequestError is one
        raise _FormError(node, at, f"found {_shown(node)}; {error}") from error
    raise _FormError(node, at, f"found {_shown(node)}; write {_right(form)}")


def _right(form: Any) -> str:
    if typing.get_origin(form) is Literal:
        return " or ".join(each or "nothing" for each in typing.get_args(form))
    return _RIGHT.get(form) or _WRITE[_shape(form)]


def _entries(node: yaml.Node, at: str) -> Iterable[tuple[str, tuple[yaml.Node, yaml.Node]]]:
    """Give the entries of a mapping: each name with the node that stands for its line, and its value."""
    seen: set[str] = set()
    for key, part in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _FormError(key, at, f"found {_shown(key)}; write a name")
        if key.value in seen:
            raise _FormError(key, at, f"{_shown(key)} stands twice; keep one")
        seen.add(key.value)
        yield key.value, (key, part)


def _shown(node: yaml.Node) -> str:
    return shown(node.value) if isinstance(node, yaml.ScalarNode) else _WRITE[type(node)]


_forms: Callable[[Any], dict[str, Any]] = functools.cache(functools.partial(typing.get_type_hints, include_extras=True))


class FieldError(ValueError):
    """What a check of several fields together found, with the field that it stands against."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def composed(text: str, path: Path, *, remedy: str) -> yaml.Node:
    """Return the nodes of a document.

    Parameters
    ----------
    text
        The document.
    path
        The file that it was read from, for errors.
    remedy
        What to do about a file that is nothing, for errors.

    Raises
    ------
    RequestError
        If the text is not one YAML document, or has an alias, of which a few kilobytes can stand for millions of entries; one line that
        names the file and the line.
    """
    try:
        for each in yaml.parse(text, Loader=_Loader) if _ANCHOR.search(text) else ():
            if isinstance(each, yaml.AliasEvent):
                raise RequestError(f"{path}: found the alias *{each.anchor}; write what it stands for")
        node = yaml.compose(text, Loader=_Loader)
    except (RecursionError, yaml.YAMLError) as error:
        problem = getattr(error, "problem", None) or error
        if isinstance(error, RecursionError) or "nesting" in str(problem):
            raise RequestError(f"{path}: nested too deeply; {remedy}") from None
        at = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        # The end is told as a line of its own.
        line = f"line {min(at.line + 1, len(text.splitlines()))}: " if at else ""
        raise RequestError(f"{path}: {line}not YAML ({problem})") from error
    if node is None:
        raise RequestError(f"{path}: is empty; {remedy}")
    return node
