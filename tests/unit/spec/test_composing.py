"""Our composer against PyYAML's own, which knows no bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from obsgen.spec.composing import BOOL, MERGE, compose_all

ROOT = Path(__file__).resolve().parent.parent.parent.parent
FILES = sorted([*(ROOT / "config").rglob("*.yaml"), *(ROOT / "alerts").rglob("*.yaml")])[::7]
SMALL = (
    "",
    "---\n---\na: 1\n",
    "y: &y {c: 1}\na: &x [1, {b: *y}]\nz: *x\n",
    "<<: {a: yes}\n'yes': No\nb: ! 1\nc: !!str 2\n",
    "? [a, b]\n: |\n  text\n",
)


def flat(node: yaml.Node | None) -> Any:
    """What is read of a node: value, place, style, and of plain words whether they are a boolean or a merge."""
    if node is None:
        return None
    place = node.start_mark.line, node.start_mark.column
    if isinstance(node, yaml.ScalarNode):
        return node.tag if node.tag in (BOOL, MERGE) else "", node.value, node.style, place
    if isinstance(node, yaml.SequenceNode):
        return node.tag, [flat(one) for one in node.value], place
    return node.tag, [(flat(key), flat(value)) for key, value in node.value], place


@pytest.mark.parametrize("text", [*(file.read_text(encoding="utf-8") for file in FILES), *SMALL])
def test_a_document_is_composed_to_what_pyyaml_makes_of_it(text: str) -> None:
    theirs = [flat(node) for node in yaml.compose_all(text, Loader=yaml.CSafeLoader)]
    assert [flat(node) for node in compose_all(text)] == theirs
