"""The series that moves a compared quantity across its threshold, and where there is none such."""

from __future__ import annotations

import pytest

from obsgen.exchange.crossing import crossing_feed

W = "[5m:1m]"


@pytest.mark.parametrize(
    ("expr", "fails", "gauge"),
    [
        (f"avg_over_time((t > bool 30){W})", True, "${60 if v else 0}"),
        (f"avg_over_time((max by (cluster) (t) >= bool 30){W})", True, "${60 if v else 0}"),
        (f"1 - avg_over_time((t < bool 30){W})", False, "${60 if v else 0}"),
        (f"1 - avg_over_time((sum(t) <= bool -5){W})", False, "${-4 if v else -6}"),
        (f"sum_over_time(count(t < 0.5){W}) / sum_over_time(count(t){W})", True, "${0 if v else 1}"),
    ],
)
def test_one_gauge_stands_on_either_side(expr, fails, gauge):
    assert crossing_feed(expr, fails=fails) == ({"series": "t", "gauge": gauge},)


@pytest.mark.parametrize(
    "expr",
    [
        f"avg_over_time((t > bool limit){W})",
        f"avg_over_time((a > bool 1){W}) + avg_over_time((b > bool 1){W})",
        f"avg_over_time((t > bool 1){W}) * avg_over_time((t < bool 5){W})",
        f"avg_over_time((rate(t[5m]) > bool 1){W})",
        f"avg_over_time((count(t) > bool 1){W})",
        f"avg_over_time((t == bool 1){W})",
        f"avg_over_time((t offset 1h > bool 1){W})",
        f"avg_over_time(t{W})",
        f"avg_over_time((t > 0){W})",
    ],
)
def test_what_one_gauge_cannot_move_has_no_feed(expr):
    assert crossing_feed(expr, fails=True) == ()
