"""Every field that a schema has, and documents that hold a canary in each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Steps = tuple[str | int, ...]
Schema = Mapping[str, Any]

# A name for what people name themselves, in each of the forms that the schema asks for.
_NAMES = ("orders", "Orders", "orders_total", "critical", "P1", "cpu", "application", "monday", "missing", "fast")
_CANARY = re.compile(r"c4n4ry(\d{4})S3cr3t")


def canary(number: int) -> str:
    """A text that stands nowhere else."""
    return f"c4n4ry{number:04d}S3cr3t"


def fields(schema: Schema) -> list[Steps]:
    """The steps to every value that the schema knows, each kind of mapping once on the way to it."""
    return list(dict.fromkeys(_fields(schema, schema.get("$defs", {}), (), ())))


def _fields(node: Schema, kinds: Schema, steps: Steps, inside: tuple[str, ...]) -> Iterator[Steps]:
    if "$ref" in node:
        kind = str(node["$ref"]).rpartition("/")[2]
        if kind not in inside:
            yield from _fields(kinds[kind], kinds, steps, (*inside, kind))
        return
    if steps:
        yield steps
    for other in node.get("anyOf", ()):
        yield from _fields(other, kinds, steps, inside)
    for name, below in node.get("properties", {}).items():
        yield from _fields(below, kinds, (*steps, name), inside)
    for pattern, below in node.get("patternProperties", {}).items():
        yield from _fields(below, kinds, (*steps, next(name for name in _NAMES if re.search(pattern, name))), inside)
    if isinstance(more := node.get("additionalProperties"), dict):
        known = node.get("propertyNames", {}).get("enum", _NAMES)
        yield from _fields(more, kinds, (*steps, known[0]), inside)
    if "items" in node:
        yield from _fields(node["items"], kinds, (*steps, 0), inside)


@dataclass
class Planted:
    """A document with canaries in it, and the steps to each of them."""

    content: dict[str, Any] = field(default_factory=dict)
    places: dict[int, Steps] = field(default_factory=dict)

    def sung(self, output: str) -> set[Steps]:
        """The places whose canary is in the output."""
        return {self.places[int(found)] for found in _CANARY.findall(output)}


def planted(wanted: Sequence[Steps], disguise: Callable[[str], Any]) -> list[Planted]:
    """As few documents as hold a canary, in its disguise, at each of the steps."""
    documents: list[Planted] = []
    for number, steps in enumerate(sorted(wanted, key=len, reverse=True)):
        value = disguise(canary(number))
        into = next((one for one in documents if _put(one.content, steps, value)), None)
        if into is None:
            into = Planted()
            assert _put(into.content, steps, value)
            documents.append(into)
        into.places[number] = steps
    return documents


def _put(content: dict[str, Any], steps: Steps, value: Any) -> bool:
    """Whether there was room for the value."""
    inside: Any = content
    for step, following in zip(steps, (*steps[1:], None), strict=True):
        last = following is None
        fresh = value if last else [] if isinstance(following, int) else {}
        if isinstance(step, int) != isinstance(inside, list) or not isinstance(inside, list | dict):
            return False
        there = step < len(inside) if isinstance(step, int) else step in inside
        if not there:
            inside.insert(step, fresh) if isinstance(step, int) else inside.update({step: fresh})
        elif last:
            return False
        inside = inside[step]
    return True
