"""What stands between `${` and `}`."""

from __future__ import annotations

import pytest

from obsgen.spec.template import evaluate, render

NAMES = {"v": 2.0, "thresholds": {"lag": 30.0}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at ${v}", "at 2.0"),
        ("0 ${-v}x3", "0 -2.0x3"),
        ("0 ${ -v }x3", "0 -2.0x3"),
        ("0 ${-thresholds.lag / 2}", "0 -15.0"),
        ("0 ${+v}", "0 2.0"),
    ],
)
def test_a_sign_at_the_beginning_is_the_numbers(text, expected):
    assert render(text, NAMES) == expected


def test_a_formula_reads_the_same_as_text():
    assert evaluate("${-v}", NAMES) == -2.0
