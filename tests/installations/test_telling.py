"""What an installation is told: only what it knows, only what the spec needs, and in words that can be followed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from obsgen.diagnostics import Diagnosed
from obsgen.emit.mounting import mounting_folder
from obsgen.emit.telling import NOTES, VALUES, telling_documents
from obsgen.pipeline import load_stack
from obsgen.spec.installation import InstallationSpec
from obsgen.spec.library import load_pack, pack_folders
from obsgen.spec.surroundings import INSTALLATIONS

KNOWN = Path(__file__).parent / "values"
FILES = INSTALLATIONS.files()
TABLES: Mapping[str, InstallationSpec] = {name: INSTALLATIONS.load(name, file).spec for name, file in FILES.items()}
CHARTS = [name for name, one in TABLES.items() if one.telling and one.telling.form == "helm-values"]
PACKS = {name: load_pack(folder).spec for name, folder in pack_folders().items()}
SPEC = """\
apiVersion: obsgen.dev/v1
kind: MonitoringStack
metadata: {{name: prod}}
environment:
  cluster: prod-1
  installation: {{kind: {kind}}}
  {environment}
kubernetes: {{{packs}}}
routing:
  default: chat
  teams: {{platform: {{P1: chat, default: chat}}}}
  receivers: {{chat: {{slack: {{channel: "#ops", url_secret: slack/url}}}}}}
"""


def said(folder: Path, kind: str, packs: str = "", environment: str = "") -> dict[str, str]:
    """What is written for a spec with these packs, by the files' names."""
    spec = folder / "spec.yaml"
    spec.write_text(SPEC.format(kind=kind, packs=packs, environment=environment))
    written = telling_documents(load_stack(spec), {"monitoring"})
    return {one.path.rpartition("/")[2]: one.text for one in written}


def values(folder: Path, kind: str, packs: str = "", environment: str = "") -> Any:
    return yaml.safe_load(said(folder, kind, packs, environment)[VALUES])


def leaves(body: Any, before: str = "") -> Iterator[str]:
    if not isinstance(body, dict):
        yield before
        return
    for name, value in body.items():
        yield from leaves(value, f"{before}.{name}" if before else name)


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_is_told_only_values_that_it_has(kind):
    known = {line for line in (KNOWN / f"{kind}.txt").read_text().splitlines() if not line.startswith("#")}
    table = TABLES[kind]
    assert table.telling
    mounts = [table.telling.mounts.at] if table.telling.mounts else []
    parts = [table.telling.values, *(one.values for one in table.telling.also), *(one.off for one in table.rules)]
    told = {path for part in parts for path in leaves(part) if path} | set(mounts)
    assert len(told) > 3
    assert {path for path in told if path not in known and f"{path.rpartition('.')[0]}.*" not in known} == set()


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_names_packs_and_parameters_that_there_are(kind):
    table = TABLES[kind]
    asked = [one.when.parameters for one in table.telling.also] if table.telling else []
    parameters = {(pack, name) for one in asked for pack, names in one.items() for name in names}
    assert {pack for one in table.rules for pack in one.packs} <= PACKS.keys()
    assert {(pack, name) for pack, name in parameters if name not in PACKS[pack].parameters} == set()


def test_alerts_are_switched_off_where_every_pack_that_says_the_same_is_used(tmp_path):
    one = values(tmp_path, "kube-prometheus-stack", "etcd: {}, alertmanager: {}")["defaultRules"]["rules"]
    both = values(tmp_path, "kube-prometheus-stack", "alertmanager: {}, operator: {}")["defaultRules"]["rules"]
    assert one == {"etcd": False}
    assert both == {"alertmanager": False, "configReloaders": False, "prometheusOperator": False}


@pytest.mark.parametrize("kind", ["kube-prometheus-stack", "kube-prometheus", "victoria-metrics-k8s-stack"])
def test_alerts_of_severity_none_are_named_while_the_rules_that_bring_them_stay(kind, tmp_path):
    stays = said(tmp_path, kind, "etcd: {}")["README.md"]
    off = said(tmp_path, kind, "prometheus: {}, node: {}")["README.md"]
    assert "`Watchdog`, `InfoInhibitor` may reach" in stays
    assert "Watchdog" not in off


def test_alerts_that_nothing_switches_off_are_named_in_any_case(tmp_path):
    assert "`Watchdog`, `InfoInhibitor` may reach" in said(tmp_path, "openshift", "prometheus: {}")["README.md"]


def test_alertmanager_reads_the_secret_of_the_manifests_and_mounts_what_receivers_need(tmp_path):
    told = values(tmp_path, "kube-prometheus-stack")["alertmanager"]["alertmanagerSpec"]
    named = values(tmp_path, "kube-prometheus-stack", environment="alertmanager: {secret: routing}")
    assert told == {"useExistingSecret": True, "configSecret": "alertmanager-obsgen", "secrets": ["slack"]}
    assert named["alertmanager"]["alertmanagerSpec"]["configSecret"] == "routing"


def test_an_alertmanager_config_needs_no_secret_but_its_routes_left_as_they_are(tmp_path):
    chosen = 'alertmanager: {delivery: alertmanagerconfig, matcher_strategy: "None"}'
    told = values(tmp_path, "kube-prometheus-stack", environment=chosen)
    assert told["alertmanager"]["alertmanagerSpec"] == {"alertmanagerConfigMatcherStrategy": {"type": "None"}}


def test_every_series_gets_the_cluster_of_the_spec(tmp_path):
    (scraped,) = values(tmp_path, "kube-prometheus-stack")["prometheus"]["prometheusSpec"]["scrapeClasses"]
    assert scraped["default"] is True
    assert {"targetLabel": "cluster", "replacement": "prod-1"} in scraped["relabelings"]


def test_the_node_is_that_of_the_pod_only_where_there_is_one_pod_for_each_node(tmp_path):
    (scraped,) = values(tmp_path, "kube-prometheus-stack")["prometheus"]["prometheusSpec"]["scrapeClasses"]
    (rule,) = [one for one in scraped["relabelings"] if one["targetLabel"] == "node"]
    assert rule["sourceLabels"] == ["__meta_kubernetes_pod_controller_kind", "__meta_kubernetes_pod_node_name"]
    assert re.fullmatch(rule["regex"], "DaemonSet;node-1")
    assert not re.fullmatch(rule["regex"], "ReplicaSet;node-1")
    assert not re.fullmatch(rule["regex"], "DaemonSet;")


def test_grafana_and_kube_state_metrics_are_told_what_the_spec_uses_of_them(tmp_path):
    without = values(tmp_path, "kube-prometheus-stack", "capacity: {}", "grafana: {delivery: none}")
    used = values(tmp_path, "kube-prometheus-stack", "capacity: {parameters: {zones: true}}")
    assert {"grafana", "kube-state-metrics"} & without.keys() == set()
    assert used["kube-state-metrics"] == {"metricLabelsAllowlist": ["nodes=[topology.kubernetes.io/zone]"]}
    assert used["grafana"]["sidecar"]["dashboards"]["folderAnnotation"] == "grafana_folder"


def test_secrets_that_are_mounted_otherwise_are_not_listed(tmp_path):
    folder = values(tmp_path, "kube-prometheus-stack", environment="alertmanager: {secrets_folder: /vault/secrets}")
    assert "secrets" not in folder["alertmanager"]["alertmanagerSpec"]


def test_the_command_that_hands_the_values_over_names_the_release(tmp_path):
    found = said(tmp_path, "kube-prometheus-stack, release: kps, namespace: watching")
    command = "helm upgrade --install kps prometheus-community/kube-prometheus-stack --namespace watching"
    assert command in found["README.md"]
    assert command in found[VALUES].partition("\nalertmanager:")[0]


@pytest.mark.parametrize("kind", [kind for kind in TABLES if kind not in CHARTS and kind != "none"])
def test_what_is_no_chart_is_told_by_steps_for_a_person(kind, tmp_path):
    found = said(tmp_path, kind)
    assert VALUES not in found
    assert "\n1. " in found["README.md"]
    assert "${" not in found["README.md"]


def test_an_unknown_operator_is_told_what_its_objects_must_say(tmp_path):
    notes = said(tmp_path, "none")["README.md"]
    assert "- `monitoring`\n" in notes
    assert "`prometheus-k8s`" in notes
    assert "`configSecret: alertmanager-main` and mounts the Secrets `slack`" in notes


def test_the_notes_lie_where_kubectl_does_not_look(tmp_path):
    (tmp_path / "spec.yaml").write_text(SPEC.format(kind="kube-prometheus-stack", packs="", environment=""))
    written = [one.path for one in telling_documents(load_stack(tmp_path / "spec.yaml"))]
    assert written == [f"installation/{VALUES}", NOTES]


def test_secrets_are_listed_and_found_where_this_operator_mounts_them(tmp_path):
    (tmp_path / "spec.yaml").write_text(SPEC.format(kind="victoria-metrics-k8s-stack", packs="", environment=""))
    stack = load_stack(tmp_path / "spec.yaml")
    told = values(tmp_path, "victoria-metrics-k8s-stack")["alertmanager"]["spec"]
    assert told == {"configSecret": "alertmanager-obsgen", "secrets": ["slack"]}
    assert stack.environment.alertmanager.secrets_folder == mounting_folder(stack) == "/etc/vm/secrets"


def test_what_does_not_arrive_is_named_beside_what_is_written(tmp_path):
    minimal = said(tmp_path, "aks", "kubelet: {}")["README.md"]
    full = said(tmp_path, "aks, profile: full", "kubelet: {}")["README.md"]
    (row,) = re.findall(r"^\| `kubelet` \| (.+) \|$", minimal, re.MULTILINE)
    assert "`KubeletRelistStuck`" in row
    assert "## What is left out" not in full


@pytest.mark.parametrize("release", ['"kps; curl evil"', '"kps\\n"', "'kps\"'", "kps`id`", "$(id)", "-kps"])
def test_what_is_no_name_gets_into_no_command_and_no_selector(tmp_path, release):
    with pytest.raises(Diagnosed, match="OBS113"):
        said(tmp_path, f"kube-prometheus-stack, release: {release}")


OWN = """\
title: ours
about: A chart of our own.
docs: https://git.example.com/ops/charts
options:
  release: {default: ours, about: the release}
telling:
  form: helm-values
  apply: helm upgrade ${installation.release} ./chart -f helm-values.yaml
  mounts: {at: alerting.secrets, folder: /etc/alertmanager/secrets}
  values: {alerting: everywhere, region: "${environment.cluster}"}
"""


def own(folder: Path, table: str) -> Any:
    (folder / "packs/installations").mkdir(parents=True)
    (folder / "packs/installations/ours.yaml").write_text(table)
    (folder / "spec.yaml").write_text(SPEC.format(kind="ours", packs="", environment="") + "packs: [packs]\n")
    written = telling_documents(load_stack(folder / "spec.yaml"))
    return yaml.safe_load(next(one.text for one in written if one.path.endswith(VALUES)))


def test_a_chart_of_ones_own_is_told_what_its_table_says(tmp_path):
    assert own(tmp_path, OWN) == {"alerting": {"secrets": ["slack"]}, "region": "prod-1"}


def test_a_name_that_there_is_not_is_told_where_the_table_says_it(tmp_path):
    with pytest.raises(Diagnosed, match=r"ours.yaml:10:\d+: error OBS210: .*'clutser'") as refused:
        own(tmp_path, OWN.replace("environment.cluster", "environment.clutser"))
    assert "did you mean 'cluster'?" in str(refused.value)
