"""Checks of delivery by AlertmanagerConfig: whatever it cannot carry is refused, never dropped."""

from __future__ import annotations

from collections.abc import Iterator

from obsgen.diagnostics import Diagnostic
from obsgen.emit.alertmanager_config_receivers import uncarried
from obsgen.ir.bundle import Bundle
from obsgen.lower.hours import intervals
from obsgen.model.stack import Stack

_TARGET = ("environment", "alertmanager")
_SECRET = "or set environment.alertmanager.delivery to secret"  # noqa: S105 - a hint


def _chosen(stack: Stack) -> bool:
    return stack.environment.alertmanager.delivery == "alertmanagerconfig"


def forced_namespace(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A strategy by which the operator would narrow the tree to one namespace."""
    del bundle
    target = stack.environment.alertmanager
    if not _chosen(stack) or target.matcher_strategy != "OnNamespace":
        return
    namespace = target.namespace or stack.environment.prometheus.namespace
    written = "matcher_strategy" in target.model_fields_set
    where = stack.places.of(*_TARGET, "matcher_strategy" if written else "delivery")
    usual = "" if written else ", which holds where none is set,"
    message = (
        f'by matcher strategy OnNamespace{usual} the operator adds namespace="{namespace}" to the whole tree: '
        "alerts of other namespaces, and of none, would reach no receiver"
    )
    hint = (
        "set alertmanagerConfigMatcherStrategy.type of the Alertmanager object to "
        "OnNamespaceExceptForAlertmanagerNamespace or None, and write it here as matcher_strategy"
    )
    yield Diagnostic("OBS490", message, where, f"{hint}; {_SECRET}")


def hours_without_zone(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """Hours that routes wait for, in a zone that the object has no field for."""
    if not _chosen(stack) or bundle.routing is None:
        return
    used = {one.name for one in bundle.routing.intervals}
    for name, hours in stack.routing.hours.items():
        if hours.time_zone != "UTC" and any(one.name in used for one in intervals(hours)):
            where = stack.places.of("routing", "hours", name, "time_zone")
            message = f"hours '{name}' are those of {hours.time_zone}, but an AlertmanagerConfig's are read as UTC"
            hint = "write the hours in UTC, which fits only a zone that never changes its clocks"
            yield Diagnostic("OBS491", message, where, f"{hint}; {_SECRET}")


def receiver_without_form(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A way of telling that needs what an AlertmanagerConfig has no field for."""
    del bundle
    if not _chosen(stack):
        return
    for name, spec in stack.routing.receivers.items():
        for kind, way in spec.ways():
            for lacking in uncarried(kind, way, stack.environment.alertmanager):
                field, why, hint = _LACKING[lacking]
                where = stack.places.of("routing", "receivers", name, kind, field)
                yield Diagnostic("OBS492", f"{kind} of '{name}' {why}", where, f"{hint}; {_SECRET}")


# By Alertmanager's own field: the spec's field, why it cannot be carried, and what can.
_LACKING = {
    "payload": (
        "url_secret",
        "is sent messages in its own form, which obsgen does not write in an AlertmanagerConfig",
        "give the secret to a relay in the cluster and name its address in 'relay_url'",
    ),
    "webhook_url": (
        "url",
        "has its address written out, which an AlertmanagerConfig takes from a Secret only",
        "put the address into a Secret and name that: url_secret: <Secret>/<key>",
    ),
}


def empty_grouping(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """One group for everything, which the operator would drop on its way."""
    del bundle
    if not _chosen(stack):
        return
    for tier, timing in stack.routing.tiers.items():
        if not timing.group_by:
            where = stack.places.of("routing", "tiers", tier, "group_by")
            message = f"the operator drops the empty group_by of {tier}: its alerts would be grouped as above it"
            yield Diagnostic("OBS493", message, where, f"group by a label that all share, such as cluster; {_SECRET}")
