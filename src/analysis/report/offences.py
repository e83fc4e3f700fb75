"""Every offence that is counted: what a force recorded of each, and what changed in the counting, when, and by whose word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from analysis.comparison import Comparison
from analysis.report.view import Column, View, head, html, prose, rows_of, say, table, words
from analysis.terms import breaks, numbers, offences
from analysis.terms.breaks import Break
from analysis.terms.numbers import number
from analysis.terms.offences import Offence


def breaks_of(comparison: Comparison) -> View:
    """Return what changed in what is counted of the comparison's offence, oldest first, each with its sources."""
    effects = breaks.effects(comparison.offence)
    if not effects:
        return prose("The register of breaks has no entry for these offences.", kind="empty")
    return _timeline([effect.change for effect in effects])


def reviewed_reading(comparison: Comparison) -> View:
    """Return for which quarters somebody has looked for breaks, or that nobody has."""
    reviewed, name = comparison.offence.reviewed, comparison.offence.label
    if reviewed is None:
        return prose(f"Nobody has reviewed here what is counted as {name}: no entry below does not mean no change.")
    when = f"{reviewed.span.words}, on {numbers.day_words(reviewed.on)}"
    return prose(f"What is counted as {name} was reviewed for {when}.")


def masthead() -> View:
    """Return the head of the page of all breaks."""
    register = breaks.register()
    when = f"{len(register.entries)} entries, {len(register.unexplained)} steps in the figures that none explains"
    subject = "Breaks, events and late supplies in police recorded crime since 2012"
    return head("What changed in what is counted", subject, when)


def introduction() -> View:
    """Return what the register of breaks is, and what it is not."""
    return prose(say("registers.breaks"), say("registers.breaks-unknown"))


def timeline() -> View:
    """Return every entry of the register by year, with what it touches and its sources."""
    return _timeline(sorted(breaks.register().entries, key=lambda change: (change.day, change.id)))


def unexplained() -> View:
    """Return the births, ends and steps in the figures that no entry explains."""
    rows = [(_name(each.code), each.quarter, each.kind, each.note) for each in breaks.register().unexplained]
    frame = rows_of(("offence", "quarter", "kind", "note"), rows)
    return table(frame, caption="Steps in the figures that no entry explains", name="unexplained")


def reviewed() -> View:
    """Return which offences were reviewed, for which quarters."""
    rows = [
        (offence.name, offence.code, offence.reviewed.span.words, offence.reviewed.on.isoformat())
        for offence in offences.known().values()
        if offence.reviewed
    ]
    heads = {"offence": "Offences", "code": "Code", "quarters": "Reviewed for", "on": "On"}
    columns = [Column(head, name) for name, head in heads.items()]
    caption = "What was reviewed; of all others it is not known whether they may be compared"
    return table(rows_of(list(heads), rows), columns, caption=caption, name="reviewed")


def _timeline(changes: Sequence[Break]) -> View:
    by_year = groupby(changes, lambda change: change.day.year)
    told = [(year, [_entry(change) for change in of_year]) for year, of_year in by_year]
    text = "\n".join(f"- {change.words}: {change.what} {_effect(change)}" for change in changes)
    return View(html("timeline", told, 3), text)


def _entry(change: Break) -> tuple[str, str, str, str, str, list[tuple[str, str]]]:
    when = change.months.words if change.until else change.words
    linked = [(source.address, source.title) for source in breaks.sources(change)]
    return change.id, when, change.what, _effect(change), words("registers.verified")[change.verified], linked


def _effect(change: Break) -> str:
    touched = {"breaks": change.breaks, "cautions": change.cautions, "whole": change.whole}
    parts = [f"{words('registers.effects')[name]}: {_names(codes)}." for name, codes in touched.items() if codes]
    return " ".join(parts) + (f" In {', '.join(change.forces)}." if change.forces else "")


def _names(codes: Iterable[str]) -> str:
    return "all offences" if breaks.EVERYTHING in codes else "; ".join(map(_name, codes))


def _name(code: str) -> str:
    known = offences.known().get(code)
    if known is None:
        return code
    return f"{known.name} ({known.code})" if known.kind == "code" else known.name


def listing() -> str:
    """Return every offence that may be asked for, in plain text, a line each, as ``analysis offences`` prints it."""
    rows = [
        (offence.code, offence.name, _span(offence), "reviewed" if offence.reviewed else "")
        for offence in offences.known().values()
        if not (offence.outcomes_only or offence.part_of)
    ]
    frame = rows_of(("code", "name", "counted", "history"), rows)
    shown = table(frame, [Column(name, name) for name in frame.columns], caption="Offences")
    return f"{shown.text}\n{number(len(rows))} codes, families and groups; all but the reviewed answer “not known” across time"


def _span(offence: Offence) -> str:
    first = f"from {offence.first.first.words}" if offence.first else ""
    last = f"until {offence.last.last.words}" if offence.last else ""
    return f"{first} {last}".strip()
