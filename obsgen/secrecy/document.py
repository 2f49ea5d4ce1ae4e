"""What must not be shown of one document: where its secrets stand, and how they read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from obsgen.secrecy.pairs import matched, named, named_line
from obsgen.secrecy.places import Grade
from obsgen.secrecy.reading import Found, Scalar, read_secrets
from obsgen.secrecy.values import Span, cover, revealing

# Shorter, and a secret is as likely a word of the message; it is then hidden where it stands alone.
_SURE = 8
_SHORTEST = 3
_COMMENT = re.compile(r"[\s\]},\"']*#")
# In a line that cannot be read, everything behind one of these may belong to a receiver or an access.
_NEAR = re.compile(r"\b(receivers|headers|clusters)\b[\"']?\s*:")
_KEY = re.compile(r"[\s{\[,-]*[A-Za-z][\w-]{0,40}:(\s|$)")


class Secrets:
    """The secrets of a text, YAML or not. It is read only when there is something to say about it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def masked(self, message: str) -> str:
        """The message without the document's secrets, and without what gives itself away."""
        return cover(message, [*revealing(message), *named(message), *self._repeated(message)])

    def line(self, number: int, column: int = 1, *, least: Grade = Grade.NEAR) -> str:
        """The line, counted from 1, without the document's secrets; `column` keeps its place."""
        if number > len(self._lines):
            return ""
        return cover(self._lines[number - 1], self._spans(number - 1, least), column)

    def lines(self, *, least: Grade = Grade.NEAR) -> list[str]:
        """All lines."""
        return [self.line(number, least=least) for number in range(1, len(self._lines) + 1)]

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.splitlines()

    @cached_property
    def _found(self) -> Found:
        return read_secrets(self._text)

    @cached_property
    def _by_line(self) -> dict[int, list[Scalar]]:
        lines: dict[int, list[Scalar]] = {}
        for scalar in self._found.graded:
            for number in range(scalar.start[0], scalar.end[0] + 1):
                lines.setdefault(number, []).append(scalar)
        return lines

    def _spans(self, number: int, least: Grade) -> Iterator[Span]:
        text = self._lines[number]
        covered = [
            scalar.on_line(number, len(text)) for scalar in self._by_line.get(number, ()) if scalar.grade >= least
        ]
        yield from covered
        yield from revealing(text)
        yield from matched(text)
        rest = max((end for _, end in covered), default=0)
        if covered and _COMMENT.match(text, rest):
            # What is said beside a secret is often the secret that it was before.
            yield text.index("#", rest), len(text)
        yield from self._unread(number, text) if self._found.unread(number) else _in_comment(text, rest)

    def _unread(self, number: int, text: str) -> Iterator[Span]:
        """A line past the place at which the reader gave up; its first key may be shown."""
        start, grade = self._found.broken_at(number)
        near = _NEAR.search(text)
        if grade >= Grade.NEAR:
            key = _KEY.match(text, start)
            yield key.end() if key else start, len(text)
        elif near:
            yield near.end(), len(text)
        yield from named_line(text, start)

    def _repeated(self, message: str) -> Iterator[Span]:
        for text in self._words:
            yield from (found.span() for found in re.finditer(_pattern(text), message))

    @cached_property
    def _words(self) -> frozenset[str]:
        """The secrets as a message may spell them."""
        words = {word for scalar in self._found.graded for word in scalar.spelled()}
        near = {word for word in words if len(word) >= _SHORTEST and not word.isspace()}
        # A channel may be called like a team, of which messages must be free to speak.
        certain = {word for word in self._found.certain if len(word) >= _SURE}
        return frozenset(near - (self._found.public - certain))


def _pattern(text: str) -> str:
    if len(text) >= _SURE:
        return re.escape(text)
    begin, end = (r"(?<!\w)" if text[0].isalnum() else ""), (r"(?!\w)" if text[-1].isalnum() else "")
    return f"{begin}{re.escape(text)}{end}"


def _in_comment(text: str, start: int) -> Iterator[Span]:
    at = text.find("#", start)
    return named_line(text, at) if at >= 0 else iter(())
