"""What each notebook is run with: one strict model a notebook, which judges its parameters before a build and inside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, field_validator

from analysis.errors import RequestError
from analysis.reader import problems
from analysis.terms import areas
from analysis.terms.periods import Period

# papermill takes `-p offence 39` for a number.
Text = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]


class Parameters(BaseModel):
    """What every notebook is run with: JSON values, all of them stated, none unknown."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PeriodParameters(Parameters):
    """What a page about one period is run with: ``index.ipynb`` and ``changes.ipynb``."""

    period: Text
    baseline: Text | None
    release: Text

    @field_validator("period", "baseline")
    @classmethod
    def _is_period(cls, text: str | None) -> str | None:
        return None if text is None else str(Period.parse(text).require_quarters())


class AreaParameters(PeriodParameters):
    """Parameters of ``force_report.ipynb``: of a force, or of England and Wales."""

    force: Text

    @field_validator("force")
    @classmethod
    def _has_page(cls, name: str) -> str:
        return area_with_page(name).name


class OffenceParameters(PeriodParameters):
    """Parameters of ``offence_report.ipynb``."""

    offence: Text


class ForceOffenceParameters(AreaParameters):
    """Parameters of ``force_offence.ipynb``: of one offence of a force."""

    offence: Text


class AnswersParameters(PeriodParameters):
    """What the answers for programs are made for: an area, by name or code, or all of them together, as a blank."""

    force: Text
    partnerships: bool = False  # whether those are among all


class ReleaseParameters(Parameters):
    """What a page about a whole release is run with: ``breaks.ipynb``, ``claims_report.ipynb`` and ``data.ipynb``."""

    release: Text


class MethodsParameters(ReleaseParameters):
    """Parameters of ``methods.ipynb``."""

    offence: Text


MODELS: dict[str, type[Parameters]] = {
    "force_report": AreaParameters,
    "force_offence": ForceOffenceParameters,
    "offence_report": OffenceParameters,
    "changes": PeriodParameters,
    "breaks": ReleaseParameters,
    "claims_report": ReleaseParameters,
    "data": ReleaseParameters,
    "methods": MethodsParameters,
    "index": PeriodParameters,
}
# An analyst's own, of which no page is made, and what is made without a notebook.
_OTHERS: dict[str, type[Parameters]] = {
    "explore": ForceOffenceParameters,
    "answers": AnswersParameters,
    "site": ReleaseParameters,
}


def model_of(notebook: str) -> type[Parameters]:
    """Return the model of what a notebook is run with."""
    known = MODELS | _OTHERS
    if notebook not in known:
        raise RequestError(f"notebook: found {notebook!r}; give one of {', '.join(known)}")
    return known[notebook]


def given(notebook: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a notebook is run with once its model has judged it; the notebook's first cell asks.

    Parameters
    ----------
    notebook
        The name of the notebook, without ``.ipynb``.
    names
        The notebook's ``globals()``: the values of the parameters that its first cell declares, and what papermill injected.

    Returns
    -------
    dict
        Each parameter by its name.

    Raises
    ------
    RequestError
        In one line, if a parameter is unknown, missing or not as it should be.

    Examples
    --------
    >>> given("methods", {"offence": 39, "release": "2026-04-23"})
    {'release': '2026-04-23', 'offence': '39'}
    """
    model = model_of(notebook)
    asked = dict.fromkeys((*model.model_fields, *_injected(names.get("In", ()))))
    try:
        return model(**{name: names[name] for name in asked if name in names}).model_dump()
    except ValidationError as error:
        (name, *_), told = next(problems(error, model))
        raise RequestError(f"{notebook}: parameter {name}: {told}") from None


def area_with_page(name: str) -> areas.Area:
    """Return a force, or England and Wales: what there may be a page of."""
    area = areas.find_area(name).whole
    if len(area.forces) > 1 and area != areas.ENGLAND_AND_WALES:
        raise RequestError(f"force: there is no page for {area.name}; name a force or England and Wales")
    return area


def _injected(cells: Sequence[str]) -> Iterator[str]:
    """Give the names that the newest cell of papermill's own sets; it is known by its first line."""
    newest = next((cell for cell in reversed(cells) if cell.startswith("# Parameters\n")), "")
    for line in ast.parse(newest).body:
        yield from (target.id for target in getattr(line, "targets", ()) if isinstance(target, ast.Name))
