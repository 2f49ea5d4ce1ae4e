"""Courses that come just short of one comparison of a burn alert."""

from __future__ import annotations

from dataclasses import replace

import pytest

from obsgen.lower.objectives.course import Watch, burning
from obsgen.lower.objectives.edges import edges, few_events
from obsgen.model.objectives import Counted, GoodTime, WeightedRatio
from obsgen.units import Duration
from tests.promised import burn, objective

PAIRS = (burn("1h", "5m", 14.4), burn("6h", "30m", 6.0))


def drawn(*windows, **changes):
    """The objective, its alert on these windows, and the courses at its edges."""
    promised = objective("orders", minimum_errors=5, **changes)
    alert = replace(promised.alerts[0], windows=windows)
    return promised, alert, edges(promised, alert)


def held(promised, windows, found, edge):
    return burning(Watch.of(promised, windows, found.every), edge.phases)


def test_every_pair_has_a_course_for_each_of_its_comparisons():
    _, _, found = drawn(*PAIRS)
    assert [one.name for one in found.courses] == [
        f"{what}-{long}" for long in ("1h", "6h") for what in ("ended", "begun", "few")
    ]


def test_all_courses_are_silent_at_first_and_those_with_enough_errors_fire_in_the_end():
    promised, alert, found = drawn(*PAIRS)
    for edge in found.courses:
        course = held(promised, alert.windows, found, edge)
        assert len(course) == found.end // found.every + 1
        assert not course[found.before // found.every]
        assert course[-1] == edge.fires == edge.name.startswith("few")


def test_half_the_threshold_is_past_in_both_windows():
    promised, _, found = drawn(*PAIRS)
    for edge in found.courses:
        loose = tuple(
            replace(one, threshold=one.threshold / 2) if edge.name.endswith(str(one.long)) else one for one in PAIRS
        )
        assert held(promised, loose, found, edge)[-1]


@pytest.mark.parametrize(("factor", "early", "late"), [(0.5, True, True), (1.0, False, True), (2.0, False, False)])
def test_the_guard_is_met_between_the_two_moments(factor, early, late):
    _, alert, found = drawn(*PAIRS)
    guarded = objective("orders", minimum_errors=5 * factor)
    for edge in found.courses:
        if edge.fires:
            course = held(guarded, alert.windows, found, edge)
            assert (course[found.before // found.every], course[-1]) == (early, late)


def test_the_guard_counts_events_by_the_time_between_evaluations():
    _, _, found = drawn(burn("1h", "5m", 14.4))
    _, _, slow = drawn(burn("1h", "5m", 14.4), interval=Duration.parse("5m"))
    often, seldom = (sum(p.minutes * p.events for p in one.courses[-1].phases) for one in (found, slow))
    assert often == pytest.approx(5 * seldom)


def test_days_are_evaluated_seldom():
    _, _, found = drawn(burn("1d", "2h", 3.0), burn("3d", "6h", 1.0))
    assert found.every > 1
    assert found.end / found.every <= 160


def test_time_has_no_few_events():
    _, _, found = drawn(*PAIRS, sli=GoodTime(Counted("up", "up")))
    assert [one.name for one in found.courses] == ["ended-1h", "begun-1h", "ended-6h", "begun-6h"]
    assert few_events(objective("orders", sli=GoodTime(Counted("up", "up"))), 20) is None


def test_what_fails_whole_or_not_at_all_has_no_edges():
    _, _, found = drawn(*PAIRS, sli=WeightedRatio("x", None, (), {}, all_or_nothing=True))
    assert found is None


def test_a_minute_of_too_few_errors_and_one_of_just_enough():
    few, enough = few_events(objective("orders", minimum_errors=5), 20)
    failed = [60 * sum(p.minutes * p.events * p.share for p in one) for one in (few, enough)]
    assert failed == pytest.approx([4, 6])
    assert sum(p.minutes for p in few) == sum(p.minutes for p in enough) == 20
