"""Stranded capacity, by hand."""

from __future__ import annotations

import pytest

from obsgen.live.answers.stranded import stranded

GI = 2.0**30


def test_cpu_is_stranded_where_memory_is_out(node, cluster):
    # The cluster asks for 4 GiB per core. 2 cores and 4 GiB are free: memory is for one core, the other is stranded.
    (row,) = stranded([cluster()], [node("n", cpu=(4, 2, 1), memory=(16, 12, 1))])
    assert (row.cpu, row.memory) == (1.0, 0.0)
    assert row.cpu_share == 0.25


def test_memory_is_stranded_where_cpu_is_out(node, cluster):
    (row,) = stranded([cluster()], [node("n", cpu=(4, 4, 1), memory=(16, 4, 1))])
    assert (row.cpu, row.memory) == (0.0, 12 * GI)
    assert row.memory_share == pytest.approx(0.75)


def test_nothing_is_stranded_in_the_clusters_own_shape(node, cluster):
    (row,) = stranded([cluster()], [node("n", cpu=(4, 2, 1), memory=(16, 8, 1))])
    assert (row.cpu, row.memory) == (0.0, 0.0)


def test_the_unknown_and_what_takes_no_pods_are_left_out(node, cluster):
    nodes = [node("n", cpu=(4, None, 1)), node("m", schedulable=False)]
    assert stranded([cluster()], nodes) == ()
    assert stranded([cluster(cpu=(8, 0, 0))], [node("n")]) == ()
