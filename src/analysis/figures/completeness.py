"""Whether a table that is added holds what the releases held do: what it leaves out, and what in it cannot be right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.errors import RequestError
from analysis.figures.register import Release
from analysis.terms import areas, offences
from analysis.terms.periods import Period

if TYPE_CHECKING:
    import numpy.typing as npt

    from analysis.figures.cleaning import Figures

    Values = npt.NDArray[np.float64]

# A total of the same cells may be so many times what is held, or what is held so many times it. Between the releases of 2023 and
# 2026 all cells together were 0.99999 of what they were, those of a quarter 0.996 to 1.002, of a force 0.996 to 1.010, of a code of
# over 1,000 offences 0.97 to 1.13, and of a force's quarter of as many 0.89 to 1.35.
OF_ALL, OF_A_FORCE, OF_A_CODE, OF_LITTLE = 1.02, 1.05, 1.25, 2.0
# The same of a quarter that is new and the same quarter a year before: of all it was 0.79 to 1.23 (spring 2020 and 2021), and of a
# force or a group of offences 0.27 to 3.6.
YEAR_ON_YEAR, OF_A_PART = 1.4, 4.0
MUCH, LITTLE = 50_000, 1000  # offences in a total that is held to the narrow limits, or is compared at all
REPEATED = 0.2  # of a force's figures over 20 that may be one and the same; the most in a release is 0.043
SWAPPED = (
    0.5  # of a force's figures that may be those that another had; the most was 0.07, while 0.69 or more were its own
)
LOST = 0.01  # of the cells that have a figure in what is held; later releases left out a sixth of that
UNSUPPLIED = 0.1  # of the rows of a quarter that is new; a force is a fortieth of them
FEWER = 0.5  # rows of a quarter and of the one before it; when codes ended, a quarter of them went

_QUARTERS_OF_A_YEAR = 4
_FEW = 100  # figures, of which nothing is said as a whole
_MOST_SAID = 3  # of what is wrong with a table


def lacking(name: str, day: date, figures: Figures, held: Release) -> tuple[str, ...]:
    """Say what a table leaves out, and refuse one that cannot be right.

    Parameters
    ----------
    name
        The file's name, for errors.
    day
        When it was published.
    figures
        The table.
    held
        The newest full release.

    Returns
    -------
    tuple of str
        A phrase for each thing that it leaves out; none for a whole table.

    Raises
    ------
    RequestError
        If rows are missing in its middle, or totals are far from what is held.
    """
    if found := doubts(figures, held):
        more = f" (and {len(found) - _MOST_SAID} more)" if len(found) > _MOST_SAID else ""
        raise RequestError(
            f"{name}: {'; '.join(found[:_MOST_SAID])}{more}; fetch the file again, or take it with --as-it-is"
        )
    early = ends_early(figures, held) if held.released and day > held.released else []
    return (*left_out(figures, held), *early)


def left_out(figures: Figures, held: Release) -> list[str]:
    """Say what a table leaves out evenly, as an extract does: forces, codes, and quarters before or after."""
    cells, known, found = figures.cells, held.cells(held.codes), []
    if (some := int(figures.told.any(axis=(0, 2)).sum())) < len(areas.NAMES):
        found.append(f"{some} of {len(areas.NAMES)} forces")
    shared = _shared(cells.covers, held.covers)
    counted = np.atleast_1d(known.counted[:, shared[1]].any(axis=1))
    lacking = [code for code, is_counted in zip(known.codes, counted, strict=True) if is_counted and code not in cells.codes]  # fmt: skip
    if lacking:
        found.append(f"{counted.sum() - len(lacking)} of the {counted.sum()} codes that were counted then")
    if cells.covers.first > held.covers.first:
        found.append(f"nothing before {cells.covers.first.words}")
    return found


def ends_early(figures: Figures, held: Release) -> list[str]:
    """Say that a table which came out later ends earlier than what is held."""
    covers = figures.cells.covers
    return [f"nothing after {covers.last.words}"] if covers.last < held.covers.last else []


def doubts(figures: Figures, held: Release) -> list[str]:
    """Say what in a table cannot be right: nothing in it, rows missing, totals far from what is held, forces mistaken."""
    if np.isnan(figures.cells.values).all():
        return ["no cell has a figure"]
    return [
        *_uneven(figures, held),
        *_lost(figures, held),
        *_changed(figures, held),
        *_mistaken(figures, held),
        *_leaps(figures, held),
    ]


def _uneven(figures: Figures, held: Release) -> Iterator[str]:
    """Find rows that are absent though others of their code and quarter are there, as where a file is cut short."""
    told, quarters = figures.told, figures.cells.covers.each_quarter
    rows = told.sum(axis=(0, 1))
    few = np.flatnonzero(rows[1:] < FEWER * rows[:-1]) + 1
    for i in few[:1]:
        yield f"{quarters[i].words} has {rows[i]:,} rows, and the quarter before it {rows[i - 1]:,}"
    of = np.atleast_1d(told.any(axis=(0, 2)))
    there = 2 * told.sum(axis=1) >= of.sum()
    absent = there[:, None, :] & of[None, :, None] & ~told
    ours, theirs = _shared(figures.cells.covers, held.covers)
    absent[:, :, ours] &= ~np.isnan(held.cells(figures.cells.codes).values[:, :, theirs])
    if absent.any():
        code, force, quarter = (where[-1] for where in np.nonzero(absent))
        yield (
            f"{absent.sum():,} {'row is' if absent.sum() == 1 else 'rows are'} missing, such as code "
            f"{figures.cells.codes[code]} of {areas.NAMES[force]} in {quarters[quarter].words}"
        )


def _lost(figures: Figures, held: Release) -> Iterator[str]:
    """Find figures that are held and for which the table has none, in rows that it has."""
    ours, theirs = _aligned(figures, held)
    known = ~np.isnan(theirs) & np.atleast_1d(figures.told.any(axis=(0, 2)))[None, :, None]
    gone = int((known & np.isnan(ours)).sum())
    if gone > LOST * known.sum():
        yield f"{gone:,} of {known.sum():,} cells have no figure, where release {held.id} has one"
    new = figures.told[:, :, _new(figures, held)]
    unsupplied = int((new & np.isnan(figures.cells.values[:, :, _new(figures, held)])).sum())
    if unsupplied > UNSUPPLIED * new.sum():
        yield f"{unsupplied:,} of {new.sum():,} rows after {held.covers.last.words} have no figure"


class _Total(NamedTuple):
    """Which axes of codes, forces and quarters are added up, the least that is compared, and by what factor it may change."""

    axes: tuple[int, ...]
    least: int
    factor: float


_ALL, _QUARTER, _FORCE, _CODE, _PART = (0, 1, 2), (0, 1), (0, 2), (1, 2), (0,)
_TOTALS = (
    _Total(_ALL, MUCH, OF_ALL),
    _Total(_QUARTER, MUCH, OF_ALL),
    _Total(_FORCE, MUCH, OF_A_FORCE),
    _Total(_CODE, LITTLE, OF_A_CODE),
    _Total(_ALL, 100, OF_LITTLE),
    *(_Total(axes, LITTLE, OF_LITTLE) for axes in (_QUARTER, _FORCE, _PART)),
)


def _changed(figures: Figures, held: Release) -> Iterator[str]:
    """Find totals far from what is held, in cells that both have: the one that alone is far, or the widest, which brings the others."""
    ours, theirs = _in_both(figures, held)
    found = []
    for total in _TOTALS:
        is_, was = ours.sum(axis=total.axes, keepdims=True), theirs.sum(axis=total.axes, keepdims=True)
        far = np.argwhere(_is_far(is_, was, total.least, total.factor))
        if far.size:
            place = tuple(far[-1])
            more = f" (and {len(far) - 1} more such totals)" if len(far) > 1 else ""
            says = f"{_where(figures, place, is_.shape)} add up to {is_[place]:,.0f}, where release {held.id} has {was[place]:,.0f} in the same cells{more}"
            found.append((total.axes == _ALL or len(far) > 1, says))
    yield from [says for _, says in sorted(found, key=lambda each: each[0])][:1]


def _mistaken(figures: Figures, held: Release) -> Iterator[str]:
    """Find forces whose figures are another's, or one and the same throughout."""
    ours, theirs = _in_both(figures, held)
    for i, name in enumerate(areas.NAMES):
        counted = ours[:, i] > 0
        same = [int((counted & (ours[:, i] == theirs[:, j])).sum()) for j in range(len(areas.NAMES))]
        other = int(np.argmax(same))
        if other != i and same[other] > max(SWAPPED * counted.sum(), same[i], _FEW):
            yield f"the figures of {name} are those that release {held.id} has of {areas.NAMES[other]}"
            return
    for i, name in enumerate(areas.NAMES):
        values = figures.cells.values[:, i]
        found, times = np.unique(values[values > 20], return_counts=True)  # smaller ones come again by chance
        if times.sum() > _FEW and times.max() > REPEATED * times.sum():
            yield f"{times.max():,} of {times.sum():,} figures of {name} over 20 are {found[times.argmax()]:,.0f}"
            return


def changes(figures: Figures, held: Release) -> str:
    """Say how many figures a table changes of those that are held, and their total."""
    ours, theirs = _in_both(figures, held)
    both, other = int(((ours > 0) | (theirs > 0)).sum()), int((ours != theirs).sum())
    if not both:
        return f"It has no cell with a figure that release {held.id} has too."
    of = f"{theirs.sum():,.0f} to {ours.sum():,.0f} ({100 * (ours.sum() / theirs.sum() - 1):+.3f}%)" if other else f"{theirs.sum():,.0f}"  # fmt: skip
    return f"It changes {other:,} of {both:,} figures of release {held.id}; their total {'goes from' if other else 'stays'} {of}."


def _leaps(figures: Figures, held: Release) -> Iterator[str]:
    """Find a total of a new quarter that is far from that of a year before: of all, of a force, of a group."""
    known, cells = offences.known(), figures.cells
    new = _new(figures, held)
    quarters = cells.covers.each_quarter
    at = range(max(new.start, _QUARTERS_OF_A_YEAR), len(quarters))
    is_, was = (cells.values[:, :, [i - years * _QUARTERS_OF_A_YEAR for i in at]] for years in (0, 1))
    both = ~np.isnan(is_) & ~np.isnan(was)
    pair = np.stack([np.where(both, is_, 0), np.where(both, was, 0)])
    groups = [known[code].group if code in known else None for code in cells.codes]
    among = [("", pair.sum(axis=(1, 2)), MUCH, YEAR_ON_YEAR), ("", pair.sum(axis=(1, 2)), LITTLE, OF_A_PART)]
    among += [(f" of {name}", pair[:, :, i].sum(axis=1), LITTLE, OF_A_PART) for i, name in enumerate(areas.NAMES)]
    for group in sorted({group for group in groups if group}):
        of = [i for i, other in enumerate(groups) if other == group]
        among.append((f" of {known[group].name}", pair[:, of].sum(axis=(1, 2)), LITTLE, OF_A_PART))
    for whose, (now, before), least, factor in among:
        far = np.flatnonzero(_is_far(now, before, least, factor))
        if far.size:
            i = int(far[-1])
            yield f"the figures{whose} in {quarters[at[i]].words} add up to {now[i]:,.0f}, and a year before to {before[i]:,.0f}"
            return


def _new(figures: Figures, held: Release) -> slice:
    """Say which of the table's quarters come after what is held."""
    covers = figures.cells.covers
    return slice(max(0, (held.covers.last.ordinal + 1 - covers.first.ordinal) // 3), covers.months // 3)


def _is_far(is_: Values, was: Values, least: int, factor: float) -> npt.NDArray[np.bool_]:
    """Say which totals are not within a factor of what they were; one that was small may be small, and not large."""
    far: npt.NDArray[np.bool_] = ((was >= least) & (factor * is_ < was)) | (is_ > factor * np.maximum(was, least))
    return far


def _aligned(figures: Figures, held: Release) -> tuple[Values, Values]:
    """Return what both say of the table's codes, in the quarters that both cover."""
    ours, theirs = _shared(figures.cells.covers, held.covers)
    return figures.cells.values[:, :, ours], held.cells(figures.cells.codes).values[:, :, theirs]


def _in_both(figures: Figures, held: Release) -> tuple[Values, Values]:
    """Return what both say, with 0 where either has no figure."""
    ours, theirs = _aligned(figures, held)
    both = ~np.isnan(ours) & ~np.isnan(theirs)
    return np.where(both, ours, 0), np.where(both, theirs, 0)


def _shared(ours: Period, theirs: Period) -> tuple[slice, slice]:
    """Say where the quarters that both cover stand in each."""
    first, last = max(ours.first, theirs.first).ordinal, min(ours.last, theirs.last).ordinal + 1
    last = max(first, last)
    return tuple(slice((first - of.first.ordinal) // 3, (last - of.first.ordinal) // 3) for of in (ours, theirs))  # type: ignore[return-value]


def _where(figures: Figures, place: tuple[int, ...], shape: tuple[int, ...]) -> str:
    """Say of which code, force and quarter a total is."""
    cells = figures.cells
    code, force, quarter = (i if n > 1 else None for i, n in zip(place, shape, strict=True))
    what = "the figures" if code is None else f"the figures of code {cells.codes[code]}"
    whose = "" if force is None else f" of {areas.NAMES[force]}"
    return f"{what}{whose}{'' if quarter is None else f' in {cells.covers.each_quarter[quarter].words}'}"
