"""All the clusters of a spec: each under its own name, and one that fails leaves the others whole."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tests.faults.conftest import NEWEST, obsgen
from tests.faults.proxy import Answer, Proxy, marked

CONSENT = ("--allow-credentials-from-spec",)
SMALLEST = {
    "apiVersion": "obsgen.dev/v1",
    "kind": "MonitoringStack",
    "metadata": {"name": "small"},
    "environment": {"cluster": "here", "runbooks": {"base_url": "https://git.example.com/runbooks"}},
    "routing": {"default": "chat", "receivers": {"chat": {"webhook": {"url": "http://hooks.example.com/alerts"}}}},
}


@pytest.fixture
def spec(tmp_path):
    """Writes a spec with these clusters."""

    def written(clusters: dict) -> Path:
        body = {**SMALLEST, "capacity": {"clusters": clusters}}
        (tmp_path / "spec.yaml").write_text(json.dumps(body))
        return tmp_path / "spec.yaml"

    return written


def ask(spec, *options, **variables):
    moment = () if "--dry-run" in options else ("--at", str(NEWEST))
    return obsgen("capacity", "--spec", str(spec), "--format", "json", *moment, *options, **variables)


def named(figures, name):
    """The truth of the cluster 'demo' under another name."""
    renamed = json.dumps(figures).replace("cluster demo", f"cluster {name}").replace("node demo/", f"node {name}/")
    return json.loads(renamed.replace('"cluster": "demo"', f'"cluster": "{name}"'))


def part(report, name):
    """What a report says of one cluster."""
    said = {
        **report,
        **report["answers"],
        **{f"fitting {key}": value for key, value in report["answers"]["fits"].items()},
    }
    lists = {
        key: [one for one in value if one["cluster"] == name]
        for key, value in said.items()
        if isinstance(value, list) and key not in ("findings", "warnings")
    }
    about = (f"cluster {name}", f"node {name}/")
    return {**lists, "findings": [one for one in report["findings"] if one["about"].startswith(about)]}


def test_every_cluster_is_reported_under_the_specs_name(real, truth, spec):
    ended = ask(spec({"north": {"url": real}, "south": {"url": f"{real}/", "label": "demo"}}))
    assert ended.code == 0, ended.err
    for name in ("north", "south"):
        assert part(ended.figures, name) == part(named(truth, name), name)
    listed = part(ended.figures, "north")
    assert all(listed[key] for key in ("workloads", "teams", "losses", "recommendations", "fitting nodes"))
    assert [one["cluster"] for one in ended.report["clusters"]] == ["north", "south"]
    assert ended.report["warnings"] == []


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (Answer(503, b"no"), "answers 503 after 4 attempts"),
        (Answer(200, b"<html>", {"Content-Type": "text/html"}), "probably a login"),
        (Answer(200, b'{"status":"suc'), "broken JSON"),
    ],
)
def test_one_that_fails_is_named_with_its_cause_and_leaves_the_others_whole(real, truth, spec, answer, cause):
    with Proxy(real) as failing:
        failing.fault = lambda *_: answer
        ended = ask(spec({"north": {"url": failing.url}, "south": {"url": real}}))
    assert ended.code == 2
    assert part(ended.figures, "south") == part(named(truth, "south"), "south")
    (finding,) = part(ended.figures, "north")["findings"]
    assert finding["message"].startswith("no figures: ")
    assert cause in finding["message"]
    assert [one["cluster"] for one in ended.report["clusters"]] == ["south"]
    assert ended.err == "Error: 1 of 2 clusters are missing from the report: north\n"


def test_a_missing_cluster_weighs_more_than_a_grave_finding(real, spec):
    clusters = {"north": {"url": "http://127.0.0.1:1"}, "south": {"url": real}}
    assert ask(spec({"south": {"url": real}}), "--fail-on", "critical").code == 1
    assert ask(spec(clusters), "--fail-on", "critical").code == 2


def test_where_all_fail_there_is_no_report(spec):
    ended = ask(spec({"north": {"url": "http://127.0.0.1:1"}, "south": {"url": "http://127.0.0.1:2"}}))
    ended.is_error("no cluster gave any figures", "north: http://127.0.0.1:1", "south: http://127.0.0.1:2")


def test_a_partial_cluster_is_named_and_ends_with_two(proxy, real, truth, spec):
    proxy.fault = lambda passed, number, ask: marked(ask(), isPartial=True) if number == 4 else ask()
    clusters = {"north": {"url": proxy.url}, "south": {"url": real}}
    ended = ask(spec(clusters))
    assert ended.code == 2
    assert part(ended.figures, "north") == part(named(truth, "north"), "north")
    (warning,) = ended.report["warnings"]
    assert warning.startswith("cluster north: query '")
    assert "partial" in warning


def test_a_server_is_asked_by_two_at_most_whatever_the_number_of_its_clusters(proxy, truth, spec):
    proxy.fault = lambda passed, number, ask: Answer(200, ask().body, before=0.02)
    tenants = {name: {"url": proxy.url, "tenant": name} for name in ("a", "b", "c", "d", "e", "f")}
    ended = ask(spec(tenants), "--workers", "6")
    assert ended.code == 0, ended.err
    assert [one["cluster"] for one in ended.report["clusters"]] == list(tenants)
    assert proxy.most_at_once == 2
    assert {passed.headers["X-Scope-OrgID"] for passed in proxy.seen} == set(tenants)


def test_servers_are_asked_side_by_side(real, spec):
    meeting = threading.Barrier(2, timeout=30)

    def meet(passed, number, ask):
        """Nobody gets an answer before the other one asks."""
        if number == 1:
            meeting.wait()
        return ask()

    with Proxy(real) as first, Proxy(real) as second:
        first.fault = second.fault = meet
        ended = ask(spec({"north": {"url": first.url}, "south": {"url": second.url}}))
    assert ended.code == 0, ended.err


def test_each_is_entered_with_what_the_spec_says_and_nothing_of_the_others(proxy, real, truth, spec, tmp_path):
    (tmp_path / "token").write_text("from-file")
    with Proxy(real) as other, Proxy(real) as third:
        clusters = {
            "open": {"url": third.url},
            "north": {"url": proxy.url, "bearer_token_file": "token", "headers": {"X-Team": "a"}},
            "south": {"url": other.url, "bearer_token_env": "SOUTH"},
        }
        ended = ask(spec(clusters), *CONSENT, SOUTH="from-variable", OBSGEN_BEARER_TOKEN="for-one-server")
        assert ended.code == 0, ended.err
        assert {passed.headers["Authorization"] for passed in proxy.seen} == {"Bearer from-file"}
        assert {passed.headers["Authorization"] for passed in other.seen} == {"Bearer from-variable"}
        assert "X-Team" not in other.seen[0].headers
        assert "Authorization" not in third.seen[0].headers


def test_a_server_with_several_clusters_needs_the_label(tmp_path_factory, spec, real):
    two = {
        "status": "success",
        "data": {
            "resultType": "vector",
            "result": [{"metric": {"cluster": name, "node": "n"}, "value": [1, "1767615300"]} for name in ("x", "y")],
        },
    }
    with Proxy(real) as between:
        between.fault = lambda passed, number, ask: (
            ask() if passed.query == "time()" else Answer(200, json.dumps(two).encode())
        )
        ended = ask(spec({"north": {"url": between.url}}))
    ended.is_error("holds several clusters ('x', 'y'): choose one of them with `label`")


def test_a_label_that_nothing_carries_is_said(real, spec):
    ask(spec({"north": {"url": real, "label": "absent"}})).is_error('with cluster="absent"')


def test_options_for_one_server_are_refused_beside_a_list(spec, real):
    ended = ask(spec({"north": {"url": real}}), "--tenant", "a")
    assert ended.code == 2
    assert "under capacity.clusters: as options they go with --url" in ended.err


def test_an_address_on_the_command_line_goes_before_the_list(real, truth, spec):
    ended = ask(spec({"north": {"url": "http://127.0.0.1:1"}}), "--url", real)
    assert (ended.code, [one["cluster"] for one in ended.report["clusters"]]) == (0, ["demo"])


def test_a_dry_run_checks_the_files_of_each_and_asks_nothing(proxy, spec, tmp_path):
    path = spec({"north": {"url": proxy.url, "tenant": "a|b", "bearer_token_file": "token", "label": "x"}})
    missing = ask(path, *CONSENT, "--dry-run")
    missing.is_error(f"north: '{tmp_path / 'token'}' does not exist")
    (tmp_path / "token").write_text("secret-token")
    ended = ask(path, *CONSENT, "--dry-run")
    assert (ended.code, proxy.seen) == (0, [])
    assert ended.out.startswith(f"north: {proxy.url}/api/v1/query\n  entered with a bearer token from '{tmp_path}")
    assert 'tenant a|b, only cluster="x"' in ended.out
    assert "secret-token" not in ended.out


def test_explain_prints_the_queries_of_each_without_asking(spec):
    ended = ask(spec({"north": {"url": "http://127.0.0.1:1", "label": "x"}}), "--explain")
    assert ended.code == 0
    assert "## north, asked of http://127.0.0.1:1\n" in ended.out
    assert 'kube_node_status_allocatable{cluster="x"' in ended.out
    assert "# machine_history\n" in ended.out


def test_one_clusters_workload_is_supposed_and_a_workload_of_none_is_refused(real, spec):
    clusters = spec({"north": {"url": real}})
    ended = ask(clusters, "--what-if", "replicas of shop/web=10", "--fit", "cpu=1,memory=1Gi", "--namespace", "shop")
    assert ended.code == 0, ended.err
    assert [one["cluster"] for one in ended.report["answers"]["what_if"]] == ["north"]
    assert ended.report["answers"]["fits"]["pod"]["cpu"] == 1
    assert {one["namespace"] for one in ended.report["workloads"]} == {"shop"}
    refused = ask(clusters, "--what-if", "replicas of shop/nothing=1")
    assert (refused.code, refused.out) == (2, "")
    assert "'shop/nothing' has no pods on nodes" in refused.err
