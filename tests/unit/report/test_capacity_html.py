"""The page of the capacity report, from reports made by hand."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from obsgen.live.answers.types import (
    Advice,
    Answers,
    Crossing,
    Fits,
    Forecast,
    Loss,
    NodeFit,
    Pending,
    Recommendation,
    Stranded,
    Supposed,
    WhatIf,
    ZoneFit,
)
from obsgen.live.types import (
    CapacityReport,
    Finding,
    NamespaceCapacity,
    NodeCapacity,
    NodeGroup,
    Resource,
    TeamCapacity,
    WorkloadCapacity,
)
from obsgen.live.watermarks import DEFAULT_WATERMARKS
from obsgen.report.capacity_charts import drawings, patches
from obsgen.report.capacity_html import age_text, capacity_html
from obsgen.report.capacity_rows import DIMENSIONS, View
from tests.unit.report.html_page import Page

HOSTILE = "<script>alert('1')</script>\"&"
FETCHING = re.compile(
    r"""(?:src|href|srcset|action|data)\s*=|url\(|@import|<(?:script|link|img|iframe|object|embed)\b"""
)
FORECAST = Forecast(
    cluster="prod-sh",
    pool=None,
    resource="memory",
    points=97,
    span_seconds=86_400.0,
    utilization=0.5,
    slope_per_day=0.2,
    slope_low=0.1,
    slope_high=0.4,
    warning=Crossing(0.75, 1767700000.0, 1767690000.0, None),
    critical=Crossing(0.85, None, 1767700000.0, None),
    reason="later than 10 times the history",
)


def html(report: CapacityReport, view: View | None = None) -> str:
    return capacity_html(report, view or View(), written_at=report.evaluated_at + 90)


def hostile(report: CapacityReport) -> CapacityReport:
    """The report with one name for everything that has a name."""
    resources = report.nodes[0].resources
    free = NodeFit(HOSTILE, HOSTILE, HOSTILE, {"cpu": 1.0, HOSTILE: 2.0}, 1)
    fit = ZoneFit(HOSTILE, HOSTILE, free, None, 1)
    advice = Advice(1.0, 2.0, None, None)
    answers = Answers(
        fits=Fits({HOSTILE: 1.0}, (free,), (fit,), (replace(fit, zone=None),)),
        losses=(Loss(HOSTILE, "zone", HOSTILE, HOSTILE, 1.0, 2.0, None, 2.0, None, requests_fit=False, use_fits=None),),
        stranded=(Stranded(HOSTILE, HOSTILE, 1.0, 0.0, 0.5, 0.0),),
        recommendations=(Recommendation(*[HOSTILE] * 5, 1.0, advice, advice, 0, HOSTILE),),
        forecasts=(replace(FORECAST, cluster=HOSTILE, reason=HOSTILE), replace(FORECAST, pool=HOSTILE)),
        what_if=(
            WhatIf(*[HOSTILE] * 4, 1, 2, {HOSTILE: Supposed(1.0, None, 0.9, "critical")}, fits=False, unplaced=1),
        ),
    )
    return replace(
        report,
        clusters=tuple(replace(one, cluster=HOSTILE) for one in report.clusters),
        nodes=(NodeCapacity(HOSTILE, HOSTILE, True, True, HOSTILE, resources, HOSTILE),),
        namespaces=(NamespaceCapacity(HOSTILE, HOSTILE, resources),),
        zones=(NodeGroup(HOSTILE, HOSTILE, 1, resources),),
        pools=(NodeGroup(HOSTILE, HOSTILE, 1, resources),),
        teams=(TeamCapacity(HOSTILE, HOSTILE, (HOSTILE,), resources),),
        workloads=(WorkloadCapacity(*[HOSTILE] * 5, resources),),
        pending=(Pending(*[HOSTILE] * 4, 1, {HOSTILE: 1.0}, HOSTILE),),
        findings=(Finding("critical", HOSTILE, HOSTILE),),
        warnings=(HOSTILE,),
        answers=answers,
    )


@pytest.mark.parametrize("by", [None, *DIMENSIONS])
def test_names_cannot_become_markup(report, by):
    text = html(hostile(report), View(by))
    page = Page.read(text)
    assert HOSTILE in page.text()
    assert [one.tag for one in page.root.iter() if one.tag == "script"] == []
    assert "<script" not in text


def test_the_page_fetches_nothing(report):
    text = html(report)
    assert FETCHING.findall(text) == []
    assert "://" not in text
    assert "default-src 'none'" in text


def test_what_is_unknown_is_neither_a_figure_nor_a_colour(report):
    page = Page.read(html(report))
    for node in ("worker-[2]", "worker-3"):
        tile = next(one for one in page.section("nodes").iter("li") if page.text(one.find("b")) == node)
        assert [one.get("class") for one in tile.findall("span")] == ["hatched", "hatched"]
        assert page.figures(tile) == []
        assert page.text(tile).count("unknown") >= 2
    assert "nan" not in page.text().lower().split()


def test_a_node_that_takes_no_pods_has_figures_but_no_shade(report):
    node = replace(report.nodes[0], schedulable=False)
    (patch,) = patches([node])
    (tile,) = patch.tiles
    assert tile.state == "cordoned"
    assert [(cell.share, cell.word, cell.shade) for cell in tile.cells] == [
        (0.9, "critical", "hatched"),
        (0.75, "warning", "hatched"),
    ]


@pytest.mark.parametrize(
    ("share", "level", "shade"),
    [
        (0.0, "ok", "ok-low"),
        (0.25, "ok", "ok-middle"),
        (0.5, "ok", "ok-high"),
        (0.76, "warning", "warning"),
        (0.9, "critical", "critical"),
        (0.2, "critical", "critical"),
        (0.9, None, "plain"),
    ],
)
def test_a_shade_goes_by_the_level_first(report, share, level, shade):
    resources = {"memory": Resource("bytes", 10.0, used=1.0, utilization=share, level=level)}
    (patch,) = patches([replace(report.nodes[0], resources=resources)])
    assert [cell.shade for cell in patch.tiles[0].cells] == [shade, "hatched"]


def test_nodes_are_grouped_by_cluster_zone_and_pool_with_the_unnamed_last(report):
    first = report.nodes[0]
    nodes = [
        replace(first, node=name, cluster=cluster, zone=zone, pool=pool)
        for name, cluster, zone, pool in [
            ("n5", "b", "z1", None),
            ("n4", "a", None, None),
            ("n3", "a", "z1", None),
            ("n2", "a", "z1", "p"),
            ("n1", "a", "z1", "p"),
        ]
    ]
    assert [[tile.node for tile in patch.tiles] for patch in patches(nodes)] == [["n1", "n2"], ["n3"], ["n4"], ["n5"]]


def test_bars_lie_where_the_shares_and_watermarks_are(report):
    page = Page.read(html(replace(report, watermarks=DEFAULT_WATERMARKS)))
    bars = [[one.get("style") for one in bar] for bar in page.having("div", "bar")]
    assert bars[0] == ["width:75.00%", "width:68.75%", "left:70.00%", "left:85.00%"]
    assert bars[1] == ["width:90.00%", "width:62.50%", "left:75.00%", "left:85.00%"]
    assert bars[2] == ["width:10.00%"]


def test_a_scale_grows_with_what_is_requested(report):
    cluster = report.clusters[0]
    over = {"cpu": Resource("cores", 8.0, 16.0, None, 4.0, 0.5, "ok")}
    crowded = replace(report, clusters=(replace(cluster, resources=over),), watermarks=DEFAULT_WATERMARKS)
    (bar,) = Page.read(html(crowded)).having("div", "bar")
    assert [one.get("style") for one in bar] == [
        *("width:25.00%", "width:100.00%", "left:35.00%", "left:42.50%", "left:50.00%"),
    ]


def test_a_trend_is_drawn_over_the_history_and_as_long_again(report):
    drawn = list(drawings(replace(report, answers=Answers(forecasts=(FORECAST,)))))
    assert [(one.past, one.ahead, one.interval) for one in drawn] == [
        ("0,70.0 50,50.0", "50,50.0 100,30.0", "50,50.0 100,10.0 100,40.0")
    ]
    assert drawn[0].marks == (("warning", 0.75, 25.0), ("critical", 0.85, 15.0))
    assert (drawn[0].start, drawn[0].end) == (report.evaluated_at - 86_400, report.evaluated_at + 86_400)


def test_without_a_trend_there_is_a_reason_and_no_drawing(report):
    short = replace(FORECAST, **dict.fromkeys(("utilization", "slope_per_day", "slope_low", "slope_high")))
    short = replace(short, warning=None, critical=None, reason="too little history")
    page = Page.read(html(replace(report, answers=Answers(forecasts=(short,)))))
    assert list(page.root.iter("svg")) == []
    ((_, row),) = page.rows("forecasts")
    assert page.text(row).count("unknown") == 5
    assert page.text(row).endswith("too little history")


def test_one_dimension_comes_with_the_findings_and_without_the_rest(report):
    page = Page.read(html(report, View("node")))
    assert [one.get("aria-labelledby") for one in page.root.iter("section")] == ["findings", "by-node", "warnings"]
    assert len(page.rows("by-node")) == 3


def test_findings_come_by_gravity(report):
    shuffled = [Finding(level, level, "x") for level in ("info", "critical", "warning", "critical")]
    page = Page.read(html(replace(report, findings=tuple(shuffled))))
    assert [head for head, _ in page.rows("findings")] == ["critical", "critical", "warning", "info"]
    assert [page.text(one) for one in page.having("span", "badge")[:3]] == ["2 critical", "1 warning", "1 info"]


def test_a_level_without_findings_has_no_colour(report):
    page = Page.read(html(replace(report, findings=())))
    assert [one.get("class") for one in page.having("span", "badge")] == ["badge plain"] * 3


def test_an_empty_report_is_a_page(report):
    fields = ("clusters", "nodes", "namespaces", "findings", "warnings")
    page = Page.read(html(replace(report, **dict.fromkeys(fields, ()))))
    assert "Nothing: the backend gave no warning." in page.text()


def test_every_table_has_headings_and_a_caption(report):
    page = Page.read(html(hostile(report)))
    tables = list(page.root.iter("table"))
    assert len(tables) > 8
    for table in tables:
        assert table.find("caption") is not None
        assert all(head.get("scope") for head in table.iter("th"))
    labels = {one.get("aria-labelledby") for one in page.root.iter("section")}
    assert labels <= {one.get("id") for one in page.root.iter()}
    assert all(one.get("aria-label") for one in page.root.iter("svg") if one.get("role") == "img")


def test_five_hundred_nodes_make_a_page_that_can_be_sent(report):
    first = report.nodes[0]
    many = tuple(
        replace(first, node=f"ip-10-0-{count // 250}-{count % 250}.eu-central-1.compute.internal", zone=f"z{count % 3}")
        for count in range(500)
    )
    findings = tuple(Finding("critical", f"node prod-sh/{one.node}", "memory is at 90.0%") for one in many)
    stranded = tuple(Stranded("prod-sh", one.node, 1.0, 0.0, 0.1, 0.0) for one in many)
    text = html(replace(report, nodes=many, findings=findings, answers=Answers(stranded=stranded)))
    assert len(text.encode()) < 600_000
    page = Page.read(text)
    assert len([tile for grid in page.having("ul", "tiles") for tile in grid]) == 500
    assert len(page.rows("stranded")) == 20
    assert "480 more are in the JSON" in page.text()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 min"), (29, "0 min"), (90, "2 min"), (3_660, "1 h 1 min"), (90_000, "1 d 1 h"), (86_399, "1 d 0 h")],
)
def test_an_age_is_told_in_two_units(seconds, text):
    assert age_text(seconds) == text
