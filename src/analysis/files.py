"""Where files live, what their hash is, and how one is written whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import errno
import functools
import hashlib
import logging
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.errors import RequestError
from analysis.progress import within

_log = logging.getLogger(__name__)

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parents[1]
USER_DATA = "ANALYSIS_DATA"  # the folder of what a user adds
SHIPPED = "ANALYSIS_SHIPPED"  # set for who makes pages: the folder with the figures as their build read them
SUMS = "SHA256SUMS"  # of every file of data/raw; `make sums` writes it
WAIT = 120  # seconds for a lock; an addition takes some ten
PATIENCE = 30  # seconds for all that is read
STANDARD_INPUT = Path("-")
_NAMES = ("like-for-like", "recorded-grooming-offences")  # of the project, now and until 0.2
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})  # what the system says of a full disk


def in_checkout() -> bool:
    """Say whether the library runs from a checkout of the project rather than from an installed wheel."""
    return _is_checkout(PACKAGE, CHECKOUT)


@functools.cache  # asked for each figure, to see whether a register was written again
def _is_checkout(package: Path, top: Path) -> bool:
    return package.parent.name == "src" and (top / "data" / "raw" / "register.yaml").is_file()


def shipped(*parts: str) -> Path:
    """Return the path of something that the project ships: ``data/raw``, ``notebooks`` or the lock file.

    In a checkout these stand at the top; in a wheel they travel inside the package. The environment variable
    ``ANALYSIS_SHIPPED`` names another folder, for the figures that a build has read, by which its workers make pages.

    Parameters
    ----------
    *parts
        The path below the project's top, part by part.

    Returns
    -------
    pathlib.Path
        Where it is. The path need not exist.

    Examples
    --------
    >>> shipped("data", "raw", "register.yaml").is_file()
    True
    """
    return Path(os.environ.get(SHIPPED) or (CHECKOUT if in_checkout() else PACKAGE / "shipped"), *parts)


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of ``data/raw`` by the names of its columns."""
    with shipped("data", "raw", name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def user_data() -> Path:
    """Return the folder that holds what a user adds: ``raw/added`` and ``processed`` below it.

    The environment variable ``ANALYSIS_DATA`` names it; otherwise it is ``data/`` in a checkout, and the user's
    own data folder where the library was installed from a wheel.

    Returns
    -------
    pathlib.Path
        The folder, which need not exist.

    Raises
    ------
    RequestError
        If what the environment names leads nowhere.
    """
    if named := os.environ.get(USER_DATA):
        try:
            return _resolved(Path(named).expanduser().absolute())
        except (OSError, RuntimeError) as error:  # a user whom the system does not know, or links in a circle
            raise RequestError(f"{USER_DATA}: {named} leads nowhere ({error}); name a folder") from error
    if in_checkout():
        return CHECKOUT / "data"
    import platformdirs  # only a wheel needs it

    now, before = (Path(platformdirs.user_data_dir(name, appauthor=False)) for name in _NAMES)
    return before if before.is_dir() and not now.exists() else now


@functools.lru_cache(maxsize=8)
def _resolved(path: Path) -> Path:
    return path.resolve()


def sha256(content: bytes | Path) -> str:
    """Return the SHA-256 of bytes, or of a file's bytes, in hexadecimal.

    Parameters
    ----------
    content
        The bytes themselves, or the path of a file to read in blocks.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> sha256(b"")[:12]
    'e3b0c44298fc'
    """
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(path: Path, *, most: int, right: str) -> bytes:
    """Return the bytes of a file that somebody gives, read through one handle: what is judged is what is kept.

    Parameters
    ----------
    path
        The file, a pipe, or ``-`` for standard input. What does not come within :data:`PATIENCE` seconds is not waited
        for, and a folder or a device is refused at once.
    most
        How many bytes it may have.
    right
        What would be right, for errors: ``give an ODS, XLSX or CSV file``.

    Raises
    ------
    RequestError
        If the path leads to nothing that can be read, or to more than that.
    """

    def whole() -> bytes:
        with os.fdopen(os.dup(0), "rb") if path == STANDARD_INPUT else path.open("rb") as file:
            kind = os.fstat(file.fileno()).st_mode
            if not (path == STANDARD_INPUT or stat.S_ISREG(kind) or stat.S_ISFIFO(kind)):
                raise RequestError(f"{path}: is a device; {right}")
            return file.read(most + 1)

    if path.parts[:1] in {("http:",), ("https:",)}:
        raise RequestError(f"{path}: is an address; download what is there first; {right}")
    try:
        if path.is_dir():
            raise RequestError(f"{path}: is a folder; {right}")
        content = within(PATIENCE, whole, late=f"{path}: nothing more came in {PATIENCE} seconds; {right}")
    except (OSError, RuntimeError) as error:  # the latter for links in a circle
        raise RequestError(f"{path}: cannot be read ({getattr(error, 'strerror', error)}); {right}") from error
    if len(content) > most:
        raise RequestError(f"{path}: larger than {most:,} bytes; {right}")
    digest = sha256(content)
    _log.info("read %s: %s bytes, SHA-256 %s", path.name, f"{len(content):,}", digest)
    _tell_apart(path, digest)
    return content


def text(path: Path, *, most: int, right: str) -> str:
    """Return the text of a file in UTF-8 that somebody gives, as :func:`read` does its bytes."""
    try:
        return read(path, most=most, right=right).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        right = "save it as plain text in UTF-8"
        raise RequestError(f"{path}: not text in UTF-8 (byte {error.start + 1}); {right}") from None


@functools.cache
def listed() -> Mapping[str, str]:
    """Return the hash of each file of ``data/raw`` by its name, as ``SHA256SUMS`` there lists it; none where there is no list."""
    try:
        lines = shipped("data", "raw", SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


@functools.cache  # said once
def _tell_apart(path: Path, digest: str) -> None:
    if path.parent == shipped("data", "raw") and listed().get(path.name, digest) != digest:
        _log.warning(
            "%s is not as the project ships it (%s): answers may differ, see `analysis verify`", path.name, SUMS
        )


@contextlib.contextmanager
def locked(folder: Path, *, wait: float | None = None, option: str = USER_DATA) -> Iterator[None]:
    """Let one process at a time change a folder; the lock is a file that nobody deletes.

    Parameters
    ----------
    folder
        Made if it is missing.
    wait
        Seconds to wait for another process, by default :data:`WAIT`; who waits for more than one is told, and who
        does not wait at all is alone in this process too.
    option
        What names the folder, for whoever has to name another.

    Raises
    ------
    RequestError
        If another process keeps the lock, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout  # whoever only reads needs no lock

    wait, holder = WAIT if wait is None else wait, folder / ".holder.lock"
    lock = FileLock(folder / ".lock", is_singleton=wait > 0)  # whoever holds it may take it again
    is_held = lock.is_locked
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=min(wait, 1))
        except Timeout:
            if wait <= 1:
                raise
            _log.warning("%s: waiting up to %d seconds for %s to finish", folder, wait, _named(holder))
            lock.acquire(timeout=wait - 1)
        with contextlib.suppress(OSError):  # a full disk; the name is for whoever waits
            holder.write_text(str(os.getpid()), encoding="ascii")
    except Timeout:
        does = f"has been changing it for over {wait:g} seconds" if wait else "is writing there"
        right = f"wait for it or end it, or give {option} another folder"
        raise RequestError(f"{folder}: {_named(holder)} {does}; {right}") from None
    except OSError as error:
        raise unwritable(folder, error, option=option) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            if not is_held:
                holder.unlink(missing_ok=True)
        lock.release()


def _named(holder: Path) -> str:
    try:
        return f"process {int(holder.read_text(encoding='ascii')[:20])}"
    except (OSError, ValueError):
        return "another process"


def write_whole(
    path: Path, content: bytes, *, staging: Path | None = None, option: str = USER_DATA, replace: bool = True
) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part.

    The bytes go to a new file beside the target (or in `staging`, which must be on the same file system), whose name
    nobody can foresee, reach the disk, and take the target's name in one step.

    Parameters
    ----------
    path
        The file to write. Its folder is made if it is missing.
    content
        All of its bytes.
    staging
        A folder for the unfinished file.
    option
        What names the folder, for whoever has to name another.
    replace
        Whether it may take the place of another file.

    Raises
    ------
    RequestError
        If what stands there may not be replaced or is no regular file, the folder cannot be written, or the disk is full; it is untouched.
    """
    require_regular(path)
    if not replace and path.exists():
        raise RequestError(f"{path}: is there already; name another file, or give --replace (replace=True)")
    waiting, is_ours = (staging or path.parent) / f".{path.name}.{secrets.token_hex(8)}.part", False
    try:
        for folder in (path.parent, waiting.parent):
            folder.mkdir(parents=True, exist_ok=True)
        with waiting.open("xb") as file:  # where nothing stands, no link either
            is_ours = True
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(path)
        _sync(path.parent)
        _log.info("wrote %s: %s bytes", path.name, f"{len(content):,}")
    except OSError as error:
        with contextlib.suppress(OSError):  # where nothing could be written, nothing can be removed either
            if is_ours:
                waiting.unlink()
        raise unwritable(path, error, option=option) from error


def require_regular(path: Path) -> None:
    """Refuse to write where something stands that is no regular file: a folder, a link, a pipe or a device; and ``-``, which is read."""
    if path == STANDARD_INPUT:
        raise RequestError(
            "-: is standard input, which is read and not written to; give a name that ends in what it is"
        )
    try:
        kind = os.lstat(path).st_mode
    except OSError:
        return  # nothing is there, or nothing that can be seen: to write says what is wrong
    if not stat.S_ISREG(kind):
        what = "a link" if stat.S_ISLNK(kind) else "a folder" if stat.S_ISDIR(kind) else "a pipe or a device"
        raise RequestError(f"{path}: is {what}, and no file; nothing was written there, give another name")


def _sync(folder: Path) -> None:
    """Have the new name in a folder reach the disk too, where the system can do that."""
    with contextlib.suppress(OSError):
        entry = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(entry)
        finally:
            os.close(entry)


def unwritable(path: Path, error: OSError, *, option: str) -> RequestError:
    """Return what is said of a place that cannot be written to.

    Parameters
    ----------
    path
        The file or the folder.
    error
        Why it cannot.
    option
        What names the folder: an option of the command, or a variable of the environment.

    Examples
    --------
    >>> print(unwritable(Path("reports"), OSError(28, "No space left on device"), option="--output"))
    reports: cannot be written (No space left on device); give --output a folder with room that may be written to
    """
    right = f"give {option} a folder with room that may be written to"
    return RequestError(f"{path}: cannot be written ({error.strerror or error}); {right}")
