"""How a command ends: a status, and at most one line that says why; and how it prints."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TextIO

import click

from analysis import files
from analysis.errors import RequestError, one_line, printable

DONE, DIFFERS, REFUSED, INTERRUPTED = 0, 1, 2, 130

_log = logging.getLogger(__name__)


def status(run: Callable[[], int | None]) -> int:
    """Run a command and return its exit status, or say in one line why it could not be run to its end."""
    ended, refused = DONE, ""
    try:
        ended = run() or DONE
        print(end="", flush=True)  # what cannot be printed is noticed here, and not when Python ends
    except click.exceptions.Exit as done:  # help and version
        ended = done.exit_code
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "analysis"
        ended = REFUSED
        tell(one_line(f"{command}: {error.format_message().removesuffix('.')}; see {command} --help"))
    except RequestError as error:
        refused = str(error)
    except KeyboardInterrupt:
        ended = INTERRUPTED
        tell("analysis: interrupted; what was finished is kept")
    except BrokenPipeError:  # the reader of our output has gone, and nobody waits for more
        give_up(sys.stdout)
    except OSError as error:  # a full disk that output goes to, or no folder for temporary files
        where = error.filename or ("output" if error.errno in files.NO_ROOM else "system")
        refused = f"{where}: {error.strerror or error}"
        give_up(sys.stdout)
    except (MemoryError, ImportError) as error:
        why = one_line(str(error)) or "no more memory"
        refused = f"system: too little memory, or the installation is not whole ({why})"
    except Exception as error:  # the last handler: a fault of ours ends in one line too
        ended = DIFFERS
        what = one_line(f"{type(error).__name__}: {error}")
        tell(f"analysis: a fault in the program ({what}); --log FILE keeps its trace, please report it with that")
        _log.debug("%s", traceback.format_exc())
    if refused:
        ended = REFUSED
        tell(f"analysis: {refused}")
        _log.info("refused: %s", refused)
    return ended


def tell(text: str) -> None:
    """Say something on standard error. Where that is closed or full, the status still says how it went."""
    try:
        if sys.stderr:
            print(printable(text), end="\n" if text else "", file=sys.stderr, flush=True)
    except (OSError, ValueError):
        give_up(sys.stderr)


def give_up(stream: TextIO) -> None:
    """Let what is still to be written to a stream go nowhere, or Python would say so at its end, and change the status."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def done(line: str) -> None:
    """Say what was done, unless nobody wants to know; a reader that has gone changes nothing of it."""
    _log.info("%s", line)
    if not click.get_current_context().meta.get("quiet"):
        text(line)


def text(lines: str) -> None:
    """Print text in which nothing can steer a terminal; the status says how it went though nobody reads to the end."""
    try:
        print(printable(lines), flush=True)
    except BrokenPipeError:
        give_up(sys.stdout)


def as_json(content: object) -> None:
    """Print JSON in which nothing can steer a terminal: what JSON lets stand, such as U+009B, is written as an escape."""
    is_unicode = (getattr(sys.stdout, "encoding", None) or "utf-8").casefold().startswith("utf")
    found = json.dumps(content, indent=1, ensure_ascii=not is_unicode)
    print("".join(letter if letter.isprintable() or letter == "\n" else json.dumps(letter)[1:-1] for letter in found))


def as_csv(rows: Iterable[Mapping[Any, object]]) -> None:
    """Print rows as CSV under the names of their columns; what is not known is blank."""
    found, every = io.StringIO(), list(rows)
    writer = csv.DictWriter(found, list(every[0]) if every else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: "" if str(value) == "<NA>" else value for key, value in row.items()} for row in every)
    print(found.getvalue(), end="")
