"""Reads the tables in data/raw with the csv module alone, so that a test shares no code with the library."""

from __future__ import annotations

import csv
import functools
from pathlib import Path

RAW = Path(__file__).parents[1] / "data" / "raw"
# The group "Sexual offences", as the newest release labels its codes.
# fmt: off
SEXUAL = ("17A", "17B", "19C", "19D", "19E", "19F", "19G", "19H", "19J", "19K", "20A", "20B", "21", "22A", "22B", "23", "70", "71", "72",
          "73", "88A", "88C", "88D", "88E")
# fmt: on


@functools.cache
def table(release: str) -> tuple[tuple[str, ...], ...]:
    """Return a release's table as it stands, the header first."""
    with (RAW / f"offences_{release}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(map(tuple, csv.reader(file)))


def rows(offence: str, release: str) -> list[dict[str, str]]:
    """Return one row a quarter and force that has a figure, by quarter and force; ``sexual-offences`` is added up."""
    (_, _, *quarters), *lines = table(release)
    codes = set(SEXUAL if offence == "sexual-offences" else [offence])
    found: dict[tuple[str, str], int] = {}
    for _, force, *cells in (line for line in lines if line[0] in codes):
        for quarter, cell in zip(quarters, cells, strict=True):
            if cell:
                found[quarter, force] = found.get((quarter, force), 0) + int(cell)
    return [
        {"financial_year": quarter[:7], "financial_quarter": quarter[-1], "force": force, "offences": str(count)}
        for (quarter, force), count in sorted(found.items())
    ]
