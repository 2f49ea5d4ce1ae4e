"""What a server shows becomes a spec that loads, with the reason for each choice beside it."""

from __future__ import annotations

import pytest

from obsgen.live.discovery.asking import Asking, interval_of
from obsgen.live.discovery.discover import discovered
from obsgen.live.discovery.fitted import sections
from obsgen.live.probe import NothingToReport
from obsgen.pipeline import load_stack
from obsgen.query.samples import Sample, Vector
from obsgen.spec.starter import fitted_text
from tests.discovery.standin import StandIn
from tests.discovery.world import installed, node_info, renamed, series

# As many as are promised for a cluster of any size.
MOST_QUERIES = 40
APPLICATION = {"job": "cart", "namespace": "shop"}


@pytest.fixture(scope="module")
def world():
    """kube-prometheus-stack on EKS: etcd under another name, a target that is down, a cart beside it."""
    found = installed("kube-prometheus-stack", options={"release": "kps"})
    moved = {one for one in found if ("job", "kube-proxy") in one}
    found = found - moved | {tuple(sorted({**dict(one), "job": "proxies"}.items())) for one in moved}
    found = {one for one in found if ("metrics_path", "/metrics/cadvisor") not in one or ("__name__", "up") in one}
    return found | {
        node_info(kubelet_version="v1.33.3-eks-3abbec1", os_image="Bottlerocket OS 1.46.0"),
        series("up", **APPLICATION),
        series("http_requests_total", code="200", **APPLICATION),
        series("prometheus_build_info", job="p", version="3.5.1"),
        series("alertmanager_build_info", job="a", version="0.28.1"),
    }


@pytest.fixture(scope="module")
def answered(world):
    """What was found, and the server that was asked; cAdvisor's targets are down."""
    down = {one: 0.0 for one in world if ("metrics_path", "/metrics/cadvisor") in one}
    says = {
        "config": {
            "yaml": "global:\n  scrape_interval: 30s\n  external_labels:\n    cluster: prod-eu\nrule_files: []\n"
        }
    }
    server = StandIn(world, down, says)
    return discovered(Asking(server)), server


def test_few_questions_are_asked(answered):
    assert len(answered[1].queries) <= MOST_QUERIES


def test_everything_that_was_found_stands_in_the_spec(answered, tmp_path):
    path = tmp_path / "obsgen.yaml"
    path.write_text(fitted_text("prod", sections(answered[0])))
    stack = load_stack(path)
    environment = stack.environment
    assert (environment.cluster, environment.distribution) == ("prod-eu", "eks")
    assert environment.installation.kind == "kube-prometheus-stack"
    assert environment.installation.options["release"] == "kps"
    assert (str(environment.prometheus.version), str(environment.alertmanager.version)) == ("3.5", "0.28")
    assert environment.sources["kube_proxy"].selector == 'job="proxies"'
    components = {one.name for one in stack.components}
    assert {"node", "kubelet", "workloads", "kube-proxy", "prometheus", "cart"} <= components
    assert components.isdisjoint({"gpu", "calico", "etcd", "vpa"})


def test_each_choice_has_its_reason(answered):
    text = fitted_text("prod", sections(answered[0]))
    for reason in (
        "# Prometheus' external label; its own series do not carry it.\n  cluster: prod-eu",
        "# kubelet v1.33.3-eks-3abbec1 on Bottlerocket OS 1.46.0\n  distribution: eks",
        "4 of its 4 signs are there",
        "of its metrics are there under this job",
        'its target is down (job="kubelet",metrics_path="/metrics/cadvisor")',
        "- gpu: too little of what it reads is there, not DCGM_FI_",
        "- etcd: ",
        "# Versions seen: Prometheus 3.5.1, Alertmanager 0.28.1.",
    ):
        assert reason in text


def test_a_prometheus_of_ones_own_is_fitted_by_the_names_of_its_jobs(tmp_path):
    jobs = {
        "kubelet": "kubernetes-nodes",
        "cadvisor": "kubernetes-nodes-cadvisor",
        "kube_state_metrics": "kube-state-metrics",
        "node_exporter": "node",
        "apiserver": "kubernetes-apiservers",
    }
    server = StandIn(renamed(jobs))
    path = tmp_path / "obsgen.yaml"
    path.write_text(fitted_text("prod", sections(discovered(Asking(server)))))
    assert len(server.queries) <= MOST_QUERIES
    stack = load_stack(path)
    assert stack.environment.installation.kind == "none"
    assert stack.environment.cluster_on == "alerts"
    told = stack.environment.sources
    assert {name: told[name].selector for name in jobs} == {name: f'job="{job}"' for name, job in jobs.items()}
    # What is scraped is not scraped again.
    assert not {job.name for one in stack.components for job in one.jobs} & {"kubelet", "kube-state-metrics"}


def test_of_several_clusters_one_must_be_chosen():
    world = [series("up", job="node", cluster=name) for name in ("a", "b")]
    with pytest.raises(NothingToReport, match="holds series of a, b: choose one with --cluster"):
        discovered(Asking(StandIn(world)))
    with pytest.raises(NothingToReport, match="cluster 'c' is none of them"):
        discovered(Asking(StandIn(world)), "c")


def test_a_server_that_scrapes_nothing_is_told():
    with pytest.raises(NothingToReport, match="it scrapes nothing"):
        discovered(Asking(StandIn([])))


def test_where_nothing_of_the_platform_is_scraped_the_first_packs_are_written(tmp_path):
    world = [series("up", job="self", cluster=name) for name in ("prod", "other")]
    server = StandIn(world)
    found = discovered(Asking(server), "prod")
    path = tmp_path / "obsgen.yaml"
    path.write_text(fitted_text("prod", sections(found)))
    stack = load_stack(path)
    assert {one.name for one in stack.components} == {"node", "kubelet", "workloads", "capacity", "kube-state-metrics"}
    assert all('cluster="prod"' in query for query in server.queries[1:] if "(" in query)


@pytest.mark.parametrize(("scrapes", "seconds"), [(20, 30), (19, 30), (40, 15), (10, 60), (600, 1), (1, 0), (0, 0)])
def test_the_interval_is_the_usual_one_that_is_nearest(scrapes, seconds):
    assert interval_of(Vector((Sample({}, float(scrapes)),))) == seconds
