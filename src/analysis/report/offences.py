"""Every offence that is counted: what a force recorded of each, and what changed in the counting, when, and by whose word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from analysis.comparison import Comparison
from analysis.report import sentences
from analysis.report.view import Column, View, html, marked, prose, rows_of, table
from analysis.terms import breaks, numbers, offences
from analysis.terms.breaks import Break
from analysis.terms.numbers import number
from analysis.terms.offences import Offence

_VERIFIED = {
    "text": "The source's own sentence was read.",
    "text2": "Read in a third party that quotes the source.",
    "data": "Seen in the figures; no source that explains it was found.",
}


def everything(comparison: Comparison) -> View:
    """Return all that the area recorded in the two periods: counts, and the change where it may be given, group by group."""
    pairs = comparison.listed
    frame = rows_of(
        ("force", "code", "name", "offences", "baseline_offences", "answer", "marks", "caveats"),
        [
            (
                comparison.area.name,
                pair.current.offence.code,
                pair.current.offence.name,
                pair.current.offences,
                pair.baseline.offences if pair.baseline else None,
                pair.answer,
                "".join(pair.current.marks),
                " ".join(caveat.code for caveat in pair.caveats),
            )
            for pair in pairs
        ],
    )
    by_code = {pair.current.offence.code: pair for pair in pairs}
    columns = [
        Column("Recorded offences", lambda row: _named(by_code[row.code].current.offence)),
        Column(comparison.current.period.words, "offences"),
        *([Column(comparison.baseline.period.words, "baseline_offences")] if comparison.baseline else []),
        Column("Change", lambda row: sentences.change_words(by_code[row.code])),
        Column("Marks", lambda row: marked(" ".join(f"[{mark}]" for mark in row.marks)) if row.marks else "none"),
    ]
    caption = f"{comparison.area.name}: everything recorded, release of {comparison.release.words}"
    return table(frame, columns, caption=caption, name="everything", kind="everything")


def everything_reading(comparison: Comparison) -> View:
    """Return how to read the table of everything recorded."""
    known = sum(pair.answer in {"yes", "with-care"} for pair in comparison.listed)
    return prose(
        f"Offences stand group by group, as the Home Office groups them, never by size; the first of each group is its total, and some "
        f"rows are parts of others. Of {len(comparison.listed)} rows {known} may be compared across these periods. “Not known” says that nobody "
        "has reviewed here whether what is counted changed; “not comparable”, that it did or that figures are missing. Ranges allow for how much "
        "forces' changes vary."
    )


def breaks_of(comparison: Comparison) -> View:
    """Return what changed in what is counted of the comparison's offence, oldest first, each with its sources."""
    effects = breaks.effects(comparison.offence)
    if not effects:
        return prose("The register of breaks has no entry for these offences.", kind="empty")
    return _timeline([effect.change for effect in effects], level=3)


def reviewed_reading(comparison: Comparison) -> View:
    """Return for which quarters somebody has looked for breaks, or that nobody has."""
    reviewed, name = comparison.offence.reviewed, comparison.offence.label
    if reviewed is None:
        return prose(f"Nobody has reviewed here what is counted as {name}: no entry below does not mean no change.")
    return prose(
        f"What is counted as {name} was reviewed for {reviewed.span.words}, on {numbers.day_words(reviewed.on)}."
    )


def masthead() -> View:
    """Return the head of the page of all breaks."""
    title, subject = (
        "What changed in what is counted",
        "Breaks, events and late supplies in police recorded crime since 2012",
    )
    register = breaks.register()
    when = f"{len(register.entries)} entries, {len(register.unexplained)} steps in the figures that none explains"
    return View(html("masthead", title, subject, when), f"{title}\n{subject}\n{when}", title=title)


def introduction() -> View:
    """Return what the register of breaks is, and what it is not."""
    return prose(
        "Across a break nothing is compared: no ratio, no percentage, no arrow. A caution stays beside a comparison as a sentence. A break of one "
        "code breaks every group that holds it, unless the entry says that the group stays whole, or the code is less than a hundredth of it.",
        "No entry does not mean no change. Each says how far it was verified, and what was read.",
    )


def timeline() -> View:
    """Return every entry of the register by year, with what it touches and its sources."""
    return _timeline(sorted(breaks.register().entries, key=lambda change: (change.day, change.id)), level=3)


def unexplained() -> View:
    """Return the births, ends and steps in the figures that no entry explains."""
    rows = [(_name(each.code), each.quarter, each.kind, each.note) for each in breaks.register().unexplained]
    frame = rows_of(("offence", "quarter", "kind", "note"), rows)
    columns = [Column(name.capitalize(), name) for name in frame.columns]
    return table(frame, columns, caption="Steps in the figures that no entry explains", name="unexplained")


def reviewed() -> View:
    """Return which offences were reviewed, for which quarters."""
    rows = [
        (offence.name, offence.code, offence.reviewed.span.words, offence.reviewed.on.isoformat())
        for offence in offences.known().values()
        if offence.reviewed
    ]
    frame = rows_of(("offence", "code", "quarters", "on"), rows)
    columns = [
        Column("Offences", "offence"),
        Column("Code", "code"),
        Column("Reviewed for", "quarters"),
        Column("On", "on"),
    ]
    return table(
        frame,
        columns,
        caption="What was reviewed; of all others it is not known whether they may be compared",
        name="reviewed",
    )


def _named(offence: Offence) -> Markup | str:
    return html("strong", offence.name) if offence.kind == "group" and offence.code in _totals() else offence.name


def _totals() -> set[str]:
    return {offence.group for offence in offences.known().values() if offence.group}


def _timeline(changes: Sequence[Break], *, level: int) -> View:
    years: dict[int, list[Break]] = {}
    for change in changes:
        years.setdefault(change.day.year, []).append(change)
    told = [(year, [_entry(change) for change in of_year]) for year, of_year in years.items()]
    text = "\n".join(f"- {change.words}: {change.what} {_effect(change)}" for change in changes)
    return View(html("timeline", told, level), text)


def _entry(change: Break) -> tuple[str, str, str, str, str, list[tuple[str, str]]]:
    when = change.months.words if change.until else change.words
    linked = [(source.address, source.title) for source in breaks.sources(change)]
    return change.id, when, change.what, _effect(change), _VERIFIED[change.verified], linked


def _effect(change: Break) -> str:
    where = f" In {', '.join(change.forces)}." if change.forces else ""
    parts = [
        f"{words} {_names(names)}."
        for words, names in (
            ("Not compared across it:", change.breaks),
            ("Compared with a caution:", change.cautions),
            ("Comparable all the same:", change.whole),
        )
        if names
    ]
    return " ".join(parts) + where


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
    first = offence.first.first.words if offence.first else ""
    last = offence.last.last.words if offence.last else ""
    return f"{f'from {first}' if first else ''}{f' until {last}' if last else ''}".strip()
