"""The report on coverage in its forms: for a terminal, a ticket, a program and a printer."""

from __future__ import annotations

import json

import pytest
from rich.console import Console

from obsgen.live.coverage.types import CoverageReport, Covered, Fault, Row, Share, Unseen
from obsgen.report.coverage_html import coverage_html
from obsgen.report.coverage_json import coverage_json
from obsgen.report.coverage_markdown import coverage_markdown
from obsgen.report.coverage_table import coverage_table
from tests.unit.report.html_page import Page

RENAMED = ("the job is 'kube-etcd' here, not 'etcd'", 'write environment.sources.etcd.selector: job="kube-etcd"')
LEADER = Fault('etcd_server_has_leader{job="etcd"}', *RENAMED)
UP = Fault('up{job="etcd"}', *RENAMED, lately=True)
OFF = Fault('node_systemd_unit_state{job="node"}', "exposed only with --collector.systemd", "run it with that")
READERS = (
    Covered("alert", "kubernetes", "etcd", "EtcdNoLeader", "critical", "nothing", (LEADER,), loaded=True),
    Covered("alert", "kubernetes", "etcd", "EtcdAbsent", "critical", "all", (UP,), loaded=True),
    Covered("alert", "infrastructure", "node", "NodeUnitFailed", "warning", "nothing", (OFF,), loaded=False),
    Covered("recording", "kubernetes", "etcd", "etcd:has_leader:max", "", "nothing", (LEADER,), loaded=None),
    Covered("objective", "kubernetes", "etcd", "writes", "", "part", (LEADER,)),
    Covered("panel", "platform", "", "Overview: Leaders", "", "nothing", (LEADER,)),
    Covered("panel", "infrastructure", "node", "Load", "", "all"),
)
MATRIX = (
    Row("infrastructure", "node", Share(3, 3), Share(0, 0), Share(0, 1), Share(1, 1), Share(1, 1)),
    Row("kubernetes", "etcd", Share(0, 0), Share(0, 2), Share(1, 2), Share(2, 2), Share(0, 0)),
)
REPORT = CoverageReport(
    "prod",
    1_767_615_300.0,
    READERS,
    MATRIX,
    (Unseen("node", 'node_md_disks{job="node"}', "it is there only while the machine has software RAID"),),
    ("'tokens' goes without 1 alert: the installation drops kube_secret_created",),
    ("the server does not list its rules",),
)
CLEAN = CoverageReport("prod", 1_767_615_300.0, READERS[-1:], MATRIX[:1])

SHOWN = """\
Coverage of 'prod', evaluated at 2026-01-05T12:15:00Z
3 alerts: 1 see all they read, 0 a part, 2 nothing
1 recording: 0 see all they read, 0 a part, 1 nothing
1 objective: 0 see all they read, 1 a part, 0 nothing
2 panels: 1 see all they read, 0 a part, 1 nothing

CRITICAL: etcd, the platform's dashboards: the job is 'kube-etcd' here, not 'etcd'
  do     write environment.sources.etcd.selector: job="kube-etcd"
  blind  2 alerts (EtcdNoLeader critical, EtcdAbsent critical, which fires for it), 1 recording, 1 objective, 1 panel
  lacks  etcd_server_has_leader, up; 1 of 2 selectors had series within the last day

WARNING: node: exposed only with --collector.systemd
  do     run it with that
  blind  1 alert (NodeUnitFailed warning)
  lacks  node_systemd_unit_state

By layer and component
layer           component  scraped  recorded  alerted  routed  drawn
infrastructure  node           3/3         -      0/1     1/1    1/1
kubernetes      etcd             -       0/2      1/2     2/2      -

1 selector has no series now, and nothing is wrong with that: see --format json
LEFT OUT: 'tokens' goes without 1 alert: the installation drops kube_secret_created
DATA: the server does not list its rules
"""


def drawn(report):
    terminal = Console(width=120)
    with terminal.capture() as captured:
        coverage_table(report, terminal)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def test_a_terminal_shows_causes_and_remedies_then_the_matrix():
    assert drawn(REPORT) == SHOWN


def test_what_is_well_has_no_causes():
    assert drawn(CLEAN).splitlines()[1:3] == ["1 panel: 1 see all they read, 0 a part, 0 nothing", ""]


def test_json_has_the_form_that_other_tools_rely_on():
    body = json.loads(coverage_json(REPORT))
    assert body["alerts"][0] == {
        "component": "etcd",
        "alert": "EtcdNoLeader",
        "severity": "critical",
        "loaded": True,
        "sees": "nothing",
        "missing": [{"series": LEADER.series, "cause": RENAMED[0], "remedy": RENAMED[1], "lately": False}],
    }
    assert body["matrix"][1] == {
        "layer": "kubernetes",
        "component": "etcd",
        "scraped": 0,
        "recorded": 0,
        "alerted": 1,
        "routed": 2,
        "drawn": 0,
        "of": {"scraped": 0, "recorded": 2, "alerted": 2, "routed": 2, "drawn": 0},
    }
    assert [len(body[kind]) for kind in ("alerts", "recordings", "objectives", "panels")] == [3, 1, 1, 2]
    assert body["recordings"][0]["recording"] == "etcd:has_leader:max"
    assert body["unseen"][0]["series"] == 'node_md_disks{job="node"}'


def test_markdown_holds_the_same_in_tables():
    text = coverage_markdown(REPORT)
    assert "| **critical** | etcd, the platform's dashboards | the job is 'kube-etcd' here, not 'etcd' |" in text
    assert "| infrastructure | node | 3/3 | - | 0/1 | 1/1 | 1/1 |" in text
    assert "## Left out" in text


def test_the_page_holds_the_same_and_fetches_nothing():
    page = Page.read(coverage_html(REPORT, written_at=1_767_615_390.0))
    assert [head for head, _ in page.rows("blind")] == ["etcd, the platform's dashboards", "node"]
    assert page.text(page.section("blind")).startswith("What is blind, and why 1 critical 1 warning 0 info")
    assert [head for head, _ in page.rows("matrix")] == ["node", "etcd"]
    assert not [one for one in page.root.iter() if {"src", "href"} & set(one.attrib)]


def test_names_from_outside_stay_text():
    """A label's value may hold markup, and what moves a cursor."""
    hostile = Fault("m", "the job is '<b>\x1b[2J' here, not 'x'", "do it")
    report = CoverageReport("prod", 0.0, (Covered("alert", "a", "c", "A", "warning", "nothing", (hostile,)),), ())
    assert "&lt;b&gt;\\u001b[2J" in coverage_html(report, written_at=0.0)
    assert "\x1b[2J" not in drawn(report)
    assert "\\<b\\>" in coverage_markdown(report)


@pytest.mark.parametrize(("report", "expected"), [(REPORT, True), (CLEAN, False)])
def test_only_a_critical_alert_that_sees_nothing_is_grave(report, expected):
    assert report.critically_blind is expected
