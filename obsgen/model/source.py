"""A source: something that is scraped, by obsgen's own jobs or by others, and what its series look like."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from obsgen.diagnostics import Location
from obsgen.promql.matcher import Matcher
from obsgen.spec.layers import Layer
from obsgen.spec.seen import OF_THE_SCRAPE
from obsgen.units import Duration


@dataclass(frozen=True, slots=True)
class ScrapeJob:
    """One scrape job; `name` becomes the label `job` of everything it brings in."""

    name: str
    namespace: str
    selector: Mapping[str, str]
    pods: bool
    targets: tuple[str, ...]
    port: str
    path: str
    scheme: str
    interval: Duration
    timeout: Duration
    service_account_token: bool
    honor_labels: bool
    tls: Mapping[str, str | bool]
    labels_from: Mapping[str, str]
    drop_metrics: tuple[str, ...]
    origin: Location


@dataclass(frozen=True, slots=True)
class LeftJob:
    """A job that the spec switches off because others scrape its targets; `declared` by the pack or by a source."""

    name: str
    declared: bool
    origin: Location


@dataclass(frozen=True, slots=True)
class Drop:
    """Series that are thrown away at the scrape: of these metrics, those that pass all of `where`."""

    metrics: Matcher
    where: tuple[Matcher, ...] = ()

    def takes_series(self, labels: Mapping[str, str]) -> bool:
        """Whether the series with these labels goes."""
        return self.metrics.matches(labels["__name__"]) and all(
            one.matches(labels.get(one.name, "")) for one in self.where
        )

    def takes(self, metric: str, matchers: Collection[Matcher]) -> bool:
        """Whether it leaves nothing of what a selector with these matchers reads."""
        return self.metrics.matches(metric) and all(
            any(one == condition or _within(one, condition) for one in matchers) for condition in self.where
        )


@dataclass(frozen=True, slots=True)
class Keep:
    """The only metrics that are kept at the scrape, what the list is called, and how to keep another."""

    metrics: Matcher
    called: str
    remedy: str

    def leaves_out(self, metric: str) -> bool:
        """Whether the list has no such metric; what Prometheus itself writes of a target passes every list."""
        return metric not in OF_THE_SCRAPE and not self.metrics.matches(metric)


@dataclass(frozen=True, slots=True)
class Source:
    """`matchers` pass all of its series; `scraped_by` names who else scrapes it, empty where obsgen does."""

    name: str
    selector: str
    matchers: tuple[Matcher, ...]
    jobs: tuple[ScrapeJob, ...] = ()
    """How obsgen scrapes it; none where others do."""
    scraped_by: str = ""
    layer: Layer | None = None
    """Where it stands, for one that belongs to no pack."""
    labels: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """Labels that only obsgen's own jobs put on, with what discovery knows of the target."""
    absent: str = ""
    """Why there is nothing to read; empty where there is."""
    drops: tuple[Drop, ...] = ()
    keeps: Keep | None = None
    origin: Location = field(default_factory=lambda: Location("", 1, 1))

    def gives(self, matchers: Iterable[Matcher]) -> bool:
        """Whether a selector with these matchers reads it."""
        return bool(self.matchers) and set(self.matchers) <= set(matchers)

    def lacks(self, metric: str, matchers: Collection[Matcher] = ()) -> str:
        """Why this metric, with these matchers, does not arrive; empty where it does, or where that cannot be told."""
        if self.absent:
            return self.absent
        if any(drop.takes(metric, matchers) for drop in self.drops):
            return f"{self.scraped_by or 'the scrape'} drops {metric}"
        if self.keeps and self.keeps.leaves_out(metric):
            return f"{self.keeps.called} has no {metric}"
        return ""


def _within(matcher: Matcher, condition: Matcher) -> bool:
    """Whether whatever passes the matcher passes the condition: it names its values, such as 0.5 or 1(\\.0)?."""
    if matcher.name != condition.name or matcher.op not in {"=", "=~"}:
        return False
    if matcher.op == "=":
        return condition.matches(matcher.value)
    whole = matcher.value.removesuffix(r"(\.0)?")
    return bool(_PLAIN.fullmatch(whole)) and all(map(condition.matches, {whole, whole + ".0"}))


_PLAIN = re.compile(r"[\w ]*")
