"""Changes of an expression's text that leave the rest of it as it was."""

from __future__ import annotations

from obsgen.promql.words import comparisons, matchers_removed


def compared(expr: str) -> list[tuple[str, str]]:
    return [(one.sign.text, one.number.text if one.number else "") for one in comparisons(expr)]


def without(expr: str) -> list[str]:
    return [one.without for one in matchers_removed(expr)]


def test_comparisons_are_found_with_their_numbers():
    assert compared("a / b > 0.9 and (c == bool 1) unless d < -2e3") == [(">", "0.9"), ("==", "1"), ("<", "2e3")]
    assert compared("a > on (job) b") == [(">", "")]


def test_matchers_and_texts_are_no_comparisons():
    assert compared('a{x!="> 1",y=~"=="} offset 5m') == []
    assert compared("a # > 1") == []


def test_each_matcher_is_removed_alone():
    assert without('a{x="1",y=~"2,}"} / b{z!="3",}') == [
        'a{y=~"2,}"} / b{z!="3",}',
        'a{x="1"} / b{z!="3",}',
        'a{x="1",y=~"2,}"} / b{}',
    ]
    assert [(one.metric, one.selector) for one in matchers_removed('a + b{x="1"} + c{} + d{y="2"}')] == [
        ("b", 1),
        ("d", 3),
    ]
