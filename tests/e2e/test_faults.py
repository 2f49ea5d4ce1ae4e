"""Real servers fail, and the emitted monitoring tells the right people, once, and takes it back."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial

import pytest

from tests.e2e.etcd import Member, empty, fill
from tests.e2e.platform import Platform
from tests.e2e.receiver import Notice, Status
from tests.e2e.waiting import stays, wait_until

WATCHDOG = ("ObsgenWatchdog", "none")
# Holds while its critical form does, and is silenced by it.
SILENCED = ("EtcdDatabaseQuotaLow", "warning")
# Who hears of what in the whole scenario; of anything else nobody must hear.
HEARD = {
    WATCHDOG: {"dead-mans-switch"},
    ("EtcdDatabaseQuotaLow", "critical"): {"platform-pager"},
    ("EtcdMemberDown", "warning"): {"platform-chat"},
    ("EtcdQuorumAtRisk", "warning"): {"platform-chat"},
    ("EtcdQuorumAtRisk", "critical"): {"platform-pager"},
    ("EtcdQuorumLost", "critical"): {"platform-pager"},
    ("EtcdNoLeader", "critical"): {"platform-pager"},
    ("NodeDown", "critical"): {"machines-pager"},
}


@pytest.mark.e2e
def test_real_faults_reach_the_right_receivers_and_are_taken_back(platform):
    all_is_well(platform)
    a_database_fills_up_and_is_emptied(platform)
    follower, leader = a_follower_dies(platform)
    the_quorum_is_lost(platform, leader)
    both_members_return(platform, follower, leader)
    the_machine_falls_silent_and_returns(platform)
    everybody_heard_what_is_theirs_and_nothing_else(platform)
    every_notice_leads_to_its_runbook(platform)
    severities_are_evaluated_together(platform)
    no_label_is_left_blank(platform)


def all_is_well(platform: Platform) -> None:
    watching = platform.monitoring
    expected = dict.fromkeys(platform.names, "up")
    wait_until(watching.targets, lambda seen: seen == expected, what="every target is up")
    rules = wait_until(
        watching.rules,
        lambda seen: all(rule["health"] != "unknown" for rule in seen),
        what="every rule was evaluated",
    )
    assert rules
    assert [(rule["name"], rule.get("lastError")) for rule in rules if rule["health"] != "ok"] == []
    hears(platform, "dead-mans-switch", alertname=WATCHDOG[0], severity=WATCHDOG[1])
    stays(watching.firing, lambda seen: seen == {WATCHDOG}, what="only the watchdog fires", seconds=5)
    assert {notice.receiver for notice in platform.inbox.notices} == {"dead-mans-switch"}


def a_database_fills_up_and_is_emptied(platform: Platform) -> None:
    platform.timeline.note("5 MB are written to etcd, whose quota is 16 MiB")
    fill(platform.members[0], 5)
    for member in platform.members:
        hears(platform, "platform-pager", alertname="EtcdDatabaseQuotaLow", instance=member.address)
    both = {("EtcdDatabaseQuotaLow", severity) for severity in ("warning", "critical")}
    wait_until(platform.monitoring.firing, lambda seen: both <= seen, what="both severities fire")
    inhibited(platform, *SILENCED)
    # Longer than the group_wait after which the warning would be told.
    heard_of_it = partial(platform.inbox.told, "platform-chat", "firing", alertname=SILENCED[0])
    stays(heard_of_it, lambda seen: not seen, what="the silenced warning is not told", seconds=5)
    platform.timeline.note("etcd is emptied, compacted and defragmented")
    empty(platform.members)
    for member in platform.members:
        hears(platform, "platform-pager", "resolved", alertname="EtcdDatabaseQuotaLow", instance=member.address)
    wait_until(platform.monitoring.firing, lambda seen: seen == {WATCHDOG}, what="only the watchdog fires again")


def a_follower_dies(platform: Platform) -> tuple[Member, Member]:
    """Kill a member that does not lead; returns it and the one that leads."""
    [leader] = [member for member in platform.members if member.leads()]
    follower = next(member for member in platform.members if member != leader)
    platform.timeline.note(f"{follower.name}, a follower, is killed")
    follower.server.kill()
    down = hears(platform, "platform-chat", alertname="EtcdMemberDown", instance=follower.address)
    expected = {
        "severity": "warning",
        "team": "platform",
        "component": "etcd",
        "layer": "kubernetes",
        "job": "etcd",
    }
    assert expected.items() <= down.labels.items()
    assert follower.address in down.annotations["description"]
    hears(platform, "platform-chat", alertname="EtcdQuorumAtRisk", severity="warning")
    hears(platform, "platform-pager", alertname="EtcdQuorumAtRisk", severity="critical")
    inhibited(platform, "EtcdQuorumAtRisk", "warning")
    assert ("EtcdQuorumLost", "critical") not in platform.monitoring.firing()
    assert not platform.inbox.told("platform-pager", "firing", alertname="EtcdNoLeader")
    return follower, leader


def the_quorum_is_lost(platform: Platform, leader: Member) -> None:
    platform.timeline.note(f"{leader.name}, the leader, is killed")
    leader.server.kill()
    [survivor] = [member for member in platform.members if member.server.process]
    hears(platform, "platform-pager", alertname="EtcdNoLeader", instance=survivor.address, severity="critical")
    hears(platform, "platform-pager", alertname="EtcdQuorumLost", severity="critical", component="etcd")
    hears(platform, "platform-chat", alertname="EtcdMemberDown", instance=leader.address)


def both_members_return(platform: Platform, *dead: Member) -> None:
    platform.timeline.note("both members are started again")
    for member in dead:
        member.server.start()
    for member in dead:
        member.server.wait_until_ready()
    for member in dead:
        hears(platform, "platform-chat", "resolved", alertname="EtcdMemberDown", instance=member.address)
    hears(platform, "platform-pager", "resolved", alertname="EtcdQuorumLost")
    all_is_taken_back(platform)


def the_machine_falls_silent_and_returns(platform: Platform) -> None:
    platform.timeline.note("node-exporter is killed")
    platform.node_exporter.kill()
    address = platform.monitoring.addresses.node_exporter
    down = hears(platform, "machines-pager", alertname="NodeDown", instance=address)
    expected = {"severity": "critical", "team": "machines", "component": "node", "layer": "infrastructure"}
    assert expected.items() <= down.labels.items()
    platform.timeline.note("node-exporter is started again")
    platform.node_exporter.start()
    hears(platform, "machines-pager", "resolved", alertname="NodeDown", instance=address)
    all_is_taken_back(platform)


def everybody_heard_what_is_theirs_and_nothing_else(platform: Platform) -> None:
    heard: dict[tuple[str, str], set[str]] = defaultdict(set)
    for notice in platform.inbox.notices:
        heard[notice.alert, notice.labels["severity"]].add(notice.receiver)
    assert heard == HEARD
    assert {notice.labels["cluster"] for notice in platform.inbox.notices} == {"loopback"}


def every_notice_leads_to_its_runbook(platform: Platform) -> None:
    base = "https://git.example.com/ops/monitoring/"
    for notice in platform.inbox.notices:
        assert notice.annotations["summary"].endswith(".")
        page, anchor = notice.annotations["runbook_url"].removeprefix(base).split("#")
        headings = re.findall(r"^#+ (\S+)$", (platform.monitoring.manifests / page).read_text(), flags=re.MULTILINE)
        assert notice.alert in headings
        assert anchor == notice.alert.lower()


def severities_are_evaluated_together(platform: Platform) -> None:
    """Groups are evaluated at different moments.

    So a critical form in a group of its own could recover up to an evaluation interval before its warning, which
    would then be told although all is well.
    """
    groups_by_alert = platform.monitoring.groups_by_alert()
    assert {name: groups for name, groups in groups_by_alert.items() if len(groups) > 1} == {}


def no_label_is_left_blank(platform: Platform) -> None:
    """External labels join alerts on their way out, after the text is rendered: there they read empty."""
    templates = {
        (rule["name"], rule["labels"]["severity"]): rule["annotations"]["description"]
        for rule in platform.monitoring.rules()
    }
    blank = {
        (notice.alert, label)
        for notice in platform.inbox.notices
        for label in re.findall(r"\$labels\.(\w+)", templates[notice.alert, notice.labels["severity"]])
        if notice.labels[label] not in notice.annotations["description"]
    }
    assert blank == set()


def hears(platform: Platform, receiver: str, status: Status = "firing", **labels: str) -> Notice:
    """The first notification of this kind to the receiver, waited for."""
    what = f"'{receiver}' hears that {labels} is {status}"

    def look() -> tuple[list[Notice], list[str]]:
        told = platform.inbox.told(receiver, status, **labels)
        return told, [] if told else platform.history().splitlines()

    return wait_until(look, lambda seen: seen[0], what=what)[0][0]


def inhibited(platform: Platform, alert: str, severity: str) -> None:
    """Wait until Alertmanager holds the alert back."""
    what = f"{alert} ({severity}) is inhibited"
    wait_until(platform.monitoring.inhibited, lambda seen: (alert, severity) in seen, what=what)


def all_is_taken_back(platform: Platform) -> None:
    """Wait until every receiver has heard that what it was told of is over; the watchdog goes on."""
    goes_on = {("dead-mans-switch", *WATCHDOG)}
    wait_until(platform.inbox.unresolved, lambda seen: seen == goes_on, what="everything is taken back")
