"""The shortest text for each group of patterns that some text matches, all of them and no other."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from typing import Final

from obsgen.routes import patterns
from obsgen.routes.automaton import Automaton
from obsgen.routes.charsets import contains
from obsgen.routes.undecidable import UndecidableError

_MOST_STATES: Final = 50_000

# The words to keep away from, letter by letter; the empty key says that a word ends here.
_Letters = dict[str, "_Letters"]


def shortest_texts(names: tuple[str, ...], without: Collection[str]) -> dict[frozenset[str], str]:
    """By the patterns that match it and no other: a shortest text that is not empty and not one of `without`."""
    automaton = Automaton([patterns.read(name) for name in names])
    found: dict[int, str] = {}
    # Off the words a state alone says what can follow; on them each text is met once.
    seen: set[int] = set()
    ahead = deque[tuple[int, _Letters | None, str]]([(automaton.start, _letters(without), "")])
    while ahead:
        state, words, text = ahead.popleft()
        if text and (words is None or "" not in words):
            found.setdefault(automaton.accepted(state), text)
        for after, rest, char in _steps(automaton, state, words):
            if rest is not None or after not in seen:
                ahead.append((after, rest, text + char))
            if rest is None:
                seen.add(after)
        if len(seen) > _MOST_STATES:
            msg = "together tell too many values apart"
            raise UndecidableError(msg)
    return {
        frozenset(name for number, name in enumerate(names) if matched >> number & 1): text
        for matched, text in found.items()
    }


def _steps(automaton: Automaton, state: int, words: _Letters | None) -> Iterator[tuple[int, _Letters | None, str]]:
    if words is None:
        for number, char in enumerate(automaton.readable):
            yield automaton.step(state, number), None, char
        return
    inner = {char: rest for char, rest in words.items() if char}
    for number, symbol in enumerate(automaton.symbols):
        for char, rest in inner.items():
            if contains(symbol.chars, ord(char)):
                yield automaton.step(state, number), rest, char
        free = symbol.pick(inner)
        if free is not None:
            yield automaton.step(state, number), None, free


def _letters(words: Collection[str]) -> _Letters:
    root: _Letters = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return root
