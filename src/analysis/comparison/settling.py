"""What provisional figures may settle at: as figures of the same ages moved from an earlier full release to a later one."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis import statistics
from analysis.comparison.counts import Count
from analysis.comparison.judgement import Pair
from analysis.comparison.totals import part
from analysis.figures import revisions
from analysis.figures.register import Release, load_register, provisional_from
from analysis.figures.tables import Cells
from analysis.statistics.arrays import BoolArray, Estimate, FloatArray, IntArray
from analysis.statistics.settling import Settling, fit_settling, moves_between
from analysis.terms import areas, offences
from analysis.terms.areas import Area
from analysis.terms.offences import Offence
from analysis.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

OLDEST = 8  # quarters of age: from there to a release's newest no code that is learnt from may begin or end
FOLDS = 11  # of forces that a back-test leaves out in turn

_Ages = tuple[int, int]
_Pair = tuple[Release, Release]


@dataclass(frozen=True)
class Settled:
    """A provisional count as it may settle; the published one stands.

    Attributes
    ----------
    offences, low, high
        The offences to expect, and the range in which 95% of such figures came to lie.
    pairs
        On how many pairs of full releases that rests.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> settled(compare("Kent", release="2026-04-23").current)
    Settled(offences=362, low=328, high=400, pairs=1)
    """

    offences: int
    low: int
    high: int
    pairs: int


@dataclass(frozen=True)
class _Moves:
    """How figures of the same ages moved, those of one offence among them: one row a kind, force and pair of releases."""

    moves: FloatArray
    sizes: FloatArray
    kinds: IntArray
    places: IntArray
    own: int | None
    pairs: int

    def fit(self, without: BoolArray | None = None) -> Settling:
        used = np.ones(len(self.moves), dtype=bool) if without is None else ~without
        return fit_settling(self.moves[used], self.sizes[used], self.kinds[used])


def settled(count: Count) -> Settled | None:
    """Return what a provisional count may settle at; None for any other, or where no two full releases can tell.

    Parameters
    ----------
    count
        Of the newest full release.

    Returns
    -------
    Settled or None
        In recorded offences.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> settled(compare("Kent", period="2023/24", release="2026-04-23").current) is None  # it is no longer provisional
    True
    """
    if not count.is_provisional or count.offences is None:
        return None
    return _settled(count.area, count.offence, count.release, count.period)


def settled_quarters(area: Area, offence: Offence, release: Release) -> pd.DataFrame:
    """Return what each provisional quarter of an area may settle at.

    Parameters
    ----------
    area, offence, release
        Whose figures, of what, as published when.

    Returns
    -------
    pandas.DataFrame
        Index ``quarter`` (``Period[Q-MAR]``), columns ``offences``, ``low`` and ``high`` (``Int64``); no row where :func:`settled`
        gives nothing.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> kent = compare("Kent", release="2026-04-23")
    >>> settled_quarters(kent.area, kent.offence, kent.release).loc["2026Q3"].tolist()
    [73, 60, 89]
    """
    import pandas as pd

    counted, provisional = release.counted(offence.code), provisional_from(release)
    found = {
        quarter: each
        for quarter, period in zip(provisional.quarters, provisional.each_quarter, strict=True)
        if counted and counted.covers(period) and (each := _settled(area, offence, release, period))
    }
    index = pd.PeriodIndex(list(found), freq="Q-MAR", name="quarter")
    columns = {name: [getattr(each, name) for each in found.values()] for name in ("offences", "low", "high")}
    return pd.DataFrame(columns, index=index, dtype="Int64")


def settled_change(pair: Pair) -> Estimate | None:
    """Return the change in per cent as it may settle, with its range; None where no change is given or neither count is provisional.

    Only what later releases may do to the two counts is in the range, and nothing of how such counts vary.

    Parameters
    ----------
    pair
        Two counts of the newest full release.

    Returns
    -------
    Estimate or None
        ``value``, ``low`` and ``high``, in per cent.

    Examples
    --------
    >>> from analysis.comparison import compare
    >>> [round(percent) for percent in settled_change(compare("Kent", release="2026-04-23"))]
    [29, 17, 42]
    """
    change, then = pair.change, pair.baseline
    if change is None or change.percent is None or then is None or not any(each.is_provisional for each in pair.counts):
        return None
    learnt = _learnt(pair.current.offence, pair.current.release, (pair.current.period, then.period))
    now, before = (_by_force(each.area, each.offence, each.release, each.period) for each in pair.counts)
    if learnt is None or (now < 0).any() or (before < 0).any():
        return None
    told, fit = learnt
    factors = statistics.settled_factor(_together(now + 0.5, before + 0.5), **fit.of(told.own))
    return Estimate(*(100 * ((1 + change.percent / 100) * factor - 1) for factor in factors))


def settled_coverage(offence: str | Offence, *, without: Literal["forces", "offence"] = "forces") -> pd.DataFrame:
    """Return how many figures settled within the range that was given without them, by quarter of forces from small to large.

    Parameters
    ----------
    offence
        Whose figures to foresee: each force's sums of four quarters of which some were provisional.
    without
        What the ranges are made without: the force itself and some others (``forces``), or every figure of the offence.

    Returns
    -------
    pandas.DataFrame
        Columns ``quartile`` (1 to 4), ``force_figures`` and ``inside`` (a share); no row where no two full releases hold the offence.

    Notes
    -----
    What moves all forces of a release together is not held out: that takes another pair of releases.

    Examples
    --------
    >>> settled_coverage("88A")["force_figures"].tolist()
    [55, 55, 55, 55]
    """
    import pandas as pd

    what = offences.find(offence) if isinstance(offence, str) else offence
    full = tuple(held for held in load_register().releases if held.kind == "full")
    rows = [
        row
        for age in range(load_register().provisional_quarters)
        if (told := _moves(what, full, ((age, age + 3),))).own is not None
        for row in _foreseen(told, without)
    ]
    found = pd.DataFrame(rows, columns=["place", "size", "inside"])
    rank = found.groupby("place")["size"].mean().rank(method="first")
    found["quartile"] = np.ceil(4 * found["place"].map(rank) / max(1, len(rank))).astype("int64")
    inside = found.groupby("quartile")["inside"]
    return pd.DataFrame({"force_figures": inside.size(), "inside": inside.mean()}).reset_index()


def _settled(area: Area, offence: Offence, release: Release, period: Period) -> Settled | None:
    learnt, figures = _learnt(offence, release, (period,)), _by_force(area, offence, release, period)
    if learnt is None or not (figures >= 0).all():
        return None
    told, fit = learnt
    return Settled(*_whole(statistics.settled_range(figures, **fit.of(told.own))), told.pairs)


def _learnt(offence: Offence, release: Release, periods: tuple[Period, ...]) -> tuple[_Moves, Settling] | None:
    """Return what was learnt of figures as old as those of some periods; nothing for a release that a later one has revised."""
    full = tuple(held for held in load_register().releases if held.kind == "full")
    return _fitted(offence, release, full, tuple(_ages(period, release) for period in periods))


@functools.lru_cache(maxsize=256)
def _fitted(
    offence: Offence, release: Release, full: tuple[Release, ...], ages: tuple[_Ages, ...]
) -> tuple[_Moves, Settling] | None:
    holding = [held for held in full if held.holds(offence.code)]
    if not holding or holding[-1].id != release.id:
        return None
    moves = _moves(offence, full, ages)
    try:
        return moves, moves.fit()
    except ValueError:  # too few figures to learn from
        return None


def _moves(offence: Offence, full: tuple[Release, ...], ages: tuple[_Ages, ...]) -> _Moves:
    """Return how figures of some ages moved: those of the offence, and of each code that is no part of it."""
    of_pair = _codes_by_pair(full)
    own = [pair for pair in revisions.pairs(offence.code, among=full) if _is_in_use(offence, pair, ages)]
    parts = [_moved(_total(pair[0], offence), _total(pair[1], offence), pair[0], ages, [0]) for pair in own]
    every = dict.fromkeys(code for codes in of_pair.values() for code in codes if not own or code not in offence.codes)
    kind_of = {code: kind for kind, code in enumerate(every, 1)}
    for (earlier, later), codes in of_pair.items():
        before, after = earlier.cells(codes), later.cells(codes)
        in_use = [code for code in codes if not _ends(code, later)]
        for cells in (before, after):
            throughout = np.all(_rows(cells.counted, cells, earlier, _hull(ages)), axis=-1).tolist()
            counted = dict(zip(codes, throughout, strict=True))
            in_use = [code for code in in_use if counted[code]]
        used = [code for code in in_use if code in kind_of]
        kinds = [kind_of[code] for code in used]
        parts.append(_moved(before.of(used), after.of(used), earlier, ages, kinds))
    moves, sizes, kind, place = (np.concatenate([part[i] for part in parts] or [np.empty(0)]) for i in range(4))
    return _Moves(
        moves, sizes, kind.astype("int64"), place.astype("int64"), 0 if own else None, len(own) or len(of_pair)
    )


def _moved(
    before: Cells, after: Cells, earlier: Release, ages: tuple[_Ages, ...], kinds: list[int]
) -> tuple[FloatArray, FloatArray, IntArray, IntArray]:
    """Return the movements of some codes of all forces, with sizes, kinds and forces; of two periods, that of their ratio."""
    (moves, sizes), *others = (
        moves_between(*(_rows(cells.values, cells, earlier, age).sum(axis=-1) for cells in (before, after)))
        for age in ages
    )
    for their_moves, their_sizes in others:
        moves, sizes = moves - their_moves, _together(sizes, their_sizes)
    kind, place = np.meshgrid(np.array(kinds, dtype="int64"), np.arange(len(areas.NAMES)), indexing="ij")
    told = np.isfinite(moves)
    return moves[told], sizes[told], kind[told], place[told]


def _ends(code: str, later: Release) -> bool:
    """Say whether a code ended before a release did, so that its offences may have been moved to another."""
    known = offences.known().get(code)
    return known is not None and known.last is not None and known.last.last < later.covers.last


def _together(size: FloatArray, other: FloatArray) -> FloatArray:
    """Return the size that a ratio of two figures moves like: chance adds up, 1 ÷ one + 1 ÷ the other."""
    return 1 / (1 / size + 1 / other)


@functools.lru_cache(maxsize=4)
def _codes_by_pair(full: tuple[Release, ...]) -> dict[_Pair, tuple[str, ...]]:
    """Return the codes that each pair of releases can tell of."""
    found: dict[_Pair, list[str]] = {}
    for code in dict.fromkeys(code for release in full for code in release.codes):
        for pair in revisions.pairs(code, among=full):
            found.setdefault(pair, []).append(code)
    return {pair: tuple(codes) for pair, codes in found.items()}


def _is_in_use(offence: Offence, pair: _Pair, ages: tuple[_Ages, ...]) -> bool:
    """Say whether an offence was counted throughout in both releases, so that nothing moved to or from it by a new list of codes."""
    earlier, later = pair
    end = earlier.covers.last
    needed = Period(end.shift(-3 * _hull(ages)[1] - 2), end)
    then, now = earlier.counted(offence.code), later.counted(offence.code)
    if then is None or now is None or now.last < later.covers.last:
        return False
    return then.covers(needed) and now.covers(needed)


def _total(release: Release, offence: Offence) -> Cells:
    cells = release.cells(release.offence(offence.code).codes)
    return Cells((offence.code,), cells.covers, cells.total[None])


def _rows(values: np.ndarray, cells: Cells, release: Release, ages: _Ages) -> np.ndarray:
    """Return the quarters of some ages in a release, of figures of that or a later one; all missing where they reach back too far."""
    newest, oldest = ages
    stop = (release.covers.last.ordinal - cells.covers.first.ordinal) // 3 + 1
    if stop - 1 < oldest:
        return np.full((*values.shape[:-1], 1), np.nan if values.dtype == np.float64 else False)
    return values[..., stop - 1 - oldest : stop - newest]


def _ages(period: Period, release: Release) -> _Ages:
    """Return how many quarters before its release's newest a period ends and begins."""
    end = release.covers.last.ordinal
    return (end - period.last.ordinal) // 3, (end - period.first.ordinal) // 3


def _hull(ages: tuple[_Ages, ...]) -> _Ages:
    """Return the ages that a code must be counted throughout: those asked for, and the newest quarters in any case."""
    return 0, max(OLDEST, *(oldest for _, oldest in ages))


def _by_force(area: Area, offence: Offence, release: Release, period: Period) -> FloatArray:
    """Return the published figures of an area's forces over a period."""
    figures: FloatArray = part(offence.code, release, area, period).sum(axis=0)
    return figures


def _whole(found: Estimate) -> tuple[int, int, int]:
    """Return an estimate in whole offences, its range rounded outwards."""
    return round(found.value), math.floor(found.low), math.ceil(found.high)


def _foreseen(told: _Moves, without: str) -> Iterator[tuple[int, float, bool]]:
    """Give each force's place, its figure, and whether the later one lay in the range made without it."""
    own = told.kinds == told.own
    folds = [own] if without == "offence" else [told.places % FOLDS == fold for fold in range(FOLDS)]
    for left_out in folds:
        of = told.fit(left_out).of(None if without == "offence" else told.own)
        for row in np.flatnonzero(own & left_out):
            before = told.sizes[row] - 0.5
            after = round(math.exp(told.moves[row]) * told.sizes[row] - 0.5)
            _, low, high = _whole(statistics.settled_range([before], **of))
            yield int(told.places[row]), before, low <= after <= high
