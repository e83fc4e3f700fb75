"""Strict models of what people write, and the one formatter of what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from analysis.errors import RequestError, shown


class Entry(BaseModel):
    """An entry of which every field is known and none changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)


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
