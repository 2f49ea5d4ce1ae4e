"""The form of a source: something that is scraped, what its series look like, and the jobs that bring them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from obsgen.spec.layers import Layer
from obsgen.spec.names import LabelKey, ObjectName, PortName
from obsgen.spec.written import Identifier, Interval, LabelName, Reason, Template, Written


class TlsSpec(Written):
    """How a scrape trusts its target: a Secret with ca.crt, tls.crt and tls.key, or paths inside Prometheus' pod."""

    secret: ObjectName | None = None
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    server_name: str | None = None
    insecure_skip_verify: bool = False


class ScrapeSpec(Written):
    """One scrape job: the Services (or pods, or fixed targets) that expose the metrics."""

    enabled: bool | None = None
    namespace: Template | None = None
    selector: dict[LabelKey, Template] | None = Field(None, description="labels of the Service, or of the pods")
    pods: bool | None = None
    targets: list[str] | None = Field(None, description="fixed host:port addresses outside the cluster")
    port: PortName | None = None
    path: str | None = None
    scheme: Literal["http", "https"] | None = None
    interval: Interval | None = None
    timeout: Interval | None = None
    tls: TlsSpec | None = None
    service_account_token: bool | None = None
    honor_labels: bool | None = None
    labels_from: dict[LabelName, str] | None = Field(None, description="target label: discovery meta label")
    drop_metrics: list[str] | None = None
    needs: list[Identifier] | None = Field(None, description="parameters without which the job is left out")

    def changed_by(self, later: ScrapeSpec) -> ScrapeSpec:
        """The job with what is written of it later."""
        return self.model_copy(update={key: getattr(later, key) for key in later.model_fields_set})


class DroppedSpec(Written):
    """Series that are thrown away at the scrape."""

    metrics: str = Field(description="a regular expression for the whole name")
    where: str = Field("", description="matchers of the series that go; all of the metric's unless given")


class KeptSpec(Written):
    """The only metrics that are kept at the scrape."""

    when: dict[Identifier, str] = Field(
        default_factory=dict, description="options of the installation under which the list holds; always unless given"
    )
    metrics: list[str] = Field(min_length=1, description="names, or regular expressions for the whole name")
    called: str = Field(description="how the installation calls this list")
    remedy: str = Field(description="what to do so that it keeps another metric")


class SourceSpec(Written):
    """A source; a pack, a distribution, an installation and a spec each say the part that they know."""

    about: str | None = None
    layer: Layer | None = Field(None, description="where it stands, for one that belongs to no pack")
    same_as: Identifier | None = Field(
        None, description="another source, in whose series these are, as one process serves both"
    )
    selector: Template | None = Field(None, description="the matchers that all of its series pass")
    scrape: dict[Template, ScrapeSpec] | None = Field(
        None, description="the jobs by which obsgen scrapes it; of a job that is known by then, only what changes"
    )
    elsewhere: bool | None = Field(None, description="whether others scrape it, so that obsgen writes no monitor")
    labels: dict[LabelName, Template] | None = Field(
        None, description="target labels besides those of the selector, each with an example"
    )
    without: list[LabelName] | None = Field(None, description="labels of the exporter's that do not arrive")
    absent: Reason | None = Field(None, description="why there is nothing to read, and what would change that")
    drops: list[DroppedSpec] | None = None
    keeps: KeptSpec | None = None


class SourcesSpec(Written):
    """`config/sources.yaml`: what several packs read."""

    sources: dict[Identifier, SourceSpec]
