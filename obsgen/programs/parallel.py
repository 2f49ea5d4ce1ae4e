"""Threads for several calls at the same time, which nothing waits for once obsgen is told to end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from obsgen.programs.leaving import LEAVING


@contextmanager
def threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """So many threads, at least one; where the block fails, what was not begun yet is left."""
    pool = ThreadPoolExecutor(max(count, 1))
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=LEAVING.signal is None, cancel_futures=True)
        raise
    pool.shutdown()
