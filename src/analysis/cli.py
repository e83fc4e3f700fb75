"""The `analysis` command: calls the library as its words ask, and prints. No logic of its own."""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from analysis import files, options, record
from analysis.errors import ManyErrors, RequestError, one_line, printable

DONE, DIFFERS, REFUSED, INTERRUPTED = 0, 1, options.REFUSED, 130

_log = logging.getLogger(__name__)


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
    status = _status(lambda: _run(sys.argv[1:] if arguments is None else list(arguments)))
    _tell("")
    return status


def _run(words: Sequence[str]) -> int:
    """Read the words of a command and do what they ask, with a record of it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what cannot be written in its encoding is written as an escape
            stream.reconfigure(errors="backslashreplace")
    try:
        asked = options.parser().parse_args(words)
    finally:
        print(end="", flush=True)  # help and version are printed while words are read, and may not fit either
    told = {name: getattr(asked, name, False) for name in ("quiet", "verbose")}
    status = DONE
    try:
        with record.kept(words, **told, log=getattr(asked, "log", None)):
            status = _status(lambda: RUNS[asked.run](asked))
            _log.info("status %d", status)
    except RequestError as error:  # of the record itself
        status = max(status, REFUSED)
        _tell(f"analysis: {error}")
    return status


def _status(run: Callable[[], int]) -> int:
    """Run a command, or say in one line why that cannot be."""
    status, refused = DONE, ""
    try:
        status = run()
        print(end="", flush=True)  # what cannot be printed is noticed here, and not when Python ends
    except RequestError as error:
        refused = str(error)
    except KeyboardInterrupt:
        status = INTERRUPTED
        _tell("analysis: interrupted; what was finished is kept")
    except BrokenPipeError:  # the reader of our output has gone, and nobody waits for more
        _give_up(sys.stdout)
    except OSError as error:  # a full disk that output goes to, or no folder for temporary files
        where = error.filename or ("output" if error.errno in files.NO_ROOM else "system")
        refused = f"{where}: {error.strerror or error}"
        _give_up(sys.stdout)
    except (MemoryError, ImportError) as error:
        why = one_line(str(error)) or "no more memory"
        refused = f"system: too little memory, or the installation is not whole ({why})"
    if refused:
        status = REFUSED
        _tell(f"analysis: {refused}")
        _log.info("refused: %s", refused)
    return status


def _done(asked: argparse.Namespace, line: str) -> int:
    """Say what was done, unless nobody wants to know."""
    _log.info("%s", line)
    if not getattr(asked, "quiet", False):
        print(printable(line))
    return DONE


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


def _build(asked: argparse.Namespace) -> int:
    from analysis import progress, publish

    figures = {name: getattr(asked, name) for name in ("period", "baseline", "offence", "release")}
    if asked.cluster and asked.jobs:
        raise RequestError(
            "--jobs cannot be combined with --cluster, whose workers have as many threads as they were started with"
        )
    if asked.matrix and asked.force:
        raise RequestError("--force cannot be combined with --matrix, whose rows name the forces")
    wanted = (
        publish.matrix_request(asked.matrix, **figures)
        if asked.matrix
        else publish.request(force_names=asked.force, **figures)
    )
    quiet = getattr(asked, "quiet", False)
    with contextlib.closing(progress.Progress(None if quiet else sys.stderr)) as shown:
        outcome = publish.build(
            wanted,
            asked.output,
            jobs=asked.jobs,
            cluster=asked.cluster,
            fresh=asked.fresh,
            progress=shown,
        )
    try:
        _done(asked, outcome.summary(asked.output))
        print(end="", flush=True)
    except BrokenPipeError:  # whoever does not listen to the end is told by the status
        _give_up(sys.stdout)
    return DONE if outcome.is_whole else DIFFERS


def _compare(asked: argparse.Namespace) -> int:
    from analysis.comparison import compare
    from analysis.report import sentences

    result = compare(
        asked.force,
        period=asked.period,
        baseline=asked.baseline,
        offence=asked.offence,
        release=asked.release,
    )
    if asked.csv:
        print(_csv(_periods(result.to_dict())), end="")
    else:
        print(_json(result.to_dict()) if asked.json else printable(sentences.report(result)))
    return DONE


def _periods(found: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """Give a row for each period of a comparison; the ratio stands beside the baseline that it is of."""
    for name in ("current", "baseline", "same_quarters_year_before"):
        if count := found[name]:
            is_baseline = name == "baseline"
            told = {key: found[key] for key in ("force", "offence", "release")} | {"count": name}
            told |= {key: count[key] for key in ("period", "months", "offences", "per_month")}
            told |= {"answer": found["answer"] if is_baseline else count.get("answer")}
            ratio = found["ratio"] if is_baseline else {}
            yield told | {"ratio": ratio.get("value"), "low": ratio.get("low"), "high": ratio.get("high")}


def _claims(asked: argparse.Namespace) -> int:
    from analysis import claims
    from analysis.report import published

    if asked.html:
        from analysis.publish import claims as pages

        pages.require_ours(asked.html)
    loaded = claims.load(asked.file)
    if loaded.errors and not loaded.claims:
        raise ManyErrors(list(loaded.errors))
    judgements = () if asked.since else claims.judge_all(loaded.claims)
    if asked.since:
        print(printable(published.changes_text(claims.changed(loaded.claims, since=asked.since), asked.since)))
    elif asked.html:
        pages.write(judgements, asked.html)
        _done(asked, f"open {asked.html}")
    elif asked.json:
        print(_json([judgement.to_dict() for judgement in judgements]))
    else:
        print(printable(published.report_text(judgements)))
    for error in loaded.errors:
        _tell(f"analysis: {error}")
    return DIFFERS if loaded.errors else DONE


def _draft(asked: argparse.Namespace) -> int:
    from analysis.claims import drafts

    text = drafts.read(asked.article, sys.stdin)
    print(printable(drafts.render(drafts.draft(text, published=asked.published, model=asked.model))), end="")
    return DONE


def _data_list(asked: argparse.Namespace) -> int:
    from analysis.figures import register
    from analysis.report import held

    found = register.load_register()
    if asked.json:
        print(_json(held.entries(found)))
    else:
        is_long = getattr(asked, "verbose", False)
        print(printable(held.listing(found) if is_long else held.overview(found)))
    return DONE


def _data_add(asked: argparse.Namespace) -> int:
    from analysis.figures import added

    how = {name: getattr(asked, name) for name in ("released", "replace", "as_it_is")}
    return _done(asked, added.add(asked.file, **how).text)


def _data_remove(asked: argparse.Namespace) -> int:
    from analysis.figures import added

    return _done(asked, added.remove(asked.release))


def _data_update(asked: argparse.Namespace) -> int:
    from analysis.figures import updates

    shown = sys.stderr.isatty() and not getattr(asked, "quiet", False)
    return _done(asked, updates.update(as_it_is=asked.as_it_is, show_progress=shown).text)


def _data_verify(asked: argparse.Namespace) -> int:
    from analysis.figures import verification
    from analysis.report import held

    found = verification.verify(asked.file, released=asked.released)
    print(printable(held.verification(found)))
    return DONE if found.agrees else DIFFERS


def _data_revisions(asked: argparse.Namespace) -> int:
    from analysis.figures import revisions
    from analysis.report import held
    from analysis.terms import areas

    found = revisions.found(areas.find_area(asked.force), asked.offence, since=asked.since)
    if asked.csv:
        print(_csv(found.changes.astype({"quarter": str}).to_dict("records")), end="")
    else:
        print(printable(held.revisions(found)))
    return DONE


def _data_export(asked: argparse.Namespace) -> int:
    from analysis.figures import exports
    from analysis.terms import areas

    area = areas.find_area(asked.force)
    how = {name: getattr(asked, name) for name in ("release", "offence", "replace")}
    return _done(asked, exports.export(asked.file, area=area, **how))


def _verify(asked: argparse.Namespace) -> int:
    from analysis.publish import verification

    found = verification.verify(asked.folder)
    try:
        print(printable("\n".join(found.lines)), flush=True)
    except BrokenPipeError:
        _give_up(sys.stdout)
    return DONE if found.agrees else DIFFERS


def _forces(_: argparse.Namespace) -> int:
    from analysis.terms import areas

    width = max(len(force.name) for force in areas.FORCES)
    slugs = max(len(force.slug) for force in areas.FORCES)
    for force in areas.FORCES:
        print(f"{force.name:{width}}  {force.slug:{slugs}}  {force.code or '-':9}  {force.region}")
    return DONE


def _help(asked: argparse.Namespace) -> int:
    asked.parser.print_help()
    return DONE


def _offences(_: argparse.Namespace) -> int:
    from analysis.report import offences

    print(printable(offences.listing()))
    return DONE


def _json(content: object) -> str:
    """Return JSON in which nothing can steer a terminal: what JSON lets stand, such as U+009B, is written as an escape."""
    is_unicode = (getattr(sys.stdout, "encoding", None) or "utf-8").casefold().startswith("utf")
    text = json.dumps(content, indent=1, ensure_ascii=not is_unicode)
    return "".join(letter if letter.isprintable() or letter == "\n" else json.dumps(letter)[1:-1] for letter in text)


def _csv(rows: Iterable[Mapping[Any, object]]) -> str:
    """Return rows as CSV under the names of their columns; what is not known is blank."""
    text, every = io.StringIO(), list(rows)
    writer = csv.DictWriter(text, list(every[0]) if every else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: "" if str(value) == "<NA>" else value for key, value in row.items()} for row in every)
    return text.getvalue()


RUNS: dict[str, Callable[[argparse.Namespace], int]] = {
    "help": _help,
    "build": _build,
    "compare": _compare,
    "claims": _claims,
    "draft": _draft,
    "data_list": _data_list,
    "data_add": _data_add,
    "data_remove": _data_remove,
    "data_update": _data_update,
    "data_verify": _data_verify,
    "data_revisions": _data_revisions,
    "data_export": _data_export,
    "verify": _verify,
    "forces": _forces,
    "offences": _offences,
}
