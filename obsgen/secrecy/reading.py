"""Reads a document for its secrets, event by event, as far as it is YAML."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml

from obsgen.secrecy.found import Found, Place, Scalar
from obsgen.secrecy.places import Grade, Steps, grade_below, hidden_part, key_is_shown

# As YAML counts lines; Python knows more ends of them.
_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
# A hostile document is read no further than this; past it, its lines are judged one by one.
_DEEPEST = 200
_MOST = 200_000
_IS_SECRET = re.compile(r"^\s*[\"']?kind[\"']?:\s*[\"']?Secret\b", re.MULTILINE)


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read; `at` is where it begins among what was found."""

    steps: Steps
    grade: Grade
    in_mapping: bool
    at: int
    anchor: str | None = None
    key: str | None = None
    count: int = 0


def lines_of(text: str) -> list[str]:
    """The lines as YAML counts them."""
    lines = _LINE_END.split(text)
    return lines if lines[-1] else lines[:-1]


def read_secrets(text: str) -> Found:
    """Every value of the text that is kept back; where it stops being YAML, `end` says so."""
    reading = _Reading(text)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            reading.take(event)
            if reading.is_too_much:
                break
        else:
            return reading.found
    except yaml.YAMLError:
        pass
    reading.give_up()
    return reading.found


class _Reading:
    """Follows the events of a document with the steps that lead to each value."""

    def __init__(self, text: str) -> None:
        self.found = Found()
        self._text = text
        self._in_secret = bool(_IS_SECRET.search(text))
        self._open: list[_Open] = []
        # Each anchor's part of what was found, public values too: an alias may put them into a secret place.
        self._seen: list[Scalar] = []
        self._anchors: dict[str, tuple[int, int]] = {}
        self._last: Place = (0, 0)
        self._latest = Grade.PUBLIC

    @property
    def is_too_much(self) -> bool:
        """Whether no document that a person wrote is like that."""
        return len(self._open) > _DEEPEST or len(self._seen) > _MOST

    def take(self, event: Any) -> None:
        """The next event."""
        match event:
            case yaml.DocumentStartEvent():
                self._anchors = {}
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._begin(event, in_mapping=isinstance(event, yaml.MappingStartEvent))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._finish(self._open.pop())
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.AliasEvent():
                self._alias(event)
        self._last = (event.end_mark.line, event.end_mark.column)

    def give_up(self) -> None:
        """The rest is no YAML."""
        self.found.end = self._last
        self.found.line_grade = self._latest
        if self._open:
            self.found.end_grade = self._graded(self._steps(), holds_more=False)

    def _begin(self, event: Any, *, in_mapping: bool) -> None:
        steps = self._steps()
        grade = self._graded(steps, holds_more=in_mapping)
        for one in _properties(event, grade) if grade else ():
            self._note(one)
        self._open.append(_Open(steps, grade, in_mapping, len(self._seen), event.anchor))

    def _finish(self, done: _Open) -> None:
        if done.anchor:
            self._anchors[done.anchor] = (done.at, len(self._seen))
        self._passed()

    def _scalar(self, event: Any) -> None:
        if self._expects_key():
            self._key(event)
            return
        steps = self._steps()
        grade = self._latest = self._graded(steps, holds_more=False)
        before = len(self._seen)
        for one in self._scalars(steps, event, grade):
            self._note(one)
        if event.anchor:
            self._anchors[event.anchor] = (before, len(self._seen))
        self._passed()

    def _key(self, event: Any) -> None:
        inside = self._open[-1]
        shown = key_is_shown(inside.grade, event.value)
        self._note(_placed(event, event.value, Grade.PUBLIC if shown else inside.grade))
        inside.key = event.value

    def _alias(self, event: Any) -> None:
        if self._expects_key():
            self._open[-1].key = f"*{event.anchor}"
            return
        grade = self._graded(self._steps(), holds_more=False)
        self._note(_placed(event, event.anchor, grade))
        start, end = self._anchors.get(event.anchor, (0, 0))
        for one in self._seen[start : min(end, start + _MOST)] if grade else ():
            self._note(replace(one, grade=max(grade, one.grade)))
        self._passed()

    def _note(self, scalar: Scalar) -> None:
        self._seen.append(scalar)
        if scalar.grade:
            self.found.graded.append(scalar)
        else:
            self.found.public.add(scalar.text)

    def _expects_key(self) -> bool:
        return bool(self._open) and self._open[-1].in_mapping and self._open[-1].key is None

    def _steps(self) -> Steps:
        if not self._open:
            return ()
        inside = self._open[-1]
        return (*inside.steps, (inside.key or "?") if inside.in_mapping else inside.count)

    def _graded(self, steps: Steps, *, holds_more: bool) -> Grade:
        if not steps:
            return Grade.PUBLIC
        return grade_below(self._open[-1].grade, steps, in_secret=self._in_secret, holds_more=holds_more)

    def _passed(self) -> None:
        """A value, or a key that is no text, is read to its end."""
        if not self._open:
            return
        inside = self._open[-1]
        if inside.in_mapping and inside.key is None:
            inside.key = "?"
        else:
            inside.key = None
            inside.count += 1

    def _scalars(self, steps: Steps, event: Any, grade: Grade) -> Iterator[Scalar]:
        """The value, or in a Secret's manifest the values of the document that it is."""
        nested = self._nested(steps, event) if self._in_secret else None
        if nested is not None:
            yield from nested
            return
        hidden = hidden_part(steps, event.value, plain=not event.style) if grade else None
        if grade and (event.tag or event.anchor):
            yield from _properties(event, grade)
            hidden = (0, len(event.value))
        yield _part(event, grade, hidden) if hidden else _placed(event, event.value, Grade.PUBLIC)

    def _nested(self, steps: Steps, event: Any) -> list[Scalar] | None:
        """What is kept back in a document inside a Secret, so that what is harmless in it can be shown."""
        if len(steps) != 2 or not str(steps[1]).endswith((".yaml", ".yml")):
            return None
        if steps[0] == "stringData" and event.style == "|":
            found = read_secrets(event.value)
            return None if found.end else list(_shifted(found, event, self._text))
        if steps[0] == "data":
            found = read_secrets(_decoded(event.value))
            return [
                _placed(event, event.value, Grade.SECRET),
                *(replace(one, start=(-1, 0), end=(-1, 0)) for one in found.graded),
            ]
        return None


def _placed(event: Any, text: str, grade: Grade) -> Scalar:
    start, end = event.start_mark, event.end_mark
    return Scalar(grade, text, (start.line, start.column), (end.line, end.column))


def _properties(event: Any, grade: Grade) -> Iterator[Scalar]:
    """The tag and the anchor before a value, which hold what somebody wrote too."""
    for name in (event.anchor, (event.tag or "").removeprefix("tag:yaml.org,2002:")):
        if name:
            yield _placed(event, name, grade)


def _part(event: Any, grade: Grade, hidden: tuple[int, int]) -> Scalar:
    """A part of the value, or all of it where it is spelled in a way that the part cannot be found in."""
    whole, (start, end) = _placed(event, event.value, grade), hidden
    (line, column), (last, behind) = whole.start, whole.end
    quotes = behind - column - len(event.value)
    if start == 0 or line != last or quotes not in (0, 2):
        return whole
    begin = column + quotes // 2
    return Scalar(Grade.SECRET, event.value[start:end], (line, begin + start), (line, begin + end))


def _shifted(found: Found, event: Any, text: str) -> Iterator[Scalar]:
    """The same in the lines of the document around, in which all of it is indented."""
    first = event.start_mark.line + 1
    outer, inner = lines_of(text)[first:], lines_of(event.value)
    indent = next((len(around) - len(line) for around, line in zip(outer, inner, strict=False) if line), 0)
    for one in found.graded:
        (line, column), (last, end) = one.start, one.end
        yield replace(one, start=(first + line, indent + column), end=(first + last, indent + end))


def _decoded(text: str) -> str:
    try:
        return b64decode(text).decode()
    except (Base64Error, UnicodeDecodeError, ValueError):
        return ""
