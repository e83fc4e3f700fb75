"""A claim for a test to change, judged, and what is found of it."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from analysis import claims

RELEASE = "2026-04-23"
# A claim about Kent (228 in 2019/20 and 173 in 2018/19, in both full releases) to which nothing can be objected.
KENT: dict[str, Any] = {
    "id": "kent",
    "statement": "Kent Police recorded 228 offences, up from 173.",
    "published": "2024-01-31",
    "source": "https://example.org/kent",
    "area": "Kent",
    "basis": "home-office",
    "offence": "88A",
    "current": {"value": 228, "period": "2019-04..2020-03"},
    "baseline": {"value": 173, "period": "2018-04..2019-03"},
    "change": {"direction": "up"},
}
TOTAL: dict[str, Any] = {"baseline": None, "change": None}  # of one period alone


def judged(**fields: Any) -> claims.Judgement:
    claim = claims.Claim.of({key: value for key, value in (KENT | fields).items() if value is not None})
    return claims.judge_all([claim], release=RELEASE)[0]


def written(path: Path, *changes: dict[str, Any]) -> Path:
    """Write a file of claims, each that about Kent with a change."""
    # Each a copy: what two claims share would be written once, with an alias, which no file of claims may have.
    each = (deepcopy(KENT | fields) for fields in changes)
    kept = [{key: value for key, value in fields.items() if value is not None} for fields in each]
    path.write_text(yaml.safe_dump({"claims": kept}, allow_unicode=True), encoding="utf-8")
    return path


def found(judgement: claims.Judgement) -> list[str]:
    return [finding.code for finding in judgement.findings]


def text(judgement: claims.Judgement, code: str) -> str:
    return next(finding.text for finding in judgement.findings if finding.code == code)
