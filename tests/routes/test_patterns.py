"""Random patterns against every short text: no group of them that some text matches is missed, and none made up."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as some

from obsgen.promql.regex import compiled
from obsgen.routes import patterns
from obsgen.routes.shortest import shortest_texts

TEXTS = ["".join(text) for length in range(1, 6) for text in product("abA-", repeat=length)]


def _patterns() -> some.SearchStrategy[str]:
    atoms = some.sampled_from(("a", "b", "-", ".", "[ab]", "[^a]", r"\w", r"\W", "[a-b-]", "[[:upper:]]", "^", "$"))
    return some.recursive(
        atoms,
        lambda inner: (
            some.tuples(inner, inner).map("".join)
            | some.tuples(inner, inner).map(lambda both: f"(?:{both[0]}|{both[1]})")
            | some.tuples(inner, some.sampled_from(("*", "+", "?", "{2}", "{1,2}", "{1,}?"))).map(
                lambda two: f"({two[0]}){two[1]}"
            )
            | inner.map(lambda one: f"(?i:{one})")
        ),
        max_leaves=6,
    )


@settings(max_examples=80, deadline=None)
@given(some.lists(_patterns(), min_size=1, max_size=3, unique=True))
def test_every_group_of_patterns_that_a_text_matches_is_found_with_a_shortest_text(drawn: list[str]) -> None:
    found = shortest_texts(tuple(drawn), ["a", "ab"])
    for group, text in found.items():
        assert group == {one for one in drawn if compiled(one).fullmatch(text)}
        assert text not in {"", "a", "ab"}
    for text in TEXTS:
        group = frozenset(one for one in drawn if compiled(one).fullmatch(text))
        assert text in {"a", "ab"} or len(found[group]) <= len(text)


@settings(max_examples=80, deadline=None)
@given(_patterns())
def test_a_pattern_of_few_words_matches_these_and_no_other(pattern: str) -> None:
    words = patterns.words(patterns.read(pattern))
    if words is not None:
        assert all(compiled(pattern).fullmatch(word) for word in words)
        assert {text for text in TEXTS if compiled(pattern).fullmatch(text)} <= words
