"""The secrets of one document, found: where they stand, and how they read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from obsgen.secrecy.found import Found, Scalar
from obsgen.secrecy.names import names_secret
from obsgen.secrecy.pairs import masked, matched, named, named_line
from obsgen.secrecy.places import Grade
from obsgen.secrecy.reading import lines_of, read_secrets
from obsgen.secrecy.values import Span, cover, revealing

# Shorter, and a secret is as likely a word of the message; it is then hidden where it stands alone.
_SURE = 8
_SHORTEST = 3
_CUT = 20
# A file without these, and without a name of a secret, is not read: there may be thousands of dashboards and rules.
_MAY_HOLD = re.compile(r"receivers|[hH]eaders|kind: Secret")
_FIELD = re.compile(r"(?<![\w.-])([A-Za-z_][\w.-]*)[\"']?:\s")
_COMMENT = re.compile(r"(?<=\s)#")
# In a line that cannot be read, everything behind one of these may belong to a receiver or an access.
_NEAR = re.compile(r"\b(receivers|headers|clusters)\b[\"']?\s*:")
_KEY = re.compile(r"[\s{\[,-]*[A-Za-z][\w-]{0,40}:(\s|$)")


class KnownSecrets:
    """The secrets of a text, YAML or not, which is read at the first question."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Many findings may lie in one long line.
        self._known: dict[tuple[int, str], list[Span]] = {}

    def line(self, number: int, shown: str, column: int = 1) -> str:
        """The line of this number, counted from 1, as far as it is shown; `column` keeps its place."""
        spans = self._known.get((number, shown))
        if spans is None:
            spans = self._known[(number, shown)] = list(self._spans(number - 1, shown, Grade.NEAR))
        return cover(shown, spans, column)

    def certain(self) -> list[str]:
        """All lines without what is surely secret, for whoever compares files."""
        if not _MAY_HOLD.search(self._text) and not any(map(names_secret, set(_FIELD.findall(self._text)))):
            return lines_of(masked(self._text))
        lines = lines_of(self._text)
        return [cover(line, self._spans(number, line, Grade.SECRET)) for number, line in enumerate(lines)]

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

    def _spans(self, number: int, text: str, least: Grade) -> Iterator[Span]:
        covered = [
            scalar.on_line(number, len(text)) for scalar in self._by_line.get(number, ()) if scalar.grade >= least
        ]
        yield from covered
        yield from revealing(text)
        yield from matched(text)
        rest = max((end for _, end in covered), default=0)
        comment = _COMMENT.search(text, rest) if covered else None
        if comment:
            # What is said beside a secret is often the secret that it was before.
            yield comment.start(), len(text)
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

    @cached_property
    def words(self) -> frozenset[str]:
        """The secrets as messages may spell them."""
        words = {word for scalar in self._found.graded for word in scalar.spelled()}
        near = {word for word in words if len(word) >= _SHORTEST and not word.isspace()}
        # A channel may be called like a team, of which messages must be free to speak.
        certain = {word for word in self._found.certain if len(word) >= _SURE}
        return frozenset(near - (self._found.public - certain))


def without(message: str, words: Iterable[str]) -> str:
    """The message without these secrets, and without what gives itself away."""
    return cover(message, [*revealing(message), *named(message), *_repeated(message, words)])


def _repeated(message: str, words: Iterable[str]) -> Iterator[Span]:
    # A document may hold thousands, of which a message repeats none or one.
    for word in (word for word in words if word[:_CUT] in message):
        yield from (found.span() for found in re.finditer(_pattern(word), message))


def _pattern(word: str) -> str:
    if len(word) > 2 * _CUT:
        # A message may cut a long text short.
        return re.escape(word[:_CUT]) + r"[^'\"\n]*"
    if len(word) >= _SURE:
        return re.escape(word)
    begin, end = (r"(?<!\w)" if word[0].isalnum() else ""), (r"(?!\w)" if word[-1].isalnum() else "")
    return f"{begin}{re.escape(word)}{end}"


def _in_comment(text: str, start: int) -> Iterator[Span]:
    at = text.find("#", start)
    return named_line(text, at) if at >= 0 else iter(())
