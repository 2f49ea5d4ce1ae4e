"""A value of a foreign document with its place: fields read as those formats mean them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from obsgen.diagnostics import Diagnosed, Diagnostic, Location, did_you_mean
from obsgen.spec.source import Path_, Places, Source
from obsgen.units import number_text


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a document. Asking a field that is missing or of another type raises `Diagnosed`."""

    content: Any
    places: Places
    path: Path_ = ()

    @classmethod
    def of(cls, source: Source) -> Node:
        """The whole document."""
        return cls(source.content, source.places)

    @property
    def place(self) -> Location:
        """Where the value stands."""
        return self.places.of(*self.path)

    @property
    def key_place(self) -> Location:
        """Where the key stands that leads to the value."""
        return self.places.of_key(*self.path)

    @property
    def name(self) -> str:
        """The last key on the way to the value."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "the document")

    def get(self, *names: str) -> Node | None:
        """The field, under the first of its spellings that is there; None where nothing is written."""
        for name in names:
            if isinstance(self.content, Mapping) and self.content.get(name) is not None:
                return Node(self.content[name], self.places, (*self.path, name))
        return None

    def need(self, *names: str) -> Node:
        """The field, which must be there."""
        found = self.get(*names)
        if found is None:
            inside = f" from '{self.name}'" if self.path else ""
            raise Diagnosed([Diagnostic("OBS110", f"field '{names[0]}' is missing{inside}", self.key_place)])
        return found

    def items(self) -> Iterator[Node]:
        """The entries of a list."""
        if not isinstance(self.content, list):
            raise self.mistyped("a list")
        for index, value in enumerate(self.content):
            yield Node(value, self.places, (*self.path, index))

    def fields(self) -> Iterator[Node]:
        """The values of a mapping."""
        if not isinstance(self.content, Mapping):
            raise self.mistyped("a mapping")
        for name, value in self.content.items():
            yield Node(value, self.places, (*self.path, name))

    def text(self) -> str:
        """Text; a number that nobody quoted is its own text."""
        match self.content:
            case bool():
                return str(self.content).lower()
            case int() | float():
                return number_text(self.content)
            case str():
                return self.content
        raise self.mistyped("text")

    def number(self) -> float:
        """A number, in quotes or not."""
        if isinstance(self.content, int | float | str) and not isinstance(self.content, bool):
            try:
                return float(self.content)
            except ValueError:
                pass
        raise self.mistyped("a number")

    def is_true(self) -> bool:
        """Whether it is the boolean true, or the word."""
        return str(self.content).lower() == "true"

    def mistyped(self, expected: str) -> Diagnosed:
        """The mistake of a value of another type."""
        return self.mistake("OBS115", f"field '{self.name}' must be {expected}")

    def mistake(self, code: str, message: str, hint: str | None = None) -> Diagnosed:
        """An error at this value."""
        return Diagnosed([Diagnostic(code, message, self.place, hint)])

    def lost(self, message: str, hint: str | None = None) -> Diagnostic:
        """A warning at the key: the objective is taken over, this is not."""
        return Diagnostic("OBS613", message, self.key_place, hint, "warning")

    def unread(self, *known: str) -> Iterator[Diagnostic]:
        """A warning for each field besides those known, so that nothing is dropped in silence."""
        for field in self.fields():
            if field.name not in known:
                meant = did_you_mean(field.name, known)
                hint = meant if meant.startswith("did") else None
                yield field.lost(f"field '{field.name}' is not taken over", hint)


def text_map(node: Node | None) -> dict[str, str]:
    """Labels: a mapping of text. Of a list, which OpenSLO allows, the first value counts."""
    labels: dict[str, str] = {}
    for field in node.fields() if node else ():
        value = next(field.items(), None) if isinstance(field.content, list) else field
        if value is not None and value.content is not None:
            labels[field.name] = value.text()
    return labels
