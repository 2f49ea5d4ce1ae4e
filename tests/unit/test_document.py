"""YAML that Kubernetes reads back as the same strings."""

from __future__ import annotations

import re

import pytest
import yaml

from obsgen.document import Document, json_parts, json_text, yaml_text


@pytest.mark.parametrize(
    "word", ["y", "n", "yes", "off", "null", "~", "=", "1e3", "0o17", "08", "1_000", "12:30", ".5", "+1", ""]
)
def test_text_that_a_yaml_reader_could_take_for_something_else_is_quoted(word):
    text = yaml_text({"value": word})
    assert re.search(r"value: ['\"]", text), text
    assert yaml.safe_load(text) == {"value": word}


@pytest.mark.parametrize("text", ["5m", "1d", "90s", "../rules/x.yaml", "orders", "-beside"])
def test_what_nobody_misreads_stands_bare(text):
    assert yaml_text({"value": text}) == f"value: {text}\n"


def test_keys_are_quoted_by_the_same_rule():
    assert yaml_text({"on": "a", "y": "b"}) == "'on': a\n'y': b\n"


def test_long_text_keeps_its_lines():
    assert yaml_text({"expr": "a\n+\nb"}) == "expr: |-\n  a\n  +\n  b\n"


def test_equal_parts_are_written_out_and_never_anchored():
    shared = {"a": "b"}
    assert "&" not in yaml_text({"first": shared, "second": shared})


def test_json_in_parts_is_the_same_text():
    body = {"none": [], "few": [1, {"a": [2]}], "many": [{"b": [number]} for number in range(1700)], "text": "x"}
    parts = list(json_parts(body))
    assert "".join(parts) == json_text(body)
    assert max(map(len, parts)) < len(json_text(body)) / 3


def test_a_header_becomes_a_comment():
    assert yaml_text({}, header="one\ntwo").startswith("# one\n# two\n")


def test_json_refuses_what_is_no_number():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"value": float("nan")})


def test_a_document_is_known_by_the_hash_of_its_bytes():
    assert Document("a", "x").sha256 == Document("b", "x").sha256 != Document("a", "y").sha256
