"""Validation errors as diagnostics: what is wrong, at which place of the file, and what would be right."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from obsgen.diagnostics import Diagnosed, Diagnostic, did_you_mean
from obsgen.spec.source import Path_, Source

Model = TypeVar("Model", bound=BaseModel)

_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "list_type": "a list",
}


def validate(model: type[Model], source: Source) -> Model:
    """The source as the model; `Diagnosed` with every mistake, each at its own place."""
    try:
        return model.model_validate(source.content, by_alias=True, by_name=False)
    except ValidationError as error:
        found = error.errors(include_url=False)
    raise Diagnosed(_one_for_each_place(_diagnostic(model, source, details) for details in found))


def _one_for_each_place(diagnostics: Iterator[Diagnostic]) -> list[Diagnostic]:
    """A union reports each of its members; the first message for a place says enough."""
    first: dict[tuple[Any, str], Diagnostic] = {}
    for diagnostic in diagnostics:
        first.setdefault((diagnostic.location, diagnostic.code), diagnostic)
    return list(first.values())


def _diagnostic(  # noqa: PLR0911 - one return for each kind of mistake
    model: type[BaseModel], source: Source, details: ErrorDetails
) -> Diagnostic:
    path = _written_path(source.content, details["loc"])
    kind, given = details["type"], details.get("input")
    name = str(details["loc"][-1]) if details["loc"] else "the document"
    where = source.places.of(*path)
    match kind:
        case "missing":
            return Diagnostic("OBS110", f"field '{name}' is missing", where, _about(model, path, name))
        case "extra_forbidden":
            fields = _fields_at(model, path[:-1])
            known = did_you_mean(name, fields, noun="known fields")
            return Diagnostic("OBS111", f"unknown field '{name}'", source.places.of_key(*path), known)
        case "literal_error":
            choices = str(details["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            message = f"{_shown(given)} is none of {', '.join(choices)}"
            in_key = details["loc"][-1] == "[key]"
            place = source.places.of_key(*path) if in_key else where
            return Diagnostic("OBS112", message, place, did_you_mean(str(given), choices))
        case "string_pattern_mismatch":
            place = source.places.of_key(*path) if details["loc"][-1] == "[key]" else where
            message = f"{_shown(given)} does not have the form {details['ctx']['pattern']}"
            return Diagnostic("OBS113", message, place, _form_hint(str(details["ctx"]["pattern"])))
        case "value_error":
            return Diagnostic("OBS114", str(details["ctx"]["error"]), where)
        case _ if kind in _EXPECTED:
            hint = f"put it in quotes: '{given}'" if kind == "string_type" and not _is_tree(given) else None
            message = f"field '{_last_name(path)}' must be {_EXPECTED[kind]}, not {_shown(given)}"
            return Diagnostic("OBS115", message, where, hint)
        case _:
            return Diagnostic("OBS116", f"field '{_last_name(path)}': {details['msg']}", where)


def _written_path(content: Any, loc: Path_) -> Path_:
    """pydantic's location without the steps that name types and not keys."""
    path: list[str | int] = []
    for position, step in enumerate(loc):
        if isinstance(content, Mapping) and step in content:
            content = content[step]
        elif isinstance(content, list) and isinstance(step, int) and step < len(content):
            content = content[step]
        elif position < len(loc) - 1 or step == "[key]" or not isinstance(content, Mapping):
            continue
        path.append(step)
    return tuple(path)


def _last_name(path: Path_) -> str:
    names = [str(step) for step in path if isinstance(step, str)]
    return names[-1] if names else "the document"


def _is_tree(given: Any) -> bool:
    return isinstance(given, Mapping | list) or given is None


def _shown(given: Any) -> str:
    match given:
        case None:
            return "nothing"
        case True | False:
            return f"the boolean {str(given).lower()}"
        case Mapping():
            return "a mapping"
        case list():
            return "a list"
        case int() | float():
            return f"the number {given}"
    return f"'{given}'"


def _form_hint(pattern: str) -> str | None:
    if pattern.startswith("^[a-z0-9]([-a-z0-9]*"):
        return "use lower-case letters, digits and dashes, as in Kubernetes object names"
    if pattern.startswith("^[a-z][a-z0-9_]*"):
        return "use lower-case letters, digits and underscores"
    if pattern.startswith("^[A-Z]"):
        return "write alert names in CamelCase, such as NodeDown"
    if "/" in pattern:
        return "write <name of the Secret>/<key in it>"
    return None


def _about(model: type[BaseModel], path: Path_, name: str) -> str | None:
    parent = _model_at(model, path[:-1] if path and path[-1] == name else path)
    for alias, field in _named_fields(parent).items() if parent else ():
        if alias == name and field.description:
            return str(field.description)
    return None


def _fields_at(model: type[BaseModel], path: Path_) -> list[str]:
    found = _model_at(model, path)
    return list(_named_fields(found)) if found else []


def _named_fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_at(annotation: Any, path: Path_) -> type[BaseModel] | None:
    """The model that the value at this path is read with, following fields, mappings and lists."""
    for candidate in _members(annotation):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            if not path:
                return candidate
            field = _named_fields(candidate).get(str(path[0]))
            return _model_at(field.annotation, path[1:]) if field else None
        if get_origin(candidate) in (dict, list, tuple) and path:
            return _model_at(get_args(candidate)[-1], path[1:])
    return None


def _members(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield from _members(get_args(annotation)[0])
    elif get_origin(annotation) in (typing.Union, types.UnionType):
        for member in get_args(annotation):
            yield from _members(member)
    else:
        yield annotation
