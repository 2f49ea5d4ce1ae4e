"""Checks the clusters that a spec lists: one way in for each, no secret written down, none counted twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from obsgen.diagnostics import Findings, Location
from obsgen.query.tenants import TENANT_FORM, TENANT_HEADER, names_tenants
from obsgen.spec.clusters import ClusterSpec
from obsgen.spec.load import LoadedSpec

_LOGINS = ("bearer_token_file", "bearer_token_env", "basic_auth_file")
_KEEP_OUT = "keep it in a file or a variable: bearer_token_file, bearer_token_env or basic_auth_file"


def check_clusters(loaded: LoadedSpec, findings: Findings) -> None:
    """Note what cannot hold."""
    seen: dict[tuple[str, ...], str] = {}
    for name, cluster in loaded.spec.capacity.clusters.items():
        places = {field: loaded.places.of("capacity", "clusters", name, field) for field in ClusterSpec.model_fields}
        _login(name, cluster, places, findings)
        _secrets(name, cluster, places, findings)
        asked = (cluster.url, cluster.tenant or "", cluster.label or "")
        if other := seen.get(asked):
            message = f"clusters '{other}' and '{name}' ask one server for the same: it would count twice"
            hint = "tell them apart by url, by tenant or by label, the value of the cluster label"
            findings.error("OBS252", message, loaded.places.of_key("capacity", "clusters", name), hint)
        seen.setdefault(asked, name)


def _login(name: str, cluster: ClusterSpec, places: Mapping[str, Location], findings: Findings) -> None:
    given = [field for field in _LOGINS if getattr(cluster, field) is not None]
    if len(given) > 1:
        message = f"cluster '{name}' is entered in {len(given)} ways: {', '.join(given)}"
        findings.error("OBS250", message, places[given[1]], "keep one of them")
    if cluster.key_file and not cluster.cert_file:
        message = f"cluster '{name}' has a client key without its certificate"
        findings.error("OBS250", message, places["key_file"], "give cert_file too")
    if cluster.tenant is not None and not names_tenants(cluster.tenant):
        findings.error("OBS250", f"'{cluster.tenant}' is no tenant", places["tenant"], TENANT_FORM)
    if cluster.tenant and _has(cluster.headers, TENANT_HEADER):
        message = f"cluster '{name}' names its tenant twice, also in a header"
        findings.error("OBS250", message, places["headers"], "keep tenant")


def _secrets(name: str, cluster: ClusterSpec, places: Mapping[str, Location], findings: Findings) -> None:
    written = []
    for field in ("url", "proxy"):
        parts = urlsplit(getattr(cluster, field) or "")
        if "@" in parts.netloc:
            written.append((field, f"the {field} of cluster '{name}' holds a user"))
        if parts.query or parts.fragment:
            written.append((field, f"the {field} of cluster '{name}' goes on after its path"))
    if _has(cluster.headers, "Authorization"):
        written.append(("headers", f"the headers of cluster '{name}' hold credentials"))
    for field, message in written:
        # The line itself is not shown: it holds the secret.
        findings.error("OBS251", message, replace(places[field], source_line=""), _KEEP_OUT)


def _has(headers: Mapping[str, str], name: str) -> bool:
    return name.lower() in (header.lower() for header in headers)
