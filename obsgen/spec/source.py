"""YAML as strict text: every value with its place, nothing coerced, every mistake of the file at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from obsgen.diagnostics import Diagnosed, Diagnostic, Findings, Location
from obsgen.secrecy.document import Secrets
from obsgen.spec.syntax import Place, syntax_mistake, unreadable_character

Path_ = tuple[str | int, ...]

_QUOTED = ("'", '"', "|", ">")
_TAG = "tag:yaml.org,2002:"
_KINDS = ("null", "bool", "int", "float", "merge", "timestamp", "value", "str", "map", "seq")
_UNDERSTOOD = {_TAG + kind for kind in _KINDS}
_YES_NO = ("y", "Y", "n", "N")
_NOTHING = ("", "~", "null", "Null", "NULL")
_TRUE_FALSE = {"true": True, "false": False}
_INTEGER = re.compile(r"^[-+]?(0|[1-9]\d*)$")
_NUMBER = re.compile(r"^[-+]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][-+]?\d+)?$")


@dataclass(frozen=True, slots=True)
class Places:
    """Where each value of a document stands, by the path of keys and indexes that leads to it."""

    root: Location
    keys: dict[Path_, Location] = field(default_factory=dict)
    values: dict[Path_, Location] = field(default_factory=dict)

    def of(self, *path: str | int) -> Location:
        """The value's place, or that of the nearest value around it."""
        return self._nearest(self.values, path)

    def of_key(self, *path: str | int) -> Location:
        """The place of the key that leads to the value, where a wrong name is marked."""
        return self.keys.get(path) or self.of(*path)

    def _nearest(self, places: dict[Path_, Location], path: Path_) -> Location:
        for length in range(len(path), 0, -1):
            if path[:length] in places:
                return places[path[:length]]
        return self.root

    def below(self, *prefix: str | int) -> Places:
        """The same places, for a document that is put under a prefix of keys."""
        moved = ({(*prefix, *path): at for path, at in places.items()} for places in (self.keys, self.values))
        return Places(self.root, *moved)

    def merged_with(self, later: Places) -> Places:
        """Places after a merge in which `later` wins; what is said of one file keeps the other's secrets too."""
        self.heed(later)
        later.heed(self)
        return Places(later.root, {**self.keys, **later.keys}, {**self.values, **later.values})

    def heed(self, other: Places) -> None:
        """What is said of these places keeps the other's secrets too."""
        if self.root.secrets and other.root.secrets:
            self.root.secrets.heed(other.root.secrets)


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML document as plain values, with their places."""

    content: Any
    places: Places


def read_text(path: Path, shown_as: str | None = None, *, absent: str | None = None) -> str:
    """The file's text; `Diagnosed` where it cannot be read, with the hint `absent` where there is none."""
    name = shown_as or str(path)
    hint: str | None
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        message, hint = f"there is no file '{name}'", absent
    except UnicodeDecodeError:
        message, hint = f"'{name}' is not text in UTF-8", "save it in that encoding"
    except OSError as error:
        message, hint = f"'{name}' cannot be read: {error.strerror}", None
    raise Diagnosed([Diagnostic("OBS101", message, hint=hint)])


def parse_yaml(text: str, name: str) -> Source:
    """Plain values and places of one YAML document; `Diagnosed` with every mistake in it."""
    place = places_in(text, name)
    with syntax_diagnosed(text, name):
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    reader = Reader(place)
    content = reader.read(node, ()) if node is not None else None
    reader.findings.stop()
    return Source(content, Places(place(yaml.Mark(name, 0, 0, 0, None, 0)), reader.keys, reader.values))


def places_in(text: str, name: str) -> Place:
    """What turns the reader's marks into places of this text."""
    lines, secrets = text.splitlines(), Secrets(text)

    def place(mark: Any) -> Location:
        line = lines[mark.line] if mark.line < len(lines) else ""
        return Location(name, mark.line + 1, mark.column + 1, line, secrets)

    return place


@contextmanager
def syntax_diagnosed(text: str, name: str) -> Iterator[None]:
    """Turn what the reader says of text that is not YAML into `Diagnosed`."""
    try:
        yield
    except yaml.MarkedYAMLError as error:
        raise Diagnosed([syntax_mistake(error, places_in(text, name), text)]) from None
    except yaml.YAMLError:
        raise Diagnosed([unreadable_character(text, name)]) from None


class Reader:
    """Turns composed nodes into plain values, noting places and mistakes on the way."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.findings = Findings()
        self.keys: dict[Path_, Location] = {}
        self.values: dict[Path_, Location] = {}
        self._open: list[int] = []

    def read(self, node: yaml.Node, path: Path_) -> Any:
        """The node's plain value; its place is noted under `path`."""
        self.values[path] = self.place(node.start_mark)
        if node.tag not in _UNDERSTOOD:
            tag = node.tag.replace(_TAG, "!!")
            message = f"the tag '{tag}' is not read"
            self.findings.error("OBS105", message, self.values[path], "write the value without it")
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if id(node) in self._open:
            self.findings.error("OBS105", "an anchor contains itself", self.values[path], "write the value out")
            return None
        self._open.append(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.read(child, (*path, index)) for index, child in enumerate(node.value)]
            return dict(self._entries(node, path))
        finally:
            self._open.pop()

    def _entries(self, node: yaml.Node, path: Path_) -> Iterator[tuple[str, Any]]:
        seen: dict[str, Location] = {}
        for key_node, value_node in self._pairs(node):
            where = self.place(key_node.start_mark)
            key = self._key(key_node, where)
            if key is None:
                continue
            if key in seen:
                message = f"key '{key}' stands twice in this mapping, first on line {seen[key].line}"
                self.findings.error("OBS103", message, where, "keep one of the two")
                continue
            seen[key] = where
            self.keys[(*path, key)] = where
            yield key, self.read(value_node, (*path, key))

    def _pairs(self, node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
        pairs: list[tuple[yaml.Node, yaml.Node]] = node.value
        return pairs

    def _key(self, node: yaml.Node, where: Location) -> str | None:
        if node.tag == _TAG + "merge":
            hint = "name the shared file under 'extends' or write the values out"
            self.findings.error("OBS105", "merge keys ('<<') are not read", where, hint)
            return None
        if not isinstance(node, yaml.ScalarNode):
            self.findings.error("OBS105", "a key must be text", where, "write a plain word before the colon")
            return None
        return str(node.value)

    def _scalar(self, node: yaml.ScalarNode, path: Path_) -> Any:
        text: str = node.value
        if node.style in _QUOTED:
            return text
        if text in _NOTHING:
            return None
        if text.lower() in _TRUE_FALSE:
            return _TRUE_FALSE[text.lower()]
        if node.tag == _TAG + "bool" or text in _YES_NO:
            return self._boolean(text, path)
        # Everything else that YAML 1.1 guesses at (octal, sexagesimal, dates, a bare `=`) stays text.
        if _INTEGER.match(text):
            return int(text)
        return float(text) if _NUMBER.match(text) else text

    def _boolean(self, text: str, path: Path_) -> Any:
        message = f"'{text}' is a boolean to some YAML readers and a word to others"
        hint = f"write true or false, or put it in quotes: '{text}'"
        self.findings.error("OBS104", message, self.values[path], hint)
        return None
