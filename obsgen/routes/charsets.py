"""Sets of characters, and the characters that a group of such sets cannot tell apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

Charset = tuple[tuple[int, int], ...]
"""Sorted ranges of code points, both ends within."""

# A label holds no surrogates: it is valid UTF-8.
ALL: Final[Charset] = ((0, 0xD7FF), (0xE000, 0x10FFFF))
DIGITS: Final[Charset] = ((48, 57),)
SPACES: Final[Charset] = ((9, 13), (32, 32))
WORD: Final[Charset] = ((48, 57), (65, 90), (95, 95), (97, 122))

# What a reader likes to see in an example, best first.
_READABLE: Final = "abcdefghijklmnopqrstuvwxyz0123456789-_./:@,;+=#~ABCDEFGHIJKLMNOPQRSTUVWXYZ()[]{}<>!?*&%$^|'`\"\\ "


@dataclass(frozen=True, slots=True)
class Symbol:
    """Characters that lie in the same sets: bit `i` of `sets` stands for the set number `i`."""

    sets: int
    chars: Charset

    def pick(self, without: Collection[str] = ()) -> str | None:
        """The most readable of these characters that is not one of `without`."""
        for char in _READABLE:
            if char not in without and contains(self.chars, ord(char)):
                return char
        # Not yet a letter: what cannot be printed is the last choice.
        found = (chr(code) for start, end in self.chars for code in range(start, end + 1))
        return min(_first(found, 256 + len(without), without), key=lambda char: not char.isprintable(), default=None)


def _first(chars: Iterable[str], most: int, without: Collection[str]) -> list[str]:
    found: list[str] = []
    for char in chars:
        if len(found) == most:
            break
        if char not in without:
            found.append(char)
    return found


def contains(charset: Charset, code: int) -> bool:
    """Whether the character is in the set."""
    return any(start <= code <= end for start, end in charset)


def joined(ranges: Iterable[tuple[int, int]]) -> Charset:
    """The ranges as one set."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def inverted(charset: Charset) -> Charset:
    """Every other character."""
    found: list[tuple[int, int]] = []
    for first, last in ALL:
        at = first
        for start, end in charset:
            if at < start <= last:
                found.append((at, start - 1))
            at = max(at, end + 1)
        if at <= last:
            found.append((at, last))
    return tuple(found)


def either_case(charset: Charset) -> Charset:
    """The set with the other case of its ASCII letters, which is what `(?i)` means to Python's ASCII patterns."""
    swapped = [
        (max(start, first) + shift, min(end, last) + shift)
        for start, end in charset
        for first, last, shift in ((65, 90, 32), (97, 122, -32))
        if max(start, first) <= min(end, last)
    ]
    return joined([*charset, *swapped])


def symbols(charsets: Iterable[Charset]) -> tuple[Symbol, ...]:
    """All characters, cut into those that the sets tell apart; the most readable first."""
    turns: defaultdict[int, int] = defaultdict(int)
    for number, charset in enumerate((ALL, *charsets)):
        for start, end in charset:
            turns[start] ^= 1 << number
            turns[end + 1] ^= 1 << number
    cut: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    inside, points = 0, sorted(turns)
    for start, after in pairwise(points):
        inside ^= turns[start]
        if inside & 1:
            cut[inside >> 1].append((start, after - 1))
    found = [Symbol(sets, joined(ranges)) for sets, ranges in cut.items()]
    return tuple(sorted(found, key=lambda symbol: _rank(symbol.pick())))


def _rank(char: str | None) -> int:
    place = _READABLE.find(char or "")
    return place if place >= 0 and char else len(_READABLE) + ord(char or "\0")
