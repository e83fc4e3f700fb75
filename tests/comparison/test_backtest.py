"""Comparisons recomputed from the files in data/raw: plain csv, whole numbers, fractions and decimals, and nothing of the library."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from math import ceil
from pathlib import Path

import pytest
import shipped

from analysis.comparison import Comparison, compare

RAW = Path(__file__).parents[2] / "data" / "raw"
RELEASES = {"2023-10-19": (2023, 6), "2026-04-23": (2025, 12)}  # the last month that each covers
NO_RATE = {"British Transport Police", "City of London"}

# As the files spell them: large and small, urban and rural, with and without revisions, negative cells and residents.
FORCES = [
    "Avon and Somerset", "British Transport Police", "Cleveland", "Devon and Cornwall", "Dyfed-Powys", "Greater Manchester", "Kent",
    "Lancashire", "City of London", "Metropolitan Police", "North Yorkshire", "Northamptonshire", "Warwickshire", "West Midlands",
    "England and Wales",
]  # fmt: skip
Month = tuple[int, int]
Span = tuple[Month, Month]
PAIRS: list[tuple[Span, Span]] = [
    (((2017, 4), (2017, 12)), ((2016, 4), (2017, 3))),
    (((2022, 4), (2023, 3)), ((2021, 4), (2022, 3))),
    (((2018, 4), (2019, 3)), ((2017, 4), (2018, 3))),
    (((2021, 4), (2022, 3)), ((2020, 4), (2021, 3))),
    (((2014, 4), (2014, 6)), ((2013, 7), (2013, 9))),
    (((2019, 4), (2021, 12)), ((2012, 4), (2014, 3))),
    (((2023, 1), (2023, 6)), ((2022, 1), (2022, 6))),
    (((2025, 1), (2025, 12)), ((2024, 1), (2024, 12))),
]
every_release = pytest.mark.parametrize("release", RELEASES)
every_force = pytest.mark.parametrize("force", FORCES)


def pairs(release: str) -> list[tuple[Span, Span]]:
    """Return the pairs whose later period a release covers."""
    return [pair for pair in PAIRS if pair[0][1] <= RELEASES[release]]


@cache
def cells(release: str, code: str = "88A") -> dict[str, dict[Month, int]]:
    """Return for each force what it recorded in the quarter that begins with a month."""
    found: dict[str, dict[Month, int]] = {}
    for row in shipped.rows(code, release):
        start, quarter = int(row["financial_year"][:4]), row["financial_quarter"]
        first = {"1": (start, 4), "2": (start, 7), "3": (start, 10), "4": (start + 1, 1)}[quarter]
        found.setdefault(row["force"], {})[first] = int(row["offences"])
    return found


@cache
def people() -> dict[tuple[str, int, str], int]:
    """Return residents by force, mid-year and whether they are all or children, on the basis of the Census of 2021."""
    found = {}
    for file, column, kind, years in (
        ("residents_by-age.csv", "age_0_17", "children", range(2021, 2025)),
        ("residents_by-age.csv", "all_ages", "all", range(2024, 2025)),
        ("residents_all-ages_rebased.csv", "all_ages", "all", range(2011, 2024)),
    ):
        with (RAW / file).open(encoding="utf-8", newline="") as table:
            for row in csv.DictReader(table):
                if int(row["year"]) in years:
                    force = {"Devon & Cornwall": "Devon and Cornwall", "London, City of": "City of London"}
                    found[force.get(row["force"], row["force"]), int(row["year"]), kind] = int(row[column])
    return found


def months_in(span: Span) -> int:
    return (span[1][0] - span[0][0]) * 12 + span[1][1] - span[0][1] + 1


def quarters_in(span: Span) -> list[Month]:
    return [
        (year, month)
        for year in range(span[0][0], span[1][0] + 1)
        for month in (1, 4, 7, 10)
        if span[0] <= (year, month) <= span[1]
    ]


@cache
def count(release: str, force: str, span: Span, code: str = "88A") -> int:
    names = list(cells(release, code)) if force == "England and Wales" else [force]
    return sum(cells(release, code)[name][quarter] for name in names for quarter in quarters_in(span))


def binomial_tail(at_least: int, total: int, share: Decimal) -> Decimal:
    """Return the probability of so many or more, each term from the one before."""
    if at_least <= 0:
        return Decimal(1)
    odds, term, tail = share / (1 - share), (1 - share) ** total, Decimal(0)
    for seen in range(total + 1):
        if seen >= at_least:
            tail += term
        term = term * (total - seen) / (seen + 1) * odds
    return tail


def poisson_tail(at_least: int, mean: Decimal) -> Decimal:
    term, below = (-mean).exp(), Decimal(0)
    for seen in range(at_least):
        below += term
        term = term * mean / (seen + 1)
    return 1 - below


def resident(force: str, span: Span) -> tuple[int, str] | None:
    """Return how many live there at the mid-year nearest the middle of a period, and which of them."""
    if force in NO_RATE:
        return None
    middle = Fraction(12 * span[0][0] + span[0][1] - 1 + 12 * span[1][0] + span[1][1], 2)
    nearest = ceil((middle - 6) / 12 - Fraction(1, 2))
    kind, year = ("children" if nearest >= 2021 else "all"), min(nearest, 2024)
    names = {name for name, _, _ in people()} if force == "England and Wales" else {force}
    return sum(people()[name, year, kind] for name in names), kind


def caveats(release: str, force: str, current: Span, baseline: Span) -> list[str]:
    """Return the codes of what the comparison must be read with, by the dates that are known of 88A."""
    now, then = count(release, force, current), count(release, force, baseline)
    other = next(name for name in RELEASES if name != release)
    seasons = [sorted(month for _, month in quarters_in(span)) for span in (current, baseline)]
    lives = [resident(force, span) for span in (current, baseline)]
    newest = {"2023-10-19": (2022, 4), "2026-04-23": (2024, 10)}[release]
    first, last = min(current[0], baseline[0]), max(current[1], baseline[1])

    def overlaps(start: Month, end: Month) -> bool:
        return any(span[0] <= end and start <= span[1] for span in (current, baseline))

    rules = [
        ("unequal-periods", months_in(current) != months_in(baseline)),
        ("different-quarters", months_in(current) == months_in(baseline) and seasons[0] != seasons[1]),
        ("definition-change", first < (2017, 4) <= last),
        ("nothing-recorded", now == then == 0),
        ("first-year", overlaps((2017, 4), (2018, 3))),
        ("recording-change", first <= (2014, 1) <= last),  # 15 January 2014: no longer National Statistics
        ("recording-change", first <= (2017, 3) and last >= (2014, 4)),  # the years around the inspection
        ("recording-change", first < (2015, 4) <= last),  # 1 April 2015: within 24 hours
        ("late-supply", force in {"Greater Manchester", "England and Wales"} and overlaps((2019, 7), (2020, 3))),
        ("late-supply", force == "Devon and Cornwall" and overlaps((2022, 10), (2023, 6))),
        ("event", overlaps((2020, 4), (2021, 6))),  # the lockdowns
        ("provisional", last >= newest),
        (
            "revised",
            any(
                span[1] <= RELEASES[other] and count(release, force, span) != count(other, force, span)
                for span in (current, baseline)
            ),
        ),
        ("small-numbers", min(now, then) < 50),
        (
            "no-residents",
            force in NO_RATE or min(count_of_residents(release, force, span) for span in (current, baseline)) < 0,
        ),
        (
            "population-step",
            None not in lives and lives[0][1] != lives[1][1] and min(now, then) >= 0,  # type: ignore[index]
        ),
    ]
    return [code for code, applies in rules if applies]


def judged(content: dict[str, object]) -> tuple[list[str], object]:
    caveats: list[dict[str, str]] = content["caveats"]  # type: ignore[assignment]
    told = (caveat for caveat in caveats if caveat["weight"] != "note" or caveat["code"] not in KNOWN)
    return [caveat["code"] for caveat in told], content["answer"]


# What is known of single forces and of steps: registers of many entries, which this file does not work out a second time.
KNOWN = {"recording-change", "late-supply", "unexplained-step", "force-departs"}


def agrees(found: tuple[list[str], object], expected: list[str]) -> bool:
    """Say whether a judgement has the caveats that are worked out here and the answer that follows; all of 88A has been reviewed."""
    codes, answer = found
    known = [code for code in codes if code not in KNOWN]
    if {"unequal-periods", "different-quarters", "definition-change"}.intersection(codes):
        follows = "no"
    elif "nothing-recorded" in codes:
        follows = "not-known"
    else:
        follows = "with-care" if KNOWN.union({"first-year", "event"}).intersection(codes) else "yes"
    return (known, answer) == ([code for code in expected if code not in KNOWN], follows) and set(expected) <= set(
        codes
    )


def count_of_residents(release: str, force: str, span: Span) -> int:
    """Return what forces that have residents recorded."""
    railways = count(release, "British Transport Police", span) if force == "England and Wales" else 0
    return count(release, force, span) - railways


def close(found: float | None, expected: Decimal | Fraction) -> bool:
    return found is not None and abs(Fraction(found) / Fraction(expected) - 1) < Fraction(1, 10**9)


def written(span: Span) -> str:
    (year, month), (last_year, last_month) = span
    return f"{year}-{month:02d}..{last_year}-{last_month:02d}"


@cache
def compared(release: str, force: str, current: Span, baseline: Span) -> Comparison:
    return compare(force, period=written(current), baseline=written(baseline), release=release)


def counts_and_caveats_are_what_the_files_say(release: str, force: str, current: Span, baseline: Span) -> None:
    content = compared(release, force, current, baseline).to_dict()

    now, then = count(release, force, current), count(release, force, baseline)
    for key, span, offences in (("current", current, now), ("baseline", baseline, then)):
        assert content[key] == {
            "period": written(span),
            "months": months_in(span),
            "offences": offences,
            "per_month": offences / months_in(span),
        }
    before = ((current[0][0] - 1, current[0][1]), (current[1][0] - 1, current[1][1]))
    if months_in(current) > 12:
        assert content["same_quarters_year_before"] is None
    else:
        year_before: dict[str, object] = content["same_quarters_year_before"]  # type: ignore[assignment]
        assert year_before["offences"] == count(release, force, before)
        assert agrees(judged(year_before), caveats(release, force, current, before))
    assert agrees(judged(content), caveats(release, force, current, baseline))
    assert (
        content["like_for_like"] == {"yes": True, "with-care": True, "not-known": None, "no": False}[content["answer"]]
    )


def a_ratio_and_its_ends_are_those_of_their_definition(release: str, force: str, current: Span, baseline: Span) -> None:
    ratio = compared(release, force, current, baseline).ratio
    now, then = count(release, force, current), count(release, force, baseline)
    months = Fraction(months_in(current), months_in(baseline))
    if min(now, then) < 0 or now == then == 0:
        assert set(ratio.__dict__.values()) == {None}
        return
    if then == 0:
        assert (ratio.value, ratio.high) == (None, None)
    elif now == 0:
        assert (ratio.value, ratio.low) == (0, 0)
    else:
        assert close(ratio.value, Fraction(now, then) / months)
    # At either end of the exact interval what was recorded, or more extreme, has a probability of 2.5%.
    with localcontext() as context:
        context.prec = 40
        context.Emin = -(10**6)
        for end, extreme, probability in ((ratio.low, now, "0.025"), (ratio.high, now + 1, "0.975")):
            if end:
                odds = Decimal(end) * months.numerator / months.denominator
                tail = binomial_tail(extreme, now + then, odds / (1 + odds))
                assert abs(tail - Decimal(probability)) < Decimal("1e-9")
    if 0 in {now, then}:
        assert (ratio.low_wide, ratio.high_wide) == (None, None)
        return
    assert ratio.low is not None
    assert ratio.high is not None
    assert ratio.low_wide is not None
    assert ratio.high_wide is not None
    assert ratio.low_wide <= ratio.low <= ratio.high <= ratio.high_wide


def a_rate_is_of_the_residents_of_its_middle(release: str, force: str, current: Span, baseline: Span) -> None:
    result = compared(release, force, current, baseline)
    assert result.baseline is not None
    for rate, span in ((result.current.rate, current), (result.baseline.rate, baseline)):
        lives, offences = resident(force, span), count_of_residents(release, force, span)
        if lives is None or offences < 0:
            assert rate is None
            continue
        assert rate is not None
        assert (rate.residents.people, rate.residents.band) == (lives[0], {"children": "0-17", "all": "all"}[lives[1]])
        scale = Fraction(10_000 * 12, lives[0] * months_in(span))
        assert close(rate.value, offences * scale) if offences else rate.value == 0
        with localcontext() as context:
            context.prec = 60
            low, high = rate.chance
            for end, extreme, probability in ((low, offences, "0.025"), (high, offences + 1, "0.975")):
                if end:
                    mean = Decimal(end) * scale.denominator / scale.numerator
                    assert abs(poisson_tail(extreme, mean) - Decimal(probability)) < Decimal("1e-9")
        if offences:
            assert rate.low <= low <= high <= rate.high


@pytest.mark.slow
@every_release
@every_force
@pytest.mark.parametrize(
    "holds",
    [
        counts_and_caveats_are_what_the_files_say,
        a_ratio_and_its_ends_are_those_of_their_definition,
        a_rate_is_of_the_residents_of_its_middle,
    ],
)
def test_a_comparison_is_what_the_files_say(
    release: str, force: str, holds: Callable[[str, str, Span, Span], None]
) -> None:
    for current, baseline in pairs(release):
        holds(release, force, current, baseline)
