"""All alerts there can be, parted by the ways they go through a tree; and the routes that none of them reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from obsgen.ir.routes import Route
from obsgen.promql.matcher import Matcher
from obsgen.routes.boxes import Box, Space, common, meet, space_of, without
from obsgen.routes.walk import Node, Sent, matchers_of, planted, sent

Path = tuple[Route, ...]
"""A way from the root to the route that notifies."""


@dataclass(frozen=True, slots=True)
class Region:
    """Alerts that all go the same ways."""

    paths: tuple[Path, ...]
    """In the order of the tree; none where the root itself does not match."""
    example: Mapping[str, str]
    """An alert of the region with as few labels as can be."""
    boxes: tuple[Box, ...] = field(repr=False)

    @property
    def receivers(self) -> tuple[str, ...]:
        """Who is told of these alerts, in the order of the tree."""
        return tuple(path[-1].receiver for path in self.paths)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A route that no alert reaches."""

    path: Path
    """From the root to this route."""
    covered_by: tuple[Route, ...]
    """Earlier routes that take every alert before it comes here, none of which can be left out.

    Empty where the matchers on the path contradict each other.
    """


@dataclass(frozen=True, slots=True)
class Partition:
    """Every alert lies in exactly one region."""

    regions: tuple[Region, ...]
    unreachable: tuple[Unreachable, ...]
    never_last: tuple[Path, ...]
    """Routes that alerts pass through and never end at: their own receiver is not used there."""
    space: Space = field(repr=False)

    def regions_of(self, labels: Mapping[str, str]) -> tuple[Region, ...]:
        """The regions that hold this alert: one, unless it lies outside of what was parted."""
        point = self.space.point(labels)
        return tuple(region for region in self.regions if any(common(point, box) is not None for box in region.boxes))


def partition(root: Route, within: tuple[Matcher, ...] = ()) -> Partition:
    """The alerts that pass `within`, parted by their ways; UndecidableError where that cannot be said exactly."""
    space = space_of((*matchers_of(root), *within))
    tree = planted(root, space)
    start = space.box(within)
    ways = [] if start is None else sent(tree, start)
    ends = {node for _, last in ways for node in last}
    passed = set(ends)
    for node in ends:
        above = node.above
        while above and above not in passed:
            passed.add(above)
            above = above.above
    nodes = tuple(tree.all())
    unreached = [node for node in nodes if node not in passed]
    return Partition(
        _regions(ways, space),
        tuple(Unreachable(node.path, _cover(node, start)) for node in unreached if start is not None),
        tuple(node.path for node in nodes if node in passed and node not in ends),
        space,
    )


def _regions(ways: list[Sent], space: Space) -> tuple[Region, ...]:
    boxes: defaultdict[tuple[Node, ...], list[Box]] = defaultdict(list)
    for box, ends in ways:
        boxes[ends].append(box)
    return tuple(
        Region(tuple(node.path for node in ends), space.example(found), tuple(found)) for ends, found in boxes.items()
    )


def _cover(node: Node, start: Box) -> tuple[Route, ...]:
    """The earlier routes that together leave the node nothing; each of them is needed."""
    asked: Box | None = start
    above: Node | None = node
    takers: list[Node] = []
    while asked is not None and above:
        asked = meet(asked, above.condition)
        takers = [*_takers(above), *takers]
        above = above.above
    if asked is None:
        return ()
    needed = _useful(takers, asked)
    for taker in tuple(needed):
        rest = [one for one in needed if one is not taker]
        if not _left(rest, asked):
            needed = rest
    return tuple(one.route for one in needed)


def _takers(node: Node) -> list[Node]:
    siblings = node.above.children if node.above else []
    return [one for one in siblings[: siblings.index(node)] if not one.route.continues] if siblings else []


def _useful(takers: list[Node], box: Box) -> list[Node]:
    left, found = [box], list[Node]()
    for taker in takers:
        if any(meet(one, taker.condition) is not None for one in left):
            found.append(taker)
            left = without(left, taker.condition)
    return found


def _left(takers: list[Node], box: Box) -> list[Box]:
    left = [box]
    for taker in takers:
        left = without(left, taker.condition)
    return left
