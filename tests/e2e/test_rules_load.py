"""Every release of Prometheus at hand takes the rules of the example and can evaluate each of them."""

from __future__ import annotations

import pytest
import requests
import yaml

import obsgen
from tests.e2e.monitoring import prometheus_server
from tests.e2e.processes import free_ports
from tests.e2e.tools import ROOT, binary, folder_id, installed
from tests.e2e.waiting import wait_until


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    manifests = tmp_path_factory.mktemp("manifests")
    obsgen.build(ROOT / "config" / "example.yaml", manifests, ("prometheus",))
    return manifests / "rules"


@pytest.fixture(params=installed(), ids=folder_id)
def address(request, rules, tmp_path):
    """Where a Prometheus with these rules, and nothing to scrape, answers."""
    config = tmp_path / "prometheus.yaml"
    body = {"global": {"evaluation_interval": "1s"}, "rule_files": [f"{rules}/*.yaml"]}
    config.write_text(yaml.safe_dump(body), encoding="utf-8")
    [port] = free_ports(1)
    server = prometheus_server(binary("prometheus", request.param), config, f"127.0.0.1:{port}", tmp_path)
    try:
        server.start()
        server.wait_until_ready()
        yield f"127.0.0.1:{port}"
    finally:
        server.stop()


def test_every_rule_of_the_example_loads_and_evaluates(address, rules):
    def evaluated():
        groups = requests.get(f"http://{address}/api/v1/rules", timeout=5).json()["data"]["groups"]
        return {(group["name"], rule["name"]): rule for group in groups for rule in group["rules"]}

    found = wait_until(
        evaluated,
        lambda seen: all(rule["health"] != "unknown" for rule in seen.values()),
        what="all evaluated",
    )
    written = {
        (group["name"], rule.get("alert") or rule["record"])
        for file in rules.glob("*.yaml")
        for group in yaml.safe_load(file.read_text())["groups"]
        for rule in group["rules"]
    }
    assert written
    assert found.keys() == written
    assert {name: rule.get("lastError") for name, rule in found.items() if rule["health"] != "ok"} == {}
