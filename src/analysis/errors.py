"""The one error that is meant for the person who can mend it."""

from __future__ import annotations


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
        super().__init__(" ".join(str(message).split()))


class ManyErrors(RequestError):  # noqa: N818  # it is several errors
    """Several errors found in one reading, so that a file is mended once and not twenty times.

    Parameters
    ----------
    messages
        The lines, in the order in which they were found.
    """

    def __init__(self, messages: list[str]) -> None:
        self.messages = tuple(" ".join(message.split()) for message in messages)
        ValueError.__init__(self, "\n".join(self.messages))
