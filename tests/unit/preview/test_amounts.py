"""Values as Grafana writes them."""

from __future__ import annotations

import pytest

from obsgen.preview.amounts import amount, digits, scale


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.123, "percentunit", "12.3%"),
        (0.0, "percentunit", "0%"),
        (12.3, "percent", "12.3%"),
        (1536, "bytes", "1.5 KiB"),
        (3 * 2**30, "bytes", "3 GiB"),
        (2 * 2**20, "Bps", "2 MiB/s"),
        (0.012, "s", "12 ms"),
        (90, "s", "1.5 min"),
        (7200, "s", "2 h"),
        (172_800, "s", "2 d"),
        (0, "s", "0 s"),
        (1234, "short", "1.23 K"),
        (12, "reqps", "12 req/s"),
        (1200, "ops", "1.2 K ops/s"),
        (1, "bool_yes_no", "Yes"),
        (0, "bool_on_off", "Off"),
        (-3, "short", "-3"),
        (float("nan"), "short", "NaN"),
        (float("inf"), "bytes", "∞"),
    ],
)
def test_a_value_is_written_in_its_unit(value, unit, text):
    assert amount(value, unit) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (123456, "123456"), (1234567890123, "1.23e+12"), (0.5, "0.5"), (0.00001, "1e-05")]
)
def test_three_digits_are_enough(value, text):
    assert digits(value) == text


def test_an_axis_has_one_scale_for_all_of_its_values():
    factor, suffix = scale(5 * 2**30, "bytes")
    assert (factor * 2**30, suffix) == (1.0, "GiB")
