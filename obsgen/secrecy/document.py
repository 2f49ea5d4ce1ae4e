"""What must not be shown of one document, and of those that it came out of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from obsgen.secrecy.known import KnownSecrets


class Secrets:
    """The secrets of a text, YAML or not. It is read only when there is something to say about it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._others: list[Secrets] = []

    def heed(self, other: Secrets) -> None:
        """What is said of this document keeps the secrets of that one too: the one came out of the other."""
        self._others.append(other)

    def masked(self, message: str) -> str:
        """The message without these secrets, and without what gives itself away."""
        from obsgen.secrecy.known import without  # noqa: PLC0415 - most documents have nothing wrong with them

        return without(message, frozenset[str]().union(*(one._known.words for one in self._heeded())))

    def line(self, number: int, shown: str, column: int = 1) -> str:
        """The line of this number, counted from 1, as far as it is shown; `column` keeps its place."""
        return self._known.line(number, shown, column)

    def certain(self) -> list[str]:
        """All lines without what is surely secret, for whoever compares files."""
        return self._known.certain()

    @cached_property
    def _known(self) -> KnownSecrets:
        from obsgen.secrecy.known import KnownSecrets  # noqa: PLC0415 - as above

        return KnownSecrets(self._text)

    def _heeded(self) -> list[Secrets]:
        found = [self]
        for one in found:
            found += [other for other in one._others if other not in found]
        return found
