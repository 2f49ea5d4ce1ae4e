"""The bundle: everything one spec stands for, before any output format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from obsgen.ir.proofs import Proof
from obsgen.ir.routes import RouteTest, Routing
from obsgen.ir.rules import AlertingRule, AlertKey, RecordingRule, RuleSet
from obsgen.ir.topics import TopicView
from obsgen.ir.views import ObjectivesView, PackView
from obsgen.model.source import ScrapeJob
from obsgen.spec.layers import Layer

View = PackView | ObjectivesView | TopicView


@dataclass(frozen=True, slots=True)
class Scrape:
    """A scrape job, the component that it feeds, and the source where that belongs to several of them."""

    component: str
    layer: Layer
    team: str
    job: ScrapeJob
    source: str = ""


@dataclass(frozen=True, slots=True)
class RunbookPage:
    """The runbook of one component in Markdown."""

    component: str
    text: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the passes build, each adding its part."""

    scrapes: tuple[Scrape, ...] = ()
    rule_sets: tuple[RuleSet, ...] = ()
    runbooks: tuple[RunbookPage, ...] = ()
    proofs: tuple[Proof, ...] = ()
    routing: Routing | None = None
    route_tests: tuple[RouteTest, ...] = ()
    views: tuple[View, ...] = ()

    @property
    def alerts(self) -> tuple[AlertingRule, ...]:
        """Every alerting rule, in order."""
        return tuple(rule for rules in self.rule_sets for rule in rules.alerts)

    @property
    def recordings(self) -> Mapping[str, RecordingRule]:
        """Every recording rule by the name that it records; objectives, which share their names, are not among them."""
        return {rule.record: rule for rules in self.rule_sets for rule in rules.recordings}

    @property
    def proofs_by_alert(self) -> Mapping[AlertKey, Sequence[Proof]]:
        """The tests of each alert, by what tells it apart."""
        found: dict[AlertKey, list[Proof]] = {}
        for proof in self.proofs:
            found.setdefault(proof.key, []).append(proof)
        return found
