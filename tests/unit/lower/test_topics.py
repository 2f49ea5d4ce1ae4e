"""Dashboards of the whole platform: which there are, and what they say about tiers, teams, levels and links."""

from __future__ import annotations

from dataclasses import replace

import pytest

from obsgen.ir.topics import Listing, Note, Question
from obsgen.lower.told import tier_of
from obsgen.lower.topics.capacity import capacity_view
from obsgen.lower.topics.choice import topics
from obsgen.lower.topics.frame import tier_questions
from obsgen.lower.topics.overview import COMPONENTS, layer_view, overview
from obsgen.promql.parse import nodes, parse, selector_of
from obsgen.spec.stack import TOPICS
from tests.compiled import shipped_spec

ALL = [
    "overview",
    "infrastructure",
    "kubernetes",
    "application",
    "alerts",
    "monitoring",
    "capacity",
    "node",
    "namespace",
    "workload",
]


def asking_for(stack, *wanted):
    grafana = stack.environment.grafana.model_copy(update={"views": list(wanted)})
    return replace(stack, environment=stack.environment.model_copy(update={"grafana": grafana}))


def entries(view):
    return [entry for row in view.rows for entry in row.entries]


def questions(view):
    return {one.title: one for one in entries(view) if isinstance(one, Question)}


@pytest.fixture(scope="session")
def production():
    return shipped_spec("production")


def test_there_is_one_for_each_topic_and_layer(example):
    assert [view.topic for view in topics(example.stack)] == ALL
    assert set(TOPICS) - {"layer"} <= set(ALL)


def test_a_layer_that_nobody_uses_has_none(example):
    without = replace(example.stack, components=tuple(c for c in example.stack.components if c.layer != "application"))
    assert [view.topic for view in topics(without)] == [topic for topic in ALL if topic != "application"]


def test_without_the_capacity_pack_nobody_scrapes_what_the_drill_downs_show(example):
    without = replace(example.stack, components=tuple(c for c in example.stack.components if c.pack != "capacity"))
    assert [view.topic for view in topics(without)] == ALL[:6]


def test_a_spec_may_ask_for_some(example):
    assert [view.topic for view in topics(asking_for(example.stack, "overview", "capacity"))] == [
        "overview",
        "capacity",
    ]
    assert list(topics(asking_for(example.stack))) == []


def test_what_is_not_asked_for_is_not_linked_to(example):
    overview_view, capacity = topics(asking_for(example.stack, "overview", "capacity"))
    assert [one.uid for one in overview_view.neighbours] == ["obsgen-example-all-capacity"]
    assert not [one for one in questions(overview_view).values() if one.leads_to]
    assert [one.links for one in entries(capacity) if isinstance(one, Listing)] == [(), ()]


@pytest.mark.parametrize(
    "labels",
    [
        {"severity": "critical"},
        {"severity": "critical", "tier": "P2"},
        {"severity": "warning"},
        {"severity": "info"},
        {"severity": "none"},
    ],
)
def test_an_alert_is_counted_in_the_tier_that_it_is_routed_by(labels):
    """The matchers of the panels against the rule by which alerts are routed."""
    counted = []
    for question in tier_questions():
        selector = next(
            selector_of(node)
            for node in nodes(parse(question.asked[0].expr))
            if type(node).__name__ == "VectorSelector"
        )
        known = {"__name__": "ALERTS", "alertstate": "firing", **labels}
        if all(one.matches(known.get(one.name, "")) for one in selector.matchers if one.name != "cluster"):
            counted.append(question.title.removesuffix(" firing"))
    assert counted == ([tier_of(labels)] if tier_of(labels) else [])


def test_an_alert_without_a_cluster_is_shown_whichever_is_chosen(example):
    for view in topics(example.stack):
        for _, asked in view.queries():
            if "ALERTS{" in asked.expr and "ObsgenWatchdog" not in asked.expr:
                assert 'cluster=~"$cluster|"' in asked.expr


def test_the_overview_names_every_component_its_team_and_its_runbook(production):
    view = overview(production.stack, ())
    (directory,) = (one for one in entries(view) if isinstance(one, Note))
    for one in production.stack.components:
        line = next(text for text in directory.text.splitlines() if text.startswith(f"| [{one.name}]("))
        assert f"| {one.team} |" in line
        assert f"/{one.name}.md)" in line
        assert ("objectives" in line) == bool(one.objectives)


def test_each_team_has_a_line_of_its_own(production):
    asked = questions(overview(production.stack, ()))["Firing by team"].asked
    assert [one.name for one in asked] == ["commerce", "machines", "platform"]


def test_a_layer_shows_signals_that_alerts_watch_and_leads_to_their_dashboard(example):
    etcd = next(one for one in example.stack.components if one.name == "etcd")
    view = layer_view("kubernetes", (etcd,), example.stack)
    row = next(row for row in view.rows if row.title == "etcd (platform)")
    shown = [one for one in row.entries if isinstance(one, Question)]
    assert all(one.leads_to == "obsgen-example-etcd" for one in shown)
    assert all(one.lines and one.alerts for one in shown[1:])
    assert not [one for one in shown if "$instance" in one.asked[0].expr]


def test_a_layer_with_many_components_stays_readable(example):
    orders = next(one for one in example.stack.components if one.name == "orders")
    many = tuple(replace(orders, name=f"orders-{number}") for number in range(40))
    stack = replace(example.stack, components=many)
    assert len(layer_view("application", many, stack).rows) == COMPONENTS + 2
    (tiles,) = (one for one in questions(overview(stack, ())).values() if one.title.startswith("Layer"))
    assert len(tiles.asked) == 1


def test_the_levels_of_capacity_are_those_of_the_spec(example):
    capacity = next(one for one in example.stack.components if one.pack == "capacity")
    shown = questions(capacity_view(capacity, example.stack))
    marks = example.stack.capacity.watermarks
    for title, resource in (("CPU", "cpu"), ("Memory", "memory")):
        lines = [line.value for line in shown[f"{title} in use in 7 days"].lines]
        assert sorted(lines) == [marks[resource].warning.value, marks[resource].critical.value]
        headroom = shown[f"{title}: headroom"].asked[0].expr
        assert headroom.startswith(f"{marks[resource].critical.value:g} * ")


def test_who_is_told_is_what_the_spec_says(production):
    (view,) = (one for one in topics(production.stack) if one.topic == "alerts")
    told = next(one for one in entries(view) if isinstance(one, Note)).text
    row = next(line for line in told.splitlines() if line.startswith("| platform |"))
    assert "platform-pager (always), platform-chat (always)" in row
    assert "platform-desk (working)" in row
    assert "- commerce, layer kubernetes, P1: platform-pager" in told


def test_a_row_leads_to_what_it_names_with_its_own_cluster_and_namespace(example):
    (view,) = (one for one in topics(example.stack) if one.topic == "namespace")
    (pods,) = (one for one in entries(view) if isinstance(one, Listing))
    assert [(one.label, one.uid, one.variable, one.along) for one in pods.links] == [
        ("namespace", "obsgen-example-all-namespace", "namespace", ("cluster",)),
        ("pod", "obsgen-example-all-workload", "pod", ("cluster", "namespace")),
    ]
