"""Series that an alert's matchers keep out."""

from __future__ import annotations

import pytest

from obsgen.ir.proofs import InputSeries
from obsgen.lower.proofs.outside import kept_out
from obsgen.promql.parse import selectors

DISK = 'disk_free{job="node",device="sda"}'


def names(series: str, *expressions: str) -> list[str]:
    return [one.series for one in kept_out([InputSeries(series, "1x5")], expressions, factors=(1,))]


def test_each_matcher_has_a_series_that_it_alone_refuses():
    assert names(DISK, 'disk_free{job="node",device!~"loop.*"} < 1') == [
        'disk_free{job="node-elsewhere",device="sda"}',
        'disk_free{job="node",device="loop"}',
    ]


def test_a_label_that_must_be_there_is_left_out():
    assert names('pod_limit{node="n1"}', 'pod_limit{node!=""}') == ["pod_limit{}"]


def test_what_another_selector_reads_is_no_outsider():
    assert names('cpu_seconds{mode="idle"}', 'cpu_seconds{mode="idle"} / ignoring(mode) sum(cpu_seconds)') == []


def test_a_series_that_nothing_reads_has_no_outsiders():
    assert names(DISK, 'disk_used{job="node"}') == []


@pytest.mark.parametrize("matcher", ['device=~"sd.*"', 'device!="loop0"', 'device="sda"', 'device!~"dm-[0-9]+|md.+"'])
def test_no_outsider_is_read(matcher):
    expr = f"disk_free{{{matcher}}}"
    (outsider,) = names(DISK, expr)
    (selector,) = selectors(expr)
    (moved,) = selectors(outsider)
    assert not selector.matches({"__name__": "disk_free", **{one.name: one.value for one in moved.matchers}})


def test_others_are_alike_larger_and_at_nothing():
    found = kept_out([InputSeries(DISK, "1 2+0.5x3 _x2 stale")], ['disk_free{job="node"} < 1'])
    assert [(one.series.split('"')[1], one.values) for one in found] == [
        ("node-elsewhere", "1 2+0.5x3 _x2 stale"),
        ("elsewhere", "1000 2000+500x3 _x2 stale"),
        ("elsewhere-node", "0 0+0x3 _x2 stale"),
    ]
