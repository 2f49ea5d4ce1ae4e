import json
from functools import lru_cache
from pathlib import Path

import jsonschema_rs
import pytest

from obsgen.emit.grafana.load import dashboard_json
from obsgen.emit.grafana.schema_v2 import dashboard_v2
from obsgen.pipeline import compile_stack

SPECS = ("example", "objectives", "production")
SCHEMAS = Path(__file__).parents[4] / "shared" / "schemas" / "grafana"

# Properties that these schemas describe otherwise than Grafana stores them: here they may hold anything.
_V2_FLAWS = [
    ("MatcherConfig", "options"),
    ("DynamicConfigValue", "value"),
    ("AnnotationQuerySpec", "legacyOptions"),  # objects, where the classic form's texts are kept
]
KNOWN_FLAWS = {
    "dashboard": [
        ("VariableModel", "query"),  # a string, or an object that may hold only objects
        ("MatcherConfig", "options"),  # an object, where a matcher by name has the name
        ("DynamicConfigValue", "value"),  # an object, where a unit is text and links are a list
    ],
    "dashboardv2": _V2_FLAWS,
    "dashboardv2beta1": _V2_FLAWS,
    "table": [("TableFieldOptions", "cellOptions")],  # one of nine shapes that all take the same types
}


@pytest.fixture(scope="session", autouse=True)
def _schemas_at_hand():
    if not SCHEMAS.is_dir():
        pytest.skip("Grafana's JSON schemas are not at ../shared/schemas/grafana")


CONFIG = Path(__file__).parents[3] / "config"
EMITTED = [(spec, view) for spec in SPECS for view in compile_stack(CONFIG / f"{spec}.yaml").bundle.views]


@pytest.fixture(
    params=["node_view", "etcd_view", "orders_objectives", "many_objectives", *EMITTED],
    ids=lambda one: one if isinstance(one, str) else one[1].uid,
)
def drawn(request, views_folder):
    """Views made for tests, and every dashboard of the shipped specs."""
    view = request.getfixturevalue(request.param) if isinstance(request.param, str) else request.param[1]
    return json.loads(dashboard_json(view, views_folder))


@lru_cache
def validator(name, definition=None):
    schema = json.loads((SCHEMAS / f"{name}.jsonschema.json").read_text())
    for owner, part in KNOWN_FLAWS.get(name, ()):
        assert part in schema["definitions"][owner]["properties"]
        schema["definitions"][owner]["properties"][part] = {}
    if definition:
        schema["$ref"] = f"#/definitions/{definition}"
    return jsonschema_rs.validator_for(schema)


def findings(checker, body):
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message[:300]}" for error in checker.iter_errors(body)]


def panels_of(dashboard):
    inside = [inner for panel in dashboard["panels"] for inner in panel.get("panels", [])]
    return [panel for panel in dashboard["panels"] + inside if panel["type"] != "row"]


def test_the_dashboard_is_what_grafana_stores(drawn):
    assert findings(validator("dashboard"), drawn) == []


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
            assert findings(validator("prometheus"), target) == [], panel["title"]


def test_the_units_are_grafanas(drawn):
    known = json.dumps(json.loads((SCHEMAS / "units.jsonschema.json").read_text()))
    for panel in panels_of(drawn):
        if "fieldConfig" in panel:
            assert f'"{panel["fieldConfig"]["defaults"]["unit"]}"' in known


def test_the_schemas_would_find_a_mistake(drawn):
    drawn["panels"][0]["fieldConfig"]["defaults"]["thresholds"]["steps"][0]["value"] = "null"
    assert findings(validator("dashboard"), drawn)
    panel = panels_of(drawn)[0]
    assert findings(validator("stat", "Options"), {**panel["options"], "graphMode": "curve"})
