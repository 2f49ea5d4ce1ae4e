"""Takes out of a dashboard what grafanalib writes and Grafana has long stopped reading."""

from __future__ import annotations

import json
from typing import Any

from grafanalib._gen import DashboardEncoder

DEAD_DASHBOARD_KEYS = frozenset(
    {"__inputs", "editable", "gnetId", "hideControls", "id", "rows", "sharedCrosshair", "style", "version"}
)
DEAD_PANEL_KEYS = frozenset(
    {"cacheTimeout", "editable", "error", "height", "hideTimeOverride", "maxDataPoints", "minSpan", "span"}
)
DEAD_TARGET_KEYS = frozenset({"intervalFactor", "metric", "query", "step", "target"})
# Without a value these say nothing, and an empty `mappings` hides a missing unit from dashboard-linter.
NEEDLESS_WHEN_EMPTY = frozenset({"links", "mappings", "targets", "transformations", "transparent"})


def pruned(dashboard: dict[str, Any]) -> dict[str, Any]:
    """The dashboard in plain lists and dicts, keys sorted, without nulls and dead keys."""
    text = json.dumps(dashboard, cls=DashboardEncoder, sort_keys=True)
    body: dict[str, Any] = json.loads(text, object_hook=_without_nulls)
    kept = {key: value for key, value in body.items() if key not in DEAD_DASHBOARD_KEYS}
    kept["panels"] = [_panel(panel) for panel in kept["panels"]]
    # The refresh intervals and time options that grafanalib spells out are Grafana's own defaults.
    kept["timepicker"] = {}
    return kept


def _panel(body: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in body.items() if key not in DEAD_PANEL_KEYS}
    if "targets" in kept:
        kept["targets"] = [_without(target, DEAD_TARGET_KEYS) for target in kept["targets"]]
    if "panels" in kept:
        kept["panels"] = [_panel(inner) for inner in kept["panels"]]
    field = kept.get("fieldConfig", {}).get("defaults", {})
    for part in (kept, field):
        for key in NEEDLESS_WHEN_EMPTY & part.keys():
            if not part[key]:
                del part[key]
    return kept


def _without(body: dict[str, Any], dead: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in dead}


def _without_nulls(body: dict[str, Any]) -> dict[str, Any]:
    # A threshold's base value is the one null that means something: minus infinity.
    if None not in body.values() or body.keys() == {"color", "value"}:
        return body
    return {key: value for key, value in body.items() if value is not None}
