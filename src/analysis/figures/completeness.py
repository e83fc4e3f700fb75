"""Whether a table that is added holds what the releases held do: what it leaves out, and what in it cannot be right."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from analysis.errors import RequestError
from analysis.figures.register import Release
from analysis.figures.tables import Figures
from analysis.terms import areas, offences
from analysis.terms.periods import Period

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
    sides = Sides(figures, held)
    if found := sides.doubts():
        more = f" (and {len(found) - _MOST_SAID} more)" if len(found) > _MOST_SAID else ""
        raise RequestError(
            f"{name}: {'; '.join(found[:_MOST_SAID])}{more}; fetch the file again, or take it with --as-it-is"
        )
    is_later = held.released and day > held.released
    early = figures.cells.covers.last
    return (*sides.left_out(), *([f"nothing after {early.words}"] if is_later and early < held.covers.last else []))


@dataclass(frozen=True)
class Sides:
    """A table beside a release.

    Attributes
    ----------
    figures
        The table.
    held
        The release.
    """

    figures: Figures
    held: Release

    @functools.cached_property
    def theirs(self) -> Values:
        """What the release says of the table's codes in its quarters, NaN where it says nothing."""
        return self.held.cells(self.figures.cells.codes).over(self.figures.cells.covers).values

    @functools.cached_property
    def both(self) -> tuple[Values, Values]:
        """What both say, with 0 where either has no figure."""
        ours = self.figures.cells.values
        known = ~np.isnan(ours) & ~np.isnan(self.theirs)
        return np.where(known, ours, 0), np.where(known, self.theirs, 0)

    @functools.cached_property
    def quarters(self) -> tuple[Period, ...]:
        """The table's quarters."""
        return self.figures.cells.covers.each_quarter

    @functools.cached_property
    def is_new(self) -> npt.NDArray[np.bool_]:
        """Whether each of them comes after what is held."""
        return np.array([quarter.first > self.held.covers.last for quarter in self.quarters])

    @functools.cached_property
    def has_force(self) -> npt.NDArray[np.bool_]:
        """Whether the table has a row of each force."""
        return np.asarray(self.figures.told.any(axis=(0, 2)))

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
        """Say what in the table cannot be right: nothing in it, rows missing, totals far from what is held, forces mistaken."""
        if np.isnan(self.figures.cells.values).all():
            return ["no cell has a figure"]
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
        """Find totals far from what is held, in cells that both have: the one that alone is far, or the widest, which brings the others."""
        found = []
        for axes, least, factor in _TOTALS:
            is_, was = (values.sum(axis=axes, keepdims=True) for values in self.both)
            far = np.argwhere(_is_far(is_, was, least, factor))
            if far.size:
                place = tuple(far[-1])
                more = f" (and {len(far) - 1} more such totals)" if len(far) > 1 else ""
                says = f"{self._where(place, axes)} add up to {is_[place]:,.0f}, where release {self.held.id} has {was[place]:,.0f} in the same cells{more}"
                found.append((axes == _ALL or len(far) > 1, says))
        yield from [says for _, says in sorted(found, key=lambda each: each[0])][:1]

    def _where(self, place: tuple[int, ...], added_up: tuple[int, ...]) -> str:
        """Say of which code, force and quarter a total is."""
        code, force, quarter = place
        what = "the figures" if 0 in added_up else f"the figures of code {self.figures.cells.codes[code]}"
        whose = "" if 1 in added_up else f" of {areas.NAMES[force]}"
        return f"{what}{whose}{'' if 2 in added_up else f' in {self.quarters[quarter].words}'}"

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
        known, values = offences.known(), self.figures.cells.values
        before = np.full_like(values, np.nan)
        before[:, :, 4:] = values[:, :, :-4]
        both = ~np.isnan(values) & ~np.isnan(before) & self.is_new
        pair = np.stack([np.where(both, values, 0), np.where(both, before, 0)])
        groups = [known[code].group if code in known else None for code in self.figures.cells.codes]
        everything = pair.sum(axis=(1, 2))
        among = [("", everything, MUCH, YEAR_ON_YEAR), ("", everything, LITTLE, OF_A_PART)]
        among += [(f" of {name}", pair[:, :, i].sum(axis=1), LITTLE, OF_A_PART) for i, name in enumerate(areas.NAMES)]
        for group in sorted(set(filter(None, groups))):
            of = [other == group for other in groups]
            among.append((f" of {known[group].name}", pair[:, of].sum(axis=(1, 2)), LITTLE, OF_A_PART))
        for whose, (now, then), least, factor in among:
            for i in np.flatnonzero(_is_far(now, then, least, factor))[-1:]:
                yield f"the figures{whose} in {self.quarters[i].words} add up to {now[i]:,.0f}, and a year before to {then[i]:,.0f}"
                return

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


def _is_far(is_: Values, was: Values, least: int, factor: float) -> npt.NDArray[np.bool_]:
    """Say which totals are not within a factor of what they were; one that was small may be small, and not large."""
    far: npt.NDArray[np.bool_] = ((was >= least) & (factor * is_ < was)) | (is_ > factor * np.maximum(was, least))
    return far
