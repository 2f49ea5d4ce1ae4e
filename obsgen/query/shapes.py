"""A server's JSON, piece by piece: each is of the type that the API promises, or `Unlike` is raised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import from_json

from obsgen.query.samples import moment

# Characters for each bracket and comma of an answer, at the least; of short answers nothing is said.
_PER_PIECE: Final = 4
_FEW: Final = 100_000


class Unlike(Exception):  # noqa: N818 - it names the fault
    """The document is not of the shape that the API promises."""


def document(body: bytes) -> Any:
    """What the JSON holds; `Unlike` where it is broken, or deeper than an answer is."""
    # A sample is an array of a time and a value, with two commas in some twenty characters: what has many more of
    # them is made to fill the memory with empty pieces.
    pieces = body.count(b"[") + body.count(b"{") + body.count(b",")
    if pieces > len(body) // _PER_PIECE + _FEW:
        raise Unlike("it is made of more pieces than an answer of its length has")
    try:
        # Labels repeat in every sample: their strings are kept once.
        return from_json(body, cache_strings="all")
    except ValueError:
        raise Unlike("it is no JSON") from None


def mapping(piece: Any) -> dict[str, Any]:
    """An object."""
    if not isinstance(piece, dict):
        raise Unlike("an object is missing")
    return piece


def listed(piece: Any) -> list[Any]:
    """An array."""
    if not isinstance(piece, list):
        raise Unlike("an array is missing")
    return piece


def text(piece: Any) -> str:
    """A string."""
    if not isinstance(piece, str):
        raise Unlike("a string is missing")
    return piece


def texts(piece: Any) -> list[str]:
    """An array of strings; null stands for none."""
    return [text(one) for one in listed(piece or [])]


def labels(piece: Any) -> Mapping[str, str]:
    """An object of strings."""
    if not isinstance(piece, dict) or set(map(type, piece.values())) - {str}:
        raise Unlike("labels are missing, or are no strings")
    return piece


def number(piece: Any) -> float:
    """A value, which the API writes as a string, for JSON has no infinity."""
    try:
        return float(text(piece))
    except ValueError:
        raise Unlike("a value is no number") from None


def time(piece: Any) -> float:
    """Seconds since 1970, which the API writes as a number."""
    if not isinstance(piece, int | float) or moment(piece) is None:
        raise Unlike("a time is out of all bounds")
    return float(piece)


def pair(piece: Any) -> tuple[Any, Any]:
    """A time and what was then."""
    if not isinstance(piece, list) or len(piece) != 2:
        raise Unlike("a sample is no time with a value")
    return piece[0], piece[1]
