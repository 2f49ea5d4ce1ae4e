"""Packs that an application uses: whose namespace, team and scrape job they read."""

from __future__ import annotations

import yaml

from obsgen.pipeline import load_stack

SPEC = {
    "apiVersion": "obsgen.dev/v1",
    "kind": "MonitoringStack",
    "metadata": {"name": "t", "team": "platform"},
    "environment": {"cluster": "prod", "runbooks": {"base_url": "https://git.example.com/r"}},
    "routing": {
        "default": "chat",
        "teams": {"platform": {"default": "chat"}},
        "receivers": {"chat": {"webhook": {"url": "http://chat.svc:8080/"}}},
    },
}


def expressions(tmp_path, applications: dict) -> dict[str, str]:
    path = tmp_path / "spec.yaml"
    path.write_text(yaml.safe_dump({**SPEC, "applications": applications}))
    return {one.name: one.signals["goroutines"].expr for one in load_stack(path).components if one.pack == "go"}


def test_an_extra_reads_the_job_of_its_application(tmp_path):
    orders = {"team": "platform", "namespace": "shop", "uses": {"orders-go": {"pack": "go"}}}
    assert 'go_goroutines{job="orders",namespace="shop"}' in expressions(tmp_path, {"orders": orders})["orders-go"]


def test_a_pack_of_its_own_reads_its_own_job(tmp_path):
    billing = {"team": "platform", "namespace": "shop", "pack": "go"}
    assert 'go_goroutines{job="billing",namespace="shop"}' in expressions(tmp_path, {"billing": billing})["billing"]
