"""What notifications say: the texts that amtool renders from real data, in each version that is at hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from obsgen.check.amtool import routing_findings
from obsgen.emit.definitions import definitions, self_contained
from obsgen.emit.mounting import filled
from obsgen.emit.notifications import TEMPLATE_FILE, template_text
from obsgen.pipeline import compile_stack, documents
from obsgen.programs.binaries import BinaryMissing
from obsgen.programs.checkers import Tool, find_tool
from tests.receivers.specs import VERSIONS, WAYS, write_spec

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(ROOT.glob(".tools/*/usr/bin")) or [None]

DOWN = {
    "status": "firing",
    "labels": {"alertname": "NodeDown", "severity": "critical", "team": "platform", "component": "node"},
    "annotations": {
        "summary": "A node is gone.",
        "description": 'worker-1 answers: <nothing> & "5" < 6.',
        "dashboard_url": "https://grafana.example.com/d/node?var-cluster=prod&from=now-1h",
        "runbook_url": "https://git.example.com/runbooks/node.md#nodedown",
    },
}
SLOW = {
    "status": "resolved",
    "labels": {"alertname": "NodeSlow", "severity": "warning", "cluster": "prod", "tier": "p2"},
    "annotations": {"value": "3.2"},
}
# Those that take a group; the others are parts, which take an alert, several or a text.
WHOLE = [
    name.removeprefix("obsgen.") for name in definitions() if not re.match(r"obsgen\.(alerts?\.|slack\.escape)", name)
]
MOMENTS = {"startsAt": "2026-01-05T12:00:00Z", "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "", "fingerprint": "f"}


def group(*alerts: dict[str, Any]) -> dict[str, Any]:
    """What Alertmanager hands to its templates for these alerts."""

    def common(key: str) -> dict[str, str]:
        first, *others = [one[key] for one in alerts]
        return {name: value for name, value in first.items() if all(one.get(name) == value for one in others)}

    firing = any(one["status"] == "firing" for one in alerts)
    return {
        "receiver": "chat",
        "status": "firing" if firing else "resolved",
        "alerts": [{**one, **MOMENTS} for one in alerts],
        "groupLabels": {},
        "commonLabels": common("labels"),
        "commonAnnotations": common("annotations"),
        "externalURL": "http://alertmanager.example.com",
    }


def alert(**labels: str) -> dict[str, Any]:
    return {"status": "firing", "labels": {"alertname": "Any", **labels}, "annotations": {}}


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.parents[1].name if folder else "PATH")
def amtool(request) -> Tool:
    try:
        return find_tool("amtool", request.param)
    except BinaryMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def render(amtool, example, tmp_path):
    (tmp_path / TEMPLATE_FILE).write_text(template_text(example.stack), encoding="utf-8")

    def rendered(template: str, *alerts: dict[str, Any], form: str = "text", alone: bool = False) -> str:
        """`alone` is without the file, where a text brings along what it uses."""
        text = filled(template)
        (tmp_path / "none.tmpl").touch()
        (tmp_path / "data.json").write_text(json.dumps(group(*alerts)), encoding="utf-8")
        done = amtool.run(
            "template",
            "render",
            f"--template.glob={tmp_path / ('none.tmpl' if alone else TEMPLATE_FILE)}",
            f"--template.text={self_contained(text) if alone else text}",
            f"--template.data={tmp_path / 'data.json'}",
            f"--template.type={form}",
            folder=tmp_path,
        )
        assert done.code == 0, done.output
        return done.output

    return rendered


def test_the_title_says_how_many_how_grave_what_and_where(render):
    assert render("title", DOWN) == "[FIRING 1] P1 NodeDown: A node is gone."
    assert render("title", SLOW) == "[RESOLVED 1] P2 NodeSlow in prod"
    assert render("title", DOWN, DOWN, SLOW) == "[FIRING 2, RESOLVED 1] P1 3 alerts"


def test_a_title_stays_on_one_line_and_short(render):
    long = {**DOWN, "annotations": {"summary": "One\nand\r\n two." + " more" * 100}}
    title = render("title", long)
    assert title.startswith("[FIRING 1] P1 NodeDown: One and two. more")
    assert "\n" not in title
    assert len(title) < 240


@pytest.mark.parametrize(
    ("labels", "tier", "pagerduty", "color"),
    [
        ({"severity": "critical"}, "P1", "critical", "danger"),
        ({"severity": "warning"}, "P3", "warning", "warning"),
        ({"severity": "info"}, "P4", "info", "#439fe0"),
        ({"severity": "none"}, "P4", "info", "#439fe0"),
        ({}, "P4", "info", "#439fe0"),
        ({"severity": "critical", "tier": "P2"}, "P2", "error", "danger"),
        ({"severity": "info", "tier": "p1"}, "P1", "critical", "danger"),
        ({"severity": "warning", "tier": "gold"}, "P3", "warning", "warning"),
    ],
)
def test_tier_and_what_follows_from_it(render, labels, tier, pagerduty, color):
    said = [render(name, alert(**labels)) for name in ("tier", "pagerduty.severity", "slack.color")]
    assert said == [tier, pagerduty, color]


def test_the_gravest_of_a_group_counts_and_what_is_over_does_not(render):
    over = {**alert(severity="critical"), "status": "resolved"}
    assert render("tier", alert(severity="info"), alert(severity="warning")) == "P3"
    assert render("tier", alert(severity="info"), over) == "P4"
    assert render("tier", over) == "P1"
    assert render("slack.color", over) == "good"


def test_the_text_names_everything_that_is_known_and_nothing_else(render):
    assert (
        render("text", DOWN, SLOW)
        == """[FIRING 1, RESOLVED 1] P1 2 alerts

FIRING P1 NodeDown
A node is gone.
worker-1 answers: <nothing> & "5" < 6.
Owner platform, component node
Dashboard: https://grafana.example.com/d/node?var-cluster=prod&from=now-1h
Runbook: https://git.example.com/runbooks/node.md#nodedown

RESOLVED P2 NodeSlow
Value: 3.2
Owner unknown, cluster prod"""
    )


def test_markdown_has_links_and_leaves_the_title_to_the_chat(render):
    assert (
        render("markdown", DOWN, SLOW)
        == """**FIRING P1 NodeDown**

A node is gone.

worker-1 answers: <nothing> & "5" < 6.

Owner platform, component node

[Dashboard](https://grafana.example.com/d/node?var-cluster=prod&from=now-1h) · \
[Runbook](https://git.example.com/runbooks/node.md#nodedown)

**RESOLVED P2 NodeSlow**

Value: 3.2

Owner unknown, cluster prod"""
    )


def test_slack_gets_its_own_marks_and_nobody_else_can_set_any(render):
    assert (
        render("slack.text", DOWN)
        == """*FIRING P1 NodeDown*
A node is gone.
worker-1 answers: &lt;nothing&gt; &amp; "5" &lt; 6.
Owner platform, component node
<https://grafana.example.com/d/node?var-cluster=prod&amp;from=now-1h|Dashboard> · \
<https://git.example.com/runbooks/node.md#nodedown|Runbook>"""
    )


def test_mail_is_html_in_which_nothing_of_an_alert_is_markup(render):
    assert (
        render("html", DOWN, SLOW, form="html").strip()
        == """<!DOCTYPE html>
<html>
<body>
<h2>[FIRING 1, RESOLVED 1] P1 2 alerts</h2>
<h3>FIRING P1 NodeDown</h3>
<p><b>A node is gone.</b></p>
<p>worker-1 answers: &lt;nothing&gt; &amp; &#34;5&#34; &lt; 6.</p>
<p>Owner platform, component node</p>
<p><a href="https://grafana.example.com/d/node?var-cluster=prod&amp;from=now-1h">Dashboard</a> \
<a href="https://git.example.com/runbooks/node.md#nodedown">Runbook</a></p>
<h3>RESOLVED P2 NodeSlow</h3>
<p>Value: 3.2</p>
<p>Owner unknown, cluster prod</p>
</body>
</html>"""
    )


def test_a_link_that_would_run_a_script_leads_nowhere(render):
    evil = {**DOWN, "annotations": {"runbook_url": "javascript:alert(1)"}}
    assert "javascript" not in render("html", evil, form="html")


def test_wecom_takes_4096_bytes_and_gets_fewer(render):
    wordy = {**DOWN, "annotations": {**DOWN["annotations"], "summary": "很" * 500, "description": "长" * 5000}}
    text = render("brief", *[wordy] * 30, *[{**wordy, "status": "resolved"}] * 30)
    assert len(text.encode()) < 4096
    assert text.count("**FIRING P1 NodeDown**") == text.count("**RESOLVED P1 NodeDown**") == 2
    assert text.count("2 of 30 are shown.") == 2


@pytest.mark.parametrize("template", ["text", "markdown", "slack.text", "html"])
def test_of_many_alerts_ten_are_shown_and_all_are_counted(render, template):
    text = render(template, *[DOWN] * 23)
    assert text.count("NodeDown") - text.count("[FIRING 23] P1 NodeDown") == 10
    assert "10 of 23 are shown." in text


@pytest.mark.parametrize("template", ["text", "brief"])
@pytest.mark.parametrize("name", ["a: b", "{{ .ExternalURL }}", "'", '"', "- x", "#", "@", "\t", "]: x", "}", "%"])
def test_what_a_payload_holds_can_be_read_as_text_only(render, template, name):
    """Alertmanager reads a payload as YAML once more: a mapping in it would be sent as one, templates and all."""
    odd = {"status": "firing", "labels": {"alertname": name}, "annotations": {"summary": name, "description": name}}
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(render(template, odd))


@pytest.mark.parametrize("template", WHOLE)
def test_a_text_that_brings_its_templates_along_says_the_same_without_the_file(render, template):
    subjects: list[Any] = [[DOWN, SLOW], [SLOW], [DOWN] * 12, [alert(severity="warning", tier="P2")]]
    form = "html" if template == "html" else "text"
    for alerts in subjects:
        with_file = render(template, *alerts, form=form)
        assert render(template, *alerts, form=form, alone=True) == with_file
        assert with_file.strip()


def test_the_file_says_what_made_it(example):
    assert template_text(example.stack).startswith("{{/* Generated by obsgen from the stack ")
    assert "GRAVEST" not in template_text(example.stack)


def test_every_template_that_a_receiver_names_is_defined(example, tmp_path):
    """amtool does not look: an undefined one would show when the first notification fails."""
    compiled = compile_stack(write_spec(tmp_path, VERSIONS[-1], WAYS))
    (tree,) = (one.text for one in documents(compiled, ["prometheus"]) if one.path.endswith("/alertmanager.yaml"))
    named = set(re.findall(r'template "([^"]+)"', tree + template_text(example.stack)))
    defined = set(re.findall(r'define "([^"]+)"', template_text(example.stack)))
    assert named <= defined
    assert {"obsgen.title", "obsgen.html", "obsgen.brief"} <= set(re.findall(r'template "([^"]+)"', tree))


def test_amtool_sees_the_templates_too(amtool, example, monkeypatch):
    monkeypatch.setattr("obsgen.check.amtool.template_text", lambda stack: '{{ define "obsgen.title" }}{{ if }}')
    (found,) = routing_findings(amtool, example.stack, example.bundle)
    assert found.code == "OBS460"
    assert "missing value for if" in found.message
