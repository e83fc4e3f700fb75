"""The `analysis` command: reads its options, calls the library and prints. No logic of its own."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn, TextIO

from analysis import files
from analysis._version import __version__
from analysis.errors import ManyErrors, RequestError, one_line, printable
from analysis.figures import register
from analysis.terms import forces

DONE, DIFFERS, REFUSED, INTERRUPTED = 0, 1, 2, 130


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every other error of the command does."""

    def error(self, message: str) -> NoReturn:
        self.exit(REFUSED, printable(one_line(f"{self.prog}: {message}; see {self.prog} --help")) + "\n")


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
    status = DONE
    try:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # what cannot be written in its encoding is written as an escape
                stream.reconfigure(errors="backslashreplace")
        options = _parser().parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = options.run
        status = run(options)
        print(end="", flush=True)  # what cannot be printed is noticed here, and not when Python ends
    except RequestError as error:
        status = REFUSED
        _tell(f"analysis: {error}")
    except KeyboardInterrupt:
        status = INTERRUPTED
        _tell("analysis: interrupted; what was finished is kept")
    except BrokenPipeError:  # the reader of our output has gone, and nobody waits for more
        _give_up(sys.stdout)
    except OSError as error:  # a full disk that output goes to, or no folder for temporary files
        status = REFUSED
        where = error.filename or ("output" if error.errno in files.NO_ROOM else "system")
        _tell(f"analysis: {where}: {error.strerror or error}")
        _give_up(sys.stdout)
    _tell("")
    return status


def _tell(text: str) -> None:
    """Say something on standard error. Where that is closed or full, the status still says how it went."""
    try:
        if sys.stderr:
            print(printable(text), end="\n" if text else "", file=sys.stderr, flush=True)
    except (OSError, ValueError):
        _give_up(sys.stderr)


def _give_up(stream: TextIO) -> None:
    """Let what is still to be written to a stream go nowhere, or Python would say so at its end, and change the status."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _parser() -> _Parser:
    parser = _Parser(
        prog="analysis", description="Like for like: recorded crime in England and Wales, fairly compared."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and the release of the figures")
    parser.set_defaults(run=lambda _: _help(parser))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_build(commands)
    _add_compare(commands)
    _add_claims(commands)
    _add_draft(commands)
    _add_data(commands)
    verify = commands.add_parser("verify", help="check a folder of pages against its manifest")
    verify.add_argument("folder", type=Path, metavar="FOLDER", help="what `analysis build` has written")
    verify.set_defaults(run=_verify)
    listing = commands.add_parser("forces", help="list the 44 forces with their codes and regions")
    listing.set_defaults(run=_forces)
    offences = commands.add_parser("offences", help="list every offence, family and group that may be asked for")
    offences.set_defaults(run=_offences)
    return parser


def _add_build(commands: argparse._SubParsersAction[_Parser]) -> None:
    build = commands.add_parser("build", help="make the reports")
    build.add_argument(
        "--force", action="append", default=[], metavar="NAME", help="only this force; may be given again"
    )
    _add_figures(build)
    build.add_argument(
        "--matrix", type=Path, metavar="FILE", help="a CSV with a row of parameters for each page to make"
    )
    build.add_argument(
        "--jobs", type=_jobs, metavar="N", help="how many notebooks run at once (default: the cores available)"
    )
    build.add_argument(
        "--output", type=_folder, default=Path("reports"), metavar="DIR", help="where the pages go (default: reports)"
    )
    build.add_argument(
        "--cluster", metavar="ADDRESS", help="let the workers of a Dask scheduler make them (default: this machine)"
    )
    build.add_argument("--fresh", action="store_true", help="make again what has not changed")
    build.set_defaults(run=_build)


def _add_compare(commands: argparse._SubParsersAction[_Parser]) -> None:
    compare = commands.add_parser("compare", help="compare two periods of a force, a region, or England and Wales")
    compare.add_argument(
        "force",
        metavar="AREA",
        help="a force by name, spelling, place, ONS code or slug; a region; 'England and Wales'; or several with +",
    )
    _add_figures(compare)
    compare.add_argument("--json", action="store_true", help="print one JSON object")
    compare.set_defaults(run=_compare)


def _add_claims(commands: argparse._SubParsersAction[_Parser]) -> None:
    claims = commands.add_parser("claims", help="hold published claims against the figures")
    claims.add_argument("file", type=Path, metavar="FILE", help="claims as YAML, in the form of data/raw/claims.yaml")
    how = claims.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print one JSON array")
    how.add_argument("--html", type=Path, metavar="OUT", help="write a page of the verdicts to this file")
    claims.set_defaults(run=_claims)


def _add_draft(commands: argparse._SubParsersAction[_Parser]) -> None:
    draft = commands.add_parser("draft", help="draft claims from an article's text, for a person to confirm")
    draft.add_argument("article", metavar="ARTICLE", help="a plain-text file, or - for standard input")
    draft.add_argument(
        "--published", type=_day, metavar="DATE", help="when it was published (default: the date in the text)"
    )
    draft.add_argument(
        "--model", metavar="URL", help="an endpoint of your own that the text is sent to (default: none; rules read it)"
    )
    draft.set_defaults(run=_draft)


def _add_data(commands: argparse._SubParsersAction[_Parser]) -> None:
    data = commands.add_parser("data", help="the releases that are held: list, add, update, verify, revisions")
    actions = data.add_subparsers(title="what to do", required=True, metavar="ACTION")
    actions.add_parser("list", help="list what is held").set_defaults(run=_data_list)
    add = actions.add_parser("add", help="add a workbook of the Home Office as a release of its own")
    add.add_argument("file", type=Path, metavar="FILE", help="ODS, XLSX or CSV")
    _add_released(add)
    add.add_argument("--replace", action="store_true", help="let it stand in for what is held of the same date")
    _add_as_it_is(add)
    add.set_defaults(run=_data_add)
    remove = actions.add_parser("remove", help="remove a release that was added")
    remove.add_argument("release", metavar="ID", help="as `analysis data list` shows it")
    remove.set_defaults(run=_data_remove)
    update = actions.add_parser("update", help="ask GOV.UK for the newest workbook and add it")
    _add_as_it_is(update)
    update.set_defaults(run=_data_update)
    verify = actions.add_parser("verify", help="compare an official file with what is held, cell by cell")
    verify.add_argument("file", type=Path, metavar="FILE", help="ODS, XLSX or CSV")
    _add_released(verify)
    verify.set_defaults(run=_data_verify)
    revisions = actions.add_parser("revisions", help="show what later releases changed")
    revisions.add_argument("--since", metavar="ID", help="the oldest release to look at (default: all that are held)")
    revisions.add_argument("--force", default="England and Wales", metavar="NAME", help="one force (default: all)")
    revisions.add_argument("--offence", default="88A", metavar="CODE", help="a code or family (default: 88A)")
    revisions.set_defaults(run=_data_revisions)


def _add_released(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--released", type=_day, metavar="DATE", help="when it was published (default: the date in its name)"
    )


def _add_as_it_is(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--as-it-is",
        action="store_true",
        help="take it for full, though it lacks rows or its totals are far from what is held",
    )


def _add_figures(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--period", metavar="P", help="whole quarters, such as 2017-04..2017-12 or 2017/18 (default: the latest four)"
    )
    command.add_argument(
        "--baseline", metavar="P", help="the period to compare with (default: the same quarters a year earlier)"
    )
    command.add_argument(
        "--offence",
        default="88A",
        metavar="CODE",
        help="a Home Office code, family or group, as `analysis offences` lists them (default: 88A)",
    )
    command.add_argument(
        "--release", default="latest", metavar="ID", help="a release's id (default: the newest full one)"
    )


def _build(options: argparse.Namespace) -> int:
    from analysis import progress, publish

    figures = {name: getattr(options, name) for name in ("period", "baseline", "offence", "release")}
    if options.cluster and options.jobs:
        raise RequestError(
            "--jobs cannot be combined with --cluster, whose workers have as many threads as they were started with"
        )
    if options.matrix and options.force:
        raise RequestError("--force cannot be combined with --matrix, whose rows name the forces")
    wanted = (
        publish.matrix_request(options.matrix, **figures)
        if options.matrix
        else publish.request(force_names=options.force, **figures)
    )
    with contextlib.closing(progress.Progress(sys.stderr)) as shown:
        outcome = publish.build(
            wanted,
            options.output,
            jobs=options.jobs,
            cluster=options.cluster,
            fresh=options.fresh,
            progress=shown,
        )
    try:
        print(printable(outcome.summary(options.output)), flush=True)
    except BrokenPipeError:  # whoever does not listen to the end is told by the status
        _give_up(sys.stdout)
    return DONE if outcome.is_whole else DIFFERS


def _compare(options: argparse.Namespace) -> int:
    from analysis.comparison import compare
    from analysis.report import sentences

    result = compare(
        options.force,
        period=options.period,
        baseline=options.baseline,
        offence=options.offence,
        release=options.release,
    )
    print(_json(result.to_dict()) if options.json else printable(sentences.report(result)))
    return DONE


def _claims(options: argparse.Namespace) -> int:
    from analysis import claims
    from analysis.report import published

    if options.html:
        from analysis.publish import claims as pages

        pages.require_ours(options.html)
    loaded = claims.load(options.file)
    if loaded.errors and not loaded.claims:
        raise ManyErrors(list(loaded.errors))
    judgements = claims.judge_all(loaded.claims)
    if options.html:
        pages.write(judgements, options.html)
        print(printable(f"open {options.html}"))
    elif options.json:
        print(_json([judgement.to_dict() for judgement in judgements]))
    else:
        print(printable(published.report_text(judgements)))
    for error in loaded.errors:
        _tell(f"analysis: {error}")
    return DIFFERS if loaded.errors else DONE


def _draft(options: argparse.Namespace) -> int:
    from analysis.claims import drafts

    text = drafts.read(options.article, sys.stdin)
    print(printable(drafts.render(drafts.draft(text, published=options.published, model=options.model))), end="")
    return DONE


def _data_list(_: argparse.Namespace) -> int:
    from analysis.report import held

    print(printable(held.listing(register.load_register())))
    return DONE


def _data_add(options: argparse.Namespace) -> int:
    from analysis.figures import added

    done = added.add(options.file, released=options.released, replace=options.replace, as_it_is=options.as_it_is)
    print(printable(done.text))
    return DONE


def _data_remove(options: argparse.Namespace) -> int:
    from analysis.figures import added

    print(printable(added.remove(options.release)))
    return DONE


def _data_update(options: argparse.Namespace) -> int:
    from analysis.figures import updates

    print(printable(updates.update(as_it_is=options.as_it_is, show_progress=sys.stderr.isatty()).text))
    return DONE


def _data_verify(options: argparse.Namespace) -> int:
    from analysis.figures import verification
    from analysis.report import held

    found = verification.verify(options.file, released=options.released)
    print(printable(held.verification(found)))
    return DONE if found.agrees else DIFFERS


def _data_revisions(options: argparse.Namespace) -> int:
    from analysis.figures import revisions
    from analysis.report import held

    found = revisions.found(forces.find_area(options.force), options.offence, since=options.since)
    print(printable(held.revisions(found)))
    return DONE


def _verify(options: argparse.Namespace) -> int:
    from analysis.publish import verification

    found = verification.verify(options.folder)
    try:
        print(printable("\n".join(found.lines)), flush=True)
    except BrokenPipeError:
        _give_up(sys.stdout)
    return DONE if found.agrees else DIFFERS


def _forces(_: argparse.Namespace) -> int:
    width = max(len(force.name) for force in forces.FORCES)
    slugs = max(len(force.slug) for force in forces.FORCES)
    for force in forces.FORCES:
        print(f"{force.name:{width}}  {force.slug:{slugs}}  {force.code or '-':9}  {force.region}")
    return DONE


def _help(parser: argparse.ArgumentParser) -> int:
    parser.print_help()
    return DONE


def _offences(_: argparse.Namespace) -> int:
    from analysis.report import offences

    print(printable(offences.listing()))
    return DONE


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text!r}; give a whole number of at least 1")
    return int(text)


def _folder(text: str) -> Path:
    if not text.strip():  # a variable of the shell that is not set
        raise argparse.ArgumentTypeError("found nothing; give a folder")
    return Path(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"found {text!r}; give a date as 2026-04-23") from None


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        latest = register.load_register().release("latest")
        print(f"analysis {__version__}, figures released on {latest.words}")
        parser.exit(DONE)


def _json(content: object) -> str:
    """Return JSON in which nothing can steer a terminal: what JSON lets stand, such as U+009B, is written as an escape."""
    is_unicode = (getattr(sys.stdout, "encoding", None) or "utf-8").casefold().startswith("utf")
    text = json.dumps(content, indent=1, ensure_ascii=not is_unicode)
    return "".join(letter if letter.isprintable() or letter == "\n" else json.dumps(letter)[1:-1] for letter in text)
