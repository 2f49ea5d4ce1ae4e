"""YAML in block style, written as PyYAML writes it and many times as fast: rules come by the ten thousand."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

import yaml

from obsgen.printable import powerless, printable

# What Kubernetes' and other readers take for a boolean or a number although PyYAML writes it bare:
# y and n, exponents without a point, octals of YAML 1.2, and numbers with leading zeros.
_AMBIGUOUS = re.compile(r"^([yYnN]|[-+]?\d[\d_]*[eE][-+]?\d+|0o[0-7_]+|[-+]?0\d+)$")
# Text that is surely plain: nothing that opens another kind of node, no comment, no mapping, no space at its end.
_PLAIN = re.compile(r"[A-Za-z_(][ !\"$-9;-~]*(?<! )")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
# A literal block that all readers take for the same text: the first line is not indented, no line ends in a space,
# nothing special, and at most one break at the end.
_LITERAL = re.compile(r"[!-~][ -~]*(\n+[ -~]+)*\n?")
# Text that cannot be plain for what it begins with, and holds nothing that needs an escape.
_QUOTED = re.compile(r"[{\[&*!|>%@#][ -~]*")
_NESTED = (dict, list, tuple)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
# More than any line has; PyYAML takes no infinity.
_UNBROKEN = 2**30


class _Dumper(yaml.CSafeDumper):
    """Quotes what Kubernetes' parser would not read back as the same string."""


def _represent_text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if "\n" in text else "'" if _AMBIGUOUS.match(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def block_yaml(body: Any) -> str:
    """The body of dicts, lists, tuples and scalars, keys in the order given, long lines unbroken."""
    if not _is_nested(body):
        return _inline(body, "") + "\n"
    lines: list[str] = []
    _write(body, "", "", lines)
    return "\n".join(lines) + "\n"


def _write(body: Any, first: str, indent: str, lines: list[str]) -> None:
    """Add the lines of what is nested; `first` stands before the first of them, `indent` before the others."""
    if isinstance(body, dict):
        for key, value in body.items():
            opening = f"{first}{_key(key)}:"
            first = indent
            # Nearly everything is text of one line.
            if type(value) is str:
                text = _text(value)
                lines.append(f"{opening} {text}" if "\n" not in text else f"{opening} {_inline(value, indent)}")
                continue
            if not _is_nested(value):
                lines.append(f"{opening} {_inline(value, indent)}")
                continue
            lines.append(opening)
            # A sequence stands as far left as the key that it belongs to.
            deeper = f"{indent}  " if isinstance(value, dict) else indent
            _write(value, deeper, deeper, lines)
        return
    for item in body:
        if _is_nested(item):
            # The first line of what is nested stands behind the dash.
            _write(item, f"{first}- ", f"{indent}  ", lines)
        else:
            lines.append(f"{first}- {_inline(item, indent)}")
        first = indent


@lru_cache(maxsize=4096, typed=True)
def _key(key: Any) -> str:
    whole = "\n" in str(key) and not _needs_escape(str(key))
    return _dumped(key) if whole else _inline(key, "")


def _is_nested(value: Any) -> bool:
    return bool(value) and isinstance(value, _NESTED)


def _inline(value: Any, indent: str) -> str:
    """A scalar or an empty collection; the lines of a literal block go one step deeper than its key."""
    if isinstance(value, str):
        text = _text(value)
        return text.replace("\n", f"\n{indent}") if "\n" in text else text
    if isinstance(value, _NESTED):
        return "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        msg = f"{value} has no place in a document"
        raise ValueError(msg)
    return _dumped(value)


@lru_cache(maxsize=65536)
def _text(text: str) -> str:
    shape = text if text.isascii() else _shape(text)
    if _PLAIN.fullmatch(shape) and text.lower() not in _WORDS:
        return text
    if _needs_escape(text):
        return _escaped(text)
    if "\n" in text and _LITERAL.fullmatch(shape) and " \n" not in text and not text.endswith(" "):
        mark, body = ("|", text[:-1]) if text.endswith("\n") else ("|-", text)
        return f"{mark}\n  " + re.sub(r"\n(?=[^\n])", "\n  ", body)
    if _QUOTED.fullmatch(shape):
        return "'" + text.replace("'", "''") + "'"
    return _dumped(text)


def _shape(text: str) -> str:
    """The text with a letter for each that is printed as it stands, or nothing where some need an escape."""
    if max(text) > "\ud7ff" or not text.replace("\n", "").isprintable() or printable(text) != text:
        return ""
    return _BEYOND_ASCII.sub("x", text)


def _needs_escape(text: str) -> bool:
    return powerless(printable(text)) != text


def _escaped(text: str) -> str:
    """The same value without a sign that a terminal or a log would take for more than itself."""
    return powerless(yaml.dump(text, Dumper=_Dumper, allow_unicode=False, width=_UNBROKEN, default_style='"').strip())


def _dumped(value: Any) -> str:
    """As PyYAML writes it behind a key; text of several lines on one, with escapes."""
    text: str = yaml.dump({"k": value}, Dumper=_Dumper, allow_unicode=True, width=_UNBROKEN, default_flow_style=False)
    return text[len("k: ") :].removesuffix("\n")
