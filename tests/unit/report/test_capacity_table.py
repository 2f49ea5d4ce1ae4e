"""The report as a terminal shows it, compared with stored text."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from obsgen.report.capacity_table import capacity_table
from obsgen.report.quantities import amount_text

STORED = Path(__file__).parent / "capacity_table.txt"


def rendered(report, width=120, **options):
    console = Console(file=StringIO(), width=width, **options)
    capacity_table(report, console)
    return console.file.getvalue()


def test_the_table_is_the_stored_one(report):
    assert [line.rstrip() for line in rendered(report).splitlines()] == STORED.read_text().splitlines()


def test_names_are_never_cut_on_a_narrow_terminal(report):
    text = rendered(report, width=80)
    for name in ("prod-sh", "worker-1", "worker-[2]", "NotReady, cordoned", "zone-a"):
        assert name in text


def test_levels_are_in_words_and_in_colour(report):
    coloured = rendered(report, force_terminal=True, color_system="standard")
    assert "\x1b[1;31mcritical" in coloured
    assert "\x1b[33mwarning" in coloured


def test_one_cluster_needs_no_column_for_it(report):
    alone = replace(report, clusters=report.clusters[:1], nodes=report.nodes[:1])
    (heading,) = [line for line in rendered(alone).splitlines() if line.startswith("node ")]
    assert heading.split()[:3] == ["node", "zone", "state"]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "cores", "-"),
        (0.0, "cores", "0.00"),
        (1.256, "cores", "1.26"),
        (11.0, "pods", "11"),
        (512.0, "bytes", "512 B"),
        (1536.0, "bytes", "1.5 KiB"),
        (2.0**30, "bytes", "1.0 GiB"),
        (2.0**60, "bytes", "1024.0 PiB"),
    ],
)
def test_amounts_read_in_their_unit(value, unit, text):
    assert amount_text(value, unit) == text
