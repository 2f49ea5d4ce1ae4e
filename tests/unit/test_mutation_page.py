"""docs/mutation.md is about the packs as they are: every component, every mistake that there is to make."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from obsgen.check.mutants import mutants
from tests.compiled import shipped_spec

ROOT = Path(__file__).resolve().parents[2]
_ROW = re.compile(
    r"^(?P<component>[a-z][-a-z0-9]*) +(?P<pack>[-a-z0-9]+) +(?P<killed>\d+|-) +(?P<all>\d+) +([\d.]+%|not measured)$",
    re.MULTILINE,
)
RENEW = "the packs changed since: make mutation"


def test_the_report_counts_the_mutants_that_there_are():
    page = (ROOT / "docs" / "mutation.md").read_text()
    bundle = shipped_spec("production").bundle
    made = [one for rule in bundle.alerts for one in mutants(rule, bundle.recordings) if not one.excuse]
    counted = Counter(one.before.labels["component"] for one in made)
    told = {row["component"]: int(row["all"]) for row in _ROW.finditer(page)}
    assert told == dict(counted), RENEW
    measured = [row for row in _ROW.finditer(page) if row["killed"] != "-"]
    assert sum(int(row["killed"]) for row in measured) / sum(int(row["all"]) for row in measured) >= 0.95
