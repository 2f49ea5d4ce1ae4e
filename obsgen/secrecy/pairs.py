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
# What is behind the sign is only looked at: inside it there may be more names.
_PAIR: Final = re.compile(
    r"(?<![\w.-])(?P<name>[A-Za-z_][\w.-]*)(?P<sign>[\"']?\s*(?::(?=[\s\"'])|=~|!=|!~|==?)\s*[|>&]?[-+]?\s*)"
    r"(?=(?P<value>\\\"[^\"\\]*|\"(?:[^\"\\]|\\.)*\"?|'[^']*'?|[{\[].*|(?:Bearer|Basic)\s+[^\s,;}\])\"']+|[^\s,;}\])\"']+))"
)
# A hint says `password_file: <path>`.
_STANDS_FOR: Final = re.compile(r"<[\w -]+>(/<[\w -]+>)?|<\w+")
_NAME_OF_SECRET: Final = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")


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
    for found in _PAIR.finditer(text, begin):
        if not names_secret(found["name"]):
            continue
        start, end = found.span("value")
        bare = found["value"].lstrip("\\\"'")
        value = bare.rstrip("\"'")
        if value and not _is_harmless(found["name"], found["sign"], value):
            # In JSON the quotes of a query have a backslash before them.
            inside = end - len(bare)
            yield found["sign"], (inside, inside + len(value) if inside > start else end)


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
