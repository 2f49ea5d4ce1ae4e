from grafanalib import core

from obsgen.emit.grafana.dashboard import Dashboard
from obsgen.emit.grafana.prune import DEAD_DASHBOARD_KEYS, DEAD_PANEL_KEYS, DEAD_TARGET_KEYS
from obsgen.emit.grafana.thresholds import Step


def raw_dashboard():
    """A panel straight from grafanalib, as a view of one's own may hold it."""
    target = core.Target(expr="up", refId="A")
    panel = core.BarChart(title="Up", targets=[target], thresholds=[Step("green"), Step("red", 1.0)])
    return Dashboard(title="Raw", panels=[panel])


def nulls(body, path=()):
    if isinstance(body, dict):
        return [found for key, value in body.items() for found in nulls(value, (*path, key))]
    if isinstance(body, list):
        return [found for value in body for found in nulls(value, path)]
    return [path] if body is None else []


def test_dead_keys_go_even_from_panels_that_grafanalib_drew():
    body = raw_dashboard().to_json_data()
    (panel,) = body["panels"]
    assert not DEAD_DASHBOARD_KEYS & body.keys()
    assert not DEAD_PANEL_KEYS & panel.keys()
    assert not DEAD_TARGET_KEYS & panel["targets"][0].keys()


def test_the_base_of_a_threshold_is_the_only_null():
    assert nulls(raw_dashboard().to_json_data()) == [
        ("panels", "fieldConfig", "defaults", "thresholds", "steps", "value")
    ]


def test_lists_that_say_nothing_go():
    (panel,) = raw_dashboard().to_json_data()["panels"]
    assert not {"links", "transformations"} & panel.keys()
    assert [target["expr"] for target in panel["targets"]] == ["up"]


def test_nothing_of_grafanalibs_defaults_hides_the_crosshair():
    body = raw_dashboard().to_json_data()
    assert (body["schemaVersion"], body["graphTooltip"]) == (42, 1)
