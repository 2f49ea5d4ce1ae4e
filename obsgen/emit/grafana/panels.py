"""grafanalib's panels, corrected to the shapes that Grafana 11 to 13 stores."""

from __future__ import annotations

from typing import Any

from attrs import Factory, define
from grafanalib import core

from obsgen.emit.grafana.queries import DATASOURCE, Query
from obsgen.emit.grafana.thresholds import Step

# The oldest Grafana that stores these shapes. Without it plugins migrate a panel as if from version 6.
PLUGIN_VERSION = "11.0.0"
NO_VALUE_COLOR = "#808080"


@define(slots=False, kw_only=True)
class Modern:
    """What every panel that shows values has: queries, unit, range, steps of colour, a word for no value."""

    title: str = ""
    description: str = ""
    targets: list[Query] = Factory(list)
    transformations: list[dict[str, Any]] = Factory(list)
    mappings: list[dict[str, Any]] = Factory(list)
    overrides: list[dict[str, Any]] = Factory(list)
    unit: str = "short"
    decimals: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    steps: list[Step] = Factory(lambda: [Step("green")])
    no_value: str = "No data"

    def panel_json(self, overrides: dict[str, Any]) -> dict[str, Any]:
        """The panel with thresholds, unit and range in `fieldConfig.defaults`, where Grafana reads them."""
        body: dict[str, Any] = super().panel_json(overrides)  # type: ignore[misc]
        body["datasource"] = DATASOURCE
        body["pluginVersion"] = PLUGIN_VERSION
        body["fieldConfig"]["defaults"] |= {
            "unit": self.unit or "short",
            "decimals": self.decimals,
            "min": self.minimum,
            "max": self.maximum,
            "noValue": self.no_value,
            "thresholds": {"mode": "absolute", "steps": self.steps},
        }
        return body


@define(slots=False, kw_only=True)
class TimeSeries(Modern, core.TimeSeries):  # type: ignore[misc]
    """Values over time; the steps above the base are drawn as lines across the plot."""

    legend_calcs: tuple[str, ...] = ("mean", "max", "lastNotNull")
    legend_sort: str = "Max"
    descending: bool = True

    def panel_json(self, overrides: dict[str, Any]) -> dict[str, Any]:
        """The panel with a sorted table as legend and a tooltip that shows all series."""
        body = super().panel_json(overrides)
        body["fieldConfig"]["defaults"]["custom"] |= {
            "axisBorderShow": False,
            "axisCenteredZero": False,
            "axisColorMode": "text",
            "fillOpacity": 10,
            "insertNulls": False,
            "lineStyle": {"fill": "solid"},
            "scaleDistribution": {"type": self.scaleDistributionType},
            "stacking": self.stacking or {"group": "A", "mode": "none"},
            "thresholdsStyle": {"mode": "line" if len(self.steps) > 1 else "off"},
        }
        body["options"] |= {
            "legend": {
                "calcs": list(self.legend_calcs),
                "displayMode": "table",
                "placement": "bottom",
                "showLegend": True,
                "sortBy": self.legend_sort,
                "sortDesc": self.descending,
            },
            "tooltip": {"hideZeros": False, "mode": "multi", "sort": "desc" if self.descending else "asc"},
        }
        return body


@define(slots=False, kw_only=True)
class Stat(Modern, core.Stat):  # type: ignore[misc]
    """One number on a background in the colour of its step; grey where there is no number."""

    def panel_json(self, overrides: dict[str, Any]) -> dict[str, Any]:
        """The panel with every option that grafanalib leaves to Grafana's migrations."""
        body = super().panel_json(overrides)
        # Unmapped, a missing value takes the colour of the base step, and no data would look like good data.
        absent = {"match": "null+nan", "result": {"color": NO_VALUE_COLOR, "index": 0, "text": self.no_value}}
        body["fieldConfig"]["defaults"] |= {
            "color": {"mode": "thresholds"},
            "mappings": [*self.mappings, {"type": "special", "options": absent}],
        }
        body["options"] |= {
            "colorMode": "background",
            "graphMode": "none",
            "percentChangeColorMode": "standard",
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": self.fields, "values": False},
            "showPercentChange": False,
            "wideLayout": True,
        }
        return body


@define(slots=False, kw_only=True)
class Table(Modern, core.Table):  # type: ignore[misc]
    """Rows of label values; `cell` is Grafana's cell type: auto, color-text, color-background."""

    cell: str = "auto"

    def panel_json(self, overrides: dict[str, Any]) -> dict[str, Any]:
        """The panel with cell options in the field's own settings and nothing at its top level."""
        body = super().panel_json(overrides)
        for key in ("color", "columns", "fontSize", "mappings"):
            del body[key]
        body["fieldConfig"]["defaults"] |= {
            "color": {"mode": "thresholds"},
            "custom": {"align": self.align, "cellOptions": {"type": self.cell}, "inspect": False},
            "mappings": self.mappings,
        }
        body["options"] |= {"cellHeight": "sm", "frameIndex": 0}
        return body


class Text(core.Text):  # type: ignore[misc]
    """Markdown, for what a reader has to know that no query can say."""

    def panel_json(self, overrides: dict[str, Any]) -> dict[str, Any]:
        """The panel without the settings of fields, of which it has none."""
        body: dict[str, Any] = super().panel_json(overrides)
        del body["fieldConfig"]
        body["pluginVersion"] = PLUGIN_VERSION
        return body


class Row(core.RowPanel):  # type: ignore[misc]
    """A heading across the dashboard; a collapsed one holds its panels."""

    def to_json_data(self) -> dict[str, Any]:
        """Only what a row has: grafanalib gives it targets, thresholds and transformations too."""
        return {
            "type": "row",
            "id": self.id,
            "title": self.title,
            "collapsed": self.collapsed,
            "gridPos": self.gridPos,
            "panels": self.panels,
        }
