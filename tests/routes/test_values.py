"""Classes of values: complete, apart, and each with a short witness."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from obsgen.promql.matcher import Matcher
from obsgen.routes.undecidable import UndecidableError
from obsgen.routes.values import cut
from tests.routes.trees import PATTERNS, WORDS


def witnesses(*patterns: str, words: tuple[str, ...] = ()) -> tuple[str, ...]:
    asked = [Matcher("x", "=~", pattern) for pattern in patterns] + [Matcher("x", "=", word) for word in words]
    return cut("x", asked).witnesses


def test_words_stand_for_themselves_and_one_text_for_all_others() -> None:
    assert witnesses(words=("prod", "dev")) == ("", "dev", "prod", "other")
    assert witnesses(words=("prod", "other")) == ("", "prod", "other", "other2")


def test_words_that_nothing_tells_apart_share_a_class() -> None:
    assert witnesses("warning|critical|info") == ("", "info", "other")
    assert witnesses("warning|critical", words=("warning",)) == ("", "warning", "critical", "other")


def test_patterns_are_told_apart_by_shortest_texts() -> None:
    assert set(witnesses("(prod|staging)-.*", ".*-dev")) == {"", "other", "prod-", "-dev", "prod-dev"}
    assert set(witnesses("a.*", "(?i)a.*")) == {"", "other", "a", "A"}


def test_a_pattern_that_matches_all_or_nothing_makes_no_class() -> None:
    assert witnesses(".*", "a^b", "b$a") == ("", "other")
    assert witnesses(".+") == ("", "other")


def test_a_length_can_be_followed() -> None:
    found = witnesses("[a-z0-9-]{1,63}", "[a-z0-9-]+", "_")
    assert sorted(map(len, found)) == [0, 1, 1, 5, 64]


def test_two_patterns_that_say_the_same_are_never_told_apart() -> None:
    asked = [Matcher("x", "=~", pattern) for pattern in ("(a|b)*c", "(a*b*)*c")]
    values = cut("x", asked)
    assert values.admitted(asked[0]) == values.admitted(asked[1])


@pytest.mark.parametrize("patterns", [(".*a.{18}",), tuple(f".*{one}.*" for one in ("ab", "cd", "ef", "gh") * 1)])
def test_what_takes_too_long_is_refused_and_not_guessed(patterns: tuple[str, ...]) -> None:
    if len(patterns) > 1:
        assert len(witnesses(*patterns)) == 17
        return
    with pytest.raises(UndecidableError, match="label 'x'"):
        witnesses(*patterns)


@given(
    some.lists(some.sampled_from(PATTERNS), max_size=5), some.lists(some.sampled_from(WORDS), max_size=3), some.data()
)
def test_a_text_passes_the_matchers_that_its_witness_passes(
    patterns: list[str], words: list[str], data: some.DataObject
) -> None:
    asked = [Matcher("x", "=~", one) for one in patterns] + [Matcher("x", "!=", one) for one in words]
    values = cut("x", asked)
    text = data.draw(some.text(max_size=5) | some.text("abA-x12", max_size=6))
    place = values.class_of(text)
    for matcher in asked:
        passes = bool(values.admitted(matcher) >> place & 1)
        assert passes == matcher.matches(text) == matcher.matches(values.witnesses[place])
    assert [values.class_of(witness) for witness in values.witnesses] == list(range(len(values.witnesses)))
