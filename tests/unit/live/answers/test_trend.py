"""The robust trend against slopes that are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsgen.live.answers.trend import trend


def test_a_line_is_found_exactly():
    line = trend({float(time): 10 + 0.5 * time for time in range(0, 130, 10)})
    assert (line.slope, line.low, line.high) == pytest.approx((0.5, 0.5, 0.5))
    assert line.level == pytest.approx(70)


def test_a_burst_does_not_bend_it():
    points = {float(time): 10 + 0.5 * time for time in range(0, 210, 10)}
    points |= {50.0: 1000.0, 60.0: 1000.0, 150.0: 0.0}
    line = trend(points)
    assert line.slope == pytest.approx(0.5, rel=0.05)
    assert line.level == pytest.approx(110, rel=0.01)


def test_the_interval_is_sens():
    # Ten points, 45 slopes: C = 1.96 * sqrt(10 * 9 * 25 / 18) = 21.9, so the 12th and the 35th slope of 45.
    values = [1.0, 3.0, 2.0, 5.0, 4.0, 6.0, 8.0, 7.0, 9.0, 10.0]
    slopes = sorted(
        (values[later] - values[first]) / (later - first) for first in range(10) for later in range(first + 1, 10)
    )
    line = trend(dict(enumerate(values)))
    assert line.slope == slopes[22]
    assert (line.low, line.high) == (slopes[11], slopes[34])


def test_one_point_has_no_trend():
    assert trend({1.0: 2.0}) is None
    assert trend({}) is None


@given(st.dictionaries(st.integers(0, 1000).map(float), st.floats(0, 1), min_size=2, max_size=30))
def test_the_slope_lies_in_its_interval(points):
    line = trend(points)
    assert line.low <= line.slope <= line.high
