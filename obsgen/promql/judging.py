"""Whether a text matches a pattern, in time that no pattern and no text can stretch.

Python tries one way through a pattern after the other, and `(a+)+b` has more ways through a short text than anybody
can wait for. Where the ways are few, as nearly everywhere, it is asked; an automaton follows all others at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from math import prod
from typing import Final, NamedTuple

from obsgen.promql.automaton import Automaton
from obsgen.promql.charsets import contains
from obsgen.promql.patterns import Chain, Char, Choice, Edge, Part, Repeat, read
from obsgen.promql.regex import UntranslatableRegexError, compiled
from obsgen.promql.undecidable import UndecidableError

_MOST_WAYS: Final = 10**6
_REPEATS: Final = re.compile(r"[*+?{]")


class Ways(NamedTuple):
    """At most `factor * length ** degree` ways through a text of this length."""

    factor: int
    degree: int

    def few(self, text: str) -> bool:
        """Whether all of them can be tried."""
        ways: int = self.factor * max(1, len(text)) ** self.degree
        return ways <= _MOST_WAYS


def matched(pattern: str, text: str) -> bool:
    """Whether the pattern matches the whole text; PromQLError where Go refuses the pattern, or nothing can tell."""
    return _judge(pattern)(text)


def match_of(pattern: str, text: str) -> re.Match[str] | None:
    """The match of the whole text with its groups; UntranslatableRegexError where finding them may never end."""
    if not matched(pattern, text):
        return None
    ways = _ways_of(pattern)
    if ways is None or not ways.few(text):
        raise _refusal(pattern)
    return compiled(pattern).fullmatch(text)


@lru_cache(maxsize=2**16)
def _judge(pattern: str) -> Callable[[str], bool]:
    ways = _ways_of(pattern)
    followed = lru_cache(maxsize=1)(lambda: _Followed(pattern))
    if ways is None:
        # Built at once, so that what is too long for it is refused where it is written.
        return followed().matches
    tried = compiled(pattern).fullmatch
    return lambda text: tried(text) is not None if ways.few(text) else followed().matches(text)


@lru_cache(maxsize=2**16)
def _ways_of(pattern: str) -> Ways | None:
    """How many ways there are through a text; None where they double with every character."""
    compiled(pattern)
    repeats = len(_REPEATS.findall(pattern))
    if not repeats or (repeats == 1 and "(" not in pattern):
        return Ways(len(pattern) + 1, repeats)
    try:
        return _ways(read(pattern))
    except UndecidableError:
        raise _refusal(pattern) from None


def _ways(part: Part) -> Ways | None:
    match part:
        case Char() | Edge():
            return Ways(1, 0)
        case Repeat(inner, least, most):
            within = _ways(inner)
            if most is not None and most <= 1:
                return within and Ways(within.factor + 1 - least, within.degree)
            # What can be read in one way only can be read so many times in one way too, for each number of times.
            return Ways(1, 0 if least == most else 1) if within == Ways(1, 0) else None
        case Chain(parts) | Choice(parts):
            found = [_ways(one) for one in parts]
            known = [one for one in found if one]
            if len(known) < len(found):
                return None
            if isinstance(part, Chain):
                return Ways(prod(one.factor for one in known), sum(one.degree for one in known))
            return Ways(sum(one.factor for one in known), max(one.degree for one in known))


def _refusal(pattern: str) -> UntranslatableRegexError:
    msg = f"what '{pattern}' matches cannot be said in a bounded time: repeat no part that repeats, and no edge"
    return UntranslatableRegexError(msg)


class _Followed:
    """A pattern as an automaton."""

    def __init__(self, pattern: str) -> None:
        self._tried = compiled(pattern).fullmatch
        try:
            self._automaton = Automaton([read(pattern)])
        except UndecidableError:
            raise _refusal(pattern) from None
        self._symbols: dict[str, int | None] = {}

    def matches(self, text: str) -> bool:
        if not text:
            # The automaton is not asked before any character; there is only one way through nothing.
            return self._tried("") is not None
        state = self._automaton.start
        for char in text:
            symbol = self._symbol(char)
            state = 0 if symbol is None else self._automaton.step(state, symbol)
        return bool(self._automaton.accepted(state))

    def _symbol(self, char: str) -> int | None:
        if char not in self._symbols:
            symbols = enumerate(self._automaton.symbols)
            self._symbols[char] = next((number for number, one in symbols if contains(one.chars, ord(char))), None)
        return self._symbols[char]
