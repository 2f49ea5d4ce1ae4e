"""Configurations as Alertmanager reads them; amtool shows the tree that it made of each."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from obsgen.ir.hours import TimeSpan
from obsgen.ir.routes import InhibitRule
from obsgen.programs.checkers import Tool
from obsgen.promql.matcher import Matcher
from obsgen.routes.matcher_text import parse_matchers
from obsgen.routes.reading import read_routing
from obsgen.routes.written import ReadingError
from obsgen.units import Duration

CONFIG = r"""
route:
  receiver: root
  group_by: [alertname]
  repeat_interval: 12h
  routes:
    - matchers: ['severity="critical", team=~"a|b"']
      receiver: pager
      group_wait: 10s
      continue: true
      active_time_intervals: [work]
      routes:
        - matchers: [cluster = eu]
          group_by: []
        - match_re: {cluster: us-.*}
          group_by: ['...']
    - match: {tier: 2}
      receiver: chat
      mute_time_intervals: [old]
receivers:
  - name: root
  - name: pager
    webhook_configs: [{url: "http://localhost/"}]
  - name: chat
time_intervals:
  - name: work
    time_intervals:
      - times: [{start_time: 09:00, end_time: 17:30}]
        weekdays: ["monday:friday"]
        location: Europe/Berlin
mute_time_intervals:
  - name: old
    time_intervals:
      - days_of_month: ["1:5", 1:5, "-3:-1", 7]
        months: [1:3, "december", "4"]
        years: ["2026:2030", 2032]
inhibit_rules:
  - source_matchers: [severity="critical"]
    target_match: {severity: warning}
    target_match_re: {team: a|b}
    equal: [cluster, namespace]
"""


def config() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(CONFIG)
    return found


def test_children_inherit_all_but_hours() -> None:
    root = read_routing(config()).root
    pager, chat = root.routes
    eu, us = pager.routes
    assert (root.group_wait, root.group_interval) == (Duration.parse("30s"), Duration.parse("5m"))
    assert (eu.receiver, eu.group_by, str(eu.group_wait), str(eu.repeat_interval)) == (
        "pager",
        ("alertname",),
        "10s",
        "12h",
    )
    assert (pager.active, eu.active, eu.continues) == (("work",), (), False)
    assert us.group_by == ("...",)
    assert chat.muted == ("old",)
    assert chat.matchers == (Matcher("tier", "=", "2"),)


def test_intervals_mean_what_they_say_even_where_yaml_reads_numbers() -> None:
    spans = {interval.name: interval.spans for interval in read_routing(config()).intervals}
    assert spans["work"] == (TimeSpan(weekdays=((1, 5),), minutes=((540, 1050),), location="Europe/Berlin"),)
    days = ((1, 5), (1, 5), (-3, -1), (7, 7))
    assert spans["old"] == (
        TimeSpan(days_of_month=days, months=((1, 3), (12, 12), (4, 4)), years=((2026, 2030), (2032, 2032))),
    )


def test_old_and_new_keys_of_inhibit_rules_are_read() -> None:
    source, target = parse_matchers("severity=critical"), parse_matchers('severity="warning",team=~"a|b"')
    assert read_routing(config()).inhibit_rules == (InhibitRule("#1", source, target, ("cluster", "namespace")),)


@pytest.mark.parametrize("coded", [False, True])
def test_a_secret_is_opened(coded: bool) -> None:
    held = {"data": {"alertmanager.yaml": base64.b64encode(CONFIG.encode()).decode()}}
    secret = {"kind": "Secret", **(held if coded else {"stringData": {"alertmanager.yaml": CONFIG}})}
    assert read_routing(secret) == read_routing(config())


SPELLINGS = [
    'a="b",c=~"d"',
    "a=b",
    " a = b c ",
    '{a="b", c!~"d|e",}',
    "{a=b}",
    r'a="b\"c\\d\ne\.f"',
    r"a=~x\.y\d+",
    'a="x,y",b=~"z{1,3}"',
    'a=""',
    "a=",
    'a!=""',
    "a=~.*",
    "a=(b|c)",
    "a={b",
    "a=é",
    "a==b=",
    "a='b'",
    "",
]
NEWER = ['"a.b"="c"', '{"k8s.ns"=~"a|b",c=d}', "a.b=c", "1a=b"]
WRONG = ["a", 'a="b', 'a=b"', '="b"', "a=b,,c=d", 'a="b"c"', ",a=b"]


def shown(tool: Tool, matchers: list[str], folder: Path) -> str | None:
    """The matchers as amtool shows them; None where it refuses them."""
    route = {"receiver": "r", "routes": [{"matchers": matchers, "receiver": "x"}]}
    (folder / "alertmanager.yml").write_text(json.dumps({"route": route, "receivers": [{"name": "r"}, {"name": "x"}]}))
    done = tool.run("config", "routes", "show", "--config.file=alertmanager.yml", folder=folder)
    found = re.search(r"└── (\{.*\}|default-route)  receiver: x", done.output)
    return found[1].replace("default-route", "{}") if found and not done.code else None


@pytest.mark.parametrize("text", [*SPELLINGS, *WRONG])
def test_a_matcher_is_read_as_amtool_reads_it(text: str, amtool: Tool, tmp_path: Path) -> None:
    expected = shown(amtool, [text], tmp_path)
    if text in WRONG:
        assert expected is None
        with pytest.raises(ValueError, match=r"matcher|quote"):
            parse_matchers(text)
        return
    assert expected is not None
    read = sorted(parse_matchers(text), key=lambda one: (one.name, one.value))
    assert shown(amtool, [str(one) for one in read], tmp_path) == expected


@pytest.mark.parametrize("text", NEWER)
def test_a_label_that_only_newer_versions_know_is_read_as_they_do(text: str, amtool: Tool, tmp_path: Path) -> None:
    if amtool.version.minor < 27:
        assert shown(amtool, [text], tmp_path) is None
        assert parse_matchers(text)
        return
    assert shown(amtool, [text], tmp_path) == shown(amtool, [str(one) for one in parse_matchers(text)], tmp_path)


FAULTS = {
    "there is no receiver 'nobody'": ("receiver: chat", "receiver: nobody"),
    "the root takes every alert, and can have no 'continue'": (
        "  receiver: root\n",
        "  receiver: root\n  continue: true\n",
    ),
    "the root needs a receiver": ("  receiver: root\n", ""),
    "there is no time interval 'never'": ("[old]", "[never]"),
    "there are two receivers 'chat'": ("- name: pager", "- name: chat"),
    "'recevier' is not a field that is known here": ("receiver: chat", "recevier: chat"),
    "'5 min' is not a duration": ("group_wait: 10s", "group_wait: 5 min"),
    "is not a matcher": ("cluster = eu", "cluster"),
    "is not a regular expression": ("us-.*", "'us-('"),
    "a time must start before it ends": ("end_time: 17:30", "end_time: 08:00"),
    "'monday:fryday' is not understood": ("monday:friday", "monday:fryday"),
    "'0' is out of range": ('"-3:-1"', '"0"'),
    "is not a time zone": ("Europe/Berlin", "Europe/Bern in"),
    "is not a text; put it in quotes": ("{tier: 2}", "{tier: yes}"),
    "names a label twice": ("[alertname]", "[alertname, alertname]"),
}


@pytest.mark.parametrize("reason", FAULTS)
def test_what_alertmanager_refuses_is_refused_with_its_place(reason: str) -> None:
    assert FAULTS[reason][0] in CONFIG
    faulty = yaml.safe_load(CONFIG.replace(*FAULTS[reason]))
    with pytest.raises(ReadingError, match=re.escape(reason)) as refused:
        read_routing(faulty)
    assert re.match(r"(route|alertmanager\.yaml)[\w.\[\]]*: ", str(refused.value))


def test_a_secret_without_the_file_is_refused() -> None:
    with pytest.raises(ReadingError, match=r"holds no key 'alertmanager\.yaml'"):
        read_routing({"kind": "Secret", "data": {"other": ""}})
