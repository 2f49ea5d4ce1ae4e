"""YAML that other tools read too: several documents in a file, merge keys, and `yes` for true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from obsgen.regular_file import is_link
from obsgen.spec.composing import MERGE, compose_all
from obsgen.spec.source import Path_, Places, Reader, Source, places_in, read_text, syntax_diagnosed

_YES = ("yes", "on")
_NO = ("no", "off")

Pair = tuple[yaml.Node, yaml.Node]


def parse_documents(text: str, name: str, *, quoted: bool = True) -> tuple[Source, ...]:
    """Every document that is not empty; `Diagnosed` with all mistakes of the first that has any.

    What is strict in `parse_yaml` stays strict, except where the tools that own these files agree on a meaning.
    Lines are shown where `quoted`.
    """
    place = places_in(text, name, quoted=quoted)
    with syntax_diagnosed(text, name, quoted=quoted):
        documents = compose_all(text)
    found = []
    for node in documents:
        reader = _ForeignReader(place)
        content = reader.read(node, ())
        reader.findings.stop()
        if content is not None:
            found.append(Source(content, Places(place(node.start_mark), reader.keys, reader.values)))
    return tuple(found)


class _ForeignReader(Reader):
    """Reads merge keys and YAML 1.1's booleans as Go's YAML libraries do."""

    def _pairs(self, node: yaml.Node) -> list[Pair]:
        found = [pair for pair in node.value if pair[0].tag != MERGE]
        written = {_name(key) for key, _ in found}
        merged = (pair for key, value in node.value if key.tag == MERGE for pair in self._merged(value))
        for pair in merged:
            # What stands in the mapping itself wins, then what is merged first.
            if _name(pair[0]) not in written:
                written.add(_name(pair[0]))
                found.append(pair)
        return found

    def _merged(self, node: yaml.Node) -> Iterator[Pair]:
        for one in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if isinstance(one, yaml.MappingNode):
                yield from self._pairs(one)

    def _boolean(self, text: str, path: Path_) -> Any:  # noqa: ARG002 - the strict reader notes the place
        # A bare `y` or `n` stays a word, as in Go.
        return text.lower() in _YES if text.lower() in (*_YES, *_NO) else text


def _name(key: yaml.Node) -> str:
    return str(key.value) if isinstance(key, yaml.ScalarNode) else ""


def read_documents(path: Path) -> tuple[Source, ...]:
    """The documents of a file; of what a link leads to no line is shown, as it may be any file."""
    return parse_documents(read_text(path), str(path), quoted=not is_link(path))
