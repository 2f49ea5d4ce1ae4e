"""The form of a spec: the three layers, the environment they run in, and who is told."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from obsgen.address import is_address
from obsgen.limits import SPEC_FILES
from obsgen.spec.clusters import ClusterSpec
from obsgen.spec.installation import USUAL_DISTRIBUTION, ClusterOn, InstallationChoice
from obsgen.spec.names import LabelKey, LabelValue, Name, Namespace, ObjectName
from obsgen.spec.objectives import ObjectiveSpec
from obsgen.spec.overrides import OverrideSpec, ThresholdsSpec
from obsgen.spec.pack import AlertSpec, DashboardSpec
from obsgen.spec.routing import RoutingSpec
from obsgen.spec.signals import SignalSpec
from obsgen.spec.sources import ScrapeSpec, SourceSpec
from obsgen.spec.written import AlertName, EmptyAllowed, Identifier, Interval, LabelName, Written
from obsgen.units import Amount, Duration, Version

MatcherStrategy = Literal["OnNamespace", "OnNamespaceExceptForAlertmanagerNamespace", "None"]


class MetadataSpec(Written):
    """The stack's name, which every emitted object carries, and the team that owns what nobody else does."""

    name: Name
    team: Name = "platform"


class PrometheusSpec(Written):
    """The Prometheus that evaluates the rules."""

    namespace: Namespace = "monitoring"
    service_account: ObjectName = "prometheus-k8s"
    version: Version = Version(2, 42)
    scrape_interval: Interval = Duration(30_000)
    evaluation_interval: Interval = Duration(30_000)
    selector_labels: dict[LabelKey, LabelValue] = Field(default_factory=dict)


class AlertmanagerSpec(Written):
    """The Alertmanager that routes the alerts."""

    namespace: Namespace | None = None
    secret: ObjectName = "alertmanager-main"  # noqa: S105 - the name of a Secret, not its content
    version: Version = Version(0, 25)
    delivery: Literal["secret", "alertmanagerconfig"] = Field(
        "secret", description="what prometheus-operator gets: the whole configuration, or one AlertmanagerConfig"
    )
    matcher_strategy: MatcherStrategy = Field(
        "OnNamespace", description="what the Alertmanager object says under alertmanagerConfigMatcherStrategy.type"
    )
    selector_labels: dict[LabelKey, LabelValue] = Field(
        default_factory=dict, description="what the Alertmanager object selects AlertmanagerConfigs by"
    )
    secrets_folder: str = "/etc/alertmanager/secrets"
    address: str = "alertmanager-main.monitoring.svc:9093"


def _address(url: str) -> str:
    if not re.fullmatch(r"[^\s?#{}\"]+", url) or not is_address(url):
        msg = f"'{url}' is not an address that links can begin with: write https:// or http:// and the host"
        raise ValueError(msg)
    return url.rstrip("/")


Topic = Literal["overview", "layer", "alerts", "monitoring", "capacity", "node", "namespace", "workload"]
TOPICS: tuple[Topic, ...] = get_args(Topic)


class GrafanaSpec(Written):
    """How dashboards reach Grafana."""

    delivery: Literal["configmap", "grafana-operator", "dashboard-resources", "none"] = "configmap"
    dashboard_schema: Literal["classic", "v2beta1", "v2"] = Field(
        "classic", description="the form of dashboard-resources: v2beta1 from Grafana 12 on, v2 from 13 on"
    )
    views: list[Topic] = Field(
        default_factory=lambda: list(TOPICS), description="the dashboards about the whole platform; all unless given"
    )
    namespace: Namespace | None = None
    folder: str = "Kubernetes"
    labels: dict[LabelKey, LabelValue] = Field(default_factory=lambda: {"grafana_dashboard": "1"})
    instance_selector: dict[LabelKey, LabelValue] = Field(default_factory=lambda: {"dashboards": "grafana"})
    dashboards_folder: str = Field(
        "/var/lib/grafana/dashboards", description="where Grafana finds the files of the target prometheus"
    )
    url: Annotated[str, AfterValidator(_address)] | None = Field(
        None, description="Grafana's own address, for links from alerts: https://grafana.example.com"
    )

    @model_validator(mode="after")
    def _schema_can_be_delivered(self) -> GrafanaSpec:
        if self.dashboard_schema != "classic" and self.delivery != "dashboard-resources":
            msg = f"{self.dashboard_schema} goes with delivery dashboard-resources; {self.delivery} is for classic"
            raise ValueError(msg)
        return self


class RunbooksSpec(Written):
    """Where the emitted runbooks can be read."""

    base_url: str


class ArgocdSpec(Written):
    """How Argo CD applies the objects."""

    sync_wave: int = Field(description="the wave of what needs the operator's definitions; all else stays in wave 0")


class EnvironmentSpec(Written):
    """The cluster and the versions of what runs in it."""

    cluster: str = Field(description="its name, the value of the label cluster; --cluster NAME takes its place")
    distribution: Name = Field(
        USUAL_DISTRIBUTION, description="whose Kubernetes it is: config/distributions/<name>.yaml"
    )
    installation: InstallationChoice = Field(
        default_factory=InstallationChoice, description="the monitoring that the cluster has already"
    )
    cluster_on: ClusterOn | None = Field(
        None,
        description="whether every series carries the label cluster, or only what is sent to Alertmanager does",
    )
    sources: dict[Identifier, SourceSpec] = Field(
        default_factory=dict, description="what is scraped otherwise than packs and installation say"
    )
    prometheus: Annotated[PrometheusSpec, EmptyAllowed] = Field(default_factory=PrometheusSpec)
    alertmanager: Annotated[AlertmanagerSpec, EmptyAllowed] = Field(default_factory=AlertmanagerSpec)
    grafana: Annotated[GrafanaSpec, EmptyAllowed] = Field(default_factory=GrafanaSpec)
    argocd: ArgocdSpec | None = Field(None, description="without it no object names a wave")
    runbooks: RunbooksSpec | None = Field(None, description="without it alerts carry no runbook_url")


class ComponentSpec(Written):
    """One use of a pack; what it does not say, the pack does."""

    pack: str | None = None
    team: Name | None = None
    namespace: Namespace | None = None
    selector: str | None = None
    selectors: dict[Identifier, str] = Field(default_factory=dict)
    parameters: dict[Identifier, bool | str | float] = Field(default_factory=dict)
    thresholds: ThresholdsSpec = Field(default_factory=dict)
    scrape: dict[Name, Annotated[ScrapeSpec, EmptyAllowed]] = Field(default_factory=dict)
    labels: dict[LabelName, str] = Field(default_factory=dict)
    signals: dict[Identifier, SignalSpec] = Field(default_factory=dict)
    alerts: dict[AlertName, Annotated[AlertSpec, EmptyAllowed]] = Field(default_factory=dict)
    overrides: dict[Name, OverrideSpec] = Field(
        default_factory=dict, description="what holds for a namespace, a team or certain labels instead"
    )
    objectives: dict[Name, Annotated[ObjectiveSpec, EmptyAllowed]] = Field(default_factory=dict)
    dashboard: DashboardSpec | None = None


class ApplicationSpec(ComponentSpec):
    """A service of a team, with the middleware it uses. Its pack is `service` unless it says otherwise."""

    team: Name
    namespace: Namespace
    uses: dict[Name, Annotated[ComponentSpec, EmptyAllowed]] = Field(default_factory=dict)


def _share(amount: Amount) -> Amount:
    """A share of allocatable: `85%` or `0.85`."""
    share = Amount.parse(amount.text, "ratio")
    if not 0 < share.value <= 1:
        msg = f"'{amount.text}' is no share of what there is: write a ratio above 0 and up to 100%"
        raise ValueError(msg)
    return share


Share = Annotated[Amount, AfterValidator(_share)]


class WatermarkSpec(Written):
    """Utilization levels of one resource, as shares of allocatable."""

    warning: Share
    critical: Share
    action: Name | None = None

    @model_validator(mode="after")
    def _in_order(self) -> WatermarkSpec:
        if self.warning.value > self.critical.value:
            msg = f"warning at {self.warning.text} would come after critical at {self.critical.text}"
            raise ValueError(msg)
        return self


class CapacitySpec(Written):
    """The levels past which a cluster is called full, and the clusters that `obsgen capacity` asks."""

    watermarks: dict[Literal["cpu", "memory"], WatermarkSpec] = Field(default_factory=dict)
    clusters: dict[Name, ClusterSpec] = Field(default_factory=dict)


KIND: Final = "MonitoringStack"


class StackSpec(Written):
    """A whole spec, as written."""

    api_version: Literal["obsgen.dev/v1"] = Field(alias="apiVersion")
    kind: Literal["MonitoringStack"]
    metadata: MetadataSpec
    extends: list[str] = Field(default_factory=list)
    packs: list[str] = Field(
        default_factory=list,
        max_length=SPEC_FILES,
        description="folders of your own packs: <layer>/<pack>/pack.yaml",
    )
    environment: EnvironmentSpec
    infrastructure: dict[Name, Annotated[ComponentSpec, EmptyAllowed]] = Field(default_factory=dict)
    kubernetes: dict[Name, Annotated[ComponentSpec, EmptyAllowed]] = Field(default_factory=dict)
    applications: dict[Name, ApplicationSpec] = Field(default_factory=dict)
    capacity: Annotated[CapacitySpec, EmptyAllowed] = Field(default_factory=CapacitySpec)
    routing: RoutingSpec
