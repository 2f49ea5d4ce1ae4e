"""What an expression can still say where some of its series are missing."""

from __future__ import annotations

import pytest

from obsgen.live.coverage.types import Fault
from obsgen.live.coverage.verdict import Verdict, verdict


def judged(expr):
    """The verdict where all metrics that begin with `gone` are missing; and the names of what is missing."""

    def of(selector):
        missing = selector.metric.startswith("gone")
        return Verdict("nothing", (Fault(selector.metric, "cause", "remedy"),)) if missing else Verdict()

    found = verdict(expr, of)
    return found.sees, [fault.series for fault in found.missing]


@pytest.mark.parametrize(
    ("expr", "sees", "missing"),
    [
        ("rate(here[5m]) > 1", "all", []),
        ("rate(gone[5m]) > 1", "nothing", ["gone"]),
        ("here / on(node) gone", "nothing", ["gone"]),
        ("here > 1 and gone > 1", "nothing", ["gone"]),
        ("sum by (job) (gone_a) / sum by (job) (gone_b)", "nothing", ["gone_a", "gone_b"]),
        # One side of an alternative is enough, and sees a part of what both would.
        ("here or gone", "part", ["gone"]),
        ("gone_a or gone_b", "nothing", ["gone_a", "gone_b"]),
        ("gone or vector(0)", "nothing", ["gone"]),
        # The exception is lost, not the rule.
        ("here unless on(node) gone", "part", ["gone"]),
        ("here unless on(node) (gone or also)", "all", ["gone"]),
        ("gone unless on(node) here", "nothing", ["gone"]),
        # These speak up just because nothing is there.
        ("absent(gone)", "all", ["gone"]),
        ("absent_over_time(gone[10m])", "all", ["gone"]),
        ("absent(gone) and on() here", "all", ["gone"]),
        ("vector(1)", "all", []),
        ("time() - 5", "all", []),
    ],
)
def test_a_verdict_follows_the_operators(expr, sees, missing):
    assert judged(expr) == (sees, missing)
