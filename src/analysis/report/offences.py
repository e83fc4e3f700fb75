"""What changed in what is counted, when, and by whose word: the register of breaks as pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from analysis.comparison import Comparison
from analysis.report import addresses
from analysis.report.view import Column, View, head, html, prose, rows_of, say, table, words
from analysis.terms import areas, breaks, numbers, offences
from analysis.terms.breaks import Break
from analysis.terms.numbers import number
from analysis.terms.offences import Offence


def breaks_of(comparison: Comparison) -> View:
    """Return what changed in what is counted of the comparison's offence, oldest first, each with its sources."""
    effects = breaks.effects(comparison.offence)
    if not effects:
        return prose(say("registers.no-entry"), kind="empty")
    return _timeline([effect.change for effect in effects])


def reviewed_reading(comparison: Comparison) -> View:
    """Return for which quarters somebody has looked for breaks, or that nobody has."""
    reviewed, name = comparison.offence.reviewed, comparison.offence.label
    if reviewed is None:
        return prose(say("registers.not-reviewed", name=name))
    on = numbers.day_words(reviewed.on)
    return prose(say("registers.reviewed", name=name, span=reviewed.span.words, on=on))


def masthead() -> View:
    """Return the head of the page of all breaks."""
    register = breaks.register()
    when = say("registers.when", entries=len(register.entries), unexplained=len(register.unexplained))
    return head(say("registers.title"), say("registers.subject"), when)


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
    return table(frame, caption=say("registers.unexplained-caption"), name="unexplained")


def reviewed() -> View:
    """Return which offences were reviewed, for which quarters."""
    rows = [
        (offence.name, offence.code, offence.reviewed.span.words, offence.reviewed.on.isoformat())
        for offence in offences.known().values()
        if offence.reviewed
    ]
    heads = words("registers.reviewed-heads")
    columns = [Column(head, name) for name, head in heads.items()]
    return table(rows_of(list(heads), rows), columns, caption=say("registers.reviewed-caption"), name="reviewed")


def _timeline(changes: Sequence[Break]) -> View:
    by_year = groupby(changes, lambda change: change.day.year)
    told = [(year, [_entry(change) for change in of_year]) for year, of_year in by_year]
    text = "\n".join(f"- {change.words}: {change.what} {_effect(change).striptags()}" for change in changes)
    return View(html("timeline", told, 3), text)


def _entry(change: Break) -> tuple[str, str, str, Markup, str, list[tuple[str, str]]]:
    when = change.months.words if change.until else change.words
    linked = [(source.address, source.title) for source in breaks.sources(change)]
    return change.id, when, change.what, _effect(change), say(f"registers.verified.{change.verified}"), linked


def _effect(change: Break) -> Markup:
    """Return what an entry does to which offences and in which forces, each leading to its page."""
    touched = {"breaks": change.breaks, "cautions": change.cautions, "whole": change.whole}
    parts = [(say(f"registers.effects.{name}"), list(_named(codes))) for name, codes in touched.items() if codes]
    forces = [(addresses.force_page(areas.find(name).slug), name) for name in change.forces]
    return html("effect", parts, say("registers.in"), forces)


def _named(codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give the page and the name of each offence."""
    if breaks.EVERYTHING in codes:
        yield "", say("registers.all-offences")
        return
    for code in codes:
        yield addresses.national_page(code), _name(code)


def _name(code: str) -> str:
    known = offences.known().get(code)
    if known is None:
        return code
    return f"{known.name} ({known.code})" if known.kind == "code" else known.name


def listing() -> str:
    """Return every offence that may be asked for, in plain text, a line each, as ``analysis offences`` prints it."""
    rows = [
        (offence.code, offence.name, _span(offence), say("registers.is-reviewed") if offence.reviewed else "")
        for offence in offences.known().values()
        if not (offence.outcomes_only or offence.part_of)
    ]
    frame = rows_of(("code", "name", "counted", "history"), rows)
    shown = table(frame, [Column(name, name) for name in frame.columns], caption="")
    return f"{shown.text}\n{say('registers.listed', count=number(len(rows)))}"


def _span(offence: Offence) -> str:
    first = [say("registers.from", month=offence.first.first.words)] if offence.first else []
    return " ".join(first + ([say("registers.until", month=offence.last.last.words)] if offence.last else []))
