"""Dashboards as files: for Grafana's provisioning from a folder, or as resources of Grafana's own API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from obsgen.document import Document, json_text, yaml_text
from obsgen.emit.grafana.load import dashboard_body, dashboard_json
from obsgen.emit.grafana.schema_v2 import dashboard_v2
from obsgen.emit.provenance import header
from obsgen.ir.bundle import Bundle
from obsgen.lower.names import folder_uid
from obsgen.model.stack import Stack

# What Grafana 12 and 13 both serve, for a dashboard in the classic form; the second schema is its own version.
DASHBOARD_API = "dashboard.grafana.app/v1beta1"
FOLDER_API = "folder.grafana.app/v1beta1"
AS_RESOURCES = "dashboard-resources"
_FOLDER = "dashboards"


def dashboard_files(bundle: Bundle, stack: Stack, views_folder: Path) -> Iterator[Document]:
    """The files in which the dashboards reach a Grafana without an operator or a sidecar."""
    if not bundle.views:
        return
    if stack.environment.grafana.delivery == AS_RESOURCES:
        yield from resource_files(bundle, stack, views_folder)
        return
    for view in bundle.views:
        yield Document(f"{_FOLDER}/{view.uid}.json", dashboard_json(view, views_folder))
    yield Document(f"{_FOLDER}/provisioning.yaml", yaml_text(_provisioning(stack), header=header(stack)))


def resource_files(bundle: Bundle, stack: Stack, views_folder: Path) -> Iterator[Document]:
    """A resource for each dashboard and for their folder. No cluster knows these kinds: they are Grafana's."""
    folder, schema = folder_uid(stack.name), stack.environment.grafana.dashboard_schema
    for view in bundle.views:
        placed = {"name": view.uid, "annotations": {"grafana.app/folder": folder}}
        body = dashboard_body(view, views_folder)
        if schema == "classic":
            yield _resource(DASHBOARD_API, "Dashboard", placed, body)
        else:
            yield _resource(f"dashboard.grafana.app/{schema}", "Dashboard", placed, dashboard_v2(body, schema))
    if bundle.views:
        yield _resource(FOLDER_API, "Folder", {"name": folder}, {"title": stack.environment.grafana.folder})


def _resource(api: str, kind: str, metadata: Mapping[str, Any], spec: Mapping[str, Any]) -> Document:
    whole = {"apiVersion": api, "kind": kind, "metadata": metadata, "spec": spec}
    return Document(f"{_FOLDER}/{metadata['name']}.json", json_text(whole))


def _provisioning(stack: Stack) -> dict[str, Any]:
    """What goes into Grafana's folder provisioning/dashboards; the JSON lies where `path` says."""
    grafana = stack.environment.grafana
    provider = {
        "name": f"obsgen-{stack.name}",
        "orgId": 1,
        "folder": grafana.folder,
        "type": "file",
        "disableDeletion": False,
        "allowUiUpdates": False,
        "updateIntervalSeconds": 30,
        "options": {"path": f"{grafana.dashboards_folder.rstrip('/')}/obsgen-{stack.name}"},
    }
    return {"apiVersion": 1, "providers": [provider]}
