"""The words of an expression, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from obsgen.limits import EXPRESSION_CHARACTERS
from obsgen.spec.expression.fault import TemplateFault

Kind = Literal["number", "text", "name", "symbol", "end"]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<symbol>\*\*|//|==|!=|<=|>=|[-+*/%~<>|()\[\],.:])
    |(?P<end>\}|$)
    )""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, where it begins in the template, and where it ends."""

    kind: Kind
    text: str
    start: int
    stop: int


def tokens(template: str, start: int) -> Iterator[Token]:
    """The words from `start` on, up to the `}` that closes the expression, or to the end of the text.

    TemplateFault is raised at the first character that begins no word, and where there are too many.
    """
    position = start
    while True:
        match = _TOKEN.match(template, position)
        if match is None or match.lastgroup is None:
            at = len(template) - len(template[position:].lstrip())
            said = "a quote is not closed" if template[at] in "'\"" else f"'{template[at]}' means nothing here"
            raise _unreadable(said, template, start, at)
        kind: Kind = match.lastgroup  # type: ignore[assignment] # the groups are the kinds
        if match.end() - start > EXPRESSION_CHARACTERS:
            said = f"it is longer than {EXPRESSION_CHARACTERS} characters"
            raise _unreadable(said, template, start, start)
        yield Token(kind, match[kind], match.start(kind), match.end())
        if kind == "end":
            return
        position = match.end()


def _unreadable(said: str, template: str, start: int, at: int) -> TemplateFault:
    return TemplateFault(f"a template cannot be read: {said}", written=template[max(0, start - 2) : at])
