import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import jsonschema_rs
import pytest

from obsgen.emit.grafana.load import dashboard_json
from obsgen.emit.grafana.schema_v2 import dashboard_v2
from obsgen.lower.one_cluster import in_one_cluster
from tests.compiled import shipped_spec
from tests.schemas import grafana

SPECS = ("example", "objectives", "production")

CONFIG = Path(__file__).parents[3] / "config"
EMITTED = [(spec, view) for spec in SPECS for view in shipped_spec(spec).bundle.views]
# One of each kind as it is where series lack the cluster.
ONE_OF_EACH = {view.kind: view for _, view in EMITTED}.values()
EMITTED += [("", replace(in_one_cluster(one, "a"), uid=f"one-{one.uid}")) for one in ONE_OF_EACH]


@pytest.fixture(
    params=["node_view", "etcd_view", "orders_objectives", "many_objectives", *EMITTED],
    ids=lambda one: one if isinstance(one, str) else one[1].uid,
)
def drawn(request, views_folder):
    """Views made for tests, and every dashboard of the shipped specs."""
    view = request.getfixturevalue(request.param) if isinstance(request.param, str) else request.param[1]
    return json.loads(dashboard_json(view, views_folder))


@lru_cache
def validator(name, definition):
    return jsonschema_rs.validator_for(grafana.schema(name, definition))


def findings(checker, body):
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message[:300]}" for error in checker.iter_errors(body)]


def panels_of(dashboard):
    inside = [inner for panel in dashboard["panels"] for inner in panel.get("panels", [])]
    return [panel for panel in dashboard["panels"] + inside if panel["type"] != "row"]


def test_the_dashboard_is_what_grafana_stores(drawn):
    assert findings(validator("dashboard", "Dashboard"), drawn) == []


@pytest.mark.parametrize("version", ["v2beta1", "v2"])
def test_the_second_schema_holds_the_same_panels(drawn, version):
    body = dashboard_v2(drawn, version)
    assert findings(validator(f"dashboard{version}", "Dashboard"), body) == []
    placed = [
        item["spec"]["element"]["name"]
        for row in body["layout"]["spec"]["rows"]
        for item in row["spec"]["layout"]["spec"]["items"]
    ]
    assert sorted(placed) == sorted(body["elements"]) == sorted(f"panel-{panel['id']}" for panel in panels_of(drawn))
    asked = [query["spec"]["query"]["spec"]["expr"] for one in body["elements"].values() for query in queries(one)]
    assert asked == [target["expr"] for panel in ordered(drawn) for target in panel.get("targets", [])]


def queries(element):
    return element["spec"]["data"]["spec"]["queries"]


def ordered(dashboard):
    return [one for panel in dashboard["panels"] for one in (panel["panels"] if panel["type"] == "row" else [panel])]


def test_the_options_of_each_panel_are_those_of_its_plugin(drawn):
    for panel in panels_of(drawn):
        assert findings(validator(panel["type"], "Options"), panel["options"]) == [], panel["title"]


@pytest.mark.parametrize("plugin", ["timeseries", "table"])
def test_the_custom_settings_of_fields_are_those_of_the_plugin(drawn, plugin):
    for panel in panels_of(drawn):
        if panel["type"] != plugin:
            continue
        custom = panel["fieldConfig"]["defaults"]["custom"]
        assert findings(validator(plugin, "FieldConfig"), custom) == [], panel["title"]


def test_the_queries_are_prometheus_queries(drawn):
    for panel in panels_of(drawn):
        for target in panel.get("targets", []):
            assert findings(validator("prometheus", "Dataquery"), target) == [], panel["title"]


def test_the_units_are_grafanas(drawn):
    units = {panel["fieldConfig"]["defaults"]["unit"] for panel in panels_of(drawn) if "fieldConfig" in panel}
    assert units <= grafana.units()


def test_the_schemas_would_find_a_mistake(drawn):
    drawn["panels"][0]["fieldConfig"]["defaults"]["thresholds"]["steps"][0]["value"] = "null"
    assert findings(validator("dashboard", "Dashboard"), drawn)
    panel = panels_of(drawn)[0]
    assert findings(validator("stat", "Options"), {**panel["options"], "graphMode": "curve"})


@pytest.mark.parametrize("version", ["v2beta1", "v2"])
def test_the_second_schema_would_find_a_mistake(drawn, version):
    body = dashboard_v2(drawn, version)
    next(iter(body["elements"].values()))["spec"]["titel"] = ""
    assert findings(validator(f"dashboard{version}", "Dashboard"), body)
