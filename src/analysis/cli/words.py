"""What every command understands, over click: `-q`, `-v`, `--log`, an example in its help, values that are refused, completion."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from analysis.cli import record, running

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_log = logging.getLogger(__name__)

_ASKED = ParameterSource.COMMANDLINE
PATH = click.Path(readable=False, path_type=Path)  # what is there is found, and told, where it is read or written


class Option(click.Option):
    """An option that refuses a value which was forgotten, and another option that it is kept apart from.

    Parameters
    ----------
    apart
        Options of the same word exclude each other.
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


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value and param.name:
        ctx.meta[param.name] = value  # one for a command and those above it: -q may stand before or after a subcommand


class _Everywhere(click.Command):
    """Takes what every command takes, and ends its help with an example."""

    def __init__(self, name: str | None = None, *, example: str, **how: Any) -> None:
        super().__init__(name, epilog=f"example: {example}", **how)
        keep: dict[str, Any] = {"expose_value": False, "callback": _remember}
        self.params += [
            Option(["-q", "--quiet"], is_flag=True, help="Say only what went wrong.", **keep),
            Option(["-v", "--verbose"], is_flag=True, help="Say what is read and made.", **keep),
            Option(
                ["--log"], metavar="FILE", type=PATH, help="Add a record of the run, with times, to a file.", **keep
            ),
        ]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words, and refuse options that exclude each other."""
        rest = super().parse_args(ctx, args)
        asked: dict[str, str] = {}
        for param in self.params:
            if isinstance(param, Option) and param.apart and ctx.get_parameter_source(str(param.name)) is _ASKED:
                if param.apart in asked:
                    raise click.UsageError(f"{asked[param.apart]} cannot be combined with {param.opts[-1]}", ctx)
                asked[param.apart] = param.opts[-1]
        return rest


class Command(_Everywhere):
    """A command: it is run with a record, and gives a status."""

    def invoke(self, ctx: click.Context) -> int:
        """Run it, and return its exit status."""
        asked = ctx.meta
        told = {name: bool(asked.get(name)) for name in ("quiet", "verbose")}
        with record.kept(asked["words"], **told, log=asked.get("log")):
            status = running.status(partial(super().invoke, ctx))
            _log.info("status %d", status)
        return status


class Group(_Everywhere, click.Group):
    """A command of commands."""

    command_class, group_class = Command, type


def day(_: click.Context, __: click.Parameter, text: str | None) -> date | None:
    """Return a date, or None where there is none."""
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise click.BadParameter(f"found {text!r}; give a date as 2026-04-23") from None


def count(_: click.Context, __: click.Parameter, text: str | None) -> int | None:
    """Return a whole number of at least 1, or None where there is none."""
    if text is not None and not (text.isdecimal() and text.isascii() and int(text[:9]) > 0):
        raise click.BadParameter(f"found {text!r}; give a whole number of at least 1")
    return None if text is None else int(text[:9])


def own_areas(ctx: click.Context, _: click.Parameter, path: Path | None) -> None:
    """Let the areas of one's own in a file be known for as long as the command runs, in the programs that it starts too."""
    from analysis.terms import areas

    if path is not None:
        areas.load_areas(path)  # refused here, where it is asked for
        before = os.environ.get(areas.OWN, "")
        ctx.call_on_close(lambda: os.environ.update({areas.OWN: before}))
        os.environ[areas.OWN] = str(path.resolve())


def _completed(known: Callable[[], Iterable[str]]) -> Callable[..., list[CompletionItem]]:
    def complete(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in known() if name.startswith(begun)]

    return complete


def _areas() -> list[str]:
    from analysis.terms import areas

    return [force.slug for force in areas.FORCES]


def _offences() -> list[str]:
    from analysis.terms import offences

    return list(offences.known())


def _releases() -> list[str]:
    from analysis.figures import register

    return [release.id for release in register.load_register().releases]


areas, offences, releases = map(_completed, (_areas, _offences, _releases))
