"""grafanalib's Dashboard with today's defaults, and what stands around its panels."""

from __future__ import annotations

from typing import Any

from grafanalib import core

from obsgen.emit.grafana.prune import pruned
from obsgen.emit.grafana.queries import DATASOURCE

# The last version of the classic format. Below 14 Grafana's migrations would undo the shared crosshair.
SCHEMA_VERSION = 42
SHARED_CROSSHAIR = 1
TAG = "obsgen"


class Dashboard(core.Dashboard):  # type: ignore[misc]
    """A dashboard that Grafana 11 to 13 opens without migrating it."""

    def __init__(self, **settings: Any) -> None:
        defaults = {
            "schemaVersion": SCHEMA_VERSION,
            "graphTooltip": SHARED_CROSSHAIR,
            "refresh": "30s",
            "timezone": "browser",
        }
        super().__init__(**(defaults | settings))

    def to_json_data(self) -> dict[str, Any]:
        """The dashboard in plain lists and dicts, without anything dead."""
        return pruned(super().to_json_data())


def related_dashboards() -> core.DashboardLink:
    """A menu of all generated dashboards, opened with the same time range and variables."""
    return core.DashboardLink(
        title="Dashboards", tooltip="What else is watched", tags=[TAG], asDropdown=True, includeVars=True
    )


def runbook_link(url: str) -> core.DashboardLink:
    """A link to what to do."""
    return core.DashboardLink(
        type="link",
        title="Runbook",
        tooltip="What to do when an alert fires",
        uri=url,
        icon="doc",
        keepTime=False,
        targetBlank=True,
    )


def dashboard_link(title: str, tooltip: str, uid: str) -> core.DashboardLink:
    """A link to another dashboard of the component, with the same time range and variables."""
    return core.DashboardLink(
        type="link", title=title, tooltip=tooltip, uri=f"/d/{uid}", icon="dashboard", includeVars=True
    )


def panel_link(title: str, url: str, *, new_tab: bool = False) -> dict[str, Any]:
    """A link in a panel's corner; what it takes along stands in its address."""
    return {
        "type": "link",
        "title": title,
        "url": url,
        "icon": "",
        "tooltip": "",
        "tags": [],
        "asDropdown": False,
        "targetBlank": new_tab,
        "includeVars": False,
        "keepTime": False,
    }


def firing_annotation(alerts: str) -> dict[str, Any]:
    """Marks in every graph the times at which alerts fired; `alerts` is their selector."""
    return {
        "name": "Firing alerts",
        "datasource": DATASOURCE,
        "enable": True,
        "iconColor": "red",
        "target": {"expr": alerts, "refId": "Anno"},
        "titleFormat": "{{alertname}}",
        "textFormat": "{{severity}} {{instance}}",
        "tagKeys": "severity",
    }
