"""Templates in specs and packs: `${…}` and `<% … %>`, which neither YAML nor PromQL nor Go's templates use."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from obsgen.limits import FORMULA_EFFORT, TEXT_EFFORT
from obsgen.spec.expression.effort import begin_effort
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.expression.naming import Path, names_of
from obsgen.spec.expression.parse import Expression, parse_expression
from obsgen.spec.expression.values import Names, Value, bounded_text, kind_of, printed

_OPENING = "${"


def render(text: str, names: Names) -> str:
    """The text with every `${…}` replaced; `TemplateFault` on an unknown name, a syntax error or too long a result."""
    if has_blocks(text):
        # Few texts have blocks, and a stack without any need not wait for Jinja2.
        from obsgen.spec.sandbox import render_blocks  # noqa: PLC0415

        begin_effort(TEXT_EFFORT)
        return render_blocks(text, names)
    if _OPENING not in text:
        return text
    begin_effort(TEXT_EFFORT)
    return bounded_text([part if isinstance(part, str) else printed(_value(part, names)) for part in _parts(text)])


def has_blocks(text: str) -> bool:
    """Whether the text holds `<% … %>` or a comment, which only Jinja2 reads."""
    return "<%" in text or "<#" in text


def evaluate(formula: str | float, names: Names) -> float:
    """The number that a formula such as `${100 * (1 - v)}` comes to; `TemplateFault` where it is none."""
    if isinstance(formula, int | float):
        return float(formula)
    begin_effort(FORMULA_EFFORT)
    value = _value(_formula(formula.strip()), names)
    if isinstance(value, int | float | str):
        try:
            return float(value)
        except (ValueError, OverflowError):
            pass
    msg = f"the formula '{formula}' gives no number: it gives {kind_of(value)}"
    raise TemplateFault(msg)


def names_in(text: str) -> frozenset[Path]:
    """Every name that the template asks for, as `("thresholds", "depth")`; none of one that cannot be read."""
    try:
        if has_blocks(text):
            from obsgen.spec.sandbox import names_in_blocks  # noqa: PLC0415 - as in render

            return names_in_blocks(text)
        return frozenset(path for part in _parts(text) if not isinstance(part, str) for path in names_of(part.tree))
    except TemplateFault:
        return frozenset()  # noted where it is rendered


def names_in_formula(formula: str | float) -> frozenset[Path]:
    """The same for a formula; a number asks for none."""
    if not isinstance(formula, str):
        return frozenset()
    try:
        return frozenset(names_of(_formula(formula.strip()).tree))
    except TemplateFault:
        return frozenset()  # noted where it is evaluated


def thresholds_in(texts: Iterable[str]) -> frozenset[str]:
    """The thresholds that the templates compare with."""
    return frozenset(path[1] for text in texts for path in names_in(text) if path[0] == "thresholds" and len(path) > 1)


@lru_cache(maxsize=2**14)
def _parts(text: str) -> tuple[str | Expression, ...]:
    """What stands between the expressions, and the expressions."""
    parts: list[str | Expression] = []
    position = 0
    while (opening := text.find(_OPENING, position)) >= 0:
        expression = parse_expression(text, opening + len(_OPENING))
        if not expression.text.endswith("}"):
            msg = "a template cannot be read: '${' is not closed by '}'"
            raise TemplateFault(msg, written=text[opening : opening + len(_OPENING)])
        parts += [text[position:opening], expression]
        position = expression.stop
    return (*parts, text[position:])


@lru_cache(maxsize=2**12)
def _formula(text: str) -> Expression:
    """The one expression of a formula, with or without `${` and `}` around it."""
    expression = parse_expression(text, len(_OPENING) if text.startswith(_OPENING) else 0)
    if expression.stop < len(text) or text.startswith(_OPENING) != text.endswith("}"):
        msg = f"the formula '{text}' gives no number: write one expression between '${{' and '}}'"
        raise TemplateFault(msg)
    return expression


def _value(expression: Expression, names: Names) -> Value:
    try:
        return expression.tree.value(names)
    except TemplateFault as fault:
        raise fault.within(expression.text) from None
