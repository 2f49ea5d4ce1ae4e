"""Templates in packs: `${…}` and `<% … %>`, which neither YAML nor PromQL nor Prometheus' own templates use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError

# Most templates only name things, and to look a name up takes no compiler.
_PLAIN = re.compile(r"\$\{\s*([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*)\s*\}")


class TemplateFault(Exception):  # noqa: N818 - becomes a diagnostic, once someone knows the place
    """A template that cannot be rendered; `name` is one that is not among the `known`, where that is the fault."""

    def __init__(self, message: str, name: str = "", known: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.known = tuple(known)

    @classmethod
    def unknown(cls, name: str, known: Iterable[str], message: str) -> TemplateFault:
        """The fault of a template that asks for a name which is not there; jinja's own message is not used."""
        del message
        return cls(f"unknown name '{name}' in a template", name, known)


class _Environment(Environment):
    """Looks names up in mappings only, so that a threshold may be called `items` or `used`."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            if attribute in obj:
                return obj[attribute]
            exc: Any = partial(TemplateFault.unknown, attribute, tuple(obj))
            return self.undefined(obj=obj, name=attribute, exc=exc)
        return super().getattr(obj, attribute)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return _Environment(
        variable_start_string="${",
        variable_end_string="}",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        undefined=StrictUndefined,
        autoescape=False,
        optimized=False,  # nothing that a pack says is worth folding at compile time
        keep_trailing_newline=True,
    )


def _value(path: str, names: Mapping[str, Any]) -> Any:
    """What a dotted name stands for, looked up as Jinja does; an unknown one raises when it is printed."""
    first, *rest = path.split(".")
    environment = _environment()
    value = names[first] if first in names else environment.undefined(name=first)
    for name in rest:
        value = environment.getattr(value, name)
    return value


@lru_cache(maxsize=2**16)
def _compiled(text: str) -> Any:
    # To Jinja a sign that follows at once says what becomes of the white space around: here it is a number's.
    return _environment().from_string(text.replace("${-", "${ -").replace("${+", "${ +"))


@lru_cache(maxsize=1024)
def _expression(text: str) -> Any:
    return _environment().compile_expression(text, undefined_to_none=False)


def render(text: str, names: Mapping[str, Any]) -> str:
    """The text with every `${…}` replaced; `TemplateFault` on an unknown name or a syntax error."""
    if "${" not in text and "<%" not in text and "<#" not in text:
        return text
    plain = _PLAIN.sub("", text)
    try:
        if "${" not in plain and "<%" not in plain and "<#" not in plain:
            return _PLAIN.sub(lambda found: str(_value(found[1], names)), text)
        return str(_compiled(text).render(names))
    except UndefinedError as error:
        raise _undefined(error, names) from None
    except TemplateSyntaxError as error:
        msg = f"a template cannot be read: {error.message}"
        raise TemplateFault(msg) from None
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        msg = f"a template cannot be rendered: {error}"
        raise TemplateFault(msg) from None


def evaluate(formula: str | float, names: Mapping[str, Any]) -> float:
    """The number that a formula such as `${100 * (1 - v)}` comes to; `TemplateFault` where it is none."""
    if isinstance(formula, int | float):
        return float(formula)
    inner = formula.strip()
    plain = _PLAIN.fullmatch(inner)
    if inner.startswith("${") and inner.endswith("}"):
        inner = inner[2:-1]
    try:
        return float(_value(plain[1], names) if plain else _expression(inner)(**names))
    except UndefinedError as error:
        raise _undefined(error, names) from None
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        msg = f"the formula '{formula}' gives no number: {error}"
        raise TemplateFault(msg) from None


def _undefined(error: UndefinedError, names: Mapping[str, Any]) -> TemplateFault:
    name = str(error.message).removesuffix(" is undefined").strip("'")
    if name.isidentifier():
        return TemplateFault.unknown(name, names, "")
    return TemplateFault(f"a template cannot be rendered: {error.message}")
