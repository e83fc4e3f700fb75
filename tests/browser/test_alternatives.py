"""Text alternatives of every image, and that the check of them can fail. axe asks only that there is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

PLACEHOLDERS = re.compile(
    r"no description|^(image|img|picture|figure|chart|drawing|graph|plot|alt|todo|untitled)\b", re.I
)
NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")
ENOUGH = 3  # of the numbers behind a chart must be in its alternative, or all where there are fewer


GOOD = "Bars of recorded offences by quarter: 3 in 2012/13, 98 in 2018/19 and 1,204 in 2024/25."
FIGURES = ("3", "98", "1,204", "Kent", "[x]")


@dataclass(frozen=True)
class Image:
    """An image of a page: its text alternative, and the cells of numbers behind it."""

    alternative: str | None
    figures: tuple[str, ...]


def faults(images: Sequence[Image]) -> list[str]:
    """Return what is wrong with the alternatives of a page's images."""
    texts = [(image.alternative or "").strip() for image in images]
    found = []
    for image, text in zip(images, texts, strict=True):
        if not text:
            found.append("empty")
        elif PLACEHOLDERS.search(text) or len(text.split()) < 4:
            found.append(f"placeholder: {text}")
        elif texts.count(text) > 1:
            found.append(f"duplicate: {text[:60]}")
        elif not _tells_figures(text, image.figures):
            found.append(f"without the chart's numbers: {text[:60]}")
    return found


def _tells_figures(text: str, figures: Sequence[str]) -> bool:
    said = [_parts(match) for match in NUMBER.findall(text)]
    behind = {_parts(cell)[0] for cell in figures if NUMBER.fullmatch(cell)}
    # A number may be said with fewer decimals than the table gives it.
    told = {value for value in behind if any(round(value, decimals) == number for number, decimals in said)}
    return bool(said) and len(told) >= min(ENOUGH, len(behind))


def _parts(text: str) -> tuple[float, int]:
    plain = text.replace(",", "").replace("−", "-")
    return float(plain), len(plain.partition(".")[2])


@pytest.mark.parametrize(
    ("images", "fault"),
    [
        ([Image(GOOD, FIGURES), Image(f"{GOOD} And more.", ())], []),
        ([Image("Ratios run from 0.41 to 2.4 among forces.", ("0.412", "2.436"))], []),
        ([Image(None, FIGURES)], ["empty"]),
        ([Image("  ", FIGURES)], ["empty"]),
        ([Image("No description has been provided for this image", FIGURES)], ["placeholder"]),
        ([Image("Chart of recorded offences by quarter", FIGURES)], ["placeholder"]),
        ([Image("Recorded offences", FIGURES)], ["placeholder"]),
        (
            [Image("Bars of recorded offences by quarter, rising and falling.", FIGURES)],
            ["without the chart's numbers"],
        ),
        ([Image("Bars of recorded offences by quarter: 4, 5 and 6.", FIGURES)], ["without the chart's numbers"]),
        ([Image(GOOD, FIGURES), Image(GOOD, FIGURES)], ["duplicate", "duplicate"]),
    ],
)
def test_an_alternative_that_tells_nothing_or_what_another_does_fails(images: list[Image], fault: list[str]) -> None:
    assert [found.partition(":")[0] for found in faults(images)] == fault


def test_every_image_tells_what_it_shows(visit, name) -> None:
    images = visit(name).page.evaluate(
        """() => [...document.querySelectorAll("img, .drawing svg")].filter(image => image.checkVisibility()).map(image => [
            image.getAttribute("alt") ?? document.getElementById(image.getAttribute("aria-labelledby"))?.textContent,
            [...(image.closest("figure")?.querySelectorAll("td") ?? [])].map(cell => cell.textContent.trim()),
        ])"""
    )
    assert faults([Image(alternative, tuple(figures)) for alternative, figures in images]) == []
