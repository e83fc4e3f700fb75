"""Every rule over claims of any shape: any area, offence, months and figures, by any selection of releases."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analysis import claims
from analysis.claims import rules
from analysis.claims.figures import GRAVITY
from analysis.claims.models import BOUNDS, MULTIPLES, PERCENTAGES
from analysis.figures.register import Register, load_register
from analysis.report import published
from analysis.terms import areas, offences
from analysis.terms.findings import caveats, verdicts
from analysis.terms.periods import Month, Period

ORDER = list(verdicts())
names = st.sampled_from(areas.NAMES)
months = st.builds(Month, st.integers(2010, 2027), st.integers(1, 12))
periods = st.builds(
    lambda first, length: str(Period(first, first.shift(length))), months, st.integers(0, 70)
) | st.builds(
    lambda first, quarters: str(Period(first, first.shift(3 * quarters - 1))),
    st.builds(Month, st.integers(2012, 2025), st.sampled_from([1, 4, 7, 10])),
    st.integers(1, 8),
)
wholes = st.integers(0, 60) | st.integers(0, 10**9)
counts = wholes | st.builds(lambda bound, value: f"{bound} {value}", st.sampled_from(sorted(BOUNDS)), wholes)
amounts = (
    st.integers(-200, 10**6) | st.decimals(-100, 1000, places=1).map(str) | st.sampled_from(["more than 80", "about 5"])
)
texts = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=30).filter(str.strip)
words = st.sampled_from(
    ["the past year", "eight months", "since 2013", "2016", "2016/17", "almost a year", "the pandemic"]
)


def stated(period: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    earlier = st.builds(lambda p, v: [{"period": p, "value": v, "source": "a paper"}], periods, wholes)
    return st.fixed_dictionaries(
        {"period": period}, optional={"value": counts, "described_as": words, "earlier": earlier}
    )


changes = st.fixed_dictionaries(
    {"direction": st.sampled_from(["up", "down"])},
    optional={
        "percent": amounts | st.sampled_from(sorted(PERCENTAGES)),
        "times": st.integers(0, 20) | st.sampled_from(sorted(MULTIPLES)),
    },
)
areas = (
    names
    | st.lists(names, min_size=1, max_size=5, unique=True)
    | st.sampled_from(
        ["England and Wales", "Wales", "England", "South East", "Kent+Sussex", "UK", "Scotland", "Northern Ireland"]
    )
)
bodies = st.fixed_dictionaries(
    {
        "id": st.just("any"),
        "statement": texts,
        "published": st.dates(date(2012, 1, 1)).map(str) | st.sampled_from(["2018-04-26", "2019-07", "2024"]),
        "source": texts,
        "area": areas,
        "basis": st.sampled_from(["home-office", "foi"]),
        "offence": st.sampled_from(sorted(offences.known())),
    },
    optional={
        "current": stated(periods),
        "baseline": stated(periods),
        "change": changes,
        "parts": st.lists(st.fixed_dictionaries({"area": names, "value": counts}), max_size=4, unique_by=lambda part: part["area"]),
        "coverage": st.integers(0, 45).flatmap(lambda of: st.fixed_dictionaries({"of": st.just(of), "responded": st.integers(0, of)})),
        "rate": st.fixed_dictionaries({"value": amounts, "per": st.sampled_from(["day", "week", "month"])}),
        "share": st.fixed_dictionaries({"percent": amounts}, optional={"count": wholes, "of": wholes, "whole": wholes}),
        "kind": st.sampled_from(["denied", "forecast"]),
        "difference": st.fixed_dictionaries({"value": counts, "direction": st.sampled_from(["up", "down"])}),
        **{name: st.fixed_dictionaries({"value": amounts, "per": st.just(1000), "of": st.sampled_from(["residents", "households"])})
           for name in ("rate_per", "baseline_rate_per", "compared_rate_per")},
        "interval": st.fixed_dictionaries({"every": amounts, "unit": st.sampled_from(["minutes", "hours", "days"])}),
        "share_of": st.fixed_dictionaries({"percent": amounts, "of": st.sampled_from(["all", "46 in England and Wales", "46 in Scotland"])}),
        "record": st.fixed_dictionaries({"extreme": st.sampled_from(["highest", "lowest"]), "since": st.sampled_from(["2002", "2016-04"])}),
        "rank": st.fixed_dictionaries({"place": st.integers(1, 44), "by": st.sampled_from(["rate", "count", "change"])}),
        "forces_rising": st.fixed_dictionaries({"count": st.integers(0, 43), "of": st.sampled_from([43, 44])}),
        "discloses": st.lists(st.sampled_from(ORDER), max_size=3),
        "draft": st.booleans(),
    },
)  # fmt: skip


def selected(kinds: list[bool]) -> Register:
    """Return the register with some of its releases, and at least one."""
    held = load_register()
    chosen = tuple(release for release, is_in in zip(held.releases, kinds, strict=False) if is_in) or held.releases[:1]
    return replace(held, releases=chosen)


ONLY_THE_OLD_COPY = [True, False, False, False]
KENT = {
    "id": "any",
    "statement": "s",
    "published": "2018",
    "source": "s",
    "area": "Kent",
    "basis": "foi",
    "offence": "88A",
}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(body=bodies, kinds=st.lists(st.booleans(), min_size=4, max_size=4), flow=st.booleans())
@example(body=KENT | {"current": {"value": 45, "period": "2017-04..2018-03"}}, kinds=ONLY_THE_OLD_COPY, flow=False)
@example(body=KENT | {"change": {"direction": "up"}}, kinds=ONLY_THE_OLD_COPY, flow=False)
@example(
    body=KENT | {"baseline": {"value": 0, "period": "2024-01..2024-06"}, "change": {"percent": 5}},
    kinds=[True] * 4,
    flow=False,
)
def test_every_rule_judges_claims_of_any_shape(body: dict[str, Any], kinds: list[bool], flow: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "claims.yaml")
        path.write_text(
            yaml.safe_dump({"claims": [body]}, allow_unicode=True, default_flow_style=flow), encoding="utf-8"
        )
        loaded = claims.load(path)
    if loaded.errors:  # periods that overlap, or fields without what they belong to
        assert all(f"{path}: line " in line and "claims.1 (any)" in line for line in loaded.errors)
        return
    (claim,) = loaded.claims
    assert (claim.statement, claim.basis) == (" ".join(body["statement"].split()), body["basis"])
    stated_of = [body[name]["period"] for name in ("current", "baseline") if name in body]
    assert list(map(str, claim.periods)) == stated_of
    judgement = claims.judge(claim, selected(kinds))
    found = [finding.code for finding in judgement.findings]
    assert found == sorted(found, key=ORDER.index)
    assert len(found) == len(set(found))
    assert judgement.verdict in found
    if judgement.answers["figure"] == "outside":
        assert (
            judgement.verdict not in {"fair", "reproduced", "revised", "within-revision"}
            or judgement.answers["change"] != "none"
        )
    if claim.basis == "foi":
        assert not {"fair", "reproduced", "revised"} & set(found)
    assert judgement.name.startswith("Unconfirmed draft: ") is claim.draft
    shown = json.loads(json.dumps(judgement.to_dict()))
    assert (shown["draft"], shown["verdict"]) == (claim.draft, judgement.verdict)
    assert set(shown["answers"]) == {"figure", "change", "comparison"}
    assert judgement.newest in judgement.register.releases
    assert all("  " not in finding.text and finding.text for finding in judgement.findings)
    assert published.report_text([judgement])


def test_with_the_old_copy_alone_its_date_is_the_verdict_s() -> None:
    (judgement,) = claims.judge_all(
        [claims.Claim.of(KENT | {"current": {"value": 45, "period": "2017-04..2018-03"}})],
        release="before-2019-08",
    )
    assert judgement.newest.id == "before-2019-08"


@pytest.mark.parametrize("code", ORDER)
def test_every_code_is_found_by_a_rule_or_by_what_the_register_names(code: str) -> None:
    verdict = verdicts()[code]
    assert code == "fair" or code in rules.RULES or verdict.caveats or verdict.figure or verdict.change
    assert {*verdict.caveats} <= {*caveats()}
    assert {verdict.figure, verdict.change} <= {"", "revised", *GRAVITY}
