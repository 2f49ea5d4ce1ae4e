"""What spent a budget, on series short enough to be read."""

from __future__ import annotations

import pytest

from obsgen.live.objective_periods import Period
from obsgen.live.objective_spending import ranked, spans

HOUR = 3600.0
WEEK = Period.read("7d", 1_767_830_400)


def hours(**failed):
    """h3=5: five failed in the hour that ends three hours after the beginning."""
    return {float(name[1:]) * HOUR: float(value) for name, value in failed.items()}


def found(series, spent):
    return [(span.start / HOUR, span.end / HOUR, pytest.approx(span.share)) for span in spans(series, WEEK, spent)]


def test_neighbouring_hours_are_one_span():
    assert found(hours(h3=30, h4=50, h9=20), 0.5) == [(2.0, 4.0, 0.4), (8.0, 9.0, 0.1)]


def test_the_three_costliest_are_told():
    assert [start for start, _, _ in found(hours(h2=10, h4=40, h6=30, h8=20), 1.0)] == [3.0, 5.0, 7.0]


def test_what_is_spent_evenly_has_no_span():
    assert found({n * HOUR: 1.0 for n in range(1, 169)}, 0.9) == []


def test_an_overspent_budget_shows_more_than_all_of_it():
    assert found(hours(h3=1), 4.0) == [(2.0, 3.0, 4.0)]


def test_a_span_that_explains_next_to_nothing_is_left_out():
    assert found(hours(h3=97, h9=3), 1.0) == [(2.0, 3.0, 0.97)]


@pytest.mark.parametrize("spent", [None, 0.0])
def test_without_a_known_loss_nothing_spent_it(spent):
    assert found(hours(h3=1), spent) == []


def test_groups_are_ranked_by_what_failed():
    groups = {(("route", "/a"),): hours(h1=1), (("route", "/b"),): hours(h1=1, h5=2), (("route", "/c"),): {}}
    assert [(group.labels["route"], group.share) for group in ranked(groups)] == [("/b", 0.75), ("/a", 0.25)]


def test_where_nothing_failed_no_group_is_ranked():
    assert ranked({(("route", "/a"),): {}}) == ()
    assert ranked({(): hours(h1=1)}) == ()
