"""The values of expressions: numbers, text, lists, groups of names, and two kinds that print as they were written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, Final

from obsgen.limits import NUMBER_BITS, RENDERED_CHARACTERS
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.expression.selector_text import SelectorText
from obsgen.units import Amount

Names = Mapping[str, Any]
Value = Any  # int | float | bool | str | list | Mapping | SelectorText | Amount


_KINDS: Final[tuple[tuple[type | tuple[type, ...], str], ...]] = (
    (bool, "true or false"),
    ((int, float), "a number"),
    (str, "text"),
    (list, "a list"),
    (Mapping, "a group of names"),
    (SelectorText, "a selector"),
    (Amount, "a threshold as it is written"),
)
# What stands behind a dot of a value that is no group.
_FIELDS: Final[Mapping[type, str]] = {SelectorText: "metric", Amount: "text"}


def kind_of(value: Value) -> str:
    """What a person would call the value, for messages."""
    return next((kind for types, kind in _KINDS if isinstance(value, types)), "nothing")


def printed(value: Value) -> str:
    """The value as text; TemplateFault where it is a list or a group, which no text has room for."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float | SelectorText | Amount):
        return str(value)
    if isinstance(value, Mapping):
        names = ", ".join(sorted(map(str, value))[:5]) or "none"
        msg = f"a template needs one value here, and this is a group of names: write a dot and one of them ({names})"
        raise TemplateFault(msg)
    msg = f"a template needs text or a number here, not {kind_of(value)}"
    raise TemplateFault(msg)


def field_of(value: Value, name: str) -> Value:
    """What stands behind a dot: a name of a group, the metric of a selector, the text of a threshold."""
    if isinstance(value, Mapping):
        if name in value:
            return value[name]
        raise TemplateFault.unknown(name, value)
    field = _FIELDS.get(type(value), "")
    if field == name:
        return getattr(value, field)
    msg = f"{kind_of(value)} has no '{name}' in a template"
    raise TemplateFault(msg, name if field else "", (field,) if field else ())


def bounded_number(value: Any) -> int | float:
    """The number; TemplateFault where it is out of every range that a monitored quantity has."""
    if isinstance(value, float) and isfinite(value):
        return value
    if isinstance(value, int) and value.bit_length() <= NUMBER_BITS:
        return value
    msg = "a number in a template grows out of range"
    raise TemplateFault(msg)


def bounded_text(parts: Iterable[str], between: str = "") -> str:
    """The parts joined; TemplateFault, before anything is joined, where that would be too long."""
    parts = list(parts)
    refuse_longer(sum(map(len, parts)) + len(between) * max(0, len(parts) - 1))
    return between.join(parts)


def refuse_longer(characters: int) -> None:
    """TemplateFault where a text would have more characters than anything that obsgen writes needs."""
    if characters > RENDERED_CHARACTERS:
        msg = f"a template gives more than {RENDERED_CHARACTERS} characters"
        raise TemplateFault(msg)
