"""When the samples are late, and which clock counts."""

from __future__ import annotations

import time

import pytest

from obsgen.live.capacity import capacity


@pytest.mark.parametrize("late", [0, 100])
def test_fresh_samples_raise_no_warning(serving, generator, late):
    with serving(generator.openmetrics(generator.DEMO), ends_at=int(time.time()) - late) as prometheus:
        assert capacity(prometheus).warnings == ()


@pytest.mark.parametrize("late", [200, 290, 1200])
def test_late_samples_read_true_and_their_age_is_told(serving, generator, late):
    end = int(time.time()) - late
    with serving(generator.openmetrics(generator.DEMO), ends_at=end) as prometheus:
        report = capacity(prometheus)
    # The hour before is looked through in steps of a minute.
    assert end - 60 <= report.evaluated_at <= end
    assert report.clusters[0].resources["cpu"].used == pytest.approx(10.54, rel=0.005)
    (warning,) = report.warnings
    assert warning.startswith(f"the newest samples are {late // 60} min") or late > 300
    assert warning.endswith("everything is evaluated at their time")
