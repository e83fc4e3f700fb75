"""Findings: a stable code and a sentence. One table holds every code that a report, a comparison or a claim can carry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """What a finding's code means, and how a table marks it.

    Attributes
    ----------
    code
        The stable name that programs read.
    name
        A short name for readers.
    mark
        The letter that stands in square brackets beside a figure, or an empty string.
    weight
        Of a caveat, what it does to a comparison; one of :data:`WEIGHTS`.
    """

    code: str
    name: str
    mark: str = ""
    weight: str = "note"


@dataclass(frozen=True)
class Finding:
    """Something a reader must know of a figure.

    Attributes
    ----------
    code
        One of the codes below.
    text
        One plain sentence.

    Raises
    ------
    ValueError
        If the code is not one of the table.

    Examples
    --------
    >>> Finding("small-numbers", "Either count is under 50.").name
    'Small numbers'
    """

    code: str
    text: str

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"finding: {self.code!r} is not a code; codes are {', '.join(CODES)}")

    @property
    def name(self) -> str:
        """The code's short name for readers."""
        return CODES[self.code].name

    @property
    def mark(self) -> str:
        """The letter in square brackets that tables print, or an empty string."""
        return CODES[self.code].mark

    def to_dict(self) -> dict[str, str]:
        """Return the finding as the JSON of the command gives it."""
        return {"code": self.code, "text": self.text}


@dataclass(frozen=True)
class Caveat(Finding):
    """A finding about a comparison, with what it does to it."""

    @property
    def weight(self) -> str:
        """Whether it ``forbids`` the comparison, leaves it ``unknown``, asks for ``care``, or is a ``note``."""
        return CODES[self.code].weight

    def to_dict(self) -> dict[str, str]:
        """Return the caveat as the JSON of the command gives it."""
        return {"code": self.code, "weight": self.weight, "text": self.text}


# What a caveat does to a comparison, the gravest first, and the answer that follows from it.
WEIGHTS = {"forbids": "no", "unknown": "not-known", "care": "with-care", "note": "yes"}

CAVEATS = (
    Code("unequal-periods", "Periods of different length", weight="forbids"),
    Code("different-quarters", "Different quarters of the year", weight="forbids"),
    Code("definition-change", "The definition changed", "b", "forbids"),
    Code("not-counted-then", "Not counted then", "x", "forbids"),
    Code("mixed-quarter", "A quarter under two definitions", "b", "forbids"),
    Code("not-supplied", "Figures not supplied", "x", "forbids"),
    Code("definition-not-reviewed", "Nobody has reviewed the definition", weight="unknown"),
    Code("review-older", "Newer than the last review of the definition", weight="care"),
    Code("first-year", "The first year of a definition", weight="care"),
    Code("recording-change", "Recording changed", weight="care"),
    Code("late-supply", "Supplied late", weight="care"),
    Code("event", "Read with an event", weight="care"),
    Code("provisional", "Provisional", "p"),
    Code("revised", "Revised", "r"),
    Code("small-numbers", "Small numbers", "u"),
    Code("no-residents", "No rate of residents", "x"),
    Code("population-step", "Rates on different bases", "b"),
)

# In order of gravity: the verdict on a claim is the first that applies as a verdict.
CLAIM_CODES = (
    Code("arithmetic", "The stated figures do not add up"),
    Code("definition-change", "The definition changed", "b"),
    Code("unequal-periods", "Periods of different length"),
    Code("source-mismatch", "Another collection of figures"),
    Code("change-differs", "The tables give another change"),
    Code("launch-year", "Measured from the first year of a definition"),
    Code("mislabelled-period", "The period is misdescribed"),
    Code("not-reproduced", "Not found in any release held"),
    Code("undisclosed-base", "The figures behind it are not given"),
    Code("partial-coverage", "Not all forces answered"),
    Code("outside-data", "Outside what the tables cover"),
    Code("definition-not-reviewed", "Nobody has reviewed the definition"),
    Code("small-base", "A percentage on a small number"),
    Code("not-checkable", "Cannot be checked"),
    Code("revised", "Revised", "r"),
    Code("reproduced", "Found in the newest release"),
    Code("fair", "No objection found"),
)

CODES: dict[str, Code] = {code.code: code for code in (*CLAIM_CODES, *CAVEATS)}

MARKS: dict[str, str] = {
    "b": "break: the definition or the basis changed",
    "p": "provisional: among the newest quarters of the release, which later releases usually revise",
    "r": "revised: another full release gives another figure",
    "u": "low reliability: a count under 50",
    "x": "not available",
}
