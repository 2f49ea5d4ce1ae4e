"""The page of the bundled sample says what its JSON says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import obsgen.report
from obsgen.cli import main
from obsgen.report.quantities import share_text
from tests.unit.report.html_page import Page


def printed(form: str) -> str:
    result = CliRunner().invoke(main, ["capacity", "--demo", "--format", form])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def body():
    return json.loads(printed("json"))


@pytest.fixture(scope="module")
def page() -> Page:
    return Page.read(printed("html"))


def known(*values: float | None) -> list[float]:
    return [value for value in values if value is not None]


def test_every_node_has_a_tile_with_its_shares(page, body):
    tiles = {page.text(tile.find("b")): tile for grid in page.having("ul", "tiles") for tile in grid}
    assert sorted(tiles) == sorted(node["node"] for node in body["nodes"])
    for node in body["nodes"]:
        shares = [node["resources"][name]["utilization"] for name in ("memory", "cpu")]
        tile = tiles[node["node"]]
        assert page.figures(tile) == known(*shares)
        assert [share_text(share) in page.text(tile) for share in known(*shares)] == [True] * len(known(*shares))


def test_every_resource_of_a_cluster_has_a_bar_with_its_figures(page, body):
    shown = [page.figures(one) for grid in page.having("ul", "bars") for one in grid]
    expected = []
    for one in (resource for cluster in body["clusters"] for resource in cluster["resources"].values()):
        ratio = one["requested"] / one["allocatable"] if one["requested"] is not None else None
        expected.append(known(one["used"], one["utilization"], one["requested"], ratio, one["allocatable"]))
    assert shown == expected


def test_every_finding_is_there_word_for_word(page, body):
    shown = [[page.text(cell) for cell in row] for _, row in page.rows("findings")]
    assert sorted(shown) == sorted([one["level"], one["about"], one["message"]] for one in body["findings"])


@pytest.mark.parametrize(
    ("section", "key", "name"), [("by-namespace", "namespaces", "namespace"), ("by-team", "teams", "team")]
)
def test_namespaces_and_teams_have_the_figures_of_the_json(page, body, section, key, name):
    rows = dict(page.rows(section))
    assert set(rows) == {place[name] or "unknown" for place in body[key]}
    for place in body[key]:
        cpu, memory = place["resources"]["cpu"], place["resources"]["memory"]
        figures = [one[figure] for one in (cpu, memory) for figure in ("used", "used_p95", "requested", "limit")]
        expected = known(*figures, place["resources"]["pods"]["used"])
        assert page.figures(rows[place[name] or "unknown"]) == expected


def test_zones_and_pools_have_the_figures_of_the_json(page, body):
    for section, key, name in (("by-zone", "zones", "zone"), ("by-pool", "pools", "pool")):
        rows = dict(page.rows(section))
        for place in body[key]:
            order = ("used", "allocatable", "utilization", "requested", "limit")
            figures = [place["resources"][one][figure] for one in ("cpu", "memory") for figure in order]
            assert page.figures(rows[place[name]]) == known(*figures, place["resources"]["pods"]["used"])


def test_recommendations_losses_and_forecasts_have_the_figures_of_the_json(page, body):
    answers = body["answers"]
    parts = ("requested", "used", "recommended", "gap")
    assert [page.figures(row) for _, row in page.rows("workloads")] == [
        known(row["pods"], *(row[one][part] for one in ("cpu", "memory") for part in parts))
        for row in answers["recommendations"]
    ]
    losses = [page.figures(row) for head, row in page.rows("headroom") if head.startswith(("node ", "zone "))]
    assert losses == [
        known(*(row[part] for part in ("remaining", "requests_ratio", "used_ratio"))) for row in answers["losses"]
    ]
    slopes = ("utilization", "slope_per_day", "slope_low", "slope_high")
    assert [page.figures(row) for _, row in page.rows("forecasts")] == [
        known(*(row[part] for part in slopes)) for row in answers["forecasts"]
    ]


def test_waiting_pods_are_there_with_the_reason(page, body):
    ((head, row),) = page.rows("pending")
    (waiting,) = body["pending"]
    assert head == f"{waiting['namespace']}/{waiting['workload']} {waiting['kind']}"
    assert waiting["reason"] in page.text(row)


def test_a_stranded_share_is_there_for_every_node(page, body):
    rows = dict(page.rows("stranded"))
    for one in body["answers"]["stranded"]:
        figures = [one["cpu"], one["cpu_share"], one["memory"], one["memory_share"]]
        assert page.figures(rows[one["node"]]) == figures


def test_the_page_says_of_when_it_is(page, body):
    (moment,) = [one.get("datetime") for one in page.root.find("body/header").iter("time")]
    assert moment == body["generated_at"]
    assert f"CPU is a mean over{body['window']}" in page.text(page.root.find("body/header"))


def test_the_templates_lie_in_the_package_and_are_short():
    folder = Path(obsgen.report.__file__).parent / "html"
    files = {path.name: len(path.read_text().splitlines()) for path in folder.iterdir()}
    assert {"capacity.html.j2", "page.css"} <= set(files)
    assert max(files.values()) <= 200
