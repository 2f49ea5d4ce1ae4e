"""What the operator makes of AlertmanagerConfigs: the documented merge into the main configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from obsgen.promql.matcher import Matcher

Body = Mapping[str, Any]
# What a Secret holds, asked for as `<secret>/<key>`.
Secrets = Callable[[str], str]

# What stands in place of a secret's content; it is an address too, for secrets that hold one.
SECRET = "http://127.0.0.1/"


def unread(reference: str) -> str:
    """The same for every Secret."""
    del reference
    return SECRET


def merged(
    main: Body, configs: Sequence[Body], *, strategy: str, namespace: str, secrets: Secrets = unread
) -> dict[str, Any]:
    """`alertmanager.yaml` of an Alertmanager in this namespace, which selects these objects by this strategy."""
    found = [_read(one, strategy, namespace, secrets) for one in sorted(configs, key=_identity)]
    lists = ("inhibit_rules", "receivers", "mute_time_intervals")
    root = dict(main["route"])
    root["routes"] = [*(one["route"] for one in found), *root.get("routes", ())]
    together = {name: [*main.get(name, ()), *(entry for one in found for entry in one[name])] for name in lists}
    return {**main, **together, "route": root}


def _identity(config: Body) -> tuple[str, str]:
    return config["metadata"]["namespace"], config["metadata"]["name"]


def _read(config: Body, strategy: str, namespace: str, secrets: Secrets) -> dict[str, Any]:
    own = config["metadata"]["namespace"]
    free = strategy == "None" or (strategy == "OnNamespaceExceptForAlertmanagerNamespace" and own == namespace)
    forced = [] if free else [str(Matcher("namespace", "=", own))]
    prefix = "/".join((*_identity(config), ""))
    spec = config["spec"]
    first = _route(spec["route"], prefix)
    first["continue"] = True
    if forced:
        first["matchers"] = [*first.get("matchers", ()), *forced]
    return {
        "route": first,
        "inhibit_rules": [_inhibition(one, forced) for one in spec.get("inhibitRules", ())],
        "receivers": [_receiver(one, prefix, secrets) for one in spec["receivers"]],
        "mute_time_intervals": [_interval(one, prefix) for one in spec.get("muteTimeIntervals", ())],
    }


def _route(route: Body, prefix: str) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for field, value in route.items():
        match field:
            case "matchers":
                body[field] = _matchers(value)
            case "routes":
                body[field] = [_route(child, prefix) for child in value]
            case "receiver":
                body[field] = prefix + value
            case "activeTimeIntervals" | "muteTimeIntervals":
                body[snake(field)] = [prefix + name for name in value]
            case _ if value != []:  # Empty lists are left out when the operator writes its file.
                body[snake(field)] = value
    return body


def _matchers(written: Sequence[Body]) -> list[str]:
    return [str(Matcher(one["name"], one["matchType"], one["value"])) for one in written]


def _inhibition(rule: Body, forced: list[str]) -> dict[str, Any]:
    return {
        "source_matchers": [*_matchers(rule["sourceMatch"]), *forced],
        "target_matchers": [*_matchers(rule["targetMatch"]), *forced],
        "equal": rule["equal"],
    }


def _interval(interval: Body, prefix: str) -> dict[str, Any]:
    return {"name": prefix + interval["name"], "time_intervals": list(_spans(interval["timeIntervals"]))}


def _spans(written: Sequence[Body]) -> Iterator[dict[str, Any]]:
    for span in written:
        body = {snake(field): value for field, value in span.items()}
        if "times" in body:
            body["times"] = [{snake(end): minute for end, minute in one.items()} for one in body["times"]]
        if "days_of_month" in body:
            ends = ((str(one["start"]), str(one["end"])) for one in body["days_of_month"])
            body["days_of_month"] = [start if start == end else f"{start}:{end}" for start, end in ends]
        yield body


def _receiver(receiver: Body, prefix: str, secrets: Secrets) -> dict[str, Any]:
    ways = {snake(field): [_way(one, secrets) for one in value] for field, value in receiver.items() if field != "name"}
    return {"name": prefix + receiver["name"], **ways}


def _way(written: Body, secrets: Secrets) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for field, value in written.items():
        name = _RENAMED.get(field, snake(field))
        if field in ("details", "headers"):
            body[name] = {one["key"]: one["value"] for one in value}
        elif isinstance(value, list):
            body[name] = [_way(one, secrets) for one in value]
        elif isinstance(value, dict) and value.keys() == {"name", "key"}:
            body[name] = secrets(f"{value['name']}/{value['key']}")
        elif isinstance(value, dict):
            body[name] = _way(value, secrets)
        else:
            body[name] = value
    return body


# Where the operator's word is another one than Alertmanager's.
_RENAMED = {"urlSecret": "url", "pagerDutyLinkConfigs": "links", "alt": "text"}


def snake(name: str) -> str:
    """`groupBy` as Alertmanager spells it: `group_by`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
