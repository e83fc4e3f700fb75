"""Whether a table that is added holds what the releases held do: what it leaves out, and what in it cannot be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.errors import RequestError
from analysis.figures.register import Release
from analysis.figures.tables import Figures
from analysis.terms import areas, offences
from analysis.terms.numbers import some

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

_FEW = 100  # figures, of which nothing is said as a whole
_MOST_SAID = 3  # of what is wrong with a table

# Which axes of codes, forces and quarters are added up, the least that is compared, and by what factor it may change.
_ALL, _QUARTER, _FORCE, _CODE, _PART = (0, 1, 2), (0, 1), (0, 2), (1, 2), (0,)
_TOTALS = (
    (_ALL, MUCH, OF_ALL),
    (_QUARTER, MUCH, OF_ALL),
    (_FORCE, MUCH, OF_A_FORCE),
    (_CODE, LITTLE, OF_A_CODE),
    (_ALL, _FEW, OF_LITTLE),
    *((axes, LITTLE, OF_LITTLE) for axes in (_QUARTER, _FORCE, _PART)),
)
_LEAPS = ((_QUARTER, MUCH, YEAR_ON_YEAR), (_QUARTER, LITTLE, OF_A_PART), (_PART, LITTLE, OF_A_PART))


def lacking(name: str, day: date, sides: Sides) -> tuple[str, ...]:
    """Say what a table leaves out, and refuse one that cannot be right.

    Parameters
    ----------
    name
        The file's name, for errors.
    day
        When it was published.
    sides
        The table beside the newest full release.

    Returns
    -------
    tuple of str
        A phrase for each thing that it leaves out; none for a whole table.

    Raises
    ------
    RequestError
        If rows are missing in its middle, or totals are far from what is held.
    """
    if found := sides.doubts():
        told = some(found, _MOST_SAID, between="; ")
        raise RequestError(f"{name}: {told}; fetch the file again, or take it with --as-it-is")
    held, early = sides.held, sides.figures.cells.covers.last
    is_early = held.released and day > held.released and early < held.covers.last
    return (*sides.left_out(), *([f"nothing after {early.words}"] if is_early else []))


class Sides:
    """A table beside a release.

    Attributes
    ----------
    figures, held
        The table, and the release.
    quarters, is_new
        The table's quarters, and whether each comes after what is held.
    has_force
        Whether the table has a row of each force.
    theirs
        What the release says of the table's codes in its quarters, NaN where it says nothing.
    both
        What both say, with 0 where either has no figure.
    """

    def __init__(self, figures: Figures, held: Release) -> None:
        cells, self.figures, self.held = figures.cells, figures, held
        self.quarters = cells.covers.each_quarter
        self.is_new = np.array([quarter.first > held.covers.last for quarter in self.quarters])
        self.has_force = np.asarray(figures.told.any(axis=(0, 2)))
        self.theirs = held.cells(cells.codes).over(cells.covers).values
        self.both = _known(cells.values, self.theirs)

    def left_out(self) -> list[str]:
        """Say what the table leaves out evenly, as an extract does: forces, codes, and quarters before."""
        cells, found = self.figures.cells, []
        if (some := int(self.has_force.sum())) < len(areas.NAMES):
            found.append(f"{some} of {len(areas.NAMES)} forces")
        spans = {code: self.held.counted(code) for code in self.held.codes}
        counted = [code for code, span in spans.items() if span and span.overlaps(cells.covers)]
        if some := sum(code not in cells.codes for code in counted):
            found.append(f"{len(counted) - some} of the {len(counted)} codes that were counted then")
        if cells.covers.first > self.held.covers.first:
            found.append(f"nothing before {cells.covers.first.words}")
        return found

    def doubts(self) -> list[str]:
        """Say what in the table cannot be right: rows missing, totals far from what is held, forces mistaken."""
        return [*self._uneven(), *self._lost(), *self._changed(), *self._mistaken(), *self._leaps()]

    def _uneven(self) -> Iterator[str]:
        """Find rows that are absent though others of their code and quarter are there, as where a file is cut short."""
        told = self.figures.told
        rows = told.sum(axis=(0, 1))
        for i in (np.flatnonzero(rows[1:] < FEWER * rows[:-1]) + 1)[:1]:
            yield f"{self.quarters[i].words} has {rows[i]:,} rows, and the quarter before it {rows[i - 1]:,}"
        there = 2 * told.sum(axis=1) >= self.has_force.sum()
        shared = np.array([self.held.covers.covers(quarter) for quarter in self.quarters])
        lacks_too = shared & np.isnan(self.theirs)
        absent = there[:, None, :] & self.has_force[:, None] & ~told & ~lacks_too
        if absent.any():
            code, force, quarter = (where[-1] for where in np.nonzero(absent))
            yield (
                f"{absent.sum():,} {'row is' if absent.sum() == 1 else 'rows are'} missing, such as code "
                f"{self.figures.cells.codes[code]} of {areas.NAMES[force]} in {self.quarters[quarter].words}"
            )

    def _lost(self) -> Iterator[str]:
        """Find figures that are held and for which the table has none, in rows that it has."""
        blank = np.isnan(self.figures.cells.values)
        known = ~np.isnan(self.theirs) & self.has_force[:, None]
        if (gone := int((known & blank).sum())) > LOST * known.sum():
            yield f"{gone:,} of {known.sum():,} cells have no figure, where release {self.held.id} has one"
        new = self.figures.told & self.is_new
        if (unsupplied := int((new & blank).sum())) > UNSUPPLIED * new.sum():
            yield f"{unsupplied:,} of {new.sum():,} rows after {self.held.covers.last.words} have no figure"

    def _changed(self) -> Iterator[str]:
        """Find a total far from what is held."""
        codes = [f"code {code}" for code in self.figures.cells.codes]
        told = f"where release {self.held.id} has {{:,.0f}} in the same cells"
        return self._far(told, ((self.both, codes, *each) for each in _TOTALS))

    def _far(
        self, told: str, totals: Iterable[tuple[Any, Sequence[str], tuple[int, ...], int, float]]
    ) -> Iterator[str]:
        """Find a total far from another of the same cells: the one that alone is far, or the widest, which brings the others."""
        found = []
        for pair, rows, axes, least, factor in totals:
            now, then = (values.sum(axis=axes, keepdims=True) for values in pair)
            # What was small may be small, and not large.
            far = np.argwhere(((then >= least) & (factor * now < then)) | (now > factor * np.maximum(then, least)))
            if far.size:
                row, force, quarter = place = tuple(far[-1])
                names = (f" of {rows[row]}", f" of {areas.NAMES[force]}", f" in {self.quarters[quarter].words}")
                of = "".join(name for axis, name in enumerate(names) if axis not in axes)
                more = f" (and {len(far) - 1} more such totals)" if len(far) > 1 else ""
                says = f"the figures{of} add up to {now[place]:,.0f}, {told.format(then[place])}{more}"
                found.append((axes == _ALL or len(far) > 1, says))
        yield from [says for _, says in sorted(found, key=lambda each: each[0])][:1]

    def _mistaken(self) -> Iterator[str]:
        """Find forces whose figures are another's, or one and the same throughout."""
        ours, theirs = self.both
        for i, name in enumerate(areas.NAMES):
            counted = ours[:, i] > 0
            same = (counted[:, None] & (ours[:, [i]] == theirs)).sum(axis=(0, 2))
            other = int(np.argmax(same))
            if other != i and same[other] > max(SWAPPED * counted.sum(), same[i], _FEW):
                yield f"the figures of {name} are those that release {self.held.id} has of {areas.NAMES[other]}"
                return
        for i, name in enumerate(areas.NAMES):
            values = self.figures.cells.values[:, i]
            found, times = np.unique(values[values > 20], return_counts=True)  # smaller ones come again by chance
            if times.sum() > _FEW and times.max() > REPEATED * times.sum():
                yield f"{times.max():,} of {times.sum():,} figures of {name} over 20 are {found[times.argmax()]:,.0f}"
                return

    def _leaps(self) -> Iterator[str]:
        """Find a total of a new quarter that is far from that of a year before: of all, of a force, of a group."""
        codes, values, known = self.figures.cells.codes, self.figures.cells.values, offences.known()
        before = np.full_like(values, np.nan)
        before[:, :, 4:] = values[:, :, :-4]
        pair = _known(values, before, among=self.is_new)
        of = np.array([(known[code].group or "") if code in known else "" for code in codes])
        groups = [group for group in np.unique(of) if group]
        grouped = [np.array([side[of == group].sum(axis=0) for group in groups]) for side in pair]
        names = [known[group].name for group in groups]
        by_group = [(grouped, names, (1,), LITTLE, OF_A_PART)] if groups else []
        return self._far("and a year before to {:,.0f}", [*((pair, codes, *each) for each in _LEAPS), *by_group])

    def changes(self) -> str:
        """Say how many figures the table changes of those that are held, and their total."""
        ours, theirs = self.both
        number, other = int(((ours > 0) | (theirs > 0)).sum()), int((ours != theirs).sum())
        if not number:
            return f"It has no cell with a figure that release {self.held.id} has too."
        now, then = ours.sum(), theirs.sum()
        total = (
            f"goes from {then:,.0f} to {now:,.0f} ({100 * (now / then - 1):+.3f}%)" if other else f"stays {then:,.0f}"
        )
        return f"It changes {other:,} of {number:,} figures of release {self.held.id}; their total {total}."


def _known(is_: Values, was: Values, *, among: npt.NDArray[np.bool_] | bool = True) -> tuple[Values, Values]:
    """Return two tables with 0 where either has no figure."""
    known = ~np.isnan(is_) & ~np.isnan(was) & among
    return np.where(known, is_, 0), np.where(known, was, 0)
