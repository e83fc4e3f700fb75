"""The commands of `analysis`: each calls the library as its words ask, and prints. No logic of its own."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from analysis import figures, files, report  # each module of these loads when it is first used
from analysis._version import __version__
from analysis.cli import running
from analysis.cli.running import PATH, Group, option
from analysis.errors import ManyErrors, RequestError

_COMPLETE = "_ANALYSIS_COMPLETE"  # what click's scripts for a shell set


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Parameters
    ----------
    arguments
        The words after ``analysis``; by default those of this process.

    Returns
    -------
    int
        0 done; 1 finished, but something failed or differs; 2 nothing done, with one line on standard error that
        says why; 130 interrupted.
    """
    asked = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what cannot be written in its encoding is written as an escape
            stream.reconfigure(errors="backslashreplace")
    ended = running.status(lambda: _run(asked))
    running.tell("")
    return ended


def _run(asked: list[str]) -> int:
    if instruction := os.environ.get(_COMPLETE):
        from click.shell_completion import shell_complete

        return shell_complete(analysis, {}, "analysis", _COMPLETE, instruction)
    with analysis.make_context("analysis", list(asked)) as ctx:
        ctx.meta["words"] = asked
        return int(analysis.invoke(ctx) or running.DONE)


@click.group(cls=Group, invoke_without_command=True, example="analysis compare Kent --period 2024/25", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})  # fmt: skip
@option("--version", is_flag=True, help="Print the version and the release of the figures.")
@click.pass_context
def analysis(ctx: click.Context, version: bool) -> None:
    """Like for like: recorded crime in England and Wales, fairly compared."""
    if version:
        latest = figures.register.load_register().release("latest")
        print(f"analysis {__version__}, figures released on {latest.words}")
    elif ctx.invoked_subcommand is None:
        print(ctx.get_help())


_offence = option("--offence", default="88A", show_default=True, metavar="CODE", shell_complete=running.offences, help="A Home Office code, family or group, as `analysis offences` lists them.")  # fmt: skip
_period = option("--period", metavar="P", help="Whole quarters, such as 2017-04..2017-12 or 2017/18.  [default: the latest four]")  # fmt: skip
_baseline = option("--baseline", metavar="P", help="The period to compare with.  [default: the same quarters a year earlier]")  # fmt: skip
_release = option("--release", default="latest", metavar="ID", shell_complete=running.releases, help="A release's id.  [default: the newest full one]")  # fmt: skip
_areas = option("--areas", "own_areas", type=PATH, metavar="CSV", expose_value=False, is_eager=True, callback=running.own_areas, help="Areas of your own: columns name, and forces or partnerships with ; between them.")  # fmt: skip
_json = option("--json", "is_json", is_flag=True, apart="form", help="Print JSON.")
_csv = option("--csv", "is_csv", is_flag=True, apart="form", help="Print rows of CSV.")
_replace = option("--replace", is_flag=True, help="Let it take the place of what is there.")
_released = running.dated("--released", help="When it was published.  [default: the date in its name]")  # fmt: skip
_as_it_is = option("--as-it-is", is_flag=True, help="Take it for full, though it lacks rows or its totals are far from what is held.")  # fmt: skip
_workbook = click.argument("file", metavar="FILE", type=PATH)


@analysis.command(example="analysis build --force Kent --output reports")
@option("--force", "force_names", multiple=True, apart="pages", metavar="NAME", shell_complete=running.areas, help="Only this force; may be given again.")  # fmt: skip
@option("--offence", multiple=True, metavar="CODE", shell_complete=running.offences, help="A page of each force on this offence too, beside that on 88A; may be given again.")  # fmt: skip
@option("--all", "everything", is_flag=True, apart="table", help="A page of each force on every reviewed offence.")
@_period
@_baseline
@_release
@_areas
@option("--matrix", type=PATH, apart="pages table", metavar="FILE", help="A CSV with a row of parameters for each page to make; its rows name the forces.")  # fmt: skip
@option("--notebook", type=PATH, apart="table", metavar="FILE", help="Make pages by a notebook of your own, with the site's look, of each force or of those named.")  # fmt: skip
@option("--site", metavar="URL", help="Where the folder will be served: whole addresses, cards as PNG, a sitemap, a feed and a page for what is not found.")  # fmt: skip
@option("--pdf", is_flag=True, help="Print each page as PDF too, and a briefing of two sheets on each area, by the system's Chromium.")  # fmt: skip
@option("--jobs", type=click.IntRange(min=1), apart="workers", metavar="N", help="How many notebooks run at once.  [default: the cores available; for a few pages fewer]")  # fmt: skip
@option("--cluster", apart="workers", metavar="ADDRESS", help="Let the workers of a Dask scheduler make them, with as many threads as they have.")  # fmt: skip
@option("--output", type=PATH, default="reports", show_default=True, metavar="DIR", help="Where the pages go.")
@option("--fresh", is_flag=True, help="Make again what has not changed.")
@option("--as-it-is", is_flag=True, help="Make them though a file of data/raw is not as its hash is listed.")
@click.pass_context
def build(
    ctx: click.Context, /, force_names: tuple[str, ...], matrix: Path | None, notebook: Path | None, jobs: int | None, cluster: str | None,
    output: Path, fresh: bool, as_it_is: bool, offence: tuple[str, ...], everything: bool, site: str | None,
    pdf: bool, **asked: Any,
) -> int:  # fmt: skip
    """Make the reports."""
    from analysis import progress, publish

    if not as_it_is:
        figures.verification.require_as_listed()
    words = {"force": list(force_names), "offence": list(offence), "all": everything, "site": site, **asked}
    is_plain, read = not (matrix or notebook or pdf), publish.Inputs.read()
    if is_plain and not fresh and (outcome := publish.building.unchanged(output, words, read)):
        running.done(outcome.summary(output))
        return running.DONE
    one = {"offence": offence[-1] if offence else "88A", **asked}
    if matrix:
        wanted = publish.matrix_request(matrix, **one)
    elif notebook:
        wanted = publish.notebook_request(notebook, force_names=force_names, **one)
    else:
        wanted = publish.request(force_names=force_names, offence=offence, everything=everything, **asked)
    if site is not None:
        wanted = wanted.at(site)
    if pdf:
        from analysis.publish import rendering

        wanted = wanted.on_paper(rendering.chromium()[1])
    quiet = ctx.meta.get("quiet")
    with contextlib.closing(progress.Progress(None if quiet else sys.stderr)) as shown:
        outcome = publish.build(
            wanted, output, jobs=jobs, cluster=cluster, fresh=fresh, progress=shown,
            asked=words if is_plain else None, read=read,
        )  # fmt: skip
    running.done(outcome.summary(output), is_well=outcome.is_whole)
    return running.DONE if outcome.is_whole else running.DIFFERS


@analysis.command(example="analysis compare Kent --period 2024/25 --baseline 2023/24")
@click.argument("area", metavar="AREA", shell_complete=running.areas)
@_offence
@_period
@_baseline
@_release
@_areas
@_json
@_csv
def compare(area: str, is_json: bool, is_csv: bool, **asked: Any) -> None:
    """Compare two periods of an area.

    AREA is a force, town, Community Safety Partnership, region or country by name, abbreviation, ONS code or slug; 'England and Wales';
    several with +; or one "without" another.
    """
    from analysis.comparison import compare as compared

    found = compared(area, **asked)
    rows = is_csv and _periods(found.to_dict())
    running.show(lambda: report.sentences.report(found), json=is_json and found.to_dict(), csv=rows)


def _periods(found: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """Give a row for each period of a comparison; the ratio stands beside the baseline that it is of."""
    for name in ("current", "baseline", "same_quarters_year_before"):
        if count := found[name]:
            is_baseline = name == "baseline"
            row = {key: found[key] for key in ("force", "offence", "release")} | {"count": name}
            row |= {key: count[key] for key in ("period", "months", "offences", "per_month")}
            row |= {"answer": found["answer"] if is_baseline else count.get("answer")}
            ratio = found["ratio"] if is_baseline else {}
            yield row | {"ratio": ratio.get("value"), "low": ratio.get("low"), "high": ratio.get("high")}


@analysis.command(example="analysis changes --area Kent")
@option("--area", metavar="NAME", shell_complete=running.areas, help="Only this area, or all of a kind: nation, country, region or force.")  # fmt: skip
@_release
@_json
@_csv
def changes(area: str | None, release: str, is_json: bool, is_csv: bool) -> None:
    """Show what changed beyond the usual, the rate of false names held at 5%."""
    from analysis.comparison import screened

    found = screened(figures.register.load_register().release(release))
    found = found if area is None else found.of(area)
    rows = is_csv and found.rows.round(6).to_dict("records")
    running.show(lambda: report.front.changes_text(found), json=is_json and found.to_dict(), csv=rows)


@analysis.command(example="analysis series Kent Surrey --offence burglary --by year --csv")
@click.argument("areas", metavar="AREA...", nargs=-1, required=True, shell_complete=running.areas)
@option("--offence", "offences", multiple=True, default=["88A"], show_default=True, metavar="CODE", shell_complete=running.offences, help="A Home Office code, family or group; may be given again.")  # fmt: skip
@option("--period", metavar="P", help="Whole quarters, such as 2017-04..2020-03.  [default: all that the release covers]")  # fmt: skip
@option("--by", type=click.Choice(["quarter", "year", "rolling"]), default="quarter", show_default=True, help="A row for each quarter, financial year, or four quarters on end.")  # fmt: skip
@_release
@_areas
@_csv
@option("--xlsx", type=PATH, apart="form", metavar="FILE", help="Write an Excel workbook of the figures with notes.")
@_replace
def series(
    areas: tuple[str, ...], offences: tuple[str, ...], period: str | None, by: Any, release: str, is_csv: bool,
    xlsx: Path | None, replace: bool,
) -> None:  # fmt: skip
    """Give the figures of areas and offences in one tidy table.

    AREA... are as `analysis compare` takes them. A rate is of 10,000 residents a year. Each row says whether it is provisional, was supplied,
    and under which definition it was counted: rows that differ in that may not be compared.
    """
    from analysis.comparison.series import series as of
    from analysis.terms.areas import find_area

    whose: Any = areas
    with contextlib.suppress(RequestError):  # one name of several words, without quotation marks
        whose = find_area(" ".join(areas))
    frame = of(whose, offences, period, by=by, release=release)
    if xlsx:
        running.done(f"open {frame.to_excel(xlsx, replace=replace, option='--xlsx')}")
    elif is_csv:
        print(frame.to_csv(index=False, lineterminator="\n"), end="")
    else:
        running.text(report.tables.show(frame, rows=len(frame)).text)


@analysis.command(example="analysis claims data/raw/claims.yaml --json")
@click.argument("file", metavar="FILE", type=PATH)
@_json
@option("--html", type=PATH, apart="form", metavar="OUT", help="Write a page of the verdicts to this file.")
@option("--since", metavar="ID", shell_complete=running.releases, help="Only the verdicts that releases after this one have changed.")  # fmt: skip
def claims(file: Path, is_json: bool, html: Path | None, since: str | None) -> int:
    """Hold published claims against the figures.

    FILE is YAML in the form of data/raw/claims.yaml.
    """
    from analysis import claims as published_claims

    loaded = published_claims.load(file)
    if loaded.errors and not loaded.claims:
        raise ManyErrors(list(loaded.errors))
    changed = published_claims.changed(loaded.claims, since=since) if since else ()
    judgements = tuple(now for _, now in changed) if since else published_claims.judge_all(loaded.claims)
    if html and judgements:
        from analysis.publish import rendering

        rendering.write(html, rendering.of_claims(judgements))
        running.done(f"open {html}")
    elif since:
        found = is_json and [now.to_dict(before=then) for then, now in changed]
        running.show(lambda: report.published.changes_text(changed, since), json=found)
    else:
        found = is_json and [judgement.to_dict() for judgement in judgements]
        running.show(lambda: report.published.report_text(judgements), json=found)
    if loaded.errors:
        running.tell(f"analysis: {ManyErrors(list(loaded.errors))}")
    return running.DIFFERS if loaded.errors else running.DONE


@analysis.command(example="analysis check article.txt --html article.html")
@click.argument("article", metavar="ARTICLE", type=click.Path(readable=False, allow_dash=True))
@running.dated("--published", help="When it was published.  [default: the date in the text]")  # fmt: skip
@option("--html", type=PATH, apart="form", metavar="OUT", help="Write a page to this file, on which to pick what each number is.")  # fmt: skip
@option("--claims", "as_claims", type=PATH, apart="form", metavar="OUT", help="Write the likeliest reading of each number as a file of claims.")  # fmt: skip
@_json
@option("--model", metavar="URL", help="An endpoint of your own that the text is sent to, to rank the readings; its key in ANALYSIS_MODEL_KEY.  [default: none]")  # fmt: skip
def check(article: str, published: date | None, html: Path | None, as_claims: Path | None, is_json: bool, model: str | None) -> None:  # fmt: skip
    """List the numbers of an article, and what each may be.

    ARTICLE is a text file, or - for standard input.
    """
    from analysis.claims import check as checking

    found = checking.check(checking.read(article), published=published, model=model)
    if html:
        from analysis.publish import rendering

        rendering.write(html, report.published.checked_page(found).encode())
        running.done(f"open {html}")
    elif as_claims:
        files.write_whole(as_claims, found.claims.encode(), option="--claims")
        running.done(f"hold each claim in {as_claims} against its statement, then: analysis claims {as_claims}")
    else:
        running.show(lambda: repr(found), json=is_json and found.to_dict())


@analysis.command(example="analysis verify reports")
@click.argument("folder", metavar="[FOLDER]", type=PATH, required=False)
def verify(folder: Path | None) -> int:
    """Check a folder of pages, or all that the store holds, by hash.

    FOLDER is what `analysis build` has written. Without one, every file of data/raw, what was added, what was derived
    from it, and an installation's own code are held against the hashes that are listed of them.
    """
    from analysis.publish import store as pages

    found = figures.verification.verify_store() if folder is None else pages.verify(folder)
    running.text("\n".join(found.lines))
    return running.DONE if found.agrees else running.DIFFERS


@analysis.command(example="analysis areas --csv")
@_csv
def areas(is_csv: bool) -> None:
    """List the areas that can be asked for, with kinds and codes."""
    rows = report.registers.listed_areas()
    lines = [[row[name] or "-" * (name == "code") for name in ("name", "kind", "code", "within")] for row in rows]
    running.show(lambda: report.view.aligned(lines), csv=is_csv and rows)


@analysis.command(example="analysis start figures")
@click.argument("folder", metavar="FOLDER", type=PATH)
def start(folder: Path) -> None:
    """Copy the tour, tasks and a notebook of your own into a folder."""
    from analysis.report import jupyter

    running.done(jupyter.start(folder))


@analysis.command(example="analysis offences")
def offences() -> None:
    """List the offences, families and groups that can be asked for."""
    running.text(report.registers.listed_offences())


@analysis.group(example="analysis data list", no_args_is_help=False)
def data() -> None:
    """List, add, remove, update, verify or export releases."""


@data.command("list", example="analysis data list")
@_json
def data_list(is_json: bool) -> None:
    """List what is held."""
    found = figures.register.load_register()
    running.show(lambda: report.registers.releases(found), json=is_json and report.registers.release_entries(found))


@data.command("add", example="analysis data add prc-pfa-mar2013-onwards-tables-230426.ods")
@_workbook
@_released
@_replace
@_as_it_is
def data_add(file: Path, **how: Any) -> None:
    """Add a workbook of the Home Office as a release.

    FILE is ODS, XLSX or CSV.
    """
    running.done(figures.added.add(file, **how))


@data.command("remove", example="analysis data remove 2026-07-23")
@click.argument("release", metavar="ID", shell_complete=running.releases)
def data_remove(release: str) -> None:
    """Remove a release that was added.

    ID is as `analysis data list` shows it.
    """
    running.done(figures.added.remove(release))


@data.command("update", example="analysis data update --log update.log")
@_as_it_is
def data_update(as_it_is: bool) -> None:
    """Ask GOV.UK for the newest workbook and add it."""
    running.done(figures.added.update(as_it_is=as_it_is))


@data.command("verify", example="analysis data verify prc-pfa-mar2013-onwards-tables-230426.ods")
@_workbook
@_released
def data_verify(file: Path, released: date | None) -> int:
    """Compare an official file with what is held, cell by cell.

    FILE is ODS, XLSX or CSV.
    """
    found = figures.verification.verify(file, released=released)
    running.text(report.registers.verification(found))
    return running.DONE if found.agrees else running.DIFFERS


_of_area = partial(option, "--force", default="England and Wales", metavar="NAME", shell_complete=running.areas)


@data.command("revisions", example="analysis data revisions --since 2023-10-19 --force Kent --offence burglary")
@option("--since", metavar="ID", shell_complete=running.releases, help="The oldest release to look at.  [default: all that are held]")  # fmt: skip
@_of_area(help="One area.  [default: all]")
@_offence
@_csv
def data_revisions(since: str | None, force: str, offence: str, is_csv: bool) -> None:
    """Show what later releases changed."""
    from analysis.terms import areas

    found = figures.revisions.found(areas.find_area(force).whole, offence, since=since)
    rows = is_csv and found.changes.astype({"quarter": str}).to_dict("records")
    running.show(lambda: report.registers.revisions(found), csv=rows)


@data.command("export", example="analysis data export kent.csv --force Kent")
@click.argument("file", metavar="FILE", type=PATH)
@_release
@_of_area(help="An area.  [default: every force]")
@option("--offence", metavar="CODE", shell_complete=running.offences, help="A code, family or group.  [default: every code]")  # fmt: skip
@_replace
def data_export(file: Path, force: str, **how: Any) -> None:
    """Write the figures of a release as one CSV.

    FILE gets a row for each code, force and quarter.
    """
    from analysis.terms import areas

    running.done(figures.tables.export(file, area=areas.find_area(force).whole, **how))
