"""Validation errors as diagnostics: what is wrong, at which place of the file, and what would be right."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from obsgen.diagnostics import Diagnosed, Diagnostic, Location, did_you_mean
from obsgen.limits import MISTAKES
from obsgen.secrecy.places import grade_of
from obsgen.secrecy.values import HIDDEN
from obsgen.spec.described import described
from obsgen.spec.matchers_hint import matchers_hint
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
_BOUNDS = {
    "greater_than": "be more than {gt:g}",
    "greater_than_equal": "be at least {ge:g}",
    "less_than": "be less than {lt:g}",
    "less_than_equal": "be at most {le:g}",
    "too_short": "have at least {min_length} entries",
    "too_long": "have at most {max_length} entries",
    "too_brief": "be at least {least}",
    "too_lasting": "be at most {most}",
    "string_too_short": "have at least {min_length} characters",
    "string_too_long": "have at most {max_length} characters",
}
_PORT = (
    "name it in the Service or the pod, such as `ports: [{name: metrics, port: 9090}]`, and write port: metrics; "
    'or scrape fixed addresses: targets: ["<host>:<port>"]'
)
_OF_TIME = ("too_brief", "too_lasting")
# A part of the pattern, and the pattern in words.
_FORMS = {
    "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$": "a label's key has at most 63 letters, digits, -, _ and .",
    "A-Za-z0-9_.]*[A-Za-z0-9])?)?$": "a label's value has letters, digits, -, _ and ., the last a letter or digit",
    "/[-._a-zA-Z0-9]{": "write <name of the Secret>/<key in it>; the secret itself never stands in a spec",
    r"(\.[a-z0-9]": "use lower-case letters, digits, dashes and dots, as in Kubernetes object names",
    "^[a-z0-9]([-a-z0-9]*": "use lower-case letters, digits and dashes, as in Kubernetes object names",
    "^[a-z][a-z0-9_]*": "use lower-case letters, digits and underscores",
    "^[A-Z]": "write alert names in CamelCase, such as NodeDown",
    "(:": "name it level:metric:operations, such as cluster:cpu_used:ratio",
    "^[a-zA-Z_][a-zA-Z0-9_]*$": "use letters, digits and underscores, as in Prometheus' label names",
}


def mapping_of(source: Source, kind: str, hint: str) -> Mapping[str, Any]:
    """The document's mapping; `Diagnosed` where it is empty or something else. `kind` says what it should be."""
    if isinstance(source.content, Mapping):
        return source.content
    found = "text" if isinstance(source.content, str) else described(source.content)
    # It may be any file: nothing that stands in it is shown.
    where = replace(source.places.root, source_line="")
    raise Diagnosed([Diagnostic("OBS106", f"{kind} is a mapping, and here is {found}", where, hint)])


def validate(model: type[Model], source: Source) -> Model:
    """The source as the model; `Diagnosed` with every mistake, each at its own place."""
    try:
        return model.model_validate(source.content, by_alias=True, by_name=False)
    except ValidationError as error:
        found = [_Mistake.of(model, source, details) for details in error.errors(include_url=False)]
    mistakes = sorted(_one_for_each_path(found), key=lambda mistake: mistake.where)
    raise Diagnosed((one.diagnostic() for one in mistakes[:MISTAKES]), more=max(0, len(mistakes) - MISTAKES))


def _one_for_each_path(found: list[_Mistake]) -> Iterator[_Mistake]:
    """A union reports each of its members: the first says enough, and the inmost path says most."""
    first: dict[Path_, _Mistake] = {}
    for mistake in found:
        first.setdefault((*mistake.path, "[key]") if mistake.in_key else mistake.path, mistake)
    around = {path[:length] for path in first for length in range(len(path))}
    return (mistake for path, mistake in first.items() if path not in around)


@dataclass(frozen=True, slots=True)
class _Mistake:
    """One of pydantic's errors with the path that a person wrote."""

    model: type[BaseModel]
    source: Source
    path: Path_
    in_key: bool
    details: ErrorDetails

    @classmethod
    def of(cls, model: type[BaseModel], source: Source, details: ErrorDetails) -> _Mistake:
        loc = details["loc"]
        return cls(model, source, _written_path(source.content, details), loc[-1:] == ("[key]",), details)

    @property
    def where(self) -> Location:
        places = self.source.places
        named = self.in_key or self.details["type"] == "extra_forbidden"
        return places.of_key(*self.path) if named else places.of(*self.path)

    @property
    def given(self) -> Any:
        given = self.details.get("input")
        # Of a text, messages leave the secret out by its spelling; a number may have been spelled otherwise.
        number = isinstance(given, int | float) and not isinstance(given, bool)
        return HIDDEN if number and grade_of(self.path) else given

    def diagnostic(self) -> Diagnostic:
        code, message, hint = self._told()
        return Diagnostic(code, message, self.where, hint)

    def _told(self) -> tuple[str, str, str | None]:  # noqa: PLR0911 - one return for each kind of mistake
        """Code, message and hint."""
        context, name = self.details.get("ctx", {}), str(self.path[-1]) if self.path else ""
        match self.details["type"]:
            case "missing":
                inside = f" from '{_last_name(self.path[:-1])}'" if len(self.path) > 1 else ""
                return "OBS110", f"field '{name}' is missing{inside}", _about(self.model, self.path, name)
            case "extra_forbidden":
                known = did_you_mean(name, _fields_at(self.model, self.path[:-1]), noun="known fields")
                return "OBS111", f"unknown field '{name}'", known
            case "literal_error":
                return "OBS112", *_choice(self.given, str(context["expected"]))
            case "string_pattern_mismatch":
                pattern = str(context["pattern"])
                return "OBS113", f"{described(self.given)} does not have the form {pattern}", _form_hint(pattern)
            case "value_error":
                return "OBS114", self._refusal(str(context["error"])), None
            case "port_number":
                return "OBS272", f"field '{name}' takes the name of a port, not its number {self.given}", _PORT
            case "no_reason":
                return "OBS636", f"{described(self.given)} is no reason: field '{name}' says why", _in_words(name)
            case kind if kind in _EXPECTED:
                message = f"field '{_last_name(self.path)}' must be {_EXPECTED[kind]}, not {described(self.given)}"
                return "OBS115", message, matchers_hint(kind, self.path, self.given) or _type_hint(kind, self.given)
            case kind:
                return "OBS116", f"field '{_last_name(self.path)}' {self._bound(kind)}", None

    def _refusal(self, message: str) -> str:
        """The value's own complaint, in YAML's words and not in Python's."""
        foreign = isinstance(self.given, bool | Mapping | list)
        return message.replace(repr(self.given), described(self.given), 1) if foreign else message

    def _bound(self, kind: str) -> str:
        if kind not in _BOUNDS:
            return f"is refused: {self.details['msg']}"
        counted = isinstance(self.given, str | list) and kind not in _OF_TIME
        given = len(self.given) if counted else self.given
        return f"must {_BOUNDS[kind].format(**self.details['ctx'])}, not {given}"


def _choice(given: Any, expected: str) -> tuple[str, str | None]:
    choices = expected.replace("'", "").replace(" or ", ", ").split(", ")
    near = did_you_mean(str(given), choices)
    # All choices stand in the message; the hint is for the one that was meant.
    return f"{described(given)} is none of {', '.join(choices)}", near if near.startswith("did") else None


def _in_words(name: str) -> str:
    return f"write it in words, such as '{name}: the provider runs it'; to say nothing of the kind, take the line out"


def _type_hint(kind: str, given: Any) -> str | None:
    if kind == "string_type" and not _is_tree(given):
        return f"put it in quotes: '{str(given).lower() if isinstance(given, bool) else given}'"
    if kind == "list_type" and not _is_tree(given):
        return f"write a list of one: [{given}]"
    if kind in ("bool_type", "int_type", "float_type") and isinstance(given, str):
        return "write it without quotes"
    return None


def _written_path(content: Any, details: ErrorDetails) -> Path_:
    """pydantic's location without the steps that name types and not keys."""
    path: list[str | int] = []
    for step in details["loc"]:
        key = isinstance(content, Mapping) and step in content
        index = isinstance(content, list) and isinstance(step, int) and step < len(content)
        if key or index:
            content = content[step]
            path.append(step)
    return (*path, details["loc"][-1]) if details["type"] == "missing" else tuple(path)


def _last_name(path: Path_) -> str:
    names = [str(step) for step in path if isinstance(step, str)]
    return names[-1] if names else "the document"


def _is_tree(given: Any) -> bool:
    return isinstance(given, Mapping | list) or given is None


def _form_hint(pattern: str) -> str | None:
    return next((hint for part, hint in _FORMS.items() if part in pattern), None)


def _about(model: type[BaseModel], path: Path_, name: str) -> str | None:
    parent = _model_at(model, path[:-1] if path and path[-1] == name else path)
    field = _named_fields(parent).get(name) if parent else None
    if field and get_origin(field.annotation) is Literal:
        return f"write {name}: {' or '.join(get_args(field.annotation))}"
    return field.description if field else None


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
