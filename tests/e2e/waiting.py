"""Waiting for real servers: by looking, never by sleeping a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")

_PAUSE_SECONDS = 0.1


def wait_until(look: Callable[[], Seen], wanted: Callable[[Seen], object], *, what: str, seconds: float = 30.0) -> Seen:
    """What `look` returns once it is wanted; an AssertionError past `seconds` says what was seen instead."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if wanted(seen):
            return seen
        if time.monotonic() > deadline:
            msg = f"{what}: not within {seconds:g} s; last seen: {seen!r}"
            raise AssertionError(msg)
        time.sleep(_PAUSE_SECONDS)


def stays(look: Callable[[], Seen], wanted: Callable[[Seen], object], *, what: str, seconds: float) -> None:
    """Look for `seconds` long; an AssertionError the first time that what is seen is not wanted."""
    begun = time.monotonic()
    while (passed := time.monotonic() - begun) < seconds:
        seen = look()
        if not wanted(seen):
            msg = f"{what}: no longer after {passed:.1f} s; seen: {seen!r}"
            raise AssertionError(msg)
        time.sleep(_PAUSE_SECONDS)
