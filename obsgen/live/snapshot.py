"""Serves the data of another Prometheus from a private one, without a change to them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from obsgen.live.offline import OfflineFailed, serving_folder
from obsgen.programs.checkers import find_tool
from obsgen.programs.scratch import scratch_folder
from obsgen.query.prometheus import Prometheus

_META: Final = "meta.json"
# What a running Prometheus writes on: the private one gets a copy of its own.
_WRITTEN_ON: Final = ("wal", "chunks_head")


@contextmanager
def serve_tsdb(path: Path, *, tools: Path | None = None) -> Iterator[tuple[str, float]]:
    """The URL of a Prometheus of its own over the folder's data, and the time of the newest of them.

    Raises OfflineFailed and BinaryMissing.
    """
    prometheus = find_tool("prometheus", tools)
    blocks = [one for one in sorted(path.iterdir()) if (one / _META).is_file()]
    if not blocks and not (path / "wal").is_dir():
        msg = f"'{path}' is no data of a Prometheus: it holds neither blocks nor a write-ahead log"
        raise OfflineFailed(msg)
    with scratch_folder() as folder:
        for block in blocks:
            # Blocks never change: as links they cost nothing, where they lie on one file system.
            shutil.copytree(block, folder / "data" / block.name, copy_function=_linked)
        for name in _WRITTEN_ON:
            if (path / name).is_dir():
                shutil.copytree(path / name, folder / "data" / name)
        with serving_folder(prometheus, folder) as url:
            yield url, _newest(url, blocks, path)


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


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
        return float(json.loads((block / _META).read_text())["maxTime"]) / 1000
    except (OSError, ValueError, KeyError, TypeError):
        msg = f"'{block}' is no block of a Prometheus: its {_META} does not say when it ends"
        raise OfflineFailed(msg) from None
