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
# With another Host, a token for the url's host would reach whoever else is behind the same address.
_SET_BY_HTTP = ("Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade")
_KEEP_OUT = "keep it in a file or a variable: bearer_token_file, bearer_token_env or basic_auth_file"
_NOTHING_BEHIND = "end it with the path; what every query should carry stands in params, a token in bearer_token_file"
_BY_VARIABLE = "leave proxy out and set HTTPS_PROXY or HTTP_PROXY, which may hold a user and password"


def check_clusters(loaded: LoadedSpec, findings: Findings) -> None:
    """Note what cannot hold."""
    seen: dict[tuple[str, ...], str] = {}
    for name, cluster in loaded.spec.capacity.clusters.items():
        places = {field: loaded.places.of("capacity", "clusters", name, field) for field in ClusterSpec.model_fields}
        _login(name, cluster, places, findings)
        _secrets(name, cluster, places, findings)
        _framing(name, cluster, places, findings)
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
    found = []
    for field in ("url", "proxy"):
        parts = urlsplit(getattr(cluster, field) or "")
        if "@" in parts.netloc:
            found.append((field, "holds a user", _KEEP_OUT if field == "url" else _BY_VARIABLE))
        if parts.query or parts.fragment:
            found.append((field, "goes on after its path", _NOTHING_BEHIND))
    if _has(cluster.headers, "Authorization"):
        found.append(("headers", "hold credentials", _KEEP_OUT))
    for field, fault, hint in found:
        # The line itself is not shown: it holds the secret.
        where = replace(places[field], source_line="")
        findings.error("OBS251", f"the {field} of cluster '{name}' {fault}", where, hint)


def _framing(name: str, cluster: ClusterSpec, places: Mapping[str, Location], findings: Findings) -> None:
    for header in _SET_BY_HTTP:
        if _has(cluster.headers, header):
            message = f"cluster '{name}' sets the header {header}, which follows from the url and the query"
            findings.error("OBS255", message, places["headers"], "leave it out; a host is named by url")


def _has(headers: Mapping[str, str], name: str) -> bool:
    return name.lower() in (header.lower() for header in headers)
