"""The values that tests make a signal read."""

from __future__ import annotations

import pytest

from obsgen.diagnostics import Location
from obsgen.lower.proofs.readings import Readings, Unreachable, readings
from obsgen.model.stack import Condition, Signal
from obsgen.spec.feeds import FeedSpec, HistogramFeed


def signal(**changes) -> Signal:
    fields = {
        "name": "load",
        "title": "Load",
        "about": "",
        "unit": "short",
        "expr": "load",
        "panel_expr": "load",
        "legend": "",
        "integer": False,
        "minimum": None,
        "maximum": None,
        "healthy": None,
        "feed": (),
        "reads_back": None,
        "origin": Location("pack.yaml", 1, 1),
    }
    return Signal(**{**fields, **changes})


def test_one_per_cent_to_each_side_and_ten_times_beyond():
    found = readings(Condition("load", ">", 200.0), signal())
    assert found == Readings(past=202.0, short=198.0, far=2000.0, healthy=100.0)


def test_below_is_the_mirror_image():
    found = readings(Condition("load", "<", 200.0), signal())
    assert found == Readings(past=198.0, short=202.0, far=20.0, healthy=400.0)


def test_whole_numbers_step_by_one():
    found = readings(Condition("load", ">", 3.0), signal(integer=True, healthy=0))
    assert (found.past, found.short, found.healthy) == (4.0, 3.0, 0)
    found = readings(Condition("load", ">=", 3.0), signal(integer=True, healthy=0))
    assert (found.past, found.short) == (3.0, 2.0)


def test_equality_is_reached_exactly_and_left_to_the_side_that_exists():
    found = readings(Condition("load", "==", 0.0), signal(integer=True, minimum=0, maximum=1, healthy=1))
    assert (found.past, found.short, found.far, found.healthy) == (0.0, 1.0, 0.0, 1)


def test_nothing_leaves_the_signals_bounds():
    found = readings(Condition("load", ">", 0.5), signal(minimum=0, maximum=1))
    assert found.far == 1.0


def test_a_threshold_out_of_bounds_can_never_fire():
    with pytest.raises(Unreachable, match=r"at most 1, so it is never > 1\.5"):
        readings(Condition("load", ">", 1.5), signal(maximum=1))


def test_a_quantile_never_reads_past_its_last_bucket():
    feed = FeedSpec(series="x_bucket", histogram=HistogramFeed(quantile=0.99, buckets=[0.1, 1.0, 8.0]))
    with pytest.raises(Unreachable, match="at most 8, so it is never > 10"):
        readings(Condition("load", ">", 10.0), signal(feed=(feed,)))


def test_what_the_pack_calls_healthy_is_used_only_while_it_is_silent():
    assert readings(Condition("load", ">", 200.0), signal(healthy=10)).healthy == 10
    assert readings(Condition("load", ">", 5.0), signal(healthy=10)).healthy == 2.5


def test_around_zero_the_margin_comes_from_the_signals_scale():
    found = readings(Condition("load", "<", 0.0), signal(maximum=100))
    assert (found.past, found.short) == (-1.0, 1.0)
