"""Several patterns as one automaton, read a character at a time; a state is a set of places, kept as bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from obsgen.routes.charsets import Charset, Symbol, symbols
from obsgen.routes.patterns import Chain, Char, Choice, Edge, Part, Repeat
from obsgen.routes.undecidable import UndecidableError

_MOST_PLACES: Final = 20_000

_ALWAYS, _AT_START, _AT_END = 0, 1, 2


class Automaton:
    """All patterns side by side. `start` is the state before any character; `step` and `accepted` go on from there."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._charsets: dict[Charset, int] = {}
        self._reads: list[tuple[int, int] | None] = []
        """Of each place: the set of characters that it reads, and the place after it."""
        self._jumps: list[list[tuple[int, int]]] = []
        """Of each place: where one may go without reading, and when."""
        self._ends = {self._place(): number for number in range(len(parts))}
        starts = [self._before(part, end) for part, end in zip(parts, tuple(self._ends), strict=True)]
        self.symbols: tuple[Symbol, ...] = symbols(self._charsets)
        self.readable = tuple(symbol.pick() or "" for symbol in self.symbols)
        self._closed: dict[int, int] = {}
        self._matched: dict[int, int] = {}
        self._movers = [self._readers(symbol) for symbol in self.symbols]
        self.start = 0
        for place in starts:
            self.start |= self._reached(place, {_ALWAYS, _AT_START})

    def step(self, state: int, symbol: int) -> int:
        """The state after one character of this symbol."""
        movers, afters = self._movers[symbol]
        found, rest = 0, state & movers
        while rest:
            place = rest & -rest
            found |= afters[place]
            rest ^= place
        return found

    def accepted(self, state: int) -> int:
        """The patterns that match where the text ends here, as bits; not to be asked before any character."""
        found = 0
        for place in _bits(state):
            if place not in self._matched:
                reached = self._reached(place, {_ALWAYS, _AT_END})
                self._matched[place] = sum(1 << number for end, number in self._ends.items() if reached >> end & 1)
            found |= self._matched[place]
        return found

    def _after(self, place: int) -> int:
        if place not in self._closed:
            self._closed[place] = self._reached(place, {_ALWAYS})
        return self._closed[place]

    def _reached(self, place: int, allowed: set[int]) -> int:
        found, open_ = 1 << place, [place]
        while open_:
            for when, target in self._jumps[open_.pop()]:
                if when in allowed and not found >> target & 1:
                    found |= 1 << target
                    open_.append(target)
        return found

    def _readers(self, symbol: Symbol) -> tuple[int, dict[int, int]]:
        """The places that read the symbol, and where each of them leads, by its bit."""
        reading = ((place, read[1]) for place, read in enumerate(self._reads) if read and symbol.sets >> read[0] & 1)
        afters = {1 << place: self._after(after) for place, after in reading}
        return sum(afters), afters

    def _place(self, read: tuple[int, int] | None = None) -> int:
        if len(self._reads) == _MOST_PLACES:
            msg = "repeat too long to be followed"
            raise UndecidableError(msg)
        self._reads.append(read)
        self._jumps.append([])
        return len(self._reads) - 1

    def _jump(self, *targets: int, when: int = _ALWAYS) -> int:
        place = self._place()
        self._jumps[place] = [(when, target) for target in targets]
        return place

    def _before(self, part: Part, after: int) -> int:
        """The place from which the part leads to `after`."""
        match part:
            case Char(charset):
                return self._place((self._charsets.setdefault(charset, len(self._charsets)), after))
            case Edge(start):
                return self._jump(after, when=_AT_START if start else _AT_END)
            case Chain(parts):
                for one in reversed(parts):
                    after = self._before(one, after)
                return after
            case Choice(parts):
                return self._jump(*(self._before(one, after) for one in parts))
            case Repeat():
                return self._repeated(part, after)

    def _repeated(self, repeat: Repeat, after: int) -> int:
        place = after
        if repeat.most is None:
            place = self._jump(after)
            self._jumps[place].append((_ALWAYS, self._before(repeat.part, place)))
        else:
            for _ in range(repeat.most - repeat.least):
                place = self._jump(self._before(repeat.part, place), after)
        for _ in range(repeat.least):
            place = self._before(repeat.part, place)
        return place


def _bits(number: int) -> list[int]:
    found: list[int] = []
    while number:
        lowest = number & -number
        found.append(lowest.bit_length() - 1)
        number ^= lowest
    return found
