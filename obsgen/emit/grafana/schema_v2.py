"""A dashboard in Grafana's second schema: elements by name, and a layout that refers to them.

Sources: kinds dashboardv2beta1 (Grafana 12) and dashboardv2 (Grafana 13) of Grafana's foundation SDK.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

Body = Mapping[str, Any]
SchemaV2 = Literal["v2beta1", "v2"]

_CURSOR: Final = {0: "Off", 1: "Crosshair", 2: "Tooltip"}
_REFRESH: Final = {0: "never", 1: "onDashboardLoad", 2: "onTimeRangeChanged"}
_SORT: Final = {0: "disabled", 1: "alphabeticalAsc", 2: "alphabeticalDesc"}
_INTERVALS: Final = ["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d"]
_VERSION: Final = "v0"


def dashboard_v2(body: Body, version: SchemaV2) -> dict[str, Any]:
    """The same dashboard; `body` is in the classic form, whose uid becomes the resource's name."""
    return {
        "title": body["title"],
        "description": body.get("description", ""),
        "tags": body["tags"],
        "cursorSync": _CURSOR[body["graphTooltip"]],
        "preload": False,
        "editable": True,
        "links": [_dashboard_link(link) for link in body["links"]],
        "timeSettings": {
            "timezone": body["timezone"],
            "from": body["time"]["from"],
            "to": body["time"]["to"],
            "autoRefresh": body["refresh"],
            "autoRefreshIntervals": _INTERVALS,
            "hideTimepicker": False,
            "fiscalYearStartMonth": 0,
        },
        "variables": [_variable(one) for one in body["templating"]["list"]],
        "annotations": [_annotation(one) for one in body["annotations"]["list"]],
        "elements": {_name(panel): _element(panel, version) for panel in _panels(body)},
        "layout": {"kind": "RowsLayout", "spec": {"rows": list(_rows(body["panels"]))}},
    }


def _panels(body: Body) -> Iterator[Body]:
    for panel in body["panels"]:
        if panel["type"] == "row":
            yield from panel["panels"]
        else:
            yield panel


def _name(panel: Body) -> str:
    return f"panel-{panel['id']}"


def _rows(panels: Sequence[Body]) -> Iterator[dict[str, Any]]:
    """Panels before the first row stand in one without a heading; a collapsed row holds its own."""
    inside: list[Body] = []
    heading: Body | None = None
    for panel in panels:
        if panel["type"] != "row":
            inside.append(panel)
            continue
        if heading or inside:
            yield _row(heading, inside)
        heading, inside = panel, list(panel["panels"])
    if heading or inside:
        yield _row(heading, inside)


def _row(heading: Body | None, panels: Sequence[Body]) -> dict[str, Any]:
    # Places count from the row's own top.
    top = min((panel["gridPos"]["y"] for panel in panels), default=0)
    items = [_item(panel, top) for panel in panels]
    return {
        "kind": "RowsLayoutRow",
        "spec": {
            "title": heading["title"] if heading else "",
            "collapse": bool(heading and heading["collapsed"]),
            "hideHeader": heading is None,
            "layout": {"kind": "GridLayout", "spec": {"items": items}},
        },
    }


def _item(panel: Body, top: int) -> dict[str, Any]:
    place = panel["gridPos"]
    return {
        "kind": "GridLayoutItem",
        "spec": {
            "x": place["x"],
            "y": place["y"] - top,
            "width": place["w"],
            "height": place["h"],
            "element": {"kind": "ElementReference", "name": _name(panel)},
        },
    }


def _element(panel: Body, version: SchemaV2) -> dict[str, Any]:
    return {
        "kind": "Panel",
        "spec": {
            "id": panel["id"],
            "title": panel["title"],
            "description": panel.get("description", ""),
            "links": [_panel_link(link) for link in panel.get("links", ())],
            "data": {
                "kind": "QueryGroup",
                "spec": {
                    "queries": [_panel_query(target) for target in panel.get("targets", ())],
                    "transformations": [_transformation(one, version) for one in panel.get("transformations", ())],
                    "queryOptions": {},
                },
            },
            "vizConfig": {
                "kind": "VizConfig",
                "group": panel["type"],
                "version": panel["pluginVersion"],
                "spec": {
                    "options": panel["options"],
                    "fieldConfig": panel.get("fieldConfig", {"defaults": {}, "overrides": []}),
                },
            },
        },
    }


def _panel_query(target: Body) -> dict[str, Any]:
    own = {name: value for name, value in target.items() if name not in ("refId", "datasource", "hide")}
    spec = {"query": _query(own), "refId": target["refId"], "hidden": bool(target.get("hide", False))}
    return {"kind": "PanelQuery", "spec": spec}


def _query(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A query of the data source that is chosen above the dashboard."""
    return {
        "kind": "DataQuery",
        "group": "prometheus",
        "version": _VERSION,
        "datasource": {"name": "${datasource}"},
        "spec": spec,
    }


def _transformation(one: Body, version: SchemaV2) -> dict[str, Any]:
    if version == "v2":
        return {"kind": "Transformation", "group": one["id"], "spec": {"options": one["options"]}}
    return {"kind": one["id"], "spec": {"id": one["id"], "options": one["options"]}}


def _panel_link(link: Body) -> dict[str, Any]:
    return {"title": link["title"], "url": link["url"], "targetBlank": link["targetBlank"]}


def _dashboard_link(link: Body) -> dict[str, Any]:
    named = ("title", "type", "icon", "tooltip", "url", "tags", "asDropdown", "targetBlank", "includeVars", "keepTime")
    return {name: link[name] for name in named if name in link}


def _variable(one: Body) -> dict[str, Any]:
    shared = {
        "name": one["name"],
        "label": one["label"],
        "options": [],
        "multi": one["multi"],
        "includeAll": one["includeAll"],
        "hide": "dontHide",
        "skipUrlSync": False,
        "allowCustomValue": True,
    }
    if one["type"] == "custom":
        own = {"current": _option(one["current"]), "query": one["query"], "options": list(map(_option, one["options"]))}
        return {"kind": "CustomVariable", "spec": {**shared, **own}}
    asked = {**shared, "refresh": _REFRESH[one["refresh"]], "regex": ""}
    if one["type"] == "datasource":
        current = {"text": "", "value": ""}
        return {"kind": "DatasourceVariable", "spec": {**asked, "pluginId": one["query"], "current": current}}
    own = {
        "current": _option(one["current"]),
        "query": _query(one["query"]),
        "definition": one["definition"],
        "sort": _SORT[one["sort"]],
        "allValue": one["allValue"],
    }
    return {"kind": "QueryVariable", "spec": {**asked, **own}}


def _option(one: Body) -> dict[str, Any]:
    return {name: one[name] for name in ("text", "value")}


def _annotation(one: Body) -> dict[str, Any]:
    texts = {name: one[name] for name in ("tagKeys", "textFormat", "titleFormat") if name in one}
    return {
        "kind": "AnnotationQuery",
        "spec": {
            "query": _query(one["target"]),
            "enable": one["enable"],
            "hide": False,
            "iconColor": one["iconColor"],
            "name": one["name"],
            "legacyOptions": texts,
        },
    }
