"""The small language between `${` and `}`: what it gives, how it binds, and what it refuses."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from obsgen.promql.selector import parse_selector
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.expression.selector_text import SelectorText
from obsgen.spec.template import evaluate, render
from obsgen.units import Amount

ORDERS = SelectorText(parse_selector("orders_total"), "orders_total{}")
FAILED = SelectorText(parse_selector('orders_total{result="failed"}'), 'orders_total{result="failed"}')
NAMES = {
    "v": 2.0,
    "n": 7,
    "thresholds": {"lag": 30.0, "items": 5, "depth": Amount.parse("10%")},
    "parameters": {"ids": "13 31 48", "total": ORDERS, "failed": FAILED, "switch": True},
}


@pytest.mark.parametrize(
    ("written", "given"),
    [
        ("${thresholds.lag / 4}", "7.5"),
        ("${n // 2}x${n % 2}", "3x1"),
        ("${2 ** n}", "128"),
        ("${1 + 2 * 3 - -4}", "11"),
        ("${(1 + 2) * 3}", "9"),
        ("${n | int + 1}", "8"),
        ("${-v | int}", "-2"),
        ("${(n / 2) | round(0, 'ceil') | int}", "4"),
        ("${'%.3f' % (v / 3)}", "0.667"),
        ("${'%.1f' | format(v)}", "2.0"),
        ("${'0 1 ' * 3}", "0 1 0 1 0 1 "),
        ("${('0 1 ' * n)[:6]}", "0 1 0 "),
        ("${'a' ~ n ~ 'b'}", "a7b"),
        ("${1 if v >= 2 else 0}", "1"),
        ("${'x' if 'job=' in 'job=\"a\"' else 'y'}", "x"),
        ("${0 < v <= 2 and not n == 8}", "True"),
        ("${thresholds.absent if thresholds.absent is defined else 'none'}", "none"),
        ("${parameters.switch is defined and parameters.switch}", "True"),
        ("${0 * v or 0.01}", "0.01"),
        ("${[n - 60, 0] | max}", "0"),
        ("${parameters.ids | split | join(', ')}", "13, 31, 48"),
        ("${parameters.ids | split | first}${parameters.ids | split | last}", "1348"),
        ("${parameters.ids | split | length}", "3"),
        ("${(parameters.ids | split)[1]}", "31"),
        ("${'a-long-name' | trunc(6)}", "a-long"),
        ("${'a-long-name' | trunc(7)}", "a-long"),
        ("${parameters.total.metric}", "orders_total"),
        ("${parameters.total | selects(parameters.failed)}", "True"),
        ("${parameters.failed | selects(parameters.total)}", "False"),
        ("${thresholds.depth} is ${thresholds.depth.text}", "0.1 is 10%"),
        ("${thresholds.items}", "5"),
        ("${ 'a}b' }", "a}b"),
        (r"${'it\'s' ~ '\n'}", "it's\n"),
        ("costs $5, not {5}", "costs $5, not {5}"),
    ],
)
def test_an_expression_gives(written: str, given: str) -> None:
    assert render(written, NAMES) == given


@pytest.mark.parametrize(
    ("written", "message", "up_to"),
    [
        ("${v.upper}", "a number has no 'upper' in a template", ""),
        ("${thresholds}", "a template needs one value here, and this is a group of names", ""),
        ("${[1]}", "a template needs text or a number here, not a list", ""),
        ("${wanted}", "unknown name 'wanted' in a template", ""),
        ("${range(3)}", "nothing can be called like this", "${range"),
        ("${v | mx}", "there is no function 'mx': did you mean 'max'?", "${v | "),
        ("${v | int(1)}", "'int' in a template takes 0 arguments behind its name, not 1", ""),
        ("${'a' | int}", "'int' in a template does not take text", ""),
        ("${v +}", "a value is missing", "${v +"),
        ("${v v}", "'v' is not expected here", "${v "),
        ("${(v}", "a parenthesis is not closed", "${(v"),
        ("${1 if v}", "an 'if' needs its 'else'", "${1 if v"),
        ("${'a}", "a quote is not closed", "${"),
        ("${v # 2}", "'#' means nothing here", "${v "),
        ("${v", "'${' is not closed by '}'", "${"),
        ("${'a' + 1}", "'+' in a template does not take text and a number", ""),
        ("${'a' < 1}", "'<' in a template does not take text and a number", ""),
        ("${[1] == [1]}", "'==' in a template does not take a list and a list", ""),
        ("${1 / 0}", "a template divides by zero", ""),
        ("${[1][3]}", "there is no entry 3 in a list of 1", ""),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(written: str, message: str, up_to: str) -> None:
    with pytest.raises(TemplateFault) as fault:
        render(written, NAMES)
    assert message in str(fault.value)
    if up_to:
        assert fault.value.written == up_to


@pytest.mark.parametrize("formula", ["${thresholds}", "${'text'}", "1 ${v}", "${v} 1", "${v", "v}"])
def test_a_formula_that_gives_no_number_is_refused(formula: str) -> None:
    with pytest.raises(TemplateFault):
        evaluate(formula, NAMES)


def test_a_formula_needs_no_braces() -> None:
    assert evaluate(" v * 2 ", NAMES) == 4.0
    assert evaluate(3, NAMES) == 3.0


JINJA = Environment()
_ATOMS = st.sampled_from(["v", "n", "thresholds.lag", "3", "0.5", "12"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def joined(*symbols: str) -> st.SearchStrategy[str]:
        return st.tuples(inner, st.sampled_from(symbols), inner).map(" ".join)

    return st.one_of(
        joined("+", "-", "*", "/", "//", "%", "<", "<=", "==", "!=", "and", "or"),
        st.tuples(inner, inner, inner).map(lambda three: f"({three[0]} if {three[1]} else {three[2]})"),
        inner.map(lambda one: f"({one})"),
        inner.map(lambda one: f"-({one})"),
        inner.map(lambda one: f"(not {one})"),
        inner.map(lambda one: f"({one}) | int"),
        inner.map(lambda one: f"[{one}, 1] | max"),
    )


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.recursive(_ATOMS, _grown, max_leaves=8))
def test_operators_bind_as_in_jinja(expression: str) -> None:
    """Packs were written in Jinja2's expressions: what both read has the same value."""
    try:
        theirs = JINJA.compile_expression(expression, undefined_to_none=False)(**NAMES)
        expected = float(theirs)
    except (ArithmeticError, TypeError, ValueError):
        return
    assert math.isclose(evaluate(expression, NAMES), expected)
