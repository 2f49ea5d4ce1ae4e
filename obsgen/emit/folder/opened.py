"""The folder as an open descriptor: whatever is done below it is done component by component, never through a link."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from errno import EBUSY, EEXIST, ELOOP, ENOTDIR, ENOTEMPTY
from pathlib import Path

from obsgen.limits import OUTPUT_BYTES

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
# A FIFO that takes the file's place between two calls must not make the reader wait.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
# Subfolders kept open: paths come sorted, so that one serves all its files; another is where they come from.
_KEPT = 4
_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISREG, "a file"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
)


class Obstructed(Exception):  # noqa: N818 - says what stands in the way, and is always caught
    """Something else stands where a file or a folder of ours belongs."""

    def __init__(self, path: str, fault: str) -> None:
        super().__init__(f"{path} {fault}")
        self.path, self.fault = path, fault


class OutputFolder:
    """The output folder; paths are relative to it, checked before, with forward slashes. Raises OSError, Obstructed."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.descriptor = descriptor
        self._subfolders: dict[str, int] = {}

    def named(self, path: str) -> str:
        """The path as messages show it."""
        return str(self.path / path)

    def is_there(self) -> bool:
        """Whether the path still leads to this folder."""
        try:
            return os.path.samestat(self.path.stat(), os.fstat(self.descriptor))
        except FileNotFoundError:
            return False

    def read(self, path: str, limit: int = OUTPUT_BYTES) -> bytes | None:
        """What the regular file holds, at most `limit` bytes; None where nothing stands."""
        try:
            parent, name = self._place(path)
            found = os.stat(name, dir_fd=parent, follow_symlinks=False)
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(found.st_mode):
            raise Obstructed(path, f"is {_kind(found.st_mode)}, not a regular file")
        if found.st_size > limit:
            raise Obstructed(path, f"is larger than {limit // 2**20} MiB")
        with open(os.open(name, _READ, dir_fd=parent), "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor
            return file.readall()

    def create(self, path: str, content: bytes) -> None:
        """A new file, readable by all whatever the umask: what reads the output is seldom who built it."""
        parent, name = self._place(path)
        descriptor = os.open(name, _NEW, 0o644, dir_fd=parent)
        try:
            os.fchmod(descriptor, 0o644)
            left = memoryview(content)
            while left:
                left = left[os.write(descriptor, left) :]
        finally:
            os.close(descriptor)

    def move(self, path: str, target: str) -> None:
        """Put a file where it belongs in one step; what stands there is replaced, a link itself and not its end."""
        source, name = self._place(path)
        parent, new_name = self._place(target)
        os.rename(name, new_name, src_dir_fd=source, dst_dir_fd=parent)

    def remove(self, path: str) -> None:
        """Take a file away, if it is there."""
        with suppress(FileNotFoundError):
            parent, name = self._place(path)
            os.unlink(name, dir_fd=parent)

    def names(self, path: str = "") -> list[str]:
        """What stands in a folder."""
        return sorted(os.listdir(self._subfolder(path)))  # noqa: PTH208 - a descriptor

    def has_file(self, path: str) -> bool:
        """Whether a regular file stands there."""
        parent, name = self._place(path)
        return stat.S_ISREG(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)

    def has_folder(self, path: str) -> bool:
        """Whether the folder is there."""
        try:
            self._subfolder(path)
        except FileNotFoundError:
            return False
        return True

    def make_folder(self, path: str) -> None:
        """A new folder in one that is there."""
        parent, name = self._place(path)
        os.mkdir(name, dir_fd=parent)

    def remove_empty(self, path: str) -> bool:
        """Take a folder away where nothing stands in it; whether it is gone."""
        self._close(path)
        try:
            parent, name = self._place(path)
            os.rmdir(name, dir_fd=parent)
        except (FileNotFoundError, Obstructed) as gone:
            return isinstance(gone, FileNotFoundError)
        except OSError as fault:
            if fault.errno in (ENOTEMPTY, EEXIST, ENOTDIR, EBUSY):
                return False
            raise
        return True

    def close(self) -> None:
        """Give the descriptors back, and with them the lock."""
        for path in list(self._subfolders):
            self._close(path)
        os.close(self.descriptor)

    def _place(self, path: str) -> tuple[int, str]:
        parent, _, name = path.rpartition("/")
        return self._subfolder(parent), name

    def _subfolder(self, path: str) -> int:
        if not path:
            return self.descriptor
        # What was used last stands last and is closed last: a move needs two at once.
        kept = self._subfolders.pop(path, None)
        self._subfolders[path] = kept if kept is not None else self._walked(path.split("/"))
        if len(self._subfolders) > _KEPT:
            self._close(next(iter(self._subfolders)))
        return self._subfolders[path]

    def _walked(self, names: list[str]) -> int:
        at = os.dup(self.descriptor)
        for depth, name in enumerate(names, start=1):
            try:
                below = os.open(name, _FOLDER, dir_fd=at)
            except OSError as fault:
                if fault.errno not in (ENOTDIR, ELOOP):
                    raise
                mode = os.stat(name, dir_fd=at, follow_symlinks=False).st_mode
                raise Obstructed("/".join(names[:depth]), f"is {_kind(mode)}, not a folder") from None
            finally:
                os.close(at)
            at = below
        return at

    def _close(self, path: str) -> None:
        descriptor = self._subfolders.pop(path, None)
        if descriptor is not None:
            os.close(descriptor)


def _kind(mode: int) -> str:
    return next((kind for is_so, kind in _KINDS if is_so(mode)), "a device")
