"""Days of a healthy cluster: what is done to it on purpose, and that it bears it."""

from __future__ import annotations

import itertools
from io import StringIO

import pytest
import yaml
from click.testing import CliRunner

from obsgen.cli.simulate import command
from obsgen.pipeline import compile_stack
from obsgen.promql.series import series_labels
from obsgen.simulate.days.calendar import DAY, HOUR, MINUTE
from obsgen.simulate.days.lives import Lives
from obsgen.simulate.days.machines import machines
from obsgen.simulate.days.pods import history
from obsgen.simulate.days.workloads import WORKLOADS
from obsgen.simulate.days.writing import write_days
from obsgen.simulate.installed import spec_for

SECONDS = 3 * DAY
END = 1_767_571_200


@pytest.fixture(scope="module")
def fleet():
    return machines(SECONDS)


@pytest.fixture(scope="module")
def told(fleet):
    return history(fleet, SECONDS)


def test_pods_are_made_only_on_machines_that_take_them(told):
    made = [pod for pod in told.pods if pod.workload.kind != "DaemonSet" and pod.made > 0]
    assert made and all(pod.machine.open(pod.made) for pod in made)


def test_a_machine_that_goes_down_was_drained(fleet, told):
    downs = [(machine, down) for machine in fleet for down, _ in machine.down if not machine.control]
    assert len(downs) == 4
    for machine, down in downs:
        left = [pod for pod in told.pods if pod.machine is machine and pod.made <= down < pod.ends]
        assert {pod.workload.kind for pod in left} == {"DaemonSet"}


def test_machines_are_never_down_two_at_a_time(fleet):
    for t in range(0, SECONDS, MINUTE):
        assert sum(machine.there(t) and not machine.ready(t) for machine in fleet) <= 1


@pytest.mark.parametrize("workload", [one for one in WORKLOADS if one.kind == "StatefulSet"], ids=lambda one: one.name)
def test_a_stateful_set_lacks_one_pod_at_most(told, workload):
    assert min(count.ready - count.wanted for count in told.counts[workload]) == -1


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda one: one.name)
def test_every_rollout_is_done_within_the_hour(told, workload):
    for day in range(3):
        after = told.count(workload, day * DAY + 14 * HOUR)
        assert after.updated == after.wanted == after.ready


def test_a_leader_changes_only_as_it_stops_answering(fleet):
    lives = Lives(fleet)
    names = [f"192.0.2.{n}:2381" for n in (11, 12, 13)]
    silent = {name: lives.of("etcd", name).silent for name in names}
    led = [lives.leader("etcd", t) for t in range(0, SECONDS, MINUTE)]
    for place, (before, now) in enumerate(itertools.pairwise(led)):
        if before != now:
            since, until = place * MINUTE, (place + 1) * MINUTE
            assert any(since < down <= until for down, _ in silent[before[0]])
    assert led[-1][1] > 0


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """The samples of each series over one day, of the packs that watch machines and what runs on them."""
    path = tmp_path_factory.mktemp("days") / "spec.yaml"
    spec = spec_for("none", {}, None)
    del spec["environment"]["installation"]
    path.write_text(yaml.safe_dump({**spec, "kubernetes": dict.fromkeys(["kubelet", "etcd"])}))
    out = StringIO()
    write_days(compile_stack(path).stack, out, END, 1)
    held = {}
    for line in out.getvalue().splitlines()[:-1]:
        series, value, moment = line.rsplit(" ", 2)
        held.setdefault(series, []).append((int(moment), float(value)))
    return held


def test_every_series_runs_forward_in_time(samples):
    for points in samples.values():
        moments = [moment for moment, _ in points]
        assert moments == sorted(set(moments))


def test_counters_fall_only_where_their_target_started_anew(samples):
    falls = [
        (series_labels(series)["instance"], moment)
        for series, points in samples.items()
        if series.startswith("kubelet_") and "_bucket" in series
        for (_, before), (moment, after) in itertools.pairwise(points)
        if after < before
    ]
    assert falls
    starts = {(instance, moment) for instance, moment in falls}
    assert all(sum(one == instance for one, _ in starts) == 1 for instance, _ in starts)


def test_every_machine_has_its_kubelet(samples):
    kubelets = {series_labels(one)["instance"] for one in samples if one.startswith("kubelet_pleg_relist")}
    assert {f"192.0.2.{n}:10250" for n in (11, 12, 13, 21, 22, 23, 24, 25)} == kubelets


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--days", "3"], "--days needs --spec"),
        (["--days", "3", "--spec", "config/example.yaml", "--hours", "4"], "--hours does not go with --days"),
        (["--days", "3", "--spec", "config/example.yaml", "--fault", "NodeDown"], "--fault does not go with --days"),
    ],
)
def test_what_does_not_go_with_days_is_refused(tmp_path, given, said):
    done = CliRunner().invoke(command, [*given, "--out", str(tmp_path / "x.om")])
    assert (done.exit_code, said in done.output) == (2, True)
