"""The strict models that the knowledge in ``data/raw`` is read by: what is unknown or of another type is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from analysis import nodes
from analysis.errors import RequestError
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
        raise RequestError(f"{path}: {_first(error, content)}") from error
    except nodes.BAD_VALUES as error:
        raise RequestError(f"{path}: holds a value that cannot be read ({error})") from error


def _first(error: ValidationError, content: Any) -> str:
    found = error.errors()[0]
    where, here = [], content
    for part in found["loc"]:
        try:
            here = here[part]
        except (LookupError, TypeError):
            here = None
        name = (here.get("id") or here.get("code")) if isinstance(here, dict) else None
        where.append(f"{part} ({name})" if name else str(part))
    return f"{'.'.join(where) or 'the whole'}: {found['msg'].removeprefix('Value error, ')}"
