"""`obsgen packs` with a distribution, an installation or `--jobs`: what differs from the packs, and what is scraped."""

from __future__ import annotations

import json

from click.testing import CliRunner

from obsgen.cli import main


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["packs", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def line(output: str, start: str) -> str:
    return next(one.strip() for one in output.splitlines() if one.strip().startswith(start))


def test_what_is_left_out_stands_there_with_the_reason():
    assert "kube-dns or Cloud DNS answers instead" in line(printed("--distribution", "gke"), "coredns")


def test_what_is_normal_stands_beside_what_else_is():
    changed = line(printed("--distribution", "openshift"), "certificates  kubelets_expire_within")
    assert "critical 12h, warning 2d  (else critical 2d, warning 14d)" in changed


def test_a_source_in_the_series_of_another_says_so():
    assert line(printed("--distribution", "k3s"), "kube_proxy").endswith("in the series of kubelet")


def test_a_job_is_told_with_what_the_distribution_leaves_as_it_is():
    told = line(printed("--distribution", "rke2"), "kube_scheduler")
    assert told.endswith("pods component=kube-scheduler in kube-system, port metrics, https /metrics")


def test_a_distribution_that_changes_nothing_says_so():
    assert "Nothing is other than the packs say." in printed("--distribution", "kubeadm")


def test_the_forms_say_the_same():
    (body,) = json.loads(printed("--distribution", "k3s", "--format", "json"))
    assert body["sources"]["kube_scheduler"]["same_as"] == "apiserver"
    assert {"pack": "coredns", "name": "instances", "usual": "2", "here": "1"} in body["normal"]
    assert list(body["left_out"]) == ["etcd"]


def test_distribution_and_installation_stand_one_below_the_other():
    found = json.loads(printed("--distribution", "eks", "--installation", "none", "--format", "json"))
    assert [one["name"] for one in found] == ["eks", "none"]


def test_a_pack_shows_its_own_jobs_and_those_of_the_sources_it_reads():
    jobs = {one["job"]: one for one in json.loads(printed("kubelet", "--format", "json"))["scrape"]}
    assert set(jobs) == {"apiserver", "kubelet", "cadvisor", "kube-state-metrics"}
    assert jobs["cadvisor"]["path"] == "/metrics/cadvisor"
    assert jobs["kubelet"]["port"] == "https-metrics"
    assert "cadvisor: Services app.kubernetes.io/name=kubelet in kube-system, port https-metrics" in printed("kubelet")


def test_all_jobs_are_those_of_the_packs():
    every = json.loads(printed("--jobs", "--format", "json"))
    assert every["kubelet"] == json.loads(printed("kubelet", "--format", "json"))["scrape"]
    assert len(printed("--jobs").splitlines()) == sum(map(len, every.values()))


def test_two_questions_at_once_are_refused():
    result = CliRunner().invoke(main, ["packs", "etcd", "--distribution", "eks"])
    assert result.exit_code == 2
