"""Patterns and texts: what matches, also where Python alone would try for longer than anybody waits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsgen.promql.error import PromQLError
from obsgen.promql.judging import match_of, matched
from obsgen.promql.regex import UntranslatableRegexError, compiled

LONG = "a" * 200
# Each has more ways through LONG than there are seconds since the Earth was made.
SLOW = ("(a+)+", "(a|a)*", "(a|aa)+", "(a*)*", "((a?)*)*", "(a{1,50}){1,50}", "(.*a)*", ".*.*.*.*.*a.*.*", "(a|b|ab)*")


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_with_many_ways_through_a_text_is_judged_all_the_same(pattern):
    assert matched(pattern, LONG)
    assert not matched(f"({pattern})b", LONG)
    assert matched(f"({pattern})b", f"{LONG}b")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("node-[0-9]+", "node-12"),
        ("(foo|bar)(-[a-z0-9]+)*", "bar-7d4b9-x2x"),
        ("(foo|bar)(-[a-z0-9]+)*", "bar-7d4b9_x2x"),
        ("(a+)+", ""),
        ("(a*)*", ""),
        ("(?i)(A|b)+", "aBBa"),
        ("(a|é)+", "aéa"),
        ("(a|é)+", "aèa"),
        ("^(ab?)*$", "abaab"),
        ("(.|\n)*x", "a\nbx"),
    ],
)
def test_a_pattern_is_judged_as_python_judges_it(pattern, text):
    assert matched(pattern, text) == (compiled(pattern).fullmatch(text) is not None)


PIECES = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "ab"]),
    lambda inner: st.one_of(
        st.builds("({}){}".format, inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", ""])),
        st.builds("({}|{})".format, inner, inner),
        st.builds("{}{}".format, inner, inner),
    ),
    max_leaves=5,
)


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(PIECES, st.text("abc", max_size=6))
def test_no_short_text_tells_the_two_ways_of_judging_apart(pattern, text):
    assert matched(pattern, text) == (compiled(pattern).fullmatch(text) is not None)


def test_groups_are_those_of_the_match():
    found = match_of("(.*)-([0-9]+)", "node-12")
    assert found is not None
    assert found.groups() == ("node", "12")
    assert match_of("(.*)-([0-9]+)", "node") is None


def test_groups_that_take_for_ever_to_find_are_refused():
    with pytest.raises(UntranslatableRegexError, match="bounded time"):
        match_of("((a+)+c|(a+)+b)", f"{LONG}b")


@pytest.mark.parametrize("pattern", [r"\b(a+)+b\b", r"\pL+", "(?U)a+"])
def test_what_nothing_here_can_follow_is_refused(pattern):
    with pytest.raises(UntranslatableRegexError):
        matched(pattern, "a")


@pytest.mark.parametrize("pattern", [r"\x{110000}", "a{1001}", "a{" + "9" * 5000 + "}", "(", "a**"])
def test_what_prometheus_refuses_is_refused(pattern):
    with pytest.raises(PromQLError):
        matched(pattern, "a")
