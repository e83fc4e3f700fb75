"""What is held, how a file compares with it, and what was revised, in words for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.report.view import aligned, figure
from analysis.terms.periods import quarter_label

if TYPE_CHECKING:
    from analysis.figures.added import Verification
    from analysis.figures.register import Register, Release
    from analysis.figures.revisions import Revisions

MOST_NAMED = 12  # codes in a sentence


def listing(register: Register) -> str:
    """Return what is held: each release with its kind, period, number of offence codes, source and hash."""
    return "\n\n".join(map(_listed, register.releases))


def verification(found: Verification) -> str:
    """Return each cell in which a file and a release differ, and a sentence."""
    about = f"{found.compared:,} cells compared with release {found.release.id} (codes {_some(found.codes)})"
    if found.agrees:
        return f"{about}; all agree."
    lacking = [
        f"{where} has no figures of {_some(codes)}."
        for where, codes in (("The file", found.only_held), ("The release", found.only_file))
        if codes
    ]
    differ = f"{about}; {len(found.differences):,} differ."
    if found.differences.empty:
        return "\n".join([differ, *lacking])
    columns = (found.differences[name] for name in ("force", "quarter", "offence", "held", "file"))
    rows = [
        [force, quarter_label(quarter), code, *(figure(n).replace("[x]", "not supplied") for n in both)]
        for force, quarter, code, *both in zip(*columns, strict=True)
    ]
    return "\n".join([aligned([["force", "quarter", "code", "held", "file"], *rows]), "", differ, *lacking])


def revisions(found: Revisions, *, most: int = 20) -> str:
    """Return what was revised for an area.

    Parameters
    ----------
    found
        What was revised.
    most
        How many of the largest changes to list.
    """
    parts = (_differing(found), _largest(found, most), _ages(found, most))
    return "\n\n".join(part for part in parts if part)


def _listed(release: Release) -> str:
    texts = {
        "released": release.released.isoformat() if release.released else "date unknown",
        "covers": f"{release.covers} ({release.covers.words})",
        "offences": f"{len(release.codes)} codes" if len(release.codes) > 1 else f"code {release.codes[0]}",
        "source": f"{release.producer}. {release.obtained}",
        "limits": release.limits,
    }
    body = [
        textwrap.fill(text, 110, initial_indent=f"  {what:<9}", subsequent_indent=" " * 11, break_on_hyphens=False)
        for what, text in texts.items()
    ]
    return "\n".join(
        [f"{release.id} ({release.kind})", *body, f"  sha256   {release.table.sha256}  {release.table.file}"]
    )


def _differing(found: Revisions) -> str:
    told = found.by_quarter
    differing = told[told.drop(columns="difference").nunique(axis=1) > 1]
    sentence = (
        f"{found.area.name}, {found.offence.label}: {len(differing)} of {len(told)} quarters differ between releases."
    )
    if differing.empty:
        return sentence
    columns = differing.reset_index()
    rows = [
        [quarter_label(quarter), *map(figure, counts)]
        for quarter, *counts in zip(*(columns[name] for name in columns), strict=True)
    ]
    return f"{sentence}\n\n{aligned([['quarter', *map(str, told.columns)], *rows])}"


def _largest(found: Revisions, most: int) -> str:
    if found.changes.empty:
        return ""
    changes = found.changes.head(most)
    columns = (changes[name] for name in ("force", "quarter", "earlier", "later", "before", "after"))
    rows = [
        [force, quarter_label(quarter), earlier, later, *map(figure, counts)]
        for force, quarter, earlier, later, *counts in zip(*columns, strict=True)
    ]
    listed = aligned([["force", "quarter", "release", "later release", "before", "after"], *rows])
    return f"Changes of single figures, the largest first ({len(rows)} of {len(found.changes)}):\n\n{listed}"


def _ages(found: Revisions, most: int) -> str:
    if found.ages.empty:
        return ""
    header = ["age", "cells", "changed", "% changed", "median change", "largest", "net change", "net %"]
    decimals = (0, 0, 0, 1, 1, 0, 0, 1)
    ages = found.ages.assign(share=100 * found.ages["share"]).head(most)
    rows = [[figure(value, places) for value, places in zip(row, decimals, strict=True)] for row in ages.itertuples()]
    return (
        "All forces, by the age of a figure in quarters (0 is the newest of its release):\n\n"
        f"{aligned([header, *rows])}\n\n"
        f"Provisional: the newest {found.provisional} quarters of a release."
    )


def _some(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - MOST_NAMED} more" if len(codes) > MOST_NAMED else ""
    return f"{', '.join(codes[:MOST_NAMED])}{more}"
