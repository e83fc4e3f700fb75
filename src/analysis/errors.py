"""The one error that is meant for the person who can mend it."""

from __future__ import annotations

import re
from datetime import date

_LONGEST = 2000  # characters of a line that a person may still read
_END = 400  # of them for what would be right, which stands at the end
_MOST = 20  # errors that are said of one file
_SECRET = re.compile(r"(?<=://)[^/\s@]+(?=@)")  # a name and password in an address


def one_line(text: str) -> str:
    r"""Return a text on one line, without its middle where it is longer than anyone reads.

    Examples
    --------
    >>> one_line("found 3;\n  give 4"), len(one_line("found " + "9" * 1_000_000))
    ('found 3; give 4', 2000)
    """
    line = _SECRET.sub("…", " ".join(text.split()))
    if len(line) <= _LONGEST:
        return line
    return f"{line[: _LONGEST - _END - 3]} … {line[-_END:]}"


def printable(text: str) -> str:
    r"""Return text in which nothing can steer a terminal, and no address tells its password; lines stay lines.

    Examples
    --------
    >>> print(printable("\x1b[31mKent\nEssex"))
    \x1b[31mKent
    Essex
    >>> print(printable("asked https://me:secret@localhost:8000/v1"))
    asked https://…@localhost:8000/v1
    """
    text = _SECRET.sub("…", text)
    return "".join(letter if letter.isprintable() or letter == "\n" else f"\\x{ord(letter):02x}" for letter in text)


def shown(value: object) -> str:
    """Return a value as an error may show it: short, whatever it holds.

    Examples
    --------
    >>> shown("33"), shown(33), shown([[1], [2]])
    ("'33'", '33', 'a list')
    """
    if value is None:
        return "nothing"
    if isinstance(value, dict | list | tuple | set):
        return "a mapping" if isinstance(value, dict) else "a list" if value else "an empty list"
    text = repr(value) if isinstance(value, str) else str(value)
    if "\n" in text or text.startswith("<"):  # a table, or where an object lies
        return f"a {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:59]}…"


def text_of(value: object, name: str, right: str = "give its name as text") -> str:
    """Return what was asked for if it is text, or refuse it in a line that says what would be right.

    Examples
    --------
    >>> text_of(88, "offence")
    Traceback (most recent call last):
    ...
    analysis.errors.RequestError: offence: found 88; give its name as text
    """
    if not isinstance(value, str):
        raise RequestError(f"{name}: found {shown(value)}; {right}")
    return value


def day_of(text: object, name: str = "") -> date:
    """Return the day that is written as 2026-04-23, or refuse it in a line that says so.

    Examples
    --------
    >>> day_of("yesterday", "published")
    Traceback (most recent call last):
    ...
    analysis.errors.RequestError: published: found 'yesterday'; give a day, as 2026-04-23
    """
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise RequestError(f"{name and f'{name}: '}found {shown(text)}; give a day, as 2026-04-23") from None


class RequestError(ValueError):
    """What was asked for, or what was given, is wrong.

    The message is a single line that names the file, sheet, row, column or option, what was found there and
    what would be right. The command prints it as it stands and ends with status 2.

    Examples
    --------
    >>> raise RequestError("option --jobs: found 0; give a whole number of at least 1")
    Traceback (most recent call last):
    ...
    analysis.errors.RequestError: option --jobs: found 0; give a whole number of at least 1
    """

    def __init__(self, message: str) -> None:
        super().__init__(one_line(str(message)))

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]  # what Jupyter shows in place of a trace

    @property
    def detail(self) -> str:
        """The message without what it is about, which stands before its first colon."""
        return str(self).partition(": ")[2] or str(self)


class ManyErrors(RequestError):  # noqa: N818  # it is several errors
    """Several errors found in one reading, so that a file is mended once and not twenty times.

    Parameters
    ----------
    messages
        The lines, in the order in which they were found.
    """

    def __init__(self, messages: list[str]) -> None:
        more = [f"and {len(messages) - _MOST:,} more like these"] if len(messages) > _MOST else []
        ValueError.__init__(self, "\n".join([*map(one_line, messages[:_MOST]), *more]))
