"""The words of an expression, each with its place in the text: for changes that leave everything else as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Final, Literal

Kind = Literal["text", "duration", "number", "name", "sign"]

_WORDS: Final = re.compile(
    r"""
    (?P<text>"(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | `[^`]*`)
    | (?P<comment>\#[^\n]*)
    | (?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)
    | (?P<duration>(?:\d+(?:ms|[smhdwy]))+)
    | (?P<number>0[xX][0-9a-fA-F]+ | (?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<sign>=~|!~|==|!=|>=|<=|[^\s])
    """,
    re.VERBOSE,
)
_COMPARISONS: Final = frozenset({"==", "!=", ">", "<", ">=", "<="})
_MATCHES: Final = frozenset({"=", "!=", "=~", "!~"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands; `braces` tells whether between the braces of a selector."""

    kind: Kind
    text: str
    start: int
    end: int
    braces: bool = False

    @property
    def compares(self) -> bool:
        """Whether it is a comparison of values, not a matcher's."""
        return not self.braces and self.text in _COMPARISONS


def words(expr: str) -> Iterator[Word]:
    """The words in order, without comments."""
    braces = False
    for found in _WORDS.finditer(expr):
        kind = found.lastgroup
        if kind == "comment":
            continue
        text = found[0]
        if text == "}":
            braces = False
        yield Word(kind, text, found.start(), found.end(), braces)  # type: ignore[arg-type]
        if text == "{":
            braces = True


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison and the number behind it, where one stands there."""

    sign: Word
    number: Word | None


def comparisons(expr: str) -> Iterator[Compared]:
    """Every comparison of values, in order."""
    found = [word for word in words(expr) if not (word.kind == "name" and word.text == "bool")]
    for index, word in enumerate(found):
        if not word.compares:
            continue
        behind = [one for one in found[index + 1 : index + 3] if one.text not in ("-", "+")]
        number = behind[0] if behind and behind[0].kind == "number" else None
        yield Compared(word, number)


@dataclass(frozen=True, slots=True)
class MatcherText:
    """A matcher as it is written, the metric of its selector, the number of that selector, the expression without it.

    Selectors without braces are not counted.
    """

    text: str
    metric: str
    selector: int
    without: str


def matchers_removed(expr: str) -> Iterator[MatcherText]:
    """The expression once without each of its matchers."""
    found = list(words(expr))
    opened = [index for index, word in enumerate(found) if word.text == "{" and not word.braces]
    for selector, index in enumerate(opened, start=1):
        first, inside = found[index], list(takewhile(lambda word: word.braces, found[index + 1 :]))
        last = found[index + 1 + len(inside)]
        cuts = [first.end - 1, *(word.start for word in inside if word.text == ","), last.start]
        written = [text for start, end in pairwise(cuts) if (text := expr[start + 1 : end].strip())]
        metric = found[index - 1].text if index and found[index - 1].kind == "name" else ""
        for number, one in enumerate(written):
            if any(word.text in _MATCHES for word in words(one)):
                rest = ",".join(written[:number] + written[number + 1 :])
                without = f"{expr[: first.end]}{rest}{expr[last.start :]}"
                yield MatcherText(one, metric, selector, without)
