"""What a comparison gives: counts, a ratio with its intervals, rates, and the caveats."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from analysis.figures.population import Residents
from analysis.figures.register import Release
from analysis.report import markup
from analysis.report.markup import Cell
from analysis.terms import numbers
from analysis.terms.findings import Finding
from analysis.terms.forces import Area
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

SMALL = 50  # a count under this carries a caveat, and no percentage rests on it
PER = 10_000  # residents that a rate is given for
UNLIKE = {"unequal-periods", "different-quarters", "definition-change", "not-supplied"}


@dataclass(frozen=True)
class Count:
    """Recorded offences in a period.

    Attributes
    ----------
    period
        The months.
    offences
        How many, or None where a force did not supply a quarter.
    """

    period: Period
    offences: int | None

    @property
    def per_month(self) -> float | None:
        """Offences a month."""
        return None if self.offences is None else self.offences / self.period.months

    def to_dict(self) -> dict[str, object]:
        """Return the count as the JSON of the command gives it."""
        return {
            "period": str(self.period),
            "months": self.period.months,
            "offences": self.offences,
            "per_month": self.per_month,
        }


@dataclass(frozen=True)
class Ratio:
    """The ratio of two rates a month, current over baseline; None where undefined or unbounded.

    Attributes
    ----------
    value
        The ratio.
    low, high
        Exact 95% interval: chance alone.
    low_wide, high_wide
        95% interval widened by the spread among forces.
    spread
        How many times as much as by chance the forces' changes vary between the two periods, at least 1.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    low_wide: float | None = None
    high_wide: float | None = None
    spread: float | None = None

    def to_dict(self) -> dict[str, float | None]:
        """Return the ratio as the JSON of the command gives it."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "low_wide": self.low_wide,
            "high_wide": self.high_wide,
        }


@dataclass(frozen=True)
class Rate:
    """Recorded offences a year for 10,000 residents, with an exact 95% interval.

    Attributes
    ----------
    offences
        The count, without British Transport Police, which has no residents.
    residents
        Whom it is a rate of.
    value, low, high
        Offences a year for 10,000 residents.
    """

    offences: int
    residents: Residents
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparison:
    """One period of recorded offences against another, in one release.

    Attributes
    ----------
    area, offence, release
        Whose figures, of what, as published when.
    current, baseline, same_quarters_year_before
        The counts; None where there is no such period, or the release does not hold it.
    ratio
        Current over baseline, adjusted for months.
    band
        The age band that rates are taken of, from mid-2021.
    rate, baseline_rate
        Rates of residents, or None where there is none to be read.
    caveats
        What a reader must know before comparing, in a fixed order.
    """

    area: Area
    offence: Offence
    release: Release
    current: Count
    baseline: Count | None
    same_quarters_year_before: Count | None
    ratio: Ratio
    band: str
    rate: Rate | None
    baseline_rate: Rate | None
    caveats: tuple[Finding, ...]

    @property
    def codes(self) -> frozenset[str]:
        """The caveats' codes."""
        return frozenset(caveat.code for caveat in self.caveats)

    @property
    def like_for_like(self) -> bool:
        """Whether both periods have the same quarters, definition, coverage and release."""
        return self.baseline is not None and not self.codes & UNLIKE

    @property
    def crosses_break(self) -> bool:
        """Whether the definition changed between or inside the periods, so that no ratio may be printed."""
        return "definition-change" in self.codes

    def to_dict(self) -> dict[str, object]:
        """Return the comparison as ``analysis compare --json`` prints it."""
        return {
            "force": self.area.name,
            "offence": self.offence.code,
            "release": self.release.id,
            "current": self.current.to_dict(),
            "baseline": self.baseline and self.baseline.to_dict(),
            "same_quarters_year_before": self.same_quarters_year_before and self.same_quarters_year_before.to_dict(),
            "ratio": self.ratio.to_dict(),
            "like_for_like": self.like_for_like,
            "caveats": [caveat.to_dict() for caveat in self.caveats],
        }

    def __repr__(self) -> str:
        sides = " against ".join(
            f"{numbers.number(c.offences)} in {c.period}" for c in (self.current, self.baseline) if c
        )
        return (
            f"Comparison({self.area.name}, {self.offence.label}, release {self.release.id}: {sides}; {_standing(self)})"
        )

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the counts, whether they may be compared, and why not."""
        caveats = markup.items(f"{caveat.name}: {caveat.text}" for caveat in self.caveats)
        verdict = markup.paragraphs([f"{_standing(self).capitalize()}. {_ratio_words(self)}".rstrip()])
        return str(Markup("\n").join([_counts_html(self), verdict, caveats]))


def _standing(comparison: Comparison) -> str:
    if comparison.baseline is None:
        return "nothing to compare with"
    return "like for like" if comparison.like_for_like else "not like for like"


def _ratio_words(comparison: Comparison) -> str:
    ratio = comparison.ratio
    if not comparison.like_for_like or ratio.value is None:
        return ""
    wide = numbers.interval(ratio.low_wide, ratio.high_wide, 2)
    chance = numbers.interval(ratio.low, ratio.high, 2)
    return f"Ratio {numbers.number(ratio.value, 2)}; 95% interval {wide} with the spread among forces, {chance} by chance alone."


def _counts_html(comparison: Comparison) -> Markup:
    counts = [
        ("Period", comparison.current, _rate_words(comparison.rate)),
        ("Baseline", comparison.baseline, _rate_words(comparison.baseline_rate)),
    ]
    before = comparison.same_quarters_year_before
    if before != comparison.baseline:
        counts.append(("Same quarters a year before", before, "not worked out"))
    rows = [
        [
            Cell(f"{name}: {count.period.words}"),
            Cell(numbers.number(count.period.months), number=True),
            Cell(numbers.number(count.offences), number=True),
            Cell(numbers.number(count.per_month, 1), number=True),
            Cell(rate),
        ]
        for name, count, rate in counts
        if count is not None
    ]
    what = f"recorded {comparison.offence.noun} ({comparison.offence.label})"
    caption = f"{comparison.area.name}: {what}, release of {comparison.release.words}"
    header = ["Which", "Months", "Recorded offences", "A month", "Rate a year for 10,000 (95% interval)"]
    return markup.table_html(caption, header, rows)


def _rate_words(rate: Rate | None) -> str:
    if rate is None:
        return "[x]"
    return f"{numbers.number(rate.value, 1)} ({numbers.interval(rate.low, rate.high)}), {rate.residents.words}"
