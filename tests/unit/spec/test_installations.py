"""The shipped tables of what a cluster has: they name only what exists, and say enough to build for each kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from obsgen.diagnostics import Diagnosed, Findings
from obsgen.pipeline import compile_stack, load_stack, validate
from obsgen.spec.library import load_pack, pack_folders
from obsgen.spec.surroundings import DISTRIBUTIONS, INSTALLATIONS, Surroundings, shared_guards, shared_sources
from obsgen.spec.table_names import TableNames

ROOT = Path(__file__).resolve().parents[3]
KINDS = sorted(INSTALLATIONS.files())
HEAD = {
    "apiVersion": "obsgen.dev/v1",
    "kind": "MonitoringStack",
    "metadata": {"name": "t"},
    "routing": {"default": "chat", "receivers": {"chat": {"webhook": {"url": "http://chat.svc:8080/"}}}},
}
# The packs that read what an installation may bring, its jobs, and which of them it leaves to obsgen.
PACKS = {
    "infrastructure": {"node": None},
    "kubernetes": {
        **dict.fromkeys(["alertmanager", "apiserver", "control-plane", "coredns", "etcd", "grafana"]),
        **dict.fromkeys(["kube-proxy", "kubelet", "operator", "prometheus", "scheduling"]),
    },
}
PLATFORM = {
    *("alertmanager", "apiserver", "cadvisor", "config-reloader", "coredns", "etcd", "grafana", "kube-proxy"),
    *("kube-controller-manager", "kube-scheduler", "kube-state-metrics", "kubelet"),
    *("node-exporter", "prometheus", "prometheus-operator"),
}
OURS = {
    "none": PLATFORM,
    "kube-prometheus": {"etcd", "kube-proxy"},
    "victoria-metrics-k8s-stack": {"kube-proxy"},
    "grafana-k8s-monitoring": {"etcd"},
    # Only where kube-proxy runs after all: the distribution openshift leaves it out.
    "openshift": {"kube-proxy"},
}


@pytest.fixture
def spec(tmp_path):
    def write(environment: dict[str, object], **said: object) -> Path:
        path = tmp_path / "spec.yaml"
        path.write_text(yaml.safe_dump({**HEAD, "environment": {"cluster": "prod", **environment}, **said}))
        return path

    return write


@pytest.fixture(scope="module")
def packs():
    folders = pack_folders()
    return folders, {name: load_pack(folder) for name, folder in folders.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_shipped_installation_names_only_packs_sources_and_options_that_exist(kind, packs):
    folders, loaded = packs
    installation = INSTALLATIONS.load(kind, INSTALLATIONS.files()[kind])
    usual = DISTRIBUTIONS.load("kubeadm", DISTRIBUTIONS.files()["kubeadm"])
    findings = Findings()
    TableNames(
        folders, loaded, (), Surroundings(usual, installation, shared_sources(), shared_guards()), findings
    ).check(installation)
    findings.stop()


@pytest.mark.parametrize("name", sorted(DISTRIBUTIONS.files()))
def test_a_shipped_distribution_names_only_what_exists(name, packs):
    folders, loaded = packs
    table = DISTRIBUTIONS.load(name, DISTRIBUTIONS.files()[name])
    none = INSTALLATIONS.load("none", INSTALLATIONS.files()["none"])
    findings = Findings()
    TableNames(folders, loaded, (), Surroundings(table, none, shared_sources(), shared_guards()), findings).check(table)
    findings.stop()


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_and_every_name_of_an_installation_is_used(kind):
    path = INSTALLATIONS.files()[kind].path
    table = INSTALLATIONS.load(kind, INSTALLATIONS.files()[kind])
    text = path.read_text()
    asked = {option for one in table.spec.sources.values() if one.keeps for option in one.keeps.when}
    asked |= set(re.findall(r"installation\.(\w+)", text))
    assert {*table.spec.options, *table.spec.names} <= asked


@pytest.mark.parametrize("kind", KINDS)
def test_three_lines_are_enough_for_each_kind_and_nothing_is_scraped_twice(kind, spec):
    stack = load_stack(spec({"installation": {"kind": kind}}, **PACKS))
    jobs = {job.name for component in stack.components for job in component.jobs}
    assert jobs & PLATFORM == OURS.get(kind, set())


@pytest.mark.parametrize(
    ("release", "account"),
    [
        ("kps", "kps-kube-prometheus-stack-prometheus"),
        # The chart cuts its name to 26 characters, and a dash that is left at the end goes.
        ("monitoring", "monitoring-kube-prometheus-prometheus"),
        ("kube-prometheus-stack", "kube-prometheus-stack-prometheus"),
        ("my-kube-prometheus-stack-for-all", "my-kube-prometheus-stack-f-prometheus"),
    ],
)
def test_names_follow_from_the_release_as_the_chart_makes_them(release, account, spec):
    one = load_stack(spec({"installation": {"kind": "kube-prometheus-stack", "release": release}}))
    prometheus = one.environment.prometheus
    assert (prometheus.service_account, prometheus.selector_labels) == (account, {"release": release})


def test_what_is_written_wins_over_the_installation(spec):
    own = {
        "installation": {"kind": "kube-prometheus-stack", "release": "kps"},
        "prometheus": {"version": "2.55"},
        "alertmanager": {"secret": "mine"},
    }
    found = load_stack(spec(own)).environment
    assert (str(found.prometheus.version), found.prometheus.selector_labels) == ("2.55", {"release": "kps"})
    assert (found.alertmanager.secret, found.alertmanager.namespace) == ("mine", "monitoring")


def test_one_setting_lifts_a_keep_list(spec):
    def alerts(profile: str) -> set[str]:
        environment = {"installation": {"kind": "aks", "profile": profile}}
        compiled = compile_stack(spec(environment, infrastructure={"node": None}))
        return {rule.alert for rule in compiled.bundle.alerts}

    minimal, full = alerts("minimal"), alerts("full")
    assert (minimal < full, len(full - minimal)) == (True, 33)


def test_the_spec_can_bring_what_the_installation_lacks(spec):
    lacks = {"installation": {"kind": "gmp"}}
    brings = {**lacks, "sources": {"node_exporter": {"selector": 'job="node-exporter"', "elsewhere": True}}}
    without, with_it = (load_stack(spec(one, infrastructure={"node": None})) for one in (lacks, brings))
    assert ([one.name for one in without.components], [one.name for one in with_it.components]) == ([], ["node"])


def test_a_mistake_in_a_table_of_ones_own_is_shown_where_it_stands(spec, tmp_path):
    table = {
        "title": "Ours",
        "about": "Ours.",
        "docs": "https://example.com/",
        "sources": {"node_exportr": {"selector": 'job="x"'}},
        "packs": {"nod": {"parameters": {"x": True}}, "storage": {"parameters": {"csii": True}}},
    }
    (tmp_path / "packs" / "installations").mkdir(parents=True)
    (tmp_path / "packs" / "installations" / "ours.yaml").write_text(yaml.safe_dump(table))
    with pytest.raises(Diagnosed) as mistakes:
        load_stack(spec({"installation": {"kind": "ours"}}, packs=["packs"]))
    assert [(one.code, one.message, one.hint) for one in mistakes.value.diagnostics] == [
        ("OBS264", "there is no pack 'nod', which Ours names", "did you mean 'node'?"),
        ("OBS203", "pack 'storage' has no parameter 'csii'", "did you mean 'csi'?"),
        ("OBS264", "there is no source 'node_exportr'", "did you mean 'node_exporter'?"),
    ]
    assert all("installations/ours.yaml" in str(one.location) for one in mistakes.value.diagnostics)


@pytest.mark.e2e
@pytest.mark.parametrize("kind", KINDS)
def test_a_platform_in_production_validates_on_each_kind(kind, tmp_path):
    # As its authors wrote it, but for the environment.
    text = (ROOT / "config" / "production.yaml").read_text()
    environment, rest = text.index("\nenvironment:"), text.index("\ninfrastructure:")
    path = tmp_path / "spec.yaml"
    said = f"\nenvironment: {{cluster: prod, installation: {{kind: {kind}}}}}\n"
    path.write_text(text[:environment] + said + text[rest:])
    found = validate(path, require_tools=False).findings
    assert [str(one) for one in found if one.level == "error"] == []
