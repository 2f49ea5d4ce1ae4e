"""A dashboard's variables: what there is to choose, what was chosen, and queries with that filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from obsgen.query.prometheus import Prometheus

ALL: Final = ".*"
_VARIABLE: Final = re.compile(r"\$(?:\{(\w+)(?::\w+)?\}|(\w+))")
_LABEL_VALUES: Final = re.compile(r"label_values\((.+),\s*(\w+)\)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    """The time that is shown, in seconds since 1970, and how far apart its points are."""

    start: float
    end: float
    step: float


@dataclass(frozen=True, slots=True)
class Choice:
    """One variable: the values that there are, and the one that was chosen, or None for all of them."""

    name: str
    values: tuple[str, ...]
    chosen: str | None


def choices(
    body: Mapping[str, Any], prometheus: Prometheus, chosen: Mapping[str, str], at: float
) -> tuple[Choice, ...]:
    """The dashboard's variables in order, each with the values that those before it leave."""
    found: list[Choice] = []
    for variable in body["templating"]["list"]:
        if variable["type"] == "custom":
            # Its one choice is everything.
            found.append(Choice(variable["name"], (variable["current"]["text"],), None))
        if variable["type"] != "query":
            continue
        question = _LABEL_VALUES.match(_query_of(variable))
        if question is None:
            continue
        series, label = question.groups()
        query = f"group by ({label}) ({filled(series, found)})"
        values = sorted(
            {sample.labels[label] for sample in prometheus.instant(query, at=at) if sample.labels.get(label)}
        )
        name = variable["name"]
        found.append(Choice(name, tuple(values), chosen.get(name)))
    return tuple(found)


def everything(body: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The dashboard's variables with everything chosen, before anything is asked."""
    return tuple(Choice(variable["name"], (), None) for variable in body["templating"]["list"])


def filled(query: str, chosen: Sequence[Choice], span: Span | None = None, scrape_interval: float = 0.0) -> str:
    """The query as Grafana sends it; a variable that the dashboard does not have stays as it is."""
    values = {choice.name: ALL if choice.chosen is None else _escaped(choice.chosen) for choice in chosen}
    if span:
        values |= {
            # As Grafana's Prometheus source computes it.
            "__rate_interval": f"{max(span.step + scrape_interval, 4 * scrape_interval):.0f}s",
            "__interval": f"{span.step:.0f}s",
            "__range": f"{span.end - span.start:.0f}s",
        }
    return _VARIABLE.sub(lambda found: values.get(found[1] or found[2], found[0]), query)


def _escaped(value: str) -> str:
    """Taken literally by a pattern that stands in quotes, where a backslash is written twice."""
    return re.escape(value).replace("\\-", "-").replace("\\", "\\\\").replace('"', '\\"')


def _query_of(variable: Mapping[str, Any]) -> str:
    query = variable.get("query", "")
    return query if isinstance(query, str) else str(query.get("query", ""))
