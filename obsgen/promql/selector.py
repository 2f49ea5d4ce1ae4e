"""Selectors and matchers as people write them, and series that satisfy them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import promql_parser
from promql_parser import Expr, VectorSelector

from obsgen.promql.error import PromQLError
from obsgen.promql.matcher import Matcher, MatchOperator, Selector, quote
from obsgen.promql.parse import duration, one_line, parse, selector_of
from obsgen.promql.witness import NoExample, example_labels
from obsgen.units import Duration

__all__ = [
    "MatchOperator",
    "Matcher",
    "NoExample",
    "Selector",
    "example_labels",
    "example_series",
    "extended_selector",
    "parse_matchers",
    "parse_selector",
    "quote",
    "with_matchers",
]

_AT: Final = {"AtModifierType.Start": "start()", "AtModifierType.End": "end()"}


def parse_matchers(text: str) -> tuple[Matcher, ...]:
    """Read what stands inside braces, such as `job="node",device!~"lo|veth.*"`; PromQLError otherwise."""
    if not text.strip():
        return ()
    try:
        return parse_selector(f"x{{{text}}}").matchers
    except PromQLError as error:
        msg = f'not a list of matchers such as job="node",device!~"lo|veth.*": {error.message}'
        raise PromQLError(msg, text) from None


def parse_selector(text: str) -> Selector:
    """Read `orders_total{result="failed"}`; PromQLError for anything that is not one plain selector."""
    tree = parse(text)
    if not isinstance(tree, VectorSelector) or tree.offset is not None or tree.at is not None:
        msg = 'not a selector: write a metric and matchers, such as orders_total{result="failed"}'
        raise PromQLError(msg, text)
    return selector_of(tree)


def example_series(selector: Selector) -> str:
    """A series that the selector selects, as promtool writes input series; NoExample where none is found."""
    named = Matcher("__name__", "=", selector.metric) if selector.metric else Matcher("__name__", "!=", "")
    labels = example_labels([named, *selector.matchers])
    metric = labels.pop("__name__")
    return str(Selector(metric, tuple(Matcher(name, "=", value) for name, value in labels.items())))


def with_matchers(expr: str, matchers: Sequence[Matcher]) -> str:
    """The expression on one line with the matchers added to every selector that lacks them."""

    def extend(node: Expr) -> Expr | None:
        return extended_selector(node, matchers) if isinstance(node, VectorSelector) else None

    tree = parse(expr)
    return one_line(promql_parser.transform(tree, post_visit=extend)) if matchers else one_line(tree)


def extended_selector(node: VectorSelector, matchers: Sequence[Matcher]) -> Expr | None:
    """The selector with the matchers that it lacks; None where it has them all."""
    selector = selector_of(node)
    missing = tuple(matcher for matcher in dict.fromkeys(matchers) if matcher not in selector.matchers)
    if not missing:
        return None
    return _parsed(str(Selector(selector.metric, selector.matchers + missing)) + _modifiers(node))


def _parsed(text: str) -> Expr:
    # Not through the cache: transform() takes the tree over.
    tree: Expr = promql_parser.parse(text)
    return tree


def _modifiers(node: VectorSelector) -> str:
    """The `offset` and `@` of a selector, as text."""
    text = ""
    if node.offset is not None:
        span = duration(node.offset).milliseconds
        text += f" offset {'-' if span < 0 else ''}{Duration(abs(span))}"
    if node.at is not None:
        text += f" @ {node.at.at.timestamp():.3f}" if node.at.at else f" @ {_AT[str(node.at.type)]}"
    return text
