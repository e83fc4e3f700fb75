"""How far revision reaches, and the thresholds that a stated number is held to: each tested on both sides."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics import revision


@pytest.mark.parametrize(
    ("count", "tier", "how", "expected"),
    [
        (10_000, "steady", {}, math.sqrt(0.015**2 + 1e-4)),
        (10_000, "middle", {}, math.sqrt(0.025**2 + 1e-4)),
        (10_000, "loose", {}, math.sqrt(0.075**2 + 1e-4)),
        (10_000, "steady", {"national": True}, math.sqrt(0.005**2 + 1e-4)),
        (10_000, "middle", {"national": True}, math.sqrt(0.010**2 + 1e-4)),
        (10_000, "loose", {"national": True}, math.sqrt(0.025**2 + 1e-4)),
        (10_000, "loose", {"halved": True}, math.sqrt(0.075**2 + 1e-4) / 2),
        (0, "steady", {}, math.sqrt(0.015**2 + 1)),
    ],
)
def test_the_reach_is_the_tier_s_with_chance(count: int, tier: str, how: dict[str, bool], expected: float) -> None:
    assert revision.Reach(tier, **how).of(count) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("stated", "held", "width", "counts", "expected"),
    [
        # within two counts, whatever the width; six of homicide
        (12, 10, 0.0, 2, "agrees-within-revision"),
        (13, 10, 0.0, 2, "differs"),
        (16, 10, 0.0, 6, "agrees-within-revision"),
        (17, 10, 0.0, 6, "far-off"),
        # within the reach, to either side
        (1040, 1000, 0.0393, 2, "agrees-within-revision"),
        (1040, 1000, 0.0391, 2, "differs"),
        (960, 1000, 0.0409, 2, "agrees-within-revision"),
        (960, 1000, 0.0407, 2, "differs"),
        # a tenth, where revision reaches less far
        (1105, 1000, 0.03, 2, "differs"),
        (1106, 1000, 0.03, 2, "far-off"),
        (905, 1000, 0.03, 2, "differs"),
        (904, 1000, 0.03, 2, "far-off"),
        # one and a half reaches, where they are more than a tenth
        (1161, 1000, 0.10, 2, "differs"),
        (1162, 1000, 0.10, 2, "far-off"),
        # and more than five counts
        (15, 10, 0.10, 2, "differs"),
        (16, 10, 0.10, 2, "far-off"),
        (0, 5, 0.10, 2, "differs"),
        (0, 6, 0.10, 2, "far-off"),
    ],
)
def test_each_threshold_on_both_sides(
    stated: int, held: int, width: float, counts: int, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revision.Reach, "of", lambda *_: width)
    assert revision.Reach("homicide" if counts == 6 else "steady").standing(stated, held) == expected


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.sampled_from(sorted(revision.TIERS)), st.booleans())
def test_what_is_far_is_never_within_revision(stated: int, held: int, tier: str, national: bool) -> None:
    reach = revision.Reach(tier, national=national)
    width, found = reach.of(held), reach.standing(stated, held)
    if found == "far-off":
        assert revision.log_distance(stated, held) > max(0.1, 1.5 * width)
    if found == "agrees-within-revision":
        assert revision.log_distance(stated, held) <= width or abs(stated - held) <= reach.counts


def test_the_nation_s_reach_is_the_shorter_and_a_homicide_s_figure_moves_by_six() -> None:
    assert all(tier.nation < tier.force for tier in revision.TIERS.values())
    assert {name: tier.counts for name, tier in revision.TIERS.items()} == {
        "steady": 2,
        "middle": 2,
        "loose": 2,
        "88A": 2,
        "homicide": 6,
    }


def test_a_rate_is_revised_as_the_count_that_it_rests_on_and_may_be_off_by_its_rounding_besides() -> None:
    reach, rate = revision.Reach("steady"), 0.25
    stated = rate * math.exp(1.02 * reach.of(10_000))  # of so small a count it would be near
    assert revision.log_distance(stated, rate) == pytest.approx(1.02 * reach.of(10_000))
    assert reach.standing(stated, rate, counted=10_000) == "differs"
    assert reach.standing(stated, rate, counted=10_000, room=0.01) == "agrees-within-revision"
