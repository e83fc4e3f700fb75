"""The `analysis` command, by click: its words, what each calls in the library, and how a run ends and is recorded."""

from analysis.cli.commands import main as main
from analysis.cli.running import DIFFERS as DIFFERS
from analysis.cli.running import DONE as DONE
from analysis.cli.running import INTERRUPTED as INTERRUPTED
from analysis.cli.running import REFUSED as REFUSED
