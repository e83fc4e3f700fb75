"""The change between two counts: what would have stood out."""

from __future__ import annotations

import pytest

from analysis.comparison import compare

NEWEST = "2026-04-23"


@pytest.mark.parametrize(
    ("area", "offence", "baseline", "more", "fewer"),
    [
        ("Kent", "88A", 284, 36.6, 28.9),
        ("Kent", "burglary", 5908, 15.6, 13.8),
        ("England and Wales", "burglary", 254_058, 4.6, 4.4),
    ],
)
def test_what_would_have_stood_out_is_a_share_of_the_baseline(
    area: str, offence: str, baseline: int, more: float, fewer: float
) -> None:
    shown = compare(area, offence=offence, release=NEWEST)
    assert shown.baseline is not None
    assert shown.change is not None
    assert shown.change.detectable is not None
    assert shown.baseline.offences == baseline
    found = (shown.change.detectable.more, shown.change.detectable.fewer)
    assert [100 * (each or 0) / baseline for each in found] == pytest.approx([more, fewer], abs=0.5)


def test_nothing_is_detectable_where_no_interval_is_given() -> None:
    shown = compare("Kent", baseline="2015/16", period="2024/25", release=NEWEST)
    assert shown.change is not None
    assert (shown.change.difference, shown.change.reading, shown.change.detectable) == (269, None, None)
