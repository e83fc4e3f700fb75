"""The words that the `analysis` command understands: its subcommands, their options, help and completion."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from analysis._version import __version__
from analysis.errors import one_line, printable

REFUSED = 2
SHELLS = ("bash", "zsh", "tcsh")

_FIGURES = "ODS, XLSX or CSV"
_FILES, _FOLDERS = {"FILE", "ARTICLE"}, {"DIR", "FOLDER"}
_AREAS, _OFFENCES = {"AREA", "NAME"}, {"CODE"}


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, with the nearest word that it knows, as every other error of the command does."""

    def __init__(self, *, example: str, **kwargs: Any) -> None:
        super().__init__(epilog=f"example: {example}", **kwargs)
        everywhere = self.add_argument_group("everywhere")
        # Left out unless given, so that what stands before a subcommand is not undone by what does not stand after it.
        unless = argparse.SUPPRESS
        everywhere.add_argument("-q", "--quiet", action="store_true", default=unless, help="say only what went wrong")
        everywhere.add_argument(
            "-v", "--verbose", action="store_true", default=unless, help="say what is read and made"
        )
        everywhere.add_argument(
            "--log", type=Path, metavar="FILE", default=unless, help="add a record of the run, with times, to a file"
        )
        self.set_defaults(parser=self)

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """Return the options, or refuse the first that is not known and name the nearest."""
        options, strays = self.parse_known_args(args, namespace)
        if strays:
            used: Parser = options.parser
            nearest = _nearest(strays[0].partition("=")[0], used._option_string_actions)
            used.error(f"unrecognized arguments: {' '.join(strays)}{nearest}")
        return options

    def error(self, message: str) -> NoReturn:
        """End with status 2 and one line."""
        self.exit(REFUSED, printable(one_line(f"{self.prog}: {message}; see {self.prog} --help")) + "\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            known = ", ".join(map(str, action.choices))
            name = action.option_strings[0] if action.option_strings else action.metavar
            self.error(f"{name}: found {value!r}{_nearest(value, action.choices)}; there are {known}")


def parser() -> Parser:
    """Return what reads the command's words; ``run`` in what it gives names the subcommand."""
    top = Parser(
        prog="analysis",
        description="Like for like: recorded crime in England and Wales, fairly compared.",
        example="analysis compare Kent --period 2024/25",
    )
    top.add_argument("--version", action=_Version, nargs=0, help="print the version and the release of the figures")
    top.add_argument(
        "--completion",
        action=_Completion,
        choices=SHELLS,
        metavar="SHELL",
        help=f"print the completion of {', '.join(SHELLS)}",
    )
    top.set_defaults(run="help")
    commands = top.add_subparsers(title="commands", metavar="COMMAND")
    for add in (_build, _compare, _claims, _draft, _data):
        add(commands)
    verify = _command(commands, "verify", "check a folder of pages against its manifest", "analysis verify reports")
    verify.add_argument("folder", type=Path, metavar="FOLDER", help="what `analysis build` has written")
    _command(commands, "forces", "list the 44 forces with their codes and regions", "analysis forces")
    _command(commands, "offences", "list every offence, family and group that may be asked for", "analysis offences")
    return top


def _command(among: Any, name: str, sentence: str, example: str, run: str = "") -> Parser:
    """Add a subcommand with its sentence and an example."""
    added: Parser = among.add_parser(
        name, help=sentence, description=f"{sentence[0].upper()}{sentence[1:]}.", example=example
    )
    added.set_defaults(run=run or name)
    return added


def _build(commands: Any) -> None:
    build = _command(commands, "build", "make the reports", "analysis build --force Kent --output reports")
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


def _compare(commands: Any) -> None:
    sentence = "compare two periods of a force, a region, or England and Wales"
    compare = _command(commands, "compare", sentence, "analysis compare Kent --period 2024/25 --baseline 2023/24")
    compare.add_argument(
        "force",
        metavar="AREA",
        help="a force by name, spelling, place, ONS code or slug; a region; 'England and Wales'; or several with +",
    )
    _add_figures(compare)
    forms = compare.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print one JSON object")
    forms.add_argument("--csv", action="store_true", help="print a row for each period in CSV")


def _claims(commands: Any) -> None:
    sentence = "hold published claims against the figures"
    claims = _command(commands, "claims", sentence, "analysis claims data/raw/claims.yaml --json")
    claims.add_argument("file", type=Path, metavar="FILE", help="claims as YAML, in the form of data/raw/claims.yaml")
    how = claims.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print one JSON array")
    how.add_argument("--html", type=Path, metavar="OUT", help="write a page of the verdicts to this file")
    how.add_argument("--since", metavar="ID", help="only the verdicts that releases after this one have changed")


def _draft(commands: Any) -> None:
    sentence = "draft claims from an article's text, for a person to confirm"
    draft = _command(commands, "draft", sentence, "analysis draft article.txt --published 2018-04-26")
    draft.add_argument("article", metavar="ARTICLE", help="a plain-text file, or - for standard input")
    draft.add_argument(
        "--published", type=_day, metavar="DATE", help="when it was published (default: the date in the text)"
    )
    draft.add_argument(
        "--model", metavar="URL", help="an endpoint of your own that the text is sent to (default: none; rules read it)"
    )


def _data(commands: Any) -> None:
    sentence = "the releases that are held: list, add, remove, update, verify, revisions, export"
    data = _command(commands, "data", sentence, "analysis data list")
    actions = data.add_subparsers(title="what to do", required=True, metavar="ACTION")
    listing = _command(actions, "list", "list what is held", "analysis data list -v", "data_list")
    listing.add_argument("--json", action="store_true", help="print one JSON array")
    name = "prc-pfa-mar2013-onwards-tables-230426.ods"
    sentence = "add a workbook of the Home Office as a release of its own"
    add = _command(actions, "add", sentence, f"analysis data add {name}", "data_add")
    add.add_argument("file", type=Path, metavar="FILE", help=_FIGURES)
    _add_released(add)
    add.add_argument("--replace", action="store_true", help="let it stand in for what is held of the same date")
    _add_as_it_is(add)
    remove = _command(
        actions, "remove", "remove a release that was added", "analysis data remove 2026-07-23", "data_remove"
    )
    remove.add_argument("release", metavar="ID", help="as `analysis data list` shows it")
    sentence = "ask GOV.UK for the newest workbook and add it"
    update = _command(actions, "update", sentence, "analysis data update --log update.log", "data_update")
    _add_as_it_is(update)
    sentence = "compare an official file with what is held, cell by cell"
    verify = _command(actions, "verify", sentence, f"analysis data verify {name}", "data_verify")
    verify.add_argument("file", type=Path, metavar="FILE", help=_FIGURES)
    _add_released(verify)
    sentence = "show what later releases changed"
    example = "analysis data revisions --since 2023-10-19 --force Kent --offence burglary"
    revisions = _command(actions, "revisions", sentence, example, "data_revisions")
    revisions.add_argument("--since", metavar="ID", help="the oldest release to look at (default: all that are held)")
    revisions.add_argument("--force", default="England and Wales", metavar="NAME", help="one force (default: all)")
    revisions.add_argument("--offence", default="88A", metavar="CODE", help="a code or family (default: 88A)")
    revisions.add_argument("--csv", action="store_true", help="print a row for each figure that was changed in CSV")
    sentence = "write the figures of a release as one CSV, a row for each code, force and quarter"
    export = _command(actions, "export", sentence, "analysis data export kent.csv --force Kent", "data_export")
    export.add_argument("file", type=Path, metavar="FILE", help="the CSV to write")
    export.add_argument(
        "--release", default="latest", metavar="ID", help="a release's id (default: the newest full one)"
    )
    export.add_argument("--force", default="England and Wales", metavar="NAME", help="an area (default: every force)")
    export.add_argument("--offence", metavar="CODE", help="a code, family or group (default: every code)")
    export.add_argument("--replace", action="store_true", help="let it take the place of a file")


def _add_released(command: Parser) -> None:
    command.add_argument(
        "--released", type=_day, metavar="DATE", help="when it was published (default: the date in its name)"
    )


def _add_as_it_is(command: Parser) -> None:
    command.add_argument(
        "--as-it-is",
        action="store_true",
        help="take it for full, though it lacks rows or its totals are far from what is held",
    )


def _add_figures(command: Parser) -> None:
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


def _nearest(word: str, known: Any) -> str:
    """Return a question about the nearest word that is known, or nothing."""
    near = difflib.get_close_matches(str(word), list(map(str, known)), n=1)
    return f"; did you mean {near[0]}?" if near else ""


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from analysis.figures import register

        latest = register.load_register().release("latest")
        print(f"analysis {__version__}, figures released on {latest.words}")
        parser.exit()


class _Completion(argparse.Action):
    """Prints a script for a shell, in which forces and offences stand as they are now."""

    def __call__(self, parser: argparse.ArgumentParser, _: object, shell: Any, __: object = None) -> NoReturn:
        import shtab  # needed once, when a shell is set up

        from analysis.terms import areas, offences

        slugs = tuple(force.slug for force in areas.FORCES)
        codes = tuple(code for code in offences.known() if code.replace("-", "").isalnum())
        offered = dict.fromkeys(_AREAS, slugs) | dict.fromkeys(_OFFENCES, codes)
        for action in _every(parser):
            if action.metavar in offered:
                action.choices = offered[action.metavar]
            elif action.metavar in _FILES | _FOLDERS:
                action.complete = shtab.FILE if action.metavar in _FILES else shtab.DIRECTORY  # type: ignore[attr-defined]
        print(shtab.complete(parser, shell), end="")
        parser.exit()


def _every(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Give the options of a command and of all below it."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _every(below)
