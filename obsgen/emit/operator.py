"""Target `prometheus-operator`: one file for each object, and the kustomization that lists them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from obsgen.document import Document, yaml_text
from obsgen.emit.alertmanager import configuration
from obsgen.emit.alertmanager_config import API_VERSION, NEEDS, config_spec, needs
from obsgen.emit.dashboards import AS_RESOURCES, resource_files
from obsgen.emit.grafana.load import dashboard_lines
from obsgen.emit.monitors import monitor_kind, monitor_spec
from obsgen.emit.notifications import IN_OPERATORS_FOLDER, TEMPLATE_FILE, template_text
from obsgen.emit.provenance import header, object_annotations, object_labels
from obsgen.emit.rbac import binding, metrics_rules, role_rules, scraped_namespaces
from obsgen.emit.rules import groups_body
from obsgen.emit.runbooks import runbook_documents
from obsgen.emit.splitting import portions
from obsgen.emit.telling import telling_documents
from obsgen.ir.bundle import Bundle
from obsgen.ir.routes import Routing
from obsgen.lower.names import fitting
from obsgen.model.stack import Stack

_RBAC = "rbac.authorization.k8s.io/v1"
# kustomize, Argo CD and Flux take this name like kustomization.yaml; `kubectl apply -f FOLDER` passes it over, for it
# reads names that end in .json, .yaml or .yml only, and no API server knows the kind.
KUSTOMIZATION = "Kustomization"
_BUILT_IN = ("v1", _RBAC)
# Far below what Kubernetes takes, so that whoever builds other names upon these has room.
_NAME_LENGTH = 63
# Flux would replace ${…} inside queries and templates by nothing.
_LITERAL = {"kustomize.toolkit.fluxcd.io/substitute": "disabled"}
# Flux and Argo CD would take away what no longer stands in the folder; without this nobody is told anything.
_KEPT = {"kustomize.toolkit.fluxcd.io/prune": "disabled", "argocd.argoproj.io/sync-options": "Prune=false"}


@dataclass(frozen=True, slots=True)
class KubernetesObject:
    """One object; `body` holds what follows the metadata."""

    api_version: str
    kind: str
    namespace: str
    name: str
    labels: dict[str, str]
    body: dict[str, Any]
    annotations: dict[str, str]

    @property
    def path(self) -> str:
        """`<namespace>--<kind>--<name>.yaml`."""
        return f"{self.namespace or 'cluster'}--{self.kind}--{self.name}.yaml"

    def document(self, stack: Stack) -> Document:
        """The object's file."""
        place = {"namespace": self.namespace} if self.namespace else {}
        metadata = {
            "name": self.name,
            **place,
            "labels": self.labels,
            "annotations": {**object_annotations(self.body), **self.annotations, **self._wave(stack)},
        }
        whole = {"apiVersion": self.api_version, "kind": self.kind, "metadata": metadata, **self.body}
        return Document(self.path, yaml_text(whole, header=header(stack)))

    def _wave(self, stack: Stack) -> dict[str, str]:
        """Where Argo CD installs the operator too, its kinds are applied after their definitions.

        The others stay in wave 0: an Alertmanager that waits for its Secret would hold up the wave that brings it.
        """
        argocd = stack.environment.argocd
        if argocd is None or self.api_version in _BUILT_IN:
            return {}
        return {"argocd.argoproj.io/sync-wave": str(argocd.sync_wave)}


def operator_documents(bundle: Bundle, stack: Stack, views_folder: Path) -> Iterator[Document]:
    """Every file of the target."""
    objects = [
        *_rules(bundle, stack),
        *_monitors(bundle, stack),
        *_rbac(bundle, stack),
        *_alertmanager(bundle, stack),
        *_dashboards(bundle, stack, views_folder),
    ]
    yield from (one.document(stack) for one in objects)
    yield from runbook_documents(bundle)
    if stack.environment.grafana.delivery == AS_RESOURCES:
        yield from resource_files(bundle, stack, views_folder)
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        # No namespace here: it would move the Roles out of the namespaces they are for.
        "resources": sorted(one.path for one in objects),
    }
    yield from telling_documents(stack, {one.namespace for one in objects} - {""})
    yield Document(KUSTOMIZATION, yaml_text(kustomization, header=header(stack)))


def _name(stack: Stack, rest: str) -> str:
    return fitting(f"obsgen-{stack.name}-{rest}", _NAME_LENGTH)


def _rules(bundle: Bundle, stack: Stack) -> Iterator[KubernetesObject]:
    target = stack.environment.prometheus
    for rules in bundle.rule_sets:
        for number, groups in enumerate(portions(rules.groups), start=1):
            suffix = f"-{number}" if number > 1 else ""
            yield KubernetesObject(
                "monitoring.coreos.com/v1",
                "PrometheusRule",
                target.namespace,
                _name(stack, f"{rules.name}{suffix}"),
                object_labels(stack, rules.component, rules.layer) | target.selector_labels,
                {"spec": {"groups": groups_body(groups)}},
                _LITERAL,
            )


def _monitors(bundle: Bundle, stack: Stack) -> Iterator[KubernetesObject]:
    target = stack.environment.prometheus
    for scrape in bundle.scrapes:
        api_version, kind = monitor_kind(scrape.job)
        yield KubernetesObject(
            api_version,
            kind,
            target.namespace,
            _name(stack, scrape.job.name),
            object_labels(stack, scrape.source or scrape.component, scrape.layer) | target.selector_labels,
            {"spec": monitor_spec(scrape.job, stack.scraped_cluster)},
            {},
        )


def _rbac(bundle: Bundle, stack: Stack) -> Iterator[KubernetesObject]:
    name = _name(stack, "prometheus")
    marks = object_labels(stack, "prometheus", "kubernetes")
    for namespace, services in scraped_namespaces(bundle).items():
        rules = {"rules": role_rules(services=services)}
        yield KubernetesObject(_RBAC, "Role", namespace, name, marks, rules, {})
        yield KubernetesObject(_RBAC, "RoleBinding", namespace, name, marks, binding("Role", name, stack), {})
    allowed = list(metrics_rules(bundle))
    if allowed:
        yield KubernetesObject(_RBAC, "ClusterRole", "", name, marks, {"rules": allowed}, {})
        bound = binding("ClusterRole", name, stack)
        yield KubernetesObject(_RBAC, "ClusterRoleBinding", "", name, marks, bound, {})


def _alertmanager(bundle: Bundle, stack: Stack) -> Iterator[KubernetesObject]:
    if bundle.routing is None:
        return
    target = stack.environment.alertmanager
    if target.delivery == "alertmanagerconfig":
        yield _alertmanager_config(bundle.routing, stack)
        return
    text = yaml_text(configuration(bundle.routing, target, IN_OPERATORS_FOLDER), header=header(stack))
    yield KubernetesObject(
        "v1",
        "Secret",
        target.namespace or stack.environment.prometheus.namespace,
        target.secret,
        object_labels(stack, "alertmanager", "kubernetes"),
        # stringData stays readable in a review; the text names files of secrets and holds none itself.
        {"type": "Opaque", "stringData": {"alertmanager.yaml": text, TEMPLATE_FILE: template_text(stack)}},
        {**_LITERAL, **_KEPT},
    )


def _alertmanager_config(routing: Routing, stack: Stack) -> KubernetesObject:
    target = stack.environment.alertmanager
    return KubernetesObject(
        API_VERSION,
        "AlertmanagerConfig",
        target.namespace or stack.environment.prometheus.namespace,
        _name(stack, "routing"),
        object_labels(stack, "alertmanager", "kubernetes") | target.selector_labels,
        {"spec": config_spec(routing, target)},
        # Prunable, unlike the Secret: left behind beside a Secret it would tell everything twice.
        {**_LITERAL, NEEDS: needs(target)},
    )


def _dashboards(bundle: Bundle, stack: Stack, views_folder: Path) -> Iterator[KubernetesObject]:
    grafana = stack.environment.grafana
    if grafana.delivery == AS_RESOURCES:
        return
    namespace = grafana.namespace or stack.environment.prometheus.namespace
    for view in bundle.views:
        text = dashboard_lines(view, views_folder)
        marks = object_labels(stack, view.component, view.layer)
        if grafana.delivery == "grafana-operator":
            spec = {
                "instanceSelector": {"matchLabels": grafana.instance_selector},
                "folder": view.folder,
                "json": text,
            }
            api = "grafana.integreatly.org/v1beta1"
            yield KubernetesObject(api, "GrafanaDashboard", namespace, view.uid, marks, {"spec": spec}, _LITERAL)
        else:
            body = {"data": {f"{view.uid}.json": text}}
            noted = {**_LITERAL, "grafana_folder": view.folder}
            yield KubernetesObject("v1", "ConfigMap", namespace, view.uid, marks | grafana.labels, body, noted)
