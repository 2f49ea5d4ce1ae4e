"""The choices at the top of a dashboard: the datasource, then labels that narrow each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from obsgen.emit.grafana.queries import DATASOURCE
from obsgen.ir.views import ViewVariable

# Values of Grafana's own enumerations.
REFRESH_ON_LOAD, REFRESH_ON_TIME_CHANGE = 1, 2
SORT_ALPHABETICALLY = 1
LABEL_VALUES_QUERY = 1

EVERYTHING = ".*"
_COMMA = r"\,"


def variables(chosen: Sequence[ViewVariable]) -> list[dict[str, Any]]:
    """The datasource first, then one variable per label, each narrowed by those before it."""
    labels = (
        _only(variable) if variable.only else _label(variable, chosen[:place]) for place, variable in enumerate(chosen)
    )
    return [_datasource(), *labels]


def _datasource() -> dict[str, Any]:
    return {
        "type": "datasource",
        "name": "datasource",
        "label": "Data source",
        "query": "prometheus",
        "refresh": REFRESH_ON_LOAD,
        "includeAll": False,
        "multi": False,
    }


def _label(variable: ViewVariable, before: Sequence[ViewVariable]) -> dict[str, Any]:
    query = f"label_values({_narrowed(variable.metric, before)}, {variable.label})"
    return {
        "type": "query",
        "name": variable.name,
        "label": variable.title,
        "datasource": DATASOURCE,
        "definition": query,
        "query": {
            "qryType": LABEL_VALUES_QUERY,
            "query": query,
            "refId": "PrometheusVariableQueryEditor-VariableQuery",
        },
        "refresh": REFRESH_ON_TIME_CHANGE,
        "sort": SORT_ALPHABETICALLY,
        "includeAll": True,
        # One short matcher in place of an alternation of every value there is.
        "allValue": EVERYTHING,
        "multi": True,
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
    }


def _only(variable: ViewVariable) -> dict[str, Any]:
    """One choice that matches everything, under a name of its own.

    A link that gives the name chooses it: Grafana looks for an option of that value, then of that text. With several
    values or All to choose, its Prometheus source would escape the pattern.
    """
    everything = {"text": variable.only, "value": EVERYTHING}
    return {
        "type": "custom",
        "name": variable.name,
        "label": variable.title,
        "query": f"{variable.only.replace(',', _COMMA)} : {EVERYTHING}",
        "options": [{"selected": True, **everything}],
        "includeAll": False,
        "multi": False,
        "current": {"selected": True, **everything},
    }


def _narrowed(metric: str, before: Sequence[ViewVariable]) -> str:
    name, _, inside = metric.strip().removesuffix("}").partition("{")
    matchers = [inside.strip().rstrip(",")] if inside.strip() else []
    matchers += [f'{variable.label}=~"${variable.name}"' for variable in before]
    return f"{name}{{{','.join(matchers)}}}" if matchers else name
