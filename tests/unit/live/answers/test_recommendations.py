"""Requests that the history suggests, by hand."""

from __future__ import annotations

import pytest

from obsgen.live.answers.recommendations import recommendations, recommended_memory
from obsgen.live.past import Past
from obsgen.units import Duration

GI, MI = 2.0**30, 2.0**20
KEY = ("c", "shop", "Deployment", "orders")
DAY = Duration.parse("1d")


def past(points=13, step=7200.0, peak=1.5 * GI, killed=0.0):
    # 0.1, 0.2 … cores: of 13 points the 95th percentile lies 0.4 of the way from the 12th to the 13th.
    busiest = {number * step: (number + 1) / 10 for number in range(points)}
    return Past(
        DAY, workloads={(*KEY, "cpu", "busiest_pod"): busiest}, memory_peaks={KEY: peak}, oom_killed={KEY: killed}
    )


def test_cpu_is_the_95th_percentile_and_the_margin(workload):
    (row,) = recommendations([workload(cpu=(4.0, 1.0))], past())
    assert row.cpu.used == pytest.approx(1.24)
    assert row.cpu.recommended == pytest.approx(1.24 * 1.15)
    # Two pods ask for 2 cores each.
    assert row.cpu.requested == 2.0
    assert row.cpu.gap == pytest.approx(2 * (2.0 - 1.24 * 1.15))
    assert (row.reason, row.oom_killed) == (None, 0)


def test_memory_is_the_peak_and_the_margin(workload):
    (row,) = recommendations([workload(memory=(4.0, 2.0))], past())
    assert row.memory.recommended == pytest.approx(1.5 * 1.15 * GI)
    assert row.memory.gap == pytest.approx(2 * (2.0 - 1.5 * 1.15) * GI)


@pytest.mark.parametrize(
    ("peak", "requested", "recommended"),
    [
        (1000 * MI, 500 * MI, 1200 * MI),  # a fifth more than it got to
        (100 * MI, 50 * MI, 200 * MI),  # 100 MiB are more than a fifth
        (100 * MI, 1000 * MI, 1200 * MI),  # it was given more than was seen
        (100 * MI, None, 200 * MI),
    ],
)
def test_a_kill_for_lack_of_memory_raises_it(peak, requested, recommended):
    assert recommended_memory(peak, requested, oom_killed=True) == pytest.approx(recommended)
    assert recommended_memory(peak, requested, oom_killed=False) == pytest.approx(peak * 1.15)


@pytest.mark.parametrize(("points", "step"), [(11, 7200.0), (13, 600.0), (0, 1.0)])
def test_too_little_history_recommends_nothing(workload, points, step):
    (row,) = recommendations([workload()], past(points, step))
    assert (row.cpu.recommended, row.memory.recommended, row.memory.gap) == (None, None, None)
    assert row.cpu.requested == 0.5
    assert row.reason == "too little history: it takes 12 points over 6 h"


def test_without_history_the_reason_is_another(workload):
    (row,) = recommendations([workload()], Past())
    assert row.reason == "no history was asked for"


def test_an_unknown_request_has_no_gap(workload):
    (row,) = recommendations([workload(memory=(None, 2.0))], past())
    assert row.memory.recommended and row.memory.gap is None


def test_the_largest_gap_comes_first_and_what_has_no_pods_not_at_all(workload):
    rows = recommendations([workload(name="unknown"), workload(), workload(pods=0.0, name="gone")], past())
    assert [row.workload for row in rows] == ["orders", "unknown"]
