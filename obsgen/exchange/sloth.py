"""sloth's specs: files of `version: prometheus/v1`, and the Kubernetes kind PrometheusServiceLevel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from obsgen.diagnostics import Diagnosed, Diagnostic, Findings
from obsgen.exchange.indicators import Indicator, of_events, of_ratio
from obsgen.exchange.node import Node, text_map
from obsgen.exchange.taken import (
    TakenObjective,
    TakenService,
    duration_of,
    inexpressible,
    measured,
    object_name,
    owner,
    promql,
    target_text,
)

# What sloth takes unless its command line says otherwise; the specs do not name their period.
_PERIOD = "30d"
_PAGE = ("page_alert", "pageAlert")
_TICKET = ("ticket_alert", "ticketAlert")
# sloth itself never reads `for`; this plugin of it does.
_WAITS = "/alert_for/"
_PLUGINS = ("slo_plugins", "sloPlugins", "plugins")
_FIELDS = ("name", "description", "objective", "labels", "sli", "alerting")


def is_sloth(document: Node) -> bool:
    """Whether sloth would read the document."""
    version, api = document.get("version"), document.get("apiVersion")
    if version and version.content == "prometheus/v1":
        return True
    return api is not None and str(api.content).startswith("sloth.slok.dev/")


def take_sloth(document: Node, found: Findings) -> tuple[str, TakenService, list[TakenObjective]]:
    """The service and its objectives; what is wrong or lost is noted."""
    spec = document.get("spec") if document.get("kind") else document
    if spec is None:
        raise document.mistake("OBS110", "field 'spec' is missing")
    found.add(*spec.unread("version", "service", "labels", "slos", *_PLUGINS), *_plugins_lost(spec))
    service = spec.need("service").text()
    labels = text_map(spec.get("labels"))
    metadata = document.get("metadata")
    written = metadata.get("namespace") if metadata else None
    namespace = labels.get("namespace") or (written.text() if written else "")
    taken = TakenService(owner(labels), object_name(namespace) or None, labels)
    objectives = []
    for slo in spec.need("slos").items():
        try:
            waits = any(_WAITS in plugin.text() for part in (spec, slo) for plugin in _plugins(part))
            objectives.append(_objective(slo, service, found, waits=waits))
        except Diagnosed as mistakes:
            found.add(*mistakes.diagnostics)
    _alert_names(spec, found)
    return service, taken, objectives


def _plugins(node: Node) -> Iterator[Node]:
    """The ids of the plugins that a service or an objective is made with."""
    plugins = node.get(*_PLUGINS)
    chain = plugins.get("chain") if plugins else None
    yield from (entry.need("id") for entry in (chain.items() if chain else ()))


def _plugins_lost(node: Node) -> Iterator[Diagnostic]:
    hint = "obsgen's rules are made without it: see whether it changes what is counted"
    for plugin in _plugins(node):
        if _WAITS not in plugin.text():
            yield plugin.lost(f"the plugin '{plugin.text()}' is not taken over", hint)


def _objective(slo: Node, service: str, found: Findings, *, waits: bool) -> TakenObjective:
    lost = Findings()
    lost.add(*slo.unread(*_FIELDS, *_PLUGINS), *_plugins_lost(slo))
    if slo.get("labels"):
        lost.add(slo.need("labels").lost("labels of one objective are not taken over; those of its service are"))
    name = slo.need("name")
    taken = TakenObjective(
        service,
        name.text(),
        _indicator(slo.need("sli"), lost),
        target_text(slo.need("objective"), percent=True),
        _PERIOD,
        name.place,
    )
    description, alerting = slo.get("description"), slo.get("alerting")
    if description:
        taken = replace(taken, about=description.text().strip())
    if alerting:
        taken = replace(taken, alerts=_alerts(alerting, lost, waits=waits))
    found.add(*lost.noted)
    return taken


def _indicator(sli: Node, found: Findings) -> Indicator:
    events, raw, plugin = sli.get("events"), sli.get("raw"), sli.get("plugin")
    if events:
        part = events.need("error_query", "errorQuery")
        whole = events.need("total_query", "totalQuery")
        errors, total = promql(part), promql(whole)
        return measured(part, lambda: of_events(errors, total, good=False), found)
    if raw:
        query = raw.need("error_ratio_query", "errorRatioQuery")
        ratio = promql(query)
        return measured(query, lambda: of_ratio(ratio, good=False), found)
    if plugin:
        hint = "let sloth generate its rules, and write the plugin's queries as `events` into the file"
        raise inexpressible(plugin, "an indicator made by a plugin of sloth cannot be taken over", hint)
    raise sli.mistake("OBS110", "field 'events' is missing from 'sli'", "events, raw or plugin")


def _alerts(alerting: Node, found: Findings, *, waits: bool) -> dict[str, Any]:
    severities: dict[str, Any] = {}
    _note_texts(alerting, found)
    found.add(*alerting.unread("name", "labels", "annotations", *_PAGE, *_TICKET))
    for severity, names in (("critical", _PAGE), ("warning", _TICKET)):
        alert = alerting.get(*names)
        disabled = alert.get("disable") if alert else None
        if disabled and disabled.is_true():
            severities[severity] = {"enabled": False}
        elif alert:
            _note_texts(alert, found)
            found.add(*alert.unread("disable", "labels", "annotations", "for"))
            pending = _pending(alert, found, waits=waits)
            if pending:
                severities[severity] = {"for": pending}
    return {"ErrorBudgetBurn": {"severities": severities}} if severities else {}


def _pending(alert: Node, found: Findings, *, waits: bool) -> str | None:
    written = alert.get("for")
    if written is None:
        return None
    span = duration_of(written)
    if waits:
        return str(span) if span.milliseconds else None
    hint = "sloth reads it only with its plugin alert_for; or write `for` under the objective's alerts"
    found.add(written.lost(f"the alert's delay of {written.text()} is not taken over", hint))
    return None


def _note_texts(alert: Node, found: Findings) -> None:
    hint = "alerts are routed by team and severity under `routing`; their texts come with runbooks"
    for name in ("labels", "annotations"):
        written = alert.get(name)
        if written and written.content:
            found.add(written.lost(f"the alerts' own {name} are not taken over", hint))


def _alert_names(spec: Node, found: Findings) -> None:
    """One warning for all names: every spec of sloth has them, and they are lost for one reason."""
    names = list(_names(spec))
    if names:
        others = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
        message = f"the alert's name '{names[0].text()}'{others} is not kept"
        hint = "all objectives alert as ErrorBudgetBurn, told apart by the labels component and objective"
        found.add(names[0].lost(message, hint))


def _names(spec: Node) -> Iterator[Node]:
    for slo in spec.need("slos").items():
        alerting = slo.get("alerting")
        name = alerting.get("name") if alerting else None
        if name:
            yield name
