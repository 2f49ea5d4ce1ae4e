"""Durations, ratios, quantities and versions, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from obsgen.units import Amount, Duration, Version, number_text, parse_quantity, parse_ratio


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("30s", 30), ("5m", 300), ("1h30m", 5400), ("1d", 86400), ("2w", 1209600), ("1500ms", 1.5)],
)
def test_a_duration_reads_as_prometheus_reads_it(text, seconds):
    assert Duration.parse(text).seconds == seconds


@pytest.mark.parametrize("text", ["", "5", "5 minutes", "1.5h", "5min", "30m1h", "-5m", "5m "])
def test_what_prometheus_would_refuse_is_no_duration(text):
    with pytest.raises(ValueError, match="is not a duration"):
        Duration.parse(text)


@given(some.integers(min_value=0, max_value=10**12))
def test_a_duration_written_and_read_is_the_same(milliseconds):
    assert Duration.parse(str(Duration(milliseconds))) == Duration(milliseconds)


@pytest.mark.parametrize(("text", "value"), [("10%", 0.1), ("0.1", 0.1), ("99.9%", 0.999), ("150%", 1.5)])
def test_a_ratio_may_be_written_as_per_cent(text, value):
    assert parse_ratio(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "value"), [("8Gi", 8 * 2**30), ("500m", 0.5), ("2", 2), ("1.5k", 1500), ("100Mi", 100 * 2**20)]
)
def test_a_quantity_reads_as_kubernetes_reads_it(text, value):
    assert parse_quantity(text) == value


@pytest.mark.parametrize(
    ("written", "value", "kind"),
    [
        ("10%", 0.1, "ratio"),
        (0.1, 0.1, "number"),
        ("5m", 300, "duration"),
        ("8Gi", 8 * 2**30, "quantity"),
        (3, 3, "number"),
    ],
)
def test_an_amount_is_read_by_the_way_it_is_written(written, value, kind):
    amount = Amount.parse(written)
    assert (amount.value, amount.kind) == (value, kind)


def test_a_known_kind_decides_what_a_bare_number_means():
    assert Amount.parse("0.1", "ratio") == Amount("0.1", 0.1, "ratio")


def test_five_m_is_five_minutes_unless_a_quantity_is_wanted():
    assert Amount.parse("5m").value == 300
    assert Amount.parse("5m", "quantity").value == 0.005


def test_versions_compare_by_number_and_not_by_letter():
    assert Version.parse("2.9") < Version.parse("2.42") < Version.parse("3.0")
    assert Version.parse("v3.5.1") == Version(3, 5)


@given(some.floats(allow_nan=False, allow_infinity=False))
def test_a_number_written_and_read_is_the_same(value):
    assert float(number_text(value)) == value
