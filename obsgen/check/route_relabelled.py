"""Alerts of two specs whose own labels change, and that go elsewhere for that reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from obsgen.check.route_sides import Side, SpecAlert
from obsgen.routes.regions import Path


@dataclass(frozen=True, slots=True)
class Relabelled:
    """An alert of both specs whose own labels change, and with them its receivers."""

    alert: SpecAlert
    labels: Mapping[str, tuple[str, str]]
    old: tuple[Path, ...]
    new: tuple[Path, ...]


def relabelled(old: Side, new: Side) -> Iterator[Relabelled]:
    """The alerts that both specs have, where the new labels lead elsewhere in the new tree than the old ones."""
    if not (old.alerts and new.alerts):
        return
    before = _by_identity(old.alerts)
    for key, now in _by_identity(new.alerts).items():
        was = before.get(key)
        if was is None or was.labels == now.labels:
            continue
        ways = old.tree.root.paths(was.labels), new.tree.root.paths(now.labels)
        # The old labels in the new tree: where they lead elsewhere, the alert's own labels are why.
        unmoved = new.tree.root.paths(was.labels)
        if _told(unmoved) != _told(ways[1]):
            names = sorted(was.labels.keys() | now.labels.keys())
            changed = {name: (was.labels.get(name, ""), now.labels.get(name, "")) for name in names}
            yield Relabelled(now, {name: pair for name, pair in changed.items() if pair[0] != pair[1]}, *ways)


def _told(paths: tuple[Path, ...]) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return sorted((path[-1].receiver, path[-1].active, path[-1].muted) for path in paths)


def _by_identity(alerts: Sequence[SpecAlert]) -> dict[tuple[str, ...], SpecAlert]:
    """Alerts by what stays when labels change; an alert of one severity stays itself when that changes."""
    plain: dict[tuple[str, ...], list[SpecAlert]] = {}
    for alert in alerts:
        plain.setdefault((alert.component, alert.name, alert.objective), []).append(alert)
    found: dict[tuple[str, ...], SpecAlert] = {}
    for key, several in plain.items():
        found |= {key: several[0]} if len(several) == 1 else {(*key, one.severity): one for one in several}
    return found
