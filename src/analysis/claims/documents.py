"""YAML documents that a person writes: each part is checked on its own, and an error names its field and line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from analysis import nodes

MOST_BYTES = 1_000_000  # some two thousand claims; a file of that size is read in seconds
MOST_PROBLEMS = 20  # of one part that are listed

Model = TypeVar("Model", bound=BaseModel)
Location = Sequence[str | int]


class FieldError(ValueError):
    """What a check of several fields together found, with the field that it stands against.

    Parameters
    ----------
    field
        The field's name.
    message
        What was found and what would be right.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Problem:
    """Something wrong in a document.

    Attributes
    ----------
    line
        Counted from 1.
    field
        Names from the outside in, with dots; entries of a list are counted from 1.
    message
        What was found and what would be right.
    """

    line: int
    field: str
    message: str


@dataclass(frozen=True)
class Checked(Generic[Model]):
    """A part of a document as its model has it, or what is wrong with it."""

    value: Model | None
    problems: tuple[Problem, ...] = ()


def compose(path: Path) -> yaml.Node:
    """Read a document into nodes, as :func:`analysis.nodes.compose` does.

    Raises
    ------
    RequestError
        If it cannot be read, or is not one YAML document.
    """
    return nodes.compose(path, most=MOST_BYTES, like="data/raw/claims.yaml")


def check(model: type[Model], node: yaml.Node) -> Checked[Model]:
    """Return a part of a document as its model has it, or the problems found in it, up to twenty."""
    try:
        return Checked(model.model_validate(_Constructor().construct_document(node)))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else node.start_mark.line
        return Checked(None, (Problem(line + 1, "", str(error.problem)),))
    except ValidationError as error:
        return Checked(None, tuple(islice(_problems(error, node, model), MOST_PROBLEMS)))
    except nodes.BAD_VALUES as error:
        return Checked(None, (Problem(node.start_mark.line + 1, "", f"holds a value that cannot be read ({error})"),))


def entry(node: yaml.Node, name: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """Return an entry of a mapping or a list: the node that stands for its line, and its value; None if there is none."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(name)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(name, int) and name < len(node.value):
        return node.value[name], node.value[name]
    return None


def line_of(node: yaml.Node, location: Location) -> int:
    """Return the line of the deepest part of a location that the document has, counted from 1."""
    at = node
    for name in location:
        found = entry(node, name)
        if found is None:
            break
        at, node = found
    return int(at.start_mark.line) + 1


def shown(value: object) -> str:
    """Return a value as an error may show it: short, whatever it holds.

    Examples
    --------
    >>> shown("33"), shown(33), shown([[1], [2]])
    ("'33'", '33', 'a list')
    """
    if value is None:
        return "nothing"
    if isinstance(value, dict | list | tuple | set):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


class _Constructor(nodes.Constructor):
    """Makes plain values: fractions keep their digits, dates stay text, and a key that stands twice is refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        problem=f"{shown(key.value)} stands twice; keep one", problem_mark=key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_digits(self, node: yaml.ScalarNode) -> Decimal | str:
        text = str(self.construct_scalar(node))
        try:
            return Decimal(text)
        except InvalidOperation:
            return text

    yaml_constructors = {  # noqa: RUF012  # as the base class has it
        **nodes.Constructor.yaml_constructors,
        "tag:yaml.org,2002:float": construct_digits,
        "tag:yaml.org,2002:timestamp": yaml.constructor.SafeConstructor.construct_yaml_str,
    }


def _problems(error: ValidationError, node: yaml.Node, model: type[BaseModel]) -> Iterator[Problem]:
    for each in error.errors(include_url=False):
        cause = each.get("ctx", {}).get("error")
        location = [*each["loc"], *([cause.field] if isinstance(cause, FieldError) else [])]
        field = ".".join(str(name + 1) if isinstance(name, int) else name for name in location)
        yield Problem(line_of(node, location), field, str(cause) if cause else _message(each, model))


def _message(each: ErrorDetails, model: type[BaseModel]) -> str:
    found = f"found {shown(each['input'])}"
    if each["type"] == "missing":
        return "is missing"
    if each["type"] == "extra_forbidden":
        return f"is not a field; fields here are {_fields(model, each['loc'][:-1])}"
    if each["type"] == "model_type":
        return f"{found}; write its fields: {_fields(model, each['loc'])}"
    if each["type"] == "literal_error":
        return f"{found}; write {each['ctx']['expected']}"
    return f"{found}; {each['msg'][0].lower()}{each['msg'][1:]}"


def _fields(model: type[BaseModel], location: Location) -> str:
    """Return the names of the fields of the model at a location."""
    for name in location:
        if isinstance(name, str) and name in model.model_fields:
            annotation = model.model_fields[name].annotation
            inside = (each for each in (annotation, *get_args(annotation)) if isinstance(each, type))
            model = next((each for each in inside if issubclass(each, BaseModel)), model)
    return ", ".join(model.model_fields)
