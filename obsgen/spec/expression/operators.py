"""The operators of expressions, none of which can be made to take long or to fill the memory."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from obsgen.limits import NUMBER_BITS
from obsgen.spec.expression.effort import spend_on
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.expression.formats import formatted
from obsgen.spec.expression.values import Value, bounded_number, bounded_text, kind_of, printed, refuse_longer

_Numbers = Callable[[Any, Any], Any]


def calculate(symbol: str, left: Value, right: Value) -> Value:
    """Two values and the operator between them; TemplateFault where it does not take them."""
    spend_on(left, right)
    try:
        return _CALCULATIONS[symbol](left, right)
    except ArithmeticError:
        by_zero = symbol in ("/", "//", "%") and right == 0
        msg = "a template divides by zero" if by_zero else "a number in a template grows out of range"
        raise TemplateFault(msg) from None


def compare(symbol: str, left: Value, right: Value) -> bool:
    """Two values compared; TemplateFault where they have no order."""
    spend_on(left, right)
    # Lists in lists can be made so that comparing them takes for ever.
    if isinstance(left, list | Mapping) or (isinstance(right, list | Mapping) and not symbol.endswith("in")):
        raise _unfit(symbol, left, right)
    try:
        return bool(_COMPARISONS[symbol](left, right))
    except TypeError:
        raise _unfit(symbol, left, right) from None


def is_number(value: Value) -> bool:
    """Whether one can calculate with the value."""
    return isinstance(value, int | float)


def _on_numbers(symbol: str, function: _Numbers) -> Callable[[Value, Value], Value]:
    def calculated(left: Value, right: Value) -> Value:
        if not (is_number(left) and is_number(right)):
            raise _unfit(symbol, left, right)
        return bounded_number(function(left, right))

    return calculated


def _plus(left: Value, right: Value) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        return bounded_text((left, right))
    return _on_numbers("+", operator.add)(left, right)


def _times(left: Value, right: Value) -> Value:
    text, count = (left, right) if isinstance(left, str) else (right, left)
    if isinstance(text, str) and isinstance(count, int):
        refuse_longer(len(text) * max(0, count))
        return text * count
    return _on_numbers("*", operator.mul)(left, right)


def _remainder(left: Value, right: Value) -> Value:
    return formatted(left, right) if isinstance(left, str) else _on_numbers("%", operator.mod)(left, right)


def _power(left: float, right: float) -> Value:
    # Asked before it is computed: the digits of 9**9**9 would fill the memory.
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() * abs(right) > NUMBER_BITS:
        raise OverflowError
    return left**right


def _chained(left: Value, right: Value) -> str:
    return bounded_text((printed(left), printed(right)))


def _within(left: Value, right: Value) -> bool:
    if isinstance(right, list | Mapping) or (isinstance(left, str) and isinstance(right, str)):
        return left in right
    raise TypeError


def _unfit(symbol: str, left: Value, right: Value) -> TemplateFault:
    return TemplateFault(f"'{symbol}' in a template does not take {kind_of(left)} and {kind_of(right)}")


_CALCULATIONS: Final[Mapping[str, Callable[[Value, Value], Value]]] = {
    "+": _plus,
    "-": _on_numbers("-", operator.sub),
    "*": _times,
    "/": _on_numbers("/", operator.truediv),
    "//": _on_numbers("//", operator.floordiv),
    "%": _remainder,
    "**": _on_numbers("**", _power),
    "~": _chained,
}
_COMPARISONS: Final[Mapping[str, Callable[[Value, Value], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": _within,
    "not in": lambda left, right: not _within(left, right),
}
