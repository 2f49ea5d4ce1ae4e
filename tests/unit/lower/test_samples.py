"""Samples in promtool's notation."""

from __future__ import annotations

import pytest

from obsgen.lower.proofs.quantiles import bucket_shares
from obsgen.lower.proofs.samples import Phase, age, continued, counter, decimal, gauge


def expanded(notation: str) -> list[float]:
    """What promtool makes of it: `a+bxn` is a, and n further samples."""
    result: list[float] = []
    for part in notation.split():
        if "x" not in part:
            result.append(float(part))
            continue
        body, _, times = part.partition("x")
        sign = body.rfind("-") if "+" not in body else body.index("+")
        start, step = float(body[:sign]), float(body[sign:])
        result += [start + step * number for number in range(int(times) + 1)]
    return result


def test_a_gauge_holds_each_value():
    assert gauge([Phase(5, 3), Phase(1, 1), Phase(0, 2)]) == "5+0x2 1 0+0x1"


def test_a_counter_grows_on_from_where_it_was():
    notation = counter([Phase(2, 3), Phase(1, 2)], step=10)
    assert expanded(notation) == [0, 20, 40, 50, 60]


def test_a_counter_that_stops_never_falls_by_a_rounding():
    notation = counter([Phase(0, 2), Phase(2 / 9, 6), Phase(0, 3)], step=60, start=1e9)
    values = [0.0]
    for part in notation.split():
        body, _, times = part.partition("x")
        start, _, step = body.partition("+")
        values.append(float(start))
        # promtool adds the step up, sample by sample.
        for _ in range(int(times or 0)):
            values.append(values[-1] + float(step))
    assert values == sorted(values)


def test_a_counter_that_must_be_seen_at_once_starts_with_a_jump():
    notation = counter([Phase(2, 3), Phase(0, 2)], step=10, jump=600)
    assert expanded(notation) == [0, 620, 640, 640, 640]


def test_a_timestamp_keeps_its_distance_from_the_clock():
    notation = age([Phase(100, 3), Phase(0, 2)], step=30)
    assert expanded(notation) == [-100, -70, -40, 90, 120]


@pytest.mark.parametrize(
    ("value", "text"), [(1e-7, "0.0000001"), (-0.0, "0"), (1e15, "1000000000000000"), (0.5, "0.5")]
)
def test_numbers_never_have_an_exponent(value, text):
    assert decimal(value) == text


def quantile(rank: float, shares: tuple[float, ...], bounds: list[float]) -> float:
    """histogram_quantile as Prometheus documents it: linear inside the bucket that holds the rank."""
    position = next((index for index, share in enumerate(shares) if share >= rank), None)
    if position is None:
        return bounds[-1]
    low, below = (bounds[position - 1], shares[position - 1]) if position else (0.0, 0.0)
    return low + (bounds[position] - low) * (rank - below) / (shares[position] - below)


@pytest.mark.parametrize("rank", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("wanted", [0.15, 0.495, 0.5, 0.505, 1.0, 3.9, 7.9, 8.0])
def test_observations_lie_so_that_the_quantile_reads_the_value(rank, wanted):
    bounds = [0.1, 0.5, 1.0, 2.0, 4.0, 8.0]
    shares = bucket_shares(wanted, rank, bounds)
    assert list(shares) == sorted(shares)
    assert quantile(rank, shares, bounds) == pytest.approx(wanted)


def test_nothing_observed_lies_in_the_first_bucket():
    assert bucket_shares(0, 0.99, [0.1, 1.0]) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("values", "count", "expected"),
    [
        ("1x3", 10, "1x3 1+0x5"),
        ("0+5x3", 6, "0+5x3 20+5x1"),
        ("1 2 3", 5, "1 2 3 3+0x1"),
        ("_x4 7x2", 10, "_x4 7x2 7+0x2"),
        ("5-1x2", 4, "5-1x2 2"),
        ("1x9", 10, "1x9"),
        ("1x3 stale", 10, "1x3 stale"),
        ("1x3 _x3", 10, "1x3 _x3"),
    ],
)
def test_a_series_goes_on_as_it_went_unless_it_ends_on_purpose(values, count, expected):
    assert continued(values, count) == expected
