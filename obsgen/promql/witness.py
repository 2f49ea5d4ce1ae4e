"""Label values that satisfy matchers."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, islice, product
from typing import Final

from obsgen.promql.matcher import Matcher
from obsgen.promql.regex import UntranslatableRegexError, compiled, python_text

# What stands for "any character", tried in this order; several, so that `!=` can be satisfied too.
_FILLINGS: Final = ("x", "y", "0", "1", "a")
_MOST_CANDIDATES: Final = 2000

_PART: Final = re.compile(
    r"(?P<charset>\[\^?\]?(?:\\.|[^\]\\])*\]|\\[dDsSwW]|\.)|(?P<edge>\\[AZbB]|\^)|(?P<char>\\x[0-9a-fA-F]{2}|\\.|[^\\])",
    re.DOTALL,
)
_REPEAT: Final = re.compile(r"(?:(\*)|(\+)|(\?)|\{(\d{1,4})(?:,\d*)?\})\??")
_CONTROL: Final = {"\\n": "\n", "\\t": "\t", "\\r": "\r", "\\f": "\f", "\\v": "\v", "\\a": "\a"}


class NoExample(Exception):  # noqa: N818 - it says what was not found
    """No value was found that passes `matcher` and the other matchers of its label."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        super().__init__(f"found no value for the label '{matcher.name}' that passes {matcher}")


def example_labels(matchers: Iterable[Matcher]) -> dict[str, str]:
    """A smallest label set that passes all matchers; NoExample where none is found."""
    ordered = sorted(matchers, key=lambda matcher: matcher.name)
    examples = {name: _example(tuple(group)) for name, group in groupby(ordered, key=lambda m: m.name)}
    return {name: value for name, value in examples.items() if value}


def passing_values(matchers: Sequence[Matcher], value: str) -> Iterator[str]:
    """Values that pass all these matchers of one label, the ones like this value first."""
    fillings = (re.sub(r"\.[*+]", lambda _: value, one.value) for one in matchers if one.op == "=~")
    like = (text for filled in fillings for text in filled.split("|"))
    beside = (f"{value}-example", f"example-{value}")
    for candidate in (*like, *beside, *islice(_candidates(matchers), _MOST_CANDIDATES)):
        if candidate and all(matcher.matches(candidate) for matcher in matchers):
            yield candidate


# Hundreds of selectors ask for the same job and namespace.
@lru_cache(maxsize=2**16)
def _example(matchers: tuple[Matcher, ...]) -> str:
    for candidate in _candidates(matchers):
        if all(matcher.matches(candidate) for matcher in matchers):
            return candidate
    positive = [matcher for matcher in matchers if matcher.op in {"=", "=~"}]
    raise NoExample((positive or matchers)[0])


def _candidates(matchers: Sequence[Matcher]) -> Iterator[str]:
    yield ""
    for matcher in matchers:
        if matcher.op == "=":
            yield matcher.value
        if matcher.op == "=~":
            for filling in _FILLINGS:
                yield from _spelled(matcher.value, filling)
    yield from _FILLINGS
    yield from map("".join, product(_FILLINGS, repeat=2))


def _spelled(pattern: str, filling: str) -> list[str]:
    """Short texts that the pattern may match; none where only RE2 can read it, and the plain texts have to do."""
    try:
        return list(islice(_Witnesses(python_text(pattern), filling).all(), _MOST_CANDIDATES))
    except (UntranslatableRegexError, re.error):
        return []


class _Witnesses:
    """Reads a Python pattern once from left to right and lists short texts that it may match."""

    def __init__(self, pattern: str, filling: str) -> None:
        self._pattern = pattern
        self._filling = filling
        self._at = 0

    def all(self) -> Iterator[str]:
        """Texts in the order of the alternatives; each still has to be tried."""
        return iter(self._alternatives())

    def _alternatives(self) -> list[str]:
        found = self._sequence()
        while self._take("|"):
            found += self._sequence()
        return found[:_MOST_CANDIDATES]

    def _sequence(self) -> list[str]:
        texts = [""]
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            part = self._repeated(self._part())
            texts = ["".join(pair) for pair in islice(product(texts, part), _MOST_CANDIDATES)]
        return texts

    def _repeated(self, part: list[str]) -> list[str]:
        repeat = _REPEAT.match(self._pattern, self._at)
        if not repeat:
            return part
        self._at = repeat.end()
        if repeat[1] or repeat[3]:
            return ["", *part]
        return part if repeat[2] else [text * int(repeat[4]) for text in part]

    def _part(self) -> list[str]:
        group = re.compile(r"\((\?(P<\w+>|[ims-]*:))?").match(self._pattern, self._at)
        if group:
            self._at = group.end()
            found = self._alternatives()
            self._take(")")
            return found
        part = _PART.match(self._pattern, self._at)
        if part is None:
            return []
        self._at = part.end()
        if part["edge"]:
            return [""]
        return [self._member(part["charset"])] if part["charset"] else [_plain(part["char"])]

    def _member(self, charset: str) -> str:
        first = [charset[1]] if len(charset) > 2 and charset[1].isalnum() else []
        tried = compiled(charset) if charset == "." else re.compile(charset, re.ASCII)
        return next((c for c in (*first, self._filling, *string.printable) if tried.fullmatch(c)), "")

    def _take(self, char: str) -> bool:
        taken = self._pattern.startswith(char, self._at)
        self._at += taken
        return taken


def _plain(char: str) -> str:
    if char.startswith("\\x"):
        return chr(int(char.removeprefix("\\x"), base=16))
    return _CONTROL.get(char) or char.removeprefix("\\") or "\\"
