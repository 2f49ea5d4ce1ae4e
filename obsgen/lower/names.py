"""Every name that obsgen makes up, spelled once."""

from __future__ import annotations

import re

from obsgen.model.stack import Component

WATCHDOG = "ObsgenWatchdog"


def rule_set(component: Component) -> str:
    """The rules of one component: an object name, unique in the stack."""
    return f"{component.layer}-{component.name}"


def rule_group(component: Component, purpose: str) -> str:
    """A rule group: `kubernetes.etcd.alerts`."""
    return f"{component.layer}.{component.name}.{purpose}"


def dashboard_uid(stack: str, component: Component) -> str:
    """Stable and readable, at most Grafana's 40 characters."""
    return f"obsgen-{stack}-{component.name}"[:40].rstrip("-")


def runbook_file(component: str) -> str:
    """The page's file name inside the folder of runbooks."""
    return f"{component}.md"


def runbook_anchor(alert: str) -> str:
    """The heading's anchor as Git hosts derive it."""
    return re.sub(r"[^a-z0-9-]", "", alert.lower())


def runbook_url(base_url: str, component: str, alert: str) -> str:
    """Where the alert's section can be read."""
    return f"{base_url.rstrip('/')}/{runbook_file(component)}#{runbook_anchor(alert)}"
