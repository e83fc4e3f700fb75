"""Answers for programs, made in the same build: what ``compare --json`` says of each area and offence, an index, and schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from analysis.figures.register import load_register
from analysis.publish.parameters import AnswersParameters
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.offences import Offence

FOLDER = "answers"
INDEX = f"{FOLDER}/index"


def answered_areas() -> Iterator[Area]:
    """Give each area that has answers: nation, countries, regions and forces."""
    yield from areas.AREAS.values()
    yield from map(areas.find_area, areas.NAMES)


def answered_offences(release: str) -> list[Offence]:
    """Return the offences that have answers: every reviewed one that a release holds."""
    held = load_register().release(release)
    return [offence for offence in offences.with_pages() if held.holds(offence.code)]


def content(asked: AnswersParameters) -> dict[str, bytes]:
    """Return the files of an area by their paths: an answer for each offence; or the index and the schemas, where no area is asked for."""
    if not asked.force:
        return _index(asked)
    from analysis.comparison import compare

    area = areas.find_area(asked.force)

    def answer(code: str) -> bytes:
        found = compare(area.name, period=asked.period, baseline=asked.baseline, offence=code, release=asked.release)
        return _json(found.to_dict())

    return {_path(area, offence): answer(offence.code) for offence in answered_offences(asked.release)}


def _index(asked: AnswersParameters) -> dict[str, bytes]:
    from analysis.comparison import answers

    held = answered_offences(asked.release)
    index = {
        "schema": answers.SCHEMA,
        "release": asked.release,
        "period": asked.period,
        "baseline": asked.baseline,
        "offences": [{"code": each.code, "name": each.name} for each in held],
        "areas": [
            {"name": area.name, "kind": area.kind, "answers": {each.code: _path(area, each) for each in held}}
            for area in answered_areas()
        ],
    }
    return {f"{INDEX}.json": _json(index), "schema/compare.json": _json(answers.json_schema())}


def _path(area: Area, offence: Offence) -> str:
    return f"{FOLDER}/{area.slug}/{offence.slug}.json"


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()
