"""Grafana's kinds as strict JSON Schemas, from the types of its own Foundation SDK."""

from __future__ import annotations

import ast
import enum
import inspect
import types
import typing
import warnings
from functools import cache
from importlib import import_module
from textwrap import dedent
from typing import Any

MODELS = "grafana_foundation_sdk.models"
_SIMPLE = {str: "string", bool: "boolean", int: "integer", float: "number"}


@cache
def module(name: str) -> types.ModuleType:
    """One module of the SDK's types."""
    with warnings.catch_warnings():
        # The SDK warns of a form as soon as there is a newer one, and both are emitted.
        warnings.simplefilter("ignore", DeprecationWarning)
        return import_module(f"{MODELS}.{name}")


def schema(of: str, kind: str) -> dict[str, Any]:
    """The kind's schema with all that it refers to; it refuses every field that it does not name."""
    definitions: dict[str, Any] = {}
    return {**_reference(getattr(module(of), kind), definitions), "definitions": definitions}


def units() -> set[str]:
    """The names of Grafana's units."""
    return {value for value in vars(module("units")).values() if isinstance(value, str)}


def _reference(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind.__name__ not in definitions:
        # First the name, for a type that holds itself.
        definitions[kind.__name__] = {}
        definitions[kind.__name__] |= _object(kind, definitions)
    return {"$ref": f"#/definitions/{kind.__name__}"}


def _object(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    always, sometimes = _fields(kind)
    required = {name: _type(hints[attribute], definitions) for name, attribute in always.items()}
    optional = {name: _stated(_type(hints[attribute], definitions)) for name, attribute in sometimes.items()}
    return {
        "type": "object",
        "properties": required | optional,
        "required": sorted(required),
        "additionalProperties": False,
    }


def _fields(kind: type) -> tuple[dict[str, str], dict[str, str]]:
    """The fields that `to_json` always writes and those that it writes where they are set, with their attributes."""
    always, sometimes = {}, {}
    for node in ast.walk(ast.parse(dedent(inspect.getsource(kind.to_json)))):
        match node:
            case ast.Dict(keys=keys, values=values):
                always |= {key.value: value.attr for key, value in zip(keys, values, strict=True)}
            case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value=name))], value=ast.Attribute(attr=held)):
                sometimes[name] = held
    return always, sometimes


def _stated(schema: dict[str, Any]) -> dict[str, Any]:
    """A field that may be left out is left out, and not null."""
    return {"anyOf": [one for one in schema["anyOf"] if one != {"type": "null"}]} if "anyOf" in schema else schema


def _type(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    match typing.get_origin(hint), typing.get_args(hint):
        case typing.Union, members:
            return {"anyOf": [_type(one, definitions) for one in members]}
        case typing.Literal, values:
            return {"enum": list(values)}
        case origin, (inner,) if origin is list:
            return {"type": "array", "items": _type(inner, definitions)}
        case origin, (_, inner) if origin is dict:
            return {"type": "object", "additionalProperties": _type(inner, definitions)}
    return _named(hint, definitions)


def _named(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if hint is types.NoneType:
        return {"type": "null"}
    if hint in _SIMPLE:
        return {"type": _SIMPLE[hint]}
    if issubclass(hint, enum.Enum):
        return {"enum": [one.value for one in hint]}
    # What a plugin brings has a base class without fields, and is judged by the plugin's own types.
    return _reference(hint, definitions) if hasattr(hint, "from_json") else {}
