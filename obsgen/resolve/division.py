"""Alerts divided by overrides: a part for each override that changes them, and the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from obsgen.diagnostics import Diagnostic, Level
from obsgen.model.feed_names import FeedNames
from obsgen.model.part import Part
from obsgen.model.setting import Setting
from obsgen.model.stack import Alert, Signal
from obsgen.promql.error import PromQLError
from obsgen.promql.labels import label_flow
from obsgen.promql.narrowing import CannotNarrow, narrowed
from obsgen.promql.series import NAME, series_labels
from obsgen.promql.spoken_labels import spoken_labels
from obsgen.promql.template import labels_used
from obsgen.resolve.overrides import Override
from obsgen.resolve.scope import Scope
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.template import render


@dataclass(frozen=True, slots=True)
class Division:
    """A component's overrides, and what becomes of them alert by alert."""

    scope: Scope
    overrides: tuple[Override, ...]
    signals: Mapping[str, Signal]
    recorded: Mapping[str, str]
    feed_names: FeedNames
    _divided: dict[str, set[str]] = field(default_factory=dict)
    """By override the settings of the alerts that it divided."""
    _refused: list[tuple[Override, Alert, str]] = field(default_factory=list)
    """Alerts that an override would change by a threshold alone and cannot, and why."""

    def divided(self, whole: Sequence[Alert], parts: Sequence[tuple[Override, Sequence[Alert]]]) -> Iterator[Alert]:
        """The alert as it is for what no override takes, and as each of them has it for what it takes."""
        taken: list[Override] = []
        left: list[Setting] = []
        found: list[Alert] = []
        for override, own in parts:
            sample = next(iter((*own, *whole)), None)
            if sample is None or not self._can_be(sample, override):
                continue
            part, where = override.part(taken), self.scope.places.of_key(*override.path)
            if not part.selections:
                before = ", ".join(f"'{one.name}'" for one in taken)
                message = f"nothing of '{sample.name}' is left for the override '{override.name}' after {before}"
                self.scope.findings.error("OBS235", message, where, "the first that takes a series has it: move it up")
            chosen = Setting("override", override.name, where)
            found += [replace(one, part=part, settings=(chosen, *one.settings)) for one in own]
            left.append(Setting("leaves to", override.name if own else f"{override.name}, where it is off", where))
            taken.append(override)
            self._divided.setdefault(override.name, set()).update(one.name for each in own for one in each.settings)
        rest = Part(outside=tuple(one.matchers for one in taken))
        if whole and not rest.selections:
            message = f"the override '{taken[-1].name}' leaves nothing of '{whole[0].name}' to the rest"
            where = self.scope.places.of_key(*taken[-1].path)
            self.scope.findings.error("OBS235", message, where, "change the component itself instead")
        yield from (replace(one, part=rest, settings=(*one.settings, *left)) for one in whole)
        yield from found

    def _can_be(self, alert: Alert, override: Override) -> bool:
        """Whether the alert can be divided like this; an alert that the override names has to be."""
        obstacle = self._obstacle(alert, override)
        if obstacle and alert.name in override.spec.alerts:
            self._note(override, alert, obstacle, ("alerts", alert.name), "error")
        elif obstacle:
            self._refused.append((override, alert, obstacle))
        return not obstacle

    def _obstacle(self, alert: Alert, override: Override) -> str | None:
        """Why the alert's series cannot be told apart by the override's labels; None where they can."""
        if alert.absent:
            return "what is absent has no labels"
        try:
            narrowed(self._first(alert), override.matchers, self.recorded)
        except CannotNarrow as fault:
            return f"its results do not come with the label '{fault.label}', for {fault}"
        carried = self._carried(alert)
        lacking = sorted(override.owners - carried)
        return f"its series do not carry the label '{lacking[0]}'" if lacking else None

    def _first(self, alert: Alert) -> str:
        """The expression whose labels the alert fires with."""
        return alert.expr or self.signals[alert.conditions[0].signal].expr

    def _carried(self, alert: Alert) -> frozenset[str]:
        """The labels that its results come with, or by which its series are known where they keep all that they have.

        Known is what it names, and what the series of its signals have. What its tests feed does not count: they must
        decide nothing that is emitted.
        """
        possible = label_flow(self._first(alert), self.recorded).possible
        if possible is not None:
            return possible
        fed = (feed.series for one in alert.conditions[:1] for feed in self.signals[one.signal].feed)
        named = (spoken_labels(self._first(alert)), labels_used(alert.summary), labels_used(alert.description))
        return frozenset[str]().union(*named, *map(self._labels, fed))

    def _labels(self, template: str) -> Iterator[str]:
        try:
            yield from series_labels(self.feed_names.series(render(template, self.feed_names)))
        except (TemplateFault, PromQLError):
            return  # noted where the series is used

    def unused(self) -> None:
        """Note what an override changes in vain, once all alerts are known."""
        for override, alert, obstacle in self._refused:
            level: Level = "warning" if override.name in self._divided else "error"
            self._note(override, alert, obstacle, ("thresholds",), level)
        refused = {override.name for override, _, _ in self._refused}
        for override in self.overrides:
            used = self._divided.get(override.name, set())
            for name in override.spec.thresholds.keys() & override.thresholds.keys():
                left_out = name in self.scope.lacking.thresholds
                if f"threshold {name}" not in used and override.name not in refused and not left_out:
                    message = (
                        f"no alert that is on compares with '{name}', so the override '{override.name}' is in vain"
                    )
                    where = self.scope.places.of_key(*override.path, "thresholds", name)
                    hint = "change it for the whole component: thresholds, beside overrides"
                    self.scope.findings.error("OBS237", message, where, hint)

    def _note(self, override: Override, alert: Alert, obstacle: str, at: tuple[str, ...], level: Level) -> None:
        message = f"the override '{override.name}' cannot change '{alert.name}': {obstacle}"
        where = self.scope.places.of_key(*override.path, *at)
        self.scope.findings.add(Diagnostic("OBS236", message, where, self._labels_to_match(alert), level))

    def _labels_to_match(self, alert: Alert) -> str | None:
        if alert.absent:
            return None
        kept = sorted(self._carried(alert) - {NAME})
        return f"labels that it comes with: {', '.join(kept)}" if kept else None
