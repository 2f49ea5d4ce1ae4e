"""Room for more pods, by hand."""

from __future__ import annotations

import pytest

from obsgen.live.answers.fits import fits, parse_pod

GI = 2.0**30


@pytest.mark.parametrize(
    ("text", "pod"),
    [
        ("cpu=500m,memory=1Gi", {"cpu": 0.5, "memory": GI}),
        ("cpu=2", {"cpu": 2.0}),
        (" nvidia.com/gpu=1 , ephemeral-storage=10G", {"nvidia_com_gpu": 1.0, "ephemeral_storage": 1e10}),
    ],
)
def test_a_size_is_written_as_kubernetes_writes_it(text, pod):
    assert parse_pod(text) == pod


@pytest.mark.parametrize("text", ["cpu", "cpu=much", "=1", "cpu=0", ""])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ValueError, match=r"is no|asks for nothing"):
        parse_pod(text)


def test_the_scarcest_resource_decides(node):
    # 2 cores and 8 GiB are free: four by CPU, eight by memory.
    (row,) = fits([node("n")], parse_pod("cpu=500m,memory=1Gi")).nodes
    assert row.free == {"cpu": 2, "memory": 8 * GI, "pods": 100}
    assert row.more_pods == 4


def test_a_full_fit_is_not_lost_to_floating_point(node):
    (row,) = fits([node("n", cpu=(0.3, 0.0, 0.0))], {"cpu": 0.1}).nodes
    assert row.more_pods == 3


def test_the_number_of_pods_limits_too(node):
    (row,) = fits([node("n", pods=109)], {"cpu": 0.1}).nodes
    assert row.more_pods == 1


def test_a_node_without_accelerators_takes_none_that_asks_for_one(node):
    rows = fits([node("n"), node("g", gpu=(2, 1))], {"nvidia_com_gpu": 1.0}).nodes
    assert [row.more_pods for row in rows] == [0, 1]


def test_cordoned_and_unready_nodes_have_no_room(node):
    assert fits([node("n", schedulable=False), node("m", ready=False)], {"cpu": 1.0}).nodes == ()


def test_an_unknown_request_gives_an_unknown_number(node):
    answer = fits([node("n", cpu=(4, None, 1))], {"cpu": 1.0})
    assert (answer.nodes[0].free["cpu"], answer.nodes[0].more_pods) == (None, None)
    assert answer.clusters[0].more_pods is None
    assert answer.clusters[0].largest_by_cpu is None


def test_requests_past_allocatable_leave_nothing(node):
    (row,) = fits([node("n", cpu=(4, 5, 1))], {"cpu": 1.0}).nodes
    assert (row.free["cpu"], row.more_pods) == (0.0, 0)


def test_zones_and_clusters_add_up_and_name_their_largest(node):
    nodes = [
        node("a1", zone="a"),
        node("a2", cpu=(8, 2, 1), memory=(16, 15, 4), zone="a"),
        node("b1", zone="b", cpu=(4, 4, 1)),
    ]
    answer = fits(nodes, parse_pod("cpu=1,memory=1Gi"))
    assert [(row.zone, row.more_pods) for row in answer.zones] == [("a", 3), ("b", 0)]
    (whole,) = answer.clusters
    assert (whole.zone, whole.more_pods) == (None, 3)
    assert (whole.largest_by_cpu.node, whole.largest_by_memory.node) == ("a2", "a1")
    assert answer.zones[0].largest_by_cpu.free["cpu"] == 6


def test_a_node_without_a_free_slot_is_nobodys_largest(node):
    answer = fits([node("full", cpu=(64, 0, 0), pods=110), node("n")], {})
    assert answer.clusters[0].largest_by_cpu.node == "n"
    assert answer.clusters[0].more_pods is None
