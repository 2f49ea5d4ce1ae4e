"""Text with `<% if … %>`, `<% for … %>` and `<% set … %>`, as in runbooks: Jinja2 in a sandbox, with nothing in reach.

The operators and functions are those of the expressions between `${` and `}`, with the same bounds. What a template
may consist of is listed, so that what a later Jinja2 brings is refused until someone has thought about it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from obsgen.limits import TEMPLATE_CHARACTERS, TEMPLATE_ROUNDS
from obsgen.spec.expression.effort import spend, spend_on
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.expression.functions import FUNCTIONS, call_function
from obsgen.spec.expression.naming import Path
from obsgen.spec.expression.operators import calculate, compare
from obsgen.spec.expression.values import Names, bounded_number, field_of, printed, refuse_longer

_ALLOWED: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign, nodes.Name, nodes.Const,
    nodes.List, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Filter, nodes.Test, nodes.CondExpr, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.Concat,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow,
)  # fmt: skip
_SYMBOLS: Final = {
    "eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "in": "in", "notin": "not in",
}  # fmt: skip
_LOOP: Final = frozenset({"first", "index", "index0", "last", "length"})
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_ROUNDS: Final = "__rounds"
# What a part of a template costs each time, in units of effort.
_PART: Final = 4


def render_blocks(text: str, names: Names) -> str:
    """The text with its blocks and expressions filled in; TemplateFault on anything that is wrong with it."""
    try:
        template = _compiled(text)
        return _bounded(template.generate({**names, _ROUNDS: _Rounds()}))
    except UndefinedError as error:
        raise _undefined(error, names) from None
    except TemplateSyntaxError as error:
        msg = f"a template cannot be read: {error.message}"
        raise TemplateFault(msg) from None
    except (RecursionError, SyntaxError):
        msg = "a template cannot be read: it is nested too deeply"
        raise TemplateFault(msg) from None
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        msg = f"a template cannot be rendered: {error}"
        raise TemplateFault(msg) from None


def names_in_blocks(text: str) -> frozenset[Path]:
    """Every name that the text asks for; TemplateFault where it cannot be read."""
    try:
        return frozenset(filter(None, map(_path, _parsed(text).find_all((nodes.Name, nodes.Getattr, nodes.Getitem)))))
    except (TemplateError, RecursionError) as error:
        msg = f"a template cannot be read: {error}"
        raise TemplateFault(msg) from None


def _path(node: nodes.Node) -> Path:
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        inner, name = _path(node.node), node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        inner, name = _path(node.node), node.arg.value
    else:
        return ()
    return (*inner, name) if inner and isinstance(name, str) else ()


class _Rounds:
    """How often the loops of one template may go round, all of them together."""

    def __init__(self) -> None:
        self._left = TEMPLATE_ROUNDS

    def of(self, values: Any, steps: int) -> Iterator[Any]:
        """The values to go through, as long as rounds are left; each goes through so many parts of the template."""
        if not isinstance(values, list | Mapping):
            msg = "a loop in a template goes through a list or a group of names"
            raise TemplateFault(msg)
        for value in list(values):
            self._left -= 1
            if self._left < 0:
                msg = f"the loops of a template go round more than {TEMPLATE_ROUNDS} times"
                raise TemplateFault(msg)
            spend(steps * _PART)
            yield value


class _Sandbox(ImmutableSandboxedEnvironment):
    """Looks names up in groups of names only, and calculates as expressions do."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    intercepted_unops = frozenset({"+", "-"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002
        return calculate(operator, left, right)

    def call_unop(self, context: Any, operator: str, arg: Any) -> Any:  # noqa: ARG002
        return bounded_number(-arg if operator == "-" else +arg)

    def call(self, *_: Any, **__: Any) -> Any:
        msg = "nothing can be called in a template"
        raise TemplateFault(msg)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, StrictUndefined):
            return obj
        if isinstance(obj, LoopContext):
            if attribute in _LOOP:
                return getattr(obj, attribute)
            raise TemplateFault.unknown(attribute, _LOOP)
        try:
            return field_of(obj, attribute)
        except TemplateFault as fault:
            # A question such as `is defined` may follow, so that it is not a fault yet.
            raised: Any = functools.partial(_same, fault)
            return self.undefined(obj=obj, name=attribute, exc=raised)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, str | list) and isinstance(argument, int | slice):
            spend_on(obj)
            return obj[argument]
        # Undefined names say so themselves; lists in lists can be made so that they print without an end.
        return self.getattr(obj, str(argument) if isinstance(argument, StrictUndefined) else printed(argument))


def _same(fault: TemplateFault, _message: str) -> TemplateFault:
    return fault


class _Narrowed(NodeTransformer):
    """Refuses what is not listed; loops count their rounds, and `~` obeys the same bound as the other operators."""

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        if not isinstance(node, _ALLOWED):
            said = type(node).__name__.lower()
            msg = f"a template cannot be read: it may not hold a {said}; if, for and set are what there is"
            raise TemplateFault(msg)
        return super().generic_visit(node, *args, **kwargs)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - Jinja2 names it
        if node.recursive:
            msg = "a template cannot be read: a loop may not call itself"
            raise TemplateFault(msg)
        self.generic_visit(node)
        arguments = [nodes.Name(_ROUNDS, "load"), nodes.Const(sum(1 for _ in node.find_all(nodes.Node)))]
        node.iter = nodes.Filter(node.iter, _ROUNDS, arguments, [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        first, *others = node.nodes
        for other in others:
            first = nodes.Add(self._text(first), self._text(other), lineno=node.lineno)
        return first

    def visit_Const(self, node: nodes.Const) -> nodes.Node:  # noqa: N802
        if isinstance(node.value, int | float):
            bounded_number(node.value)
        elif isinstance(node.value, str) and _SURROGATE.search(node.value):
            msg = "a template cannot be read: an escape names half a character, which no file may hold"
            raise TemplateFault(msg)
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        left = node.expr
        compared: list[nodes.Expr] = []
        for step in node.ops:
            symbol = nodes.Const(_SYMBOLS[step.op])
            compared.append(nodes.Filter(left, "__compare", [symbol, step.expr], [], None, None, lineno=node.lineno))
            left = step.expr
        first, *others = compared
        for other in others:
            first = nodes.And(first, other, lineno=node.lineno)
        return first

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802
        # Jinja2 would give `self` a meaning of its own.
        if node.name.startswith("_") or node.name == "self":
            msg = f"a template cannot be read: no name may be called '{node.name}'"
            raise TemplateFault(msg)
        return node

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:  # noqa: N802
        if node.node is None or node.name not in FUNCTIONS or node.kwargs or node.dyn_args or node.dyn_kwargs:
            msg = f"a template cannot be read: there is no function '{node.name}' of this form"
            raise TemplateFault(msg, node.name, FUNCTIONS)
        return self.generic_visit(node)

    def _text(self, node: nodes.Expr) -> nodes.Expr:
        return nodes.Filter(node, "__text", [], [], None, None, lineno=node.lineno)


@functools.lru_cache(maxsize=1)
def _sandbox() -> _Sandbox:
    sandbox = _Sandbox(
        variable_start_string="${",
        variable_end_string="}",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        undefined=StrictUndefined,
        autoescape=False,
        optimized=False,
        keep_trailing_newline=True,
        finalize=_finalized,
    )
    sandbox.globals.clear()
    sandbox.tests = {"defined": sandbox.tests["defined"]}
    functions: dict[str, Callable[..., Any]] = {name: _function(name) for name in FUNCTIONS}
    own = {
        "__text": printed,
        "__compare": lambda left, symbol, right: compare(symbol, left, right),
        _ROUNDS: lambda values, rounds, steps: rounds.of(values, steps),
    }
    sandbox.filters = {**functions, **own}
    return sandbox


def _function(name: str) -> Callable[..., Any]:
    return lambda value, *arguments: call_function(name, value, arguments)


def _finalized(value: Any) -> Any:
    return value if isinstance(value, StrictUndefined) else printed(value)


@functools.lru_cache(maxsize=2**10)
def _compiled(text: str) -> Template:
    return _sandbox().from_string(_Narrowed().visit(_parsed(text)))


def _parsed(text: str) -> nodes.Template:
    if len(text) > TEMPLATE_CHARACTERS:
        msg = f"a template with blocks is longer than {TEMPLATE_CHARACTERS} characters"
        raise TemplateFault(msg)
    # To Jinja2 a sign that follows at once says what becomes of the white space around: here it is a number's.
    signed = text.replace("${-", "${ -").replace("${+", "${ +")
    return _sandbox().parse(signed)


def _bounded(chunks: Iterable[str]) -> str:
    written, length = [], 0
    for chunk in chunks:
        length += len(chunk)
        refuse_longer(length)
        written.append(chunk)
    return "".join(written)


def _undefined(error: UndefinedError, names: Mapping[str, Any]) -> TemplateFault:
    found = re.fullmatch(r"'(\w+)' is undefined", str(error.message))
    if found:
        return TemplateFault.unknown(found[1], names)
    return TemplateFault(f"a template cannot be rendered: {error.message}")
