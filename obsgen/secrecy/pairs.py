"""Secrets in loose text, known by the name before them: `password: …`, `token="…"`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from obsgen.secrecy.names import names_secret
from obsgen.secrecy.values import HIDDEN, Span, cover, looks_random, revealing

# A part of every such name, so that most texts are not looked at any closer. Bounded, for every part of a long word may
# be the beginning of one.
_HINT: Final = re.compile(r"(?i)(tok|pas|pwd|sec|cred|auth|key|ur[il]|bearer|cookie)[\w.-]{0,99}[\"']?\s*[:=!]")
# What is behind the sign is only looked at: inside it there may be more names. White space is never given back, for
# where two stretches of it can share what there is, each way to share it would be tried.
_PAIR: Final = re.compile(
    r"(?<![\w.-])(?P<name>[A-Za-z_][\w.-]*)"
    r"(?P<sign>[\"']?\s*+(?::(?=[\s\"'])|=~|!=|!~|==?)\s*+[|>&]?[-+]?\s*+)(?=[^\s,;}\])])"
)
# Values that are not inside each other: those in quotes, and those with a word before them.
_APART: Final = re.compile(r"\\\"[^\"\\]*|\"(?:[^\"\\]|\\.)*\"?|'[^']*'?|(?:Bearer|Basic)\s+[^\s,;}\])\"']+")
_LINE: Final = re.compile(r"[{\[].*")
_WORD: Final = re.compile(r"[^\s,;}\])\"']+")
_QUOTES: Final = re.compile(r"[\\\"']*")
# A hint says `password_file: <path>`.
_STANDS_FOR: Final = re.compile(r"<[\w -]+>(/<[\w -]+>)?|<\w+")
_NAME_OF_SECRET: Final = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
# By so much of its beginning a value is judged; a Secret's name has 253 letters at most.
_JUDGED: Final = 300


def named(text: str) -> Iterator[Span]:
    """Where values stand behind the names of secrets."""
    yield from (span for _, span in _pairs(text))


def matched(text: str) -> Iterator[Span]:
    """The same for label matchers alone, such as `token="…"`."""
    yield from (span for sign, span in _pairs(text) if ":" not in sign)


def named_line(text: str, start: int = 0) -> Iterator[Span]:
    """The same for a line that is no YAML, from `start` on: behind a colon the secret may have spaces in it."""
    for sign, (begin, end) in _pairs(text, start):
        yield begin, len(text) if ":" in sign else end


def _pairs(text: str, begin: int = 0) -> Iterator[tuple[str, Span]]:
    if not _HINT.search(text):
        return
    ends = _Ends(text)
    # By what stands behind a colon, and by what does not: what is inside a value that is told already adds nothing.
    told = {True: 0, False: 0}
    for found in _PAIR.finditer(text, begin):
        if not names_secret(found["name"]):
            continue
        start = found.end()
        end = ends.behind(start)
        if end <= told[":" in found["sign"]]:
            continue
        # In JSON the quotes of a query have a backslash before them.
        inside, last = _unquoted(text, start, end)
        if inside < last and not _is_harmless(found["name"], found["sign"], text[inside : min(last, inside + _JUDGED)]):
            told[":" in found["sign"]] = end
            yield found["sign"], (inside, last)


class _Ends:
    """Where the values in a text end. Many that are inside each other end at one place, which is looked for once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known = {_LINE: 0, _WORD: 0}

    def behind(self, start: int) -> int:
        """The end of the value that begins there."""
        apart = _APART.match(self._text, start)
        if apart:
            return apart.end()
        form = _LINE if self._text[start] in "{[" else _WORD
        if self._known[form] <= start:
            found = form.match(self._text, start)
            self._known[form] = found.end() if found else start
        return self._known[form]


def _unquoted(text: str, start: int, end: int) -> Span:
    opened = _QUOTES.match(text, start, end)
    inside = opened.end() if opened else start
    if inside > start:
        while end > inside and text[end - 1] in "\"'":
            end -= 1
    return inside, end


def _is_harmless(name: str, sign: str, value: str) -> bool:
    """What is hidden already, or no value yet; and a Secret's name, which is kube-state-metrics' label `secret`."""
    if value == HIDDEN or _STANDS_FOR.fullmatch(value):
        return True
    if name not in ("secret", "Secrets", "Tokens") or looks_random(value):
        return False
    return ":" not in sign or bool(_NAME_OF_SECRET.fullmatch(value))


def masked(text: str) -> str:
    """The text without the secrets that can be known for such by themselves or by the names before them."""
    return cover(text, [*revealing(text), *named(text)])
