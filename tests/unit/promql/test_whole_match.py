"""Whole matches in bounded time, held against Python's own matcher."""

from __future__ import annotations

import random

import pytest

from obsgen.promql.error import PromQLError
from obsgen.promql.regex import compiled
from obsgen.promql.whole_match import groups_of, matches_whole

ATOMS = ("a", "b", ".", "[ab]", "[^a]", r"\w", r"\d", "a|b", "^", "$", "(?i)A", r"\b")
REPEATS = ("", "*", "+", "?", "{2}", "{0,3}", "*?", "{1,}")
TEXTS = ("", "a", "b", "ab", "aab", "abab", "bbb", "aaaa", "A", "1a", "a\nb")


def pattern(chance: random.Random, depth: int = 0) -> str:
    kind = chance.random()
    if depth > 3 or kind < 0.35:
        return chance.choice(ATOMS)
    if kind < 0.6:
        return pattern(chance, depth + 1) + pattern(chance, depth + 1)
    return f"({pattern(chance, depth + 1)}){chance.choice(REPEATS)}"


def test_a_pattern_matches_what_pythons_own_matcher_says() -> None:
    chance = random.Random(3)
    judged = 0
    for text in (pattern(chance) for _ in range(1500)):
        try:
            found = compiled(text)
        except PromQLError:
            continue
        judged += 1
        assert [matches_whole(text, one) for one in TEXTS] == [found.fullmatch(one) is not None for one in TEXTS], text
    assert judged > 1000


@pytest.mark.parametrize("text", ["(a|a)*b", "(a+)+b", "((((a*)*)*)*)*b", "(a?){900}b", ".*" * 50 + "b"])
def test_a_pattern_with_many_ways_is_followed_along_all_of_them_at_once(text: str) -> None:
    assert not matches_whole(text, "a" * 200)
    assert matches_whole(text, "a" * 200 + "b")


def test_groups_are_found_where_that_cannot_take_long() -> None:
    found = groups_of("(.*):(.*)", "node-1:9100")
    assert found
    assert found.groups() == ("node-1", "9100")
    assert groups_of("(a|a)*b", "a" * 60) is None
    with pytest.raises(PromQLError, match="too long"):
        groups_of("((a|a)*b|a*)", "a" * 60)
