"""Scrape jobs as the operator's objects: ServiceMonitor, PodMonitor, ScrapeConfig."""

from __future__ import annotations

from typing import Any

from obsgen.emit.scrape_config import TOKEN_FILE
from obsgen.model.source import ScrapeJob


def monitor_kind(job: ScrapeJob) -> tuple[str, str]:
    """apiVersion and kind of the object that scrapes this job."""
    if job.targets:
        return "monitoring.coreos.com/v1alpha1", "ScrapeConfig"
    return "monitoring.coreos.com/v1", "PodMonitor" if job.pods else "ServiceMonitor"


def monitor_spec(job: ScrapeJob, cluster: str) -> dict[str, Any]:
    """The object's spec, with the API server's defaults written out so that nothing drifts.

    Without a `cluster` its series carry no such label.
    """
    if job.targets:
        return _scrape_config(job, cluster)
    endpoint = _endpoint(job, cluster)
    body = {
        "namespaceSelector": {"matchNames": [job.namespace]},
        "selector": {"matchLabels": dict(job.selector)},
    }
    return {**body, ("podMetricsEndpoints" if job.pods else "endpoints"): [endpoint]}


def _endpoint(job: ScrapeJob, cluster: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "port": job.port,
        "path": job.path,
        "scheme": job.scheme,
        "interval": str(job.interval),
        "scrapeTimeout": str(job.timeout),
        "relabelings": _relabelings(job, cluster),
    }
    if job.honor_labels:
        body["honorLabels"] = True
    if job.service_account_token:
        body["bearerTokenFile"] = TOKEN_FILE
    if job.tls:
        body["tlsConfig"] = _tls(job)
    return body | _dropped(job)


def _scrape_config(job: ScrapeJob, cluster: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "jobName": job.name,
        "staticConfigs": [{"targets": list(job.targets)}],
        "metricsPath": job.path,
        "scheme": job.scheme.upper(),
        "scrapeInterval": str(job.interval),
        "scrapeTimeout": str(job.timeout),
        # The operator puts its own job name on the targets; rules select by ours.
        "relabelings": [_constant("job", job.name), *_cluster(cluster)],
    }
    if job.honor_labels:
        body["honorLabels"] = True
    if job.tls:
        body["tlsConfig"] = _tls(job)
    return body | _dropped(job)


def _relabelings(job: ScrapeJob, cluster: str) -> list[dict[str, Any]]:
    # An empty source must not take away a label that the operator has set already.
    copied = [
        {"action": "replace", "sourceLabels": [meta], "regex": "(.+)", "targetLabel": label}
        for label, meta in job.labels_from.items()
    ]
    return [_constant("job", job.name), *_cluster(cluster), *copied]


def _cluster(name: str) -> list[dict[str, Any]]:
    # External labels are added only after rules have run, too late for what rules say and panels choose by.
    return [_constant("cluster", name)] if name else []


def _constant(label: str, value: str) -> dict[str, Any]:
    return {"action": "replace", "targetLabel": label, "replacement": value}


def _dropped(job: ScrapeJob) -> dict[str, Any]:
    if not job.drop_metrics:
        return {}
    regex = "|".join(job.drop_metrics)
    return {"metricRelabelings": [{"action": "drop", "sourceLabels": ["__name__"], "regex": regex}]}


def _tls(job: ScrapeJob) -> dict[str, Any]:
    names = {
        "ca_file": "caFile",
        "cert_file": "certFile",
        "key_file": "keyFile",
        "server_name": "serverName",
        "insecure_skip_verify": "insecureSkipVerify",
    }
    body: dict[str, Any] = {names[name]: value for name, value in job.tls.items() if name in names}
    if secret := job.tls.get("secret"):
        body["ca"] = {"secret": {"name": secret, "key": "ca.crt"}}
        body["cert"] = {"secret": {"name": secret, "key": "tls.crt"}}
        body["keySecret"] = {"name": secret, "key": "tls.key"}
    return body
