"""Serves the data of another Prometheus from a private one, without a change to them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pydantic_core import from_json

from obsgen.limits import INTEGER
from obsgen.live.offline import OfflineFailed, serving_folder
from obsgen.programs.checkers import find_tool
from obsgen.programs.scratch import scratch_folder
from obsgen.query.prometheus import Prometheus
from obsgen.regular_file import NotPlain, Unreadable, is_folder, is_link, open_regular, read_regular

_META: Final = "meta.json"
# What a running Prometheus writes on: the private one gets a copy of its own.
_WRITTEN_ON: Final = ("wal", "chunks_head")
# A block has a folder of chunks, the log one of checkpoints.
_DEEPEST: Final = 3


@contextmanager
def serve_tsdb(path: Path, *, tools: Path | None = None) -> Iterator[tuple[str, float]]:
    """The URL of a Prometheus of its own over the folder's data, and the time of the newest of them.

    Raises OfflineFailed and BinaryMissing.
    """
    prometheus = find_tool("prometheus", tools)
    try:
        blocks = [one for one in sorted(path.iterdir()) if (one / _META).is_file()]
    except OSError as error:
        msg = f"'{path}' is no data of a Prometheus: it cannot be opened as a folder ({error.strerror})"
        raise OfflineFailed(msg) from None
    if not blocks and not (path / "wal").is_dir():
        msg = f"'{path}' is no data of a Prometheus: it holds neither blocks nor a write-ahead log"
        raise OfflineFailed(msg)
    with scratch_folder() as folder:
        for name in [*(block.name for block in blocks), *_WRITTEN_ON]:
            if (path / name).is_dir():
                _copied(path / name, folder / "data" / name, linked=name not in _WRITTEN_ON)
        with serving_folder(prometheus, folder) as url:
            yield url, _newest(url, blocks, path)


def _copied(source: Path, target: Path, *, linked: bool, depth: int = 0) -> None:
    """The folder with its regular files. What a stranger put into it is not followed: no link, no device, no pipe."""
    if is_link(source) or depth > _DEEPEST:
        msg = f"'{source}' is no folder of a Prometheus' data"
        raise OfflineFailed(msg)
    try:
        target.mkdir(parents=True)
        for one in sorted(source.iterdir()):
            if is_folder(one):
                _copied(one, target / one.name, linked=linked, depth=depth + 1)
            else:
                _copied_file(one, target / one.name, linked=linked)
    except (OSError, Unreadable) as error:
        reason = error.strerror if isinstance(error, OSError) else f"a file of it {error}"
        msg = f"'{source}' cannot be copied: {reason}"
        raise OfflineFailed(msg) from None


def _copied_file(source: Path, target: Path, *, linked: bool) -> None:
    if is_link(source):
        raise NotPlain("is a link, and only regular files are read")
    with open_regular(source) as file:
        if linked:
            try:
                # Blocks never change: as links they cost nothing, where they lie on one file system.
                os.link(source, target, follow_symlinks=False)
            except OSError:
                pass
            else:
                return
        with target.open("wb") as copy:
            shutil.copyfileobj(file, copy)


def _newest(url: str, blocks: Sequence[Path], path: Path) -> float:
    """The end of the last block, or of what is in no block yet."""
    with Prometheus(url) as prometheus:
        newest = max((*map(_end, blocks), prometheus.newest_in_head() or 0.0))
    if not newest:
        msg = f"'{path}' holds no sample"
        raise OfflineFailed(msg)
    return newest


def _end(block: Path) -> float:
    try:
        ends = from_json(read_regular(block / _META), allow_inf_nan=False)["maxTime"]
    except (Unreadable, ValueError, KeyError, TypeError):
        ends = None
    if not isinstance(ends, int) or isinstance(ends, bool) or not 0 <= ends <= INTEGER:
        msg = f"'{block}' is no block of a Prometheus: its {_META} does not say when it ends"
        raise OfflineFailed(msg)
    return ends / 1000
