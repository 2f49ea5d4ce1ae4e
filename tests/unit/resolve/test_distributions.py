"""What distributions say: of packs and sources that there are, and what becomes of it in a stack."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from obsgen.model.stack import Stack
from obsgen.pipeline import Compiled, compile_stack
from obsgen.spec.library import load_pack, pack_folders
from obsgen.spec.surroundings import DISTRIBUTIONS, INSTALLATIONS, named_table, shared_sources

PACKS = {name: load_pack(folder) for name, folder in pack_folders().items()}
SOURCES = {*shared_sources().spec.sources, *(name for pack in PACKS.values() for name in pack.spec.sources)}
TABLES = [(kind, name) for kind in (DISTRIBUTIONS, INSTALLATIONS) for name in kind.files()]
MANAGED = ("eks", "gke", "aks", "ack", "tke")


def compiled(folder: Path, environment: dict, **components: dict) -> Compiled:
    body = {
        "apiVersion": "obsgen.dev/v1",
        "kind": "MonitoringStack",
        "metadata": {"name": "cluster"},
        "packs": ["packs"] if (folder / "packs").exists() else [],
        "environment": {"cluster": "prod", **environment},
        "kubernetes": {name.replace("_", "-"): component for name, component in components.items()},
        "routing": {"default": "ops", "receivers": {"ops": {"webhook": {"url": "http://hooks.example.com/alerts"}}}},
    }
    spec = folder / "spec.yaml"
    spec.write_text(yaml.safe_dump(body))
    return compile_stack(spec)


def jobs(found: Compiled) -> dict[str, dict[str, str]]:
    return {one.job.name: {"port": one.job.port, **one.job.selector} for one in found.bundle.scrapes}


def alerts(stack: Stack) -> set[str]:
    return {alert.name for component in stack.components for alert in component.alerts}


@pytest.mark.parametrize(("kind", "name"), TABLES, ids=[name for _, name in TABLES])
def test_a_table_speaks_only_of_what_there_is(kind, name):
    spec = named_table(kind, name).spec
    assert set(spec.packs) <= set(PACKS)
    assert set(spec.sources) <= SOURCES
    for pack, normal in spec.packs.items():
        assert set(normal.parameters) <= set(PACKS[pack].spec.parameters)
        assert set(normal.thresholds) <= set(PACKS[pack].spec.thresholds)


@pytest.mark.parametrize("name", MANAGED)
def test_a_managed_control_plane_is_left_out_with_the_reason(name):
    spec = named_table(DISTRIBUTIONS, name).spec
    assert spec.packs["control-plane"].absent
    assert spec.packs["etcd"].absent == spec.sources["etcd"].absent


def test_k3s_scrapes_its_one_process_once(tmp_path):
    found = compiled(tmp_path, {"distribution": "k3s"}, control_plane={}, kube_proxy={})
    assert set(jobs(found)) == {"apiserver", "kubelet", "kube-state-metrics"}
    exprs = {rule.alert: rule.expr for rule in found.bundle.alerts}
    assert 'job="apiserver"' in exprs["SchedulerBacklogLong"]
    assert 'job="kubelet"' in exprs["KubeProxyRulesStale"]


def test_what_says_that_a_process_is_gone_is_left_to_the_one_that_it_is_part_of(tmp_path):
    processes = {"SchedulerAbsent", "ControllerManagerAbsent", "ControlPlaneComponentDown", "ControlPlaneInstanceDown"}
    assert not processes & alerts(compiled(tmp_path, {"distribution": "k3s"}, control_plane={}).stack)
    assert processes <= alerts(compiled(tmp_path, {"distribution": "kubeadm"}, control_plane={}).stack)


def test_rke2_names_the_ports_of_its_static_pods(tmp_path):
    found = compiled(tmp_path, {"distribution": "rke2"}, control_plane={}, etcd={}, coredns={})
    assert jobs(found) == {
        "kube-scheduler": {"port": "metrics", "component": "kube-scheduler"},
        "kube-controller-manager": {"port": "metrics", "component": "kube-controller-manager"},
        "etcd": {"port": "metrics", "component": "etcd"},
        "coredns": {"port": "tcp-9153", "k8s-app": "kube-dns"},
        # Guards ask it which nodes are leaving.
        "kube-state-metrics": {"port": "http", "app.kubernetes.io/name": "kube-state-metrics"},
    }


def test_a_job_of_a_distribution_keeps_what_it_does_not_change(tmp_path):
    scrapes = compiled(tmp_path, {"distribution": "openshift"}, control_plane={}).bundle.scrapes
    scheduler = next(one for one in scrapes if one.job.name == "kube-scheduler")
    assert (scheduler.job.namespace, scheduler.job.port) == ("openshift-kube-scheduler", "https")
    assert scheduler.job.service_account_token
    assert scheduler.job.tls == {"insecure_skip_verify": True}


def test_an_etcd_that_no_pod_tells_of_is_watched_where_the_spec_says_it_is(tmp_path):
    targets = {"scrape": {"etcd": {"targets": ["192.0.2.11:2381"]}}}
    assert "EtcdNoLeader" in alerts(compiled(tmp_path, {"distribution": "talos"}, etcd=targets, coredns={}).stack)
    without = compiled(tmp_path, {"distribution": "talos"}, etcd={}, coredns={}).stack
    assert "EtcdNoLeader" not in alerts(without)
    assert [note.code for note in without.notes] == ["OBS218"]


def test_the_spec_has_the_last_word_on_what_is_normal(tmp_path):
    def spare(environment: dict, **component: object) -> str:
        found = compiled(tmp_path, environment, coredns=component)
        return next(rule.expr for rule in found.bundle.alerts if rule.alert == "CoreDNSWithoutSpare")

    assert "< 2" in " ".join(spare({}).split())
    assert "< 1" in " ".join(spare({"distribution": "k3s"}).split())
    assert "< 3" in " ".join(spare({"distribution": "k3s"}, thresholds={"instances": 3}).split())


def test_a_distribution_of_the_users_own_beside_their_packs(tmp_path):
    own = tmp_path / "packs" / "distributions"
    own.mkdir(parents=True)
    (own / "ours.yaml").write_text(
        "title: Ours\nabout: kubeadm with changes.\ndocs: https://git.example.com/clusters\n"
        "sources:\n  coredns: {scrape: {coredns: {port: http-metrics}}}\n"
        "packs:\n  kube-proxy: {absent: Cilium writes the Services}\n  coredns: {thresholds: {instances: 4}}\n"
    )
    found = compiled(tmp_path, {"distribution": "ours"}, coredns={}, kube_proxy={})
    assert jobs(found)["coredns"] == {"port": "http-metrics", "k8s-app": "kube-dns"}
    assert [component.name for component in found.stack.components] == ["coredns"]
    assert [note.message for note in found.stack.notes] == [
        "'kube-proxy' is left out on Ours: Cilium writes the Services"
    ]
