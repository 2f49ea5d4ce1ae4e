"""Label matchers and the selectors they make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from obsgen.promql.regex import compiled

MatchOperator = Literal["=", "!=", "=~", "!~"]

METRIC_NAME: Final = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL_NAME: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")

_SPECIAL: Final = re.compile(r'[\x00-\x1f\x7f"\\]')
_NEGATED: Final[Mapping[MatchOperator, MatchOperator]] = {"=": "!=", "!=": "=", "=~": "!~", "!~": "=~"}
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def quote(value: str) -> str:
    """The value as a PromQL string literal."""
    if not _SPECIAL.search(value):
        return f'"{value}"'
    return '"' + "".join(_ESCAPES.get(char) or _printable(char) for char in value) + '"'


def _printable(char: str) -> str:
    return char if char >= " " and char != "\x7f" else f"\\x{ord(char):02x}"


@dataclass(frozen=True, slots=True, order=True)
class Matcher:
    """One condition on one label; a label that is absent counts as empty."""

    name: str
    op: MatchOperator
    value: str

    def matches(self, text: str) -> bool:
        """Whether a label of this value passes; patterns match the whole value."""
        if self.op in {"=", "!="}:
            return (text == self.value) == (self.op == "=")
        return (compiled(self.value).fullmatch(text) is not None) == (self.op == "=~")

    @property
    def negated(self) -> Matcher:
        """The matcher that passes exactly what this one refuses."""
        return Matcher(self.name, _NEGATED[self.op], self.value)

    def __str__(self) -> str:
        name = self.name if LABEL_NAME.fullmatch(self.name) else quote(self.name)
        return f"{name}{self.op}{quote(self.value)}"


@dataclass(frozen=True, slots=True)
class Selector:
    """A metric and the matchers on its labels; `metric` is empty where matchers on `__name__` choose it."""

    metric: str
    matchers: tuple[Matcher, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether a series with these labels, its name in `__name__`, is selected."""
        if self.metric and labels.get("__name__") != self.metric:
            return False
        return all(matcher.matches(labels.get(matcher.name, "")) for matcher in self.matchers)

    def __str__(self) -> str:
        written = [str(matcher) for matcher in self.matchers]
        if METRIC_NAME.fullmatch(self.metric):
            return self.metric + (f"{{{','.join(written)}}}" if written else "")
        return "{" + ",".join([quote(self.metric), *written] if self.metric else written) + "}"
