"""The way of an alert through the routing tree, drawn as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from obsgen.check.route_text import alert_text, hours_text
from obsgen.diagnostics import Diagnosed, Diagnostic, did_you_mean
from obsgen.document import json_text
from obsgen.ir.bundle import Bundle
from obsgen.ir.routes import InhibitRule, Route
from obsgen.lower.told import tier_of
from obsgen.model.stack import Stack
from obsgen.printable import joined

Path = tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """An alert, the paths that it takes, and the inhibitions that may keep it unsaid."""

    labels: Mapping[str, str]
    paths: tuple[Path, ...]
    inhibitions: tuple[InhibitRule, ...]


def ways(alert: str | None, labels: Mapping[str, str], stack: Stack, bundle: Bundle) -> tuple[Way, ...]:
    """One way for each rule of that name, or for the labels alone; `Diagnosed` where there is no such alert."""
    assert bundle.routing is not None
    routing = bundle.routing
    sent = tuple({"alertname": rule.alert, **rule.labels, **labels} for rule in bundle.alerts if rule.alert == alert)
    if alert in stack.routing.foreign:
        sent = (*sent, {"alertname": alert, "severity": "none", **labels})
    if alert and not sent:
        known = {*(rule.alert for rule in bundle.alerts), *stack.routing.foreign}
        hint = did_you_mean(alert, known, noun="its alerts")
        raise Diagnosed([Diagnostic("OBS510", f"the stack '{stack.name}' has no alert '{alert}'", hint=hint)])
    return tuple(
        Way(
            one,
            routing.root.paths(one),
            tuple(
                rule
                for rule in routing.inhibit_rules
                if all(matcher.matches(one.get(matcher.name, "")) for matcher in rule.target)
            ),
        )
        for one in (sent or (labels,))
    )


def render_ways(found: Sequence[Way], form: str) -> str:
    """The ways as `text` or `json`."""
    if form == "json":
        return json_text([_body(way) for way in found]).rstrip("\n")
    return "\n\n".join(joined(_lines(way)) for way in found)


def _lines(way: Way) -> Iterator[str]:
    tier = tier_of(way.labels)
    yield alert_text(way.labels) + (f"  {tier}" if tier else "")
    yield from _drawn(way.paths, 0, "")
    for rule in way.inhibitions:
        sources = ", ".join(map(str, rule.source))
        yield f"unsaid while {{{sources}}} fires with the same {', '.join(rule.equal)}"


def _drawn(paths: Sequence[Path], depth: int, indent: str) -> Iterator[str]:
    """The paths from this depth on, which share everything above it."""
    heads: list[tuple[Route, list[Path]]] = []
    for path in paths:
        if heads and heads[-1][0] is path[depth]:
            heads[-1][1].append(path)
        else:
            heads.append((path[depth], [path]))
    for place, (route, below) in enumerate(heads):
        last = place == len(heads) - 1
        deeper = [path for path in below if len(path) > depth + 1]
        branch = ("└─ " if last else "├─ ") if depth else ""
        text = ", ".join(map(str, route.matchers)) or ("root" if depth == 0 else "everything else")
        yield f"{indent}{branch}{text}" + ("" if deeper else _told(route))
        yield from _drawn(deeper, depth + 1, indent + (("   " if last else "│  ") if depth else ""))


def _told(route: Route) -> str:
    grouping = "each alert alone" if route.group_by == ("...",) else f"by {', '.join(route.group_by)}"
    timing = f"after {route.group_wait}, again every {route.repeat_interval}"
    return f" → {route.receiver}{hours_text(route)}  ({grouping}; {timing})"


def _body(way: Way) -> dict[str, object]:
    return {
        "labels": dict(way.labels),
        "tier": tier_of(way.labels),
        "paths": [
            {
                "receiver": path[-1].receiver,
                "routes": [[str(matcher) for matcher in route.matchers] for route in path],
                "group_by": list(path[-1].group_by),
                "group_wait": str(path[-1].group_wait),
                "group_interval": str(path[-1].group_interval),
                "repeat_interval": str(path[-1].repeat_interval),
                "active_time_intervals": list(path[-1].active),
                "mute_time_intervals": list(path[-1].muted),
            }
            for path in way.paths
        ],
        "inhibited_by": [rule.name for rule in way.inhibitions],
    }
