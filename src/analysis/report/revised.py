"""How far later releases changed every figure of every offence: by their age, by force and by offence."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from analysis.comparison import revisions
from analysis.report.view import NOTHING, Column, View, html, prose, say, table, words
from analysis.terms import areas, offences
from analysis.terms.numbers import number

AGES = 12  # quarters: three years, after which little changes


def measures(first: Column, cells: str = "") -> list[Column]:
    """Return the columns of a table of revisions.

    Parameters
    ----------
    first
        What a row is of.
    cells
        What is counted in it.
    """
    heads = words("registers.revised-heads")
    return [
        first,
        Column(cells or heads["cells"], "cells"),
        Column(heads["changed"], "changed"),
        Column(heads["share"], lambda row: f"{number(row.share * 100)}%", number=True),
        *(Column(heads[name], name, 0) for name in ("median", "largest", "net")),
    ]


def introduction() -> View:
    """Return which releases are compared, how many figures they share, and what that does not show."""
    compared = revisions.pairs()
    if not compared:
        return prose(say("registers.no-revised"), kind="empty")
    ages = revisions.by("age")
    cells, changed = ages["cells"].sum(), ages["changed"].sum()
    pairs = (say("registers.revised-pair", earlier=earlier.words, later=later.words) for earlier, later in compared)
    releases = say("registers.revised-and").join(pairs)
    counts = {"cells": number(cells), "changed": number(changed), "share": number(100 * changed / cells, 1)}
    counts |= {
        "pairs": say("registers.pairs.many" if len(compared) > 1 else "registers.pairs.one", count=len(compared))
    }
    oldest = int(ages.index[ages["changed"] > 0].max())
    return prose(say("registers.revised", releases=releases, oldest=oldest, **counts), say("registers.revised-below"))


def by_age() -> View:
    """Return what changed by the age of a figure in quarters, the newest first."""
    caption = say("registers.by-age", ages=AGES)
    first = Column(say("registers.revised-heads.age"), "age")
    return _table(revisions.by("age").head(AGES).reset_index(), first, caption, "revised-ages")


def by_force() -> View:
    """Return what changed of each force's figures, by name."""
    frame = revisions.by("force")
    frame = frame.reindex([name for name in areas.NAMES if name in frame.index]).reset_index()
    return _table(frame, Column(say("tables.heads.force"), "force"), say("registers.by-force"), "revised-forces")


def by_offence() -> View:
    """Return what changed of each offence's figures, each group of offences behind a fold."""
    found, known = revisions.by("offence"), offences.known()
    places = {code: place for place, code in enumerate(known)}
    groups = {code: known[known[code].group or code] for code in found.index if code in known}
    codes = sorted(groups, key=lambda code: (places[groups[code].code], places[code]))
    frame = found.loc[codes].reset_index()
    frame.insert(0, "group", [groups[code].name for code in codes])
    frame.insert(2, "name", [f"{known[code].name} ({code})" for code in codes])
    each = [
        (
            group,
            _table(rows, Column(say("tables.heads.offences"), "name"), say("registers.by-offence", group=group), None),
        )
        for group, rows in frame.groupby("group", sort=False)
    ]
    shown = Markup("\n").join(html("fold", group, of.html) for group, of in each)
    return View(shown, "\n\n".join(f"{group}\n{of.text}" for group, of in each), "revised-offences", frame)


def _table(frame: pd.DataFrame, first: Column, caption: str, name: str | None) -> View:
    return NOTHING if frame.empty else table(frame, measures(first), caption=caption, name=name)
