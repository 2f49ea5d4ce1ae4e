"""The label `cluster` where series lack it: alerts get it from their rules, and texts have the name written out."""

from __future__ import annotations

from collections.abc import Mapping

from obsgen.model.stack import Stack
from obsgen.promql.template import written_out

_LABEL = "cluster"


def cluster_label(stack: Stack, *, missing: bool = False) -> dict[str, str]:
    """The label as a rule sets it; without `missing`, which says that the result has none, only where series lack it.

    Series that carry it all the same carry the same name, so that results do not change.
    """
    return {_LABEL: stack.environment.cluster} if missing or stack.clusterless else {}


def named_cluster(templates: Mapping[str, str], stack: Stack) -> dict[str, str]:
    """The templates with the cluster's name, which Prometheus fills in from the series alone, never from the rule."""
    if not stack.clusterless:
        return dict(templates)
    return {name: written_out(text, _LABEL, stack.environment.cluster) for name, text in templates.items()}


def told_apart_by(labels: tuple[str, ...], stack: Stack) -> tuple[str, ...]:
    """These labels, and the cluster where series carry it."""
    return labels if stack.clusterless else (_LABEL, *labels)
