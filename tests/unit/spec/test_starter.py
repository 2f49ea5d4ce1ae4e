"""The first spec: only values of it are filled in, and nothing from outside leaves its comment."""

from __future__ import annotations

import pytest
import yaml

from obsgen.spec.starter import Entry, fitted_text, starter_text


def test_names_that_yaml_would_read_otherwise_are_quoted():
    spec = yaml.safe_load(starter_text("yes", "1.10"))
    assert spec["metadata"]["name"] == "yes"
    assert spec["environment"]["cluster"] == "1.10"


def test_sections_take_the_place_of_the_shipped_ones_and_routing_stays():
    text = fitted_text("prod", {"environment": Entry({"cluster": Entry("eu")}), "kubernetes": Entry({"etcd": Entry()})})
    spec = yaml.safe_load(text)
    assert spec["environment"] == {"cluster": "eu"}
    assert spec["kubernetes"] == {"etcd": None}
    assert "infrastructure" not in spec
    assert spec["routing"] == yaml.safe_load(starter_text("prod", "eu"))["routing"]


@pytest.mark.parametrize("word", ["a\nrouting: {}", "x\r\nkind: Other", "\x1b[2J", "# a: b", "word " * 100])
def test_a_reason_stays_a_comment(word):
    text = fitted_text("prod", {"environment": Entry({"cluster": Entry("eu", word)}, after=(word,))})
    assert yaml.safe_load(text)["environment"] == {"cluster": "eu"}
    assert yaml.safe_load(text)["kind"] == "MonitoringStack"
    assert "\x1b" not in text


def test_a_section_with_nothing_in_it_is_an_empty_one():
    assert (
        yaml.safe_load(fitted_text("prod", {"infrastructure": Entry({}, after=("nothing",))}))["infrastructure"] == {}
    )


@pytest.mark.parametrize("value", ["a: b", "${x}", 'job="a",b=~"c|d"', "ä", "- x", "2.42", True])
def test_a_value_is_read_as_it_was_written(value):
    text = fitted_text("prod", {"environment": Entry({"cluster": Entry(value)})})
    assert yaml.safe_load(text)["environment"]["cluster"] == value
