"""Answers for programs, made in the same build: what ``compare --json`` says of each area and offence, an index, and schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from analysis.figures import vintages
from analysis.figures.register import load_register
from analysis.publish.parameters import AnswersParameters
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.offences import Offence

FOLDER = "answers"
INDEX = f"{FOLDER}/index"


def answered_areas(*, partnerships: bool = False) -> Iterator[Area]:
    """Give each area that has answers: nation, countries, regions and forces, and partnerships if they are asked for."""
    yield from areas.AREAS.values()
    yield from map(areas.find_area, areas.NAMES)
    if partnerships:
        yield from (areas.find_area(each.code) for each in areas.partnerships())


def answered_offences(release: str) -> list[Offence]:
    """Return the offences that have answers: every reviewed one that a release holds."""
    held = load_register().release(release)
    return [offence for offence in offences.with_pages() if held.holds(offence.code)]


def content(asked: AnswersParameters) -> dict[str, bytes]:
    """Return the files of an area by their paths: an answer for each offence; or the index and the schemas, where no area is asked for."""
    if not asked.force:
        return _index(asked)
    from analysis.comparison import compare

    area, figures = areas.find_area(asked.force), asked.model_dump(include={"period", "baseline", "release"})
    if area.by_years:
        figures = {}  # the newest years of their own tables
    found = {_path(area, each): compare(area, offence=each.code, **figures) for each in _offences(area, asked.release)}
    return {path: _json(comparison.to_dict()) for path, comparison in found.items()}


def _offences(area: Area, release: str) -> list[Offence]:
    held = answered_offences(release)
    if not area.by_years:
        return held
    newest = vintages.publications(vintages.PARTNERSHIPS)[-1]
    return [each for each in held if newest.holds(each.code)]


def _index(asked: AnswersParameters) -> dict[str, bytes]:
    from analysis.claims import check, verdicts
    from analysis.comparison.compare import SCHEMA, json_schema

    held = answered_offences(asked.release)
    index = {
        "schema": SCHEMA,
        "release": asked.release,
        "period": asked.period,
        "baseline": asked.baseline,
        "offences": [{"code": each.code, "name": each.name} for each in held],
        "areas": [
            {
                "name": area.name,
                "kind": area.kind,
                "answers": {each.code: _path(area, each) for each in _offences(area, asked.release)},
            }
            for area in answered_areas(partnerships=asked.partnerships)
        ],
    }
    schemas = {"compare": json_schema(), "claims": verdicts.json_schema(), "check": check.json_schema()}
    return {f"{INDEX}.json": _json(index)} | {f"schema/{name}.json": _json(each) for name, each in schemas.items()}


def _path(area: Area, offence: Offence) -> str:
    return f"{FOLDER}/{area.slug}/{offence.slug}.json"


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()
