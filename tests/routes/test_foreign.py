"""Alerts that an installation brings: its signs of life reach nobody, unless the spec routes them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from obsgen.check.own import own_findings
from obsgen.check.route_proof import prove_routes
from obsgen.diagnostics import Diagnosed
from obsgen.lower.names import NOBODY
from obsgen.pipeline import Compiled, compile_stack
from obsgen.report.route_show import render_ways, ways

INSTALLATION = {
    "title": "made up",
    "about": "It watches itself.",
    "docs": "https://example.com",
    "cluster_on": "alerts",
    "alerts": ["Watchdog", "InfoInhibitor"],
}
SPEC = {
    "apiVersion": "obsgen.dev/v1",
    "kind": "MonitoringStack",
    "metadata": {"name": "small"},
    "packs": ["own"],
    "environment": {"cluster": "east", "installation": {"kind": "made-up"}},
    "kubernetes": {"etcd": None},
    "routing": {
        "default": "chat",
        "watchdog": "switch",
        "actions": {"scale-out": "automation"},
        "teams": {"platform": {"default": "chat"}},
        "receivers": {
            name: {"webhook": {"url": f"http://{name}.example.com/"}} for name in ("chat", "switch", "automation")
        },
    },
}
WATCHDOG = {"alertname": "Watchdog", "severity": "none"}


def compiled(folder: Path, **changes) -> Compiled:
    (folder / "own" / "installations").mkdir(parents=True, exist_ok=True)
    (folder / "own" / "installations" / "made-up.yaml").write_text(yaml.safe_dump(INSTALLATION))
    routing = {**SPEC["routing"], **changes.pop("routing", {})}
    (folder / "spec.yaml").write_text(yaml.safe_dump({**SPEC, **changes, "routing": routing}))
    return compile_stack(folder / "spec.yaml")


@pytest.fixture
def beside(tmp_path) -> Compiled:
    return compiled(tmp_path)


def receivers(one: Compiled, **labels: str) -> tuple[str, ...]:
    assert one.bundle.routing
    return one.bundle.routing.root.receivers(labels)


def test_signs_of_life_reach_nobody_and_all_else_whom_it_should(beside):
    assert receivers(beside, **WATCHDOG) == (NOBODY,)
    assert receivers(beside, **WATCHDOG, team="platform") == (NOBODY,)
    assert receivers(beside, alertname="TargetDown", severity="warning") == ("chat",)
    assert receivers(beside, alertname="ObsgenWatchdog", severity="none") == ("switch",)


def test_without_such_an_installation_nothing_is_dropped(tmp_path):
    plain = compiled(tmp_path, environment={"cluster": "east"})
    assert receivers(plain, **WATCHDOG) == ("chat",)
    assert NOBODY not in plain.bundle.routing.receivers


def test_what_the_spec_routes_goes_where_it_says(tmp_path):
    own = {"kept": {"match": ['alertname="Watchdog"'], "receivers": ["switch"]}}
    assert receivers(compiled(tmp_path, routing={"routes": own}), **WATCHDOG) == ("switch",)


def test_the_tree_is_proved_and_tested_with_them(beside):
    assert prove_routes(beside.stack, beside.bundle).findings == ()
    assert [one for one in own_findings(beside.stack, beside.bundle) if one.level == "error"] == []
    assert {test.receivers for test in beside.bundle.route_tests if test.labels.items() >= WATCHDOG.items()} == {
        (NOBODY,)
    }


def test_what_starts_something_is_never_taken_for_a_sign_of_life(beside):
    assert receivers(beside, **WATCHDOG, action="scale-out") == ("automation", "chat")


def test_the_info_inhibitor_mutes_the_installations_alerts_and_none_of_the_spec(beside):
    [rule] = [one for one in beside.bundle.routing.inhibit_rules if one.name == "info-inhibitor"]

    def mutes(**labels: str) -> bool:
        return all(matcher.matches(labels.get(matcher.name, "")) for matcher in rule.target)

    source = {"alertname": "InfoInhibitor", "severity": "none", "namespace": "shop"}
    assert all(matcher.matches(source.get(matcher.name, "")) for matcher in rule.source)
    assert rule.equal == ("namespace",)
    assert mutes(alertname="CPUThrottlingHigh", severity="info", namespace="shop")
    assert not mutes(alertname="CPUThrottlingHigh", severity="warning", namespace="shop")
    assert not mutes(alertname="EtcdSomething", severity="info", namespace="shop", component="etcd")


def test_their_way_is_shown_by_name(beside):
    shown = render_ways(ways("Watchdog", {}, beside.stack, beside.bundle), "text")
    assert NOBODY in shown
    assert 'severity="none"' in shown
    with pytest.raises(Diagnosed, match="Watchdog"):
        ways("Watchdgo", {}, beside.stack, beside.bundle)
