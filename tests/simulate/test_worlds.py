"""The simulated clusters: the same every time, and consistent in themselves."""

from __future__ import annotations

from dataclasses import fields
from io import StringIO
from itertools import pairwise

import pytest

from obsgen.cli.simulate import command
from obsgen.simulate.exposition import FAMILIES, write_openmetrics
from obsgen.simulate.settings import Settings, SettingsRefused
from obsgen.simulate.traps import TRAPS
from obsgen.simulate.truth import truth_of
from obsgen.simulate.world import make_world
from tests.e2e.tools import binary
from tests.simulate.servers import promtool_accepts

ALL_TRAPS = frozenset(TRAPS)
SMALL = {"nodes": 5, "pods_per_node": 5}


def text(**settings):
    out = StringIO()
    write_openmetrics(make_world(Settings(**settings)), out)
    return out.getvalue()


def truth(**settings):
    return truth_of(make_world(Settings(**settings)))


def test_equal_settings_give_equal_samples_and_truths():
    assert text(traps=ALL_TRAPS, **SMALL) == text(traps=ALL_TRAPS, **SMALL)
    assert truth(traps=ALL_TRAPS, **SMALL) == truth(traps=ALL_TRAPS, **SMALL)


def test_another_seed_gives_another_cluster():
    assert truth(seed=2, **SMALL) != truth(seed=1, **SMALL)


def test_one_more_cluster_changes_none_of_the_others():
    one, two = truth(**SMALL), truth(clusters=2, **SMALL)
    assert two["clusters"][0] == one["clusters"][0]
    assert [node for node in two["nodes"] if node["cluster"] == "sim-1"] == one["nodes"]


@pytest.mark.parametrize("trap", TRAPS)
def test_every_trap_changes_the_samples(trap):
    assert text(traps=frozenset([trap]), **SMALL) != text(**SMALL)


@pytest.mark.parametrize(
    "trap",
    [
        "kube-state-metrics-twice",
        "prometheus-pair",
        "cadvisor-twice",
        "resource-endpoint",
        "pause-containers",
        "parent-cgroups",
        "recent-restart",
        "counter-reset",
        "zero-allocatable",
        "clock-skew",
    ],
)
def test_a_trap_in_the_data_leaves_the_truth_as_it_is(trap):
    plain, bent = truth(**SMALL), truth(traps=frozenset([trap]), **SMALL)
    assert {part: bent[part] for part in ("clusters", "nodes", "namespaces")} == {
        part: plain[part] for part in ("clusters", "nodes", "namespaces")
    }


def test_promtool_takes_every_sample(tmp_path):
    samples = tmp_path / "samples.om"
    samples.write_text(text(traps=ALL_TRAPS, **SMALL))
    assert promtool_accepts(binary("promtool"), samples, tmp_path / "data") == ""


def test_no_series_is_written_twice_and_every_sample_is_newer_than_the_last():
    seen = {}
    for line in text(traps=ALL_TRAPS, **SMALL).splitlines():
        if not line.startswith("#"):
            head, _, moment = line.rpartition(" ")
            seen.setdefault(head.rpartition(" ")[0], []).append(int(moment))
    assert all(one < other for moments in seen.values() for one, other in pairwise(moments))


def test_every_family_is_there_with_all_traps():
    written = text(traps=ALL_TRAPS, nodes=9, pods_per_node=6)
    assert [family.metric for family in FAMILIES if f"\n{family.metric}{{" not in written] == []


def test_nothing_asks_for_more_than_its_node_has():
    for node in truth(traps=ALL_TRAPS, nodes=12, pods_per_node=40)["nodes"]:
        for name in ("cpu", "memory"):
            figures = node["resources"][name]
            if figures["allocatable"]:
                assert (figures["requested"] or 0) <= figures["allocatable"], (node["node"], name)
                assert (figures["used"] or 0) <= figures["allocatable"], (node["node"], name)


def test_nodes_and_namespaces_add_up_to_the_same():
    whole = truth(nodes=7, pods_per_node=9)
    for name in ("cpu", "memory", "pods"):
        for figure in ("used",) if name == "pods" else ("used", "requested", "limit"):
            sums = [sum(e["resources"][name][figure] for e in whole[part]) for part in ("nodes", "namespaces")]
            assert sums[0] == pytest.approx(sums[1])
            assert whole["clusters"][0]["resources"][name][figure] == pytest.approx(sums[0])


def test_a_pod_of_every_phase_and_every_trap_is_in_the_crowd():
    (cluster, *_) = make_world(Settings(traps=ALL_TRAPS, **SMALL)).clusters
    assert {pod.phase for pod in cluster.pods} == {"Running", "Pending", "Succeeded", "Failed"}
    assert any(pod.restarted for pod in cluster.pods) and any(pod.reset for pod in cluster.pods)


def test_the_defaults_are_what_the_command_offers():
    offered = {option.name: option.default for option in command.params}
    known = {field.name: field.default for field in fields(Settings)}
    for name in ("nodes", "pods_per_node", "zones", "clusters", "seed", "node_label"):
        assert offered[name] == known[name]


@pytest.mark.parametrize("wrong", [{"seconds": 600}, {"interval": 120}, {"state_interval": 0}])
def test_what_leaves_no_rate_is_refused(wrong):
    with pytest.raises(SettingsRefused):
        Settings(**wrong)
