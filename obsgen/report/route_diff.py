"""The difference of two routings, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from obsgen.check.route_diff import Affected, Altered, Moved, Orphaned, RouteDiff
from obsgen.check.route_relabelled import Relabelled
from obsgen.check.route_text import alert_text, hours_text, route_text
from obsgen.document import json_text
from obsgen.ir.routes import InhibitRule, Route
from obsgen.printable import joined
from obsgen.routes.regions import Path

_SHOWN = 6
_TIMES = ("group_wait", "group_interval", "repeat_interval")


def render_route_diff(found: RouteDiff, form: str) -> str:
    """The difference as `text` or `json`."""
    if form == "json":
        return json_text(_body(found)).rstrip("\n")
    return "\n\n".join(map(joined, _parts(found))) or "every alert goes the same ways as before"


def _parts(found: RouteDiff) -> Iterator[list[str]]:
    if found.moved:
        yield ["Other receivers:", *(line for one in found.moved for line in _moved(one, named=found.named))]
    if found.relabelled:
        title = "Other receivers, because the alert's own labels change:"
        yield [title, *_relabelled(found.relabelled)]
    if found.altered:
        title = "The same receivers, notified in another manner:"
        yield [title, *(line for one in found.altered for line in _altered(one, named=found.named))]
    if found.orphaned:
        title = "Open incidents would lose their group key; what is open then is never taken back:"
        yield [title, *(line for one in found.orphaned for line in _orphaned(one, named=found.named))]
    if found.inhibitions_gone or found.inhibitions_new:
        yield [
            "Inhibitions:",
            *(f"  - {_inhibition(rule)}" for rule in found.inhibitions_gone),
            *(f"  + {_inhibition(rule)}" for rule in found.inhibitions_new),
        ]


def _moved(one: Moved, *, named: bool) -> Iterator[str]:
    yield f"  {alert_text(one.example)}"
    yield f"    {_receivers(one.old)} → {_receivers(one.new)}"
    yield from _alerts(one.alerts, named=named)


def _relabelled(found: Sequence[Relabelled]) -> Iterator[str]:
    """The alerts by what happens to them: a component that changes its team has many."""
    together: dict[tuple[str, str], list[Affected]] = {}
    for one in found:
        changed = ", ".join(f"{name} {was or 'absent'} → {now or 'absent'}" for name, (was, now) in one.labels.items())
        key = f"{one.alert.component}: {changed}", f"{_receivers(one.old)} → {_receivers(one.new)}"
        together.setdefault(key, []).append(Affected(one.alert.name, one.alert.severity))
    for (changed, receivers), alerts in together.items():
        yield f"  {changed}"
        yield f"    {receivers}"
        yield from _alerts(alerts, named=True)


def _altered(one: Altered, *, named: bool) -> Iterator[str]:
    yield f"  {one.receiver}: {_way(one.new)}"
    yield f"    {'; '.join(f'{what} {was} → {now}' for what, was, now in _manners(one))}"
    yield from _alerts(one.alerts, named=named)


def _manners(one: Altered) -> Iterator[tuple[str, str, str]]:
    was, now = one.old[-1], one.new[-1]
    if "grouping" in one.aspects:
        yield "group_by", f"[{', '.join(was.group_by)}]", f"[{', '.join(now.group_by)}]"
    if "timing" in one.aspects:
        for name in _TIMES:
            if getattr(was, name) != getattr(now, name):
                yield name, str(getattr(was, name)), str(getattr(now, name))
    if "hours" in one.aspects:
        old, new = _hours(was), _hours(now)
        # The names may stay where what they mean is another thing.
        yield "hours", old, new if old != new else f"{new} (other times)"


def _hours(route: Route) -> str:
    return hours_text(route).strip(" ()") or "always"


def _orphaned(one: Orphaned, *, named: bool) -> Iterator[str]:
    kind = f" ({one.incidents})" if one.incidents else ""
    if one.new is None:
        yield f"  {one.receiver}{kind} is no longer notified of {_way(one.old)}"
    else:
        yield f"  {one.receiver}{kind}: {_key(one.old)} → {_key(one.new)}"
    yield from _alerts(one.alerts, named=named)


def _key(path: Path) -> str:
    return f"{_way(path)} by {', '.join(path[-1].group_by)}"


def _way(path: Path) -> str:
    """The matchers on the way; the root, which has none, goes without saying."""
    return " > ".join(route_text(route) if route.matchers else "everything else" for route in path[1:]) or "root"


def _inhibition(rule: InhibitRule) -> str:
    source, target = (", ".join(map(str, side)) for side in (rule.source, rule.target))
    return f"{{{source}}} silences {{{target}}} with the same {', '.join(rule.equal) or 'nothing'}"


def _receivers(paths: Sequence[Path]) -> str:
    return ", ".join(path[-1].receiver + hours_text(path[-1]) for path in paths) or "no receiver"


def _alerts(alerts: Sequence[Affected], *, named: bool) -> Iterator[str]:
    if not named:
        return
    names = [f"{one.name} ({one.severity}{', in part' if one.partly else ''})" for one in alerts]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    yield f"    {', '.join(names[:_SHOWN])}{more}" if names else "    none of the spec's alerts"


def _body(found: RouteDiff) -> dict[str, object]:
    return {
        "receivers": [
            {"example": dict(one.example), "old": _ends(one.old), "new": _ends(one.new), **_named(one.alerts)}
            for one in found.moved
        ],
        "relabelled": [
            {
                "alert": one.alert.name,
                "severity": one.alert.severity,
                "component": one.alert.component,
                "labels": {name: list(pair) for name, pair in one.labels.items()},
                "old": _ends(one.old),
                "new": _ends(one.new),
            }
            for one in found.relabelled
        ],
        "manner": [
            {
                "receiver": one.receiver,
                "route": _way(one.new),
                "changes": {what: [was, now] for what, was, now in _manners(one)},
                **_named(one.alerts),
            }
            for one in found.altered
        ],
        "group_keys": [
            {
                "receiver": one.receiver,
                "incidents": one.incidents or None,
                "old": _key(one.old),
                "new": one.new and _key(one.new),
                **_named(one.alerts),
            }
            for one in found.orphaned
        ],
        "inhibitions": {
            "old": [_rule(rule) for rule in found.inhibitions_gone],
            "new": [_rule(rule) for rule in found.inhibitions_new],
        },
    }


def _ends(paths: Sequence[Path]) -> list[dict[str, object]]:
    return [{"receiver": path[-1].receiver, "hours": _hours(path[-1])} for path in paths]


def _named(alerts: Sequence[Affected]) -> dict[str, object]:
    return {
        "alerts": [{"name": one.name, "severity": one.severity, "partly": one.partly} for one in alerts],
    }


def _rule(rule: InhibitRule) -> Mapping[str, object]:
    source, target = ([str(matcher) for matcher in side] for side in (rule.source, rule.target))
    return {"source": source, "target": target, "equal": list(rule.equal)}
