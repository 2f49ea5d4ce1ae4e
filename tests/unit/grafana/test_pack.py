import json
from dataclasses import replace

import promql_parser
import pytest

from obsgen.emit.grafana.load import dashboard_json, panel_queries
from obsgen.ir.views import SignalRow

SEVERITY_COLORS = {"red", "orange", "blue"}


def with_inner(panels):
    return [found for panel in panels for found in (panel, *with_inner(panel.get("panels", [])))]


def open_panels(dashboard):
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def of_type(dashboard, kind, title):
    (panel,) = [panel for panel in with_inner(dashboard["panels"]) if (panel["type"], panel["title"]) == (kind, title)]
    return panel


def steps_of(panel):
    return [(step["value"], step["color"]) for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]]


def signals(view):
    return [signal for row in view.rows for signal in row.signals]


def drawn_with(view, folder, signal_count, *, row_size):
    prototype = view.rows[0].signals[0]
    copies = [replace(prototype, name=f"s{n}", title=f"Signal {n}") for n in range(signal_count)]
    rows = tuple(SignalRow(f"Row {n}", tuple(copies[n : n + row_size])) for n in range(0, signal_count, row_size))
    return json.loads(dashboard_json(replace(view, rows=rows), folder))


def test_the_first_screen_says_whether_it_is_well(node_dashboard):
    stats = [panel["title"] for panel in node_dashboard["panels"] if panel["type"] == "stat"]
    assert stats == [
        "Firing alerts",
        "CPU utilization",
        "Memory available",
        "Disk I/O utilization",
        "Disk space",
        "Read-only file systems",
        "Clock offset",
    ]
    assert all(panel["gridPos"]["y"] < 8 for panel in node_dashboard["panels"] if panel["type"] == "stat")


def test_then_come_the_rows_of_the_view_with_a_graph_per_signal(any_view, drawn):
    graphs = [panel["title"] for panel in with_inner(drawn["panels"]) if panel["type"] == "timeseries"]
    assert graphs == [signal.title for signal in signals(any_view)]
    rows = [(panel["title"], panel["collapsed"]) for panel in drawn["panels"] if panel["type"] == "row"]
    assert rows == [*((row.title, row.collapsed) for row in any_view.rows), ("About", True)]


def test_the_number_of_firing_alerts_is_that_of_the_component(etcd_dashboard):
    panel = of_type(etcd_dashboard, "stat", "Firing alerts")
    assert panel["targets"][0]["expr"] == (
        'count(ALERTS{alertstate="firing",component="etcd",severity!="none"}) or vector(0)'
    )
    assert steps_of(panel) == [(None, "green"), (1, "red")]


def test_high_is_bad_shows_the_highest_and_low_is_bad_the_lowest(node_dashboard, node_view):
    cpu, load, memory = (signal.expr for signal in node_view.rows[0].signals)
    queries = [(title, expr) for title, expr, _ in panel_queries(node_dashboard)]
    assert ("CPU utilization", f"max({cpu})") in queries
    assert ("Memory available", f"min({memory})") in queries
    assert ("Load per core", load) in queries


def test_a_signal_that_is_bad_at_both_ends_shows_both(node_dashboard):
    panel = of_type(node_dashboard, "stat", "Clock offset")
    ends = [(target["refId"], target["legendFormat"], target["expr"][:4]) for target in panel["targets"]]
    assert ends == [("A", "Highest", "max("), ("B", "Lowest", "min(")]


def test_threshold_lines_are_the_alerts_numbers(any_view, drawn):
    for signal in signals(any_view):
        panel = of_type(drawn, "timeseries", signal.title)
        assert [value for value, _ in steps_of(panel)[1:]] == sorted(line.value for line in signal.lines)
        drawn_as = panel["fieldConfig"]["defaults"]["custom"]["thresholdsStyle"]["mode"]
        assert drawn_as == ("line" if signal.lines else "off")


def test_colours_turn_round_where_low_is_bad(node_dashboard):
    assert steps_of(of_type(node_dashboard, "timeseries", "Memory available")) == [
        (None, "red"),
        (0.05, "orange"),
        (0.15, "transparent"),
    ]
    assert steps_of(of_type(node_dashboard, "stat", "Memory available"))[-1] == (0.15, "green")
    assert steps_of(of_type(node_dashboard, "timeseries", "CPU utilization")) == [
        (None, "transparent"),
        (0.8, "orange"),
        (0.9, "red"),
    ]


def test_where_low_is_bad_the_legend_puts_the_lowest_first(node_dashboard):
    memory = of_type(node_dashboard, "timeseries", "Memory available")["options"]["legend"]
    cpu = of_type(node_dashboard, "timeseries", "CPU utilization")["options"]["legend"]
    assert (memory["calcs"], memory["sortBy"], memory["sortDesc"]) == (
        ["min", "mean", "max", "lastNotNull"],
        "Min",
        False,
    )
    assert (cpu["calcs"], cpu["sortBy"], cpu["sortDesc"]) == (["mean", "max", "lastNotNull"], "Max", True)


def test_a_count_of_zero_stays_green_under_an_alert_above_zero(node_dashboard):
    (_, base), (passed, color) = steps_of(of_type(node_dashboard, "stat", "Read-only file systems"))
    assert (base, color) == ("green", "red")
    assert passed > 0


def test_unit_and_range_come_from_the_signal(any_view, drawn):
    for signal in signals(any_view):
        defaults = of_type(drawn, "timeseries", signal.title)["fieldConfig"]["defaults"]
        assert defaults["unit"] == signal.unit
        assert (defaults.get("min"), defaults.get("max")) == (signal.minimum, signal.maximum)
        assert defaults.get("decimals") == signal.decimals


def test_descriptions_name_the_alerts_and_lead_to_the_runbook(node_dashboard):
    runbook = "https://git.example.com/ops/runbooks/node.md"
    assert of_type(node_dashboard, "timeseries", "Memory available")["description"] == (
        "Share of memory that can still be given out.\n\n"
        f"Alerts: [NodeMemoryLow]({runbook}#nodememorylow), "
        f"[NodeMemoryExhausted]({runbook}#nodememoryexhausted).\n\n"
        f"[Runbook]({runbook})"
    )


def test_without_a_runbook_there_is_no_link_to_it(etcd_dashboard):
    assert of_type(etcd_dashboard, "timeseries", "Members with a leader")["description"] == (
        "1 where a member knows its leader.\n\nAlerts: EtcdNoLeader."
    )
    assert of_type(etcd_dashboard, "timeseries", "Peer round trip")["description"] == "No alert watches this signal."
    assert [link["title"] for link in etcd_dashboard["links"]] == ["Dashboards"]


def test_links_keep_time_and_variables(node_dashboard):
    menu, runbook = node_dashboard["links"]
    assert (menu["type"], menu["tags"], menu["asDropdown"], menu["keepTime"], menu["includeVars"]) == (
        "dashboards",
        ["obsgen"],
        True,
        True,
        True,
    )
    assert (runbook["type"], runbook["url"]) == ("link", "https://git.example.com/ops/runbooks/node.md")
    assert node_dashboard["tags"] == ["obsgen", "infrastructure", "node"]


def test_variables_narrow_each_other_and_begin_with_all(node_dashboard):
    datasource, cluster, instance = node_dashboard["templating"]["list"]
    assert (datasource["type"], datasource["query"]) == ("datasource", "prometheus")
    assert cluster["query"]["query"] == 'label_values(up{job="node-exporter"}, cluster)'
    assert instance["query"]["query"] == 'label_values(node_uname_info{cluster=~"$cluster"}, instance)'
    for variable in (cluster, instance):
        assert (variable["refresh"], variable["multi"], variable["includeAll"]) == (2, True, True)
        assert (variable["allValue"], variable["current"]["value"]) == (".*", ["$__all"])


def test_the_metric_of_a_variable_may_have_matchers_of_its_own(node_view, views_folder):
    cluster, instance = node_view.variables
    view = replace(node_view, variables=(cluster, replace(instance, metric='up{job="node-exporter",}')))
    *_, last = json.loads(dashboard_json(view, views_folder))["templating"]["list"]
    assert last["definition"] == 'label_values(up{job="node-exporter",cluster=~"$cluster"}, instance)'


def test_a_component_is_quoted_in_queries(etcd_view, views_folder):
    drawn = json.loads(dashboard_json(replace(etcd_view, component='a"b\\c'), views_folder))
    (selector,) = [note["target"]["expr"] for note in drawn["annotations"]["list"]]
    values = {matcher.name: matcher.value for matcher in promql_parser.parse(selector).matchers.matchers}
    assert values["component"] == 'a"b\\c'


@pytest.mark.parametrize(("count", "row_size"), [(12, 4), (30, 6), (60, 10), (90, 45)])
def test_at_most_40_panels_are_open_and_none_is_lost(node_view, views_folder, count, row_size):
    drawn = drawn_with(node_view, views_folder, count, row_size=row_size)
    assert len(open_panels(drawn)) <= 40
    titles = [(panel["type"], panel["title"]) for panel in with_inner(drawn["panels"])]
    for number in range(count):
        assert titles.count(("timeseries", f"Signal {number}")) == 1
        assert titles.count(("stat", f"Signal {number}")) == 1


def test_rows_stay_open_while_they_fit(node_view, views_folder):
    drawn = drawn_with(node_view, views_folder, 12, row_size=4)
    collapsed = {panel["title"]: panel["collapsed"] for panel in drawn["panels"] if panel["type"] == "row"}
    assert collapsed == {"Row 0": False, "Row 4": False, "Row 8": False, "About": True}


def test_a_signal_in_two_rows_is_judged_once(etcd_view, views_folder):
    twice = replace(etcd_view, rows=(*etcd_view.rows, etcd_view.rows[0]))
    drawn = json.loads(dashboard_json(twice, views_folder))
    assert of_type(drawn, "stat", "Members with a leader")
