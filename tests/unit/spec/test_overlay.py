"""Specs laid over each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from obsgen.diagnostics import Diagnosed
from obsgen.spec.overlay import read_with_bases


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder / "top.yaml"


def test_mappings_are_merged_by_key_and_everything_else_is_replaced(tmp_path):
    top = written(
        tmp_path,
        base="kubernetes: {x: 1, y: [1, 2], z: {deep: old}}\nmetadata: kept\n",
        top="extends: [base.yaml]\nkubernetes: {y: [3], z: {deep: new, more: 1}}\n",
    )
    source, _ = read_with_bases(top)
    assert source.content == {
        "extends": ["base.yaml"],
        "kubernetes": {"x": 1, "y": [3], "z": {"deep": "new", "more": 1}},
        "metadata": "kept",
    }


def test_of_several_bases_the_later_wins(tmp_path):
    one = "kubernetes: 1\nmetadata: 1\n"
    top = written(tmp_path, one=one, two="kubernetes: 2\n", top="extends: [one.yaml, two.yaml]\n")
    source, files = read_with_bases(top)
    assert (source.content["kubernetes"], source.content["metadata"]) == (2, 1)
    assert [Path(file).name for file in files] == ["one.yaml", "two.yaml", "top.yaml"]


def test_a_value_is_placed_in_the_file_that_had_the_last_word(tmp_path):
    top = written(tmp_path, base="kubernetes:\n  x: 1\n  y: 1\n", top="extends: [base.yaml]\nkubernetes:\n  x: 2\n")
    source, _ = read_with_bases(top)
    assert Path(source.places.of("kubernetes", "x").file).name == "top.yaml"
    assert Path(source.places.of("kubernetes", "y").file).name == "base.yaml"


def test_a_list_that_was_replaced_leaves_no_places_behind(tmp_path):
    top = written(tmp_path, base="packs: [1, 2, 3]\n", top="extends: [base.yaml]\npacks: [9]\n")
    source, _ = read_with_bases(top)
    assert Path(source.places.of("packs", 2).file).name == "top.yaml"


def test_nothing_after_the_colon_does_not_wipe_out_what_the_base_says(tmp_path):
    top = written(tmp_path, base="kubernetes: {x: 1}\n", top="extends: [base.yaml]\nkubernetes:\n")
    assert read_with_bases(top)[0].content["kubernetes"] == {"x": 1}


def test_a_circle_is_named_file_by_file(tmp_path):
    top = written(tmp_path, top="extends: [mid.yaml]\n", mid="extends: [top.yaml]\n")
    with pytest.raises(Diagnosed, match=r"'top.yaml' extends 'mid.yaml' extends 'top.yaml'"):
        read_with_bases(top)


def test_the_same_base_by_two_ways_is_no_circle(tmp_path):
    top = written(
        tmp_path,
        root="kubernetes: 1\n",
        left="extends: [root.yaml]\npacks: 1\n",
        right="extends: [root.yaml]\nmetadata: 1\n",
        top="extends: [left.yaml, right.yaml]\n",
    )
    assert read_with_bases(top)[0].content["kubernetes"] == 1
