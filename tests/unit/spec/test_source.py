"""YAML read strictly, with the place of every value."""

from __future__ import annotations

import pytest

from obsgen.diagnostics import Diagnosed
from obsgen.spec.source import parse_yaml


def mistakes(text: str) -> list[str]:
    with pytest.raises(Diagnosed) as caught:
        parse_yaml(text, "spec.yaml")
    return [f"{one.location}: {one.code}" for one in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("true", True),
        ("False", False),
        ("3", 3),
        ("-3", -3),
        ("0.1", 0.1),
        ("1e3", 1000.0),
        ("1.5e3", 1500.0),
        ("", None),
        ("null", None),
        ("'3'", "3"),
        ("=", "="),
        ("10%", "10%"),
        ("010", "010"),
        ("12:30", "12:30"),
        ("2026-01-01", "2026-01-01"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
    ],
)
def test_only_what_everyone_reads_alike_is_more_than_text(written, read):
    content = parse_yaml(f"value: {written}", "spec.yaml").content
    assert content == {"value": read}
    assert type(content["value"]) is type(read)


@pytest.mark.parametrize("word", ["yes", "No", "on", "off", "ON"])
def test_words_that_are_booleans_to_some_readers_are_refused(word):
    assert mistakes(f"key: {word}") == ["spec.yaml:1:6: OBS104"]


def test_a_key_that_looks_like_a_boolean_is_a_plain_key():
    assert parse_yaml("on: 1\nno: 2", "spec.yaml").content == {"on": 1, "no": 2}


def test_all_mistakes_of_a_file_are_reported_at_once():
    text = "a: 1\na: 2\nb: yes\nc: {d: 1, d: 2}\n<<: {}\n"
    assert mistakes(text) == [
        "spec.yaml:2:1: OBS103",
        "spec.yaml:3:4: OBS104",
        "spec.yaml:4:11: OBS103",
        "spec.yaml:5:1: OBS105",
    ]


def test_every_value_and_key_has_its_place():
    places = parse_yaml("a:\n  - b: 1\n  - {c: 2}\n", "spec.yaml").places
    assert str(places.of("a", 1, "c")) == "spec.yaml:3:9"
    assert str(places.of_key("a", 1, "c")) == "spec.yaml:3:6"
    assert places.of("a", 1, "c").source_line == "  - {c: 2}"


def test_a_value_that_is_not_written_is_placed_at_what_surrounds_it():
    places = parse_yaml("a:\n  b: {}\n", "spec.yaml").places
    assert str(places.of("a", "b", "missing", "deeper")) == "spec.yaml:2:6"


def test_an_anchor_may_be_used_again_but_not_inside_itself():
    assert parse_yaml("a: &x [1]\nb: *x\n", "spec.yaml").content == {"a": [1], "b": [1]}
    assert mistakes("a: &x [*x]\n") == ["spec.yaml:1:4: OBS105"]
