"""What holds for every dashboard, whatever view draws it."""

from __future__ import annotations

import json
import re
from itertools import combinations

import promql_parser
import pytest

from obsgen.emit.grafana.load import dashboard_json, panel_queries

SEVERITY_COLORS = {"red", "orange", "blue"}


@pytest.fixture(params=["node_view", "etcd_view", "orders_objectives", "many_objectives"])
def any_view(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def drawn(any_view, views_folder):
    return json.loads(dashboard_json(any_view, views_folder))


def with_inner(panels):
    return [found for panel in panels for found in (panel, *with_inner(panel.get("panels", [])))]


def null_paths(body, path=""):
    if isinstance(body, dict):
        return {found for key, value in body.items() for found in null_paths(value, f"{path}.{key}")}
    if isinstance(body, list):
        return {found for value in body for found in null_paths(value, path)}
    return {path} if body is None else set()


def used_variables(body):
    names = re.findall(r"\$\{?(\w+)", json.dumps(body))
    return {name for name in names if not name.startswith("__")}


def test_panels_do_not_overlap(drawn):
    for panels in (drawn["panels"], *(panel.get("panels", []) for panel in drawn["panels"])):
        places = [panel["gridPos"] for panel in panels]
        assert all(place["x"] + place["w"] <= 24 for place in places)
        for one, other in combinations(places, 2):
            apart_x = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
            apart_y = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
            assert apart_x or apart_y, (one, other)


def test_ids_count_up_in_reading_order(drawn):
    ids = [panel["id"] for panel in with_inner(drawn["panels"])]
    assert ids == list(range(1, len(ids) + 1))


def test_only_the_base_of_thresholds_is_null(drawn):
    assert {path.split(".", 2)[-1].removeprefix("panels.") for path in null_paths(drawn)} == {
        "fieldConfig.defaults.thresholds.steps.value"
    }


def test_every_target_has_its_reference_and_the_chosen_datasource(drawn):
    for panel in with_inner(drawn["panels"]):
        targets = panel.get("targets", [])
        assert [target["refId"] for target in targets] == ["A", "B"][: len(targets)]
        assert all(target["datasource"] == {"type": "prometheus", "uid": "${datasource}"} for target in targets)
        assert panel["type"] in {"row", "text"} or targets


def test_every_variable_that_is_used_is_defined_before(drawn):
    defined = set()
    for variable in drawn["templating"]["list"]:
        assert used_variables(variable) <= defined
        defined.add(variable["name"])
    assert used_variables({key: drawn[key] for key in ("panels", "annotations", "links")}) <= defined


def test_every_query_parses_once_grafana_has_filled_it_in(drawn):
    annotations = [note["target"]["expr"] for note in drawn["annotations"]["list"]]
    queries = [expr for _, expr, _ in panel_queries(drawn)] + annotations
    for query in queries:
        filled = re.sub(r"\$\w+", ".+", query.replace("$__rate_interval", "2m"))
        assert promql_parser.parse(filled)


def test_two_runs_give_the_same_bytes(any_view, views_folder):
    assert dashboard_json(any_view, views_folder) == dashboard_json(any_view, views_folder)


def test_keys_are_sorted_and_the_text_ends_with_a_newline(any_view, views_folder):
    text = dashboard_json(any_view, views_folder)
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def open_panels(dashboard):
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def test_no_data_does_not_look_like_good_data(drawn):
    for panel in with_inner(drawn["panels"]):
        if panel["type"] in {"row", "text"}:
            continue
        defaults = panel["fieldConfig"]["defaults"]
        assert defaults["noValue"]
        if panel["type"] == "stat":
            (mapping,) = defaults["mappings"]
            assert mapping["options"]["match"] == "null+nan"
            assert mapping["options"]["result"]["color"] not in {"green", *SEVERITY_COLORS}


def test_every_panel_has_a_title_a_description_and_a_unit(drawn):
    for panel in with_inner(drawn["panels"]):
        assert panel["title"]
        if panel["type"] not in {"row", "text"}:
            assert panel["description"]
            assert panel["fieldConfig"]["defaults"]["unit"]


def test_at_most_40_panels_are_open(drawn):
    assert len(open_panels(drawn)) <= 40
