"""What the server of an installation holds: series with its labels, and without what it drops."""

from __future__ import annotations

from io import StringIO

import pytest
import yaml
from click.testing import CliRunner

from obsgen.cli.simulate import command
from obsgen.pipeline import compile_stack
from obsgen.promql.series import series_labels
from obsgen.simulate.installed import spec_for, write_installed

END = 1_767_615_300


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """The newest sample of every series, by its labels."""

    def of(kind, options, packs, faults=()):
        path = tmp_path_factory.mktemp("held") / "spec.yaml"
        path.write_text(yaml.safe_dump({**spec_for(kind, options, None), "kubernetes": dict.fromkeys(packs)}))
        out = StringIO()
        write_installed(compile_stack(path).stack, out, END, 900, faults)
        lines = [line.rsplit(" ", 2) for line in out.getvalue().splitlines() if line.endswith(f" {END}")]
        return [(series_labels(series), float(value)) for series, value, _ in lines]

    return of


def states(held):
    return [(labels, value) for labels, value in held if labels["__name__"] == "kube_node_status_condition"]


def of_metric(held, metric):
    return [labels for labels, _ in held if labels["__name__"] == metric]


def test_series_carry_the_labels_of_the_installations_targets(held):
    found = of_metric(held("kube-prometheus-stack", {"release": "kps"}, ["kubelet"]), "container_oom_events_total")
    assert {(one["job"], one["metrics_path"], one["service"]) for one in found} == {
        ("kubelet", "/metrics/cadvisor", "kps-kube-prometheus-stack-kubelet")
    }


@pytest.mark.parametrize(("kind", "clusters"), [("kube-prometheus-stack", {None}), ("none", {"sim-1"})])
def test_a_cluster_is_on_series_only_where_the_installation_puts_it(held, kind, clusters):
    assert {labels.get("cluster") for labels, _ in held(kind, {}, ["kubelet"])} == clusters


def test_what_only_our_own_jobs_put_on_is_not_there(held):
    ours, theirs = (
        of_metric(held(kind, {}, ["kube-proxy"]), "kubeproxy_sync_proxy_rules_last_timestamp_seconds")
        for kind in ("none", "kube-prometheus-stack")
    )
    assert [all("node" in one for one in found) for found in (ours, theirs)] == [True, False]


def test_what_the_installation_drops_is_not_there(held):
    buckets = of_metric(held("kube-prometheus-stack", {}, ["storage"]), "storage_operation_duration_seconds_bucket")
    bounds = {one["le"] for one in buckets}
    assert bounds and bounds.isdisjoint({"25.0", "120.0", "600.0"})


def test_what_a_list_does_not_keep_is_not_there(held):
    minimal, full = (held("aks", {"profile": profile}, ["kubelet"]) for profile in ("minimal", "full"))
    assert not of_metric(minimal, "kubelet_evictions")
    assert of_metric(full, "kubelet_evictions")


def test_every_target_is_up(held):
    ups = [value for labels, value in held("kube-prometheus", {}, ["kubelet", "etcd"]) if labels["__name__"] == "up"]
    assert ups and set(ups) == {1.0}


def test_a_fault_makes_what_its_alert_reads_ill(held):
    well, ill = (held("kube-prometheus-stack", {}, ["node"], faults) for faults in ((), ("NodeDown",)))
    assert [min(value for labels, value in found if labels["__name__"] == "up") for found in (well, ill)] == [1.0, 0.0]


def test_a_fault_leaves_well_what_other_packs_read(held):
    # The pack that is ill feeds conditions of nodes too, in tests of its own where one is not ready.
    well, ill = (
        held("kube-prometheus-stack", {}, ["kubelet", "workloads"], faults)
        for faults in ((), ("DeploymentUnavailable",))
    )
    assert well != ill
    assert states(well) == states(ill)


def test_equal_options_give_equal_files(tmp_path):
    texts = []
    for name in ("a.om", "b.om"):
        given = ["--installation", "gmp", "--out", str(tmp_path / name)]
        assert CliRunner().invoke(command, given).exit_code == 0
        texts.append((tmp_path / name).read_text())
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--installation", "gmp", "--nodes", "3"], "--nodes is for made-up clusters"),
        (["--installation", "kube-prometheus-stack", "--fault", "NodeDwn"], "did you mean"),
        (["--installation", "gmp", "--option", "packages"], "'packages' is no NAME=VALUE"),
        (["--fault", "NodeDown"], "give the installation's kind"),
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path, given, said):
    done = CliRunner().invoke(command, [*given, "--out", str(tmp_path / "x.om")])
    assert (done.exit_code, said in done.output) == (2, True)
