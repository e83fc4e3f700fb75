"""The `analysis` command, by click: its words, what each calls in the library, and how a run ends and is recorded."""

from analysis.cli.commands import main as main
