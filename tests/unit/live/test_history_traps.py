"""The day before, bent: missing, too large, refused; and pods whose owner is missing or odd."""

from __future__ import annotations

import re

import pytest

from obsgen.live.asked import THE_PRESENT
from obsgen.live.history import Span, ask_past, history_queries
from obsgen.live.ownership import pod_owners
from obsgen.live.past import percentile
from obsgen.live.selectors import Scope
from obsgen.units import Duration

DAY = Duration.parse("1d")


@pytest.fixture(scope="module")
def text(generator):
    return generator.openmetrics(generator.DEMO)


def without(text, *prefixes):
    return "".join(f"{line}\n" for line in text.splitlines() if not line.startswith(prefixes))


def test_without_a_past_percentiles_forecasts_and_recommendations_are_unknown(reporting, generator, text):
    recent = re.sub(
        r"^.* (\d+)\n", lambda line: line[0] if int(line[1]) >= generator.START else "", text, flags=re.MULTILINE
    )
    report = reporting(recent)
    assert report.nodes[0].resources["cpu"].system is not None
    assert {node.resources["cpu"].system_p95 for node in report.nodes} == {None}
    assert {one.resources["cpu"].used_p95 for one in report.workloads} == {None}
    assert {row.reason for row in report.answers.recommendations} == {"too little history: it takes 12 points over 6 h"}
    assert all(row.reason.startswith("too little history") for row in report.answers.forecasts)


def test_history_that_nobody_asked_for_costs_nothing(reporting, text):
    report = reporting(text, asked=THE_PRESENT)
    assert report.answers.forecasts == ()
    assert report.nodes[0].resources["cpu"].system is not None
    assert report.nodes[0].resources["cpu"].system_p95 is None
    assert {row.reason for row in report.answers.recommendations} == {"no history was asked for"}
    assert report.warnings == ()


@pytest.mark.parametrize("node_label", ["kubernetes_node", "instance", None])
def test_a_machine_finds_its_node_however_it_is_named(reporting, generator, text, node_label):
    usual, other = reporting(text), reporting(generator.openmetrics(generator.DEMO, node_label=node_label))
    for one, two in zip(usual.nodes, other.nodes, strict=True):
        assert one.resources["cpu"].system_p95 == two.resources["cpu"].system_p95
        assert one.resources["memory"].system == two.resources["memory"].system


def test_without_owners_namespaces_keep_their_figures(reporting, text):
    usual, ownerless = reporting(text), reporting(without(text, "kube_pod_owner"))
    assert ownerless.workloads == ()
    for one, two in zip(usual.namespaces, ownerless.namespaces, strict=True):
        for resource in one.resources:
            for figure in ("used", "requested", "limit"):
                amount = getattr(one.resources[resource], figure)
                same = getattr(two.resources[resource], figure)
                assert same == (amount if amount is None else pytest.approx(amount))
    assert any("workloads are not known" in warning for warning in ownerless.warnings)


def test_without_replicasets_their_own_name_is_all_there_is(reporting, text):
    report = reporting(without(text, "kube_replicaset_owner"))
    assert ("ReplicaSet", "web-6f9c") in [(one.kind, one.workload) for one in report.workloads]


@pytest.mark.parametrize("nobody", ["<none>", "", "Node"])
def test_a_pod_without_a_controller_is_a_workload_of_its_own(reporting, text, nobody):
    owned = 'owner_kind="StatefulSet",owner_name="prometheus"'
    alone = f'owner_kind="{nobody}",owner_name="{nobody and "worker-a1"}"'
    report = reporting(text.replace(owned, alone))
    assert ("Pod", "prometheus-0") in [(one.kind, one.workload) for one in report.workloads]


def test_a_pod_that_had_another_owner_is_joined_to_one(reporting, text):
    again = [
        line.replace("StatefulSet", "ReplicaSet").replace('uid="u-', 'uid="before-')
        for line in text.splitlines()
        if line.startswith("kube_pod_owner") and 'owner_name="prometheus"' in line
    ]
    report = reporting(
        text.replace("# TYPE kube_pod_status_phase", "\n".join([*again, "# TYPE kube_pod_status_phase"]))
    )
    shop = [place.resources["cpu"].used for place in report.namespaces if place.namespace == "monitoring"]
    assert shop == [pytest.approx(0.7)]


def test_chosen_namespaces_narrow_workloads_and_teams(reporting, text):
    report = reporting(text, scope=Scope(namespaces=("shop",)))
    assert {one.namespace for one in report.workloads} == {"shop"}
    assert [place.team for place in report.teams] == ["commerce"]
    assert report.nodes == reporting(text).nodes


def test_more_pods_than_a_server_can_be_asked_about_leave_workloads_unknown(serving, generator, text):
    queries = history_queries(Scope(), "node", Duration.parse("5m"), DAY)
    with serving(text) as prometheus:
        past = ask_past(prometheus, queries, at=generator.END, history=DAY, pods=50_000)
    assert (past.workloads, past.memory_peaks) == ({}, {})
    assert past.machines
    (warning,) = past.warnings
    assert warning.startswith("the history of workloads is left out: 50000 pods over 1d")


def test_a_refused_query_leaves_its_figures_unknown_with_a_warning(serving, generator, text):
    queries = {**history_queries(Scope(), "node", Duration.parse("5m"), DAY), "machine_history": "max("}
    with serving(text) as prometheus:
        past = ask_past(prometheus, queries, at=generator.END, history=DAY, pods=20)
    assert past.machines == {}
    assert past.workloads
    assert past.warnings[0].startswith("the history is not known in full: query 'machine_history'")


@pytest.mark.parametrize(
    ("history", "steps", "step"),
    [("1d", 96, 900.0), ("1d", 12, 7200.0), ("2h", 96, 300.0), ("7d", 96, 7200.0), ("90d", 96, 86400.0)],
)
def test_steps_are_of_a_readable_length(history, steps, step):
    span = Span.of(1e9, Duration.parse(history), steps)
    assert span.step == step
    assert (span.end - span.start) % step == 0
    assert (span.end - span.start) / step <= steps


def test_too_few_steps_are_no_history():
    assert Span.of(1e9, DAY, 11) is None
    assert Span.of(1e9, Duration(0), 96) is None


def test_a_percentile_lies_between_two_points():
    points = {number * 3600.0: float(number) for number in range(21)}
    assert percentile(points) == 19.0
    assert percentile(points, 0.5) == 10.0
    assert percentile(dict(list(points.items())[:11])) is None


def test_owners_of_chosen_namespaces_only():
    query = pod_owners(Scope("prod", ("shop",)))
    assert query.count("{") == query.count('{cluster="prod"')
    assert query.count('namespace=~"shop"') == query.count("{")


def test_ephemeral_storage_is_a_resource_in_bytes(reporting, text):
    report = reporting(text.replace("nvidia_com_gpu", "ephemeral_storage"))
    storage = report.clusters[0].resources["ephemeral_storage"]
    assert (storage.unit, storage.allocatable, storage.requested, storage.used) == ("bytes", 2.0, 1.0, None)


def test_a_namespace_that_is_not_there_is_told(reporting, text):
    report = reporting(text, scope=Scope(namespaces=("shop", "shpo")))
    assert report.warnings == ("namespace 'shpo' has no pods on nodes and uses nothing: is it spelled right?",)
