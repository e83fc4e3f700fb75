"""The strict models that the knowledge in ``data/raw`` is read by: what is unknown or of another type is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from analysis import nodes
from analysis.errors import RequestError, shown
from analysis.terms.periods import Period

MOST_BYTES = 10_000_000  # a register of some two hundred workbooks

Text = Annotated[str, Field(min_length=1)]
Months = Annotated[
    Period, BeforeValidator(lambda text: text if isinstance(text, Period) else Period.parse(text)), PlainSerializer(str)
]

Model = TypeVar("Model", bound=BaseModel)


class Entry(BaseModel):
    """An entry of which every field is known and none changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)


def read(path: Path, model: type[Model], *, remedy: str = "restore it from the project's history") -> Model:
    """Read a YAML file of a strict form.

    Parameters
    ----------
    path
        The file.
    model
        Its form.
    remedy
        What to do about a file that is not there or is nothing.

    Raises
    ------
    RequestError
        In one line that names the file and the field, if it is not of the model's form.
    """
    node = nodes.compose(path, most=MOST_BYTES, remedy=remedy)
    try:
        content = nodes.Constructor().construct_document(node)
        return model.model_validate(content)
    except yaml.YAMLError as error:
        raise RequestError(f"{path}: not YAML of plain values: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        location, told = next(problems(error, model))
        raise RequestError(f"{path}: {_where(location, content)}: {told}") from error
    except nodes.BAD_VALUES as error:
        raise RequestError(f"{path}: holds a value that cannot be read ({error})") from error


class FieldError(ValueError):
    """What a check of several fields together found, with the field that it stands against."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def problems(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Give each thing that is wrong with what a model was to be made of: where, from the outside in, and what would be right."""
    for each in error.errors(include_url=False):
        cause, at, found = each.get("ctx", {}).get("error"), each["loc"], f"found {shown(each['input'])}"
        cause = cause if isinstance(cause, ValueError) else None  # of a date it is text
        told = {
            "missing": "is missing",
            "extra_forbidden": f"is unknown; there are {_fields(model, at[:-1])}",
            "model_type": f"{found}; write its fields: {_fields(model, at)}",
            "literal_error": f"{found}; write {each.get('ctx', {}).get('expected')}",
        }
        if isinstance(cause, FieldError):
            at = (*at, cause.field)
        elif isinstance(cause, RequestError):
            cause = cause.detail  # the field is named already, so that the error need not name what it is of
        yield at, str(cause or told.get(each["type"]) or f"{found}; {each['msg'][0].lower()}{each['msg'][1:]}")


def _fields(model: type[BaseModel], location: tuple[str | int, ...]) -> str:
    """Return the names of the fields of the model at a location."""
    for name in ("root", *location):
        if name in model.model_fields:
            annotation = model.model_fields[str(name)].annotation
            within = (each for each in (annotation, *get_args(annotation)) if isinstance(each, type))
            model = next((each for each in within if issubclass(each, BaseModel)), model)
    return ", ".join(sorted(model.model_fields, key="quote".__eq__))  # which every part of a claim may have


def _where(location: tuple[str | int, ...], content: Any) -> str:
    """Return a location in words, with the id or code of each entry on the way."""
    where, here = [], content
    for part in location:
        try:
            here = here[part]
        except (LookupError, TypeError):
            here = None
        name = (here.get("id") or here.get("code")) if isinstance(here, dict) else None
        where.append(f"{part} ({name})" if name else str(part))
    return ".".join(where) or "the whole"
