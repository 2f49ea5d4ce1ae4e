"""The functions that expressions may call, as `value | name` or `value | name(argument)`; there are no others."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from obsgen.limits import TEMPLATE_ENTRIES
from obsgen.spec.expression.effort import spend_on
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.expression.formats import formatted
from obsgen.spec.expression.operators import compare
from obsgen.spec.expression.selector_text import SelectorText
from obsgen.spec.expression.values import Value, bounded_number, bounded_text, kind_of, printed

_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Function:
    """A function and how many arguments it takes beside the value before the bar."""

    call: Callable[..., Value]
    least: int = 0
    most: int = 0


def call_function(name: str, value: Value, arguments: tuple[Value, ...] = ()) -> Value:
    """The function's answer; TemplateFault where it does not take the value or so many arguments."""
    spend_on(value, *arguments)
    function = FUNCTIONS[name]
    if not function.least <= len(arguments) <= function.most:
        msg = f"'{name}' in a template takes {_count(function)} behind its name, not {len(arguments)}"
        raise TemplateFault(msg)
    try:
        return function.call(value, *arguments)
    except (TypeError, ValueError, ArithmeticError, IndexError):
        msg = f"'{name}' in a template does not take {kind_of(value)}"
        raise TemplateFault(msg + (" like this" if arguments else "")) from None


def _count(function: Function) -> str:
    numbers = sorted({function.least, function.most})
    return f"{' or '.join(map(str, numbers))} argument{'' if numbers == [1] else 's'}"


def _int(value: Value) -> int:
    if not isinstance(value, int | float | str):
        raise TypeError
    return int(bounded_number(int(_short(value) if isinstance(value, str) else value)))


def _float(value: Value) -> float:
    if not isinstance(value, int | float | str):
        raise TypeError
    return float(_short(value) if isinstance(value, str) else value)


def _short(text: str) -> str:
    # Python reads thousands of digits in a time that grows with their square.
    if len(text) > 400:
        raise ValueError
    return text


def _round(value: Value, digits: Value = 0, method: Value = "common") -> float:
    if abs(digits) > _MOST_DIGITS:
        raise ValueError
    if method == "common":
        return float(round(value, digits))
    step: float = 10.0**digits
    return {"ceil": math.ceil, "floor": math.floor}[str(method)](value * step) / step


def _length(value: Value) -> int:
    if not isinstance(value, str | list | Mapping):
        raise TypeError
    return len(value)


def _extreme(sign: str) -> Callable[[Value], Value]:
    def chosen(values: Value) -> Value:
        first, *others = _list(values)
        for other in others:
            first = other if compare(sign, other, first) else first
        return first

    return chosen


def _list(values: Value) -> list[Any]:
    if not isinstance(values, list) or not values:
        raise TypeError
    return values


def _join(values: Value, between: Value = "") -> str:
    return bounded_text(map(printed, _list(values)), printed(between))


def _split(text: Value, between: Value = None) -> list[str]:
    if not isinstance(text, str) or not isinstance(between, str | None):
        raise TypeError
    parts = text.split(between, TEMPLATE_ENTRIES)
    if len(parts) > TEMPLATE_ENTRIES:
        msg = f"a list in a template has more than {TEMPLATE_ENTRIES} entries"
        raise TemplateFault(msg)
    spend_on(parts)
    return parts


def _trunc(text: Value, length: Value) -> str:
    """As Helm's `trunc N | trimSuffix "-"`, by which charts cut the names of their objects."""
    if not isinstance(text, str) or not isinstance(length, int) or length < 0:
        raise TypeError
    return text[:length].removesuffix("-")


def _selects(selector: Value, other: Value) -> bool:
    if not isinstance(selector, SelectorText) or not isinstance(other, SelectorText):
        raise TypeError
    return selector.selects(other)


FUNCTIONS: Final[Mapping[str, Function]] = {
    "abs": Function(lambda value: bounded_number(abs(value))),
    "first": Function(lambda values: _list(values)[0]),
    "float": Function(_float),
    "format": Function(formatted, 1, 1),
    "int": Function(_int),
    "join": Function(_join, 0, 1),
    "last": Function(lambda values: _list(values)[-1]),
    "length": Function(_length),
    "max": Function(_extreme(">")),
    "min": Function(_extreme("<")),
    "round": Function(_round, 0, 2),
    "selects": Function(_selects, 1, 1),
    "split": Function(_split, 0, 1),
    "trunc": Function(_trunc, 1, 1),
}
