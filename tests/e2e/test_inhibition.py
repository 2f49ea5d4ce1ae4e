"""Each installation simulated, its rules evaluated: what another alert explains is held back, and only that."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

import obsgen
from obsgen.pipeline import compile_stack
from obsgen.simulate.installed import spec_for, write_installed
from tests.compiled import CONFIG
from tests.e2e.evaluating import in_prometheus, in_vmalert
from tests.e2e.monitoring import alertmanager_server
from tests.e2e.processes import free_ports
from tests.e2e.tools import installed, release
from tests.e2e.waiting import stays, wait_until

pytestmark = pytest.mark.e2e

INSTALLATIONS = {path.stem: yaml.safe_load(path.read_text()) for path in (CONFIG / "installations").glob("*.yaml")}
# A metric that lies past its critical threshold, and a cause with what it explains.
GRADED, CAUSE, EXPLAINED = "VolumeInodesLow", "DeploymentUnavailable", "DeploymentReplicasMissing"
AT_ONCE = {"for": "0s"}
HASTY = {
    "workloads": {"alerts": {CAUSE: AT_ONCE, EXPLAINED: AT_ONCE}},
    "storage": {"alerts": {GRADED: {"severities": {"critical": AT_ONCE, "warning": AT_ONCE}}}},
}
HELD_BACK = {
    (GRADED, "critical"): False,
    (GRADED, "warning"): True,
    (CAUSE, "critical"): False,
    (EXPLAINED, "warning"): True,
}
# Longer than vmalert and Prometheus take to evaluate everything again.
QUIET_SECONDS = 5
AHEAD_SECONDS = 900


def as_brought() -> list[Any]:
    """Every kind with its series as they are, and once more where `cluster` may be put on them later."""
    later = [kind for kind, one in INSTALLATIONS.items() if one.get("cluster_on") == "alerts"]
    given = [(kind, "as it is") for kind in INSTALLATIONS] + [(kind, "cluster added") for kind in later]
    return [pytest.param(kind, how == "cluster added", id=f"{kind}, {how}") for kind, how in sorted(given)]


@dataclass(frozen=True, slots=True)
class Watched:
    """What evaluates the rules, and the Alertmanager that it tells."""

    evaluating: str
    alertmanager: str

    def alerts(self) -> list[Mapping[str, str]]:
        """The labels of every alert that is pending or fires where the rules are evaluated."""
        body = requests.get(f"{self.evaluating}/api/v1/alerts", timeout=5).json()
        return [one["labels"] for one in body["data"]["alerts"]]

    def told(self) -> list[dict[str, Any]]:
        """Every alert that Alertmanager has heard of, with whether another one holds it back."""
        found: list[dict[str, Any]] = requests.get(f"{self.alertmanager}/api/v2/alerts", timeout=5).json()
        return found

    def held_back(self) -> dict[tuple[str, str], bool]:
        """By name and severity whether it is held back; two of one name and severity would be a fault."""
        told = self.told()
        found = {
            (_labels(one)["alertname"], _labels(one)["severity"]): bool(one["status"]["inhibitedBy"]) for one in told
        }
        assert len(found) == len(told), told
        return found

    def tell(self, *alerts: Mapping[str, str]) -> None:
        """Have Alertmanager hear of alerts besides."""
        body = [{"labels": dict(labels)} for labels in alerts]
        requests.post(f"{self.alertmanager}/api/v2/alerts", json=body, timeout=5).raise_for_status()


@contextmanager
def watched(kind: str, folder: Path, *, cluster_added: bool) -> Iterator[Watched]:
    """The installation's series with two faults, the rules over them, and the Alertmanager of the same build."""
    spec = spec_for(kind, {}, None)
    spec["kubernetes"] = {**dict(spec["kubernetes"]), **HASTY}
    series = {**spec, "environment": {**spec["environment"], "cluster_on": "series"}} if cluster_added else spec
    for name, one in {"spec": spec, "series": series}.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(one), encoding="utf-8")
    samples, built, newest = folder / "held.om", folder / "built", release(installed()[-1])
    with samples.open("w", encoding="utf-8") as out:
        stack = compile_stack(folder / "series.yaml").stack
        write_installed(stack, out, int(time.time()) + AHEAD_SECONDS, 3600, (GRADED, CAUSE, EXPLAINED))
    obsgen.build(folder / "spec.yaml", built, ("prometheus",))
    address = f"127.0.0.1:{free_ports(1)[0]}"
    server = alertmanager_server(newest.alertmanager, built, address, folder)
    evaluated = in_vmalert if kind == "victoria-metrics-k8s-stack" else in_prometheus(newest)
    server.start()
    try:
        server.wait_until_ready()
        with evaluated(samples, built, address) as url:
            yield Watched(url, f"http://{address}")
    finally:
        server.stop()


@pytest.mark.parametrize(("kind", "cluster_added"), as_brought())
def test_what_another_alert_explains_is_held_back_and_only_that(kind, cluster_added, tmp_path):
    with watched(kind, tmp_path, cluster_added=cluster_added) as platform:
        wait_until(platform.held_back, lambda seen: seen == HELD_BACK, what="graver and cause hold back", seconds=60)
        stays(platform.held_back, lambda seen: seen == HELD_BACK, what="nothing else is told", seconds=QUIET_SECONDS)
        fired = platform.alerts()
        explained = next(_labels(one) for one in platform.told() if _labels(one)["alertname"] == EXPLAINED)
        elsewhere = [{**explained, "deployment": "another"}, {**explained, "cluster": "another"}]
        platform.tell(*elsewhere)
        others = [one for one in platform.told() if _labels(one) in elsewhere]
    assert [one["status"]["inhibitedBy"] for one in others] == [[], []]
    assert {labels["cluster"] for labels in fired} == {"sim-1"}
    # Not once with the cluster and once without.
    assert max(Counter(tuple(sorted(labels.items() - {("cluster", "sim-1")})) for labels in fired).values()) == 1


def _labels(alert: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = alert["labels"]
    return found
