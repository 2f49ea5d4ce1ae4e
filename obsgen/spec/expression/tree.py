"""Expressions as trees. A node knows how to give its value under the names at hand, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from obsgen.spec.expression.effort import spend_on
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.expression.functions import call_function
from obsgen.spec.expression.operators import calculate, compare, is_number
from obsgen.spec.expression.values import Names, Value, field_of, kind_of


class Node(Protocol):
    """Part of an expression."""

    def value(self, names: Names) -> Value:
        """What it comes to; TemplateFault where it comes to nothing."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, or true and false."""

    constant: Value

    def value(self, names: Names) -> Value:  # noqa: ARG002, D102 - the protocol says it
        return self.constant


@dataclass(frozen=True, slots=True)
class Name:
    """A name at hand, with the names behind its dots."""

    first: str
    rest: tuple[str, ...] = ()

    def value(self, names: Names) -> Value:  # noqa: D102
        if self.first not in names:
            raise TemplateFault.unknown(self.first, names)
        value = names[self.first]
        for name in self.rest:
            value = field_of(value, name)
        return value


@dataclass(frozen=True, slots=True)
class Listed:
    """Several values between brackets."""

    entries: tuple[Node, ...]

    def value(self, names: Names) -> Value:  # noqa: D102
        return [entry.value(names) for entry in self.entries]


@dataclass(frozen=True, slots=True)
class Signed:
    """A number with its sign turned, or a plus before it."""

    negative: bool
    operand: Node

    def value(self, names: Names) -> Value:  # noqa: D102
        value = self.operand.value(names)
        if not is_number(value):
            msg = f"a sign in a template needs a number, not {kind_of(value)}"
            raise TemplateFault(msg)
        return -value if self.negative else +value


@dataclass(frozen=True, slots=True)
class Calculation:
    """Two operands and an operator."""

    symbol: str
    left: Node
    right: Node

    def value(self, names: Names) -> Value:  # noqa: D102
        return calculate(self.symbol, self.left.value(names), self.right.value(names))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Operands compared one after the other: `0 < x <= 1`."""

    first: Node
    steps: tuple[tuple[str, Node], ...]

    def value(self, names: Names) -> Value:  # noqa: D102
        left = self.first.value(names)
        for symbol, operand in self.steps:
            right = operand.value(names)
            if not compare(symbol, left, right):
                return False
            left = right
        return True


@dataclass(frozen=True, slots=True)
class Either:
    """`and` and `or`: the value of the side that decides, as in Python."""

    symbol: str
    left: Node
    right: Node

    def value(self, names: Names) -> Value:  # noqa: D102
        left = self.left.value(names)
        decided = bool(left) == (self.symbol == "or")
        return left if decided else self.right.value(names)


@dataclass(frozen=True, slots=True)
class Negation:
    """`not`."""

    operand: Node

    def value(self, names: Names) -> Value:  # noqa: D102
        return not self.operand.value(names)


@dataclass(frozen=True, slots=True)
class Choice:
    """`chosen if condition else other`; the side that is not chosen is not looked at."""

    chosen: Node
    condition: Node
    other: Node

    def value(self, names: Names) -> Value:  # noqa: D102
        return (self.chosen if self.condition.value(names) else self.other).value(names)


@dataclass(frozen=True, slots=True)
class Call:
    """`value | function(arguments)`."""

    function: str
    operand: Node
    arguments: tuple[Node, ...]

    def value(self, names: Names) -> Value:  # noqa: D102
        arguments = tuple(argument.value(names) for argument in self.arguments)
        return call_function(self.function, self.operand.value(names), arguments)


@dataclass(frozen=True, slots=True)
class Defined:
    """`name is defined`, the one question about a name that needs no value."""

    name: Node
    wanted: bool

    def value(self, names: Names) -> Value:  # noqa: D102
        try:
            self.name.value(names)
        except TemplateFault:
            return not self.wanted
        return self.wanted


@dataclass(frozen=True, slots=True)
class Part:
    """A letter of a text or an entry of a list, by its number; or some of them, from one number to another."""

    operand: Node
    start: Node | None
    stop: Node | None
    single: bool

    def value(self, names: Names) -> Value:  # noqa: D102
        value = self.operand.value(names)
        start = self.start.value(names) if self.start else None
        stop = self.stop.value(names) if self.stop else None
        if self.single and isinstance(value, Mapping) and isinstance(start, str):
            return field_of(value, start)
        if not isinstance(value, str | list) or not all(isinstance(one, int | None) for one in (start, stop)):
            msg = f"brackets behind {kind_of(value)} in a template need whole numbers, as in text[0:2]"
            raise TemplateFault(msg)
        if not self.single:
            spend_on(value)
            return value[start:stop]
        if start is None or not -len(value) <= start < len(value):
            msg = f"there is no entry {start} in {kind_of(value)} of {len(value)} in a template"
            raise TemplateFault(msg)
        return value[start]
