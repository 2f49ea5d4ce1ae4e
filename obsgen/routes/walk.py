"""The walk of a tree: boxes of alerts go down as Alertmanager would send each, and are split where ways part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from obsgen.ir.routes import Route
from obsgen.promql.matcher import Matcher
from obsgen.routes.boxes import MOST_BOXES, Box, Condition, Space, meet, miss
from obsgen.routes.undecidable import UndecidableError


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A route at its place; equal routes elsewhere are other nodes."""

    route: Route
    path: tuple[Route, ...]
    """From the root down to this route."""
    above: Node | None
    condition: Condition
    children: list[Node] = field(default_factory=list)

    def all(self) -> Iterator[Node]:
        """This node and all below, in the order of the tree."""
        yield self
        for child in self.children:
            yield from child.all()


Sent = tuple[Box, tuple[Node, ...]]
"""Alerts that go the same ways, and the last node of each way."""


def planted(route: Route, space: Space, above: Node | None = None) -> Node:
    """The tree, its matchers read as conditions in this space."""
    path = (*above.path, route) if above else (route,)
    node = Node(route, path, above, space.condition(route.matchers))
    node.children.extend(planted(child, space, node) for child in route.routes)
    return node


def matchers_of(route: Route) -> Iterator[Matcher]:
    """Every matcher of the tree."""
    yield from route.matchers
    for child in route.routes:
        yield from matchers_of(child)


def sent(root: Node, box: Box) -> list[Sent]:
    """All alerts of the box by the ways they go, in boxes that share nothing; none go where the root does not match."""
    inside = meet(box, root.condition)
    found = [] if inside is None else _below(root, inside)
    return found + [(rest, ()) for rest in miss(box, root.condition)]


def _below(node: Node, box: Box) -> list[Sent]:
    settled: list[Sent] = []
    looking: list[Sent] = [(box, ())]
    for child in node.children:
        if not looking:
            break
        further: list[Sent] = []
        for one, ends in looking:
            inside = meet(one, child.condition)
            if inside is None:
                further.append((one, ends))
                continue
            taken = [(part, ends + more) for part, more in _below(child, inside)]
            (further if child.route.continues else settled).extend(taken)
            further += [(rest, ends) for rest in miss(one, child.condition)]
        looking = further
        if len(looking) + len(settled) > MOST_BOXES:
            msg = f"below the route to '{node.route.receiver}' alerts part in more than {MOST_BOXES} ways"
            raise UndecidableError(msg)
    return settled + [(one, ends or (node,)) for one, ends in looking]
