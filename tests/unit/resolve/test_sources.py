"""Sources: what several packs read is scraped once, and who knows better changes it for all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from obsgen.diagnostics import Diagnosed
from obsgen.pipeline import Compiled, compile_stack
from obsgen.spec.surroundings import INSTALLATIONS

CONFIG = Path(__file__).parents[3] / "config"

HEAD = {
    "apiVersion": "obsgen.dev/v1",
    "kind": "MonitoringStack",
    "metadata": {"name": "t", "team": "platform"},
    "routing": {"default": "chat", "receivers": {"chat": {"webhook": {"url": "http://chat.svc:8080/"}}}},
}
# Both read kube-state-metrics.
READERS = {"workloads": None, "scheduling": None}


@pytest.fixture
def compiled(tmp_path):
    def compile_with(tables: dict[str, object] | None = None, kubernetes: object = READERS, **said: object) -> Compiled:
        for path, body in (tables or {}).items():
            file = Path(tmp_path) / "packs" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(yaml.safe_dump(body))
        (Path(tmp_path) / "packs").mkdir(exist_ok=True)
        spec = {**HEAD, "packs": ["packs"], "environment": {"cluster": "prod", **said}, "kubernetes": kubernetes}
        path = Path(tmp_path) / "spec.yaml"
        path.write_text(yaml.safe_dump(spec))
        return compile_stack(path)

    return compile_with


def table(**said: object) -> dict[str, object]:
    return {"title": "Mine", "about": "Ours.", "docs": "https://example.com/", **said}


def jobs(one: Compiled) -> list[str]:
    return [scrape.job.name for scrape in one.bundle.scrapes]


def read(one: Compiled) -> set[str]:
    """The jobs that the alerts' rules name."""
    exprs = " ".join(rule.expr for rule in one.bundle.alerts)
    return {name for name in ("kube-state-metrics", "ksm-of-mine", "ksm-of-ours") if f'job="{name}"' in exprs}


def test_what_two_packs_read_is_scraped_once(compiled):
    assert jobs(compiled()) == ["kube-state-metrics"]


def test_nothing_is_scraped_that_nothing_reads(compiled):
    without = compiled(kubernetes={"backup": {"parameters": {"velero": False, "etcd_snapshots": True}}})
    assert "velero" not in jobs(without)


def test_an_installation_that_tells_what_series_look_like_brings_them(compiled):
    own = {"installations/mine.yaml": table(sources={"kube_state_metrics": {"selector": 'job="ksm-of-mine"'}})}
    one = compiled(own, installation={"kind": "mine"})
    assert (read(one), jobs(one)) == ({"ksm-of-mine"}, [])


def test_the_spec_knows_better_than_the_installation_and_that_better_than_the_distribution(compiled):
    tables = {
        "distributions/ours.yaml": table(sources={"kube_state_metrics": {"selector": 'job="ksm-of-ours"'}}),
        "installations/mine.yaml": table(sources={"kube_state_metrics": {"selector": 'job="ksm-of-mine"'}}),
    }
    both = {"distribution": "ours", "installation": {"kind": "mine"}}
    assert read(compiled(tables, distribution="ours")) == {"ksm-of-ours"}
    assert read(compiled(tables, **both)) == {"ksm-of-mine"}
    written = {"kube_state_metrics": {"selector": 'job="kube-state-metrics"', "elsewhere": True}}
    assert read(compiled(tables, **both, sources=written)) == {"kube-state-metrics"}


def test_a_component_can_have_scraped_what_others_scrape_too(compiled):
    own = {"installations/mine.yaml": table(sources={"kube_state_metrics": {"selector": 'job="ksm-of-mine"'}})}
    asked = {"workloads": {"scrape": {"kube-state-metrics": {"enabled": True}}}}
    assert jobs(compiled(own, asked, installation={"kind": "mine"})) == ["kube-state-metrics"]


def test_shared_sources_lie_beside_prometheus_whatever_the_namespace_of_who_reads_them(compiled):
    one = compiled(kubernetes={"workloads": {"namespace": "elsewhere"}}, prometheus={"namespace": "watching"})
    assert [scrape.job.namespace for scrape in one.bundle.scrapes] == ["watching"]


def test_what_is_normal_here_holds_until_the_spec_says_otherwise(compiled):
    tables = {"distributions/ours.yaml": table(packs={"kube-state-metrics": {"parameters": {"telemetry": False}}})}

    def signals(**parameters: object) -> set[str]:
        use = {"kube-state-metrics": {"parameters": parameters}}
        [component] = compiled(tables, use, distribution="ours").stack.components
        return set(component.signals)

    assert signals() < signals(telemetry=True)


def test_a_pack_that_is_not_there_is_left_out_with_the_reason(compiled):
    tables = {"distributions/ours.yaml": table(packs={"scheduling": {"absent": "nobody schedules"}})}
    one = compiled(tables, distribution="ours").stack
    assert [component.name for component in one.components] == ["workloads"]
    assert [(note.code, note.message) for note in one.notes] == [
        ("OBS218", "'scheduling' is left out on Mine: nobody schedules")
    ]


def test_options_of_an_installation_reach_its_texts_and_the_environment(compiled):
    mine = table(
        options={"release": {"default": "ours", "about": "The Helm release."}},
        names={"fullname": "${installation.release}-stack"},
        environment={"prometheus": {"namespace": "watching", "service_account": "${installation.fullname}"}},
        sources={"kube_state_metrics": {"selector": 'job="${installation.fullname}"'}},
    )
    tables = {"installations/mine.yaml": mine}
    prometheus = {"namespace": "mine"}
    one = compiled(tables, installation={"kind": "mine", "release": "kps"}, prometheus=prometheus).stack
    assert one.environment.prometheus.service_account == "kps-stack"
    assert one.environment.prometheus.namespace == "mine", "what is written wins"
    assert selected_sources(one) == {'job="kps-stack"'}


def selected_sources(stack: object) -> set[str]:
    return {source.selector for component in stack.components for source in component.sources.values()}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"installation": {"kind": "mine", "releas": "a"}}, "installation 'mine' has no option 'releas'"),
        ({"installation": {"kind": "mine", "profile": "big"}}, "installation 'mine' has no profile 'big'"),
        ({"installation": {"kind": "mine", "release": ""}}, "the option 'release' of installation 'mine' is empty"),
        ({"installation": {"kind": "mien"}}, "there is no installation 'mien'"),
        ({"distribution": "kubadm"}, "there is no distribution 'kubadm'"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(compiled, said, message):
    options = {
        "release": {"default": "a", "about": "The release."},
        "profile": {"default": "full", "about": "What is kept.", "choices": ["full", "minimal"]},
    }
    with pytest.raises(Diagnosed) as refused:
        compiled({"installations/mine.yaml": table(options=options)}, **said)
    [found] = refused.value.diagnostics
    assert found.message == message
    assert found.location and found.hint


def test_a_mistake_in_a_table_of_ones_own_is_shown_there(compiled):
    with pytest.raises(Diagnosed) as refused:
        compiled({"installations/mine.yaml": table(sourcs={})}, installation={"kind": "mine"})
    [found] = refused.value.diagnostics
    assert (found.code, Path(found.location.file).name) == ("OBS111", "mine.yaml")


def test_a_selector_that_cannot_be_read_is_noted_once_and_where_it_was_written(compiled):
    with pytest.raises(Diagnosed) as refused:
        compiled(sources={"kube_state_metrics": {"selector": "job="}})
    [found] = refused.value.diagnostics
    assert (found.code, Path(found.location.file).name) == ("OBS215", "spec.yaml")


@pytest.mark.parametrize("kind", sorted(path.stem for path in (CONFIG / "installations").glob("*.yaml")))
def test_every_installation_says_which_labels_its_objects_are_selected_by(kind):
    table = INSTALLATIONS.load(kind, INSTALLATIONS.files()[kind]).spec
    assert kind == "none" or "selector_labels" in table.environment["prometheus"]
