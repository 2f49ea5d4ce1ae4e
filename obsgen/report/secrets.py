"""What must exist in Secrets before the manifests work: which keys, who uses them, where they are mounted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from obsgen.document import json_text
from obsgen.emit.mounting import mounted, mounted_secrets, mounting_folder
from obsgen.emit.scrape_config import SECRETS_FOLDER
from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Stack
from obsgen.report.columns import columns

_TLS_KEYS = ("ca.crt", "tls.crt", "tls.key")


@dataclass(frozen=True, slots=True, order=True)
class SecretUse:
    """One key of a Secret, what uses it and where that finds it."""

    namespace: str
    secret: str
    key: str
    path: str
    used_by: str


def secret_uses(stack: Stack, bundle: Bundle) -> tuple[SecretUse, ...]:
    """Every key that receivers and scrape jobs refer to, sorted."""
    return tuple(sorted({*_of_receivers(stack), *_of_scrapes(stack, bundle)}))


def _alertmanager_namespace(stack: Stack) -> str:
    return stack.environment.alertmanager.namespace or stack.environment.prometheus.namespace


def _read_by_operator(stack: Stack) -> bool:
    """Whether the operator reads receivers' secrets itself, by name and key, instead of mounting them."""
    return stack.environment.alertmanager.delivery == "alertmanagerconfig"


def _of_receivers(stack: Stack) -> Iterator[SecretUse]:
    namespace, folder = _alertmanager_namespace(stack), stack.environment.alertmanager.secrets_folder
    for name, spec in stack.routing.receivers.items():
        for kind, way in spec.ways():
            for field, reference in way.secrets():
                secret, key = reference.split("/", 1)
                used_by = f"receiver {name}: {kind}.{field}"
                yield SecretUse(namespace, secret, key, mounted(reference, folder), used_by)


def _of_scrapes(stack: Stack, bundle: Bundle) -> Iterator[SecretUse]:
    """The operator reads these for Prometheus; a plain Prometheus has them mounted."""
    namespace = stack.environment.prometheus.namespace
    for job in (scrape.job for scrape in bundle.scrapes):
        if secret := job.tls.get("secret"):
            for key in _TLS_KEYS:
                path = f"{SECRETS_FOLDER}/{secret}/{key}"
                yield SecretUse(namespace, str(secret), key, path, f"scrape {job.name}: tls.secret")


def render_secrets(stack: Stack, bundle: Bundle, form: str) -> str:
    """The list, as a table with what the operator must be told, or as JSON."""
    uses = secret_uses(stack, bundle)
    if form == "json":
        return json_text(_body(stack, uses)).rstrip("\n")
    if not uses:
        return f"the stack '{stack.name}' refers to no Secret"
    listed = mounted_secrets(stack)
    if not listed:
        return _table(uses) + _unmounted(stack)
    where = _alertmanager_namespace(stack)
    folder = stack.environment.alertmanager.secrets_folder.rstrip("/")
    there = mounting_folder(stack)
    elsewhere = f"It mounts below {there}, where secrets_folder ({folder}) does not point: leave that out."
    lines = [
        "",
        f"The operator mounts for Alertmanager what its object in {where} lists, so that must say:",
        *([elsewhere] if folder != there else []),
        "",
        "spec:",
        "  secrets:",
        *(f"  - {name}" for name in listed),
    ]
    return _table(uses) + "\n".join(lines)


def _unmounted(stack: Stack) -> str:
    if not _read_by_operator(stack) or not any(_of_receivers(stack)):
        return ""
    where = _alertmanager_namespace(stack)
    return (
        f"\nThe operator itself reads what receivers need, in {where}, where the AlertmanagerConfig is.\n"
        "Nothing has to be mounted: those paths count for a plain Alertmanager only.\n"
    )


def _table(uses: tuple[SecretUse, ...]) -> str:
    rows = [(use.namespace, use.secret, use.key, use.used_by, use.path) for use in uses]
    # Paths are copied from here: they are never broken, however narrow the terminal.
    return "".join(f"{line}\n" for line in columns([("namespace", "secret", "key", "used by", "mounted at"), *rows]))


def _body(stack: Stack, uses: tuple[SecretUse, ...]) -> dict[str, Any]:
    found: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for use in uses:
        keys = found.setdefault((use.namespace, use.secret), {})
        key = keys.setdefault(use.key, {"key": use.key, "path": use.path, "used_by": []})
        key["used_by"].append(use.used_by)
    secrets = [
        {"namespace": namespace, "name": name, "keys": list(keys.values())} for (namespace, name), keys in found.items()
    ]
    spec = {"secrets": list(mounted_secrets(stack))}
    return {"secrets": secrets, "alertmanager": {"namespace": _alertmanager_namespace(stack), "spec": spec}}
