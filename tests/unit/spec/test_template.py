"""What stands between `${` and `}`."""

from __future__ import annotations

import pytest

from obsgen.spec.template import evaluate, names_in_formula, render, thresholds_in

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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lag > ${thresholds.lag_share}", {"lag_share"}),
        ("lag > ${thresholds['lag']}", {"lag"}),
        ("lag > ${thresholds.lag.text if severity == 'info' else thresholds.depth}", {"lag", "depth"}),
        ("<% if thresholds.lag > 1 %>${thresholds['depth']}<% endif %>", {"lag", "depth"}),
        ('lag{what="thresholds.lag"} > ${other.thresholds.lag}', set()),
    ],
)
def test_the_thresholds_of_a_template_are_those_that_it_asks_for(text, expected):
    assert thresholds_in([text]) == expected


@pytest.mark.parametrize(
    ("formula", "expected"), [("${v * thresholds.depth}", False), ("v / depth", True), (3.0, False)]
)
def test_a_formula_asks_for_a_name_and_not_for_a_part_of_one(formula, expected):
    assert (("depth",) in names_in_formula(formula)) is expected
