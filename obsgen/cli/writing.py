"""Files that a command writes for a person: each whole or not at all, and none through a link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TextIO

from obsgen.diagnostics import Diagnosed, Diagnostic

_LONGEST_NAME = 200


def write_files(files: Mapping[Path, str | bytes]) -> None:
    """Write all of the files, and the folders they need; `Diagnosed` where that fails, and then none is left."""
    with ExitStack() as places:
        for path, content in files.items():
            file = places.enter_context(staged(path))
            if isinstance(content, bytes):
                file.buffer.write(content)
            else:
                file.write(content)


@contextmanager
def staged(path: Path) -> Iterator[TextIO]:
    """A file that takes its place at the block's end, or leaves nothing behind; `Diagnosed` where it cannot."""
    with _blamed(path), ExitStack() as undoing:
        # Such as /dev/stdout, which is written to as it is.
        if Path("/dev") in path.parents and path.exists():
            yield undoing.enter_context(path.open("w", encoding="utf-8"))
            return
        _refuse_unfit(path)
        _make_folder(path.parent, undoing)
        beside = path.with_name(f".{path.name[:_LONGEST_NAME]}.{token_hex(4)}")
        file = undoing.enter_context(beside.open("x", encoding="utf-8"))
        undoing.callback(beside.unlink, missing_ok=True)
        yield file
        file.close()
        beside.replace(path)
        undoing.pop_all()


@contextmanager
def _blamed(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # Where it is a folder above that cannot be had, its name is the news.
        above = error.filename and Path(error.filename) in path.parents
        raise _unwritable(path, f"'{error.filename}': {error.strerror}" if above else str(error.strerror)) from None


def _refuse_unfit(path: Path) -> None:
    # A link in a stranger's checkout may lead to any file of whoever runs the command.
    if path.is_symlink():
        raise _unwritable(path, "it is a link; name the file itself")
    if path.is_dir():
        raise _unwritable(path, "it is a folder")
    if path.exists() and not path.is_file():
        raise _unwritable(path, "it is no regular file")


def _make_folder(folder: Path, undoing: ExitStack) -> None:
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir()
        undoing.callback(_remove_if_empty, one)


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()


def _unwritable(path: Path, reason: str) -> Diagnosed:
    return Diagnosed([Diagnostic("OBS459", f"'{path}' cannot be written: {reason}")])
