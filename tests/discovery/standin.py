"""A server that answers a discovery's questions about a world of series, without one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from promql_parser import AggregateExpr, BinaryExpr, Call, Expr, MatrixSelector, ParenExpr, VectorSelector

from obsgen.promql.parse import parse, selector_of
from obsgen.query.samples import Sample, Vector
from tests.discovery.world import Series

Found = list[tuple[dict[str, str], float]]


class StandIn:
    """The series of a world, each with the value 1 unless another is given; `queries` are those that were asked."""

    title = "http://prometheus.example.com"

    def __init__(
        self,
        world: Iterable[Series],
        values: Mapping[Series, float] | None = None,
        says: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self._series = [(dict(one), (values or {}).get(one, 1.0)) for one in world]
        self._says = says or {}
        self.queries: list[str] = []

    def instant(self, query: str, *, at: float | None = None) -> Vector:
        del at
        self.queries.append(query)
        return Vector(tuple(Sample(labels, value) for labels, value in self._of(parse(query))))

    def instants(self, queries: Mapping[str, str], *, at: float | None = None) -> dict[str, Vector]:
        return {name: self.instant(query, at=at) for name, query in queries.items()}

    def said_of_itself(self, what: str) -> Mapping[str, Any]:
        self.queries.append(what)
        return self._says.get(what, {})

    def _of(self, node: Expr) -> Found:
        match node:
            case VectorSelector():
                selector = selector_of(node)
                return [(labels, value) for labels, value in self._series if selector.matches(labels)]
            case ParenExpr():
                return self._of(node.expr)
            case BinaryExpr():
                return [*self._of(node.lhs), *self._of(node.rhs)]
            case AggregateExpr():
                return _aggregated(node, self._of(node.expr))
            case Call():
                return self._called(node)
        raise AssertionError(node)

    def _called(self, node: Call) -> Found:
        if node.func.name == "count_over_time":
            assert isinstance(node.args[0], MatrixSelector)
            return [(labels, 20.0) for labels, _ in self._of(node.args[0].vector_selector)]
        assert node.func.name == "label_replace"
        target, replacement, source, pattern = (argument.val for argument in node.args[1:])
        found = []
        for labels, value in self._of(node.args[0]):
            match = re.fullmatch(pattern, labels.get(source, ""))
            new = labels | {target: replacement.replace("$1", match[1] if match.lastindex else "")} if match else labels
            found.append(({name: text for name, text in new.items() if text}, value))
        return found


def _aggregated(node: AggregateExpr, found: Found) -> Found:
    if str(node.op) == "topk":
        return sorted(found, key=lambda one: -one[1])[: int(node.param.val)]
    groups: dict[tuple[tuple[str, str], ...], list[float]] = {}
    names = node.modifier.labels if node.modifier else []
    for labels, value in found:
        key = tuple((name, labels[name]) for name in sorted(names) if name in labels)
        groups.setdefault(key, []).append(value)
    made = {"max": max, "count": len, "group": lambda _: 1.0, "quantile": min}
    return [(dict(key), float(made[str(node.op)](values))) for key, values in groups.items()]
