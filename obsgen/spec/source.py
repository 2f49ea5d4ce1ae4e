"""YAML as strict text: every value with its place, nothing coerced, every mistake of the file at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isinf
from pathlib import Path
from typing import Any

import yaml

from obsgen.diagnostics import Diagnosed, Diagnostic, Findings, Location
from obsgen.limits import FILE_BYTES, INTEGER, SHOWN_LINE
from obsgen.printable import shortened
from obsgen.regular_file import Missing, NotPlain, Unreadable, read_regular
from obsgen.secrecy.document import Secrets
from obsgen.spec.composing import BOOL, MERGE, TAG, BeyondBounds, compose
from obsgen.spec.root import shown
from obsgen.spec.syntax import Place, syntax_mistake, unreadable_character

Path_ = tuple[str | int, ...]
Ours = Callable[[yaml.Node | None], bool]
"""Whether a document is of a kind that is read, so that its lines may be shown."""

_QUOTED = ("'", '"', "|", ">")
_KINDS = ("null", "bool", "int", "float", "merge", "timestamp", "value", "str", "map", "seq")
_UNDERSTOOD = {TAG + kind for kind in _KINDS}
_YES_NO = ("y", "Y", "n", "N")
_NOTHING = ("", "~", "null", "Null", "NULL")
_TRUE_FALSE = {"true": True, "false": False}
_INTEGER = re.compile(r"^[-+]?(0|[1-9]\d*)$")
# What stands whole between the quotes that office programs make; prose that quotes twice is none.
_CURLY = re.compile("[\u2018-\u201f][^\u2018-\u201f]*[\u2018-\u201f\"']")
_DIGITS = 20
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


def read_text(path: Path, shown_as: str | None = None, *, absent: str | None = None, most: int = FILE_BYTES) -> str:
    """The file's text; `Diagnosed` where it cannot be read, with the hint `absent` where there is none."""
    name = shown(shown_as or path)
    code, hint = "OBS101", None
    try:
        return read_regular(path, most=most).decode("utf-8")
    except Missing:
        message, hint = f"there is no file '{name}'", absent
    except NotPlain as fault:
        code, message = "OBS109", f"'{name}' {fault}"
    except Unreadable as fault:
        message = f"'{name}' {fault}"
    except UnicodeDecodeError:
        message, hint = f"'{name}' is not text in UTF-8", "save it in that encoding"
    raise Diagnosed([Diagnostic(code, message, hint=hint)])


def parse_yaml(text: str, name: str, *, ours: Ours | None = None) -> Source:
    """Plain values and places of one YAML document; `Diagnosed` with every mistake in it.

    Where `ours` is given and refuses the document, nothing that stands in it is shown.
    """
    with syntax_diagnosed(text, name, quoted=ours is None):
        node = compose(text)
    if ours and not ours(node):
        message = f"'{shown(name)}' does not look like a spec, and what stands in it is not shown"
        hint = "write `kind: MonitoringStack` into it, or nothing but fields of a spec"
        raise Diagnosed([Diagnostic("OBS106", message, hint=hint)])
    place = places_in(text, name)
    reader = Reader(place)
    content = reader.read(node, ()) if node is not None else None
    reader.findings.stop()
    return Source(content, Places(place(yaml.Mark(name, 0, 0, 0, None, 0)), reader.keys, reader.values))


def places_in(text: str, name: str, *, quoted: bool = True) -> Place:
    """What turns the reader's marks into places of this text, with the line that stands there where it is quoted."""
    # YAML knows fewer line ends than Python, and a form feed must not move the lines that are shown.
    lines, secrets = text.splitlines() if quoted else [], Secrets(text)

    def place(mark: Any) -> Location:
        line = lines[mark.line] if mark.line < len(lines) else ""
        if len(line) > SHOWN_LINE:
            line = shortened(line, SHOWN_LINE) if mark.column < SHOWN_LINE else ""
        return Location(name, mark.line + 1, mark.column + 1, line, secrets)

    return place


@contextmanager
def syntax_diagnosed(text: str, name: str, *, quoted: bool = True) -> Iterator[None]:
    """Turn what the reader says of text that is not YAML, or more than is read, into `Diagnosed`."""
    try:
        yield
    except BeyondBounds as error:
        where = places_in(text, name, quoted=quoted)(error.problem_mark)
        raise Diagnosed([Diagnostic(error.code, str(error.problem), where, error.hint)]) from None
    except yaml.MarkedYAMLError as error:
        place = places_in(text, name, quoted=quoted)
        found = syntax_mistake(error, place, text)
        if not quoted:
            found = Diagnostic(found.code, "this is not YAML", found.location)
        raise Diagnosed([found]) from None
    except yaml.YAMLError:
        raise Diagnosed([unreadable_character(text, name)]) from None


class Reader:
    """Turns composed nodes into plain values, noting places and mistakes on the way."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.findings = Findings()
        self.keys: dict[Path_, Location] = {}
        self.values: dict[Path_, Location] = {}

    def read(self, node: yaml.Node, path: Path_) -> Any:
        """The node's plain value; its place is noted under `path`."""
        self.values[path] = self.place(node.start_mark)
        if node.tag not in _UNDERSTOOD:
            tag = node.tag.replace(TAG, "!!")
            message = f"the tag '{shown(tag)}' is not read"
            self.findings.error("OBS105", message, self.values[path], "write the value without it")
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(child, (*path, index)) for index, child in enumerate(node.value)]
        return dict(self._entries(node, path))

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
        if node.tag == MERGE:
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
        if node.tag == BOOL or text in _YES_NO:
            return self._boolean(text, path)
        if _CURLY.fullmatch(text):
            message = f"the quotes of {text} are not YAML's, and so a part of the text"
            self.findings.error("OBS274", message, self.values[path], f"use straight quotes: '{text[1:-1]}'")
        # Everything else that YAML 1.1 guesses at (octal, sexagesimal, dates, a bare `=`) stays text.
        return self._number(text, path) if _NUMBER.match(text) else text

    def _number(self, text: str, path: Path_) -> int | float | None:
        whole = _INTEGER.match(text) is not None
        # Python refuses to read thousands of digits.
        if isinf(float(text)) or (whole and (len(text) > _DIGITS or abs(int(text)) > INTEGER)):
            message = f"the number {shown(text)} is larger than what 64 bits hold"
            self.findings.error("OBS120", message, self.values[path], "put it in quotes where it is meant as text")
            return None
        return int(text) if whole else float(text)

    def _boolean(self, text: str, path: Path_) -> Any:
        message = f"'{text}' is a boolean to some YAML readers and a word to others"
        hint = f"write true or false, or put it in quotes: '{text}'"
        self.findings.error("OBS104", message, self.values[path], hint)
        return None
