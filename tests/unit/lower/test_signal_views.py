"""On which side of a threshold a signal is bad."""

from __future__ import annotations

import pytest

from obsgen.ir.views import ThresholdLine
from obsgen.lower.signal_views import signal_view
from tests.compiled import shipped_spec


@pytest.fixture(scope="module")
def components():
    stack = shipped_spec("example").stack
    return {component.name: component for component in stack.components}


def lines(components, component, signal):
    return signal_view(components[component].signals[signal], components[component]).lines


def test_a_member_without_a_leader_reads_zero_and_one_is_well(components):
    assert lines(components, "etcd", "has_leader") == (ThresholdLine(0, "critical", above=False, inclusive=True),)


def test_more_than_a_threshold_is_bad_where_the_alert_says_more(components):
    found = lines(components, "node", "disk_io_utilization")
    assert [(line.above, line.inclusive, line.joint) for line in found] == [(True, False, False)]


def test_what_only_guards_another_condition_is_joint(components):
    (guarded,) = lines(components, "node", "network_receive_error_ratio")
    assert not guarded.joint
    assert {line.joint for line in lines(components, "node", "network_receive_packets")} == {True}


def test_traffic_that_stopped_is_what_its_alert_is_about_whichever_comes_first(components):
    assert {line.joint for line in lines(components, "orders", "events_an_hour_ago")} == {True}
    assert any(line.value == 0 and not line.joint for line in lines(components, "orders", "events"))
