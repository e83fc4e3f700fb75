"""The front page, the page of what changed and the page of data: about no one offence and no one force."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from markupsafe import Markup

from analysis.comparison import Comparison, Release, Screen, load_register, screen_tried, screened
from analysis.report import addresses, view
from analysis.report.sentences import percent_words
from analysis.report.tables import quarters_by_force
from analysis.report.view import View, html, items, prose, say, stack, words
from analysis.terms import areas, breaks, offences
from analysis.terms.numbers import filled

MOST_LISTED = 12  # changes on the front page
_SEEN_FROM = ["wider_seen_from", "forces_seen_from"]


def masthead(comparison: Comparison, page: Literal["index", "changes", "breaks", "methods", "data"] = "index") -> View:
    """Return the head of a page of the site's own, and what it answers.

    Parameters
    ----------
    comparison
        Whose period, baseline, offence and release it names.
    page
        ``index``, ``changes``, ``breaks``, ``methods`` or ``data``.
    """
    held = breaks.register()
    values = {"of": comparison, "forces": len(areas.FORCES), "offences": len(offences.with_pages())}
    values |= {"entries": len(held.entries), "unexplained": len(held.unexplained)}
    return view.head(*(filled(text, **values) for text in words(f"front.{page}").values()))


def search() -> View:
    """Return where the page's script puts its search; without a script the lists below are to be read."""
    return View(html("search", *words("front.search").values(), words("site.parts")), "")


def found(kind: str) -> View:
    """Return links to all pages of a kind, with the words by which the search finds each.

    Parameters
    ----------
    kind
        ``areas``, ``places``, ``offences`` or ``pages``.
    """
    listed = list(addresses.findable(kind))
    shown = View(html("finder", kind, listed), "\n".join(said for _, said, _ in listed))
    return view.fold("front.places", shown, count=len(listed)) if kind == "places" else shown


def elsewhere() -> View:
    """Return what people ask for that these tables do not hold, where it is counted, and what comes closest; the search finds it."""
    held = offences.all_not_held()
    pages = {code: _known(code) for each in held for code in each.closest}
    text = "\n".join(f"- {each.names[0]}: {each.words}" for each in held)
    return view.fold("front.elsewhere", View(html("elsewhere", held, pages), text))


def changed(comparison: Comparison) -> View:
    """Return the first of the changes that the screen names, with a link to all that it found."""
    told, *named = changes_text(screened(comparison.release, *comparison.periods)).split("\n")
    link = html("page", addresses.CHANGES, say("front.see-changes"))
    return stack(prose(told), items(*named[:MOST_LISTED]), prose(say("front.one-by-one"), link))


def newest(comparison: Comparison) -> View:
    """Return which release is the newest, and what it adds to the one before."""
    release, added = comparison.release, ""
    if before := full_before(release):
        months = replace(release.covers, first=before.covers.last.shift(1))
        added = say("front.release-added", before=before, months=months)
    return prose(say("front.release", release=release, added=added).strip())


def full_before(release: Release) -> Release | None:
    """Return the newest full release that reaches less far than another, or None.

    Parameters
    ----------
    release
        The other.
    """
    held = [each for each in load_register().releases if each.kind == "full"]
    return next((each for each in reversed(held) if each.covers.last < release.covers.last), None)


def example() -> View:
    """Return what the first story was about, with links to its claims and to one force."""
    claims = html("page", addresses.CLAIMS, say("front.example-link"))
    force = html("page", addresses.force_page("northamptonshire", addresses.DEFAULT), say("front.example-force"))
    return prose(say("front.example-lead"), claims, force)


def limits() -> View:
    """Return what recorded crime does not measure, whatever the offence."""
    return items(*words("front.limits").values(), say("site.accredited"), kind="limits")


def changes_by_offence(comparison: Comparison) -> View:
    """Return the changes that are named; and for each reviewed offence where they are, where recording steps, and which rise would have been seen."""
    found = screened(comparison.release, *comparison.periods)
    rows = []
    for code, part in found.rows.groupby("offence", sort=False):
        sides = {way: part["named"] == way for way in ("more", "fewer")} | {"apart": part["apart"].astype(bool)}
        named = {side: "; ".join(part["area"][which]) for side, which in sides.items()}
        seen = part.groupby("family")["seen_from"].median().reindex(["nation", "forces"])
        rows.append({"offence": code, "areas": len(part), **named, **seen.set_axis(_SEEN_FROM)})

    def page(area: str, code: str) -> str:
        return (
            addresses.of_force(area, offences.known()[code]) if area in areas.NAMES else addresses.national_page(code)
        )

    def linked(names: str, code: str) -> Markup:
        return html("forces", [(page(name, code), name) for name in names.split("; ") if name])

    cells: dict[str, Any] = {"offence": [html("page", *_known(row["offence"])) for row in rows]}
    cells |= {side: [linked(row[side], row["offence"]) for row in rows] for side in ("more", "fewer", "apart")}
    cells |= dict.fromkeys(_SEEN_FROM, 0)
    shown = view.table(rows, "front.changes", cells=cells, name="changes", kind="rows", of=comparison)
    unread = [offences.known()[code].name for code in found.unread]
    not_seen = say("front.changes-not-seen", named=unread) if unread else ""
    told, *lines = changes_text(found).split("\n")
    return replace(stack(prose(told), items(*lines), shown, prose(not_seen)), name="")  # the file of the page


def changes_seen() -> View:
    """Return how often a change would be named by how large it is and of how many offences, and how far changes lie by themselves."""
    tried = screen_tried().sort_values(["what", "at"])
    tails = tried[(tried["what"] == "tails") & (tried["at"] == 3)].iloc[0].to_dict()
    power = tried[tried["what"] != "tails"].astype({"at": int})
    shown = power.assign(what=power["what"].str.removeprefix("rise-").astype(int))
    cells: dict[str, Any] = {"what": "{}%", "nation": 1, "forces": 1}
    made = view.table(shown, "front.power", cells=cells, name="power", behind=power)
    return stack(prose(say("front.power", of=tails)), made)


def changes_text(found: Screen) -> str:
    """Return the changes that are named, in plain text, as ``analysis changes`` prints them."""
    named = found.rows[found.rows["named"] != ""]
    apart = say("front.changes-apart", apart=some) if (some := found.rows["apart"].sum()) else ""
    values = {"found": found, "release": load_register().release(found.release), "read": len(found.rows)}
    lines = [view.counted("front.changes-told", len(named), apart=apart, **values)]
    for row in named.to_dict("records"):
        told = {"offence": _known(row["offence"])[1], "percent": percent_words(row["percent"])}
        lines.append(say("front.change", row=row, **told))
    return "\n".join(lines)


def files() -> View:
    """Return which files the site has, and what each holds."""
    named = words("front.data-files").items()
    rows = [(name if "<" in name else html("link", name, name), said) for name, said in named]
    return view.table(rows, "front.data")


def how_to() -> View:
    """Return how to cite and to call what the site holds."""
    return prose(*(say(f"front.data-{name}") for name in ("cite", "call", "provisional")))


def all_figures(comparison: Comparison) -> View:
    """Return every quarter of every force for every reviewed offence: a file, and nothing to show."""
    release = comparison.release
    codes = [each.code for each in offences.with_pages() if release.holds(each.code)]
    return View(html("unseen", ""), "", "", quarters_by_force(codes, release, areas.NAMES))


def _known(code: str) -> tuple[str, str]:
    return addresses.national_page(code), offences.known()[code].name
