"""Templates in packs: `${…}` and `<% … %>`, which neither YAML nor PromQL nor Prometheus' own templates use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateError, UndefinedError


class TemplateFault(Exception):  # noqa: N818 - becomes a diagnostic, once someone knows the place
    """A template that cannot be rendered; the message says which name or character is at fault."""


class _Environment(Environment):
    """Looks names up in mappings only, so that a threshold may be called `items` or `used`."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
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
        keep_trailing_newline=True,
    )


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Any:
    return _environment().from_string(text)


@lru_cache(maxsize=1024)
def _expression(text: str) -> Any:
    return _environment().compile_expression(text, undefined_to_none=False)


def render(text: str, names: Mapping[str, Any]) -> str:
    """The text with every `${…}` replaced; `TemplateFault` on an unknown name or a syntax error."""
    if "${" not in text and "<%" not in text and "<#" not in text:
        return text
    try:
        return str(_compiled(text).render(names))
    except UndefinedError as error:
        raise TemplateFault(_readable(str(error.message))) from None
    except (TemplateError, TypeError, ZeroDivisionError) as error:
        msg = f"the template '{text}' cannot be rendered: {error}"
        raise TemplateFault(msg) from None


def evaluate(formula: str | float, names: Mapping[str, Any]) -> float:
    """The number that a formula such as `${100 * (1 - v)}` comes to; `TemplateFault` where it is none."""
    if isinstance(formula, int | float):
        return float(formula)
    inner = formula.strip()
    if inner.startswith("${") and inner.endswith("}"):
        inner = inner[2:-1]
    try:
        return float(_expression(inner)(**names))
    except UndefinedError as error:
        raise TemplateFault(_readable(str(error.message))) from None
    except (TemplateError, TypeError, ValueError, ZeroDivisionError) as error:
        msg = f"the formula '{formula}' gives no number: {error}"
        raise TemplateFault(msg) from None


def _readable(message: str) -> str:
    if message.endswith("is undefined"):
        return f"unknown name {message.removesuffix(' is undefined')} in a template"
    owner, _, attribute = message.partition(" has no attribute ")
    return f"unknown name {attribute} in a template" if attribute else f"{owner} in a template"
