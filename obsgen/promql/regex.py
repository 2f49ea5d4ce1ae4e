"""Prometheus' regular expressions (Go's RE2 syntax) as Python patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from obsgen.promql.error import PromQLError

# https://github.com/google/re2/wiki/Syntax; a repeat count above this is refused.
_MOST_REPEATS: Final = 1000

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
    scopes: list[list[str]] = [[]]
    text, before = "", ""
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup or ""
        if kind == "repeat":
            _judge_repeat(pattern, token[0], before)
        text += _TRANSLATIONS[kind](token[0], scopes)
        before = kind
    return text + ")" * len(scopes[0])


def _judge_repeat(pattern: str, repeat: str, before: str) -> None:
    if before == "repeat":
        msg = f"'{pattern}' repeats a repetition: write one of * + ? {{n}} after each part"
        raise PromQLError(msg)
    if any(int(count) > _MOST_REPEATS for count in re.findall(r"\d+", repeat)):
        msg = f"'{pattern}' repeats more than {_MOST_REPEATS} times"
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
    "codepoint": lambda text, _: re.escape(chr(int(text[3:-1], 16))),
    "unicode": _untranslatable,
    "end": lambda _text, _: r"\Z",
    "escape": lambda text, _: text,
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
