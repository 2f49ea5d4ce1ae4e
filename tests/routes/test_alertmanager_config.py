"""An AlertmanagerConfig, merged as the operator merges it, tells whom the Secret tells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from obsgen.diagnostics import Diagnosed
from obsgen.document import yaml_text
from obsgen.emit.alertmanager import configuration
from obsgen.emit.notifications import BESIDE_CONFIGURATION
from obsgen.emit.operator import KUSTOMIZATION
from obsgen.lower.names import WATCHDOG
from obsgen.pipeline import Compiled, compile_stack, documents
from obsgen.programs.checkers import Tool
from obsgen.spec.root import SpecFile
from tests.routes.conftest import ROOT, Told
from tests.routes.merged import SECRET, Body, merged
from tests.schemas import operator

ROUTE = ("v1alpha1", "AlertmanagerConfig", "spec", "route")

# The least that an Alertmanager takes, and what kube-prometheus gives it: receivers that send nowhere.
LEAST: Body = {"route": {"receiver": "null"}, "receivers": [{"name": "null"}]}
USUAL: Body = {
    "route": {
        "receiver": "Default",
        "group_by": ["namespace"],
        "routes": [
            {"matchers": ["alertname = Watchdog"], "receiver": "Watchdog"},
            {"matchers": ["severity = critical"], "receiver": "Critical"},
        ],
    },
    "inhibit_rules": [
        {"source_matchers": ["severity = critical"], "target_matchers": ["severity = warning"], "equal": ["namespace"]}
    ],
    "receivers": [{"name": "Default"}, {"name": "Watchdog"}, {"name": "Critical"}],
}
OVERLAY = {
    # Its teams' zones have no place in the object; everything else of it has.
    "production": {"hours": {"shanghai": {"time_zone": "UTC"}, "berlin": {"time_zone": "UTC"}}},
}


GOLDEN = ROOT / "tests" / "golden" / "cases"
SPECS = {
    "example": ROOT / "config" / "example.yaml",
    "production": ROOT / "config" / "production.yaml",
    "queue": GOLDEN / "queue" / "spec.yaml",
}


def chosen(name: str, folder: Path, routing: Mapping[str, Any]) -> SpecFile:
    """The spec, delivered as an AlertmanagerConfig."""
    spec = {
        "extends": [str(SPECS[name])],
        "environment": {"alertmanager": {"delivery": "alertmanagerconfig", "matcher_strategy": "None"}},
        "routing": routing,
    }
    path = folder / "spec.yaml"
    path.write_text(yaml.safe_dump(spec))
    return SpecFile(path, Path("/"))


@pytest.fixture(scope="module", params=[*SPECS, "every kind"])
def compiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    if request.param == "every kind":
        return compile_stack(SpecFile(GOLDEN / "alertmanagerconfig" / "spec.yaml", GOLDEN))
    return compile_stack(chosen(request.param, tmp_path_factory.mktemp("spec"), OVERLAY.get(request.param, {})))


def test_production_as_it_is_is_refused_for_its_zones(tmp_path: Path) -> None:
    compiled = compile_stack(chosen("production", tmp_path, {}))
    with pytest.raises(Diagnosed) as caught:
        documents(compiled)
    assert {(one.code, one.message.split("'")[1]) for one in caught.value.diagnostics} == {
        ("OBS491", "shanghai"),
        ("OBS491", "berlin"),
    }


@pytest.fixture(scope="module")
def objects(compiled: Compiled) -> Mapping[str, Body]:
    return {one.path: yaml.safe_load(one.text) for one in documents(compiled) if one.path.endswith(".yaml")}


@pytest.fixture(scope="module")
def kustomization(compiled: Compiled) -> Body:
    return next(yaml.safe_load(one.text) for one in documents(compiled) if one.path == KUSTOMIZATION)


@pytest.fixture(scope="module")
def config(objects: Mapping[str, Body]) -> Body:
    (found,) = (body for body in objects.values() if body["kind"] == "AlertmanagerConfig")
    return found


@pytest.fixture(scope="module")
def secret(compiled: Compiled) -> dict[str, Any]:
    """The same routing as Alertmanager's own configuration."""
    assert compiled.bundle.routing
    return configuration(compiled.bundle.routing, compiled.stack.environment.alertmanager, BESIDE_CONFIGURATION)


def merge(config: Body, main: Body = LEAST, strategy: str = "None", namespace: str = "monitoring") -> dict[str, Any]:
    return merged(main, [config], strategy=strategy, namespace=namespace)


def prefix(config: Body) -> str:
    return f"{config['metadata']['namespace']}/{config['metadata']['name']}/"


def unprefixed(config: Body, tree: Body) -> Any:
    return json.loads(json.dumps(tree).replace(prefix(config), ""))


def test_the_object_takes_the_place_of_the_secret(
    objects: Mapping[str, Body], kustomization: Body, config: Body, compiled: Compiled
) -> None:
    environment = compiled.stack.environment
    assert all(body["kind"] != "Secret" for body in objects.values())
    assert config["metadata"]["namespace"] == (environment.alertmanager.namespace or environment.prometheus.namespace)
    path = next(path for path, body in objects.items() if body is config)
    assert path in kustomization["resources"]


def test_the_object_says_what_the_alertmanager_must_say(config: Body, compiled: Compiled) -> None:
    target = compiled.stack.environment.alertmanager
    needs = json.loads(config["metadata"]["annotations"]["obsgen.dev/alertmanager-needs"])["spec"]
    assert needs["alertmanagerConfigMatcherStrategy"] == {"type": target.matcher_strategy}
    assert needs["alertmanagerConfigSelector"].get("matchLabels", {}) == target.selector_labels
    assert target.selector_labels.items() <= config["metadata"]["labels"].items()


def test_the_api_server_takes_the_object_and_every_nested_route(config: Body) -> None:
    assert operator.mistakes(config) == []
    # The API server looks no further than the first route; the operator does.
    route = operator.part(*ROUTE)
    nested = list(config["spec"]["route"]["routes"])
    for one in nested:
        assert operator.errors(route, one) == []
        nested += one.get("routes", [])
    assert len(nested) > len(config["spec"]["route"]["routes"])


def test_a_wrong_field_of_a_nested_route_would_be_found() -> None:
    assert not operator.part(*ROUTE).is_valid({"receiver": "team", "group_by": ["cluster"]})


def test_merging_gives_the_secrets_own_tree_below_a_route_that_continues(config: Body, secret: dict[str, Any]) -> None:
    tree = unprefixed(config, merge(config))
    (first,) = tree["route"]["routes"]
    assert first == {**secret["route"], "continue": True}
    assert tree["inhibit_rules"] == secret["inhibit_rules"]
    assert tree["mute_time_intervals"] == secret.get("time_intervals", [])


def test_receivers_say_the_same_and_read_the_same_secrets(config: Body, secret: dict[str, Any]) -> None:
    _, *receivers = unprefixed(config, merge(config))["receivers"]
    read: set[str] = set()
    assert _bare(receivers) == _with_secrets(secret["receivers"], read)
    assert read
    assert {f"{one['name']}/{one['key']}" for one in _selectors(config["spec"])} == read


def _bare(body: Any) -> Any:
    """The body without the definitions before its texts."""
    if isinstance(body, str):
        return body[body.rindex("{{ template") :] if body.startswith("{{define ") else body
    if isinstance(body, list):
        return [_bare(one) for one in body]
    return {field: _bare(value) for field, value in body.items()} if isinstance(body, dict) else body


def _with_secrets(body: Any, read: set[str]) -> Any:
    """The body with each file of a secret replaced by what the operator writes in its place."""
    if isinstance(body, list):
        return [_with_secrets(one, read) for one in body]
    if not isinstance(body, dict):
        return body
    files = {field: path for field, path in body.items() if field.endswith("_file")}
    read.update(path.removeprefix("/etc/alertmanager/secrets/") for path in files.values())
    # What is empty is left out: the API server refuses it, and to Alertmanager it means the same.
    rest = {field: _with_secrets(value, read) for field, value in body.items() if field not in files and value != ""}
    return {**rest, **{field.removesuffix("_file"): SECRET for field in files}}


def _selectors(body: Any) -> list[Body]:
    if isinstance(body, list):
        return [found for one in body for found in _selectors(one)]
    if not isinstance(body, dict):
        return []
    return [body] if body.keys() == {"name", "key"} else _selectors(list(body.values()))


@pytest.mark.parametrize("main", [LEAST, USUAL], ids=["least", "usual"])
def test_amtool_takes_the_merged_configuration(
    config: Body, compiled: Compiled, main: Body, amtool: Tool, tmp_path: Path
) -> None:
    needed = compiled.stack.environment.alertmanager.version
    if amtool.version < needed:
        pytest.skip(f"amtool {amtool.version} does not know all fields of {needed}")
    (tmp_path / "alertmanager.yaml").write_text(yaml_text(merge(config, main)))
    done = amtool.run("check-config", "alertmanager.yaml", folder=tmp_path)
    assert done.code == 0, done.output


@pytest.mark.parametrize(
    ("strategy", "namespace"),
    [("None", "elsewhere"), ("OnNamespaceExceptForAlertmanagerNamespace", None)],
    ids=["none", "except Alertmanager's own"],
)
def test_every_alert_reaches_whom_the_secret_tells(
    config: Body, compiled: Compiled, told: Told, strategy: str, namespace: str | None
) -> None:
    tests = compiled.bundle.route_tests
    answers = told(
        merge(config, LEAST, strategy, namespace or config["metadata"]["namespace"]), [one.labels for one in tests]
    )
    wanted = [tuple(prefix(config) + name for name in one.receivers) for one in tests]
    assert tests
    heard = any(one.labels["alertname"] == WATCHDOG for one in tests)
    assert heard == (compiled.stack.routing.watchdog is not None)
    assert answers == wanted


def test_routes_of_the_main_configuration_hear_after_it(config: Body, compiled: Compiled, told: Told) -> None:
    tests = [one for one in compiled.bundle.route_tests if one.labels.get("severity") == "critical"][:5]
    answers = told(merge(config, USUAL), [one.labels for one in tests])
    assert tests
    assert answers == [(*(prefix(config) + name for name in one.receivers), "Critical") for one in tests]


def test_on_namespace_would_lose_whatever_is_of_another_namespace(config: Body, compiled: Compiled, told: Told) -> None:
    own = config["metadata"]["namespace"]
    # The monitoring's own alerts are of this namespace and would be kept.
    labels = [one.labels for one in compiled.bundle.route_tests if one.labels.get("namespace") != own][:10]
    assert labels
    assert set(told(merge(config, LEAST, "OnNamespace"), labels)) == {("null",)}


def test_an_alertmanager_elsewhere_would_need_the_strategy_none(config: Body, compiled: Compiled, told: Told) -> None:
    labels = [one.labels for one in compiled.bundle.route_tests][:3]
    tree = merge(config, LEAST, "OnNamespaceExceptForAlertmanagerNamespace", "elsewhere")
    assert set(told(tree, labels)) == {("null",)}


def test_the_secret_form_is_left_as_it_was(compiled: Compiled) -> None:
    target = compiled.stack.environment.alertmanager.model_copy(update={"delivery": "secret"})
    environment = compiled.stack.environment.model_copy(update={"alertmanager": target})
    as_secret = replace(compiled, stack=replace(compiled.stack, environment=environment))
    kinds = [yaml.safe_load(one.text).get("kind") for one in documents(as_secret) if one.path.endswith(".yaml")]
    assert "Secret" in kinds
    assert "AlertmanagerConfig" not in kinds
