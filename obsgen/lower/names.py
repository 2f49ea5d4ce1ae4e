"""Every name that obsgen makes up, spelled once."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Literal

from obsgen.model.stack import Component
from obsgen.units import Duration

WATCHDOG = "ObsgenWatchdog"
# The receiver that tells nobody, for what a spec drops with a reason.
NOBODY = "obsgen-nobody"


def rule_set(component: Component) -> str:
    """The rules of one component: an object name, unique in the stack."""
    return f"{component.layer}-{component.name}"


def rule_group(component: Component, purpose: str) -> str:
    """A rule group: `kubernetes.etcd.alerts`."""
    return f"{component.layer}.{component.name}.{purpose}"


def objective_group(component: Component, objective: str) -> str:
    """The rule group of one objective: `application.orders.objective.success`."""
    return f"{component.layer}.{component.name}.objective.{objective}"


def objective_selector(component: str, objective: str) -> str:
    """The matchers of everything that is recorded of one objective; they never change with its team or target."""
    return f'component="{component}",objective="{objective}"'


def errors_rate(base: Duration) -> str:
    """Failed events per second: `objective:errors:rate5m`."""
    return f"objective:errors:rate{base}"


def total_rate(base: Duration) -> str:
    """All events per second: `objective:total:rate5m`."""
    return f"objective:total:rate{base}"


def error_ratio(window: str) -> str:
    """The share of events that failed: `objective:error_ratio:rate1h`, over the calendar month `…:month`."""
    return f"objective:error_ratio:{'month' if window == 'month' else f'rate{window}'}"


def events_over(which: Literal["errors", "total"], period: str) -> str:
    """How many events there were in the period: `objective:errors:increase30d`, this month `…:month`."""
    return f"objective:{which}:{'month' if period == 'month' else f'increase{period}'}"


def of_month(rate: str) -> str:
    """A recorded rate with the number of its month as a label."""
    return f"{rate}_of_month"


# The share of the period's error budget that is left: 1 when nothing failed, below 0 when it is overspent.
BUDGET_REMAINING = "objective:error_budget:remaining"
# How many times faster than sustainable the budget is spent, over the last hour.
BURN_RATE = "objective:burn_rate:rate1h"
# What was promised, as a ratio, with the labels team, layer, period and sli for joins; and the period in days.
TARGET = "objective:target:ratio"
PERIOD_DAYS = "objective:period:days"


# What Grafana takes as the identity of a dashboard.
_UID_LENGTH = 40
CLUSTER_OF_ALERT = "{{ $labels.cluster }}"


def dashboard_uid(stack: str, component: Component) -> str:
    """The dashboard of a component: stable and readable."""
    return fitting(f"obsgen-{stack}-{component.name}", _UID_LENGTH)


def objectives_uid(stack: str, component: Component) -> str:
    """The dashboard of a component's objectives: stable and readable."""
    return fitting(f"obsgen-{stack}-{component.name}-objectives", _UID_LENGTH)


def folder_uid(stack: str) -> str:
    """The folder of all dashboards of the stack, in Grafana's own API."""
    return fitting(f"obsgen-{stack}-folder", _UID_LENGTH)


def topic_uid(stack: str, topic: str) -> str:
    """The dashboard of a topic of the whole platform: `obsgen-example-all-overview`."""
    return fitting(f"obsgen-{stack}-all-{topic}", _UID_LENGTH)


def fitting(name: str, most: int) -> str:
    """As it is where it is short enough; else its beginning, and a hash by which two of them differ."""
    if len(name) <= most:
        return name
    digest = sha256(name.encode()).hexdigest()[:8]
    return f"{name[: most - 9].rstrip('-')}-{digest}"


def dashboard_url(grafana_url: str, stack: str, component: Component, cluster: str | None) -> str:
    """The component's dashboard; `cluster` is a name or a template, None where nothing is known of it."""
    narrowed = f"?var-cluster={cluster}" if cluster else ""
    return f"{grafana_url.rstrip('/')}/d/{dashboard_uid(stack, component)}{narrowed}"


def objective_dashboard_url(
    grafana_url: str, stack: str, component: Component, objective: str, cluster: str = CLUSTER_OF_ALERT
) -> str:
    """The dashboard of the component's objectives, narrowed to one; give the cluster where no series carries it."""
    narrowed = f"var-cluster={cluster}&var-objective={objective}"
    return f"{grafana_url.rstrip('/')}/d/{objectives_uid(stack, component)}?{narrowed}"


def runbook_file(component: str) -> str:
    """The page's file name inside the folder of runbooks."""
    return f"{component}.md"


def runbook_anchor(alert: str) -> str:
    """The heading's anchor as Git hosts derive it."""
    return re.sub(r"[^a-z0-9-]", "", alert.lower())
