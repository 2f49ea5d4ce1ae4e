"""A watermark is passed above it."""

from __future__ import annotations

import pytest

from obsgen.live.watermarks import DEFAULT_WATERMARKS, Watermark


@pytest.mark.parametrize(
    ("utilization", "level"),
    [
        (0.0, "ok"),
        (0.75, "ok"),
        (0.7501, "warning"),
        (0.85, "warning"),
        (0.8501, "critical"),
        (1.2, "critical"),
    ],
)
def test_a_mark_is_passed_above_it(utilization, level):
    assert DEFAULT_WATERMARKS["memory"].level(utilization) == level


@pytest.mark.parametrize(("warning", "critical"), [(0.9, 0.8), (0.0, 0.5)])
def test_marks_out_of_order_are_refused(warning, critical):
    with pytest.raises(ValueError, match="warning comes first"):
        Watermark(warning, critical)
