"""Receivers in the form of an AlertmanagerConfig: Alertmanager's own, spelled otherwise, with secrets by their name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from obsgen.emit.definitions import self_contained
from obsgen.emit.receivers import receiver_body as own_body
from obsgen.spec.receivers import ReceiverSpec, WaySpec
from obsgen.spec.stack import AlertmanagerSpec

Body = dict[str, Any]

# Where the object's spelling is not that of Alertmanager without its underscores.
_SPELLED: Final = {
    "agent_id": "agentID",
    "api_url": "apiURL",
    "corp_id": "corpID",
    "links": "pagerDutyLinkConfigs",
    "require_tls": "requireTLS",
    "webhook_url": "webhookURL",
}
_SPELLED_IN: Final = {
    ("webhook_configs", "url_file"): "urlSecret",
    ("msteams_configs", "webhook_url_file"): "webhookUrl",
    ("links", "text"): "alt",
}
# Mappings from names that anybody may choose, which the object lists as pairs.
_PAIRS: Final = ("details", "headers")
# What the object has no field for, or, as with Teams' address, only one for a secret.
_UNCARRIED: Final = {
    ("webhook_configs", "payload"),
    ("msteams_configs", "webhook_url"),
    ("msteamsv2_configs", "webhook_url"),
}


def receiver_body(spec: ReceiverSpec, target: AlertmanagerSpec) -> Body:
    """One receiver's ways of sending, of which none is uncarried."""
    return {_camel(kind): [_converted(kind, one) for one in bodies] for kind, bodies in _own(spec, target).items()}


def uncarried(kind: str, way: WaySpec, target: AlertmanagerSpec) -> Iterator[str]:
    """The fields, as Alertmanager calls them, by which this way cannot be written as an AlertmanagerConfig."""
    only: dict[str, Any] = {kind: way}
    alone = ReceiverSpec.model_construct(**only)
    for form, bodies in _own(alone, target).items():
        yield from (field for body in bodies for field in body if (form, field) in _UNCARRIED)


def _own(spec: ReceiverSpec, target: AlertmanagerSpec) -> dict[str, Any]:
    """Alertmanager's own form, in which the path of a secret is no more than its reference."""
    return own_body(spec, target.model_copy(update={"secrets_folder": ""}))


def _converted(kind: str, body: Mapping[str, Any]) -> Body:
    # The API server refuses a text that is empty; left out it means the same.
    given = {field: value for field, value in body.items() if value != ""}
    return {_spelled(kind, field): _value(field, value) for field, value in given.items()}


def _spelled(kind: str, field: str) -> str:
    plain = field.removesuffix("_file")
    return _SPELLED_IN.get((kind, field)) or _SPELLED.get(plain) or _camel(plain)


def _value(field: str, value: Any) -> Any:
    if field.endswith("_file"):
        name, _, key = value.removeprefix("/").partition("/")
        return {"name": name, "key": key}
    if field in _PAIRS:
        return [{"key": key, "value": self_contained(text)} for key, text in value.items()]
    if isinstance(value, dict):
        return _converted(field, value)
    if isinstance(value, list):
        return [_converted(field, one) for one in value]
    return self_contained(value) if isinstance(value, str) else value


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)
