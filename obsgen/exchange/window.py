"""The window of a foreign query: found, and put as `${window}` into the spec."""

from __future__ import annotations

import re
from collections.abc import Sequence

import promql_parser
from promql_parser import Expr, MatrixSelector

from obsgen.promql.matcher import Selector
from obsgen.promql.parse import nodes, one_line, parse, selector_of
from obsgen.promql.selector import parse_selector
from obsgen.units import Duration

# sloth's Go template. What stands in for it must parse as a range, and nobody writes such a one.
_TEMPLATE = re.compile(r"\{\{-?\s*\.window\s*-?\}\}")
STAND_IN = "1234567s"
WINDOW = Duration.parse(STAND_IN)
_PRINTED = one_line(parse(f"x[{STAND_IN}]")).partition("[")[2].rstrip("]")


class Inexpressible(Exception):  # noqa: N818 - the query is right, and still there is no place for it in a spec
    """What a spec cannot say; the message completes the sentence "… cannot be taken over: "."""


def without_template(query: str) -> str:
    """The query as PromQL, a range of its own in place of `{{.window}}`; PromQLError where it is none."""
    text = _TEMPLATE.sub(STAND_IN, query)
    for opening, meaning in (("{{", "a Go template"), ("${", "a variable"), ("<%", "a template"), ("<#", "a template")):
        if opening in text:
            msg = f"it holds {meaning}, '{opening}', whose meaning is known only where it comes from"
            raise Inexpressible(msg)
    parse(text)
    return text


def on_the_window(queries: Sequence[str]) -> list[str]:
    """The queries with the stand-in for the window where one and the same range is written in all of them.

    Inexpressible where they read several ranges, none of which is said to be the window.
    """
    if any(STAND_IN in query for query in queries):
        return list(queries)
    found = {node.range for query in queries for node in nodes(parse(query)) if isinstance(node, MatrixSelector)}
    if len(found) > 1:
        msg = "it reads several ranges, and which of them is the window cannot be told"
        raise Inexpressible(msg)
    return [one_line(promql_parser.transform(parse(query), post_visit=_moved)) for query in queries]


def _moved(node: Expr) -> Expr | None:
    if not isinstance(node, MatrixSelector):
        return None
    if node.vector_selector.offset is not None or node.vector_selector.at is not None:
        msg = "it reads the past through 'offset' or '@'"
        raise Inexpressible(msg)
    moved: Expr = promql_parser.parse(f"{selector_of(node.vector_selector)}[{STAND_IN}]")
    return moved


def spec_text(expr: str) -> str:
    """The expression as a spec writes it, over `${window}`."""
    return one_line(parse(expr)).replace(_PRINTED, "${window}")


def reads_the_window(expr: str) -> bool:
    """Whether the stand-in stands in it."""
    return _PRINTED in one_line(parse(expr))


def canonical(selector: Selector) -> Selector:
    """The selector with its matchers in the parser's order, so that equal ones compare equal."""
    return parse_selector(one_line(parse(str(selector))))
