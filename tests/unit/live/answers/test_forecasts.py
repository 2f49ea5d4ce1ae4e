"""When a watermark is reached, by hand."""

from __future__ import annotations

import pytest

from obsgen.live.answers.forecasts import forecast, forecast_findings, forecasts
from obsgen.live.past import Past
from obsgen.live.watermarks import Watermark
from obsgen.units import Duration

HOUR = 3600.0
MARK = Watermark(0.7, 0.85)
ABOUT = ("c", None, "memory")
NOW = 24 * HOUR


def hourly(value, hours=25):
    return {hour * HOUR: value(hour) for hour in range(hours)}


def test_a_steady_rise_meets_its_marks_at_the_hour():
    # 0.4 at first, 0.01 more every hour: 0.64 after a day, 0.70 in six hours, 0.85 in 21.
    answer = forecast(ABOUT, hourly(lambda hour: 0.4 + 0.01 * hour), MARK, NOW)
    assert answer.utilization == pytest.approx(0.64)
    assert answer.slope_per_day == pytest.approx(0.24)
    assert answer.warning.at == pytest.approx(NOW + 6 * HOUR)
    assert answer.critical.at == pytest.approx(NOW + 21 * HOUR)
    assert answer.reason is None
    assert (answer.points, answer.span_seconds) == (25, 24 * HOUR)


def test_a_passed_mark_is_reached_now():
    answer = forecast(ABOUT, hourly(lambda hour: 0.75 + 0.001 * hour), MARK, NOW)
    assert answer.warning.at == NOW
    assert answer.critical.at == pytest.approx(NOW + 76 * HOUR)


def test_the_interval_gives_the_earliest_and_the_latest():
    answer = forecast(ABOUT, hourly(lambda hour: 0.4 + 0.01 * hour + 0.01 * (hour % 3)), MARK, NOW)
    assert answer.critical.earliest <= answer.critical.at <= answer.critical.latest


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (lambda hour: 0.6 - 0.001 * hour, "not rising"),
        (lambda hour: 0.5, "not rising"),
        (lambda hour: 0.5 + 0.05 * (hour * 7 % 5), "no clear trend: the interval of the slope holds 0"),
        (lambda hour: 0.1 + 0.0001 * hour, "later than 10 times the history"),
    ],
)
def test_where_there_is_no_time_there_is_a_reason(value, reason):
    answer = forecast(ABOUT, hourly(value), MARK, NOW)
    assert (answer.critical.at, answer.reason) == (None, reason)


def test_too_little_history_says_how_much_there_is():
    eleven = forecast(ABOUT, hourly(lambda hour: 0.5, hours=11), MARK, NOW)
    assert eleven.reason == "too little history: 11 points over 10.0 h, where it takes 12 over 6 h"
    assert (eleven.utilization, eleven.critical) == (None, None)
    short = {minute * 60.0: 0.5 for minute in range(300)}
    assert forecast(ABOUT, short, MARK, NOW).reason.startswith("too little history: 300 points over 5.0 h")
    assert forecast(ABOUT, {}, MARK, NOW).reason.startswith("too little history: 0 points over 0.0 h")


def test_a_node_that_joined_lately_does_not_look_like_growth(node):
    old, new = node("old", memory=(16, 8, 4), pool="p"), node("new", memory=(16, 8, 4), pool="p")
    steady = hourly(lambda hour: 4.0 * 2**30)
    late = {time: value for time, value in steady.items() if time > 20 * HOUR}
    machines = {("c", "old", "memory"): steady, ("c", "new", "memory"): late}
    rows = forecasts([old, new], Past(Duration.parse("1d"), machines), {"memory": MARK}, NOW)
    assert [(row.pool, row.utilization, row.reason) for row in rows] == [
        (None, 0.25, "not rising"),
        ("p", 0.25, "not rising"),
    ]


def test_nothing_is_forecast_without_history(node):
    assert forecasts([node("n")], Past(), {"memory": MARK}, NOW) == ()


def test_a_critical_mark_within_as_much_time_as_was_looked_at_is_a_finding():
    soon = forecast(ABOUT, hourly(lambda hour: 0.4 + 0.01 * hour), MARK, NOW)
    later = forecast(ABOUT, hourly(lambda hour: 0.4 + 0.005 * hour), MARK, NOW)
    passed = forecast(ABOUT, hourly(lambda hour: 0.9 + 0.001 * hour), MARK, NOW)
    (finding,) = forecast_findings([soon, later, passed], NOW)
    assert (finding.level, finding.about) == ("warning", "cluster c")
    assert finding.message == "by its trend, memory of the machines reaches 85% at 1970-01-02 21:00 UTC"
