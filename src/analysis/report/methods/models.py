"""What a method is, and what a worked example of it: a call of the library and the result that it must give."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Example:
    """A worked example: a call of the library and the result that it must give.

    Attributes
    ----------
    given
        What goes in, in words.
    stated
        What must come out: each quantity's name and its value, to the last digit that the source states.
    source
        Where that stands; an example without a published one is worked by hand, and says so.
    call
        What is run.
    read
        Takes the stated quantities, in their order, out of what the call gives.
    """

    given: str
    stated: tuple[tuple[str, str], ...]
    source: str
    call: partial[Any]
    read: Callable[[Any], Any]

    @property
    def code(self) -> str:
        """The call as one would type it."""
        arguments = [*map(repr, self.call.args), *(f"{name}={value!r}" for name, value in self.call.keywords.items())]
        return f"{self.call.func.__name__}({', '.join(arguments)})"

    def found(self) -> tuple[float, ...]:
        """Run the call and return what it gives, one number for each stated."""
        return tuple(np.ravel(self.read(self.call())).astype(float).tolist())

    def agrees(self, found: tuple[float, ...]) -> bool:
        """Say whether every number lies within half a unit of the last digit stated."""
        return len(found) == len(self.stated) and all(
            math.isclose(value, float(text), rel_tol=0, abs_tol=0.5 * 10.0 ** -decimals(text))
            for value, (_, text) in zip(found, self.stated, strict=True)
        )


@dataclass(frozen=True)
class Method:
    """A method of the library.

    Attributes
    ----------
    group
        What it belongs to.
    name
        What it is called.
    answers
        The question that it answers, in plain words.
    formula
        In plain text.
    source
        Who stated it.
    examples
        Worked examples, at least one.
    """

    group: str
    name: str
    answers: str
    formula: str
    source: str
    examples: tuple[Example, ...]


def decimals(text: str) -> int:
    """Return how many digits a number states after its point.

    Examples
    --------
    >>> decimals("8.80"), decimals("33")
    (2, 0)
    """
    return -int(Decimal(text).as_tuple().exponent)
