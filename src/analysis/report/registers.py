"""The registers as pages and the command show them: breaks, offences, areas, releases and what was revised between these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from analysis import reader
from analysis.report import addresses
from analysis.report.view import View, aligned, figure, fold, html, prose, say, stack, table, words
from analysis.terms import areas, breaks, offences
from analysis.terms.breaks import Break
from analysis.terms.findings import Caveat
from analysis.terms.numbers import some
from analysis.terms.offences import Offence

if TYPE_CHECKING:
    import pandas as pd

    from analysis.comparison import Comparison
    from analysis.figures.register import Register
    from analysis.figures.revisions import Revisions
    from analysis.figures.verification import Verification

MOST_LISTED = 20  # changes, in the terminal


def introduction() -> View:
    """Return what the register of breaks is, and what it is not."""
    return prose(say("registers.breaks"), say("registers.breaks-unknown"))


def timeline(comparison: Comparison | None = None) -> View:
    """Return what changed in what is counted, oldest first, each with its sources.

    Parameters
    ----------
    comparison
        Of whose offence, and whether somebody has looked for breaks in it; by default all of the register.
    """
    if comparison is None:
        return _entries(breaks.register().entries)
    offence, changes = comparison.offence, [effect.change for effect in breaks.effects(comparison.offence)]
    reviewed = prose(say(f"registers.{'reviewed' if offence.reviewed else 'not-reviewed'}", offence=offence))
    if not changes:
        return stack(reviewed, prose(say("registers.no-entry"), kind="empty"))
    return stack(reviewed, fold("registers.timeline-fold", _entries(changes), count=len(changes)))


def _entries(changes: Sequence[Break]) -> View:
    held = breaks.register().sources
    told = [(change, _effect(change), [held[name] for name in change.sources]) for change in changes]
    shown = html("timeline", groupby(told, lambda each: each[0].day.year))
    return View(shown, "\n".join(f"- {each.words}: {each.what} {effect.striptags()}" for each, effect, _ in told))


def unexplained() -> View:
    """Return the births, ends and steps in the figures that no entry explains."""
    rows = [(_name(each.code), each.quarter, each.kind, each.note) for each in breaks.register().unexplained]
    return table(rows, "registers.unexplained", name="unexplained")


def reviewed() -> View:
    """Return which offences were reviewed, for which quarters."""
    known = [(each, each.reviewed) for each in offences.known().values() if each.reviewed]
    rows = [(each.name, each.code, of.span.words, of.on.isoformat()) for each, of in known]
    return table(rows, "registers.reviewed", name="reviewed")


def listed_offences() -> str:
    """Return every offence that may be asked for, in plain text, a line each, as ``analysis offences`` prints it."""
    offered = [each for each in offences.known().values() if not (each.outcomes_only or each.part_of)]
    reviewed = say("registers.is-reviewed")
    rows = [(each.code, each.name, _span(each), reviewed if each.reviewed else "") for each in offered]
    lines = aligned([("code", "name", "counted", "history"), *rows])
    return f"{lines}\n{say('registers.listed', count=len(rows))}"


def listed_areas() -> list[dict[str, str]]:
    """Return the areas that can be asked for, a row each: ``name``, ``kind``, ``code`` (blank where ONS gives none), ``within``."""
    made = [(area.name, area.kind, area.code, "") for area in areas.AREAS.values()]
    made += [(force.name, "force", force.code, force.region) for force in areas.FORCES]
    made += [(f"{each.name} partnership", "partnership", each.code, each.force.name) for each in areas.partnerships()]
    return [{"name": name, "kind": kind, "code": code or "", "within": within} for name, kind, code, within in made]


def releases(register: Register) -> str:
    """Return the releases on one screen, a line each."""
    latest, came = register.release("latest"), words("registers.came")
    lines = [("release", "kind", "covers", "codes", "came", "")]
    for each in register.releases:
        how = came["added" if each.is_added else "shipped"], came["latest"] if each is latest else ""
        lines.append((each.id, each.kind, str(each.covers), str(len(each.codes)), *how))
    return f"{aligned(lines)}\n\n{say('registers.more-on-releases')}"


def release_entries(register: Register) -> list[dict[str, Any]]:
    """Return the releases as plain values."""
    return [
        {name: value for name, value in reader.plain(release, blanks=True).items() if name not in {"offences", "order"}}
        | {"codes": list(release.codes), "covers": str(release.covers), "is_added": release.is_added}
        for release in register.releases
    ]


def verification(found: Verification) -> str:
    """Return each cell in which a file and a release differ, and a sentence."""
    values = {"found": found, "codes": some(found.codes)}
    if found.agrees:
        return say("registers.verified-all", **values)
    told = [say("registers.verified-some", differ=len(found.differences), **values)]
    for where, codes in (("file", found.only_held), ("release", found.only_file)):
        told += [say(f"registers.lacking.{where}", codes=some(codes))] if codes else []
    if not found.differences.empty:
        shown = found.differences.rename(columns={"offence": "code"})[["force", "quarter", "code", "held", "file"]]
        for name in ("held", "file"):
            shown[name] = [figure(value).replace("[x]", say("registers.not-supplied")) for value in shown[name]]
        told = [_table(shown), "", *told]
    return "\n".join(told)


def revisions(found: Revisions) -> str:
    """Return what was revised for an area.

    Parameters
    ----------
    found
        What was revised.
    """
    quarters = found.by_quarter
    differing = quarters[quarters.drop(columns="difference").nunique(axis=1) > 1]
    parts = [say("registers.quarters-differ", found=found, count=len(differing), of=len(quarters))]
    if found.area.place:
        parts.append(Caveat("counted-as", {"area": found.area}, "force").text)
    if not differing.empty:
        parts.append(_table(differing.reset_index()))
    if not found.changes.empty:
        changes = found.changes.head(MOST_LISTED)[["force", "quarter", "earlier", "later", "before", "after"]]
        parts.append(say("registers.largest-changes", count=len(changes), of=len(found.changes)))
        parts.append(_table(changes.rename(columns={"earlier": "release", "later": "later release"})))
    return "\n\n".join(parts)


def _effect(change: Break) -> Markup:
    """Return what an entry does to which offences and in which forces, each leading to its page."""
    parts = [(label, _named(getattr(change, name))) for name, label in words("registers.effects").items()]
    return html("effect", parts, [(addresses.force_page(areas.find(name).slug), name) for name in change.forces])


def _named(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return the page and the name of each offence."""
    if breaks.EVERYTHING in codes:
        return [("", say("registers.all-offences"))]
    return [(addresses.national_page(code), _name(code)) for code in codes]


def _name(code: str) -> str:
    known = offences.known().get(code)
    if known is None:
        return code
    return f"{known.name} ({known.code})" if known.kind == "code" else known.name


def _span(offence: Offence) -> str:
    ends = {"from": offence.first and offence.first.first, "until": offence.last and offence.last.last}
    return " ".join(say(f"registers.{name}", month=month) for name, month in ends.items() if month)


def _table(frame: pd.DataFrame) -> str:
    """Return a table as aligned text."""
    names = {name: str(name) for name in frame}
    return table(frame, heads=names, cells=dict.fromkeys(names, 0)).text
