"""Texts that bring their own templates, for a configuration that is somebody else's and has no file of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from obsgen.emit.notifications import template_body

_ACTION: Final = re.compile(r"\{\{ ?(.*?) ?\}\}", re.DOTALL)
_DEFINE: Final = re.compile(r'define "([^"]+)"')
_USE: Final = re.compile(r'\btemplate "(obsgen\.[^"]+)"')
_OPENING: Final = ("define", "if", "range", "with", "block")


def self_contained(text: str) -> str:
    """The text behind the definitions of all templates that it uses, which print nothing by themselves."""
    used = _used(text)
    return "".join(block for name, block in definitions().items() if name in used) + text


@cache
def definitions() -> Mapping[str, str]:
    """Each template's definition by its name, in the order of the file."""
    return dict(_blocks(template_body()))


def _used(text: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = _USE.findall(text)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _USE.findall(definitions()[name])
    return frozenset(found)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Definitions without the blanks that no output depends on: those at the edges of actions."""
    depth, start, name = 0, 0, ""
    for action in _ACTION.finditer(text):
        said = action[1]
        if depth == 0 and (defined := _DEFINE.match(said)):
            name, start = defined[1], action.start()
        word = said.split(" ", 1)[0]
        depth += (word in _OPENING) - (word == "end")
        if word == "end" and depth == 0:
            yield name, _ACTION.sub(r"{{\1}}", text[start : action.end()])
