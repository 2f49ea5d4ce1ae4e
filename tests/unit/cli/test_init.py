"""`obsgen init` writes a spec that passes its checks, whatever it was told, and overwrites nothing."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.cli.init_choices import Choices
from obsgen.cli.server import Server
from obsgen.pipeline import load_stack

VALUES = """
fullnameOverride: mon
kubeEtcd: {enabled: false}
kubelet: {serviceMonitor: {cAdvisor: false}}
kube-state-metrics: {selfMonitor: {enabled: true}}
prometheus:
  prometheusSpec:
    externalLabels: {cluster: prod-eu}
    scrapeInterval: 15s
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments, said=None):
        return CliRunner().invoke(main, ["init", *arguments], input=said)

    return run


def stack_of(tmp_path, name="obsgen.yaml"):
    return load_stack(tmp_path / name)


def test_without_a_word_the_shipped_spec_is_written_and_nothing_is_asked(run, tmp_path):
    result = run("--cluster", "eu")
    assert result.exit_code == 0, result.output
    assert stack_of(tmp_path).environment.cluster == "eu"
    assert (tmp_path / "obsgen.schema.json").exists()


def test_what_is_there_is_not_overwritten(run, tmp_path):
    (tmp_path / "obsgen.yaml").write_text("mine\n")
    result = run("--installation", "aks")
    assert result.exit_code == 2
    assert "never overwrites" in result.stderr
    assert (tmp_path / "obsgen.yaml").read_text() == "mine\n"


def test_an_installation_brings_the_packs_that_it_has_series_for(run, tmp_path):
    result = run("--installation", "kube-prometheus-stack", "--set", "release=kps", "--distribution", "eks")
    assert result.exit_code == 0, result.output
    stack = stack_of(tmp_path)
    components = {one.name for one in stack.components}
    assert {"node", "kubelet", "workloads", "coredns"} <= components
    # Nobody scrapes the first; the provider runs the second.
    assert components.isdisjoint({"gpu", "etcd"})
    assert stack.environment.prometheus.selector_labels == {"release": "kps"}


def test_values_of_the_chart_say_the_same_and_more(run, tmp_path):
    (tmp_path / "values.yaml").write_text(VALUES)
    result = run("--from", "values.yaml", "--set", "release=kps")
    assert result.exit_code == 0, result.output
    stack = stack_of(tmp_path)
    environment = stack.environment
    assert (environment.cluster, str(environment.prometheus.scrape_interval)) == ("prod-eu", "15s")
    assert environment.installation.options == {"release": "kps", "fullname_override": "mon"}
    assert environment.sources["cadvisor"].absent == "kubelet.serviceMonitor.cAdvisor is false"
    assert "etcd" not in {one.name for one in stack.components}
    telemetry = next(one for one in stack.components if one.name == "kube-state-metrics")
    assert any("kube_state_metrics_list_total" in one.expr for one in telemetry.signals.values())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--installation", "kube-prom"], "there is none called 'kube-prom': did you mean 'kube-prometheus'?"),
        (["--distribution", "ekz"], "there is none called 'ekz'"),
        (["--installation", "aks", "--set", "profil=full"], "aks has no option 'profil': did you mean 'profile'?"),
        (["--installation", "aks", "--set", "profile=some"], "profile is one of minimal, full"),
        (["--installation", "aks", "--set", "profile"], "write it as NAME=VALUE"),
        (["--installation", "kube-prometheus-stack", "--set", "release=${x}"], "write it as NAME=VALUE"),
        (["--set", "release=kps"], "give --installation or --from too"),
        (["--url", "http://localhost:1", "--openmetrics", "obsgen.yaml"], "does not exist"),
    ],
)
def test_mistakes_end_with_two_and_write_nothing(run, tmp_path, arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_ends_with_two(run, tmp_path):
    result = run("--url", "http://127.0.0.1:1", "--timeout", "1")
    assert result.exit_code == 2
    assert "127.0.0.1:1" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_asks_and_writes_nothing(run, tmp_path):
    result = run("--url", "https://prometheus.example.com", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "https://prometheus.example.com/api/v1/query" in result.stdout
    assert list(tmp_path.iterdir()) == []


SERVER = Server(**dict.fromkeys(Server.__dataclass_fields__))


def answered(monkeypatch, *answers):
    """What comes of these answers on a terminal."""
    given = iter(answers)
    monkeypatch.setattr("click.prompt", lambda _, default="", **__: next(given) or default)
    return Choices(None, None, (), None, None, SERVER).asked()


def test_an_address_that_is_given_on_the_terminal_is_looked_at(monkeypatch):
    asked = answered(monkeypatch, "eu", "http://localhost:9090")
    assert asked.server.url == "http://localhost:9090"
    assert asked.cluster is None


def test_without_an_address_the_terminal_asks_what_is_there(monkeypatch):
    asked = answered(monkeypatch, "eu", "", "kube-prometheus-stack", "kps", "", "", "eks")
    assert (asked.cluster, asked.installation, asked.distribution) == ("eu", "kube-prometheus-stack", "eks")
    assert asked.options == ("release=kps",)
