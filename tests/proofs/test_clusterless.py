"""Series that lack the label cluster: the same rules hold without it, and with it once it is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from obsgen.check.promtool import prove
from obsgen.ir.proofs import InputSeries, Proof
from obsgen.lower.proofs.feeding import with_label
from obsgen.pipeline import Compiled, compile_stack
from obsgen.programs.checkers import Tool
from obsgen.promql.series import series_labels
from obsgen.spec.root import SpecFile

HERE = Path(__file__).parent
OBJECTIVES = HERE.parent / "objectives" / "kinds.yaml"
# One with groups, one of a calendar month, one that is read as scraped over its whole period, one of a ratio.
SOME = {"grouped", "whole", "changed", "weighted"}
QUICK = {"no data", "spiky"}


def on_alerts(spec: Path, folder: Path) -> Compiled:
    """The spec as it would be for a cluster whose series lack the label."""
    base = f"{'../' * len(folder.parts)}{spec.relative_to('/')}"
    laid_over = {
        "apiVersion": "obsgen.dev/v1",
        "kind": "MonitoringStack",
        "metadata": {"name": "kinds"},
        "extends": [base],
        "environment": {"cluster_on": "alerts"},
    }
    (folder / "spec.yaml").write_text(yaml.safe_dump(laid_over))
    return compile_stack(SpecFile(folder / "spec.yaml", Path("/")))


@pytest.fixture(scope="module")
def kinds(tmp_path_factory) -> Compiled:
    return on_alerts(HERE / "kinds.yaml", tmp_path_factory.mktemp("kinds"))


@pytest.fixture(scope="module")
def objectives(tmp_path_factory) -> Compiled:
    return on_alerts(OBJECTIVES, tmp_path_factory.mktemp("objectives"))


def failures(promtool: Tool, compiled: Compiled, wanted: Callable[[Proof], bool]) -> list[str]:
    proofs = tuple(proof for proof in compiled.bundle.proofs if wanted(proof))
    assert proofs
    bundle = replace(compiled.bundle, proofs=proofs)
    return [str(one) for one in prove(promtool, compiled.stack, bundle, (), located=False).findings]


def labelled(compiled: Compiled) -> Compiled:
    """The same rules, over series that carry the label after all."""
    cluster = compiled.stack.environment.cluster

    def carrying(proof: Proof) -> Proof:
        series = (InputSeries(with_label(one.series, "cluster", cluster), one.values) for one in proof.series)
        return replace(proof, series=tuple(series))

    return replace(compiled, bundle=replace(compiled.bundle, proofs=tuple(map(carrying, compiled.bundle.proofs))))


EACH_WAY = pytest.mark.parametrize("laid", [lambda one: one, labelled], ids=["without the label", "with it"])


@EACH_WAY
def test_the_tests_of_alerts_hold(laid, promtool, kinds):
    assert failures(promtool, laid(kinds), lambda proof: not proof.objective) == []


@EACH_WAY
def test_the_tests_of_objectives_hold(laid, promtool, objectives):
    assert failures(promtool, laid(objectives), lambda one: one.objective in SOME and one.kind in QUICK) == []


@pytest.mark.e2e
@EACH_WAY
def test_all_tests_of_objectives_hold(laid, promtool, objectives):
    assert failures(promtool, laid(objectives), lambda one: bool(one.objective)) == []


def test_no_series_that_is_fed_carries_the_label_and_every_alert_that_fires_does(kinds, objectives):
    for compiled in (kinds, objectives):
        cluster, proofs = compiled.stack.environment.cluster, compiled.bundle.proofs
        assert not [one.series for proof in proofs for one in proof.series if "cluster" in series_labels(one.series)]
        fired = [labels for proof in proofs for state in proof.states for labels in state.labels]
        assert {labels["cluster"] for labels in fired} == {cluster}


def test_every_alert_is_still_seen_firing_and_silent(kinds, objectives):
    for compiled in (kinds, objectives):
        proofs = compiled.bundle.proofs
        assert {proof.key for proof in proofs if proof.fires} == {rule.key for rule in compiled.bundle.alerts}
        assert {proof.key for proof in proofs if proof.stays_silent} >= {
            rule.key for rule in compiled.bundle.alerts if rule.alert != "ObsgenWatchdog"
        }


def test_groups_in_clusters_of_their_own_are_tested_one_by_one(objectives):
    apart = compile_stack(OBJECTIVES)
    one_short = [
        [one for one in compiled.bundle.proofs if one.objective == "errors" and one.title.startswith("just short of")]
        for compiled in (apart, objectives)
    ]
    groups = {series_labels(one.series)["cluster"] for proof in one_short[0] for one in proof.series}
    assert len(one_short[1]) >= len(groups) > len(one_short[0])
