"""The report on objectives as a terminal shows it, compared with stored text."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from obsgen.report.objectives_table import objectives_table
from obsgen.report.quantities import count_text, minute_text

STORED = Path(__file__).parent / "objectives_table.txt"


def rendered(report, width=120, **options):
    console = Console(file=StringIO(), width=width, **options)
    objectives_table(report, console)
    return console.file.getvalue()


def test_the_table_is_the_stored_one(objectives_report):
    lines = [line.rstrip() for line in rendered(objectives_report).splitlines()]
    assert lines == STORED.read_text().splitlines()


def test_names_are_never_cut_on_a_narrow_terminal(objectives_report):
    text = rendered(objectives_report, width=80)
    for name in ("prod-sh", "orders/success", "route=/[pay]", "critical", "2026-01-05 08:00"):
        assert name in text


def test_levels_are_in_words_and_in_colour(objectives_report):
    assert "\x1b[1;31mcritical" in rendered(objectives_report, force_terminal=True, color_system="standard")


def test_one_cluster_needs_no_column_for_it(objectives_report):
    alone = replace(objectives_report, objectives=objectives_report.objectives[1:])
    assert "prod-sh" not in rendered(alone)


def test_without_a_pace_there_is_no_note_about_it(objectives_report):
    alone = replace(objectives_report, objectives=objectives_report.objectives[:1])
    assert "Time left is" in rendered(objectives_report)
    assert "Time left is" not in rendered(alone)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (-0.3, "0"),
        (705.4, "705"),
        (9999.4, "9,999"),
        (-10563.0, "-11k"),
        (12_345_678.0, "12M"),
        (9_999_999.0, "10M"),
        (9.9e17, "990,000T"),
    ],
)
def test_events_are_counted_as_closely_as_one_reads(value, text):
    assert count_text(value) == text


def test_a_minute_is_the_nearest():
    assert minute_text(1767615299.999) == "2026-01-05 12:15"
