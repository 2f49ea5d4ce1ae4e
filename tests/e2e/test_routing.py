"""Alerts of every tier and team, through a real Alertmanager over what was built, to whom they are meant for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from obsgen.pipeline import compile_stack
from tests.e2e.routing import Labels, Router, running_router
from tests.e2e.tools import first_at_once, release
from tests.e2e.waiting import stays, wait_until

GRADES: dict[str, Labels] = {
    "P1": {"severity": "critical"},
    "P2": {"severity": "critical", "tier": "P2"},
    "P3": {"severity": "warning"},
    "P4": {"severity": "info"},
}
# Who is awake hears in working hours; who sleeps hears outside of them, or not now.
TOLD = {
    "platform": {
        "P1": {"platform-pager", "platform-chat"},
        "P2": {"platform-chat", "platform-desk"},
        "P3": {"platform-tickets"},
        "P4": {"platform-digest"},
    },
    "commerce": {
        "P1": {"commerce-pager"},
        "P2": {"commerce-chat"},
        "P3": {"commerce-chat"},
        "P4": {"commerce-digest"},
    },
}
ASLEEP = {"commerce-desk", "commerce-tickets"}
# Longer than the waits and intervals of every tier together: what would be told has been told.
QUIET_SECONDS = 2
# Automation's group is looked at each minute.
AUTOMATION_SECONDS = 75


def alert(name: str, team: str, tier: str, instance: str = "a", **labels: str) -> dict[str, str]:
    common = {"layer": "infrastructure", "component": "tried", "cluster": "loopback", "namespace": team}
    return {**common, "alertname": name, "team": team, "instance": instance, **GRADES[tier], **labels}


SCALE_OUT = alert(
    "ClusterMemoryUtilizationHigh", "platform", "P1", layer="kubernetes", component="capacity", action="scale-out"
)
FULL = partial(alert, "DiskFull", "platform")
DEAD = alert("NodeDown", "platform", "P1", "n1", component="node", node="n1")
SLOW = partial(alert, "Slow", "platform", layer="application", component="orders")
ON_DEAD = [SLOW("P3", "w1", node="n1"), SLOW("P1", "p1", node="n1", alertname="Broken")]
ON_ALIVE = SLOW("P3", "w2", node="n2")
ALL_TIERS = [alert(tier, team, tier, instance) for team in TOLD for tier in GRADES for instance in "ab"]
INHIBITING = [FULL("P1", "x"), FULL("P3", "x"), FULL("P3", "y"), DEAD, *ON_DEAD, ON_ALIVE]
EXPLAINED = [FULL("P3", "x"), ON_DEAD[0]]


EACH = pytest.mark.parametrize("router", first_at_once("bookworm", "sid"), indirect=True)
FIRST = pytest.mark.parametrize("folder", [first_at_once("bookworm", "sid")[0]])


@pytest.fixture
def router(request, tmp_path) -> Iterator[Router]:
    with running_router(tmp_path, release(request.param)) as running:
        yield running


@EACH
def test_every_alert_reaches_its_receivers_once_and_is_taken_back(router):
    each_tier_of_each_team_is_told_once_and_together(router)
    automation_and_people_hear_of_what_starts_something(router)
    what_is_explained_stays_unsaid_and_nothing_else(router)
    everything_is_taken_back(router)


@pytest.mark.e2e
@EACH
def test_automation_hears_the_end_of_what_it_started(router):
    automation_and_people_hear_of_what_starts_something(router)
    router.resolve(SCALE_OUT)
    automation_is_told_the_end(router)


@pytest.mark.e2e
@FIRST
def test_inhibition_holds_where_series_lack_the_cluster(folder, tmp_path):
    with running_router(tmp_path, release(folder), {"environment": {"cluster_on": "alerts"}}) as router:
        # Its target's node is relabelled onto the series.
        dead = {**fired(router.built, "NodeDown"), "node": "n1"}
        assert dead["cluster"] == "loopback"
        beside = {"node": dead["node"], "cluster": dead["cluster"]}
        on_it, elsewhere = (SLOW("P3", name, **beside | own) for name, own in (("w1", {}), ("w2", {"node": "n-other"})))
        other_cluster = SLOW("P3", "w3", node=dead["node"], cluster="another")
        router.fire(dead, on_it, elsewhere, other_cluster)
        wait_until(router.held_back, lambda seen: seen == {"Slow/warning/w1"}, what="what it explains is held back")
        stays(router.held_back, lambda seen: seen == {"Slow/warning/w1"}, what="no more is", seconds=QUIET_SECONDS)


def fired(spec: Path, alert: str) -> Labels:
    """The labels with which a test of the alert sees it fire."""
    states = [state for proof in compile_stack(spec).bundle.proofs if proof.alert == alert for state in proof.states]
    labels = next(state.labels[0] for state in states if state.labels and state.state == "firing")
    return {name: text for name, text in labels.items() if name != "alertstate"}


def each_tier_of_each_team_is_told_once_and_together(router: Router) -> None:
    router.fire(*ALL_TIERS)
    expected: dict[str, list[list[str]]] = {}
    for tiers in TOLD.values():
        for tier, receivers in tiers.items():
            for receiver in receivers:
                # Two instances of one alert are one group, told once.
                expected.setdefault(receiver, []).append([f"{tier}/a", f"{tier}/b"])
    expected = {receiver: sorted(told) for receiver, told in expected.items()}
    wait_until(router.told, lambda seen: seen == expected, what="every tier of every team is told")
    stays(router.told, lambda seen: seen == expected, what="nobody is told more", seconds=QUIET_SECONDS)
    assert not ASLEEP & {one.receiver for one in router.inbox.notifications}


def automation_and_people_hear_of_what_starts_something(router: Router) -> None:
    router.fire(SCALE_OUT)
    for receiver in ("automation", "platform-pager", "platform-chat"):
        hears(router, receiver, "firing", SCALE_OUT)
    [first] = [one for one in router.inbox.notifications if one.receiver == "automation"]
    assert first.body["receiver"] == "automation"
    assert first.body["status"] == "firing"
    assert first.body["commonLabels"] == SCALE_OUT
    # Each alert is a group of its own: automation is asked for each once.
    assert first.body["groupLabels"] == SCALE_OUT
    [asked] = first.alerts
    assert asked["labels"]["action"] == "scale-out"
    assert asked["status"] == "firing"
    assert asked["fingerprint"]


def what_is_explained_stays_unsaid_and_nothing_else(router: Router) -> None:
    router.fire(*INHIBITING)
    silenced = {"DiskFull/warning/x", "Slow/warning/w1"}
    wait_until(router.held_back, lambda seen: seen == silenced, what="the explained alerts are held back")
    hears(router, "platform-pager", "firing", FULL("P1", "x"))
    hears(router, "platform-tickets", "firing", FULL("P3", "y"))
    hears(router, "platform-pager", "firing", DEAD)
    hears(router, "platform-pager", "firing", ON_DEAD[1])
    hears(router, "platform-tickets", "firing", ON_ALIVE)

    def heard() -> list[Labels]:
        return [one.labels for one in router.inbox.notices if one.labels in EXPLAINED]

    stays(heard, lambda seen: not seen, what="what is explained is not told", seconds=QUIET_SECONDS)


def everything_is_taken_back(router: Router) -> None:
    # What is explained ends first: it would be told once nothing explains it any more.
    router.resolve(*EXPLAINED)
    router.resolve(SCALE_OUT, *ALL_TIERS, *(one for one in INHIBITING if one not in EXPLAINED))
    later = {("automation", SCALE_OUT["alertname"], SCALE_OUT["severity"])}
    wait_until(router.inbox.unresolved, lambda seen: seen <= later, what="everything is taken back")
    assert not ASLEEP & {one.receiver for one in router.inbox.notifications}


def automation_is_told_the_end(router: Router) -> None:
    what = "automation hears that it is over"
    told = partial(router.inbox.told, "automation", "resolved", action="scale-out")
    wait_until(told, lambda seen: seen, what=what, seconds=AUTOMATION_SECONDS)
    *_, last = [one for one in router.inbox.notifications if one.receiver == "automation"]
    assert (last.status, last.body["commonLabels"]) == ("resolved", SCALE_OUT)


def hears(router: Router, receiver: str, status: str, labels: Labels) -> None:
    told = partial(router.inbox.told, receiver, status, **labels)
    wait_until(told, lambda seen: seen, what=f"'{receiver}' hears that {labels} is {status}")


BROKER = """
title: Broker
about: What passes messages on.
metrics: {broker_lag_seconds: gauge}
selector: job="broker"
scrape: {broker: {selector: {app: broker}, port: metrics}}
thresholds:
  lag: {warning: 1m, critical: 5m, about: How far it may lag behind.}
signals:
  lag:
    title: Lag
    unit: s
    expr: broker_lag_seconds{${selector}}
    feed: [{series: 'broker_lag_seconds{${selector},cluster="loopback"}', gauge: "${v}"}]
alerts:
  BrokerBehind:
    when: "lag > ${thresholds.lag}"
    severities: {warning: {for: 5m}, critical: {for: 5m}}
    summary: A broker lags behind.
    description: "It lags behind by {{ $value }} s."
"""


@pytest.mark.e2e
@FIRST
def test_a_grave_alert_leaves_another_instances_warning_alone_though_no_test_tells_them_apart(folder, tmp_path):
    pack = tmp_path / "packs" / "kubernetes" / "broker"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text(BROKER)
    (pack / "runbook.md").write_text("## BrokerBehind\n\nSee what keeps it.\n")
    # Nothing but the broker, so that no other pack names its instances.
    built = {
        "extends": [],
        "metadata": {"name": "brokers", "team": "platform"},
        "environment": {"cluster": "loopback"},
        "packs": ["packs"],
        "kubernetes": {"broker": None},
        "routing": {"default": "inbox", "receivers": {"inbox": {"webhook": {"url": "http://127.0.0.1:9/"}}}},
    }
    behind = partial(alert, "BrokerBehind", "platform", layer="kubernetes", component="broker", job="broker")
    only_its_own = "BrokerBehind/warning/a"
    with running_router(tmp_path, release(folder), built) as router:
        router.fire(behind("P1", "a"), behind("P3", "a"), behind("P3", "b"))
        wait_until(router.held_back, lambda seen: only_its_own in seen, what="its own warning is held back")
        stays(router.held_back, lambda seen: seen == {only_its_own}, what="no more is", seconds=QUIET_SECONDS)
