"""How objects of the other rooms show themselves in Jupyter: one table, registered through IPython's own seam."""

from __future__ import annotations

import functools
import importlib
import shlex
from pathlib import Path
from typing import Any

from analysis import files
from analysis.errors import RequestError

# The module and the name of a class, and what makes HTML of one: a module of this room and a function of it.
SHOWN = {
    ("analysis.comparison.compare", "Comparison"): ("jupyter", "comparison"),
    ("analysis.claims.verdicts", "Judgement"): ("published", "article"),
    ("analysis.claims.check", "Checked"): ("published", "checked_frame"),
}


def comparison(shown: Any) -> Any:
    """Return the counts, whether they may be compared, and why not."""
    from analysis.report import sentences, view

    return view.stack(sentences.summary(shown), sentences.comparability(shown))


def drawing(shown: Any) -> bytes:
    """Return a figure as a picture, whether or not somebody has asked for Matplotlib in the notebook."""
    from analysis.report.charts import style

    return style.picture(shown, ".png", dots=100)


def picker(release: str = "latest") -> Any:
    """Return three lists to choose a force, an offence and a year from; the comparison with the year before and its quarters stand below.

    Parameters
    ----------
    release
        A release's id, or ``latest``.
    """
    from IPython.display import display
    from ipywidgets import Dropdown, interactive  # type: ignore[import-untyped]

    from analysis.comparison import compare, load_register
    from analysis.report import charts
    from analysis.terms import areas, offences
    from analysis.terms.periods import Period

    held = load_register().release(release)
    years = [Period.of_quarters(last - 3, last) for last in held.covers.quarters[3:][::-1]]
    listed = [(each.name, each.code) for each in offences.listed() if held.holds(each.code)]

    def shown(force: str, offence: str, period: str) -> None:
        comparison = compare(force, offence=offence, period=period, release=held.id)
        display(comparison, charts.quarters(comparison))  # type: ignore[no-untyped-call]

    return interactive(
        shown,
        force=Dropdown(options=[areas.ENGLAND_AND_WALES.name, *areas.NAMES], description="Force"),
        offence=Dropdown(options=listed, value="88A", description="Offence"),
        period=Dropdown(options=[(year.words, str(year)) for year in years], description="Period"),
    )


def register(shell: Any = None) -> None:
    """Tell an IPython shell, by default the one that runs, how to show the library's objects; nothing of it loads before.

    Parameters
    ----------
    shell
        The shell to tell.
    """
    from IPython import get_ipython

    shell = shell or get_ipython()
    if shell is not None and shell.display_formatter is not None:
        html = shell.display_formatter.formatters["text/html"]
        for (module, name), by in SHOWN.items():
            html.for_type_by_name(module, name, functools.partial(_html, *by))
        shell.display_formatter.formatters["image/png"].for_type_by_name("matplotlib.figure", "Figure", drawing)


def _html(module: str, function: str, thing: object) -> str:
    made = getattr(importlib.import_module(f"analysis.report.{module}"), function)(thing)
    return str(getattr(made, "html", made))


DESK = ("explore", "cookbook", "picker", "own")  # the tour, tasks to copy, lists to choose from, and one to begin with


def start(folder: Path) -> str:
    """Copy the desk's notebooks into a folder of one's own.

    Parameters
    ----------
    folder
        Made if it is missing, with a folder ``notebooks`` below it; what stands in it stays.

    Returns
    -------
    str
        What was written, and how to run it.

    Raises
    ------
    RequestError
        If a file of the same name is there, or the folder cannot be written.
    """
    written = {f"notebooks/{name}.ipynb": files.shipped("notebooks", f"{name}.ipynb").read_bytes() for name in DESK}
    if taken := [name for name in written if (folder / name).exists() or (folder / name).is_symlink()]:
        raise RequestError(f"{folder}: {taken[0]} is there already; name another folder")
    for name, content in written.items():
        files.write_whole(folder / name, content, option="FOLDER")
    shown = (folder, folder / "notebooks" / "explore.ipynb", folder / "notebooks" / "own.ipynb")
    place, tour, own = (shlex.quote(str(path)) for path in shown)
    return f"""{folder}: {", ".join(written)}
to look and change (pip install like-for-like[lab]): jupyter lab --ServerApp.root_dir={place} {tour}
to run one: papermill {own} kent.ipynb -p force Kent
to make a page of your own: analysis build --notebook {own} --force Kent --output own-pages"""
