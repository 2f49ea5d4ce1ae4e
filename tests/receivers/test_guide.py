"""docs/receivers.md shows what is true."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from obsgen.check.own import own_findings
from obsgen.check.receiver_versions import _NEEDS
from obsgen.emit.notifications import template_text
from obsgen.pipeline import Compiled, compile_stack
from obsgen.spec.receivers import ReceiverSpec
from tests.receivers.specs import write_spec

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "receivers.md").read_text(encoding="utf-8")


def test_the_receivers_of_the_guide_are_valid_and_of_every_kind(tmp_path):
    block = re.search(r"```yaml\n(receivers:.*?)```", GUIDE, re.DOTALL)
    assert block
    receivers = yaml.safe_load(block[1])["receivers"]
    compiled = compile_stack(write_spec(tmp_path, "0.34", receivers))
    assert [one for one in own_findings(compiled.stack, compiled.bundle) if one.level == "error"] == []
    assert {kind for one in receivers.values() for kind in one} == set(ReceiverSpec.model_fields)


def test_the_versions_of_the_guide_are_those_that_are_checked():
    rows = re.findall(r"^\| (`[^|]+) \| (0\.\d+) \|", GUIDE, re.MULTILINE)
    told = {name: since for names, since in rows for name in re.findall(r"`([^`]+)`", names)}
    checked = {".".join(filter(None, [need.way, need.field])): str(need.since) for need in _NEEDS}
    # Older than anything that obsgen supports.
    del checked["opsgenie"]
    assert told == checked


def test_the_templates_of_the_guide_are_in_the_file(example: Compiled):
    named = set(re.findall(r"`(obsgen\.[a-z.]+)`", GUIDE)) - {"obsgen.tmpl"}
    text = template_text(example.stack)
    assert len(named) == 9
    assert [name for name in sorted(named) if f'define "{name}"' not in text] == []
