"""Prometheus' regular expressions (Go's RE2 syntax) as Python patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from obsgen.limits import REGEX_DEPTH, REGEX_REPEATS, REGEX_TEXT
from obsgen.promql.error import PromQLError

_TOKEN: Final = re.compile(
    r"""
    (?P<quoted>\\Q.*?(?:\\E|\Z))
  | (?P<codepoint>\\x\{[0-9A-Fa-f]+\})
  | (?P<unicode>\\[pPC](?:\{[^}]*\}|.)?)
  | (?P<end>\\z|\$)
  | (?P<escape>\\.)
  | (?P<charset>\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\])
  | (?P<named>\(\?P?<\w+>)
  | (?P<flags>\(\?[imsU-]+\))
  | (?P<open>\((?:\?[imsU-]*:)?)
  | (?P<close>\))
  | (?P<either>\|)
  | (?P<repeat>(?:[*+?]|\{\d+(?:,\d*)?\})\??)
  | (?P<literal>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_POSIX: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": r"0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}


class UntranslatableRegexError(PromQLError):
    """A pattern that Prometheus takes and Python cannot: Unicode classes, `(?U)`."""


@lru_cache(maxsize=2**16)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern for `fullmatch`; PromQLError where Go refuses it or Python has no such construct."""
    try:
        # A dot matches a newline since Prometheus 3.0; no label of ours holds one.
        return re.compile(python_text(pattern), re.ASCII | re.DOTALL)
    except re.error as error:
        msg = f"'{pattern}' is not a regular expression: {error}"
        raise PromQLError(msg) from None


def python_text(pattern: str) -> str:
    """The same pattern in Python's syntax."""
    # Go's `(?i)` holds to the end of its group; Python wants it to open a group of its own.
    # Each open group therefore keeps the flags met in it, to close and reopen them around `|`.
    if len(pattern) > REGEX_TEXT:
        msg = f"a regular expression of {len(pattern)} characters is too long: {REGEX_TEXT} are the most"
        raise PromQLError(msg)
    scopes: list[list[str]] = [[]]
    repeats = _Repeats(pattern)
    text = ""
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup or ""
        repeats.follow(kind, token[0])
        text += _TRANSLATIONS[kind](token[0], scopes)
        if len(scopes) > REGEX_DEPTH:
            msg = f"a regular expression has more than {REGEX_DEPTH} groups in one another"
            raise PromQLError(msg)
    return text + ")" * len(scopes[0])


class _Repeats:
    """How often the parts of a pattern repeat, nested repeats multiplied; PromQLError where RE2 refuses that."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.before = ""
        self.part = 1
        """How often the part just read repeats what is inside it."""
        self.open = [1]
        """The same of each open group, of the part that repeats most."""

    def follow(self, kind: str, text: str) -> None:
        """The next token."""
        if kind == "repeat":
            self.repeat(text)
        elif kind in {"open", "named"}:
            self.open.append(1)
        elif kind == "close" and len(self.open) > 1:
            self.part = self.open.pop()
        else:
            self.part = 1
        self.open[-1] = max(self.open[-1], self.part)
        self.before = kind

    def repeat(self, text: str) -> None:
        if self.before in {"", "open", "named", "flags", "either"}:
            # Python would read what begins with `(?` as one of its own constructs.
            msg = f"'{self.pattern}' repeats nothing: * + ? and {{n}} stand behind what they repeat"
            raise PromQLError(msg)
        if self.before == "repeat":
            msg = f"'{self.pattern}' repeats a repetition: write one of * + ? {{n}} after each part"
            raise PromQLError(msg)
        counts = re.findall(r"\d+", text)
        # What is too long for a number is too large for a repeat.
        if any(len(count) > len(str(REGEX_REPEATS)) for count in counts):
            self.part = REGEX_REPEATS + 1
        elif counts:
            self.part *= max(map(int, counts))
        if self.part > REGEX_REPEATS:
            msg = f"'{self.pattern}' repeats more than {REGEX_REPEATS} times"
            raise PromQLError(msg)


def _charset(text: str, _scopes: list[list[str]]) -> str:
    body = re.sub(r"\[:(\^?)(\w+):\]", _posix, text[1:-1])
    # Python warns of `[`, `&&`, `||` and `~~` inside a set: they may one day mean set operations.
    return "[" + re.sub(r"(\\.)|([\[&|~])", lambda found: found[1] or "\\" + found[2], body) + "]"


def _posix(found: re.Match[str]) -> str:
    if found[1] or found[2] not in _POSIX:
        msg = f"the character class '{found[0]}' is not one that obsgen reads"
        raise UntranslatableRegexError(msg)
    return _POSIX[found[2]].replace("\\[", "\\x5b")


def _escape(text: str, _scopes: list[list[str]]) -> str:
    if text[1] in "123456789":
        msg = f"'{text}' in a regular expression looks back at a group, which Prometheus does not"
        raise PromQLError(msg)
    return text


def _codepoint(text: str, _scopes: list[list[str]]) -> str:
    try:
        return re.escape(chr(int(text[3:-1], 16)))
    except (ValueError, OverflowError):
        msg = f"there is no character '{text}', as it stands in a regular expression"
        raise PromQLError(msg) from None


def _untranslatable(text: str, _scopes: list[list[str]]) -> str:
    msg = f"'{text}' in a regular expression is not understood here: use a character set such as [a-z]"
    raise UntranslatableRegexError(msg)


def _flags(text: str, scopes: list[list[str]]) -> str:
    if "U" in text:
        return _untranslatable(text, scopes)
    scopes[-1].append(text[:-1] + ":")
    return scopes[-1][-1]


def _open(text: str, scopes: list[list[str]]) -> str:
    if "U" in text:
        return _untranslatable(text, scopes)
    scopes.append([])
    return text.replace("(?<", "(?P<")


def _close(_text: str, scopes: list[list[str]]) -> str:
    if len(scopes) == 1:
        msg = "a regular expression has a ')' too many"
        raise PromQLError(msg)
    return ")" * (len(scopes.pop()) + 1)


def _either(_text: str, scopes: list[list[str]]) -> str:
    return ")" * len(scopes[-1]) + "|" + "".join(scopes[-1])


_TRANSLATIONS: Final[dict[str, Callable[[str, list[list[str]]], str]]] = {
    "quoted": lambda text, _: re.escape(text[2:].removesuffix("\\E")),
    "codepoint": _codepoint,
    "unicode": _untranslatable,
    "end": lambda _text, _: r"\Z",
    "escape": _escape,
    "charset": _charset,
    "named": _open,
    "flags": _flags,
    "open": _open,
    "close": _close,
    "either": _either,
    "repeat": lambda text, _: text,
    # Python reads `{,3}` as a repeat, Go as four characters.
    "literal": lambda text, _: "\\" + text if text in "{}" else text,
}
