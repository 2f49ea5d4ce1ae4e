"""The least that Prometheus must be allowed: to find targets in the namespaces it scrapes, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Stack

_READ = ["get", "list", "watch"]


def scraped_namespaces(bundle: Bundle) -> dict[str, bool]:
    """Each namespace in which targets are discovered; true where that takes more than pods."""
    found: dict[str, bool] = {}
    for scrape in bundle.scrapes:
        if not scrape.job.targets:
            found[scrape.job.namespace] = found.get(scrape.job.namespace, False) or not scrape.job.pods
    return dict(sorted(found.items()))


def role_rules(*, services: bool) -> list[dict[str, Any]]:
    """What discovering targets in one namespace takes: pods, and for Services their endpoints too."""
    if not services:
        return [{"apiGroups": [""], "resources": ["pods"], "verbs": _READ}]
    return [
        {"apiGroups": [""], "resources": ["endpoints", "pods", "services"], "verbs": _READ},
        {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": _READ},
    ]


def binding(kind: str, name: str, stack: Stack) -> dict[str, Any]:
    """The body of a binding of Prometheus' service account to a role."""
    target = stack.environment.prometheus
    return {
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": target.service_account, "namespace": target.namespace}],
    }


def metrics_rules(bundle: Bundle) -> Iterator[dict[str, Any]]:
    """Reading /metrics of kubelets and of the API server, where a job presents Prometheus' own token."""
    if any(scrape.job.service_account_token for scrape in bundle.scrapes):
        yield {"apiGroups": [""], "resources": ["nodes/metrics"], "verbs": ["get"]}
        yield {"nonResourceURLs": ["/metrics", "/metrics/slis"], "verbs": ["get"]}
