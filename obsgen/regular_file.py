"""Reads a file that somebody else named: a regular one, so much of it, and never waiting for more."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

from obsgen.limits import FILE_BYTES

_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class Unreadable(Exception):  # noqa: N818 - it names the fault
    """Why a file is not read, in words that follow its name."""


class Missing(Unreadable):
    """There is no such file."""


class NotPlain(Unreadable):
    """It is no regular file, or it is larger than what is read."""


def is_folder(path: Path) -> bool:
    """Whether it is a folder, or a link to one; a Path's own `is_dir` raises where a name is too long."""
    return os.path.isdir(path)  # noqa: PTH112


def is_link(path: Path) -> bool:
    """Whether it is a link itself, likewise."""
    return os.path.islink(path)  # noqa: PTH114


def read_regular(path: Path, *, most: int = FILE_BYTES) -> bytes:
    """The content of a regular file of at most so many bytes; Unreadable otherwise."""
    with open_regular(path) as file:
        try:
            content = file.read(most + 1)
        except OSError as error:
            raise Unreadable(f"cannot be read: {error.strerror}") from None
    # Some files of /proc have nothing to give yet, and say so without an error.
    if content is None:
        raise Unreadable("cannot be read: nothing stands in it yet")
    if len(content) > most:
        raise NotPlain(f"is larger than {most >> 20} MiB, the most that is read")
    return content


def open_regular(path: Path) -> BinaryIO:
    """The regular file, open for reading; Unreadable where it is none."""
    try:
        # A pipe would be waited for at the opening, and a look beforehand could be at another file than the one opened.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except (FileNotFoundError, NotADirectoryError):
        raise Missing("does not exist") from None
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None
    except ValueError:
        raise Unreadable("cannot be read: no file name holds such a character") from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        kind = next((kind for is_one, kind in _KINDS if is_one(mode)), "no file")
        raise NotPlain(f"is {kind}, and only regular files are read")
    return os.fdopen(descriptor, "rb")
