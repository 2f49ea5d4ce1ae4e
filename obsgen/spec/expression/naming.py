"""Which names an expression asks for, without giving its value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from obsgen.spec.expression.tree import Constant, Name, Part

Path = tuple[str, ...]
"""A name at hand, and what stands behind its dots."""


def names_of(node: Any) -> Iterator[Path]:
    """Every name that stands in the tree, also on a side that no value is taken from."""
    if path := _path(node):
        yield path
    elif isinstance(node, tuple):
        for one in node:
            yield from names_of(one)
    elif hasattr(node, "__dataclass_fields__"):
        for field in fields(node):
            yield from names_of(getattr(node, field.name))


def _path(node: Any) -> Path:
    """The path that the node is: dots and brackets around a text mean the same."""
    if isinstance(node, Name):
        return (node.first, *node.rest)
    if isinstance(node, Part) and node.single and isinstance(node.start, Constant):
        inner, name = _path(node.operand), node.start.constant
        return (*inner, name) if inner and isinstance(name, str) else ()
    return ()
