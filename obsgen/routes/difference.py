"""Which alerts two trees treat differently, and in what: exactly, for all alerts there can be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any, Final, Literal, Protocol

from obsgen.ir.hours import TimeInterval
from obsgen.ir.routes import Route
from obsgen.promql.matcher import Matcher
from obsgen.routes.boxes import Box, Space, common, space_of
from obsgen.routes.regions import Path
from obsgen.routes.walk import Node, matchers_of, planted, sent

Aspect = Literal["receivers", "group key", "grouping", "timing", "hours"]
ASPECTS: Final[tuple[Aspect, ...]] = ("receivers", "group key", "grouping", "timing", "hours")
Share = Literal["all", "some", "none"]


class Tree(Protocol):
    """A routing, as obsgen makes it or as a file was read."""

    @property
    def root(self) -> Route:
        """The tree."""

    @property
    def intervals(self) -> tuple[TimeInterval, ...]:
        """The intervals that its routes name."""


@dataclass(frozen=True, slots=True)
class Change:
    """Alerts that go other ways than before, or the same ways in another manner."""

    example: Mapping[str, str]
    old: tuple[Path, ...]
    new: tuple[Path, ...]
    aspects: frozenset[Aspect]
    """What is different. `group key` counts only where the receivers stay: what they have open is then lost to them."""
    boxes: tuple[Box, ...] = field(repr=False)
    space: Space = field(repr=False)

    def share(self, labels: Mapping[str, str], varying: Collection[str]) -> Share:
        """How many of the alerts with these labels lie here; of the varying ones they may have any value."""
        point = self.space.point(labels)
        whole = tuple(
            values.everything if values.label in varying else classes
            for values, classes in zip(self.space.labels, point, strict=True)
        )
        # The boxes share nothing, so what they hold of the whole can be added up.
        inside = sum(_classes(part) for box in self.boxes if (part := common(whole, box)) is not None)
        return "none" if not inside else "all" if inside == _classes(whole) else "some"

    @property
    def old_receivers(self) -> tuple[str, ...]:
        """Who was told."""
        return tuple(path[-1].receiver for path in self.old)

    @property
    def new_receivers(self) -> tuple[str, ...]:
        """Who is told now."""
        return tuple(path[-1].receiver for path in self.new)


def difference(old: Tree, new: Tree) -> tuple[Change, ...]:
    """The alerts that the new tree treats otherwise, by their old and new ways; UndecidableError as in `partition`."""
    space = space_of((*matchers_of(old.root), *matchers_of(new.root)))
    before, after = planted(old.root, space), planted(new.root, space)
    boxes: defaultdict[tuple[tuple[Node, ...], tuple[Node, ...]], list[Box]] = defaultdict(list)
    for box, were in sent(before, space.whole):
        for part, are in sent(after, box):
            boxes[were, are].append(part)
    old_hours, new_hours = _spans(old), _spans(new)
    found: list[Change] = []
    for (were, are), parts in boxes.items():
        was, now = _manners(were, old_hours), _manners(are, new_hours)
        aspects = frozenset(_different(was, now))
        if aspects:
            ways = tuple(node.path for node in were), tuple(node.path for node in are)
            found.append(Change(space.example(parts), *ways, aspects, tuple(parts), space))
    return tuple(found)


def _classes(box: Box) -> int:
    return prod(classes.bit_count() for classes in box)


@dataclass(frozen=True, slots=True, order=True)
class _Manner:
    """How one way notifies, in what can be compared between trees."""

    receiver: str
    key: tuple[tuple[Matcher, ...], ...]
    grouping: tuple[str, ...]
    timing: tuple[int, int, int]
    hours: tuple[tuple[str, ...], tuple[str, ...]]


def group_key(path: Path) -> tuple[tuple[tuple[Matcher, ...], ...], tuple[str, ...]]:
    """What names a group to its receiver, but for the values: the matchers on the way and the labels grouped by."""
    last = path[-1]
    return tuple(tuple(sorted(route.matchers)) for route in path), tuple(sorted(set(last.group_by)))


def _manners(ends: tuple[Node, ...], hours: Mapping[str, str]) -> list[_Manner]:
    return sorted(_manner(node.path, hours) for node in ends)


def _manner(path: Path, hours: Mapping[str, str]) -> _Manner:
    last = path[-1]
    key, grouping = group_key(path)
    waits = (last.group_wait.milliseconds, last.group_interval.milliseconds, last.repeat_interval.milliseconds)
    active, muted = (tuple(sorted(hours.get(name, name) for name in names)) for names in (last.active, last.muted))
    return _Manner(last.receiver, key, grouping, waits, (active, muted))


def altered(old: Path, new: Path, before: Tree, after: Tree) -> tuple[Aspect, ...]:
    """In what two ways to one receiver differ."""
    return tuple(_different([_manner(old, _spans(before))], [_manner(new, _spans(after))]))


def _spans(tree: Tree) -> dict[str, str]:
    """The intervals by what they mean: a new name alone changes nothing."""
    return {interval.name: str(sorted(map(repr, interval.spans))) for interval in tree.intervals}


def _different(old: list[_Manner], new: list[_Manner]) -> list[Aspect]:
    if [one.receiver for one in old] != [one.receiver for one in new]:
        return ["receivers"]
    return [aspect for aspect in ASPECTS[1:] if _of(old, aspect) != _of(new, aspect)]


def _of(manners: list[_Manner], aspect: Aspect) -> list[Any]:
    if aspect == "group key":
        return [(one.receiver, one.key, one.grouping) for one in manners]
    return sorted((one.receiver, getattr(one, aspect)) for one in manners)
