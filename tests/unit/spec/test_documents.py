"""YAML of other tools: what is read more widely than a spec, and what is not."""

from __future__ import annotations

import pytest

from obsgen.diagnostics import Diagnosed
from obsgen.spec.documents import parse_documents


def contents(text: str) -> list[object]:
    return [one.content for one in parse_documents(text, "slos.yaml")]


def test_all_documents_are_read_and_empty_ones_passed_over():
    assert contents("---\na: 1\n---\n# nothing\n---\nb: 2\n---\n") == [{"a": 1}, {"b": 2}]


def test_a_place_counts_from_the_top_of_the_file():
    _, second = parse_documents("a: 1\n---\nb:\n  c: 2\n", "slos.yaml")
    assert str(second.places.of("b", "c")) == "slos.yaml:4:6"
    assert str(second.places.root) == "slos.yaml:3:1"


def test_a_merged_key_is_there_unless_it_is_written_out():
    text = "base: &base {a: 1, b: 2}\nother: &other {b: 3, c: 4}\nboth: {<<: [*base, *other], a: 5}\n"
    (content,) = contents(text)
    assert content["both"] == {"a": 5, "b": 2, "c": 4}


@pytest.mark.parametrize(
    ("written", "read"), [("yes", True), ("Off", False), ("true", True), ("y", "y"), ("N", "N"), ("'yes'", "yes")]
)
def test_booleans_are_those_of_go(written, read):
    assert contents(f"value: {written}") == [{"value": read}]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a: 1\n---\nb: 1\nb: 2\n", "slos.yaml:4:1: OBS103"),
        ("a: 1\n---\nb: !custom 2\n", "slos.yaml:3:4: OBS105"),
        ("a: 1\n---\nb: [1\n", "slos.yaml:3:4: OBS102"),
    ],
)
def test_mistakes_are_as_in_a_spec(text, mistake):
    with pytest.raises(Diagnosed) as caught:
        contents(text)
    assert [f"{one.location}: {one.code}" for one in caught.value.diagnostics] == [mistake]
