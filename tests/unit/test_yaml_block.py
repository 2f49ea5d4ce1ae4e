"""PyYAML is the judge of our own writer: the same text for the same body, whatever stands in it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from obsgen.yaml_block import block_yaml

TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30),
    st.text("ab :#-\"'\n{}[]|>%@`!&*?,0123456789.~=yYnN×\t", max_size=12),
    st.sampled_from(
        ["yes", "Null", "1e3", "0o17", "=", "<<", "2026-11-25", "1:30", ".inf", "- a", "a: b", "a #b", "x\n y"]
    ),
)
SCALARS = st.one_of(TEXTS, st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.none())
BODIES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


class Literal(yaml.CSafeDumper):
    """PyYAML with blocks for lines, and quotes for what other readers would not take for text."""


def _represent(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else "'" if text in ("y", "n") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Literal.add_representer(str, _represent)


def by_pyyaml(body: Any) -> str:
    return yaml.dump(body, Dumper=Literal, sort_keys=False, default_flow_style=False, allow_unicode=True, width=4096)


@settings(max_examples=600, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "expr", "y", "a-b", "1"]), BODIES, min_size=1, max_size=4))
def test_pyyaml_reads_back_what_is_written(body):
    assert yaml.safe_load(block_yaml(body)) == body


@pytest.mark.parametrize(
    "body",
    [
        {"groups": [{"name": "a.b", "rules": [{"expr": "a\n/\n  b", "for": "5m", "labels": {}}]}]},
        {"a": [[1, 2], [], {}], "b": None, "c": True, "d": 1.5, "e": "1.5", "f": "yes", "g": "a: b", "h": "#x"},
        {"multi": "one\ntwo\n", "dashes": "- a\n- b", "empty": ""},
        {
            "y": "n",
            "on": "off",
            "text": "100% × {{ $value }}",
            "colon": "x:",
            "pipe": "| a",
            "long": "word " * 90 + "end",
        },
        [{"a": 1, "b": [{"c": 2}]}, ["x", ["y"]]],
    ],
    ids=["rules", "scalars", "lines", "quoting", "sequences"],
)
def test_the_text_is_the_one_that_pyyaml_writes(body):
    assert block_yaml(body) == by_pyyaml(body)
