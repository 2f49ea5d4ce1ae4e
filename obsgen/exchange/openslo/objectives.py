"""The objectives of one SLO: each of them is one of its own in a spec."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from obsgen.diagnostics import Diagnosed, Diagnostic, Findings
from obsgen.exchange.node import Node, text_map
from obsgen.exchange.openslo.alerts import alerts_of
from obsgen.exchange.openslo.indicator import Sources, measure_of
from obsgen.exchange.openslo.period import period_of
from obsgen.exchange.openslo.references import References
from obsgen.exchange.taken import TakenObjective, inexpressible, measured, object_name, target_text

# Labels that say whose a service is and where it runs.
ABOUT_SERVICES = ("team", "owner", "namespace")
_FIELDS = ("description", "service", "indicator", "indicatorRef", "budgetingMethod", "objectives")
_WINDOWS = ("timeWindow", "timeWindows")
_ENTRY_FIELDS = ("displayName", "target", "targetPercent", "op", "value", "ratioMetrics")


def taken_objectives(slo: Node, references: References, found: Findings) -> Sequence[TakenObjective]:
    """The SLO's objectives; `Diagnosed` where the whole of it cannot be taken over."""
    spec, lost = slo.need("spec"), Findings()
    _only_occurrences(spec)
    period = period_of(spec, lost)
    alerts = alerts_of(spec, period, references, lost)
    lost.add(*spec.unread(*_FIELDS, *_WINDOWS, "alertPolicies"), *_labels_lost(slo.need("metadata")))
    entries = list(spec.need("objectives").items())
    taken: list[TakenObjective] = []
    for entry in entries:
        one = _Entry(slo, entry, alone=len(entries) == 1)
        try:
            taken.append(replace(one.taken(period, references, lost), alerts=alerts))
        except Diagnosed as mistakes:
            found.add(*mistakes.diagnostics)
    if taken:
        found.add(*lost.noted)
    return taken


@dataclass(frozen=True, slots=True)
class _Entry:
    """One of an SLO's objectives. `alone` says that it is the only one and can have the SLO's name."""

    slo: Node
    entry: Node
    alone: bool

    def taken(self, period: str, references: References, lost: Findings) -> TakenObjective:
        """The objective; what it loses is noted."""
        spec = self.slo.need("spec")
        for field in ("indicator", "indicatorRef", "compositeWeight"):
            part = self.entry.get(field)
            if part:
                raise inexpressible(part, "a composite objective, made of several indicators, cannot be taken over")
        percent = self.entry.get("targetPercent")
        target = target_text(percent or self.entry.need("target"), percent=percent is not None)
        query, read = measure_of(spec, self.entry, Sources(references, lost))
        indicator = measured(query, read, lost)
        lost.add(*self.entry.unread(*_ENTRY_FIELDS))
        service, about = spec.need("service").text(), spec.get("description")
        return TakenObjective(
            service=service,
            name=self._name(target),
            indicator=indicator,
            target=target,
            period=period,
            place=self.entry.place,
            title=self._title(),
            about=about.text().strip() if about else None,
        )

    def _name(self, target: str) -> str:
        name = self.slo.need("metadata").need("name").text()
        shown = self.entry.get("displayName")
        return name if self.alone else f"{name}-{object_name(shown.text() if shown else target)}"

    def _title(self) -> str | None:
        shown = (self.slo.need("metadata").get("displayName"), self.entry.get("displayName"))
        texts = [one.text().strip() for one in shown if one]
        return " – ".join(texts[:1] if self.alone else texts) or None


def _only_occurrences(spec: Node) -> None:
    method = spec.get("budgetingMethod")
    if method and method.content != "Occurrences":
        message = f"budgets are counted in occurrences, not in '{method.text()}'"
        hint = "obsgen divides all failed events of a period by all its events; a share of good minutes differs from it"
        raise inexpressible(method, message, hint)


def _labels_lost(metadata: Node) -> Iterator[Diagnostic]:
    labels = metadata.get("labels")
    others = [one for one in text_map(labels) if one not in ABOUT_SERVICES]
    if labels and others:
        yield labels.lost(f"labels of an SLO are not taken over: {', '.join(others)}", "those of its Service are")
