"""The operator's kinds as strict JSON Schemas, from the models that cloudcoil makes of its CRDs."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from jsonschema_rs import Validator, validator_for

# Fields that came after the operator whose models are installed. An object is judged without them.
YOUNGER = {"AlertmanagerConfig": {"msteamsv2Configs"}}


@cache
def schema(version: str, kind: str) -> dict[str, Any]:
    """The kind's schema, which refuses every field that it does not name."""
    models = import_module(f"cloudcoil.models.prometheus_operator.{version}")
    found: dict[str, Any] = _strict(getattr(models, kind).model_json_schema())
    return found


def part(version: str, kind: str, *path: str) -> Validator:
    """What judges one part of such an object."""
    whole = schema(version, kind)
    found = whole
    for name in path:
        found = _resolved(found, whole)["properties"][name]
    return validator_for({**found, "$defs": whole["$defs"]})


def mistakes(body: dict[str, Any]) -> list[str]:
    """What the API server would refuse of this object."""
    version = body["apiVersion"].rpartition("/")[2]
    judged = _without(body, YOUNGER.get(body["kind"], set()))
    return errors(validator_for(schema(version, body["kind"])), judged)


def errors(validator: Validator, body: Any) -> list[str]:
    """What it refuses, each with its place."""
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(body)]


def _resolved(found: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    name = found.get("$ref", "").rpartition("/")[2]
    return whole["$defs"][name] if name else found


def _without(body: Any, names: set[str]) -> Any:
    if isinstance(body, list):
        return [_without(one, names) for one in body]
    if isinstance(body, dict):
        return {name: _without(value, names) for name, value in body.items() if name not in names}
    return body


def _strict(node: Any) -> Any:
    """The schema without what only the models add: that a field may be null, and that any other may stand beside."""
    if isinstance(node, list):
        return [_strict(one) for one in node]
    if not isinstance(node, dict):
        return node
    node = {name: _strict(value) for name, value in node.items()}
    if "properties" in node and isinstance(node["properties"], dict):
        node.setdefault("additionalProperties", False)
    stated = [one for one in node.pop("anyOf", []) if one != {"type": "null"}]
    return {**node, **stated[0]} if len(stated) == 1 else {**node, **({"anyOf": stated} if stated else {})}
