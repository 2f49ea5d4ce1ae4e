"""Scrape jobs in Prometheus' own configuration."""

from __future__ import annotations

import re
from typing import Any

from obsgen.ir.bundle import Scrape
from obsgen.model.source import ScrapeJob

TOKEN_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token"  # noqa: S105 - a path inside the pod
SECRETS_FOLDER = "/etc/prometheus/secrets"


def scrape_config(scrape: Scrape, cluster: str) -> dict[str, Any]:
    """One entry of `scrape_configs`; where a cluster is given, every target carries it."""
    job = scrape.job
    body: dict[str, Any] = {
        "job_name": job.name,
        "scrape_interval": str(job.interval),
        "scrape_timeout": str(job.timeout),
        "metrics_path": job.path,
        "scheme": job.scheme,
    }
    if job.honor_labels:
        body["honor_labels"] = True
    if job.service_account_token:
        body["authorization"] = {"credentials_file": TOKEN_FILE}
    if job.tls:
        body["tls_config"] = _tls(job)
    if job.targets:
        body["static_configs"] = [{"targets": list(job.targets)}]
        labels = _cluster(cluster)
    else:
        role = "pod" if job.pods else "endpoints"
        body["kubernetes_sd_configs"] = [{"role": role, "namespaces": {"names": [job.namespace]}}]
        labels = [*_selection(job), *_cluster(cluster), *_target_labels(job)]
    if labels:
        body["relabel_configs"] = labels
    if job.drop_metrics:
        body["metric_relabel_configs"] = [dropped(job)]
    return body


def dropped(job: ScrapeJob) -> dict[str, Any]:
    """The relabelling that leaves out the metrics the job does not need."""
    return {"action": "drop", "source_labels": ["__name__"], "regex": "|".join(job.drop_metrics)}


def _tls(job: ScrapeJob) -> dict[str, Any]:
    tls = dict(job.tls)
    secret = tls.pop("secret", None)
    if secret:
        base = f"{SECRETS_FOLDER}/{secret}"
        tls |= {"ca_file": f"{base}/ca.crt", "cert_file": f"{base}/tls.crt", "key_file": f"{base}/tls.key"}
    return tls


def _selection(job: ScrapeJob) -> list[dict[str, Any]]:
    """Keep the targets that a ServiceMonitor or PodMonitor with this selector would."""
    owner = "pod" if job.pods else "service"
    kept = [
        {
            "action": "keep",
            "source_labels": [f"__meta_kubernetes_{owner}_label_{meta_name(label)}"],
            "regex": re.escape(value),
        }
        for label, value in job.selector.items()
    ]
    port = "pod_container_port_name" if job.pods else "endpoint_port_name"
    return [
        *kept,
        {"action": "keep", "source_labels": [f"__meta_kubernetes_{port}"], "regex": re.escape(job.port)},
    ]


def _cluster(name: str) -> list[dict[str, Any]]:
    return [{"action": "replace", "target_label": "cluster", "replacement": name}] if name else []


def _target_labels(job: ScrapeJob) -> list[dict[str, Any]]:
    given = {"namespace": "__meta_kubernetes_namespace", "pod": "__meta_kubernetes_pod_name"}
    if not job.pods:
        given["service"] = "__meta_kubernetes_service_name"
    return [
        {"action": "replace", "source_labels": [meta], "regex": "(.+)", "target_label": label}
        for label, meta in {**given, **job.labels_from}.items()
    ]


def meta_name(label: str) -> str:
    """A Kubernetes label as it stands in a discovery meta label."""
    return re.sub(r"[^a-zA-Z0-9_]", "_", label)
