"""Two counts and the change between them: how sure one can be of it, how common it is, what would have stood out, and how often such ranges held."""

from __future__ import annotations

import functools
import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from analysis import files, statistics
from analysis.comparison.counts import APART, LITTLE, SMALL, YEAR, Count, effects_of, measured, noise_of, part
from analysis.figures.register import Release
from analysis.statistics import revision
from analysis.terms import offences
from analysis.terms.areas import PLACES, Area
from analysis.terms.breaks import Break, Effect
from analysis.terms.findings import WEIGHTS, Caveat, Comparable
from analysis.terms.offences import Offence
from analysis.terms.periods import Month, Period

if TYPE_CHECKING:
    import pandas as pd

Foreseen = Literal["change", "next_year", "place", "settling"]
Reading = Literal["more", "fewer", "within-usual"]

SUCH = 100  # changes, nearest in size, of which one says what became of them
UNSURE = 10  # changes reckoned beside these, half of them kept: what the nearest say by themselves is too sure of years kept out
FEW_YEARS = 4  # of a wider area, under which nothing is said of how common a change is
POOR = 85.0  # of a hundred ranges of 95%, under which a year is named where the range stands
PANDEMIC = Period(Month(2020, 4), Month(2022, 3))


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
        95% interval that usual variation leaves open.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> ratio = compare("Kent", period="2024/25", release="2026-04-23").ratio
    >>> [round(each, 2) for each in (ratio.value, ratio.low, ratio.high, ratio.low_wide, ratio.high_wide)]
    [1.18, 0.99, 1.4, 0.85, 1.64]
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    low_wide: float | None = None
    high_wide: float | None = None


def ratio_of(current: Count, baseline: Count) -> Ratio:
    """Return the ratio of two counts; without a number where one is missing or negative.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> ratio = compare("Kent", period="2024/25", baseline="2018/19", release="2026-04-23").ratio
    >>> [round(each, 2) for each in (ratio.value, ratio.low, ratio.high, ratio.low_wide, ratio.high_wide)]
    [1.67, 1.38, 2.03, 0.91, 3.08]
    """
    a, b = current.offences, baseline.offences
    if a is None or b is None or min(a, b) < 0:
        return Ratio()
    exact = statistics.rate_ratio(a, current.period.months, b, baseline.period.months)
    shorter = min(current.period.months, baseline.period.months)
    noise, usual = noise_of(current.offence, current.release, shorter // 3, current.area), (math.nan, math.nan)
    if noise and min(a, b):
        variance = noise.change(_parts(current), _parts(baseline), current.period.years_from(baseline.period))
        usual = statistics.widened(exact.value, variance, exact.low, exact.high)
    return Ratio(*(float(each) if math.isfinite(each) else None for each in (*exact, *usual)))


@dataclass(frozen=True)
class Detectable:
    """The smallest change from a baseline that would have been read as one, in whole offences.

    Attributes
    ----------
    more, fewer
        How many more, and how many fewer; ``fewer`` is None where no fall that leaves 50 would have stood out, since less is not read.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> compare("Kent", release="2026-04-23").change.detectable  # of 284: 37% more or 29% fewer
    Detectable(more=104, fewer=82)
    """

    more: int
    fewer: int | None


@dataclass(frozen=True)
class Common:
    """How common a change is, and what became of such changes, in years apart from the pandemic's.

    Attributes
    ----------
    share
        The share of changes that were as large or larger, up or down: of forces, each by its size, or of the years of a wider area.
    of
        ``forces`` or ``years``.
    kept
        Of the hundred changes nearest in size, the share that a year later still lay on the same side of where they began, drawn a
        little towards a half, as years kept out of them ask; None where too few can tell.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> common = compare("Kent", offence="39", release="2026-04-23").change.common
    >>> round(common.share, 2), common.of, round(common.kept, 2)
    (0.1, 'forces', 0.86)
    """

    share: float
    of: Literal["forces", "years"]
    kept: float | None


@dataclass(frozen=True)
class Change:
    """The change between two counts, as far as it may be given.

    Attributes
    ----------
    difference
        Current less baseline, in recorded offences: wherever there are two numbers.
    percent, low, high
        The change and the ends of its interval, with usual variation, in per cent; None where the two may not be compared, a count is
        small, or they are undefined.
    reading
        ``more`` or ``fewer`` where the interval excludes no change, ``within-usual`` where it does not, None without one.
    counts
        The two, current and baseline, where there is a range: what is worked out of them when asked for.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> change = compare("Kent", period="2024/25", release="2026-04-23").change
    >>> change.difference, round(change.percent), round(change.low), round(change.high), change.reading
    (44, 18, -15, 64, 'within-usual')
    """

    difference: int
    percent: float | None = None
    low: float | None = None
    high: float | None = None
    reading: Reading | None = None
    counts: tuple[Count, Count] | None = field(default=None, repr=False, compare=False)

    @functools.cached_property
    def detectable(self) -> Detectable | None:
        """The smallest rise and fall from this baseline that would have been read so; None without a range."""
        return detectable(*self.counts) if self.counts else None

    @functools.cached_property
    def common(self) -> Common | None:
        """How common such a change is, and what became of such; None where that was not seen often enough."""
        return common(*self.counts) if self.counts else None

    @functools.cached_property
    def poor_years(self) -> dict[int, float]:
        """The newest years in which such a range of a force held less often than it says; empty where it did not, or without a range."""
        return poor_years(self.counts[0].offence) if self.counts and self.counts[0].area.kind == "force" else {}

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain values, as ``analysis compare --json`` prints it."""
        names = ("difference", "percent", "low", "high", "reading", "detectable", "common", "poor_years")
        found = {name: getattr(self, name) for name in names}
        return {name: asdict(each) if isinstance(each, Detectable | Common) else each for name, each in found.items()}


@dataclass(frozen=True)
class Pair:
    """A count, what it is compared with, and what may be said of the two.

    Attributes
    ----------
    current, baseline
        The counts; the baseline is None where there is nothing to compare with.
    caveats
        What a reader must know before comparing, the gravest first; each has a ``code``, a ``weight`` and a ``text``.
    breaks
        The breaks that lie between the two counts, or inside one of them, oldest first.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> pair = compare("Kent", period="2024/25", release="2026-04-23").year_before
    >>> [counted.offences for counted in pair.counts], pair.answer, round(pair.ratio.value, 2)
    ([289, 245], 'yes', 1.18)
    """

    current: Count
    baseline: Count | None = None
    caveats: tuple[Caveat, ...] = ()
    breaks: tuple[Break, ...] = ()

    @property
    def counts(self) -> tuple[Count, ...]:
        """The counts: one, or the current one and the baseline."""
        return (self.current,) if self.baseline is None else (self.current, self.baseline)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods of the counts."""
        return tuple(each.period for each in self.counts)

    @property
    def area(self) -> Area:
        """Whose figures these are."""
        return self.current.area

    @property
    def offence(self) -> Offence:
        """What is counted."""
        return self.current.offence

    @property
    def release(self) -> Release:
        """The release that the figures are of."""
        return self.current.release

    @functools.cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What the register of breaks does to the counts."""
        return effects_of(self.offence, self.area, self.release)

    @property
    def hull(self) -> Period:
        """From the first month of the earlier count to the last of the later one."""
        return Period(min(each.first for each in self.periods), max(each.last for each in self.periods))

    @functools.cached_property
    def ratio(self) -> Ratio:
        """Current over baseline, adjusted for months: for an analyst, whatever the answer."""
        return Ratio() if self.baseline is None else ratio_of(self.current, self.baseline)

    @property
    def codes(self) -> frozenset[str]:
        """The caveats' codes."""
        return frozenset(caveat.code for caveat in self.caveats)

    @property
    def reasons(self) -> frozenset[str]:
        """The codes of the caveats that forbid the comparison, leave it unknown or ask for care."""
        return frozenset(caveat.code for caveat in self.caveats if caveat.weight != "note")

    @property
    def answer(self) -> Comparable | None:
        """Whether the two may be compared: ``yes``, ``with-care``, ``not-known``, ``no``; None without a baseline."""
        if self.baseline is None:
            return None
        weights = {caveat.weight for caveat in self.caveats}
        return next((answer for weight, answer in WEIGHTS.items() if weight in weights), "yes")

    @property
    def deciding(self) -> tuple[Caveat, ...]:
        """The caveats from which the answer follows; none where it is yes."""
        return tuple(caveat for caveat in self.caveats if WEIGHTS[caveat.weight] == self.answer != "yes")

    @property
    def like_for_like(self) -> bool | None:
        """Whether the two may be compared, with care or without; None where that is not known, False without a baseline."""
        return None if self.answer == "not-known" else self.answer in {"yes", "with-care"}

    @functools.cached_property
    def change(self) -> Change | None:
        """The change; no more than the difference where the two may not be compared, None where there are no two numbers.

        Where events are known to have made so many offences, it is read without them, and where that is not known not at all.
        """
        if self.baseline is None or self.current.offences is None or self.baseline.offences is None:
            return None
        difference = self.current.offences - self.baseline.offences
        now, then = (less(count, self.counted_events) for count in (self.current, self.baseline))
        ratio = ratio_of(now, then) if self.counted_events else self.ratio
        value, low, high = ratio.value, ratio.low_wide, ratio.high_wide
        is_read = self.like_for_like and not (self.has_uncounted_event or now.is_small or then.is_small)
        if not is_read or value is None or low is None or high is None:
            return Change(difference)
        reading: Reading = "within-usual" if low <= 1 <= high else "more" if value > 1 else "fewer"
        percent, least, most = (100 * (each - 1) for each in (value, low, high))
        return Change(difference, percent, least, most, reading, (now, then))

    @property
    def has_uncounted_event(self) -> bool:
        """Whether an event weighs on the counts of which it is not known how many offences it made."""
        return any(each.code == "event" and each.form not in {"spell", "counted"} for each in self.caveats)

    @functools.cached_property
    def counted_events(self) -> tuple[Break, ...]:
        """The events within either period of which it is known how many offences they made: no small part of a count."""
        events = (effect.change for effect in self.effects if effect.change.kind == "event" and effect.change.number)
        return tuple(
            event
            for event in events
            if any(
                event.months.overlaps(count.period) and (event.number or 0) >= LITTLE * (count.offences or 0)
                for count in self.counts
            )
        )


def less(count: Count, events: Iterable[Break]) -> Count:
    """Return a count without the offences of events that fall into it."""
    made = sum(event.number or 0 for event in events if event.months.overlaps(count.period))
    return count if count.offences is None or not made else replace(count, offences=count.offences - made)


def common(current: Count, baseline: Count) -> Common | None:
    """Return how common the change between two counts is, and what became of such changes.

    Parameters
    ----------
    current, baseline
        Of one area and offence, in one release, whole years apart.

    Returns
    -------
    Common or None
        None where the periods are not whole years apart or longer than a year, a count is not above zero, or too few changes were seen.
    """
    quarters, years = current.period.months // 3, current.period.years_from(baseline.period)
    area, offence, release = current.area, current.offence, current.release
    if quarters > YEAR or years < 1 or years % 1 or min(current.offences or 0, baseline.offences or 0) <= 0:
        return None
    noise, a, b = noise_of(offence, release, quarters, area), _parts(current), _parts(baseline)
    if noise is None or release.by_years:  # one pair of years, or a few: too few to say
        return None
    change = abs(float(np.log(a.sum() / b.sum())))
    names = tuple(area.names) if len(area.names) > 1 else ()
    sizes, kept = past(offence, release, quarters, int(years), names)
    if names:
        return Common(float((sizes >= change).mean()), "years", None) if len(sizes) >= YEAR * FEW_YEARS else None
    size = change / float(np.sqrt(noise.change(a, b, years)))
    if len(sizes) < SUCH:
        return None
    return Common(float((sizes >= size).mean()), "forces", kept_of(size, sizes, kept))


def kept_of(size: float, sizes: np.ndarray, kept: np.ndarray) -> float | None:
    """Return how many of the changes nearest to one in size were still there a year later; None where too few can tell."""
    told = np.isfinite(kept)
    each, own = (np.log(np.maximum(found, 1e-9)) for found in (sizes[told], size))
    near = np.abs(each - own).argsort(kind="stable")[:SUCH]
    return float((kept[told][near].sum() + UNSURE / 2) / (SUCH + UNSURE)) if len(near) >= SUCH else None


def detectable(current: Count, baseline: Count) -> Detectable | None:
    """Find by bisection the smallest rise and fall from a baseline that would be read so, every force changing alike.

    The variance that is usual has a part of chance, which is larger the smaller each of the counts is, and one that stays. The exact
    interval, which is chance alone, is not asked: it never was the wider one among a hundred thousand baselines of 50 and more.
    """
    noise = noise_of(baseline.offence, baseline.release, baseline.period.months // 3, baseline.area)
    if noise is None or baseline.offences is None:
        return None
    then, total = _parts(baseline), baseline.offences
    years = current.period.years_from(baseline.period)
    stays = float(replace(noise, c=0.0).change(then, then, years))
    chance = (float(noise.change(then, then, years)) - stays) / 2  # of a count as large as the baseline

    def is_unusual(difference: int) -> bool:
        size = (total + difference) / total
        return abs(math.log(size)) > statistics.NORMAL * math.sqrt(chance * (1 + 1 / size) + stays)

    more = bisect_left(range(10_000 * total), True, lo=1, key=is_unusual)
    most = total - SMALL
    fewer = bisect_left(range(most + 1), True, lo=1, key=lambda each: is_unusual(-each))
    return Detectable(more, fewer if fewer <= most else None)


def may_become(count: Count) -> statistics.Interval | None:
    """Return the range in which later releases are likely to put a provisional count; None for any other.

    Parameters
    ----------
    count
        Of the newest full release.

    Returns
    -------
    Interval or None
        In whole offences. It lies about the published figure and is centred nowhere else, since later releases raised such figures once
        and lowered them once.

    Notes
    -----
    The reach of revision by kind of offence and size (:class:`analysis.statistics.revision.Reach`), measured on ten publications of a year's
    figures and tested on others; 88A's own rests on its four vintages.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> may_become(compare("Kent", release="2026-04-23").current)
    Interval(low=325, high=423)
    """
    number = count.offences or 0
    if not count.is_provisional or count.release.by_years or number <= 0:
        return None
    national = count.area.kind in {"nation", "country"}
    reach = revision.Reach(offences.revision_tier(count.offence), national=national)
    width, least = reach.of(number), reach.counts
    low, high = math.floor(number * math.exp(-width)), math.ceil(number * math.exp(width))
    return statistics.Interval(min(low, number - least), max(high, number + least))


@functools.lru_cache(maxsize=512)
def past(
    offence: Offence, release: Release, quarters: int, years: int, names: tuple[str, ...], without: Period | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return how large changes over so many years were, and which were still there a year later (NaN where not known).

    Of the forces named together, as logarithms; without names those of every force that is told with others, in its own deviations. Months
    that are left out have no part in it, to try it on them.
    """
    counts, regimes = measured(offence, release)
    months = release.covers.each_quarter
    apart = [each.overlaps(PANDEMIC) or (without is not None and each.overlaps(without)) for each in months]
    places = [PLACES[name] for name in names] or [place for place in PLACES.values() if place not in APART]
    chosen = counts[:, places].sum(axis=1, keepdims=True) if names else counts[:, places]
    now, then, later = statistics.past_changes(
        chosen, quarters=quarters, regimes=np.where(apart, -1, regimes), years=years
    )
    noise = noise_of(offence, release, quarters)
    deviations = 1.0 if names or noise is None else np.sqrt(noise.of(places).each(now.T, then.T, years)).T
    with np.errstate(divide="ignore", invalid="ignore"):
        change, after = np.log(now / then), np.log(later / then)
    told = np.isfinite(change)
    still = np.where(np.isfinite(after), np.sign(after) == np.sign(change), np.nan)
    return np.abs(change / deviations)[told], still[told]


def _parts(count: Count) -> np.ndarray:
    """Return what each force of an area recorded, of a count above zero; drawn in where it leaves some offences out."""
    each = part(count.offence.code, count.release, count.area, count.period).sum(axis=0)
    whole = each.sum() or 1.0  # none in any force, where the count is one's own
    return np.asarray(np.round(each * (count.offences or 0) / whole))


def coverage(what: str) -> pd.DataFrame:
    """Return how often one kind of range held for every reviewed offence, the one with the worst year first.

    Parameters
    ----------
    what
        ``change``: whether the range of a force's change on the year before held the change of all others; ``next_year``: whether the
        range foreseen from the year before held its count; ``place``: whether the range of places foreseen held its place by rate;
        ``settling``: whether the range of what later releases make of a count held what the newest has; ``kept``: whether a change was
        still there a year later.

    Returns
    -------
    pandas.DataFrame
        As ``data/coverage.py`` measured it, one row an offence, the worst first, and one of all together, the last: ``offence`` (its code, or ``all``),
        ``ranges`` (how many were tried), ``pooled``, ``quartile_1`` to ``quartile_4`` (small forces to large), ``year_…`` for each of the
        newest five years, ``worst`` of these and ``said``, how many were to hold (all in per cent; NaN where nothing was tried), ``width``
        and ``score`` (means).

    Examples
    --------
    >>> coverage("change")["offence"].iloc[[0, -1]].tolist()
    ['39', 'all']
    """
    import pandas as pd

    found = pd.read_csv(files.shipped("data", "raw", "coverage.csv"))
    found = found[found["what"] == what].drop(columns="what")
    whole = found["offence"] == "all"
    return pd.concat([found[~whole].sort_values(["worst", "offence"]), found[whole]], ignore_index=True)


def screen_tried() -> pd.DataFrame:
    """Return what the screen of changes rests on, and what it can see, as ``data/screen.py`` measured them.

    Returns
    -------
    pandas.DataFrame
        ``what``: ``rise-30`` or ``rise-50``, of a hundred areas and offences how many would be named if they rose by so many per cent from
        ``at`` offences a year; or ``tails``, how many changes in a hundred, in years kept out, lay over ``at`` usual deviations from none.
        ``forces`` and ``nation`` (with its regions) have these; ``forces_of`` and ``nation_of``, how many were tried.

    Examples
    --------
    >>> screen_tried()["what"].unique().tolist()
    ['rise-30', 'rise-50', 'tails']
    """
    import pandas as pd

    return pd.read_csv(files.shipped("data", "raw", "screen.csv"))


@functools.cache  # the file is not read again for each page
def poor_years(offence: Offence, what: Foreseen = "change") -> dict[int, float]:
    """Return the newest years in which fewer than 85 in a hundred ranges of forces held, with their number.

    Parameters
    ----------
    offence
        An offence that was reviewed; of any other nothing is known, and the answer is empty.
    what
        Which ranges, as :func:`coverage` has them.

    Returns
    -------
    dict of int to float
        Ranges that held, in a hundred, by the year that they were for.

    Examples
    --------
    >>> from analysis.terms import offences
    >>> sorted(poor_years(offences.find("46"))), sorted(poor_years(offences.find("46"), "next_year"))
    ([2023, 2024], [2022, 2023])
    """
    rows = (row for row in files.rows("coverage.csv") if (row["what"], row["offence"]) == (what, offence.code))
    held = next(rows, {})
    years = {name[5:]: value for name, value in held.items() if name.startswith("year_") and value}
    return {int(year): float(value) for year, value in years.items() if float(value) < POOR}
