"""A source: something that is scraped, by obsgen's own jobs or by others, and what its series look like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from obsgen.diagnostics import Location
from obsgen.promql.matcher import Matcher
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
class Drop:
    """Series that are thrown away at the scrape: of these metrics, those that pass all of `where`."""

    metrics: Matcher
    where: tuple[Matcher, ...] = ()


@dataclass(frozen=True, slots=True)
class Keep:
    """The only metrics that are kept at the scrape, what the list is called, and how to keep another."""

    metrics: Matcher
    called: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Source:
    """`matchers` pass all of its series; `scraped_by` names who else scrapes it, empty where obsgen does."""

    name: str
    selector: str
    matchers: tuple[Matcher, ...]
    jobs: tuple[ScrapeJob, ...] = ()
    """How obsgen scrapes it; none where others do."""
    scraped_by: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    absent: str = ""
    """Why there is nothing to read; empty where there is."""
    drops: tuple[Drop, ...] = ()
    keeps: Keep | None = None
    origin: Location = field(default_factory=lambda: Location("", 1, 1))

    def gives(self, matchers: Iterable[Matcher]) -> bool:
        """Whether a selector with these matchers reads it."""
        return bool(self.matchers) and set(self.matchers) <= set(matchers)

    def lacks(self, metric: str) -> str:
        """Why this metric does not arrive; empty where it does, or where that cannot be told."""
        if self.absent:
            return self.absent
        if any(not drop.where and drop.metrics.matches(metric) for drop in self.drops):
            return f"{self.scraped_by or 'the scrape'} drops {metric}"
        # What Prometheus itself writes of a target passes every list.
        if self.keeps and metric not in _OF_THE_SCRAPE and not self.keeps.metrics.matches(metric):
            return f"{self.keeps.called} has no {metric}"
        return ""


_OF_THE_SCRAPE = (
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
)
