"""Go's string literals and printf, as far as templates need them."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Sequence
from typing import Final

from obsgen.promql.humanize import go_float, go_infinite

_VERB: Final = re.compile(r"%(?P<flags>[-+ 0]*)(?P<width>\d*)(?:\.(?P<precision>\d*))?(?P<verb>.?)", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))")
# Of a width or a precision: what is wider than 999 is no message.
_MOST_DIGITS: Final = 3
_SIMPLE: Final = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


def unquoted(literal: str) -> str:
    """The text of a Go string literal, quoted or `raw`; ValueError where it names no character."""
    body = literal[1:-1]
    return body if literal.startswith("`") else _ESCAPE.sub(_unescaped, body)


def _unescaped(found: re.Match[str]) -> str:
    digits = found[1] or found[2] or found[3]
    if not digits:
        return chr(int(found[4], 8)) if found[4] else _SIMPLE.get(found[5], found[5])
    code = int(digits, 16)
    if code > sys.maxunicode or 0xD800 <= code <= 0xDFFF:
        msg = f"'{found[0]}', which is no character,"
        raise ValueError(msg)
    return chr(code)


def printf(template: str, arguments: Sequence[str | float]) -> str:
    """Go's fmt.Sprintf for %s of text, %f %e %g of numbers, %v of both; ValueError otherwise."""
    rest = list(arguments)

    def verb(found: re.Match[str]) -> str:
        if found["verb"] == "%":
            return "%"
        if not rest:
            msg = f"'{found[0]}' without an argument"
            raise ValueError(msg)
        return _formatted(found, rest.pop(0))

    text = _VERB.sub(verb, template)
    if rest:
        msg = f'printf "{template}" with {len(arguments)} arguments'
        raise ValueError(msg)
    return text


def _formatted(found: re.Match[str], argument: str | float) -> str:
    if any(len(found[part] or "") > _MOST_DIGITS for part in ("width", "precision")):
        msg = f"'{found[0]}', which is wider than any message,"
        raise ValueError(msg)
    width, flags = int(found["width"] or 0), found["flags"]
    text = _text(found, argument) if isinstance(argument, str) else _number(found, argument)
    if "-" in flags:
        return text.ljust(width)
    if "0" in flags and not isinstance(argument, str) and math.isfinite(argument):
        return text.zfill(width)
    return text.rjust(width)


def _text(found: re.Match[str], argument: str) -> str:
    if found["verb"] not in {"s", "v"}:
        msg = f"'{found[0]}' of a text"
        raise ValueError(msg)
    return argument if found["precision"] is None else argument[: int(found["precision"] or 0)]


def _number(found: re.Match[str], argument: float) -> str:
    verb, precision = found["verb"], found["precision"]
    if verb not in {"f", "F", "e", "E", "g", "G", "v"}:
        msg = f"'{found[0]}' of a number"
        raise ValueError(msg)
    if not math.isfinite(argument):
        text = go_infinite(argument)
        if " " in found["flags"] and "+" not in found["flags"]:
            text = text.replace("+", " ")
    elif precision is None and verb in {"g", "G", "v"}:
        text = go_float(argument)
    else:
        text = format(argument, f".{precision or (0 if precision == '' else 6)}{'g' if verb == 'v' else verb}")
    signed = next((sign for sign in "+ " if sign in found["flags"]), "")
    return text if text[0] in "+- " else signed + text
