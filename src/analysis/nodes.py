"""YAML as nodes that know their lines: bounded, and safe, since nothing in it is made into an object yet."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from analysis import files
from analysis.errors import RequestError, shown

MOST_NODES = 500_000  # names and values, with aliases written out
_ANCHOR = re.compile(r"&\S")  # what an alias needs; elsewhere, as in an address, it costs a count for nothing

# The same safe loader in C where it is built in, which is eight times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What PyYAML raises, besides errors of its own, for a scalar that is not what its tag says, such as `!!bool maybe`.
BAD_VALUES = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
_MOST_DIGITS = 20  # of a count; the time to read more grows with their square


class Constructor(yaml.constructor.SafeConstructor):
    """Makes plain values of nodes; a number of more digits than any count has stays text, a key that stands twice is refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        """Return a mapping without a key that stands twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(
                        problem=f"{shown(key.value)} stands twice; keep one", problem_mark=key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_whole(self, node: yaml.ScalarNode) -> int | str:
        """Return a whole number, however it is written."""
        text = str(self.construct_scalar(node))
        return int(super().construct_yaml_int(node)) if len(text) <= _MOST_DIGITS else text

    yaml_constructors = {  # noqa: RUF012  # as the base class has it
        **yaml.constructor.SafeConstructor.yaml_constructors,
        "tag:yaml.org,2002:int": construct_whole,
    }


def compose(path: Path, *, most: int, remedy: str) -> yaml.Node:
    """Read a document into nodes.

    Parameters
    ----------
    path
        The file.
    most
        How many bytes it may have.
    remedy
        What to do about a file that is not there or is nothing, for errors.

    Returns
    -------
    yaml.Node
        An alias is the node that it stands for.

    Raises
    ------
    RequestError
        If the file cannot be read or is not one YAML document, or if it holds too much, as a thousand uses of an alias
        for a thousand entries do in a few kilobytes; one line that names the file and the line.
    """
    return composed(text_of(path, most=most, remedy=remedy), path, remedy=remedy)


def text_of(path: Path, *, most: int, remedy: str) -> str:
    """Return the text of a document, or refuse what is too large or no text; a pipe can be read once."""
    return decoded(files.read(path, most=most, right=remedy), path, most=most, instead="write several files")


def composed(text: str, path: Path, *, remedy: str) -> yaml.Node:
    """Return the nodes of a document that was read, as :func:`compose` does."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        # Without an alias a document stands for no more values than it has characters.
        is_small = len(text) <= MOST_NODES and not _ANCHOR.search(text)
        size = 0 if node is None or is_small else _written_out(node, {})
    except RecursionError:
        raise _too_deep(path, remedy) from None
    except yaml.MarkedYAMLError as error:
        if "nesting" in str(error.problem):
            raise _too_deep(path, remedy) from error
        at = error.problem_mark or error.context_mark
        line = min(at.line + 1, len(text.splitlines())) if at else 1  # the end is told as a line of its own
        raise RequestError(f"{path}: line {line}: not YAML ({error.problem})") from error
    except yaml.YAMLError as error:
        raise RequestError(f"{path}: not YAML ({error})") from error
    if node is None:
        raise RequestError(f"{path}: is empty; {remedy}")
    if size > MOST_NODES:
        raise RequestError(f"{path}: stands for over {MOST_NODES:,} values; write several files, and no aliases")
    return node


def decoded(content: bytes, name: object, *, most: int, instead: str) -> str:
    """Return the text of a file of at most so many bytes, or say what it is instead and what to do."""
    if len(content) > most:
        raise RequestError(f"{name}: larger than {most:,} bytes; {instead}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(
            f"{name}: not text in UTF-8 (byte {error.start + 1}); save it as plain text in UTF-8"
        ) from None


def _too_deep(path: Path, remedy: str) -> RequestError:
    return RequestError(f"{path}: nested too deeply; {remedy}")


def _written_out(node: yaml.Node, sizes: dict[int, int]) -> int:
    """Return how many nodes one stands for with every alias written out, or one more than there may be."""
    if id(node) not in sizes:
        sizes[id(node)] = MOST_NODES  # whoever asks before it is known is a part that holds this node, without end
        sizes[id(node)] = min(1 + sum(_written_out(part, sizes) for part in _parts(node)), MOST_NODES + 1)
    return sizes[id(node)]


def _parts(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for entry in node.value for part in entry]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
