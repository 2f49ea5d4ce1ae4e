"""Matchers that are needless, and matchers that only look so."""

from __future__ import annotations

import pytest

from obsgen.promql.needless import is_needless
from obsgen.promql.selector import parse_matchers
from obsgen.promql.words import matchers_removed

RECORDED = {"job:free:sum": 'sum by (job) (free{job="a"})', "all:free:sum": "sum by (job) (free)"}


def needless(expr: str) -> list[bool]:
    """Of each matcher, in order."""
    return [is_needless(expr, one.without, parse_matchers(one.text)[0], RECORDED) for one in matchers_removed(expr)]


@pytest.mark.parametrize(
    "expr",
    [
        'free{job="a"} / size{job="a"} < 0.1',
        'sum by (job) (rate(free{job="a"}[5m])) / on (job) sum by (job) (size{job="a"}) > 1',
        '(free{job="a"} < 1) and on (job) (size{job="a"} > 2)',
        'free{job!~"b|c"} * on (job) group_left () max by (job) (size{job!~"b|c"})',
    ],
)
def test_either_of_two_that_meet_on_the_label_is_needless(expr):
    assert needless(expr) == [True, True]


def test_what_another_matcher_of_the_selector_implies_is_needless():
    assert needless('free{job="a",job=~"a|b"} < 1') == [False, True]


def test_what_the_recorded_series_implies_is_needless():
    assert needless('job:free:sum{job="a"} < 1') == [True]
    assert needless('all:free:sum{job="a"} < 1') == [False]


@pytest.mark.parametrize(
    "expr",
    [
        'free{job="a"} < 1',
        'sum(free{job="a"}) / sum(size{job="a"}) < 0.1',
        'sum by (node) (free{job="a"}) / on (node) sum by (node) (size{job="a"}) < 0.1',
        'free{job="a"} / on (node) size{job="a"}',
        'free{job="a"} / size{job="b"}',
        'free{job="a"} or size{job="b"}',
        'absent(free{job="a"}) and absent(size{job="a"})',
        'label_replace(free{job="a"}, "job", "b", "", "") / label_replace(size{job="a"}, "job", "b", "", "")',
    ],
)
def test_what_changes_the_result_is_needed(expr):
    assert not any(needless(expr))


def test_counted_values_stand_apart_by_what_they_are_grouped_by():
    expr = 'count_values by (job) ("version", free{job="a"}) / on (job) group_left () sum by (job) (size{job="a"})'
    assert needless(expr) == [True, True]
    assert needless(expr.replace("version", "job")) == [False, False]


def test_only_the_right_side_of_unless_is_kept_in_check_by_the_left():
    assert needless('free{job="a"} unless size{job="a"}') == [False, True]
