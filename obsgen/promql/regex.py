"""Prometheus' regular expressions: matched by RE2, whose syntax Go reads, and as Python patterns to look into.

RE2 matches in a time that grows with the text alone; Python's `re` can be made to take for ever by `(a+)+b`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import re2

from obsgen.limits import REGEX_BYTES
from obsgen.promql.error import PromQLError

# https://github.com/google/re2/wiki/Syntax
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


@lru_cache(maxsize=1)
def _options() -> Any:
    options = re2.Options()
    # A dot matches a newline since Prometheus 3.0; no label of ours holds one.
    options.dot_nl = True
    options.log_errors = False
    options.max_mem = REGEX_BYTES
    return options


@lru_cache(maxsize=2**10)
def compiled(pattern: str) -> Any:
    """The pattern for `fullmatch`; PromQLError where Go refuses it."""
    # RE2 alone takes a single byte of a character.
    if re.search(r"(?<!\\)(?:\\\\)*\\C", pattern):
        msg = f"'{pattern}' is not a regular expression: invalid escape sequence: \\C"
        raise PromQLError(msg)
    try:
        return re2.compile(pattern, _options())
    except re2.error as error:
        said = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        msg = f"'{pattern}' is not a regular expression: {said}"
        raise PromQLError(msg) from None
    except UnicodeEncodeError:
        msg = "a regular expression holds half of a character"
        raise PromQLError(msg) from None


def python_text(pattern: str) -> str:
    """The same pattern, which RE2 has read, in Python's syntax."""
    # Go's `(?i)` holds to the end of its group; Python wants it to open a group of its own.
    # Each open group therefore keeps the flags met in it, to close and reopen them around `|`.
    scopes: list[list[str]] = [[]]
    text = ""
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup or ""
        text += _TRANSLATIONS[kind](token[0], scopes)
    return text + ")" * len(scopes[0])


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
