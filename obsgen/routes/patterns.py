"""A regular expression as a tree: read by Python's own parser, or refused where no automaton can stand for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

from obsgen.promql.error import PromQLError
from obsgen.promql.regex import compiled, python_text
from obsgen.routes import charsets
from obsgen.routes.charsets import Charset
from obsgen.routes.undecidable import UndecidableError

# A pattern of no more words than this is a plain set of words.
_MOST_WORDS: Final = 256


@dataclass(frozen=True, slots=True)
class Char:
    """One character of a set."""

    charset: Charset


@dataclass(frozen=True, slots=True)
class Edge:
    """The text's beginning or its end."""

    start: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """One part after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any of the parts."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part so many times; `most` is None where there is no limit."""

    part: Part
    least: int
    most: int | None


Part = Char | Edge | Chain | Choice | Repeat


@lru_cache(maxsize=4096)
def read(pattern: str) -> Part:
    """The pattern's tree; UndecidableError where it looks at its neighbours or back at what it matched."""
    compiled(pattern)
    parser: Any = import_module("re._parser")
    try:
        tree = parser.parse(python_text(pattern), re.ASCII | re.DOTALL)
    except (PromQLError, re.error, ValueError, OverflowError) as fault:
        msg = f"nothing exact can be said about '{pattern}', which only RE2 reads: {fault}"
        raise UndecidableError(msg) from None
    return _Reading(pattern, parser).chain(tree, re.DOTALL)


def words(part: Part) -> frozenset[str] | None:
    """All texts that the tree matches, where they are few; None where they are many, or hang on an edge."""
    match part:
        case Char(charset):
            if sum(end - start + 1 for start, end in charset) > _MOST_WORDS:
                return None
            return frozenset(chr(code) for start, end in charset for code in range(start, end + 1))
        case Chain(parts):
            return _products([words(one) for one in parts])
        case Choice(parts):
            return _few(word for one in parts for word in (words(one) or _TOO_MANY))
        case Repeat(one, least, most) if most is not None and most <= _MOST_WORDS:
            once = words(one)
            tails = [_products([once] * count) for count in range(least, most + 1)]
            return _few(word for tail in tails for word in (tail or _TOO_MANY))
    return None


# Stands for a set that is no longer counted.
_TOO_MANY: Final = tuple(str(number) for number in range(_MOST_WORDS + 1))


def _few(found: Iterable[str]) -> frozenset[str] | None:
    kept = frozenset(found)
    return kept if len(kept) <= _MOST_WORDS else None


def _products(factors: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    whole = frozenset({""})
    for factor in factors:
        if factor is None or len(whole) * len(factor) > _MOST_WORDS:
            return None
        whole = frozenset(start + end for start in whole for end in factor)
    return whole


_EDGES: Final = {"AT_BEGINNING": True, "AT_BEGINNING_STRING": True, "AT_END": False, "AT_END_STRING": False}


class _Reading:
    def __init__(self, pattern: str, parser: Any) -> None:
        self.pattern = pattern
        self.limitless = parser.MAXREPEAT

    def chain(self, tree: Any, flags: int) -> Chain:
        return Chain(tuple(self.part(str(op), value, flags) for op, value in tree))

    def part(self, op: str, value: Any, flags: int) -> Part:
        match op:
            case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN":
                return Char(self.charset(op, value, flags))
            case "BRANCH":
                return Choice(tuple(self.chain(one, flags) for one in value[1]))
            case "SUBPATTERN":
                return self.chain(value[3], (flags | value[1]) & ~value[2])
            case "MAX_REPEAT" | "MIN_REPEAT":
                least, most, tree = value
                return Repeat(self.chain(tree, flags), least, None if most == self.limitless else most)
            case "AT" if not flags & re.MULTILINE and str(value) in _EDGES:
                return Edge(start=_EDGES[str(value)])
        raise self.refusal(str(value) if op == "AT" else op)

    def charset(self, op: str, value: Any, flags: int) -> Charset:
        if op == "ANY":
            return charsets.ALL if flags & re.DOTALL else charsets.inverted(((10, 10),))
        items = value if op == "IN" else [("LITERAL", value)]
        ranges = [one for kind, item in items if str(kind) != "NEGATE" for one in self.ranges(str(kind), item)]
        found = charsets.joined(ranges)
        if flags & re.IGNORECASE:
            found = charsets.either_case(found)
        negated = op == "NOT_LITERAL" or any(str(kind) == "NEGATE" for kind, _ in items)
        return charsets.inverted(found) if negated else found

    def ranges(self, kind: str, item: Any) -> Charset:
        if kind == "LITERAL":
            return ((item, item),)
        if kind == "RANGE":
            return (tuple(item),)
        name = str(item).removeprefix("CATEGORY_")
        known = {"DIGIT": charsets.DIGITS, "SPACE": charsets.SPACES, "WORD": charsets.WORD}
        charset = known[name.removeprefix("NOT_")]
        return charsets.inverted(charset) if name.startswith("NOT_") else charset

    def refusal(self, construct: str) -> UndecidableError:
        spelled = construct.lower().replace("_", " ")
        msg = f"nothing exact can be said about '{self.pattern}': '{spelled}' looks around itself"
        return UndecidableError(msg)
