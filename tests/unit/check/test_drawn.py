"""Every principle of the dashboards: kept by those that are shipped, and found where one is broken."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from obsgen.check.drawn import LARGEST, dead_links, heavy, unruly
from obsgen.check.own import ADVICE, LATER
from obsgen.check.panels import broken_topic, foreign_threshold, lost_legend, unknown_panel_metric
from obsgen.emit.grafana.load import dashboard_body
from obsgen.ir.topics import Asked, Question, TopicRow
from obsgen.ir.views import ThresholdLine
from obsgen.pipeline import Compiled
from obsgen.spec.shipped import shipped
from tests.compiled import shipped_spec

CPU = Question("Cores", "In use.", "short", (Asked("sum(up)"),), over_time=True)


@pytest.fixture
def body(example: Compiled) -> dict[str, Any]:
    """The overview as it is drawn, to be spoiled."""
    view = next(one for one in example.bundle.views if one.component == "overview")
    return json.loads(json.dumps(dashboard_body(view, shipped("dashboards"))))


def with_question(example: Compiled, question: Question):
    """The example with one dashboard of one panel."""
    view = next(one for one in example.bundle.views if one.component == "capacity" and one.kind == "topic")
    alone = replace(view, rows=(TopicRow("", (question,)),), metrics=())
    return example.stack, replace(example.bundle, views=(alone,))


def codes(found) -> list[str]:
    return [one.code for one in found]


def messages(found) -> list[str]:
    return [one.message.partition(": ")[2] for one in found]


@pytest.mark.parametrize("spec", ["example", "objectives", "production", "starter"])
def test_the_shipped_specs_break_none(spec):
    compiled = shipped_spec(spec)
    assert [one for check in (*LATER, *ADVICE) for one in check(compiled.stack, compiled.bundle)] == []


def test_a_dashboard_as_it_is_drawn_keeps_all_rules(body):
    assert list(unruly(body, own_queries=True)) == []


def test_the_datasource_comes_first(body):
    body["templating"]["list"].reverse()
    assert messages(unruly(body, own_queries=True)) == ["its first variable is not the datasource"]


def test_the_crosshair_is_shared(body):
    body["graphTooltip"] = 0
    assert messages(unruly(body, own_queries=True)) == ["its graphs do not share one crosshair"]


def test_panels_do_not_overlap(body):
    first, second, *_ = body["panels"]
    second["gridPos"]["x"] = first["gridPos"]["x"] + 1
    assert f"panels '{first['title']}' and '{second['title']}' overlap" in messages(unruly(body, own_queries=True))


def test_at_most_40_panels_are_open(body):
    last = body["panels"][-1]["gridPos"]["y"] + 100
    panel = body["panels"][0]
    body["panels"] += [{**panel, "gridPos": {"x": 0, "y": last + number, "w": 24, "h": 1}} for number in range(40)]
    (found,) = messages(unruly(body, own_queries=True))
    assert found.endswith("panels are open, more than 40")


@pytest.mark.parametrize(
    ("part", "key", "found"),
    [
        ("panel", "description", "panel 'P1 firing' has no description"),
        ("panel", "title", "a panel has no title"),
        ("panel", "targets", "panel 'P1 firing' asks nothing"),
        ("field", "unit", "panel 'P1 firing' has no unit"),
        ("field", "noValue", "panel 'P1 firing' has no text for no value"),
    ],
)
def test_a_panel_says_what_it_shows(body, part, key, found):
    panel = body["panels"][0]
    del (panel if part == "panel" else panel["fieldConfig"]["defaults"])[key]
    assert messages(unruly(body, own_queries=True)) == [found]


def test_rates_follow_the_width_of_the_graph_in_queries_of_our_own(body):
    body["panels"][0]["targets"][0]["expr"] = 'sum(rate(http_requests_total{code="500"}[5m]))'
    (found,) = messages(unruly(body, own_queries=True))
    assert found == "panel 'P1 firing' takes a rate over a fixed window instead of $__rate_interval"
    assert not list(unruly(body, own_queries=False))


def test_links_lead_to_dashboards_that_are_emitted(body, example):
    uids = {view.uid for view in example.bundle.views}
    components = {one.name for one in example.stack.components}
    assert list(dead_links(body, uids, components)) == []
    assert codes(dead_links(body, uids - {"obsgen-example-etcd"}, components)) == ["OBS446"] * 2
    assert codes(dead_links(body, uids - {"obsgen-example-all-alerts"}, components)) == ["OBS446"] * 2


def test_links_keep_the_time_range_and_the_variables(body, example):
    uids = {view.uid for view in example.bundle.views}
    text = json.dumps(body).replace("$__all_variables", "").replace('"keepTime": true', '"keepTime": false')
    found = list(dead_links(json.loads(text), uids, set()))
    assert found
    assert all("without time range or variables" in one.message for one in found)


def test_a_dashboard_fits_into_the_annotation_of_kubectl_apply():
    assert list(heavy("full", "x" * LARGEST)) == []
    (found,) = heavy("fuller", "x" * (LARGEST + 1))
    assert (found.code, found.level) == ("OBS448", "warning")


def test_a_metric_that_nobody_declares_is_found(example):
    stack, bundle = with_question(example, replace(CPU, asked=(Asked("sum(never_heard_of)"),)))
    (found,) = unknown_panel_metric(stack, bundle)
    assert found.code == "OBS443"
    assert "reads 'never_heard_of'" in found.message


def test_a_line_that_no_alert_has_is_found(example):
    stack, bundle = with_question(example, replace(CPU, lines=(ThresholdLine(0.123, "warning", above=True),)))
    assert codes(foreign_threshold(stack, bundle)) == ["OBS444"]


def test_a_name_by_a_label_that_is_dropped_is_found(example):
    asked = (Asked("sum by (cluster) (up)", "{{cluster}} {{node}}"),)
    stack, bundle = with_question(example, replace(CPU, asked=asked))
    assert codes(lost_legend(stack, bundle)) == ["OBS442"]


@pytest.mark.parametrize(("expr", "code"), [('up{pod="$pod"}', "OBS440"), ("sum(up", "OBS441")])
def test_a_query_about_the_platform_that_grafana_could_not_send_is_found(example, expr, code):
    stack, bundle = with_question(example, replace(CPU, asked=(Asked(expr),)))
    assert codes(broken_topic(stack, bundle)) == [code]
