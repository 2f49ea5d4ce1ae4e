"""Prometheus queries of panels, and the one datasource that all of them use."""

from __future__ import annotations

from typing import Any

from grafanalib import core

from obsgen.promql.matcher import quote

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}


class Query(core.Target):  # type: ignore[misc]
    """One PromQL expression: at every step of the time range, or with `instant` at its end only."""

    def to_json_data(self) -> dict[str, Any]:
        """The target without grafanalib's `intervalFactor`, which halves the resolution."""
        return {
            "datasource": DATASOURCE,
            "editorMode": "code",
            "expr": self.expr.strip(),
            "format": self.format,
            "hide": self.hide or None,
            "instant": self.instant,
            "interval": self.interval or None,
            "legendFormat": self.legendFormat or "__auto",
            "range": not self.instant,
            "refId": self.refId or "A",
        }


def firing_alerts(component: str) -> str:
    """The selector of a component's firing alerts, as Prometheus itself records them."""
    # Alerts of severity none are signs of life: they always fire.
    return f'ALERTS{{alertstate="firing",component={quote(component)},severity!="none"}}'


def firing_objective_alerts(component: str) -> str:
    """The selector of those among them that guard its objectives."""
    return f'ALERTS{{alertstate="firing",component={quote(component)},objective!=""}}'
