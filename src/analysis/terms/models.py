"""The strict models that the knowledge in ``data/raw`` is read by: what is unknown or of another type is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from analysis.errors import RequestError
from analysis.terms.periods import Period

Text = Annotated[str, Field(min_length=1)]
Months = Annotated[
    Period, BeforeValidator(lambda text: text if isinstance(text, Period) else Period.parse(text)), PlainSerializer(str)
]

Model = TypeVar("Model", bound=BaseModel)


class Entry(BaseModel):
    """An entry of which every field is known and none changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)


def read(path: Path, model: type[Model]) -> Model:
    """Read a file of knowledge that the project ships.

    Raises
    ------
    RequestError
        In one line that names the file and the field, if it is not of the model's form.
    """
    try:
        # The loader in C, where PyYAML was built with it, is ten times as fast: a report's start waits for this.
        content = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # both are safe
        return model.model_validate(content)
    except OSError as error:
        raise RequestError(
            f"{path.name}: cannot be read ({error.strerror}); restore it from the project's history"
        ) from error
    except yaml.YAMLError as error:
        raise RequestError(f"{path.name}: not YAML of plain values: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise RequestError(f"{path.name}: {_first(error, content)}") from error


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
