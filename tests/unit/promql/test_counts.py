"""Counts that are extrapolated, beside what looks like them and is exact."""

from __future__ import annotations

import pytest

from obsgen.promql.counts import extrapolated_counts

RECORDED = {"job:failures:increase1h": "sum by (job) (increase(failures_total[1h]))"}

PAIRS = {
    "an increase": ("increase(x[15m]) > 3", "round(increase(x[15m])) > 3"),
    "of a gauge": ("delta(x[15m]) < 2", "changes(x[15m]) < 2"),
    "at least": ("increase(x[15m]) >= 1", "increase(x[15m]) > 0"),
    "number first": ("3 < increase(x[15m])", "0.5 < increase(x[15m])"),
    "summed": ("sum by (a) (increase(x[1h])) > 1", "sum by (a) (floor(increase(x[1h]))) > 1"),
    "added": ("increase(x[1h]) + increase(y[1h]) > 2", "increase(x[1h]) / increase(y[1h]) > 2"),
    "one of two": ("(increase(x[1h]) or increase(y[1h])) > 2", "(round(increase(x[1h])) or y) > 2"),
    "within a condition": ("(increase(x[1h]) > 5) and y > 1", "(rate(x[1h]) > 5) and y > 1"),
    "what is left of it": ("(increase(x[1h]) unless y) > 1", "(y unless increase(x[1h])) > 1"),
    "relabelled": (
        'label_replace(increase(x[1h]), "a", "$1", "b", "(.*)") > 1',
        "histogram_quantile(0.9, increase(x_bucket[1h])) > 1",
    ),
    "its highest": ("max_over_time(increase(x[5m])[1h:1m]) > 4", "count_over_time(increase(x[5m])[1h:1m]) > 4"),
    "recorded": ("job:failures:increase1h > 3", "job:failures:rate1h > 3"),
    "few and many": ("increase(x[15m]) > 20", "increase(x[15m]) > 50"),
}


@pytest.mark.parametrize(("extrapolated", "exact"), PAIRS.values(), ids=PAIRS)
def test_only_the_first_of_each_pair_is_extrapolated(extrapolated: str, exact: str) -> None:
    assert len(extrapolated_counts(extrapolated, RECORDED)) == 1
    assert extrapolated_counts(exact, RECORDED) == ()
