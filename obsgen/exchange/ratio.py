"""Shares that fit no other kind: one expression, with the events it weighs and, where one is found, a feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import promql_parser
from promql_parser import AggregateExpr, BinaryExpr, Call, Expr

from obsgen.exchange.crossing import crossing_feed
from obsgen.exchange.sums import COUNTING, Fraction, Sum
from obsgen.exchange.window import STAND_IN
from obsgen.promql.error import PromQLError
from obsgen.promql.labels import aggregations_without, label_flow
from obsgen.promql.parse import children, nodes, one_line, parse
from obsgen.promql.selector import NoExample, example_series
from obsgen.promql.series import series_labels


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share of errors over the stand-in for the window, and what proves its alerts."""

    expr: str
    weight: str | None
    feed: tuple[Mapping[str, str | int], ...]
    by: tuple[str, ...]
    worst_of_many: bool = False
    all_or_nothing: bool = False


def over_time(expr: str) -> str:
    """The mean over the window of what an expression reads each minute."""
    return f"avg_over_time(({expr})[{STAND_IN}:1m])"


def proved_ratio(share: str, whole: str | None, errors: Fraction | None, *, fails: bool | None) -> Ratio:
    """The share with its weight, every aggregation keeping the cluster.

    `fails` says that a comparison in it holds for what failed, or for what did not; None where that is not known.
    """
    expr, kept = _aggregated("max", _with_cluster(share))
    weight = _per_second(_with_cluster(whole)) if whole else None
    feed = tuple(_feed(errors)) if errors and weight else ()
    crossing = crossing_feed(expr, fails=fails) if not feed and fails is not None else ()
    weighed = _aggregated("sum", weight)[0] if weight else None
    return Ratio(expr, weighed, feed or crossing, tuple(sorted(kept or ())), kept is None, bool(crossing))


def _aggregated(operation: str, expr: str) -> tuple[str, frozenset[str] | None]:
    """The expression and its labels besides the cluster; without labels where nothing says which there are."""
    labels = label_flow(expr).possible
    if labels is None:
        return f"{operation} by (cluster) ({expr})", None
    return expr, labels - {"cluster"}


def _with_cluster(expr: str) -> str:
    """Each `sum by (…)` keeps the cluster too, unless the query spells out what it joins on."""
    spelled = (getattr(node.modifier, "matching", None) for node in nodes(parse(expr)) if isinstance(node, BinaryExpr))
    if any(spelled) or not aggregations_without(expr, "cluster"):
        return one_line(parse(expr))
    return one_line(promql_parser.transform(parse(expr), post_visit=_clustered))


def _clustered(node: Expr) -> Expr | None:
    if not isinstance(node, AggregateExpr) or (node.modifier and "By" not in str(node.modifier.type)):
        return None
    kept = [label for label in (node.modifier.labels if node.modifier else ()) if label != "cluster"]
    operands = ", ".join(one_line(child) for child in children(node))
    clustered: Expr = promql_parser.parse(f"{node.op} by ({', '.join(['cluster', *kept])}) ({operands})")
    return clustered


def _per_second(whole: str) -> str | None:
    """The events per second; None where the query counts none over the window."""
    if any(str(node.op) != "sum" for node in nodes(parse(whole)) if isinstance(node, AggregateExpr)):
        return None
    calls = [node for node in nodes(parse(whole)) if isinstance(node, Call)]
    if not calls or any(call.func.name not in (*COUNTING, "vector") for call in calls):
        return None
    return one_line(promql_parser.transform(parse(whole), post_visit=_rated))


def _rated(node: Expr) -> Expr | None:
    if not isinstance(node, Call) or node.func.name != "increase":
        return None
    rated: Expr = promql_parser.parse(f"rate({one_line(node.args[0])})")
    return rated


def _feed(errors: Fraction) -> Iterator[dict[str, str | int]]:
    """Two series that make the share read `v` of `events`: one that fails, and the rest or all of them."""
    terms = (*errors.part.terms, *errors.whole.terms)
    if any(term.function not in COUNTING for term in terms):
        return
    try:
        examples = dict.fromkeys(example_series(term.selector) for term in terms)
        counts = {series: (_counted(errors.part, series), _counted(errors.whole, series)) for series in examples}
    except (NoExample, PromQLError):
        return
    failing = next((one for one, times in counts.items() if times in ((1, 1), (1, 0))), None)
    others = next((one for one, times in counts.items() if times == (0, 1)), None)
    if not others or not failing:
        return
    of_all = "${(1 - v) * events}" if counts[failing] == (1, 1) else "${events}"
    fed = {failing: "${v * events}", others: of_all}
    for series in (*fed, *(one for one in examples if one not in fed)):
        # A sum has no result while one of its parts has no series, so all of them are there.
        yield {"series": series, "counter": fed.get(series, 0)}


def _counted(counted: Sum, series: str) -> int:
    """How often a sum counts a series."""
    labels = series_labels(series)
    return sum(times for term, times in counted.terms.items() if term.selector.matches(labels))
