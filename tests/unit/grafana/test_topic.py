"""How the view of topics looks: numbers for now, tiles by name, tables whose cells lead on."""

import json

import pytest

from obsgen.emit.grafana.load import dashboard_json


@pytest.fixture
def shown(example, views_folder):
    def draw(topic):
        view = next(one for one in example.bundle.views if one.kind == "topic" and one.topic == topic)
        return json.loads(dashboard_json(view, views_folder))

    return draw


def panel(body, title, kind):
    (found,) = (one for one in body["panels"] if (one["title"], one["type"]) == (title, kind))
    return found


def test_the_first_screen_of_the_overview_says_what_is_wrong_and_whose_it_is(shown):
    body = shown("overview")
    first = [(one["type"], one["title"]) for one in body["panels"] if one["gridPos"]["y"] <= 8]
    assert first == [
        *(("stat", f"{tier} firing") for tier in ("P1", "P2", "P3", "P4")),
        *(("stat", f"Layer {layer}: firing alerts") for layer in ("infrastructure", "kubernetes", "application")),
        ("table", "What fires, and whose it is"),
    ]


def test_a_count_of_what_should_not_be_turns_from_green_to_its_severity(shown):
    steps = [
        [
            step["color"]
            for step in panel(shown("overview"), f"{tier} firing", "stat")["fieldConfig"]["defaults"]["thresholds"][
                "steps"
            ]
        ]
        for tier in ("P1", "P3", "P4")
    ]
    assert steps == [["green", "red"], ["green", "orange"], ["green", "blue"]]


def test_tiles_carry_the_names_of_what_they_count(shown):
    tiles = panel(shown("overview"), "Layer kubernetes: firing alerts", "stat")
    assert tiles["options"]["textMode"] == "value_and_name"
    assert [target["legendFormat"] for target in tiles["targets"]] == ["etcd", "capacity"]
    assert tiles["links"][0]["url"] == "/d/obsgen-example-all-kubernetes?$__url_time_range&$__all_variables"


def test_the_cell_of_a_component_leads_to_its_dashboard(shown):
    table = panel(shown("overview"), "What fires, and whose it is", "table")
    (links,) = (one for one in table["fieldConfig"]["overrides"] if one["matcher"]["options"] == "Component")
    (link,) = links["properties"][0]["value"]
    assert link["url"] == "/d/obsgen-example-${__value.raw}?$__url_time_range&$__all_variables"


def test_the_cell_of_a_pod_takes_its_row_along(shown):
    table = panel(shown("namespace"), "Pods", "table")
    urls = [
        link["url"]
        for one in table["fieldConfig"]["overrides"]
        for setting in one["properties"]
        if setting["id"] == "links"
        for link in setting["value"]
    ]
    assert urls[1] == (
        "/d/obsgen-example-all-workload?var-pod=${__value.raw}&var-cluster=${__data.fields.Cluster}"
        "&var-namespace=${__data.fields.Namespace}&${datasource:queryparam}&$__url_time_range"
    )


def test_several_queries_of_a_table_become_columns_in_their_own_units(shown):
    table = panel(shown("namespace"), "Pods", "table")
    merge, organize = table["transformations"]
    assert merge["id"] == "merge"
    assert organize["options"]["renameByName"] == {
        "cluster": "Cluster",
        "namespace": "Namespace",
        "pod": "Pod",
        "Value #A": "Memory",
        "Value #B": "Memory requested",
        "Value #C": "CPU",
        "Value #D": "CPU requested",
    }
    units = {
        one["matcher"]["options"]: one["properties"][0]["value"]
        for one in table["fieldConfig"]["overrides"]
        if one["properties"][0]["id"] == "unit"
    }
    assert units == {"Memory": "bytes", "Memory requested": "bytes", "CPU": "short", "CPU requested": "short"}


def test_the_watermarks_of_the_spec_are_lines_and_lead_to_the_runbook(shown, example):
    memory = panel(shown("capacity"), "Memory in use, cluster", "timeseries")
    marks = example.stack.capacity.watermarks["memory"]
    values = [step["value"] for step in memory["fieldConfig"]["defaults"]["thresholds"]["steps"][1:]]
    assert values == [marks.warning.value, marks.critical.value]
    assert memory["links"][0]["title"] == "Runbook"
    assert memory["links"][0]["url"].endswith("/capacity.md")
