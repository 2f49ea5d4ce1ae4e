"""Links from an alert to the dashboard that shows what it is about, and to what is to be done about it."""

from __future__ import annotations

from collections.abc import Mapping

from obsgen.lower import names
from obsgen.model.stack import Component, Stack
from obsgen.promql.labels import label_flow
from obsgen.promql.parse import metric_names


def runbook_page(component: str, stack: Stack) -> str:
    """The page about the component's alerts; empty where nobody says where runbooks can be read."""
    runbooks = stack.environment.runbooks
    return f"{runbooks.base_url.rstrip('/')}/{names.runbook_file(component)}" if runbooks else ""


def runbook_link(component: str, alert: str, stack: Stack) -> dict[str, str]:
    """The annotation that leads to the alert's section there."""
    page = runbook_page(component, stack)
    return {"runbook_url": f"{page}#{names.runbook_anchor(alert)}"} if page else {}


def dashboard_link(expr: str, labels: Mapping[str, str], component: Component, stack: Stack) -> dict[str, str]:
    """The annotation that leads from an alert to its component's dashboard, narrowed to its cluster."""
    grafana = stack.environment.grafana
    if not grafana.url or grafana.delivery == "none" or not component.signals:
        return {}
    cluster = labels.get("cluster")
    if not cluster and _keeps_cluster(expr, component):
        cluster = names.CLUSTER_OF_ALERT
    return {"dashboard_url": names.dashboard_url(grafana.url, stack.name, component, cluster)}


def objective_link(objective: str, component: Component, stack: Stack, cluster: str | None = None) -> dict[str, str]:
    """The same for an alert of an objective; `cluster` is given where no series can carry its name."""
    grafana = stack.environment.grafana
    if not grafana.url or grafana.delivery == "none":
        return {}
    shown = cluster or names.CLUSTER_OF_ALERT
    return {"dashboard_url": names.objective_dashboard_url(grafana.url, stack.name, component, objective, shown)}


def _keeps_cluster(expr: str, component: Component) -> bool:
    """Whether every result names its cluster, given that every series does: each target is scraped with that label.

    Where one does not, the link would choose the cluster without a name, and show nothing.
    """
    recorded = {one.record: one.expr for one in component.recordings}
    read = {name for text in (expr, *recorded.values()) for name in metric_names(text)}
    scraped = {name: f'{name}{{cluster!=""}}' for name in read}
    return label_flow(expr, scraped | recorded).surely_has("cluster")
