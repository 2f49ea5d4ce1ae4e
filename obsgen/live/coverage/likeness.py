"""Metrics whose names are so much alike that one may be the other in another version."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from typing import Final

_NEAR: Final = 0.6
_UNITS: Final = frozenset({"total", "seconds", "bytes", "ratio", "celsius", "info", "sum", "count", "bucket"})


class Likeness:
    """Knows a server's metrics by their first and their last word: names that are alike share one of the two."""

    def __init__(self, names: Iterable[str]) -> None:
        self._first: dict[str, list[str]] = {}
        self._last: dict[tuple[int, str], list[str]] = {}
        for name in names:
            words = name.split("_")
            self._first.setdefault(words[0], []).append(name)
            self._last.setdefault((len(words), words[-1]), []).append(name)
        self._found: dict[str, list[str]] = {}

    def of(self, name: str, but: Collection[str]) -> str | None:
        """The first metric that is called nearly so, and is none of `but`."""
        if name not in self._found:
            words = name.split("_")
            near = {*self._first.get(words[0], ()), *self._last.get((len(words), words[-1]), ())}
            self._found[name] = sorted(one for one in near if alike(name, one))
        return next((one for one in self._found[name] if one not in but), None)


def alike(name: str, other: str) -> bool:
    """Whether two metrics differ in one word that is nearly the same, or in units at the end of one of them."""
    words, others = name.split("_"), other.split("_")
    if len(words) == len(others):
        different = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
        return len(different) == 1 and SequenceMatcher(None, *different[0]).ratio() >= _NEAR
    short, long = sorted((words, others), key=len)
    return long[: len(short)] == short and _UNITS.issuperset(long[len(short) :])
