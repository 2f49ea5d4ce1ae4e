"""The dashboard of a component's objectives: what it answers first, and whose numbers its lines are."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from obsgen.emit.grafana.load import dashboard_json

RUNBOOK = "https://git.example.com/ops/monitoring/blob/main/manifests/runbooks/orders.md"


def stats(dashboard):
    return [panel["title"] for panel in dashboard["panels"] if panel["type"] == "stat"]


def rows(dashboard):
    return {panel["title"]: panel["collapsed"] for panel in dashboard["panels"] if panel["type"] == "row"}


def below(dashboard, row):
    """The panels under an open row, up to the next one, by title."""
    titles = [panel["title"] if panel["type"] == "row" else None for panel in dashboard["panels"]]
    first = titles.index(row) + 1
    last = next((place for place in range(first, len(titles)) if titles[place]), len(titles))
    return {panel["title"]: panel for panel in dashboard["panels"][first:last]}


def named(dashboard, title):
    (panel,) = [panel for panel in dashboard["panels"] if panel["title"] == title]
    return panel


def steps_of(panel):
    return [(step["value"], step["color"]) for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]]


def test_the_first_screen_has_four_numbers_for_each_objective(objectives_dashboard):
    assert stats(objectives_dashboard)[:4] == [
        "Success: budget left",
        "Success: burn rate",
        "Success: failed, target 99.9%",
        "Success: firing alerts",
    ]
    assert len(stats(objectives_dashboard)) == 12
    assert named(objectives_dashboard, "Which alerts fire")["gridPos"]["y"] == 12


def test_the_budget_turns_orange_where_the_policy_asks_and_red_where_it_is_spent(objectives_dashboard):
    state = named(objectives_dashboard, "Success: budget left")
    graph = below(objectives_dashboard, "Success: 99.9% over 30d")["Budget left"]
    assert steps_of(state) == [(None, "red"), (0, "orange"), (0.1, "green")]
    assert steps_of(graph) == [(None, "red"), (0, "orange"), (0.1, "transparent")]
    assert graph["fieldConfig"]["defaults"]["custom"]["thresholdsStyle"]["mode"] == "line"


def test_without_a_policy_only_a_spent_budget_is_coloured(objectives_dashboard):
    assert steps_of(named(objectives_dashboard, "Reachable: budget left")) == [(None, "red"), (0, "green")]


def test_each_tier_has_a_panel_with_the_alerts_factor_as_its_line(orders_objectives, objectives_dashboard):
    panels = below(objectives_dashboard, "Success: 99.9% over 30d")
    lines = {title: steps_of(panel)[1:] for title, panel in panels.items() if title.startswith("Burn rate")}
    assert lines == {
        "Burn rate over 1h and 5m": [(14.4, "red")],
        "Burn rate over 6h and 30m": [(6.0, "red")],
        "Burn rate over 1d and 2h": [(3.0, "orange")],
        "Burn rate over 3d and 6h": [(1.0, "orange")],
    }
    for burn in orders_objectives.objectives[0].burns:
        assert burn.factor * 0.001 == burn.threshold


def test_a_burn_panel_says_when_the_alert_fires(objectives_dashboard):
    panel = below(objectives_dashboard, "Success: 99.9% over 30d")["Burn rate over 1h and 5m"]
    assert (
        "The alert (critical) fires while both are above the line at 14.4, "
        "where 0.0144 of all events fail, and at least 1 failed."
    ) in panel["description"]
    assert [target["legendFormat"] for target in panel["targets"]] == ["1h {{cluster}}", "5m {{cluster}}"]


def test_the_share_of_failures_is_seen_against_the_budget(objectives_dashboard):
    failed = below(objectives_dashboard, "Success: 99.9% over 30d")["Failed events"]
    assert steps_of(failed) == [(None, "transparent"), (0.001, "blue")]
    assert steps_of(named(objectives_dashboard, "Success: failed, target 99.9%")) == [(None, "green"), (0.001, "red")]


def test_the_burn_rate_now_is_coloured_by_the_alert_over_its_hour(objectives_dashboard):
    (_, base), (one, lasting), (factor, page) = steps_of(named(objectives_dashboard, "Success: burn rate"))
    assert (base, lasting, page) == ("green", "blue", "red")
    assert 1 < one < 1.0001
    assert factor == 14.4


def test_only_objectives_by_group_have_a_table_of_groups(objectives_dashboard):
    groups = below(objectives_dashboard, "Regional: 99.9% over 30d")["Budget left by group"]
    (query,) = groups["targets"]
    assert query["expr"].startswith("sort(bottomk(50, min by (cluster, region, sales_channel) (objective:error_budget:")
    assert groups["transformations"][0]["options"]["renameByName"] == {
        "cluster": "Cluster",
        "region": "Region",
        "sales_channel": "Sales channel",
        "Value": "Budget left",
    }
    assert "Budget left by group" not in below(objectives_dashboard, "Success: 99.9% over 30d")


def test_a_gauge_counts_time_and_a_month_is_called_one(objectives_dashboard):
    panels = below(objectives_dashboard, "Reachable: 99.9% in the calendar month")
    assert list(panels) == ["Budget left", "Time watched and failed", "Failed time"]
    assert panels["Time watched and failed"]["fieldConfig"]["defaults"]["unit"] == "short"
    assert below(objectives_dashboard, "Success: 99.9% over 30d")["Events"]["fieldConfig"]["defaults"]["unit"] == "ops"


def test_the_alerts_of_the_component_are_counted_for_each_objective(objectives_dashboard):
    (query,) = named(objectives_dashboard, "Regional: firing alerts")["targets"]
    assert query["expr"] == (
        'count(ALERTS{alertstate="firing",component="orders",objective="regional",cluster=~"$cluster"}) or vector(0)'
    )
    (table,) = named(objectives_dashboard, "Which alerts fire")["targets"]
    assert 'ALERTS{alertstate="firing",component="orders",objective!=""}' in table["expr"]


def test_variables_are_cluster_objective_and_the_labels_of_all_objectives(objectives_dashboard):
    asked = {one["name"]: one.get("definition") for one in objectives_dashboard["templating"]["list"]}
    narrowed = 'component="orders",cluster=~"$cluster"'
    assert asked == {
        "datasource": None,
        "cluster": 'label_values(objective:target:ratio{component="orders"}, cluster)',
        "objective": f"label_values(objective:target:ratio{{{narrowed}}}, objective)",
        "region": f'label_values(objective:error_budget:remaining{{{narrowed},objective=~"$objective"}}, region)',
        "sales_channel": (
            f'label_values(objective:error_budget:remaining{{{narrowed},objective=~"$objective",region=~"$region"}}, '
            "sales_channel)"
        ),
    }


def test_descriptions_lead_to_the_sections_of_the_runbook(objectives_dashboard):
    description = named(objectives_dashboard, "Success: budget left")["description"]
    assert f"[ErrorBudgetBurn]({RUNBOOK}#errorbudgetburn)" in description
    assert f"[ErrorBudgetSpent]({RUNBOOK}#errorbudgetspent)" in description
    assert "No alert watches this objective." in named(objectives_dashboard, "Reachable: budget left")["description"]


def test_without_a_runbook_alerts_are_named_and_not_linked(orders_objectives, views_folder):
    drawn = json.loads(dashboard_json(replace(orders_objectives, runbook_url="", pack_uid=""), views_folder))
    assert "](" not in json.dumps(drawn)
    assert "Alerts: ErrorBudgetBurn, ErrorBudgetSpent" in named(drawn, "Success: budget left")["description"]
    assert [link["title"] for link in drawn["links"]] == ["Dashboards"]


def test_the_two_dashboards_of_a_component_lead_to_each_other(objectives_dashboard, promising_views, views_folder):
    pack, objectives = promising_views["orders"]
    forth = next(link for link in objectives_dashboard["links"] if link["title"] == "Signals")
    drawn = json.loads(dashboard_json(pack, views_folder))
    back = next(link for link in drawn["links"] if link["title"] == "Objectives")
    assert (forth["url"], back["url"]) == (f"/d/{pack.uid}", f"/d/{objectives.uid}")
    assert all(link["keepTime"] and link["includeVars"] for link in (forth, back))


@pytest.fixture
def promising_views(promising_bundle):
    found = {}
    for view in promising_bundle.views:
        if view.kind != "topic":
            found.setdefault(view.component, []).append(view)
    return found


def test_only_a_component_with_objectives_has_the_second_dashboard(promising_views):
    assert {name: [view.kind for view in views] for name, views in promising_views.items()} == {
        "node": ["pack"],
        "etcd": ["pack"],
        "capacity": ["pack"],
        "orders": ["pack", "objectives"],
    }


def test_with_many_objectives_the_first_rows_are_open_and_none_is_lost(many_objectives, views_folder):
    drawn = json.loads(dashboard_json(many_objectives, views_folder))
    collapsed = rows(drawn)
    assert collapsed["More objectives"]
    assert not collapsed["Promise-0: 99.9% over 30d"]
    assert collapsed["Promise-8: 99.9% over 30d"]
    assert len(collapsed) == 11
    (more,) = [panel for panel in drawn["panels"] if panel["title"] == "More objectives"]
    assert len(stats(drawn)) + len(more["panels"]) == 9 * 4
