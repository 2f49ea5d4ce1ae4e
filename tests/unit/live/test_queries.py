"""The queries as text: they parse, keep the cluster, and never ask for one series per container."""

from __future__ import annotations

import re

import promql_parser
import pytest

from obsgen.live.history import history_queries
from obsgen.live.queries import capacity_queries, late, probe_queries
from obsgen.live.selectors import Scope
from obsgen.units import Duration

DAY = Duration.parse("1d")
WINDOW = Duration.parse("5m")
SCOPES = [Scope(), Scope("prod-sh"), Scope('a"b\\', ("shop", "kube-system"))]


def queries(scope, node_label="node"):
    probes = probe_queries(scope)
    return {
        **probes,
        **{f"late {k}": late(v) for k, v in probes.items()},
        **capacity_queries(scope, node_label, WINDOW),
        **history_queries(scope, node_label, WINDOW, DAY),
    }


@pytest.mark.parametrize("scope", SCOPES, ids=["all", "cluster", "quotes"])
@pytest.mark.parametrize("node_label", ["node", "kubernetes_node", "instance", "pod"])
def test_every_query_parses(scope, node_label):
    for query in queries(scope, node_label).values():
        promql_parser.parse(query)


@pytest.mark.parametrize("node_label", ["node", "kubernetes_node", "instance", "pod"])
def test_every_grouping_keeps_the_cluster(node_label):
    for name, query in queries(Scope(), node_label).items():
        groupings = re.findall(r"\b(?:by|on) \(([^)]*)\)", query)
        assert groupings
        assert all(grouping.split(",")[0] == "cluster" for grouping in groupings), name


@pytest.mark.parametrize("node_label", ["node", "kubernetes_node", "instance", "pod"])
def test_no_answer_has_one_series_per_container(node_label):
    asked = capacity_queries(Scope(), node_label, WINDOW) | history_queries(Scope(), node_label, WINDOW, DAY)
    for name, query in asked.items():
        outermost = re.match(r"\w+ by \(([^)]*)\)", query)
        assert outermost, name
        assert not {"container", "pod"} & set(outermost[1].split(",")), name


def test_the_number_of_requests_is_bounded():
    # Beside these, the server's clock and the list of metrics are asked for.
    asked = probe_queries(Scope()) | capacity_queries(Scope(), "node", WINDOW)
    assert len(asked | history_queries(Scope(), "node", WINDOW, DAY)) + 2 <= 30


def test_a_cluster_is_asked_for_in_every_selector():
    for query in queries(Scope("prod-sh")).values():
        assert query.count("{") == query.count('{cluster="prod-sh"') > 0


def test_chosen_namespaces_are_matched_whole_and_literally():
    query = capacity_queries(Scope(namespaces=("a.b", "c")), "node", WINDOW)["workload_pods"]
    assert r'namespace=~"a\\.b|c"' in query


def test_machines_that_are_named_differently_are_asked_apart_over_the_history_too():
    query = history_queries(Scope(), {"a": "node", "b": "instance", "c": "pod"}, WINDOW, DAY)["machine_history"]
    promql_parser.parse(query)
    assert all(query.count(f'cluster=~"{name}"') == 2 for name in "ab")
    assert query.count('cluster=~"c"') == query.count("kube_node_info") * 2 == 4


def test_the_window_is_the_rates():
    assert "[7m]" in capacity_queries(Scope(), "node", Duration.parse("7m"))["cpu_used"]


def test_clusters_that_name_nodes_differently_are_asked_apart():
    labels = {"a": "node", "b.c": "pod", "d": "node"}
    query = capacity_queries(Scope(), labels, WINDOW)["memory_used"]
    promql_parser.parse(query)
    own, through_pods = query.split(" or ")
    assert 'cluster=~"a|d"' in own and "kube_pod_info" not in own
    assert through_pods.count(r'cluster=~"b\\.c"') == 2
