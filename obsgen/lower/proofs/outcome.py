"""What an alert must look like when it fires: its labels, and its annotations as Alertmanager gets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from obsgen.ir.proofs import RenderedAlert, StateAssertion
from obsgen.ir.rules import AlertingRule
from obsgen.promql.labels import result_labels
from obsgen.promql.series import NAME, series_labels
from obsgen.promql.template import render
from obsgen.units import Duration


def firing_labels(rule: AlertingRule, series: Sequence[str], recorded: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    """The label sets with which the rule fires when every one of these series is past its threshold."""
    given = [series_labels(one) for one in series]
    return tuple({**_without_name(labels), **rule.labels} for labels in result_labels(rule.expr, given, recorded))


def rendered_alert(rule: AlertingRule, labels: Mapping[str, str], value: float) -> RenderedAlert:
    """The alert as it is sent: `labels` are those it fires with, `value` is the expression's."""
    shown = {name: text for name, text in labels.items() if name not in rule.labels} | dict(rule.labels)
    annotations = {name: render(text, shown, value) for name, text in rule.annotations.items()}
    return RenderedAlert(labels, annotations)


def state_of(
    rule: AlertingRule, at: Duration, labels: Sequence[Mapping[str, str]], *, pending: bool = False
) -> StateAssertion:
    """The rule is in this state, with exactly these label sets, at this moment."""
    state: Literal["pending", "firing"] = "pending" if pending else "firing"
    named = tuple({"alertname": rule.alert, "alertstate": state, **one} for one in labels)
    return StateAssertion(at, state, named)


def _without_name(labels: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in labels.items() if name != NAME}
