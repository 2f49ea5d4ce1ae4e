import math

import pytest

from obsgen.emit.grafana.thresholds import line_steps, state_steps
from obsgen.ir.views import ThresholdLine


def line(value, severity, *, above):
    return ThresholdLine(value, severity, above)


def colors(steps):
    return [(step.value, step.color) for step in steps]


def test_above_a_threshold_the_colour_is_its_severity():
    lines = [
        line(0.9, "critical", above=True),
        line(0.8, "warning", above=True),
        line(0.5, "info", above=True),
    ]
    assert colors(state_steps(lines)) == [(None, "green"), (0.5, "blue"), (0.8, "orange"), (0.9, "red")]


def test_below_a_threshold_the_order_of_colours_turns_round():
    lines = [line(0.05, "critical", above=False), line(0.15, "warning", above=False)]
    assert colors(state_steps(lines)) == [(None, "red"), (0.05, "orange"), (0.15, "green")]


def test_limits_on_both_sides_leave_the_middle_green():
    lines = [line(-0.05, "critical", above=False), line(0.05, "warning", above=True)]
    assert colors(state_steps(lines)) == [(None, "red"), (-0.05, "green"), (0.05, "orange")]


def test_the_worst_severity_wins_where_two_thresholds_are_equal():
    lines = [line(0.5, "warning", above=True), line(0.5, "critical", above=True)]
    assert colors(state_steps(lines)) == [(None, "green"), (0.5, "red")]


def test_no_thresholds_leave_one_colour():
    assert colors(state_steps([])) == [(None, "green")]
    assert colors(line_steps([])) == [(None, "transparent")]


@pytest.mark.parametrize("value", [0, 1, 3, -2])
def test_a_count_that_equals_its_threshold_has_not_passed_it(value):
    base, passed = state_steps([line(value, "critical", above=True)])
    assert (base.color, passed.color) == ("green", "red")
    assert value < passed.value <= math.nextafter(value, math.inf)


def test_a_value_that_equals_its_lower_limit_has_not_passed_it():
    assert colors(state_steps([line(1, "critical", above=False)])) == [(None, "red"), (1, "green")]


def test_lines_stand_at_exactly_the_number_of_the_alert():
    lines = [line(0, "critical", above=True), line(3, "warning", above=False)]
    assert [step.value for step in line_steps(lines)] == [None, 0, 3]


def test_lines_below_the_good_range_are_drawn_in_the_colour_under_them():
    """As Grafana draws them up to the first transparent step: getThresholdsDrawHook in its grafana-ui."""
    lines = [line(0.05, "critical", above=False), line(0.15, "warning", above=False)]
    assert colors(line_steps(lines)) == [(None, "red"), (0.05, "orange"), (0.15, "transparent")]


def test_a_value_that_is_bad_itself_is_coloured():
    down = ThresholdLine(0, "critical", above=False, inclusive=True)
    base, well = state_steps([down])
    assert (base.color, well.color) == ("red", "green")
    assert 0 < well.value < 1e-300
    assert colors(state_steps([ThresholdLine(2, "critical", above=True, inclusive=True)])) == [
        (None, "green"),
        (2, "red"),
    ]


def test_a_threshold_that_counts_only_with_others_colours_no_value_but_is_drawn():
    guard = ThresholdLine(10, "critical", above=True, joint=True)
    assert colors(state_steps([guard])) == [(None, "text")]
    assert colors(state_steps([guard, line(80, "warning", above=True)]))[0] == (None, "green")
    assert colors(line_steps([guard])) == [(None, "transparent"), (10, "red")]
