"""Which alerts two routings treat differently: who is told, how, and what open incidents would lose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from obsgen.check.route_relabelled import Relabelled, relabelled
from obsgen.check.route_sides import Side, SpecAlert
from obsgen.ir.routes import InhibitRule
from obsgen.lower.names import NOBODY
from obsgen.promql.matcher import Matcher
from obsgen.routes.difference import Aspect, Change, altered, difference, group_key
from obsgen.routes.regions import Path

_MANNERS: Final[tuple[Aspect, ...]] = ("grouping", "timing", "hours")


@dataclass(frozen=True, slots=True)
class Affected:
    """An alert of a spec; `partly` where only some values of its labels lie in what changes."""

    name: str
    severity: str
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """Alerts that go to other receivers."""

    example: Mapping[str, str]
    old: tuple[Path, ...]
    new: tuple[Path, ...]
    alerts: tuple[Affected, ...]


@dataclass(frozen=True, slots=True)
class Altered:
    """A way whose receiver stays, and which notifies in another manner."""

    receiver: str
    old: Path
    new: Path
    aspects: tuple[Aspect, ...]
    alerts: tuple[Affected, ...]


@dataclass(frozen=True, slots=True)
class Orphaned:
    """A receiver that will never hear that what it has open is over."""

    receiver: str
    incidents: str
    """The kind of receiver that keeps incidents, such as `pagerduty`; empty for others."""
    old: Path
    new: Path | None
    """The way with another group key; None where the receiver is not told any more."""
    alerts: tuple[Affected, ...]


@dataclass(frozen=True, slots=True)
class RouteDiff:
    """Everything that is different."""

    moved: tuple[Moved, ...]
    relabelled: tuple[Relabelled, ...]
    altered: tuple[Altered, ...]
    orphaned: tuple[Orphaned, ...]
    inhibitions_gone: tuple[InhibitRule, ...]
    inhibitions_new: tuple[InhibitRule, ...]
    named: bool
    """Whether one side is a spec, so that its alerts could be named."""

    def __bool__(self) -> bool:
        return any((self.moved, self.relabelled, self.altered, self.inhibitions_gone, self.inhibitions_new)) or bool(
            self.orphaned
        )


def route_diff(old: Side, new: Side) -> RouteDiff:
    """The differences; UndecidableError where a matcher cannot be followed."""
    alerts = new.alerts or old.alerts
    changes = sorted(difference(old.tree, new.tree), key=lambda one: (len(one.example), sorted(one.example.items())))
    ways = [(change, pair) for change in changes for pair in _pairs(change)]
    gone, fresh = (_inhibitions(one, other) for one, other in ((old, new), (new, old)))
    return RouteDiff(
        tuple(_moved(changes, alerts)),
        tuple(relabelled(old, new)),
        tuple(_altered(ways, old, new, alerts)),
        tuple(_orphaned(ways, old, alerts)),
        gone,
        fresh,
        bool(alerts),
    )


def _moved(changes: Sequence[Change], alerts: Sequence[SpecAlert]) -> Iterator[Moved]:
    """The regions whose receivers change; those with the same ends, for the reader, are one."""
    together: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Change]] = {}
    for change in changes:
        if "receivers" in change.aspects:
            together.setdefault((change.old_receivers, change.new_receivers), []).append(change)
    for first, *rest in together.values():
        yield Moved(first.example, first.old, first.new, _affected([first, *rest], alerts))


def _affected(changes: Sequence[Change], alerts: Sequence[SpecAlert]) -> tuple[Affected, ...]:
    found: dict[tuple[str, str], bool] = {}
    for alert in alerts:
        shares = [one.share(alert.labels, alert.varying) for one in changes]
        if any(share != "none" for share in shares):
            partly = "all" not in shares
            key = alert.name, alert.severity
            found[key] = found.get(key, True) and partly
    return tuple(Affected(name, severity, partly) for (name, severity), partly in found.items())


_Pair = tuple[Path | None, Path | None]


def _pairs(change: Change) -> Iterator[_Pair]:
    """Each old way with the new one to the same receiver: the one with the same group key where there is one."""
    left = list(change.new)
    waiting: list[Path] = []
    for path in change.old:
        same = next((one for one in left if _same(one, path) and group_key(one) == group_key(path)), None)
        if same is None:
            waiting.append(path)
        else:
            left.remove(same)
            yield path, same
    for path in waiting:
        other = next((one for one in left if _same(one, path)), None)
        if other is not None:
            left.remove(other)
        yield path, other
    yield from ((None, path) for path in left)


def _same(one: Path, other: Path) -> bool:
    return one[-1].receiver == other[-1].receiver


_Ways = Sequence[tuple[Change, _Pair]]


def _altered(ways: _Ways, old: Side, new: Side, alerts: Sequence[SpecAlert]) -> Iterator[Altered]:
    for was, now, changes in _by_ends(ways):
        if was is None or now is None or now[-1].receiver == NOBODY:
            continue
        found = altered(was, now, old.tree, new.tree)
        aspects = tuple(aspect for aspect in _MANNERS if aspect in found)
        if aspects:
            yield Altered(now[-1].receiver, was, now, aspects, _affected(changes, alerts))


def _orphaned(ways: _Ways, old: Side, alerts: Sequence[SpecAlert]) -> Iterator[Orphaned]:
    for was, now, changes in _by_ends(ways):
        if was is None or was[-1].receiver == NOBODY or (now is not None and group_key(was) == group_key(now)):
            continue
        kind = old.incidents.get(was[-1].receiver, "")
        # Who keeps nothing open misses nothing when it is not told any more.
        if now is not None or kind:
            yield Orphaned(was[-1].receiver, kind, was, now, _affected(changes, alerts))


def _by_ends(ways: _Ways) -> Iterable[tuple[Path | None, Path | None, list[Change]]]:
    """Pairs of ways, each once, with all regions that they lead through."""
    found: dict[tuple[int, int], tuple[Path | None, Path | None, list[Change]]] = {}
    for change, (was, now) in ways:
        # Routes are told apart by being themselves: equal ones may stand at several places.
        key = id(was[-1]) if was else 0, id(now[-1]) if now else 0
        found.setdefault(key, (was, now, []))[2].append(change)
    return found.values()


def _inhibitions(one: Side, other: Side) -> tuple[InhibitRule, ...]:
    known = {_meaning(rule) for rule in other.inhibit_rules}
    return tuple(replace(rule, origin=None) for rule in one.inhibit_rules if _meaning(rule) not in known)


def _meaning(rule: InhibitRule) -> tuple[frozenset[Matcher], frozenset[Matcher], frozenset[str]]:
    return frozenset(rule.source), frozenset(rule.target), frozenset(rule.equal)
