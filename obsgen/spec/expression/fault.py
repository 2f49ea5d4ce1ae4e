"""What is wrong with a template, before anyone knows where it stands in a file."""

from __future__ import annotations

from collections.abc import Iterable


class TemplateFault(Exception):  # noqa: N818 - becomes a diagnostic, once someone knows the place
    """A template that cannot be rendered; `name` is one that is not among the `known`, where that is the fault.

    `written` is the expression, or its beginning, and `offset` where in it the fault lies, so that a caret can be
    put there.
    """

    def __init__(self, message: str, name: str = "", known: Iterable[str] = (), *, written: str = "") -> None:
        super().__init__(message)
        self.name = name
        self.known = tuple(known)
        self.written = written
        self.offset = len(written)

    @classmethod
    def unknown(cls, name: str, known: Iterable[str]) -> TemplateFault:
        """The fault of a template that asks for a name which is not there."""
        return cls(f"unknown name '{name}' in a template", name, known)

    def within(self, expression: str) -> TemplateFault:
        """The same fault, whose expression is known now."""
        self.written = expression
        self.offset = max(0, expression.find(self.name)) if self.name else 0
        return self
