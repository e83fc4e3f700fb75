"""What is held, how a file compares with it, and what was revised, in words for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis import reader
from analysis.report.view import Column, aligned, figure, table
from analysis.terms import areas

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.register import Register, Release
    from analysis.figures.revisions import Revisions
    from analysis.figures.verification import Verification

MOST_NAMED = 12  # codes in a sentence


def listed_areas() -> list[dict[str, str]]:
    """Return the areas that can be asked for, a row each: ``name``, ``kind``, ``code`` (blank where ONS gives none), ``within``."""
    made = [(area.name, area.kind, area.code, "") for area in areas.AREAS.values()]
    made += [(force.name, "force", force.code, force.region) for force in areas.FORCES]
    made += [(f"{each.name} partnership", "partnership", each.code, each.force.name) for each in areas.partnerships()]
    return [{"name": name, "kind": kind, "code": code or "", "within": within} for name, kind, code, within in made]


def overview(register: Register) -> str:
    """Return what is held on one screen: a line for each release."""
    latest = register.release("latest")
    lines = [("release", "kind", "covers", "codes", "came", "")]
    for each in register.releases:
        came, mark = "added" if each.is_added else "shipped", "latest" if each is latest else ""
        lines.append((each.id, each.kind, str(each.covers), str(len(each.codes)), came, mark))
    return f"{aligned(lines)}\n\n`analysis data list -v` tells where each came from, its limits and its hash."


def entries(register: Register) -> list[dict[str, object]]:
    """Return what is held as plain values."""
    return [
        {name: value for name, value in reader.plain(release, blanks=True).items() if name not in {"offences", "order"}}
        | {"codes": list(release.codes), "covers": str(release.covers), "is_added": release.is_added}
        for release in register.releases
    ]


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
    shown = found.differences[["force", "quarter", "offence", "held", "file"]].rename(columns={"offence": "code"})
    for name in ("held", "file"):
        shown[name] = [figure(value).replace("[x]", "not supplied") for value in shown[name]]
    return "\n".join([_table(shown), "", differ, *lacking])


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
    hashed = f"  sha256   {release.table.sha256}  {release.table.file}"
    return "\n".join([f"{release.id} ({release.kind})", *body, hashed])


def _differing(found: Revisions) -> str:
    told = found.by_quarter
    differing = told[told.drop(columns="difference").nunique(axis=1) > 1]
    what = f"{found.area.name}, {found.offence.label}"
    sentence = f"{what}: {len(differing)} of {len(told)} quarters differ between releases."
    return sentence if differing.empty else f"{sentence}\n\n{_table(differing.reset_index())}"


def _largest(found: Revisions, most: int) -> str:
    if found.changes.empty:
        return ""
    changes = found.changes.head(most)[["force", "quarter", "earlier", "later", "before", "after"]]
    listed = _table(changes.rename(columns={"earlier": "release", "later": "later release"}))
    return f"Changes of single figures, the largest first ({len(changes)} of {len(found.changes)}):\n\n{listed}"


def _ages(found: Revisions, most: int) -> str:
    if found.ages.empty:
        return ""
    ages = found.ages.assign(share=100 * found.ages["share"]).head(most).reset_index()
    heads = {"share": "% changed", "median": "median change", "net": "net change", "net_percent": "net %"}
    columns = ["age", "cells", "changed", "share", "median", "largest", "net", "net_percent"]
    listed = _table(ages[columns].rename(columns=heads), one_decimal=("% changed", "median change", "net %"))
    said = "All forces, by the age of a figure in quarters (0 is the newest of its release):"
    return f"{said}\n\n{listed}\n\nProvisional: the newest {found.provisional} quarters of a release."


def _table(frame: pd.DataFrame, one_decimal: Sequence[str] = ()) -> str:
    """Return a table as aligned text."""
    from analysis.report.tables import with_labels  # the list of what is held must not wait for pandas

    columns = [Column(str(name), name, int(name in one_decimal)) for name in frame.columns]
    return table(with_labels(frame), columns, caption="").text


def _some(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - MOST_NAMED} more" if len(codes) > MOST_NAMED else ""
    return f"{', '.join(codes[:MOST_NAMED])}{more}"
