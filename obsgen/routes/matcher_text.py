"""Matchers as Alertmanager's configuration spells them: its old grammar, and its new one where the old one fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, cast

from obsgen.promql.gostring import unquoted
from obsgen.promql.matcher import Matcher, MatchOperator

_OLD: Final = re.compile(r"\s*(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?P<op>=~|=|!=|!~)\s*(?P<value>.*?)\s*", re.DOTALL)
# In an old value a backslash before anything else than these stands for itself.
_OLD_ESCAPE: Final = re.compile(r'\\([n"\\])')
_OLD_ESCAPED: Final = {"n": "\n", '"': '"', "\\": "\\"}
_BARE_QUOTE: Final = re.compile(r'(?:[^"\\]|\\.|\\\Z)*"', re.DOTALL)

_QUOTED: Final = r'"(?:[^"\\\n]|\\.)*"'
_PLAIN: Final = r"[^\s{}!=~,\\\"'`]+"
_NEW: Final = re.compile(
    rf"\s*(?P<name>{_QUOTED}|{_PLAIN})\s*(?P<op>=~|=|!=|!~)\s*(?P<value>{_QUOTED}|{_PLAIN})\s*(?P<more>,|\Z)"
)


def parse_matchers(text: str) -> tuple[Matcher, ...]:
    """The matchers in one entry, `a="b", c=~"d"` with or without braces; ValueError where neither grammar reads it."""
    try:
        return tuple(_old(part) for part in _parts(text.removeprefix("{").removesuffix("}")))
    except ValueError:
        newer = _new(text)
        if newer is None:
            raise
        return newer


def _parts(text: str) -> Iterator[str]:
    """The text cut at the commas outside quotes."""
    start, quoted, escaped = 0, False, False
    for place, char in enumerate(text):
        if char == "," and not quoted:
            yield text[start:place]
            start = place + 1
        elif char == '"' and not escaped:
            quoted = not quoted
        escaped = char == "\\" and not escaped
    if text[start:].strip():
        yield text[start:]


def _old(text: str) -> Matcher:
    found = _OLD.fullmatch(text)
    if not found:
        msg = f"'{text.strip()}' is not a matcher: write label=\"value\", or one of != =~ !~ for ="
        raise ValueError(msg)
    value = found["value"]
    if value.startswith('"'):
        closed = _BARE_QUOTE.match(value, 1)
        if not closed or closed.end() != len(value):
            msg = f"the quotes in '{text.strip()}' do not pair"
            raise ValueError(msg)
        value = value[1:-1]
    elif _BARE_QUOTE.match(value):
        msg = f"'{text.strip()}' holds a quote: put the whole value in quotes and write \\\" inside"
        raise ValueError(msg)
    plain = _OLD_ESCAPE.sub(lambda escape: _OLD_ESCAPED[escape[1]], value)
    return Matcher(found["name"], cast("MatchOperator", found["op"]), plain)


def _new(text: str) -> tuple[Matcher, ...] | None:
    body = text.strip()
    if body.startswith("{") != body.endswith("}"):
        return None
    body = body.removeprefix("{").removesuffix("}").strip()
    matchers: list[Matcher] = []
    place = 0
    while place < len(body):
        found = _NEW.match(body, place)
        if not found:
            return None
        name, value = (unquoted(one) if one.startswith('"') else one for one in (found["name"], found["value"]))
        matchers.append(Matcher(name, cast("MatchOperator", found["op"]), value))
        place = found.end()
    return tuple(matchers)


def labelled(name: str, op: MatchOperator, value: str) -> Matcher:
    """A matcher of the old `match` and `match_re`, which name one label each; ValueError where one is empty."""
    if not name:
        msg = "a label needs a name"
        raise ValueError(msg)
    return Matcher(name, op, value)
