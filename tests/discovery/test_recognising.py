"""Installations and distributions are told by their targets and nodes, and so is how they were made."""

from __future__ import annotations

import pytest

from obsgen.live.discovery.recognising import Kind, distribution_of, installation_of, with_options
from obsgen.spec.recognised import recognised
from obsgen.spec.surroundings import DISTRIBUTIONS, INSTALLATIONS

TABLE = recognised().spec


def target(job, service="", namespace="", endpoint="", **more):
    """A target's labels; what is empty it has not."""
    labels = {"job": job, "service": service, "namespace": namespace, "endpoint": endpoint, **more}
    return {name: value for name, value in labels.items() if value}


def stack(release, fullname, namespace="monitoring"):
    """kube-prometheus-stack's targets; the names of two of its charts follow from the release alone."""
    return [
        target("kubelet", f"{fullname}-kubelet", "kube-system", "https-metrics", metrics_path="/metrics"),
        target("kubelet", f"{fullname}-kubelet", "kube-system", "https-metrics", metrics_path="/metrics/cadvisor"),
        target("kube-state-metrics", f"{release}-kube-state-metrics", namespace, "http"),
        target("node-exporter", f"{release}-prometheus-node-exporter", namespace, "http-metrics"),
        target(f"{fullname}-prometheus", f"{fullname}-prometheus", namespace, "http-web"),
    ]


TARGETS = {
    "kube-prometheus-stack": stack("kps", "kps-kube-prometheus-stack"),
    "rancher-monitoring": [
        target("kubelet", "rancher-monitoring-kubelet", "kube-system", "https-metrics"),
        target("kube-state-metrics", "rancher-monitoring-kube-state-metrics", "cattle-monitoring-system", "http"),
        target("node-exporter", "rancher-monitoring-prometheus-node-exporter", "cattle-monitoring-system", "metrics"),
        target(
            "rancher-monitoring-prometheus", "rancher-monitoring-prometheus", "cattle-monitoring-system", "http-web"
        ),
    ],
    "kube-prometheus": [
        target("kubelet", "kubelet", "kube-system", "https-metrics", metrics_path="/metrics/slis"),
        target("prometheus-k8s", "prometheus-k8s", "monitoring", "web"),
        target("alertmanager-main", "alertmanager-main", "monitoring", "web"),
        target("kube-state-metrics", "kube-state-metrics", "monitoring", "https-self"),
    ],
    "openshift": [
        target("prometheus-k8s", "prometheus-k8s", "openshift-monitoring", "metrics"),
        target("alertmanager-main", "alertmanager-main", "openshift-monitoring", "metrics"),
        target("kube-state-metrics", "kube-state-metrics", "openshift-monitoring", "https-self"),
        target("crio", "kubelet", "kube-system"),
    ],
    "victoria-metrics-k8s-stack": [
        target("core-dns", "vmks-victoria-metrics-k8s-stack-core-dns", "kube-system", "http-metrics"),
        target("kube-state-metrics", "vmks-kube-state-metrics", "monitoring", "http"),
        target("vmsingle-vmks-victoria-metrics-k8s-stack", namespace="monitoring"),
        target("node-exporter", "vmks-prometheus-node-exporter", "monitoring", "metrics"),
    ],
    "aks": [target(job, cluster="prod") for job in ("kubelet", "cadvisor", "kube-state-metrics", "node")],
    "gmp": [target(job, project_id="p", location="l", cluster="prod") for job in ("kubelet", "kube-state-metrics")],
    "grafana-k8s-monitoring": [
        target(f"integrations/{job}", cluster="prod")
        for job in ("kubernetes/kubelet", "kubernetes/cadvisor", "kubernetes/kube-state-metrics", "node_exporter")
    ],
}


def test_every_shipped_installation_and_distribution_is_recognised_or_is_what_is_assumed():
    assert set(TARGETS) == set(TABLE.installations) == set(INSTALLATIONS.files()) - {"none"}
    assert set(TABLE.distributions) == set(DISTRIBUTIONS.files()) - {"kubeadm"}


@pytest.mark.parametrize("kind", TARGETS)
def test_an_installation_is_known_by_its_targets(kind):
    found = installation_of(TARGETS[kind], TABLE)
    assert found.name == kind
    assert "could also be" not in found.why


def test_targets_of_a_kind_of_their_own_are_no_installation():
    # Names that plain Prometheus is often given, some of which an installation has too.
    jobs = ("kubernetes-nodes", "cadvisor", "node", "kubelet", "kube-state-metrics", "prometheus")
    found = installation_of([target(job) for job in jobs], TABLE)
    assert found.name == "none"
    assert "No installation" in found.why


def test_a_single_sign_is_not_enough_and_is_told():
    found = installation_of([target("core-dns")], TABLE)
    assert found.name == "none"
    assert "victoria-metrics-k8s-stack (1 of 3 signs)" in found.why


@pytest.mark.parametrize(
    ("release", "fullname", "options"),
    [
        ("kps", "kps-kube-prometheus-stack", {"release": "kps", "namespace": "monitoring"}),
        # The chart cuts its name to 26 characters.
        ("monitoring", "monitoring-kube-prometheus", {"release": "monitoring", "namespace": "monitoring"}),
        (
            "my-kube-prometheus-stack",
            "my-kube-prometheus-stack",
            {"release": "my-kube-prometheus-stack", "namespace": "monitoring"},
        ),
        ("kps", "mon", {"release": "kps", "namespace": "monitoring", "fullname_override": "mon"}),
    ],
)
def test_release_and_a_name_of_its_own_are_read_from_the_services(release, fullname, options):
    kind = with_options(Kind("kube-prometheus-stack", ""), stack(release, fullname), (), TABLE)
    assert kind.options == options


def test_an_option_that_was_given_stays():
    kind = with_options(
        Kind("kube-prometheus-stack", "", {"release": "other"}), TARGETS["kube-prometheus-stack"], (), TABLE
    )
    assert kind.options["release"] == "other"


def test_a_metric_that_no_short_list_keeps_tells_the_full_profile():
    assert with_options(Kind("aks", ""), TARGETS["aks"], ["node_vmstat_oom_kill"], TABLE).options == {"profile": "full"}
    assert with_options(Kind("aks", ""), TARGETS["aks"], [], TABLE).options == {}


def test_a_name_that_would_be_more_than_a_name_in_a_spec_is_not_read():
    targets = [target("kube-state-metrics", "${x}-kube-state-metrics", "a\nb", "http")]
    assert with_options(Kind("kube-prometheus-stack", ""), targets, (), TABLE).options == {}


NODES = {
    "k3s": {"kubelet_version": "v1.33.4+k3s1", "os_image": "Ubuntu 22.04.5 LTS"},
    "rke2": {"kubelet_version": "v1.33.4+rke2r1", "os_image": "SUSE Linux Enterprise Server 15 SP6"},
    "openshift": {"kubelet_version": "v1.32.7", "os_image": "Red Hat Enterprise Linux CoreOS 9.6.20250826-1"},
    "eks": {"kubelet_version": "v1.33.3-eks-3abbec1", "os_image": "Bottlerocket OS 1.46.0", "provider": "aws"},
    "gke": {"kubelet_version": "v1.33.3-gke.1136000", "os_image": "Container-Optimized OS from Google"},
    "aks": {"kubelet_version": "v1.32.7", "os_image": "Ubuntu 22.04.5 LTS", "provider": "azure", "node": "aks"},
    "ack": {"kubelet_version": "v1.33.3-aliyun.1", "os_image": "Alibaba Cloud Linux 3"},
    "tke": {"kubelet_version": "v1.32.2-tke.6", "os_image": "TencentOS Server 3.1"},
    "talos": {"kubelet_version": "v1.33.4", "os_image": "Talos (v1.10.7)"},
    "kubeadm": {"kubelet_version": "v1.34.1", "os_image": "Ubuntu 24.04.3 LTS"},
}


@pytest.mark.parametrize("distribution", NODES)
def test_a_distribution_is_known_by_its_nodes(distribution):
    assert distribution_of([NODES[distribution]], TABLE, "none").name == distribution


def test_nodes_of_two_kinds_are_told():
    assert "some nodes look like talos" in distribution_of([NODES["eks"], NODES["talos"]], TABLE, "none").why


def test_without_nodes_the_installation_of_a_distribution_speaks_for_it():
    assert distribution_of([], TABLE, "aks").name == "aks"
    assert distribution_of([], TABLE, "none").name == "kubeadm"
