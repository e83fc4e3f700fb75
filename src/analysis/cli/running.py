"""What every command understands, over click, and how it runs: a record while it lasts, a status and at most one line at its end, what it prints."""

from __future__ import annotations

import contextlib
import logging
import os
import shlex
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from csv import DictWriter
from functools import partial
from json import dumps
from pathlib import Path
from typing import Any, Literal, TextIO

import click
from click.core import ParameterSource, augment_usage_errors

import analysis
from analysis import files
from analysis._version import __version__
from analysis.errors import RequestError, day_of, one_line, printable

DONE, DIFFERS, REFUSED, INTERRUPTED = 0, 1, 2, 130
PATH = click.Path(readable=False, path_type=Path)  # what is there is found, and told, where it is read or written

_log = logging.getLogger("analysis")


class Option(click.Option):
    """An option that refuses a value which was forgotten, and another option that it is kept apart from.

    Parameters
    ----------
    apart
        Options that share a word exclude each other.
    """

    def __init__(self, *declared: Any, apart: str = "", **how: Any) -> None:
        self.apart = apart
        super().__init__(*declared, **how)

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the value as its type has it."""
        for text in value if isinstance(value, list | tuple) else (value,):
            if isinstance(text, str) and text.startswith("-"):
                raise click.BadParameter(f"found {text!r}, which begins with -; give a value, as {self.opts[-1]}=…")
            if isinstance(text, str) and isinstance(self.type, click.Path) and not text.strip():
                raise click.BadParameter("found nothing; give a path")  # a variable of the shell that is not set
        return super().process_value(ctx, value)


option = partial(click.option, cls=Option)
dated = partial(option, metavar="YYYY-MM-DD", type=day_of)


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value and param.name:
        ctx.meta[param.name] = value  # one for a command and those above it: -q may stand before or after a subcommand


class _Everywhere(click.Command):
    """Takes what every command takes, and ends its help with an example."""

    def __init__(self, name: str | None = None, *, example: str, **how: Any) -> None:
        super().__init__(name, epilog=f"example: {example}", **how)
        everywhere = partial(Option, expose_value=False, callback=_remember)
        self.params += [
            everywhere(["-q", "--quiet"], is_flag=True, help="Say only what went wrong, and warnings."),
            everywhere(["-v", "--verbose"], is_flag=True, help="Say what is read and made."),
            everywhere(["--log"], metavar="FILE", type=PATH, help="Add a record of the run, with times, to a file."),
        ]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words, and refuse options that exclude each other."""
        with augment_usage_errors(ctx):  # or one without a value would name no command
            rest = super().parse_args(ctx, args)
        asked: dict[str, str] = {}
        for param in self.params:
            is_asked = ctx.get_parameter_source(str(param.name)) is ParameterSource.COMMANDLINE
            for word in param.apart.split() if isinstance(param, Option) and is_asked else ():
                if word in asked:
                    raise click.UsageError(f"{asked[word]} cannot be combined with {param.opts[-1]}", ctx)
                asked[word] = param.opts[-1]
        return rest


class Command(_Everywhere):
    """A command: it is run with a record, and gives a status."""

    def invoke(self, ctx: click.Context) -> int:
        """Run it, and return its exit status."""
        with _recorded(ctx.meta):
            ended = status(partial(super().invoke, ctx))
            _log.info("status %d", ended)
        return ended


class Group(_Everywhere, click.Group):
    """A command of commands."""

    command_class, group_class = Command, type


def own_areas(ctx: click.Context, _: click.Parameter, path: Path | None) -> None:
    """Let the areas of one's own in a file be known for as long as the command runs, in the programs that it starts too."""
    from analysis.terms import areas

    if path is not None:
        before = os.environ.get(areas.OWN, "")
        ctx.call_on_close(lambda: os.environ.update({areas.OWN: before}))
        os.environ[areas.OWN] = str(path.resolve())


def _completing(names: Callable[[], Iterable[str]]) -> Callable[..., list[str]]:
    return lambda _, __, begun: [name for name in names() if name.startswith(begun)]


areas = _completing(lambda: [force.slug for force in analysis.FORCES])
offences = _completing(lambda: analysis.OFFENCES)
releases = _completing(lambda: [release.id for release in analysis.load_register().releases])


class _Lines(logging.Formatter):
    """One line an entry, with the time in UTC; nothing in it can steer a terminal."""

    converter = time.gmtime  # type: ignore[assignment]  # a time is always given
    default_time_format, default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """Return an entry without line ends of its own."""
        return printable(super().format(record)).replace("\n", " | ")


@contextlib.contextmanager
def _recorded(asked: Mapping[str, Any]) -> Iterator[None]:
    """Tell of a run while it lasts: what to beware of, what is read and made too with ``-v``, and all of it in the file of ``--log``."""
    told = logging.INFO if asked.get("verbose") else logging.WARNING
    screen, log = logging.StreamHandler(sys.stderr), asked.get("log")
    screen.setLevel(told)
    screen.setFormatter(logging.Formatter("analysis: %(message)s"))
    handlers: list[logging.Handler] = [screen]
    if log:
        if log.exists() and not log.is_file():  # a pipe would be waited for, and a device is no record
            raise RequestError(f"--log {log}: is no regular file; name a file that may be written to")
        handlers.append(logging.FileHandler(log, encoding="utf-8", errors="backslashreplace"))
        handlers[1].setFormatter(_Lines("%(asctime)s %(levelname)s %(message)s"))
    logging.raiseExceptions = False  # a stream that is closed or full stops nothing
    before, level = _log.handlers, _log.level
    _log.handlers, _log.propagate = handlers, False
    _log.setLevel(logging.DEBUG if log else told)
    began = time.monotonic()
    _log.info("analysis %s: %s", __version__, shlex.join(asked["words"]))
    try:
        yield
    finally:
        _log.info("took %.1f seconds", time.monotonic() - began)
        _log.handlers, _log.propagate = before, True
        _log.setLevel(level)
        handlers[-1].close()  # which says what could not be written


def status(run: Callable[[], int | None]) -> int:
    """Run a command and return its exit status, or say in one line why it could not be run to its end."""
    ended, said = DONE, ""
    try:
        ended = run() or DONE
        print(end="", flush=True)  # what cannot be printed is noticed here, and not when Python ends
    except click.exceptions.Exit as done:  # help and version
        ended = done.exit_code
    except click.UsageError as error:
        command, wrong = error.ctx.command_path if error.ctx else "analysis", error.format_message().removesuffix(".")
        takes = error.ctx.command.params if error.ctx else []
        is_loose = "extra argument" in wrong and any(isinstance(each, click.Argument) for each in takes)
        right = "put a name of several words in quotation marks" if is_loose else f"see {command} --help"
        said = one_line(f"{command}: {wrong}; {right}")
    except RequestError as error:
        said = f"analysis: {error}"
    except KeyboardInterrupt:
        ended, said = INTERRUPTED, "analysis: interrupted; what was finished is kept"
    except BrokenPipeError:  # the reader of our output has gone, and nobody waits for more
        _give_up(sys.stdout)
    except OSError as error:  # a full disk that output goes to, or no folder for temporary files
        where = error.filename or ("output" if error.errno in files.NO_ROOM else "system")
        said = f"analysis: {where}: {error.strerror or error}"
        _give_up(sys.stdout)
    except (MemoryError, ImportError) as error:
        why = one_line(str(error)) or "no more memory"
        said = f"analysis: system: too little memory, or the installation is not whole ({why})"
    except Exception as error:  # the last handler: a fault of ours ends in one line too
        ended, what = DIFFERS, one_line(f"{type(error).__name__}: {error}")
        said = f"analysis: a fault in the program ({what}); --log FILE keeps its trace, please report it with that"
        _log.debug("%s", traceback.format_exc())
    if said:
        ended = ended or REFUSED
        tell(said)
        if ended == REFUSED:
            _log.info("refused: %s", said.removeprefix("analysis: "))
    return ended


def tell(text: str) -> None:
    """Say something on standard error. Where that is closed or full, the status still says how it went."""
    try:
        if sys.stderr:
            print(printable(text), end="\n" if text else "", file=sys.stderr, flush=True)
    except (OSError, ValueError):
        _give_up(sys.stderr)


def _give_up(stream: TextIO) -> None:
    """Let what is still to be written to a stream go nowhere, or Python would say so at its end, and change the status."""
    with contextlib.suppress(OSError, ValueError), open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), stream.fileno())


def done(line: str, *, is_well: bool = True) -> None:
    """Say what was done, unless all went well and nobody wants to know; a reader that has gone changes nothing of it."""
    _log.info("%s", line)
    if not (is_well and click.get_current_context().meta.get("quiet")):
        text(line)


def text(lines: str) -> None:
    """Print text in which nothing can steer a terminal; the status says how it went though nobody reads to the end."""
    try:
        print(printable(lines), flush=True)
    except BrokenPipeError:
        _give_up(sys.stdout)


def show(
    words: Callable[[], str], *, json: object = False, csv: Literal[False] | Iterable[Mapping[Any, object]] = False
) -> None:
    """Print what was found in the form that is asked for: JSON, rows of CSV in which what is not known is blank, or else words."""
    if json is not False:
        # Nothing in it can steer a terminal: what JSON lets stand, such as U+009B, is written as an escape.
        is_unicode = (getattr(sys.stdout, "encoding", None) or "utf-8").casefold().startswith("utf")
        found = dumps(json, indent=1, ensure_ascii=not is_unicode)
        print("".join(letter if letter.isprintable() or letter == "\n" else dumps(letter)[1:-1] for letter in found))
    elif csv is not False:
        every = list(csv)
        writer = DictWriter(sys.stdout, every[0] if every else [], lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: "" if str(value) == "<NA>" else value for key, value in row.items()} for row in every)
    else:
        text(words())
