"""Panels of the alerts that fire now."""

from __future__ import annotations

from obsgen.emit.grafana.panels import Stat, Table
from obsgen.emit.grafana.queries import Query
from obsgen.emit.grafana.thresholds import COLORS, Step


def firing_count(title: str, description: str, alerts: str) -> Stat:
    """How many alerts of the selector fire: none is good, and any is bad."""
    return Stat(
        title=title,
        description=description,
        unit="none",
        decimals=0,
        steps=[Step("green"), Step("red", 1)],
        targets=[Query(expr=f"count({alerts}) or vector(0)", instant=True)],
    )


def firing_table(description: str, alerts: str, columns: dict[str, str], no_value: str) -> Table:
    """The alerts of the selector by these labels, with the number of places where each fires."""
    severities = {name: {"color": color, "index": place} for place, (name, color) in enumerate(COLORS.items())}
    names = {**columns, "Value": "Firing"}
    return Table(
        title="Which alerts fire",
        description=description,
        no_value=no_value,
        mappings=[{"type": "value", "options": severities}],
        cell="color-text",
        steps=[Step("text")],
        targets=[Query(expr=f"sum by ({', '.join(columns)}) ({alerts})", format="table", instant=True)],
        transformations=[{"id": "organize", "options": {"excludeByName": {"Time": True}, "renameByName": names}}],
    )
