"""Writes the made-up platform's samples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from obsgen.emit.grafana.load import dashboard_body, panels_of
from obsgen.ir.bundle import Bundle
from obsgen.made_up.levels import Illness, ill
from obsgen.made_up.objectives import objective_samples
from obsgen.made_up.signals import signal_samples
from obsgen.made_up.times import ILL_SECONDS, SECONDS, moments_to
from obsgen.made_up.unfed import unfed_samples
from obsgen.model.stack import Component, Stack
from obsgen.preview.answers import span_of
from obsgen.preview.choices import everything, filled

_METRIC = re.compile(r"[^{ ]+")


def write_samples(stack: Stack, bundle: Bundle, views: Path, path: Path, end: int) -> None:
    """Write OpenMetrics up to `end`, in seconds since 1970; what rules record of it is not in it."""
    moments = moments_to(end)
    series: set[str] = set()
    # Objectives first: of a series that both read, theirs is the one that spends a budget.
    lines = [
        *objective_samples(stack, moments, series, lambda _, labels: labels),
        *_of_signals(stack, moments, series),
    ]
    recorded = {rule.record for rules in bundle.rule_sets for group in rules.groups for rule in group.recordings}
    known = {*recorded, *(found[0] for line in lines if (found := _METRIC.match(line))), "ALERTS"}
    unfed = unfed_samples(
        _queries(bundle, views, end), lambda one: one.metric in known, stack.environment.cluster, moments
    )
    with path.open("w", encoding="utf-8") as out:
        out.writelines(lines)
        out.writelines(unfed)
        out.write("# EOF\n")


def _of_signals(stack: Stack, moments: range, known: set[str]) -> Iterator[str]:
    """Well at first, and then one signal of each component is not."""

    def arriving(_: Component, labels: Mapping[str, str]) -> Mapping[str, str]:
        return {"cluster": stack.environment.cluster, **labels}

    return signal_samples(stack, moments, known, Illness(dict(ill(stack)), moments[-1] - ILL_SECONDS), arriving)


def _queries(bundle: Bundle, views: Path, end: int) -> Iterator[str]:
    for view in bundle.views:
        body = dashboard_body(view, views)
        chosen = everything(body)
        for panel in panels_of(body):
            for target in panel.get("targets", ()):
                yield filled(target["expr"], chosen, span_of(end, SECONDS), 30.0)
