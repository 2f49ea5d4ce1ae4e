"""Alerts, routes and the ways through a tree, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from obsgen.ir.routes import Route
from obsgen.promql.matcher import quote


def alert_text(labels: Mapping[str, str]) -> str:
    """An alert by its labels, as a selector shows them."""
    return "{" + ", ".join(f"{name}={quote(value)}" for name, value in sorted(labels.items())) + "}"


def route_text(route: Route) -> str:
    """A route by its matchers."""
    return "{" + ", ".join(map(str, route.matchers)) + "}" if route.matchers else "root"


def hours_text(route: Route) -> str:
    """The hours in which the route speaks; nothing where it always does."""
    bounds = [f"only in {name}" for name in route.active] + [f"not in {name}" for name in route.muted]
    return f" ({', '.join(bounds)})" if bounds else ""


def path_text(path: Sequence[Route]) -> str:
    """The way from the root to the receiver, with the hours in which the last route speaks."""
    return " > ".join([*map(route_text, path), path[-1].receiver]) + hours_text(path[-1])
