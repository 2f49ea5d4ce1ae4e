"""An Alertmanager's configuration, read into the tree that Alertmanager would walk."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from obsgen.diagnostics import Diagnosed
from obsgen.ir.hours import TimeInterval
from obsgen.ir.routes import InhibitRule, Route
from obsgen.promql.error import PromQLError
from obsgen.promql.matcher import Matcher
from obsgen.promql.regex import compiled
from obsgen.routes.matcher_text import labelled, parse_matchers
from obsgen.routes.reading_hours import read_intervals
from obsgen.routes.written import ReadingError, Written
from obsgen.spec.documents import parse_documents
from obsgen.units import Duration

CONFIG_FILE: Final = "alertmanager.yaml"

_OF_ROUTES: Final = frozenset(
    {"receiver", "group_by", "group_wait", "group_interval", "repeat_interval", "match", "match_re", "matchers"}
    | {"continue", "mute_time_intervals", "active_time_intervals", "routes", "labels"}
)
_OF_RULES: Final = frozenset(
    {"name", "equal"} | {f"{side}_{way}" for side in ("source", "target") for way in ("match", "match_re", "matchers")}
)


@dataclass(frozen=True, slots=True)
class ReadRouting:
    """A configuration as it was read; what is inside its receivers is nobody's business here."""

    root: Route
    receivers: Mapping[str, Mapping[str, Any]]
    inhibit_rules: tuple[InhibitRule, ...] = ()
    intervals: tuple[TimeInterval, ...] = ()


def read_routing(document: Mapping[str, Any]) -> ReadRouting:
    """The configuration in an `alertmanager.yaml` or in the Secret that holds one; ReadingError where it is refused."""
    config = Written.of(CONFIG_FILE, _unpacked(document))
    receivers: dict[str, Mapping[str, Any]] = {}
    for one in config.parts("receivers"):
        name = one.text("name")
        if not name or name in receivers:
            raise one.refuse(f"there are two receivers '{name}'" if name else "a receiver needs a name")
        receivers[name] = one.body
    intervals = read_intervals(config)
    known = _Known(receivers, {interval.name for interval in intervals})
    rules = tuple(_rule(part, number) for number, part in enumerate(config.parts("inhibit_rules"), start=1))
    return ReadRouting(_root(Written.of("route", config.body.get("route")), known), receivers, rules, intervals)


@dataclass(frozen=True, slots=True)
class _Known:
    receivers: Collection[str]
    intervals: Collection[str]


def secret_parts(document: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A Secret's `stringData` and `data`, empty where something else stands there."""
    plain, encoded = (document.get(key) for key in ("stringData", "data"))
    return plain if isinstance(plain, Mapping) else {}, encoded if isinstance(encoded, Mapping) else {}


def _unpacked(document: Mapping[str, Any]) -> object:
    if document.get("kind") != "Secret":
        return document
    plain, encoded = secret_parts(document)
    try:
        written = plain[CONFIG_FILE] if CONFIG_FILE in plain else _decoded(encoded[CONFIG_FILE])
        if not isinstance(written, str):
            raise ReadingError(f"the Secret's '{CONFIG_FILE}' is not text")
        documents = parse_documents(written, CONFIG_FILE)
    except KeyError:
        raise ReadingError(f"the Secret holds no key '{CONFIG_FILE}'") from None
    except ReadingError:
        raise
    except ValueError:
        raise ReadingError(f"the Secret's '{CONFIG_FILE}' is no text in base64") from None
    except Diagnosed as mistakes:
        # Of a Secret no line is shown.
        first = mistakes.diagnostics[0]
        raise ReadingError(f"the Secret's '{CONFIG_FILE}' cannot be read: {first.message}") from None
    return documents[0].content if documents else None


def _decoded(written: object) -> object:
    return b64decode(written, validate=True).decode() if isinstance(written, str) else written


def _root(part: Written, known: _Known) -> Route:
    """The root, on whom everything else leans: it must take every alert at all times."""
    for key in ("match", "match_re", "matchers", "continue", "mute_time_intervals", "active_time_intervals"):
        if part.body.get(key):
            raise part.refuse(f"the root takes every alert, and can have no '{key}'")
    if not part.text("receiver"):
        raise part.refuse("the root needs a receiver")
    seconds = Duration.of_seconds
    return _route(part, Route("", (), seconds(30), seconds(300), seconds(4 * 3600)), known)


def _route(part: Written, above: Route, known: _Known) -> Route:
    part.only(_OF_ROUTES)
    receiver = part.text("receiver") or above.receiver
    if receiver not in known.receivers:
        raise part.refuse(f"there is no receiver '{receiver}'")
    hours = {key: tuple(part.texts(f"{key}_time_intervals")) for key in ("active", "mute")}
    for name in (*hours["active"], *hours["mute"]):
        if name not in known.intervals:
            raise part.refuse(f"there is no time interval '{name}'")
    route = Route(
        receiver=receiver,
        # An empty list is no list to Alertmanager: it inherits.
        group_by=_grouping(part) or above.group_by,
        group_wait=part.duration("group_wait", above.group_wait),
        group_interval=part.duration("group_interval", above.group_interval),
        repeat_interval=part.duration("repeat_interval", above.repeat_interval),
        matchers=_matchers(part),
        continues=part.flag("continue"),
        active=hours["active"],
        muted=hours["mute"],
    )
    return _with(route, tuple(_route(child, route, known) for child in part.parts("routes")))


def _with(route: Route, routes: tuple[Route, ...]) -> Route:
    fields = {name: getattr(route, name) for name in Route.__dataclass_fields__}
    return Route(**{**fields, "routes": routes})


def _grouping(part: Written) -> tuple[str, ...]:
    names = tuple(part.texts("group_by"))
    if len(set(names)) < len(names) or ("..." in names and len(names) > 1):
        raise part.refuse(f"group_by: {list(names)} names a label twice, or others beside '...'")
    return names


def _matchers(part: Written, prefix: str = "") -> tuple[Matcher, ...]:
    try:
        old = [labelled(name, "=", value) for name, value in part.pairs(f"{prefix}match").items()]
        old += [labelled(name, "=~", value) for name, value in part.pairs(f"{prefix}match_re").items()]
        found = (*old, *(one for text in part.texts(f"{prefix}matchers") for one in parse_matchers(text)))
    except ReadingError:
        raise
    except ValueError as error:
        raise part.refuse(error) from None
    for matcher in found:
        _judge_pattern(part, matcher)
    return found


def _judge_pattern(part: Written, matcher: Matcher) -> None:
    try:
        if "~" in matcher.op:
            compiled(matcher.value)
    except PromQLError as error:
        raise part.refuse(error) from None


def _rule(part: Written, number: int) -> InhibitRule:
    part.only(_OF_RULES)
    source, target = (_matchers(part, f"{side}_") for side in ("source", "target"))
    return InhibitRule(part.text("name") or f"#{number}", source, target, tuple(part.texts("equal")))
