"""The report as rows: CSV and Markdown, and what is shown first."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

import pytest

from obsgen.cli.capacity_options import DIMENSIONS as OFFERED
from obsgen.live.types import NodeGroup, TeamCapacity, WorkloadCapacity
from obsgen.report.capacity_csv import capacity_csv
from obsgen.report.capacity_markdown import capacity_markdown
from obsgen.report.capacity_rows import DIMENSIONS, HEADINGS, View, rows_of


@pytest.fixture
def wide(report):
    full, share = report.nodes[0].resources, report.namespaces[0].resources
    return replace(
        report,
        zones=(NodeGroup("prod-sh", "zone-a", 1, full), NodeGroup("prod-sh", None, 2, full)),
        pools=(NodeGroup("prod-sh", "general", 3, full),),
        teams=(TeamCapacity("prod-sh", "commerce", ("shop",), share), TeamCapacity("prod-sh", None, ("x",), share)),
        workloads=(WorkloadCapacity("prod-sh", "shop", "Deployment", "=orders|1", "commerce", share),),
    )


def read(text):
    return list(csv.DictReader(StringIO(text)))


def test_the_command_offers_every_dimension():
    assert OFFERED == DIMENSIONS == tuple(HEADINGS)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_dimension_has_rows_under_its_headings(wide, dimension):
    rows = rows_of(wide, dimension)
    assert rows
    assert {len(row.names) for row in rows} == {len(HEADINGS[dimension])}


def test_csv_has_a_line_per_place_and_resource(wide):
    lines = read(capacity_csv(wide, View()))
    assert len(lines) == 9
    first = lines[0]
    assert (first["node"], first["state"], first["resource"], first["unit"]) == ("worker-1", "ready", "cpu", "cores")
    assert (first["allocatable"], first["utilization"], first["level"]) == ("8.0", "0.75", "warning")


def test_the_unknown_is_empty_in_csv(wide):
    unknown = read(capacity_csv(wide, View()))[-1]
    assert (unknown["zone"], unknown["allocatable"], unknown["level"]) == ("", "", "")


def test_a_spreadsheet_runs_no_name_as_a_formula(wide):
    assert read(capacity_csv(wide, View("workload")))[0]["workload"] == "'=orders|1"


def test_a_name_cannot_end_a_cell_of_markdown(wide):
    text = capacity_markdown(wide, View("workload"))
    assert r"=orders\|1" in text
    assert "## By workload" in text
    assert "## By node" not in text
    assert "- **critical** cluster prod-sh: memory is at 90.0%" in text


def test_markdown_shows_the_usual_dimensions(wide):
    text = capacity_markdown(wide, View())
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## By cluster",
        "## By node",
        "## By namespace",
        "## Findings",
        "## What the data lacked",
    ]
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert "| prod-sh | cpu | 6.00 | - | 5.50 | 12.00 | 8.00 | 75.0% | warning |" in rows


def test_the_fullest_come_first_and_only_so_many(report):
    nodes = (
        replace(report.nodes[2], node="empty"),
        report.nodes[0],
        replace(report.nodes[1], node="other"),
    )
    assert [row.names[1] for row in rows_of(replace(report, nodes=nodes), "node", 1)] == ["worker-1"]


def test_without_anything_allocatable_the_biggest_users_come_first(report):
    small = report.namespaces[0]
    cpu = replace(small.resources["cpu"], used=60.0)
    big = replace(small, namespace="big", resources={**small.resources, "cpu": cpu})
    spaces = (small, big)
    assert [row.names[1] for row in rows_of(replace(report, namespaces=spaces), "namespace", 2)] == ["big", "shop"]
