"""Why a pod waits, as far as requests tell."""

from __future__ import annotations

from obsgen.live.answers.pending import explained

GI = 2.0**30


def test_each_lack_is_counted_with_the_most_that_is_free(node):
    nodes = [node("a", cpu=(4, 3.5, 1)), node("b", memory=(16, 14, 1)), node("c", cpu=(4, 3, 1), memory=(16, 15, 1))]
    assert explained({"cpu": 1.5, "memory": 3 * GI}, nodes) == (
        "0 of 3 nodes fit: 2 lack cpu (at most 2.00 cores are free), 2 lack memory (at most 8.0 GiB are free)"
    )


def test_accelerators_and_free_slots_count(node):
    reason = explained({"nvidia_com_gpu": 2.0}, [node("g", gpu=(2, 1)), node("n")])
    assert reason == "0 of 2 nodes fit: 2 lack nvidia_com_gpu (at most 1 are free)"
    assert explained({}, [node("full", pods=110)]) == "0 of 1 nodes fit: 1 lack pods (at most 0 are free)"


def test_where_it_fits_something_else_keeps_it(node):
    reason = explained({"cpu": 1.0}, [node("a"), node("b", cpu=(4, 4, 1))])
    assert reason.startswith("by requests it fits on 1 of 2 nodes, such as a: look for taints")


def test_without_nodes_nothing_fits():
    assert explained({"cpu": 1.0}, []) == "there is no schedulable, ready node"
