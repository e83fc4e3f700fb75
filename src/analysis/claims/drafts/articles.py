"""An article as a file or standard input gives it."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from analysis.errors import RequestError

MOST_BYTES = 300_000  # fifty thousand words


def read(name: str, standard_input: BinaryIO) -> str:
    """Return the text of an article.

    Parameters
    ----------
    name
        A path, or ``-`` for standard input.
    standard_input
        What ``-`` stands for.

    Returns
    -------
    str

    Raises
    ------
    RequestError
        If it cannot be read, is larger than :data:`MOST_BYTES`, or is not text in UTF-8.
    """
    try:
        if name == "-":
            content = standard_input.read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise RequestError(f"{name}: cannot be read ({error.strerror}); give a plain-text file, or -") from None
    if len(content) > MOST_BYTES:
        raise RequestError(f"{name}: larger than {MOST_BYTES:,} bytes; give the text of one article")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(
            f"{name}: byte {error.start + 1} is not UTF-8; save the article as plain text in UTF-8"
        ) from None
    if "\0" in text:
        raise RequestError(
            f"{name}: holds a zero byte, so it is not plain text; save the article as plain text in UTF-8"
        )
    return text
